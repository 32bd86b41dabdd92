"""Kernel: eval, binding, and what code can ask about the place that it stands in."""

from __future__ import annotations

from .. import hooks, variables
from ..builtin import NativeClass
from ..convert import as_int
from ..errors import error
from ..frames import Frame, caller_frame
from ..model import class_of
from ..places import caller_place
from ..values import UNDEF, Array, String, sym
from .binding import BindingObject, eval_in
from .module_eval import as_source, eval_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

kernel = NativeClass("Kernel")


@kernel.function("eval")
def eval_(
    self: Value, blk: Block, source: Value, scope: Value = None, path: Value = UNDEF, line: Value = UNDEF
) -> Value:
    if scope is not None:
        if not isinstance(scope, BindingObject):
            raise error("TypeError", f"wrong argument type {class_of(scope).name} (expected binding)")
        return eval_in(scope, source, (path, line))
    name, first = eval_place((path, line))
    return hooks.eval_string(as_source(source), caller_frame(), {}, name, first)


@kernel.function("binding")
def binding(self: Value, blk: Block) -> Value:
    frame = caller_frame()
    if frame is None:
        raise error("RuntimeError", "Can't create Binding Object on top of Fiber or Thread")
    return BindingObject(frame, caller_place())


@kernel.function("local_variables")
def local_variables(self: Value, blk: Block) -> Value:
    frame = caller_frame()
    return Array([] if frame is None else [sym(name) for name in variables.names(frame)])


@kernel.function("global_variables")
def global_variables(self: Value, blk: Block) -> Value:
    from ..globals import global_names

    return Array([sym(name) for name in global_names()])


def method_frame() -> Frame | None:
    """Return the frame of the calling code if it runs in a method."""
    frame = caller_frame()
    return frame if frame is not None and frame.method is not None else None


@kernel.function("__method__")
def current_method(self: Value, blk: Block) -> Value:
    frame = method_frame()
    return None if frame is None or frame.method is None else sym(frame.method.original_name)


@kernel.function("__callee__")
def current_callee(self: Value, blk: Block) -> Value:
    frame = method_frame()
    return None if frame is None or frame.method is None else sym(frame.method.name)


@kernel.function("__dir__")
def current_directory(self: Value, blk: Block) -> Value:
    import os

    frame = caller_frame()
    if frame is None or frame.code is None:
        return None
    path = getattr(getattr(frame.code, "unit", None), "absolute", None) or frame.code.path
    if path.startswith("(eval"):
        return None
    return String(os.path.dirname(os.path.realpath(path)))


# --- backtraces -----------------------------------------------------------------------------------------------------


def selected(entries: list[Value], start: Value, length: Value) -> Value:
    """Return the part of a backtrace that caller(start, length) or caller(range) asks for; nil beyond its end."""
    from ..values import Range

    if isinstance(start, Range):
        first = 0 if start.first is None else as_int(start.first)
        last = -1 if start.last is None else as_int(start.last)
        if first < 0:
            first += len(entries)
        if last < 0:
            last += len(entries)
        if start.exclusive and start.last is not None:
            last -= 1
        return None if first > len(entries) or first < 0 else Array(entries[first : last + 1])
    first = as_int(start)
    if first < 0:
        raise error("ArgumentError", f"negative level ({first})")
    if first > len(entries):
        return None
    if length is UNDEF or length is None:
        return Array(entries[first:])
    count = as_int(length)
    if count < 0:
        raise error("ArgumentError", f"negative size ({count})")
    return Array(entries[first : first + count])


@kernel.function("caller")
def caller(self: Value, blk: Block, start: Value = 1, length: Value = UNDEF) -> Value:
    from ..backtrace import lines, running

    return selected([String(line) for line in lines(running())], start, length)


@kernel.function("caller_locations")
def caller_locations(self: Value, blk: Block, start: Value = 1, length: Value = UNDEF) -> Value:
    from ..backtrace import running
    from .backtrace_location import make_locations

    return selected(make_locations(running()).a, start, length)
