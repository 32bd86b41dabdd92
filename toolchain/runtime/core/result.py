"""Result, a class of the dialect (language.md 1.11): a value, or the error that stands in its place."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import equal, inspect_str
from ..errors import error
from ..model import allocate
from ..values import Array, Object, String, sym, truth
from .kernel_object import no_block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class ResultObject(Object):
    """`value` is the value or the error."""

    __slots__ = ("good", "value")
    mclass = None

    def prepare(self) -> None:
        self.good = True
        self.value: Any = None


result = NativeClass("Metorex::Result")
result.mod.name = "Result"


def make(cls: Any, good: bool, value: Value) -> Value:
    made = allocate(cls)
    made.good, made.value = good, value
    return made


@result.singleton("ok")
def ok(self: Value, blk: Block, value: Value = None) -> Value:
    return make(self, True, value)


@result.singleton("error")
def error_(self: Value, blk: Block, value: Value = None) -> Value:
    return make(self, False, value)


@result.method("ok?", "is_ok?")
def is_ok(self: ResultObject, blk: Block) -> Value:
    return truth(self.good)


@result.method("error?", "is_error?")
def is_error(self: ResultObject, blk: Block) -> Value:
    return truth(not self.good)


@result.method("unwrap")
def unwrap(self: ResultObject, blk: Block) -> Value:
    if not self.good:
        raise error("RuntimeError", f"called unwrap on an Error: {shown(self.value)}")
    return self.value


def shown(value: Value) -> str:
    """Return how an error is named in a message: a text as it is, anything else inspected."""
    return value.s if isinstance(value, String) else inspect_str(value)


@result.method("unwrap_error")
def unwrap_error(self: ResultObject, blk: Block) -> Value:
    if self.good:
        raise error("RuntimeError", f"called unwrap_error on an Ok: {shown(self.value)}")
    return self.value


@result.method("unwrap_or")
def unwrap_or(self: ResultObject, blk: Block, default: Value) -> Value:
    return self.value if self.good else default


@result.method("map", block=True)
def map_(self: ResultObject, blk: Block) -> Value:
    if blk is None:
        raise no_block()
    return make(result.mod, True, blk(self.value)) if self.good else self


@result.method("==")
def equals(self: ResultObject, blk: Block, other: Value) -> Value:
    return truth(isinstance(other, ResultObject) and self.good == other.good and equal(self.value, other.value))


@result.method("deconstruct")
def deconstruct(self: ResultObject, blk: Block) -> Value:
    return Array([sym("ok") if self.good else sym("error"), self.value])


@result.method("to_s", "inspect")
def to_s(self: ResultObject, blk: Block) -> Value:
    return String(f"{'Ok' if self.good else 'Err'}({inspect_str(self.value)})")
