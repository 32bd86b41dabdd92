"""From a translation to a code object: text, Python's compiler, real names for identifiers that stand for them."""

from __future__ import annotations

from types import CodeType

from ....format import chunk as ck
from ...runtime import exceptions
from . import shims
from .graph import Declined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .facts import Facts
    from .nodes import Lines
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
    """A compiled translation. `places` maps lines to positions, `scopes` are (base, function index, inlined) rows."""

    __slots__ = ("code", "places", "scopes", "defaults", "kwdefaults", "relied")

    def __init__(self, code: CodeType, places: list[int], scopes: list[Any], relied: set[Any]) -> None:
        self.code = code
        self.places = places
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
    labels = {s.host.name: s for s in translation.scopes if s.inlined is None and s.host is not None}
    code = rename(code, translation.renames, labels, unit)
    return Generated(code, places, scopes, facts.relied)


class Inlined:
    """Where an inlined block stands: the position of the call and the label of the iterator."""

    __slots__ = ("position", "label")

    def __init__(self, position: int, label: str) -> None:
        self.position = position
        self.label = label


def inlined_at(scope: Any) -> Inlined:
    plan = scope.inlined
    owner = plan.row.owner
    if plan.form == "range":
        owner = "Range"
    if owner == "Array.":
        return Inlined(plan.caller.base + plan.call_index, "Array#initialize")
    return Inlined(plan.caller.base + plan.call_index, f"{owner}#{plan.row.name}")


def captured(scope: Any) -> tuple[str, ...]:
    """Return the variables behind the upvalues of a closure."""
    if scope.parent is None:
        return ()
    return tuple(scope.upvalue(index) for index in range(len(scope.function.upvalues)))


def rename(code: CodeType, renames: dict[str, str], labels: dict[str, Any], unit: HostUnit) -> CodeType:
    """Return the code object with real names for identifiers that stand for them."""

    def real(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple([renames.get(name, name) for name in names])

    constants = tuple(
        rename(constant, renames, labels, unit) if constant.__class__ is CodeType else constant
        for constant in code.co_consts
    )
    scope = labels.get(code.co_name)
    changes: dict[str, Any] = {}
    if scope is not None:
        name = f"{scope.function.name or 'block'}#{len(exceptions.SIGNATURES)}"
        parameters = scope.function.parameters
        low = parameters.required + parameters.post
        high = -1 if parameters.flags & ck.REST else low + parameters.optional
        exceptions.SIGNATURES[name] = (low, high, 2 if scope.kind == ck.METHOD else 0)
        shims.CALLEES[name] = (unit, scope.function.index)
        changes["co_name"] = name
        if hasattr(code, "co_qualname"):
            changes["co_qualname"] = name
    return code.replace(
        co_names=real(code.co_names), co_varnames=real(code.co_varnames), co_consts=constants, **changes
    )
