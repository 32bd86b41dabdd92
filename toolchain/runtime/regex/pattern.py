"""Compiled patterns: Python's `re` where a pattern can be said in it, else our own matcher.

A match is anything with `span(n)`, `start(n)` and `end(n)` for the groups in Ruby's numbering: Python's own match
object where the numbers agree.
"""

from __future__ import annotations

from .nodes import widths
from .syntax import Pattern, SyntaxProblem, parse
from .translate import Translation, Untranslatable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = ["Program", "SyntaxProblem", "compile_pattern"]


class Remapped:
    """Python's match under Ruby's numbers."""

    __slots__ = ("match", "program")

    def __init__(self, match: Any, program: Program) -> None:
        self.match = match
        self.program = program

    def span(self, number: int = 0) -> tuple[int, int]:
        match = self.match
        if number == 0:
            keep = self.program.keep
            if keep and match.start(keep) >= 0:
                return match.start(keep), match.end()
            return match.start(), match.end()
        for group in self.program.groups[number]:
            span: tuple[int, int] = match.span(group)
            if span[0] >= 0:
                return span
        return -1, -1

    def start(self, number: int = 0) -> int:
        return self.span(number)[0]

    def end(self, number: int = 0) -> int:
        return self.span(number)[1]


# What a pattern may say of the text before it.
LOOKS_BACK = ("\\A", "^", "\\b", "\\B", "(?<=", "(?<!", "\\G", "\\K")


class Program:
    """A compiled pattern.

    `search(text, at)` returns the first match at or behind `at`, `match(text, at)` one that starts at `at`, or None.
    `count` is the number of groups, `names` maps names to their numbers. `literal` is true in programs for a text that
    stands for itself (core/string_search.py).
    """

    literal = False

    def __init__(self, source: str, flags: int) -> None:
        self.pattern: Pattern = parse(source, flags)
        self.count = len(self.pattern.groups)
        self.names = self.pattern.names
        self.can_be_empty = widths(self.pattern.tree)[0] == 0
        self.keep = 0
        self.groups: dict[int, list[int]] = {}
        self.plain = False  # Python's match objects serve as they are
        self.sticky = False
        self.cut = False  # `narrow` is for ASCII texts only
        # For ASCII texts, where they are methods of Python's pattern: `search(text, at)`; `match(text, at)` of one that
        # does not look at what is before `at`, False if it may.
        self.fast: Any = None
        self.every: Any = None  # the pattern itself, if it also finds all matches as Ruby does
        self.forward: Any = None
        self.source = source
        self.narrow: Any = None
        self.wide: Any = None
        self.matcher: Any = None

    def translate(self, ascii_only: bool) -> Any:
        """Return what has `search` and `match`: a pattern of `re`, or a Matcher."""
        import re

        try:
            translation = Translation(self.pattern, ascii_only)
            compiled = re.compile(translation.text, re.MULTILINE | (re.IGNORECASE if translation.icase else 0))
        except (Untranslatable, re.error, OverflowError):
            from .matcher import Matcher

            self.matcher = self.narrow = self.wide = Matcher(self.pattern)
            self.plain = True
            return self.matcher
        self.keep = translation.keep
        self.groups = translation.groups
        self.plain = translation.plain()
        self.sticky = translation.sticky
        self.cut = translation.cut
        if not translation.cut:
            self.narrow = self.wide = compiled
        return compiled

    def engine(self, text: str) -> Any:
        """Return what matches `text`, made at the first match: many programs use few of their patterns."""
        if text.isascii():
            if self.narrow is None:
                self.narrow = self.translate(True)
                if self.plain and not self.sticky and self.matcher is None:
                    self.fast = self.narrow.search
                    self.every = None if self.can_be_empty else self.narrow
                plain = self.fast is not None and not any(mark in self.source for mark in LOOKS_BACK)
                self.forward = plain and self.narrow.match
            return self.narrow
        if self.wide is None:
            self.wide = self.translate(False)
        return self.wide

    def search(self, text: str, at: int = 0) -> Any:
        engine = self.engine(text)
        match = engine.match(text, at) if self.sticky else engine.search(text, at)
        return match if match is None or self.plain else Remapped(match, self)

    def match(self, text: str, at: int = 0) -> Any:
        match = self.engine(text).match(text, at)
        return match if match is None or self.plain else Remapped(match, self)

    def direct(self, text: str) -> Any:
        """Return the pattern of `re` whose matches in `text` are those of Ruby, also if it looks for all of them."""
        engine = self.engine(text)
        return engine if self.plain and not self.can_be_empty and not self.sticky and self.matcher is None else None

    def iterate(self, text: str) -> Iterator[Any]:
        """Yield the matches one behind the other, as `scan` and `gsub` find them."""
        direct = self.direct(text)
        if direct is not None:
            yield from direct.finditer(text)
            return
        at = 0
        while at <= len(text):
            match = self.search(text, at)
            if match is None:
                break
            yield match
            end = match.end()
            at = end + 1 if match.start() == end else end


PROGRAMS: dict[tuple[str, int], Program] = {}
MAX_PROGRAMS = 2000


def compile_pattern(source: str, flags: int) -> Program:
    """Return the program of a source, made once. Raises SyntaxProblem."""
    key = (source, flags)
    program = PROGRAMS.get(key)
    if program is None:
        if len(PROGRAMS) >= MAX_PROGRAMS:
            PROGRAMS.clear()
        program = PROGRAMS[key] = Program(source, flags)
    return program
