"""Integer: arithmetic, comparison, bits and counting. What programs use less is in integer_more.py."""

from __future__ import annotations

from ..arithmetic import (
    INFINITY,
    coerce_binary,
    coerce_bits,
    coerce_compare,
    coerce_relation,
    float_divide,
    float_divmod,
    float_floor,
    float_floor_div,
    float_modulo,
    float_power,
    int_power,
    int_to_float,
    reversed_equal,
    zero_division,
)
from ..blocks import BATCHES, enum_for
from ..builtin import NativeClass
from ..convert import as_float, as_int, comparison_failed, int_text
from ..dispatch import send
from ..errors import error
from ..later import later
from ..values import FALSE, TRUE, UNDEF, Array, AsciiString, BinaryString, Range, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from math import gcd as greatest
    from typing import Any

    from ..values import Block, Value
    from .encoding import as_encoding
    from .kernel_convert import to_float
    from .numeric import rounding_mode
    from .string_encoding import code_point_string
    from .text import host_of
else:
    later(globals(), "math", greatest="gcd")
    later(globals(), ".string_encoding", "code_point_string")
    later(globals(), ".text", "host_of")
    later(globals(), ".encoding", "as_encoding")
    later(globals(), ".kernel_convert", "to_float")
    later(globals(), ".numeric", "rounding_mode")

integer = NativeClass("Integer")

SHIFT_LIMIT = 1 << 34
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


# --- arithmetic -----------------------------------------------------------------------------------------------------


