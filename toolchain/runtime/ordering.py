"""Sorting and extremes: `<=>` and sort blocks in terms of Python's sort, with fast ways for plain values."""

from __future__ import annotations

import sys

# Python's own name for this, operator, takes 2 ms to import; so does functools.
from _operator import attrgetter

from .cloning import clone
from .convert import compare, order_sign
from .kinds import kinds_of, one_kind
from .later import later
from .values import Array, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .errors import error
    from .merging import merge_sort
    from .values import Block, Value
else:
    later(globals(), ".errors", "error")
    later(globals(), ".merging", "merge_sort")


class Ordered:
    """A value that is ordered by a function. PyPy's own cmp_to_key makes a class for each function: for each sort."""

    __slots__ = ("order", "value")

    def __init__(self, order: Any, value: Any) -> None:
        self.order = order
        self.value = value

    def __lt__(self, other: Ordered) -> bool:
        return bool(self.order(self.value, other.value) < 0)

    def __gt__(self, other: Ordered) -> bool:
        return bool(self.order(self.value, other.value) > 0)


def ordered_key(order: Any) -> Any:
    return lambda value: Ordered(order, value)


# From a function that compares to a `key` function.
key_of_order: Any = ordered_key
PYPY = sys.implementation.name == "pypy"
if not PYPY:
    from _functools import cmp_to_key  # type: ignore[import-not-found]

    key_of_order = cmp_to_key

NUMBERS = {int, float}
text_of = attrgetter("s")
# Host classes that have a key of their own which Python orders as `<=>` does.
KEYS: dict[Any, Any] = {int: None, String: text_of, Symbol: attrgetter("name")}


def compare_swapped(later: Value, earlier: Value) -> int:
    """Python's sort asks whether the later element is less; Ruby's compares the earlier one with it."""
    return -compare(earlier, later)


compare_key = key_of_order(compare_swapped)


def _ask(later: Any, earlier: Any) -> int:
    sign = earlier.COMPARE(None, later)
    return -sign if sign.__class__ is int else -order_sign(sign, earlier, later)


ask = clone(_ask, {"COMPARE": ":<=>"})
ask_key = key_of_order(ask)


def order_of(key: Any) -> Any:
    """Return the function by which a `key` function compares, None if it is another kind of key."""
    return compare_swapped if key is compare_key else ask if key is ask_key else None


def _best(values: list[Any], sign: int, best_first: bool) -> Any:
    """Do what `extreme` does for values that are asked to compare themselves."""
    best = values[0]
    if best_first:
        for value in values[1:]:
            order = best.COMPARE(None, value)
            if (order if order.__class__ is int else order_sign(order, best, value)) * sign < 0:
                best = value
        return best
    for value in values[1:]:
        order = value.COMPARE(None, best)
        if (order if order.__class__ is int else order_sign(order, value, best)) * sign > 0:
            best = value
    return best


best_of_themselves = clone(_best, {"COMPARE": ":<=>"})


def order_key(values: Any) -> Any:
    """Return the `key` function that lets Python order `values` as `<=>` does, None if it does so by itself.

    It is `ask_key` if all values are of one host class with a public `<=>` that can be called directly.
    """
    kind = one_kind(values)
    if kind in KEYS:
        return KEYS[kind]
    if kind is float:
        return float_key(values)
    if kind is not None:
        if kind.__dict__.get("frozen_of") is String:
            KEYS[kind] = text_of
            return text_of
        return ask_key if hasattr(kind, ":<=>") else compare_key
    kinds = kinds_of(values)
    if kinds <= NUMBERS:
        return float_key(values)
    return text_of if are_texts(kinds) else compare_key


def float_key(values: Any) -> Any:
    """Return the `key` function for numbers: NaN cannot be compared, so `compare` is left to raise."""
    return compare_key if True in [value != value for value in values] else None


def are_texts(kinds: set[type]) -> bool:
    """Return whether the host classes are those of plain Strings, frozen or not."""
    for kind in kinds:  # noqa: SIM110
        if kind is not String and kind.__dict__.get("frozen_of") is not String:
            return False
    return True


