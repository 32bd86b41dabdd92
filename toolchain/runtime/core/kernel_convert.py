"""Kernel's conversion functions: Integer, Float, String, Array, Hash, Rational, Complex."""

from __future__ import annotations

from math import isfinite

from ..arithmetic import float_domain, int_to_float
from ..builtin import NativeClass
from ..convert import as_hash, as_int, bad_conversion, conversion_name, inspect_str, to_s, try_ary
from ..dispatch import respond_to, send
from ..errors import Raised, error
from ..later import later
from ..values import FALSE, TRUE, UNDEF, Array, Hash, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..values import Block, Value
    from .complex import convert_complex
    from .rational import convert_rational, divide
    from .string_convert import big_int
else:
    later(globals(), ".complex", "convert_complex")
    later(globals(), ".rational", "convert_rational", "divide")
    later(globals(), ".string_convert", "big_int")

kernel = NativeClass("Kernel")

WHITESPACE = " \t\n\v\f\r"
PREFIXES = {"0b": 2, "0o": 8, "0d": 10, "0x": 16}
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
FLOAT_CHARS = frozenset("0123456789+-._eE")
HEX_CHARS = frozenset("0123456789abcdefABCDEF")


def guarded(exception: Value, convert: Callable[..., Any], *args: Value) -> Value:
    """Return convert(*args); nil if that fails and `exception: false` was given."""
    if exception is TRUE:
        return convert(*args)
    if exception is not FALSE:
        raise error("ArgumentError", f"expected true or false as exception: {inspect_str(exception)}")
    try:
        return convert(*args)
    except Raised:
        return None


def string_like(value: Value) -> Any:
    """Return a String, or what `to_str` answers; None for other values."""
    if isinstance(value, String):
        return value
    if value is None or value.__class__ is int or not respond_to(value, "to_str"):
        return None
    text = send(value, ":to_str")
    return text if isinstance(text, String) else None


# --- Integer --------------------------------------------------------------------------------------------------------


@kernel.function("Integer")
def integer(self: Value, blk: Block, value: Value, base: Value = UNDEF, *, exception: Value = TRUE) -> Value:
    """Return the Integer that `value` stands for; of a String the whole text must be a literal."""
    if base is UNDEF:
        if value.__class__ is int:
            return value
        if value.__class__ is String:
            text = value.s
            if len(text) < 19 and text.isdigit() and text.isascii() and text[0] != "0":  # what is mostly converted
                return int(text)
            number = None if text[:1].isalpha() else scan_integer(text.strip(WHITESPACE), 0, False)
            if number is None and exception is TRUE:
                raise error("ArgumentError", f"invalid value for Integer(): {inspect_str(value)}")
            if number is not None and (exception is TRUE or exception is FALSE):
                return number
        return guarded(exception, to_integer, value)
    radix = as_int(base)
    literal = string_like(value)
    if literal is None:
        if exception is FALSE:
            return None
        raise error("ArgumentError", "base specified for non string value")
    return guarded(exception, parse_integer, literal, radix)


def to_integer(value: Value) -> int:
    if value.__class__ is int:
        return int(value)
    if value.__class__ is float:
        if not isfinite(value):
            raise float_domain(value)
        return int(value)
    if isinstance(value, String):
        return parse_integer(value, 0)
    if value is None:
        raise error("TypeError", "can't convert nil into Integer")
    if respond_to(value, "to_int", True):
        number = send(value, ";to_int")
        if number.__class__ is int:
            return int(number)
    text = string_like(value)
    if text is not None:
        return parse_integer(text, 0)
    if not respond_to(value, "to_i", True):
        raise error("TypeError", f"can't convert {conversion_name(value)} into Integer")
    number = send(value, ";to_i")
    if number.__class__ is not int:
        raise bad_conversion(value, "Integer", "to_i", number)
    return int(number)


def parse_integer(value: String, base: int) -> int:
    """Return the Integer that the text is in `base` (0: by its prefix). ArgumentError of the guest."""
    if base < 0:
        base = -base
        prefix_free = False
    else:
        prefix_free = base != 0
    if base == 1 or base > 36:
        raise error("ArgumentError", f"invalid radix {base}")
    number = scan_integer(value.s.strip(WHITESPACE), base, prefix_free)
    if number is None:
        raise error("ArgumentError", f"invalid value for Integer(): {inspect_str(value)}")
    return number


