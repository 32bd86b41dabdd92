"""From a module to the bytes of an artifact: the same module and arguments always give the same bytes.

Nothing here depends on object identity, set order, the host or the time. Strings are numbered in the order of first
use. The layout is declared in `schema.py`; this file packs it with `struct`, as Construct would take seconds for a
program of 10,000 lines.
"""

from __future__ import annotations

from _struct import error as StructError  # type: ignore[attr-defined]
from operator import sub

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
)  # fmt: skip
from .digest import toolchain_version
from .errors import FormatError
from .header import content_hash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .chunk import Function, Module

_CANONICAL_NAN = 0x7FF80000_00000000
_PACK_CONSTANT = layout.CONSTANT.pack
_FLOAT_BITS = layout.Struct("<d").pack


def write_module(
    module: Module,
    *,
    invalidation_mode: int = layout.TIMESTAMP,
    source_mtime_ns: int = 0,
    source_size: int = 0,
    source_hash: bytes = bytes(16),
    producer_digest: int = 0,
    strip: bool = False,
    compress: int = 6,
) -> bytes:
    """Return the artifact of `module`.

    `strip` leaves source and local names out; `compress` is the zlib level of the source, 0 to store it plainly.
    Raises FormatError for a module that has no place in the format, such as one with a line number of 33 bits.
    """
    try:
        sections = _sections(module, strip, compress)
        return _file(
            sections,
            module,
            (
                invalidation_mode, layout.STRIPPED if strip else 0, len(sections), 0, producer_digest, source_mtime_ns,
                source_size, source_hash,
            ),
        )  # fmt: skip
    except (StructError, OverflowError) as error:
        raise FormatError("module", 0, f"a value does not fit the format: {error}") from None


def _file(sections: list[tuple[int, int, int, bytes]], module: Module, fields: tuple[Any, ...]) -> bytes:
    """Join header, directory and sections; `fields` are the header's from the mode to the source hash."""
    mode, flags, *rest = fields
    if len(rest[-1]) != 16:
        raise FormatError("header", 48, f"a source hash has 16 bytes, not {len(rest[-1])}")
    header = (layout.MAGIC, layout.FORMAT_MAJOR, layout.FORMAT_MINOR, module.isa, module.language, mode, flags, *rest)
    directory = bytearray()
    body = bytearray()
    start = layout.HEADER_SIZE + len(sections) * layout.ENTRY.size
    for kind, section_flags, raw_size, data in sections:
        body += bytes(-(start + len(body)) % 8)
        directory += layout.ENTRY.pack(kind, section_flags, 0, start + len(body), len(data), raw_size)
        body += data
    data = bytes(directory + body)
    unsealed = layout.HEADER.pack(*header, bytes(16)) + data
    return unsealed[: layout.CONTENT_HASH_OFFSET] + content_hash(unsealed) + data


def reseal(data: bytes) -> bytes:
    """Return an artifact with its content hash recomputed, after a change of other bytes."""
    return data[: layout.CONTENT_HASH_OFFSET] + content_hash(data) + data[layout.HEADER_SIZE :]


def redate(data: bytes, source_mtime_ns: int) -> bytes:
    """Return an artifact with another time of its source: one that was touched, but not changed."""
    return reseal(data[: layout.MTIME_OFFSET] + layout.MTIME.pack(source_mtime_ns) + data[layout.MTIME_OFFSET + 8 :])


class _Strings:
    """Numbers strings (and the bytes of long whole numbers) in the order of first use."""

    def __init__(self) -> None:
        self.index: dict[str | bytes, int] = {}
        self.offsets = bytearray()
        self.blob = bytearray()

    def add(self, text: str | bytes) -> int:
        index = self.index.get(text)
        if index is None:
            index = self.index[text] = len(self.index)
            encoded, raw = _encoded(text)
            self.offsets += layout.STRING_OFFSET.pack(len(self.blob) | raw)
            self.blob += encoded
        return index

    def section(self) -> bytes:
        if len(self.blob) >= layout.RAW_BYTES:
            raise FormatError("STRINGS", 0, "2 GiB of strings and more have no place")
        count = layout.STRING_OFFSET.pack(len(self.index))
        return count + bytes(self.offsets) + layout.STRING_OFFSET.pack(len(self.blob)) + bytes(self.blob)


