"""Backtraces: raw entries, made of what capture.py noted, and their text.

A raw entry is (frame's method, engine's code, instruction index) for a guest frame and a label for a native function.
The innermost entry comes first. `FILE:LINE:in 'LABEL'` follows language.md 4.3.
"""

from __future__ import annotations

import sys

from .builtin import NATIVE_LABELS, NATIVE_NAMES
from .capture import outside
from .errors import settled
from .frames import EXPANDERS, READERS, SYMBOL_BLOCKS, Frame
from .values import Array, Range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .capture import Trace
    from .model import Method
    from .values import Exception_

# Native functions that add no line to a backtrace.
HIDDEN = {
    "Kernel#raise", "Class#new", "Exception#exception", "Exception.exception", "Exception.new", "Kernel#caller",
    "Kernel#caller_locations", "Kernel#warn", "BasicObject#__send__", "Exception#initialize", "Kernel#binding",
    "Kernel#block_given?", "Kernel#exit", "Kernel#abort", "Proc#call", "BasicObject#initialize",
    "BasicObject#method_missing", "Module#const_missing", "Kernel#send", "Hash#[]", "Array#[]", "String#<<",
    "Metorex.__check_type__",
}  # fmt: skip


WHOLE_FILE = {"IO.read", "IO.binread", "IO.write", "IO.binwrite", "IO.readlines", "IO.foreach"}
OPENING = {"File#initialize", "IO.read", "IO.open"}


class Entry:
    """One guest activation in a raw backtrace."""

    __slots__ = ("method", "code", "pc", "self", "note", "shown", "called")

    def __init__(self, method: Method | None, code: Any, pc: int, self_value: Any, note: Any) -> None:
        self.method = method
        self.code = code
        self.pc = pc
        self.self = self_value
        self.note = note  # the frame that eval code runs in, or that made the block which is the method
        self.shown: tuple[int, str] | None = None  # line and label, once they were asked for and cannot change
        self.called: str | None = None  # the name of the method that is called there, once it was asked for


def entries_of(trace: Trace) -> list[Any]:
    """Return the raw backtrace of a trace (capture.py)."""
    entries: list[Any] = []
    outer, codes, offsets = trace
    block = False
    for index in range(len(codes) - 1, -1, -1):
        block = add(entries, codes[index], offsets[index], block)
    while outer is not None:
        code, at, outer = outer
        block = add(entries, code, at, block)
    return entries


def raw(exc: Exception_) -> Any:
    """Return the backtrace that an exception has: raw entries, an Array that the program gave it, or None."""
    trace = settled(exc).trace
    if trace.__class__ is tuple:
        trace = exc.trace = entries_of(trace)
    return trace


def running() -> list[Any]:
    """Return the raw backtrace of the function that asks."""
    return entries_of((outside(sys._getframe(1)), [], []))


def add(entries: list[Any], code: Any, at: Any, block: bool) -> bool:
    """Append the raw entries of a place, if it is in a guest's or a native's function. `block`: it called the block of
    a Symbol, which has none. Returns that for the next place."""
    if code is None:
        entries.extend(at)
        return False
    expander = EXPANDERS.get(id(code))
    if expander is not None:
        entries.extend(expander(code, at))
        return False
    label = NATIVE_LABELS.get(id(code))
    if label is None or label in HIDDEN:
        return block or id(code) in SYMBOL_BLOCKS
    if label in WHOLE_FILE:  # these open the file by themselves in Ruby
        while entries and entries[-1] in OPENING:
            entries.pop()
    if at.__class__ is str and (block or (entries and entries[-1].__class__ is Entry)):
        entries.append(at)
    entries.append(label)
    return False


def read_entries(python: FrameType, at: int) -> list[Any] | None:
    """Return the raw entries of a Python frame that only its reader understands, None if it has no reader."""
    code = python.f_code
    expander = EXPANDERS.get(id(code))
    if expander is not None:
        return expander(code, at, python)
    reader = READERS.get(id(code))
    return None if reader is None else [guest_entry(*reader(python, at))]


