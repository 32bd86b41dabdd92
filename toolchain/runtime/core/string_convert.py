"""Numbers at the start of a String: to_i, to_f, hex, oct, to_r, to_c.

None of these fails: what follows the number is ignored, and without a number the answer is zero. Digits may have
single underscores between them.
"""

from __future__ import annotations

from ..builtin import NativeClass
from ..errors import error
from ..later import later
from ..values import String
from .text import WHITESPACE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value
    from .complex import make_complex, make_polar
    from .rational import make_rational as make
else:
    later(globals(), ".rational", make="make_rational")
    later(globals(), ".complex", "make_complex", "make_polar")

string = NativeClass("String")

PREFIXES = {"0b": 2, "0o": 8, "0d": 10, "0x": 16}
DECIMAL = frozenset("0123456789")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def big_int(digits: str, base: int) -> int:
    """Return `int(digits, base)`; CPython limits the length of decimal text, Metorex does not."""
    try:
        return int(digits, base)
    except ValueError:
        import sys

        limit = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(0)
        try:
            return int(digits, base)
        finally:
            sys.set_int_max_str_digits(limit)


def scan_digits(text: str, at: int, digits: Any = DECIMAL) -> int:
    """Return the end of the digits that start at `at`, which is `at` if there are none."""
    size = len(text)
    start = at
    while at < size:
        if text[at] in digits:
            at += 1
        elif text[at] == "_" and at > start and at + 1 < size and text[at + 1] in digits:
            at += 2
        else:
            break
    return at


def parse_int(text: str, base: int) -> int:
    """Return the Integer at the start of `text`. Base 0: by the prefix, else decimal; -8: the same, else octal."""
    if base != 0 and base != -8 and not 2 <= base <= 36:
        raise error("ArgumentError", f"invalid radix {base}")
    text = text.lstrip(WHITESPACE)
    negative = text[:1] == "-"
    at = 1 if text[:1] in ("+", "-") else 0
    prefix = PREFIXES.get(text[at : at + 2].lower())
    if prefix is not None and base in (0, -8, prefix):
        base = prefix
        at += 2
    elif base <= 0:
        if text[at : at + 1] == "0":
            base = 8
            if text[at + 1 : at + 2] == "_":
                at += 1 if text[at + 2 : at + 3] in DECIMAL else 0
                at += text[at : at + 1] == "_"
        else:
            base = 8 if base else 10
    digits = frozenset(DIGITS[:base] + DIGITS[:base].upper())
    stop = scan_digits(text, at, digits)
    if stop == at:
        return 0
    number = big_int(text[at:stop].replace("_", ""), base)
    return -number if negative else number


class Decimal:
    """The parts of a decimal number in a text: digits without underscores, the exponent, where it ends."""

    __slots__ = ("negative", "whole", "fraction", "exponent", "has_point", "has_exponent", "stop")

    def __init__(self, text: str, at: int) -> None:
        self.negative = text[at : at + 1] == "-"
        if text[at : at + 1] in ("+", "-"):
            at += 1
        stop = scan_digits(text, at)
        self.whole = text[at:stop].replace("_", "")
        self.fraction = ""
        self.exponent = 0
        self.has_point = False
        self.has_exponent = False
        if text[stop : stop + 1] == ".":
            end = scan_digits(text, stop + 1)
            if end > stop + 1:
                self.fraction = text[stop + 1 : end].replace("_", "")
                self.has_point = True
                stop = end
        if (self.whole or self.fraction) and text[stop : stop + 1] in ("e", "E"):
            start = stop + (2 if text[stop + 1 : stop + 2] in ("+", "-") else 1)
            end = scan_digits(text, start)
            if end > start:
                self.exponent = int(text[stop + 1 : end].replace("_", ""))
                self.has_exponent = True
                stop = end
        self.stop = stop

    def given(self) -> bool:
        return bool(self.whole or self.fraction)

    def as_float(self) -> float:
        number = float(f"{self.whole or '0'}.{self.fraction or '0'}e{self.exponent}")
        return -number if self.negative else number

    def as_ratio(self) -> tuple[int, int]:
        """Return numerator and denominator, not reduced."""
        number = big_int((self.whole + self.fraction) or "0", 10)
        power = self.exponent - len(self.fraction)
        if self.negative:
            number = -number
        return (number * 10**power, 1) if power >= 0 else (number, 10**-power)


