"""What a module's text tells about built-in operators that it may redefine; careful.py says what for."""

from __future__ import annotations

from ....format import chunk as ck
from ....format import operands as so
from ...runtime.operators import RELYING
from .careful import OWNERS
from .scope import decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .units import HostUnit

DEFINING = frozenset(("define_method", "alias_method"))
MIXING = frozenset(("prepend", "include"))


def redefined(unit: HostUnit, index: int) -> list[tuple[str, str]]:
    """Return (class, operator) of what a module may define otherwise than by `def` in the class's body."""
    return sorted(set(hidden(unit)))


def hidden(unit: HostUnit) -> Iterator[tuple[str, str]]:
    """Yield (class, operator) that the functions of a module may define otherwise than by `def` in the class's body."""
    functions = unit.module.functions
    for function in functions:
        texts = {payload for _, payload in function.constants if payload.__class__ is str}
        named = set(texts & OWNERS)
        if function.kind == ck.CLASS_BODY and function.name in OWNERS:
            named.add(function.name)
        names = set()
        if texts & DEFINING:
            names |= {name for kind, name in function.constants if kind == ck.CONST_SYMBOL and name in RELYING}
        if texts & MIXING and named and mixes(unit, function):
            names |= {
                inner.name for inner in functions
                if inner.kind == ck.METHOD and inner.name in RELYING
                and functions[inner.parent].kind != ck.CLASS_BODY
            }  # fmt: skip
        for name in names:
            yield from ((owner, name) for owner in named)
        for text in texts:
            if "def " in text:
                yield from defined_in(text)
        if function.kind == ck.METHOD and function.name in RELYING and function.parent >= 0:
            yield from ((owner, function.name) for owner in opened_by(unit, functions[function.parent]))


def mixes(unit: HostUnit, function: ck.Function) -> bool:
    """Return whether a function may mix a module into a built-in class: in its body, or by name."""
    if function.kind == ck.CLASS_BODY and function.name in OWNERS:
        return True
    for name, operands in decoded(unit, function).code:
        if name == "CALL_METHOD" and operands[0] in MIXING and not operands[2] & so.IMPLICIT_SELF:
            return True
        if name == "PUSH_CONST" and function.constants[operands[0]][1] in MIXING:
            return True  # for `send`
    return False


def defined_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the operators that source text defines which names a built-in class."""
    owners = [owner for owner in OWNERS if owner in text]
    if not owners:
        return
    for piece in text.split("def ")[1:]:
        head = piece.lstrip().replace("self.", "", 1)
        for name in RELYING:
            if head.startswith(name) and not head[len(name) : len(name) + 1].isalnum():
                yield from ((owner, name) for owner in owners)


def opened_by(unit: HostUnit, block: ck.Function) -> list[str]:
    """Return the class that `Integer.class_eval { }`, `refine(Integer) { }` and the like call a block for."""
    if block.kind != ck.BLOCK or block.parent < 0:
        return []
    code = decoded(unit, unit.module.functions[block.parent]).code
    for index, (name, operands) in enumerate(code):
        if name == "BUILD_LAMBDA" and operands[0] == block.index and index and code[index - 1][0] == "LOAD_CONST":
            owner = code[index - 1][1][0]
            return [owner] if owner in OWNERS else []
    return []
