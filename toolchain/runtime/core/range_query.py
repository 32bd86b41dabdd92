"""Range: extremes, counts, relations to other Ranges, binary search."""

from __future__ import annotations

import struct

from ..blocks import enum_for
from ..builtin import NativeClass
from ..convert import order_sign
from ..dispatch import send
from ..errors import error
from ..indexing import checked_int
from ..later import later
from ..model import class_of
from ..ordering import extreme, extremes
from ..stepping import INFINITY
from ..values import FALSE, TRUE, UNDEF, Array, Range, truth
from .array_access import search_sorted, search_step
from .range import NUMBERS, covers, elements, is_numeric, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..builtin import builtin_class
    from ..values import Block, Value
    from .enumerable import count_ as count_elements
    from .range import first_
else:
    later(globals(), ".enumerable", count_elements="count_")
    later(globals(), "..builtin", "builtin_class")
    later(globals(), ".range", "first_")

range_ = NativeClass("Range")


def ends_order(self: Range) -> int:
    """Return the sign of first <=> last; 1 if they cannot be compared."""
    order = send(self.first, ":<=>", None, self.last)
    return 1 if order is None else order_sign(order, self.first, self.last)


@range_.method("min", block=True)
def min_(self: Range, blk: Block, count: Value = UNDEF) -> Value:
    if blk is None and count is UNDEF and self.first.__class__ is int and self.last.__class__ is int:
        low, high = self.first, self.last
        return low if low < high or (low == high and not self.exclusive) else None
    if self.first is None:
        raise error("RangeError", "cannot get the minimum of beginless range")
    if blk is not None:
        if self.last is None:
            raise error("RangeError", "cannot get the minimum of endless range with custom comparison method")
        return by_walking(self, count, -1, blk)
    if count is not UNDEF and count is not None:
        if self.last is None:
            return first_(self, None, count)
        return by_walking(self, count, -1, None)
    if self.last is None:
        return self.first
    sign = ends_order(self)
    return None if sign > 0 or (sign == 0 and self.exclusive) else self.first


@range_.method("max", block=True)
def max_(self: Range, blk: Block, count: Value = UNDEF) -> Value:
    if blk is None and count is UNDEF and self.first.__class__ is int and self.last.__class__ is int:
        high = self.last - 1 if self.exclusive else self.last
        return high if self.first <= high else None
    if self.last is None:
        raise error("RangeError", "cannot get the maximum of endless range")
    first, last = self.first, self.last
    counted = count is not UNDEF and count is not None
    if blk is not None or counted or (self.exclusive and not is_numeric(last)):
        if first is None:
            raise error("RangeError", "cannot get the maximum of beginless range with custom comparison method")
        return by_walking(self, count, 1, blk)
    sign = -1 if first is None else ends_order(self)
    if sign > 0:
        return None
    if self.exclusive:
        if last.__class__ is not int:
            raise error("TypeError", "cannot exclude non Integer end value")
        if sign == 0:
            return None
        if first is not None and first.__class__ is not int:
            raise error("TypeError", "cannot exclude end value with non Integer begin value")
        return last - 1
    return last


def by_walking(self: Range, count: Value, sign: int, blk: Block) -> Value:
    values = elements(self)
    if count is UNDEF or count is None:
        return extreme(values, sign, blk) if values else None
    return Array(extremes(values, checked_int(count), sign, blk))


@range_.method("minmax", block=True)
def minmax(self: Range, blk: Block) -> Array:
    if blk is not None:
        values = elements(self)
        return Array([extreme(values, -1, blk), extreme(values, 1, blk)] if values else [None, None])
    low = min_(self, None) if self.last is not None else max_(self, None)
    return Array([low, max_(self, None)])


@range_.method("count", block=True)
def count_(self: Range, blk: Block, *wanted: Value) -> Value:
    """Return the number of elements: all, those equal to an argument, or those the block is true for."""
    if blk is None and not wanted:
        if self.first is None or self.last is None:
            return INFINITY
        if self.first.__class__ is int and self.last.__class__ in NUMBERS:
            return size(self, None)
        return len(elements(self))
    return count_elements(self, blk, *wanted)


