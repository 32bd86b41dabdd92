"""What the number classes share: Float arithmetic by Ruby's rules, powers, and operands of other classes (`coerce`)."""

from __future__ import annotations

from math import copysign, floor, fmod, isinf

from .convert import comparison_failed, inspect_str
from .dispatch import respond_to, send
from .errors import error
from .model import class_of
from .values import FALSE, TRUE, Array, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .errors import Raised
    from .values import Value

INFINITY = float("inf")
NAN = float("nan")
POWER_LIMIT = 32 * 1024 * 1024  # bits of the largest power that is computed


def int_to_float(number: int) -> float:
    """Return the nearest Float, an infinity beyond the largest."""
    try:
        return float(number)
    except OverflowError:
        return INFINITY if number > 0 else -INFINITY


# --- Floats ---------------------------------------------------------------------------------------------------------


def float_divide(a: float, b: float) -> float:
    if b:
        return a / b
    if a == 0 or a != a or b != b:
        return NAN
    return copysign(INFINITY, a) * copysign(1.0, b)


def float_modulo(a: float, b: float) -> float:
    """Return a % b, with the sign of `b`. ZeroDivisionError of the guest."""
    if b == 0:
        raise zero_division()
    if isinf(a):
        return NAN
    rest = a % b
    return rest if rest else copysign(0.0, a)


def float_floor_div(a: float, b: float) -> int:
    """Return a.div(b), an Integer. ZeroDivisionError or FloatDomainError of the guest."""
    if b == 0:
        raise zero_division()
    return float_floor(a / b)


def float_divmod(a: float, b: float) -> Array:
    """Return [quotient, rest] with an Integer quotient. ZeroDivisionError or FloatDomainError of the guest."""
    if b == 0:
        raise zero_division()
    rest = NAN if isinf(a) else fmod(a, b)
    quotient = a if isinf(a) and not isinf(b) else (a - rest) / b
    if b * rest < 0:
        rest += b
        quotient -= 1.0
    return Array([float_round(quotient), rest])


def float_round(number: float) -> int:
    """Return the nearest Integer. FloatDomainError of the guest if there is none."""
    if number != number or isinf(number):
        raise float_domain(number)
    return round(number)


def float_floor(number: float) -> int:
    """Return the floor. FloatDomainError of the guest if there is none."""
    if number != number or isinf(number):
        raise float_domain(number)
    return floor(number)


def float_domain(number: float) -> Raised:
    from .convert import float_text

    return error("FloatDomainError", float_text(number))


def float_power(a: float, b: float) -> Value:
    """Return a ** b: a Complex for a fractional power of a negative number."""
    if a < 0 and b != floor_or_self(b):
        from .core.complex import negative_real_power

        return negative_real_power(a, b)
    try:
        return a**b
    except OverflowError:
        return -INFINITY if a < 0 and b % 2 == 1 else INFINITY
    except ZeroDivisionError:
        return copysign(INFINITY, a) if b % 2 == 1 else INFINITY


def floor_or_self(number: float) -> float:
    return number if number != number or isinf(number) else float(floor(number))


# --- Integers -------------------------------------------------------------------------------------------------------


def int_power(a: int, b: int) -> Value:
    """Return a ** b: a Rational for negative `b`. ArgumentError of the guest for an enormous result."""
    if a == 1 or a == -1:
        return a if b % 2 else 1
    if b < 0:
        if a == 0:
            raise zero_division()
        return make_rational(1 if a > 0 or b % 2 == 0 else -1, int_power(abs(a), -b))
    if a == 0:
        return 0 if b else 1
    if a.bit_length() * b > POWER_LIMIT and (b >= POWER_LIMIT or abs(a) != 2):
        raise error("ArgumentError", "exponent is too large")
    return a**b


def make_rational(numerator: int, denominator: int) -> Value:
    from .core.rational import make_rational as make

    return make(numerator, denominator)


def zero_division() -> Raised:
    return error("ZeroDivisionError", "divided by 0")


# --- operands of other classes --------------------------------------------------------------------------------------


def coerce_failed(a: Value, b: Value) -> Raised:
    if b is None or b is TRUE or b is FALSE or b.__class__ is Symbol or b.__class__ is float:
        name = inspect_str(b)
    else:
        name = class_of(b).name or inspect_str(class_of(b))
    return error("TypeError", f"{name} can't be coerced into {class_of(a).name}")


def coerced(a: Value, b: Value) -> list[Any] | None:
    """Return the two values that `b.coerce(a)` answers, None if `b` cannot. TypeError if it answers something else."""
    if not respond_to(b, "coerce", True):
        return None
    pair = send(b, ";coerce", None, a)
    if not isinstance(pair, Array) or len(pair.a) != 2:
        raise error("TypeError", "coerce must return [x, y]")
    return pair.a


def coerce_binary(a: Value, attr: str, b: Value) -> Any:
    """Return the operation `attr` of `a` and an operand that its class does not know. TypeError of the guest."""
    pair = coerced(a, b)
    if pair is None:
        raise coerce_failed(a, b)
    return send(pair[0], attr, None, pair[1])


def coerce_bits(a: Value, attr: str, b: Value) -> Any:
    """The same for an operation that only whole numbers have."""
    pair = coerced(a, b)
    if pair is None or not respond_to(pair[0], attr[1:]):
        raise coerce_failed(a, b)
    return send(pair[0], attr, None, pair[1])


def coerce_compare(a: Value, b: Value) -> Any:
    """Return a <=> b, nil if they cannot be compared."""
    if not respond_to(b, "coerce", True):
        return None
    pair = send(b, ";coerce", None, a)
    if pair is None:
        return None
    if not isinstance(pair, Array) or len(pair.a) != 2:
        raise error("TypeError", "coerce must return [x, y]")
    return send(pair.a[0], ":<=>", None, pair.a[1])


def coerce_relation(a: Value, attr: str, b: Value) -> Any:
    """Return a < b and its like. ArgumentError of the guest if they cannot be compared."""
    pair: Any = None
    if respond_to(b, "coerce", True):
        pair = send(b, ";coerce", None, a)
    if pair is None:
        raise comparison_failed(a, b)
    if not isinstance(pair, Array) or len(pair.a) != 2:
        raise error("TypeError", "coerce must return [x, y]")
    answer = send(pair.a[0], attr, None, pair.a[1])
    if answer is None:
        raise comparison_failed(a, b)
    return answer


def reversed_equal(a: Value, b: Value) -> Any:
    """Return a == b as `b` sees it."""
    answer = send(b, ":==", None, a)
    return FALSE if answer is FALSE or answer is None else TRUE
