"""String#unpack: bytes as values."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_int, as_str
from ..errors import error
from ..values import UNDEF, Array, String
from .pack_template import FLOATS, STAR, Directive, read_template
from .text import from_bytes, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

string = NativeClass("String")


class Unpacker:
    """The bytes, how far they are read, and the values so far."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at
        self.values: list[Any] = []

    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, size: int) -> bytes:
        part = self.data[self.at : self.at + size]
        self.at += len(part)
        return part

    def run(self, directive: Directive) -> None:
        kind, count = directive.type, directive.count
        if directive.size:
            self.fixed(directive, directive.size, lambda part: self.integer(part, directive))
        elif kind in FLOATS:
            from struct import calcsize, unpack

            code = FLOATS[kind]
            self.fixed(directive, calcsize(code), lambda part: unpack(code, part)[0])
        elif kind in "aAZ":
            self.text(kind, self.left() if count == STAR else count, count == STAR)
        elif kind in "bB":
            self.bits(kind == "B", count)
        elif kind in "hH":
            self.hex(kind == "H", count)
        elif kind == "U":
            while self.left() and count:
                self.values.append(self.code_point())
                count -= 1
        elif kind == "w":
            while self.left() and count:
                number = self.compressed()
                if number is None:
                    break
                self.values.append(number)
                count -= 1
        elif kind in "mMu":
            self.encoded(kind, directive)
        elif kind == "x":
            skip = self.left() if count == STAR else count
            if skip > self.left():
                raise error("ArgumentError", "x outside of string")
            self.at += skip
        elif kind == "X":
            back = 0 if count == STAR else count
            if back > self.at:
                raise error("ArgumentError", "X outside of string")
            self.at -= back
        else:  # @: go to an offset
            offset = 0 if count == STAR else count
            if offset > len(self.data):
                raise error("ArgumentError", "@ outside of string")
            self.at = offset

    def fixed(self, directive: Directive, size: int, make: Any) -> None:
        """Read items of `size` bytes; nil for those that are missing."""
        count = directive.count
        while count and self.left() >= size:
            self.values.append(make(self.take(size)))
            count -= 1
        if count > 0:
            self.values += [None] * count

    def integer(self, part: bytes, directive: Directive) -> int:
        return int.from_bytes(part, directive.order, signed=directive.signed)  # type: ignore[arg-type]

    def text(self, kind: str, size: int, star: bool) -> None:
        part = self.data[self.at : self.at + size]
        used = len(part)
        if kind == "A":
            part = part.rstrip(b" \0")
        elif kind == "Z":
            end = part.find(b"\0")
            if end >= 0:
                used = end + 1 if star else used
                part = part[:end]
        self.at += used
        self.values.append(from_bytes(part))

    def bits(self, high_first: bool, count: int) -> None:
        wanted = self.left() * 8 if count == STAR else min(count, self.left() * 8)
        text = "".join([f"{byte:08b}" if high_first else f"{byte:08b}"[::-1] for byte in self.take((wanted + 7) // 8)])
        self.values.append(from_bytes(text[:wanted].encode(), "US-ASCII"))

    def hex(self, high_first: bool, count: int) -> None:
        wanted = self.left() * 2 if count == STAR else min(count, self.left() * 2)
        text = "".join([f"{byte:02x}" if high_first else f"{byte:02x}"[::-1] for byte in self.take((wanted + 1) // 2)])
        self.values.append(from_bytes(text[:wanted].encode(), "US-ASCII"))

    def code_point(self) -> int:
        first = self.data[self.at]
        if first < 0x80:
            self.at += 1
            return first
        if not 0xC0 <= first < 0xFE:
            raise error("ArgumentError", "malformed UTF-8 character")
        size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4 if first < 0xF8 else 5 if first < 0xFC else 6
        part = self.data[self.at : self.at + size]
        if len(part) < size:
            raise error("ArgumentError", f"malformed UTF-8 character (expected {size} bytes, given {len(part)} bytes)")
        code = first & 0x7F >> size
        for byte in part[1:]:
            if byte & 0xC0 != 0x80:
                raise error("ArgumentError", "malformed UTF-8 character")
            code = code << 6 | byte & 0x3F
        self.at += size
        return code

    def compressed(self) -> int | None:
        """Return a BER number, None if it is cut off."""
        number = 0
        while self.left():
            byte = self.take(1)[0]
            number = number << 7 | byte & 0x7F
            if byte < 0x80:
                return number
        return None

    def encoded(self, kind: str, directive: Directive) -> None:
        from . import pack_codes

        data = self.take(self.left())
        if kind == "m":
            result = pack_codes.decode_base64(data, directive.given and directive.count == 0)
        elif kind == "M":
            result = pack_codes.decode_quoted_printable(data)
        else:
            result = pack_codes.decode_uu(data)
        self.values.append(from_bytes(result))


def reader(self: String, offset: Value) -> Unpacker:
    data = text_bytes(self)
    start = 0 if offset is UNDEF else as_int(offset)
    if start < 0:
        raise error("ArgumentError", "offset can't be negative")
    if start > len(data):
        raise error("ArgumentError", "offset outside of string")
    return Unpacker(data, start)


@string.method("unpack", block=True)
def unpack(self: String, blk: Block, template: Value, *, offset: Value = UNDEF) -> Value:
    """Return the values that the template reads from the bytes, or pass them to the block."""
    text = template.s if isinstance(template, String) else as_str(template)
    if offset is UNDEF and blk is None:
        if text == "C*":
            return Array(list(text_bytes(self)))
        if text == "U*" and self.s.isascii():
            return Array(list(map(ord, self.s)))
    directives = read_template(text, "unpack")
    unpacker = reader(self, offset)
    for directive in directives:
        unpacker.run(directive)
    if blk is None:
        return Array(unpacker.values)
    for value in unpacker.values:
        blk(value)
    return None


@string.method("unpack1")
def unpack1(self: String, blk: Block, template: Value, *, offset: Value = UNDEF) -> Value:
    """Return the first value that the template reads."""
    directives = read_template(as_str(template), "unpack")
    unpacker = reader(self, offset)
    for directive in directives:
        unpacker.run(directive)
        if unpacker.values:
            return unpacker.values[0]
    return None
