"""Arguments of calls with and without parentheses, elements of arrays, entries of hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ast
from ..ast import Constant, Identifier
from .assignments import Assignments
from .tokens import (
    CONST,
    DOTS,
    DQ,
    LIST_ARG,
    LIST_COMMAND,
    NEWLINE,
    OPERAND,
    OTHER,
    QUOTE,
    SQ,
    STAR,
    TERMINATORS,
    UNICODE,
    WORD,
)

if TYPE_CHECKING:
    from .tokens import Lexeme

_NO_VALUE = TERMINATORS | frozenset(("then", "and", "or"))
_STRING_KINDS = frozenset((DQ, SQ, QUOTE))
_LABELS = (ast.StringLiteral, ast.InterpolatedString)
_NAMES = frozenset((WORD, CONST, UNICODE))


class Arguments(Assignments):
    """Lists of values. `last_end` is where the parenthesis ends that `paren_arguments` read last."""

    last_end = 0

    def paren_arguments(self, opening: int) -> list[ast.Node]:
        """Read `(…)` at `opening`, then the next token. `last_end` is where the parenthesis ends."""
        if self.source[opening + 1] == ")":
            self.last_end = opening + 2
            self.op(opening + 2)
            return []
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        self.pos = opening + 1
        arguments = self.arguments(")", LIST_COMMAND)
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        self.last_end = close = self.pos
        self.op(close)
        return arguments

    def arguments(self, closer: str, first_bp: int, one: bool = False) -> list[ast.Node]:
        """Read arguments or array elements up to `closer`; none ("") for a command call (with `one` argument).

        Ends with the closer, or the token after a command call's last argument, as current token.
        """
        source = self.source
        found: list[ast.Node] = []
        entries: list[ast.Node] | None = None
        min_bp = first_bp
        while True:
            m = OPERAND(source, self.pos)
            kind = m.lastindex
            if kind == NEWLINE:
                m = self.operand()
                kind = m.lastindex
            entry = None
            if kind in _NAMES:
                end = m.end()
                if source[end] == ":" and source[end + 1] != ":":
                    entry = self.label_entry(m[kind], m.start(kind), end)
            elif kind == STAR:
                node = self.starred(m, closer)
                if type(node) is ast.KeywordSplat:
                    entry = node
                else:
                    if entries is not None and type(node) is ast.Splat:
                        self.report("unexpected `*` splat argument after keyword arguments", node.pos, node.end_pos)
                    found.append(node)
                    if self.tok != ",":
                        break
                    min_bp = LIST_ARG
                    if type(node) is ast.BlockArg and not (closer and self.trailing_comma(closer)):
                        self.report("unexpected argument after a block argument", node.pos, node.end_pos)
                    continue
            elif kind == OTHER and m[OTHER] == closer and source[m.start(OTHER)] == closer:
                self.tok = closer
                self.tpos, self.pos = m.span(OTHER)
                return found
            elif kind == DOTS and m[DOTS] == "..." and self.forwards_all(m):
                start, end = m.span(DOTS)
                found.append(ast.ForwardArgs(start, end))
                break
            if entry is None:
                node = self.expression(min_bp, m)
                tok = self.tok
                if tok == "=>":
                    entry = self.pair(node)
                elif tok == ":" and kind in _STRING_KINDS and type(node) in _LABELS and self.tpos == node.end_pos:
                    entry = self.string_label(node)
                else:
                    found.append(node)
            if entry is not None:
                if entries is None:
                    entries = []
                    found.append(ast.Dictionary(entries, False, entry.pos, entry.end_pos))
                entries.append(entry)
                found[-1].end_pos = entry.end_pos
            elif entries is not None:
                self.report("unexpected argument after keyword arguments", node.pos, node.end_pos)
            if self.tok != "," or one:
                break
            min_bp = LIST_ARG
        if closer and not self.closed_by(closer):
            self.unexpected(f"a `,` or a `{closer}` after an argument")
        return found

    def trailing_comma(self, closer: str) -> bool:
        """Does `closer` follow the comma that has just been read?"""
        return self.source.startswith(closer, self.skip_newlines(self.pos))

    def forwards_all(self, m: Lexeme) -> bool:
        """Is this `...` the argument of `f(...)`? Then read the token after it."""
        end = m.end()
        following = OPERAND(self.source, end)
        if following is not None and following.lastindex == OTHER and following[OTHER] in ")]":
            if "..." not in self.scope.forwards:
                self.report("unexpected ... when the parent method is not forwarding", m.start(DOTS), end)
            self.op(end)
            return True
        return False

    def label_entry(self, name: str, start: int, end: int) -> ast.Node:
        """Read `name: value` or `name:`; `end` is where the colon stands."""
        key = ast.Symbol(name, start, end + 1)
        m = self.entry_value(end + 1)
        if m is None:
            if name[-1] in "?!":
                self.fail("identifier expected", start, end)
            return ast.DictionaryEntry(key, self.name_value(name, start, end), True, start, end + 1)
        value = self.expression(LIST_ARG, m)
        return ast.DictionaryEntry(key, value, False, start, value.end_pos)

    def entry_value(self, pos: int) -> Lexeme | None:
        """Match the value after a label that ends at `pos`; None if it is omitted, with the next token read."""
        self.pos = pos
        m = self.operand()
        kind = m.lastindex
        if kind == OTHER or (kind == WORD and (m[WORD] in _NO_VALUE or (m[WORD] == "do" and self.no_do))):
            self.op(pos)
            return None
        return m

    def name_value(self, name: str, start: int, end: int) -> ast.Node:
        """The value that `{name:}` stands for."""
        if name[0].isupper():
            return Constant(name, start, end)
        kind = "local" if name in self.locals else "soft" if name in self.soft else "call"
        return Identifier(name, kind, start, end)

    def pair(self, key: ast.Node) -> ast.Node:
        """Read `=> value` after `key`."""
        self.pos = self.skip_newlines(self.pos)
        value = self.expression(LIST_ARG)
        return ast.DictionaryEntry(key, value, False, key.pos, value.end_pos)

    def string_label(self, node: ast.Node) -> ast.Node:
        """Read `"text": value`; the current token is the colon."""
        key: ast.Node
        if type(node) is ast.StringLiteral:
            key = ast.Symbol(node.value, node.pos, self.pos)
        else:
            key = ast.InterpolatedSymbol(node.parts, node.pos, self.pos)
        m = self.entry_value(self.pos)
        if m is None:
            if type(node) is not ast.StringLiteral:
                self.unexpected("a value")
            value = self.name_value(node.value or "?", node.pos, node.end_pos)
            return ast.DictionaryEntry(key, value, True, node.pos, key.end_pos)
        value = self.expression(LIST_ARG, m)
        return ast.DictionaryEntry(key, value, False, node.pos, value.end_pos)

    def starred(self, m: Lexeme, closer: str) -> ast.Node:
        """Read `*x`, `**x`, `&x`, or the anonymous forms in a method that has such parameters."""
        operator = m[STAR]
        start, end = m.span(STAR)
        node_class = {"*": ast.Splat, "**": ast.KeywordSplat, "&": ast.BlockArg}[operator]
        following = OPERAND(self.source, end)
        assert following is not None
        if following.lastindex == NEWLINE:
            self.pos = end
            following = self.operand()
        if following.lastindex == OTHER or (following.lastindex == WORD and following[WORD] in TERMINATORS):
            if operator not in self.scope.forwards:
                what = {"*": "rest", "**": "keyword rest", "&": "block"}[operator]
                self.report(f"no anonymous {what} parameter", start, end)
            self.op(end)
            return node_class(None, start, end)
        value = self.expression(LIST_ARG, following)
        return node_class(value, start, value.end_pos)

    def hash_entries(self) -> list[ast.Node]:
        """Read the entries of a `{ }` literal; ends with `}` as current token."""
        source = self.source
        entries: list[ast.Node] = []
        while True:
            m = self.operand()
            kind = m.lastindex
            end = m.end()
            if kind in _NAMES and source[end] == ":" and source[end + 1] != ":":
                entries.append(self.label_entry(m[kind], m.start(kind), end))
            elif kind == OTHER and m[OTHER] == "}":
                self.tok = "}"
                self.tpos, self.pos = m.span(OTHER)
                return entries
            elif kind == STAR and m[STAR] == "**":
                entries.append(self.starred(m, "}"))
            else:
                node = self.expression(LIST_ARG, m)
                if self.tok == "=>":
                    entries.append(self.pair(node))
                elif self.tok == ":" and kind in _STRING_KINDS and type(node) in _LABELS and self.tpos == node.end_pos:
                    entries.append(self.string_label(node))
                else:
                    self.unexpected("a `=>` between the key and the value")
            if self.tok != ",":
                if not self.closed_by("}"):
                    self.unexpected("a `}` to close the hash literal")
                return entries
