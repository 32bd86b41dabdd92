"""Array: what nearly every program uses. The rest stands in array_*.py by theme.

An Array is changed in place only (`self.a[:] = ...`), never given another list: iterations hold on to the list, and
Python's list iteration sees later changes just as Ruby's index loop does.
"""

from __future__ import annotations

import sys

from ..blocks import MANY, answers, enum_for, renamed
from ..builtin import NativeClass
from ..convert import as_int, as_list, equal, inspect_str, try_ary
from ..errors import error
from ..indexing import checked_int, range_part, range_place
from ..later import later
from ..model import allocate
from ..values import FALSE, LONG, TRUE, UNDEF, Array, FalseValue, Hash, Range, String, Symbol, TrueValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..dispatch import respond_to
    from ..model import ModuleValue
    from ..values import Block, Value
else:
    later(globals(), "..dispatch", "respond_to")

array = NativeClass("Array")

MAX_LENGTH = 1 << 32
# Returns what answers questions and takes changes at the ends: the list or, of a queue, its deque (queued.py).
# Whether `list.index` is faster than a loop with a few tests of each element.
FAST_INDEX = sys.implementation.name != "pypy"
queue_of: Any = Array.__dict__["a"].__get__


# --- making ---------------------------------------------------------------------------------------------------------


@array.singleton("[]")
def literal(cls: ModuleValue, blk: Block, *values: Value) -> Array:
    result: Array = allocate(cls)
    result.a = list(values)
    return result


@array.singleton("try_convert")
def try_convert(cls: ModuleValue, blk: Block, value: Value) -> Value:
    if isinstance(value, Array):
        return value
    items = try_ary(value)
    return None if items is None else Array(items)


@array.private("initialize", block=True)
def initialize(self: Array, blk: Block, size: Value = UNDEF, value: Value = UNDEF) -> Value:
    """Fill a new Array: a number of equal values, the block's values by index, or a copy of an Array."""
    if size is UNDEF:
        self.a[:] = []
        return self
    if value is UNDEF and size.__class__ is not int:
        items = try_ary(size)
        if items is not None:
            self.a[:] = items
            return self
    count = checked_int(size)
    if count < 0:
        raise error("ArgumentError", "negative array size")
    if count > MAX_LENGTH:
        raise error("ArgumentError", "array size too big")
    if blk is None:
        self.a[:] = [None if value is UNDEF else value] * count
        return self
    items = self.a
    items[:] = []
    for index in range(count):
        items.append(blk(index))
    return self


# --- reading --------------------------------------------------------------------------------------------------------


@array.method("[]", "slice")
def get(self: Array, blk: Block, index: Value, length: Value = UNDEF) -> Value:
    """Return the element at an index, or a new Array of the elements at a start and length or in a Range."""
    a = self.a
    if length is UNDEF:
        if index.__class__ is int:
            try:
                return a[index]
            except IndexError:
                checked_int(index)
                return None
        if isinstance(index, Range):
            part = range_part(index, len(a))
            if part is None:
                return None
            return Array(a[part[0] : part[0] + part[1]])
        return get_otherwise(self, index)
    start = index if index.__class__ is int else checked_int(index)
    count = length if length.__class__ is int else checked_int(length)
    if start < 0:
        start += len(a)
    if start < 0 or count < 0 or start > len(a):
        return None
    return Array(a[start : start + count])


def get_otherwise(self: Array, index: Value) -> Value:
    """Return the element or elements for an index that is neither an Integer nor a Range."""
    from .arithmetic_sequence import SequenceValue, sequence_part

    if isinstance(index, SequenceValue):
        return sequence_part(self.a, index)
    position = checked_int(index)
    return self.a[position] if -len(self.a) <= position < len(self.a) else None


@array.method("at")
def at(self: Array, blk: Block, index: Value) -> Value:
    position = checked_int(index)
    return self.a[position] if -len(self.a) <= position < len(self.a) else None


