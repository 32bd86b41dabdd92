"""Enumerable: cutting into runs (`chunk`, `chunk_while`, `slice_when`, `slice_before`, `slice_after`).

All answer Enumerators that cut when they are walked through.
"""

from __future__ import annotations

from ..blocks import enum_for
from ..builtin import NativeClass
from ..convert import equal
from ..dispatch import send
from ..errors import arity_error, error
from ..later import later
from ..values import FALSE, UNDEF, Array, Symbol
from .enumerable import size_of, visit_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value
    from .enumerator_new import make_generator
else:
    later(globals(), ".enumerator_new", "make_generator")

enumerable = NativeClass("Enumerable")


@enumerable.method("chunk", block=True)
def chunk(self: Value, blk: Block) -> Value:
    """Cut where the block's value changes; yield that value and the run. nil and :_separator drop an element,
    :_alone makes it a run of its own."""
    if blk is None:
        return enum_for(self, "chunk", size=size_of(self))

    def run(yielder: Any) -> Value:
        key: Value = UNDEF
        part: list[Any] = []

        def flush() -> None:
            nonlocal key, part
            if part:
                done, part = Array([key, Array(part)]), []
                key = UNDEF
                yielder(done)
            key = UNDEF

        def visit(value: Value = None, *rest: Value) -> Value:
            nonlocal key
            if rest:
                value = Array([value, *rest])
            new = blk(value)
            special = new.name if new.__class__ is Symbol and new.name[:1] == "_" else ""
            if new is None or special == "_separator":
                flush()
            elif special == "_alone":
                flush()
                yielder(Array([new, Array([value])]))
            elif special:
                raise error("RuntimeError", "symbols beginning with an underscore are reserved")
            else:
                if key is not UNDEF and not equal(key, new):
                    flush()
                key = new
                part.append(value)

        visit_all(self, visit)
        flush()
        return None

    return make_generator(run)


def cut_between(self: Value, cuts: Any) -> Value:
    """Return the Enumerator of runs that are cut between neighbours for which `cuts(a, b)` is true."""

    def run(yielder: Any) -> Value:
        part: list[Any] = []

        def visit(value: Value = None, *rest: Value) -> Value:
            nonlocal part
            if rest:
                value = Array([value, *rest])
            if part and cuts(part[-1], value):
                done, part = part, [value]
                yielder(Array(done))
            else:
                part.append(value)

        visit_all(self, visit)
        if part:
            yielder(Array(part))
        return None

    return make_generator(run)


def is_true(answer: Value) -> bool:
    return answer is not FALSE and answer is not None


@enumerable.method("slice_when", block=True)
def slice_when(self: Value, blk: Block) -> Value:
    if blk is None:
        raise error("ArgumentError", "tried to create Proc object without a block")
    return cut_between(self, lambda a, b: is_true(blk(a, b)))


@enumerable.method("chunk_while", block=True)
def chunk_while(self: Value, blk: Block) -> Value:
    if blk is None:
        raise error("ArgumentError", "tried to create Proc object without a block")
    return cut_between(self, lambda a, b: not is_true(blk(a, b)))


def element_test(blk: Block, pattern: Value) -> Any:
    """Return the Python test of one element by the block or the pattern, exactly one of which must be given."""
    if blk is None:
        if pattern is UNDEF:
            raise arity_error(0, 1, 1)
        return lambda value: is_true(send(pattern, ":===", None, value))
    if pattern is not UNDEF:
        raise arity_error(1, 0, 0)
    return lambda value: is_true(blk(value))


@enumerable.method("slice_before", block=True)
def slice_before(self: Value, blk: Block, pattern: Value = UNDEF) -> Value:
    """Start a new run with each element that the block or pattern accepts."""
    starts = element_test(blk, pattern)

    def run(yielder: Any) -> Value:
        part: list[Any] = []

        def visit(value: Value = None, *rest: Value) -> Value:
            nonlocal part
            if rest:
                value = Array([value, *rest])
            if starts(value) and part:
                done, part = part, [value]
                yielder(Array(done))
            else:
                part.append(value)

        visit_all(self, visit)
        if part:
            yielder(Array(part))
        return None

    return make_generator(run)


@enumerable.method("slice_after", block=True)
def slice_after(self: Value, blk: Block, pattern: Value = UNDEF) -> Value:
    """End the run with each element that the block or pattern accepts."""
    ends = element_test(blk, pattern)

    def run(yielder: Any) -> Value:
        part: list[Any] = []

        def visit(value: Value = None, *rest: Value) -> Value:
            nonlocal part
            part.append(Array([value, *rest]) if rest else value)
            if ends(part[-1]):
                done, part = part, []
                yielder(Array(done))

        visit_all(self, visit)
        if part:
            yielder(Array(part))
        return None

    return make_generator(run)
