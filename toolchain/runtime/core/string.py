"""String: the methods that most programs use. The others are in string_*.py by theme; text.py is what they share."""

from __future__ import annotations

from ..blocks import BATCHES
from ..builtin import NativeClass
from ..convert import as_str, order_sign, try_ary
from ..dispatch import respond_to, send
from ..errors import error
from ..later import later
from ..model import OBJECT, find_method, freeze
from ..values import FALSE, TRUE, UNDEF, Array, Hash, Range, String, Symbol, sym, truth
from .growing import LEAST_LENGTH, GrowingString, grow
from .text import (
    as_long,
    as_string,
    host_of,
    is_escape,
    join_text,
    joined_host,
    like,
    set_encoding,
    text_bytes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value
    from .string_case import change_case
    from .string_change import stripped
    from .string_convert import parse_float, parse_int
    from .string_encoding import check_valid_symbol, code_point_string
    from .string_inspect import quoted
else:
    later(globals(), ".string_inspect", "quoted")
    later(globals(), ".string_convert", "parse_int", "parse_float")
    later(globals(), ".string_encoding", "check_valid_symbol", "code_point_string")
    later(globals(), ".string_case", "change_case")
    later(globals(), ".string_change", "stripped")

string = NativeClass("String")

# What a string may hold at most; asking for more is an error instead of an exhausted machine.
MAX_LENGTH = 2**40


# --- making ---------------------------------------------------------------------------------------------------------


@string.private("initialize")
def initialize(
    self: String, blk: Block, text: Value = UNDEF, *, encoding: Value = UNDEF, capacity: Value = UNDEF
) -> Value:
    """Fill a new String. Without any text its encoding is BINARY until something is appended."""
    if text is not UNDEF:
        replace(self, None, text)
    else:
        set_encoding(self, "BINARY")
    if capacity is not UNDEF and capacity is not None:
        as_long(capacity)
    if encoding is not UNDEF and encoding is not None:
        send(self, ":force_encoding", None, encoding)
    return None


@string.singleton("try_convert")
def try_convert(self: Value, blk: Block, value: Value) -> Value:
    if isinstance(value, String):
        return value
    return send(value, ":to_str") if respond_to(value, "to_str") else None


@string.method("replace", mutates=True)
def replace(self: String, blk: Block, other: Value) -> String:
    text = as_string(other)
    self.s = text.s
    set_encoding(self, text.encoding)
    return self


string.private("initialize_copy")(replace)


@string.method("dup")
def dup(self: String, blk: Block) -> String:
    text = self.s
    if self.__class__ is String and not hasattr(self, "extra"):
        return String(text)
    entry: Any = find_method(OBJECT, "dup")
    copy: String = entry.fn(self, blk)
    return copy


@string.method("+@")
def plus_at(self: String, blk: Block) -> String:
    """Return a String that may be changed: itself, or a copy if it is frozen."""
    return dup(self, None) if self.is_frozen else self


@string.method("-@", "dedup")
def minus_at(self: String, blk: Block) -> String:
    """Return the one frozen String of this content."""
    if self.__class__.__base__ is not host_of(self.encoding) and self.__class__ is not host_of(self.encoding):
        return self if self.is_frozen else freeze(dup(self, None))
    key = (self.encoding, self.s)
    known: Any = INTERNED.get(key)
    if known is None:
        known = INTERNED[key] = self if self.is_frozen else freeze(like(self, self.s))
    return known


INTERNED: dict[tuple[str, str], String] = {}


@string.method("freeze")
def freeze_string(self: String, blk: Block) -> String:
    frozen: String = freeze(self)
    return frozen


@string.method("to_s", "to_str")
def to_s(self: String, blk: Block) -> String:
    if self.__class__.mclass is string.mod:
        return self
    return like(self, self.s)


@string.method("to_sym", "intern")
def to_sym(self: String, blk: Block) -> Symbol:
    if not self.s.isascii():
        return sym(check_valid_symbol(self))
    return sym(self.s)


@string.method("inspect")
def inspect(self: String, blk: Block) -> String:
    text = self.s
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text and "#" not in text:
        return String(f'"{text}"')
    return String(quoted(self))


# --- joining --------------------------------------------------------------------------------------------------------


@string.method("+")
def add(self: String, blk: Block, other: Value) -> String:
    if other.__class__ is String and self.__class__ is String:
        if other.s.isascii():
            return String(self.s + other.s)
        return String(join_text(self.s, other.s))
    text = as_string(other)
    return joined_host(self, text)(join_text(self.s, text.s))


@string.method("*")
def multiply(self: String, blk: Block, count: Value) -> String:
    times = as_long(count)
    if times < 0:
        raise error("ArgumentError", "negative argument")
    if times * len(self.s) > MAX_LENGTH:
        raise error("ArgumentError", "argument too big")
    text = self.s * times
    return String(text) if self.__class__ is String else like(self, text)


FORMAT: list[Any] = [None]  # format_string, once it is needed


@string.method("%")
def modulo(self: String, blk: Block, values: Value) -> Value:
    """Format `values`: the elements of an Array, or one value."""
    if FORMAT[0] is None:
        from .format import format_string

        FORMAT[0] = format_string
    if values.__class__ is Array:
        return FORMAT[0](self, values.a)
    args = None if isinstance(values, (Hash, String)) or values.__class__ is int else try_ary(values)
    return FORMAT[0](self, [values] if args is None else args)


@string.method("<<", mutates=True)
def append(self: String, blk: Block, other: Value) -> String:
    """Append a String, or the character of a code point."""
    if other.__class__ is String and (self.__class__ is String or self.__class__ is GrowingString):
        more = other.s
        if not more or not is_escape(more[0]):
            if LEAST_LENGTH is not None and (self.__class__ is GrowingString or len(self.s) >= LEAST_LENGTH):
                grow(self, more)
                return self
            # The only reference to the old text is a local variable: CPython then extends it in place.
            text = self.s
            self.s = ""
            text += more
            self.s = text
        else:
            self.s = join_text(self.s, more)
        return self
    if other.__class__ is int:
        other = code_point_string(other, self)
    return append_string(self, as_string(other))


def append_string(self: String, other: String) -> String:
    """Append `other`, whatever its encoding, if it goes together with the receiver's."""
    more = other.s
    if self.encoding != other.encoding:
        host = joined_host(self, other)
        if not self.s:
            set_encoding(self, other.encoding)
        elif host.encoding != self.encoding:
            set_encoding(self, host.encoding)
    text = self.s
    self.s = ""
    if more and is_escape(more[0]):
        text = join_text(text, more)
    else:
        text += more
    self.s = text
    return self


@string.method("concat", mutates=True)
def concat(self: String, blk: Block, *others: Value) -> String:
    if len(others) == 1:
        return append(self, None, others[0])
    # The receiver may be among the arguments: its old content is what counts.
    for other in [like(self, self.s) if other is self else other for other in others]:
        append(self, None, other)
    return self


# --- comparing ------------------------------------------------------------------------------------------------------


@string.method("==", "===")
def equals(self: String, blk: Block, other: Value) -> Value:
    if isinstance(other, String):
        return truth(self.s == other.s and (self.__class__ is other.__class__ or comparable(self, other)))
    if other.__class__ in (int, float, Symbol) or other is None or not respond_to(other, "to_str"):
        return FALSE
    answer = send(other, ":==", None, self)
    return truth(answer is not FALSE and answer is not None)


def comparable(a: String, b: String) -> bool:
    """Return whether equal characters are equal strings, which takes equal encodings beyond ASCII."""
    return a.encoding == b.encoding or a.s.isascii()


@string.method("eql?")
def eql(self: String, blk: Block, other: Value) -> Value:
    return truth(isinstance(other, String) and self.s == other.s and comparable(self, other))


@string.method("hash")
def hash_of(self: String, blk: Block) -> int:
    return hash(("s", self.s))


@string.method("<=>")
def spaceship(self: String, blk: Block, other: Value) -> Value:
    if isinstance(other, String):
        a, b = self.s, other.s
        if self.encoding == other.encoding or a.isascii() and b.isascii():
            return -1 if a < b else 1 if a > b else 0
        first, second = text_bytes(self), text_bytes(other)
        return -1 if first < second else 1 if first > second else 0
    if other.__class__ in (int, float, Symbol) or other is None:
        return None
    # The other side may know how to compare itself with a String; then the sign is turned round.
    if isinstance(other, (Array, Hash, Range)) or not respond_to(other, "<=>"):
        return None
    order = send(other, ":<=>", None, self)
    return None if order is None else -order_sign(order, other, self)


@string.method("=~")
def match_operator(self: String, blk: Block, pattern: Value) -> Value:
    if isinstance(pattern, String):
        raise error("TypeError", "type mismatch: String given")
    return send(pattern, ":=~", None, self)


# --- asking ---------------------------------------------------------------------------------------------------------


@string.method("include?")
def include(self: String, blk: Block, other: Value) -> Value:
    return TRUE if (other.s if other.__class__ is String else as_str(other)) in self.s else FALSE


@string.method("start_with?")
def start_with(self: String, blk: Block, *prefixes: Value) -> Value:
    for prefix in prefixes:
        if isinstance(prefix, String):
            if self.s.startswith(prefix.s):
                return TRUE
            continue
        from .regexp import Regexp, regexp_prefix

        if isinstance(prefix, Regexp):
            if regexp_prefix(prefix, self) is not None:
                return TRUE
        elif self.s.startswith(as_str(prefix)):
            return TRUE
    return FALSE


@string.method("end_with?")
def end_with(self: String, blk: Block, *suffixes: Value) -> Value:
    for suffix in suffixes:
        if self.s.endswith(as_str(suffix)):
            return TRUE
    return FALSE


# --- case -----------------------------------------------------------------------------------------------------------


@string.method("upcase")
def upcase(self: String, blk: Block, *options: Value) -> String:
    if options or not self.s.isascii():
        text = change_case(self, "upcase", options)
        return String(text) if self.__class__ is String else like(self, text)
    text = self.s.upper()
    return String(text) if self.__class__ is String else like(self, text)


@string.method("downcase")
def downcase(self: String, blk: Block, *options: Value) -> String:
    if options or not self.s.isascii():
        text = change_case(self, "downcase", options)
        return String(text) if self.__class__ is String else like(self, text)
    text = self.s.lower()
    return String(text) if self.__class__ is String else like(self, text)


@string.method("capitalize")
def capitalize(self: String, blk: Block, *options: Value) -> String:
    if options or not self.s.isascii():
        text = change_case(self, "capitalize", options)
        return String(text) if self.__class__ is String else like(self, text)
    text = self.s.capitalize()
    return String(text) if self.__class__ is String else like(self, text)


# --- trimming and padding -------------------------------------------------------------------------------------------


@string.method("strip", "trim")
def strip(self: String, blk: Block, *selectors: Value) -> String:
    if selectors:
        text = stripped(self.s, selectors, True, True)
        return String(text) if self.__class__ is String else like(self, text)
    text = self.s.strip("\0\t\n\v\f\r ")
    return String(text) if self.__class__ is String else like(self, text)


@string.method("ljust")
def ljust(self: String, blk: Block, width: Value, pad: Value = UNDEF) -> String:
    return padded(self, width, pad, 0)


@string.method("rjust")
def rjust(self: String, blk: Block, width: Value, pad: Value = UNDEF) -> String:
    return padded(self, width, pad, 2)


@string.method("center")
def center(self: String, blk: Block, width: Value, pad: Value = UNDEF) -> String:
    return padded(self, width, pad, 1)


def padded(self: String, width: Value, pad: Value, left_share: int) -> String:
    """Return the string in at least `width` characters, with `left_share` halves of the padding on its left."""
    if width.__class__ is int and width <= 1 << 32 and self.__class__ is String:
        text = self.s
        missing = width - len(text)
        fill = " " if pad is UNDEF else pad.s if pad.__class__ is String or pad.__class__ is String.frozen_py else ""
        if len(fill) == 1:
            if missing <= 0:
                return String(text)
            left = missing * left_share // 2
            return String(fill * left + text + fill * (missing - left))
    missing = as_long(width) - len(self.s)
    host = host_of(self.encoding)
    fill = " "
    if pad is not UNDEF:
        padding = as_string(pad)
        fill = padding.s
        if not fill:
            raise error("ArgumentError", "zero width padding")
        host = joined_host(self, padding)
    if missing <= 0:
        return like(self, self.s)
    if missing > MAX_LENGTH:
        raise error("ArgumentError", "argument too big")
    left = missing * left_share // 2
    right = missing - left
    return host(run(fill, left) + self.s + run(fill, right))


def run(fill: str, width: int) -> str:
    """Return `width` characters of repeated `fill`."""
    if len(fill) == 1:
        return fill * width
    return (fill * (width // len(fill) + 1))[:width]


# --- numbers --------------------------------------------------------------------------------------------------------


@string.method("to_i")
def to_i(self: String, blk: Block, base: Value = UNDEF) -> int:
    """Return the Integer at the start of the string in `base` (0: by its prefix), 0 if there is none."""
    text = self.s
    plain = text.isdigit() or text[:1] == "-" and text[1:].isdigit()
    if plain and base is UNDEF and len(text) < 600 and text.isascii():
        return int(text)
    if base.__class__ is int and 2 <= base <= 36 and text.isalnum() and len(text) < 600 and text.isascii():
        try:
            return int(text, base)
        except ValueError:  # a digit that the base does not have
            pass
    return parse_int(text, 10 if base is UNDEF else as_long(base))


def integers(values: list[String]) -> list[int]:
    """`map(&:to_i)`"""
    texts = [value.s for value in values]
    together = "".join(texts)
    if together.isdigit() and together.isascii() and all(texts) and max(map(len, texts)) < 600:
        return list(map(int, texts))
    return [to_i(value, None) for value in values]


BATCHES[to_i] = integers


@string.method("to_f")
def to_f(self: String, blk: Block) -> float:
    """Return the Float at the start of the string, 0.0 if there is none."""
    text = self.s
    if text[-1:].isdigit() and text.isascii() and "_" not in text:
        try:
            return float(text)
        except ValueError:
            pass
    return parse_float(text)
