"""The prefix reversals of fannkuch.rb."""

import sys


def fannkuch(size):
    permutation = list(range(size))
    counts = [0] * size
    most = 0
    checksum = 0
    sign = 1
    remaining = size
    while True:
        while remaining > 1:
            counts[remaining - 1] = remaining
            remaining -= 1
        if permutation[0] != 0:
            flipped = permutation[:]
            flips = 0
            first = flipped[0]
            while first != 0:
                low = 0
                high = first
                while low < high:
                    flipped[low], flipped[high] = flipped[high], flipped[low]
                    low += 1
                    high -= 1
                flips += 1
                first = flipped[0]
            if flips > most:
                most = flips
            checksum += sign * flips
        while True:
            if remaining == size:
                return checksum * 100 + most
            first = permutation[0]
            for i in range(remaining):
                permutation[i] = permutation[i + 1]
            permutation[remaining] = first
            counts[remaining] -= 1
            if counts[remaining] > 0:
                break
            remaining += 1
        sign = -sign


for _ in range(int(sys.argv[1])):
    result = fannkuch(7)
print("fannkuch", result)
