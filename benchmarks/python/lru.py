"""The cache of lru.rb."""

import sys


class Entry:
    def __init__(self, key, value):
        self.key = key
        self.value = value
        self.newer = None
        self.older = None


class Cache:
    def __init__(self, capacity, compute):
        self.capacity = capacity
        self.compute = compute
        self.entries = {}
        self.newest = Entry(None, None)
        self.oldest = Entry(None, None)
        self.newest.older = self.oldest
        self.oldest.newer = self.newest
        self.hits = 0
        self.misses = 0

    def fetch(self, key):
        entry = self.entries.get(key)
        if entry is not None:
            self.hits += 1
            self.unlink(entry)
        else:
            self.misses += 1
            if len(self.entries) >= self.capacity:
                self.forget_oldest()
            entry = Entry(key, self.compute(key))
            self.entries[key] = entry
        self.link(entry)
        return entry.value

    def unlink(self, entry):
        entry.newer.older = entry.older
        entry.older.newer = entry.newer

    def link(self, entry):
        second = self.newest.older
        entry.newer = self.newest
        entry.older = second
        second.newer = entry
        self.newest.older = entry

    def forget_oldest(self):
        entry = self.oldest.newer
        self.unlink(entry)
        del self.entries[entry.key]


def exercise(requests):
    cache = Cache(100, lambda missing: missing * 2 + 1)
    seed = 7
    total = 0
    for _ in range(requests):
        seed = (seed * 75 + 74) % 65_537
        key = seed % 1000 if seed % 3 == 0 else seed % 90
        total += cache.fetch(key)
    return (total * 10_000 + cache.hits) * 10_000 + cache.misses


for _ in range(int(sys.argv[1])):
    result = exercise(5000)
print("lru", result)