@integer.method("+")
def add(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int:
        return self + other
    if other.__class__ is float:
        return int_to_float(self) + other
    return coerce_binary(self, ":+", other)


@integer.method("-")
def subtract(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int:
        return self - other
    if other.__class__ is float:
        return int_to_float(self) - other
    return coerce_binary(self, ":-", other)


@integer.method("*")
def multiply(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int:
        return self * other
    if other.__class__ is float:
        return int_to_float(self) * other
    return coerce_binary(self, ":*", other)


@integer.method("/")
def divide(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int:
        if not other:
            raise zero_division()
        return self // other
    if other.__class__ is float:
        return float_divide(int_to_float(self), other)
    return coerce_binary(self, ":/", other)


@integer.method("%", "modulo")
def modulo(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int:
        if not other:
            raise zero_division()
        return self % other
    if other.__class__ is float:
        return float_modulo(int_to_float(self), other)
    return coerce_binary(self, ":%", other)


@integer.method("**")
def power(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int:
        return int_power(self, other)
    if other.__class__ is float:
        return float_power(int_to_float(self), other)
    return coerce_binary(self, ":**", other)


@integer.method("div")
def div(self: int, blk: Block, other: Value) -> Value:
    """Divide and round down to an Integer, whatever the operand."""
    if other.__class__ is int:
        if not other:
            raise zero_division()
        return self // other
    if other.__class__ is float:
        return float_floor_div(int_to_float(self), other)
    return send(coerce_binary(self, ":/", other), ":floor")


@integer.method("divmod")
def divmod_(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int:
        if not other:
            raise zero_division()
        quotient, rest = divmod(self, other)
        return Array([quotient, rest])
    if other.__class__ is float:
        return float_divmod(int_to_float(self), other)
    return coerce_binary(self, ":divmod", other)


@integer.method("fdiv")
def fdiv(self: int, blk: Block, other: Value) -> Value:
    """Divide as Floats; two Integers of any size give the Float nearest to the true quotient."""
    if other.__class__ is int:
        if not other:
            return float_divide(int_to_float(self), 0.0)
        try:
            return self / other
        except OverflowError:
            return int_to_float(self) if other > 0 else -int_to_float(self)
    if other.__class__ is float:
        return float_divide(int_to_float(self), other)
    return as_float(coerce_binary(self, ":fdiv", other))


@integer.method("-@")
def negate(self: int, blk: Block) -> int:
    return -self


@integer.method("+@", "to_i", "to_int", "ord", "numerator")
def itself(self: int, blk: Block) -> int:
    return self


@integer.method("abs", "magnitude")
def absolute(self: int, blk: Block) -> int:
    return abs(self)


@integer.method("succ", "next")
def succ(self: int, blk: Block) -> int:
    return self + 1


@integer.method("pred")
def pred(self: int, blk: Block) -> int:
    return self - 1


@integer.method("gcd")
def gcd(self: int, blk: Block, other: Value) -> int:
    return greatest(self, exact_int(other))


@integer.method("lcm")
def lcm(self: int, blk: Block, other: Value) -> int:
    number = exact_int(other)
    return abs(self * number) // greatest(self, number) if self and number else 0


def exact_int(value: Value) -> int:
    if value.__class__ is not int:
        raise error("TypeError", "not an integer")
    return int(value)


# --- comparison -----------------------------------------------------------------------------------------------------


@integer.method("==", "===")
def equals(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int or other.__class__ is float:
        return TRUE if self == other else FALSE
    return reversed_equal(self, other)


@integer.method("<=>")
def compare(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int or other.__class__ is float:
        return -1 if self < other else 1 if self > other else 0 if self == other else None
    return coerce_compare(self, other)


@integer.method("<")
def less(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int or other.__class__ is float:
        return TRUE if self < other else FALSE
    return coerce_relation(self, ":<", other)


@integer.method("<=")
def less_equal(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int or other.__class__ is float:
        return TRUE if self <= other else FALSE
    return coerce_relation(self, ":<=", other)


@integer.method(">")
def greater(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int or other.__class__ is float:
        return TRUE if self > other else FALSE
    return coerce_relation(self, ":>", other)


@integer.method(">=")
def greater_equal(self: int, blk: Block, other: Value) -> Value:
    if other.__class__ is int or other.__class__ is float:
        return TRUE if self >= other else FALSE
    return coerce_relation(self, ":>=", other)


@integer.method("zero?")
def is_zero(self: int, blk: Block) -> Value:
    return FALSE if self else TRUE


@integer.method("even?")
def is_even(self: int, blk: Block) -> Value:
    return FALSE if self & 1 else TRUE


@integer.method("odd?")
def is_odd(self: int, blk: Block) -> Value:
    return TRUE if self & 1 else FALSE


@integer.method("positive?")
def is_positive(self: int, blk: Block) -> Value:
    return TRUE if self > 0 else FALSE


@integer.method("negative?")
def is_negative(self: int, blk: Block) -> Value:
    return TRUE if self < 0 else FALSE


# --- bits -----------------------------------------------------------------------------------------------------------


@integer.method("&")
def bit_and(self: int, blk: Block, other: Value) -> Value:
    return self & other if other.__class__ is int else coerce_bits(self, ":&", other)


@integer.method("|")
def bit_or(self: int, blk: Block, other: Value) -> Value:
    return self | other if other.__class__ is int else coerce_bits(self, ":|", other)


@integer.method("^")
def bit_xor(self: int, blk: Block, other: Value) -> Value:
    return self ^ other if other.__class__ is int else coerce_bits(self, ":^", other)


@integer.method("~")
def bit_not(self: int, blk: Block) -> int:
    return ~self


@integer.method("<<")
def shift_left(self: int, blk: Block, count: Value) -> int:
    return shift(self, count_int(count))


@integer.method(">>")
def shift_right(self: int, blk: Block, count: Value) -> int:
    return shift(self, -count_int(count))


def count_int(value: Value) -> int:
    """Return an Integer argument; unlike `as_int` it names nil as other values are named."""
    if value.__class__ is int:
        return int(value)
    if value is None:
        raise error("TypeError", "no implicit conversion of nil into Integer")
    return as_int(value)


def shift(number: int, count: int) -> int:
    """Return `number` moved `count` bits to the left, to the right if that is negative."""
    if count <= 0:
        return number >> min(-count, SHIFT_LIMIT)
    if count > SHIFT_LIMIT and number:
        raise error("RangeError", "shift width too big")
    return number << count if number else 0


@integer.method("[]")
def bit_at(self: int, blk: Block, index: Value, length: Value = UNDEF) -> int:
    """Return the bit at `index`, `length` bits from there, or the bits of a Range."""
    if length is not UNDEF:
        start = count_int(index)
        return shift(self, -start) & (shift(1, count_int(length)) - 1)
    if isinstance(index, Range):
        return bits_of_range(self, index)
    place = count_int(index)
    return 0 if place < 0 else shift(self, -place) & 1


def bits_of_range(number: int, span: Range) -> int:
    if span.first is None:
        end = count_int(span.last)
        if end < 0:
            return 0
        if number & (shift(1, end if span.exclusive else end + 1) - 1):
            raise error("ArgumentError", "The beginless range for Integer#[] results in infinity")
        return 0
    start = count_int(span.first)
    rest = shift(number, -start)
    if span.last is None:
        return rest
    end = count_int(span.last)
    if start < end:
        return rest & (shift(1, end - start + (0 if span.exclusive else 1)) - 1)
    if start == end:
        return 0 if span.exclusive or start < 0 else rest & 1
    return rest


# --- counting -------------------------------------------------------------------------------------------------------


@integer.method("times", block=True)
def times(self: int, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "times", size=self if self > 0 else 0)
    for number in range(self):
        blk(number)
    return self


@integer.method("upto", block=True)
def upto(self: int, blk: Block, limit: Value) -> Value:
    if blk is None:
        return enum_for(self, "upto", limit, size=lambda: distance(self, limit, 1))
    if limit.__class__ is int:
        for number in range(self, limit + 1):
            blk(number)
        return self
    number = self
    while not_past(number, ":>", limit):
        blk(number)
        number += 1
    return self


@integer.method("downto", block=True)
def downto(self: int, blk: Block, limit: Value) -> Value:
    if blk is None:
        return enum_for(self, "downto", limit, size=lambda: distance(self, limit, -1))
    if limit.__class__ is int:
        for number in range(self, limit - 1, -1):
            blk(number)
        return self
    number = self
    while not_past(number, ":<", limit):
        blk(number)
        number -= 1
    return self


def not_past(number: int, attr: str, limit: Value) -> bool:
    """Return whether counting goes on. ArgumentError of the guest if `limit` cannot be compared."""
    answer = send(number, attr, None, limit)
    return answer is FALSE or answer is None


def distance(first: int, last: Value, direction: int) -> Value:
    """Return how many numbers there are from `first` to `last`."""
    if last.__class__ is float:
        if last not in (INFINITY, -INFINITY):
            last = float_floor(last) if direction > 0 else -float_floor(-last)
    elif last.__class__ is not int:
        if last is None or not_past(first, ":>" if direction > 0 else ":<", last):
            raise comparison_failed(first, last)
        return 0
    count: Any = (last - first) * direction + 1
    return count if count > 0 else 0


# --- text -----------------------------------------------------------------------------------------------------------


@integer.method("to_s", "inspect")
def to_s(self: int, blk: Block, base: Value = UNDEF) -> String:
    if base is UNDEF:
        return String(int_text(self))
    if base.__class__ is int and base in HOST_FORMATS:
        return String(format(self, HOST_FORMATS[base]))
    radix = as_int(base)
    if not 2 <= radix <= 36:
        raise error("ArgumentError", f"invalid radix {radix}")
    return String(based_text(self, radix))


def texts(values: list[int]) -> list[String]:
    """`map(&:to_s)`"""
    return [String(int_text(value)) for value in values]


BATCHES[to_s] = texts

HOST_FORMATS = {2: "b", 8: "o", 16: "x"}


def based_text(number: int, base: int) -> str:
    """Return the digits of `number` in a base from 2 to 36."""
    if base == 10:
        return int_text(number)
    sign = "-" if number < 0 else ""
    number = abs(number)
    if base == 2 or base == 8 or base == 16:
        return sign + format(number, "b" if base == 2 else "o" if base == 8 else "x")
    return sign + split_text(number, base)


def split_text(number: int, base: int) -> str:
    """Return the digits of a number that is not negative, dividing long ones in the middle first."""
    size = number.bit_length()
    if size > 2048:
        half = size * 7 // (base.bit_length() * 16) or 1
        high, low = divmod(number, base**half)
        return split_text(high, base) + split_text(low, base).rjust(half, "0")
    digits = []
    while number >= base:
        number, digit = divmod(number, base)
        digits.append(DIGITS[digit])
    digits.append(DIGITS[number])
    return "".join(reversed(digits))


@integer.method("chr")
def chr_(self: int, blk: Block, encoding: Value = UNDEF) -> String:
    """Return the character of a code point: a byte, or in `encoding`."""
    if encoding is UNDEF and 0 <= self < 256:
        return AsciiString(chr(self)) if self < 128 else BinaryString(chr(self))
    if not 0 <= self < 0x100000000:
        raise error("RangeError", f"{self if -0x80000000 <= self < 0 else 'bignum'} out of char range")
    if encoding is UNDEF:
        raise error("RangeError", f"{self} out of char range")
    key = as_encoding(encoding)
    if key == "US-ASCII" and self > 127:
        text = f"invalid codepoint 0x{self:X} in US-ASCII" if self < 256 else f"{self} out of char range"
        raise error("RangeError", text)
    return code_point_string(self, host_of(key)(""))


@integer.method("to_f")
def to_f(self: int, blk: Block) -> float:
    return int_to_float(self)


@integer.method("coerce")
def coerce(self: int, blk: Block, other: Value) -> Array:
    """Return both numbers in one class: two Integers, else two Floats."""
    if other.__class__ is int:
        return Array([other, self])
    return Array([to_float(other), int_to_float(self)])


# --- rounding -------------------------------------------------------------------------------------------------------


@integer.method("floor")
def floor(self: int, blk: Block, places: Value = 0) -> int:
    count = places if places.__class__ is int else as_int(places)
    if count >= 0:
        return self
    unit: Any = int_power(10, -count)
    return self // unit * unit


@integer.method("ceil")
def ceil(self: int, blk: Block, places: Value = 0) -> int:
    count = places if places.__class__ is int else as_int(places)
    if count >= 0:
        return self
    unit: Any = int_power(10, -count)
    return -(-self // unit) * unit


@integer.method("truncate")
def truncate(self: int, blk: Block, places: Value = 0) -> int:
    return floor(self, None, places) if self >= 0 else ceil(self, None, places)


@integer.method("round")
def round_(self: int, blk: Block, places: Value = 0, *, half: Value = None) -> int:
    """Round to a power of ten; `half` says where to with numbers in the middle: up (away from 0), down or even."""
    count = places if places.__class__ is int else as_int(places)
    mode = rounding_mode(half)
    if count >= 0:
        return self
    if -count > len(int_text(self)):
        return 0
    unit = 10**-count
    return round_to_unit(self, unit, mode)


def round_to_unit(number: int, unit: int, mode: str) -> int:
    """Return the multiple of `unit` that is nearest to `number`."""
    quotient, rest = divmod(abs(number), unit)
    if 2 * rest > unit or 2 * rest == unit and (mode == "up" or mode == "even" and quotient % 2 == 1):
        quotient += 1
    return quotient * unit if number >= 0 else -quotient * unit
