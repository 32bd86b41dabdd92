"""Float: arithmetic, comparison, rounding, conversion."""

from __future__ import annotations

import math
from math import ceil as ceiling
from math import copysign, frexp, isinf

from ..arithmetic import (
    INFINITY,
    NAN,
    coerce_binary,
    coerce_compare,
    coerce_relation,
    float_divide,
    float_divmod,
    float_domain,
    float_floor,
    float_floor_div,
    float_modulo,
    float_power,
    int_to_float,
    make_rational,
    reversed_equal,
)
from ..builtin import NativeClass
from ..convert import as_int, float_text
from ..dispatch import respond_to, send
from ..later import later
from ..values import FALSE, TRUE, UNDEF, Array, String, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..hashing import hash_code
    from ..values import Block, Value
    from .integer import ceil as ceil_int
    from .integer import floor as floor_int
    from .integer import round_ as round_int
    from .integer import round_to_unit
    from .kernel_convert import to_float
    from .numeric import div as general_div
    from .numeric import rounding_mode
    from .rational import rationalize_float
else:
    later(globals(), ".numeric", "rounding_mode", general_div="div")
    later(globals(), ".kernel_convert", "to_float")
    later(globals(), "..hashing", "hash_code")
    later(globals(), ".integer", "round_to_unit", floor_int="floor", ceil_int="ceil", round_int="round_")
    later(globals(), ".rational", "rationalize_float")

float_class = NativeClass("Float")

for _name, _value in (
    ("DIG", 15), ("EPSILON", 2.220446049250313e-16), ("INFINITY", INFINITY), ("MANT_DIG", 53),
    ("MAX", 1.7976931348623157e308), ("MAX_10_EXP", 308), ("MAX_EXP", 1024), ("MIN", 2.2250738585072014e-308),
    ("MIN_10_EXP", -307), ("MIN_EXP", -1021), ("NAN", NAN), ("RADIX", 2),
):  # fmt: skip
    float_class.constant(_name, _value)


# --- arithmetic -----------------------------------------------------------------------------------------------------


