"""The state of a parse: the position, the token after the last operand, the scope of local variables, the errors.

There are no token objects. After every operand the parser calls `op`, which leaves the next token in three attributes:

    tok    its text, or "word", "number", "\\n", or one of END_OF_INPUT
    tpos   where it starts
    pos    where it ends (after a newline: where the next line's text starts)

Operands are read by matching `OPERAND` at `pos`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ast
from ..errors import MAX_ERRORS, Error
from .tokens import (
    BLANK,
    COMMENT_BLOCK_END,
    END_OF_INPUT,
    NEWLINE,
    NEXT_LINE,
    OPERAND,
    OPERATOR,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, TypeVar

    from .tokens import Lexeme

    T = TypeVar("T")

GATES = ("def", "class", "module", "sclass", "main", "eval")  # scopes that see no locals from outside
_SINGLE = frozenset(")],;}")
_UNNAMED = {2: "word", 3: "number"}


class Failure(Exception):
    """Parsing cannot go on here; caught where a statement list can, or where a speculation began."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.message)
        self.error = error


class TooDeep(Exception):
    """More than MAX_DEPTH expressions within each other."""


class Scope:
    """One body with its own jump rules and block parameters.

    `locals` are the names visible here, copied from outside for a block. `soft` are names that a `when` arm may have
    bound. `implicit` is what Lambda.numbered will be.
    """

    __slots__ = ("kind", "parent", "locals", "soft", "loops", "implicit", "explicit", "in_rescue", "forwards")

    def __init__(self, kind: str, parent: Scope | None, names: set[str], soft: frozenset[str]) -> None:
        self.kind = kind  # one of GATES, block or lambda
        self.parent = parent
        self.locals = names
        self.soft = soft
        self.loops = 0
        self.implicit = 0
        self.explicit = False
        self.in_rescue: bool = False
        self.forwards: frozenset[str] = frozenset()  # the anonymous parameters that may be passed on: * ** & ...
        if parent is not None and kind in ("block", "lambda"):
            self.in_rescue = parent.in_rescue
            self.forwards = parent.forwards


