"""The exceptions of exceptions.rb."""

import sys


class TooSmall(Exception):
    pass


class TooLarge(Exception):
    def __init__(self, excess):
        super().__init__(f"too large by {excess}")
        self.excess = excess


class Checker:
    def __init__(self):
        self.closed = 0

    def check(self, value):
        if value < 10:
            raise TooSmall("too small")
        if value > 90:
            raise TooLarge(value - 90)
        return value

    def descend(self, value, depth):
        if depth == 0:
            return self.check(value)
        try:
            return self.descend(value, depth - 1)
        finally:
            self.closed += 1

    def measure(self, value):
        attempts = 0
        while True:
            try:
                attempts += 1
                self.descend(value + attempts, value % 4)
            except TooSmall:
                if attempts < 3:
                    continue
                return 0
            except TooLarge as error:
                return error.excess
            else:
                return attempts


def exercise(count):
    checker = Checker()
    total = 0
    for i in range(count):
        total += checker.measure(i * 7 % 101)
        try:
            total += int(f"x{i}")
        except ValueError:
            total += 1
    return total * 100_000 + checker.closed


for _ in range(int(sys.argv[1])):
    result = exercise(1000)
print("exceptions", result)
