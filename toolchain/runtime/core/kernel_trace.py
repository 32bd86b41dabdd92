"""Kernel: trace_var and its like."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_name
from ..dispatch import block_proc, send
from ..globals import TRACES, changed
from ..values import UNDEF, Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

kernel = NativeClass("Kernel")


@kernel.function("trace_var", block=True)
def trace_var(self: Value, blk: Block, name: Value, command: Value = UNDEF) -> Value:
    text = as_name(name)
    action = block_proc(blk) if command is UNDEF else command
    if action is None:
        return untrace_var(self, None, name)
    changed()
    TRACES.setdefault(text, []).insert(0, Trace(action, lambda value: send(action, ":call", None, value)))
    return None


class Trace:
    """One function that trace_var set: called with the new value, known by the program's object."""

    __slots__ = ("action", "run")

    def __init__(self, action: Any, run: Any) -> None:
        self.action = action
        self.run = run

    def __call__(self, value: Any) -> None:
        self.run(value)


@kernel.function("untrace_var")
def untrace_var(self: Value, blk: Block, name: Value, command: Value = UNDEF) -> Value:
    known: list[Any] = TRACES.get(as_name(name), [])
    gone = [trace for trace in known if command is UNDEF or trace.action is command]
    TRACES[as_name(name)] = [trace for trace in known if trace not in gone]
    return Array([trace.action for trace in gone])


@kernel.function("set_trace_func")
def set_trace_func(self: Value, blk: Block, command: Value) -> Value:
    return command
