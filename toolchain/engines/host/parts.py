"""Parts: code that runs once, divided where knowledge grows.

A script or class body defines most of what it uses while it runs: before it began, nobody knew its constants, methods
and classes. So it is not translated as a whole. The stack engine runs it up to the first statement that has a loop or a
block; a function made of that statement and those behind it goes on, up to the next definition that another such
statement follows; and so on. A part begins and ends between two statements, where the operand stack is empty.

The variables live in `Frame.locals`, from which a part takes over what it uses and to which it gives back what is used
behind it. A variable that a closure holds becomes a Python cell in the first part that has the closure; later parts
have it as a free variable, the stack engine as a `Cell`.
"""

from __future__ import annotations

from types import CellType

from ....format import chunk as ck
from ...runtime.values import Array
from ..stack.code import SUSPEND
from ..stack.loop import SUSPENDED, run
from .blocks import Cell
from .results import Declined, decline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.frames import Frame
    from .units import HostUnit

KINDS = {int: "int", float: "float", Array: "array"}


class Part:
    """The instructions from `start` up to `stop` (-1: to the end) of a function.

    `loads` are the slots it takes over, `exports` those that it gives back; `slots` and `upvalues` hold the variables
    of the activation.
    """

    __slots__ = ("start", "stop", "loads", "exports", "slots", "upvalues")

    def __init__(self, row: tuple[int, int, tuple[int, ...], tuple[int, ...]], frame: Frame) -> None:
        self.start, self.stop, self.loads, self.exports = row
        self.slots = frame.locals
        self.upvalues = frame.upvalues

    def value(self, slot: int) -> Any:
        held = self.slots[slot]
        return held[0] if held.__class__ in (list, Cell) else held

    def kind(self, slot: int) -> str:
        return KINDS.get(self.value(slot).__class__, "")

    def is_shared(self, slot: int) -> bool:
        return self.slots[slot].__class__ is Cell

    def cells(self, names: tuple[str, ...]) -> tuple[CellType, ...]:
        """Return the cells of variables that closures hold already."""
        found = []
        for name in names:  # see Scope.names, Scope.upvalue
            at = name.split("_")
            variable: Any = self.slots[int(at[1])] if name[0] == "v" else self.upvalues[int(name[1:])]
            found.append(variable.cell)
        return tuple(found)


def run_parts(frame: Frame, rows: Any) -> Any:
    """Run a script or body part by part, and return its value."""
    code = frame.code
    unit: HostUnit = code.unit
    slots = frame.locals
    instructions = list(code.instructions)
    if code.flags & ck.USES_EVAL or code.function.kind == ck.EVAL:  # all variables with names are for everybody
        for slot in code.cells:
            slots[slot] = Cell(CellType(slots[slot][0]))
    for start, *_ in rows:
        instructions[start] = (SUSPEND, 0, 0, 0)
    at = 0
    for row in rows:
        part = Part(row, frame)
        if at != part.start:
            result = run(frame, code, slots, at, instructions)
            if result is not SUSPENDED:
                return result
        at = part.start
        try:
            body, _ = unit.translate(code.function.index, frame.cref, None, None, part=part)
        except Declined as reason:
            decline(code.function.name or "script", reason)
            instructions[at] = code.instructions[at]
            for slot in code.cells:
                if not part.is_shared(slot):
                    slots[slot] = Cell(CellType(slots[slot][0]))
            continue
        result = body(frame.self, frame.blk, frame)
        if result is not SUSPENDED:
            return result
        at = part.stop
    return run(frame, code, slots, at, instructions)
