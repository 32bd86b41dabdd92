"""The backtracking of queens.rb."""

import sys


class Queens:
    def __init__(self, size):
        self.size = size
        self.columns = [True] * size
        self.rising = [True] * (2 * size)
        self.falling = [True] * (2 * size)
        self.rows = [-1] * size
        self.solutions = 0

    def solve(self, row):
        if row == self.size:
            self.solutions += 1
            return
        for column in range(self.size):
            if self.free(row, column):
                self.place(row, column, False)
                self.rows[row] = column
                self.solve(row + 1)
                self.place(row, column, True)

    def free(self, row, column):
        return self.columns[column] and self.rising[row + column] and self.falling[row - column + self.size]

    def place(self, row, column, free):
        self.columns[column] = free
        self.rising[row + column] = free
        self.falling[row - column + self.size] = free


for _ in range(int(sys.argv[1])):
    queens = Queens(7)
    queens.solve(0)
    result = queens.solutions
print("queens", result)
