"""Readable listings of compiled code, for the tests: one instruction a line, operands resolved, targets as labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metorex.format.encoding import decode
from metorex.format.stack_ops import MATCH_KINDS

if TYPE_CHECKING:
    from metorex.format.chunk import Function, Module


def listing(function: Function) -> list[str]:
    """Return the instructions as text: `L1: PUSH_CONST 5`. Slots and functions are numbers, constants resolved."""
    instructions = decode(function.code)
    targets = sorted(
        {
            operand
            for _, op, operands in instructions
            for kind, operand in zip(op.operands, operands)
            if kind == "target"
        }
    )
    labels = {offset: f"L{number}" for number, offset in enumerate(targets, 1)}
    lines = []
    for offset, op, operands in instructions:
        words = [op.name]
        for kind, operand in zip(op.operands, operands):
            if kind == "target":
                words.append(labels[operand])
            elif kind == "const":
                words.append(repr(function.constants[operand][1]))
            elif kind == "name":
                words.append(str(function.constants[operand][1]))
            else:
                words.append(str(operand))
        if op.name == "MATCH_CASE":
            words[1] = MATCH_KINDS[operands[0]][0]
        prefix = f"{labels[offset]}: " if offset in labels else ""
        lines.append(prefix + " ".join(words))
    return lines


def show(module: Module) -> str:
    """Return the listings of all functions."""
    out = []
    for function in module.functions:
        out.append(
            f"-- {function.index} {function!r} locals={function.local_names} upvalues={function.upvalues} "
            f"max_stack={function.max_stack} flags={function.flags:#x} {function.parameters}"
        )
        out += listing(function)
        out += [f"   {handler}" for handler in function.handlers]
    return "\n".join(out)
