"""From a translation to a code object: text, Python's compiler, real names and places for those of the text."""

from __future__ import annotations

from bisect import bisect_right
from types import CodeType

from ....format import chunk as ck
from ...runtime import backtrace, exceptions
from . import shims
from .graph import Declined
from .line_table import relocate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .facts import Facts
    from .nodes import Lines
    from .scope import Scope
    from .translate import Translation
    from .units import HostUnit


def assemble(lines: Lines) -> tuple[str, list[int]]:
    """Return the text of lines and, by physical line, the position that stands there."""
    out: list[str] = []
    table: list[int] = []
    for depth, pc, text in lines:
        pieces = text.split("\n")
        out.append(" " * depth + pieces[0])
        table.append(pc)
        for piece in pieces[1:]:
            at, _, rest = piece.partition("\0")
            out.append(rest)
            table.append(int(at))
    return "\n".join(out) + "\n", table


class Generated:
    """A compiled translation. `scopes` are (base, function index, inlined) rows; line_table.py has the positions."""

    __slots__ = ("code", "scopes", "relied")

    def __init__(self, code: CodeType, scopes: list[Any], relied: set[Any]) -> None:
        self.code = code
        self.scopes = scopes
        self.relied = relied


REPORT = [False]


def generate(unit: HostUnit, index: int, facts: Facts) -> Generated:
    """Translate and compile one function. Raises Declined."""
    from .function import HostFunction  # a program that only prints never needs the translator
    from .translate import Translation

    translation = Translation(facts, unit.module.functions[index])
    function = unit.module.functions[index]
    scope = translation.scope(unit, function, None, None)
    host = HostFunction(translation, scope, None)
    lines = host.define()
    text, places = assemble(lines)
    try:
        compiled = compile(text, f"<generated from {unit.path}>", "exec", dont_inherit=True)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as failure:
        if REPORT[0]:
            print(text)
        raise Declined(f"the host compiler: {failure}") from None
    if REPORT[0]:
        print(text)
    code = next(constant for constant in compiled.co_consts if constant.__class__ is CodeType)
    scopes = [
        (s.base, s.function.index, inlined_at(s) if s.inlined is not None else captured(s)) for s in translation.scopes
    ]
    code = Finish(translation, unit, places).code(code)
    return Generated(code, scopes, facts.relied)


class Inlined:
    """Where an inlined block stands: the position of the call, the iterator, the variable of its receiver."""

    __slots__ = ("position", "name", "owner", "receiver")

    def __init__(self, position: int, name: str, owner: str, receiver: str) -> None:
        self.position = position
        self.name = name
        self.owner = owner  # "" if the receiver tells
        self.receiver = receiver


def inlined_at(scope: Any) -> Inlined:
    plan = scope.inlined
    name = plan.row.name
    owner = plan.row.owners[0] if len(plan.row.owners) == 1 else ""
    if plan.form == "range":
        owner = "Range"
    elif owner == "Array.":
        name, owner = "initialize", "Array"
    return Inlined(plan.caller.base + plan.call_index, name, owner, plan.recv)


def captured(scope: Any) -> tuple[str, ...]:
    """Return the variables behind the upvalues of a closure."""
    if scope.parent is None:
        return ()
    return tuple(scope.upvalue(index) for index in range(len(scope.function.upvalues)))


class Finish:
    """Gives the code objects of one translation their real names and places."""

    def __init__(self, translation: Translation, unit: HostUnit, places: list[int]) -> None:
        self.unit = unit
        self.places = places
        self.renames = translation.renames
        self.scopes = translation.scopes
        self.bases = [scope.base for scope in translation.scopes]
        self.labels = {s.host.name: s for s in translation.scopes if s.inlined is None and s.host is not None}

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
        serial = len(exceptions.SIGNATURES)
        changes: dict[str, Any] = {}
        if scope is not None:
            label = self.label(scope.function)
            name = f"{label}#{serial}"
            parameters = scope.function.parameters
            low = parameters.required + parameters.post
            high = -1 if parameters.flags & ck.REST else low + parameters.optional
            exceptions.SIGNATURES[name] = (low, high, 2 if scope.kind == ck.METHOD else 0)
            shims.CALLEES[name] = (self.unit, scope.function.index)
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
        return code.replace(**relocate(code, self.places, self.place, first, serial))
