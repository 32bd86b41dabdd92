"""Rational: exact fractions. Every other file makes them by `make_rational`."""

from __future__ import annotations

from math import ceil as ceiling
from math import floor as flooring
from math import frexp, gcd, isfinite

from ..arithmetic import (
    INFINITY,
    coerce_binary,
    coerce_compare,
    float_divide,
    float_domain,
    float_power,
    int_power,
    reversed_equal,
    zero_division,
)
from ..builtin import NativeClass, builtin_class
from ..convert import conversion_name, int_text
from ..errors import error
from ..hashing import wrapped_key
from ..later import later
from ..model import Method, class_of, ensure_py, install, singleton_class
from ..values import FALSE, TRUE, UNDEF, Array, String, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..convert import bad_conversion, inspect_str
    from ..dispatch import respond_to, send
    from ..model import ModuleValue
    from ..operators import op_div
    from ..values import Block, Value
    from .complex import make_complex
    from .integer import round_to_unit
    from .numeric import rounding_mode
    from .string_convert import rational_at
else:
    later(globals(), "..operators", "op_div")
    later(globals(), ".integer", "round_to_unit")
    later(globals(), ".numeric", "rounding_mode")
    later(globals(), "..convert", "bad_conversion", "inspect_str")
    later(globals(), "..dispatch", "respond_to", "send")
    later(globals(), ".string_convert", "rational_at")
    later(globals(), ".complex", "make_complex")

Numeric: Any = ensure_py(builtin_class("Numeric"))


class RationalValue(Numeric):
    """`num` / `den`, without common factors; `den` is positive."""

    __slots__ = ("num", "den")
    mclass = None
    is_frozen = True
    key_maker = wrapped_key

    num: int
    den: int

    def __repr__(self) -> str:
        return f"RationalValue({self.num}, {self.den})"

    def __eq__(self, other: object) -> bool:
        """Compare with a number as the program does, for generated code; everything else by identity."""
        if other.__class__ is int or other.__class__ is float:
            return equals(self, None, other) is TRUE
        return self is other

    __hash__ = object.__hash__


rational = NativeClass("Rational")


def undefine(mod: ModuleValue, *names: str) -> None:
    """Let `mod` not answer what it would inherit."""
    for name in names:
        entry = Method(name, None, mod)
        entry.native = True
        mod.methods[name] = entry
        install(mod, name)


def without_new(mod: ModuleValue) -> None:
    """Take `new` and `allocate` away from a class whose instances are made otherwise."""
    undefine(singleton_class(mod), "new", "allocate")


without_new(rational.mod)


def make_rational(numerator: int, denominator: int = 1) -> RationalValue:
    """Return the reduced fraction. ZeroDivisionError of the guest."""
    if denominator != 1:
        if not denominator:
            raise zero_division()
        common = gcd(numerator, denominator)
        if denominator < 0:
            common = -common
        numerator //= common
        denominator //= common
    result = RationalValue()
    result.num = numerator
    result.den = denominator
    return result


