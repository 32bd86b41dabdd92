"""Operators: the precedence loop, unary and binary operators, ranges, ternaries, modifiers, groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from .cursor import TooDeep
from .heredocs import Heredocs
from .tokens import (
    AND_OR,
    ARG,
    BINARY,
    BLOCK_DEFAULT,
    BRACE,
    BRACKET,
    CVAR,
    DEFINED,
    DIGITS,
    DOTS,
    EQUALITY,
    EXPRESSION,
    INT,
    IVAR,
    LIST_ARG,
    MATCH,
    MAX_DEPTH,
    MODIFIER,
    NEGATE,
    NEWLINE,
    NOT,
    NUMBER,
    OPERAND,
    OTHER,
    PAREN,
    POWER_OF,
    PREFIX_OPERATOR,
    RANGE,
    STAR,
    STATEMENT,
    TERNARY,
    UNARY,
    WORD,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from .tokens import Lexeme

_power_of = POWER_OF.get
INVALID_JUMPS = frozenset(("Invalid break", "Invalid next", "Invalid redo"))
_GROUP_NAMES = re.compile(r"(?<!\\)\(\?<([a-z_]\w*)>").findall

# Filled in by parser.py, where all parts are known: the reader of each operand kind, of each operator that is not in
# BINARY, and of each word with a meaning of its own.
PREFIX: list[Callable[..., ast.Node]] = []
INFIX: dict[str, Callable[..., ast.Node | None]] = {}
WORDS: dict[str, Callable[..., ast.Node]] = {}

# Words that cannot begin an operand, as the end of an endless range shows.
_NO_OPERAND = frozenset(
    (
        "then",
        "do",
        "end",
        "if",
        "unless",
        "while",
        "until",
        "and",
        "or",
        "rescue",
        "in",
        "else",
        "elsif",
        "when",
        "ensure",
    )
)


class Expressions(Heredocs):
    """A precedence climber. An operand reader gets (match, min_bp), an operator reader (left, min_bp)."""

    def expression(self, min_bp: int, m: Lexeme | None = None) -> ast.Node:
        """Read an operand and all operators that bind tighter than `min_bp` (see tokens.py); `m` is its OPERAND match.

        Afterwards the current token is the first one that does not belong to the expression.
        """
        if m is None:
            m = OPERAND(self.source, self.pos)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeep
        left = PREFIX[m.lastindex](self, m, min_bp)
        while True:
            tok = self.tok
            power = _power_of(tok, 0)
            if power <= min_bp:
                break
            if tok in BINARY:
                op_pos = self.tpos
                right = self.expression(BINARY[tok])
                names = self.named_groups(left) if tok == "=~" and type(left) is ast.RegexLiteral else None
                left = ast.BinaryOp(tok, left, right, left.pos, right.end_pos, op_pos, names)
                if power == 40 and self.tok in EQUALITY:
                    self.unexpected("the end of the statement")
            else:
                node = INFIX[tok](self, left, min_bp)
                if node is None:
                    break
                left = node
        self.depth -= 1
        return left

    def continue_expression(self, left: ast.Node, min_bp: int) -> ast.Node:
        """Read the operators after an operand that has been read already."""
        while True:
            tok = self.tok
            if _power_of(tok, 0) <= min_bp:
                return left
            if tok in BINARY:
                op_pos = self.tpos
                right = self.expression(BINARY[tok])
                left = ast.BinaryOp(tok, left, right, left.pos, right.end_pos, op_pos)
            else:
                node = INFIX[tok](self, left, min_bp)
                if node is None:
                    return left
                left = node

    def named_groups(self, regexp: ast.Node) -> list[str] | None:
        """Declare the locals that `/(?<name>…)/ =~ x` assigns."""
        if any(type(part) is not ast.StringLiteral for part in regexp.parts):
            return None
        names = [name for part in regexp.parts for name in _GROUP_NAMES(part.value)]
        self.locals.update(names)
        return list(dict.fromkeys(names)) or None

    # ---- small operands ----------------------------------------------------------------------------------------------

    def operand_below(self, m: Lexeme, min_bp: int) -> ast.Node:
        """The operand begins on a later line."""
        self.pos = self.skip_newlines(m.start(NEWLINE))
        m = OPERAND(self.source, self.pos)
        if m.lastindex == NEWLINE:
            self.unexpected_operand(m)
        return PREFIX[m.lastindex](self, m, min_bp)

    def plain_integer(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(INT)
        self.op(end)
        text = m[INT]
        if len(text) > 4000:
            return self.number(start)
        return ast.IntLiteral(int(text), start, end)

    def general_number(self, m: Lexeme, min_bp: int) -> ast.Node:
        return self.number(m.start(NUMBER))

    def instance_variable(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(IVAR)
        self.op(end)
        return ast.InstanceVariable(m[IVAR][1:], start, end)

    def class_variable(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(CVAR)
        self.op(end)
        return ast.ClassVariable(m[CVAR][2:], start, end)

    def unexpected_operand(self, m: Lexeme, min_bp: int = 0) -> NoReturn:
        """Nothing that could begin an expression."""
        start, end = m.span(m.lastindex)
        tok = m[m.lastindex]
        self.unexpected_at(start, end, tok, "an expression")

    def splat_statement(self, m: Lexeme, min_bp: int) -> ast.Node:
        """`*a, b = …` at the start of a statement."""
        start, end = m.span(STAR)
        if min_bp != STATEMENT or m[STAR] != "*":
            self.unexpected_at(start, end, m[STAR], "an expression")
        self.pos = start
        return self.multiple_assignment(None, min_bp)

    if TYPE_CHECKING:

        def multiple_assignment(self, left: ast.Node | None, min_bp: int) -> ast.Node: ...
        def try_arrow(self, start: int, min_bp: int) -> ast.Node | None: ...
        def arguments(self, closer: str, first_bp: int) -> list[ast.Node]: ...
        def hash_entries(self) -> list[ast.Node]: ...
        def assignment_target(self, node: ast.Node) -> ast.Node: ...

    # ---- unary operators ---------------------------------------------------------------------------------------------

    def unary(self, m: Lexeme, min_bp: int) -> ast.Node:
        """`-x`, `+x`, `!x`, `~x`; a minus sign and a number are one literal, unless `**` follows."""
        operator = m[UNARY]
        start, end = m.span(UNARY)
        source = self.source
        if operator in "-+" and source[end] in DIGITS:
            node = self.number(end)
            if operator == "+":
                node.pos = start
                return node
            if self.tok == "**":
                power = self.continue_expression(node, NEGATE)
                return ast.UnaryOp("-", power, start, power.end_pos)
            return self.negated(node, start)
        if min_bp == BLOCK_DEFAULT:
            self.unexpected_at(start, end, operator, "a default value without operators")
        self.pos = end
        if operator == "!":
            operand = self.expression(PREFIX_OPERATOR | (min_bp & 1 if min_bp < MATCH else 0), self.operand())
            return ast.UnaryOp("!", condition(operand), start, operand.end_pos)
        operand = self.expression(NEGATE if operator == "-" else PREFIX_OPERATOR, self.operand())
        return ast.UnaryOp(operator, operand, start, operand.end_pos)

    def not_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`not x`, `not(x)`, `not()`."""
        self.pos = end
        if self.source[end] == "(":
            m = OPERAND(self.source, end)
            assert m is not None
            operand = self.group(m, min_bp)
            stop = operand.end_pos
            if type(operand) is ast.Grouped:
                operand = operand.expression
            return ast.UnaryOp("not", condition(operand), start, stop)
        operand = self.expression(NOT, self.operand())
        return ast.UnaryOp("not", condition(operand), start, operand.end_pos)

    def defined_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`defined?(x)` is a primary, `defined? x` takes an `arg`; a jump in it is never made."""
        errors = len(self.errors)
        node = self.defined_operand(start, end)
        self.errors[errors:] = [error for error in self.errors[errors:] if not error.message.startswith("Invalid ")]
        return node

    def defined_operand(self, start: int, end: int) -> ast.Node:
        self.pos = end
        if self.source[end] == "(":
            self.pos = end + 1
            no_do, self.no_do = self.no_do, False
            operand = self.expression(EXPRESSION, self.operand())
            self.no_do = no_do
            self.expect(")", "a `)` to close `defined?`")
            close = self.pos
            self.op(close)
            return ast.Defined(operand, start, close)
        operand = self.expression(DEFINED, self.operand())
        return ast.Defined(operand, start, operand.end_pos)

    # ---- operators ---------------------------------------------------------------------------------------------------

    def ternary(self, left: ast.Node, min_bp: int) -> ast.Node:
        self.pos = self.skip_newlines(self.pos)
        then_branch = self.expression(ARG)
        self.skip_newline_token()
        if self.tok != ":":
            self.unexpected("a `:` and the other branch of `?`")
        self.pos = self.skip_newlines(self.pos)
        else_branch = self.expression(TERNARY - 4)
        return ast.If(
            condition(left),
            block_of(then_branch),
            [],
            block_of(else_branch),
            "ternary",
            left.pos,
            else_branch.end_pos,
        )

    def range(self, left: ast.Node, min_bp: int) -> ast.Node:
        op_pos, end = self.tpos, self.pos
        exclusive = self.tok == "..."
        stop: ast.Node | None = None
        m = self.range_end(end)
        if m is not None:
            stop = self.expression(RANGE, m)
            if self.tok == ".." or self.tok == "...":
                self.unexpected("the end of the range")
        return ast.Range(left, stop, exclusive, left.pos, stop.end_pos if stop else end, op_pos)

    def range_end(self, pos: int) -> Lexeme | None:
        """Match the operand that ends the range; None if the range is endless, with the token after it read."""
        self.pos = pos
        m = self.operand()
        kind = m.lastindex
        if kind == OTHER or (kind == WORD and m[WORD] in _NO_OPERAND):
            self.op(pos)
            return None
        if kind == DOTS:
            self.unexpected_operand(m)
        return m

    def beginless_range(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(DOTS)
        self.pos = end
        stop = self.expression(RANGE, self.operand())
        return ast.Range(None, stop, m[DOTS] == "...", start, stop.end_pos, start)

    def and_or(self, left: ast.Node, min_bp: int) -> ast.Node:
        operator, op_pos = self.tok, self.tpos
        self.pos = self.skip_newlines(self.pos)
        right = self.expression(AND_OR | 1)
        return ast.BinaryOp(operator, left, right, left.pos, right.end_pos, op_pos)

    def modifier(self, left: ast.Node, min_bp: int) -> ast.Node:
        """`left if condition`, and the same with unless, while, until."""
        word = self.tok
        if word == "while" or word == "until":
            left = self.loop_body(left)
        self.pos = self.skip_newlines(self.pos)
        test = self.expression(EXPRESSION)
        start, end = left.pos, test.end_pos
        test = condition(test)
        if word == "if":
            return ast.If(test, block_of(left), [], None, "modifier", start, end)
        if word == "unless":
            return ast.Unless(test, block_of(left), None, "modifier", start, end)
        node_class = ast.While if word == "while" else ast.Until
        do_while = type(left) is ast.Begin
        if do_while and not left.rescue_clauses and left.ensure_block is None:
            body = left.body
        else:
            body = block_of(left)
        return node_class(test, body, do_while, "modifier", start, end)

    def loop_body(self, left: ast.Node) -> ast.Node:
        """`left` turns out to be the body of a loop: its jumps are allowed, `continue` in it is a keyword."""
        start, end = left.pos, left.end_pos
        if self.errors:
            self.errors = [
                error for error in self.errors if not (start <= error.pos < end and error.message in INVALID_JUMPS)
            ]
        if start <= self.stray_continue < end:
            self.stray_continue = -1
            self.scope.loops += 1
            self.pos = start
            left = self.expression(MODIFIER)
            self.scope.loops -= 1
        return left

    stray_continue = -1

    def rescue_modifier(self, left: ast.Node, min_bp: int) -> ast.Node:
        self.pos = self.skip_newlines(self.pos)
        value = self.expression(MODIFIER | 1)
        return ast.RescueModifier(left, value, left.pos, value.end_pos)

    # ---- groups, arrays, hashes --------------------------------------------------------------------------------------

    def group(self, m: Lexeme, min_bp: int) -> ast.Node:
        """`(…)`: statements, or nested targets of a multiple assignment."""
        start = m.start(PAREN)
        arrow = self.try_arrow(start, min_bp)
        if arrow is not None:
            return arrow
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        self.pos = start + 1
        body = self.statements()
        if self.tok != ")":
            self.missing_closer(")", start)
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        end = self.pos
        self.op(end)
        statements = body.statements
        if len(statements) != 1:
            body.pos, body.end_pos = start, end
            return ast.Grouped(body, start, end)
        inner = statements[0]
        if type(inner) is ast.MultipleTarget:
            if self.tok not in ("=", ",", ")", "in"):
                self.unexpected("a `=` after the targets of a multiple assignment")
            self.open_targets.add(start)
            if inner.end_pos >= 0:  # `((a, b))`
                self.open_targets.discard(inner.pos)
                return ast.MultipleTarget([inner], start, end)
            inner.pos, inner.end_pos = start, end
            return inner
        return ast.Grouped(inner, start, end)

    def array(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(BRACKET)
        self.pos = end
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        elements = self.arguments("]", LIST_ARG)
        if elements and type(elements[-1]) is ast.BlockArg:
            self.report("unexpected block argument in an array", elements[-1].pos, elements[-1].end_pos)
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        close = self.pos
        self.op(close)
        return ast.Array(elements, start, close)

    def hash(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(BRACE)
        self.pos = end
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        entries = self.hash_entries()
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        close = self.pos
        self.op(close)
        return ast.Dictionary(entries, True, start, close)

    def missing_closer(self, closer: str, start: int) -> NoReturn:
        """Fail because the bracket opened at `start` is not closed."""
        self.unexpected(f"a matching `{closer}`")


def block_of(node: ast.Node) -> ast.Node:
    """Wrap one statement into a BlockStatement."""
    return ast.BlockStatement([node], node.pos, node.end_pos)


def condition(node: ast.Node) -> ast.Node:
    """Return `node` as the condition it stands for: a range is a flip-flop, a bare regexp is matched against `$_`."""
    kind = type(node)
    if kind is ast.Range:
        if node.start is None or node.end is None or _constant_range(node):
            return node
        return ast.FlipFlop(condition(node.start), condition(node.end), node.exclusive, node.pos, node.end_pos)
    if kind is ast.RegexLiteral:
        line = ast.GlobalVariable("_", node.pos, node.pos)
        return ast.BinaryOp("=~", node, line, node.pos, node.end_pos, node.pos)
    if kind is ast.Grouped:
        node.expression = condition(node.expression)
    elif kind is ast.BinaryOp and node.op in ("and", "or", "&&", "||"):
        node.left = condition(node.left)
        node.right = condition(node.right)
    return node


def _constant_range(node: ast.Node) -> bool:
    return type(node.start) is ast.IntLiteral and type(node.end) is ast.IntLiteral
