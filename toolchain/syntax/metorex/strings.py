"""String-like literals: quotes, %-literals, symbols, regexps, characters, and the interpolation inside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from ..errors import Error
from .cursor import Failure
from .escapes import EscapeError, regexp_text, unescape, unescape_single
from .numbers import Numbers
from .tokens import CHARACTER, DQ, DSYM, GVAR, PERCENT, QUESTION, QUOTE, SLASH, SQ, SYM

if TYPE_CHECKING:
    from typing import NoReturn

    from .tokens import Lexeme, Scanner

_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_FLAGS = re.compile(r"[a-zA-Z]*").match
_PERCENT = re.compile(r"%([qQwWiIxrs]?)([^\w\0]|_)").match
_VARIABLE = re.compile(
    r"#(@@?(?:[A-Za-z_]|[^\x00-\x7f])\w*|\$(?:[A-Za-z_]\w*|[1-9][0-9]*|[~*$?!@/\\;,.=:<>&`'+0_]))"
).match
_WHITE: Scanner = re.compile(r"\s*").match  # type: ignore[assignment]

_special_cache: dict[str, re.Pattern[str]] = {}


def _special(chars: str) -> re.Pattern[str]:
    """The pattern that finds the next character of `chars`."""
    pattern = _special_cache.get(chars)
    if pattern is None:
        pattern = _special_cache[chars] = re.compile("[" + re.escape(chars) + "]")
    return pattern


class Strings(Numbers):
    """Literals whose text is scanned character by character."""

    # ---- plain literals, lexed whole ---------------------------------------------------------------------------------

    def plain_double(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(DQ)
        node = ast.StringLiteral(m[DQ][1:-1], start, end)
        self.op(end)
        return self.adjacent(node) if self.tok in "\"'" else node

    def plain_single(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(SQ)
        node = ast.StringLiteral(m[SQ][1:-1], start, end)
        self.op(end)
        return self.adjacent(node) if self.tok in "\"'" else node

    def plain_symbol(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(SYM)
        self.op(end)
        return ast.Symbol(m[SYM][1:], start, end)

    # ---- quotes ------------------------------------------------------------------------------------------------------

    def quoted(self, m: Lexeme, min_bp: int) -> ast.Node:
        return self.quoted_at(m.start(QUOTE))

    def quoted_at(self, start: int) -> ast.Node:
        """Read the string or command literal whose opening quote is at `start`, and those that follow it."""
        node = self.one_quoted(start)
        return self.adjacent(node) if self.tok in "\"'" and type(node) is not ast.XString else node

    def one_quoted(self, start: int) -> ast.Node:
        quote = self.source[start]
        if quote == "'":
            text, end = self.raw_text(start + 1, "", "'", start)
            node: ast.Node = ast.StringLiteral(unescape_single(text, "'", "'"), start, end)
        else:
            parts, end = self.interpolated(start + 1, "", quote, start)
            if quote == "`":
                node = ast.XString(parts, start, end)
            else:
                node = string_node(parts, start, end)
        self.op(end)
        return node

    def adjacent(self, node: ast.Node) -> ast.Node:
        """Join the string literals that follow `node` directly."""
        while self.tok == '"' or self.tok == "'":
            node = joined(node, self.one_quoted(self.tpos))
        return node

    def percent(self, m: Lexeme, min_bp: int) -> ast.Node:
        start = m.start(PERCENT)
        literal = _PERCENT(self.source, start)
        if literal is None:
            self.fail("unknown type of %string", start, start + 2)
        kind, opener = literal.groups()
        closer = _CLOSERS.get(opener, opener)
        if opener == closer:
            opener = ""
        pos = literal.end()
        node: ast.Node
        if kind in ("w", "W", "i", "I"):
            return self.words(pos, opener, closer, kind, start)
        if kind == "q" or kind == "s":
            text, end = self.raw_text(pos, opener, closer, start)
            value = unescape_single(text, opener, closer)
            node = ast.StringLiteral(value, start, end) if kind == "q" else ast.Symbol(value, start, end)
        elif kind == "r":
            return self.regexp_at(start, pos, opener, closer)
        else:
            parts, end = self.interpolated(pos, opener, closer, start)
            node = ast.XString(parts, start, end) if kind == "x" else string_node(parts, start, end)
        self.op(end)
        if kind not in ("x", "s") and self.tok in "\"'":
            return self.adjacent(node)
        return node

    def symbol(self, m: Lexeme, min_bp: int) -> ast.Node:
        """Read `:"text"`, `:'text'` or an operator symbol."""
        start, end = m.span(DSYM)
        text = m[DSYM][1:]
        node: ast.Node
        if text == '"':
            parts, end = self.interpolated(end, "", '"', start)
            node = symbol_node(parts, start, end)
        elif text == "'":
            raw, end = self.raw_text(end, "", "'", start)
            node = ast.Symbol(unescape_single(raw, "'", "'"), start, end)
        else:
            node = ast.Symbol("!" if text == "!@" else "~" if text == "~@" else text, start, end)
        self.op(end)
        return node

    def regexp(self, m: Lexeme, min_bp: int) -> ast.Node:
        start = m.start(SLASH)
        return self.regexp_at(start, start + 1, "", "/")

    def regexp_at(self, start: int, pos: int, opener: str, closer: str) -> ast.Node:
        parts, end = self.interpolated(pos, opener, closer, start, regexp=True)
        m = _FLAGS(self.source, end)
        assert m is not None
        flags = m[0]
        unknown = [flag for flag in flags if flag not in "imxounse"]
        if unknown:
            plural = "s" if len(unknown) > 1 else ""
            self.report(f"unknown regexp option{plural} - {''.join(unknown)}", m.start(), m.end())
        self.op(m.end())
        return ast.RegexLiteral(parts, flags, start, m.end())

    def character(self, m: Lexeme, min_bp: int) -> ast.Node:
        """Read `?x`."""
        start = m.start(QUESTION)
        source = self.source
        if start + 1 >= self.length:
            self.fail("incomplete character syntax", start, start + 1)
        if CHARACTER(source, start) is None:
            self.fail("unexpected '?'; expected an expression", start, start + 1)
        if source[start + 1] == "\\":
            escape = _CHARACTER_ESCAPE(source, start + 1)
            if escape is None or escape.end() > self.length:
                self.fail("incomplete character syntax", start, start + 2)
            end = escape.end()
            value = self.unescaped(escape[0], start + 1)
        else:
            end = start + 2
            value = source[start + 1]
        node = ast.StringLiteral(value, start, end)
        self.op(end)
        return self.adjacent(node) if self.tok in "\"'" else node

    # ---- scanning ----------------------------------------------------------------------------------------------------

    def raw_text(self, pos: int, opener: str, closer: str, start: int) -> tuple[str, int]:
        """Read text without interpolation; returns it as written and the position after `closer`."""
        source = self.source
        search = _special(opener + closer + "\\").search
        depth = 0
        chunk = i = pos
        before = ""
        while True:
            m = search(source, i, self.length)
            if m is None:
                self.unterminated(start)
            j = m.start()
            if chunk <= self.heredoc_nl < j:
                before += source[chunk : self.heredoc_nl + 1]
                chunk = i = self.heredoc_end
                continue
            char = source[j]
            if char == "\\" and closer != "\\":
                i = j + 2
            elif char == closer:
                if depth == 0:
                    return before + source[chunk:j], j + 1
                depth -= 1
                i = j + 1
            else:
                depth += 1
                i = j + 1

    def interpolated(
        self, pos: int, opener: str, closer: str, start: int, regexp: bool = False
    ) -> tuple[list[ast.Node], int]:
        """Read text with interpolation up to `closer`; returns its parts and the position after `closer`."""
        source = self.source
        search = _special(opener + closer + "\\#").search
        parts: list[ast.Node] = []
        depth = 0
        chunk = i = pos
        before = ""
        escaped = False
        while True:
            m = search(source, i, self.length)
            if m is None:
                self.unterminated(start)
            j = m.start()
            if chunk <= self.heredoc_nl < j:
                before += source[chunk : self.heredoc_nl + 1]
                chunk = i = self.heredoc_end
                continue
            char = source[j]
            if char == closer:
                if depth:
                    depth -= 1
                    i = j + 1
                    continue
            elif char == "\\":
                escaped = True
                i = j + 2
                continue
            elif char == opener:
                depth += 1
                i = j + 1
                continue
            elif not (source[j + 1] == "{" or (source[j + 1] in "@$" and _VARIABLE(source, j))):
                i = j + 1
                continue
            if j > chunk or before:
                text = before + source[chunk:j]
                if regexp:
                    text = regexp_text(text, opener, closer) if escaped else text
                elif escaped:
                    text = self.unescaped(text, chunk)
                parts.append(ast.StringLiteral(text, chunk, j))
                escaped = False
                before = ""
            if char == closer:
                return parts, j + 1
            node, chunk = self.interpolation(j)
            parts.append(node)
            i = chunk

    def interpolation(self, pos: int) -> tuple[ast.Node, int]:
        """Read `#{…}` or `#@x` at `pos`; returns the node and the position after it."""
        source = self.source
        if source[pos + 1] != "{":
            m = _VARIABLE(source, pos)
            assert m is not None
            return variable_node(m[1], pos + 1, m.end()), m.end()
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        self.pos = pos + 2
        body = self.statements()
        if self.tok != "}":
            self.unexpected("a `}` to close the embedded expression")
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        body.pos, body.end_pos = pos, self.tpos + 1
        return body, self.tpos + 1

    def words(self, pos: int, opener: str, closer: str, kind: str, start: int) -> ast.Node:
        """Read `%w[]`, `%W[]`, `%i[]` or `%I[]` up to the closer."""
        source = self.source
        interpolates = kind in "WI"
        search = re.compile(r"[\s\\" + ("#" if interpolates else "") + re.escape(opener + closer) + "]").search
        elements: list[ast.Node] = []
        depth = 0
        i = chunk = self.word_start(pos)
        parts: list[ast.Node] = []
        text = ""
        word = i

        def finish(end: int) -> None:
            nonlocal parts, text
            if text:
                parts.append(ast.StringLiteral(text, word, end))
            if parts:
                build = string_node if kind in "wW" else symbol_node
                elements.append(build(parts, word, end))
            parts, text = [], ""

        while True:
            m = search(source, i, self.length)
            if m is None:
                self.unterminated(start)
            j = m.start()
            char = source[j]
            text += source[chunk:j]
            chunk = i = j + 1
            if char == closer:
                if depth == 0:
                    finish(j)
                    self.op(j + 1)
                    return ast.Array(elements, start, j + 1)
                depth -= 1
                text += char
            elif char == "\\":
                escape = _CHARACTER_ESCAPE(source, j)
                if source[j + 1].isspace() or not interpolates or escape is None:
                    following = source[j + 1]
                    keep = following.isspace() or following in ("\\", opener, closer)
                    text += following if keep else "\\" + following
                    chunk = i = j + 2
                else:
                    text += self.unescaped(escape[0], j)
                    chunk = i = escape.end()
            elif char == opener:
                depth += 1
                text += char
            elif char == "#":
                if source[j + 1] == "{" or (source[j + 1] in "@$" and _VARIABLE(source, j)):
                    if text:
                        parts.append(ast.StringLiteral(text, word, j))
                        text = ""
                    node, chunk = self.interpolation(j)
                    parts.append(node)
                    i = chunk
                else:
                    text += char
            else:
                finish(j)
                word = i = chunk = self.word_start(j)

    def word_start(self, pos: int) -> int:
        """Skip the white space between words."""
        while True:
            end = _WHITE(self.source, pos).end()
            if not pos <= self.heredoc_nl < end:
                return min(end, self.length)
            pos = self.heredoc_end

    def unescaped(self, text: str, pos: int) -> str:
        """Return the value of `text`, which stands at `pos`."""
        try:
            return unescape(text)
        except EscapeError as error:
            self.report(str(error), pos + error.offset, pos + error.offset + 2)
            return text

    def unterminated(self, start: int) -> NoReturn:
        """Fail: the input ends inside the literal that begins at `start`."""
        opener = self.source[start]
        names = {"/": "regular expression", "`": "command string", "%": "%-literal", ":": "symbol"}
        name = names.get(opener, "string")
        raise Failure(Error(start, start + 1, f"unterminated {name} meets end of file", True))

    def global_variable(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(GVAR)
        self.op(end)
        return ast.GlobalVariable(m[GVAR][1:], start, end)


_CHARACTER_ESCAPE = re.compile(
    r"\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|u\{[^}]*\}|u[0-9a-fA-F]{4}"
    r"|(?:C-|c|M-)(?:\\(?:C-|c|M-))*(?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)|.)|.)",
    re.DOTALL,
).match


def string_node(parts: list[ast.Node], start: int, end: int) -> ast.Node:
    """Return a StringLiteral if nothing is interpolated."""
    if not parts:
        return ast.StringLiteral("", start, end)
    if len(parts) == 1 and type(parts[0]) is ast.StringLiteral:
        return ast.StringLiteral(parts[0].value, start, end)
    return ast.InterpolatedString(parts, start, end)


def symbol_node(parts: list[ast.Node], start: int, end: int) -> ast.Node:
    """Return a Symbol if nothing is interpolated."""
    if not parts:
        return ast.Symbol("", start, end)
    if len(parts) == 1 and type(parts[0]) is ast.StringLiteral:
        return ast.Symbol(parts[0].value, start, end)
    return ast.InterpolatedSymbol(parts, start, end)


def joined(left: ast.Node, right: ast.Node) -> ast.Node:
    """Concatenate two string nodes."""
    if type(left) is ast.StringLiteral and type(right) is ast.StringLiteral:
        return ast.StringLiteral(left.value + right.value, left.pos, right.end_pos)
    parts: list[ast.Node] = []
    for node in (left, right):
        for part in [node] if type(node) is ast.StringLiteral else node.parts:
            if parts and type(part) is ast.StringLiteral and type(parts[-1]) is ast.StringLiteral:
                last = parts.pop()
                part = ast.StringLiteral(last.value + part.value, last.pos, part.end_pos)
            parts.append(part)
    return ast.InterpolatedString(parts, left.pos, right.end_pos)


def variable_node(text: str, start: int, end: int) -> ast.Node:
    """Return the node of a variable with its sigil."""
    if text.startswith("@@"):
        return ast.ClassVariable(text[2:], start, end)
    if text.startswith("@"):
        return ast.InstanceVariable(text[1:], start, end)
    return ast.GlobalVariable(text[1:], start, end)
