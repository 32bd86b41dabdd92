"""Reverse postorder, dominators and natural loops of a graph of nodes."""

from __future__ import annotations

from .nodes import Node, reachable, successors
from .results import Declined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Analysis:
    """Reverse postorder, dominators and natural loops of a graph. Raises Declined if it is irreducible."""

    def __init__(self, entry: Node) -> None:
        nodes = reachable(entry)
        extra: dict[Node, list[Node]] = {}
        for node in nodes:
            if node.term[0] == "try":
                # Everything protected may go to the handler.
                body = node.term[1]
                part = body.path[len(node.path)]
                for inner in nodes:
                    if part in inner.path:
                        extra.setdefault(inner, []).append(node.term[2])
        self.edges = {node: successors(node) + extra.get(node, []) for node in nodes}
        self.order = self._postorder(entry)
        for index, node in enumerate(self.order):
            node.order = index
            node.preds = []
            node.children = []
        self._dominators(entry)
        self.loops: dict[Node, set[Node]] = {}
        self._loops()
        for node in self.order:
            for successor in successors(node):
                if not self.is_back(node, successor):
                    successor.preds.append(node)
        for node in self.order:
            node.terminal = (
                node.term[0] == "end"
                and len(node.stmts) <= 2
                and all(isinstance(text, str) for _, text in node.stmts)
                and len(node.preds) > 0
                and all(pred.path == node.path for pred in node.preds)
            )

    def closed(self, node: Node) -> bool:
        """Return whether control that reaches `node` never meets code that it does not dominate: it leaves."""
        seen = {node}
        work = [node]
        while work:
            for successor in self.edges[work.pop()]:
                if not self.dominates(node, successor):
                    return False
                if successor not in seen:
                    seen.add(successor)
                    work.append(successor)
                    if len(seen) > 60:
                        return False
        return True

    def _postorder(self, entry: Node) -> list[Node]:
        seen = {entry}
        stack = [(entry, iter(self.edges[entry]))]
        order: list[Node] = []
        while stack:
            node, rest = stack[-1]
            for successor in rest:
                if successor not in seen:
                    seen.add(successor)
                    stack.append((successor, iter(self.edges[successor])))
                    break
            else:
                order.append(node)
                stack.pop()
        order.reverse()
        return order

    def _dominators(self, entry: Node) -> None:
        """Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm."""
        preds: dict[Node, list[Node]] = {node: [] for node in self.order}
        for node in self.order:
            for successor in self.edges[node]:
                preds[successor].append(node)
            node.idom = None
        entry.idom = entry
        changed = True
        while changed:
            changed = False
            for node in self.order[1:]:
                new: Node | None = None
                for pred in preds[node]:
                    if pred.idom is not None:
                        new = pred if new is None else self._meet(pred, new)
                if node.idom is not new:
                    node.idom = new
                    changed = True
        for node in self.order[1:]:
            node.depth = node.idom.depth + 1  # type: ignore[union-attr]
        entry.idom = None

    @staticmethod
    def _meet(a: Node, b: Node) -> Node:
        while a is not b:
            while a.order > b.order:
                a = a.idom  # type: ignore[assignment]
            while b.order > a.order:
                b = b.idom  # type: ignore[assignment]
        return a

    def is_back(self, node: Node, successor: Node) -> bool:
        return successor.order <= node.order

    @staticmethod
    def dominates(a: Node, b: Node | None) -> bool:
        while b is not None and b.depth > a.depth:
            b = b.idom
        return a is b

    def _loops(self) -> None:
        preds: dict[Node, list[Node]] = {node: [] for node in self.order}
        for node in self.order:
            for successor in self.edges[node]:
                preds[successor].append(node)
        for node in self.order:
            for successor in self.edges[node]:
                if successor.order > node.order:
                    continue
                if not self.dominates(successor, node):
                    raise Declined("irreducible")
                body = self.loops.setdefault(successor, {successor})
                work = [node]
                while work:
                    inner = work.pop()
                    if inner not in body:
                        body.add(inner)
                        work.extend(preds[inner])
        self._keep_regions()
        for node in self.order:
            if node.term[0] == "for":
                self.loops.setdefault(node, {node})  # its body always leaves

    def _keep_regions(self) -> None:
        """Count to a loop what stands in protected regions inside of it, even if it leaves the loop.

        Else it would be placed behind the loop, where its exceptions are not rescued, and `$!` is another one.
        """
        inside: dict[Any, list[Node]] = {}
        for node in self.order:
            for part in node.path:
                inside.setdefault(part, []).append(node)
        if not inside:
            return
        for body in self.loops.values():
            for node in list(body):
                if node.term[0] == "try":
                    for first in node.term[1:3]:
                        body.update(inside[first.path[len(node.path)]])
