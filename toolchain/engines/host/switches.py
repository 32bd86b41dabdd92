"""Long `case` statements over literals: a table tells the arm, and a tree of comparisons leads there.

A chain of tests `literal === subject`, all of them Integers, Symbols or Strings, becomes

    n = TABLE[subject] if subject in TABLE else 17
    if n < 8: ... each arm after about log2(arms) comparisons

for subjects of the class of the literals, for which `===` is equality. For all others `arm_of` (items.py) asks one
literal after the other, as the chain did.
"""

from __future__ import annotations

from ....format import chunk as ck
from .graph import targets
from .lower import PURE, Expr, Lowerer, handles
from .variables import variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .function import HostFunction
    from .graph import Block, Graph
    from .scope import Scope

# How many tests are worth it, by the class of the literals: asking the table takes as long as some of them.
FEWEST = {"int": 16, "Symbol": 40, "String": 16}
KINDS = {ck.CONST_INT: "int", ck.CONST_SYMBOL: "Symbol", ck.CONST_FROZEN: "String"}


class Switch:
    """A chain: its scope and subject, "int", "Symbol" or "String", (constant, number of the arm) in order, where the
    arms are and, behind them, what comes if none is chosen."""

    __slots__ = ("scope", "slot", "kind", "rows", "ways", "name")

    def __init__(self, scope: Scope, slot: int, kind: str) -> None:
        self.scope = scope
        self.slot = slot
        self.kind = kind
        self.rows: list[tuple[int, int]] = []
        self.ways: list[Block] = []
        self.name = ""  # the variable with the number of the arm

    def add(self, constant: int, way: Block) -> None:
        if not self.ways or self.ways[-1] is not way:
            self.ways.append(way)
        self.rows.append((constant, len(self.ways) - 1))


def find_switches(host: HostFunction, graph: Graph) -> None:
    """Replace the long chains of a graph."""
    if not host.translation.plain("CASE_EQ"):
        return
    preds: dict[Block, int] = {}
    for block in graph.blocks:
        for target in targets(block.term):
            preds[target] = preds.get(target, 0) + 1
    gone: set[Block] = set()
    for block in list(graph.blocks):
        test = literal_test(block)
        if block not in gone and test is not None:
            chain = chain_from(block, preds)
            if len(chain) >= FEWEST[test[0]]:
                replace(host, graph, chain)
                gone.update(chain[1:])
    graph.blocks[:] = [block for block in graph.blocks if block not in gone]


def literal_test(block: Block) -> tuple[str, int, int] | None:
    """Return (kind, slot of the subject, constant) of the test that a block ends with, None if it is no such test."""
    code = block.code[-4:]
    if block.term[0] != "branch" or len(code) < 4:
        return None
    (scope, _, push, constant), (_, _, load, subject), (_, _, test, _), (last, _, jump, _) = code
    if (push, load, test) != ("PUSH_CONST", "LOAD_LOCAL", "CASE_EQ") or last is not scope:
        return None
    kind = KINDS.get(scope.function.constants[constant[0]][0])
    if kind is None or jump not in ("JUMP_IF_FALSE", "JUMP_IF_TRUE") or subject[0] in scope.captured:
        return None
    return kind, subject[0], constant[0]


def ways(block: Block) -> tuple[Block, Block]:
    """Return where a test leads if it holds, and if not."""
    _, taken, other = block.term
    return (taken, other) if block.code[-1][2] == "JUMP_IF_TRUE" else (other, taken)


def chain_from(block: Block, preds: dict[Block, int]) -> list[Block]:
    """Return the tests that follow each other, from that of a block on."""
    chain = [block]
    first = literal_test(block)
    while True:
        following = ways(chain[-1])[1]
        test = literal_test(following)
        if test is None or first is None or test[:2] != first[:2] or len(following.code) != 4:
            return chain
        if preds.get(following) != 1 or following.path != block.path or following.scope is not block.scope:
            return chain
        chain.append(following)


def replace(host: HostFunction, graph: Graph, chain: list[Block]) -> None:
    """Let the first block of a chain end with the tree instead of its test."""
    head = chain[0]
    test = literal_test(head)
    assert test is not None
    scope, at, _, _ = head.code[-4]
    switch = Switch(scope, test[1], test[0])
    for block in chain:
        found = literal_test(block)
        assert found is not None
        switch.add(found[2], ways(block)[0])
    switch.ways.append(ways(chain[-1])[1])
    switch.name = f"n{host.translation.number()}"
    depth = chain[1].depth
    head.code[-4:] = [(scope, at, "SWITCH", (switch,))]

    def tree(block: Block, low: int, high: int) -> None:
        """Let a block lead to the ways from `low` up to but not including `high`."""
        if high - low == 1:
            block.term = ("jump", switch.ways[low])
            return
        middle = (low + high) // 2
        block.code.append((scope, at, "SWITCH_TEST", (switch, middle)))
        sides = []
        for first, last in ((low, middle), (middle, high)):
            side = switch.ways[first]
            if last - first > 1:
                side = graph.block(scope, head.path, depth)
                tree(side, first, last)
            sides.append(side)
        block.term = ("branch", *sides)

    tree(head, 0, len(switch.ways))


@handles("SWITCH")
def switch_(low: Lowerer, operands: Any) -> None:
    """Find the number of the arm."""
    from .arithmetic import is_a
    from .texts import is_text

    switch: Switch = operands[0]
    translation = low.host.translation
    table = translation.name(table_name(switch))
    subject = switch.scope.fixed.get(switch.slot) or variable(low, switch.scope.var(switch.slot))
    x = subject.text
    none = len(switch.ways) - 1
    key = f"{x}.s" if switch.kind == "String" else x
    found = f"{table}[{key}] if {key} in {table} else {none}"
    known = {"int": "int", "Symbol": "sym"}.get(switch.kind) == subject.type
    if known:
        translation.ask("bare", "CASE_EQ")
        low.line(f"{switch.name} = {found}")
        return
    test = is_text(low, x, "CASE_EQ") if switch.kind == "String" else is_a(low, Expr(x, PURE), switch.kind, "CASE_EQ")
    low.line(f"{switch.name} = ({found}) if {test} else arm_of({table}, {x}, {none})")


@handles("SWITCH_TEST")
def switch_test(low: Lowerer, operands: Any) -> None:
    switch, middle = operands
    low.tested = f"{switch.name} < {middle}"


def table_name(switch: Switch) -> str:
    """Return the name of the global with the table, which says what is in it (links.py)."""
    rows = ",".join(f"{constant}={number}" for constant, number in switch.rows)
    return f"J:{switch.scope.function.index}:{rows}"
