"""Which variables have the list of their Array kept at hand, and which short-lived copies of variables are not made.

An Array's list is never exchanged, so `x.a` can be read once where `x` is assigned, instead of at each `x[i]` in a
loop: `list_x = x.a if x.__class__ is Array else list_of(x)`, None for everything that is no Array. What is read by way
of it needs one test, or none if the type of `x` is known. Writes go through `x` itself, which may be frozen by then.
"""

from __future__ import annotations

from ....format import stack_ops as so
from .exemplars import UNSEEN, kind
from .graph import targets
from .types import Names, flow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .function import HostFunction
    from .graph import Block

NESTED = 6.0  # how much more often a loop's body runs than what is around it
TEST = 9.0  # what the test of a class costs, against 1 for a local variable


class Loop:
    """A natural loop: `latches` are the blocks that go back to the header, `blocks` all that are inside."""

    __slots__ = ("header", "latches", "blocks")

    def __init__(self, header: Block) -> None:
        self.header = header
        self.latches: list[Block] = []
        self.blocks = {header}


def natural_loops(blocks: list[Block]) -> list[Loop]:
    """Return the loops of a graph."""
    entry = blocks[0]
    order: dict[Block, int] = {}
    preds: dict[Block, list[Block]] = {}
    loops: dict[Block, Loop] = {}
    active: set[Block] = {entry}
    order[entry] = 0
    work = [(entry, iter(targets(entry.term)))]
    while work:
        block, rest = work[-1]
        for target in rest:
            preds.setdefault(target, []).append(block)
            if target in active:
                loops.setdefault(target, Loop(target)).latches.append(block)
            elif target not in order:
                order[target] = len(order)
                active.add(target)
                work.append((target, iter(targets(target.term))))
                break
        else:
            active.discard(block)
            work.pop()
    for loop in loops.values():
        reach = list(loop.latches)
        while reach:
            block = reach.pop()
            if block not in loop.blocks:
                loop.blocks.add(block)
                reach.extend(preds.get(block, ()))
    return list(loops.values())


def loop_depths(blocks: list[Block]) -> dict[Block, int]:
    """Return in how many loops each block is."""
    depths = dict.fromkeys(blocks, 0)
    for loop in natural_loops(blocks):
        for block in loop.blocks:
            depths[block] += 1
    return depths


def choose_lists(host: HostFunction, blocks: list[Block], banned: set[str]) -> dict[str, str]:
    """Return the variables that get a second one with their list: variable -> its name."""
    gains: dict[str, float] = {}
    costs: dict[str, float] = {}
    depths = loop_depths(blocks)
    barred = set(banned)

    for block in blocks:
        if block not in depths:
            continue
        weight = NESTED ** min(depths[block], 4)

        def store(name: str, kind: str, weight: float = weight) -> None:
            costs[name] = costs.get(name, 0.0) + weight * (2.0 if kind in gains else TEST)

        def use(kind: str, weight: float = weight) -> None:
            if kind:
                gains[kind] = gains.get(kind, 0.0) + weight * TEST

        for scope, _, name, operands in block.code:
            if name in ("MATCH_BIND", "MATCH_START", "JUMP_IF_GIVEN"):
                barred.add(scope.var(operands[0]))
            elif name == "MATCH_CASE":
                barred.add(scope.var(operands[1]))
            elif name == "INLINE_ITEM" and operands[0].folds:
                barred.add(operands[0].folds)
        if block.term[0] == "try" and block.term[3].slot >= 0:
            barred.add(block.term[3].scope.var(block.term[3].slot))
        flow(block, Names, store, use)
    for name in host.scope.names[: host.scope.function.parameters.required]:
        costs[name] = costs.get(name, 0.0) + TEST
    return {
        name: "list_" + name for name, gain in gains.items()
        if name in host.owned and name not in barred and name not in host.raw and gain > 1.3 * costs.get(name, 0.0)
    }  # fmt: skip


def passing(blocks: list[Block], banned: set[str]) -> set[str]:
    """Return the nameless variables that are stored once and only read behind that, in the same block."""
    stored: dict[str, Block | None] = {}
    wrong = set(banned)
    for block in blocks:
        for scope, _, name, operands in block.code:
            if name == "STORE_LOCAL":
                var = scope.var(operands[0])
                if var in stored or scope.label(operands[0]):
                    wrong.add(var)
                stored[var] = block
            elif name == "LOAD_LOCAL":
                if stored.get(scope.var(operands[0])) is not block:
                    wrong.add(scope.var(operands[0]))
            elif name in ("GET_UPVALUE", "SET_UPVALUE"):
                wrong.add(scope.upvalue(operands[0]))
            elif name == "CAPTURE_VAR" and operands[0] == so.FROM_LOCAL:
                wrong.add(scope.var(operands[1]))
            elif name in ("MATCH_BIND", "MATCH_START", "JUMP_IF_GIVEN"):
                wrong.add(scope.var(operands[0]))
            elif name == "MATCH_CASE":
                wrong.add(scope.var(operands[1]))
    return set(stored) - wrong


def list_text(host: HostFunction, name: str, type_: str = "", source: str = "") -> str:
    """Return the assignment that goes with one to variable `name`, of a value of a type or of another variable."""
    target = host.lists[name]
    if source in host.lists:
        return f"{target} = {host.lists[source]}"
    if type_ == "array":
        return f"{target} = {name}.a"
    if type_ in ("int", "float", "nil", "bool", "truth", "sym"):
        return f"{target} = None"
    if kind(host.translation.exemplars.get(name, UNSEEN)) == "object":  # it need not know lists that come later
        return f"{target} = None"
    return f"{target} = {name}.a if {name}.__class__ is Array else list_of({name})"


def guards(host: HostFunction, expr: Any, key: str) -> tuple[str, str]:
    """Return the test that an expression is an Array, "" if it is known to be, and the text of its list.

    `key` names what is done with it (Translation.guard); "": something else tells whether that has changed.
    """
    kept = host.lists.get(expr.text)
    if kept is not None or expr.type == "array":
        if key:
            host.translation.ask("bare", key)
        return ("" if expr.type == "array" else f"{kept} is not None"), kept or f"{expr.text}.a"
    host_class = host.translation.guard("Array", key) if key else "Array"
    return f"{expr.text}.__class__ is {host_class}", f"{expr.text}.a"
