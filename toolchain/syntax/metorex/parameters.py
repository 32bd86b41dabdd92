"""Parameter lists of methods, lambdas and blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from .blocks import Blocks
from .tokens import (
    BLOCK_DEFAULT,
    BRACE,
    CONST,
    IDENTIFIER,
    LIST_ARG,
    NEWLINE,
    OPERAND,
    OTHER,
    RESERVED,
    TERMINATORS,
    UNICODE,
    WORD,
)

if TYPE_CHECKING:
    from .tokens import Lexeme

_NUMBERED = re.compile(r"_[1-9]\Z").match
_NO_DEFAULT = TERMINATORS | frozenset(("do", "then"))


class Typing:
    """What is known about the annotations of a parameter list while it is read."""

    __slots__ = ("annotated", "candidates")

    def __init__(self) -> None:
        self.annotated = False
        self.candidates: list[tuple[ast.Node, ast.Node]] = []  # `name: Type`, if the list turns out to be annotated


class Parameters(Blocks):
    """Parameter lists. `style` is "def", "lambda" or "block"; a block's list ends with `|`."""

    typing = Typing()

    if TYPE_CHECKING:

        def try_type(self, pos: int, unions: bool = True) -> ast.Node | None: ...
        def label_type(self, pos: int) -> ast.Node | None: ...

    def typed_list(self, closer: str, style: str) -> list[ast.Node]:
        """Read a parameter list that is complete in itself and settle which labels carry types."""
        outer = self.typing
        self.typing = Typing()
        parameters = self.parameter_list(closer, style)
        self.settle(parameters, False)
        self.typing = outer
        return parameters

    def settle(self, parameters: list[ast.Node], annotated: bool) -> None:
        """In an annotated list `name: Type` is positional; otherwise it is Ruby's keyword with a default."""
        if annotated or self.typing.annotated:
            for parameter, annotation in self.typing.candidates:
                parameter.kind = "req"
                parameter.annotation = annotation
                parameter.default_value = None
        self.check_order(parameters)

    def block_parameters(self) -> list[ast.Node]:
        """Read `a, b = 1; local|` after the opening bar."""
        parameters = self.typed_list("|", "block")
        if self.tok == ";" or self.tok == "\n":
            self.block_locals(parameters, "|")
        if not self.closed_by("|"):
            self.unexpected("a `|` after the block parameters")
        return parameters

    def block_locals(self, parameters: list[ast.Node], closer: str) -> None:
        """Read `; x, y` if it stands here."""
        if not self.closed_by(";"):
            return
        while True:
            m = IDENTIFIER(self.source, self.skip_newlines(self.pos))
            if m is None:
                self.op(self.pos)
                self.unexpected("a local variable name")
            parameters.append(self.parameter(m[1], "local", m.start(1), m.end(1), parameters))
            self.op(m.end())
            if self.tok != ",":
                if self.tok == "\n":
                    self.op(self.pos)
                return

    def parameter_list(self, closer: str, style: str) -> list[ast.Node]:
        """Read parameters up to `closer`, `;`, a newline or (bare lambda parameters, closer "") anything else.

        The token after the last parameter becomes the current one.
        """
        parameters: list[ast.Node] = []
        source = self.source
        while True:
            m = OPERAND(source, self.pos)
            if m.lastindex == NEWLINE and closer and (parameters or closer != "\n"):
                m = self.operand()
            kind = m.lastindex
            start, end = m.span(kind)
            text = m[kind]
            if kind == WORD and text in RESERVED and source[end] != ":":
                if parameters or closer:
                    self.unexpected_at(start, end, text, "a parameter name")
                self.op(start)
                return parameters
            if kind in (WORD, UNICODE) or kind == CONST and source[end] == ":":
                self.named_parameter(text, start, end, parameters, style, closer)
            elif text == "*" or text == "**" or text == "&":
                self.starred_parameter(text, start, end, parameters, style, closer)
            elif text == "(":
                self.pos = end
                nested = self.destructured(parameters)
                parameters.append(ast.Parameter(None, "destructure", None, None, nested, start, self.pos))
                self.op(self.pos)
            elif text == "..." and style == "def":
                self.scope.forwards = frozenset(("...", "*", "**", "&"))
                parameters.append(ast.Parameter(None, "forward", None, None, [], start, end))
                self.op(end)
            elif text == "||" and closer == "|":
                self.op(start)
                return parameters
            elif kind in (OTHER, NEWLINE):
                if parameters and style == "block" and text == "|":  # `|a,|`
                    parameters.append(ast.Parameter(None, "rest", None, None, [], start, start, True))
                elif parameters and text != ";":
                    self.unexpected_at(start, end, text, "a parameter name")
                self.op(start)
                return parameters
            else:
                if parameters or closer:
                    self.unexpected_at(start, end, text, "a parameter name")
                self.op(start)
                return parameters
            if self.tok != ",":
                break
        return parameters

    def named_parameter(
        self, name: str, start: int, end: int, parameters: list[ast.Node], style: str, closer: str
    ) -> None:
        """Read `a`, `a = 1`, `a:`, `a: 1`, `a : Type`."""
        source = self.source
        if source[end] == ":" and source[end + 1] != ":":
            parameter = self.parameter(name, "keyreq", start, end, parameters)
            parameters.append(parameter)
            annotation = self.label_type(end + 1)
            if annotation is not None:
                parameter.end_pos = annotation.end_pos
                if self.tok == "=":
                    parameter.annotation = annotation
                    self.typing.annotated = True
                    self.optional(parameter, closer)
                    return
                self.typing.candidates.append((parameter, annotation))
                if annotation.source[-1] in ">])":
                    value = self.attempt(self.whole_default, end + 1, closer)
                    if value is None:  # no Ruby, so the list is annotated
                        self.typing.annotated = True
                        self.op(annotation.end_pos)
                    parameter.kind, parameter.default_value = "key", value
                    return
            m = self.default_value(end + 1, closer)
            if m is not None:
                parameter.kind = "key"
                parameter.default_value = value = self.expression(BLOCK_DEFAULT if closer == "|" else LIST_ARG, m)
                self.refuse_not(value)
                parameter.end_pos = value.end_pos
            else:
                parameter.end_pos = end + 1
            return
        else:
            if name[-1] in "?!":
                self.fail(f"unexpected '{name}'; expected a parameter name", start, end)
            parameter = self.parameter(name, "req", start, end, parameters)
            self.op(end)
            if self.tok == ":":
                self.annotation(parameter, closer)
            if self.tok == "=":
                self.optional(parameter, closer)
        parameters.append(parameter)

    def whole_default(self, pos: int, closer: str) -> ast.Node | None:
        """Read a keyword's default if it ends where a parameter can end."""
        self.pos = pos
        value = self.expression(BLOCK_DEFAULT if closer == "|" else LIST_ARG, self.operand())
        return value if self.tok in (",", ")", "|", "\n", ";") else None

    def optional(self, parameter: ast.Node, closer: str) -> None:
        """Read `= default`."""
        parameter.kind = "opt"
        self.pos = self.skip_newlines(self.pos)
        parameter.default_value = value = self.expression(BLOCK_DEFAULT if closer == "|" else LIST_ARG)
        self.refuse_not(value)
        parameter.end_pos = value.end_pos

    def refuse_not(self, value: ast.Node) -> None:
        """`not x` is no default, though `not(x)` is."""
        start, end = value.pos, value.pos + 3
        if value.__class__ is ast.UnaryOp and value.op == "not" and self.source[end] != "(":
            self.unexpected_at(start, end, "not", "a default value")

    def annotation(self, parameter: ast.Node, closer: str) -> None:
        """Read `: Type` after a parameter; the current token is the colon."""
        annotation = self.try_type(self.pos, closer != "|")
        if annotation is None:
            self.unexpected("a parameter")
        self.typing.annotated = True
        parameter.annotation = annotation
        parameter.end_pos = annotation.end_pos

    def default_value(self, pos: int, closer: str) -> Lexeme | None:
        """Match the default after a keyword parameter's colon; None if there is none, with the next token read."""
        m = OPERAND(self.source, pos)
        assert m is not None
        kind = m.lastindex
        self.pos = pos
        if kind == NEWLINE and closer not in ("\n", ""):
            m = self.operand()
            kind = m.lastindex
        if kind in (OTHER, NEWLINE) or (kind == WORD and m[WORD] in _NO_DEFAULT) or (kind == BRACE and closer == ""):
            self.op(pos)
            return None
        return m

    def starred_parameter(
        self, star: str, start: int, end: int, parameters: list[ast.Node], style: str, closer: str
    ) -> None:
        """Read `*a`, `**a`, `&a`, their anonymous forms, `**nil`."""
        kind = {"*": "rest", "**": "keyrest", "&": "block"}[star]
        m = IDENTIFIER(self.source, end)
        if m is None or (m[1] in RESERVED and not (m[1] == "nil" and star == "**")):
            if style == "def":
                self.scope.forwards |= {star}
            parameters.append(ast.Parameter(None, kind, None, None, [], start, end))
            self.op(end)
            return
        name = m[1]
        if name == "nil" and star == "**":
            if any(parameter.kind in ("key", "keyreq") for parameter in parameters):
                self.report("unexpected **nil; no keywords marker disallowed after keywords", start, m.end())
            parameters.append(ast.Parameter(None, "nokey", None, None, [], start, m.end()))
            self.op(m.end())
            return
        parameter = self.parameter(name, kind, m.start(1), m.end(), parameters)
        parameter.pos = start
        parameters.append(parameter)
        self.op(m.end())
        if self.tok == ":":
            self.annotation(parameter, closer)

    def destructured(self, outer: list[ast.Node]) -> list[ast.Node]:
        """Read `a, (b, *c))` after an opening parenthesis; ends with `)` as current token."""
        parameters: list[ast.Node] = []
        while True:
            m = self.operand()
            kind = m.lastindex
            start, end = m.span(kind)
            text = m[kind]
            if kind in (WORD, UNICODE):
                parameters.append(self.parameter(text, "req", start, end, outer + parameters))
                self.op(end)
            elif text == "*":
                name = IDENTIFIER(self.source, end)
                if name is None:
                    parameters.append(ast.Parameter(None, "rest", None, None, [], start, end))
                    self.op(end)
                else:
                    parameters.append(self.parameter(name[1], "rest", start, name.end(), outer + parameters))
                    self.op(name.end())
            elif text == "(":
                self.pos = end
                nested = self.destructured(outer + parameters)
                parameters.append(ast.Parameter(None, "destructure", None, None, nested, start, self.pos))
                self.op(self.pos)
            elif text == ")" and parameters:
                self.tok, self.tpos, self.pos = ")", start, end
                return parameters
            else:
                self.unexpected_at(start, end, text, "a parameter name")
            if self.tok != ",":
                if not self.closed_by(")"):
                    self.unexpected("a `)` after the parameters")
                return parameters

    def parameter(self, name: str, kind: str, start: int, end: int, others: list[ast.Node]) -> ast.Node:
        """Declare a parameter."""
        if name[0] != "_":
            for other in others:
                if other.name == name or (other.parameters and name in declared_names(other)):
                    self.report("duplicated argument name", start, end)
                    break
        elif _NUMBERED(name):
            self.report(f"{name} is reserved for numbered parameters", start, end)
        self.locals.add(name)
        return ast.Parameter(name, kind, None, None, [], start, end)

    def check_order(self, parameters: list[ast.Node]) -> None:
        """Report parameters that cannot stand where they stand."""
        stage = 0
        for parameter in parameters:
            kind = parameter.kind
            rank = _RANKS[kind]
            if kind == "req" or kind == "destructure":
                rank = 0 if stage == 0 else 3
            if rank < stage or (rank == stage and kind in _ONCE):
                self.report("unexpected parameter order", parameter.pos, parameter.end_pos)
            stage = max(stage, rank)


# Order of parameters: required, optional, rest, required, keywords, keyword rest, block. (Stage 0 and 3: required.)
_RANKS = {
    "req": 0,
    "destructure": 0,
    "opt": 1,
    "rest": 2,
    "key": 4,
    "keyreq": 4,
    "keyrest": 5,
    "nokey": 5,
    "forward": 5,
    "block": 6,
    "local": 7,
}
_ONCE = frozenset(("rest", "keyrest", "nokey", "forward", "block"))


def declared_names(parameter: ast.Node) -> list[str]:
    """All names that a destructuring parameter declares."""
    return [
        name for nested in parameter.parameters for name in ([nested.name] if nested.name else declared_names(nested))
    ]
