"""Encodings and bytes of a String: force_encoding, encode, scrub, byte access, code points, unicode_normalize."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_name
from ..dispatch import send
from ..errors import error
from ..values import UNDEF, Array, Range, String, truth
from .encoding import as_encoding, encoding_value
from .text import (
    as_long,
    as_string,
    check_compatible,
    decode,
    from_bytes,
    host_of,
    is_escape,
    is_valid,
    like,
    range_span,
    set_encoding,
    text_bytes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

string = NativeClass("String")


@string.method("encoding")
def encoding(self: String, blk: Block) -> Value:
    return encoding_value(self.encoding)


@string.method("force_encoding", mutates=True)
def force_encoding(self: String, blk: Block, wanted: Value) -> String:
    """Read the same bytes as text in another encoding."""
    key = as_encoding(wanted)
    if key != self.encoding:
        if not (self.s.isascii() and key in PLAIN_ASCII and self.encoding in PLAIN_ASCII):
            self.s = decode(text_bytes(self), key)
        set_encoding(self, key)
    return self


PLAIN_ASCII = ("UTF-8", "BINARY", "US-ASCII")


@string.method("b")
def binary(self: String, blk: Block) -> String:
    return host_of("BINARY")(text_bytes(self).decode("latin-1"))


@string.method("ascii_only?")
def is_ascii_only(self: String, blk: Block) -> Value:
    return truth(self.s.isascii() and not self.encoding.startswith(("UTF-16", "UTF-32")))


@string.method("valid_encoding?")
def is_valid_encoding(self: String, blk: Block) -> Value:
    return truth(is_valid(self))


def check_valid_symbol(value: String) -> str:
    """Return the name of a Symbol. EncodingError of the guest if it is not text."""
    if value.encoding == "BINARY":
        return text_bytes(value).decode("utf-8", "surrogateescape")
    if not is_valid(value):
        from .string_inspect import quoted

        raise error("EncodingError", f"invalid symbol in encoding {value.encoding} :{quoted(value)}")
    return value.s


# --- bytes ----------------------------------------------------------------------------------------------------------


@string.method("bytesize")
def bytesize(self: String, blk: Block) -> int:
    return len(self.s) if self.s.isascii() and self.encoding in PLAIN_ASCII else len(text_bytes(self))


@string.method("each_byte", block=True)
def each_byte(self: String, blk: Block) -> Value:
    if blk is None:
        from .enumerator import make_enumerator

        return make_enumerator(self, "each_byte", size=lambda: len(text_bytes(self)))
    for byte in text_bytes(self):
        blk(byte)
    return self


@string.method("getbyte")
def getbyte(self: String, blk: Block, index: Value) -> Value:
    data = text_bytes(self)
    at = as_long(index)
    return data[at] if -len(data) <= at < len(data) else None


@string.method("setbyte", mutates=True)
def setbyte(self: String, blk: Block, index: Value, byte: Value) -> Value:
    data = bytearray(text_bytes(self))
    at = as_long(index)
    if not -len(data) <= at < len(data):
        raise error("IndexError", f"index {at} out of string")
    data[at] = as_long(byte) & 255
    self.s = decode(bytes(data), self.encoding)
    return byte


def byte_span(index: Value, length: Value, size: int) -> tuple[int, int] | None:
    """Return (start, stop) in bytes of what `byteslice` selects, None if it is outside."""
    if isinstance(index, Range) and length is UNDEF:
        return range_span(index, size)
    start = as_long(index)
    count = 1 if length is UNDEF else as_long(length)
    if start < 0:
        start += size
    if start < 0 or count < 0 or start > size or start == size and length is UNDEF:
        return None
    return start, min(start + count, size)


@string.method("byteslice")
def byteslice(self: String, blk: Block, index: Value, length: Value = UNDEF) -> Value:
    data = text_bytes(self)
    span = byte_span(index, length, len(data))
    return None if span is None else from_bytes(data[span[0] : span[1]], self.encoding)


def is_boundary(data: bytes, at: int, key: str) -> bool:
    """Return whether a character of UTF-8 text starts (or the text ends) at byte `at`."""
    return key != "UTF-8" or at >= len(data) or data[at] & 0xC0 != 0x80


def check_boundary(data: bytes, at: int, key: str) -> None:
    if not is_boundary(data, at, key):
        raise error("IndexError", f"offset {at} does not land on character boundary")


@string.method("byteindex")
def byteindex(self: String, blk: Block, wanted: Value, offset: Value = 0) -> Value:
    """Return the offset in bytes of the first occurrence at or behind `offset`."""
    data = text_bytes(self)
    start = as_long(offset)
    if start < 0:
        start += len(data)
    if not 0 <= start <= len(data):
        return None
    check_boundary(data, start, self.encoding)
    if is_pattern(wanted):
        found = send(self, ":index", None, wanted, len(decode(data[:start], self.encoding)))
        return None if found is None else len(text_bytes(like(self, self.s[:found])))
    text = as_string(wanted)
    check_compatible(self, text)
    at = data.find(text_bytes(text), start)
    while at >= 0 and not is_boundary(data, at, self.encoding):
        at = data.find(text_bytes(text), at + 1)
    return at if at >= 0 else None


@string.method("byterindex")
def byterindex(self: String, blk: Block, wanted: Value, offset: Value = UNDEF) -> Value:
    """Return the offset in bytes of the last occurrence that starts at or before `offset`."""
    data = text_bytes(self)
    start = len(data) if offset is UNDEF else as_long(offset)
    if start < 0:
        start += len(data)
    if start < 0:
        return None
    start = min(start, len(data))
    check_boundary(data, start, self.encoding)
    if is_pattern(wanted):
        found = send(self, ":rindex", None, wanted, len(decode(data[:start], self.encoding)))
        return None if found is None else len(text_bytes(like(self, self.s[:found])))
    text = as_string(wanted)
    check_compatible(self, text)
    needle = text_bytes(text)
    at = data.rfind(needle, 0, start + len(needle))
    while at >= 0 and not is_boundary(data, at, self.encoding):
        at = data.rfind(needle, 0, at + len(needle) - 1) if at else -1
    return at if at >= 0 else None


def is_pattern(value: Value) -> bool:
    from .regexp import Regexp

    return isinstance(value, Regexp)


@string.method("bytesplice", mutates=True)
def bytesplice(self: String, blk: Block, index: Value, *rest: Value) -> String:
    """Replace bytes: (range, text[, range of it]) or (start, length, text[, start, length of it])."""
    data = text_bytes(self)
    if isinstance(index, Range):
        if not 1 <= len(rest) <= 2:
            raise error("ArgumentError", f"wrong number of arguments (given {len(rest) + 1}, expected 2..5)")
        span, text, part = byte_span(index, UNDEF, len(data)), as_string(rest[0]), rest[1:]
        shown = index
    else:
        if len(rest) not in (2, 4):
            raise error("ArgumentError", f"wrong number of arguments (given {len(rest) + 1}, expected 2..5)")
        span, text, part = byte_span(index, rest[0], len(data)), as_string(rest[1]), rest[2:]
        shown = None
    if span is None:
        from .text import short_range

        if shown is not None:
            raise error("RangeError", f"{short_range(shown)} out of range")
        raise error("IndexError", f"index {as_long(index)} out of string")
    new = text_bytes(text)
    if part:
        new_span = byte_span(part[0], part[1] if len(part) > 1 else UNDEF, len(new))
        if new_span is None:
            raise error("IndexError", "index out of string")
        new = new[new_span[0] : new_span[1]]
    for at in span:
        check_boundary(data, at, self.encoding)
    self.s = decode(data[: span[0]] + new + data[span[1] :], self.encoding)
    return self


@string.method("append_as_bytes", mutates=True)
def append_as_bytes(self: String, blk: Block, *parts: Value) -> String:
    """Append bytes as they are: those of Strings, and the lowest eight bits of Integers."""
    data = bytearray(text_bytes(self))
    for part in parts:
        if part.__class__ is int:
            data.append(part & 255)
        elif isinstance(part, String):
            data += text_bytes(part)
        else:
            from ..errors import conversion_name

            raise error("TypeError", f"wrong argument type {conversion_name(part)} (expected String or Integer)")
    self.s = decode(bytes(data), self.encoding)
    return self


@string.method("sum")
def sum_of(self: String, blk: Block, bits: Value = 16) -> int:
    total = sum(text_bytes(self))
    width = as_long(bits)
    return total & ((1 << width) - 1) if width > 0 else total


# --- characters -----------------------------------------------------------------------------------------------------


def invalid_sequence(value: String) -> Any:
    return error("ArgumentError", f"invalid byte sequence in {value.encoding}")


def code_point(value: String, char: str) -> int:
    if char > "\x7f":
        if is_escape(char) and value.encoding != "BINARY":
            raise invalid_sequence(value)
        if value.encoding not in ("UTF-8", "BINARY") and not value.encoding.startswith("UTF-"):
            return int.from_bytes(text_bytes(like(value, char)), "big")
    return ord(char)


@string.method("ord")
def ord_of(self: String, blk: Block) -> int:
    if not self.s:
        raise error("ArgumentError", "empty string")
    return code_point(self, self.s[0])


@string.method("chr")
def chr_of(self: String, blk: Block) -> String:
    return like(self, self.s[:1])


@string.method("codepoints", block=True)
def codepoints(self: String, blk: Block) -> Value:
    if blk is not None:
        return each_codepoint(self, blk)
    return Array([code_point(self, char) for char in self.s])


@string.method("each_codepoint", block=True)
def each_codepoint(self: String, blk: Block) -> Value:
    if blk is None:
        from .enumerator import make_enumerator

        return make_enumerator(self, "each_codepoint", size=lambda: len(self.s))
    for char in self.s:
        blk(code_point(self, char))
    return self


def code_point_string(code: int, model: String) -> String:
    """Return the String of one character that `<<` appends for an Integer. RangeError of the guest."""
    key = model.encoding
    if key == "BINARY" or key == "US-ASCII":
        if not 0 <= code <= 255:
            raise error("RangeError", f"{code} out of char range")
        # A byte that is not ASCII makes an ASCII string a binary one.
        return host_of(key)(chr(code)) if code < 128 else host_of("BINARY")(chr(code))
    if code < 0 or code > 0x10FFFF and key.startswith("UTF-"):
        raise error("RangeError", f"{code} out of char range")
    if 0xD800 <= code <= 0xDFFF:
        raise error("RangeError", f"invalid codepoint 0x{code:X} in {key}")
    if key.startswith("UTF-"):
        return host_of(key)(chr(code))
    data = code.to_bytes((code.bit_length() + 7) // 8 or 1, "big")
    text = decode(data, key)
    if len(text) != 1 or is_escape(text):
        raise error("RangeError", f"invalid codepoint 0x{code:X} in {key}")
    return host_of(key)(text)


# --- conversion -----------------------------------------------------------------------------------------------------


@string.method("encode")
def encode(self: String, blk: Block, *encodings: Value, **options: Value) -> String:
    """Return the text in another encoding."""
    from .transcode import transcode

    return transcode(self, encodings, options)


@string.method("encode!", mutates=True)
def encode_bang(self: String, blk: Block, *encodings: Value, **options: Value) -> String:
    from .transcode import transcode

    new = transcode(self, encodings, options)
    self.s = new.s
    set_encoding(self, new.encoding)
    return self


def scrubbed(self: String, blk: Block, replacement: Value) -> str:
    """Return the text with bytes that are no characters replaced, each run that could begin one by one replacement."""
    if is_valid(self):
        return self.s
    fill = "?" if not self.encoding.startswith("UTF-") else "\ufffd"
    if replacement is not UNDEF and replacement is not None:
        fill = as_string(replacement).s
    data = text_bytes(self)
    if self.encoding == "UTF-8":
        parts = []
        at = 0
        while at < len(data):
            try:
                parts.append(data[at:].decode())
                break
            except UnicodeDecodeError as exc:
                parts.append(data[at : at + exc.start].decode())
                bad = data[at + exc.start : at + exc.end]
                parts.append(fill if blk is None else as_string(blk(from_bytes(bad, "UTF-8"))).s)
                at += exc.end
        return "".join(parts)
    parts = []
    for char in self.s:
        if not is_escape(char):
            parts.append(char)
        else:
            parts.append(fill if blk is None else as_string(blk(like(self, char))).s)
    return "".join(parts)


@string.method("scrub", block=True)
def scrub(self: String, blk: Block, replacement: Value = UNDEF) -> String:
    return like(self, scrubbed(self, blk, replacement))


@string.method("scrub!", mutates=True, block=True)
def scrub_bang(self: String, blk: Block, replacement: Value = UNDEF) -> String:
    self.s = scrubbed(self, blk, replacement)
    return self


def normalized(self: String, form: Value) -> str:
    name = as_name(form) if form is not UNDEF else "nfc"
    if name not in ("nfc", "nfd", "nfkc", "nfkd"):
        raise error("ArgumentError", f"Invalid normalization form {name}.")
    if self.encoding == "US-ASCII":
        return self.s
    if not self.encoding.startswith("UTF-"):
        from .encoding import ruby_name

        raise error(
            "Encoding::CompatibilityError", f"Unicode Normalization not appropriate for {ruby_name(self.encoding)}"
        )
    if self.s.isascii():
        return self.s
    if not is_valid(self):
        raise invalid_sequence(self)
    from unicodedata import normalize

    form_name: Any = name.upper()
    return normalize(form_name, self.s)


@string.method("unicode_normalize")
def unicode_normalize(self: String, blk: Block, form: Value = UNDEF) -> String:
    return like(self, normalized(self, form))


@string.method("unicode_normalize!", mutates=True)
def unicode_normalize_bang(self: String, blk: Block, form: Value = UNDEF) -> String:
    self.s = normalized(self, form)
    return self


@string.method("unicode_normalized?")
def is_unicode_normalized(self: String, blk: Block, form: Value = UNDEF) -> Value:
    return truth(normalized(self, form) == self.s)
