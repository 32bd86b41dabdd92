"""Operators, logic, conditions and flip-flops.

`&&`, `||`, `!` and their word forms compile to jumps: in a condition straight to the target, as a value by keeping
the operand that decided.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...format.stack_ops import SPECIAL_LAST_MATCH
from ..syntax import ast
from .dispatch import CONDITIONS, HANDLERS, branch, effect, handles, tests, value
from .emitter import Label
from .literals import push_symbol
from .opcodes import (
    ADD,
    BIT_AND,
    BIT_NOT,
    BIT_OR,
    BIT_XOR,
    CASE_EQ,
    CMP,
    DIV,
    DUP,
    EQ,
    GE,
    GT,
    INDEX_GET,
    JUMP,
    JUMP_IF_FALSE,
    JUMP_IF_NIL,
    JUMP_IF_TRUE,
    LE,
    LOAD_GLOBAL,
    LOAD_SPECIAL,
    LT,
    MATCH_OP,
    MOD,
    MUL,
    NE,
    NEG,
    NOT,
    NOT_MATCH_OP,
    POP,
    POS,
    POW,
    PUSH_FALSE,
    PUSH_TRUE,
    SHL,
    SHR,
    SUB,
)

if TYPE_CHECKING:
    from .builder import Builder

BINARY = {
    "+": ADD, "-": SUB, "*": MUL, "/": DIV, "%": MOD, "**": POW, "==": EQ, "!=": NE, "<": LT, "<=": LE, ">": GT,
    ">=": GE, "<=>": CMP, "===": CASE_EQ, "&": BIT_AND, "|": BIT_OR, "^": BIT_XOR, "<<": SHL, ">>": SHR,
    "=~": MATCH_OP, "!~": NOT_MATCH_OP,
}  # fmt: skip
UNARY = {"-": NEG, "+": POS, "~": BIT_NOT, "!": NOT, "not": NOT, "-@": NEG, "+@": POS}
_AND = frozenset(("&&", "and"))

_NAMED_GROUP = re.compile(r"\(\?<([a-z_\u0080-\U0010ffff]\w*)>")


@handles(ast.BinaryOp)
def binary_op(f: Builder, node: ast.BinaryOp, want: bool) -> None:
    code = BINARY.get(node.op)
    if code is None:
        logical_value(f, node, want)
        return
    left = node.left
    if left.__class__ is ast.BinaryOp and left.left.__class__ is ast.BinaryOp:
        # `a + b + c + …` leans to the left, however long it is: go down in a loop.
        spine = []
        while left.__class__ is ast.BinaryOp and left.op in BINARY and left.op != "=~":
            spine.append(left)
            left = left.left
        HANDLERS[left.__class__](f, left, True)
        for inner in reversed(spine):
            right = inner.right
            HANDLERS[right.__class__](f, right, True)
            f.op(BINARY[inner.op], inner.op_pos)
    else:
        HANDLERS[left.__class__](f, left, True)
    right = node.right
    HANDLERS[right.__class__](f, right, True)
    f.op(code, node.op_pos)
    if code == MATCH_OP and left.__class__ is ast.RegexLiteral:
        _assign_groups(f, node)
    if not want:
        f.op(POP, node.op_pos)


def _assign_groups(f: Builder, node: ast.BinaryOp) -> None:
    """`/(?<name>)/ =~ text` assigns the named groups to locals, nil without a match."""
    names = node.locals
    if names is None:
        parts = node.left.parts
        if not all(part.__class__ is ast.StringLiteral for part in parts):
            return
        names = list(dict.fromkeys(_NAMED_GROUP.findall("".join(part.value for part in parts))))
    pos = node.op_pos
    for name in names:
        done = Label()
        f.op_u8(LOAD_SPECIAL, SPECIAL_LAST_MATCH, pos)
        f.op(DUP, pos)
        f.jump(JUMP_IF_NIL, done, pos)
        push_symbol(f, name, pos)
        f.emit(INDEX_GET, (1, 0), pos)
        f.place(done)
        f.store(name, pos)


def logical_value(f: Builder, node: ast.BinaryOp, want: bool) -> None:
    """`a && b`, `a || b`: the value of the operand that decides."""
    done = Label()
    conjunction = node.op in _AND
    if not want:
        branch(f, node.left, done, not conjunction)
        effect(f, node.right)
        f.place(done)
        return
    value(f, node.left)
    f.op(DUP, node.op_pos)
    f.jump(JUMP_IF_FALSE if conjunction else JUMP_IF_TRUE, done, node.op_pos)
    f.op(POP, node.op_pos)
    value(f, node.right)
    f.place(done)


@handles(ast.UnaryOp)
def unary_op(f: Builder, node: ast.UnaryOp, want: bool) -> None:
    value(f, node.operand)
    f.op(UNARY[node.op], node.pos)
    if not want:
        f.op(POP, node.pos)


# Conditions


@tests(ast.BinaryOp)
def test_binary_op(f: Builder, node: ast.BinaryOp, label: Label, when: bool) -> None:
    op = node.op
    if op in BINARY:
        binary_op(f, node, True)
        f.jump(JUMP_IF_TRUE if when else JUMP_IF_FALSE, label, node.op_pos)
        return
    if (op in _AND) is when:  # both must agree: the left one alone can only skip the right one
        skip = Label()
        branch(f, node.left, skip, not when)
        branch(f, node.right, label, when)
        f.place(skip)
    else:
        branch(f, node.left, label, when)
        branch(f, node.right, label, when)


@tests(ast.UnaryOp)
def test_unary_op(f: Builder, node: ast.UnaryOp, label: Label, when: bool) -> None:
    if UNARY[node.op] == NOT:
        branch(f, node.operand, label, not when)
    else:
        unary_op(f, node, True)
        f.jump(JUMP_IF_TRUE if when else JUMP_IF_FALSE, label, node.pos)


@tests(ast.Grouped)
def test_grouped(f: Builder, node: ast.Grouped, label: Label, when: bool) -> None:
    branch(f, node.expression, label, when)


@tests(ast.BlockStatement)
def test_block(f: Builder, node: ast.BlockStatement, label: Label, when: bool) -> None:
    if len(node.statements) == 1:
        branch(f, node.statements[0], label, when)
    else:
        HANDLERS[ast.BlockStatement](f, node, True)
        f.jump(JUMP_IF_TRUE if when else JUMP_IF_FALSE, label, node.pos)


@tests(ast.BoolLiteral, ast.NilLiteral)
def test_constant(f: Builder, node: ast.Node, label: Label, when: bool) -> None:
    truth = node.__class__ is ast.BoolLiteral and node.value
    if truth is when:
        f.jump(JUMP, label, node.pos)


@tests(ast.RegexLiteral)
def test_regex(f: Builder, node: ast.RegexLiteral, label: Label, when: bool) -> None:
    """A bare regular expression as a condition is matched against `$_`."""
    HANDLERS[ast.RegexLiteral](f, node, True)
    f.op_u16(LOAD_GLOBAL, f.name("$_"), node.pos)
    f.op(MATCH_OP, node.pos)
    f.jump(JUMP_IF_TRUE if when else JUMP_IF_FALSE, label, node.pos)


@handles(ast.Grouped)
def grouped(f: Builder, node: ast.Grouped, want: bool) -> None:
    inner = node.expression
    HANDLERS[inner.__class__](f, inner, want)


# Flip-flop


@tests(ast.FlipFlop)
def test_flip_flop(f: Builder, node: ast.FlipFlop, label: Label, when: bool) -> None:
    """`if a..b`: true from where `a` holds to where `b` holds. `..` tests `b` at once, `...` from the next time on."""
    pos = node.pos
    state = f.hidden_variable()
    is_on, is_off, answer = Label(), Label(), Label()
    f.load(state, pos)
    f.jump(JUMP_IF_TRUE, is_on, pos)
    branch(f, node.start, is_off, False)
    f.op(PUSH_TRUE, pos)
    f.store(state, pos)
    if node.exclusive:
        f.jump(JUMP, answer, pos)
    f.place(is_on)
    branch(f, node.end, answer, False)
    f.op(PUSH_FALSE, pos)
    f.store(state, pos)
    f.place(answer)
    if when:
        f.jump(JUMP, label, pos)
        f.place(is_off)
    else:
        done = Label()
        f.jump(JUMP, done, pos)
        f.place(is_off)
        f.jump(JUMP, label, pos)
        f.place(done)


@handles(ast.FlipFlop)
def flip_flop(f: Builder, node: ast.FlipFlop, want: bool) -> None:
    truth_value(f, node, want)


def truth_value(f: Builder, node: ast.Node, want: bool) -> None:
    """Push true or false for a node that is compiled as a condition."""
    off, done = Label(), Label()
    CONDITIONS[node.__class__](f, node, off, False)
    if want:
        f.op(PUSH_TRUE, node.pos)
        f.jump(JUMP, done, node.pos)
    f.place(off)
    if want:
        f.op(PUSH_FALSE, node.pos)
    f.place(done)
