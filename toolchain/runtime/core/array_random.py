"""Array: `shuffle` and `sample`."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_int
from ..dispatch import send
from ..errors import error
from ..indexing import checked_int
from ..values import UNDEF, Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

array = NativeClass("Array")

SORTED_LIMIT = 16  # up to so many samples are drawn by different_places, more by a partial shuffle


def random_below(limit: int, random: Value) -> int:
    """Return a random Integer from 0 to below `limit`, from the given generator or the default one."""
    if random is None:
        from ..builtin import builtin_class

        return as_int(send(builtin_class("Random"), ":rand", None, limit))
    number = as_int(send(random, ":rand", None, limit))
    if not 0 <= number < limit:
        raise error("RangeError", f"random number too {'small' if number < 0 else 'big'} {number}")
    return number


def shuffle_list(values: list[Any], random: Value) -> None:
    for index in range(len(values), 1, -1):
        other = random_below(index, random)
        values[index - 1], values[other] = values[other], values[index - 1]


def different_places(count: int, length: int, random: Value) -> list[int]:
    """Return `count` different random indexes below `length`, drawn as Ruby draws them (seeds give the same)."""
    taken: list[int] = []  # ascending
    places: list[int] = []
    for drawn in range(count):
        place = random_below(length - drawn, random)
        index = 0
        while index < drawn and place >= taken[index]:
            place += 1
            index += 1
        taken.insert(index, place)
        places.append(place)
    return places


@array.method("shuffle")
def shuffle(self: Array, blk: Block, *, random: Value = None) -> Array:
    result = list(self.a)
    shuffle_list(result, random)
    return Array(result)


@array.method("sample")
def sample(self: Array, blk: Block, count: Value = UNDEF, *, random: Value = None) -> Value:
    """Return a random element, or an Array of `count` different ones."""
    a = self.a
    if count is UNDEF:
        return a[random_below(len(a), random)] if a else None
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "negative sample number")
    rest = list(a)
    number = min(number, len(rest))
    if number <= SORTED_LIMIT:
        return Array([rest[place] for place in different_places(number, len(rest), random)])
    for index in range(number):
        other = index + random_below(len(rest) - index, random)
        rest[index], rest[other] = rest[other], rest[index]
    return Array(rest[:number])
