"""The loops of toplevel.rb, at the top level too: module variables are what a Python script without functions has."""

import sys

rounds = int(sys.argv[1])
while rounds > 0:
    longest = 0
    start_of_longest = 0
    start = 1
    while start < 300:
        number = start
        steps = 0
        while number != 1:
            if number % 2 == 0:
                number //= 2
            else:
                number = number * 3 + 1
            steps += 1
        if steps > longest:
            longest = steps
            start_of_longest = start
        start += 1

    digits = 0
    table = [0] * 10
    number = 1
    while number < 1500:
        rest = number * number
        while rest > 0:
            table[rest % 10] += 1
            digits += rest % 10
            rest //= 10
        number += 1

    result = longest * 100_000_000 + start_of_longest * 100_000 + digits + table[7]
    rounds -= 1
print("toplevel", result)
