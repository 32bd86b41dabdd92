"""`defined?(x)`: what kind of expression `x` is, or nil if evaluating it would fail.

Parts of the operand that have to be evaluated (receivers, namespaces) run in a protected region, where Ruby swallows
every error; a part that is itself undefined makes the whole undefined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...format.chunk import CONST_FROZEN, RESCUE_HANDLER
from ...format.stack_ops import (
    DEFINED_CONST,
    DEFINED_CVAR,
    DEFINED_FUNCTION,
    DEFINED_GLOBAL,
    DEFINED_IVAR,
    DEFINED_METHOD,
    DEFINED_SCOPED_CONST,
    DEFINED_SUPER,
    DEFINED_TOP_CONST,
    DEFINED_YIELD,
    SPECIAL_LAST_MATCH,
)
from ..syntax import ast
from .builder import Builder, RescueBody
from .calls import CALL_CLASSES
from .dispatch import handles, value
from .emitter import Label
from .exceptions import close_region, open_region
from .literals import push_constant
from .opcodes import (
    DEFINED,
    JUMP,
    JUMP_IF_FALSE,
    JUMP_IF_NIL,
    LEAVE_RESCUE,
    LOAD_GROUP,
    LOAD_LOCAL,
    LOAD_SPECIAL,
    POP,
    PUSH_NIL,
    STORE_LOCAL,
)
from .variables import SPECIALS

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXTS = {
    ast.SelfExpr: "self",
    ast.NilLiteral: "nil",
    ast.Assignment: "assignment",
    ast.OpAssignment: "assignment",
    ast.MultipleAssignment: "assignment",
}


@handles(ast.Defined)
def defined(f: Builder, node: ast.Defined, want: bool) -> None:
    if not want:
        return
    operand = _plain(node.expression)
    if not _evaluates(operand):
        _describe(f, operand, None)
        return
    pos = node.pos
    answer = f.temp()
    undefined, done, retry = Label(), Label(), f.here()
    region = open_region(f, RESCUE_HANDLER, pos)
    _describe(f, operand, undefined)
    f.op_u16(STORE_LOCAL, answer, pos)
    settled = Label()
    f.jump(JUMP, settled, pos)
    f.place(undefined)
    f.op(PUSH_NIL, pos)
    f.op_u16(STORE_LOCAL, answer, pos)
    f.place(settled)
    close_region(f, region, pos)
    f.jump(JUMP, done, pos)
    f.place(region.handler)
    f.control.append(RescueBody(retry))
    f.op(PUSH_NIL, pos)
    f.op_u16(STORE_LOCAL, answer, pos)
    f.op(LEAVE_RESCUE, pos)
    f.control.pop()
    f.place(done)
    f.op_u16(LOAD_LOCAL, answer, pos)


def _plain(node: ast.Node) -> ast.Node:
    """Look through parentheses around one expression."""
    while True:
        if node.__class__ is ast.Grouped:
            node = node.expression
        elif node.__class__ is ast.BlockStatement and len(node.statements) == 1:
            node = node.statements[0]
        else:
            return node


def _evaluates(node: ast.Node) -> bool:
    """True if part of `node` has to run, which may raise."""
    cls = node.__class__
    if cls in (ast.MethodCall, ast.ScopeResolution, ast.Index, ast.BinaryOp, ast.UnaryOp, ast.Array, ast.Dictionary):
        return True
    return cls in CALL_CLASSES and bool(node.arguments or cls is ast.Call)


def _describe(f: Builder, node: ast.Node, undefined: Label | None) -> None:
    """Push the description of `node`, or nil; parts that are undefined jump to `undefined`, at this depth."""
    node = _plain(node)
    handler = _DESCRIBE.get(node.__class__)
    if handler is not None and getattr(node, "trailing_block", None) is None:
        handler(f, node, undefined)
    elif node.__class__ is ast.BoolLiteral:
        push_constant(f, CONST_FROZEN, "true" if node.value else "false", node.pos)
    elif node.__class__ is ast.BlockStatement and not node.statements:
        push_constant(f, CONST_FROZEN, "nil", node.pos)
    else:
        push_constant(f, CONST_FROZEN, _TEXTS.get(node.__class__, "expression"), node.pos)


def _require(f: Builder, node: ast.Node, undefined: Label | None) -> None:
    """Jump to `undefined` unless `node` is defined."""
    node = _plain(node)
    if node.__class__ in _DESCRIBE and undefined is not None:
        _describe(f, node, undefined)
        f.jump(JUMP_IF_FALSE, undefined, node.pos)


def _identifier(f: Builder, node: ast.Identifier, undefined: Label | None) -> None:
    if node.kind == "local":
        push_constant(f, CONST_FROZEN, "local-variable", node.pos)
    elif node.name == "nil" or node.name == "self":
        push_constant(f, CONST_FROZEN, "expression", node.pos)
    else:
        f.emit(DEFINED, (DEFINED_FUNCTION, f.name(node.name)), node.pos)


def _named(kind: int, sigil: str) -> Callable[[Builder, ast.Node, Label | None], None]:
    def describe(f: Builder, node: ast.Node, undefined: Label | None) -> None:
        f.emit(DEFINED, (kind, f.name(sigil + node.name)), node.pos)

    return describe


def _global(f: Builder, node: ast.GlobalVariable, undefined: Label | None) -> None:
    """The regular expression globals are defined if they have a value."""
    name, pos = node.name, node.pos
    special = SPECIALS.get(name)
    group = name.isdigit() and name != "0"
    if special == SPECIAL_LAST_MATCH or not (group or special is not None):
        f.emit(DEFINED, (DEFINED_GLOBAL, f.name("$" + name)), pos)
        return
    done = Label()
    if group:
        f.op_u16(LOAD_GROUP, min(int(name), 0xFFFF), pos)
    else:
        f.op_u8(LOAD_SPECIAL, special, pos)  # type: ignore[arg-type]
    kept = f.temp()
    f.op_u16(STORE_LOCAL, kept, pos)
    f.op_u16(LOAD_LOCAL, kept, pos)
    f.op_u16(LOAD_LOCAL, kept, pos)
    f.jump(JUMP_IF_NIL, done, pos)
    f.op(POP, pos)
    push_constant(f, CONST_FROZEN, "global-variable", pos)
    f.place(done)


def _scoped(f: Builder, node: ast.ScopeResolution, undefined: Label | None) -> None:
    _require(f, node.namespace, undefined)
    value(f, node.namespace)
    f.emit(DEFINED, (DEFINED_SCOPED_CONST, f.name(node.name)), node.pos)


def _arguments(f: Builder, arguments: list[ast.Node], undefined: Label | None) -> None:
    for argument in arguments:
        _require(f, argument, undefined)


def _call(f: Builder, node: ast.Call, undefined: Label | None) -> None:
    if node.callee.__class__ not in (ast.Identifier, ast.Constant):
        _require(f, node.callee, undefined)
        _arguments(f, node.arguments, undefined)
        value(f, node.callee)
        f.emit(DEFINED, (DEFINED_METHOD, f.name("call")), node.pos)
        return
    _arguments(f, node.arguments, undefined)
    f.emit(DEFINED, (DEFINED_FUNCTION, f.name(node.callee.name)), node.pos)


def _on_receiver(
    f: Builder, receiver: ast.Node, name: str, arguments: list[ast.Node], undefined: Label | None, pos: int
) -> None:
    _require(f, receiver, undefined)
    _arguments(f, arguments, undefined)
    value(f, receiver)
    f.emit(DEFINED, (DEFINED_METHOD, f.name(name)), pos)


def _method_call(f: Builder, node: ast.MethodCall, undefined: Label | None) -> None:
    _on_receiver(f, node.receiver, node.method, node.arguments, undefined, node.pos)


def _index(f: Builder, node: ast.Index, undefined: Label | None) -> None:
    _on_receiver(f, node.array, "[]", node.arguments, undefined, node.pos)


def _binary(f: Builder, node: ast.BinaryOp, undefined: Label | None) -> None:
    if node.op in ("&&", "||", "and", "or"):
        push_constant(f, CONST_FROZEN, "expression", node.pos)
        return
    _on_receiver(f, node.left, node.op, [node.right], undefined, node.pos)


def _unary(f: Builder, node: ast.UnaryOp, undefined: Label | None) -> None:
    name = {"not": "!", "!": "!", "~": "~"}.get(node.op) or node.op[0] + "@"
    _on_receiver(f, node.operand, name, [], undefined, node.pos)


def _array(f: Builder, node: ast.Array, undefined: Label | None) -> None:
    _arguments(f, node.elements, undefined)
    push_constant(f, CONST_FROZEN, "expression", node.pos)


def _dictionary(f: Builder, node: ast.Dictionary, undefined: Label | None) -> None:
    for entry in node.entries:
        _arguments(f, [entry.key, entry.value] if entry.__class__ is ast.DictionaryEntry else [], undefined)
    push_constant(f, CONST_FROZEN, "expression", node.pos)


def _yield(f: Builder, node: ast.Yield, undefined: Label | None) -> None:
    f.uses_block()
    f.emit(DEFINED, (DEFINED_YIELD, f.name("yield")), node.pos)


def _super(f: Builder, node: ast.Super, undefined: Label | None) -> None:
    f.emit(DEFINED, (DEFINED_SUPER, f.name(f.super_name)), node.pos)


_DESCRIBE: dict[type, Callable[[Builder, Any, Label | None], None]] = {
    ast.Identifier: _identifier,
    ast.InstanceVariable: _named(DEFINED_IVAR, "@"),
    ast.ClassVariable: _named(DEFINED_CVAR, "@@"),
    ast.Constant: _named(DEFINED_CONST, ""),
    ast.TopLevelConstant: _named(DEFINED_TOP_CONST, ""),
    ast.GlobalVariable: _global,
    ast.ScopeResolution: _scoped,
    ast.MethodCall: _method_call,
    ast.Index: _index,
    ast.BinaryOp: _binary,
    ast.UnaryOp: _unary,
    ast.Array: _array,
    ast.Dictionary: _dictionary,
    ast.Yield: _yield,
    ast.Super: _super,
    **dict.fromkeys(CALL_CLASSES, _call),
}
