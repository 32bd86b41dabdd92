"""The bytes of a String: byteslice, getbyte, byteindex, bytesplice, sum."""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import send
from ..errors import error
from ..later import later
from ..values import UNDEF, Range, String
from .edited import edit, edited_bytes
from .string_access import is_regexp
from .string_encoding import PLAIN_ASCII
from .text import (
    NOT_ASCII,
    as_long,
    as_string,
    check_compatible,
    decode,
    from_bytes,
    like,
    range_span,
    short_range,
    text_bytes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..errors import conversion_name
    from ..values import Block, Value
    from .enumerator import make_enumerator
else:
    later(globals(), ".enumerator", "make_enumerator")
    later(globals(), "..errors", "conversion_name")

string = NativeClass("String")

MOST = 1 << 62


@string.method("bytesize")
def bytesize(self: String, blk: Block) -> int:
    return len(self.s) if self.s.isascii() and self.encoding in PLAIN_ASCII else len(text_bytes(self))


@string.method("each_byte", block=True)
def each_byte(self: String, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_byte", size=lambda: len(text_bytes(self)))
    for byte in text_bytes(self):
        blk(byte)
    return self


@string.method("getbyte")
def getbyte(self: String, blk: Block, index: Value) -> Value:
    if self.__class__ is not String and index.__class__ is int:
        data = edited_bytes(self)
        if data is not None:
            return data[index] if -len(data) <= index < len(data) else None
    text = self.s
    if index.__class__ is int and text.isascii() and self.encoding not in NOT_ASCII:
        return ord(text[index]) if -len(text) <= index < len(text) else None
    data = text_bytes(self)
    at = as_long(index)
    return data[at] if -len(data) <= at < len(data) else None


@string.method("setbyte", mutates=True)
def setbyte(self: String, blk: Block, index: Value, byte: Value) -> Value:
    if index.__class__ is int and byte.__class__ is int:
        data = edit(self)
        if data is not None and -len(data) <= index < len(data):
            data[index] = byte & 255
            return byte
    text = self.s
    plain = self.__class__ is String and index.__class__ is int and byte.__class__ is int and text.isascii()
    if plain and 0 <= index < len(text) and 0 <= byte < 128:
        self.s = f"{text[:index]}{chr(byte)}{text[index + 1 :]}"
        return byte
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
    text = self.s
    plain = self.__class__ is String and index.__class__ is int and length.__class__ is int and text.isascii()
    if plain and 0 <= index <= len(text) and 0 <= length < MOST:
        return String(text[index : index + length])
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
    if is_regexp(wanted):
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
    if is_regexp(wanted):
        found = send(self, ":rindex", None, wanted, len(decode(data[:start], self.encoding)))
        return None if found is None else len(text_bytes(like(self, self.s[:found])))
    text = as_string(wanted)
    check_compatible(self, text)
    needle = text_bytes(text)
    at = data.rfind(needle, 0, start + len(needle))
    while at >= 0 and not is_boundary(data, at, self.encoding):
        at = data.rfind(needle, 0, at + len(needle) - 1) if at else -1
    return at if at >= 0 else None


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
            raise error("TypeError", f"wrong argument type {conversion_name(part)} (expected String or Integer)")
    self.s = decode(bytes(data), self.encoding)
    return self


@string.method("sum")
def sum_of(self: String, blk: Block, bits: Value = 16) -> int:
    total = sum(text_bytes(self))
    if bits == 16:
        return total & 0xFFFF
    width = as_long(bits)
    return total & ((1 << width) - 1) if width > 0 else total
