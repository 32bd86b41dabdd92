"""Enumerator::Chain: several sources one after the other."""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import respond_to, send
from ..values import String
from .enumerator import undefine_cursor
from .enumerator_sources import SourcesValue, inspect_sources, make_sources, rewind_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class ChainValue(SourcesValue):
    __slots__ = ()


chain = NativeClass("Enumerator::Chain")
undefine_cursor(chain.mod)


def make_chain(sources: list[Any]) -> ChainValue:
    """Return the Enumerator of the elements of all sources."""
    return make_sources(ChainValue(), sources)


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
    return rewind_sources(self)


@chain.method("+")
def plus(self: ChainValue, blk: Block, other: Value) -> ChainValue:
    return make_chain([self, other])


@chain.method("inspect")
def inspect(self: ChainValue, blk: Block) -> String:
    return inspect_sources(self)
