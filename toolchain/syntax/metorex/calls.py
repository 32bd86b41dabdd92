"""Names and calls: identifiers, constants, commands, method calls, indexes, postfix calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ast
from ..ast import CALL_VIEWS, Call, Constant, Identifier, MethodCall
from .arguments import Arguments
from .expressions import WORDS
from .tokens import (
    ARGUMENT_START,
    CHARACTER,
    COLON3,
    CONST,
    HEREDOC_START,
    LIST_COMMAND,
    MAYBE_ARGUMENT,
    METHOD_NAME,
    ONE_ARGUMENT,
    OPERATOR_METHOD,
    STATEMENT,
    UNICODE,
)

if TYPE_CHECKING:
    from .tokens import Lexeme

_word_handler = WORDS.get
_view_of = CALL_VIEWS.get
_BLOCK_WORDS = frozenset(("BEGIN", "END"))
_VARIABLES = frozenset((ast.InstanceVariable, ast.ClassVariable, ast.GlobalVariable))
_NO_POSTFIX = frozenset(
    (ast.StringLiteral, ast.InterpolatedString, ast.XString, ast.Symbol, ast.InterpolatedSymbol, ast.RegexLiteral)
)


class Calls(Arguments):
    """Everything that may be a call."""

    if TYPE_CHECKING:

        def arrow_or_command(self, name: str, start: int, end: int, min_bp: int) -> ast.Node: ...
        def annotation_follows(self) -> bool: ...
        def is_stabby(self, start: int) -> bool: ...

    # ---- names -------------------------------------------------------------------------------------------------------

    def word(self, m: Lexeme, min_bp: int) -> ast.Node:
        """A lower-case word: a keyword, a local variable or a call."""
        name = m[1]
        start, end = m.span(1)
        handler = _word_handler(name)
        if handler is not None:
            return handler(self, start, end, min_bp)
        return self.identifier(name, start, end, min_bp)

    def unicode_word(self, m: Lexeme, min_bp: int) -> ast.Node:
        name = m[UNICODE]
        start, end = m.span(UNICODE)
        if name[0].isupper():
            return self.constant_name(name, start, end, min_bp)
        return self.identifier(name, start, end, min_bp)

    def identifier(self, name: str, start: int, end: int, min_bp: int) -> ast.Node:
        """Read a name that is no keyword, with its arguments if there are any."""
        if self.source[end] == "(":
            local = name in self.locals or name in self.soft
            arguments = self.paren_arguments(end)
            close = self.last_end
            callee = Identifier(name, "call", start, end)
            return _view_of(name, Call)(callee, arguments, None, local, True, start, close, end)
        self.op(end)
        tok = self.tok
        if name in self.locals:
            if tok in MAYBE_ARGUMENT and self.local_takes_argument(min_bp):
                if tok == "->":
                    return self.arrow_or_command(name, start, end, min_bp)
                callee = Identifier(name, "call", start, end)
                return self.command_call(callee, name, start, True, min_bp == ONE_ARGUMENT)
            return Identifier(name, "local", start, end)
        if tok in MAYBE_ARGUMENT and (tok in ARGUMENT_START or self.spaced_argument()):
            if tok == "->":
                return self.arrow_or_command(name, start, end, min_bp)
            if min_bp & 1 and not (tok == ":" and min_bp == STATEMENT and self.annotation_follows()):
                callee = Identifier(name, "call", start, end)
                return self.command_call(callee, name, start, name in self.soft, min_bp == ONE_ARGUMENT)
        return Identifier(name, "soft" if name in self.soft else "call", start, end)

    def constant(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(CONST)
        return self.constant_name(m[CONST], start, end, min_bp)

    def constant_name(self, name: str, start: int, end: int, min_bp: int) -> ast.Node:
        if name in _BLOCK_WORDS:
            return WORDS[name](self, start, end, min_bp)
        if self.source[end] == "(":
            arguments = self.paren_arguments(end)
            return Call(self.constant_callee(name, start, end), arguments, None, False, True, start, self.last_end, end)
        self.op(end)
        tok = self.tok
        if tok in MAYBE_ARGUMENT and (tok in ARGUMENT_START or self.spaced_argument()):
            if tok == "->" and not self.is_stabby(self.tpos):
                self.fail("arrow lambda parameters must be identifiers", start, end)
            if min_bp & 1 and not (tok == ":" and min_bp == STATEMENT and self.annotation_follows()):
                callee = self.constant_callee(name, start, end)
                return self.command_call(callee, name, start, False, min_bp == ONE_ARGUMENT)
        if name[-1] in "?!":
            return Identifier(name, "call", start, end)
        return Constant(name, start, end)

    def constant_callee(self, name: str, start: int, end: int) -> ast.Node:
        return Identifier(name, "call", start, end) if name[-1] in "?!" else Constant(name, start, end)

    def top_level_constant(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(COLON3)
        name = METHOD_NAME(self.source, end)
        if name is None or not name[1][0].isupper():
            self.fail("unexpected '::'; expected an expression", start, end)
        self.op(name.end())
        return ast.TopLevelConstant(name[1], start, name.end(), name.start(1))

    # ---- commands ----------------------------------------------------------------------------------------------------

    def spaced_argument(self) -> bool:
        """Does the current token, an operator after a method name, rather begin an argument? (`foo -1`, `foo [1]`)"""
        source = self.source
        tok, tpos = self.tok, self.tpos
        if tok == ":":
            return source[self.pos] not in " \t\r\n\f\v" and self.pos < self.length
        if source[tpos - 1] not in " \t\r\f\v":
            return False
        if tok == "[" or tok == "(" or tok == "::":
            return True
        if tok == "<<":
            return HEREDOC_START(source, tpos) is not None
        if tok == "?":
            return CHARACTER(source, tpos) is not None
        return source[self.pos] not in " \t\r\n\f\v"

    def local_takes_argument(self, min_bp: int) -> bool:
        """After a local variable only what can be no operator begins an argument."""
        tok = self.tok
        if tok == "->":
            return True
        return bool(min_bp & 1) and (tok in ARGUMENT_START or (tok == "(" and self.source[self.tpos - 1] in " \t"))

    def command_call(self, callee: ast.Node, name: str, start: int, local: bool, one: bool) -> ast.Node:
        """Read the arguments of a receiver-less call without parentheses, from the current token on."""
        arguments = self.command_arguments(one)
        return _view_of(name, Call)(callee, arguments, None, local, False, start, arguments[-1].end_pos)

    def command_arguments(self, one: bool = False) -> list[ast.Node]:
        """Read arguments without parentheses (`one`: exactly one); the current token begins the first."""
        self.pos = self.tpos
        no_do = self.no_do
        self.no_do = True
        arguments = self.arguments("", LIST_COMMAND, one)
        self.no_do = no_do
        return arguments

    # ---- calls on a receiver -----------------------------------------------------------------------------------------

    def method_call(self, left: ast.Node, min_bp: int) -> ast.Node:
        """Read `.name`, `&.name`, `.()` and the arguments after `left`."""
        safe = self.tok == "&."
        source = self.source
        m = METHOD_NAME(source, self.pos)
        if m is None:
            return self.odd_method_call(left, min_bp, safe)
        return self.named_call(left, m[1], m.start(1), m.end(), min_bp, safe)

    def named_call(self, left: ast.Node, name: str, start: int, end: int, min_bp: int, safe: bool) -> ast.Node:
        if self.source[end] == "(":
            arguments = self.paren_arguments(end)
            return MethodCall(left, name, arguments, None, safe, left.pos, self.last_end, start, True)
        self.op(end)
        tok = self.tok
        if tok in MAYBE_ARGUMENT and (tok in ARGUMENT_START or self.spaced_argument()):
            if tok == "->" and not self.is_stabby(self.tpos):
                self.fail("arrow lambda parameters must be identifiers", left.pos, end)
            if min_bp & 1 and not (tok == ":" and min_bp == STATEMENT and self.annotation_follows()):
                arguments = self.command_arguments(min_bp == ONE_ARGUMENT)
                return MethodCall(left, name, arguments, None, safe, left.pos, arguments[-1].end_pos, start)
        return MethodCall(left, name, [], None, safe, left.pos, end, start)

    def odd_method_call(self, left: ast.Node, min_bp: int, safe: bool) -> ast.Node:
        """The name is on the next line, or an operator, or missing (`f.()`)."""
        source = self.source
        pos = self.skip_newlines(self.pos)
        if source[pos] == "(":
            arguments = self.paren_arguments(pos)
            return MethodCall(left, "call", arguments, None, safe, left.pos, self.last_end, pos, True)
        m = METHOD_NAME(source, pos) or OPERATOR_METHOD(source, pos)
        if m is None:
            self.op(pos)
            self.unexpected("a method name")
        return self.named_call(left, m[1], m.start(1), m.end(), min_bp, safe)

    def scope_resolution(self, left: ast.Node, min_bp: int) -> ast.Node:
        """Read `::Name` or `::method`."""
        source = self.source
        m = METHOD_NAME(source, self.pos) or METHOD_NAME(source, self.skip_newlines(self.pos))
        if m is None:
            return self.odd_method_call(left, min_bp, False)
        name, start, end = m[1], m.start(1), m.end()
        if not name[0].isupper() or name[-1] in "?!" or source[end] == "(":
            return self.named_call(left, name, start, end, min_bp, False)
        self.op(end)
        tok = self.tok
        if min_bp & 1 and tok in MAYBE_ARGUMENT and (tok in ARGUMENT_START or self.spaced_argument()):
            return self.named_call(left, name, start, end, min_bp, False)
        return ast.ScopeResolution(left, name, left.pos, end, start)

    def index(self, left: ast.Node, min_bp: int) -> ast.Node:
        """Read `[…]` after `left`."""
        bracket = self.tpos
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        arguments = self.arguments("]", LIST_COMMAND)
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        close = self.pos
        self.op(close)
        return ast.Index(left, arguments, left.pos, close, bracket)

    def postfix_call(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        """The dialect's call of any value: `f(1)(2)`, `table[0](5)`, `@hook(3)`."""
        opening = self.tpos
        before = self.source[opening - 1]
        kind = type(left)
        if before in ")]}":
            if kind in _NO_POSTFIX or (kind is ast.Array and self.source[left.pos] == "%"):
                return None
        elif kind not in _VARIABLES or left.end_pos != opening:
            return None
        arguments = self.paren_arguments(opening)
        return Call(left, arguments, None, False, True, left.pos, self.last_end, opening)
