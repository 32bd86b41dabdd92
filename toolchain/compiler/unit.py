"""One compilation unit: what its functions share while they are compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...format.chunk import Function
from ..syntax.errors import Error, SyntaxErrors
from ..syntax.source import LineMap

if TYPE_CHECKING:
    from ..syntax.ast import Node
    from .options import Options

# 65,536 distinct local names need at least this many characters; a shorter source keeps temporaries narrow.
_MANY_LOCALS = 130_000


class _Positions(dict[int, tuple[int, int]]):
    """(line, column) by character offset, looked up once each."""

    def __init__(self, lines: LineMap) -> None:
        super().__init__()
        self.lines = lines

    def __missing__(self, offset: int) -> tuple[int, int]:
        position = self[offset] = self.lines.position(offset)
        return position


class Unit:
    """Source, options and the growing function table of one module."""

    __slots__ = ("source", "path", "options", "frozen_strings", "functions", "requires", "lines", "positions",
                 "wide_temps", "debug", "hidden_names", "soft_names", "errors")  # fmt: skip

    def __init__(self, source: str, path: str, options: Options, line: int = 1, frozen_strings: bool = False) -> None:
        self.source = source
        self.path = path
        self.options = options
        self.frozen_strings = frozen_strings
        self.functions: list[Function] = []
        self.requires: list[str] = []
        self.lines = LineMap(source, line)
        self.positions = _Positions(self.lines)
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
        """Turn character offsets into lines and columns."""
        if not self.source:
            return [(0, 0)] * len(offsets)
        positions: Any = self.positions
        return [positions[offset] for offset in offsets]
