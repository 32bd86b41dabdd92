"""The verifier is no denial of service: its work is bounded by the size of the module, whatever the module says."""

from __future__ import annotations

import random
import time

from builder import module
from metorex.format.chunk import Module
from metorex.verifier.loops import second_entry
from metorex.verifier.verify import verify


def _seconds(subject: Module) -> float:
    begun = time.perf_counter()
    verify(subject)
    return time.perf_counter() - begun


def test_paths_that_disagree_about_parameters() -> None:
    # Each round through the loop clears other parameters, so that masks grow one bit a round.
    count = 400
    lines = [f"script\n  PUSH_NIL\n  RETURN\nmethod m optional={count}", "L0: SET_LINE 1"]
    turn = "  PUSH_NIL\n  STORE_LOCAL {n}\n  PUSH_NIL\n  JUMP_IF_NIL M{n}\n  JUMP L0\nM{n}: SET_LINE 1"
    lines += [turn.format(n=n) for n in range(count)]
    lines.append("  PUSH_NIL\n  RETURN")
    assert verify(module("\n".join(lines))) == []
    lines = [f"script\n  PUSH_NIL\n  RETURN\nmethod m optional={count}"]
    lines += [f"J{n}: JUMP_IF_GIVEN {n} K{n}\nK{n}: PUSH_NIL\n  JUMP_IF_NIL J{max(n - 1, 0)}" for n in range(count)]
    lines.append("  PUSH_NIL\n  RETURN")
    assert {finding.rule for finding in verify(module("\n".join(lines)))} <= {"budget"}


def test_many_parameters_make_steps_dear() -> None:
    count = 120_000
    lines = ["script\n  PUSH_NIL\n  RETURN", f"method m optional={count}"]
    lines += ["  PUSH_NIL\n  POP"] * 2000
    lines.append("  PUSH_NIL\n  RETURN")
    assert [finding.rule for finding in verify(module("\n".join(lines)))] == ["budget"]


def test_deep_stacks_of_kinds() -> None:
    # 2^18 values by doubling, of other kinds on two paths.
    doubling = "".join(f"  DUP_N {1 << bit}\n" for bit in range(18))
    broken = module(
        f"script\n  PUSH_NIL\n  JUMP_IF_NIL L1\n  BUILD_ARRAY 0\n{doubling}  JUMP L2\nL1: PUSH_NIL\n{doubling}"
        "L2: PUSH_NIL\n  ARRAY_PUSH\n  RETURN"
    )
    assert [finding.rule for finding in verify(broken)] == ["budget"]


def test_large_functions_take_linear_time() -> None:
    text = "  LOAD_SELF\n  JUMP_IF_NIL L{n}\nL{n}: BUILD_ARRAY 0\n  LOAD_SELF\n  ARRAY_PUSH\n  POP\n"
    small = module("script\n" + "".join(text.format(n=n) for n in range(500)) + "  PUSH_NIL\n  RETURN")
    large = module("script\n" + "".join(text.format(n=n) for n in range(5000)) + "  PUSH_NIL\n  RETURN")
    assert verify(large) == []
    # Linear would be 10; timing on a busy machine is rough, quadratic would be 100.
    assert min(_seconds(large) for _ in range(3)) < 50 * min(_seconds(small) for _ in range(3))


def _reducible(successors: list[list[int]]) -> bool:
    """Decide reducibility the slow way: every edge that closes a cycle of a depth-first walk goes to a dominator."""
    count = len(successors)
    reachable = _reach(successors, 0, set())
    for node in reachable:
        for successor in successors[node]:
            without = _reach(successors, 0, {successor}) if successor else set()
            # T1/T2: an edge to a dominator may be dropped; what remains must have no cycle.
            if node not in without:
                continue
            if node in _reach(_without_back(successors, reachable), successor, set()):
                return False
    return count > 0


def _without_back(successors: list[list[int]], reachable: set[int]) -> list[list[int]]:
    return [
        [s for s in row if node in reachable and (node in _reach(successors, 0, {s}) if s else False)]
        for node, row in enumerate(successors)
    ]


def _reach(successors: list[list[int]], start: int, avoid: set[int]) -> set[int]:
    seen = {start} - avoid
    work = list(seen)
    while work:
        for successor in successors[work.pop()]:
            if successor not in seen and successor not in avoid:
                seen.add(successor)
                work.append(successor)
    return seen


def test_reducibility_against_the_definition() -> None:
    source = random.Random(7)
    seen = set()
    for _ in range(400):
        count = source.randint(1, 7)
        graph = [[source.randrange(count) for _ in range(source.randint(0, 2))] for _ in range(count)]
        expected = _reducible(graph)
        seen.add(expected)
        assert (second_entry(graph) is None) == expected, graph
    assert seen == {True, False}


def test_loops_in_loops() -> None:
    depth = 12
    # Node n goes on to the next; the way back passes all heads.
    graph = [[n + 1] for n in range(depth)] + [[depth - 1, depth + 1]]
    graph += [[depth - 2 - n, depth + 2 + n] for n in range(depth - 1)] + [[]]
    assert second_entry(graph) is None
    assert second_entry([[1], [2], [3], [4], [5, 3, 2, 1], [0]]) is None
    graph[0].append(depth + 3)
    assert second_entry(graph) is not None
