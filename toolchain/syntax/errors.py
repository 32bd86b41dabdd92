"""Syntax errors: what the parser found, and how it is shown (language reference, section 4.5)."""

from __future__ import annotations

from .source import LineMap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_ERRORS = 20
_CONTEXT_LINES = 2
_WIDTH = 240  # characters of a line that are shown, around the first error in it
_UNPRINTABLE = {code: 0xFFFD for code in (*range(32), 127) if code != 9}  # a terminal might obey them


class Error:
    """One error at the character offsets pos..end; `incomplete`: more input could have avoided it."""

    __slots__ = ("pos", "end", "message", "incomplete")

    def __init__(self, pos: int, end: int, message: str, incomplete: bool = False) -> None:
        self.pos = pos
        self.end = end
        self.message = message
        self.incomplete = incomplete

    def __repr__(self) -> str:
        return f"Error({self.pos}, {self.end}, {self.message!r}, incomplete={self.incomplete})"


class SyntaxErrors(Exception):
    """A source text that does not parse; `errors` is never empty and in source order."""

    def __init__(self, source: str, path: str, errors: Sequence[Error], line: int = 1) -> None:
        super().__init__(errors[0].message)
        self.source = source
        self.path = path
        self.errors = list(errors)
        self.line = line

    @property
    def incomplete(self) -> bool:
        """True if the text may be the beginning of a program: the first error is the end of input."""
        return self.errors[0].incomplete

    def report(self) -> str:
        """Return the message of the SyntaxError (without the class suffix)."""
        return format_syntax_errors(self.source, self.path, self.errors, self.line)


def format_syntax_errors(source: str, path: str, errors: Sequence[Error], first_line: int = 1) -> str:
    """Return the report of `errors` (at least one) with source lines and markers, without a final newline.

    Layout, for an error in line 3:

        FILE:3: syntax error found
          1 | a = 1
          2 | b = 2
        > 3 | puts )
            |      ^ unexpected ')'; expected an expression
    """
    lines = LineMap(source, first_line)
    by_line: dict[int, list[tuple[int, Error]]] = {}
    for error in sorted(errors, key=lambda item: item.pos):
        line, column = _visible_position(lines, min(error.pos, len(source)))
        by_line.setdefault(line, []).append((column, error))
    shown = sorted(
        {
            number
            for line in by_line
            for number in range(line - _CONTEXT_LINES, line + _CONTEXT_LINES + 1)
            if first_line <= number < first_line + _count_lines(source, lines)
        }
        | set(by_line)
    )
    width = len(str(shown[-1]))
    plural = "s" if len(errors) > 1 else ""
    out = [f"{path}:{min(by_line)}: syntax error{plural} found"]
    previous = shown[0] - 1
    for number in shown:
        if number != previous + 1:
            out.append("  " + "~" * (width + 2))
        previous = number
        found = by_line.get(number, [])
        text, cut = _excerpt(lines.text(number), found[0][0] if found else 1)
        mark = "> " if found else "  "
        out.append(f"{mark}{number:>{width}} | {text}".rstrip())
        for column, error in found:
            column = min(column - cut, _WIDTH)
            indent = "".join("\t" if char == "\t" else " " for char in text[: column - 1]).ljust(column - 1)
            length = min(error.end - error.pos, len(text) - column + 1)
            marker = "^" + "~" * max(length - 1, 0)
            out.append(f"  {'':>{width}} | {indent}{marker} {error.message}")
    return "\n".join(out)


def _excerpt(text: str, column: int) -> tuple[str, int]:
    """Return what is shown of a line with an error at `column`, and how many characters before that are not."""
    cut = max(0, column - _WIDTH // 2) if len(text) > _WIDTH else 0
    return text[cut : cut + _WIDTH].translate(_UNPRINTABLE), cut


def _count_lines(source: str, lines: LineMap) -> int:
    """A final line end does not begin another line worth showing."""
    return len(lines.starts) - (1 if source.endswith("\n") and len(lines.starts) > 1 else 0)


def _visible_position(lines: LineMap, offset: int) -> tuple[int, int]:
    """Move an error at the end of input from the empty last line to the end of the last line with text."""
    source = lines.source
    if offset >= len(source):
        offset = len(source)
        while offset > 0 and source[offset - 1] in " \t\r\n":
            offset -= 1
        if offset == 0:
            return lines.first_line, 1
    return lines.position(offset)
