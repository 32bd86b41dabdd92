"""Takeuchi's function on linked lists, as in lists.rb."""

import sys


class Cell:
    def __init__(self, rest):
        self.rest = rest

    def length(self):
        return self.rest.length() + 1 if self.rest is not None else 1


class Takeuchi:
    def make(self, length):
        return None if length == 0 else Cell(self.make(length - 1))

    def shorter(self, x, y):
        while y is not None:
            if x is None:
                return True
            x = x.rest
            y = y.rest
        return False

    def tail(self, x, y, z):
        if not self.shorter(y, x):
            return z
        return self.tail(self.tail(x.rest, y, z), self.tail(y.rest, z, x), self.tail(z.rest, x, y))


for _ in range(int(sys.argv[1])):
    takeuchi = Takeuchi()
    result = takeuchi.tail(takeuchi.make(15), takeuchi.make(10), takeuchi.make(6)).length()
print("lists", result)
