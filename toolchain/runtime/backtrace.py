"""Backtraces: captured raw when an exception is first seen, turned into text when somebody asks.

A raw entry is (frame's method, engine's code, instruction index) for a guest frame and a label for a native function.
The innermost entry comes first. `FILE:LINE:in 'LABEL'` follows language.md 4.3.
"""

from __future__ import annotations

import sys

from .builtin import NATIVE_LABELS
from .frames import EXPANDERS, READERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .model import Method

# Native functions that add no line to a backtrace.
HIDDEN = {
    "Kernel#raise", "Class#new", "Exception#exception", "Exception.exception", "Exception.new", "Kernel#caller",
    "Kernel#caller_locations", "Kernel#warn", "BasicObject#__send__", "Exception#initialize", "Kernel#binding",
    "Kernel#block_given?", "Kernel#exit", "Kernel#abort", "Proc#call", "BasicObject#initialize",
    "BasicObject#method_missing", "Module#const_missing",
}  # fmt: skip


COROUTINES = __name__.rpartition(".")[0] + ".coroutine"


class Entry:
    """One guest activation in a raw backtrace."""

    __slots__ = ("method", "code", "pc", "self", "note")

    def __init__(self, method: Method | None, code: Any, pc: int, self_value: Any, note: Any) -> None:
        self.method = method
        self.code = code
        self.pc = pc
        self.self = self_value
        self.note = note  # the frame's cref, for the labels of class bodies


def capture(exc: BaseException | None, start: FrameType | None = None) -> list[Any]:
    """Return the raw backtrace of a host exception, or of the Python frame `start` and those below it."""
    entries: list[Any] = []
    if exc is not None and exc.__traceback__ is not None:
        tb: Any = exc.__traceback__
        outer = tb.tb_frame.f_back
        stack: list[Any] = []
        while tb is not None:
            # An exception that was raised again passes its frame twice: the inner entry has the place.
            if stack and stack[-1].tb_frame is tb.tb_frame:
                stack.pop()
            stack.append(tb)
            tb = tb.tb_next
        for tb in reversed(stack):
            add(entries, tb.tb_frame, tb.tb_lineno)
    else:
        outer = start if start is not None else sys._getframe(1)
    while outer is not None and outer.f_globals.get("__name__") != COROUTINES:  # a thread or fiber starts there
        add(entries, outer)
        outer = outer.f_back
    return entries


def add(entries: list[Any], python: FrameType, line: int = 0) -> None:
    """Append the raw entry of a Python frame, if it is a guest's or a native's; `line` as for a reader."""
    code = python.f_code
    expander = EXPANDERS.get(code)
    if expander is not None:
        for found in expander(python, line):
            if found.__class__ is str:
                if found not in HIDDEN:
                    entries.append(found)
            else:
                frame, engine_code, pc = found
                entries.append(Entry(frame.method, engine_code, pc, frame.self, frame.cref))
        return
    reader = READERS.get(code)
    if reader is not None:
        frame, engine_code, pc = reader(python, line)
        entries.append(Entry(frame.method, engine_code, pc, frame.self, frame.cref))
        return
    label = NATIVE_LABELS.get(code)
    if label is not None and label not in HIDDEN:
        entries.append(label)


def position(entry: Entry) -> tuple[int, int]:
    """Return the (line, column) of a guest entry."""
    positions = entry.code.function.positions
    if 0 <= entry.pc < len(positions):
        place: tuple[int, int] = positions[entry.pc]
        return place
    return (0, 0)


def label(entry: Entry) -> str:
    """Return LABEL of language.md 4.3 for a guest entry."""
    from .model import ModuleValue

    functions = entry.code.unit.module.functions
    function = entry.code.function
    depth = 0
    while function.kind in (2, 3) and function.parent >= 0:  # block, lambda
        depth += 1
        function = functions[function.parent]
    method = entry.method
    if method is not None and method.name != "":
        owner = method.owner
        name = method.original_name
        if owner.attached is not None:
            attached = owner.attached
            place = module_text(attached) if isinstance(attached, ModuleValue) else ""
            text = f"{place}.{name}" if place else name
        else:
            place = module_text(owner)
            text = f"{place}#{name}" if place else name
        if function.kind in (4, 5, 6):  # define_method with a block of a class body
            text = body_label(function)
            depth = max(depth, 1)
    elif function.kind in (4, 5, 6):
        text = body_label(function)
    elif function.kind == 0:
        text = "<main>" if not entry.code.unit.required else "<top (required)>"
    elif function.kind == 7:
        text = "<main>"
    else:
        text = function.name or "<main>"
    if depth == 0:
        return text
    return f"block in {text}" if depth == 1 else f"block ({depth} levels) in {text}"


def body_label(function: Any) -> str:
    if function.kind == 6:
        return "singleton class"
    return f"<{'class' if function.kind == 4 else 'module'}:{function.name}>"


def module_text(mod: Any) -> str:
    """Return the name of a module as labels have it, "" for anonymous ones."""
    return mod.name or ""


def lines(raw: list[Any]) -> list[str]:
    """Return the backtrace as text, innermost first."""
    return [f"{path}:{line}:in '{text}'" for path, line, text in locations(raw)]


def locations(raw: list[Any]) -> list[tuple[str, int, str]]:
    """Return (path, line, label) an entry; a native one stands at its caller's line."""
    result: list[tuple[str, int, str]] = []
    waiting: list[str] = []
    for entry in raw:
        if isinstance(entry, str):
            waiting.append(entry)
            continue
        line, _ = position(entry)
        for native in waiting:
            result.append((entry.code.path, line, native))
        waiting.clear()
        result.append((entry.code.path, line, label(entry)))
    return result
