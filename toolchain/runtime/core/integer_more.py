"""Integer: number theory, digits, bit tests and conversions that few programs use."""

from __future__ import annotations

from math import isqrt

from ..arithmetic import coerce_binary, make_rational, zero_division
from ..builtin import NativeClass
from ..dispatch import respond_to, send
from ..errors import error
from ..later import later
from ..values import FALSE, TRUE, UNDEF, Array, truth
from .integer import count_int, gcd, lcm, power

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..convert import bad_conversion, int_text
    from ..values import Block, Value
    from .numeric import general_remainder
else:
    later(globals(), ".numeric", "general_remainder")
    later(globals(), "..convert", "int_text", "bad_conversion")

integer = NativeClass("Integer")


@integer.method("remainder")
def remainder(self: int, blk: Block, other: Value) -> Value:
    """Divide towards zero and return the rest, which has the sign of the receiver."""
    if other.__class__ is int:
        if not other:
            raise zero_division()
        rest = abs(self) % abs(other)
        return -rest if self < 0 else rest
    return general_remainder(self, other)


@integer.method("pow")
def pow_(self: int, blk: Block, exponent: Value, modulus: Value = UNDEF) -> Value:
    """Return self ** exponent, or that modulo `modulus` without making the power."""
    if modulus is UNDEF:
        return power(self, None, exponent)
    if exponent.__class__ is not int:
        raise error("TypeError", "Integer#pow() 2nd argument not allowed unless a 1st argument is integer")
    if exponent < 0:
        raise error("RangeError", "Integer#pow() 1st argument cannot be negative when 2nd argument specified")
    if modulus.__class__ is not int:
        raise error("TypeError", "Integer#pow() 2nd argument not allowed unless all arguments are integers")
    if not modulus:
        raise zero_division()
    return pow(self, exponent, modulus)


@integer.method("ceildiv")
def ceildiv(self: int, blk: Block, other: Value) -> Value:
    """Divide and round up."""
    if other.__class__ is int:
        if not other:
            raise zero_division()
        return -(-self // other)
    negative = -other if other.__class__ is float else coerce_binary(0, ":-", other)
    return send(send(self, ":div", None, negative), ":-@")


@integer.method("gcdlcm")
def gcdlcm(self: int, blk: Block, other: Value) -> Array:
    return Array([gcd(self, None, other), lcm(self, None, other)])


HUGE = 1 << 4096  # beyond this the host may refuse to write the digits
DIGIT_VALUES = bytes(code - 48 if 48 <= code < 58 else code for code in range(256))


@integer.method("digits")
def digits(self: int, blk: Block, base: Value = 10) -> Array:
    """Return the digits in `base`, the least significant first."""
    if base == 10 and 0 <= self < HUGE:
        return Array(list(str(self).encode()[::-1].translate(DIGIT_VALUES)))
    radix = count_int(base)
    if radix < 0:
        raise error("ArgumentError", "negative radix")
    if radix < 2:
        raise error("ArgumentError", f"invalid radix {radix}")
    if self < 0:
        raise error("Math::DomainError", "out of domain")
    if radix == 10:
        return Array([ord(char) - 48 for char in reversed(int_text(self))])
    result = []
    number = self
    while number >= radix:
        number, digit = divmod(number, radix)
        result.append(digit)
    result.append(number)
    return Array(result)


@integer.method("bit_length")
def bit_length(self: int, blk: Block) -> int:
    return (~self if self < 0 else self).bit_length()


@integer.method("size")
def size(self: int, blk: Block) -> int:
    """Return the number of bytes that the number takes: 8 unless it is longer than a machine word."""
    return max(8, (abs(self).bit_length() + 7) // 8)


@integer.method("allbits?")
def has_all_bits(self: int, blk: Block, mask: Value) -> Value:
    bits = count_int(mask)
    return truth(self & bits == bits)


@integer.method("anybits?")
def has_any_bits(self: int, blk: Block, mask: Value) -> Value:
    return TRUE if self & count_int(mask) else FALSE


@integer.method("nobits?")
def has_no_bits(self: int, blk: Block, mask: Value) -> Value:
    return FALSE if self & count_int(mask) else TRUE


@integer.method("integer?")
def is_integer(self: int, blk: Block) -> Value:
    return TRUE


@integer.method("denominator")
def denominator(self: int, blk: Block) -> int:
    return 1


@integer.method("to_r")
def to_r(self: int, blk: Block) -> Value:
    return make_rational(self, 1)


@integer.method("rationalize")
def rationalize(self: int, blk: Block, tolerance: Value = UNDEF) -> Value:
    return make_rational(self, 1)


@integer.singleton("sqrt")
def sqrt(self: Value, blk: Block, number: Value) -> int:
    """Return the integral part of the square root."""
    value = count_int(number)
    if value < 0:
        raise error("Math::DomainError", 'Numerical argument is out of domain - "isqrt"')
    return isqrt(value)


@integer.singleton("try_convert")
def try_convert(self: Value, blk: Block, value: Value) -> Value:
    """Return what `to_int` answers, nil if there is no such method."""
    if value.__class__ is int:
        return value
    if value is None or not respond_to(value, "to_int", True):
        return None
    number: Any = send(value, ";to_int")
    if number is not None and number.__class__ is not int:
        raise bad_conversion(value, "Integer", "to_int", number)
    return number
