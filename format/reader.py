"""From the bytes of an artifact to a module, by hand over `struct`, because a warm start cannot wait for Construct.

`read_module` checks the header, the section directory and that the function table divides into records; it decodes
nothing else. A function's parts are decoded when they are first asked for; `decode_all` asks for everything, so that
bytes which passed it (and the verifier) never raise later. Whatever the bytes, FormatError is the only exception.
"""

from __future__ import annotations

from . import layout
from .chunk import Function, Handler, Module, Parameters
from .errors import FormatError
from .header import Header, check_content_hash, read_header
from .layout import CODE, CONSTANTS, FUNCTIONS, HANDLERS, LINES, META, NAMES, SECTION_NAMES, SPILLED, UPVALUES
from .sections import Artifact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["Header", "LazyFunction", "LazyModule", "check_content_hash", "decode_all", "read_header", "read_module"]

_RECORD = layout.FUNCTION
_RECORD_SIZE = layout.FUNCTION.size
_CONSTANT_SIZE = layout.CONSTANT.size


class LazyFunction(Function):
    """A function of an artifact: an attribute is decoded when it is first read, and kept.

    A slot that is still empty makes Python call `__getattr__`; afterwards the slot answers by itself.
    """

    __slots__ = ("_artifact", "_record")
    _artifact: Artifact
    _record: tuple[Any, ...]

    def __init__(self, artifact: Artifact, index: int) -> None:  # not Function's: the slots must stay empty
        self._artifact = artifact
        self.index = index

    def __getattr__(self, name: str) -> Any:
        if name == "_record":
            artifact = self._artifact
            place = artifact.sections[FUNCTIONS][0] + self.index * _RECORD_SIZE
            record: tuple[Any, ...] = _RECORD.unpack_from(artifact.data, place)
            self._record = record
            _, self.parent, self.kind, _, self.flags, *_ = record
            self.local_count, self.max_stack = record[9:11]
            self.span = record[26:28]
            self.line = record[23]
            return record
        decode = _DECODERS.get(name)
        if decode is None:
            if name not in _SCALARS:
                raise AttributeError(name)
            self._record  # noqa: B018 (fills the slots)
            return getattr(self, name)
        value = decode(self._artifact, self._record)
        setattr(self, name, value)
        return value

    def decode(self) -> None:
        """Decode every part. Raises FormatError."""
        artifact, record = self._artifact, self._record
        for name, decode in _DECODERS.items():
            setattr(self, name, decode(artifact, record))


_SCALARS = ("parent", "kind", "flags", "local_count", "max_stack", "span", "line")


def _parameters(artifact: Artifact, record: tuple[Any, ...]) -> Parameters:
    if not record[8]:
        return Parameters(record[5], record[6], record[7], (), record[3])
    keywords = artifact.symbols(record[13] + record[12], record[8])
    return Parameters(
        record[5], record[6], record[7], tuple((name, form == SPILLED) for name, form in keywords), record[3]
    )


def _ivars(artifact: Artifact, record: tuple[Any, ...]) -> list[str]:
    return [name for name, _ in artifact.symbols(record[13] + record[12] + record[8], record[11])]


def _code(artifact: Artifact, record: tuple[Any, ...]) -> bytes:
    start, end = artifact.span(CODE, record[14], record[15])
    return artifact.data[start:end]


def _local_names(artifact: Artifact, record: tuple[Any, ...]) -> list[str]:
    return [
        artifact.string(index, "NAMES") for (index,) in artifact.records(NAMES, layout.NAME, record[24], record[25])
    ]


_DECODERS: dict[str, Callable[[Artifact, tuple[Any, ...]], Any]] = {
    "name": lambda artifact, record: artifact.string(record[0], "FUNCTIONS"),
    "parameters": _parameters,
    "constants": lambda artifact, record: artifact.constants(record[13], record[12]),
    "code": _code,
    "handlers": lambda artifact, record: [
        Handler(start, end, target, kind, slot, depth, rescue_depth)
        for start, end, target, kind, slot, depth, rescue_depth in artifact.records(
            HANDLERS, layout.HANDLER, record[16], record[17]
        )
    ],
    "upvalues": lambda artifact, record: list(artifact.records(UPVALUES, layout.UPVALUE, record[18], record[19])),
    "positions": lambda artifact, record: artifact.positions(record[20], record[21], record[22], record[23]),
    "local_names": _local_names,
    "ivars": _ivars,
}


