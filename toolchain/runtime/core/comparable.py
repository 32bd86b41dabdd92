"""Comparable: what follows from `<=>`."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import compare, conversion_name, order_sign
from ..dispatch import send
from ..errors import error
from ..model import PRIM_CLASSES
from ..operators import REDEFINED
from ..values import FALSE, TRUE, UNDEF, Range, String, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

comparable = NativeClass("Comparable")

COMPARING: list[tuple[Any, Any]] = []  # the `==` calls going on; `<=>` may well be defined by `==`


@comparable.method("==")
def equals(self: Value, blk: Block, other: Value) -> Value:
    """Return whether `<=>` answers 0."""
    if self is other:
        return TRUE
    for left, right in COMPARING:
        if left is self and right is other:
            return FALSE
    COMPARING.append((self, other))
    try:
        method = getattr(self, ";<=>", None)
        order = send(self, ";<=>", None, other) if method is None else method(None, other)
    finally:
        COMPARING.pop()
    if order is None:
        return FALSE
    if order.__class__ is int or order.__class__ is float:
        return FALSE if order else TRUE
    return truth(order_sign(order, self, other) == 0)


@comparable.method("<")
def less(self: Value, blk: Block, other: Value) -> Value:
    return TRUE if compare_by_method(self, other) < 0 else FALSE


@comparable.method("<=")
def less_equal(self: Value, blk: Block, other: Value) -> Value:
    return TRUE if compare_by_method(self, other) <= 0 else FALSE


@comparable.method(">")
def greater(self: Value, blk: Block, other: Value) -> Value:
    return TRUE if compare_by_method(self, other) > 0 else FALSE


@comparable.method(">=")
def greater_equal(self: Value, blk: Block, other: Value) -> Value:
    return TRUE if compare_by_method(self, other) >= 0 else FALSE


def compare_by_method(a: Value, b: Value) -> int:
    """Return the sign of a <=> b, always by calling the method: it may have been redefined."""
    method = getattr(a, ";<=>", None)
    order = send(a, ";<=>", None, b) if method is None else method(None, b)
    return order if order.__class__ is int else order_sign(order, a, b)


@comparable.method("between?")
def is_between(self: Value, blk: Block, low: Value, high: Value) -> Value:
    if self.__class__ is low.__class__ is high.__class__ is String and "CMP" not in REDEFINED:
        return TRUE if low.s <= self.s <= high.s else FALSE
    if self.__class__ in PRIM_CLASSES:
        return TRUE if compare(self, low) >= 0 and compare(self, high) <= 0 else FALSE
    return TRUE if compare_by_method(self, low) >= 0 and compare_by_method(self, high) <= 0 else FALSE


@comparable.method("clamp")
def clamp(self: Value, blk: Block, low: Value, high: Value = UNDEF) -> Value:
    """Return the value in `low..high` that is nearest to the receiver; nil is no limit."""
    if high is UNDEF:
        if not isinstance(low, Range):
            raise error("TypeError", f"wrong argument type {conversion_name(low)} (expected Range)")
        if low.exclusive and low.last is not None:
            raise error("ArgumentError", "cannot clamp with an exclusive range")
        low, high = low.first, low.last
    if low is not None and high is not None and compare(low, high) > 0:
        raise error("ArgumentError", "min argument must be less than or equal to max argument")
    if low is not None:
        order = compare(self, low)
        if order <= 0:
            return self if order == 0 else low
    return high if high is not None and compare(self, high) > 0 else self
