"""The header of an artifact: its fields, what of it can be read here, and the content hash that it carries."""

from __future__ import annotations

from . import layout
from .errors import FormatError


class Header:
    """The fields of the file header, in order, without magic and reserved field."""

    __slots__ = (
        "major", "minor", "isa", "language", "mode", "flags", "section_count", "producer_digest", "source_mtime_ns",
        "source_size", "source_hash", "content_hash",
    )  # fmt: skip

    major: int
    minor: int
    isa: int
    language: int
    mode: int
    flags: int
    section_count: int
    producer_digest: int
    source_mtime_ns: int
    source_size: int
    source_hash: bytes
    content_hash: bytes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Header) and all(getattr(self, s) == getattr(other, s) for s in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "<Header " + " ".join(f"{slot}={getattr(self, slot)!r}" for slot in self.__slots__) + ">"


def read_header(data: bytes) -> Header:
    """Return the header of an artifact that this reader can read, else raise FormatError."""
    if data[:8] != layout.MAGIC:
        raise FormatError("header", 0, _no_magic(data))
    if len(data) < layout.HEADER_SIZE:
        raise FormatError("header", 0, f"the header has {layout.HEADER_SIZE} bytes, the file {len(data)}")
    header = Header()
    (
        _, header.major, header.minor, header.isa, header.language, header.mode, header.flags, header.section_count,
        reserved, header.producer_digest, header.source_mtime_ns, header.source_size, header.source_hash,
        header.content_hash,
    ) = layout.HEADER.unpack_from(data)  # fmt: skip
    if header.major != layout.FORMAT_MAJOR:
        found = f"{header.major}.{header.minor}"
        raise FormatError("header", 8, f"format version {found} found, {layout.FORMAT_MAJOR}.x can be read")
    if header.isa not in layout.ISA_LETTERS:
        raise FormatError("header", 12, f"instruction set {header.isa} is unknown")
    if header.language not in (layout.LANGUAGE_METOREX, layout.LANGUAGE_VELD):
        raise FormatError("header", 13, f"language {header.language} is unknown")
    if header.mode >= len(layout.MODE_NAMES):
        raise FormatError("header", 14, f"invalidation mode {header.mode} is unknown")
    if header.flags & ~layout.KNOWN_HEADER_FLAGS:
        raise FormatError("header", 15, f"flags {header.flags:#04x} are unknown")
    if header.section_count > layout.MAX_SECTIONS:
        raise FormatError("header", 16, f"{header.section_count} sections, at most {layout.MAX_SECTIONS} are read")
    if reserved:
        raise FormatError("header", 20, "the reserved field is not zero")
    return header


def _no_magic(data: bytes) -> str:
    """Tell what happened to the magic number."""
    magic = layout.MAGIC
    if data[:4] == magic[:4]:
        return "the magic number is damaged: the file was copied in text mode"
    if data[:4] == bytes((magic[0] & 0x7F,)) + magic[1:4]:
        return "the magic number is damaged: the file was copied through a 7-bit channel"
    return "this is no .mxc artifact" if data else "the file is empty"


def content_hash(data: bytes) -> bytes:
    """Compute the content hash of an artifact of at least a header's length."""
    import xxhash

    digest = xxhash.xxh3_128(memoryview(data)[: layout.CONTENT_HASH_OFFSET])
    digest.update(memoryview(data)[layout.HEADER_SIZE :])
    return digest.digest()


def check_content_hash(data: bytes, header: Header) -> None:
    """Raise FormatError unless the content hash in `header`, read from `data`, is that of `data`."""
    if content_hash(data) != header.content_hash:
        raise FormatError("header", layout.CONTENT_HASH_OFFSET, "the content hash does not match: the file is damaged")
