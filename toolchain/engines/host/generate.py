"""From a translation to a code object: text, Python's compiler, real names and places for those of the text."""

from __future__ import annotations

import warnings
from bisect import bisect_right
from types import CodeType

from ....format import chunk as ck
from ...runtime import backtrace
from .function import HostFunction
from .line_table import relocate
from .objects import unfolded
from .rest import OWNERS
from .results import REPORT, Declined, DeclinedNow, Generated
from .translate import Translation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .facts import Facts
    from .nodes import Lines
    from .scope import Scope
    from .translate import Translation
    from .units import HostUnit


warnings.simplefilter("ignore", SyntaxWarning)  # `1 is None`, of a program that compares literals, is as good as any


def assemble(lines: Lines) -> tuple[str, list[int]]:
    """Return the text of lines and, by physical line, the position that stands there."""
    out: list[str] = []
    table: list[int] = []
    for depth, pc, text in lines:
        pieces = unfolded(text).split("\n")
        out.append(" " * depth + pieces[0])
        table.append(pc)
        for piece in pieces[1:]:
            at, _, rest = piece.partition("\0")
            out.append(rest)
            table.append(int(at))
    return "\n".join(out) + "\n", table


def generate(unit: HostUnit, index: int, facts: Facts) -> Generated:
    """Translate and compile one function. Raises Declined."""
    function = unit.module.functions[index]
    translation = Translation(facts, function)
    scope = translation.scope(unit, function, None, None)
    if function.kind in (ck.BLOCK, ck.LAMBDA):
        scope.kind = ck.METHOD  # block_methods.py
    translation.guesses = not facts.ask("surprising", index)
    if translation.guesses and facts.call is not None:
        me, arguments = facts.call
        translation.exemplars = {"self": me, **dict(zip(scope.names[: function.parameters.required], arguments))}
    translation.begin(scope)
    host = HostFunction(translation, scope, None)
    lines = host.define()
    if host.given:
        lines = [(0, scope.base, f"def outer({', '.join(host.given)}):"), *((d + 1, pc, text) for d, pc, text in lines)]
    text, places = assemble(lines)
    try:
        compiled = compile(text, "<generated>", "exec", dont_inherit=True)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as failure:
        if REPORT[0]:
            print(text)
        kind = DeclinedNow if isinstance(failure, (RecursionError, MemoryError)) else Declined
        raise kind(f"the host compiler: {failure}") from None
    if REPORT[0]:
        print(text)
    code = compiled
    for _ in range(2 if host.given else 1):
        code = next(constant for constant in code.co_consts if constant.__class__ is CodeType)
    scopes = [
        (
            scope.base,
            scope.function.index,
            scope.kind in (ck.BLOCK, ck.LAMBDA),
            inlined_at(scope) if scope.inlined is not None else None,
            captured(scope) if scope.inlined is None else (),
        )
        for scope in translation.scopes
    ]
    finish = Finish(unit, translation, places)
    return Generated(finish.code(code), scopes, finish.signatures, translation.declined)


def inlined_at(scope: Any) -> tuple[int, str, str, str]:
    """Return where an inlined block stands: the position of the call, the iterator, its class ("" if the receiver
    tells), the variable of the receiver. An inlined method has no iterator; the variable is its self."""
    plan = scope.inlined
    if scope.called:
        return plan.caller.base + plan.at, "", "", scope.me
    name = plan.row.name
    owner = plan.row.owners[0] if len(plan.row.owners) == 1 else ""
    if plan.form == "range":
        owner = "Range"
    elif plan.raw:
        owner = OWNERS[plan.raw]
    elif owner == "Array.":
        name, owner = "initialize", "Array"
    return plan.caller.base + plan.call_index, name, owner, plan.recv


def captured(scope: Any) -> tuple[str, ...]:
    """Return the variables behind the upvalues of a closure."""
    if scope.parent is None:
        return ()
    return tuple(scope.upvalue(index) for index in range(len(scope.function.upvalues)))


class Finish:
    """Gives the code objects of one translation their real names and places.

    The name that Python's messages have tells a function from all others: no two that differ share one. It is the same
    in every run.
    """

    def __init__(self, unit: HostUnit, translation: Translation, places: list[int]) -> None:
        self.unit = unit
        self.places = places
        self.renames = translation.renames
        self.scopes = translation.scopes
        self.bases = [scope.base for scope in translation.scopes]
        self.labels = {s.host.name: s for s in translation.scopes if s.inlined is None and s.host is not None}
        self.place_name = f"{unit.tag}:{translation.function.index}:{translation.variant}"
        self.count = 0
        self.signatures: dict[str, tuple[int, int, int, int]] = {}

    def names(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple([self.renames.get(name, name) for name in names])

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and column of a position."""
        scope = self.scopes[max(bisect_right(self.bases, position) - 1, 0)]
        positions = scope.function.positions
        index = position - scope.base
        return positions[index] if 0 <= index < len(positions) else (self.line(scope), 0)

    def label(self, function: ck.Function) -> str:
        """Return the name of a function that profilers and debuggers show."""
        if function.kind in (ck.BLOCK, ck.LAMBDA) and function.parent >= 0:
            outer = self.label(self.unit.module.functions[function.parent])
            return outer if outer.startswith("block in ") else "block in " + outer
        return function.name if function.kind == ck.METHOD else backtrace.run_once_label(function)

    @staticmethod
    def line(scope: Scope) -> int:
        """Return the line where a function's definition begins."""
        positions = scope.function.positions
        return scope.function.line or (positions[0][0] if positions else 1)

    def code(self, code: CodeType) -> CodeType:
        scope = self.labels.get(code.co_name)
        serial = f"{self.place_name}:{self.count}"
        self.count += 1
        changes: dict[str, Any] = {}
        if scope is not None:
            label = self.label(scope.function)
            name = f"{label}#{serial}"
            parameters = scope.function.parameters
            low = parameters.required + parameters.post
            high = -1 if parameters.flags & ck.REST else low + parameters.optional
            hidden = 0 if scope.kind != ck.METHOD else 1 if scope.host.builds else 2
            self.signatures[name] = (low, high, hidden, scope.function.index)
            if hasattr(code, "co_qualname"):  # this is the name that Python's messages have
                changes["co_qualname"] = name
                name = label
            changes["co_name"] = name
        constants = [self.code(item) if item.__class__ is CodeType else item for item in code.co_consts]
        code = code.replace(
            co_filename=self.unit.absolute, co_names=self.names(code.co_names),
            co_varnames=self.names(code.co_varnames), co_consts=tuple(constants), **changes,
        )  # fmt: skip
        position = self.places[code.co_firstlineno - 1]
        first = self.line(scope) if scope is not None else self.place(position)[0]
        return code.replace(**relocate(code, self.places, self.place, first))
