"""The operators of the instructions: fast paths agree with the methods, and the table with the instruction set."""

from __future__ import annotations

import itertools
import math
from typing import Any

import metorex.toolchain.runtime.builtin  # noqa: F401 - connects the host classes
import pytest
from metorex.format.stack_ops import STACK_OPS
from metorex.toolchain.runtime import operators
from metorex.toolchain.runtime.dispatch import send
from metorex.toolchain.runtime.errors import Raised
from metorex.toolchain.runtime.values import FALSE, TRUE, Array, String, sym

NUMBERS = [0, 1, -7, 3, 2**70, -(10**400), 0.0, -0.0, 2.5, -7.5, math.inf, -math.inf]


def values() -> list[Any]:
    """Return fresh values: some operators change their receiver."""
    return [*NUMBERS, String("a"), String("é"), Array([1, 2]), sym("a"), None, TRUE, FALSE]


def outcome(function: Any, *args: Any) -> str:
    """Return what a call answers or raises, as comparable text."""
    try:
        result = function(*args)
    except Raised as failure:
        return f"{failure.value.mclass.name}: {failure.value.message.s}"
    return f"{type(result).__name__} {result!r}"


def test_every_row_is_an_instruction() -> None:
    for instruction, *_ in operators.ROWS:
        assert instruction in STACK_OPS.by_name


@pytest.mark.parametrize("row", [row for row in operators.ROWS if row[3] == 2], ids=lambda row: row[0])
def test_fast_paths_agree_with_the_methods(row: tuple[Any, ...]) -> None:
    for left, right in itertools.product(range(len(values())), repeat=2):
        if row[1] in ("**", "<<") and right < len(NUMBERS) and abs(NUMBERS[right]) > 100:
            continue
        fast = outcome(row[2], values()[left], values()[right])
        slow = outcome(lambda a, b: send(a, ":" + row[1], None, b), values()[left], values()[right])
        assert fast == slow, (values()[left], row[1], values()[right])


@pytest.mark.parametrize("row", [row for row in operators.ROWS if row[3] == 1], ids=lambda row: row[0])
def test_fast_paths_of_one_operand(row: tuple[Any, ...]) -> None:
    for index in range(len(values())):
        fast = outcome(row[2], values()[index])
        slow = outcome(lambda a: send(a, ":" + row[1], None), values()[index])
        assert fast == slow, (values()[index], row[1])
