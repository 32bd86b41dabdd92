"""Enumerator::Chain: several sources one after the other."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import inspect_str
from ..dispatch import respond_to, send
from ..model import class_of
from ..values import Array, String
from .enumerator import EnumeratorValue, undefine_cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class ChainValue(EnumeratorValue):
    by_call = False
    __slots__ = ("sources",)
    sources: list[Any]

    def prepare(self) -> None:
        EnumeratorValue.prepare(self)
        self.receiver = None
        self.sources = []


chain = NativeClass("Enumerator::Chain")
undefine_cursor(chain.mod)


def make_chain(sources: list[Any]) -> ChainValue:
    """Return the Enumerator of the elements of all sources."""
    result = ChainValue()
    result.prepare()
    result.sources = sources
    return result


@chain.private("initialize")
def initialize(self: ChainValue, blk: Block, *sources: Value) -> Value:
    self.sources = list(sources)
    return self


@chain.method("each", block=True)
def each(self: ChainValue, blk: Block, *args: Value) -> Value:
    if blk is None:
        return self
    for source in self.sources:
        send(source, ":each", blk, *args)
    return self


@chain.method("size")
def size(self: ChainValue, blk: Block) -> Value:
    """Return the sum of the sizes; nil if a source does not know its own."""
    total: Any = 0
    for source in self.sources:
        count = send(source, ":size") if respond_to(source, "size") else None
        if count is None or count.__class__ not in (int, float) or count == float("inf"):
            return count
        total += count
    return total


@chain.method("rewind")
def rewind(self: ChainValue, blk: Block) -> Value:
    self.cursor = None
    for source in reversed(self.sources):
        if respond_to(source, "rewind"):
            send(source, ":rewind")
    return self


@chain.method("+")
def plus(self: ChainValue, blk: Block, other: Value) -> ChainValue:
    return make_chain([self, other])


@chain.method("inspect")
def inspect(self: ChainValue, blk: Block) -> String:
    return String(f"#<{class_of(self).name}: {inspect_str(Array(self.sources))}>")
