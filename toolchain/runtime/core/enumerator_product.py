"""Enumerator::Product: all combinations of one element of each source, the last running fastest."""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import respond_to, send
from ..values import Array, String
from .enumerator import undefine_cursor
from .enumerator_sources import SourcesValue, inspect_sources, make_sources, rewind_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class ProductValue(SourcesValue):
    __slots__ = ()


product = NativeClass("Enumerator::Product")
undefine_cursor(product.mod)


def make_product(sources: list[Any]) -> ProductValue:
    return make_sources(ProductValue(), sources)


@product.private("initialize")
def initialize(self: ProductValue, blk: Block, *sources: Value) -> Value:
    self.sources = list(sources)
    return self


@product.method("each", block=True)
def each(self: ProductValue, blk: Block) -> Value:
    if blk is None:
        return self
    walk(self.sources, 0, [], blk)
    return self


def walk(sources: list[Any], place: int, chosen: list[Any], blk: Any) -> None:
    """Call the block with each combination that starts with `chosen`."""
    if place == len(sources):
        blk(Array(list(chosen)))
        return

    def visit(value: Value = None, *rest: Value) -> Value:
        chosen.append(Array([value, *rest]) if rest else value)
        walk(sources, place + 1, chosen, blk)
        chosen.pop()

    send(sources[place], ":each_entry", visit)


@product.method("size")
def size(self: ProductValue, blk: Block) -> Value:
    """Return the product of the sizes; nil if a source does not know its own."""
    total: Any = 1
    for source in self.sources:
        if not respond_to(source, "size"):
            return None
        count = send(source, ":size")
        if count is None or count.__class__ not in (int, float):
            return count
        total *= count
    return total


@product.method("rewind")
def rewind(self: ProductValue, blk: Block) -> Value:
    return rewind_sources(self)


@product.method("inspect")
def inspect(self: ProductValue, blk: Block) -> String:
    return inspect_sources(self)
