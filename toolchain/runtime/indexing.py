"""Positions and lengths as `[]`, `[]=`, `slice!`, `fill` and their like take them."""

from __future__ import annotations

from .convert import as_int, inspect_str
from .errors import error
from .values import Range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .values import Value


def checked_int(value: Value) -> int:
    """Return an Integer argument that must fit a machine word, as positions and counts must."""
    number = value if value.__class__ is int else as_int(value)
    if not -0x8000000000000000 <= number <= 0x7FFFFFFFFFFFFFFF:
        raise error("RangeError", "bignum too big to convert into 'long'")
    return number


def range_bounds(span: Range, length: int) -> tuple[int, int]:
    """Return the start and the exclusive end of a Range of positions; negative ones count from `length`.

    A start before the first element stays negative; the end is not clipped.
    """
    start = 0 if span.first is None else checked_int(span.first)
    if span.last is None:
        end = length
    else:
        end = checked_int(span.last)
        if end < 0:
            end += length
        if not span.exclusive:
            end += 1
    if start < 0:
        start += length
    return start, end


def range_part(span: Range, length: int) -> tuple[int, int] | None:
    """Return the start and the count of the elements that a Range selects of `length`, None if it starts outside."""
    start, end = range_bounds(span, length)
    if start < 0 or start > length:
        return None
    if end > length:
        end = length
    return start, end - start if end > start else 0


def range_place(span: Range, length: int) -> tuple[int, int]:
    """Return the start and the count of a Range that is written to: it may lie behind the end, not before the start."""
    start, end = range_bounds(span, length)
    if start < 0:
        raise error("RangeError", f"{inspect_str(span)} out of range")
    return start, end - start if end > start else 0
