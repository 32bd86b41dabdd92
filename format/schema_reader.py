"""The slow reader: an artifact by its schema. `metorex inspect` shows it, tests hold the fast reader against it.

It is written for itself, from the texts of the schema, and shares no decoding with `sections.py` and `reader.py`.
"""

from __future__ import annotations

import struct
import zlib
from itertools import accumulate
from typing import Any

from construct import ConstructError, Container  # type: ignore[import-untyped]

from . import layout, schema
from .chunk import (
    CONST_FLOAT,
    CONST_FROZEN,
    CONST_IMAGINARY,
    CONST_INT,
    CONST_RATIONAL,
    CONST_REGEX,
    CONST_STRING,
    CONST_SYMBOL,
    Function,
    Handler,
    Module,
    Parameters,
)  # fmt: skip
from .errors import FormatError
from .header import content_hash
from .layout import MODE_NAMES, SECTION_NAMES

_WORDS = (CONST_STRING, CONST_FROZEN, CONST_SYMBOL)


class _Refused(Exception):
    """Something that the schema's texts forbid."""


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise _Refused(reason)


def parse(data: bytes) -> Container:
    """Return header, directory and sections (`sections`, by kind: stored bytes). Raises FormatError."""
    try:
        return _parse(data)
    except (ConstructError, _Refused) as error:
        raise FormatError("schema", 0, str(error).strip().replace("\n", " ")) from None


def module(data: bytes) -> Module:
    """Return the module in `data`, completely decoded. Raises FormatError."""
    try:
        return _Reader(_parse(data)).module()
    except (ConstructError, _Refused, UnicodeDecodeError, zlib.error) as error:
        raise FormatError("schema", 0, str(error).strip().replace("\n", " ")) from None


