"""Instructions to bytes and back, for the stack instruction set.

An instruction is an opcode byte and its operands, little endian, as wide as `optable.OPERAND_WIDTHS` says; `WIDE` in
front doubles the two-byte ones. Decoded operands are what a reader wants: a `target` is the absolute byte offset of
the instruction jumped to, not the distance that the bytes hold.

Start reading at `decode`; compilers and tests use `assemble`.
"""

from __future__ import annotations

from _struct import Struct  # `struct` is a Python file around it, which a warm start need not load
from _struct import error as StructError  # type: ignore[attr-defined]

from .errors import FormatError
from .optable import OPERAND_WIDTHS, Op, OpTable
from .stack_ops import STACK_OPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Instruction = tuple[int, Op, tuple[int, ...]]  # offset, row, operands

_LETTERS = {kind: "i" if kind == "target" else "BH"[width - 1] for kind, width in OPERAND_WIDTHS.items()}
_WIDE = STACK_OPS.by_name["WIDE"].code


class _Layout:
    """How the bytes of one instruction are laid out, narrow and wide."""

    __slots__ = ("op", "narrow", "wide", "target")

    def __init__(self, op: Op) -> None:
        letters = "".join(_LETTERS[kind] for kind in op.operands)
        self.op = op
        self.narrow = Struct("<" + letters)
        # WIDE in front of an instruction without two-byte operands is an error.
        self.wide = Struct("<" + letters.replace("H", "I")) if "H" in letters else None
        self.target = op.operands.index("target") if "target" in op.operands else -1


def _layouts(table: OpTable) -> list[_Layout | None]:
    return [None if op is None else _Layout(op) for op in table.by_code]


_LAYOUTS = _layouts(STACK_OPS)
# What `decode` needs an opcode: row, size, unpack function (None: no operands), position of the target (-1: none).
_DECODING: list[tuple[Op, int, Any, int] | None] = [
    None if layout is None or layout.op.code == _WIDE
    else (layout.op, layout.op.size, layout.narrow.unpack_from if layout.op.operands else None, layout.target)
    for layout in _LAYOUTS
]  # fmt: skip


def decode(code: bytes) -> list[Instruction]:
    """Return every instruction of `code` as (offset, row, operands); a WIDE prefix belongs to its instruction.

    Targets come out absolute and are not checked. Raises FormatError at the first byte that is no instruction.
    """
    result: list[Instruction] = []
    append = result.append
    decoding = _DECODING
    offset = 0
    end = len(code)
    try:
        while offset < end:
            entry = decoding[code[offset]]
            if entry is None:
                instruction, size = _decode_wide(code, offset)
                append(instruction)
                offset += size
                continue
            op, size, unpack, target = entry
            if unpack is None:
                append((offset, op, ()))
            elif target < 0:
                append((offset, op, unpack(code, offset + 1)))
            else:
                append((offset, op, _absolute(unpack(code, offset + 1), target, offset)))
            offset += size
    except StructError:
        raise FormatError("CODE", offset, f"{op.name} needs {size} bytes, {end - offset} are left") from None
    return result


def _absolute(operands: tuple[int, ...], position: int, offset: int) -> tuple[int, ...]:
    return operands[:position] + (operands[position] + offset,) + operands[position + 1 :]


def _decode_wide(code: bytes, offset: int) -> tuple[Instruction, int]:
    """Decode what is not a plain instruction: WIDE and its instruction, or an error."""
    byte = code[offset]
    if byte != _WIDE:
        raise FormatError("CODE", offset, f"{byte:#04x} is no opcode")
    if offset + 1 == len(code):
        raise FormatError("CODE", offset, "WIDE ends the code")
    layout = _LAYOUTS[code[offset + 1]]
    if layout is None:
        raise FormatError("CODE", offset, f"WIDE before {code[offset + 1]:#04x}, which is no opcode")
    if layout.wide is None:
        raise FormatError("CODE", offset, f"WIDE before {layout.op.name}, which has nothing to widen")
    size = layout.op.wide_size
    if offset + size > len(code):
        raise FormatError("CODE", offset, f"{layout.op.name} needs {size} bytes, {len(code) - offset} are left")
    operands = layout.wide.unpack_from(code, offset + 2)
    if layout.target >= 0:
        operands = _absolute(operands, layout.target, offset)
    return (offset, layout.op, operands), size


def is_wide(op: Op, operands: Sequence[int]) -> bool:
    """Tell whether an instruction needs the WIDE prefix."""
    layout = _LAYOUTS[op.code]
    assert layout is not None
    if layout.wide is None or max(operands) <= 0xFFFF:
        return False
    return any(operand > 0xFFFF and _LETTERS[kind] == "H" for kind, operand in zip(op.operands, operands))


def size_of(op: Op, operands: Sequence[int]) -> int:
    """Return the number of bytes that `encode_instruction` makes of an instruction."""
    return op.wide_size if is_wide(op, operands) else op.size


def encode_instruction(op: Op, operands: Sequence[int], offset: int = 0) -> bytes:
    """Return the bytes of one instruction that stands at byte `offset`; a target operand is absolute.

    WIDE is put in front where an operand needs it. Raises FormatError for operands that do not fit.
    """
    layout = _LAYOUTS[op.code]
    assert layout is not None
    if len(operands) != len(op.operands):
        raise FormatError("CODE", offset, f"{op.name} has {len(op.operands)} operands, not {len(operands)}")
    wide = is_wide(op, operands)
    raw = operands
    if layout.target >= 0:
        raw = list(operands)
        raw[layout.target] -= offset
    try:
        if wide and layout.wide is not None:
            return bytes((_WIDE, op.code)) + layout.wide.pack(*raw)
        return bytes((op.code,)) + layout.narrow.pack(*raw)
    except StructError:
        shown = ", ".join(f"{kind} {operand}" for kind, operand in zip(op.operands, operands))
        raise FormatError("CODE", offset, f"{op.name}: an operand does not fit: {shown}") from None


def encode(instructions: Iterable[tuple[int, Op, Sequence[int]]]) -> bytes:
    """Return the code of what `decode` returns; each instruction must stand at the offset it names."""
    code = bytearray()
    for offset, op, operands in instructions:
        if offset != len(code):
            raise FormatError("CODE", offset, f"{op.name} is listed at {offset} but stands at {len(code)}")
        code += encode_instruction(op, operands, offset)
    return bytes(code)


def assemble(items: Sequence[tuple[Op, Sequence[int]]]) -> tuple[bytes, list[int]]:
    """Lay out instructions whose target operands are indices into `items`; return (code, offset of each item).

    An index equal to len(items) means the end of the code: of use for handler ranges only, no jump may go there.
    The offsets list has one entry more than `items`, for that end.
    """
    offsets = [0]
    end = 0
    for op, operands in items:
        end += size_of(op, operands)
        offsets.append(end)
    code = bytearray()
    for op, operands in items:
        layout = _LAYOUTS[op.code]
        if layout is not None and layout.target >= 0:
            resolved = list(operands)
            resolved[layout.target] = offsets[operands[layout.target]]
            operands = resolved
        code += encode_instruction(op, operands, len(code))
    return bytes(code), offsets
