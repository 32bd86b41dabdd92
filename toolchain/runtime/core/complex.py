"""Complex: arithmetic, comparison, conversion. Every other file makes them by `make_complex` and `make_polar`.

The parts are Integers, Floats or Rationals and keep their class, so they are computed with by the operators.
"""

from __future__ import annotations

import math
from math import copysign, isinf

from ..arithmetic import coerce_failed, coerced, reversed_equal
from ..builtin import NativeClass, builtin_class
from ..convert import as_float, conversion_name, equal, inspect_str
from ..convert import to_s as text_of
from ..dispatch import send
from ..errors import error
from ..hashing import wrapped_key
from ..later import later
from ..model import class_of, ensure_py, kind_of
from ..operators import op_add, op_div, op_lt, op_mul, op_pow, op_sub
from ..values import FALSE, TRUE, UNDEF, Array, String, truth
from .rational import RationalValue, make_rational, undefine, without_new

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..dispatch import respond_to
    from ..hashing import hash_code
    from ..values import Block, Value
    from .string_convert import real_at
else:
    later(globals(), "..hashing", "hash_code")
    later(globals(), ".string_convert", "real_at")
    later(globals(), "..dispatch", "respond_to")

numeric_class = builtin_class("Numeric")
Numeric: Any = ensure_py(numeric_class)


class ComplexValue(Numeric):
    """`re` + `im` i."""

    __slots__ = ("re", "im")
    mclass = None
    is_frozen = True
    key_maker = wrapped_key

    re: Any
    im: Any

    def __repr__(self) -> str:
        return f"ComplexValue({self.re!r}, {self.im!r})"

    def __eq__(self, other: object) -> bool:
        """Compare with a number as the program does, for generated code; everything else by identity."""
        if other.__class__ is int or other.__class__ is float:
            return equals(self, None, other) is TRUE
        return self is other

    __hash__ = object.__hash__


complex_class = NativeClass("Complex")
without_new(complex_class.mod)


def make_complex(real: Value, imaginary: Value) -> ComplexValue:
    result = ComplexValue()
    result.re = real
    result.im = imaginary
    return result


complex_class.constant("I", make_complex(0, 1))
# What numbers without an order cannot do.
undefine(
    complex_class.mod,
    "<", "<=", ">", ">=", "between?", "clamp", "%", "modulo", "div", "divmod", "remainder", "floor", "ceil", "round",
    "truncate", "step", "positive?", "negative?", "i",
)  # fmt: skip


def make_polar(radius: Value, angle: Value) -> ComplexValue:
    """Return the number at distance `radius` from 0 in direction `angle`, exactly so along the axes."""
    if equal(radius, 0) or equal(angle, 0):
        return make_complex(radius, 0.0)
    direction = as_float(angle)
    if direction == math.pi:
        return make_complex(send(radius, ":-@"), 0.0)
    if direction == math.pi / 2:
        return make_complex(0.0, radius)
    return make_complex(op_mul(radius, math.cos(direction)), op_mul(radius, math.sin(direction)))


def is_exact_zero(value: Value) -> bool:
    return value.__class__ is int and value == 0 or value.__class__ is RationalValue and not value.num


def is_zero_part(value: Value) -> bool:
    """Return whether a part is zero."""
    return bool(value.num == 0 if value.__class__ is RationalValue else value == 0)


def is_real(value: Value) -> bool:
    """Return whether `value` is a number that is no Complex."""
    cls = value.__class__
    if cls is int or cls is float or cls is RationalValue:
        return True
    return cls is not ComplexValue and kind_of(value, numeric_class)


def is_number(value: Value) -> bool:
    return value.__class__ is ComplexValue or is_real(value)


def has_float(*parts: Value) -> bool:
    return any(part.__class__ is float for part in parts)


def check_real(value: Value) -> Value:
    if not is_real(value):
        raise error("TypeError", "not a real")
    return value


# --- arithmetic -----------------------------------------------------------------------------------------------------


def by_coercion(self: ComplexValue, attr: str, other: Value) -> Value:
    pair = coerced(self, other)
    if pair is None:
        raise coerce_failed(self, other)
    return send(pair[0], attr, None, pair[1])


