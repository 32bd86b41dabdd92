"""Array: nesting and combining (`flatten`, `zip`, `transpose`, `product`, combinations and permutations)."""

from __future__ import annotations

import itertools

from ..blocks import enum_for, takes_two
from ..builtin import NativeClass
from ..convert import as_list, try_ary
from ..dispatch import respond_to
from ..errors import error
from ..indexing import checked_int
from ..later import later
from ..model import class_of
from ..values import UNDEF, Array, Hash
from .array import PLAIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..hashing import hash_set
    from ..values import Block, Value
    from .enumerable import first_values
else:
    later(globals(), ".enumerable", "first_values")
    later(globals(), "..hashing", "hash_set")

array = NativeClass("Array")


def flat_list(self: Array, level: int) -> tuple[list[Any], bool]:
    """Return the elements with nested Arrays dissolved `level` deep (-1: all), and whether there were any."""
    result: list[Any] = []
    changed = add_flat(self.a, level, result, [self.a])
    return result, changed


def add_flat(values: list[Any], level: int, result: list[Any], active: list[list[Any]]) -> bool:
    changed = False
    for value in values:
        cls = value.__class__
        if cls in PLAIN:
            result.append(value)
            continue
        items = value.a if cls is Array else None if cls in PLAIN or cls is Hash else try_ary(value)
        if items is None:
            result.append(value)
            continue
        changed = True
        if level == 1 or PLAIN.issuperset(map(type, items)):
            result.extend(items)
            continue
        if level < 0 and any(outer is items for outer in active):
            raise error("ArgumentError", "tried to flatten recursive array")
        active.append(items)
        add_flat(items, level - 1, result, active)
        active.pop()
    return changed


@array.method("flatten")
def flatten(self: Array, blk: Block, depth: Value = None) -> Array:
    level = -1 if depth is None else checked_int(depth)
    if level == 0:
        return Array(list(self.a))
    return Array(flat_list(self, level)[0])


@array.method("zip", block=True)
def zip_(self: Array, blk: Block, *others: Value) -> Value:
    """Return an Array with the element and its counterparts in the others (nil where there is none) at each place."""
    columns = [zip_column(other, len(self.a)) for other in others]
    if all(len(column) >= len(self.a) for column in columns):
        tuples = zip(self.a, *columns)
        if blk is None:
            return Array([Array([*values]) for values in tuples])
        if len(columns) == 1 and takes_two(blk):
            for one, other in tuples:
                blk(one, other)
        else:
            for values in tuples:
                blk(Array([*values]))
        return None
    rows: list[Any] = []
    for index, item in enumerate(self.a):
        row = Array([item, *[column[index] if index < len(column) else None for column in columns]])
        if blk is None:
            rows.append(row)
        else:
            blk(row)
    return Array(rows) if blk is None else None


def zip_column(other: Value, count: int) -> list[Any]:
    """Return the first `count` elements of what `zip` is called with."""
    items = try_ary(other)
    if items is not None:
        return items
    if not respond_to(other, "each"):
        raise error("TypeError", f"wrong argument type {class_of(other).name} (must respond to :each)")
    return first_values(other, count)


@array.method("transpose")
def transpose(self: Array, blk: Block) -> Array:
    rows = [row.a if row.__class__ is Array else as_list(row) for row in self.a]
    if not rows:
        return Array([])
    width = len(rows[0])
    for row in rows:
        if len(row) != width:
            raise error("IndexError", f"element size differs ({len(row)} should be {width})")
    return Array([Array([*column]) for column in zip(*rows)])


def yield_all(self: Array, blk: Any, tuples: Iterable[tuple[Any, ...]]) -> Array:
    for values in tuples:
        blk(Array(list(values)))
    return self


@array.method("product", block=True)
def product(self: Array, blk: Block, *others: Value) -> Value:
    """Return all combinations of one element of each Array."""
    lists = [list(self.a), *[list(as_list(other)) for other in others]]
    if blk is not None:
        return yield_all(self, blk, itertools.product(*lists))
    total = 1
    for items in lists:
        total *= len(items)
    if total >= 1 << 32:
        raise error("RangeError", "too big to product")
    return Array([Array(list(values)) for values in itertools.product(*lists)])


def falling(n: int, count: int) -> int:
    """Return n * (n - 1) * ..., `count` factors."""
    result = 1
    for factor in range(n, n - count, -1):
        result *= factor
    return result if count >= 0 else 0


def choose(n: int, count: int) -> int:
    """Return the number of ways to choose `count` of `n`."""
    if count < 0 or count > n:
        return 0
    return falling(n, count) // falling(count, count)


@array.method("combination", block=True)
def combination(self: Array, blk: Block, count: Value) -> Value:
    number = checked_int(count)
    if blk is None:
        return enum_for(self, "combination", count, size=lambda: choose(len(self.a), number))
    return yield_all(self, blk, itertools.combinations(list(self.a), number) if number >= 0 else ())


@array.method("permutation", block=True)
def permutation(self: Array, blk: Block, count: Value = UNDEF) -> Value:
    whole = count is UNDEF or count is None
    number = len(self.a) if whole else checked_int(count)
    if blk is None:
        arguments = [] if count is UNDEF else [count]
        return enum_for(
            self,
            "permutation",
            *arguments,
            size=lambda: falling(len(self.a), number) if 0 <= number <= len(self.a) else 0,
        )
    return yield_all(self, blk, itertools.permutations(list(self.a), number) if number >= 0 else ())


@array.method("repeated_combination", block=True)
def repeated_combination(self: Array, blk: Block, count: Value) -> Value:
    number = checked_int(count)
    if blk is None:
        return enum_for(
            self,
            "repeated_combination",
            count,
            size=lambda: 1 if number == 0 else choose(len(self.a) + number - 1, number) if self.a else 0,
        )
    return yield_all(self, blk, itertools.combinations_with_replacement(list(self.a), number) if number >= 0 else ())


@array.method("repeated_permutation", block=True)
def repeated_permutation(self: Array, blk: Block, count: Value) -> Value:
    number = checked_int(count)
    if blk is None:
        size = lambda: len(self.a) ** number if number >= 0 else 0
        return enum_for(self, "repeated_permutation", count, size=size)
    return yield_all(self, blk, itertools.product(list(self.a), repeat=number) if number >= 0 else ())


@array.method("to_h", block=True)
def to_h(self: Array, blk: Block) -> Hash:
    """Return a Hash of the pairs that the elements, or the block's values, are."""
    table = Hash()
    for index, item in enumerate(self.a):
        pair = item if blk is None else blk(item)
        if pair.__class__ is Array and len(pair.a) == 2:
            hash_set(table, *pair.a)
        else:
            hash_set(table, *pair_of(pair, index))
    return table


def pair_of(pair: Value, index: int) -> tuple[Any, Any]:
    """Return key and value of a pair for `to_h`; `index` is its place in an Array, -1 if that is not told."""
    items = pair.a if pair.__class__ is Array else try_ary(pair)
    place = f" at {index}" if index >= 0 else ""
    if items is None:
        raise error("TypeError", f"wrong element type {class_of(pair).name}{place} (expected array)")
    if len(items) != 2:
        if index >= 0:
            raise error("ArgumentError", f"wrong array length at {index} (expected 2, was {len(items)})")
        raise error("ArgumentError", f"element has wrong array length (expected 2, was {len(items)})")
    return items[0], items[1]
