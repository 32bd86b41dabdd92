"""The engine of `format` and `String#%`: `format_string(text, args)`.

A format is read once into steps (`parse`, cached); the steps are then carried out with the arguments. What is wrong
with the format itself becomes a step as well, since the arguments before it are looked at first.
"""

from __future__ import annotations

from math import floor, frexp, isfinite

from .. import convert
from ..convert import as_hash, as_int, inspect_str, int_text, to_s
from ..dispatch import respond_to, send
from ..errors import error
from ..hashing import hash_get
from ..later import later
from ..values import UNDEF, Hash, String, sym
from .text import host_of, joined_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Value
    from .integer import based_text
    from .kernel_convert import string_like, to_float, to_integer
else:
    later(globals(), ".kernel_convert", "string_like", "to_integer", "to_float")
    later(globals(), ".integer", "based_text")

NEXT = 0  # a value or `*` that takes the next argument; positive numbers are positions
DEFAULT_PRECISION = 6
INT_MAX = 0x7FFFFFFF
BASES = {"d": 10, "i": 10, "u": 10, "o": 8, "x": 16, "X": 16, "b": 2, "B": 2}
PREFIXES = {"o": "0", "x": "0x", "X": "0X", "b": "0b", "B": "0B"}
TEXT, INTEGER, FLOAT, INSPECT, CHARACTER = range(5)
KINDS = {"s": TEXT, "p": INSPECT, "c": CHARACTER}
KINDS.update(dict.fromkeys(BASES, INTEGER))
KINDS.update(dict.fromkeys("eEfgGaA", FLOAT))


class Directive:
    """One `%...` of a format. `source` is NEXT, a position or the name of a Hash element.

    `width` and `precision` are -1 if there is none; `width_source` and `precision_source` (None: no `*`) say which
    argument a `*` takes. `braces`: written %{name}. `plain`: neither flags nor width nor precision. `kind`: by KINDS.
    """

    __slots__ = (
        "conversion", "plus", "space", "minus", "zero", "sharp", "width", "precision", "width_source",
        "precision_source", "source", "braces", "plain", "starred", "kind", "host_spec",
    )  # fmt: skip

    def __init__(self) -> None:
        self.conversion = ""
        self.plus = self.space = self.minus = self.zero = self.sharp = False
        self.width = -1
        self.precision = -1
        self.width_source: int | None = None
        self.precision_source: int | None = None
        self.source: Any = NEXT
        self.braces = False
        self.plain = False
        self.starred = False
        self.kind = TEXT
        self.host_spec = ""  # the same directive for Python's `%`

    def finish(self) -> None:
        """Compute what is derived, once everything is known."""
        self.starred = self.width_source is not None or self.precision_source is not None
        self.plain = not (
            self.plus or self.space or self.minus or self.zero or self.sharp
            or self.width >= 0 or self.precision >= 0 or self.starred
        )  # fmt: skip
        self.kind = KINDS.get(self.conversion, TEXT)
        self.set_host_spec()

    def set_host_spec(self) -> None:
        flags = "".join(
            flag for flag, given in zip("+ -0#", (self.plus, self.space, self.minus, self.zero, self.sharp)) if given
        )
        width = str(self.width) if self.width >= 0 else ""
        precision = f".{self.precision}" if self.precision >= 0 else ""
        self.host_spec = f"%{flags}{width}{precision}{self.conversion}"


def star_value(value: Value) -> int:
    number = as_int(value)
    if not -INT_MAX <= number <= INT_MAX:
        raise error("RangeError", f"integer {number} too {'big' if number > 0 else 'small'} to convert to 'int'")
    return number


class Malformed(Exception):  # noqa: N818
    """Carries the message for a format that is wrong."""


