"""What comes of a translation: `Generated`, or `Declined`. The translator, which makes them, need not be imported."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

# REPORT[0]: print generated text and what was declined, for whoever works on the translator.
REPORT = [False]


def decline(name: str, reason: object) -> None:
    """Tell, where wanted, that the stack engine will run a function, and why."""
    if REPORT[0]:
        print(f"declined {name}: {reason}")


class Declined(Exception):  # noqa: N818 - a decision, not an error
    """This function is not for the host engine; the stack engine runs it."""


class DeclinedWhole(Declined):
    """Nor are the functions around it."""


class DeclinedNow(Declined):
    """Declined because of the state of the process, such as a stack that is nearly full; another run may not."""


class Generated:
    """A compiled translation; all of it can be marshalled.

    line_table.py has the positions of the code. `scopes` has a row a scope: (base, index of its function or -1, is a
    closure, None or for an inlined block what generate.inlined_at says, variables behind the upvalues).
    `signatures` maps names of code objects to (least, most arguments, hidden ones, index of the function); `declined`
    lists (index, reason) of the closures that the stack engine runs.
    """

    __slots__ = ("code", "scopes", "signatures", "declined")

    def __init__(
        self,
        code: CodeType,
        scopes: list[tuple[int, int, bool, tuple[int, str, str, str] | None, tuple[str, ...]]],
        signatures: dict[str, tuple[int, int, int, int]],
        declined: list[tuple[int, str]],
    ) -> None:
        self.code = code
        self.scopes = scopes
        self.signatures = signatures
        self.declined = declined

    def row(self) -> tuple[Any, ...]:
        """Return what the constructor takes."""
        return self.code, self.scopes, self.signatures, self.declined


class Tally:
    """What came of the functions of a run, for --explain. `declined` has (function, its path, reason), each once."""

    __slots__ = ("recalled", "translated", "declined")

    def __init__(self) -> None:
        self.recalled = 0  # from the cache
        self.translated = 0
        self.declined: dict[tuple[int, int], tuple[Any, str, str]] = {}

    def note(self, unit: Any, index: int, reason: str) -> None:
        self.declined[id(unit), index] = (unit.module.functions[index], unit.path, reason)

    def lines(self) -> list[str]:
        """Return what --explain prints of it."""
        lines = [f"host code: {self.recalled} functions from the cache, {self.translated} translated"]
        for function, path, reason in self.declined.values():
            lines.append(f"declined: {function.name or 'main'} ({path}:{function.line}): {reason}")
        return lines


TALLY = Tally()
