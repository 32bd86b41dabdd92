"""The Mandelbrot set of mandelbrot.rb."""

import sys


def mandelbrot(size):
    inside = 0
    checksum = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        byte = 0
        for column in range(size):
            cr = 2.0 * column / size - 1.5
            zr = zi = rr = ii = 0.0
            steps = 0
            while steps < 50 and rr + ii <= 4.0:
                zi = 2.0 * zr * zi + ci
                zr = rr - ii + cr
                rr = zr * zr
                ii = zi * zi
                steps += 1
            bit = 1 if rr + ii <= 4.0 else 0
            inside += bit
            byte = (byte << 1) | bit
            if column & 7 == 7:
                checksum = (checksum * 31 + byte) % 65_521
                byte = 0
    return inside * 100_000 + checksum


for _ in range(int(sys.argv[1])):
    result = mandelbrot(40)
print("mandelbrot", result)
