"""The tree of lists of storage.rb."""

import sys


class Storage:
    def __init__(self):
        self.count = 0
        self.seed = 4711

    def size(self):
        self.seed = (self.seed * 75 + 74) % 65_537
        return self.seed % 10 + 1

    def tree(self, depth):
        self.count += 1
        if depth == 1:
            return [None] * self.size()
        return [self.tree(depth - 1) for _ in range(4)]


for _ in range(int(sys.argv[1])):
    storage = Storage()
    storage.tree(7)
    result = storage.count
print("storage", result)
