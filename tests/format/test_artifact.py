"""Writing and reading artifacts: properties over any module, and what damage does to them."""

from __future__ import annotations

import struct
import time
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metorex.format import header as header_module
from metorex.format import layout, schema, schema_reader
from metorex.format.chunk import Function, Module
from metorex.format.errors import FormatError
from metorex.format.header import Header, check_content_hash, content_hash, read_header
from metorex.format.reader import LazyModule, decode_all, read_module
from metorex.format.writer import redate, reseal, write_module
from samples import sample
from strategies import modules, stripped

FIELDS: dict[str, Any] = {
    "invalidation_mode": 1, "source_mtime_ns": -5, "source_size": 7, "source_hash": bytes(range(16)),
    "producer_digest": 1 << 63,
}  # fmt: skip


def read(data: bytes) -> LazyModule:
    module = read_module(data)
    decode_all(module)
    return module


def outcome(reader: Any, data: bytes) -> Any:
    """Return what a reader makes of bytes: a module, or that it refuses them."""
    try:
        return reader(data)
    except FormatError:
        return "refused"


@settings(max_examples=150, deadline=None)
@given(modules(), st.booleans(), st.sampled_from([0, 1, 9]))
def test_writing_then_reading_is_the_identity(module: Module, strip: bool, compress: int) -> None:
    data = write_module(module, strip=strip, compress=compress, **FIELDS)
    check_content_hash(data, read_header(data))
    if strip:
        stripped(module)
    lazy = read(data)
    assert lazy == module and module == lazy
    assert write_module(lazy, strip=strip, compress=compress, **FIELDS) == data
    assert schema_reader.module(data) == module


@settings(max_examples=200, deadline=None)
@given(modules(), st.data())
def test_both_readers_agree_about_damage(module: Module, draw: Any) -> None:
    data = bytearray(write_module(module, compress=draw.draw(st.sampled_from([0, 6]))))
    for _ in range(draw.draw(st.integers(1, 3))):
        place = draw.draw(st.integers(0, len(data) - 1))
        how = draw.draw(st.sampled_from(["flip", "word", "cut", "insert"]))
        if how == "flip":
            data[place] ^= 1 << draw.draw(st.integers(0, 7))
        elif how == "word":
            place = place // 4 * 4
            data[place : place + 4] = struct.pack("<I", draw.draw(st.sampled_from([0, 1, 2, 0xFFFFFFFF, 1 << 31])))
        elif how == "cut":
            del data[place:]
            break
        else:
            data[place:place] = b"\0" * 8
    damaged = bytes(data)
    begun = time.perf_counter()
    by_hand = outcome(read, damaged)
    assert time.perf_counter() - begun < 5
    assert by_hand == outcome(schema_reader.module, damaged)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert outcome(read, data) == "refused"
    assert outcome(read, layout.MAGIC + b"\1\0\0\0\1\1\0\0" + data) == "refused"


def test_every_truncation_is_refused() -> None:
    data = write_module(sample())
    for size in range(len(data)):
        assert outcome(read, data[:size]) == outcome(schema_reader.module, data[:size]) == "refused", size


def test_every_flipped_bit_is_noticed() -> None:
    data = write_module(sample())
    for place in range(len(data) * 8):
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        try:
            check_content_hash(bytes(damaged), read_header(bytes(damaged)))
        except FormatError:
            continue
        raise AssertionError(f"bit {place} may flip unnoticed")


def test_both_readers_agree_about_every_resealed_byte() -> None:
    data = write_module(sample(), compress=0)
    for place in range(layout.HEADER_SIZE, len(data), 3):
        damaged = reseal(data[:place] + bytes((data[place] ^ 0x81,)) + data[place + 1 :])
        assert outcome(read, damaged) == outcome(schema_reader.module, damaged), place


# The header


def test_header_fields_come_back() -> None:
    header = read_header(write_module(sample(), strip=True, **FIELDS))
    assert (header.major, header.minor, header.isa, header.language) == (1, 0, 1, 1)
    assert (header.mode, header.flags, header.section_count) == (1, layout.STRIPPED, 8)
    assert (header.producer_digest, header.source_mtime_ns, header.source_size) == (1 << 63, -5, 7)
    assert header.source_hash == bytes(range(16))
    assert header == read_header(write_module(sample(), strip=True, **FIELDS))
    assert header != Header and "source_size=7" in repr(header)


