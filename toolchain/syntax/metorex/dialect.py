"""The dialect's statements: patterns in `when`, `match`, `continue`, type annotations (language reference 1.7-1.10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from .arrows import Arrows
from .tokens import (
    ARG,
    ASSIGN,
    BRACE,
    BRACKET,
    CONST,
    DOTS,
    DQ,
    EXPRESSION,
    IDENTIFIER,
    LIST_ARG,
    OPERAND,
    OTHER,
    QUOTE,
    RESERVED,
    SPACES,
    SQ,
    STAR,
    STATEMENT,
    SYM,
    UNICODE,
    WORD,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tokens import Lexeme

_CLAUSE_END = frozenset((",", "\n", ";", "then", "if", "unless"))
_ELEMENT_END = frozenset((",", "\n", "]", "}"))
_DEF_CONTINUE = re.compile(r"\bdef[ \t]+(?:self[ \t]*\.[ \t]*)?continue\b").search
_TYPE_NAME = re.compile(
    r"(?:::)?(?:[A-Z]\w*|(?:int|float|str|string|bool|list|dict|any|none|void|self|nil)(?![\w?!]))(?:::[A-Z]\w*)*"
).match
_TYPE_START = re.compile(
    r"[ \t]*(?:::)?(?:[A-Z(]|(?:int|float|str|string|bool|list|dict|any|none|void|self|nil)(?![\w?!(]))"
).match
_EQUALS = re.compile(r"[ \t]*=(?![=~>])").match


class Dialect(Arrows):
    """What Metorex adds to Ruby's statements."""

    # ---- case … when and match ---------------------------------------------------------------------------------------

    def when_cases(self, patterns: bool, hard: bool) -> tuple[list[ast.Node], ast.Node | None]:
        """Read `when` clauses and the else; the current token is the first `when`.

        `patterns`: there is a subject, so items are patterns; `hard`: every name in them binds (`match`).
        """
        cases: list[ast.Node] = []
        while self.tok == "when":
            start, items_pos = self.tpos, self.pos
            items = self.when_items(patterns, hard)
            guarded = self.tok == "if" or self.tok == "unless"
            if guarded and not hard and patterns:  # a guard makes the clause hard: read its items once more
                self.pos = items_pos
                items = self.when_items(patterns, True)
            names = [node for item in items for node in bound_names(item)] if patterns else []
            shadowed, soft = self.open_arm(names)
            guard = self.guard() if guarded else None
            self.end_of_items()
            self.in_when = not hard
            body = self.statements()
            self.in_when = False
            self.locals -= shadowed
            self.soft = soft
            cases.append(ast.MatchCase(items, guard, body, start, body.end_pos))
        else_case = self.statements() if self.tok == "else" else None
        return cases, else_case

    def open_arm(self, names: list[tuple[str, bool]]) -> tuple[set[str], frozenset[str]]:
        """Make an arm's names visible; returns the new locals to remove and the soft names to restore afterwards."""
        soft = self.soft
        fresh = {name for name, is_soft in names if not is_soft} - self.locals
        self.locals |= fresh
        self.soft = soft | {name for name, is_soft in names if is_soft}
        return fresh, soft

    def when_items(self, patterns: bool, hard: bool) -> list[ast.Node]:
        """Read the items of one clause."""
        items: list[ast.Node] = []
        while True:
            m = self.operand()
            if m.lastindex == STAR and m[STAR] == "*":
                splat = self.splat_value(m)
                items.append(ast.ValuePattern(splat, splat.pos, splat.end_pos))
            elif patterns:
                items.append(self.when_item(m, hard, _CLAUSE_END, ARG))
            else:
                value = self.expression(ARG, m)
                items.append(ast.ValuePattern(value, value.pos, value.end_pos))
            if self.tok != ",":
                return items

    def when_item(self, m: Lexeme, hard: bool, ends: frozenset[str], min_bp: int) -> ast.Node:
        """Read one item, element or entry value; a token of `ends` follows it."""
        kind = m.lastindex
        start, end = m.span(kind)
        if kind in (WORD, UNICODE):
            name = m[kind]
            if name not in RESERVED and name[-1] not in "?!" and not name[0].isupper():
                self.op(end)
                if self.tok in ends:
                    return self.when_name(name, start, end, hard)
        elif kind in (BRACKET, BRACE):
            read = self.array_elements if kind == BRACKET else self.object_entries
            failed = ("when_item", -start if hard else start)  # known if the surroundings are read a second time
            node = None if failed in self.probed else self.attempt(self.whole_pattern, read, start, end, hard, ends)
            if node is None:
                self.probed[failed] = False
            else:
                for inner in node.walk():
                    if type(inner) is ast.ArrayPattern and any(type(x) is ast.RestPattern for x in inner.suffix):
                        message = "only one rest pattern is allowed in an array pattern"
                        self.report(message, inner.pos, inner.end_pos)
                return node
        elif kind == OTHER and m[OTHER] == "^":
            return self.pinned(start, end, False)
        value = self.expression(min_bp, m)
        return ast.ValuePattern(value, value.pos, value.end_pos)

    def whole_pattern(
        self, read: Callable[[int, bool], ast.Node], start: int, end: int, hard: bool, ends: frozenset[str]
    ) -> ast.Node | None:
        """Read a bracketed pattern if it is the whole item."""
        self.pos = end
        saved = self.nested()
        node = read(start, hard)
        self.no_do, self.no_brace, self.in_when = saved
        return node if self.tok in ends else None

    def when_name(self, name: str, start: int, end: int, hard: bool) -> ast.Node:
        """A bare name: `_`, a binder, a value, or a soft name that is decided at run time."""
        if name == "_":
            return ast.WildcardPattern(start, end)
        if hard:
            return ast.IdentifierPattern(name, False, start, end)
        if name in self.locals or name in self.soft:
            return ast.ValuePattern(self.name_value(name, start, end), start, end)
        return ast.IdentifierPattern(name, True, start, end)

    def array_elements(self, start: int, hard: bool) -> ast.Node:
        """Read `a, [b], ...rest]` after the bracket."""
        elements: list[ast.Node] = []
        at: int | None = None
        while True:
            m = self.operand()
            kind = m.lastindex
            if kind == OTHER and m[OTHER] == "]":
                self.pos = m.end()
                break
            rest = self.rest_binder(m, hard) if kind in (DOTS, STAR) else None
            if rest is not None:
                at = len(elements) if at is None else at
                elements.append(rest)
            else:
                elements.append(self.when_item(m, hard, _ELEMENT_END, LIST_ARG))
            if self.tok != ",":
                if not self.closed_by("]"):
                    self.unexpected("a `]`")
                break
        end = self.pos
        self.op(end)
        if at is None:
            return ast.ArrayPattern(None, elements, None, [], start, end)
        return ast.ArrayPattern(None, elements[:at], elements[at], elements[at + 1 :], start, end)

    def rest_binder(self, m: Lexeme, hard: bool) -> ast.Node | None:
        """Read `...name`, `...` (or `*name` in a hard place); None if it is a value."""
        kind = m.lastindex
        start, end = m.span(kind)
        if m[kind] != "..." and not (m[kind] == "*" and hard):
            return None
        name = IDENTIFIER(self.source, end)
        stop = end if name is None else name.end()
        self.op(stop)
        if self.tok not in _ELEMENT_END or (name is not None and name[1] in RESERVED):
            return None
        return ast.RestPattern(name[1] if name is not None else None, start, stop)

    def object_entries(self, start: int, hard: bool) -> ast.Node:
        """Read `name, age: n, "key" => v, ...rest}` after the brace."""
        entries: list[ast.Node] = []
        rest: ast.Node | None = None
        while True:
            m = self.operand()
            kind = m.lastindex
            if kind == OTHER and m[OTHER] == "}":
                self.pos = m.end()
                break
            if kind in (DOTS, STAR):
                rest = self.object_rest_binder(m)
                if not self.closed_by("}"):
                    self.unexpected("a `}`")
                break
            entries.append(self.when_entry(m, hard))
            if self.tok != ",":
                if not self.closed_by("}"):
                    self.unexpected("a `}`")
                break
        end = self.pos
        self.op(end)
        return ast.ObjectPattern(None, entries, rest, start, end)

    def object_rest_binder(self, m: Lexeme) -> ast.Node:
        kind = m.lastindex
        start, end = m.span(kind)
        if m[kind] not in ("...", "**"):
            self.unexpected_at(start, end, m[kind], "a key")
        name = IDENTIFIER(self.source, end)
        stop = end if name is None else name.end()
        self.op(stop)
        return ast.RestPattern(name[1] if name is not None else None, start, stop)

    def when_entry(self, m: Lexeme, hard: bool) -> ast.Node:
        """Read one entry of an object pattern."""
        source = self.source
        kind = m.lastindex
        start, end = m.span(kind)
        text = m[kind]
        key: ast.Node
        if kind in (WORD, UNICODE, CONST):
            key = ast.Identifier(text, "call", start, end)
            if source[end] == ":" and source[end + 1] != ":":
                value = self.entry_value(end + 1)
                if value is None:
                    if text in RESERVED or text[-1] in "?!" or text[0].isupper():
                        self.unexpected("a pattern")
                    pattern = self.when_name(text, start, end, hard)
                    return ast.ObjectPatternEntry(key, pattern, start, end + 1)
                pattern = self.when_item(value, hard, _ELEMENT_END, LIST_ARG)
                return ast.ObjectPatternEntry(key, pattern, start, pattern.end_pos)
            if kind == CONST or text in RESERVED or text[-1] in "?!":
                self.unexpected_at(start, end, text, "a key")
            self.op(end)
            if self.tok not in _ELEMENT_END:
                self.unexpected("a `}`")
            return ast.ObjectPatternEntry(key, ast.IdentifierPattern(text, False, start, end), start, end)
        if kind in (DQ, SQ, QUOTE) and text[0] != "`":
            key = self.quoted_at(start)
            if type(key) is not ast.StringLiteral or self.tok not in (":", "=>"):
                self.unexpected("a `:` or `=>`")
        elif kind == SYM:
            key = ast.Symbol(text[1:], start, end)
            self.op(end)
            if self.tok != "=>":
                self.unexpected("a `=>`")
        else:
            self.unexpected_at(start, end, text, "a key")
        pattern = self.when_item(self.operand(), hard, _ELEMENT_END, LIST_ARG)
        return ast.ObjectPatternEntry(key, pattern, start, pattern.end_pos)

    def match_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`match subject` + `when …`; every other `match` is an ordinary name."""
        if "match" in self.locals or self.in_when or self.source[end] not in " \t(":
            return self.identifier("match", start, end, min_bp)
        if not self.probe(self.match_head, end):
            return self.identifier("match", start, end, min_bp)
        saved = self.nested()
        subject = self.match_head(end)
        assert subject is not None
        cases, else_case = self.when_cases(True, True)
        close = self.finish(saved, "match")
        return ast.Match(subject, cases, else_case, start, close)

    def match_head(self, end: int) -> ast.Node | None:
        """Read the subject and the first `when`, which becomes the current token."""
        self.nested()
        m = OPERAND(self.source, end)
        if m is None or m.lastindex == OTHER:
            return None
        self.pos = end
        subject = self.expression(EXPRESSION, m)
        if self.tok == "\n" or self.tok == ";":
            self.op(self.skip_separators(self.pos))
        return subject if self.tok == "when" else None

    # ---- continue ----------------------------------------------------------------------------------------------------

    def continue_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`continue` is `next` inside loops and blocks, unless the file defines a method of that name."""
        node = self.identifier("continue", start, end, min_bp)
        if type(node) is not ast.Identifier or node.kind != "call":
            return node
        if min_bp == ASSIGN or (min_bp == STATEMENT and self.tok == ","):
            return node
        scope = self.scope
        if not scope.loops and scope.kind not in ("block", "lambda"):
            self.stray_continue = start  # unless `while` follows the statement: see `modifier`
            return node
        if self.tok in ("=", ".", "&.", "{", "[", "::") or self.tok[-1] == "=" or (self.tok == "do" and not self.no_do):
            return node
        if self.defines_continue is None:
            self.defines_continue = _DEF_CONTINUE(self.source) is not None
        return node if self.defines_continue else ast.Continue(None, "continue", start, end)

    defines_continue: bool | None = None

    # ---- annotations -------------------------------------------------------------------------------------------------

    def annotated_assignment(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        """`name: Type = value`; the current token is the colon."""
        if not self.is_target(left) or type(left) in (ast.Grouped, ast.MultipleTarget, ast.Index):
            return None
        pos, tok, tpos = self.pos, self.tok, self.tpos
        annotation = self.try_type(self.pos)
        if annotation is None or self.tok != "=":
            self.pos, self.tok, self.tpos = pos, tok, tpos
            return None
        op_pos = self.tpos
        target = self.assignment_target(left)
        self.pos = self.skip_newlines(self.pos)
        value = self.assigned_value(min_bp)
        return ast.Assignment(target, value, annotation, left.pos, value.end_pos, op_pos)

    def annotation_follows(self) -> bool:
        """Is the colon that is the current token the one of `name:Type = value` (and not a symbol's)?"""
        end = self.type_end(SPACES(self.source, self.pos).end())
        return end >= 0 and _EQUALS(self.source, end) is not None

    def try_type(self, pos: int, unions: bool = True) -> ast.Node | None:
        """Read a type at `pos` and the token after it; None (and nothing read) if there is none."""
        pos = SPACES(self.source, pos).end()
        end = self.type_end(pos, unions)
        if end < 0:
            return None
        self.op(end)
        return ast.TypeAnnotation(self.source[pos:end], pos, end)

    def type_end(self, pos: int, unions: bool = True) -> int:
        """Return where the type at `pos` ends, -1 if there is none."""
        source = self.source
        end = self.single_type_end(pos)
        while unions and end >= 0:
            bar = SPACES(source, end).end()
            if source[bar] != "|" or source[bar + 1] == "|":
                break
            following = self.single_type_end(SPACES(source, bar + 1).end())
            if following < 0:
                break
            end = following
        return end

    def single_type_end(self, pos: int) -> int:
        source = self.source
        if source[pos] == "(":
            end = self.type_end(SPACES(source, pos + 1).end())
            if end < 0:
                return -1
            end = SPACES(source, end).end()
            if source[end] != ")":
                return -1
            end += 1
        else:
            m = _TYPE_NAME(source, pos)
            if m is None:
                return -1
            end = m.end()
            closer = {"[": "]", "<": ">"}.get(source[end])
            if closer is not None:
                while True:
                    end = self.type_end(SPACES(source, end + 1).end())
                    if end < 0:
                        return -1
                    end = SPACES(source, end).end()
                    if source[end] != ",":
                        break
                if source[end] != closer:
                    return -1
                end += 1
        return end + 1 if source[end] == "?" else end

    def label_type(self, pos: int) -> ast.Node | None:
        """Read the type after a parameter's label, if a type is all that stands before `,`, `)`, `=` or the end."""
        if _TYPE_START(self.source, pos) is None:
            return None
        annotation = self.try_type(pos)
        if annotation is None or annotation.source == "nil" or self.tok not in (",", ")", "=", "|", "\n", ";"):
            return None
        return annotation

    def return_annotation(self) -> ast.Node:
        """Read the type after `:` or `->` behind a method's parameters."""
        annotation = self.try_type(self.pos)
        if annotation is None:
            self.unexpected("a type")
        return annotation


def bound_names(pattern: ast.Node) -> list[tuple[str, bool]]:
    """Return (name, soft) of everything that a `when` item may bind."""
    found = []
    for node in pattern.walk():
        kind = type(node)
        if kind is ast.IdentifierPattern:
            found.append((node.name, node.soft))
        elif kind is ast.RestPattern and node.name is not None:
            found.append((node.name, False))
    return found
