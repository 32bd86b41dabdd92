"""The local variables that code in a frame sees: its own, those of the frames around its block, those of eval code.

A slot holds the value itself, or a cell (a Python list of one value) if a block or eval captured it.
"""

from __future__ import annotations

from .values import UNDEF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .frames import Frame
    from .values import Value


CELLS: list[Any] = [list]  # the classes of cells; an engine may have its own


def visible(frame: Frame) -> dict[str, tuple[list[Any], int]]:
    """Return where each visible variable is: name -> (list, index), the innermost of a name."""
    result: dict[str, tuple[list[Any], int]] = {}
    scope: Frame | None = frame
    while scope is not None:
        names = scope.code.function.local_names if scope.code is not None else ()
        slots = scope.locals
        for index, name in enumerate(names):
            if name and name not in result and index < len(slots) and (name[0].isalpha() or name[0] == "_"):
                cell = slots[index]
                result[name] = (cell, 0) if cell.__class__ in CELLS else (slots, index)
        for name, cell in (scope.extra_names or {}).items():
            result.setdefault(name, (cell, 0))
        scope = scope.parent
    return result


def names(frame: Frame) -> list[str]:
    return list(visible(frame))


def get(frame: Frame, name: str, default: Value = UNDEF) -> Value:
    """Return the value of a variable, `default` if there is none of that name."""
    place = visible(frame).get(name)
    if place is None:
        return default
    value = place[0][place[1]]
    return None if value is UNDEF else value


def put(frame: Frame, name: str, value: Value) -> bool:
    """Assign a variable; return whether there is one of that name."""
    place = visible(frame).get(name)
    if place is None:
        return False
    place[0][place[1]] = value
    return True