@pytest.mark.parametrize(
    ("offset", "replacement", "place", "reason"),
    [
        (0, b"\x8c", 0, "no .mxc artifact"),
        (4, b"\n\n", 0, "copied in text mode"),
        (0, b"\x0d", 0, "7-bit"),
        (8, b"\x02", 8, "format version 2.0 found, 1.x can be read"),
        (12, b"\x03", 12, "instruction set 3"),
        (13, b"\x00", 13, "language 0"),
        (14, b"\x03", 14, "invalidation mode 3"),
        (15, b"\x02", 15, "flags 0x02"),
        (16, b"\xff", 16, "255 sections"),
        (16, b"\x20", 0, "directory"),
        (20, b"\x01", 20, "reserved"),
    ],
)
def test_header_fields_changed_alone(offset: int, replacement: bytes, place: int, reason: str) -> None:
    data = write_module(sample())
    damaged = reseal(data[:offset] + replacement + data[offset + len(replacement) :])
    with pytest.raises(FormatError, match=reason) as caught:
        read_module(damaged)
    assert caught.value.offset == place
    assert outcome(schema_reader.module, damaged) == "refused"


@pytest.mark.parametrize(
    ("offset", "name"),
    [(24, "producer_digest"), (32, "source_mtime_ns"), (40, "source_size"), (48, "source_hash"), (10, "minor")],
)
def test_header_fields_that_others_judge(offset: int, name: str) -> None:
    data = write_module(sample())
    changed = reseal(data[:offset] + bytes((data[offset] ^ 1,)) + data[offset + 1 :])
    before, after = read_header(data), read_header(changed)
    assert getattr(before, name) != getattr(after, name)
    changes = [slot for slot in Header.__slots__ if getattr(before, slot) != getattr(after, slot)]
    assert changes == [name, "content_hash"]
    assert read(changed) == sample()


def test_short_files() -> None:
    for data, reason in ((b"", "empty"), (layout.MAGIC, "the header has 80 bytes, the file 8")):
        with pytest.raises(FormatError, match=reason):
            read_header(data)


# The directory


def entries(data: bytes) -> list[list[int]]:
    count = read_header(data).section_count
    return [list(layout.ENTRY.unpack_from(data, layout.HEADER_SIZE + 32 * number)) for number in range(count)]


def with_entry(data: bytes, number: int, **fields: int) -> bytes:
    names = ("kind", "flags", "reserved", "offset", "stored_size", "raw_size")
    entry = entries(data)[number]
    for name, value in fields.items():
        entry[names.index(name)] = value
    place = layout.HEADER_SIZE + 32 * number
    return data[:place] + layout.ENTRY.pack(*entry) + data[place + 32 :]


@pytest.mark.parametrize(
    ("number", "fields", "reason"),
    [
        (0, {"flags": 8}, "unknown flags"),
        (0, {"reserved": 1}, "reserved"),
        (0, {"offset": 401}, "section META is at 401, expected 400"),
        (0, {"offset": 408}, "section META is at 408, expected 400"),
        (9, {"stored_size": 1 << 60}, "ends at"),
        (0, {"kind": 0}, "must not stand here"),
        (1, {"kind": 1}, "must not stand here"),
        (1, {"kind": 77}, "section 77 is unknown and not optional"),
        (1, {"kind": 77, "flags": 1}, "section STRINGS is missing"),
        (0, {"flags": 2}, "section META must not be compressed"),
        (0, {"raw_size": 1}, "without compression"),
        (9, {"raw_size": 1 << 40}, "cannot hold"),
        (9, {"raw_size": 3}, "3 bytes were expected"),
    ],
)
def test_directory_entries_changed_alone(number: int, fields: dict[str, int], reason: str) -> None:
    damaged = with_entry(write_module(sample()), number, **fields)
    with pytest.raises(FormatError, match=reason):
        read(damaged)
    assert outcome(schema_reader.module, damaged) == "refused"


def test_bytes_behind_the_sections_are_refused() -> None:
    with pytest.raises(FormatError, match="the sections end at"):
        read_module(write_module(sample()) + bytes(8))


def test_a_signature_is_reserved_and_not_kept() -> None:
    data = with_entry(write_module(sample(), compress=0), 9, kind=layout.SIGNATURE)
    module = read(data)
    assert module.source == "" and module.extra == []


