"""The parts below the collection classes: block shapes, ordering, sums, positions, progressions, coroutines."""

from __future__ import annotations

import gc
import threading
from typing import Any

import metorex.toolchain.runtime.builtin  # noqa: F401 - connects the host classes
import pytest
from metorex.toolchain.runtime import coroutine, ordering, stepping, sums
from metorex.toolchain.runtime.blocks import pack, params_count, renamed, spreads, takes_two
from metorex.toolchain.runtime.errors import Raised
from metorex.toolchain.runtime.indexing import range_bounds, range_part, range_place
from metorex.toolchain.runtime.values import Array, Range, String


def message(failure: pytest.ExceptionInfo[Raised]) -> str:
    return str(failure.value.value.message.s)


# --- blocks ---------------------------------------------------------------------------------------------------------


def test_functions_tell_how_many_values_they_take_apart() -> None:
    def block(a: Any = None, b: Any = None, *rest: Any) -> None: ...

    def strict(a: Any, b: Any) -> None: ...

    def single(a: Any = None, *rest: Any) -> None: ...

    def marked(*args: Any) -> None: ...

    marked.params_count = 2  # type: ignore[attr-defined]
    assert [params_count(f) for f in (block, strict, single, marked)] == [2, -2, 1, 2]
    assert [takes_two(f) for f in (block, strict, single, marked)] == [True, False, False, True]
    assert [spreads(f) for f in (block, strict, single, marked)] == [True, True, False, True]


def test_packing() -> None:
    assert pack(()) is None
    assert pack((3,)) == 3
    assert pack((3, 4)).a == [3, 4]


def test_renamed_functions_differ_in_the_name_only() -> None:
    def f(a: int, b: int = 2, *, c: int = 3) -> tuple[str, int]:
        return "old", a + b + c

    g = renamed(f, "old", "new")
    assert (f(1), g(1), g(1, 1, c=1)) == (("old", 6), ("new", 6), ("new", 3))


# --- order and sums -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        [3, 1, 2],
        [2.5, 1, 2],
        [String("b"), String("a")],
        [Array([1, String("b")]), Array([1, String("a")])],
        [Array([1]), Array([1, 2]), Array([])],
        [],
    ],
)
def test_sorting(values: list[Any]) -> None:
    before = list(values)
    ordering.sort_values(values)
    assert sorted(map(id, values)) == sorted(map(id, before))
    for left, right in zip(values, values[1:]):
        assert ordering.compare(left, right) <= 0


def test_sorting_is_stable_and_asks_in_order() -> None:
    asked: list[tuple[int, int]] = []

    def blk(a: int, b: int) -> int:
        asked.append((a, b))
        return 0

    values = [1, 2, 3]
    ordering.sort_values(values, blk)
    assert values == [1, 2, 3]
    assert asked == [(1, 2), (2, 3)]


def test_what_cannot_be_compared() -> None:
    with pytest.raises(Raised) as failure:
        ordering.sort_values([1, String("a")])
    assert message(failure) == "comparison of Integer with String failed"


def test_sums() -> None:
    assert sums.sum_values([1, 2, 3], 0, False) == 6
    assert sums.sum_values([0.1, 0.2, 0.3], 0, False) == 0.6
    assert sums.sum_values([0.1, 0.2, 0.3], 0.0, False) == 0.1 + 0.2 + 0.3
    assert sums.sum_values([0.1, 0.2, 0.3], 0.0, True) == 0.6
    assert sums.sum_values([1e100, 1.0, -1e100], 0, False) == 1.0


# --- positions and progressions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "part"),
    [
        ((1, 2, False), (1, 2)),
        ((1, 2, True), (1, 1)),
        ((1, None, False), (1, 4)),
        ((None, -2, False), (0, 4)),
        ((-2, -1, False), (3, 2)),
        ((3, 1, False), (3, 0)),
        ((5, 9, False), (5, 0)),
        ((6, 9, False), None),
        ((-6, 9, False), None),
    ],
)
def test_parts_of_five(span: tuple[Any, Any, bool], part: tuple[int, int] | None) -> None:
    assert range_part(Range(*span), 5) == part


def test_places_may_lie_behind_the_end() -> None:
    assert range_place(Range(7, 9, False), 5) == (7, 3)
    assert range_bounds(Range(-9, 1, False), 5) == (-4, 2)
    with pytest.raises(Raised) as failure:
        range_place(Range(-9, 1, False), 5)
    assert message(failure) == "-9..1 out of range"


def test_progressions() -> None:
    assert list(stepping.steps(1, 10, 3, False)) == [1, 4, 7, 10]
    assert list(stepping.steps(10, 1, -3, True)) == [10, 7, 4]
    assert list(stepping.steps(1.0, 2.0, 0.1, False))[-1] == 2.0
    assert [stepping.step_count(1, 10, 3, flag) for flag in (False, True)] == [4, 3]
    assert stepping.step_count(1, None, 3, False) == float("inf")
    assert stepping.step_count(1.0, 2.0, 0.1, True) == 10


# --- coroutines -----------------------------------------------------------------------------------------------------

KINDS = [coroutine.ThreadCoroutine] + ([] if coroutine.greenlet is None else [coroutine.GreenletCoroutine])


@pytest.mark.parametrize("kind", KINDS)
def test_values_go_in_and_out(kind: Any) -> None:
    got: list[Any] = []

    def body(inside: Any) -> str:
        got.append(inside.suspend(1))
        got.append(inside.suspend(2))
        return "end"

    outside = kind(body)
    assert [outside.resume(), outside.resume("a"), outside.finished, outside.resume("b")] == [1, 2, False, "end"]
    assert outside.finished
    assert got == ["a", "b"]


@pytest.mark.parametrize("kind", KINDS)
def test_exceptions_reach_the_resumer(kind: Any) -> None:
    def body(inside: Any) -> None:
        inside.suspend(1)
        raise KeyError("out")

    outside = kind(body)
    assert outside.resume() == 1
    with pytest.raises(KeyError):
        outside.resume()
    assert outside.finished


@pytest.mark.parametrize("kind", KINDS)
def test_coroutines_nest(kind: Any) -> None:
    def inner(inside: Any) -> None:
        inside.suspend("inner")

    def outer(inside: Any) -> None:
        inside.suspend(kind(inner).resume())
        inside.suspend("outer")

    outside = kind(outer)
    assert [outside.resume(), outside.resume()] == ["inner", "outer"]


def test_abandoned_threads_end() -> None:
    ended = threading.Event()

    def body(inside: Any) -> None:
        try:
            inside.suspend(1)
        finally:
            ended.set()

    outside = coroutine.ThreadCoroutine(body)
    assert outside.resume() == 1
    del outside
    gc.collect()
    assert ended.wait(5)
