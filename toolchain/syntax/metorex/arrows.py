"""The dialect's callable values: arrow lambdas, compact lambdas, do literals (language reference 1.1, 1.2).

Ruby's reading always comes first. Whether a text is Ruby's is decided on its head alone (parameters and the token after
them), once per position, so that nested arrows cannot make parsing exponential.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from .patterns import Patterns
from .tokens import ARG, ARGUMENT_START, ARROW, IN_LIST, ONE_ARGUMENT, SPACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from .cursor import Scope
    from .tokens import Lexeme

_PAREN_ARROW = re.compile(r"\)[ \t]*->").search
_COMPACT = re.compile(r"[ \t]*\|").match


class Arrows(Patterns):
    """`x -> x + 1`, `(a, b) -> a + b`, `-> 3`, `lambda |n| n end`, `do |x| x end`."""

    def prepare_arrows(self) -> None:
        """Find out what this source can contain at all."""
        self.has_paren_arrows = _PAREN_ARROW(self.source) is not None
        self.probed: dict[tuple[str, int], bool] = {}

    # ---- decisions ---------------------------------------------------------------------------------------------------

    def is_stabby(self, start: int) -> bool:
        """Does Ruby's lambda literal begin at `start`, where `->` stands?"""
        return self.probe(self.stabby_head, start)

    def probe(self, parse: Callable[[int], object | None], start: int) -> bool:
        """Can `parse` read what is at `start`? The state does not change; the answer is kept."""
        key = (parse.__name__, start)
        known = self.probed.get(key)
        if known is None:
            state = (self.pos, self.tok, self.tpos, self.no_do, self.no_brace, self.in_when)
            scope, soft = self.scope, self.soft
            known = self.probed[key] = self.attempt(parse, start) is not None
            self.close_scope(scope)
            self.soft = soft
            self.pos, self.tok, self.tpos, self.no_do, self.no_brace, self.in_when = state
        return known

    def stabby_head(self, start: int) -> bool | None:
        """Read `->`, parameters and `do` or `{` (not followed by a label)."""
        self.open_scope("lambda")
        self.stabby_parameters(start)
        if self.tok == "{":
            return None if self.label_follows(self.pos) else True
        return True if self.tok == "do" else None

    def paren_arrow_head(self, start: int) -> tuple[list[ast.Node], Scope] | None:
        """Read `(parameters) ->`; the scope of the lambda is open afterwards."""
        outer = self.open_scope("lambda")
        parameters = self.lambda_parameters(start)
        self.op(self.pos)
        if self.tok != "->":
            return None
        return parameters, outer

    def stabby_expression_head(self, opening: int) -> tuple[list[ast.Node], Scope] | None:
        """Read `(parameters)` after `->` if an expression begins behind them on the same line."""
        outer = self.open_scope("lambda")
        parameters = self.lambda_parameters(opening)
        self.op(self.pos)
        tok = self.tok
        if tok in ARGUMENT_START or tok == "(" or tok == "[":
            starts = True
        elif tok == "{":
            starts = self.label_follows(self.pos)
        else:
            starts = tok in ("-", "+", "::", ":", "<<", "?", "%", "/") and self.spaced_argument()
        return (parameters, outer) if starts else None

    # ---- readers -----------------------------------------------------------------------------------------------------

    def arrow(self, m: Lexeme, min_bp: int) -> ast.Node:
        """`->` where an operand is expected."""
        start = m.start(ARROW)
        if self.is_stabby(start):
            return self.stabby(start)
        pos = SPACES(self.source, start + 2).end()
        if self.source[pos] == "(" and self.probe(self.stabby_expression_head, pos):
            head = self.stabby_expression_head(pos)
            if head is not None:
                self.pos = self.tpos
                return self.arrow_lambda(head[0], head[1], start, min_bp, "stabby", False)
        outer = self.open_scope("lambda")
        self.pos = start + 2
        return self.arrow_lambda([], outer, start, min_bp, "arrow", False)

    def try_arrow(self, start: int, min_bp: int) -> ast.Node | None:
        """`(parameters) -> body`, if that is what the parenthesis at `start` begins."""
        if not self.has_paren_arrows or not self.probe(self.paren_arrow_head, start):
            return None
        head = self.paren_arrow_head(start)
        assert head is not None
        return self.arrow_lambda(head[0], head[1], start, min_bp, "arrow", True)

    def arrow_or_command(self, name: str, start: int, end: int, min_bp: int) -> ast.Node:
        """`name -> …`: Ruby's `name(lambda)` or an arrow with one parameter; the current token is `->`."""
        if self.is_stabby(self.tpos):
            callee = ast.Identifier(name, "call", start, end)
            local = name in self.locals or name in self.soft
            return self.command_call(callee, name, start, local, not min_bp & 1)
        if name[-1] in "?!":
            self.fail("arrow lambda parameters must be identifiers", start, end)
        outer = self.open_scope("lambda")
        parameter = self.parameter(name, "req", start, end, [])
        return self.arrow_lambda([parameter], outer, start, min_bp, "arrow", False)

    def arrow_lambda(
        self, parameters: list[ast.Node], outer: Scope, start: int, min_bp: int, kind: str, blocks: bool
    ) -> ast.Node:
        """Read the body behind an arrow's head, from `pos` on. `blocks`: it may be `{ … }` or `do … end`."""
        self.scope.explicit = bool(parameters)
        pos = self.skip_newlines(self.pos)
        source = self.source
        self.pos = pos
        closer = ""
        if blocks and source[pos] == "{" and not self.label_follows(pos + 1):
            closer = "}"
        elif blocks and source.startswith("do", pos) and not (source[pos + 2].isalnum() or source[pos + 2] in "_?!:"):
            closer = "end"
        if closer:
            saved = self.nested()
            self.pos = pos + (1 if closer == "}" else 2)
            body = self.statements() if closer == "}" else self.body("do", pos)
            if self.tok != closer:
                self.missing_closer(closer, pos)
            self.no_do, self.no_brace, self.in_when = saved
            end = self.pos
            self.op(end)
        else:
            in_list = min_bp == ONE_ARGUMENT or min_bp & IN_LIST
            value = self.expression(ONE_ARGUMENT if in_list and min_bp < 24 else ARG | 1, self.operand())
            body = ast.BlockStatement([value], value.pos, value.end_pos)
            end = value.end_pos
        implicit = self.scope.implicit
        if implicit:
            parameters = self.implicit_parameters(implicit, start)
        self.close_scope(outer)
        return ast.Lambda(parameters, body, kind, [], start, end, implicit)

    def lambda_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`lambda |n| … end`; every other `lambda` is the method."""
        m = _COMPACT(self.source, end)
        if m is None or "lambda" in self.locals or not self.probe(self.compact_head, m.end()):
            return self.identifier("lambda", start, end, min_bp)
        return self.literal_block(start, end, "compact", "lambda")

    def compact_head(self, pos: int) -> bool:
        """Read block parameters and their closing bar."""
        self.open_scope("lambda")
        self.pos = pos
        self.block_parameters()
        return True

    def do_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`do … end` as a value."""
        if self.no_do:
            self.unexpected_at(start, end, "do", "an expression")
        return self.literal_block(start, end, "do", "do")

    def literal_block(self, start: int, end: int, kind: str, opener: str) -> ast.Node:
        """Read `|parameters| body end` from `end` on."""
        self.tpos, self.pos = start, end
        node = self.block("end", opener)
        node.kind = kind
        return node
