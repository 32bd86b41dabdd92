"""Array: reading parts and looking for elements."""

from __future__ import annotations

from ..blocks import enum_for, renamed
from ..builtin import NativeClass
from ..convert import compare, equal, inspect_str
from ..dispatch import respond_to, send
from ..errors import error
from ..indexing import checked_int, range_bounds
from ..kinds import all_of
from ..later import later
from ..model import class_of
from ..values import FALSE, TRUE, UNDEF, Array, Hash, Range, Symbol
from .array import position_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..blocks import pack
    from ..builtin import builtin_class
    from ..values import Block, Value
else:
    later(globals(), "..builtin", "builtin_class")
    later(globals(), "..blocks", "pack")

array = NativeClass("Array")


@array.method("dig")
def dig(self: Array, blk: Block, index: Value, *path: Value) -> Value:
    position = checked_int(index)
    value = self.a[position] if -len(self.a) <= position < len(self.a) else None
    return dig_on(value, path)


def dig_on(value: Value, path: tuple[Any, ...]) -> Value:
    """Follow the rest of a `dig` path from `value` on."""
    for at, step in enumerate(path):
        if value is None:
            return None
        if value.__class__ is not Array or step.__class__ is not int:
            if value.__class__ is not Hash and not respond_to(value, "dig"):
                raise error("TypeError", f"{class_of(value).name} does not have #dig method")
            return send(value, ":dig", None, *path[at:])
        value = value.a[step] if -len(value.a) <= step < len(value.a) else None
    return value


@array.method("fetch", block=True)
def fetch(self: Array, blk: Block, index: Value, default: Value = UNDEF) -> Value:
    position = checked_int(index)
    size = len(self.a)
    if -size <= position < size:
        return self.a[position]
    if blk is not None:
        return blk(index)
    if default is not UNDEF:
        return default
    raise error("IndexError", f"index {position} outside of array bounds: {-size}...{size}")


@array.method("fetch_values", block=True)
def fetch_values(self: Array, blk: Block, *indexes: Value) -> Array:
    return Array([fetch(self, blk, index) for index in indexes])


@array.method("values_at")
def values_at(self: Array, blk: Block, *selectors: Value) -> Array:
    """Return the elements at the given indexes and Ranges, nil where there is none."""
    a = self.a
    size = len(a)
    result: list[Any] = []
    for selector in selectors:
        if isinstance(selector, Range):
            start, end = range_bounds(selector, size)
            if start < 0:
                raise error("RangeError", f"{inspect_str(selector)} out of range")
            result += a[start:end]
            if end > size and end > start:
                result += [None] * (end - max(start, size))
        else:
            position = checked_int(selector)
            result.append(a[position] if -size <= position < size else None)
    return Array(result)


@array.method("take")
def take(self: Array, blk: Block, count: Value) -> Array:
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "attempt to take negative size")
    return Array(self.a[:number])


@array.method("drop")
def drop(self: Array, blk: Block, count: Value) -> Array:
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "attempt to drop negative size")
    return Array(self.a[number:])


@array.method("take_while", block=True)
def take_while(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "take_while")
    return Array(self.a[: first_false(self, blk)])


@array.method("drop_while", block=True)
def drop_while(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "drop_while")
    return Array(self.a[first_false(self, blk) :])


def first_false(self: Array, blk: Any) -> int:
    """Return the index of the first element that the block is false for, or the length."""
    for index, item in enumerate(self.a):
        answer = blk(item)
        if answer is FALSE or answer is None:
            return index
    return len(self.a)


@array.method("find", block=True)
def find(self: Array, blk: Block, missing: Value = None) -> Value:
    """Return the first element that the block is true for; without one what `missing.call` returns, or nil."""
    if blk is None:
        return enum_for(self, "find", *([] if missing is None else [missing]))
    for item in self.a:
        answer = blk(item)
        if answer is not FALSE and answer is not None:
            return item
    return None if missing is None else send(missing, ":call")


array.method("detect", block=True)(renamed(find, "find", "detect"))


@array.method("rfind", block=True)
def rfind(self: Array, blk: Block, missing: Value = None) -> Value:
    """Return the last element that the block is true for."""
    if blk is None:
        return enum_for(self, "rfind", *([] if missing is None else [missing]))
    a = self.a
    index = len(a)
    while index > 0:
        index -= 1
        if index < len(a):
            item = a[index]
            answer = blk(item)
            if answer is not FALSE and answer is not None:
                return item
    return None if missing is None else send(missing, ":call")


@array.method("rindex", block=True)
def rindex(self: Array, blk: Block, value: Value = UNDEF) -> Value:
    """Return the index of the last element that equals `value`, or for which the block is true."""
    a = self.a
    if blk is None and value is UNDEF:
        return enum_for(self, "rindex")
    index = len(a)
    while index > 0:
        index = min(index, len(a)) - 1
        if index < 0:
            break
        if value is not UNDEF:
            item = a[index]
            if item is value or (item == value if item.__class__ is value.__class__ is int else equal(item, value)):
                return index
            continue
        answer = blk(a[index])
        if answer is not FALSE and answer is not None:
            return index
    return None


