"""Assignment to every kind of target: plain, with an operator, multiple.

Order of evaluation is Ruby's: receiver and index of a target come before the value, in a multiple assignment those of
all targets do. A target is declared before its value is compiled, so that a lambda in the value sees the variable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...format.stack_ops import DEFINED_CONST, DEFINED_CVAR, DEFINED_SCOPED_CONST, IMPLICIT_SELF, RESULT_IS_ARG, SPLAT
from ..syntax import ast
from .arguments import push_arguments
from .dispatch import HANDLERS, handles, value
from .emitter import Label
from .literals import push_elements
from .opcodes import (
    ARRAY_PUSH,
    DEFINED,
    DUP,
    DUP_N,
    EXPAND,
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
    from collections.abc import Sequence

    from .builder import Builder

_VARIABLES = frozenset((ast.Identifier, ast.InstanceVariable, ast.GlobalVariable, ast.ClassVariable, ast.Constant))


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


def _namespace(f: Builder, target: ast.Node) -> None:
    """Push the module of a scoped constant target."""
    _check_constant(f, target)
    if target.__class__ is ast.TopLevelConstant:
        f.op_u16(LOAD_TOP_CONST, f.name("Object"), target.pos)
    else:
        value(f, target.namespace)


def _receiver_flags(receiver: ast.Node) -> int:
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
    elif cls in _VARIABLES:
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
        _index_set(f, target, argc, flags)
        if not want:
            f.op(POP, target.pos)
    else:
        _namespace(f, target)
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
    f.send(target.method + "=", 1, RESULT_IS_ARG | _receiver_flags(target.receiver), target.name_pos or target.pos)
    f.place(skipped)
    if not want:
        f.op(POP, target.pos)


def _index_set(f: Builder, target: ast.Node, argc: int, flags: int) -> None:
    """Emit `x[args] = value` for receiver, arguments and value on the stack."""
    pos = target.bracket_pos or target.pos
    flags |= _receiver_flags(target.array)
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
    if cls in _VARIABLES:
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
    flags = _receiver_flags(target.receiver)
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
    f.emit(INDEX_GET, (argc, flags | _receiver_flags(target.array)), pos)
    code = BINARY.get(op)
    if code is not None:
        value(f, node.value)
        f.op(code, node.op_pos or node.pos)
        _index_set(f, target, argc, flags)
    else:
        settled, done = Label(), Label()
        f.op(DUP, pos)
        f.jump(JUMP_IF_TRUE if op == "||" else JUMP_IF_FALSE, settled, pos)
        f.op(POP, pos)
        value(f, node.value)
        _index_set(f, target, argc, flags)
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
    _namespace(f, target)
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


# Multiple assignment


class _Prepared:
    """A target whose receiver and arguments have been evaluated into temporaries."""

    __slots__ = ("target", "receiver", "arguments", "flags")

    def __init__(self, target: ast.Node, receiver: int, arguments: list[int], flags: int) -> None:
        self.target = target
        self.receiver = receiver  # -1: self
        self.arguments = arguments
        self.flags = flags


def _is_simple(target: ast.Node) -> bool:
    """True if assigning to `target` needs nothing evaluated first."""
    cls = target.__class__
    if cls is ast.Splat:
        return target.expression is None or _is_simple(target.expression)
    if cls is ast.MultipleTarget:
        return all(map(_is_simple, target.targets))
    return cls in _VARIABLES


def _keep(f: Builder, pos: int) -> int:
    """Pop into a new temporary and return its slot."""
    slot = f.temp()
    f.op_u16(STORE_LOCAL, slot, pos)
    return slot


def _prepare(f: Builder, target: ast.Node) -> object:
    """Evaluate receivers and arguments of a target; return what `_assign_prepared` takes."""
    cls = target.__class__
    if cls is ast.Splat:
        return _prepare(f, target.expression) if target.expression is not None else None
    if cls is ast.MultipleTarget:
        return [_prepare(f, inner) for inner in target.targets]
    if cls in _VARIABLES:
        return target
    pos = target.pos
    if cls is ast.MethodCall:
        if target.receiver.__class__ is ast.SelfExpr:
            return _Prepared(target, -1, [], IMPLICIT_SELF)
        value(f, target.receiver)
        return _Prepared(target, _keep(f, pos), [], 0)
    if cls is ast.Index:
        value(f, target.array)
        receiver = _keep(f, pos)
        start = f.depth
        _, flags = push_arguments(f, target.arguments, pos)
        arguments = [_keep(f, pos) for _ in range(f.depth - start)]
        arguments.reverse()
        return _Prepared(target, receiver, arguments, flags | _receiver_flags(target.array))
    _namespace(f, target)
    return _Prepared(target, _keep(f, pos), [], 0)


def _assign_prepared(f: Builder, target: ast.Node, prepared: object) -> None:
    """Pop the top of the stack into a target."""
    cls = target.__class__
    if cls is ast.MultipleTarget:
        _expand(f, target.targets, prepared, target.pos)
        return
    if not isinstance(prepared, _Prepared):
        store_variable(f, target)
        return
    pos = target.pos
    new = _keep(f, pos)
    if prepared.receiver >= 0:
        f.op_u16(LOAD_LOCAL, prepared.receiver, pos)
    else:
        value(f, target.receiver)
    for slot in prepared.arguments:
        f.op_u16(LOAD_LOCAL, slot, pos)
    skipped = Label()
    if cls is ast.MethodCall and target.safe:
        f.op(DUP, pos)
        f.jump(JUMP_IF_NIL, skipped, pos)
    f.op_u16(LOAD_LOCAL, new, pos)
    if cls is ast.Index:
        _index_set(f, target, len(prepared.arguments), prepared.flags)
        f.op(POP, pos)
    elif cls is ast.MethodCall:
        f.send(target.method + "=", 1, RESULT_IS_ARG | prepared.flags, target.name_pos or pos)
        f.place(skipped)
        f.op(POP, pos)
    else:
        f.op_u16(STORE_SCOPED_CONST, f.name(target.name), pos)


def assign_top(f: Builder, target: ast.Node) -> None:
    """Pop the top of the stack into any target, evaluating the target's receiver now."""
    declare(f, target)
    if target.__class__ is ast.Splat:
        target = target.expression
    if _is_simple(target):
        prepared: object = [None] * len(target.targets) if target.__class__ is ast.MultipleTarget else None
        _assign_prepared(f, target, prepared)
        return
    new = _keep(f, target.pos)
    prepared = _prepare(f, target)
    f.op_u16(LOAD_LOCAL, new, target.pos)
    _assign_prepared(f, target, prepared)


