"""The sections of an artifact and the decoders of their records, by hand over `struct`.

What is trusted here: nothing. Every position and size is checked against the bytes at hand before it is used, and
nothing is allocated for a count that they do not bear out. Whether the code may run is the verifier's to say.
"""

from __future__ import annotations

from _struct import Struct
from itertools import accumulate, islice

from . import layout
from .chunk import (
    CONST_FLOAT,
    CONST_FROZEN,
    CONST_IMAGINARY,
    CONST_INT,
    CONST_RATIONAL,
    CONST_REGEX,
    CONST_STRING,
    CONST_SYMBOL,
)
from .errors import FormatError
from .header import read_header
from .layout import CONSTANTS, INLINE, LINES, RAW_BYTES, SECTION_NAMES, SOURCE, SPILLED, STRINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_U32 = Struct("<I").unpack_from
_U32_PAIR = Struct("<II").unpack_from
_FLOAT = Struct("<d").unpack_from
_ENTRY = layout.ENTRY
_CONSTANT_SIZE = layout.CONSTANT.size


class Artifact:
    """The sections of a file, and the decoders of its records; functions and modules refer to it."""

    __slots__ = ("data", "header", "sections", "extra", "strings", "string_count", "blob", "blob_size", "numbers")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.header = read_header(data)
        # kind -> (offset in the file, stored size, flags, raw size); unknown optional ones go to `extra`
        self.sections: dict[int, tuple[int, int, int, int]] = {}
        self.extra: list[tuple[int, int, int, bytes]] = []
        self.numbers: dict[int, int] = {}
        self._read_directory()
        self._open_strings()

    def _read_directory(self) -> None:
        data = self.data
        size = len(data)
        place = layout.HEADER_SIZE
        end = place + self.header.section_count * _ENTRY.size
        if end > size:
            raise FormatError("directory", 0, f"the directory has {end - place} bytes, {size - place} are there")
        for entry in range(place, end, _ENTRY.size):
            kind, flags, reserved, offset, stored, raw = _ENTRY.unpack_from(data, entry)
            at = entry - place
            name = SECTION_NAMES[kind] if kind < len(SECTION_NAMES) else str(kind)
            if flags & ~layout.KNOWN_SECTION_FLAGS or reserved:
                raise FormatError("directory", at, f"section {name} has unknown flags or a reserved field in use")
            if offset != end + -end % 8:
                raise FormatError("directory", at, f"section {name} is at {offset}, expected {end + -end % 8}")
            end = offset + stored
            if end > size:
                raise FormatError("directory", at, f"section {name} ends at {end}, the file at {size}")
            if kind == 0 or kind in self.sections:
                raise FormatError("directory", at, f"section {name} must not stand here")
            if kind > layout.SIGNATURE:
                if not flags & layout.OPTIONAL:
                    raise FormatError("directory", at, f"section {name} is unknown and not optional")
                self.extra.append((kind, flags, raw, data[offset:end]))
            elif flags & layout.COMPRESSED:
                if kind != SOURCE:
                    raise FormatError("directory", at, f"section {name} must not be compressed")
            elif raw != stored:
                raise FormatError("directory", at, f"section {name} has sizes {stored} and {raw} without compression")
            self.sections[kind] = (offset, stored, flags, raw)
        if end != size:
            raise FormatError("directory", 0, f"the sections end at {end}, the file at {size}")
        for kind in layout.MANDATORY:
            if kind not in self.sections:
                raise FormatError("directory", 0, f"section {SECTION_NAMES[kind]} is missing")

    def _open_strings(self) -> None:
        """Find the blob behind the offset table: its first offset is 0, and it has one offset more than strings."""
        offset, size, _, _ = self.sections[STRINGS]
        count = _U32(self.data, offset)[0] if size >= 8 else 0
        table = 4 + 4 * (count + 1)
        if table > size:
            raise FormatError("STRINGS", 0, f"{count} strings do not fit in {size} bytes")
        self.string_count = count
        self.strings: list[Any] = [None] * count
        self.blob = offset + table
        self.blob_size = size - table

    def string_bytes(self, index: int, section: str) -> tuple[bytes, int]:
        """Return the bytes of string `index` and whether they are raw; `section` is who asks."""
        if index >= self.string_count:
            raise FormatError(section, 0, f"string {index} of {self.string_count}")
        start, end = _U32_PAIR(self.data, self.sections[STRINGS][0] + 4 + 4 * index)
        raw = start & RAW_BYTES
        start &= ~RAW_BYTES
        end &= ~RAW_BYTES
        if not start <= end <= self.blob_size:
            raise FormatError("STRINGS", 4 + 4 * index, f"string {index} is at {start}..{end} of {self.blob_size}")
        return self.data[self.blob + start : self.blob + end], raw

    def string(self, index: int, section: str) -> str:
        """Return string `index` as text. A raw one may hold surrogates, which stand for bytes that are not UTF-8."""
        if index < self.string_count:
            text = self.strings[index]
            if text is not None:
                return text
        encoded, raw = self.string_bytes(index, section)
        try:
            text = encoded.decode("utf-8", "surrogatepass" if raw else "strict")
        except UnicodeDecodeError:
            raise FormatError("STRINGS", 4 + 4 * index, f"string {index} is not UTF-8") from None
        self.strings[index] = text
        return text

    def whole_number(self, index: int) -> int:
        """Return the whole number in string `index`: little endian, two's complement."""
        number = self.numbers.get(index)
        if number is None:
            encoded, raw = self.string_bytes(index, "CONSTANTS")
            if not raw:
                raise FormatError("CONSTANTS", 0, f"string {index} holds text, not a number")
            number = self.numbers[index] = int.from_bytes(encoded, "little", signed=True)
        return number

    def records(self, kind: int, record: Struct, first: int, count: int) -> Iterable[tuple[Any, ...]]:
        """Iterate over records first..first+count of section `kind`."""
        if not count:
            return ()
        size = record.size
        start, end = self.span(kind, first * size, count * size)
        return record.iter_unpack(memoryview(self.data)[start:end])

    def span(self, kind: int, first: int, size: int) -> tuple[int, int]:
        """Return where bytes first..first+size of section `kind` stand in the file."""
        offset, stored, _, _ = self.sections.get(kind, (0, 0, 0, 0))
        if first + size > stored:
            raise FormatError(SECTION_NAMES[kind], first, f"{size} bytes are asked for, {stored - first} are there")
        return offset + first, offset + first + size

    def constants(self, first: int, count: int) -> list[tuple[int, Any]]:
        """Decode constants first..first+count."""
        pool: list[tuple[int, Any]] = []
        append = pool.append
        string = self.string
        for kind, form, inner, zero, low, high in self.records(CONSTANTS, layout.CONSTANT, first, count):
            if kind == CONST_SYMBOL or kind == CONST_STRING or kind == CONST_FROZEN:  # noqa: SIM109 (hot)
                if form or inner or zero or high:
                    raise self.bad_constant(first + len(pool))
                append((kind, string(low, "CONSTANTS")))
            elif kind == CONST_REGEX:
                if form or inner or zero:
                    raise self.bad_constant(first + len(pool))
                append((kind, (string(low, "CONSTANTS"), high)))
            elif kind == CONST_IMAGINARY:
                if zero or inner == CONST_IMAGINARY:
                    raise self.bad_constant(first + len(pool))
                append((kind, (inner, self.number(inner, form, low, high, first + len(pool)))))
            else:
                if inner or zero:
                    raise self.bad_constant(first + len(pool))
                append((kind, self.number(kind, form, low, high, first + len(pool))))
        return pool

    def number(self, kind: int, form: int, low: int, high: int, index: int) -> Any:
        """Decode a number from the payload of constant `index`."""
        if kind == CONST_INT and form == INLINE:
            return low | high << 32 if high < 0x80000000 else (low | high << 32) - (1 << 64)
        if kind == CONST_INT and form == SPILLED and high == 0:
            return self.whole_number(low)
        if kind == CONST_FLOAT and form == INLINE:
            return _FLOAT(self.data, self.sections[CONSTANTS][0] + index * _CONSTANT_SIZE + 4)[0]
        if kind == CONST_RATIONAL and form == SPILLED:
            return (self.whole_number(low), self.whole_number(high))
        raise self.bad_constant(index)

    def bad_constant(self, index: int) -> FormatError:
        """Return the error for a constant whose record makes no sense."""
        return FormatError("CONSTANTS", index * _CONSTANT_SIZE, f"constant {index} is of an unknown kind or form")

    def symbols(self, first: int, count: int) -> list[tuple[str, int]]:
        """Decode names among the constants, each with its form."""
        result: list[tuple[str, int]] = []
        for kind, form, inner, zero, low, high in self.records(CONSTANTS, layout.CONSTANT, first, count):
            if kind != CONST_SYMBOL or form > 1 or inner or zero or high:
                raise self.bad_constant(first + len(result))
            result.append((self.string(low, "CONSTANTS"), form))
        return result

    def positions(self, offset: int, size: int, count: int, line: int) -> list[tuple[int, int]]:
        """Decode a function's positions: a plane of signed line steps, a plane of columns, then exceptions.

        An exception (instruction, line, column) replaces the position of its instruction, and the steps of the
        following instructions start from its line.
        """
        extra = size - 2 * count
        if extra < 0 or extra % layout.LINE_EXCEPTION.size:
            raise FormatError("LINES", offset, f"{count} positions in {size} bytes")
        start, end = self.span(LINES, offset, size)
        steps = memoryview(self.data)[start : start + count].cast("b")
        columns = self.data[start + count : start + 2 * count]
        lines: list[int] = []
        exceptions = []
        begin = 0
        for index, exact_line, column in layout.LINE_EXCEPTION.iter_unpack(self.data[start + 2 * count : end]):
            if not begin <= index < count:
                raise FormatError("LINES", offset, f"an exception for instruction {index} of {count} is out of order")
            lines += islice(accumulate(steps[begin:index], initial=line), 1, None)
            line = exact_line
            lines.append(line)
            begin = index + 1
            exceptions.append((index, column))
        lines += islice(accumulate(steps[begin:], initial=line), 1, None)
        positions = list(zip(lines, columns))
        for index, column in exceptions:
            positions[index] = (lines[index], column)
        if lines and min(lines) < 0:
            raise FormatError("LINES", offset, "a line number is negative")
        return positions

    def source(self) -> str:
        """Return the source text, "" without one."""
        if SOURCE not in self.sections:
            return ""
        offset, stored, flags, raw = self.sections[SOURCE]
        text = self.data[offset : offset + stored]
        if flags & layout.COMPRESSED:
            text = _inflate(text, raw)
        return text.decode("utf-8", "surrogateescape")


def _inflate(stored: bytes, size: int) -> bytes:
    import zlib

    # Deflate expands at most about 1,032 times, so a larger size is a lie; nothing is allocated for it.
    if size > 1100 * len(stored):
        raise FormatError("SOURCE", 0, f"{len(stored)} bytes cannot hold {size}")
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(stored, size + 1)
    except zlib.error as error:
        raise FormatError("SOURCE", 0, f"damaged: {error}") from None
    if len(text) != size or not inflater.eof or inflater.unused_data:
        raise FormatError("SOURCE", 0, f"{size} bytes were expected of the compressed text")
    return text
