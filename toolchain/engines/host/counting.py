"""Loops that count: `while i < n; ...; i += 1; end` becomes a `for` over a range, where a turn costs less.

The counter is an Integer and stored to in one place only, the first or the last thing that a turn does; the step is a
literal or another Integer, the limit a literal or a variable, and the loop stores to neither. Whether the limit is an
Integer is asked when the loop begins, if it is not known before: `counts` (items.py) deals with everything else.
"""

from __future__ import annotations

from ....format import chunk as ck
from .exemplars import UNSEEN, kind
from .graph import stored_in, targets
from .lists import natural_loops
from .lower import Lowerer, handles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .function import HostFunction
    from .graph import Block, Graph, Instruction
    from .lists import Loop

SYMBOLS = {"LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "ADD": "+", "SUB": "-"}
LONG = 48  # instructions of a turn, beside which the test and the step do not count, but making a range does
OPPOSITE = {"LT": "GE", "LE": "GT", "GT": "LE", "GE": "LT"}  # for Integers


class Count:
    """What is known of such a loop: its variables or literals, and the instructions that compare and step."""

    __slots__ = ("counter", "limit", "step", "test", "wanted", "add", "leading", "unsure", "name")

    def __init__(self, counter: str, limit: str, step: str, test: str, wanted: bool, add: str, leading: bool) -> None:
        self.counter = counter
        self.limit = limit
        self.step = step
        self.test = test
        self.wanted = wanted  # what the test must give to go on
        self.add = add
        self.leading = leading  # a turn begins with the step, else it ends with it
        self.unsure: list[str] = []  # what must be true if it is to be a range
        self.name = ""  # the variable of the iterable, where it may be a Counter

    def goes_on(self) -> str:
        """Return the instruction that, for Integers, is true as long as the loop goes on."""
        return self.test if self.wanted else OPPOSITE[self.test]

    def stepped(self, text: str) -> str:
        return f"{text} {SYMBOLS[self.add]} {self.step}"

    def range(self) -> str:
        """Return the range of the counter in the turns, if everything is an Integer."""
        start, stop = self.counter, self.limit
        if self.goes_on() in ("LE", "GE"):
            stop += " + 1" if self.add == "ADD" else " - 1"
        if self.leading:
            start, stop = self.stepped(start), self.stepped(stop)
        step = self.step if self.add == "ADD" else f"-{self.step}"
        return f"range({start}, {stop}{'' if step == '1' else ', ' + step})"


def count_loops(host: HostFunction, graph: Graph) -> None:
    """Turn the loops of a function that count into ("count", body, exhausted, Count); types are known by now."""
    for loop in natural_loops(graph.blocks):
        found = recognise(host, loop)
        if found is None:
            continue
        count, block, where = found
        header = loop.header
        scope, at, _, _ = header.code[2]
        body, done = ways(loop)
        del block.code[where]
        header.code[:] = [(scope, at, "COUNT_TEST", ())]
        if count.unsure or not count.leading:
            last = graph.block(header.scope, header.path, header.depth)
            last.code.append((scope, at, "COUNT_END", (count,)))
            last.term = ("jump", done)
            done = last
        header.term = ("count", body, done, count)


def ways(loop: Loop) -> tuple[Block, Block]:
    """Return the ways from the header into the loop and out of it."""
    _, first, second = loop.header.term
    return (first, second) if first in loop.blocks else (second, first)


def recognise(host: HostFunction, loop: Loop) -> tuple[Count, Block, slice] | None:
    """Return what a loop counts, the block that steps, and which of its instructions do; None if it does not count."""
    header = loop.header
    if header.term[0] != "branch" or len(header.code) != 4 or sum(len(block.code) for block in loop.blocks) > LONG:
        return None
    test, jump = header.code[2][2], header.code[3][2]
    body, done = ways(loop)
    if test not in OPPOSITE or jump not in ("JUMP_IF_FALSE", "JUMP_IF_TRUE") or done in loop.blocks or body is header:
        return None
    counter, limit = variable(header.code[0]), operand(header.code[1])
    if not counter or not limit:
        return None
    wanted = (body is header.term[1]) == (jump == "JUMP_IF_TRUE")
    for block, where, leading in steps(host, loop, body):
        add, step = stepping(block.code[where], counter)
        count = Count(counter, limit, step, test, wanted, add, leading)
        if not step or (add == "ADD") != (count.goes_on() in ("LT", "LE")):
            continue
        names = {name for name in (counter, limit, step) if not name.isdigit()}
        others = [stored_in(other) for other in loop.blocks if other is not block]
        around = stored_in(block, 4) if leading else stored_in(block, 0, -4)
        if counter in (limit, step) or names & around.union(*others):
            continue
        if not names <= host.owned or names & host.shared or is_float(host, limit):
            continue
        unknown = [name for name in names if host.types.get(name) != "int"]
        if unknown not in ([], [limit]):
            continue
        if not host.translation.plain(test) or not host.translation.plain(add):
            return None
        count.unsure = [f"{name}.__class__ is int" for name in unknown]
        if step in names:
            count.unsure.append(f"{step} > 0")
        return count, block, where
    return None


def is_float(host: HostFunction, name: str) -> bool:
    """Return whether a variable is a Float, or was when it was seen."""
    return host.types.get(name) == "float" or kind(host.translation.exemplars.get(name, UNSEEN)) == "float"


def steps(host: HostFunction, loop: Loop, body: Block) -> list[tuple[Block, slice, bool]]:
    """Return where the step can stand: (block, place, at the beginning of a turn?)."""
    header = loop.header
    found = []
    if body.path == header.path and [block for block in host.blocks if body in targets(block.term)] == [header]:
        found.append((body, slice(0, 4), True))
    latch = loop.latches[0]
    if len(loop.latches) == 1 and latch.path == header.path and latch.term[0] == "jump":
        found.append((latch, slice(-4, None), False))
    return found


def variable(instruction: Instruction) -> str:
    """Return the variable that an instruction reads, "" for other instructions."""
    scope, _, name, operands = instruction
    if name == "GET_UPVALUE" and scope.inlined is not None:
        return scope.upvalue(operands[0])
    return scope.var(operands[0]) if name == "LOAD_LOCAL" else ""


def operand(instruction: Instruction) -> str:
    """Return the text of a variable or of a literal natural number, "" for everything else."""
    scope, _, name, operands = instruction
    if name == "PUSH_CONST":
        kind, value = scope.function.constants[operands[0]]
        return str(value) if kind == ck.CONST_INT and value >= 0 else ""
    return variable(instruction)


def stepping(code: list[Instruction], counter: str) -> tuple[str, str]:
    """Return ("ADD" or "SUB", text of the step) of `counter += step`; the text is "" for everything else."""
    if len(code) != 4 or variable(code[0]) != counter or code[2][2] not in ("ADD", "SUB"):
        return "", ""
    scope, _, name, operands = code[3]
    if name == "STORE_LOCAL":
        target = scope.var(operands[0])
    else:
        target = scope.upvalue(operands[0]) if name == "SET_UPVALUE" and scope.inlined is not None else ""
    step = operand(code[1])
    return (code[2][2], step) if target == counter and step != "0" else ("", "")


def begin(host: HostFunction, low: Lowerer, term: tuple[Any, ...]) -> None:
    """Emit the head of the loop."""
    _, body, done, count = term
    for name in (count.test, count.add):
        host.translation.ask("bare", name)
    iterable = count.range()
    if count.unsure:
        count.name = f"c{host.translation.number()}"
        step = count.step if count.add == "ADD" else f"-{count.step}"
        operands = f"{count.counter}, {count.limit}, {step}, {count.test!r}, {count.wanted}, {count.leading}"
        other = f"counts({operands})"
        low.line(f"{count.name} = {iterable} if {' and '.join(count.unsure)} else {other}")
        iterable = count.name
    low.leave_stack()
    host.stored.add(count.counter)
    low.node.term = ("for", f"{count.counter} in {iterable}", host.node(body), host.node(done))


@handles("COUNT_TEST")
def test(low: Lowerer, operands: Any) -> None:
    """The test is part of the `for`."""


@handles("COUNT_END")
def end(low: Lowerer, operands: Any) -> None:
    """Give the counter the value that ended the loop."""
    (count,) = operands
    lines = []
    if count.unsure:
        lines.append(f"if {count.name}.__class__ is Counter: {count.counter} = {count.name}.value")
    if not count.leading:
        going = f"{count.counter} {SYMBOLS[count.goes_on()]} {count.limit}"
        lines.append(f"{'elif' if lines else 'if'} {going}: {count.counter} = {count.stepped(count.counter)}")
    low.lines(*lines)
