"""The towers of Hanoi, as in towers.rb."""

import sys


class Disc:
    def __init__(self, size):
        self.size = size
        self.below = None


class Towers:
    def __init__(self, height):
        self.piles = [None, None, None]
        self.moves = 0
        for size in range(height, 0, -1):
            self.push(0, Disc(size))

    def push(self, pile, disc):
        top = self.piles[pile]
        if top is not None and top.size <= disc.size:
            raise ValueError("a larger disc on a smaller one")
        disc.below = top
        self.piles[pile] = disc

    def pop(self, pile):
        top = self.piles[pile]
        if top is None:
            raise ValueError("an empty pile")
        self.piles[pile] = top.below
        top.below = None
        return top

    def move(self, count, origin, target):
        if count == 1:
            self.push(target, self.pop(origin))
            self.moves += 1
        else:
            other = 3 - origin - target
            self.move(count - 1, origin, other)
            self.move(1, origin, target)
            self.move(count - 1, other, target)


for _ in range(int(sys.argv[1])):
    towers = Towers(11)
    towers.move(11, 0, 2)
    result = towers.moves
print("towers", result)
