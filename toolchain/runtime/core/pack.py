"""Array#pack: values as bytes."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_float, as_int, as_str
from ..errors import error
from ..later import later
from ..values import UNDEF, Array, BinaryString, String
from .pack_template import FLOATS, STAR, Directive, read_template
from .text import as_string, decode, host_of, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..convert import to_s
    from ..errors import conversion_name, frozen_error
    from ..values import Block, Value
else:
    later(globals(), "..errors", "conversion_name", "frozen_error")
    later(globals(), "..convert", "to_s")

array = NativeClass("Array")


class Packer:
    """The values that are left, and the bytes made so far."""

    def __init__(self, values: list[Value]) -> None:
        self.values = values
        self.at = 0
        self.data = bytearray()

    def next(self) -> Value:
        if self.at >= len(self.values):
            raise error("ArgumentError", "too few arguments")
        self.at += 1
        return self.values[self.at - 1]

    def repeats(self, directive: Directive) -> int:
        return len(self.values) - self.at if directive.count == STAR else directive.count

    def bytes_of(self, value: Value) -> bytes:
        return b"" if value is None else text_bytes(as_string(value))

    def run(self, directive: Directive) -> None:
        kind = directive.type
        if directive.size:
            for _ in range(self.repeats(directive)):
                self.integer(as_int(self.next()), directive)
        elif kind in FLOATS:
            from struct import pack

            for _ in range(self.repeats(directive)):
                self.data += pack(FLOATS[kind], float_for(self.next(), FLOATS[kind]))
        elif kind in "aAZ":
            self.text(directive)
        elif kind in "bB":
            self.digits(directive, 8, kind == "B")
        elif kind in "hH":
            self.digits(directive, 2, kind == "H")
        elif kind == "U":
            for _ in range(self.repeats(directive)):
                code = as_int(self.next())
                if not 0 <= code <= 0x7FFFFFFF:
                    raise error("RangeError", "pack(U): value out of range")
                self.data += long_utf8(code)
        elif kind == "w":
            for _ in range(self.repeats(directive)):
                self.compressed(as_int(self.next()))
        elif kind in "mMu":
            self.encoded(directive)
        elif kind == "x":
            self.data += bytes(0 if directive.count == STAR else directive.count)
        elif kind == "X":
            back = 0 if directive.count == STAR else directive.count
            if back > len(self.data):
                raise error("ArgumentError", "X outside of string")
            if back:
                del self.data[-back:]
        else:  # @: go to an offset
            offset = 0 if directive.count == STAR else directive.count
            del self.data[offset:]
            self.data += bytes(offset - len(self.data))

    def integer(self, number: int, directive: Directive) -> None:
        mask = (1 << directive.size * 8) - 1
        self.data += (number & mask).to_bytes(directive.size, directive.order)  # type: ignore[arg-type]

    def text(self, directive: Directive) -> None:
        data = self.bytes_of(self.next())
        kind, count = directive.type, directive.count
        if count == STAR:
            self.data += data + (b"\0" if kind == "Z" else b"")
        else:
            self.data += data[:count].ljust(count, b" " if kind == "A" else b"\0")

    def digits(self, directive: Directive, per_byte: int, high_first: bool) -> None:
        """Pack digits of a text: bits, or hexadecimal."""
        text = self.bytes_of(self.next()).decode("latin-1")
        count = len(text) if directive.count == STAR else directive.count
        extra = max(0, count - len(text))
        text = text[:count]
        width = 8 // per_byte
        for start in range(0, len(text), per_byte):
            byte = 0
            for index, char in enumerate(text[start : start + per_byte]):
                shift = 8 - width * (index + 1) if high_first else width * index
                byte |= digit_value(char, width) << shift
            self.data.append(byte)
        self.data += bytes(extra // per_byte)

    def compressed(self, number: int) -> None:
        """BER: seven bits a byte, the high bit set on all but the last."""
        if number < 0:
            raise error("ArgumentError", "can't compress negative numbers")
        parts = [number & 0x7F]
        number >>= 7
        while number:
            parts.append(number & 0x7F | 0x80)
            number >>= 7
        self.data += bytes(reversed(parts))

    def encoded(self, directive: Directive) -> None:
        from . import pack_codes

        value = self.next()
        if directive.type == "M":
            text = value if isinstance(value, String) else String(to_s(value))
            self.data += pack_codes.quoted_printable(text_bytes(text), directive.count if directive.given else 72)
        else:
            data = text_bytes(as_string(value))
            count = directive.count if directive.given and directive.count != STAR else 45
            make = pack_codes.base64 if directive.type == "m" else pack_codes.uuencode
            self.data += make(data, count)


def digit_value(char: str, width: int) -> int:
    """Return the bits that a digit stands for: its lowest bit, or a hexadecimal digit as Ruby reads any character."""
    if width == 1:
        return ord(char) & 1
    return (ord(char) & 15) + 9 & 15 if char.isalpha() else ord(char) & 15


def float_for(value: Value, code: str) -> float:
    if isinstance(value, String) or value is None:
        raise error("TypeError", f"can't convert {conversion_name(value)} into Float")
    number = as_float(value)
    if code[1] == "f" and abs(number) > 3.4028235677973366e38 and number == number:
        return float("inf") if number > 0 else float("-inf")
    return number


def long_utf8(code: int) -> bytes:
    """Return a code point in UTF-8; beyond Unicode in the longer forms of old."""
    if code < 0x110000 and not 0xD800 <= code <= 0xDFFF:
        return chr(code).encode()
    size = 3 if code < 0x10000 else 4 if code < 0x200000 else 5 if code < 0x4000000 else 6
    tail = [code >> 6 * index & 0x3F | 0x80 for index in range(size - 2, -1, -1)]
    return bytes([(0xFF00 >> size & 0xFF) | code >> 6 * (size - 1), *tail])


@array.method("pack")
def pack(self: Array, blk: Block, template: Value, *, buffer: Value = UNDEF) -> String:
    """Return the elements in the binary form that the template says, appended to `buffer` if that is given."""
    text = template.s if isinstance(template, String) else as_str(template)
    if buffer is UNDEF:
        if text == "C*" and all(item.__class__ is int for item in self.a):
            return BinaryString("".join([chr(item & 255) for item in self.a]))
        if text == "U*" and all(item.__class__ is int and 0 <= item < 0xD800 for item in self.a):
            return String("".join(map(chr, self.a)))
    directives = read_template(text, "pack")
    packer = Packer(list(self.a))
    if buffer is not UNDEF and buffer is not None:
        if not isinstance(buffer, String):
            raise error("TypeError", f"buffer must be String, not {conversion_name(buffer)}")
        packer.data += text_bytes(buffer)
    encoding = "US-ASCII"
    for directive in directives:
        packer.run(directive)
        if directive.type == "U":
            encoding = "UTF-8" if encoding != "BINARY" else encoding
        elif directive.type not in "mMu":
            encoding = "BINARY"
    if buffer is not UNDEF and buffer is not None:
        if buffer.is_frozen:
            raise frozen_error(buffer)
        buffer.s = decode(bytes(packer.data), buffer.encoding)
        return buffer
    return host_of(encoding)(decode(bytes(packer.data), encoding))
