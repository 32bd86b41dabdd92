"""Words that are literals, jump, or call: nil, self, return, break, next, yield, super, …

A word reader gets (start, end, min_bp) of its word and leaves the token after its construct.
"""

from __future__ import annotations

from .. import ast
from .statements import Statements
from .tokens import (
    ARGUMENT_START,
    COMMAND_ARG,
    END_OF_INPUT,
    MAYBE_ARGUMENT,
    OPERAND,
    OTHER,
    TERMINATORS,
    WORD,
)

_WITHOUT_VALUE = TERMINATORS | frozenset(("if", "unless", "while", "until", "and", "or", "then", "do"))
_NO_VALUE = frozenset(("\n", ";", "&&", "&.", "|", "||"))
_BLOCKS = ("block", "lambda")


class Words(Statements):
    """Readers of words without a body."""

    # ---- literals that are words -------------------------------------------------------------------------------------

    def nil_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.NilLiteral(start, end)

    def true_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.BoolLiteral(True, start, end)

    def false_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.BoolLiteral(False, start, end)

    def self_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.SelfExpr(start, end)

    def file_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.MagicFile(start, end)

    def line_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.MagicLine(start, end)

    def encoding_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.MagicEncoding(start, end)

    def dir_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        node = self.identifier("__dir__", start, end, min_bp)
        if type(node) is ast.Identifier and node.kind == "call":
            return ast.MagicDir(start, end)
        return node

    def misplaced_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """A keyword that cannot begin an expression."""
        self.unexpected_at(start, end, self.source[start:end], "an expression")

    def end_marker(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`__END__` inside an expression: where it ends the text, the text was cut off before parsing."""
        return self.identifier("__END__", start, end, min_bp)

    # ---- jumps -------------------------------------------------------------------------------------------------------

    def jump_value(self, end: int, min_bp: int) -> ast.Node | None:
        """Read the operands of return, break or next; several make an Array."""
        self.op(end)
        tok = self.tok
        if tok in _NO_VALUE or tok in END_OF_INPUT:
            return None
        m = OPERAND(self.source, end)
        assert m is not None
        if m.lastindex == OTHER or (m.lastindex == WORD and m[WORD] in _WITHOUT_VALUE):
            return None
        if not min_bp & 1:  # `a || return b` is no Ruby
            return None
        self.pos = end
        no_do = self.no_do
        arguments = self.arguments("", COMMAND_ARG)
        self.no_do = no_do
        if len(arguments) == 1 and type(arguments[0]) is not ast.Splat:
            value = arguments[0]
            if type(value) is ast.Dictionary and not value.braces:
                self.report("unexpected keyword arguments", value.pos, value.end_pos)
            if type(value) is ast.BlockArg:
                self.report("block argument should not be given", value.pos, value.end_pos)
            return value
        return ast.Array(arguments, arguments[0].pos, arguments[-1].end_pos)

    def return_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        scope = self.scope
        if scope.kind in ("class", "module", "sclass"):
            self.report("Invalid return in class/module body", start, end)
        value = self.jump_value(end, min_bp)
        return ast.Return(value, start, value.end_pos if value is not None else end)

    def loop_jump(self, start: int, end: int, word: str) -> None:
        """Report a `break`, `next` or `redo` outside of loops and blocks."""
        scope = self.scope
        if not scope.loops and scope.kind not in _BLOCKS and scope.kind != "eval":
            self.report(f"Invalid {word}", start, end)

    def break_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.loop_jump(start, end, "break")
        value = self.jump_value(end, min_bp)
        return ast.Break(value, start, value.end_pos if value is not None else end)

    def next_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.loop_jump(start, end, "next")
        value = self.jump_value(end, min_bp)
        return ast.Continue(value, "next", start, value.end_pos if value is not None else end)

    def redo_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.loop_jump(start, end, "redo")
        self.op(end)
        return ast.Redo(start, end)

    def retry_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        if not self.scope.in_rescue and self.scope.kind != "eval":
            self.report("Invalid retry without rescue", start, end)
        self.op(end)
        return ast.Retry(start, end)

    def yield_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        if self.gate().kind not in ("def", "eval"):
            self.report("Invalid yield", start, end)
        arguments: list[ast.Node] = []
        close = end
        if self.source[end] == "(":
            arguments = self.paren_arguments(end)
            close = self.last_end
        else:
            arguments = self.keyword_arguments(end, min_bp)
            if arguments:
                close = arguments[-1].end_pos
        if arguments and type(arguments[-1]) is ast.BlockArg:
            self.report("block argument should not be given", arguments[-1].pos, arguments[-1].end_pos)
        return ast.Yield(arguments, start, close)

    def super_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        if self.source[end] == "(":
            arguments = self.paren_arguments(end)
            return ast.Super(arguments, False, None, start, self.last_end)
        arguments = self.keyword_arguments(end, min_bp)
        if arguments:
            return ast.Super(arguments, False, None, start, arguments[-1].end_pos)
        return ast.Super([], True, None, start, end)

    def keyword_arguments(self, end: int, min_bp: int) -> list[ast.Node]:
        """Read the arguments of `yield` and `super` without parentheses, if there are any."""
        self.op(end)
        tok = self.tok
        if min_bp & 1 and (tok in ARGUMENT_START or (tok in MAYBE_ARGUMENT and self.spaced_argument())):
            return self.command_arguments()
        return []
