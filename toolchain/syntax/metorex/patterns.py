"""Pattern matching: `case … in`, `value => pattern`, `value in pattern`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from .definitions import Definitions
from .expressions import condition
from .tokens import (
    ARROW,
    CONST,
    DIGITS,
    DOTS,
    DQ,
    DSYM,
    EXPRESSION,
    HEREDOC,
    IDENTIFIER,
    INT,
    MATCH,
    METHOD_NAME,
    NEWLINE,
    NO_OPERATORS,
    NUMBER,
    OPERAND,
    OTHER,
    PERCENT,
    POWER_OF,
    QUESTION,
    QUOTE,
    RESERVED,
    SLASH,
    SQ,
    STAR,
    SYM,
    TERMINATORS,
    UNICODE,
    WORD,
)

if TYPE_CHECKING:
    from .tokens import Lexeme

_VARIABLE_PIN = re.compile(r"[ \t]*(?:@@?|\$)?(?:[A-Za-z_]|[^\x00-\x7f])\w*|[ \t]*\$[~0-9&!]").match
_VALUE_WORDS = frozenset(
    (
        "nil",
        "true",
        "false",
        "self",
        "__FILE__",
        "__LINE__",
        "__ENCODING__",
        "__dir__",
    )
)
_LITERALS = frozenset((INT, DQ, SQ, SYM, NUMBER, QUOTE, PERCENT, SLASH, QUESTION, HEREDOC, DSYM, ARROW))
_NO_PATTERN = TERMINATORS | frozenset(("then", "if", "unless", "and", "or", "do"))
_ENDS = frozenset(("\n", ";", ")", "]", "}", ",", "|", "then", "if", "unless", "and", "or", "end"))


class Patterns(Definitions):
    """Patterns of `in` clauses. Variables that a pattern binds become locals."""

    pattern_names: list[str]

    def pattern_cases(self) -> tuple[list[ast.Node], ast.Node | None]:
        """Read the `in` clauses of a `case` and its else; the current token is the first `in`."""
        cases: list[ast.Node] = []
        while self.tok == "in":
            start = self.tpos
            pattern = self.top_pattern()
            guard = self.guard()
            self.end_of_items()
            body = self.statements()
            cases.append(ast.MatchCase([pattern], guard, body, start, body.end_pos))
        else_case = self.statements() if self.tok == "else" else None
        return cases, else_case

    def guard(self) -> ast.Node | None:
        """Read `if cond` or `unless cond` after the patterns."""
        word = self.tok
        if word != "if" and word != "unless":
            return None
        self.pos = self.skip_newlines(self.pos)
        test = condition(self.expression(EXPRESSION))
        return test if word == "if" else ast.UnaryOp("!", test, test.pos, test.end_pos)

    def end_of_items(self) -> None:
        """Read `then` or the line end before a clause's body."""
        if self.tok == "\n" or self.tok == ";":
            m = OPERAND(self.source, self.pos)
            if m is not None and m.lastindex == WORD and m[WORD] == "then":
                self.pos = m.end()
        elif self.tok != "then":
            self.unexpected("a `then` or the end of the line")

    def match_required(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        """`value => pattern`."""
        pattern = self.tested_pattern()
        return ast.PatternTest(left, pattern, True, left.pos, pattern.end_pos)

    def match_test(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        """`value in pattern`."""
        pattern = self.tested_pattern()
        return ast.PatternTest(left, pattern, False, left.pos, pattern.end_pos)

    def tested_pattern(self) -> ast.Node:
        """Read the pattern of `=>` or `in`; no operator can follow it."""
        pattern = self.top_pattern()
        if POWER_OF.get(self.tok, 0) >= MATCH:
            self.unexpected("the end of the pattern")
        return pattern

    # ---- patterns ----------------------------------------------------------------------------------------------------

    def top_pattern(self) -> ast.Node:
        """Read a pattern where brackets and braces may be left out."""
        outer = getattr(self, "pattern_names", None)
        self.pattern_names = []
        node = self.bare_pattern()
        if outer is not None:
            self.pattern_names = outer
        return node

    def bare_pattern(self) -> ast.Node:
        m = self.operand()
        kind = m.lastindex
        start = m.start(kind)
        if self.at_label(m) or (kind == STAR and m[STAR] == "**"):
            node = self.object_pattern("", None, start)
            return node
        if kind == STAR and m[STAR] == "*":
            return self.array_pattern("", None, start, None)
        first = self.pattern(m)
        if self.tok != ",":
            return first
        return self.array_pattern("", None, start, first)

    def at_label(self, m: Lexeme) -> bool:
        """Is this operand `name:` or `"text":`?"""
        kind = m.lastindex
        source = self.source
        if kind in (WORD, CONST, UNICODE):
            end = m.end()
            return source[end] == ":" and source[end + 1] != ":"
        return source[m.start(kind)] in "\"'" and self.label_follows(m.start(kind))

    def pattern(self, m: Lexeme) -> ast.Node:
        """Read alternatives and `=> name`."""
        names = len(self.pattern_names)
        node = self.primary_pattern(m)
        if self.tok == "|":
            patterns = [node]
            while self.tok == "|":
                patterns.append(self.primary_pattern(self.operand()))
            for name in self.pattern_names[names:]:
                if name[0] != "_":
                    self.report(f"illegal variable in alternative pattern ({name})", node.pos, patterns[-1].end_pos)
            node = ast.AlternativePattern(patterns, node.pos, patterns[-1].end_pos)
        while self.tok == "=>":
            m2 = IDENTIFIER(self.source, self.skip_newlines(self.pos))
            if m2 is None:
                self.op(self.pos)
                self.unexpected("a local variable name")
            self.bind(m2[1], m2.start(1), m2.end())
            node = ast.BindPattern(node, m2[1], node.pos, m2.end())
            self.op(m2.end())
        return node

    def bind(self, name: str, start: int, end: int) -> None:
        """Declare a variable that the pattern binds."""
        if name[0] != "_" and name in self.pattern_names:
            self.report("duplicated variable name", start, end)
        self.pattern_names.append(name)
        self.declare(name, start, end)

    def primary_pattern(self, m: Lexeme) -> ast.Node:
        kind = m.lastindex
        start, end = m.span(kind)
        text = m[kind]
        if kind == CONST or (kind == UNICODE and text[0].isupper()):
            return self.constant_pattern(ast.Constant(text, start, end), end)
        if text == "::":
            name = METHOD_NAME(self.source, end)
            if name is None or not name[1][0].isupper():
                self.unexpected_at(start, end, text, "a pattern")
            return self.constant_pattern(ast.TopLevelConstant(name[1], start, name.end(), name.start(1)), name.end())
        if (kind == WORD and text not in _VALUE_WORDS) or kind == UNICODE:
            if text in RESERVED:
                self.unexpected_at(start, end, text, "a pattern")
            if text[-1] in "?!" or self.source[end] == "(":
                self.unexpected_at(start, end, text, "a pattern")
            self.bind(text, start, end)
            self.op(end)
            return ast.IdentifierPattern(text, False, start, end)
        if text == "[":
            self.pos = end
            return self.array_pattern("]", None, start, None)
        if text == "{":
            self.pos = end
            return self.object_pattern("}", None, start)
        if text == "(":
            self.pos = end
            node = self.pattern(self.operand())
            if not self.closed_by(")"):
                self.unexpected("a `)` after the pattern")
            self.op(self.pos)
            return node
        if kind == OTHER and text == "^":
            return self.pinned(start, end, True)
        return self.value_pattern(m)

    def value_pattern(self, m: Lexeme) -> ast.Node:
        """Read a literal or a range of literals."""
        if m.lastindex == DOTS:
            start, end = m.span(DOTS)
            self.pos = end
            stop = self.pattern_value(self.operand())
            node: ast.Node = ast.Range(None, stop, m[DOTS] == "...", start, stop.end_pos, start)
            return ast.ValuePattern(node, node.pos, node.end_pos)
        value = self.pattern_value(m)
        return self.range_pattern(value)

    def range_pattern(self, value: ast.Node) -> ast.Node:
        """Read `..` and the end of a range after `value`, if they follow."""
        if self.tok == ".." or self.tok == "...":
            exclusive, op_pos, end = self.tok == "...", self.tpos, self.pos
            m = OPERAND(self.source, end)
            assert m is not None
            kind = m.lastindex
            stop = None
            if kind in (OTHER, NEWLINE) or (kind == WORD and m[WORD] in _NO_PATTERN):
                self.op(end)
            else:
                stop = self.pattern_value(m)
            value = ast.Range(value, stop, exclusive, value.pos, stop.end_pos if stop else end, op_pos)
        return ast.ValuePattern(value, value.pos, value.end_pos)

    def pattern_value(self, m: Lexeme) -> ast.Node:
        """Read one literal or constant path."""
        kind = m.lastindex
        start, end = m.span(kind)
        text = m[kind]
        if kind == CONST:
            return self.constant_path(ast.Constant(text, start, end), end)
        if kind not in _LITERALS and text not in _VALUE_WORDS and not (text in "+-" and self.source[end] in DIGITS):
            self.unexpected_at(start, end, text, "a pattern")
        return self.expression(NO_OPERATORS, m)

    def constant_path(self, node: ast.Node, end: int) -> ast.Node:
        """Read `::Name` after `node`, as often as it stands there; then the next token."""
        source = self.source
        while source.startswith("::", end):
            m = METHOD_NAME(source, end + 2)
            if m is None or not m[1][0].isupper():
                self.fail("unexpected '::'; expected a constant", end, end + 2)
            node = ast.ScopeResolution(node, m[1], node.pos, m.end(), m.start(1))
            end = m.end()
        self.op(end)
        return node

    def constant_pattern(self, node: ast.Node, end: int) -> ast.Node:
        """Read what may follow a constant: a path, `(…)`, `[…]`, a range."""
        node = self.constant_path(node, end)
        if self.tok in ("(", "[") and self.tpos == node.end_pos:
            closer = ")" if self.tok == "(" else "]"
            m = self.operand()
            if self.at_label(m) or (m.lastindex == STAR and m[STAR] == "**"):
                return self.object_pattern(closer, node, node.pos)
            return self.array_pattern(closer, node, node.pos, None)
        return self.range_pattern(node)

    def pinned(self, start: int, end: int, locals_only: bool) -> ast.Node:
        """Read `^name`, `^@name` or `^(expression)`; `end` is the position after `^`."""
        source = self.source
        pos = self.skip_newlines(end)
        if source[pos] == "(":
            self.pos = pos + 1
            saved = self.nested()
            value = self.expression(EXPRESSION, self.operand())
            if not self.closed_by(")"):
                self.unexpected("a `)` after the pinned expression")
            self.no_do, self.no_brace, self.in_when = saved
            close = self.pos
            self.op(close)
            return ast.PinnedPattern(value, start, close)
        m = _VARIABLE_PIN(source, pos)
        if m is None:
            self.op(pos)
            self.unexpected("a variable or `(` after `^`")
        text = m[0].strip()
        if text[0] in "@$":
            operand = OPERAND(source, pos)
            value = self.expression(NO_OPERATORS, operand)
        else:
            value = self.name_value(text, pos, m.end())
            if locals_only and (type(value) is not ast.Identifier or value.kind == "call"):
                self.report(f"{text}: no such local variable", pos, m.end())
            self.op(m.end())
        return ast.PinnedPattern(value, start, value.end_pos)

    def array_pattern(self, closer: str, constant: ast.Node | None, start: int, first: ast.Node | None) -> ast.Node:
        """Read elements up to `closer` (none: a top pattern, where `first` has been read and a comma follows)."""
        elements: list[ast.Node] = []
        rests: list[int] = []
        if first is not None:
            elements.append(first)
        trailing_comma = False
        while True:
            after_comma = self.pos
            m = self.operand()
            kind = m.lastindex
            text = m[kind]
            item_start, end = m.span(kind)
            if closer and text == closer:
                self.tok, self.tpos, self.pos = closer, item_start, end
                trailing_comma = bool(elements)
                break
            if not closer and elements and (kind == OTHER or (kind == WORD and text in _NO_PATTERN)):
                self.op(after_comma)
                trailing_comma = True
                break
            if text == "*" or text == "...":
                rests.append(len(elements))
                elements.append(self.rest_pattern(item_start, end))
            else:
                elements.append(self.pattern(m))
            if self.tok != ",":
                if closer and not self.closed_by(closer):
                    self.unexpected(f"a `,` or a `{closer}` in the pattern")
                break
        if trailing_comma and not rests:
            rests.append(len(elements))
            elements.append(ast.RestPattern(None, self.tpos, self.tpos))
        stop = self.tpos
        if closer:
            stop = self.pos
            self.op(stop)
        elif elements:
            stop = elements[-1].end_pos
        return self.sequence(constant, elements, rests, start, stop)

    def rest_pattern(self, start: int, end: int) -> ast.Node:
        """Read the name after `*` or `...`."""
        m = IDENTIFIER(self.source, end)
        if m is None or m[1] in RESERVED:
            self.op(end)
            return ast.RestPattern(None, start, end)
        self.bind(m[1], m.start(1), m.end())
        self.op(m.end())
        return ast.RestPattern(m[1], start, m.end())

    def sequence(
        self, constant: ast.Node | None, elements: list[ast.Node], rests: list[int], start: int, stop: int
    ) -> ast.Node:
        """Build an ArrayPattern or, with a rest at both ends, a FindPattern."""
        if not rests:
            return ast.ArrayPattern(constant, elements, None, [], start, stop)
        if len(rests) == 1:
            at = rests[0]
            return ast.ArrayPattern(constant, elements[:at], elements[at], elements[at + 1 :], start, stop)
        if len(rests) == 2 and rests[0] == 0 and rests[1] == len(elements) - 1 and len(elements) > 2:
            return ast.FindPattern(constant, elements[0], elements[1:-1], elements[-1], start, stop)
        self.fail("unexpected rest pattern", elements[rests[1]].pos, elements[rests[1]].end_pos)
        return None

    def object_pattern(self, closer: str, constant: ast.Node | None, start: int) -> ast.Node:
        """Read `key: pattern` entries up to `closer` (none: a top pattern)."""
        entries: list[ast.Node] = []
        rest: ast.Node | None = None
        seen: set[str] = set()
        while True:
            after_comma = self.pos
            m = self.operand()
            kind = m.lastindex
            text = m[kind]
            item_start, end = m.span(kind)
            if closer and text == closer:
                self.tok, self.tpos, self.pos = closer, item_start, end
                break
            if not closer and entries and not self.at_label(m) and text != "**":
                self.op(after_comma)
                break
            if rest is not None:
                self.unexpected_at(item_start, end, text, f"a `{closer or 'then'}` after the rest of the pattern")
            if text == "**" or (text == "..." and closer == "}"):
                rest = self.object_rest(item_start, end, text)
            else:
                entry = self.object_entry(m, closer)
                if entry.key.value in seen:
                    self.report("duplicated key name", entry.pos, entry.end_pos)
                seen.add(entry.key.value)
                entries.append(entry)
            if self.tok != ",":
                if closer and not self.closed_by(closer):
                    self.unexpected(f"a `,` or a `{closer}` in the pattern")
                break
        stop = entries[-1].end_pos if entries else start
        if rest is not None:
            stop = rest.end_pos
        if closer:
            stop = self.pos
            self.op(stop)
        return ast.ObjectPattern(constant, entries, rest, start, stop)

    def object_rest(self, start: int, end: int, star: str) -> ast.Node:
        m = IDENTIFIER(self.source, end)
        if m is not None and m[1] == "nil" and star == "**":
            self.op(m.end())
            return ast.NilRestPattern(start, m.end())
        return self.rest_pattern(start, end)

    def object_entry(self, m: Lexeme, closer: str) -> ast.Node:
        """Read `key:`, `key: pattern`, `"key": pattern`, or the dialect's `{key}`."""
        source = self.source
        kind = m.lastindex
        start, end = m.span(kind)
        if kind in (WORD, CONST, UNICODE):
            name = m[kind]
            if source[end] != ":" or source[end + 1] == ":":
                if closer != "}" or kind == CONST or name in RESERVED or name[-1] in "?!":
                    self.unexpected_at(start, end, name, "a key")
                self.bind(name, start, end)
                self.op(end)
                key = ast.Symbol(name, start, end)
                return ast.ObjectPatternEntry(key, ast.IdentifierPattern(name, False, start, end), start, end)
            key_end = end + 1
        else:
            if source[start] not in "\"'":
                self.unexpected_at(start, end, m[kind], "a key")
            literal = self.quoted_at(start)
            if type(literal) is not ast.StringLiteral or self.tok != ":":
                self.fail("symbol literal with interpolation is not allowed", start, end)
            name = literal.value
            key_end = self.pos
        key = ast.Symbol(name, start, key_end)
        self.pos = key_end
        following = OPERAND(source, key_end)
        assert following is not None
        if following.lastindex == NEWLINE and closer:
            following = self.operand()
        kind = following.lastindex
        if kind in (NEWLINE, OTHER) and following[kind] != "^" or (kind == WORD and following[WORD] in _NO_PATTERN):
            if not (name[:1].isalpha() or name[:1] == "_") or name[-1] in "?!" or name[0].isupper():
                self.fail("key must be valid as local variables", start, key_end)
            self.bind(name, start, start + len(name))
            self.op(key_end)
            value: ast.Node = ast.IdentifierPattern(name, False, start, key_end)
            return ast.ObjectPatternEntry(key, value, start, key_end)
        value = self.pattern(following)
        return ast.ObjectPatternEntry(key, value, start, value.end_pos)
