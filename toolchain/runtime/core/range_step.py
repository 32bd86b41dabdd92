"""Range: `step` and `%`."""

from __future__ import annotations

from ..blocks import enum_for
from ..builtin import NativeClass
from ..convert import order_sign
from ..dispatch import send
from ..errors import error
from ..later import later
from ..stepping import steps
from ..values import UNDEF, Range, String, Symbol
from .range import is_numeric

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value
    from .arithmetic_sequence import make_sequence
else:
    later(globals(), ".arithmetic_sequence", "make_sequence")

range_ = NativeClass("Range")


def step_through(self: Range, blk: Block, width: Value, method: str) -> Value:
    """Walk in steps: numbers by arithmetic, Strings each n-th (or by `+`), other values by `+`."""
    first, last = self.first, self.last
    numeric = is_numeric(first) and (last is None or is_numeric(last))
    text = isinstance(first, String) or first.__class__ is Symbol
    given = [] if width is UNDEF else [width]
    if width is UNDEF:
        if not numeric and not text:
            raise error("ArgumentError", "step is required for non-numeric ranges")
        width = 1
    if first is None:
        if blk is not None:
            raise error("ArgumentError", "#step iteration for beginless ranges is meaningless")
        if not is_numeric(last):
            raise error("ArgumentError", "#step for non-numeric beginless ranges is meaningless")
        numeric = True
    if numeric and is_numeric(width) and width == 0:
        raise error("ArgumentError", "step can't be 0")
    if blk is None:
        if numeric and is_numeric(width):
            return make_sequence(first, last, width, self.exclusive, self, method, given)
        return enum_for(self, method, *given)
    if text and width.__class__ is int:
        if width > 0:
            every_nth(self, blk, width)
    elif numeric and is_numeric(width):
        for value in steps(first, last, width, self.exclusive):
            blk(value)
    else:
        by_adding(self, blk, width)
    return self


def every_nth(self: Range, blk: Any, width: int) -> None:
    index = 0

    def visit(value: Value = None, *rest: Value) -> Value:
        nonlocal index
        if index % width == 0:
            blk(value)
        index += 1

    send(self, ":each", visit)


def by_adding(self: Range, blk: Any, width: Value) -> None:
    """Walk from the first value to the last by adding the width."""
    value, last = self.first, self.last
    if last is None:
        while True:
            blk(value)
            value = send(value, ":+", None, width)
    ahead = send(value, ":<=>", None, last)
    direction = order_sign(ahead, value, last)
    if direction == 0:
        if not self.exclusive:
            blk(value)
        return
    while True:
        order = send(value, ":<=>", None, last)
        sign = 0 if order is None else order_sign(order, value, last)
        if order is None or sign == -direction or (sign == 0 and self.exclusive):
            return
        blk(value)
        value = send(value, ":+", None, width)


@range_.method("step", block=True)
def step(self: Range, blk: Block, width: Value = UNDEF) -> Value:
    return step_through(self, blk, width, "step")


@range_.method("%", block=True)
def modulo(self: Range, blk: Block, width: Value) -> Value:
    return step_through(self, blk, width, "%")
