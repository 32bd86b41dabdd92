"""The edit distances of levenshtein.rb."""

import sys


def distance(a, b):
    previous = list(range(len(b) + 1))
    current = [0] * (len(b) + 1)
    for i, code in enumerate(a):
        current[0] = i + 1
        for j in range(len(b)):
            best = previous[j] + (0 if code == b[j] else 1)
            deleted = previous[j + 1] + 1
            inserted = current[j] + 1
            if deleted < best:
                best = deleted
            if inserted < best:
                best = inserted
            current[j + 1] = best
        previous, current = current, previous
    return previous[len(b)]


WORDS = [
    "interpreter", "interrupted", "bytecode", "barcode", "verification", "clarification", "constraint",
    "restraint", "permutation", "computation", "scheduler", "schedule", "exception", "reception",
]  # fmt: skip


def total(words):
    return sum(distance(a, b) * (i + 2 * j + 1) for i, a in enumerate(words) for j, b in enumerate(words))


codes = [[ord(character) for character in word] for word in WORDS]
for _ in range(int(sys.argv[1])):
    result = total(codes)
print("levenshtein", result)
