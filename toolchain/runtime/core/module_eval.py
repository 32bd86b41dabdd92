"""class_eval, instance_eval and their kin: running a block or a text with another self."""

from __future__ import annotations

from .. import hooks
from ..blocks import SWAPS, block_info
from ..builtin import NativeClass
from ..convert import as_int, as_str
from ..dispatch import respond_to
from ..errors import arity_error, error, no_conversion
from ..frames import Cref, caller_frame
from ..model import OBJECT, ModuleValue
from ..places import caller_place
from ..values import UNDEF, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

module = NativeClass("Module")
basic = NativeClass("BasicObject")


def run_block(blk: Any, self_value: Value, definee: Any, args: Any, keywords: Any = None) -> Value:
    """Call a block with another self; `def` in it defines in `definee`. A native block stays what it is."""
    swap = SWAPS.get(id(getattr(blk, "__code__", None)))
    swapped = None if swap is None else swap(blk, self_value)
    if swapped is not None:
        blk = swapped
    else:
        rebind = getattr(block_info(blk), "rebind", None)
        if rebind is not None:
            blk = rebind(self_value, definee)
    if keywords:
        return blk(*args, **keywords)
    return blk(*args)


def run_source(args: Any, self_value: Value, definee: Any, scope: Any) -> Value:
    """Do `class_eval(source, path, line)` and the like; constants are looked up in `scope` first."""
    if not args:
        raise arity_error(0, 1, 3)
    if len(args) > 3:
        raise arity_error(len(args), 1, 3)
    source = as_source(args[0])
    path, line = eval_place(args[1:])
    frame = caller_frame()
    parent = frame.cref if frame is not None else Cref(OBJECT, None)
    cref = parent if scope is None else Cref(scope, parent)
    return hooks.eval_string(source, frame, {}, path, line, self_value, definee, cref)


def as_source(value: Value) -> Value:
    """Return what can be compiled: a String, or a syntax tree node as it is. TypeError of the guest otherwise."""
    if isinstance(value, String):
        return value
    is_node = getattr(hooks, "is_node", None)
    if is_node is not None and is_node(value):
        return value
    if value is not None and value.__class__ is not int and respond_to(value, "to_str"):
        return String(as_str(value))
    raise no_conversion(value, "String")


def eval_place(args: Any) -> tuple[str, int]:
    """Return path and line of eval code, from the optional arguments behind the source."""
    if not args or args[0] is None or args[0] is UNDEF:
        path, line = caller_place()
        name = f"(eval at {path}:{line})"
    else:
        name = as_str(args[0])
    first = as_int(args[1]) if len(args) > 1 and args[1] is not UNDEF else 1
    return name, first


@module.method("class_eval", "module_eval", block=True)
def class_eval(self: ModuleValue, blk: Block, *args: Value) -> Value:
    if blk is not None:
        if args:
            raise arity_error(len(args), 0, 0)
        return run_block(blk, self, self, (self,))
    return run_source(args, self, self, self)


@module.method("class_exec", "module_exec", block=True)
def class_exec(self: ModuleValue, blk: Block, *args: Value, **keywords: Value) -> Value:
    if blk is None:
        raise error("LocalJumpError", "no block given")
    return run_block(blk, self, self, args, keywords)


@basic.method("instance_eval", block=True)
def instance_eval(self: Value, blk: Block, *args: Value) -> Value:
    if blk is not None:
        if args:
            raise arity_error(len(args), 0, 0)
        return run_block(blk, self, hooks.SINGLETON, (self,))
    return run_source(args, self, hooks.SINGLETON, None)


@basic.method("instance_exec", block=True)
def instance_exec(self: Value, blk: Block, *args: Value, **keywords: Value) -> Value:
    if blk is None:
        raise error("LocalJumpError", "no block given")
    return run_block(blk, self, hooks.SINGLETON, args, keywords)
