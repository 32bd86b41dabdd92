"""The binary trees of trees.rb."""

import sys


class Tree:
    def __init__(self, left, right):
        self.left = left
        self.right = right

    @classmethod
    def build(cls, depth):
        return cls(None, None) if depth == 0 else cls(cls.build(depth - 1), cls.build(depth - 1))

    def count(self):
        left = self.left
        return left.count() + self.right.count() + 1 if left is not None else 1


def trees(deepest):
    long_lived = Tree.build(deepest)
    total = 0
    for depth in range(4, deepest + 1, 2):
        for _ in range(1 << (deepest - depth)):
            total += Tree.build(depth).count()
    return total * 1000 + long_lived.count()


for _ in range(int(sys.argv[1])):
    result = trees(10)
print("trees", result)
