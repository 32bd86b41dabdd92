"""Proc."""

from __future__ import annotations

from ..blocks import DESCRIBERS
from ..blocks import block_info as describe
from ..builtin import NativeClass
from ..convert import address, as_int
from ..dispatch import accepts_keywords, block_proc, call_block, respond_to, send
from ..errors import error
from ..later import later
from ..model import class_of
from ..reflection import block_arity, block_parameters, parameter_array
from ..values import FALSE, TRUE, UNDEF, Array, Proc, String, Symbol, is_true, truth
from .kernel_control import lambda_proc
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..errors import arity_text
    from ..model import allocate
    from ..values import Block, Value
    from .kernel_copy import copy_object
    from .method_object import annotation_hash
else:
    later(globals(), "..model", "allocate")
    later(globals(), ".method_object", "annotation_hash")
    later(globals(), ".kernel_copy", "copy_object")
    later(globals(), "..errors", "arity_text")

proc = NativeClass("Proc")


def block_info(value: Proc) -> Any:
    """Return what is known of the function of a Proc: the engine's description, a Symbol, a Method object or None."""
    if value.info is not None:
        return value.info
    return describe(value.f)


@proc.singleton("new")
def new(self: Any, blk: Block, *args: Value, **keywords: Value) -> Value:
    if blk is None:
        raise error("ArgumentError", "tried to create Proc object without a block")
    if self is proc.mod:
        return block_proc(blk)
    result = allocate(self)
    known = getattr(blk, "proc", None)
    if known is None:
        blk.proc = result
        result.f, result.is_lambda, result.info = blk, False, None
    else:
        result.f, result.is_lambda, result.info = blk, known.is_lambda, known.info
    send(result, ";initialize", None, *args)
    return result


@proc.private("initialize")
def initialize(self: Proc, blk: Block, *args: Value) -> Value:
    return None


@proc.method("call", "()", "yield", "===", "[]", block=True)
def call(self: Proc, blk: Block, *args: Value, **keywords: Value) -> Value:
    if blk is not None:
        return call_with_block(self, blk, args, keywords)
    if keywords:
        return call_block(self.f, args, keywords)
    # One argument is most often what there is; without Python's `*` it takes a third of the time.
    return self.f(args[0]) if len(args) == 1 else self.f(*args)


def call_with_block(target: Proc, blk: Block, args: Any, keywords: dict[str, Any]) -> Value:
    """Call a Proc that is given a block of its own, which its `&parameter` takes."""
    info = block_info(target)
    takes = getattr(info, "call_with_block", None)
    if takes is not None:
        return takes(target.f, blk, args, keywords)
    return call_block(target.f, args, keywords)


@proc.method("to_proc")
def to_proc(self: Proc, blk: Block) -> Value:
    return self


@proc.method("lambda?")
def is_lambda(self: Proc, blk: Block) -> Value:
    return truth(self.is_lambda)


@proc.method("arity")
def arity(self: Proc, blk: Block) -> Value:
    """Blocks of generated code tell it by their code, so that only the first of them must be described."""
    code = getattr(self.f, "__code__", None)
    if self.info is not None or id(code) not in DESCRIBERS:
        return block_arity(self.f, block_info(self), self.is_lambda)
    known = ARITIES[self.is_lambda]
    found = known.get(id(code))
    if found is None:
        found = known[id(code)] = block_arity(self.f, block_info(self), self.is_lambda)
    return found


ARITIES: tuple[dict[int, int], dict[int, int]] = ({}, {})  # of blocks, of lambdas: key of the code (frames.py) -> arity


@proc.method("parameters")
def parameters(self: Proc, blk: Block, **options: Value) -> Value:
    strict = options.get("lambda", UNDEF)
    as_lambda = self.is_lambda if strict is UNDEF or strict is None else is_true(strict)
    return parameter_array(block_parameters(self.f, block_info(self), as_lambda))


def place(value: Proc) -> tuple[str, int] | None:
    """Return path and line of the block, None for a native one."""
    info = block_info(value)
    if info is None or info.__class__ is Symbol:
        return None
    entry = getattr(info, "entry", None)
    if entry is not None:
        return None if entry.code is None else (entry.code.path, entry.code.line)
    return info.path, info.line


@proc.method("source_location")
def source_location(self: Proc, blk: Block) -> Value:
    where = place(self)
    return None if where is None else Array([String(where[0]), where[1]])


