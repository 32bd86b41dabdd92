"""Functions as callables of the calling convention (docs/runtime.md).

`make_method` returns a method's function `f(self, blk, *args, **keywords)`, `build_block` a block's or lambda's bare
function `b(*args, **keywords)` with a `BlockInfo` as its attribute `info`; `break` and `return` in blocks end here.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import operands as so
from ...runtime.convert import try_ary
from ...runtime.errors import BreakJump, ReturnJump, error
from ...runtime.frames import Frame
from ...runtime.model import (
    Method,
    ModuleValue,
)
from ...runtime.values import UNDEF, Proc, sym
from .arguments import bind, place_block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.frames import Cref
    from .code import Code, Unit


def make_method(unit: Unit, index: int, cref: Cref, entry: Method) -> Any:
    """Return the host function of method `index` of `unit`; `entry` is filled in by the caller."""
    from .loop import run

    code = unit.code(index)
    entry.code = code
    required = code.required
    simple = code.simple
    catches_return = code.flags & ck.HAS_RETURN_METHOD

    def method(self: Any, blk: Any, /, *args: Any, **keywords: Any) -> Any:
        if code.instructions is None:
            code.decode()
        frame = Frame(code, self, blk, entry, cref)
        if simple and len(args) == required and not keywords:
            slots = [*args, *([None] * (code.local_count - required))]
        else:
            slots = bind(code, frame, args, keywords, blk)
        for slot in code.cells:
            slots[slot] = [slots[slot]]
        frame.locals = slots
        if catches_return:
            try:
                return run(frame, code, slots)
            except ReturnJump as jump:
                if jump.tag is not frame:
                    raise
                return jump.value
            finally:
                frame.alive = False
        return run(frame, code, slots)

    return method


class BlockInfo:
    """What is known of a block function: its chunk, the frame it was made in, and how to make it anew.

    `active` is true while the call that the block was written for runs: only then can `break` end it. `written` is the
    description of the block as it was written, itself unless `rebind` made this one.
    """

    __slots__ = ("code", "frame", "upvalues", "active", "is_lambda", "bound", "written")

    def __init__(self, code: Code, frame: Frame, upvalues: list[list[Any]], is_lambda: bool) -> None:
        self.bound: tuple[Any, ...] | None = None  # what `rebind` changed: self, definee, method, cref
        self.code = code
        self.frame = frame
        self.upvalues = upvalues
        self.active = False
        self.is_lambda = is_lambda
        self.written = self

    @property
    def function(self) -> Any:
        return self.code.function

    @property
    def path(self) -> str:
        return self.code.path

    @property
    def line(self) -> int:
        return self.code.line

    def rebind(
        self,
        self_value: Any = UNDEF,
        definee: ModuleValue | None = None,
        method: Method | None = None,
        is_lambda: bool | None = None,
        cref: Cref | None = None,
    ) -> Any:
        """Return a new block function over the same variables with another self, definee, method or strictness."""
        strict = self.is_lambda if is_lambda is None else is_lambda
        block = make_block(self.code, self.frame, self.upvalues, strict, self_value, definee, method, cref)
        block.info.written = self.written
        return block

    def call_with_block(self, function: Any, blk: Any, args: Any, keywords: dict[str, Any]) -> Any:
        """Call the block function that this describes with a block of its own, for its `&parameter`."""
        self_value, definee, method, cref = self.bound or (UNDEF, None, None, None)
        code, frame = self.code, self.frame
        receiver = frame.self if self_value is UNDEF else self_value
        if self.is_lambda:
            return call_lambda(
                code, frame, self.upvalues, args, keywords, frame.blk, receiver, method, self, definee, cref, blk
            )
        return call_proc(code, frame, self.upvalues, args, keywords, receiver, method, self, definee, cref, blk)

    def method_function(self, entry: Method) -> Any:
        """Return the block as a method `f(self, blk, ...)`, for define_method. `entry` is its method."""
        code, frame, upvalues = self.code, self.frame, self.upvalues

        def method(self: Any, blk: Any, /, *args: Any, **keywords: Any) -> Any:
            info = BlockInfo(code, frame, upvalues, True)
            return call_lambda(code, frame, upvalues, args, keywords, blk, self, entry, info)

        return method


def build_block(
    frame: Frame, code: Code, slots: list[Any], upvalues: list[list[Any]], pc: int, index: int, kind: int
) -> Any:
    """Return the block function, or for kind LAMBDA_STRICT the Proc, that BUILD_LAMBDA makes."""
    child = code.unit.code(index)
    cells = [slots[i] if source == so.FROM_LOCAL else upvalues[i] for source, i in child.function.upvalues]
    block = make_block(child, frame, cells, kind == so.LAMBDA_STRICT)
    if kind == so.LAMBDA_STRICT:
        proc = block.proc = Proc(block, True, block.info)
        return proc
    return block


def make_block(
    code: Code,
    frame: Frame,
    upvalues: list[list[Any]],
    is_lambda: bool,
    self_value: Any = UNDEF,
    definee: ModuleValue | None = None,
    method: Method | None = None,
    cref: Cref | None = None,
) -> Any:
    """Return the bare function of a block or lambda over the variables `upvalues`."""
    info = BlockInfo(code, frame, upvalues, is_lambda)
    if self_value is not UNDEF or definee is not None or method is not None or cref is not None:
        info.bound = (self_value, definee, method, cref)
    if is_lambda:

        def strict(*args: Any, **keywords: Any) -> Any:
            receiver = frame.self if self_value is UNDEF else self_value
            return call_lambda(code, frame, upvalues, args, keywords, frame.blk, receiver, method, info, definee, cref)

        strict.info = info  # type: ignore[attr-defined]
        strict.params_count = -code.params_count  # type: ignore[attr-defined]
        return strict

    from .loop import run

    count = code.params_count
    simple = code.simple

    def block(*args: Any, **keywords: Any) -> Any:
        if code.instructions is None:
            code.decode()
        receiver = frame.self if self_value is UNDEF else self_value
        inner = Frame(code, receiver, frame.blk, method or frame.method, frame.cref)
        inner.parent = frame
        inner.definee = definee or frame.definee
        if definee is None and frame.visibility:
            inner.visibility = frame.visibility
        if cref is not None:
            inner.cref = cref
        inner.upvalues = upvalues
        inner.info = info
        if simple and not keywords:
            given = len(args)
            if given == count:
                slots = list(args)
            elif count > 1 and given == 1:
                items = try_ary(args[0])
                slots = [args[0]] if items is None else items[:count]
            else:
                slots = list(args[:count])
            slots.extend([None] * (code.local_count - len(slots)))
        else:
            slots = place_block(code, args, keywords)
        for slot in code.cells:
            slots[slot] = [slots[slot]]
        inner.locals = slots
        return run(inner, code, slots)

    block.info = info  # type: ignore[attr-defined]
    block.params_count = count  # type: ignore[attr-defined]
    return block


def call_lambda(
    code: Code,
    frame: Frame,
    upvalues: list[list[Any]],
    args: Any,
    keywords: dict[str, Any],
    blk: Any,
    receiver: Any,
    method: Method | None,
    info: BlockInfo,
    definee: ModuleValue | None = None,
    cref: Cref | None = None,
    own_block: Any = None,
) -> Any:
    """Run a lambda, or a block as the body of a method: strict arity, `return` ends it. `blk` is what `yield` calls,
    `own_block` what the call passed to a lambda, for its `&parameter`."""
    from .loop import run

    if code.instructions is None:
        code.decode()
    inner = Frame(code, receiver, blk, method or frame.method, cref or frame.cref)
    inner.parent = frame
    inner.definee = definee or frame.definee
    if definee is None and frame.visibility:
        inner.visibility = frame.visibility
    inner.upvalues = upvalues
    inner.info = info
    inner.is_lambda = True
    slots = bind(code, inner, args, keywords, own_block or (blk if method is not None else None))
    for slot in code.cells:
        slots[slot] = [slots[slot]]
    inner.locals = slots
    try:
        return run(inner, code, slots)
    except ReturnJump as jump:
        if jump.tag is not inner:
            raise
        return jump.value
    finally:
        inner.alive = False


def break_block(frame: Frame, value: Any) -> Any:
    """`break` in a block: end the call that it was written for. In a lambda it returns."""
    if frame.is_lambda:
        return value
    info = frame.info.written
    if not info.active:
        raise error("LocalJumpError", "break from proc-closure", reason=sym("break"), exit_value=value)
    raise BreakJump(getattr(info, "tag", None) or info, value)


def return_method(frame: Frame, value: Any) -> Any:
    """`return` in a block: end the method or lambda that it stands in."""
    home: Frame | None = frame
    while home is not None and home.parent is not None and not home.is_lambda:
        home = home.parent
    if home is None or not home.alive:
        raise error("LocalJumpError", "unexpected return", reason=sym("return"), exit_value=value)
    raise ReturnJump(getattr(home, "tag", None) or home, value)


def call_proc(
    code: Code,
    frame: Frame,
    upvalues: list[list[Any]],
    args: Any,
    keywords: dict[str, Any],
    receiver: Any,
    method: Method | None,
    info: BlockInfo,
    definee: ModuleValue | None,
    cref: Cref | None,
    blk: Any,
) -> Any:
    """Run a block that is called with a block of its own."""
    from .loop import run

    if code.instructions is None:
        code.decode()
    inner = Frame(code, receiver, frame.blk, method or frame.method, cref or frame.cref)
    inner.parent = frame
    inner.definee = definee or frame.definee
    if definee is None and frame.visibility:
        inner.visibility = frame.visibility
    inner.upvalues = upvalues
    inner.info = info
    slots = place_block(code, args, keywords, blk)
    for slot in code.cells:
        slots[slot] = [slots[slot]]
    inner.locals = slots
    return run(inner, code, slots)
