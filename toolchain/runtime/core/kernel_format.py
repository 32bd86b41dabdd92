"""Kernel#format."""

from __future__ import annotations

from ..builtin import NativeClass
from ..errors import error
from .format import format_string
from .text import as_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

kernel = NativeClass("Kernel")


@kernel.function("format", "sprintf")
def format_values(self: Value, blk: Block, *values: Value) -> Value:
    """Return the first argument with its directives replaced by the others."""
    if not values:
        raise error("ArgumentError", "too few arguments")
    return format_string(as_string(values[0]), list(values[1:]))
