"""Multiple assignment, and assigning what lies on the stack to any target.

Order of evaluation is Ruby's: receivers and indices of all targets from left to right, then the values, then the
assignments from left to right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...format.stack_ops import IMPLICIT_SELF, RESULT_IS_ARG
from ..syntax import ast
from .arguments import push_arguments
from .assignments import VARIABLES, declare, index_set, push_namespace, receiver_flags, store_variable
from .dispatch import HANDLERS, handles, value
from .emitter import Label
from .literals import push_elements
from .opcodes import DUP, EXPAND, JUMP_IF_NIL, LOAD_LOCAL, POP, STORE_LOCAL, STORE_SCOPED_CONST, SWAP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .builder import Builder


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
    return cls in VARIABLES


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
    if cls in VARIABLES:
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
        return _Prepared(target, receiver, arguments, flags | receiver_flags(target.array))
    push_namespace(f, target)
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
        index_set(f, target, len(prepared.arguments), prepared.flags)
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
    if any(target.__class__ not in VARIABLES for target in targets):
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
