"""The balls of bounce.rb."""

import sys


class Dice:
    def __init__(self):
        self.seed = 74_755

    def roll(self):
        self.seed = (self.seed * 75 + 74) % 65_537
        return self.seed


class Ball:
    def __init__(self, dice):
        self.x = dice.roll() % 500
        self.y = dice.roll() % 500
        self.dx = dice.roll() % 300 - 150
        self.dy = dice.roll() % 300 - 150

    def step(self):
        bounced = False
        self.x += self.dx
        self.y += self.dy
        if self.x > 500:
            self.x = 500
            self.dx = -abs(self.dx)
            bounced = True
        elif self.x < 0:
            self.x = 0
            self.dx = abs(self.dx)
            bounced = True
        if self.y > 500:
            self.y = 500
            self.dy = -abs(self.dy)
            bounced = True
        elif self.y < 0:
            self.y = 0
            self.dy = abs(self.dy)
            bounced = True
        return bounced


def bounces():
    dice = Dice()
    balls = [Ball(dice) for _ in range(100)]
    count = 0
    for _ in range(50):
        for ball in balls:
            if ball.step():
                count += 1
    return count


for _ in range(int(sys.argv[1])):
    result = bounces()
print("bounce", result)
