"""Range: making, walking, membership. Extremes stand in range_query.py, `step` in range_step.py."""

from __future__ import annotations

from ..blocks import enum_for
from ..builtin import NativeClass, builtin_class
from ..convert import equal, inspect_str, order_sign, to_s
from ..dispatch import respond_to, send
from ..errors import BreakJump, Raised, error
from ..hashing import eql, hash_code
from ..indexing import checked_int
from ..later import later
from ..model import class_of, kind_of
from ..operators import REDEFINED
from ..stepping import INFINITY, integers_from
from ..values import FALSE, TRUE, UNDEF, Array, Range, String, Symbol, sym, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..values import Block, Value
    from .enumerable import first_values
else:
    later(globals(), ".enumerable", "first_values")

range_ = NativeClass("Range")

NUMBERS = (int, float)


def check_range(first: Value, last: Value) -> None:
    """Raise ArgumentError unless the two values can be the ends of a Range: comparable, or nil."""
    if first is None or last is None:
        return
    if first.__class__ in NUMBERS and last.__class__ in NUMBERS and first == first and last == last:
        return  # neither is NaN
    try:
        order = send(first, ":<=>", None, last)
    except Raised as failure:
        if not kind_of(failure.value, builtin_class("StandardError")):
            raise
        order = None
    if order is None:
        raise error("ArgumentError", "bad value for range")


def make_range(first: Value, last: Value, exclusive: bool) -> Range:
    """Return the Range of a literal whose ends are computed."""
    check_range(first, last)
    return Range(first, last, exclusive)


@range_.private("initialize")
def initialize(self: Range, blk: Block, first: Value, last: Value, exclusive: Value = FALSE) -> Value:
    if hasattr(self, "exclusive"):
        raise error("FrozenError", f"can't modify frozen {class_of(self).name}: {inspect_str(self)}", receiver=self)
    check_range(first, last)
    self.first = first
    self.last = last
    self.exclusive = exclusive is not FALSE and exclusive is not None
    return self


@range_.private("initialize_copy")
def initialize_copy(self: Range, blk: Block, other: Value) -> Value:
    self.first, self.last, self.exclusive = other.first, other.last, other.exclusive
    return self


# --- walking --------------------------------------------------------------------------------------------------------


