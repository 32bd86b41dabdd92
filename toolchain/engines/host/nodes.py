"""Nodes: lowered blocks on their way to structured Python, and the simplification of their graph.

A terminator is one of

    ("goto", node)   ("if", test, node, node)   ("end",)
    ("leap", node)                      out of an ensure body, whatever led there
    ("for", head text, body, exhausted)
    ("try", body, handler, kind, prologue)

`kind` is "rescue", "ensure", or "stop" for the region of an inlined `loop`; `prologue` is what the handler begins with.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Line = tuple[int, int, str]
    Lines = list[Line]


class Node:
    """A lowered block. `stmts` are pairs (pc, text); text may be a list of Lines (a nested `def`)."""

    __slots__ = ("id", "stmts", "term", "path", "pc", "order", "idom", "depth", "preds", "terminal", "children")

    def __init__(self, number: int, path: tuple[Any, ...] = ()) -> None:
        self.id = number
        self.path = path
        self.stmts: list[tuple[int, Any]] = []
        self.term: tuple[Any, ...] = ("end",)
        self.pc = 0  # of the terminator
        self.order = -1  # in reverse postorder
        self.idom: Node | None = None
        self.depth = 0  # in the dominator tree
        self.preds: list[Node] = []
        self.terminal = False  # short and leaving: copied to where it is jumped to
        self.children: list[Node] = []

    def __repr__(self) -> str:
        return f"<Node {self.id}>"


def successors(node: Node) -> list[Node]:
    term = node.term
    kind = term[0]
    if kind in ("goto", "leap"):
        return [term[1]]
    if kind == "end":
        return []
    return [term[2], term[3]] if kind in ("if", "for") else [term[1], term[2]]


def reachable(entry: Node) -> list[Node]:
    """Return the nodes that `entry` reaches, itself first."""
    seen = {entry}
    found = [entry]
    for node in found:
        for successor in successors(node):
            if successor not in seen:
                seen.add(successor)
                found.append(successor)
    return found


def ends_ensure(node: Node) -> bool:
    """Return whether a node is the end of an ensure body: what is behind it comes only if nothing else led there."""
    return bool(
        node.term[0] == "goto" and node.path and node.path[-1].kind == "ensure"
        and node.path[-1] not in node.term[1].path
    )  # fmt: skip


def thread(node: Node, fixed: set[Node]) -> Node:
    """Follow empty nodes to where they lead; those in `fixed` and the ends of ensure bodies stay."""
    seen = set(fixed)
    while not node.stmts and node.term[0] == "goto" and node not in seen and not ends_ensure(node):
        seen.add(node)
        node = node.term[1]
    return node


def simplify(entry: Node) -> Node:
    """Thread empty nodes, merge straight lines, fold short-circuit conditions. Returns the entry."""
    fixed: set[Node] = set()  # where ensure bodies begin
    for node in reachable(entry):
        if node.term[0] == "try" and node.term[3] == "ensure":
            fixed.add(node.term[2])
    entry = thread(entry, fixed)
    changed = True
    while changed:
        changed = False
        nodes = reachable(entry)
        preds: dict[Node, int] = {entry: 1}
        for node in nodes:
            term = node.term
            kind = term[0]
            if kind in ("goto", "leap"):
                node.term = (kind, thread(term[1], fixed))
            elif kind == "if":
                yes, no = thread(term[2], fixed), thread(term[3], fixed)
                node.term = ("if", term[1], yes, no) if yes is not no else ("drop", term[1], yes)
                if yes is no:
                    if term[1].isidentifier():
                        node.term = ("goto", yes)
                    else:
                        node.stmts.append((node.pc, term[1]))
                        node.term = ("goto", yes)
            elif kind == "for":
                node.term = ("for", term[1], term[2], thread(term[3], fixed))
            for successor in successors(node):
                preds[successor] = preds.get(successor, 0) + 1
        for node in nodes:
            while node.term[0] == "goto":
                target = node.term[1]
                if preds.get(target) != 1 or target is node or target.path != node.path or target.term[0] == "for":
                    break
                if target is entry:
                    break
                node.stmts.extend(target.stmts)
                node.term = target.term
                node.pc = target.pc
                target.stmts, target.term = [], ("end",)
                preds[target] = 0
                changed = True
            if node.term[0] == "if" and preds.get(node, 0) and fold(node, preds):
                changed = True
    repeat_ends(entry)
    return entry


def repeat_ends(entry: Node) -> None:
    """Give each way to a short end of a `for` body (a value is collected there) an end of its own: no jumps to it."""
    nodes = reachable(entry)
    preds: dict[Node, list[Node]] = {}
    for node in nodes:
        for successor in successors(node):
            preds.setdefault(successor, []).append(node)
    number = max(node.id for node in nodes)
    for node in nodes:
        ways = preds.get(node, [])
        short = len(node.stmts) == 1 and isinstance(node.stmts[0][1], str) and len(node.stmts[0][1]) < 100
        if not short or node.term[0] != "goto" or node.term[1].term[0] != "for" or not 2 <= len(ways) <= 4:
            continue
        if any(way.path != node.path or way.term[0] not in ("goto", "if") for way in ways):
            continue
        for way in ways[1:]:
            number += 1
            own = Node(number, node.path)
            own.stmts, own.term, own.pc = list(node.stmts), node.term, node.pc
            way.term = tuple(own if part is node else part for part in way.term)


def fold(node: Node, preds: dict[Node, int]) -> bool:
    """Join the condition of a branch with that of a statement-less node that one of its ways leads to."""
    _, test, yes, no = node.term
    for inner, way in ((no, False), (yes, True)):
        if inner.stmts or inner.term[0] != "if" or preds.get(inner) != 1 or inner.path != node.path or inner is node:
            continue
        _, test2, yes2, no2 = inner.term
        if len(test) + len(test2) > 4000:
            continue
        second = f"(\n{inner.pc}\0{test2})"
        if not way:
            if yes2 is yes:
                node.term = ("if", f"({test} or {second})", yes, no2)
            elif no2 is yes:
                node.term = ("if", f"({test} or not {second})", yes, yes2)
            else:
                continue
        elif no2 is no:
            node.term = ("if", f"({test} and {second})", yes2, no)
        elif yes2 is no:
            node.term = ("if", f"({test} and not {second})", no2, no)
        else:
            continue
        inner.term = ("end",)
        preds[inner] = 0
        return True
    return False