@range_.method("cover?")
def cover(self: Range, blk: Block, value: Value) -> Value:
    """Return whether a value, or each value of another Range, lies between the ends."""
    if not isinstance(value, Range):
        return truth(covers(self, value))
    return truth(covers_range(self, value))


def covers_range(self: Range, other: Range) -> bool:
    first, last = other.first, other.last
    if is_empty(other) or (first is None and self.first is not None) or (last is None and self.last is not None):
        return False
    if first is not None and not covers(Range(self.first, None, False), first):
        return False
    if last is None or self.last is None:
        return True
    order = send(last, ":<=>", None, self.last)
    if order is None:
        return False
    sign = order_sign(order, last, self.last)
    if sign < 0 or (sign == 0 and (not self.exclusive or other.exclusive)):
        return True
    if other.exclusive and first is not None and first.__class__ is int and last.__class__ is int:
        return bool(covers(self, last - 1))
    return False


def is_empty(self: Range) -> bool:
    """Return whether no value can lie between the ends."""
    if self.first is None or self.last is None:
        return False
    sign = ends_order(self)
    return sign > 0 or (sign == 0 and self.exclusive)


@range_.method("overlap?")
def overlaps(self: Range, blk: Block, other: Value) -> Value:
    if not isinstance(other, Range):
        raise error("TypeError", f"wrong argument type {class_of(other).name} (expected Range)")
    if is_empty(self) or is_empty(other):
        return FALSE
    for low, high in ((self, other), (other, self)):
        if low.first is None or high.last is None:
            continue
        order = send(low.first, ":<=>", None, high.last)
        if order is None:
            return FALSE
        sign = order_sign(order, low.first, high.last)
        if sign > 0 or (sign == 0 and high.exclusive):
            return FALSE
    return TRUE


@range_.method("to_set", block=True)
def to_set(self: Range, blk: Block, *args: Value) -> Value:
    if self.last is None:
        raise error("RangeError", "cannot convert endless range to a set")
    return send(args[0] if args else builtin_class("Set"), ":new", blk, self, *args[1:])


# --- binary search --------------------------------------------------------------------------------------------------


@range_.method("bsearch", block=True)
def bsearch(self: Range, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "bsearch")
    first, last = self.first, self.last
    if first.__class__ is float or last.__class__ is float:
        low = float(first) if first is not None else -INFINITY
        high = float(last) if last is not None else INFINITY
        return search_floats(low, high, self.exclusive, blk)
    if first.__class__ is int and last.__class__ is int:
        return search_sorted(first, last if self.exclusive else last + 1, blk)
    if first.__class__ is int and last is None:
        return search_up(first, blk)
    if first is None and last.__class__ is int:
        return search_down(last, blk)
    raise error("TypeError", f"can't do binary search for {class_of(first).name}")


def search_up(first: int, blk: Any) -> Value:
    """Search from `first` on without end: find a bound by doubling steps, then search below it."""
    reach = 1
    while True:
        step = search_step(blk(first + reach))
        if step == 0:
            return first + reach
        if step != 1:
            return search_sorted(first, first + reach + 1, blk)
        first += reach
        reach *= 2


def search_down(last: int, blk: Any) -> Value:
    """Search below `last` without end."""
    reach = 1
    while True:
        step = search_step(blk(last - reach))
        if step == 0:
            return last - reach
        if step == 1:
            return search_sorted(last - reach, last + 1, blk)
        last -= reach
        reach *= 2


def float_rank(value: float) -> int:
    """Return an integer that orders as the floats do, neighbours one apart."""
    bits: int = struct.unpack("<q", struct.pack("<d", value + 0.0))[0]
    return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)


def ranked_float(rank: int) -> float:
    value: float = struct.unpack("<d", struct.pack("<q", abs(rank)))[0]
    return value if rank >= 0 else -value


def search_floats(low: float, high: float, exclusive: bool, blk: Any) -> Value:
    """Search all representable floats from `low` to `high`."""
    end = float_rank(high)
    found = search_sorted(float_rank(low), end if exclusive else end + 1, lambda rank: blk(ranked_float(rank)))
    return None if found is None else ranked_float(found)
