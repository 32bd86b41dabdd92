"""Heap's permutations, as in permute.rb."""

import sys


class Permuter:
    def __init__(self, size):
        self.values = list(range(size))
        self.count = 0
        self.weight = 0

    def visit(self):
        self.count += 1
        self.weight = (self.weight * 7 + self.values[0] + self.values[3]) % 1009

    def swap(self, i, j):
        values = self.values
        values[i], values[j] = values[j], values[i]

    def permute(self, n):
        if n == 1:
            self.visit()
            return
        for i in range(n - 1):
            self.permute(n - 1)
            self.swap(i if n % 2 == 0 else 0, n - 1)
        self.permute(n - 1)


for _ in range(int(sys.argv[1])):
    permuter = Permuter(7)
    permuter.permute(7)
    result = permuter.count * 1000 + permuter.weight
print("permute", result)