def walked(python: FrameType) -> str:
    """Return what stands for the `each` that Ruby's Enumerable calls, where the native function walks by itself."""
    collection = python.f_locals.get("self")
    return "Array#each" if isinstance(collection, Array) else "Range#each" if isinstance(collection, Range) else ""


def guest_entry(frame: Frame, code: Any, pc: int) -> Entry:
    method = frame.method
    outer: Frame | None = None
    if code.function.kind == 7:
        outer = frame.parent
    elif method is not None and from_block(method):
        inner: Frame | None = frame
        while inner is not None and inner.code is not method.code:
            inner = inner.parent
        outer = inner.parent if inner is not None else None
    return Entry(method, code, pc, frame.self, outer)


def from_block(method: Method) -> bool:
    """Return whether define_method made a method from a block of the program."""
    return method.code is not None and method.code.function.kind in (2, 3)


def position(entry: Entry) -> tuple[int, int]:
    """Return the (line, column) of a guest entry; (line of the definition, 0) before its first instruction."""
    positions = entry.code.function.positions
    if 0 <= entry.pc < len(positions):
        place: tuple[int, int] = positions[entry.pc]
        return place
    return (entry.code.function.line, 0)


def label(entry: Entry) -> str:
    """Return LABEL of language.md 4.3 for a guest entry."""
    from .model import ModuleValue

    functions = entry.code.unit.module.functions
    function = entry.code.function
    method = entry.method
    depth = 0
    if entry.note is not None:
        if function.kind != 7 and method is not None:
            depth = 1
            while function is not method.code.function and function.parent >= 0:
                depth += 1
                function = functions[function.parent]
        return block_label(label(guest_entry(entry.note, entry.note.code, 0)), depth)
    while function.kind in (2, 3) and function.parent >= 0:  # block, lambda
        depth += 1
        function = functions[function.parent]
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
    return block_label(text, depth)


def block_label(text: str, depth: int) -> str:
    """Return the label of a block `depth` levels inside of what has the label `text`, itself perhaps a block's."""
    if depth == 0:
        return text
    if text.startswith("block "):
        head, _, text = text.partition(" in ")
        depth += 1 if head == "block" else int(head.split()[1][1:])
    return f"block in {text}" if depth == 1 else f"block ({depth} levels) in {text}"


def shown(entry: Entry) -> tuple[int, str]:
    """Return the line and the label of a guest entry. An engine may have it for all activations of a place."""
    if entry.shown is not None:
        return entry.shown
    found = (position(entry)[0], label(entry))
    owner = entry.method.owner if entry.method is not None else None
    if owner is None or owner.name or (owner.attached is not None and getattr(owner.attached, "name", None)):
        entry.shown = found  # what has no name yet may get one
    return found


def called_name(entry: Entry) -> str:
    """Return the name of the method that a guest entry is calling, "" if its instruction has none."""
    if entry.called is None:
        entry.called = find_called_name(entry)
    return entry.called


def find_called_name(entry: Entry) -> str:
    from ...format.encoding import decode

    function = entry.code.function
    instructions = decode(function.code)
    if not 0 <= entry.pc < len(instructions):
        return ""
    _, op, operands = instructions[entry.pc]
    if "name" not in op.operands:
        return ""
    name = function.constants[operands[op.operands.index("name")]][1]
    return name if isinstance(name, str) else ""


def body_label(function: Any) -> str:
    if function.kind == 6:
        return "singleton class"
    return f"<{'class' if function.kind == 4 else 'module'}:{function.name}>"


def run_once_label(function: Any) -> str:
    """Return what a script, class body or evaluated text is called."""
    return body_label(function) if function.kind in (4, 5, 6) else "<main>"


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
        line, text = shown(entry)
        if waiting and waiting[-1] in NATIVE_NAMES:
            native = waiting[-1]
            name = called_name(entry)
            if name in NATIVE_NAMES[native]:
                first = NATIVE_NAMES[native][0]
                waiting[-1] = native[: len(native) - len(first)] + name
        for native in waiting:
            result.append((entry.code.path, line, native))
        waiting.clear()
        result.append((entry.code.path, line, text))
    return result
