"""The control-flow graph of a function: basic blocks and their edges, for the disassembler and the verifier.

A handler hangs from the BEGIN_TRY of its region: that is where control "may also go". BREAK and CONTINUE are edges to
their targets, although ensure code may run on the way.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .encoding import Instruction


class Block:
    """Instructions first..last (indices, both included) that run one after the other.

    `edges` holds (block number, label); the label tells when control goes there: "next", "jump", "true" (the branch
    is taken), "handler".
    """

    __slots__ = ("first", "last", "edges")

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last
        self.edges: list[tuple[int, str]] = []


def basic_blocks(instructions: Sequence[Instruction]) -> list[Block]:
    """Return the blocks in code order; targets that are no instruction's offset are left out."""
    index_at = {instruction[0]: index for index, instruction in enumerate(instructions)}
    leaders = {0}
    for index, (_, op, operands) in enumerate(instructions):
        target = target_of(op.operands, operands)
        if target is not None:
            leaders.add(index_at.get(target, 0))
            leaders.add(index + 1)
        elif op.flow != "next":
            leaders.add(index + 1)
    leaders.discard(len(instructions))
    starts = sorted(leaders)
    if not instructions:
        return []
    number = {first: block for block, first in enumerate(starts)}
    blocks = [Block(first, end - 1) for first, end in zip(starts, [*starts[1:], len(instructions)])]
    for block in blocks:
        _, op, operands = instructions[block.last]
        target = target_of(op.operands, operands)
        if op.flow in ("next", "branch") and block.last + 1 < len(instructions):
            block.edges.append((number[block.last + 1], "next"))
        if target in index_at:
            label = {"branch": "true", "jump": "jump"}.get(op.flow, "handler")
            block.edges.append((number[index_at[target]], label))
    return blocks


def target_of(kinds: Sequence[str], operands: Sequence[int]) -> int | None:
    """Return the target among `operands` (of these kinds), if there is one."""
    return operands[kinds.index("target")] if "target" in kinds else None
