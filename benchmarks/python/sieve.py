"""The sieve of sieve.rb, number by number (slice assignment would be another algorithm)."""

import sys


def sieve(limit):
    prime = [True] * limit
    count = 0
    for number in range(2, limit):
        if prime[number]:
            count += 1
            for multiple in range(number * number, limit, number):
                prime[multiple] = False
    return count


for _ in range(int(sys.argv[1])):
    result = sieve(10_000)
print("sieve", result)