class Parser:
    """Reads one format into `steps`: strings, Directives, and at most one Malformed, the last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.steps: list[Any] = []
        self.taken = 0  # arguments taken by order
        self.kind = ""  # how arguments were named so far: "next", "position", "name"

    def parse(self) -> list[Any]:
        text, size = self.text, len(self.text)
        try:
            while True:
                start = self.at
                at = text.find("%", start)
                if at < 0:
                    at = size
                if at + 1 == size:
                    raise Malformed("incomplete format specifier; use %% (double %) instead")
                if at > start:
                    self.steps.append(text[start:at])
                if at >= size:
                    return self.steps
                self.at = at + 1
                self.directive()
        except Malformed as failure:
            self.steps.append(failure)
            return self.steps

    def directive(self) -> None:
        """Read the directive whose `%` lies before `at`."""
        text = self.text
        item = Directive()
        name: str | None = None  # of a %<name> that was read
        positioned = False
        dotted = False
        while True:
            char = text[self.at : self.at + 1]
            if char and char in " #+-0":
                if item.width >= 0 or item.width_source is not None:
                    raise Malformed("flag after width")
                if dotted:
                    raise Malformed("flag after precision")
                setattr(item, {" ": "space", "#": "sharp", "+": "plus", "-": "minus", "0": "zero"}[char], True)
                self.at += 1
            elif char and char in "123456789":
                number = self.number("width")
                if text[self.at : self.at + 1] == "$":
                    if positioned or name is not None:
                        raise Malformed(f"value given twice - {number}$")
                    item.source = self.position(number)
                    positioned = True
                    self.at += 1
                else:
                    self.check_width(item, dotted)
                    item.width = number
            elif char == "<" or char == "{":
                end = text.find(">" if char == "<" else "}", self.at)
                if end < 0:
                    raise Malformed("malformed name - unmatched parenthesis")
                written = text[self.at : end + 1]
                if name is not None:
                    raise Malformed(f"named{written} after <{name}>")
                self.check_name(written)
                name = item.source = written[1:-1]
                self.at = end + 1
                if char == "{":
                    item.braces = True
                    item.conversion = "s"
                    return self.add(item)
            elif char == "*":
                self.check_width(item, dotted)
                item.width_source = self.star("width")
            elif char == ".":
                if dotted:
                    raise Malformed("precision given twice")
                dotted = True
                self.at += 1
                if text[self.at : self.at + 1] == "*":
                    item.precision_source = self.star("precision")
                else:
                    item.precision = self.number("precision")
            elif char == "%":
                item.finish()
                if not item.plain:
                    raise Malformed("invalid format character - %")
                self.at += 1
                self.steps.append("%")
                return None
            elif char in KINDS:
                self.at += 1
                item.conversion = char
                if name is None and not positioned:
                    item.source = self.next_argument()
                return self.add(item)
            else:
                printable = char and char.isascii() and char.isprintable()
                raise Malformed(f"malformed format string - %{char}" if printable else "malformed format string")

    def add(self, item: Directive) -> None:
        item.finish()
        self.steps.append(item)

    def number(self, what: str) -> int:
        """Read digits, possibly none."""
        start = self.at
        text = self.text
        while text[self.at : self.at + 1] in DIGITS:
            self.at += 1
        if self.at >= len(text):
            raise Malformed("malformed format string - %*[0-9]")
        value = int(text[start : self.at] or "0") if self.at - start < 20 else INT_MAX + 1
        if value > INT_MAX:
            raise Malformed(f"{what} too big")
        return value

    def star(self, what: str) -> int:
        """Read `*` or `*1$`."""
        self.at += 1
        back = self.at
        number = self.number(what)
        if self.text[self.at : self.at + 1] == "$":
            self.at += 1
            return self.position(number)
        self.at = back
        return self.next_argument()

    def check_width(self, item: Directive, dotted: bool) -> None:
        if item.width >= 0 or item.width_source is not None:
            raise Malformed("width given twice")
        if dotted:
            raise Malformed("width after precision")

    def next_argument(self) -> int:
        if self.kind in ("position", "name"):
            mixed = "numbered" if self.kind == "position" else "named"
            raise Malformed(f"unnumbered({self.taken + 1}) mixed with {mixed}")
        self.kind = "next"
        self.taken += 1
        return NEXT

    def position(self, number: int) -> int:
        if self.kind == "next":
            raise Malformed(f"numbered({number}) after unnumbered({self.taken})")
        if self.kind == "name":
            raise Malformed(f"numbered({number}) after named")
        if number < 1:
            raise Malformed(f"invalid index - {number}$")
        self.kind = "position"
        return number

    def check_name(self, written: str) -> None:
        if self.kind == "next":
            raise Malformed(f"named{written} after unnumbered({self.taken})")
        if self.kind == "position":
            raise Malformed(f"named{written} after numbered")
        self.kind = "name"


DIGITS = frozenset("0123456789")
# format -> its steps, and the `Plain` that does for usual arguments, if it has one
PARSED: dict[str, tuple[list[Any], Any]] = {}


def parse(text: str) -> tuple[list[Any], Any]:
    """Return the steps of a format, and its `Plain` or None."""
    entry = PARSED.get(text)
    if entry is None:
        steps = Parser(text).parse()
        if len(PARSED) >= 256:
            PARSED.clear()
        entry = PARSED[text] = (steps, plain_format(steps))
    return entry


# What Python's `%` does as Ruby's, for arguments of the expected class: the kinds of a `Plain`.
AS_TEXT, AS_DECIMAL, AS_DIGITS, AS_BINARY, AS_FLOAT = range(5)


class Plain:
    """A format that Python's `%` can carry out: its own form, and a kind and a number for each argument (the width of
    binary digits that zeros fill up, the places of a Float)."""

    __slots__ = ("host", "kinds", "uses", "made")

    def __init__(self, host: str, kinds: tuple[tuple[int, int], ...]) -> None:
        self.host = host
        self.kinds = kinds
        self.uses = 0
        self.made: Any = None  # a function for a format that is often used

    def carry_out(self, values: list[Any]) -> str | None:
        """Return the text, None if some argument needs more than Python does."""
        if self.made is not None:
            found: str | None = self.made(values)
            return found
        self.uses += 1
        if self.uses == MANY_USES:
            self.made = self.make()
        if len(values) < len(self.kinds):
            return None
        args = []
        for (kind, number), value in zip(self.kinds, values):
            cls = value.__class__
            if kind == AS_TEXT:
                if cls is String or cls is String.frozen_py:
                    args.append(value.s)
                elif cls is convert.INT and -BIG < value < BIG:
                    args.append(value)
                else:
                    return None
            elif kind == AS_FLOAT:
                if cls is not float:
                    return None
                scaled = value * POWERS[number]
                if not -1e15 < scaled < 1e15:  # enormous, infinite, or not a number
                    return None
                if scaled < 0:
                    scaled = -scaled
                if abs(scaled % 1.0 - 0.5) <= scaled * 4e-14:
                    return None  # perhaps in the middle of two results: near_middle
                args.append(value)
            elif cls is not int:
                return None
            elif kind == AS_DECIMAL:
                if not -BIG < value < BIG:
                    return None
                args.append(value)
            elif value < 0:
                return None
            else:
                args.append(value if kind == AS_DIGITS else f"{value:b}".rjust(number, "0"))
        return self.host % tuple(args)

    def make(self) -> Any:
        """Return the function that `carry_out` is for this format alone."""
        count = len(self.kinds)
        lines = ["def made(values):", f" if len(values) < {count}: return None"]
        texts = []
        for index, (kind, number) in enumerate(self.kinds):
            name = f"x{index}"
            lines.append(f" {name} = values[{index}]")
            if kind == AS_TEXT:
                lines.append(
                    f" if {name}.__class__ is String or {name}.__class__ is String.frozen_py: {name} = {name}.s"
                )
                lines.append(f" elif {name}.__class__ is not convert.INT or not -BIG < {name} < BIG: return None")
            elif kind == AS_FLOAT:
                lines += [
                    f" if {name}.__class__ is not float: return None",
                    f" scaled = {name} * {POWERS[number]!r}",
                    " if not -1e15 < scaled < 1e15: return None",
                    " if scaled < 0: scaled = -scaled",
                    " if -scaled * 4e-14 <= scaled % 1.0 - 0.5 <= scaled * 4e-14: return None",
                ]
            elif kind == AS_DECIMAL:
                lines.append(f" if {name}.__class__ is not int or not -BIG < {name} < BIG: return None")
            else:
                lines.append(f" if {name}.__class__ is not int or {name} < 0: return None")
                if kind == AS_BINARY:
                    name = f"f'{{{name}:b}}'.rjust({number}, '0')"
            texts.append(name + ",")
        lines.append(f" return host % ({''.join(texts)})")
        space: dict[str, Any] = {"String": String, "BIG": BIG, "convert": convert, "host": self.host}
        exec("\n".join(lines), space)
        return space["made"]


BIG = 1 << 4096
MANY_USES = 40


def plain_format(steps: list[Any]) -> Plain | None:
    host = []
    kinds = []
    for step in steps:
        if step.__class__ is str:
            host.append(step.replace("%", "%%"))
            continue
        if step.__class__ is not Directive or step.source != NEXT or step.starred or step.sharp:
            return None
        conversion = step.conversion
        spec = step.host_spec
        if step.kind == TEXT:
            if step.zero or step.plus or step.space:
                return None
            kinds.append((AS_TEXT, 0))
        elif step.kind == FLOAT:
            if conversion != "f" or step.precision > 22:
                return None
            kinds.append((AS_FLOAT, DEFAULT_PRECISION if step.precision < 0 else step.precision))
        elif step.kind != INTEGER or step.precision >= 0:
            return None
        elif BASES[conversion] == 10:
            kinds.append((AS_DECIMAL, 0))
        elif conversion in "bB":
            if step.plus or step.space:
                return None
            kinds.append((AS_BINARY, step.width if step.zero and not step.minus else 0))
            spec = f"%{'-' if step.minus else ''}{step.width if step.width >= 0 else ''}s"
        else:
            kinds.append((AS_DIGITS, 0))
        host.append(spec)
    return Plain("".join(host), tuple(kinds))


def argument(values: list[Any], index: int) -> Value:
    """Return the argument at `index`. ArgumentError of the guest if there are too few."""
    if index >= len(values):
        raise error("ArgumentError", "too few arguments")
    return values[index]


def named(values: list[Any], name: str, written: str) -> Value:
    """Return the element `name` of the Hash that is the only argument. ArgumentError or KeyError of the guest."""
    table = values[0] if len(values) == 1 else None
    if not isinstance(table, Hash):
        if table is None or not respond_to(table, "to_hash"):
            raise error("ArgumentError", "one hash required")
        table = as_hash(table)
    key = sym(name)
    value = hash_get(table, key, UNDEF)
    if value is UNDEF:
        value = send(table, ":default", None, key)
        if value is None:
            raise error("KeyError", f"key{written} not found", receiver=table, key=key)
    return value


def with_stars(step: Directive, values: list[Any], taken: int) -> tuple[Directive, int]:
    """Return a copy of `step` with the arguments of `*` filled in, and the number of arguments taken by then."""
    copy = Directive()
    for name in Directive.__slots__:
        setattr(copy, name, getattr(step, name))
    if step.width_source is not None:
        taken += not step.width_source
        width = star_value(argument(values, (step.width_source or taken) - 1))
        copy.minus = step.minus or width < 0
        copy.width = abs(width)
    if step.precision_source is not None:
        taken += not step.precision_source
        copy.precision = max(-1, star_value(argument(values, (step.precision_source or taken) - 1)))
    copy.set_host_spec()
    return copy, taken


def format_string(form: String, values: list[Any]) -> String:
    """Return the String that `format(form, *values)` answers. ArgumentError and others of the guest."""
    steps, plain = parse(form.s)
    host = form.__class__ if form.__class__ is String else host_of(form.encoding)
    if plain is not None and host is String:
        done = plain.carry_out(values)
        if done is not None:
            return String(done)
    parts: list[str] = []
    taken = 0
    for step in steps:
        if step.__class__ is str:
            parts.append(step)
            continue
        if step.__class__ is Malformed:
            raise error("ArgumentError", str(step))
        if step.starred:
            step, taken = with_stars(step, values, taken)
        source = step.source
        if source.__class__ is str:
            value = named(values, source, f"{{{source}}}" if step.braces else f"<{source}>")
        elif source:
            value = argument(values, source - 1)
        else:
            value = argument(values, taken)
            taken += 1
        kind = step.kind
        if kind == TEXT:
            if isinstance(value, String):
                if value.__class__ is not host and value.encoding != host.encoding:
                    host = joined_host(host("".join(parts)), value)
                text = value.s
            else:
                text = to_s(value)
            parts.append(text if step.plain else fit(step, text))
        elif kind == INTEGER:
            parts.append(format_integer(step, value))
        elif kind == FLOAT:
            parts.append(format_float(step, value))
        elif kind == INSPECT:
            parts.append(fit(step, inspect_str(value)))
        else:
            parts.append(format_character(step, value, host.encoding))
    text = "".join(parts)
    if host is not String and host.encoding == "US-ASCII" and not text.isascii():
        host = String
    return host(text)


def fit(step: Directive, text: str) -> str:
    """Return `text` cut to the precision and padded to the width."""
    if 0 <= step.precision < len(text):
        text = text[: step.precision]
    if len(text) >= step.width:
        return text
    return text.ljust(step.width) if step.minus else text.rjust(step.width)


def format_character(step: Directive, value: Value, encoding: str) -> str:
    """%c: the first character of a String, or the one of a code point."""
    text = string_like(value)
    if text is not None:
        char = text.s[:1]
    else:
        code = star_value(value)
        limit = 0xFF if encoding in ("BINARY", "US-ASCII") else 0x10FFFF
        if not 0 <= code <= limit:
            raise error("ArgumentError", "invalid character")
        char = chr(code)
        if 0xD800 <= code <= 0xDFFF:
            char = char.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
    return char.ljust(step.width) if step.minus else char.rjust(step.width)


# --- Integers -------------------------------------------------------------------------------------------------------


def format_integer(step: Directive, value: Value) -> str:
    """%d %i %u %o %x %X %b %B. Negative numbers that are not in base 10 appear as two's complement: `..f01`."""
    conversion = step.conversion
    if value.__class__ is int:
        if step.plain and BASES[conversion] == 10:
            return int_text(value)
        number = value
    else:
        number = to_integer(value)
    base = BASES[conversion]
    if base == 10:
        if step.precision < 0 and -(1 << 4096) < number < 1 << 4096:
            return step.host_spec % number
        digits = int_text(abs(number))
    else:
        complement = number < 0 and not (step.plus or step.space)
        digits = complement_digits(number, base) if complement else based_text(abs(number), base)
        if conversion == "X":
            digits = digits.upper()
        if complement:
            return pad_digits(step, "", prefix_of(step, digits, True) + "..", digits, digits[0])
    sign = "-" if number < 0 else "+" if step.plus else " " if step.space else ""
    prefix = "" if base == 10 else prefix_of(step, digits, False)
    if step.precision == 0 and digits == "0" and not prefix:
        digits = ""
    return pad_digits(step, sign, prefix, digits, "0")