def test_unknown_sections_and_keys_are_kept() -> None:
    module = sample()
    module.extra = [(500, layout.OPTIONAL, 9, b"new")]
    module.metadata["invented"] = "later"
    again = read(write_module(read(write_module(module))))
    assert again.extra == [(500, layout.OPTIONAL, 9, b"new")]
    assert again.metadata == {"options": "debug", "invented": "later"}
    assert again.toolchain != ""


# Sections


def sections(data: bytes) -> dict[int, bytes]:
    return {kind: data[offset : offset + size] for kind, _, _, offset, size, _ in entries(data)}


def with_section(module: Module, kind: int, change: Any) -> bytes:
    """Return an artifact one of whose sections went through `change`."""
    data = write_module(module, compress=0)
    parts = []
    for entry_kind, flags, _, offset, size, _ in entries(data):
        part = data[offset : offset + size]
        part = change(part) if entry_kind == kind else part
        parts.append((entry_kind, flags, part))
    start = layout.HEADER_SIZE + 32 * len(parts)
    directory = body = b""
    for entry_kind, flags, part in parts:
        body += bytes(-(start + len(body)) % 8)
        directory += layout.ENTRY.pack(entry_kind, flags, 0, start + len(body), len(part), len(part))
        body += part
    return reseal(data[: layout.HEADER_SIZE] + directory + body)


def patch(offset: int, replacement: bytes) -> Any:
    return lambda part: part[:offset] + replacement + part[offset + len(replacement) :]


def _last_word(value: int) -> Any:
    return lambda part: part[:-4] + struct.pack("<I", value)


FUNCTION_FIELDS = [field.name for field in schema.FunctionRecord.subcons]


def _field(function: int, name: str, value: int) -> Any:
    offset = layout.FUNCTION.size * function
    for field in schema.FunctionRecord.subcons:
        if field.name == name:
            return patch(offset, value.to_bytes(field.sizeof(), "little"))
        offset += field.sizeof()
    raise LookupError(name)


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        (layout.META, lambda part: part[:-1], "no multiple of 8"),
        (layout.META, patch(4, b"\xff\xff\xff\x7f"), "string 2147483647 of"),
        (layout.META, lambda part: part + part[:8], "twice"),
        (layout.META, lambda part: part[:16] + part[24:], "no module version"),
        (layout.META, lambda part: part[:20] + part[4:8] + part[24:], "no module version"),
        (layout.STRINGS, lambda part: b"", "do not fit in 0 bytes"),
        (layout.STRINGS, lambda part: part[:7], "do not fit in 7 bytes"),
        (layout.STRINGS, patch(0, b"\xff\xff\xff\xff"), "do not fit"),
        (layout.STRINGS, patch(4, b"\xff\xff\xff\x7f"), "string 0 is at"),
        (layout.STRINGS, lambda part: part[:-3] + b"\xff\xff\xff", "is not UTF-8"),
        (layout.CONSTANTS, lambda part: part + bytes(12), "of section CONSTANTS"),
        (layout.CONSTANTS, lambda part: part[:-12], "of section CONSTANTS"),
        (layout.CONSTANTS, patch(0, b"\x63"), "constant 0 is of an unknown kind"),
        (layout.CONSTANTS, patch(1, b"\x01"), "constant 0"),
        (layout.CONSTANTS, patch(8, b"\x01"), "constant 0"),
        (layout.CONSTANTS, patch(24 + 8, b"\x01"), "constant 2"),
        (layout.CONSTANTS, patch(24 + 4, b"\x00\x00"), "holds text, not a number"),
        (layout.CONSTANTS, patch(24 + 4, b"\xff\xff\xff\x7f"), "string 2147483647 of"),
        (layout.CONSTANTS, patch(36 + 2, b"\x01"), "constant 3"),
        (layout.CONSTANTS, patch(60 + 2, b"\x06"), "constant 5"),
        (layout.CONSTANTS, patch(72 + 1, b"\x01"), "constant 6"),
        (layout.CONSTANTS, patch(132, b"\x02"), "constant 11"),
        (layout.FUNCTIONS, lambda part: part[:-1], "no multiple of 104"),
        (layout.FUNCTIONS, _field(1, "first_constant", 3), "does not go on in CONSTANTS"),
        (layout.FUNCTIONS, _field(1, "code_offset", 0), "does not go on in CODE"),
        (layout.FUNCTIONS, _field(0, "code_size", 1 << 31), "does not go on in CODE"),
        (layout.FUNCTIONS, _field(1, "code_size", 1 << 31), "of section CODE"),
        (layout.FUNCTIONS, _field(1, "first_upvalue", 1), "does not go on in UPVALUES"),
        (layout.FUNCTIONS, _field(0, "name", 9999), "string 9999"),
        (layout.CODE, lambda part: part + b"\x02", "of section CODE"),
        (layout.CODE, lambda part: part[:-1], "of section CODE"),
        (layout.HANDLERS, lambda part: part[:-1], "of section HANDLERS"),
        (layout.UPVALUES, lambda part: b"", "of section UPVALUES"),
        (layout.LINES, lambda part: part + b"\x00", "of section LINES"),
        (layout.FUNCTIONS, _field(0, "instruction_count", 16), "16 positions in"),
        (layout.FUNCTIONS, _field(0, "first_line", 0xFFFFFFFF), None),
        (layout.LINES, patch(0, b"\x80"), "negative"),
        (layout.LINES, _last_word(0), None),
        (layout.LINES, lambda part: part[:-12] + b"\x09\0\0\0" + part[-8:], "out of order"),
        (layout.NAMES, _last_word(9999), "string 9999"),
    ],
)
def test_sections_damaged_alone(kind: int, change: Any, reason: str | None) -> None:
    damaged = with_section(sample(), kind, change)
    check_content_hash(damaged, read_header(damaged))
    if reason is None:
        assert read(damaged) == schema_reader.module(damaged)
        return
    with pytest.raises(FormatError, match=reason):
        read(damaged)
    assert outcome(schema_reader.module, damaged) == "refused"