@array.method("first")
def first(self: Array, blk: Block, count: Value = UNDEF) -> Value:
    if count is UNDEF:
        a = queue_of(self)
        return a[0] if a else None
    return Array(self.a[: part_size(count)])


@array.method("last")
def last(self: Array, blk: Block, count: Value = UNDEF) -> Value:
    if count is UNDEF:
        a = queue_of(self)
        return a[-1] if a else None
    a = self.a
    number = part_size(count)
    return Array(a[-number:] if number else [])


def part_size(count: Value) -> int:
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "negative array size")
    return number


@array.method("length", "size")
def length(self: Array, blk: Block) -> int:
    return len(queue_of(self))


@array.method("empty?")
def is_empty(self: Array, blk: Block) -> Value:
    return FALSE if queue_of(self) else TRUE


# --- changing -------------------------------------------------------------------------------------------------------


@array.method("<<", mutates=True)
def append_one(self: Array, blk: Block, value: Value) -> Array:
    queue_of(self).append(value)
    return self


@array.method("push", "append", mutates=True)
def push(self: Array, blk: Block, *values: Value) -> Array:
    queue_of(self).extend(values)
    return self


@array.method("pop", mutates=True)
def pop(self: Array, blk: Block, count: Value = UNDEF) -> Value:
    a = self.a
    if count is UNDEF:
        return a.pop() if a else None
    number = part_size(count)
    if not number:
        return Array([])
    taken = a[-number:]
    del a[-number:]
    return Array(taken)


def shift_long(self: Array) -> Value:  # noqa: F811 - by what it replaces itself with
    """Take the first element of an Array that is long or queued; loads what does it, and is replaced by that."""
    global shift_long
    from .queued import shift_long as shift

    shift_long = shift
    return shift(self)


@array.method("shift", mutates=True)
def shift(self: Array, blk: Block, count: Value = UNDEF) -> Value:
    if count is UNDEF:
        items = queue_of(self)
        if items.__class__ is list and len(items) < LONG:
            return items.pop(0) if items else None
        return shift_long(self)
    a = self.a
    number = part_size(count)
    taken = a[:number]
    del a[:number]
    return Array(taken)


@array.method("unshift", "prepend", mutates=True)
def unshift(self: Array, blk: Block, *values: Value) -> Array:
    self.a[:0] = values
    return self


@array.method("concat", mutates=True)
def concat(self: Array, blk: Block, *arrays: Value) -> Array:
    added: list[Any] = []
    for other in arrays:
        added += as_list(other)
    self.a.extend(added)
    return self


@array.method("[]=", mutates=True)
def put(self: Array, blk: Block, index: Value, value: Value, replacement: Value = UNDEF) -> Value:
    """Store at an index, or replace a start and length or a Range by the elements of an Array or by one value."""
    a = self.a
    if replacement is UNDEF:
        if index.__class__ is int:
            try:
                a[index] = value
                return value
            except IndexError:
                put_outside(a, index, value)
                return value
        if isinstance(index, Range):
            start, count = range_place(index, len(a))
            splice(a, start, count, value)
        else:
            put(self, None, as_int(index), value)
        return value
    start = checked_int(index)
    count = checked_int(value)
    if count < 0:
        raise error("IndexError", f"negative length ({count})")
    if start < 0:
        start += len(a)
        if start < 0:
            raise error("IndexError", f"index {start - len(a)} too small for array; minimum: -{len(a)}")
    splice(a, start, count, replacement)
    return replacement


def put_outside(a: list[Any], index: int, value: Value) -> None:
    """Store behind the end, with nil in between."""
    checked_int(index)
    if index < 0:
        raise error("IndexError", f"index {index} too small for array; minimum: -{len(a)}")
    if index >= MAX_LENGTH:
        raise error("IndexError", f"index {index} too big")
    a.extend([None] * (index - len(a)))
    a.append(value)


