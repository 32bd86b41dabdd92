"""Arithmetic progressions: the numbers that `step` and its like walk through."""

from __future__ import annotations

from .dispatch import send
from .values import FALSE, TRUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .values import Value

EPSILON = 2.220446049250313e-16
INFINITY = float("inf")


def float_step_size(first: float, last: float, step: float, exclusive: bool) -> float:
    """Return how many floats there are from `first` to `last`, allowing for rounding errors.

    Source: ruby_float_step_size of Ruby, so that counts are the same to the last bit.
    """
    if step in (INFINITY, -INFINITY):
        return float(first <= last if step > 0 else first >= last)
    if step == 0:
        return INFINITY
    count = (last - first) / step
    slack = min(0.5, (abs(first) + abs(last) + abs(last - first)) / abs(step) * EPSILON)
    if count in (INFINITY, -INFINITY) or count != count:
        return INFINITY if count > 0 else 0.0
    if exclusive:
        if count <= 0:
            return 0.0
        count = 0.0 if count < 1 else float((count - slack) // 1)
        after = (count + 1) * step + first
        if (first < last and after < last) or (first > last and after > last):
            count += 1
    else:
        if count < 0:
            return 0.0
        count = float((count + slack) // 1)
    return count + 1


def float_steps(first: float, last: float, step: float, exclusive: bool) -> Iterator[float]:
    """Yield the floats from `first` to `last`; the last one never passes `last`."""
    count = float_step_size(first, last, step, exclusive)
    if step in (INFINITY, -INFINITY):
        if count:
            yield first
        return
    index = 0
    while index < count:
        value = index * step + first
        yield last if (last < value if step >= 0 else value < last) else value
        index += 1


def integers_from(first: int, step: int = 1) -> Iterator[int]:
    """Yield first, first + step, ... without end."""
    while True:
        yield first
        first += step


def steps(first: Value, last: Value, step: Value, exclusive: bool) -> Iterable[Value]:
    """Return the numbers of a progression; `last` nil means without end. `step` is not 0."""
    kinds = {first.__class__, step.__class__} | (set() if last is None else {last.__class__})
    if kinds <= {int}:
        if last is None:
            return integers_from(first, step)
        if not exclusive:
            last += 1 if step > 0 else -1
        return range(first, last, step)
    if kinds <= {int, float}:
        end = float(last) if last is not None else (INFINITY if step > 0 else -INFINITY)
        return float_steps(float(first), end, float(step), exclusive)
    return other_steps(first, last, step, exclusive)


def other_steps(first: Value, last: Value, step: Value, exclusive: bool) -> Iterator[Value]:
    """Yield the values of a progression by `+` and comparisons (Rational and the like)."""
    down = send(step, ":<", None, 0) is TRUE
    passed = (":<" if down else ":>") if not exclusive else (":<=" if down else ":>=")
    value = first
    while last is None or send(value, passed, None, last) in (FALSE, None):
        yield value
        value = send(value, ":+", None, step)


def step_count(first: Value, last: Value, step: Value, exclusive: bool) -> Value:
    """Return the number of values of a progression."""
    if last is None:
        return INFINITY
    kinds = {first.__class__, last.__class__, step.__class__}
    if kinds <= {int}:
        if not exclusive:
            last += 1 if step > 0 else -1
        distance = last - first
        return max(0, -(-distance // step))
    if kinds <= {int, float}:
        count = float_step_size(float(first), float(last), float(step), exclusive)
        return count if count == INFINITY else int(count)
    return sum(1 for _ in other_steps(first, last, step, exclusive))
