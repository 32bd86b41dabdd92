"""The rule that control flow is reducible: each loop has one head, through which alone it is entered.

Translation to structured code and to SSA form rely on it. Source: R. E. Tarjan, "Testing flow graph reducibility"
(1974), as simplified by P. Havlak: loop bodies are gathered from the innermost head outwards, and merged into their
head by union-find; a body that reaches a block which its head does not precede in the spanning tree has two entries.
"""

from __future__ import annotations

from ..format.cfg import basic_blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .subject import Subject


def check_loops(subject: Subject) -> None:
    """Check that the control-flow graph is reducible."""
    # Without a jump back there is no loop.
    if all(target > index for index, target in subject.targets):
        return
    blocks = basic_blocks(subject.instructions)
    bad = second_entry([[successor for successor, _ in block.edges] for block in blocks])
    if bad is not None:
        subject.report("irreducible", blocks[bad].first, "a loop that goes on here is entered at two places")


def second_entry(successors: list[list[int]]) -> int | None:
    """Return a node by which a loop is entered besides its head, None for a reducible graph. Node 0 is the entry."""
    number, last = _spanning_tree(successors)
    order = sorted((node for node in range(len(successors)) if number[node] >= 0), key=lambda node: number[node])
    predecessors: list[list[int]] = [[] for _ in successors]
    back: dict[int, list[int]] = {}
    for node in order:
        for successor in successors[node]:
            if number[successor] <= number[node] <= last[successor]:  # the successor is an ancestor
                back.setdefault(successor, []).append(node)
            else:
                predecessors[successor].append(node)
    head_of = list(range(len(successors)))

    def find(node: int) -> int:
        root = node
        while head_of[root] != root:
            root = head_of[root]
        while head_of[node] != root:
            head_of[node], node = root, head_of[node]
        return root

    for head in reversed(order):
        if head not in back:
            continue
        body = {find(node) for node in back[head]} - {head}
        work = list(body)
        while work:
            member = work.pop()
            for predecessor in predecessors[member]:
                node = find(predecessor)
                if not number[head] <= number[node] <= last[head]:
                    return member
                if node != head and node not in body:
                    body.add(node)
                    work.append(node)
        for node in body:
            head_of[node] = head
    return None


def _spanning_tree(successors: list[list[int]]) -> tuple[list[int], list[int]]:
    """Number nodes in depth-first order; returns (number, largest number below) by node, -1 if unreachable."""
    number = [-1] * len(successors)
    last = [-1] * len(successors)
    number[0] = count = 0
    stack = [(0, iter(successors[0]))]
    while stack:
        node, rest = stack[-1]
        for successor in rest:
            if number[successor] < 0:
                count += 1
                number[successor] = count
                stack.append((successor, iter(successors[successor])))
                break
        else:
            last[node] = count
            stack.pop()
    return number, last