@complex_class.method("+")
def add(self: ComplexValue, blk: Block, other: Value) -> Value:
    if other.__class__ is ComplexValue:
        return make_complex(op_add(self.re, other.re), op_add(self.im, other.im))
    if is_real(other):
        return make_complex(op_add(self.re, other), self.im)
    return by_coercion(self, ":+", other)


@complex_class.method("-")
def subtract(self: ComplexValue, blk: Block, other: Value) -> Value:
    if other.__class__ is ComplexValue:
        return make_complex(op_sub(self.re, other.re), op_sub(self.im, other.im))
    if is_real(other):
        return make_complex(op_sub(self.re, other), self.im)
    return by_coercion(self, ":-", other)


@complex_class.method("*")
def multiply(self: ComplexValue, blk: Block, other: Value) -> Value:
    if other.__class__ is ComplexValue:
        return product(self, other)
    if is_real(other):
        return make_complex(op_mul(self.re, other), op_mul(self.im, other))
    return by_coercion(self, ":*", other)


def product(a: ComplexValue, b: ComplexValue) -> ComplexValue:
    if a.re.__class__ is a.im.__class__ is b.re.__class__ is b.im.__class__ is float:
        return make_complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
    return make_complex(
        op_sub(op_mul(a.re, b.re), op_mul(a.im, b.im)),
        op_add(op_mul(a.re, b.im), op_mul(a.im, b.re)),
    )


def quotient(a: Value, b: Value) -> Value:
    """Return a / b, exactly for Integers and Rationals."""
    if a.__class__ is int and b.__class__ is int:
        return make_rational(a, b)
    return op_div(a, b)


def canonical(value: Value) -> Value:
    """Return the Integer that a Rational with denominator 1 is; other values as they are."""
    return value.num if value.__class__ is RationalValue and value.den == 1 else value


@complex_class.method("/", "quo")
def divide(self: ComplexValue, blk: Block, other: Value) -> Value:
    return divided(self, other, quotient)


@complex_class.method("fdiv")
def fdiv(self: ComplexValue, blk: Block, other: Value) -> Value:
    return divided(self, other, lambda a, b: send(a, ":fdiv", None, b))


def divided(self: ComplexValue, other: Value, quo: Any) -> Value:
    """Divide by the larger part of `other` first, so that its square cannot overflow."""
    if other.__class__ is ComplexValue:
        a, b, c, d = self.re, self.im, other.re, other.im
        if as_float(send(c, ":abs")) > as_float(send(d, ":abs")):
            ratio = quo(d, c)
            size = op_mul(c, op_add(1, op_mul(ratio, ratio)))
            real = quo(op_add(a, op_mul(b, ratio)), size)
            imaginary = quo(op_sub(b, op_mul(a, ratio)), size)
        else:
            ratio = quo(c, d)
            size = op_mul(d, op_add(1, op_mul(ratio, ratio)))
            real = quo(op_add(op_mul(a, ratio), b), size)
            imaginary = quo(op_sub(op_mul(b, ratio), a), size)
        if not has_float(a, b, c, d):
            real, imaginary = canonical(real), canonical(imaginary)
        return make_complex(real, imaginary)
    if is_real(other):
        return make_complex(canonical(quo(self.re, other)), canonical(quo(self.im, other)))
    return by_coercion(self, ":/", other)


@complex_class.method("**", "pow")
def power(self: ComplexValue, blk: Block, other: Value) -> Value:
    return complex_power(self, other)


def complex_power(base: ComplexValue, exponent: Value) -> Value:
    """Return base ** exponent: exactly for Integers, otherwise in polar form."""
    if is_exact_zero(exponent):
        return make_complex(1, 0)
    exponent = canonical(exponent)
    if exponent.__class__ is ComplexValue and is_exact_zero(exponent.im):
        exponent = canonical(exponent.re)
    if exponent.__class__ is int:
        if exponent == 1:
            return make_complex(base.re, base.im)
        return axis_power(base, exponent) or repeated_product(base, exponent)
    if exponent.__class__ is ComplexValue:
        if is_zero_part(base.re) and is_zero_part(base.im):
            return make_complex(0, 0)
        radius, angle = absolute(base, None), as_float(arg(base, None))
        real, imaginary = as_float(exponent.re), as_float(exponent.im)
        log = math.log(radius)
        return make_polar(math.exp(real * log - imaginary * angle), angle * real + imaginary * log)
    if is_real(exponent):
        return make_polar(op_pow(absolute(base, None), exponent), op_mul(arg(base, None), exponent))
    return by_coercion(base, ":**", exponent)