def ratio_to_float(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator
    except OverflowError:
        return INFINITY if numerator > 0 else -INFINITY


def as_ratio(value: Value) -> tuple[int, int] | None:
    """Return numerator and denominator of an Integer or Rational, None for anything else."""
    if value.__class__ is int:
        return value, 1
    if value.__class__ is RationalValue:
        return value.num, value.den
    return None


# --- arithmetic -----------------------------------------------------------------------------------------------------


@rational.method("+")
def add(self: RationalValue, blk: Block, other: Value) -> Value:
    ratio = as_ratio(other)
    if ratio is not None:
        num, den = ratio
        return make_rational(self.num * den + num * self.den, self.den * den)
    if other.__class__ is float:
        return ratio_to_float(self.num, self.den) + other
    return coerce_binary(self, ":+", other)


@rational.method("-")
def subtract(self: RationalValue, blk: Block, other: Value) -> Value:
    ratio = as_ratio(other)
    if ratio is not None:
        num, den = ratio
        return make_rational(self.num * den - num * self.den, self.den * den)
    if other.__class__ is float:
        return ratio_to_float(self.num, self.den) - other
    return coerce_binary(self, ":-", other)


@rational.method("*")
def multiply(self: RationalValue, blk: Block, other: Value) -> Value:
    ratio = as_ratio(other)
    if ratio is not None:
        return make_rational(self.num * ratio[0], self.den * ratio[1])
    if other.__class__ is float:
        return ratio_to_float(self.num, self.den) * other
    return coerce_binary(self, ":*", other)


@rational.method("/", "quo")
def divide(self: RationalValue, blk: Block, other: Value) -> Value:
    ratio = as_ratio(other)
    if ratio is not None:
        return make_rational(self.num * ratio[1], self.den * ratio[0])
    if other.__class__ is float:
        return float_divide(ratio_to_float(self.num, self.den), other)
    return coerce_binary(self, ":/", other)


@rational.method("**")
def power(self: RationalValue, blk: Block, other: Value) -> Value:
    """Return a Rational for a whole exponent, otherwise a Float (or Complex)."""
    if other.__class__ is RationalValue and other.den == 1:
        other = other.num
    if other.__class__ is int:
        if other >= 0:
            return make_rational(exact_power(self.num, other), exact_power(self.den, other))
        if not self.num:
            raise zero_division()
        return make_rational(exact_power(self.den, -other), exact_power(self.num, -other))
    if other.__class__ is float:
        return float_power(ratio_to_float(self.num, self.den), other)
    if other.__class__ is RationalValue:
        return float_power(ratio_to_float(self.num, self.den), ratio_to_float(other.num, other.den))
    return coerce_binary(self, ":**", other)


def exact_power(number: int, exponent: int) -> int:
    result: int = int_power(number, exponent)
    return result


@rational.method("fdiv")
def fdiv(self: RationalValue, blk: Block, other: Value) -> Value:
    ratio = as_ratio(other)
    if ratio is not None and ratio[0]:
        return ratio_to_float(self.num * ratio[1], self.den * ratio[0])
    return op_div(ratio_to_float(self.num, self.den), other)


@rational.method("-@")
def negate(self: RationalValue, blk: Block) -> RationalValue:
    return make_rational(-self.num, self.den)


@rational.method("abs", "magnitude")
def absolute(self: RationalValue, blk: Block) -> RationalValue:
    return make_rational(abs(self.num), self.den)


@rational.method("coerce")
def coerce(self: RationalValue, blk: Block, other: Value) -> Array:
    if other.__class__ is int:
        return Array([make_rational(other), self])
    if other.__class__ is float:
        return Array([other, ratio_to_float(self.num, self.den)])
    if other.__class__ is RationalValue:
        return Array([other, self])
    from .complex import ComplexValue, is_exact_zero

    if other.__class__ is ComplexValue:
        if is_exact_zero(other.im):
            return Array([real_rational(other.re), self])
        return Array([other, make_complex(self, 0)])
    raise error("TypeError", f"{class_of(other).name} can't be coerced into Rational")


def real_rational(value: Value) -> Value:
    return make_rational(value) if value.__class__ is int else value


# --- comparison -----------------------------------------------------------------------------------------------------


@rational.method("<=>")
def compare(self: RationalValue, blk: Block, other: Value) -> Value:
    ratio = as_ratio(other)
    if ratio is not None:
        left, right = self.num * ratio[1], ratio[0] * self.den
        return (left > right) - (left < right)
    if other.__class__ is float:
        own = ratio_to_float(self.num, self.den)
        return -1 if own < other else 1 if own > other else 0 if own == other else None
    return coerce_compare(self, other)


@rational.method("==")
def equals(self: RationalValue, blk: Block, other: Value) -> Value:
    ratio = as_ratio(other)
    if ratio is not None:
        return truth(self.num == ratio[0] and self.den == ratio[1])
    if other.__class__ is float:
        return truth(ratio_to_float(self.num, self.den) == other)
    return reversed_equal(self, other)


@rational.method("hash")
def hash_of(self: RationalValue, blk: Block) -> int:
    return hash(("r", self.num, self.den))


@rational.method("zero?")
def is_zero(self: RationalValue, blk: Block) -> Value:
    return FALSE if self.num else TRUE


@rational.method("positive?")
def is_positive(self: RationalValue, blk: Block) -> Value:
    return TRUE if self.num > 0 else FALSE


@rational.method("negative?")
def is_negative(self: RationalValue, blk: Block) -> Value:
    return TRUE if self.num < 0 else FALSE


@rational.method("numerator")
def numerator(self: RationalValue, blk: Block) -> int:
    return self.num


@rational.method("denominator")
def denominator(self: RationalValue, blk: Block) -> int:
    return self.den


# --- rounding -------------------------------------------------------------------------------------------------------


def rounded(self: RationalValue, places: Value, rounding: Any) -> Value:
    """Apply `rounding`, from (numerator, denominator) to int, at a decimal place; a Rational for places > 0."""
    if places is UNDEF:
        return rounding(self.num, self.den)
    if places.__class__ is not int:
        raise error("TypeError", "not an integer")
    if places > 0:
        unit = 10**places
        return make_rational(rounding(self.num * unit, self.den), unit)
    unit = 10**-places
    return rounding(self.num, self.den * unit) * unit


def floor_ratio(numerator: int, denominator: int) -> int:
    return numerator // denominator


def ceil_ratio(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def truncate_ratio(numerator: int, denominator: int) -> int:
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


@rational.method("floor")
def floor(self: RationalValue, blk: Block, places: Value = UNDEF) -> Value:
    return rounded(self, places, floor_ratio)


@rational.method("ceil")
def ceil(self: RationalValue, blk: Block, places: Value = UNDEF) -> Value:
    return rounded(self, places, ceil_ratio)


@rational.method("truncate")
def truncate(self: RationalValue, blk: Block, places: Value = UNDEF) -> Value:
    return rounded(self, places, truncate_ratio)


@rational.method("to_i")
def to_i(self: RationalValue, blk: Block) -> int:
    return truncate_ratio(self.num, self.den)


@rational.method("round")
def round_(self: RationalValue, blk: Block, places: Value = UNDEF, *, half: Value = None) -> Value:
    mode = rounding_mode(half)
    return rounded(self, places, lambda num, den: round_to_unit(num, den, mode) // den)


# --- conversion -----------------------------------------------------------------------------------------------------


@rational.method("to_f")
def to_f(self: RationalValue, blk: Block) -> float:
    return ratio_to_float(self.num, self.den)


@rational.method("to_r")
def to_r(self: RationalValue, blk: Block) -> RationalValue:
    return self


@rational.method("to_s")
def to_s(self: RationalValue, blk: Block) -> String:
    return String(f"{int_text(self.num)}/{int_text(self.den)}")


@rational.method("inspect")
def inspect(self: RationalValue, blk: Block) -> String:
    return String(f"({int_text(self.num)}/{int_text(self.den)})")


@rational.method("rationalize")
def rationalize(self: RationalValue, blk: Block, tolerance: Value = UNDEF) -> RationalValue:
    """Return the simplest Rational that differs by no more than `tolerance`."""
    return self if tolerance is UNDEF else within(self, tolerance)


def within(exact: RationalValue, tolerance: Value) -> RationalValue:
    from fractions import Fraction

    near = convert_rational(tolerance)
    centre, distance = Fraction(exact.num, exact.den), abs(Fraction(near.num, near.den))
    if not distance:
        return exact
    sign = -1 if centre < 0 else 1
    return simplest(abs(centre) - distance, abs(centre) + distance, sign)


def simplest(low: Any, high: Any, sign: int) -> RationalValue:
    """Return `sign` times the fraction of smallest denominator between two Fractions.

    Source: the continued fraction expansion of Ruby's `nurat_rationalize_internal`.
    """
    p0, p1, q0, q1 = 0, 1, 1, 0
    while True:
        whole = ceiling(low)
        if whole < high:
            break
        part = whole - 1
        p0, p1, q0, q1 = p1, part * p1 + p0, q1, part * q1 + q0
        low, high = 1 / (high - part), 1 / (low - part)
    return make_rational(sign * (whole * p1 + p0), whole * q1 + q0)


def rationalize_float(number: float, tolerance: Value) -> RationalValue:
    """Return the simplest Rational within `tolerance` of a Float (UNDEF: nearer to it than to any other Float)."""
    if not isfinite(number):
        raise float_domain(number)
    if tolerance is not UNDEF:
        return within(make_rational(*number.as_integer_ratio()), tolerance)
    if number == flooring(number):
        return make_rational(int(number))
    from fractions import Fraction

    mantissa, exponent = frexp(abs(number))
    scaled = int(mantissa * 2**53)
    exponent -= 53
    unit = 2 ** (1 - exponent)
    return simplest(Fraction(2 * scaled - 1, unit), Fraction(2 * scaled + 1, unit), -1 if number < 0 else 1)


# --- Kernel#Rational ------------------------------------------------------------------------------------------------


def convert_rational(value: Value) -> RationalValue:
    """Return the Rational that `Rational(value)` answers. TypeError, ArgumentError or RangeError of the guest."""
    if value.__class__ is int:
        return make_rational(value)
    if value.__class__ is RationalValue:
        return value
    if value.__class__ is float:
        if not isfinite(value):
            raise float_domain(value)
        return make_rational(*value.as_integer_ratio())
    if isinstance(value, String):
        return parse_rational(value)
    if value is None or not respond_to(value, "to_r"):
        raise error("TypeError", f"can't convert {conversion_name(value)} into Rational")
    result = send(value, ":to_r")
    if result.__class__ is not RationalValue:
        raise bad_conversion(value, "Rational", "to_r", result)
    return result


def parse_rational(value: String) -> RationalValue:
    """Return the Rational that the whole text is. ArgumentError of the guest."""
    from .text import WHITESPACE

    text = value.s.strip(WHITESPACE)
    above, below, stop, given = rational_at(text, 0)
    if given and text[stop:] == "." and "." not in text[:stop]:
        stop += 1
    if not given or stop != len(text):
        raise error("ArgumentError", f"invalid value for convert(): {inspect_str(value)}")
    return make_rational(above, below)
