"""Array: operations that treat Arrays as sets; elements are the same if they are `eql?`."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_list
from ..hashing import hash_key
from ..kinds import kinds_of, one_kind
from ..ordering import are_texts
from ..values import FALSE, TRUE, Array, FalseValue, String, Symbol, TrueValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

array = NativeClass("Array")

# Host classes of values that are their own key (hashing.py).
SELF_KEYS = {int, Symbol, None.__class__, TrueValue, FalseValue}


def keys_of(values: list[Any]) -> list[Any]:
    """Return the hash keys of the values; the list itself if the values are their own keys."""
    if not values:
        return values
    kind = one_kind(values)
    if kind in SELF_KEYS:
        return values
    if kind is String:
        return [value.s for value in values]
    kinds = {kind} if kind is not None else kinds_of(values)
    if kinds <= SELF_KEYS:
        return values
    if are_texts(kinds):
        return [value.s for value in values]
    return [hash_key(value) for value in values]


def unique(values: list[Any], blk: Block = None) -> list[Any]:
    """Return the first of each group of same elements, or of elements for which the block's values are the same."""
    keys = keys_of(values if blk is None else [blk(value) for value in values])
    if keys is values:
        return list(dict.fromkeys(values))
    firsts: dict[Any, Any] = {}
    for key, value in zip(keys, values):
        if key not in firsts:
            firsts[key] = value
    return list(firsts.values())


def without(values: list[Any], others: list[Any]) -> list[Any]:
    if not others or not values:
        return list(values)
    gone = set(keys_of(others))
    keys = keys_of(values)
    if keys is values:
        return [value for value in values if value not in gone]
    return [value for key, value in zip(keys, values) if key not in gone]


def common(values: list[Any], others: list[Any]) -> list[Any]:
    kept = set(keys_of(others))
    keys = keys_of(values)
    if keys is values:
        return list(dict.fromkeys([value for value in values if value in kept]))
    return unique([value for key, value in zip(keys, values) if key in kept])


@array.method("-")
def minus(self: Array, blk: Block, other: Value) -> Array:
    return Array(without(self.a, as_list(other)))


@array.method("difference")
def difference(self: Array, blk: Block, *others: Value) -> Array:
    rest = list(self.a)
    for other in others:
        rest = without(rest, as_list(other))
    return Array(rest)


@array.method("&")
def both(self: Array, blk: Block, other: Value) -> Array:
    return Array(common(self.a, as_list(other)))


@array.method("intersection")
def intersection(self: Array, blk: Block, *others: Value) -> Array:
    rest = unique(self.a)
    for other in others:
        rest = common(rest, as_list(other))
    return Array(rest)


@array.method("intersect?")
def intersects(self: Array, blk: Block, other: Value) -> Value:
    return TRUE if not set(keys_of(self.a)).isdisjoint(keys_of(as_list(other))) else FALSE


@array.method("|")
def either(self: Array, blk: Block, other: Value) -> Array:
    return Array(unique(self.a + as_list(other)))


@array.method("union")
def union(self: Array, blk: Block, *others: Value) -> Array:
    everything = list(self.a)
    for other in others:
        everything += as_list(other)
    return Array(unique(everything))


@array.method("uniq", block=True)
def uniq(self: Array, blk: Block) -> Array:
    return Array(unique(self.a, blk))


@array.method("compact")
def compact(self: Array, blk: Block) -> Array:
    return Array([value for value in self.a if value is not None])
