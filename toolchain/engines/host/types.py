"""Which variables are always Integers or Floats, and which may be read before anything was stored to them.

Both are data-flow questions over the graph, asked once a function. Types are "int", "float", "array" or "" (anything);
a variable joins the types of everything that is stored to it, whatever the order, repeated until nothing changes.
"""

from __future__ import annotations

from functools import partial

from ....format import chunk as ck
from ....format import stack_ops as so
from .graph import targets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .graph import Block

NUMBERS = ("int", "float")


def result_type(op: str, a: str, b: str) -> str:
    """Return the type of an arithmetic result."""
    if op in ("ADD", "SUB", "MUL") or op == "DIV":
        if a in NUMBERS and b in NUMBERS:
            return "int" if a == b == "int" else "float"
    elif op in ("MOD", "BIT_AND", "BIT_OR", "BIT_XOR", "SHL", "SHR", "CMP"):
        if a == b == "int":
            return "int"
        if op == "MOD" and a in NUMBERS and b in NUMBERS:
            return "float"
    return ""


READS = ("size", "length", "first", "last", "empty?")  # what an Array answers by its list alone
SIZES = ("size", "length")
CONSTANTS = {ck.CONST_INT: "int", ck.CONST_FLOAT: "float"}
BINARY = ("ADD", "SUB", "MUL", "DIV", "MOD", "BIT_AND", "BIT_OR", "BIT_XOR", "SHL", "SHR", "CMP")


class Names:
    """Stands for the types of variables in `flow`: each variable is its own type."""

    @staticmethod
    def get(name: str, default: str = "") -> str:
        return name


def queues(blocks: list[Block]) -> set[str]:
    """Return the variables whose `shift` is called: Arrays that may exchange their lists (runtime/core/queued.py)."""
    found: set[str] = set()
    for block in blocks:
        flow(block, Names, ignored, take=found.add)
    return found


def ignored(name: str, kind: str) -> None:
    """Do nothing about an assignment."""


def infer(
    blocks: list[Block], types: dict[str, str], loose: set[str], arrays: bool, array_new: Callable[[], bool],
    plain: Callable[[str], bool], given: dict[str, str],
) -> None:  # fmt: skip
    """Fill `types` (variable -> "int", "float" or "array"); what is in it already holds; `loose` variables can be
    anything. `arrays`: do Arrays stay what they are; `array_new`: is `Array.new` the built-in method? `plain` tells of
    an operator whether it does on numbers what it always did; `given`: types of what variables hold at first."""
    known = dict(types)
    while True:
        found = dict(given)
        for block in blocks:
            flow(block, known, partial(join, found, array_new), plain=plain)
        for name in loose:
            found[name] = ""
        for name, kind in types.items():
            found[name] = kind
        # Types only lose information from round to round.
        found = {name: kind if known.get(name, kind) == kind else "" for name, kind in found.items()}
        if found == known:
            break
        known = found
    kinds = (*NUMBERS, "array") if arrays else NUMBERS
    types.update({name: kind for name, kind in known.items() if kind in kinds})


def join(found: dict[str, str], array_new: Callable[[], bool], name: str, kind: str) -> None:
    """Note that a value of a type is stored to a variable."""
    if kind == "new array":
        kind = "array" if array_new() else ""
    before = found.get(name)
    found[name] = kind if before is None or before == kind else ""


MATCHES_ARRAY = (so.MATCH_ARRAY, so.MATCH_ARRAY_REST, so.MATCH_STRICT_ARRAY)  # what these leave in their slot


