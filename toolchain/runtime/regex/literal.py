"""Patterns that are plain text: they need neither Python's `re` nor our own matcher."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SPECIAL = frozenset("\\.^$*+?{}[]()|")


def is_literal(source: str, flags: int) -> bool:
    """Return whether a pattern matches just its own text."""
    return flags == 0 and SPECIAL.isdisjoint(source)


ESCAPED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\v": "\\v", " ": "\\ "}
ESCAPED.update({char: "\\" + char for char in "[]{}()|-*.\\?+^$#"})


def escape_text(text: str) -> str:
    """Return the source of a pattern that matches just `text`."""
    return "".join([ESCAPED.get(char, char) for char in text])


class LiteralMatch:
    """A match without groups."""

    __slots__ = ("at", "stop")

    def __init__(self, at: int, stop: int) -> None:
        self.at = at
        self.stop = stop

    def span(self, number: int = 0) -> tuple[int, int]:
        return self.at, self.stop

    def start(self, number: int = 0) -> int:
        return self.at

    def end(self, number: int = 0) -> int:
        return self.stop


class LiteralProgram:
    """What a program does (pattern.py), for a text that stands for itself.

    `literal`: it was a String, which may hold bytes that are no characters, as may what it is searched in.
    """

    count = 0
    fast = None
    every = None
    names: dict[str, list[int]] = {}

    def __init__(self, wanted: str, literal: bool = False) -> None:
        self.wanted = wanted
        self.literal = literal

    def search(self, text: str, at: int = 0) -> LiteralMatch | None:
        found = text.find(self.wanted, at)
        return None if found < 0 else LiteralMatch(found, found + len(self.wanted))

    def match(self, text: str, at: int = 0) -> LiteralMatch | None:
        return LiteralMatch(at, at + len(self.wanted)) if text.startswith(self.wanted, at) else None

    forward = match

    def direct(self, text: str) -> None:
        """There is no pattern of `re` for this (pattern.py)."""

    def iterate(self, text: str) -> Iterator[LiteralMatch]:
        size = len(self.wanted)
        found = text.find(self.wanted)
        while found >= 0:
            yield LiteralMatch(found, found + size)
            found = text.find(self.wanted, found + (size or 1)) if found < len(text) else -1
