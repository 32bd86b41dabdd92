"""Heredocs: `<<A`, `<<-A`, `<<~A`, plain or quoted, several on one line.

The bodies begin on the line after the one with the tags. When a tag is met its body is read at once; `heredoc_nl` and
`heredoc_end` tell the cursor that the text goes on behind the body when it comes to that line's newline.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from ..errors import Error
from .cursor import Failure
from .strings import _VARIABLE, Strings, string_node
from .tokens import HEREDOC, SPACES

if TYPE_CHECKING:
    from typing import NoReturn

    from .tokens import Lexeme, Matcher

_TAG = re.compile(r"<<([~\-]?)(?:([\"'`])([^\n]*?)\2|((?:[A-Za-z_]|[^\x00-\x7f])\w*(?:[^\x00-\x7f]\w*)*))").match
_SPECIAL = re.compile(r"[\\#\n]").search


class _Line:
    """The start of one line of a body: raw text up to the first interpolation or the line's end."""

    __slots__ = ("text", "pos", "begins_line", "complete")

    def __init__(self, text: str, pos: int, begins_line: bool, complete: bool) -> None:
        self.text = text
        self.pos = pos
        self.begins_line = begins_line
        self.complete = complete  # nothing is interpolated into this line


class Heredocs(Strings):
    """Here documents."""

    def heredoc(self, m: Lexeme, min_bp: int) -> ast.Node:
        start = m.start(HEREDOC)
        source = self.source
        tag = _TAG(source, start)
        if tag is None:
            self.fail("unterminated here document identifier", start, start + 3)
        style, quote, quoted_name, name = tag.groups()
        name = quoted_name if name is None else name
        tag_end = tag.end()
        newline = source.find("\n", tag_end, self.length)
        if newline < 0:
            self.no_terminator(start, tag_end, name)
        body = self.heredoc_end if newline == self.heredoc_nl else newline + 1
        terminator = re.compile(("[ \t]*" if style else "") + re.escape(name) + r"\r?(?=\n|\0)").match
        pending = self.heredoc_nl
        if quote == "'":
            items, end = self.raw_lines(body, terminator)
        else:
            self.heredoc_nl = -1
            items, end = self.interpolated_lines(body, terminator)
            self.heredoc_nl = pending
        if end < 0:
            self.no_terminator(start, tag_end, name)
        if style == "~":
            dedent(items)
        parts = self.joined_lines(items, raw=quote == "'")
        self.heredoc_nl = newline
        self.heredoc_end = end
        node: ast.Node
        if quote == "`":
            node = ast.XString(parts, start, tag_end)
        else:
            node = string_node(parts, start, tag_end)
        self.op(tag_end)
        return self.adjacent(node) if self.tok in "\"'" else node

    def no_terminator(self, start: int, end: int, name: str) -> NoReturn:
        """Fail: the body never ends."""
        message = f'unterminated heredoc; can\'t find string "{name}" anywhere before EOF'
        raise Failure(Error(start, end, message, True))

    def raw_lines(self, pos: int, terminator: Matcher) -> tuple[list[_Line | ast.Node], int]:
        """Return the lines up to the terminator and the position after it, -1 if there is none."""
        source = self.source
        lines: list[_Line | ast.Node] = []
        while pos < self.length:
            m = terminator(source, pos)
            if m is not None:
                return lines, min(m.end() + 1, self.length)
            newline = source.find("\n", pos, self.length)
            end = newline + 1 if newline >= 0 else self.length
            lines.append(_Line(source[pos:end], pos, True, True))
            pos = end
        return lines, -1

    def interpolated_lines(self, pos: int, terminator: Matcher) -> tuple[list[_Line | ast.Node], int]:
        """The same with `#{…}`: the items are stretches of raw text and nodes."""
        source = self.source
        items: list[_Line | ast.Node] = []
        while pos < self.length:
            m = terminator(source, pos)
            if m is not None:
                return items, min(m.end() + 1, self.length)
            chunk = i = pos
            begins_line = True
            while True:
                special = _SPECIAL(source, i, self.length)
                if special is None:
                    items.append(_Line(source[chunk : self.length], chunk, begins_line, begins_line))
                    pos = self.length
                    break
                j = special.start()
                char = source[j]
                if char == "\\":
                    i = j + 2
                    if source[j + 1] == "\n":  # the next line belongs to this one, but the terminator is looked for
                        items.append(_Line(source[chunk:i], chunk, begins_line, begins_line))
                        pos = i
                        break
                elif char == "\n":
                    items.append(_Line(source[chunk : j + 1], chunk, begins_line, begins_line))
                    pos = self.heredoc_end if j == self.heredoc_nl else j + 1
                    break
                elif source[j + 1] == "{" or (source[j + 1] in "@$" and _VARIABLE(source, j)):
                    if begins_line or j > chunk:
                        items.append(_Line(source[chunk:j], chunk, begins_line, False))
                    begins_line = False
                    node, chunk = self.interpolation(j)
                    items.append(node)
                    i = chunk
                else:
                    i = j + 1
        return items, -1

    def joined_lines(self, items: list[_Line | ast.Node], raw: bool) -> list[ast.Node]:
        """Merge neighbouring text and resolve escapes."""
        parts: list[ast.Node] = []
        text = ""
        pos = 0
        for item in [*items, None]:
            if isinstance(item, _Line):
                if not text:
                    pos = item.pos
                text += item.text
                continue
            if text:
                value = text if raw or "\\" not in text else self.unescaped(text, pos)
                if value or item is not None:
                    parts.append(ast.StringLiteral(value, pos, pos + len(text)))
                text = ""
            if item is not None:
                parts.append(item)
        return parts


def _width(indent: str) -> int:
    """Columns of an indentation; a tab goes to the next multiple of eight."""
    width = 0
    for char in indent:
        width = (width // 8 + 1) * 8 if char == "\t" else width + 1
    return width


def dedent(items: list[_Line | ast.Node]) -> None:
    """Remove the smallest indentation of all lines from the raw text (`<<~`).

    Lines of white space alone do not count. A line after a backslash-newline is a continuation but has an indentation.
    """
    smallest = -1
    for item in items:
        if isinstance(item, _Line) and item.begins_line:
            indent = SPACES(item.text, 0)[0]
            if item.complete and item.text[len(indent) :] in ("\n", "\r\n", ""):
                continue
            width = _width(indent)
            if smallest < 0 or width < smallest:
                smallest = width
    if smallest <= 0:
        return
    for item in items:
        if isinstance(item, _Line) and item.begins_line:
            item.text = _without_indent(item.text, smallest)


def _without_indent(text: str, columns: int) -> str:
    """Remove up to `columns` columns of leading white space; a tab that reaches further stays."""
    width = 0
    for index, char in enumerate(text):
        if width >= columns or char not in " \t":
            return text[index:]
        advanced = (width // 8 + 1) * 8 if char == "\t" else width + 1
        if advanced > columns:
            return text[index:]
        width = advanced
    return ""