def splice(a: list[Any], start: int, count: int, value: Value) -> None:
    """Replace `count` elements from `start` on by the elements of an Array, or by any other value."""
    items = try_ary(value)
    if start > len(a):
        if start >= MAX_LENGTH:
            raise error("IndexError", f"index {start} too big")
        a.extend([None] * (start - len(a)))
    a[start : start + count] = [value] if items is None else items


# --- walking --------------------------------------------------------------------------------------------------------


@array.method("each", block=True)
def each(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "each", size=lambda: len(self.a))
    for item in self.a:
        blk(item)
    return self


@array.method("each_index", block=True)
def each_index(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "each_index", size=lambda: len(self.a))
    a = self.a
    index = 0
    while index < len(a):
        blk(index)
        index += 1
    return self


@array.method("map", block=True)
def map_(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "map", size=lambda: len(self.a))
    if len(self.a) >= MANY:
        return Array(answers(blk, self.a))
    made = Array([])
    put = made.a.append
    for item in self.a:
        put(blk(item))
    return made


array.method("collect", block=True)(renamed(map_, "map", "collect"))


@array.method("select", block=True)
def select(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "select", size=lambda: len(self.a))
    if len(self.a) >= MANY and hasattr(blk, "symbol"):
        found = answers(blk, self.a)
        return Array([item for item, answer in zip(self.a, found) if answer is not FALSE and answer is not None])
    return Array([item for item in self.a if (found := blk(item)) is not FALSE and found is not None])


array.method("filter", block=True)(renamed(select, "select", "filter"))


@array.method("reject", block=True)
def reject(self: Array, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "reject", size=lambda: len(self.a))
    if len(self.a) >= MANY and hasattr(blk, "symbol"):
        found = answers(blk, self.a)
        return Array([item for item, answer in zip(self.a, found) if answer is FALSE or answer is None])
    return Array([item for item in self.a if (found := blk(item)) is FALSE or found is None])


# --- comparing and searching ----------------------------------------------------------------------------------------

# Host classes of values that equal only their like: nothing of the program runs when they are compared.
PLAIN = {int, float, None.__class__, TrueValue, FalseValue, Symbol, String}
# The same for an Integer or Symbol that is searched among them.
APART = PLAIN | {Array, Hash, Range}


GENERAL: list[Any] = []  # the `==` that compares identities, once it is needed


FEW = 16  # elements that are looked at one by one sooner than all at once


def general_equal() -> Any:
    if not GENERAL:
        from .kernel_object import equal_value

        GENERAL.append(equal_value)
    return GENERAL[0]


def position_of(a: list[Any], value: Value, start: int = 0) -> int:
    """Return the index of the first element == `value` from `start` on, -1 if there is none."""
    cls = value.__class__
    if cls is int or cls is Symbol:
        # The list's own search is right as long as it passed nothing that compares in its own way.
        for item in a:
            if item.__class__ not in APART:
                break
        else:
            return a.index(value, start) if value in (a[start:] if start else a) else -1
    elif cls is String or cls is String.frozen_py:
        text = value.s
        frozen = String.frozen_py
        for index, item in enumerate(a[start:] if start else a, start):
            if item.__class__ is String or item.__class__ is frozen:
                if item.s == text:
                    return index
            elif item.__class__ not in PLAIN and equal(item, value):
                return index
        return -1
    general = general_equal()
    # The host class of objects that equal only themselves.
    apart = cls if getattr(cls, ":==", None) is general else None
    if FAST_INDEX and apart is not None and len(a) > FEW:
        try:
            found = a.index(value, start)  # compares objects by identity
        except ValueError:
            found = -1
        passed = set(map(type, a[start:found] if found >= 0 else a))
        if all(getattr(kind, ":==", None) is general for kind in passed):
            return found
    for index, item in enumerate(a[start:] if start else a, start):
        if item is value:
            return index
        cls = item.__class__
        if cls is apart:
            continue
        if getattr(cls, ":==", None) is general:
            apart = cls
        elif equal(item, value):
            return index
    return -1