def complement_digits(number: int, base: int) -> str:
    """Return the digits of a negative number in two's complement, with one digit of those that repeat for ever."""
    count = 0
    power = 1
    bits = base.bit_length() - 1
    if -number > 1:
        count = ((-number - 1).bit_length() + bits - 1) // bits
        power = 1 << (count * bits)
    rest = based_text(number + power, base).rjust(count, "0") if count else ""
    return ("1" if base == 2 else "7" if base == 8 else "f") + rest


def prefix_of(step: Directive, digits: str, complement: bool) -> str:
    """Return what `#` puts before the digits."""
    if not step.sharp or digits == "0":
        return ""
    prefix = PREFIXES[step.conversion]
    if prefix == "0" and (complement or step.precision > len(digits)):
        return ""
    return prefix


def pad_digits(step: Directive, sign: str, prefix: str, digits: str, fill: str) -> str:
    """Return sign, prefix and digits; `fill` brings the digits to the precision, or to the width with flag 0."""
    head = len(sign) + len(prefix)
    dots = 2 if prefix.endswith("..") else 0
    size = step.precision - dots
    if step.precision < 0:
        size = step.width - head if step.zero and not step.minus else 0
    text = sign + prefix + digits.rjust(size, fill)
    return text.ljust(step.width) if step.minus else text.rjust(step.width)