def flow(
    block: Block, known: Any, store: Any, use: Any = None, plain: Callable[[str], bool] = bool, take: Any = None
) -> None:
    """Follow the types of values through a block. `store(name, type)` hears of assignments, `use(type)` of what is
    read as a list, `take(type)` of what `shift` is called on."""
    stack: list[str] = [""] * block.depth
    for scope, index, name, operands in block.code:
        if use is not None and (
            name == "INDEX_GET" and operands == (1, 0) and stack[-1] != "other"
            or name == "CALL_METHOD" and operands[0] in READS and operands[1:] == (0, 0)
        ):  # fmt: skip
            use(stack[-1 - operands[-2]])
        if take is not None and name == "CALL_METHOD" and operands == ("shift", 0, 0):
            take(stack[-1])
        if name == "LOAD_LOCAL":
            stack.append(known.get(scope.var(operands[0]), "bottom"))
        elif name == "GET_UPVALUE":
            stack.append(known.get(scope.upvalue(operands[0]), "bottom") if scope.inlined is not None else "")
        elif name in ("STORE_LOCAL", "MATCH_BIND", "MATCH_START"):
            kind = stack.pop()
            if kind != "bottom":
                store(scope.var(operands[0]), kind)
        elif name == "SET_UPVALUE":
            kind = stack.pop()
            if kind != "bottom":
                store(scope.upvalue(operands[0]), kind)
        elif name == "PUSH_CONST":
            constant = scope.function.constants[operands[0]][0]
            stack.append(CONSTANTS.get(constant, "other"))
        elif name == "BUILD_ARRAY":
            if operands[0]:
                del stack[-operands[0] :]
            stack.append("array")
        elif name == "LOAD_CONST":
            stack.append(f"const {operands[0]}")
        elif name == "NEW_INSTANCE" and operands[1] == 0 and stack[-1 - operands[0]] == "const Array":
            del stack[-1 - operands[0] :]
            stack.append("new array")
        elif name == "DUP":
            stack.append(stack[-1])
        elif name == "DUP_N":
            stack.extend(stack[-operands[0] :])
        elif name == "SWAP":
            stack[-1], stack[-2] = stack[-2], stack[-1]
        elif name in BINARY:
            b = stack.pop()
            a = stack.pop()
            stack.append("bottom" if "bottom" in (a, b) else result_type(name, a, b) if plain(name) else "")
        elif name == "NEG":
            if stack[-1] not in (*NUMBERS, "bottom") or not plain("NEG"):
                stack[-1] = ""
        elif name == "MATCH_CASE":
            store(scope.var(operands[1]), "array" if operands[0] in MATCHES_ARRAY else "")
            del stack[len(stack) - so.MATCH_KINDS[operands[0]][1] :]
        elif name == "JUMP_IF_GIVEN":
            store(scope.var(operands[0]), "")
        elif name == "CALL_METHOD" and operands[0] in SIZES and operands[1:] == (0, 0):
            stack[-1] = "int" if stack[-1] == "array" else "bottom" if stack[-1] == "bottom" else ""
        elif name == "INLINE_ITEM":
            for slot in range(scope.function.parameters.required):
                store(scope.var(slot), operands[0].type_of(slot))
        elif name in ("INLINE_BEGIN", "INLINE_NEVER", "ENTER_METHOD", "SWITCH", "SWITCH_TEST"):
            pass
        elif name.startswith("LEAVE_INLINED_"):
            kind = stack.pop()
            if operands[0].folds and name == "LEAVE_INLINED_RETURN" and kind != "bottom":
                store(operands[0].folds, kind)
        elif name in ("INLINE_RESULT", "INLINE_BROKEN", "INLINE_FOUND"):
            stack.append("")
        else:
            pops, pushes = scope.effect(index)
            if pops:
                del stack[len(stack) - pops :]
            stack.extend([""] * pushes)
    if block.term[0] == "call":
        plan = block.term[3]
        for target, kind in zip(plan.targets[1:], stack[len(stack) - plan.argc :]):
            if target and kind != "bottom":
                store(target, kind)
    if block.term[0] == "guard":
        plan = block.term[3]
        if use is not None and not plan.form and "Array" in plan.row.owners:
            use(stack[-1 - plan.argc])
        kind = stack[-1] if plan.argc else ""
        if plan.folds and kind != "bottom":
            store(plan.folds, kind)


def maybe_unset(entry: Block, blocks: list[Block], assigned: set[str]) -> tuple[set[str], dict[Block, set[str]]]:
    """Return the variables of the function that may be read before a store, and those of each inlined block's body.

    `assigned` names what is set at entry. A variable of an inlined block must be nil again in each iteration.
    """
    starts: dict[Block, set[str]] = {entry: set(assigned)}
    order = [entry]
    unset: set[str] = set()
    inner: dict[Block, set[str]] = {}
    owner: dict[str, Block] = {}
    for block in blocks:
        for scope, _, name, _ in block.code:
            if name in ("INLINE_ITEM", "ENTER_METHOD"):
                for slot in range(scope.function.parameters.required, scope.function.local_count):
                    owner[scope.var(slot)] = block
    while order:
        block = order.pop()
        have = set(starts[block])
        for scope, _, name, operands in block.code:
            read = None
            if name in ("LOAD_LOCAL", "LOAD_SOFT"):
                read = scope.var(operands[0])
            elif name == "GET_UPVALUE":
                read = scope.upvalue(operands[0])
            elif name == "CAPTURE_VAR":
                read = scope.var(operands[1]) if operands[0] == so.FROM_LOCAL else scope.upvalue(operands[1])
            elif name in ("STORE_LOCAL", "MATCH_BIND", "MATCH_START"):
                have.add(scope.var(operands[0]))
            elif name == "SET_UPVALUE":
                have.add(scope.upvalue(operands[0]))
            elif name in ("INLINE_ITEM", "ENTER_METHOD"):
                for slot in range(scope.function.local_count):
                    var = scope.var(slot)
                    if slot >= scope.function.parameters.required:
                        have.discard(var)
                    elif slot not in scope.aliased:
                        have.add(var)
            if read is not None and read not in have:
                if read in owner:
                    inner.setdefault(owner[read], set()).add(read)
                else:
                    unset.add(read)
            if name == "LEAVE_PART":
                unset.update({scope.var(slot) for slot in operands} - have)
        taken = have
        for number, target in enumerate(targets(block.term)):
            at_target = taken
            if block.code and block.code[-1][2] == "MATCH_CASE" and number == 1:
                scope, _, _, operands = block.code[-1]
                at_target = {*taken, scope.var(operands[1])}
            if block.term[0] == "try" and number == 1:
                region = block.term[3]
            if block.term[0] == "try" and number == 1 and region.slot >= 0:
                at_target = {*at_target, region.scope.var(region.slot)}
            known = starts.get(target)
            if known is None:
                starts[target] = set(at_target)
                order.append(target)
            elif not known <= at_target:
                known &= at_target
                order.append(target)
    return unset, inner
