"""Scopes: whose slots an instruction means, and what Python calls those variables.

A scope is one function of the bytecode as it takes part in a translation: the function being translated, a closure in
it, or a literal block inlined into it (`inlined` is its plan). Several scopes may stand for one function, when a block
is both inlined and, for other receivers, a closure. `host` is the Python function whose text the scope's code goes to.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from ....format.stack_ops import STACK_OPS
from .graph import Decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..stack.code import Unit
    from .lower import HostFunction


class Scope:
    """One function's part in a translation. `base` is added to its instruction indices in line tables."""

    __slots__ = (
        "number", "unit", "function", "decoded", "parent", "host", "inlined", "called", "base", "names", "kind",
        "captured", "me", "aliased", "fixed",
    )  # fmt: skip

    def __init__(
        self, number: int, unit: Unit, function: ck.Function, parent: Scope | None, host: HostFunction | None, base: int
    ) -> None:
        self.number = number
        self.unit = unit
        self.function = function
        self.kind = function.kind
        self.decoded = decoded(unit, function)
        self.parent = parent
        self.host: Any = host
        self.inlined: Any = None  # the plan by which it stands in another scope, see inline.py and inline_calls.py:
        self.called = False  # a method, not a block
        self.me: str = parent.me if parent is not None and host is not None else "self"  # what self is called
        self.aliased: set[int] = set()  # parameters that are variables of the caller,
        self.fixed: dict[int, Any] = {}  # or literals
        self.base = base
        labels = function.local_names
        self.names = [
            f"v{number}_{slot}{tidy(labels[slot]) if slot < len(labels) else ''}"
            for slot in range(function.local_count)
        ]
        self.captured = captured_slots(function, self.decoded)

    def var(self, slot: int) -> str:
        return self.names[slot]

    def label(self, slot: int) -> str:
        """Return what the program calls a variable, "" for those that the compiler made."""
        labels = self.function.local_names
        return labels[slot] if slot < len(labels) else ""

    def upvalue(self, index: int) -> str:
        """Return the variable behind an upvalue of this scope."""
        source, at = self.function.upvalues[index]
        parent = self.parent
        if parent is None:  # eval code, or a block that is translated as a method of its own, see block_methods.py
            return f"u{index}"
        return parent.names[at] if source == so.FROM_LOCAL else parent.upvalue(at)

    def upvalues(self) -> set[str]:
        """Return the variables behind all upvalues."""
        return {self.upvalue(index) for index in range(len(self.function.upvalues))} if self.parent else set()

    def effect(self, index: int) -> tuple[int, int]:
        name, operands = self.decoded.code[index]
        return STACK_OPS.effect(STACK_OPS.by_name[name], operands)

    def own_names(self) -> list[str]:
        """Return the variables that are not those of a caller."""
        return [name for slot, name in enumerate(self.names) if slot not in self.aliased]

    def activation(self) -> Scope:
        """Return the scope of the method or function whose self it is."""
        scope = self
        while scope.inlined is not None and not scope.called:
            scope = scope.parent  # type: ignore[assignment]
        return scope

    def home(self) -> Scope:
        """Return the scope of the Python function that this one is part of."""
        scope = self
        while scope.inlined is not None:
            scope = scope.parent  # type: ignore[assignment]
        return scope

    def method_return(self) -> str:
        """Return the instruction that RETURN_METHOD of an inlined block comes to: its home's own RETURN, or a jump."""
        return "RETURN_METHOD" if self.home().kind in (ck.BLOCK, ck.EVAL) else "RETURN"


def tidy(name: str) -> str:
    """Return a readable suffix for a Python identifier."""
    return "_" + name if name.isascii() and name.isidentifier() else ""


def decoded(unit: Any, function: ck.Function) -> Decoded:
    """Return the decoded function, kept while its unit lives."""
    if function.index < 0:
        made: Decoded = function.decoded  # type: ignore[attr-defined]  # a SymbolBlock
        return made
    cache = unit.decoded
    found = cache.get(function.index)
    if found is None:
        found = cache[function.index] = Decoded(function)
    return found


def captured_slots(function: ck.Function, code: Decoded) -> set[int]:
    """Return the slots that closures of the function hold, or eval code may."""
    found = {operands[1] for name, operands in code.code if name == "CAPTURE_VAR" and operands[0] == so.FROM_LOCAL}
    if function.flags & ck.USES_EVAL or function.kind == ck.EVAL:
        found.update(slot for slot, name in enumerate(function.local_names) if name)
    return found


def reads_match(unit: Unit, function: ck.Function) -> bool:
    """Return whether the function or a closure in it reads `$~` or what comes from it."""
    for name, operands in decoded(unit, function).code:
        if name == "LOAD_GROUP" or (name == "LOAD_SPECIAL" and operands[0] != so.SPECIAL_FILE):
            return True
        if name in ("BUILD_LAMBDA", "DEFINE_METHOD_RUNTIME"):
            child = unit.module.functions[operands[0] if name == "BUILD_LAMBDA" else operands[1]]
            if reads_match(unit, child):
                return True
    return False


def stored_slots(unit: Unit, function: ck.Function) -> set[int]:
    """Return the slots that the function or a closure in it stores to, beyond binding arguments."""
    found = set()
    code = decoded(unit, function).code
    for index, (name, operands) in enumerate(code):
        if name in ("STORE_LOCAL", "MATCH_START", "MATCH_BIND", "JUMP_IF_GIVEN"):
            found.add(operands[0])
        elif name == "MATCH_CASE":
            found.add(operands[1])
        elif name in ("BUILD_LAMBDA", "DEFINE_METHOD_RUNTIME"):
            child = unit.module.functions[operands[0] if name == "BUILD_LAMBDA" else operands[1]]
            for upvalue in stored_upvalues(unit, child):
                source, at = child.upvalues[upvalue]
                if source == so.FROM_LOCAL:
                    found.add(at)
        del index
    return found


def stored_upvalues(unit: Unit, function: ck.Function) -> set[int]:
    """Return the upvalues that the function or a closure in it stores to."""
    found = set()
    for name, operands in decoded(unit, function).code:
        if name == "SET_UPVALUE":
            found.add(operands[0])
        elif name in ("BUILD_LAMBDA", "DEFINE_METHOD_RUNTIME"):
            child = unit.module.functions[operands[0] if name == "BUILD_LAMBDA" else operands[1]]
            for upvalue in stored_upvalues(unit, child):
                source, at = child.upvalues[upvalue]
                if source == so.FROM_UPVALUE:
                    found.add(at)
    return found