def scan_integer(text: str, base: int, prefix_free: bool) -> int | None:
    """Return the number that `text` is, None if it is none. A prefix must fit the base, or decides if free to."""
    sign = -1 if text[:1] == "-" else 1
    if text[:1] in ("+", "-"):
        text = text[1:]
    radix = PREFIXES.get(text[:2].lower())
    if radix is not None and (radix == base or not prefix_free):
        text = text[2:]
        base = radix
    elif not base:
        base = 8 if text[:1] == "0" and len(text) > 1 else 10
    if not text.isascii() or not text or text[0].lower() not in DIGITS[:base]:
        return None
    if len(text) < 4000:
        try:
            return sign * int(text, base)
        except ValueError:
            return None
    digits = frozenset(DIGITS[:base] + DIGITS[:base].upper())
    if "__" in text or text[-1] == "_" or not all(char in digits or char == "_" for char in text):
        return None
    return sign * big_int(text, base)


# --- Float ----------------------------------------------------------------------------------------------------------


@kernel.function("Float")
def float_(self: Value, blk: Block, value: Value, *, exception: Value = TRUE) -> Value:
    """Return the Float that `value` stands for; of a String the whole text must be a number."""
    return guarded(exception, to_float, value)


def to_float(value: Value) -> float:
    """Return `Float(value)`. TypeError or ArgumentError of the guest."""
    if value.__class__ is float:
        return float(value)
    if value.__class__ is int:
        return int_to_float(value)
    if isinstance(value, String):
        return parse_float(value)
    if value is None or not respond_to(value, "to_f") or value.__class__.__name__ == "Symbol":
        raise error("TypeError", f"can't convert {conversion_name(value)} into Float")
    number = send(value, ":to_f")
    if number.__class__ is not float:
        raise bad_conversion(value, "Float", "to_f", number)
    return float(number)


def parse_float(value: String) -> float:
    """Return the Float that the whole text is. ArgumentError of the guest."""
    if "\0" in value.s:
        raise error("ArgumentError", "string for Float contains null byte")
    text = value.s.strip(WHITESPACE)
    # Python reads the same grammar, underscores included, but also names such as `inf`.
    if text and FLOAT_CHARS.issuperset(text):
        try:
            return float(text)
        except ValueError:
            pass
    elif text.lstrip("+-")[:2] in ("0x", "0X") and text[1:2] not in ("+", "-"):
        number = hex_float(text)
        if number is not None:
            return number
    raise error("ArgumentError", f"invalid value for Float(): {inspect_str(value)}")


def hex_float(text: str) -> float | None:
    """Return the value of a hexadecimal number such as 0x1.8p3, None if it is not well-formed."""
    mantissa, mark, exponent = text.lower().partition("p")
    digits = mantissa.lstrip("+-")[2:].replace(".", "", 1)
    if not digits or not HEX_CHARS.issuperset(digits):
        return None
    if mark and not exponent.lstrip("+-").isdigit():
        return None
    return float.fromhex(text)


# --- String, Array, Hash --------------------------------------------------------------------------------------------


@kernel.function("String")
def string(self: Value, blk: Block, value: Value) -> Value:
    text = string_like(value)
    if text is not None:
        return text
    if not respond_to(value, "to_s", True):
        raise error("TypeError", f"can't convert {conversion_name(value)} into String")
    if value.__class__ is int or value is None or value.__class__ is float:
        return String(to_s(value))
    text = send(value, ";to_s")
    if not isinstance(text, String):
        raise bad_conversion(value, "String", "to_s", text)
    return text


@kernel.function("Array")
def array(self: Value, blk: Block, value: Value) -> Array:
    """Return the Array that `to_ary` or `to_a` answers, [] for nil, else an Array of the value alone."""
    if isinstance(value, Array):
        return value
    if value is None:
        return Array([])
    items = try_ary(value)
    if items is not None:
        return Array(items)
    if isinstance(value, String) or not respond_to(value, "to_a", True):
        return Array([value])
    result = send(value, ";to_a")
    if result is None:
        return Array([value])
    if not isinstance(result, Array):
        raise bad_conversion(value, "Array", "to_a", result)
    return result


@kernel.function("Hash")
def hash_(self: Value, blk: Block, value: Value) -> Hash:
    if isinstance(value, Hash):
        return value
    if value is None or isinstance(value, Array) and not value.a:
        return Hash()
    if not respond_to(value, "to_hash"):
        raise error("TypeError", f"can't convert {conversion_name(value)} into Hash")
    return as_hash(value)


# --- Rational, Complex ----------------------------------------------------------------------------------------------


@kernel.function("Rational")
def rational(self: Value, blk: Block, value: Value, divisor: Value = UNDEF, *, exception: Value = TRUE) -> Value:
    """Return value / divisor as a Rational, converting texts and Floats exactly."""
    if divisor is UNDEF:
        return guarded(exception, convert_rational, value)
    above = guarded(exception, convert_rational, value)
    below = guarded(exception, convert_rational, divisor)
    return None if above is None or below is None else divide(above, None, below)


@kernel.function("Complex")
def complex_(self: Value, blk: Block, real: Value, imaginary: Value = UNDEF, *, exception: Value = TRUE) -> Value:
    return guarded(exception, convert_complex, real, imaginary)