# --- Floats ---------------------------------------------------------------------------------------------------------


def format_float(step: Directive, value: Value) -> str:
    """%f %e %g %a. Integers and Rationals are exact with %f."""
    cls = value.__class__
    if cls is not float:
        if step.conversion == "f":
            if cls is int:
                return exact_decimal(step, value, 1)
            from .rational import RationalValue

            if cls is RationalValue:
                return exact_decimal(step, value.num, value.den)
        value = to_float(value)
    if not isfinite(value):
        sign = "-" if value < 0 else "+" if step.plus else " " if step.space else ""
        text = sign + ("NaN" if value != value else "Inf")
        return text.ljust(step.width) if step.minus else text.rjust(step.width)
    if step.conversion == "a" or step.conversion == "A":
        return format_hex(step, value)
    if step.conversion == "f" and not -1e50 < value < 1e50:  # PyPy writes these with an exponent
        return exact_decimal(step, int(value), 1)
    digits = near_middle(value, step.conversion, step.precision)
    if digits is None:
        return step.host_spec % value
    number, power = digits
    nearest = float(f"{number + (number & 1)}e{power}")
    spec = step.host_spec
    if number % 10 == 0 and step.conversion in "gG" and not step.sharp and abs(value) > middle(number, power):
        spec = "%#" + spec[1:]  # zeros stay where digits were cut off
    return spec % (-nearest if value < 0 else nearest)