def _meta(**changes: Any) -> Module:
    module = sample()
    for name, value in changes.items():
        setattr(module, name, value)
    return module


@pytest.mark.parametrize("text", ["1.2", "1.2.x", "1.2.65536", "1.2.0000003", "1.2.\N{ARABIC-INDIC DIGIT ONE}"])
def test_versions_that_are_none(text: str) -> None:
    damaged = with_section(_meta(name=text), layout.META, lambda part: part[:20] + part[4:8] + part[24:])
    with pytest.raises(FormatError, match="no module version"):
        read(damaged)
    assert outcome(schema_reader.module, damaged) == "refused"


def test_dependencies_that_are_none() -> None:
    for path in ("x" * 40, "g" * 32 + " a", "0" * 32 + "_a"):
        module = _meta(name=path)

        def point_to_name(part: bytes) -> bytes:
            return part[: 7 * 8 + 4] + part[4:8] + part[7 * 8 + 8 :]

        damaged = with_section(module, layout.META, point_to_name)
        with pytest.raises(FormatError, match="no dependency"):
            read(damaged)
        assert outcome(schema_reader.module, damaged) == "refused"


def test_compressed_sources_that_are_damaged() -> None:
    module = sample()
    for text, reason in (
        (b"junk", "damaged"),
        (zlib.compress(b"x" * 16)[:-4], "were expected"),
        (zlib.compress(b"x" * 16) + b"y", "were expected"),
        (zlib.compress(b"x" * 17), "were expected"),
    ):
        data = write_module(module)
        _, _, _, offset, _, _ = entries(data)[9]
        damaged = with_entry(data[:offset] + text, 9, stored_size=len(text), raw_size=16)
        with pytest.raises(FormatError, match=reason):
            read(damaged)
        assert outcome(schema_reader.module, damaged) == "refused"


# Laziness


def test_functions_are_decoded_when_they_are_used() -> None:
    module = read_module(write_module(sample()))
    function = module.functions[1]
    empty = Function.__slots__

    def filled() -> set[str]:
        return {name for name in empty if name in _slots(function)}

    def _slots(of: Function) -> list[str]:
        names = []
        for name in empty:
            try:
                getattr(Function, name).__get__(of)
            except AttributeError:
                continue
            names.append(name)
        return names

    assert filled() == {"index"}
    assert function.kind == 3 and "code" not in filled()
    assert function.code == sample().functions[1].code
    assert filled() == {"index", "kind", "parent", "flags", "local_count", "max_stack", "span", "line", "code"}
    assert function == sample().functions[1]
    assert filled() == set(empty)
    with pytest.raises(AttributeError):
        function.invented  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError):
        module.invented  # noqa: B018