class Cursor:
    """Position, lexing of operators, scopes, speculation and errors. The parser's parts build on it."""

    if TYPE_CHECKING:  # what the parts of the parser need of each other

        def expression(self, min_bp: int, m: Lexeme | None = None) -> ast.Node: ...
        def statements(self) -> ast.BlockStatement: ...
        def parameters(self, closers: str, kind: str) -> list[ast.Node]: ...

    def __init__(self, source: str, path: str) -> None:
        self.length = len(source)
        self.source = source + "\0\0"  # so that looking one character ahead never fails
        self.path = path
        self.pos = 0
        self.tok = "\n"
        self.tpos = 0
        self.heredoc_nl = -1  # the newline after which heredoc bodies begin, and where they end
        self.heredoc_end = -1
        self.no_do = False  # `do` belongs to a loop header or a command call further out
        self.no_brace = False  # `{` opens the body of a lambda whose bare parameters are being read
        self.in_when = False  # the innermost construct is the arm of a `case`
        self.open_targets: set[int] = set()  # where `(a, b)` stands that nothing has been assigned to yet
        self.depth = 0  # of expressions within expressions
        self.errors: list[Error] = []
        self.speculating = 0
        self.scope = Scope("main", None, set(), frozenset())
        self.locals = self.scope.locals
        self.soft: frozenset[str] = frozenset()

    # ---- tokens -----------------------------------------------------------------------------------------------------

    def op(self, pos: int) -> None:
        """Read the token after an operand that ends at `pos`."""
        source = self.source
        char = source[pos]
        if char in _SINGLE:
            self.tok = char
            self.tpos = pos
            self.pos = pos + 1
            return
        if char == "\n":
            self.newline(pos)
            return
        m = OPERATOR(source, pos)
        index = m.lastindex
        if index == 1:
            self.tok = tok = m[1]
            self.tpos = start = m.start(1)
            if tok == "\n":
                self.newline(start)
            elif tok[0] == "\\":
                self.op(self.after_newline(m.end() - 1))
            else:
                self.pos = start + len(tok)
        else:
            self.tok = _UNNAMED.get(index) or m[index]
            self.tpos, self.pos = m.span(index)

    def newline(self, pos: int) -> None:
        """Read the newline at `pos`; a next line that begins with an operator such as `.` continues this one."""
        start = self.after_newline(pos)
        m = NEXT_LINE(self.source, start)
        end = m.end()
        if m.lastindex:
            self.tok = m[1]
            self.tpos = m.start(1)
            self.pos = end
            return
        if self.source[end] == "=":
            end = self.comment_blocks(end)
        self.tok = "\n"
        self.tpos = pos
        self.pos = end

    def after_newline(self, pos: int) -> int:
        """Return where the text goes on after the newline at `pos`: behind the bodies of the line's heredocs."""
        if pos == self.heredoc_nl:
            return self.heredoc_end
        return pos + 1

    def skip_newlines(self, pos: int) -> int:
        """Return the next position that is neither blank nor comment."""
        source = self.source
        while True:
            newline = self.heredoc_nl
            end = BLANK(source, pos).end()
            if pos <= newline < end:
                pos = self.heredoc_end
                continue
            char = source[end]
            if char == "#":  # a comment that ends the input
                return self.length
            if char == "\\" and source.startswith(("\n", "\r\n"), end + 1):
                pos = self.after_newline(source.index("\n", end))
                continue
            return self.comment_blocks(end) if char == "=" else end

    def comment_blocks(self, pos: int) -> int:
        """Skip `=begin … =end` at `pos`, if it is one."""
        source = self.source
        if not source.startswith("=begin", pos) or (pos and source[pos - 1] != "\n"):
            return pos
        if source[pos + 6] not in " \t\r\n\0":
            return pos
        m = COMMENT_BLOCK_END(source, pos)
        if m is None:
            self.errors.append(Error(pos, pos + 6, "embedded document meets end of file", True))
            return self.length
        return self.skip_newlines(min(m.end(), self.length))

    def operand(self) -> Lexeme:
        """Match the operand at `pos`, on whatever line it begins."""
        m = OPERAND(self.source, self.pos)
        while m.lastindex == NEWLINE:
            self.pos = self.skip_newlines(m.start(NEWLINE))
            m = OPERAND(self.source, self.pos)
        return m

    def expect(self, tok: str, what: str) -> None:
        """Check the current token; a newline before a closing bracket does not matter."""
        if self.tok == tok:
            return
        if self.tok == "\n" and tok in ")]}|":
            pos = self.pos
            if self.source.startswith(tok, pos):
                self.tok = tok
                self.tpos = pos
                self.pos = pos + 1
                return
        self.unexpected(what)

    def skip_newline_token(self) -> None:
        """If the current token is a newline, read the token that follows it."""
        if self.tok == "\n":
            self.op(self.pos)

    def closed_by(self, closer: str) -> bool:
        """Is the current token `closer`, possibly after newlines? Then make it the current token."""
        if self.tok == closer:
            return True
        if self.tok == "\n" and self.source.startswith(closer, self.pos):
            self.tok = closer
            self.tpos = self.pos
            self.pos += len(closer)
            return True
        return False

    # ---- scopes -----------------------------------------------------------------------------------------------------

    def open_scope(self, kind: str) -> Scope:
        """Enter a scope gate (def, class, …) or a block; returns the scope to be left."""
        outer = self.scope
        outer.soft = self.soft  # an arm around may have added names
        if kind == "block" or kind == "lambda":
            self.scope = Scope(kind, outer, set(self.locals), self.soft)
        else:
            self.scope = Scope(kind, outer, set(), frozenset())
            self.soft = self.scope.soft
        self.locals = self.scope.locals
        return outer

    def close_scope(self, outer: Scope) -> None:
        self.scope = outer
        self.locals = outer.locals
        self.soft = outer.soft

    def enclosing(self, *kinds: str) -> Scope | None:
        """Return the innermost scope of these kinds."""
        scope: Scope | None = self.scope
        while scope is not None and scope.kind not in kinds:
            scope = scope.parent
        return scope

    def gate(self) -> Scope:
        """Return the scope that the blocks here belong to."""
        scope = self.enclosing(*GATES)
        assert scope is not None
        return scope

    # ---- speculation ------------------------------------------------------------------------------------------------

    def attempt(self, parse: Callable[..., T | None], *values: Any) -> T | None:
        """Run `parse`; if it fails or answers None, restore the state as if it had never run."""
        state = (self.pos, self.tok, self.tpos, self.heredoc_nl, self.heredoc_end, self.no_do, self.no_brace)
        scope, in_when, errors, depth = self.scope, self.in_when, len(self.errors), self.depth
        soft = self.soft
        names, implicit = set(self.locals), scope.implicit
        self.speculating += 1
        try:
            result = parse(*values)
        except Failure:
            result = None
        finally:
            self.speculating -= 1
        if result is None or len(self.errors) > errors:
            (self.pos, self.tok, self.tpos, self.heredoc_nl, self.heredoc_end, self.no_do, self.no_brace) = state
            self.close_scope(scope)
            self.soft = soft
            self.in_when = in_when
            self.depth = depth
            self.locals.clear()
            self.locals.update(names)
            scope.implicit = implicit
            del self.errors[errors:]
            return None
        return result

    # ---- errors -----------------------------------------------------------------------------------------------------

    def fail(self, message: str, pos: int, end: int) -> NoReturn:
        """Give up the current statement."""
        raise Failure(Error(pos, max(end, pos + 1), message, pos >= self.length))

    def report(self, message: str, pos: int, end: int) -> None:
        """Note an error that does not disturb parsing."""
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(Error(pos, max(end, pos + 1), message))

    def unexpected(self, expected: str = "") -> NoReturn:
        """Fail at the current token."""
        self.unexpected_at(self.tpos, self.pos, self.tok, expected)

    def unexpected_at(self, pos: int, end: int, tok: str, expected: str = "") -> NoReturn:
        if tok == "->":
            self.fail("arrow lambda parameters must be identifiers", pos, end)
        if tok == "\n":
            name = "end of line"
            end = pos + 1
            if self.skip_newlines(pos) >= self.length:  # nothing but the end of input follows
                pos = self.length
        elif tok in END_OF_INPUT:
            name, pos = "end of input", min(pos, self.length)
        elif tok == "word" or tok == "number":
            m = OPERAND(self.source, pos)
            assert m is not None
            text = m[0].strip() or tok
            end = pos + len(text)
            name = f"'{text}'"
        else:
            name = f"'{tok}'"
            if tok == "\\" and pos + 1 >= self.length:  # the line that is continued is still to come
                pos = self.length
        if pos >= self.length:
            name = "end of input"
        self.fail(f"unexpected {name}" + (f"; expected {expected}" if expected else ""), pos, end)
