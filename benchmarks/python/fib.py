"""The recursive functions of fib.rb."""

import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def tak(x, y, z):
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) if y < x else z


for _ in range(int(sys.argv[1])):
    result = fib(18) * 10_000 + ackermann(2, 20) * 10 + tak(12, 8, 4)
print("fib", result)