class LazyModule(Module):
    """A module of an artifact. META is decoded at the first look at one of its fields, the source at its own.

    `toolchain` is the version that wrote the artifact (not a part of the module, so it does not count for equality).
    """

    __slots__ = ("artifact", "toolchain")
    artifact: Artifact
    toolchain: str

    def __init__(self, artifact: Artifact) -> None:  # not Module's: the slots must stay empty
        self.artifact = artifact
        self.language = artifact.header.language
        self.isa = artifact.header.isa
        self.extra = artifact.extra
        size = artifact.sections[FUNCTIONS][1]
        if size % _RECORD_SIZE:
            raise FormatError("FUNCTIONS", 0, f"{size} bytes are no multiple of {_RECORD_SIZE}")
        self.functions = [LazyFunction(artifact, index) for index in range(size // _RECORD_SIZE)]

    def __getattr__(self, name: str) -> Any:
        if name == "source":
            self.source = self.artifact.source()
        elif name in _META_FIELDS:
            self._decode_meta()
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def _decode_meta(self) -> None:
        """Fill the fields that META holds."""
        artifact = self.artifact
        size = artifact.sections[META][1]
        if size % 8:
            raise FormatError("META", 0, f"{size} bytes are no multiple of 8")
        single = dict.fromkeys(layout.META_SINGLE, "")
        lists: dict[str, list[str]] = {"require": [], "dependency": [], "export": []}
        metadata: dict[str, str] = {}
        seen = set()
        for key_index, value_index in artifact.records(META, layout.META_ENTRY, 0, size // 8):
            key = artifact.string(key_index, "META")
            value = artifact.string(value_index, "META")
            if key in lists:
                lists[key].append(value)
            elif key in seen:
                raise FormatError("META", 0, f"the key {key} stands there twice")
            else:
                seen.add(key)
                (single if key in single else metadata)[key] = value
        self.module_version = parse_version(single[layout.META_VERSION])
        # Parsed once each: many entries may share one long string.
        dependencies = {text: parse_dependency(text) for text in set(lists[layout.META_DEPENDENCY])}
        self.dependencies = [dependencies[text] for text in lists[layout.META_DEPENDENCY]]
        self.name = single[layout.META_NAME]
        self.module_id = single[layout.META_ID]
        self.path = single[layout.META_PATH]
        self.toolchain = single[layout.META_TOOLCHAIN]
        self.requires = lists[layout.META_REQUIRE]
        self.exports = lists[layout.META_EXPORT]
        self.metadata = metadata


_META_FIELDS = (
    "name", "module_id", "module_version", "path", "toolchain", "requires", "dependencies", "exports", "metadata",
)  # fmt: skip


def parse_version(text: str) -> tuple[int, int, int]:
    """Return "1.2.3" as numbers of 16 bits."""
    parts = text.split(".")
    if len(parts) == 3 and all(part.isdecimal() and part.isascii() and len(part) < 6 for part in parts):
        major, minor, patch = map(int, parts)
        if max(major, minor, patch) < 0x10000:
            return major, minor, patch
    raise FormatError("META", 0, f"{text[:40]!r} is no module version")


def parse_dependency(text: str) -> tuple[str, bytes]:
    """Return "32 hexadecimal digits, a space, path" as (path, digest)."""
    digits, space, path = text[:32], text[32:33], text[33:]
    if space == " " and len(digits) == 32 and not digits.strip("0123456789abcdef"):
        return path, bytes.fromhex(digits)
    raise FormatError("META", 0, f"{text[:40]!r} is no dependency")


def read_module(data: bytes) -> LazyModule:
    """Return the module in `data`; its functions are decoded as they are used. Raises FormatError."""
    return LazyModule(Artifact(data))


def decode_all(module: LazyModule) -> None:
    """Decode everything that a later access would decode, so that none can fail. Raises FormatError."""
    import gc

    collecting = gc.isenabled()
    gc.disable()  # many small objects are made and none becomes garbage
    try:
        artifact = module.artifact
        _check_spans(artifact)
        for index in range(artifact.string_count):
            _, raw = artifact.string_bytes(index, "STRINGS")
            if not raw:
                artifact.string(index, "STRINGS")
        module.source  # noqa: B018 (decodes it)
        module.metadata  # noqa: B018
        for function in module.functions:
            function.decode()  # type: ignore[attr-defined]
    finally:
        if collecting:
            gc.enable()


# What each function has a span of: section, record size, position of (first, size) in the function's record.
_SPANS = ((CODE, 1, 14, 15), (HANDLERS, 28, 16, 17), (UPVALUES, 8, 18, 19), (LINES, 1, 20, 21), (NAMES, 4, 24, 25))


def _check_spans(artifact: Artifact) -> None:
    """Check that the functions share out each section in order, without a gap, overlap or rest.

    Every byte is decoded at most once then, so decoding is linear in the size of the file.
    """
    used = [0, 0, 0, 0, 0]
    constants = 0
    start, end = artifact.span(FUNCTIONS, 0, artifact.sections[FUNCTIONS][1])
    for index, record in enumerate(_RECORD.iter_unpack(memoryview(artifact.data)[start:end])):
        for number, (kind, size, first, count) in enumerate(_SPANS):
            if record[first] * size != used[number]:
                raise _bad_span(index, kind)
            used[number] += record[count] * size
        if record[13] != constants:
            raise _bad_span(index, CONSTANTS)
        constants += record[12] + record[8] + record[11]
    for kind, total in zip([row[0] for row in _SPANS] + [CONSTANTS], [*used, constants * _CONSTANT_SIZE]):
        if artifact.sections.get(kind, (0, 0))[1] != total:
            raise FormatError("FUNCTIONS", 0, f"the functions use {total} bytes of section {SECTION_NAMES[kind]}")


def _bad_span(index: int, kind: int) -> FormatError:
    reason = f"function {index} does not go on in {SECTION_NAMES[kind]} where the last one ended"
    return FormatError("FUNCTIONS", index * _RECORD_SIZE, reason)
