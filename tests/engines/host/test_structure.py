"""Random reducible graphs run both ways: node by node, and as the structured Python that is made of them."""

from __future__ import annotations

import random

import pytest
from metorex.toolchain.engines.host.graph import Declined
from metorex.toolchain.engines.host.structure import Node, structure


class Program:
    """Builds a graph from random nested constructs, with jumps out of loops; node n appends n to the trace."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.nodes: list[Node] = []
        self.tests = 0

    def node(self) -> Node:
        node = Node(len(self.nodes) + 1)
        self.nodes.append(node)
        if self.random.random() < 0.7:
            node.stmts.append((0, f"trace({node.id})"))
        return node

    def test(self) -> str:
        self.tests += 1
        return f"decide({self.tests})"

    def statement(self, entry: Node, budget: int, loops: list[tuple[Node, Node]], exits: list[Node]) -> Node:
        """Extend the graph behind `entry`; return where it goes on."""
        pick = self.random.random()
        after = self.node()
        if budget <= 0 or pick < 0.25:
            entry.term = ("goto", after)
        elif pick < 0.5:
            yes, no = self.node(), self.node()
            entry.term = ("if", self.test(), yes, no)
            self.body(yes, budget - 1, loops, exits).term = ("goto", after)
            end = self.body(no, budget - 1, loops, exits)
            end.term = ("goto", after)
        elif pick < 0.75:
            head, body = self.node(), self.node()
            entry.term = ("goto", head)
            head.term = ("if", self.test(), body, after)
            self.body(body, budget - 1, [*loops, (head, after)], exits).term = ("goto", head)
        elif pick < 0.85 and loops:
            head, leave = self.random.choice(loops)
            entry.term = ("if", self.test(), after, self.random.choice((head, leave)))
        elif exits:
            entry.term = ("if", self.test(), after, self.random.choice(exits))
        else:
            entry.term = ("goto", after)
        return after

    def body(self, entry: Node, budget: int, loops: list[tuple[Node, Node]], exits: list[Node]) -> Node:
        for _ in range(self.random.randint(1, 3)):
            entry = self.statement(entry, budget, loops, exits)
        return entry


class Stop(Exception):
    pass


class Run:
    """Decisions depend on how often they were asked, so both ways must ask in the same order."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.log: list[object] = []

    def decide(self, number: int) -> bool:
        self.trace(("?", number))
        return self.random.random() < 0.5

    def trace(self, what: object) -> None:
        self.log.append(what)
        if len(self.log) > 300:
            raise Stop


def interpret(entry: Node, run: Run) -> None:
    scope = {"trace": run.trace, "decide": run.decide}
    node = entry
    while True:
        for _, text in node.stmts:
            if text.startswith("return"):
                run.log.append(text)
                return
            eval(text, scope)
        term = node.term
        if term[0] == "end":
            return
        node = term[1] if term[0] == "goto" else term[2] if eval(term[1], scope) else term[3]


def clean(text: str) -> str:
    return "".join(part.split("\0", 1)[-1] for part in text.split("\n"))


@pytest.mark.parametrize("seed", range(400))
def test_structured_code_does_what_the_graph_says(seed: int) -> None:
    program = Program(seed)
    entry = program.node()
    exits = []
    for number in range(2):
        leave = program.node()
        leave.stmts.append((0, f"return {number}"))
        exits.append(leave)
    last = program.body(entry, 3, [], exits)
    last.stmts.append((0, "return 99"))
    logs = []
    for run_seed in range(3):
        run = Run(run_seed)
        try:
            interpret(entry, run)
        except Stop:
            pass
        logs.append(run.log)
    lines = structure(entry)
    text = "def f():\n" + "\n".join("    " * (depth + 1) + clean(line) for depth, _, line in lines)
    for run_seed, expected in enumerate(logs):
        run = Run(run_seed)
        scope = {"trace": run.trace, "decide": run.decide}
        try:
            exec(text, scope)
        except SyntaxError as failure:
            if "nested" in str(failure):
                pytest.skip("more nested blocks than the host has")
            raise
        try:
            value = scope["f"]()
            run.log.append(f"return {value}")
        except Stop:
            pass
        assert run.log == expected, text


def test_two_entries_of_a_loop_are_declined() -> None:
    a, b, c = Node(1), Node(2), Node(3)
    for node in (b, c):
        node.stmts.append((0, "x()"))
    a.term = ("if", "t()", b, c)
    b.term = ("if", "t()", c, Node(4))
    c.term = ("goto", b)
    with pytest.raises(Declined):
        structure(a)
