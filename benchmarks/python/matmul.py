"""The matrix product of matmul.rb."""

import sys


def matrix(size, factor):
    return [[factor * (i - j) * (i + j) for j in range(size)] for i in range(size)]


def multiply(a, b):
    size = len(a)
    columns = [[line[i] for line in b] for i in range(size)]
    product = []
    for row in a:
        line = []
        for column in columns:
            total = 0.0
            for k in range(size):
                total += row[k] * column[k]
            line.append(total)
        product.append(line)
    return product


a = matrix(40, 0.25)
b = matrix(40, 0.5)
for _ in range(int(sys.argv[1])):
    product = multiply(a, b)
    result = int((product[20][20] + product[3][7]) * 8)
print("matmul", result)