def middle(number: int, power: int) -> Any:
    """Return the exact middle between two results."""
    from fractions import Fraction

    return (2 * number + 1) * Fraction(10) ** power / 2


def near_middle(value: float, conversion: str, precision: int) -> tuple[int, int] | None:
    """Return the digits, cut off, of a Float that lies so near the middle of two results that Ruby's conversion takes
    it for the middle and rounds to the even digit: 12.345 with two decimals is 12.34, 0.35 with one is 0.4.

    Any other value is None: Python rounds it as Ruby does.
    """
    places = DEFAULT_PRECISION if precision < 0 else precision
    size = abs(value)
    if conversion == "f":
        if places > 22:
            return None
        scaled = size * POWERS[places]
        if scaled >= 1e15 or abs(scaled % 1.0 - 0.5) > scaled * 4e-14:
            return None
    elif not size or places > 14:
        return None
    estimate = power_of_ten(size)
    if conversion == "f":
        count = places + estimate + 1
    else:
        count = places + 1 if conversion in "eE" else places or 1
    return middle_digits(size, estimate, count, conversion == "f")


POWERS = [10.0**power for power in range(23)]


def power_of_ten(size: float) -> int:
    """Return the decimal exponent of a positive Float; below 1 it may be one too large, as in `dtoa`."""
    mantissa, exponent = frexp(size)
    guess = (mantissa * 2 - 1.5) * 0.289529654602168 + 0.1760912590558 + (exponent - 1) * 0.301029995663981
    power = floor(guess)
    if 0 <= power <= 22 and size < POWERS[power]:
        power -= 1
    return power


