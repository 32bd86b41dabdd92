"""Reading names: locals, sigiled variables, constants, self, bare identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...format.stack_ops import (
    IMPLICIT_SELF,
    SPECIAL_LAST_GROUP,
    SPECIAL_LAST_MATCH,
    SPECIAL_MATCHED,
    SPECIAL_POST_MATCH,
    SPECIAL_PRE_MATCH,
    VARIABLE_LIKE,
)
from ..syntax import ast
from .dispatch import handles, value
from .emitter import Label
from .opcodes import (
    BLOCK_GIVEN,
    GET_UPVALUE,
    JUMP,
    JUMP_IF_FALSE,
    LOAD_BLOCK,
    LOAD_CONST,
    LOAD_CVAR,
    LOAD_GLOBAL,
    LOAD_GROUP,
    LOAD_IVAR,
    LOAD_LOCAL,
    LOAD_SCOPED_CONST,
    LOAD_SELF,
    LOAD_SOFT,
    LOAD_SPECIAL,
    LOAD_TOP_CONST,
    POP,
    STORE_LOCAL,
)

if TYPE_CHECKING:
    from .builder import Builder

SPECIALS = {
    "~": SPECIAL_LAST_MATCH, "&": SPECIAL_MATCHED, "`": SPECIAL_PRE_MATCH, "'": SPECIAL_POST_MATCH,
    "+": SPECIAL_LAST_GROUP,
}  # fmt: skip

# Receiver-less calls after which unknown code may name the locals.
EVAL_NAMES = frozenset((
    "eval", "binding", "local_variables", "instance_eval", "class_eval", "module_eval", "local_variable_get",
    "local_variable_set",
))  # fmt: skip


@handles(ast.Identifier)
def identifier(f: Builder, node: ast.Identifier, want: bool) -> None:
    name = node.name
    if node.kind == "local":
        if want:
            slot = f.locals.get(name)
            if f.unit.soft_names and f.is_soft(name):  # assigned in the arm, perhaps
                load_soft(f, name, node.pos)
            elif slot is None:
                f.load(name, node.pos)
            else:
                f.op_u16(LOAD_LOCAL, slot, node.pos)
        return
    if node.kind == "soft":
        load_soft(f, name, node.pos)
    else:
        call_name(f, name, node.pos)
    if not want:
        f.op(POP, node.pos)


def call_name(f: Builder, name: str, pos: int) -> None:
    """Call the bare identifier `name`."""
    if name == "block_given?":
        f.uses_block()
        f.op(BLOCK_GIVEN, pos)
        return
    if name in EVAL_NAMES and name not in f.own:
        f.uses_eval()
    f.op(LOAD_SELF, pos)
    f.send(name, 0, IMPLICIT_SELF | VARIABLE_LIKE, pos)


def load_soft(f: Builder, name: str, pos: int) -> None:
    """Push a soft name of a `when` arm: its value if it was bound, else the result of calling it.

    LOAD_SOFT reads a slot of its own frame, so a block copies the variable of the arm, mark and all, into a temporary
    first. In a clause of several items a flag tells whether the item that matched had the name at all.
    """
    if not f.is_visible(name):
        call_name(f, name, pos)
        return
    flag = f.soft_flag(name)
    absent, done = Label(), Label()
    if flag is not None:
        f.load(flag, pos)
        f.jump(JUMP_IF_FALSE, absent, pos)
    _read_soft(f, name, name, pos)
    if flag is not None:
        f.jump(JUMP, done, pos)
        f.place(absent)
        call_name(f, name, pos)
        f.place(done)


def _read_soft(f: Builder, name: str, call: str, pos: int) -> None:
    """Emit LOAD_SOFT for the soft name, which calls `call` if it is unbound."""
    slot = f.locals.get(name)
    if slot is None:
        slot = f.hidden_slot()  # only LOAD_SOFT may read what may be unbound
        f.op_u16(GET_UPVALUE, f.upvalue(name), pos)  # type: ignore[arg-type]
        f.op_u16(STORE_LOCAL, slot, pos)
    f.emit(LOAD_SOFT, (slot, f.name(call)), pos)


def push_callee(f: Builder, name: str, pos: int) -> None:
    """Push the local for a call with LOCAL_CALLEE.

    A soft name that is unbound has a method, which is what will be called, so any value does in its place: that of
    `!self`, as LOAD_SOFT must call something.
    """
    if f.is_soft(name):
        _read_soft(f, name, "!", pos)
    else:
        f.load(name, pos)


@handles(ast.InstanceVariable)
def instance_variable(f: Builder, node: ast.InstanceVariable, want: bool) -> None:
    if want:
        index = f.ivar_loads.get(node.name)
        f.op_u16(LOAD_IVAR, f.ivar(node.name, False) if index is None else index, node.pos)


@handles(ast.ClassVariable)
def class_variable(f: Builder, node: ast.ClassVariable, want: bool) -> None:
    f.op_u16(LOAD_CVAR, f.name("@@" + node.name), node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.GlobalVariable)
def global_variable(f: Builder, node: ast.GlobalVariable, want: bool) -> None:
    if want:
        load_global(f, node.name, node.pos)


def load_global(f: Builder, name: str, pos: int) -> None:
    special = SPECIALS.get(name)
    if special is not None:
        f.op_u8(LOAD_SPECIAL, special, pos)
    elif name.isdigit() and name != "0":
        f.op_u16(LOAD_GROUP, min(int(name), 0xFFFF), pos)
    else:
        f.op_u16(LOAD_GLOBAL, f.name("$" + name), pos)


@handles(ast.Constant)
def constant(f: Builder, node: ast.Constant, want: bool) -> None:
    f.op_u16(LOAD_CONST, f.name(node.name), node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.ScopeResolution)
def scope_resolution(f: Builder, node: ast.ScopeResolution, want: bool) -> None:
    value(f, node.namespace)
    f.op_u16(LOAD_SCOPED_CONST, f.name(node.name), node.name_pos or node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.TopLevelConstant)
def top_level_constant(f: Builder, node: ast.TopLevelConstant, want: bool) -> None:
    f.op_u16(LOAD_TOP_CONST, f.name(node.name), node.name_pos or node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.SelfExpr)
def self_expression(f: Builder, node: ast.SelfExpr, want: bool) -> None:
    if want:
        f.op(LOAD_SELF, node.pos)


def load_block(f: Builder, pos: int) -> None:
    """Push the method's block as a Proc, or nil."""
    f.uses_block()
    f.op(LOAD_BLOCK, pos)
