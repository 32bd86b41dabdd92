"""Numeric: what all numbers have in common, in terms of the operators of the class.

The built-in classes override most of it for speed; classes of programs inherit it.
"""

from __future__ import annotations

from math import isinf

from ..arithmetic import coerce_failed, zero_division
from ..builtin import NativeClass
from ..convert import equal
from ..dispatch import send
from ..errors import error
from ..later import later
from ..model import class_of
from ..operators import op_gt, op_lt
from ..values import FALSE, TRUE, UNDEF, Array, String, Symbol, is_true, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..arithmetic import coerced
    from ..model import kind_of
    from ..values import Block, Value
    from .kernel_convert import to_float
else:
    later(globals(), ".kernel_convert", "to_float")
    later(globals(), "..arithmetic", "coerced")
    later(globals(), "..model", "kind_of")

numeric = NativeClass("Numeric")

ROUNDING_MODES = ("up", "down", "even")


def rounding_mode(half: Value) -> str:
    """Return the mode that the keyword `half:` names. ArgumentError of the guest."""
    if isinstance(half, String):
        text = half.s
    elif half.__class__ is Symbol:
        text = half.name
    else:
        return "up"
    if text.lower() not in ROUNDING_MODES:
        raise error("ArgumentError", f"invalid rounding mode: {text}")
    return text.lower()


def is_negative_number(value: Value) -> bool:
    if value.__class__ is int or value.__class__ is float:
        return bool(value < 0)
    return is_true(send(value, ":<", None, 0))


def is_positive_number(value: Value) -> bool:
    if value.__class__ is int or value.__class__ is float:
        return bool(value > 0)
    return is_true(send(value, ":>", None, 0))


def kernel_float(value: Value) -> float:
    return to_float(value)


# --- arithmetic -----------------------------------------------------------------------------------------------------


@numeric.method("+@")
def plus(self: Value, blk: Block) -> Value:
    return self


@numeric.method("-@")
def minus(self: Value, blk: Block) -> Value:
    """Return 0 - self, the 0 as `coerce` makes it."""
    pair = coerced(0, self)
    if pair is None:
        raise coerce_failed(0, self)
    return send(pair[0], ":-", None, pair[1])


@numeric.method("%", "modulo")
def modulo(self: Value, blk: Block, other: Value) -> Value:
    """Return self - other * self.div(other)."""
    return send(self, ":-", None, send(other, ":*", None, send(self, ":div", None, other)))


@numeric.method("div")
def div(self: Value, blk: Block, other: Value) -> Value:
    if equal(other, 0):
        raise zero_division()
    return send(send(self, ":/", None, other), ":floor")


@numeric.method("divmod")
def divmod_(self: Value, blk: Block, other: Value) -> Array:
    return Array([send(self, ":div", None, other), send(self, ":%", None, other)])


@numeric.method("remainder")
def remainder(self: Value, blk: Block, other: Value) -> Value:
    return general_remainder(self, other)


def general_remainder(a: Value, b: Value) -> Value:
    """Return the rest of a division towards zero, by `%` and `-`."""
    if not kind_of(b, numeric.mod):
        pair = coerced(a, b)
        if pair is None:
            raise coerce_failed(a, b)
        a, b = pair
    rest = send(a, ":%", None, b)
    if equal(rest, 0):
        return rest
    if is_negative_number(a) and is_positive_number(b) or is_positive_number(a) and is_negative_number(b):
        if b.__class__ is float and isinf(b):
            return a
        return send(rest, ":-", None, b)
    return rest


@numeric.method("fdiv")
def fdiv(self: Value, blk: Block, other: Value) -> Value:
    return send(kernel_float(self), ":/", None, other)


@numeric.method("quo")
def quo(self: Value, blk: Block, other: Value) -> Value:
    """Return the exact quotient, a Rational; with a Float a Float."""
    if other.__class__ is float:
        return send(self, ":fdiv", None, other)
    return send(send(self, ":to_r"), ":/", None, other)


@numeric.method("abs", "magnitude")
def absolute(self: Value, blk: Block) -> Value:
    return send(self, ":-@") if is_negative_number(self) else self


@numeric.method("coerce")
def coerce(self: Value, blk: Block, other: Value) -> Array:
    if class_of(self) is class_of(other):
        return Array([other, self])
    return Array([kernel_float(other), kernel_float(self)])


# --- questions ------------------------------------------------------------------------------------------------------


@numeric.method("<=>")
def compare(self: Value, blk: Block, other: Value) -> Value:
    return 0 if self is other or equal(self, other) else None


@numeric.method("eql?")
def is_eql(self: Value, blk: Block, other: Value) -> Value:
    return truth(class_of(self) is class_of(other) and equal(self, other))


@numeric.method("integer?")
def is_integer(self: Value, blk: Block) -> Value:
    return FALSE


@numeric.method("real?")
def is_real(self: Value, blk: Block) -> Value:
    return TRUE


@numeric.method("zero?")
def is_zero(self: Value, blk: Block) -> Value:
    return truth(equal(self, 0))


@numeric.method("nonzero?")
def is_nonzero(self: Value, blk: Block) -> Value:
    """Return the receiver, nil if it is zero."""
    return None if is_true(send(self, ":zero?")) else self


@numeric.method("positive?")
def is_positive(self: Value, blk: Block) -> Value:
    return op_gt(self, 0)


@numeric.method("negative?")
def is_negative(self: Value, blk: Block) -> Value:
    return op_lt(self, 0)


@numeric.method("finite?")
def is_finite(self: Value, blk: Block) -> Value:
    return TRUE


@numeric.method("infinite?")
def is_infinite(self: Value, blk: Block) -> Value:
    return None


# --- conversion and rounding ----------------------------------------------------------------------------------------


@numeric.method("to_int")
def to_int(self: Value, blk: Block) -> Value:
    return send(self, ":to_i")


@numeric.method("floor")
def floor(self: Value, blk: Block, *places: Value) -> Value:
    return send(kernel_float(self), ":floor", None, *places)


@numeric.method("ceil")
def ceil(self: Value, blk: Block, *places: Value) -> Value:
    return send(kernel_float(self), ":ceil", None, *places)


@numeric.method("round")
def round_(self: Value, blk: Block, *places: Value) -> Value:
    return send(kernel_float(self), ":round", None, *places)


@numeric.method("truncate")
def truncate(self: Value, blk: Block, *places: Value) -> Value:
    return send(kernel_float(self), ":truncate", None, *places)


@numeric.method("dup")
def dup(self: Value, blk: Block) -> Value:
    return self


@numeric.method("clone")
def clone(self: Value, blk: Block, *, freeze: Value = UNDEF) -> Value:
    if freeze is FALSE:
        raise error("ArgumentError", f"can't unfreeze {class_of(self).name}")
    return self
