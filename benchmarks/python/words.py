"""The word statistics of words.rb."""

import re
import sys
from collections import defaultdict

SYLLABLES = ["ka", "lo", "mi", "ne", "ru", "sa", "to", "vi"]
WORD = re.compile("[a-z]+", re.IGNORECASE)


def text(lines):
    seed = 42
    result = []
    for _ in range(lines):
        line = []
        for _ in range(12):
            seed = (seed * 75 + 74) % 65_537
            word = SYLLABLES[seed % 8]
            if seed % 3 > 0:
                word += SYLLABLES[seed // 8 % 8]
            if seed % 7 > 4:
                word += SYLLABLES[seed // 64 % 8]
            if seed % 5 == 0:
                word = word.capitalize()
            line.append(f"{word}," if seed % 11 == 0 else word)
        result.append(" ".join(line))
    return ".\n".join(result)


def count_words(text):
    counts = defaultdict(int)
    for line in text.splitlines():
        for word in WORD.findall(line):
            counts[word.lower()] += 1
    return counts


def statistics(counts):
    kinds = {"short": 0, "middle": 0, "long": 0}
    by_initial = {}
    for word in counts:
        by_initial.setdefault(word[0], []).append(word)
    for word, count in counts.items():
        kinds["short" if len(word) < 3 else "middle" if len(word) < 5 else "long"] += count
    best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
    return kinds, by_initial, best


def weigh(text):
    kinds, by_initial, best = statistics(count_words(text))
    total = kinds["short"] * 3 + kinds["middle"] * 5 + kinds["long"] * 7
    for rank, (word, count) in enumerate(best, 1):
        total += rank * count * sum(word.encode())
    return total * 100 + sum(len(words) * ord(initial) for initial, words in by_initial.items()) % 100


source = text(60)
for _ in range(int(sys.argv[1])):
    result = weigh(source)
print("words", result)
