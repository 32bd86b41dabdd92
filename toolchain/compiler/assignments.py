"""Assignment to one target, plain or with an operator; multiple.py has the others.

Order of evaluation is Ruby's: receiver and index of a target come before the value. A target is declared before its
value is compiled, so that a lambda in the value sees the variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...format.stack_ops import DEFINED_CONST, DEFINED_CVAR, DEFINED_SCOPED_CONST, IMPLICIT_SELF, RESULT_IS_ARG, SPLAT
from ..syntax import ast
from .arguments import push_arguments
from .dispatch import HANDLERS, handles, value
from .emitter import Label
from .opcodes import (
    ARRAY_PUSH,
    DEFINED,
    DUP,
    DUP_N,
    INDEX_GET,
    INDEX_SET,
    JUMP,
    JUMP_IF_FALSE,
    JUMP_IF_NIL,
    JUMP_IF_TRUE,
    LOAD_LOCAL,
    LOAD_SCOPED_CONST,
    LOAD_TOP_CONST,
    POP,
    STORE_CONST,
    STORE_CVAR,
    STORE_GLOBAL,
    STORE_IVAR,
    STORE_LOCAL,
    STORE_SCOPED_CONST,
    SWAP,
)
from .opcodes import (
    SPLAT as SPLAT_OP,
)
from .operators import BINARY

if TYPE_CHECKING:
    from .builder import Builder

VARIABLES = frozenset((ast.Identifier, ast.InstanceVariable, ast.GlobalVariable, ast.ClassVariable, ast.Constant))


def declare(f: Builder, target: ast.Node) -> None:
    """Make the locals that `target` assigns visible."""
    cls = target.__class__
    if cls is ast.Identifier:
        if target.name not in f.locals:
            f.find_or_declare(target.name)
    elif cls is ast.Splat:
        if target.expression is not None:
            declare(f, target.expression)
    elif cls is ast.MultipleTarget:
        for inner in target.targets:
            declare(f, inner)


def store_variable(f: Builder, target: ast.Node) -> None:
    """Pop a value into a variable or unscoped constant."""
    cls = target.__class__
    if cls is ast.Identifier:
        f.store(target.name, target.pos)
    elif cls is ast.InstanceVariable:
        f.op_u16(STORE_IVAR, f.ivar(target.name, True), target.pos)
    elif cls is ast.GlobalVariable:
        f.op_u16(STORE_GLOBAL, f.name("$" + target.name), target.pos)
    elif cls is ast.ClassVariable:
        f.op_u16(STORE_CVAR, f.name("@@" + target.name), target.pos)
    else:
        _check_constant(f, target)
        f.op_u16(STORE_CONST, f.name(target.name), target.pos)


def _check_constant(f: Builder, target: ast.Node) -> None:
    if f.enclosing_method() is not None:
        f.unit.error(target, "dynamic constant assignment")


def push_namespace(f: Builder, target: ast.Node) -> None:
    """Push the module of a scoped constant target."""
    _check_constant(f, target)
    if target.__class__ is ast.TopLevelConstant:
        f.op_u16(LOAD_TOP_CONST, f.name("Object"), target.pos)
    else:
        value(f, target.namespace)


def receiver_flags(receiver: ast.Node) -> int:
    """`self.x = 1` may call a private method."""
    return IMPLICIT_SELF if receiver.__class__ is ast.SelfExpr else 0


@handles(ast.Assignment)
def assignment(f: Builder, node: ast.Assignment, want: bool) -> None:
    target = node.target
    cls = target.__class__
    right = node.value
    if cls is ast.Identifier:
        name = target.name
        if name not in f.locals:
            f.find_or_declare(name)
        HANDLERS[right.__class__](f, right, True)
        if want:
            f.op(DUP, target.pos)
        slot = f.locals.get(name)
        if slot is None or f.soft_flags:
            f.store(name, target.pos)
        else:
            f.op_u16(STORE_LOCAL, slot, target.pos)
    elif cls in VARIABLES:
        HANDLERS[right.__class__](f, right, True)
        if want:
            f.op(DUP, target.pos)
        store_variable(f, target)
    elif cls is ast.MethodCall:
        _assign_attribute(f, target, right, want)
    elif cls is ast.Index:
        value(f, target.array)
        argc, flags = push_arguments(f, target.arguments, target.pos)
        value(f, right)
        index_set(f, target, argc, flags)
        if not want:
            f.op(POP, target.pos)
    else:
        push_namespace(f, target)
        value(f, right)
        if want:
            kept = f.temp()
            f.op(DUP, target.pos)
            f.op_u16(STORE_LOCAL, kept, target.pos)
        f.op_u16(STORE_SCOPED_CONST, f.name(target.name), target.pos)
        if want:
            f.op_u16(LOAD_LOCAL, kept, target.pos)


def _assign_attribute(f: Builder, target: ast.MethodCall, right: ast.Node, want: bool) -> None:
    skipped = Label()
    value(f, target.receiver)
    if target.safe:
        f.op(DUP, target.pos)
        f.jump(JUMP_IF_NIL, skipped, target.pos)
    value(f, right)
    f.send(target.method + "=", 1, RESULT_IS_ARG | receiver_flags(target.receiver), target.name_pos or target.pos)
    f.place(skipped)
    if not want:
        f.op(POP, target.pos)


def index_set(f: Builder, target: ast.Node, argc: int, flags: int) -> None:
    """Emit `x[args] = value` for receiver, arguments and value on the stack."""
    pos = target.bracket_pos or target.pos
    flags |= receiver_flags(target.array)
    if flags & SPLAT:  # on a copy, which the call that read the element cannot have kept
        f.op(SWAP, pos)
        f.op(SPLAT_OP, pos)
        f.op(SWAP, pos)
        f.op(ARRAY_PUSH, pos)
        argc = 0
    f.emit(INDEX_SET, (argc + 1, flags), pos)


# op-assign


@handles(ast.OpAssignment)
def op_assignment(f: Builder, node: ast.OpAssignment, want: bool) -> None:
    target = node.target
    cls = target.__class__
    if cls in VARIABLES:
        _op_assign_variable(f, node, want)
    elif cls is ast.MethodCall:
        _op_assign_attribute(f, node, want)
    elif cls is ast.Index:
        _op_assign_index(f, node, want)
    else:
        _op_assign_scoped(f, node, want)


def _op_assign_variable(f: Builder, node: ast.OpAssignment, want: bool) -> None:
    target, op, pos = node.target, node.op, node.op_pos or node.pos
    declare(f, target)
    code = BINARY.get(op)
    if code is not None:
        _load(f, target)
        value(f, node.value)
        f.op(code, pos)
        if want:
            f.op(DUP, pos)
        store_variable(f, target)
        return
    done, assign = Label(), Label()
    if op == "||" and target.__class__ in (ast.ClassVariable, ast.Constant):  # reading an undefined one raises
        if target.__class__ is ast.Constant:
            f.emit(DEFINED, (DEFINED_CONST, f.name(target.name)), pos)
        else:
            f.emit(DEFINED, (DEFINED_CVAR, f.name("@@" + target.name)), pos)
        f.jump(JUMP_IF_FALSE, assign, pos)
    _load(f, target)
    if want:
        f.op(DUP, pos)
    f.jump(JUMP_IF_TRUE if op == "||" else JUMP_IF_FALSE, done, pos)
    if want:
        f.op(POP, pos)
    f.place(assign)
    value(f, node.value)
    if want:
        f.op(DUP, pos)
    store_variable(f, target)
    f.place(done)


def _load(f: Builder, target: ast.Node) -> None:
    if target.__class__ is ast.Identifier and target.kind == "call":  # in a tree made by hand
        f.load(target.name, target.pos)
    else:
        value(f, target)


def _op_assign_attribute(f: Builder, node: ast.OpAssignment, want: bool) -> None:
    target, op = node.target, node.op
    pos = target.name_pos or target.pos
    flags = receiver_flags(target.receiver)
    done = Label()
    value(f, target.receiver)
    if target.safe:
        f.op(DUP, pos)
        f.jump(JUMP_IF_NIL, done, pos)
    f.op(DUP, pos)
    f.send(target.method, 0, flags, pos)
    code = BINARY.get(op)
    if code is not None:
        value(f, node.value)
        f.op(code, node.op_pos or node.pos)
        f.send(target.method + "=", 1, RESULT_IS_ARG | flags, pos)
    else:
        settled = Label()
        f.op(DUP, pos)
        f.jump(JUMP_IF_TRUE if op == "||" else JUMP_IF_FALSE, settled, pos)
        f.op(POP, pos)
        value(f, node.value)
        f.send(target.method + "=", 1, RESULT_IS_ARG | flags, pos)
        f.jump(JUMP, done, pos)
        f.place(settled)
        f.op(SWAP, pos)
        f.op(POP, pos)
    f.place(done)
    if not want:
        f.op(POP, pos)


def _op_assign_index(f: Builder, node: ast.OpAssignment, want: bool) -> None:
    target, op = node.target, node.op
    pos = target.bracket_pos or target.pos
    start = f.depth
    value(f, target.array)
    argc, flags = push_arguments(f, target.arguments, target.pos)
    f.emit(DUP_N, (f.depth - start,), pos)
    f.emit(INDEX_GET, (argc, flags | receiver_flags(target.array)), pos)
    code = BINARY.get(op)
    if code is not None:
        value(f, node.value)
        f.op(code, node.op_pos or node.pos)
        index_set(f, target, argc, flags)
    else:
        settled, done = Label(), Label()
        f.op(DUP, pos)
        f.jump(JUMP_IF_TRUE if op == "||" else JUMP_IF_FALSE, settled, pos)
        f.op(POP, pos)
        value(f, node.value)
        index_set(f, target, argc, flags)
        f.jump(JUMP, done, pos)
        f.place(settled)
        kept = f.temp()
        f.op_u16(STORE_LOCAL, kept, pos)
        f.pop_to(start, pos)
        f.op_u16(LOAD_LOCAL, kept, pos)
        f.place(done)
    if not want:
        f.op(POP, pos)


def _op_assign_scoped(f: Builder, node: ast.OpAssignment, want: bool) -> None:
    """`A::B ||= 1`, `::A += 1`."""
    target, op, pos = node.target, node.op, node.op_pos or node.pos
    name = f.name(target.name)
    push_namespace(f, target)
    done, assign = Label(), Label()
    code = BINARY.get(op)
    kept = f.temp()
    if op == "||":
        f.op(DUP, pos)
        f.emit(DEFINED, (DEFINED_SCOPED_CONST, name), pos)
        f.jump(JUMP_IF_FALSE, assign, pos)
    f.op(DUP, pos)
    f.op_u16(LOAD_SCOPED_CONST, name, target.name_pos or target.pos)
    if code is not None:
        value(f, node.value)
        f.op(code, pos)
    else:
        settled = Label()
        f.op(DUP, pos)
        f.jump(JUMP_IF_TRUE if op == "||" else JUMP_IF_FALSE, settled, pos)
        f.op(POP, pos)
        f.jump(JUMP, assign, pos)
        f.place(settled)
        f.op(SWAP, pos)
        f.op(POP, pos)
        f.jump(JUMP, done, pos)
        f.place(assign)
        value(f, node.value)
    f.op(DUP, pos)
    f.op_u16(STORE_LOCAL, kept, pos)
    f.op_u16(STORE_SCOPED_CONST, name, pos)
    f.op_u16(LOAD_LOCAL, kept, pos)
    f.place(done)
    if not want:
        f.op(POP, pos)
