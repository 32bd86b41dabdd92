"""Numeric as a complex number: parts, polar form, conversion."""

from __future__ import annotations

import math

from ..builtin import NativeClass
from ..dispatch import send
from ..later import later
from ..operators import op_mul
from ..values import Array
from .numeric import is_negative_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value
    from .complex import make_complex
else:
    later(globals(), ".complex", "make_complex")

numeric = NativeClass("Numeric")


@numeric.method("real", "conj", "conjugate")
def itself(self: Value, blk: Block) -> Value:
    return self


@numeric.method("imaginary", "imag")
def imaginary(self: Value, blk: Block) -> int:
    return 0


@numeric.method("abs2")
def abs2(self: Value, blk: Block) -> Value:
    return op_mul(self, self)


@numeric.method("arg", "angle", "phase")
def arg(self: Value, blk: Block) -> Value:
    """Return 0, or pi for a negative number."""
    if self.__class__ is float:
        return self if self != self else math.pi if math.copysign(1.0, self) < 0 else 0
    return math.pi if is_negative_number(self) else 0


@numeric.method("polar")
def polar(self: Value, blk: Block) -> Array:
    return Array([send(self, ":abs"), arg(self, None)])


@numeric.method("rect", "rectangular")
def rect(self: Value, blk: Block) -> Array:
    return Array([self, 0])


@numeric.method("to_c")
def to_c(self: Value, blk: Block) -> Value:
    return make_complex(self, 0)


@numeric.method("i")
def times_i(self: Value, blk: Block) -> Value:
    return make_complex(0, self)