def parse_float(text: str) -> float:
    text = text.lstrip(WHITESPACE)
    number = Decimal(text, 0)
    if not number.given():
        return 0.0
    # `1.e5` has an exponent after a bare point, which only to_f reads.
    if not number.has_point and not number.has_exponent and text[number.stop : number.stop + 2].lower() == ".e":
        number = Decimal(text[: number.stop] + text[number.stop + 1 :], 0)
    return number.as_float()


@string.method("hex")
def hex_of(self: String, blk: Block) -> int:
    text = self.s
    if text.isalnum() and text.isascii():
        try:
            return int(text, 16)
        except ValueError:  # digits that something else follows
            pass
    return parse_int(text, 16)


@string.method("oct")
def oct_of(self: String, blk: Block) -> int:
    """Return the Integer in octal digits, or in the base that its prefix names."""
    return parse_int(self.s, -8)


def rational_at(text: str, at: int) -> tuple[int, int, int, bool]:
    """Return (numerator, denominator, end, was there a number) of `a`, `a.b`, `a/b` at `at`."""
    number = Decimal(text, at)
    numerator, denominator = number.as_ratio()
    stop = number.stop
    if number.given() and text[stop : stop + 1] == "/" and text[stop + 1 : stop + 2] in DECIMAL:
        divisor = Decimal(text, stop + 1)
        above, below = divisor.as_ratio()
        numerator, denominator = numerator * below, denominator * above
        stop = divisor.stop
    return numerator, denominator, stop, number.given()


@string.method("to_r")
def to_r(self: String, blk: Block) -> Value:
    numerator, denominator, _, given = rational_at(self.s.lstrip(WHITESPACE), 0)
    return make_rational(numerator if given else 0, denominator if given else 1)


def make_rational(numerator: int, denominator: int) -> Value:
    if denominator == 0:
        raise error("ZeroDivisionError", "divided by 0")
    return make(numerator, denominator)


def real_at(text: str, at: int) -> tuple[Value, int, bool]:
    """Return (Integer, Float or Rational at `at`, its end, was there one)."""
    number = Decimal(text, at)
    stop = number.stop
    if not number.given():
        return 0, at, False
    if text[stop : stop + 1] == "/" and stop + 1 < len(text) and text[stop + 1] in DECIMAL:
        # The divisor of a part of a Complex is an Integer.
        end = scan_digits(text, stop + 1)
        above, below = number.as_ratio()
        return make_rational(above, below * int(text[stop + 1 : end].replace("_", ""))), end, True
    if number.has_point or number.has_exponent:
        return number.as_float(), stop, True
    return number.as_ratio()[0], stop, True


@string.method("to_c")
def to_c(self: String, blk: Block) -> Value:
    """Return the Complex at the start: `a`, `bi`, `a+bi` or `r@angle`."""
    text = self.s.lstrip(WHITESPACE)
    real, stop, given = real_at(text, 0)
    if not given:
        sign = -1 if text[:1] == "-" else 1
        unit = text[1 if text[:1] in ("+", "-") else 0 :][:1]
        return make_complex(0, sign if unit in ("i", "I", "j", "J") and unit else 0)
    following = text[stop : stop + 1]
    if following and following in "iIjJ":
        return make_complex(0, real)
    if following == "@":
        angle, _, has_angle = real_at(text, stop + 1)
        return make_polar(real, angle) if has_angle else make_complex(real, 0)
    if following and following in "+-":
        imaginary, end, has_imaginary = real_at(text, stop)
        if not has_imaginary:
            imaginary, end = (-1 if following == "-" else 1), stop + 1
        if text[end : end + 1] and text[end] in "iIjJ":
            return make_complex(real, imaginary)
    return make_complex(real, 0)