def block_order(blk: Block) -> Callable[[Any, Any], int]:
    """Return the function that compares by a sort block, which answers as `<=>` does."""

    def order(later: Value, earlier: Value) -> int:
        sign = blk(earlier, later)
        return -sign if sign.__class__ is int else -order_sign(sign, earlier, later)

    return order


def sort_in_order(values: list[Any], order: Callable[[Any, Any], int]) -> None:
    """Sort a list in place by a function of the later and the earlier of two elements."""
    if PYPY:
        values[:] = merge_sort(values, order)
    else:
        values.sort(key=key_of_order(order))


def sort_values(values: list[Any], blk: Block = None) -> None:
    """Sort a list of ours in place by `<=>` or by the block. Equal elements keep their order."""
    if len(values) < 2:
        return
    if blk is not None:
        sort_in_order(values, block_order(blk))
    elif values[0].__class__ is Array and one_kind(values) is Array:
        values[:] = sort_by_keys(values, values)
    else:
        key = order_key(values)
        order = order_of(key) if PYPY else None
        if order is not None:
            sort_in_order(values, order)
        else:
            values.sort(key=key)


def tuples_of(arrays: list[Any]) -> list[Any] | None:
    """Return Python tuples that order as the Arrays do, None if that is not certain.

    It is if all have the same length and each place holds only numbers, or only Strings.
    """
    lists = [array.a for array in arrays]
    if len(set(map(len, lists))) != 1:
        return None
    columns: list[Any] = []
    for column in zip(*lists):
        key = order_key(column)
        if key is compare_key or key is ask_key:
            return None
        columns.append(column if key is None else list(map(key, column)))
    return list(zip(*columns)) if columns else [()] * len(lists)


def sort_by_keys(values: list[Any], keys: list[Any]) -> list[Any]:
    """Return `values` ordered by the `keys` that stand at their positions."""
    if len(values) < 2:
        return list(values)
    if keys[0].__class__ is Array and one_kind(keys) is Array:
        plain = tuples_of(keys)
        if plain is not None:
            return [values[i] for i in sorted(range(len(values)), key=plain.__getitem__)]
    natural = order_key(keys)
    order = order_of(natural) if PYPY else None
    if order is not None:
        places = list(range(len(values)))
        sort_in_order(places, lambda later, earlier: order(keys[later], keys[earlier]))
        return [values[i] for i in places]
    if natural is None:
        return [values[i] for i in sorted(range(len(values)), key=keys.__getitem__)]
    ordered = [natural(key) for key in keys]
    return [values[i] for i in sorted(range(len(values)), key=ordered.__getitem__)]


def extreme(values: list[Any], sign: int, blk: Block = None, best_first: bool = False) -> Any:
    """Return the first smallest (`sign` -1) or largest (1) of the non-empty list `values`.

    `best_first` tells which of the two is the receiver of `<=>`: errors show it.
    """
    if blk is None:
        key = order_key(values)
        if key is ask_key:
            return best_of_themselves(values, sign, best_first)
        if key is text_of:
            return text_extreme(values, sign)
        if key is not compare_key:
            return min(values, key=key) if sign < 0 else max(values, key=key)
        best = values[0]
        for value in values[1:]:
            if (-compare(best, value) if best_first else compare(value, best)) * sign > 0:
                best = value
        return best
    best = values[0]
    for value in values[1:]:
        order = blk(value, best)
        if (order if order.__class__ is int else order_sign(order, value, best)) * sign > 0:
            best = value
    return best


def text_extreme(values: list[Any], sign: int) -> Any:
    """Return the first smallest or largest of plain Strings."""
    best = values[0]
    text = best.s
    for value in values:
        if value.s < text if sign < 0 else value.s > text:
            text = value.s
            best = value
    return best


def extremes(values: list[Any], count: int, sign: int, blk: Block = None) -> list[Any]:
    """Return the `count` smallest in ascending (`sign` -1) or largest in descending order."""
    if count < 0:
        raise error("ArgumentError", f"negative size ({count})")
    ordered = list(values)
    sort_values(ordered, blk)
    if sign > 0:
        ordered.reverse()
    return ordered[:count]