def square_root(number: ComplexValue) -> ComplexValue:
    """Return the root in the right half-plane."""
    size, real = absolute(number, None), as_float(number.re)
    imaginary = math.sqrt((size - real) / 2.0)
    return make_complex(math.sqrt((size + real) / 2.0), -imaginary if sign_of(number.im) == "-" else imaginary)


def negative_real_power(base: float, exponent: float) -> ComplexValue:
    """Return a fractional power of a negative Float."""
    radius = (-base) ** exponent
    fraction, whole = math.modf(exponent)
    if abs(fraction) == 0.5:
        # The direction is one of the imaginary axis: up for 0.5, down for 1.5, and so on.
        return make_complex(0.0, radius if (exponent - 0.5) % 2 == 0 else -radius)
    return make_complex(radius * math.cos(math.pi * exponent), radius * math.sin(math.pi * exponent))


# Direction in units of 45 degrees -> signs of the parts.
SIGNS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))


def axis_power(base: ComplexValue, exponent: int) -> ComplexValue | None:
    """Return a whole power of a number on an axis or a diagonal, None for others."""
    a, b = base.re, base.im
    if is_zero_part(b):
        size, direction = a, 0
    elif is_zero_part(a):
        size, direction = b, 2
    elif equal(a, b):
        size, direction = a, 1
    elif equal(a, send(b, ":-@")):
        size, direction = b, 3
    else:
        return None
    if op_lt(size, 0) is TRUE:
        size = send(size, ":-@")
        direction += 4
    if direction % 2 == 0:
        radius = op_pow(size, exponent)
    else:  # the number is size * (1 + i), whose square is 2i
        radius = op_pow(op_mul(op_mul(2, size), size), exponent // 2)
        if exponent % 2:
            radius = op_mul(radius, size)
    real, imaginary = SIGNS[direction * exponent % 8]
    return make_complex(signed(radius, real), signed(radius, imaginary))


def signed(value: Value, sign: int) -> Value:
    return 0 if not sign else value if sign > 0 else send(value, ":-@")


def repeated_product(base: ComplexValue, exponent: int) -> ComplexValue:
    """Return base ** exponent by squaring."""
    if exponent < 0:
        base = divide(make_complex(1, 0), None, base)
        exponent = -exponent
    result = base
    exponent -= 1
    while exponent:
        if exponent & 1:
            result = product(result, base)
        base = make_complex(
            op_sub(op_mul(base.re, base.re), op_mul(base.im, base.im)), op_mul(op_mul(2, base.re), base.im)
        )
        exponent >>= 1
    return result


@complex_class.method("-@")
def negate(self: ComplexValue, blk: Block) -> ComplexValue:
    return make_complex(send(self.re, ":-@"), send(self.im, ":-@"))


@complex_class.method("conjugate", "conj")
def conjugate(self: ComplexValue, blk: Block) -> ComplexValue:
    return make_complex(self.re, send(self.im, ":-@"))


@complex_class.method("abs", "magnitude")
def absolute(self: ComplexValue, blk: Block) -> float:
    return math.hypot(as_float(self.re), as_float(self.im))


@complex_class.method("abs2")
def abs2(self: ComplexValue, blk: Block) -> Value:
    return op_add(op_mul(self.re, self.re), op_mul(self.im, self.im))


@complex_class.method("arg", "angle", "phase")
def arg(self: ComplexValue, blk: Block) -> Value:
    if is_exact_zero(self.im) and is_exact_zero(self.re):
        return 0.0
    return math.atan2(as_float(self.im), as_float(self.re))


@complex_class.method("polar")
def polar(self: ComplexValue, blk: Block) -> Array:
    return Array([absolute(self, None), arg(self, None)])


@complex_class.method("rect", "rectangular")
def rect(self: ComplexValue, blk: Block) -> Array:
    return Array([self.re, self.im])


@complex_class.method("real")
def real(self: ComplexValue, blk: Block) -> Value:
    return self.re


@complex_class.method("imaginary", "imag")
def imaginary(self: ComplexValue, blk: Block) -> Value:
    return self.im


@complex_class.method("coerce")
def coerce(self: ComplexValue, blk: Block, other: Value) -> Array:
    if other.__class__ is ComplexValue:
        return Array([other, self])
    if is_real(other):
        return Array([make_complex(other, 0), self])
    raise error("TypeError", f"{class_of(other).name} can't be coerced into Complex")


# --- comparison -----------------------------------------------------------------------------------------------------


@complex_class.method("==")
def equals(self: ComplexValue, blk: Block, other: Value) -> Value:
    if other.__class__ is ComplexValue:
        return truth(equal(self.re, other.re) and equal(self.im, other.im))
    if is_real(other):
        return truth(equal(self.re, other) and is_zero_part(self.im))
    return reversed_equal(self, other)


@complex_class.method("<=>")
def compare(self: ComplexValue, blk: Block, other: Value) -> Value:
    """Order numbers on the real axis; nil for others."""
    if not is_zero_part(self.im):
        return None
    if other.__class__ is ComplexValue:
        return send(self.re, ":<=>", None, other.re) if is_zero_part(other.im) else None
    return send(self.re, ":<=>", None, other) if is_real(other) else None


@complex_class.method("eql?")
def is_eql(self: ComplexValue, blk: Block, other: Value) -> Value:
    return truth(
        other.__class__ is ComplexValue
        and self.re.__class__ is other.re.__class__
        and self.im.__class__ is other.im.__class__
        and equal(self.re, other.re)
        and equal(self.im, other.im)
    )


@complex_class.method("hash")
def hash_of(self: ComplexValue, blk: Block) -> int:
    return hash(("c", hash_code(self.re), hash_code(self.im)))


@complex_class.method("real?")
def is_real_number(self: ComplexValue, blk: Block) -> Value:
    return FALSE


@complex_class.method("finite?")
def is_finite(self: ComplexValue, blk: Block) -> Value:
    return truth(all(part.__class__ is not float or math.isfinite(part) for part in (self.re, self.im)))


@complex_class.method("infinite?")
def is_infinite(self: ComplexValue, blk: Block) -> Value:
    return 1 if any(part.__class__ is float and isinf(part) for part in (self.re, self.im)) else None


# --- conversion -----------------------------------------------------------------------------------------------------


def sign_of(value: Value) -> str:
    """Return the sign that stands before the imaginary part."""
    if value.__class__ is float:
        return "-" if copysign(1.0, value) < 0 and value == value else "+"
    return "-" if op_lt(value, 0) is TRUE else "+"


def joined(real: str, sign: str, imaginary: str) -> str:
    return f"{real}{sign}{imaginary}{'' if imaginary[-1:].isdigit() else '*'}i"


@complex_class.method("to_s")
def to_s(self: ComplexValue, blk: Block) -> String:
    return String(joined(text_of(self.re), sign_of(self.im), text_of(send(self.im, ":abs"))))


@complex_class.method("inspect")
def inspect(self: ComplexValue, blk: Block) -> String:
    return String("(" + joined(inspect_str(self.re), sign_of(self.im), inspect_str(send(self.im, ":abs"))) + ")")


def real_part(self: ComplexValue, target: str) -> Value:
    """Return the real part for a conversion. RangeError of the guest unless the imaginary part is exactly 0."""
    if not is_exact_zero(self.im):
        raise error("RangeError", f"can't convert {text_of(to_s(self, None))} into {target}")
    return self.re


@complex_class.method("to_i")
def to_i(self: ComplexValue, blk: Block) -> Value:
    return send(real_part(self, "Integer"), ":to_i")


@complex_class.method("to_f")
def to_f(self: ComplexValue, blk: Block) -> Value:
    return send(real_part(self, "Float"), ":to_f")


@complex_class.method("to_r")
def to_r(self: ComplexValue, blk: Block) -> Value:
    if self.im.__class__ is float and self.im == 0:
        return send(self.re, ":to_r")
    return send(real_part(self, "Rational"), ":to_r")


@complex_class.method("rationalize")
def rationalize(self: ComplexValue, blk: Block, *tolerance: Value) -> Value:
    return send(real_part(self, "Rational"), ":rationalize", None, *tolerance)


@complex_class.method("to_c")
def to_c(self: ComplexValue, blk: Block) -> ComplexValue:
    return self


@complex_class.method("denominator")
def denominator(self: ComplexValue, blk: Block) -> Value:
    """Return the least common multiple of the denominators of both parts."""
    return send(send(self.re, ":denominator"), ":lcm", None, send(self.im, ":denominator"))


@complex_class.method("numerator")
def numerator(self: ComplexValue, blk: Block) -> ComplexValue:
    common = denominator(self, None)
    return make_complex(canonical(op_mul(self.re, common)), canonical(op_mul(self.im, common)))


# --- the class ------------------------------------------------------------------------------------------------------


@complex_class.singleton("rect", "rectangular")
def rect_new(self: Value, blk: Block, real: Value, imaginary: Value = 0) -> ComplexValue:
    return make_complex(check_real(real), check_real(imaginary))


@complex_class.singleton("polar")
def polar_new(self: Value, blk: Block, radius: Value, angle: Value = 0) -> ComplexValue:
    return make_polar(check_real(radius), check_real(angle))


PLAIN_PARTS = (int, float)


def convert_complex(real: Value, imaginary: Value = UNDEF) -> Value:
    """Return what `Complex(real, imaginary)` answers. TypeError or ArgumentError of the guest."""
    if real is None or imaginary is None:
        raise error("TypeError", "can't convert nil into Complex")
    if isinstance(real, String):
        real = parse_complex(real)
    if isinstance(imaginary, String):
        imaginary = parse_complex(imaginary)
    if real.__class__ in PLAIN_PARTS and imaginary.__class__ in PLAIN_PARTS:
        return make_complex(real, imaginary)
    if imaginary is UNDEF:
        if real.__class__ is ComplexValue:
            return real
        if is_real(real):
            return make_complex(real, 0)
        if not respond_to(real, "to_c"):
            raise error("TypeError", f"can't convert {conversion_name(real)} into Complex")
        return send(real, ":to_c")
    real, imaginary = simplified(real), simplified(imaginary)
    if not is_number(real) or not is_number(imaginary):
        raise error("TypeError", "not a real")
    if is_real(real) and is_real(imaginary):
        return make_complex(real, imaginary)
    return op_add(real, multiply(make_complex(0, 1), None, imaginary))


def simplified(value: Value) -> Value:
    """Return the real part of a Complex whose imaginary part is exactly 0; other values as they are."""
    return value.re if value.__class__ is ComplexValue and is_exact_zero(value.im) else value


def parse_complex(value: String) -> ComplexValue:
    """Return the Complex that the whole text is. ArgumentError of the guest."""
    from .text import WHITESPACE

    text = value.s.strip(WHITESPACE)
    result = scan_complex(text)
    if result is None:
        raise error("ArgumentError", f"invalid value for convert(): {inspect_str(value)}")
    return result


UNITS = ("i", "I", "j", "J")


def scan_complex(text: str) -> ComplexValue | None:
    """Return the number that `text` is: `a`, `bi`, `a+bi` or `r@angle`; None if it is none."""
    first, stop, given = real_at(text, 0)
    if not given:
        sign, unit = (text[:1], text[1:]) if text[:1] in ("+", "-") else ("", text)
        return make_complex(0, -1 if sign == "-" else 1) if unit in UNITS else None
    rest = text[stop:]
    if not rest or rest == ".":
        return make_complex(first, 0)
    if rest in UNITS:
        return make_complex(0, first)
    if rest[0] == "@":
        angle, end, has_angle = real_at(text, stop + 1)
        return make_polar(first, angle) if has_angle and end == len(text) else None
    if rest[0] not in "+-":
        return None
    second, end, given = real_at(text, stop)
    if not given:
        second, end = (-1 if rest[0] == "-" else 1), stop + 1
    return make_complex(first, second) if text[end:] in UNITS else None
