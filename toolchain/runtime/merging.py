"""A merge sort, for hosts whose own sort calls back slowly: on PyPy that costs ten times as much as the comparison."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

RUN = 8  # elements that are sorted by insertion


def merge_sort(values: list[Any], order: Callable[[Any, Any], int]) -> list[Any]:
    """Return the values in order, equal ones as they stood. `order(later, earlier)` is negative if the later of the two
    has to go first."""
    count = len(values)
    source = list(values)
    for start in range(0, count, RUN):
        insert_each(source, start, min(start + RUN, count), order)
    target = list(source)
    width = RUN
    while width < count:
        for start in range(0, count, 2 * width):
            merge(source, target, start, min(start + width, count), min(start + 2 * width, count), order)
        source, target = target, source
        width *= 2
    return source


def insert_each(values: list[Any], start: int, end: int, order: Callable[[Any, Any], int]) -> None:
    """Sort values[start:end] in place by insertion."""
    for index in range(start + 1, end):
        value = values[index]
        place = index
        while place > start and order(value, values[place - 1]) < 0:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


def merge(
    source: list[Any], target: list[Any], start: int, middle: int, end: int, order: Callable[[Any, Any], int]
) -> None:
    """Put the sorted source[start:middle] and source[middle:end], merged, into the same place of `target`."""
    left, right = start, middle
    place = start
    while left < middle and right < end:
        if order(source[right], source[left]) < 0:
            target[place] = source[right]
            right += 1
        else:
            target[place] = source[left]
            left += 1
        place += 1
    target[place:end] = source[left:middle] if left < middle else source[right:end]