@array.method("count", block=True)
def count(self: Array, blk: Block, value: Value = UNDEF) -> int:
    """Return the number of elements: all, those equal to `value`, or those the block is true for."""
    if value is not UNDEF:
        number = 0
        cls = value.__class__
        if (cls is int or cls is Symbol) and all_of(self.a, cls):
            return self.a.count(value)
        found = position_of(self.a, value)
        while found >= 0:
            number += 1
            found = position_of(self.a, value, found + 1)
        return number
    if blk is None:
        return len(self.a)
    number = 0
    for item in self.a:
        answer = blk(item)
        if answer is not FALSE and answer is not None:
            number += 1
    return number


@array.method("assoc")
def assoc(self: Array, blk: Block, key: Value) -> Value:
    """Return the first element that is an Array whose first element equals `key`."""
    for item in self.a:
        if isinstance(item, Array) and item.a and equal(item.a[0], key):
            return item
    return None


@array.method("rassoc")
def rassoc(self: Array, blk: Block, value: Value) -> Value:
    """Return the first element that is an Array whose second element equals `value`."""
    for item in self.a:
        if isinstance(item, Array) and len(item.a) > 1 and equal(item.a[1], value):
            return item
    return None


# --- tests ----------------------------------------------------------------------------------------------------------


def matcher(blk: Block, pattern: Value) -> Any:
    """Return the Python test for `any?` and its kin: against the pattern, by the block, or for truth."""
    if pattern is not UNDEF:

        def matches(*args: Value) -> bool:
            answer = send(pattern, ":===", None, pack(args))
            return answer is not FALSE and answer is not None

        return matches
    if blk is None:

        def truthy(value: Value = None, *rest: Value) -> bool:
            return bool(rest) or (value is not FALSE and value is not None)

        return truthy

    def accepts(*args: Value) -> bool:
        answer = blk(*args)
        return answer is not FALSE and answer is not None

    return accepts


@array.method("any?", block=True)
def any_(self: Array, blk: Block, pattern: Value = UNDEF) -> Value:
    if blk is not None and pattern is UNDEF:
        for item in self.a:
            answer = blk(item)
            if answer is not FALSE and answer is not None:
                return TRUE
        return FALSE
    if pattern is UNDEF:
        for item in self.a:
            if item is not FALSE and item is not None:
                return TRUE
        return FALSE
    for item in self.a:
        answer = send(pattern, ":===", None, item)
        if answer is not FALSE and answer is not None:
            return TRUE
    return FALSE


@array.method("all?", block=True)
def all_(self: Array, blk: Block, pattern: Value = UNDEF) -> Value:
    if blk is not None and pattern is UNDEF:
        for item in self.a:
            answer = blk(item)
            if answer is FALSE or answer is None:
                return FALSE
        return TRUE
    if pattern is UNDEF:
        for item in self.a:
            if item is FALSE or item is None:
                return FALSE
        return TRUE
    for item in self.a:
        answer = send(pattern, ":===", None, item)
        if answer is FALSE or answer is None:
            return FALSE
    return TRUE


@array.method("none?", block=True)
def none(self: Array, blk: Block, pattern: Value = UNDEF) -> Value:
    return FALSE if any_(self, blk, pattern) is TRUE else TRUE


@array.method("one?", block=True)
def one(self: Array, blk: Block, pattern: Value = UNDEF) -> Value:
    test = matcher(blk, pattern)
    found = False
    for item in self.a:
        if test(item):
            if found:
                return FALSE
            found = True
    return TRUE if found else FALSE


# --- binary search --------------------------------------------------------------------------------------------------


def search_step(answer: Value) -> int:
    """Return where a binary search goes on after a block's answer: -1 left, 1 right, 0 found, 2 found at least here."""
    if answer is TRUE:
        return 2
    if answer is FALSE or answer is None:
        return 1
    if answer.__class__ is int or answer.__class__ is float:
        return 0 if answer == 0 else -1 if answer < 0 else 1
    from ..model import class_of, kind_of

    if kind_of(answer, builtin_class("Numeric")):
        return compare(answer, 0)
    raise error("TypeError", f"wrong argument type {class_of(answer).name} (must be numeric, true, false or nil)")


def search_sorted(low: int, high: int, ask: Any) -> int | None:
    """Return the index in low...high that the search by `ask(index)` ends at, None if nothing is found."""
    found = None
    while low < high:
        middle = (low + high) // 2
        step = search_step(ask(middle))
        if step == 0:
            return middle
        if step == 1:
            low = middle + 1
        else:
            if step == 2:
                found = middle
            high = middle
    return found


@array.method("bsearch", block=True)
def bsearch(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "bsearch")
    found = search_sorted(0, len(self.a), lambda index: blk(self.a[index]))
    return None if found is None else self.a[found]


@array.method("bsearch_index", block=True)
def bsearch_index(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "bsearch_index")
    return search_sorted(0, len(self.a), lambda index: blk(self.a[index]))
