"""Hash: questions about the pairs, and comparisons."""

from __future__ import annotations

from ..blocks import takes_two
from ..builtin import NativeClass
from ..convert import as_hash, equal
from ..dispatch import send
from ..hashing import Key, eql, hash_code, hash_items, hash_key, key_value, live_pairs
from ..values import FALSE, TRUE, UNDEF, Array, Hash, Symbol, truth
from .array_access import dig_on
from .hash import COMPARING, fetch, get, place_of, same_pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

hash_ = NativeClass("Hash")


@hash_.method("dig")
def dig(self: Hash, blk: Block, key: Value, *path: Value) -> Value:
    value = get(self, None, key)
    for index, step in enumerate(path):
        if value.__class__ is not Hash:
            return dig_on(value, path[index:])
        value = get(value, None, step)
    return value


@hash_.method("fetch_values", block=True)
def fetch_values(self: Hash, blk: Block, *keys: Value) -> Array:
    return Array([fetch(self, blk, key) for key in keys])


@hash_.method("values_at")
def values_at(self: Hash, blk: Block, *keys: Value) -> Array:
    d = self.d
    if self.fallback is UNDEF:
        return Array([get(self, None, key) for key in keys])
    found: list[Any] = []
    for key in keys:
        cls = key.__class__
        normal = key if cls is Symbol or cls is int else hash_key(key)
        found.append(d.get(normal, self.fallback))
    return Array(found)


@hash_.method("key")
def key_of(self: Hash, blk: Block, value: Value) -> Value:
    """Return the first key whose value equals `value`."""
    for normal, item in live_pairs(self.d):
        if item is value or equal(item, value):
            return key_value(normal, self)
    return None


@hash_.method("value?", "has_value?")
def has_value(self: Hash, blk: Block, value: Value) -> Value:
    for item in list(self.d.values()):
        if equal(item, value):
            return TRUE
    return FALSE


@hash_.method("assoc")
def assoc(self: Hash, blk: Block, key: Value) -> Value:
    normal = place_of(self, key)
    value = self.d.get(normal, UNDEF)
    if value is UNDEF:
        return None
    return Array([self.keys.get(normal, key), value])


@hash_.method("rassoc")
def rassoc(self: Hash, blk: Block, value: Value) -> Value:
    for key, item in hash_items(self):
        if equal(item, value):
            return Array([key, item])
    return None


@hash_.method("any?", block=True)
def any_(self: Hash, blk: Block, pattern: Value = UNDEF) -> Value:
    if pattern is UNDEF and blk is None:
        return truth(self.d)
    two = pattern is UNDEF and takes_two(blk)
    self.iterating += 1
    try:
        for key, value in hash_items(self):
            if two:
                answer = blk(key, value)
            else:
                pair = Array([key, value])
                answer = blk(pair) if pattern is UNDEF else send(pattern, ":===", None, pair)
            if answer is not FALSE and answer is not None:
                return TRUE
    finally:
        self.iterating -= 1
    return FALSE


@hash_.method("compare_by_identity?")
def compares_by_identity(self: Hash, blk: Block) -> Value:
    return truth(self.identity)


def within(self: Hash, other: Hash) -> bool:
    """Return whether `other` has all pairs of `self`."""
    return all(
        (found := other.d.get(normal, UNDEF)) is not UNDEF and equal(value, found) for normal, value in self.d.items()
    )


@hash_.method("<=")
def is_subset(self: Hash, blk: Block, other: Value) -> Value:
    return truth(within(self, as_hash(other)))


@hash_.method("<")
def is_proper_subset(self: Hash, blk: Block, other: Value) -> Value:
    table = as_hash(other)
    return truth(len(self.d) < len(table.d) and within(self, table))


@hash_.method(">=")
def is_superset(self: Hash, blk: Block, other: Value) -> Value:
    return truth(within(as_hash(other), self))


@hash_.method(">")
def is_proper_superset(self: Hash, blk: Block, other: Value) -> Value:
    table = as_hash(other)
    return truth(len(table.d) < len(self.d) and within(table, self))


@hash_.method("eql?")
def is_eql(self: Hash, blk: Block, other: Value) -> Value:
    if self is other:
        return TRUE
    return truth(isinstance(other, Hash) and same_pairs(self, other, eql))


@hash_.method("hash")
def hash_value(self: Hash, blk: Block) -> int:
    """Return a number that is the same for Hashes with the same pairs, in whatever order."""
    if any(outer is self for outer, _ in COMPARING):
        return 0
    COMPARING.append((self, None))
    try:
        return hash(("h", frozenset((hash_of_key(normal), hash_code(value)) for normal, value in self.d.items())))
    finally:
        COMPARING.pop()


def hash_of_key(normal: object) -> int:
    return normal.hash if isinstance(normal, Key) else hash(normal)
