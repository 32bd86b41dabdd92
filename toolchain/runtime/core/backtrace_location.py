"""Thread::Backtrace::Location: one line of a backtrace as an object."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import inspect_str
from ..values import Array, Object, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class Location(Object):
    __slots__ = ("path", "line", "label")
    mclass = None

    path: str
    line: int
    label: str

    def text(self) -> str:
        return f"{self.path}:{self.line}:in '{self.label}'"


location = NativeClass("Thread::Backtrace::Location")


def make_locations(raw: list[Any]) -> Array:
    """Return the Array of Locations for a raw backtrace."""
    from ..backtrace import locations

    result: list[Any] = []
    for path, line, label in locations(raw):
        entry = Location()
        entry.path, entry.line, entry.label = path, line, label
        result.append(entry)
    return Array(result)


@location.method("path")
def path(self: Location, blk: Block) -> Value:
    return String(self.path)


@location.method("absolute_path")
def absolute_path(self: Location, blk: Block) -> Value:
    import os

    return None if self.path.startswith("(eval") or self.path == "-e" else String(os.path.realpath(self.path))


@location.method("lineno")
def lineno(self: Location, blk: Block) -> Value:
    return self.line


@location.method("label")
def label(self: Location, blk: Block) -> Value:
    return String(self.label)


@location.method("base_label")
def base_label(self: Location, blk: Block) -> Value:
    text = self.label.rpartition(" in ")[2]
    if text[:1] != "<":
        text = text.rpartition("#")[2] if "#" in text else text.rpartition(".")[2]
    return String(text)


@location.method("to_s")
def to_s(self: Location, blk: Block) -> Value:
    return String(self.text())


@location.method("inspect")
def inspect(self: Location, blk: Block) -> Value:
    return String(inspect_str(String(self.text())))
