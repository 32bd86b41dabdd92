"""Assignments of all kinds, and what may be assigned to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from .expressions import Expressions
from .tokens import ARG, ASSIGN, ASSIGNMENT_OPERATORS, COMMAND_ARG, OTHER, STAR, STATEMENT, WORD

if TYPE_CHECKING:
    from typing import NoReturn

    from .tokens import Lexeme

_NUMBERED = re.compile(r"_[1-9]\Z").match
_FIXED = {
    ast.NilLiteral: "Can't assign to nil",
    ast.SelfExpr: "Can't change the value of self",
    ast.MagicFile: "Can't assign to __FILE__",
    ast.MagicLine: "Can't assign to __LINE__",
    ast.MagicEncoding: "Can't assign to __ENCODING__",
}
_READ_ONLY_GLOBALS = re.compile(r"(?:[1-9][0-9]*|[&`'+])\Z").match


class Assignments(Expressions):
    """`=`, `+=` and their like, `a, b = …`."""

    if TYPE_CHECKING:

        def annotated_assignment(self, left: ast.Node, min_bp: int) -> ast.Node | None: ...

    def assignment(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        """Read `= value` after `left`; at statement level `a = 1, 2` makes an array."""
        op_pos = self.tpos
        kind = type(left)
        if kind is ast.MultipleTarget or (kind is ast.Grouped and min_bp == STATEMENT and self.is_target(left)):
            return self.finish_multiple(self.nested_targets(left), left.pos)
        if not self.is_target(left):
            self.refuse_target(left)
        target = self.assignment_target(left)
        self.pos = self.skip_newlines(self.pos)
        value = self.assigned_value(min_bp)
        return ast.Assignment(target, value, None, left.pos, value.end_pos, op_pos)

    def assigned_value(self, min_bp: int) -> ast.Node:
        """Read the right-hand side of `=`."""
        if min_bp == STATEMENT:
            value = self.value_list()
        else:
            value = self.expression(ARG | (min_bp & 1), self.operand())
        if self.tok == "rescue":
            value = self.rescued(value, min_bp)
        return value

    def rescued(self, value: ast.Node, min_bp: int) -> ast.Node:
        """`a = b rescue c` is `a = (b rescue c)`."""
        self.pos = self.skip_newlines(self.pos)
        other = self.expression(ARG | (min_bp & 1))
        return ast.RescueModifier(value, other, value.pos, other.end_pos)

    def value_list(self) -> ast.Node:
        """Read `a`, or `a, *b, c` as an array."""
        m = self.operand()
        if m.lastindex != STAR or m[STAR] != "*":
            first = self.expression(COMMAND_ARG, m)
            if self.tok != ",":
                return first
        else:
            first = self.splat_value(m)
        values = [first]
        while self.tok == ",":
            m = self.operand()
            if m.lastindex == STAR and m[STAR] == "*":
                values.append(self.splat_value(m))
            else:
                values.append(self.expression(ARG, m))
        return ast.Array(values, first.pos, values[-1].end_pos)

    def splat_value(self, m: Lexeme) -> ast.Node:
        start, end = m.span(STAR)
        self.pos = end
        value = self.expression(ARG, self.operand())
        return ast.Splat(value, start, value.end_pos)

    def operator_assignment(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        """Read `+= value` and its like."""
        operator, op_pos = ASSIGNMENT_OPERATORS[self.tok], self.tpos
        if not self.is_target(left) or type(left) in (ast.Grouped, ast.MultipleTarget):
            self.refuse_target(left)
        target = left if type(left) in _CONSTANTS else self.assignment_target(left)
        self.pos = self.skip_newlines(self.pos)
        value = self.expression(ARG | (min_bp & 1), self.operand())
        if self.tok == "rescue":
            value = self.rescued(value, min_bp)
        return ast.OpAssignment(target, operator, value, left.pos, value.end_pos, op_pos)

    # ---- targets -----------------------------------------------------------------------------------------------------

    def is_target(self, node: ast.Node) -> bool:
        """May `node` stand on the left of `=`?"""
        kind = type(node)
        if kind is ast.Identifier:
            return node.name[-1] not in "?!"
        if kind is ast.MethodCall:
            return (
                not node.arguments
                and node.trailing_block is None
                and not node.parens
                and node.method[-1] not in "?!"
                and (node.method[0].isalpha() or node.method[0] == "_" or node.method[0] > "\x7f")
            )
        if kind is ast.Grouped:
            return self.is_target(node.expression) or type(node.expression) is ast.Splat
        return kind in _TARGETS

    def refuse_target(self, node: ast.Node) -> NoReturn:
        """Complain about a left side that is no target."""
        kind = type(node)
        message = _FIXED.get(kind)
        if kind is ast.BoolLiteral:
            message = "Can't assign to " + ("true" if node.value else "false")
        if message is not None:
            self.fail(message, node.pos, node.end_pos)
        self.unexpected("the end of the statement")

    def assignment_target(self, node: ast.Node) -> ast.Node:
        """Declare what `node` assigns and return it as a target. The node passed `is_target`."""
        kind = type(node)
        if kind is ast.Identifier:
            name = node.name
            if name not in self.locals:
                if name in self.soft:
                    node.kind = "soft"
                    return node
                self.declare(name, node.pos, node.end_pos)
            node.kind = "local"
        elif kind in _CONSTANTS:
            if self.gate().kind == "def":
                self.report("dynamic constant assignment", node.pos, node.end_pos)
        elif kind is ast.GlobalVariable:
            if _READ_ONLY_GLOBALS(node.name):
                self.report(f"Can't set variable ${node.name}", node.pos, node.end_pos)
        elif kind is ast.Index:
            last = node.arguments[-1] if node.arguments else None
            if type(last) is ast.BlockArg:
                self.report("unexpected block arg given in index assignment", last.pos, last.end_pos)
            elif type(last) is ast.Dictionary and not last.braces:
                self.report("unexpected keyword arg given in index assignment", last.pos, last.end_pos)
        return node

    def declare(self, name: str, pos: int, end: int) -> None:
        """Make `name` a local variable of the current scope."""
        if _NUMBERED(name):
            self.report(f"{name} is reserved for numbered parameters", pos, end)
        self.locals.add(name)

    def nested_targets(self, node: ast.Node) -> list[ast.Node]:
        """The targets that a parenthesised left side stands for."""
        if type(node) is ast.MultipleTarget:
            self.open_targets.discard(node.pos)
            return node.targets
        return [self.multiple_target(node.expression)]

    def multiple_target(self, node: ast.Node) -> ast.Node:
        """Return `node` as one of several targets."""
        kind = type(node)
        if kind is ast.MultipleTarget or kind is ast.Splat:
            self.open_targets.discard(node.pos)
            return node
        if kind is ast.Grouped and self.is_target(node):
            return ast.MultipleTarget([self.multiple_target(node.expression)], node.pos, node.end_pos)
        if not self.is_target(node):
            self.refuse_target(node)
        if kind is ast.MethodCall and node.safe:
            self.report("&. inside multiple assignment destination", node.name_pos - 2, node.name_pos)
        return self.assignment_target(node)

    def comma(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        """`a, b = …` at statement level."""
        kind = type(left)
        if kind is not ast.MultipleTarget and not self.is_target(left):
            return None
        return self.multiple_assignment(left, min_bp)

    def multiple_assignment(self, left: ast.Node | None, min_bp: int) -> ast.Node:
        """Read the targets after `left` (and its comma) and the value; without `=` return a MultipleTarget."""
        start = left.pos if left is not None else self.pos
        targets = [self.multiple_target(left)] if left is not None else []
        self.targets(targets)
        if self.tok == "=":
            return self.finish_multiple(targets, start)
        if self.tok != ")":
            self.unexpected("a `=` after the targets of a multiple assignment")
        return ast.MultipleTarget(targets, start, -1)  # `group` knows where it ends

    def targets(self, targets: list[ast.Node]) -> None:
        """Read targets up to something that is no comma."""
        while True:
            m = self.operand()
            kind = m.lastindex
            if targets and (kind == OTHER or (kind == WORD and m[WORD] == "in")):  # a final comma
                self.op(m.start(kind))
                return
            if kind == STAR and m[STAR] == "*":
                targets.append(self.splat_target(m))
            else:
                targets.append(self.multiple_target(self.expression(ASSIGN, m)))
            if self.tok != ",":
                return

    def splat_target(self, m: Lexeme) -> ast.Node:
        start, end = m.span(STAR)
        self.pos = end
        m = self.operand()
        if m.lastindex == OTHER or (m.lastindex == 1 and m[1] == "in"):  # a bare `*`
            self.op(end)
            return ast.Splat(None, start, end)
        node = self.expression(ASSIGN, m)
        if not self.is_target(node):
            self.refuse_target(node)
        return ast.Splat(self.assignment_target(node), start, node.end_pos)

    def finish_multiple(self, targets: list[ast.Node], start: int) -> ast.Node:
        """Read `= values` of a multiple assignment."""
        self.pos = self.skip_newlines(self.pos)
        value = self.value_list()
        if self.tok == "rescue":
            value = self.rescued(value, STATEMENT)
        return ast.MultipleAssignment(targets, value, start, value.end_pos)


_CONSTANTS = (ast.Constant, ast.ScopeResolution, ast.TopLevelConstant)
_TARGETS = frozenset(
    (
        ast.InstanceVariable,
        ast.GlobalVariable,
        ast.ClassVariable,
        ast.Constant,
        ast.ScopeResolution,
        ast.TopLevelConstant,
        ast.Index,
        ast.MultipleTarget,
    )
)
