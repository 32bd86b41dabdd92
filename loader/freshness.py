"""Is an artifact still what its source would compile to? All reasons why not, at once, as data.

The order is that of the costs: header, then times and sizes, then hashes. Only a source that may have changed without
a trace in its size and time is read: one whose time differs at equal size, or one so new that a later write could
have the same time (a same-size edit in the same tick must never run stale code; git calls this "racily clean").
"""

from __future__ import annotations

import os

from ..format.digest import source_hash
from ..format.layout import CHECKED_HASH, ISA_LETTERS, TIMESTAMP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..format.chunk import Module
    from ..format.header import Header
    from .options import LoadOptions

# Why an artifact is not used, by code; `Reason.detail` says more.
REASONS = {
    "forced": "compiling was asked for",
    "no-cache": "the cache is switched off",
    "missing": "there is no artifact",
    "unreadable": "the artifact cannot be read",
    "owner": "the artifact belongs to somebody else",
    "damaged": "the artifact is damaged",
    "rejected": "the verifier refuses the artifact",
    "version": "the artifact is of another format version",
    "isa": "the artifact is of another instruction set",
    "strip": "the artifact is of another strip state",
    "producer": "another toolchain or other options made the artifact",
    "path": "the artifact was compiled from another path",
    "size": "the source has another size",
    "time": "the source was written at another time",
    "content": "the source has other content",
    "dependency": "something that the source was compiled with has changed",
}

# Two times closer than this may be the same tick: FAT counts in 2 s, and clocks of file servers differ a little.
TICK_NS = 2_000_000_000


class Reason:
    """One reason to compile: a code of REASONS, and what was expected and found."""

    __slots__ = ("code", "detail")

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reason) and (self.code, self.detail) == (other.code, other.detail)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Reason({self.code!r}, {self.detail!r})"

    def __str__(self) -> str:
        return REASONS[self.code] + (f": {self.detail}" if self.detail else "")


class Source:
    """A source file as it was found: time and size at once, bytes and hash when somebody asks.

    Raises OSError when the file cannot be read.
    """

    __slots__ = ("path", "mtime_ns", "size", "_data", "_hash")

    def __init__(self, path: str) -> None:
        status = os.stat(path)
        self.path = path
        self.mtime_ns = status.st_mtime_ns
        self.size = status.st_size
        self._data: bytes | None = None
        self._hash: bytes | None = None

    def data(self) -> bytes:
        """Return the bytes. Time and size are then those of the very file that was read, from before reading."""
        if self._data is None:
            with open(self.path, "rb") as file:
                self.mtime_ns = os.fstat(file.fileno()).st_mtime_ns
                self._data = file.read()
            self.size = len(self._data)
        return self._data

    def was_read(self) -> bool:
        """Tell whether somebody asked for the bytes."""
        return self._data is not None

    def hash(self) -> bytes:
        """Return the hash of the bytes."""
        if self._hash is None:
            self._hash = source_hash(self.data())
        return self._hash

    def is_young(self, seen_ns: int) -> bool:
        """Tell whether a write after the moment `seen_ns` could leave the same time on the file."""
        return seen_ns - self.mtime_ns < TICK_NS


def judge_header(header: Header, options: LoadOptions) -> list[Reason]:
    """Return what of the header speaks against the artifact, whatever its source is."""
    reasons = []
    if header.isa != options.isa:
        reasons.append(Reason("isa", f"{ISA_LETTERS[header.isa]} instead of {ISA_LETTERS[options.isa]}"))
    if bool(header.flags) != options.strip:
        reasons.append(Reason("strip", "stripped" if header.flags else "not stripped"))
    if header.producer_digest != options.producer():
        reasons.append(Reason("producer", f"{header.producer_digest:016x} instead of {options.producer():016x}"))
    return reasons


def judge_source(header: Header, source: Source, seen_ns: int, options: LoadOptions) -> list[Reason]:
    """Return what of the source speaks against the artifact.

    `seen_ns` is when the artifact was written, at the latest, from what the source held. The source has been read
    afterwards (`was_read`) if its time alone could not tell; an artifact found fresh that way deserves a new time.
    """
    if header.mode == TIMESTAMP:
        differs = header.source_mtime_ns != source.mtime_ns
        if header.source_size != source.size:
            reasons = [Reason("size", f"{source.size} bytes instead of {header.source_size}")]
            return [*reasons, Reason("time")] if differs else reasons
        if not differs and not source.is_young(seen_ns):
            return []
        if header.source_hash == source.hash():
            return []
        return [Reason("time"), Reason("content")] if differs else [Reason("content")]
    checked = header.mode == CHECKED_HASH and options.check_hashes != "never"
    if (checked or options.check_hashes == "always") and header.source_hash != source.hash():
        return [Reason("content")]
    return []


def judge_module(module: Module, path: str, folder: str) -> list[Reason]:
    """Return what of META speaks against the artifact: its path, and compile-time dependencies by digest.

    Dependencies are relative to the source's `folder`.
    """
    reasons = []
    if module.path != path:
        reasons.append(Reason("path", f"{module.path} instead of {path}"))
    for name, digest in module.dependencies:
        try:
            with open(os.path.join(folder, name), "rb") as file:
                found = source_hash(file.read())
        except (OSError, ValueError):
            reasons.append(Reason("dependency", f"{name} cannot be read"))
            continue
        if found != digest:
            reasons.append(Reason("dependency", name))
    return reasons