@float_class.method("+")
def add(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float:
        return self + other
    if other.__class__ is int:
        return self + int_to_float(other)
    return coerce_binary(self, ":+", other)


@float_class.method("-")
def subtract(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float:
        return self - other
    if other.__class__ is int:
        return self - int_to_float(other)
    return coerce_binary(self, ":-", other)


@float_class.method("*")
def multiply(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float:
        return self * other
    if other.__class__ is int:
        return self * int_to_float(other)
    return coerce_binary(self, ":*", other)


@float_class.method("/")
def divide(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float:
        return float_divide(self, other)
    if other.__class__ is int:
        return float_divide(self, int_to_float(other))
    return coerce_binary(self, ":/", other)


@float_class.method("fdiv", "quo")
def fdiv(self: float, blk: Block, other: Value) -> Value:
    return divide(self, None, other)


@float_class.method("%", "modulo")
def modulo(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float:
        return float_modulo(self, other)
    if other.__class__ is int:
        return float_modulo(self, int_to_float(other))
    return coerce_binary(self, ":%", other)


@float_class.method("**")
def power(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float:
        return float_power(self, other)
    if other.__class__ is int:
        return float_power(self, int_to_float(other))
    return coerce_binary(self, ":**", other)


@float_class.method("div")
def div(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float:
        return float_floor_div(self, other)
    if other.__class__ is int:
        return float_floor_div(self, int_to_float(other))
    return general_div(self, None, other)


@float_class.method("divmod")
def divmod_(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float:
        return float_divmod(self, other)
    if other.__class__ is int:
        return float_divmod(self, int_to_float(other))
    return coerce_binary(self, ":divmod", other)


@float_class.method("-@")
def negate(self: float, blk: Block) -> float:
    return -self


@float_class.method("abs", "magnitude")
def absolute(self: float, blk: Block) -> float:
    return abs(self)


@float_class.method("coerce")
def coerce(self: float, blk: Block, other: Value) -> Array:
    if other.__class__ is int:
        return Array([int_to_float(other), self])
    return Array([to_float(other), self])


# --- comparison -----------------------------------------------------------------------------------------------------


@float_class.method("==", "===")
def equals(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float or other.__class__ is int:
        return TRUE if self == other else FALSE
    return reversed_equal(self, other)


@float_class.method("eql?")
def is_eql(self: float, blk: Block, other: Value) -> Value:
    return truth(other.__class__ is float and self == other)


@float_class.method("<=>")
def compare(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float or other.__class__ is int:
        return -1 if self < other else 1 if self > other else 0 if self == other else None
    if isinf(self) and respond_to(other, "infinite?"):
        sign = send(other, ":infinite?")
        own = 1 if self > 0 else -1
        if sign is FALSE or sign is None:
            return own
        return (own > sign) - (own < sign)
    return coerce_compare(self, other)


@float_class.method("<")
def less(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float or other.__class__ is int:
        return TRUE if self < other else FALSE
    return coerce_relation(self, ":<", other)


@float_class.method("<=")
def less_equal(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float or other.__class__ is int:
        return TRUE if self <= other else FALSE
    return coerce_relation(self, ":<=", other)


@float_class.method(">")
def greater(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float or other.__class__ is int:
        return TRUE if self > other else FALSE
    return coerce_relation(self, ":>", other)


@float_class.method(">=")
def greater_equal(self: float, blk: Block, other: Value) -> Value:
    if other.__class__ is float or other.__class__ is int:
        return TRUE if self >= other else FALSE
    return coerce_relation(self, ":>=", other)


@float_class.method("hash")
def hash_of(self: float, blk: Block) -> int:
    return hash_code(self)


@float_class.method("zero?")
def is_zero(self: float, blk: Block) -> Value:
    return FALSE if self else TRUE


@float_class.method("positive?")
def is_positive(self: float, blk: Block) -> Value:
    return TRUE if self > 0 else FALSE


@float_class.method("negative?")
def is_negative(self: float, blk: Block) -> Value:
    return TRUE if self < 0 else FALSE


@float_class.method("nan?")
def is_nan(self: float, blk: Block) -> Value:
    return truth(self != self)


@float_class.method("infinite?")
def is_infinite(self: float, blk: Block) -> Value:
    """Return 1 or -1 for an infinity, else nil."""
    return (1 if self > 0 else -1) if isinf(self) else None


@float_class.method("finite?")
def is_finite(self: float, blk: Block) -> Value:
    return truth(math.isfinite(self))


@float_class.method("next_float")
def next_float(self: float, blk: Block) -> float:
    return math.nextafter(self, INFINITY)


@float_class.method("prev_float")
def prev_float(self: float, blk: Block) -> float:
    return math.nextafter(self, -INFINITY)


# --- rounding -------------------------------------------------------------------------------------------------------
# With digits behind the point the intermediate values are Floats, as in Ruby, so that the results are the same to
# the last bit. Beyond 14 digits powers of ten are not exact any more, and `round` takes the exact value instead.

EXACT_DIGITS = 14


def truncated_div(a: int, b: int) -> int:
    return a // b if a >= 0 else -(-a // b)


def is_precise(number: float, places: int) -> bool:
    """Return whether `number` has no more than `places` digits behind the point, so that rounding changes nothing."""
    exponent = frexp(number)[1]
    return places >= 17 - (exponent // 4 if exponent > 0 else truncated_div(exponent, 3) - 1)


def vanishes(number: float, places: int) -> bool:
    """Return whether `number` is too small for `places` digits behind the point."""
    exponent = frexp(number)[1]
    return places < -(exponent // 3 + 1 if exponent > 0 else truncated_div(exponent, 4))


def place_count(places: Value) -> int:
    return int(places) if places.__class__ is int else as_int(places)


@float_class.method("floor")
def floor(self: float, blk: Block, places: Value = 0) -> Value:
    if places.__class__ is int and not places:
        return float_floor(self)
    count = place_count(places)
    if count > 0:
        return self if not self else floor_to(self, count)
    return floor_int(float_floor(self), None, count)


def floor_to(number: float, places: int) -> float:
    if not math.isfinite(number) or is_precise(number, places):
        return number
    if number > 0 and vanishes(number, places):
        return 0.0
    unit = 10.0**places
    scaled = float(math.floor(number * unit))
    result = (scaled + 1) / unit
    return scaled / unit if result > number else result


@float_class.method("ceil")
def ceil(self: float, blk: Block, places: Value = 0) -> Value:
    if places.__class__ is int and not places:
        return -float_floor(-self) if not isinf(self) else float_floor(self)
    count = place_count(places)
    if count > 0:
        return self if not self else ceil_to(self, count)
    return ceil_int(-float_floor(-self) if not isinf(self) else float_floor(self), None, count)


def ceil_to(number: float, places: int) -> float:
    if not math.isfinite(number) or is_precise(number, places):
        return number
    if number < 0 and vanishes(number, places):
        return 0.0
    unit = 10.0**places
    scaled = copysign(float(ceiling(number * unit)), number)
    return scaled / unit


@float_class.method("truncate", "to_i", "to_int")
def truncate(self: float, blk: Block, places: Value = 0) -> Value:
    if places.__class__ is int and not places:
        if not math.isfinite(self):
            raise float_domain(self)
        return int(self)
    return floor(self, None, places) if self > 0 else ceil(self, None, places)


@float_class.method("round")
def round_(self: float, blk: Block, places: Value = 0, *, half: Value = None) -> Value:
    """Round to `places` digits behind the point; numbers in the middle go away from 0 (`half: :up`), or as told."""
    if half is None and places.__class__ is int:
        if not places and -WHOLE < self < WHOLE:
            whole = int(self)
            rest = self - whole
            return whole + 1 if rest >= 0.5 else whole - 1 if rest <= -0.5 else whole
        if 0 < places < 10 and (1e-4 < self < 1e5 or -1e5 < self < -1e-4):  # neither precise nor too small
            return round_half_up(self, UNITS[places]) / UNITS[places]
    count = place_count(places)
    mode = "up"
    if half is not None:
        mode = rounding_mode(half)
    if count > 0:
        if not self or not math.isfinite(self) or is_precise(self, count):
            return self
        if vanishes(self, count):
            return 0.0
        if count > EXACT_DIGITS:
            return round_ratio(self, count, mode)
        unit = 10.0**count
        return ROUNDINGS[mode](self, unit) / unit
    if not math.isfinite(self):
        raise float_domain(self)
    if not count:
        return int(ROUNDINGS[mode](self, 1.0))
    if vanishes(self, count):
        return 0
    return round_int(int(self), None, count, half=half)


def round_away(number: float) -> float:
    """Return the nearest whole number, away from 0 in the middle (as `round` of C)."""
    if abs(number) >= 4503599627370496.0:
        return number
    whole = math.floor(abs(number))
    return copysign(float(whole + 1 if abs(number) - whole >= 0.5 else whole), number)


WHOLE = 4503599627370496.0  # Floats from here on have no fraction
UNITS = [10.0**places for places in range(10)]


def round_half_up(number: float, unit: float) -> float:
    """Return number * unit, rounded; corrected where the product was rounded across the middle."""
    scaled = number * unit
    if 0.0 < scaled < WHOLE:
        result = float(int(scaled))
        if scaled - result >= 0.5:
            result += 1.0
    else:
        result = round_away(scaled)
    if unit == 1.0:
        return result
    if number > 0:
        return result + 1 if (result + 0.5) / unit <= number else result
    return result - 1 if (result - 0.5) / unit >= number else result


def round_half_down(number: float, unit: float) -> float:
    result = round_away(number * unit)
    if number > 0:
        return result - 1 if (result - 0.5) / unit >= number else result
    return result + 1 if (result + 0.5) / unit <= number else result


def round_half_even(number: float, unit: float) -> float:
    """Return number * unit, rounded. Only the fraction is scaled, so that it loses no digits to the whole part."""
    part, whole = math.modf(abs(number))
    scaled, base = part * unit, whole * unit
    result = float(math.floor(scaled))
    rest = scaled - result
    if rest > 0.5:
        result += 1
    elif rest == 0.5 or (base + result + 0.5) / unit <= abs(number):
        result += (base + result) % 2
    return copysign(base + result, number)


ROUNDINGS = {"up": round_half_up, "down": round_half_down, "even": round_half_even}


def round_ratio(number: float, places: int, mode: str) -> float:
    numerator, denominator = number.as_integer_ratio()
    scaled = round_to_unit(numerator * 10**places, denominator, mode) // denominator
    return scaled / 10**places


# --- conversion -----------------------------------------------------------------------------------------------------


@float_class.method("to_s", "inspect")
def to_s(self: float, blk: Block) -> String:
    return String(float_text(self))


@float_class.method("to_f")
def to_f(self: float, blk: Block) -> float:
    return self


def exact_ratio(number: float) -> tuple[int, int]:
    if not math.isfinite(number):
        raise float_domain(number)
    return number.as_integer_ratio()


@float_class.method("to_r")
def to_r(self: float, blk: Block) -> Value:
    return make_rational(*exact_ratio(self))


@float_class.method("rationalize")
def rationalize(self: float, blk: Block, tolerance: Value = UNDEF) -> Value:
    """Return the simplest Rational within `tolerance`, by default of those that convert to this Float."""
    return rationalize_float(self, tolerance)


@float_class.method("numerator")
def numerator(self: float, blk: Block) -> Value:
    return exact_ratio(self)[0] if math.isfinite(self) else self


@float_class.method("denominator")
def denominator(self: float, blk: Block) -> int:
    return exact_ratio(self)[1] if math.isfinite(self) else 1