def middle_digits(size: float, power: int, count: int, fixed: bool) -> tuple[int, int] | None:
    """Return the first `count` digits of a Float (with the power of ten of the last one) if what follows them cannot
    be told from one half by Float arithmetic, else None.

    Source: the quick path of David Gay's `dtoa` (modes 2 and 3) in the form that Ruby has.
    """
    if not 0 < count <= 14:
        return None
    steps = 2  # that may each have lost half a unit
    if power > 0:
        size /= 10.0**power
        steps += (power >> 4).bit_length()
    elif power < 0:
        size *= 10.0**-power
        steps += (-power >> 4).bit_length()
        if size < 1.0:
            if fixed:
                count -= 1
                if not count:
                    return None
            power -= 1
            size *= 10.0
            steps += 1
    doubt = (steps * size + 7.0) * 2.0**-52 * 10.0 ** (count - 1)
    number = 0
    for index in range(count):
        if index:
            size *= 10.0
        digit = int(size)
        size -= digit
        number = number * 10 + digit
    return None if abs(size - 0.5) > doubt else (number, power - count + 1)


def exact_decimal(step: Directive, numerator: int, denominator: int) -> str:
    """Return a fraction with decimals, half rounded away from 0."""
    places = DEFAULT_PRECISION if step.precision < 0 else step.precision
    number = abs(numerator)
    if denominator != 1:
        number = (number * 10**places + denominator // 2) // denominator
        digits = int_text(number).rjust(places + 1, "0")
    else:
        digits = int_text(number) + "0" * places
    if places:
        digits = digits[:-places] + "." + digits[-places:]
    sign = "-" if numerator < 0 else "+" if step.plus else " " if step.space else ""
    if step.zero and not step.minus:
        digits = digits.rjust(step.width - len(sign), "0")
    text = sign + digits
    return text.ljust(step.width) if step.minus else text.rjust(step.width)


def format_hex(step: Directive, value: float) -> str:
    """%a: hexadecimal digits and a power of two, one digit before the point."""
    mantissa, exponent = frexp(abs(value))
    bits = int(mantissa * (1 << 53))  # 1 and 52 binary digits, unless it is 0
    exponent = exponent - 1 if bits else 0
    if 0 <= step.precision < 13:
        drop = 52 - 4 * step.precision
        kept, rest = bits >> drop, bits & ((1 << drop) - 1)
        half = 1 << (drop - 1)
        if rest > half or rest == half and kept & 1:
            kept += 1
        bits = kept << drop
        if bits >> 53:
            bits >>= 1
            exponent += 1
    fraction = format(bits & ((1 << 52) - 1), "013x")
    fraction = fraction.rstrip("0") if step.precision < 0 else fraction.ljust(step.precision, "0")[: step.precision]
    point = "." if fraction or step.sharp else ""
    digits = f"{bits >> 52}{point}{fraction}p{exponent:+d}"
    prefix = "0x"
    if step.conversion == "A":
        digits, prefix = digits.upper(), "0X"
    negative = str(value)[0] == "-"
    sign = "-" if negative else "+" if step.plus else " " if step.space else ""
    if step.zero and not step.minus:
        digits = digits.rjust(step.width - len(sign) - 2, "0")
    text = sign + prefix + digits
    return text.ljust(step.width) if step.minus else text.rjust(step.width)