def _encoded(text: str | bytes) -> tuple[bytes, int]:
    """Return (bytes, RAW_BYTES or 0) of a string."""
    if isinstance(text, bytes):
        return text, layout.RAW_BYTES
    try:
        return text.encode(), 0
    except UnicodeEncodeError:  # surrogates
        return text.encode("utf-8", "surrogatepass"), layout.RAW_BYTES


def _sections(module: Module, strip: bool, compress: int) -> list[tuple[int, int, int, bytes]]:
    """Return (kind, flags, raw size, stored bytes) of each section in file order."""
    strings = _Strings()
    meta = _meta(module, strings)
    parts = {kind: bytearray() for kind in range(layout.CONSTANTS, layout.NAMES + 1)}
    for function in module.functions:
        _add_function(function, strings, parts, strip)
    parts[layout.META] = meta
    parts[layout.STRINGS] = bytearray(strings.section())
    optional = () if strip else (layout.NAMES,)
    sections = [
        (kind, layout.OPTIONAL if kind == layout.NAMES else 0, len(parts[kind]), bytes(parts[kind]))
        for kind in (*layout.MANDATORY, *optional)
    ]
    if module.source and not strip:
        sections.append(_source(module.source, compress))
    return sections + module.extra


def _source(source: str, compress: int) -> tuple[int, int, int, bytes]:
    try:
        text = source.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise FormatError("SOURCE", error.start, "a surrogate in the source stands for no byte") from None
    if not compress:
        return (layout.SOURCE, layout.OPTIONAL, len(text), text)
    import zlib

    return (layout.SOURCE, layout.OPTIONAL | layout.COMPRESSED, len(text), zlib.compress(text, compress))


def _meta(module: Module, strings: _Strings) -> bytearray:
    entries = [
        (layout.META_NAME, module.name),
        (layout.META_ID, module.module_id),
        (layout.META_VERSION, ".".join(map(str, module.module_version))),
        (layout.META_PATH, module.path),
        (layout.META_TOOLCHAIN, toolchain_version()),
    ]
    entries += [(layout.META_REQUIRE, path) for path in module.requires]
    entries += [(layout.META_DEPENDENCY, f"{digest.hex()} {path}") for path, digest in module.dependencies]
    entries += [(layout.META_EXPORT, name) for name in module.exports]
    for key, value in sorted(module.metadata.items()):
        if key in layout.META_KNOWN:
            raise FormatError("META", 0, f"the metadata key {key} has a field of its own")
        entries.append((key, value))
    section = bytearray()
    for key, value in entries:
        section += layout.META_ENTRY.pack(strings.add(key), strings.add(value))
    return section


