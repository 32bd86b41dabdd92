"""Math: functions of Floats. What C's library answers for values outside a domain is Math::DomainError here."""

from __future__ import annotations

import math as host
from math import copysign

from ..arithmetic import INFINITY, NAN, int_to_float
from ..builtin import NativeClass
from ..convert import as_int, conversion_name
from ..dispatch import send
from ..errors import error
from ..values import FALSE, TRUE, UNDEF, Array, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..errors import Raised
    from ..values import Block, Value

math = NativeClass("Math")
math.constant("PI", host.pi)
math.constant("E", host.e)


def number(value: Value) -> float:
    """Return a Float argument. TypeError of the guest for what is no real number."""
    if value.__class__ is float:
        return float(value)
    if value.__class__ is int:
        return int_to_float(value)
    from .numeric import numeric

    if value is None or value is TRUE or value is FALSE or isinstance(value, String) or value.__class__ is Symbol:
        raise error("TypeError", f"can't convert {conversion_name(value)} into Float")
    from ..model import kind_of

    if not kind_of(value, numeric.mod):
        raise error("TypeError", f"can't convert {conversion_name(value)} into Float")
    result = send(value, ":to_f")
    if result.__class__ is not float:
        from ..convert import bad_conversion

        raise bad_conversion(value, "Float", "to_f", result)
    return float(result)


def domain_error(name: str) -> Raised:
    return error("Math::DomainError", f"Numerical argument is out of domain - {name}")


def is_integer_value(value: float) -> bool:
    return value == host.floor(value) if host.isfinite(value) else False


# --- functions that are defined everywhere --------------------------------------------------------------------------


def define_total(name: str, function: Callable[[float], float]) -> None:
    """Declare a function of one argument that has a value for every Float."""

    def call(self: Value, blk: Block, x: Value) -> float:
        return function(x if x.__class__ is float else number(x))

    call.__code__ = call.__code__.replace(co_name=name)  # a code object of its own, for the labels of backtraces
    math.function(name)(call)


