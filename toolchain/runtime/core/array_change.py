"""Array: changing in place."""

from __future__ import annotations

from ..blocks import enum_for, renamed
from ..builtin import NativeClass
from ..convert import as_list, equal
from ..errors import error
from ..indexing import checked_int, range_part, range_place
from ..later import later
from ..ordering import sort_by_keys, sort_values
from ..values import FALSE, UNDEF, Array, Range
from .array import MAX_LENGTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..errors import arity_error
    from ..values import Block, Value
    from .array_combine import flat_list
    from .array_random import shuffle_list
    from .array_sets import unique
else:
    later(globals(), ".array_sets", "unique")
    later(globals(), ".array_combine", "flat_list")
    later(globals(), ".array_random", "shuffle_list")
    later(globals(), "..errors", "arity_error")

array = NativeClass("Array")


@array.method("replace", mutates=True)
def replace(self: Array, blk: Block, other: Value) -> Array:
    self.a[:] = as_list(other)
    return self


@array.method("initialize_copy", visibility=1, mutates=True)
def initialize_copy(self: Array, blk: Block, other: Value) -> Array:
    self.a[:] = as_list(other)
    return self


@array.method("clear", mutates=True)
def clear(self: Array, blk: Block) -> Array:
    self.a.clear()
    return self


@array.method("insert", mutates=True)
def insert(self: Array, blk: Block, index: Value, *values: Value) -> Array:
    """Insert before the element at `index`, or behind it if that is negative; nil fills up what lies between."""
    a = self.a
    position = checked_int(index)
    if not values:
        return self
    if position < 0:
        position += len(a) + 1
        if position < 0:
            size = len(a)
            raise error("IndexError", f"index {position - size - 1} too small for array; minimum: -{size + 1}")
    if position >= MAX_LENGTH:
        raise error("IndexError", f"index {position} too big")
    if position > len(a):
        a.extend([None] * (position - len(a)))
    a[position:position] = values
    return self


@array.method("fill", mutates=True, block=True)
def fill(self: Array, blk: Block, *arguments: Value) -> Array:
    """Store one value, or the block's by index, at all places or at those that a start and length or a Range says."""
    places = arguments
    value: Value = None
    if blk is None:
        if not 1 <= len(arguments) <= 3:
            raise arity_error(len(arguments), 1, 3)
        value, places = arguments[0], arguments[1:]
    elif len(arguments) > 2:
        raise arity_error(len(arguments), 0, 2)
    a = self.a
    start = 0
    count = len(a)
    if len(places) == 1 and isinstance(places[0], Range):
        start, count = range_place(places[0], len(a))
    elif places:
        start = 0 if places[0] is None else checked_int(places[0])
        if start < 0:
            start = max(0, start + len(a))
        count = max(0, len(a) - start)
        if len(places) == 2 and places[1] is not None:
            count = max(0, checked_int(places[1]))
    if start >= MAX_LENGTH or count >= MAX_LENGTH:
        raise error("ArgumentError", "argument too big")
    if not count:
        return self
    if start + count > len(a):
        a.extend([None] * (start + count - len(a)))
    if blk is None:
        a[start : start + count] = [value] * count
    else:
        for index in range(start, start + count):
            new = blk(index)
            if index >= len(a):
                a.extend([None] * (index + 1 - len(a)))
            a[index] = new
    return self


# --- deleting -------------------------------------------------------------------------------------------------------


@array.method("delete", mutates=True, block=True)
def delete(self: Array, blk: Block, value: Value) -> Value:
    """Delete all elements equal to `value`; return the last of them, else the block's value or nil."""
    deleted: Value = UNDEF
    kept: list[Any] = []
    for item in self.a:
        if item is value or equal(item, value):
            deleted = item
        else:
            kept.append(item)
    if deleted is UNDEF:
        return None if blk is None else blk(value)
    self.a[:] = kept
    return deleted


@array.method("delete_at", mutates=True)
def delete_at(self: Array, blk: Block, index: Value) -> Value:
    position = checked_int(index)
    return self.a.pop(position) if -len(self.a) <= position < len(self.a) else None


