"""Line tables: the code objects of generated text say where in the program they stand.

Python's compiler notes lines of the generated text. `relocate` replaces them by lines (and columns, where this Python
has them) of the program's file, so tracebacks, profilers, debuggers and coverage show that. What the engine itself
wants to know, the position of the instruction, is kept in the last constant of the code object, where it survives
marshalling:

    (home, offsets, positions)

`home` is the position of the definition. `offsets` and `positions` are packed 32-bit numbers: from that offset of the
code on, it stands at that position.
"""

from __future__ import annotations

import sys
from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import CodeType
    from typing import Any

    Place = tuple[int, int]  # line, column; columns start at 1, 0: unknown
    Spans = list[tuple[int, int, int, int]]  # start, end, line, column


def relocate(code: CodeType, places: list[int], place_of: Callable[[int], Place], first: int) -> dict[str, Any]:
    """Return the changes to `code` that move it to the program's file.

    `places` tells the position of a line of generated text, `place_of` the place of a position, `first` the line where
    the definition begins. Python has no lines before 1, where evaluated code may stand.
    """
    first = max(first, 1)
    spans: list[tuple[int, int, int]] = []
    for start, end, line in python_lines(code):
        position = places[line - 1] if line and line <= len(places) else spans[-1][2] if spans else -1
        if spans and spans[-1][2] == position:
            spans[-1] = (spans[-1][0], end, position)
        else:
            spans.append((start, end, position))
    table = ENCODERS[FORMAT](first, [(start, end, *in_file(place_of(position))) for start, end, position in spans])
    note = (
        places[code.co_firstlineno - 1],
        pack(start for start, _, _ in spans),
        pack(position for _, _, position in spans),
    )
    return {FIELD: table, "co_firstlineno": first, "co_consts": (*code.co_consts, note)}


def in_file(place: Place) -> Place:
    return place if place[0] > 0 else (1, place[1])


def position_at(code: CodeType, offset: int) -> int:
    """Return the position of a relocated code object at an offset."""
    _, offsets, positions = code.co_consts[-1]
    index = bisect_right(memoryview(offsets).cast("i"), offset) - 1
    return memoryview(positions).cast("i")[max(index, 0)]


def home_of(code: CodeType) -> int:
    """Return the position of a relocated code object's definition."""
    home: int = code.co_consts[-1][0]
    return home


def moved(code: CodeType, path: str) -> CodeType:
    """Return a relocated code object, with those in it, for a file at another path."""
    constants = [moved(item, path) if item.__class__ is code.__class__ else item for item in code.co_consts]
    return code.replace(co_filename=path, co_consts=tuple(constants))


def pack(numbers: Iterable[int]) -> bytes:
    return b"".join(number.to_bytes(4, sys.byteorder, signed=True) for number in numbers)


def python_lines(code: CodeType) -> list[tuple[int, int, int | None]]:
    """Return (start, end, line) of the parts of a code object as Python's compiler made it."""
    if hasattr(code, "co_lines"):
        return list(code.co_lines())
    spans: list[tuple[int, int, int | None]] = []
    table, start, offset, line = code.co_lnotab, 0, 0, code.co_firstlineno
    for index in range(0, len(table), 2):
        offset += table[index]
        if table[index] and offset > start:
            spans.append((start, offset, line))
            start = offset
        step = table[index + 1]
        line += step - 256 if step > 127 else step
    spans.append((start, len(code.co_code), line))
    return spans


# --- the formats of Python's versions -------------------------------------------------------------------------------


def encode_lnotab(first: int, spans: Spans) -> bytes:
    """3.9 (Objects/lnotab_notes.txt): pairs of increments of offset (unsigned) and line (signed)."""
    out = bytearray()
    at, line = 0, first
    for start, _, new, _ in spans:
        step, skip = new - line, start - at
        while skip > 255:
            out += b"\xff\x00"
            skip -= 255
        while not -128 <= step <= 127:
            part = 127 if step > 0 else -128
            out += bytes((skip, part & 255))
            step -= part
            skip = 0
        out += bytes((skip, step & 255))
        at, line = start, new
    return bytes(out)


def encode_pairs(first: int, spans: Spans) -> bytes:
    """3.10 (Objects/lnotab_notes.txt): pairs of a length (unsigned) and the line's increment (signed) before it."""
    out = bytearray()
    line = first
    for start, end, new, _ in spans:
        step, size = new - line, end - start
        while not -127 <= step <= 127:
            part = 127 if step > 0 else -127
            out += bytes((0, part & 255))
            step -= part
        while size > 254:
            out += bytes((254, step & 255))
            step = 0
            size -= 254
        out += bytes((size, step & 255))
        line = new
    return bytes(out)


def encode_locations(first: int, spans: Spans) -> bytes:
    """3.11 and later (Objects/locations.md): entries of up to 8 code units, with columns in the long form."""
    out = bytearray()
    line = first
    for start, end, new, column in spans:
        units = (end - start) // 2
        while units > 0:
            size = min(units, 8)
            step = new - line
            signed = -step * 2 + 1 if step < 0 else step * 2
            if column > 0:
                out.append(0x80 | 14 << 3 | size - 1)
                for number in (signed, 0, column, column + 1):
                    varint(out, number)
            else:
                out.append(0x80 | 13 << 3 | size - 1)
                varint(out, signed)
            line = new
            units -= size
    return bytes(out)


def varint(out: bytearray, number: int) -> None:
    while number >= 64:
        out.append(0x40 | number & 63)
        number >>= 6
    out.append(number)


ENCODERS = {"lnotab": encode_lnotab, "pairs": encode_pairs, "locations": encode_locations}
FORMAT = "locations" if sys.version_info >= (3, 11) else "pairs" if sys.version_info >= (3, 10) else "lnotab"
FIELD = "co_lnotab" if FORMAT == "lnotab" else "co_linetable"
