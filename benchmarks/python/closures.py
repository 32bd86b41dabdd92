"""The closures of closures.rb."""

import sys
from functools import partial, reduce
from operator import add as plus


def counter(step):
    count = 0

    def increment():
        nonlocal count
        count += step
        return count

    return increment, lambda: count


def memoise(function):
    known = {}

    def remembered(key):
        if key not in known:
            known[key] = function(key)
        return known[key]

    return remembered


def church(n):
    def times(f):
        def apply(x):
            for _ in range(n):
                x = f(x)
            return x

        return apply

    return times


def compose(f, g):
    return lambda x: g(f(x))


def exercise():
    increment, total = counter(3)
    for _ in range(200):
        increment()
    result = total()

    double = lambda x: x * 2
    add = lambda x, y: x + y
    both = compose(double, compose(lambda x: x + 1, double))
    add_five = partial(add, 5)
    for i in range(200):
        result += both(i) + add_five(i) + add(i, 1)

    slow = lambda n: n if n < 2 else reduce(plus, range(1, n + 1))
    fast = memoise(slow)
    for i in range(200):
        result += fast(i % 20)

    successor = lambda x: x + 1
    result += church(12)(successor)(0) + church(3)(church(4)(successor))(0)

    adders = [lambda x=1, n=n: x + n for n in range(1, 21)]
    result += sum(adder(10) + adder() for adder in adders)
    return result + sum(map(len, ["1", "22", "333"])) + sum(map(double, [1, 2, 3]))


for _ in range(int(sys.argv[1])):
    result = 0
    for _ in range(10):
        result += exercise()
print("closures", result)