@array.method("include?")
def includes(self: Array, blk: Block, value: Value) -> Value:
    return FALSE if position_of(self.a, value) < 0 else TRUE


@array.method("index", block=True)
def index(self: Array, blk: Block, value: Value = UNDEF) -> Value:
    """Return the index of the first element that equals `value`, or for which the block is true."""
    if value is not UNDEF:
        found = position_of(self.a, value)
        return None if found < 0 else found
    if blk is None:
        return enum_for(self, "index")
    for position, item in enumerate(self.a):
        answer = blk(item)
        if answer is not FALSE and answer is not None:
            return position
    return None


array.method("find_index", block=True)(renamed(index, "index", "find_index"))


COMPARING: list[tuple[Any, Any]] = []  # pairs of Arrays whose comparison is going on


def equal_lists(a: list[Any], b: list[Any]) -> bool:
    """Return whether the lists have equal (==) elements at each position."""
    if len(a) != len(b):
        return False
    nested = False
    for x, y in zip(a, b):
        if x is y:
            continue
        cls = x.__class__
        if cls is int or cls is float:
            if y.__class__ is int or y.__class__ is float:
                if x != y:
                    return False
                continue
        elif isinstance(x, Array):
            nested = True
            continue
        if not equal(x, y):
            return False
    if not nested:
        return True
    # An Array that contains itself is equal as long as nothing else differs.
    if any(x is a and y is b for x, y in COMPARING):
        return True
    COMPARING.append((a, b))
    try:
        return all(x is y or not isinstance(x, Array) or equal(x, y) for x, y in zip(a, b))
    finally:
        COMPARING.pop()


@array.method("==")
def equals(self: Array, blk: Block, other: Value) -> Value:
    if self is other:
        return TRUE
    if not isinstance(other, Array):
        return equals_foreign(self, other)
    # Where Python finds them equal they are: it compares numbers, and everything else by identity.
    return TRUE if self.a == other.a or equal_lists(self.a, other.a) else FALSE


def equals_foreign(self: Array, other: Value) -> Value:
    """Compare with something that is no Array but may act as one: then it decides."""
    if other.__class__ in APART or not respond_to(other, "to_ary"):
        return FALSE
    return TRUE if equal(other, self) else FALSE


# --- text and copies ------------------------------------------------------------------------------------------------

INSPECTING: list[Any] = []  # the Arrays being inspected, outermost first


@array.method("inspect", "to_s")
def inspect(self: Array, blk: Block) -> String:
    if not self.a:
        return String("[]")
    for active in INSPECTING:
        if active is self:
            return String("[...]")
    INSPECTING.append(self)
    try:
        return String("[" + ", ".join([inspect_str(item) for item in self.a]) + "]")
    finally:
        INSPECTING.pop()


@array.method("to_a")
def to_a(self: Array, blk: Block) -> Array:
    return self if self.__class__.mclass is array.mod else Array(list(self.a))


@array.method("to_ary", "deconstruct")
def to_ary(self: Array, blk: Block) -> Array:
    return self


@array.method("reverse")
def reverse(self: Array, blk: Block) -> Array:
    return Array(self.a[::-1])


@array.method("+")
def plus(self: Array, blk: Block, other: Value) -> Array:
    return Array(self.a + (other.a if other.__class__ is Array else as_list(other)))


JOIN: list[Any] = [None]  # join_text, once it is needed


@array.method("join")
def join(self: Array, blk: Block, separator: Value = None) -> String:
    """Return the texts of all elements, nested Arrays included, with `separator` between them."""
    if JOIN[0] is None:
        from .array_text import join_text

        JOIN[0] = join_text
    result: String = JOIN[0](self, separator)
    return result