def integers_of(self: Range) -> Iterable[int] | None:
    """Return the numbers of a Range that starts with an Integer and whose `each` is the built-in one, else None."""
    first = self.first
    if first.__class__ is not int or getattr(self.__class__, ":each", None) is not each:
        return None
    last = self.last
    if last.__class__ is int:
        return range(first, last if self.exclusive else last + 1)
    if last is None:
        return integers_from(first)
    if last.__class__ is float:
        if last == INFINITY:
            return integers_from(first)
        if last != last or last == -INFINITY:
            return ()
        end = int(last // 1)
        return range(first, end if self.exclusive and end == last else end + 1)
    return None


@range_.method("each", block=True)
def each(self: Range, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "each", size=lambda: size(self, None))
    numbers = integers_of(self)
    if numbers is not None:
        for number in numbers:
            blk(number)
        return self
    first, last = self.first, self.last
    if isinstance(first, String):
        if last is None:
            walk_up(first, blk)
        else:
            send(first, ":upto", blk, last, truth(self.exclusive))
        return self
    if first.__class__ is Symbol and (last is None or last.__class__ is Symbol):
        visit = lambda text: blk(sym(text.s))
        if last is None:
            walk_up(String(first.name), visit)
        else:
            send(String(first.name), ":upto", visit, String(last.name), truth(self.exclusive))
        return self
    walk_values(self, blk)
    return self


def walk_up(value: Value, blk: Any) -> None:
    while True:
        blk(value)
        value = send(value, ":succ")


def check_iterable(self: Range) -> None:
    """Raise TypeError unless the first value has successors."""
    first = self.first
    if first.__class__ is not int and not respond_to(first, "succ"):
        raise error("TypeError", f"can't iterate from {class_of(first).name}")


def walk_values(self: Range, blk: Any) -> None:
    """Walk by `succ` and `<=>` from the first value to the last."""
    check_iterable(self)
    value, last = self.first, self.last
    if last is None:
        walk_up(value, blk)
        return
    order = send(value, ":<=>", None, last)
    while order is not None:
        sign = order_sign(order, value, last)
        if sign > 0 or (sign == 0 and self.exclusive):
            return
        blk(value)
        if sign == 0:
            return
        value = send(value, ":succ")
        order = send(value, ":<=>", None, last)


def elements(self: Range) -> list[Any]:
    """Return a list of all elements."""
    if self.last is None or self.last == INFINITY and self.first.__class__ is int:
        raise error("RangeError", "cannot convert endless range to an array")
    numbers = integers_of(self)
    if numbers is not None:
        return list(numbers)
    result: list[Any] = []
    send(self, ":each", lambda value=None, *rest: result.append(value))
    return result


@range_.method("to_a", "entries")
def to_a(self: Range, blk: Block) -> Array:
    return Array(elements(self))


@range_.method("reverse_each", block=True)
def reverse_each(self: Range, blk: Block) -> Value:
    first, last = self.first, self.last
    if last is None:
        raise error("TypeError", "can't iterate from NilClass")
    if blk is None:
        return enum_for(self, "reverse_each", size=lambda: INFINITY if first is None else size(self, None))
    if last.__class__ is int and (first.__class__ is int or first is None):
        number = last - 1 if self.exclusive else last
        while first is None or number >= first:
            blk(number)
            number -= 1
        return self
    for value in reversed(elements(self)):
        blk(value)
    return self


@range_.method("size")
def size(self: Range, blk: Block) -> Value:
    """Return the number of Integers; nil where elements cannot be counted without walking."""
    first, last = self.first, self.last
    if first.__class__ is int:
        if last.__class__ is int:
            count = last - first + (not self.exclusive)
            return count if count > 0 else 0
        if last is None or last == INFINITY:
            return INFINITY
        numbers = integers_of(self)
        if isinstance(numbers, range):
            return max(0, numbers.stop - numbers.start)
        if last.__class__ in NUMBERS:
            return 0
        return None
    if first is None or first.__class__ is float:
        raise error("TypeError", f"can't iterate from {class_of(first).name}")
    check_iterable(self)
    return None


# --- membership -----------------------------------------------------------------------------------------------------


def covers(self: Range, value: Value) -> bool:
    """Return whether the value lies between the ends."""
    first, last = self.first, self.last
    cls = value.__class__
    if (cls is int or cls is float) and first.__class__ is int and last.__class__ is int:
        return bool(first <= value < last if self.exclusive else first <= value <= last)
    if cls in NUMBERS and (first is None or first.__class__ in NUMBERS) and (last is None or last.__class__ in NUMBERS):
        return (first is None or first <= value) and (
            last is None or (value < last if self.exclusive else value <= last)
        )
    if cls is String and first.__class__ is String and last.__class__ is String and "CMP" not in REDEFINED:
        text = value.s
        return first.s <= text and (text < last.s if self.exclusive else text <= last.s)
    if first is not None:
        order = send(first, ":<=>", None, value)
        if order is None or order_sign(order, first, value) > 0:
            return False
    if last is not None:
        order = send(value, ":<=>", None, last)
        if order is None:
            return False
        sign = order_sign(order, value, last)
        return sign < 0 or (sign == 0 and not self.exclusive)
    return True


@range_.method("===")
def matches(self: Range, blk: Block, value: Value) -> Value:
    return TRUE if covers(self, value) else FALSE


@range_.method("include?", "member?")
def includes(self: Range, blk: Block, value: Value) -> Value:
    """Return whether the value lies between numeric ends, or is an element of another Range."""
    first, last = self.first, self.last
    if first.__class__ is String and last.__class__ is String:
        return truth(isinstance(value, String) and string_element(self, value))
    if is_numeric(first) or is_numeric(last) or (first is None and last is None):
        return TRUE if covers(self, value) else FALSE
    if isinstance(first, String) and isinstance(last, String):
        return truth(isinstance(value, String) and string_element(self, value))
    if class_of(first).name == "Time" or class_of(last).name == "Time":
        return TRUE if covers(self, value) else FALSE
    if first is None or last is None:
        raise error("TypeError", "cannot determine inclusion in beginless/endless ranges")
    tag = object()

    def visit(item: Value = None, *rest: Value) -> Value:
        if equal(item, value):
            raise BreakJump(tag, None)

    try:
        send(self, ":each", visit)
    except BreakJump as jump:
        if jump.tag is not tag:
            raise
        return TRUE
    return FALSE


def is_numeric(value: Value) -> bool:
    return value.__class__ in NUMBERS or (value is not None and kind_of(value, builtin_class("Numeric")))


def string_element(self: Range, value: String) -> bool:
    """Return whether a String is reached by walking from String to String."""
    first, last = self.first.s, self.last.s
    if len(first) == len(last) == 1 and first.isascii() and last.isascii():
        text = value.s
        return len(text) == 1 and first <= text and (text < last if self.exclusive else text <= last)
    return any(item.s == value.s for item in elements(self))


# --- ends -----------------------------------------------------------------------------------------------------------


@range_.method("begin")
def begin(self: Range, blk: Block) -> Value:
    return self.first


@range_.method("end")
def end(self: Range, blk: Block) -> Value:
    return self.last


@range_.method("exclude_end?")
def excludes_end(self: Range, blk: Block) -> Value:
    return truth(self.exclusive)


@range_.method("first")
def first_(self: Range, blk: Block, count: Value = UNDEF) -> Value:
    if self.first is None:
        raise error("RangeError", "cannot get the first element of beginless range")
    if count is UNDEF:
        return self.first
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "negative array size (or size too big)")
    numbers = integers_of(self)
    if numbers.__class__ is range:
        return Array(list(numbers[:number]))
    return Array(first_values(self, number))


