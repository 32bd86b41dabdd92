"""One compilation unit: what its functions share while they are compiled."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from ...format.chunk import Function
from ..syntax.errors import Error, SyntaxErrors
from ..syntax.source import LineMap

if TYPE_CHECKING:
    from ..syntax.ast import Node
    from .options import Options

# 65,536 distinct local names need at least this many characters; a shorter source keeps temporaries narrow.
_MANY_LOCALS = 130_000


class Unit:
    """Source, options and the growing function table of one module."""

    __slots__ = (
        "source", "path", "options", "frozen_strings", "functions", "requires", "lines", "wide_temps", "debug",
        "hidden_names", "soft_names", "errors",
    )  # fmt: skip

    def __init__(self, source: str, path: str, options: Options, line: int = 1, frozen_strings: bool = False) -> None:
        self.source = source
        self.path = path
        self.options = options
        self.frozen_strings = frozen_strings
        self.functions: list[Function] = []
        self.requires: list[str] = []
        self.lines = LineMap(source, line)
        self.wide_temps = len(source) > _MANY_LOCALS
        self.debug = options.debug
        self.hidden_names = 0
        self.soft_names = False  # whether some `when` arm has soft names
        self.errors: list[Error] = []

    def error(self, node: Node, message: str) -> None:
        """Note a syntax error at `node`; compilation goes on to find others."""
        self.errors.append(Error(node.pos, node.end_pos, message))

    def check(self) -> None:
        """Raise the syntax errors that were noted."""
        if self.errors:
            self.errors.sort(key=lambda error: error.pos)
            raise SyntaxErrors(self.source, self.path, self.errors, self.lines.first_line)

    def add_function(self, name: str, kind: int, parent: int, discarded: bool) -> Function:
        """Enter a function into the table; its number precedes those of the functions inside it."""
        function = Function(len(self.functions), name, kind, parent)
        if not discarded:
            self.functions.append(function)
        return function

    def hidden_name(self) -> str:
        """Return a name for a hidden local that closures may capture; no identifier is spelled so."""
        self.hidden_names += 1
        return f"%{self.hidden_names}"

    def place(self, offsets: list[int]) -> list[tuple[int, int]]:
        """Turn character offsets into lines and columns; neighbours are mostly of one line."""
        if not self.source:
            return [(0, 0)] * len(offsets)
        starts = self.lines.starts
        first_line = self.lines.first_line
        line = start = end = 0
        positions = []
        for offset in offsets:
            if not start <= offset < end:
                index = bisect_right(starts, offset)
                line = index - 1 + first_line
                start = starts[index - 1]
                end = starts[index] if index < len(starts) else offset + 1
            positions.append((line, offset - start + 1))
        return positions
