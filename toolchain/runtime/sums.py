"""Sums as Ruby makes them: exact for Integers, compensated for Floats, `+` for everything else."""

from __future__ import annotations

from .dispatch import send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .values import Value


def integer_sum(values: list[Any], initial: Any = 0) -> int | None:
    """Return `initial` plus all values if all are Integers, else None."""
    if initial.__class__ is not int or (values and values[0].__class__ is not int):
        return None
    # Python's `sum` would run the program's own methods for other values, which must not happen twice.
    if list(map(type, values)).count(int) != len(values):
        return None
    return sum(values, initial)


def float_sum(total: float, values: list[Any], start: int) -> tuple[float, int]:
    """Add the Integers and Floats from `start` on to `total`; return the sum and the index of what is neither.

    Source: Kahan-Babuska summation, as Array#sum uses it; infinities and NaN are taken out first.
    """
    lost = 0.0
    sum_ = total
    for value in values[start:] if start else values:
        if value.__class__ is not float:
            break
        new = sum_ + value
        lost += (sum_ - new) + value if abs(sum_) >= abs(value) else (value - new) + sum_
        sum_ = new
    else:
        if sum_ - sum_ == 0.0 and lost - lost == 0.0:  # neither infinite nor NaN
            return sum_ + lost, len(values)
    lost = 0.0
    for index in range(start, len(values)):
        value = values[index]
        if value.__class__ is not float:
            if value.__class__ is not int:
                return total, index
            value = float(value)
        if total != total:
            continue
        if value != value or value in (float("inf"), float("-inf")):
            if total in (float("inf"), float("-inf")) and total != value:
                total = float("nan")
            else:
                total = value
            continue
        if total in (float("inf"), float("-inf")):
            continue
        new = total + value
        if abs(total) >= abs(value):
            lost += (total - new) + value
        else:
            lost += (value - new) + total
        total = new
    return total + lost, len(values)


def sum_values(values: list[Any], initial: Value, compensate: bool) -> Value:
    """Return `initial` plus all values. `compensate`: also if the initial value is a Float (Enumerable#sum)."""
    total: Any
    total = integer_sum(values, initial)
    if total is not None:
        return total
    total = initial
    index = 0
    if total.__class__ is int:
        count = len(values)
        while index < count and values[index].__class__ is int:
            total += values[index]
            index += 1
        if index < count and values[index].__class__ is float:
            total, index = float_sum(float(total), values, index)
    elif total.__class__ is float and compensate:
        total, index = float_sum(total, values, index)
    for value in values[index:]:
        total = send(total, ":+", None, value)
    return total