@range_.method("last")
def last_(self: Range, blk: Block, count: Value = UNDEF) -> Value:
    if self.last is None:
        raise error("RangeError", "cannot get the last element of endless range")
    if count is UNDEF:
        return self.last
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "negative array size")
    if self.first is None and self.last.__class__ is int:
        stop = self.last if self.exclusive else self.last + 1
        return Array(list(range(stop - number, stop)))
    numbers = integers_of(self)
    if isinstance(numbers, range):
        return Array(list(numbers[max(0, len(numbers) - number) :]))
    values = elements(self)
    return Array(values[max(0, len(values) - number) :])


# --- text and comparison --------------------------------------------------------------------------------------------


@range_.method("to_s")
def to_text(self: Range, blk: Block) -> String:
    return String(f"{to_s(self.first)}{'...' if self.exclusive else '..'}{to_s(self.last)}")


@range_.method("inspect")
def inspect(self: Range, blk: Block) -> String:
    first = "" if self.first is None and self.last is not None else inspect_str(self.first)
    last = "" if self.last is None and self.first is not None else inspect_str(self.last)
    return String(f"{first}{'...' if self.exclusive else '..'}{last}")


@range_.method("==")
def equals(self: Range, blk: Block, other: Value) -> Value:
    return truth(
        isinstance(other, Range)
        and self.exclusive == other.exclusive
        and equal(self.first, other.first)
        and equal(self.last, other.last)
    )


@range_.method("eql?")
def is_eql(self: Range, blk: Block, other: Value) -> Value:
    return truth(
        isinstance(other, Range)
        and self.exclusive == other.exclusive
        and eql(self.first, other.first)
        and eql(self.last, other.last)
    )


@range_.method("hash")
def hash_(self: Range, blk: Block) -> int:
    return hash(("r", self.exclusive, hash_code(self.first), hash_code(self.last)))
