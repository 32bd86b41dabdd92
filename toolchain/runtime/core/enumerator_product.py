"""Enumerator::Product: all combinations of one element of each source, the last running fastest."""

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


class ProductValue(EnumeratorValue):
    by_call = False
    __slots__ = ("sources",)
    sources: list[Any]

    def prepare(self) -> None:
        EnumeratorValue.prepare(self)
        self.receiver = None
        self.sources = []


product = NativeClass("Enumerator::Product")
undefine_cursor(product.mod)


def make_product(sources: list[Any]) -> ProductValue:
    result = ProductValue()
    result.prepare()
    set_sources(result, sources)
    return result


def set_sources(self: ProductValue, sources: list[Any]) -> None:
    self.sources = sources


@product.private("initialize")
def initialize(self: ProductValue, blk: Block, *sources: Value) -> Value:
    set_sources(self, list(sources))
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
    self.cursor = None
    for source in reversed(self.sources):
        if respond_to(source, "rewind"):
            send(source, ":rewind")
    return self


@product.method("inspect")
def inspect(self: ProductValue, blk: Block) -> String:
    return String(f"#<{class_of(self).name}: {inspect_str(Array(self.sources))}>")
