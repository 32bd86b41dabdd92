"""What the Enumerators over several sources share: Enumerator::Chain and Enumerator::Product."""

from __future__ import annotations

from ..convert import inspect_str
from ..dispatch import respond_to, send
from ..model import class_of
from ..values import Array, String
from .enumerator import EnumeratorValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    Sources = TypeVar("Sources", bound="SourcesValue")


class SourcesValue(EnumeratorValue):
    by_call = False
    __slots__ = ("sources",)
    sources: list[Any]

    def prepare(self) -> None:
        EnumeratorValue.prepare(self)
        self.receiver = None
        self.sources = []


def make_sources(value: Sources, sources: list[Any]) -> Sources:
    """Prepare a new Enumerator of the elements of `sources`."""
    value.prepare()
    value.sources = sources
    return value


def rewind_sources(value: SourcesValue) -> SourcesValue:
    """Rewind the Enumerator and those of its sources that can be, the last first."""
    value.cursor = None
    for source in reversed(value.sources):
        if respond_to(source, "rewind"):
            send(source, ":rewind")
    return value


def inspect_sources(value: SourcesValue) -> String:
    return String(f"#<{class_of(value).name}: {inspect_str(Array(value.sources))}>")
