"""The game of life of life.rb."""

import sys


class World:
    def __init__(self, size):
        self.size = size
        self.cells = [[0] * size for _ in range(size)]

    def put(self, row, column, *lines):
        for i, line in enumerate(lines):
            for j, character in enumerate(line):
                if character == "#":
                    self.cells[row + i][column + j] = 1

    def neighbours(self, row, column):
        above = self.cells[row - 1]
        same = self.cells[row]
        below = self.cells[0 if row + 1 == self.size else row + 1]
        left = column - 1
        right = 0 if column + 1 == self.size else column + 1
        return (
            above[left] + above[column] + above[right] + same[left] + same[right]
            + below[left] + below[column] + below[right]
        )  # fmt: skip

    def next_state(self, row, column):
        count = self.neighbours(row, column)
        return 1 if count == 3 or (count == 2 and self.cells[row][column] == 1) else 0

    def step(self):
        size = self.size
        self.cells = [[self.next_state(row, column) for column in range(size)] for row in range(size)]

    def alive(self):
        return sum(sum(row) for row in self.cells)

    def checksum(self):
        total = 0
        for row in self.cells:
            for cell in row:
                total = (total * 3 + cell) % 9973
        return total


for _ in range(int(sys.argv[1])):
    world = World(32)
    world.put(14, 14, ".##", "##.", ".#.")
    world.put(2, 2, ".#.", "..#", "###")
    for _ in range(12):
        world.step()
    result = world.alive() * 10_000 + world.checksum()
print("life", result)