def _parse(data: bytes) -> Container:
    artifact = schema.Artifact.parse(data)
    end = len(data) - len(artifact.rest)
    sections: dict[int, bytes] = {}
    for entry in artifact.directory:
        kind = entry.kind
        _require(entry.offset == (end + 7) // 8 * 8, f"section {kind} is at {entry.offset}")
        end = entry.offset + entry.stored_size
        _require(end <= len(data), f"section {kind} ends at {end}")
        _require(kind != 0 and kind not in sections, f"section {kind} must not stand here")
        compressed = bool(entry.flags & layout.COMPRESSED)
        if kind <= layout.SIGNATURE:
            _require(not compressed or kind == layout.SOURCE, f"section {kind} is compressed")
            _require(compressed or entry.stored_size == entry.raw_size, f"section {kind} has two sizes")
        else:
            _require(bool(entry.flags & layout.OPTIONAL), f"section {kind} is unknown")
        sections[kind] = data[entry.offset : end]
    _require(end == len(data), f"the sections end at {end}")
    _require(sections.keys() >= set(layout.MANDATORY), "a section is missing")
    artifact.sections = sections
    return artifact


class _Reader:
    """Turns parsed sections into a module."""

    def __init__(self, artifact: Container) -> None:
        self.artifact = artifact
        self.sections = artifact.sections
        self.strings = schema.Strings.parse(self.sections[layout.STRINGS])
        tables = {kind: schema.records(kind).parse(self.sections.get(kind, b"")).records for kind in schema.RECORDS}
        self.tables: dict[int, Any] = tables
        self.used = dict.fromkeys(
            (layout.CODE, layout.HANDLERS, layout.UPVALUES, layout.LINES, layout.NAMES, layout.CONSTANTS), 0
        )

    def module(self) -> Module:
        for index in range(self.strings.count):
            raw, text = self.bytes_of(index)
            if not raw:
                text.decode()
        header = self.artifact.header
        module = Module()
        module.language, module.isa = header.language, header.isa
        module.extra = [
            (entry.kind, entry.flags, entry.raw_size, self.sections[entry.kind])
            for entry in self.artifact.directory
            if entry.kind > layout.SIGNATURE
        ]
        module.source = self.source()
        self.meta(module)
        module.functions = [self.function(index, record) for index, record in enumerate(self.tables[layout.FUNCTIONS])]
        for kind, used in self.used.items():
            total = len(self.tables[kind]) if kind in self.tables else len(self.sections[kind])
            _require(used == total, f"the functions use {used} of {total} in section {kind}")
        return module

    def source(self) -> str:
        for entry in self.artifact.directory:
            if entry.kind == layout.SOURCE:
                text = self.sections[layout.SOURCE]
                if entry.flags & layout.COMPRESSED:
                    _require(entry.raw_size <= 1100 * len(text), "the source is too large")
                    inflater = zlib.decompressobj()
                    text = inflater.decompress(text, entry.raw_size + 1)
                    _require(inflater.eof and not inflater.unused_data, "the source does not end")
                _require(len(text) == entry.raw_size, "the source has another size")
                return text.decode("utf-8", "surrogateescape")
        return ""

    def bytes_of(self, index: int) -> tuple[bool, bytes]:
        _require(index < self.strings.count, f"there is no string {index}")
        start, end = self.strings.offsets[index], self.strings.offsets[index + 1]
        raw = start >= layout.RAW_BYTES
        start, end = start % layout.RAW_BYTES, end % layout.RAW_BYTES
        _require(start <= end <= len(self.strings.blob), f"string {index} is at {start}..{end}")
        return raw, self.strings.blob[start:end]

    def text(self, index: int) -> str:
        raw, text = self.bytes_of(index)
        return text.decode("utf-8", "surrogatepass" if raw else "strict")

    def whole_number(self, index: int) -> int:
        raw, number = self.bytes_of(index)
        _require(raw, f"string {index} is no number")
        return int.from_bytes(number, "little", signed=True)

    def meta(self, module: Module) -> None:
        single = dict.fromkeys(layout.META_SINGLE, "")
        seen: set[str] = set()
        for entry in self.tables[layout.META]:
            key, value = self.text(entry.key), self.text(entry.value)
            if key == layout.META_REQUIRE:
                module.requires.append(value)
            elif key == layout.META_EXPORT:
                module.exports.append(value)
            elif key == layout.META_DEPENDENCY:
                _require(len(value) >= 33 and value[32] == " ", "a dependency has another form")
                _require(set(value[:32]) <= set("0123456789abcdef"), "a dependency has another form")
                module.dependencies.append((value[33:], bytes.fromhex(value[:32])))
            else:
                _require(key not in seen, f"the key {key} stands there twice")
                seen.add(key)
                if key in single:
                    single[key] = value
                else:
                    module.metadata[key] = value
        module.name, module.module_id = single[layout.META_NAME], single[layout.META_ID]
        module.path = single[layout.META_PATH]
        numbers = single[layout.META_VERSION].split(".")
        _require(len(numbers) == 3, "a version has three numbers")
        for number in numbers:
            _require(number.isascii() and number.isdecimal() and len(number) <= 5, "a version has three numbers")
            _require(int(number) < 65536, "a version number has 16 bits")
        major, minor, patch = map(int, numbers)
        module.module_version = (major, minor, patch)

    def take(self, kind: int, first: int, count: int) -> Any:
        """Return the next records or bytes of a section, which must be those that are named."""
        _require(first == self.used[kind], f"section {kind} is not shared out in order")
        self.used[kind] += count
        if not count:
            return []
        section = self.tables[kind] if kind in self.tables else self.sections[kind]
        return section[first : first + count]

    def function(self, index: int, record: Container) -> Function:
        function = Function(index, self.text(record.name), record.kind, record.parent)
        extras = record.keyword_count + record.ivar_count
        constants = self.take(layout.CONSTANTS, record.first_constant, record.constant_count + extras)
        _require(len(constants) == record.constant_count + extras, "constants are missing")
        pool, symbols = constants[: record.constant_count], constants[record.constant_count :]
        function.constants = [self.constant(constant) for constant in pool]
        names = []
        for symbol in symbols:
            _require(symbol.kind == CONST_SYMBOL and symbol.form <= 1, "a name is no symbol")
            names.append((self.plain_text(symbol), symbol.form == 1))
        function.parameters = Parameters(
            record.required, record.optional, record.post, tuple(names[: record.keyword_count]), record.parameter_flags
        )
        function.ivars = [name for name, _ in names[record.keyword_count :]]
        function.local_count, function.max_stack, function.flags = record.local_count, record.max_stack, record.flags
        function.code = bytes(self.take(layout.CODE, record.code_offset, record.code_size))
        handlers = self.take(layout.HANDLERS, record.first_handler, record.handler_count)
        function.handlers = [
            Handler(h.start, h.end, h.target, h.kind, h.slot, h.depth, h.rescue_depth) for h in handlers
        ]
        upvalues = self.take(layout.UPVALUES, record.first_upvalue, record.upvalue_count)
        function.upvalues = [(upvalue.kind, upvalue.index) for upvalue in upvalues]
        local_names = self.take(layout.NAMES, record.first_name, record.name_count)
        function.local_names = [self.text(name) for name in local_names]
        lines = bytes(self.take(layout.LINES, record.line_offset, record.line_size))
        for found, wanted in (
            (function.code, record.code_size), (handlers, record.handler_count), (upvalues, record.upvalue_count),
            (local_names, record.name_count), (lines, record.line_size),
        ):  # fmt: skip
            _require(len(found) == wanted, "a section is too short")
        function.positions = _positions(lines, record.instruction_count, record.first_line)
        function.span = (record.span_start, record.span_end)
        function.line = record.first_line
        return function

    def plain_text(self, constant: Container) -> str:
        """Return the string of a record whose other fields are zero."""
        _require(constant.inner == constant.zero == 0, "a constant has fields that are not zero")
        string, zero = struct.unpack("<II", constant.payload)
        _require(zero == 0, "a constant has fields that are not zero")
        return self.text(string)

    def constant(self, constant: Container) -> tuple[int, Any]:
        kind, form = constant.kind, constant.form
        _require(constant.zero == 0, "a constant has fields that are not zero")
        if kind in _WORDS:
            _require(form == 0, "a constant is of an unknown form")
            return kind, self.plain_text(constant)
        if kind == CONST_IMAGINARY:
            _require(constant.inner != CONST_IMAGINARY, "an imaginary number in one")
            return kind, (constant.inner, self.number(constant.inner, form, constant.payload))
        _require(constant.inner == 0, "a constant has fields that are not zero")
        if kind == CONST_REGEX:
            _require(form == 0, "a constant is of an unknown form")
            string, flags = struct.unpack("<II", constant.payload)
            return kind, (self.text(string), flags)
        return kind, self.number(kind, form, constant.payload)

    def number(self, kind: int, form: int, payload: bytes) -> Any:
        first, second = struct.unpack("<II", payload)
        if (kind, form) == (CONST_INT, 0):
            return int.from_bytes(payload, "little", signed=True)
        if (kind, form) == (CONST_INT, 1):
            _require(second == 0, "a constant has fields that are not zero")
            return self.whole_number(first)
        if (kind, form) == (CONST_FLOAT, 0):
            return struct.unpack("<d", payload)[0]
        _require((kind, form) == (CONST_RATIONAL, 1), "a constant is of an unknown kind or form")
        return (self.whole_number(first), self.whole_number(second))


def _positions(data: bytes, count: int, first_line: int) -> list[tuple[int, int]]:
    _require(len(data) >= 2 * count and (len(data) - 2 * count) % 12 == 0, "positions have another size")
    steps = [step - 256 if step > 127 else step for step in data[:count]]
    columns = list(data[count : 2 * count])
    exceptions = list(struct.iter_unpack("<III", data[2 * count :]))
    _require(all(a[0] < b[0] for a, b in zip(exceptions, exceptions[1:])), "exceptions are out of order")
    _require(all(index < count for index, _, _ in exceptions), "an exception for no instruction")
    lines: list[int] = []
    begin, line = 0, first_line
    for index, exact, column in exceptions:
        lines += list(accumulate(steps[begin:index], initial=line))[1:] + [exact]
        begin, line = index + 1, exact
        columns[index] = column
    lines += list(accumulate(steps[begin:], initial=line))[1:]
    _require(min(lines, default=0) >= 0, "a line number is negative")
    return list(zip(lines, columns))


def summary(data: bytes) -> dict[str, Any]:
    """Return what `metorex inspect` shows, as JSON-ready data. Raises FormatError."""
    artifact = parse(data)
    decoded = module(data)
    header = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in artifact.header.items()
        if name not in ("_io", "reserved")
    }
    header["producer_digest"] = f"{header['producer_digest']:016x}"
    header["mode"] = MODE_NAMES[artifact.header.mode]
    return {
        "header": header,
        "content_hash_matches": content_hash(data) == artifact.header.content_hash,
        "size": len(data),
        "sections": [
            {
                "kind": SECTION_NAMES[entry.kind] if entry.kind < len(SECTION_NAMES) else str(entry.kind),
                "optional": bool(entry.flags & layout.OPTIONAL),
                "compressed": bool(entry.flags & layout.COMPRESSED),
                "offset": entry.offset,
                "stored_size": entry.stored_size,
                "raw_size": entry.raw_size,
            }
            for entry in artifact.directory
        ],
        "module": {
            "name": decoded.name,
            "id": decoded.module_id,
            "version": ".".join(map(str, decoded.module_version)),
            "path": decoded.path,
            "requires": decoded.requires,
            "dependencies": [{"path": path, "digest": digest.hex()} for path, digest in decoded.dependencies],
            "exports": decoded.exports,
            "metadata": decoded.metadata,
        },
        "functions": len(decoded.functions),
        "instructions": sum(len(function.positions) for function in decoded.functions),
        "constants": sum(len(function.constants) for function in decoded.functions),
    }
