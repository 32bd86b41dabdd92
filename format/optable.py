"""What an instruction table is: rows, encoding widths, lookups and the check that a consumer covers every row.

A fact about an instruction is written once, in its row (`stack_ops.py`); this file only says what a row can say.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeVar

    Handler = TypeVar("Handler")

# Operand kinds and their widths in bytes. `WIDE` before an instruction doubles its two-byte operands.
OPERAND_WIDTHS = {
    "const": 2,  # index into the function's constant pool
    "name": 2,  # index of a constant of kind symbol
    "local": 2,  # slot of the function's frame
    "upvalue": 2,  # index into the function's upvalue descriptors
    "function": 2,  # index into the module's function table
    "count": 2,  # a number of values
    "line": 2,  # a source line
    "argc": 1,  # positional arguments on the stack (1 with the SPLAT flag: their Array)
    "flags": 1,  # bit set, see the flag constants of the table's module
    "kind": 1,  # small enumeration, see the table's module
    "target": 4,  # signed distance in bytes from the start of the instruction
}


class Op:
    """One instruction.

    `pops` and `pushes` are the fixed part of the stack effect; `variable` names the rule for the rest (see
    `OpTable.effect`). `flow` is where control goes: "next", "jump" (to the target), "branch" (target or next) or
    "end" (leaves the function).
    """

    __slots__ = ("code", "name", "operands", "pops", "pushes", "meaning", "flow", "variable", "size", "wide_size")

    def __init__(
        self,
        code: int,
        name: str,
        operands: tuple[str, ...],
        pops: int,
        pushes: int,
        meaning: str,
        flow: str = "next",
        variable: str = "",
    ) -> None:
        self.code = code  # byte in the code section; never reused, even after an Op is retired
        self.name = name
        self.operands = operands
        self.pops = pops
        self.pushes = pushes
        self.meaning = meaning  # stack before -- after, then what it does
        self.flow = flow
        self.variable = variable
        widths = [OPERAND_WIDTHS[kind] for kind in operands]
        self.size = 1 + sum(widths)
        self.wide_size = 2 + sum(width * 2 if width == 2 else width for width in widths)

    def __repr__(self) -> str:
        return f"<Op {self.name}>"


class OpTable:
    """All instructions of one set, by opcode byte and by name.

    `effects` maps the name of a variable stack effect to a function `(operands) -> (extra pops, extra pushes)`.
    Raises ValueError when two rows share a byte or a name.
    """

    def __init__(self, isa: str, rows: Sequence[Op], effects: Mapping[str, object]) -> None:
        self.isa = isa
        self.rows = tuple(rows)
        self.effects = effects
        self.by_code: list[Op | None] = [None] * 256
        self.by_name: dict[str, Op] = {}
        for op in rows:
            if self.by_code[op.code] is not None or op.name in self.by_name:
                raise ValueError(f"the {isa} table has two rows for {op.name} / {op.code:#04x}")
            if op.variable and op.variable not in effects:
                raise ValueError(f"{op.name} names the unknown stack effect {op.variable}")
            self.by_code[op.code] = op
            self.by_name[op.name] = op

    def effect(self, op: Op, operands: Sequence[int]) -> tuple[int, int]:
        """Return (values popped, values pushed) by `op` with these operands."""
        if not op.variable:
            return op.pops, op.pushes
        pops, pushes = self.effects[op.variable](operands)  # type: ignore[operator]
        return op.pops + pops, op.pushes + pushes

    def bind(self, owner: str, handlers: dict[str, Handler], exempt: Iterable[str] = ()) -> list[Handler | None]:
        """List `handlers` by opcode. LookupError names what `owner` forgot or invented."""
        odd = sorted((set(handlers) ^ set(self.by_name)) - set(exempt))
        if odd:
            raise LookupError(f"{owner} and the {self.isa} table differ on: {', '.join(odd)}")
        table: list[Handler | None] = [None] * 256
        for name, handler in handlers.items():
            table[self.by_name[name].code] = handler
        return table
