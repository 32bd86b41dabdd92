"""Array: order, extremes, sums, and walking in other ways than forward."""

from __future__ import annotations

from ..blocks import answers, enum_for
from ..builtin import NativeClass
from ..indexing import checked_int
from ..ordering import extreme, extremes, sort_values
from ..sums import sum_values
from ..values import Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

array = NativeClass("Array")


@array.method("sort", block=True)
def sort(self: Array, blk: Block) -> Array:
    ordered = list(self.a)
    sort_values(ordered, blk)
    return Array(ordered)


def find_extreme(values: list[Any], count: Value, sign: int, blk: Block) -> Value:
    """Return the smallest or largest element, or an Array of `count` of them."""
    if count is not None:
        return Array(extremes(values, checked_int(count), sign, blk))
    return extreme(values, sign, blk, best_first=True) if values else None


@array.method("min", block=True)
def min_(self: Array, blk: Block, count: Value = None) -> Value:
    a = self.a
    if blk is None and count is None and a:
        best = a[0]
        for item in a:
            if item.__class__ is not int:
                break
            if item < best:
                best = item
        else:
            return best
    return find_extreme(a, count, -1, blk)


@array.method("max", block=True)
def max_(self: Array, blk: Block, count: Value = None) -> Value:
    a = self.a
    if blk is None and count is None and a:
        best = a[0]
        for item in a:
            if item.__class__ is not int:
                break
            if item > best:
                best = item
        else:
            return best
    return find_extreme(a, count, 1, blk)


@array.method("minmax", block=True)
def minmax(self: Array, blk: Block) -> Array:
    a = self.a
    if blk is None and a:
        low = high = a[0]
        for item in a:
            if item.__class__ is not int:
                break
            if item < low:
                low = item
            elif item > high:
                high = item
        else:
            return Array([low, high])
    return Array([find_extreme(a, None, -1, blk), find_extreme(a, None, 1, blk)])


@array.method("sum", block=True)
def sum_(self: Array, blk: Block, initial: Value = 0) -> Value:
    """Add up the elements, or the block's values, to `initial`."""
    return sum_values(self.a if blk is None else answers(blk, self.a), initial, False)


@array.method("rotate")
def rotate(self: Array, blk: Block, count: Value = 1) -> Array:
    a = self.a
    shift = checked_int(count)
    if not a:
        return Array([])
    shift %= len(a)
    return Array(a[shift:] + a[:shift])


@array.method("reverse_each", block=True)
def reverse_each(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "reverse_each", size=lambda: len(self.a))
    a = self.a
    index = len(a)
    while index > 0:
        index -= 1
        if index >= len(a):
            index = len(a)
            continue
        blk(a[index])
    return self


@array.method("cycle", block=True)
def cycle(self: Array, blk: Block, count: Value = None) -> Value:
    """Walk through all elements again and again, or `count` times."""
    if blk is None:
        return enum_for(self, "cycle", *([] if count is None else [count]), size=lambda: cycle_size(len(self.a), count))
    if count is None:
        while self.a:
            for item in self.a:
                blk(item)
        return None
    for _ in range(checked_int(count)):
        for item in self.a:
            blk(item)
    return None


def cycle_size(length: int, count: Value) -> Value:
    """Return the number of elements that `cycle` walks through."""
    if not length:
        return 0
    return float("inf") if count is None else length * max(0, checked_int(count))
