"""The spectral norm of spectral.rb."""

import math
import sys


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times_a(v):
    size = len(v)
    product = []
    for i in range(size):
        total = 0.0
        for j in range(size):
            total += element(i, j) * v[j]
        product.append(total)
    return product


def times_a_transposed(v):
    size = len(v)
    product = []
    for i in range(size):
        total = 0.0
        for j in range(size):
            total += element(j, i) * v[j]
        product.append(total)
    return product


def spectral_norm(size):
    u = [1.0] * size
    v = u
    for _ in range(4):
        v = times_a_transposed(times_a(u))
        u = times_a_transposed(times_a(v))
    uv = vv = 0.0
    for i in range(size):
        uv += u[i] * v[i]
        vv += v[i] * v[i]
    return math.sqrt(uv / vv)


for _ in range(int(sys.argv[1])):
    result = round(spectral_norm(40) * 1e9)
print("spectral", result)
