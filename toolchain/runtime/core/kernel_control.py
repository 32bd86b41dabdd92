"""Kernel's functions of control flow: raise, loop, catch and throw, proc and lambda, block_given?."""

from __future__ import annotations

from ..blocks import block_info
from ..builtin import NativeClass, builtin_class
from ..convert import inspect_str
from ..dispatch import block_proc, keywords_hash
from ..errors import Raised, ThrowJump, error
from ..frames import caller_frame
from ..model import OBJECT, allocate, kind_of
from ..raising import CATCHES, prepared, raised, raised_again, raised_one, thrown
from ..values import UNDEF, Proc, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

kernel = NativeClass("Kernel")


# --- raise ----------------------------------------------------------------------------------------------------------


@kernel.function("raise", "fail")
def raise_(self: Value, blk: Block, *args: Value, **keywords: Value) -> Value:
    cause = keywords.pop("cause", UNDEF)
    if keywords:
        args = (*args, keywords_hash(keywords))
    if cause is UNDEF and len(args) < 3:
        raise raised_again() if not args else raised_one(*args) if len(args) == 1 else raised(*args)
    if not args:
        raise error("ArgumentError", "only cause is given with no arguments")
    raise Raised(prepared(args, cause))


# --- loop, catch and throw ------------------------------------------------------------------------------------------


@kernel.function("loop", block=True)
def loop(self: Value, blk: Block) -> Value:
    if blk is None:
        from .enumerator import make_enumerator

        return make_enumerator(self, "loop", size=float("inf"))
    try:
        while True:
            blk()
    except Raised as failure:
        exc = failure.value
        if not kind_of(exc, builtin_class("StopIteration")):
            raise
        return None if exc.details is None else exc.details.get("result")


@kernel.function("catch", block=True)
def catch(self: Value, blk: Block, tag: Value = UNDEF) -> Value:
    if blk is None:
        raise error("LocalJumpError", "no block given")
    if tag is UNDEF:
        tag = allocate(OBJECT)
    depth = len(CATCHES)
    mark = (tag,)
    CATCHES.append(mark)
    try:
        return blk(tag)
    except ThrowJump as jump:
        if jump.args[0] is not mark:
            raise
        return jump.args[1]
    finally:
        del CATCHES[depth:]


@kernel.function("throw")
def throw(self: Value, blk: Block, tag: Value, value: Value = None) -> Value:
    raise thrown(tag, value) or error("UncaughtThrowError", f"uncaught throw {inspect_str(tag)}", tag=tag, value=value)


# --- blocks as values -----------------------------------------------------------------------------------------------


@kernel.function("proc", block=True)
def proc(self: Value, blk: Block) -> Value:
    if blk is None:
        raise error("ArgumentError", "tried to create Proc object without a block")
    return block_proc(blk)


@kernel.function("lambda", block=True)
def lambda_(self: Value, blk: Block) -> Value:
    if blk is None:
        raise error("ArgumentError", "tried to create Proc object without a block")
    known = getattr(blk, "proc", None)
    if known is not None:  # not a literal block
        if not known.is_lambda:
            raise error("ArgumentError", "the lambda method requires a literal block")
        return known
    info = block_info(blk)
    if info is None:
        return block_proc(blk)
    strict = info.rebind(info.frame.self, is_lambda=True)
    return lambda_proc(strict)


def lambda_proc(f: Any, info: Any = None) -> Proc:
    """Return the lambda Proc of a bare function that takes its arguments strictly. The function does not know it until
    it is passed on (dispatch.bare)."""
    return Proc(f, True, info)


@kernel.function("block_given?")
def block_given(self: Value, blk: Block) -> Value:
    frame = caller_frame()
    return truth(frame is not None and frame.blk is not None)
