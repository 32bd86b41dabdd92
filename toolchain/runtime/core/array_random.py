"""Array: `shuffle` and `sample`."""

from __future__ import annotations

from ..builtin import NativeClass
from ..errors import error
from ..indexing import checked_int
from ..values import UNDEF, Array
from .random import random_below, sample_list, shuffle_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

array = NativeClass("Array")


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
    return Array(sample_list(a, number, random))
