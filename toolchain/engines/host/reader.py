"""Reading guest activations from the Python frames of generated code, and describing its closures."""

from __future__ import annotations

from bisect import bisect_right
from types import CellType, FunctionType

from ...runtime.blocks import DESCRIBERS, SWAPS
from ...runtime.builtin import builtin_class
from ...runtime.frames import EXPANDERS, READERS, code_key
from ...runtime.model import PRIM_CLASSES, dispatch_class, find_method
from .blocks import HostBlock, with_self
from .contexts import Context
from .line_table import home_of, position_at
from .shims import PLACES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

    from .results import Generated
    from .units import HostUnit


class Reader:
    """Reads guest activations from the Python frames of one translation."""

    __slots__ = ("unit", "generated", "contexts", "bases", "entries", "relied")

    def __init__(self, unit: HostUnit, generated: Generated, contexts: dict[int, Context], relied: set[Any]) -> None:
        self.relied = relied  # assumptions.py
        self.unit = unit
        self.generated = generated
        self.contexts = contexts
        self.bases = [row[0] for row in generated.scopes]
        self.entries: dict[tuple[int, int], list[Any]] = {}

    def register(self, code: CodeType) -> None:
        key = code_key(code)
        READERS[key] = self.read
        EXPANDERS[key] = self.expand
        PLACES[key] = self.place
        for context in self.contexts.values():
            context.walking.append(key)
        _, function, is_closure, _, names = self.row(max(home_of(code), 0))
        if is_closure:
            DESCRIBERS[key] = lambda fn: self.describe(fn, function, names)
            SWAPS[key] = self.swapper(function)

    def swapper(self, function: int) -> Any:
        """Return a function that gives a closure of this translation another self, None if more of it depends on who
        runs it."""
        asks: Any = None
        at = -1  # which cell has self; -1: another way

        def swap(fn: Any, self_value: Any) -> Any:
            nonlocal asks, at
            if asks is None:
                asks = self.unit.summary("asks_frame", function)
                code = fn.__code__
                if "self" in code.co_freevars and not code.co_kwonlyargcount and not hasattr(fn, "params_count"):
                    at = code.co_freevars.index("self")
            if asks or self_value.__class__ in PRIM_CLASSES:
                return None
            if at < 0:
                return with_self(fn, self_value)
            cells = fn.__closure__
            cells = (*cells[:at], CellType(self_value), *cells[at + 1 :])
            return FunctionType(fn.__code__, fn.__globals__, None, fn.__defaults__, cells)

        return swap

    def describe(self, fn: Any, function: int, names: tuple[str, ...]) -> HostBlock:
        """Return the description of a closure of this translation."""
        context = self.contexts[function]
        parent_index = self.unit.module.functions[function].parent
        entry = context.entry
        parent = Context(self.unit, self.unit.code(parent_index), context.cref, entry)
        return HostBlock(fn, context, entry.owner if entry is not None else None, parent, names)

    def row(self, position: int) -> tuple[int, int, bool, tuple[int, str, str, str] | None, tuple[str, ...]]:
        """Return the scope that a position is in."""
        return self.generated.scopes[bisect_right(self.bases, position) - 1]

    def read(self, python: FrameType, at: int = -1) -> tuple[Any, Any, int]:
        """Return the innermost activation."""
        position = position_at(python.f_code, at if at >= 0 else python.f_lasti)
        base, function, _, inlined, _ = self.row(max(position, 0))
        while function < 0 and inlined is not None:  # the block of a Symbol is nobody
            position = inlined[0]
            base, function, _, inlined, _ = self.row(position)
        me = inlined[3] if inlined is not None and not inlined[1] else "self"
        variables = python.f_locals
        context = self.contexts[function]
        parent = context.code.function.parent
        frame = variables.get(f"frame{function}") or variables.get(f"frame{parent}") or variables.get("frame")
        if frame is None or frame.code is not context.code:
            frame = context.frame(variables.get(me), variables.get("blk"), frame)
        return frame, context.code, position - base if position >= 0 else -1

    def place(self, code: CodeType, at: int) -> list[Any]:
        """Return the backtrace entries of all activations, with what stands for inlined iterators between them."""
        key = (id(code), at)
        found = self.entries.get(key)
        if found is None:
            found = self.entries[key] = self.make_entries(position_at(code, at))
        return found

    def expand(self, code: CodeType, at: int, python: FrameType | None = None) -> list[Any]:
        """Return the backtrace entries of all activations, with the labels of inlined iterators between them."""
        found = self.place(code, at)
        if len(found) > 1:  # inlined iterators
            variables = python.f_locals if python is not None else {}
            return [
                label for entry in found
                for label in (walkers(entry, variables) if entry.__class__ is tuple else (entry,))
            ]  # fmt: skip
        return found

    def make_entries(self, position: int) -> list[Any]:
        from ...runtime.backtrace import Entry

        if position < 0:
            return []  # its arguments are being sorted out
        found: list[Any] = []
        while True:
            base, function, _, inlined, _ = self.row(position)
            if function >= 0:
                context = self.contexts[function]
                found.append(Entry(context.entry, context.code, position - base, None, None))
            if inlined is None:
                return found
            position = inlined[0]
            if inlined[1]:
                found.append(inlined)


def walkers(inlined: tuple[int, str, str, str], variables: dict[str, Any]) -> list[str]:
    """Return the labels of an inlined iterator: Enumerable's walk by way of `each`. Without the variables it is one of
    an Array (general_calls.py, `mixed`)."""
    _, name, owner, receiver = inlined
    value = variables.get(receiver)
    if not owner:
        owner = str(dispatch_class(value).name) if receiver in variables else "Array"
    if owner == "Enumerator" and name == "with_index":
        counted: Any = value
        of = str(dispatch_class(counted.receiver).name)
        return [*walkers((0, counted.method, of, ""), {}), "Enumerator#with_index"]
    if owner == "Enumerator":
        chained: Any = value
        outer = (0, chained.method, str(dispatch_class(chained.receiver).name), "")
        return [*walkers(outer, {}), "Enumerator#each", f"Enumerable#{name}"]
    cls = builtin_class(owner)
    entry = find_method(cls, name)
    if entry is not None and entry.owner.name == "Enumerable":
        return [f"{owner}#each", f"Enumerable#{name}"]
    return [f"{owner}#{name}"]