def periodic(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: function(x) if -INFINITY < x < INFINITY else NAN


def unbounded(function: Callable[[float], float], odd: bool) -> Callable[[float], float]:
    """Return `function` with infinity where the host says that the result is too large."""

    def call(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return -INFINITY if odd and x < 0 else INFINITY

    return call


def cube_root(x: float) -> float:
    """Return the cube root, to the last bit: one Newton step corrects the power."""
    if x == 0 or not host.isfinite(x):
        return x
    root = copysign(abs(x) ** (1.0 / 3.0), x)
    return root - (root * root * root - x) / (3.0 * root * root)


for _name, _function in (
    ("sin", periodic(host.sin)), ("cos", periodic(host.cos)), ("tan", periodic(host.tan)), ("atan", host.atan),
    ("sinh", unbounded(host.sinh, True)), ("cosh", unbounded(host.cosh, False)), ("tanh", host.tanh),
    ("asinh", host.asinh), ("exp", unbounded(host.exp, False)), ("expm1", unbounded(host.expm1, False)),
    ("cbrt", cube_root), ("erf", host.erf), ("erfc", host.erfc),
):  # fmt: skip
    define_total(_name, _function)


# --- functions with a domain ----------------------------------------------------------------------------------------


@math.function("sqrt")
def sqrt(self: Value, blk: Block, x: Value) -> Value:
    if x.__class__ is not float and x.__class__ is not int:
        from .complex import ComplexValue, square_root

        if x.__class__ is ComplexValue:
            return square_root(x)
    value = x if x.__class__ is float else number(x)
    if value < 0:
        raise domain_error("sqrt")
    return host.sqrt(value) if value else 0.0


@math.function("asin")
def asin(self: Value, blk: Block, x: Value) -> float:
    value = number(x)
    if value < -1 or value > 1:
        raise domain_error("asin")
    return host.asin(value)


@math.function("acos")
def acos(self: Value, blk: Block, x: Value) -> float:
    value = number(x)
    if value < -1 or value > 1:
        raise domain_error("acos")
    return host.acos(value)


@math.function("acosh")
def acosh(self: Value, blk: Block, x: Value) -> float:
    value = number(x)
    if value < 1:
        raise domain_error("acosh")
    return host.acosh(value)


@math.function("atanh")
def atanh(self: Value, blk: Block, x: Value) -> float:
    value = number(x)
    if value < -1 or value > 1:
        raise domain_error("atanh")
    return host.atanh(value) if abs(value) != 1 else copysign(INFINITY, value)


@math.function("atan2")
def atan2(self: Value, blk: Block, y: Value, x: Value) -> float:
    return host.atan2(number(y), number(x))


@math.function("hypot")
def hypot(self: Value, blk: Block, x: Value, y: Value) -> float:
    return host.hypot(number(x), number(y))


def checked_logarithm(x: Value, name: str, function: Callable[[Any], float]) -> float:
    """Return a logarithm; the host's take Integers of any size."""
    value = x if x.__class__ is int else number(x)
    if value < 0:
        raise domain_error(name)
    return function(value) if value else -INFINITY


def natural_log(value: Any) -> float:
    """Return the natural logarithm, of huge Integers from their leading bits as Ruby does."""
    if value.__class__ is int and value.bit_length() >= 1024:
        shift = value.bit_length() - 53
        return host.log(value >> shift) + shift * host.log(2)
    return host.log(value)


@math.function("log")
def log(self: Value, blk: Block, x: Value, base: Value = UNDEF) -> float:
    result = checked_logarithm(x, "log", natural_log)
    if base is UNDEF:
        return result
    divisor = checked_logarithm(base, "log", natural_log)
    if divisor == -INFINITY:
        return NAN if result == -INFINITY else -0.0
    if divisor == 0:
        return result if result == -INFINITY else NAN
    return result if result == -INFINITY else result / divisor


@math.function("log2")
def log2(self: Value, blk: Block, x: Value) -> float:
    return checked_logarithm(x, "log2", host.log2)


@math.function("log10")
def log10(self: Value, blk: Block, x: Value) -> float:
    return checked_logarithm(x, "log10", host.log10)


@math.function("log1p")
def log1p(self: Value, blk: Block, x: Value) -> float:
    value = number(x)
    if value < -1:
        raise domain_error("log1p")
    return -INFINITY if value == -1 else host.log1p(value)


@math.function("gamma")
def gamma(self: Value, blk: Block, x: Value) -> float:
    value = number(x)
    if value == -INFINITY or value < 0 and is_integer_value(value):
        raise domain_error("gamma")
    if value == 0:
        return copysign(INFINITY, value)
    if is_integer_value(value) and 0 < value <= 23:
        return float(host.factorial(int(value) - 1))
    try:
        return host.gamma(value)
    except OverflowError:
        return INFINITY


@math.function("lgamma")
def lgamma(self: Value, blk: Block, x: Value) -> Array:
    """Return [logarithm of |gamma(x)|, the sign of gamma(x)]."""
    value = number(x)
    if value == -INFINITY:
        raise domain_error("lgamma")
    if value == INFINITY:
        return Array([INFINITY, 1])
    if value == 0:
        return Array([INFINITY, -1 if copysign(1.0, value) < 0 else 1])
    if value < 0 and is_integer_value(value):
        return Array([INFINITY, 1])
    if is_integer_value(value) and value <= 170:
        return Array([host.log(host.factorial(int(value) - 1)), 1])
    sign = -1 if value < 0 and host.floor(value) % 2 else 1
    try:
        return Array([host.lgamma(value), sign])
    except OverflowError:
        return Array([INFINITY, sign])


@math.function("frexp")
def frexp(self: Value, blk: Block, x: Value) -> Array:
    """Return [fraction, exponent] with x == fraction * 2 ** exponent."""
    return Array(list(host.frexp(number(x))))


@math.function("ldexp")
def ldexp(self: Value, blk: Block, fraction: Value, exponent: Value) -> float:
    value = number(fraction)
    try:
        return host.ldexp(value, as_int(exponent))
    except OverflowError:
        return copysign(INFINITY, value)
