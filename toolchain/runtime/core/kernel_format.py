"""Kernel#format."""

from __future__ import annotations

from ..builtin import NativeClass
from ..errors import error
from ..values import String
from .format import PARSED, format_string
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
    if values[0].__class__ is String:
        known = PARSED.get(values[0].s)
        if known is not None and known[1] is not None and known[1].made is not None:
            done = known[1].made(values[1:])
            if done is not None:
                return String(done)
    return format_string(as_string(values[0]), list(values[1:]))