@proc.method("annotations")
def annotations_(self: Proc, blk: Block) -> Value:
    return annotation_hash(getattr(block_info(self), "code", None))


@proc.method("inspect", "to_s")
def inspect(self: Proc, blk: Block) -> Value:
    info = block_info(self)
    text = f"#<{module_name(class_of(self))}:{address(self)}"
    where = place(self)
    if info.__class__ is Symbol:
        text += f"(&:{info.name})" if info.name.isidentifier() else f"(&:{info.name!r})".replace("'", '"')
    elif where is not None and getattr(info, "entry", None) is None:
        text += f" {where[0]}:{where[1]}"
    elif getattr(info, "entry", None) is not None:
        text += f" (&:{info.entry.name})"
    return String(text + (" (lambda)>" if self.is_lambda else ">"))


@proc.method("==", "eql?")
def equals(self: Proc, blk: Block, other: Value) -> Value:
    return truth(isinstance(other, Proc) and self.f is other.f and self.is_lambda == other.is_lambda)


@proc.method("hash")
def hash_(self: Proc, blk: Block) -> Value:
    return hash(("proc", id(self.f)))


@proc.method("binding")
def binding(self: Proc, blk: Block) -> Value:
    info = block_info(self)
    frame = getattr(info, "frame", None)
    if frame is None:
        raise error("ArgumentError", "Can't create Binding from C level Proc")
    from .binding import BindingObject

    return BindingObject(frame)


@proc.method("ruby2_keywords")
def ruby2_keywords(self: Proc, blk: Block) -> Value:
    return self


# --- composition and currying ---------------------------------------------------------------------------------------


def as_callable(value: Value) -> Any:
    """Return the host function that calls `value` with positional arguments. TypeError of the guest if none can."""
    if isinstance(value, Proc):
        return value.f
    if not respond_to(value, "call"):
        raise error("TypeError", "callable object is expected")
    return lambda *args, **keywords: send(value, ":call", None, *args)


def compose(first: Any, second: Any, is_lambda: bool) -> Proc:
    """Return the Proc of second(first(...))."""

    def composed(*args: Any) -> Any:
        return second(first(*args))

    if accepts_keywords(first):

        def composed(*args: Any, **keywords: Any) -> Any:  # type: ignore[misc]
            return second(first(*args, **keywords))

    if is_lambda:
        return lambda_proc(composed)
    result: Proc = block_proc(composed)
    return result


@proc.method(">>")
def then(self: Proc, blk: Block, other: Value) -> Value:
    return compose(self.f, as_callable(other), self.is_lambda)


@proc.method("<<")
def after(self: Proc, blk: Block, other: Value) -> Value:
    return compose(as_callable(other), self.f, self.is_lambda)


@proc.method("curry")
def curry(self: Proc, blk: Block, count: Value = UNDEF) -> Value:
    own = arity(self, None)
    needed = (-own - 1 if own < 0 else own) if count is UNDEF else as_int(count)
    if self.is_lambda and count is not UNDEF:
        check_curry(own, needed)
    return curried(self.f, needed, (), self.is_lambda)


def check_curry(own: int, needed: int) -> None:
    """Raise ArgumentError unless a lambda of arity `own` can be called with `needed` arguments."""
    low = -own - 1 if own < 0 else own
    if needed < low or (own >= 0 and needed != own):
        raise error("ArgumentError", arity_text(needed, low, -1 if own < 0 else own))


def curried(f: Any, needed: int, given: tuple[Any, ...], is_lambda: bool) -> Value:
    """Return the Proc that collects arguments, each call another Proc, until it has `needed` and calls `f`."""

    def collect(*args: Any) -> Any:
        together = given + args
        return f(*together) if len(together) >= needed else curried(f, needed, together, is_lambda)

    return lambda_proc(collect) if is_lambda else block_proc(collect)


@proc.method("dup")
def dup(self: Proc, blk: Block) -> Value:
    return copied(self)


@proc.method("clone")
def clone(self: Proc, blk: Block, *, freeze: Value = UNDEF) -> Value:
    from .. import model

    result = copied(self)
    if self.__class__.is_frozen and freeze is not FALSE or freeze is TRUE:
        model.freeze(result)
    return result


def copied(value: Proc) -> Any:
    """Return another Proc object of the same function."""
    result = copy_object(value)
    send(result, ";initialize_copy", None, value)
    return result