def test_a_damaged_function_harms_when_it_is_used() -> None:
    module = read_module(with_section(sample(), layout.FUNCTIONS, _field(1, "name", 9999)))
    assert module.functions[0].name == "<main>"
    with pytest.raises(FormatError, match="string 9999"):
        module.functions[1].name  # noqa: B018
    module = read_module(with_section(sample(), layout.FUNCTIONS, _field(1, "code_size", 1 << 30)))
    with pytest.raises(FormatError, match="1073741824 bytes are asked for, 4 are there"):
        module.functions[1].code  # noqa: B018


# The writer


def test_the_same_module_gives_the_same_bytes() -> None:
    assert write_module(sample()) == write_module(sample())
    assert write_module(sample()) != write_module(sample(), compress=0)


def test_redating_changes_the_time_only() -> None:
    data = write_module(sample(), source_mtime_ns=1)
    changed = redate(data, 2)
    assert changed == write_module(sample(), source_mtime_ns=2)


def _module(**changes: Any) -> Module:
    module = sample()
    for name, value in changes.items():
        setattr(module.functions[0], name, value)
    return module


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (_module(positions=[(1 << 40, 1)]), "does not fit"),
        (_module(positions=[(1, 300), (-1000, 1)]), "does not fit"),
        (_module(local_count=1 << 32), "does not fit"),
        (_module(parent=1 << 31), "does not fit"),
        (_module(constants=[(99, 1)]), "constant kind 99 is unknown"),
        (_meta(metadata={"path": "x"}), "the metadata key path has a field of its own"),
        (_meta(source="\ud800"), "a surrogate in the source stands for no byte"),
    ],
)
def test_modules_without_a_place_in_the_format(module: Module, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        write_module(module)


def test_source_hashes_have_16_bytes() -> None:
    with pytest.raises(FormatError, match="a source hash has 16 bytes, not 3"):
        write_module(sample(), source_hash=b"abc")


def test_strings_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "RAW_BYTES", 16)
    with pytest.raises(FormatError, match="2 GiB"):
        write_module(Module("a path of more than 16 bytes"))


# The schema


@pytest.mark.parametrize(
    ("struct", "record"),
    [
        (schema.Header, layout.HEADER),
        (schema.DirectoryEntry, layout.ENTRY),
        (schema.MetaEntry, layout.META_ENTRY),
        (schema.Constant, layout.CONSTANT),
        (schema.FunctionRecord, layout.FUNCTION),
        (schema.HandlerRecord, layout.HANDLER),
        (schema.UpvalueRecord, layout.UPVALUE),
        (schema.LineException, layout.LINE_EXCEPTION),
    ],
)
def test_schema_and_layout_have_the_same_sizes(struct: Any, record: Any) -> None:
    assert struct.sizeof() == record.size
    assert all(field.docs for field in struct.subcons if field.name)


def test_the_schema_builds_what_it_parsed() -> None:
    data = write_module(sample())
    header = schema.Header.parse(data)
    assert schema.Header.build(header) == data[: layout.HEADER_SIZE]
    functions = sections(data)[layout.FUNCTIONS]
    records = schema.records(layout.FUNCTIONS).parse(functions).records
    assert b"".join(map(schema.FunctionRecord.build, records)) == functions


def test_summaries_tell_what_inspect_shows() -> None:
    data = write_module(sample(), **FIELDS)
    shown = schema_reader.summary(data)
    assert shown["content_hash_matches"] is True
    assert shown["header"]["mode"] == "checked-hash"
    assert shown["header"]["producer_digest"] == "8000000000000000"
    assert [section["kind"] for section in shown["sections"]] == list(layout.SECTION_NAMES[1:11])
    assert shown["module"]["dependencies"] == [{"path": "lib.mx", "digest": bytes(range(16)).hex()}]
    assert shown["functions"] == 2 and shown["instructions"] == 19
    with pytest.raises(FormatError):
        schema_reader.summary(data[:-1])
    with pytest.raises(FormatError):
        schema_reader.parse(b"")


def test_content_hashes_cover_everything_but_themselves() -> None:
    data = write_module(sample())
    assert content_hash(data) == data[64:80]
    assert header_module.content_hash(data[:64] + bytes(16) + data[80:]) == data[64:80]