def _expand(f: Builder, targets: Sequence[ast.Node], prepared: object, pos: int) -> None:
    """Take the value on the stack apart and assign the pieces from left to right."""
    rest = next((index for index, target in enumerate(targets) if target.__class__ is ast.Splat), -1)
    if rest < 0:
        f.emit(EXPAND, (len(targets), 0, 0), pos)
    else:
        f.emit(EXPAND, (rest, 1, len(targets) - rest - 1), pos)
    parts = prepared if isinstance(prepared, list) else [None] * len(targets)
    for target, part in zip(targets, parts):
        if target.__class__ is ast.Splat:
            target = target.expression
            if target is None:
                f.op(POP, pos)
                continue
        if target.__class__ is ast.MultipleTarget and part is None:
            part = [None] * len(target.targets)
        _assign_prepared(f, target, part)


@handles(ast.MultipleAssignment)
def multiple_assignment(f: Builder, node: ast.MultipleAssignment, want: bool) -> None:
    targets, right, pos = node.targets, node.value, node.pos
    for target in targets:
        declare(f, target)
    prepared: object = None
    if not all(map(_is_simple, targets)):
        prepared = [_prepare(f, target) for target in targets]
    elif not want and _assign_in_parallel(f, targets, right, pos):
        return
    if right.__class__ is ast.Array:
        push_elements(f, right.elements, right.pos)
    else:
        value(f, right)
    if want:
        f.op(DUP, pos)
    _expand(f, targets, prepared, pos)


def _assign_in_parallel(f: Builder, targets: Sequence[ast.Node], right: ast.Node, pos: int) -> bool:
    """Assign as many values as targets through the stack, without an Array; False if that is not the case."""
    if right.__class__ is not ast.Array or len(right.elements) != len(targets):
        return False
    if any(element.__class__ in (ast.Splat, ast.Dictionary) for element in right.elements):
        return False
    if any(target.__class__ not in _VARIABLES for target in targets):
        return False
    names = [target.name for target in targets if target.__class__ is ast.Identifier]
    unordered = len(names) == len(targets) == len(set(names))  # of distinct locals nobody sees the order
    if not unordered and len(targets) != 2:
        return False
    for element in right.elements:
        HANDLERS[element.__class__](f, element, True)
    if not unordered:
        f.op(SWAP, pos)
    for target in targets if not unordered else reversed(targets):
        store_variable(f, target)
    return True


@handles(ast.MultipleTarget)
def multiple_target(f: Builder, node: ast.MultipleTarget, want: bool) -> None:
    """A target outside of an assignment has no meaning of its own."""
    f.unit.error(node, "unexpected multiple assignment target")
