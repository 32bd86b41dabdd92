"""Array: `join`, `*`, and the comparisons that look at the elements (`eql?`, `hash`, `<=>`)."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_str, to_s, try_ary
from ..dispatch import respond_to
from ..errors import error
from ..hashing import array_key, eql
from ..indexing import checked_int
from ..operators import OPERATORS, REDEFINED
from ..values import FALSE, TRUE, Array, AsciiString, BinaryString, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

array = NativeClass("Array")


def join_text(self: Array, separator: Value) -> String:
    """Return the joined text as a String; nested Arrays are joined with the same separator."""
    glue = "" if separator is None else separator.s if separator.__class__ is String else as_str(separator)
    parts: list[str] = []
    for item in self.a:
        cls = item.__class__
        if cls is String or cls is AsciiString:
            parts.append(item.s)
        elif cls is int:
            parts.append(to_s(item))
        else:
            parts = []
            break
    else:
        return String(glue.join(parts))
    add_texts(self, glue, parts, [])
    text = glue.join(parts)
    if any(isinstance(item, BinaryString) for item in self.a) and not any(item.__class__ is String for item in self.a):
        return BinaryString(text)
    return String(text)


def add_texts(self: Array, glue: str, parts: list[str], active: list[Any]) -> None:
    """Add the texts of the elements of `self` to `parts`; `active` are the Arrays around it."""
    for outer in active:
        if outer is self:
            raise error("ArgumentError", "recursive array join")
    active.append(self)
    for item in self.a:
        cls = item.__class__
        if cls is String:
            parts.append(item.s)
        elif cls is Array:
            add_nested(item, glue, parts, active)
        elif cls is int or item is None:
            parts.append(to_s(item))
        elif isinstance(item, String):
            parts.append(item.s)
        elif cls is not float and respond_to(item, "to_str", True):
            parts.append(as_str(item))
        else:
            items = try_ary(item)
            if items is None:
                parts.append(to_s(item))
            else:
                add_nested(item if isinstance(item, Array) else Array(items), glue, parts, active)
    active.pop()


def add_nested(item: Array, glue: str, parts: list[str], active: list[Any]) -> None:
    nested: list[str] = []
    add_texts(item, glue, nested, active)
    parts.append(glue.join(nested))


@array.method("*")
def times(self: Array, blk: Block, factor: Value) -> Value:
    """Return the elements repeated, or joined if the factor is a String."""
    if isinstance(factor, String) or (factor.__class__ is not int and respond_to(factor, "to_str")):
        return join_text(self, factor)
    count = checked_int(factor)
    if count < 0:
        raise error("ArgumentError", "negative argument")
    if count * len(self.a) >= 1 << 40:
        raise error("ArgumentError", "argument too big")
    return Array(self.a * count)


@array.method("<=>")
def order(self: Array, blk: Block, other: Value) -> Value:
    """Compare element by element, then by length; nil if the other is no Array or two elements cannot be compared."""
    right = other.a if other.__class__ is Array else try_ary(other)
    if right is None:
        return None
    if "CMP" not in REDEFINED:
        for x, y in zip(self.a, right):
            left_class, right_class = x.__class__, y.__class__
            if left_class in NUMBERS and right_class in NUMBERS:
                if x != y:
                    return -1 if x < y else 1 if x > y else None
            elif left_class is String and right_class is String:
                if x.s != y.s:
                    return -1 if x.s < y.s else 1
            else:
                break
        else:
            return (len(self.a) > len(right)) - (len(self.a) < len(right))
    if self is other:
        return 0
    for x, y in ORDERING:
        if x is self and y is other:
            return 0
    ORDERING.append((self, other))
    try:
        for x, y in zip(self.a, right):
            sign = OPERATORS["CMP"](x, y)
            if sign.__class__ is not int or sign != 0:
                return sign
    finally:
        ORDERING.pop()
    left_size, right_size = len(self.a), len(right)
    return (left_size > right_size) - (left_size < right_size)


NUMBERS = (int, float)
ORDERING: list[tuple[Any, Any]] = []


@array.method("eql?")
def is_eql(self: Array, blk: Block, other: Value) -> Value:
    if self is other:
        return TRUE
    if not isinstance(other, Array) or len(self.a) != len(other.a):
        return FALSE
    if any(x is self and y is other for x, y in ORDERING):
        return TRUE
    ORDERING.append((self, other))
    try:
        return TRUE if all(eql(x, y) for x, y in zip(self.a, other.a)) else FALSE
    finally:
        ORDERING.pop()


@array.method("hash")
def hash_(self: Array, blk: Block) -> int:
    return hash(array_key(self))
