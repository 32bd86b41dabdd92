"""The value of `a && b` and `a || b`: ways through the graph on which it is known.

The compiler makes of `a && b` a test that keeps what it tests: `a; DUP; JUMP_IF_FALSE end; POP; b; end:`. If that is
the operand of another `&&` or `||`, its end is such a test again, of which the outcome is known where the first one
jumps to it. So a jump goes on to where it comes to at last, and only there, if at all, the value is put where it is
wanted: a comparison becomes true or false for those who use it as a value.
"""

from __future__ import annotations

from .graph import Block, Graph, targets

TESTS = ("JUMP_IF_FALSE", "JUMP_IF_TRUE")


def keeps_value(block: Block) -> bool:
    """Return whether a block ends with a test of `&&` or `||`: the value is dropped unless it is jumped with."""
    code = block.code
    return (
        block.term[0] == "branch" and len(code) > 1 and code[-1][2] in TESTS and code[-2][2] == "DUP"
        and drops(block.term[2])
    )  # fmt: skip


def drops(block: Block) -> bool:
    """Return whether a block begins by dropping the value on top of the stack."""
    return bool(block.code) and block.code[0][2] == "POP"


def shorten(graph: Graph) -> dict[Block, Block | None]:
    """Shorten the ways of a graph. Return the blocks that end with such a test, each with the block where its value
    is still wanted when it jumps, if there is one; nothing else leads to that."""
    blocks = list(graph.blocks)
    for block in blocks:
        while block.term[0] == "jump":  # `(a && b) || c`: the test behind `b` is made where `b` is
            after = block.term[1]
            if len(after.code) != 2 or not keeps_value(after) or after.path != block.path or after is block:
                break
            block.code += after.code
            block.term = after.term
    found: dict[Block, Block | None] = {}
    for block in blocks:
        if not keeps_value(block):
            continue
        _, taken, other = block.term
        while len(taken.code) == 2 and keeps_value(taken) and taken.path == block.path:
            taken = taken.term[1 if taken.code[1][2] == block.code[-1][2] else 2]
        end = None
        if not drops(taken):
            end = graph.block(taken.scope, taken.path, taken.depth)
            leaves = len(taken.code) == 1 and taken.term[0] in ("end", "jump")
            end.code = list(taken.code) if leaves else []
            end.term = taken.term if leaves else ("jump", taken)
            taken = end
        found[block] = end
        block.term = ("branch", taken, other)
    if found:
        reached = {graph.blocks[0]: None}
        work = [graph.blocks[0]]
        for block in work:
            work += [target for target in dict.fromkeys(targets(block.term)) if target not in reached]
            reached.update(dict.fromkeys(targets(block.term)))
        graph.blocks = list(reached)
    return found
