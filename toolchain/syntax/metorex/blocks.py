"""Blocks of calls, with the parameters that `it` and `_1` declare."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from ..ast import CALL_VIEWS, Call, Constant, Identifier, MethodCall
from .calls import Calls
from .tokens import (
    ASSIGN,
    MAYBE_ARGUMENT,
    ONE_ARGUMENT,
    STATEMENT,
)

_view_of = CALL_VIEWS.get
_BARS = re.compile(r"[ \t]*\|").match
_BLOCK_TAKERS = frozenset((Identifier, Constant, Call, MethodCall, ast.Super, ast.Index, *CALL_VIEWS.values()))


class Blocks(Calls):
    """`{ … }` and `do … end` behind a call."""

    if TYPE_CHECKING:

        def body(self, opener: str, start: int) -> ast.BlockStatement: ...
        def block_parameters(self) -> list[ast.Node]: ...

    def brace_block(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        if self.no_brace or type(left) not in _BLOCK_TAKERS:
            return None
        return self.with_block(left, "}")

    def do_block(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        if self.no_do or type(left) not in _BLOCK_TAKERS:
            return None
        return self.with_block(left, "end")

    def with_block(self, left: ast.Node, closer: str) -> ast.Node | None:
        """Read the block that begins at the current token and give it to the call `left`."""
        kind = type(left)
        if kind is Identifier or kind is Constant:
            local = left.name in self.locals or left.name in self.soft
            block = self.block(closer)
            name = left.name
            if kind is Identifier:
                left.kind = "call"
            return _view_of(name, Call)(left, [], block, local, False, left.pos, block.end_pos)
        if kind is ast.Index:
            block = self.block(closer)
            return MethodCall(left.array, "[]", left.arguments, block, False, left.pos, block.end_pos, left.bracket_pos)
        if left.trailing_block is not None:
            return None
        block = self.block(closer)
        if left.arguments and type(left.arguments[-1]) in (ast.BlockArg, ast.ForwardArgs):
            self.report("both block arg and actual block given; only one block is allowed", block.pos, block.end_pos)
        left.trailing_block = block
        left.end_pos = block.end_pos
        return left

    def block(self, closer: str, opener: str = "do") -> ast.Node:
        """Read a block from its `{` or `do`, the current token, to its end, and the token after it."""
        start = self.tpos
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        outer = self.open_scope("block")
        source = self.source
        char = source[self.pos]
        if char == "\n" or (char == " " and source[self.pos + 1] in "\n# "):
            self.pos = self.skip_newlines(self.pos)
        m = _BARS(source, self.pos)
        parameters: list[ast.Node] = []
        if m is not None:
            self.scope.explicit = True
            self.pos = m.end()
            parameters = self.block_parameters()
        if closer == "}":
            body = self.statements()
            if self.tok != "}":
                self.missing_closer("}", start)
        else:
            body = self.body(opener, start)
        implicit = self.scope.implicit
        if implicit:
            parameters = self.implicit_parameters(implicit, start)
        self.close_scope(outer)
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        end = self.pos
        self.op(end)
        return ast.Lambda(parameters, body, "block", [], start, end, implicit)

    def implicit_parameters(self, implicit: int, pos: int) -> list[ast.Node]:
        """The parameters that `it` (-1) or `_1` … `_n` declare."""
        names = ["it"] if implicit < 0 else [f"_{number}" for number in range(1, implicit + 1)]
        return [ast.Parameter(name, "req", None, None, [], pos, pos) for name in names]

    def it_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`it`: the parameter of a block without parameters, if it looks like a variable."""
        node = self.identifier("it", start, end, min_bp)
        scope = self.scope
        if (
            type(node) is Identifier
            and node.kind == "call"
            and scope.kind in ("block", "lambda")
            and not scope.explicit
            and self.tok != "="
            and not (min_bp == ASSIGN or (min_bp == STATEMENT and self.tok == ","))
            and not (self.tok == "{" or (self.tok == "do" and not self.no_do))
        ):
            if scope.implicit > 0:
                self.report("'it' is not allowed when a numbered parameter is already used", start, end)
            scope.implicit = -1
            node.kind = "local"
        return node

    def numbered_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`_1` … `_9`."""
        name = self.source[start:end]
        scope = self.scope
        if scope.kind not in ("block", "lambda") or name in self.locals:
            return self.identifier(name, start, end, min_bp)
        if scope.explicit:
            message = "numbered parameter reference not allowed when an ordinary parameter is defined"
            self.report(message, start, end)
        elif scope.implicit < 0:
            self.report("numbered parameters are not allowed when 'it' is already used", start, end)
        outer = scope.parent
        while outer is not None and outer.kind in ("block", "lambda"):
            if outer.implicit > 0:
                self.report("numbered parameter is already used in outer block", start, end)
            outer = outer.parent
        scope.implicit = max(scope.implicit, int(name[1]))
        self.op(end)
        if self.tok in MAYBE_ARGUMENT and self.local_takes_argument(min_bp):
            return self.command_call(Identifier(name, "call", start, end), name, start, True, min_bp == ONE_ARGUMENT)
        return Identifier(name, "local", start, end)