@array.method("slice!", mutates=True)
def slice_out(self: Array, blk: Block, index: Value, length: Value = UNDEF) -> Value:
    """Delete and return an element, or the elements of a start and length or of a Range."""
    a = self.a
    if length is UNDEF and not isinstance(index, Range):
        return delete_at(self, None, index)
    if length is UNDEF:
        part = range_part(index, len(a))
        if part is None:
            return None
        start, count = part
    else:
        start, count = checked_int(index), checked_int(length)
        if start < 0:
            start += len(a)
        if start < 0 or count < 0 or start > len(a):
            return None
    taken = a[start : start + count]
    del a[start : start + count]
    return Array(taken)


def keep_where(self: Array, blk: Any, keep: bool) -> bool:
    """Keep the elements that the block is true (or false) for; return whether any went.

    What a jump out of the block leaves behind: the elements decided on so far, then all the others.
    """
    a = self.a
    kept: list[Any] = []
    seen = 0
    try:
        for item in a:
            answer = blk(item)
            seen += 1
            if (answer is not FALSE and answer is not None) is keep:
                kept.append(item)
    finally:
        changed = len(kept) != seen
        if changed:
            a[:seen] = kept
    return changed


@array.method("select!", mutates=True, block=True)
def select_bang(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "select!", size=lambda: len(self.a))
    return self if keep_where(self, blk, True) else None


array.method("filter!", mutates=True, block=True)(renamed(select_bang, "select!", "filter!"))


@array.method("keep_if", mutates=True, block=True)
def keep_if(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "keep_if", size=lambda: len(self.a))
    keep_where(self, blk, True)
    return self


@array.method("reject!", mutates=True, block=True)
def reject_bang(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "reject!", size=lambda: len(self.a))
    return self if keep_where(self, blk, False) else None


@array.method("delete_if", mutates=True, block=True)
def delete_if(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "delete_if", size=lambda: len(self.a))
    keep_where(self, blk, False)
    return self


@array.method("compact!", mutates=True)
def compact_bang(self: Array, blk: Block) -> Value:
    kept = [item for item in self.a if item is not None]
    if len(kept) == len(self.a):
        return None
    self.a[:] = kept
    return self


@array.method("uniq!", mutates=True, block=True)
def uniq_bang(self: Array, blk: Block) -> Value:
    kept = unique(self.a, blk)
    if len(kept) == len(self.a):
        return None
    self.a[:] = kept
    return self


@array.method("flatten!", mutates=True)
def flatten_bang(self: Array, blk: Block, depth: Value = None) -> Value:
    level = -1 if depth is None else checked_int(depth)
    if level == 0:
        return None
    flat, changed = flat_list(self, level)
    if not changed:
        return None
    self.a[:] = flat
    return self


# --- replacing all elements -----------------------------------------------------------------------------------------


@array.method("map!", mutates=True, block=True)
def map_bang(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "map!", size=lambda: len(self.a))
    a = self.a
    index = 0
    while index < len(a):
        value = blk(a[index])
        if index < len(a):
            a[index] = value
        index += 1
    return self


array.method("collect!", mutates=True, block=True)(renamed(map_bang, "map!", "collect!"))


@array.method("reverse!", mutates=True)
def reverse_bang(self: Array, blk: Block) -> Array:
    self.a.reverse()
    return self


@array.method("rotate!", mutates=True)
def rotate_bang(self: Array, blk: Block, count: Value = 1) -> Array:
    a = self.a
    shift = checked_int(count)
    if a:
        shift %= len(a)
        a[:] = a[shift:] + a[:shift]
    return self


@array.method("sort!", mutates=True, block=True)
def sort_bang(self: Array, blk: Block) -> Array:
    ordered = list(self.a)
    sort_values(ordered, blk)
    self.a[:] = ordered
    return self


@array.method("sort_by!", mutates=True, block=True)
def sort_by_bang(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "sort_by!", size=lambda: len(self.a))
    items = list(self.a)
    self.a[:] = sort_by_keys(items, [blk(item) for item in items])
    return self


@array.method("shuffle!", mutates=True)
def shuffle_bang(self: Array, blk: Block, *, random: Value = None) -> Array:
    shuffle_list(self.a, random)
    return self