def _add_function(function: Function, strings: _Strings, parts: dict[int, bytearray], strip: bool) -> None:
    """Append the record of a function to FUNCTIONS and its parts to their sections."""
    parameters = function.parameters
    constants = parts[layout.CONSTANTS]
    first_constant = len(constants) // layout.CONSTANT.size
    name = strings.add(function.name)
    for kind, payload in function.constants:
        constants += _constant(kind, payload, strings)
    for keyword, required in parameters.keywords:
        constants += _PACK_CONSTANT(CONST_SYMBOL, layout.SPILLED if required else 0, 0, 0, strings.add(keyword), 0)
    for ivar in function.ivars:
        constants += _PACK_CONSTANT(CONST_SYMBOL, 0, 0, 0, strings.add(ivar), 0)
    names = [] if strip else function.local_names
    lines = _lines(function.positions, function.line)
    spans = {kind: len(parts[kind]) for kind in parts}
    parts[layout.CODE] += function.code
    for handler in function.handlers:
        parts[layout.HANDLERS] += layout.HANDLER.pack(
            handler.start, handler.end, handler.target, handler.kind, handler.slot, handler.depth, handler.rescue_depth
        )
    for kind, index in function.upvalues:
        parts[layout.UPVALUES] += layout.UPVALUE.pack(kind, index)
    parts[layout.LINES] += lines
    for local_name in names:
        parts[layout.NAMES] += layout.NAME.pack(strings.add(local_name))
    parts[layout.FUNCTIONS] += layout.FUNCTION.pack(
        name, function.parent, function.kind, parameters.flags, function.flags,
        parameters.required, parameters.optional, parameters.post, len(parameters.keywords),
        function.local_count, function.max_stack, len(function.ivars), len(function.constants), first_constant,
        spans[layout.CODE], len(function.code),
        spans[layout.HANDLERS] // layout.HANDLER.size, len(function.handlers),
        spans[layout.UPVALUES] // layout.UPVALUE.size, len(function.upvalues),
        spans[layout.LINES], len(lines), len(function.positions), function.line,
        spans[layout.NAMES] // layout.NAME.size, len(names),
        *function.span,
    )  # fmt: skip


def _constant(kind: int, payload: Any, strings: _Strings) -> bytes:
    """Return the record of a constant."""
    if kind in (CONST_SYMBOL, CONST_STRING, CONST_FROZEN):
        return _PACK_CONSTANT(kind, layout.INLINE, 0, 0, strings.add(payload), 0)
    if kind == CONST_REGEX:
        return _PACK_CONSTANT(kind, layout.INLINE, 0, 0, strings.add(payload[0]), payload[1])
    inner = 0
    if kind == CONST_IMAGINARY:
        inner, payload = payload
    form, low, high = _number(inner if kind == CONST_IMAGINARY else kind, payload, strings)
    return _PACK_CONSTANT(kind, form, inner, 0, low, high)


def _number(kind: int, payload: Any, strings: _Strings) -> tuple[int, int, int]:
    """Return (form, low half, high half) of a number's payload."""
    if kind == CONST_INT:
        if -(1 << 63) <= payload < 1 << 63:
            return layout.INLINE, payload & 0xFFFFFFFF, payload >> 32 & 0xFFFFFFFF
        return layout.SPILLED, strings.add(_whole_number(payload)), 0
    if kind == CONST_FLOAT:
        bits = int.from_bytes(_FLOAT_BITS(payload), "little") if payload == payload else _CANONICAL_NAN
        return layout.INLINE, bits & 0xFFFFFFFF, bits >> 32
    if kind == CONST_RATIONAL:
        return layout.SPILLED, strings.add(_whole_number(payload[0])), strings.add(_whole_number(payload[1]))
    raise FormatError("CONSTANTS", 0, f"constant kind {kind} is unknown here")


def _whole_number(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True)


def _lines(positions: list[tuple[int, int]], first: int) -> bytes:
    """Return the bytes of the positions; `Artifact.positions` tells how they are laid out."""
    if not positions:
        return b""
    lines, columns = zip(*positions)
    steps = list(map(sub, lines, (first, *lines[:-1])))
    if min(steps) >= -128 and max(steps) <= 127 and max(columns) <= 255:
        return bytes([step & 0xFF for step in steps]) + bytes(columns)
    exceptions = bytearray()
    for index, (step, column) in enumerate(zip(steps, columns)):
        if not -128 <= step <= 127 or column > 255:
            exceptions += layout.LINE_EXCEPTION.pack(index, lines[index], column)
            steps[index] = 0
    columns = tuple(column if column <= 255 else 0 for column in columns)
    return bytes([step & 0xFF for step in steps]) + bytes(columns) + bytes(exceptions)
