"""Where in a source text: offsets to lines and columns."""

from __future__ import annotations

from bisect import bisect_right


class LineMap:
    """Lines of one source text. Lines and columns start at 1, columns count characters.

    `first_line` is the number of the first line (an `eval` may start elsewhere).
    """

    __slots__ = ("source", "starts", "first_line")

    def __init__(self, source: str, first_line: int = 1) -> None:
        self.source = source
        self.first_line = first_line
        starts = [0]
        find = source.find
        newline = find("\n")
        while newline >= 0:
            starts.append(newline + 1)
            newline = find("\n", newline + 1)
        self.starts = starts

    def line(self, offset: int) -> int:
        """Return the line number of a character offset."""
        return bisect_right(self.starts, offset) - 1 + self.first_line

    def position(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of a character offset."""
        index = bisect_right(self.starts, offset) - 1
        return index + self.first_line, offset - self.starts[index] + 1

    def text(self, line: int) -> str:
        """Return a line's text without its line end; empty outside of the source."""
        index = line - self.first_line
        if not 0 <= index < len(self.starts):
            return ""
        end = self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(self.source)
        return self.source[self.starts[index] : end].rstrip("\r")
