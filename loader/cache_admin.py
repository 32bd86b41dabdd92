"""What `metorex cache` does: tell where things are and how much, remove all of it, or what is of no use any more.

Two places: folders of artifacts (`__mxcache__` below the given roots, or the prefix), and the private folders of the
user (markers of verified artifacts, counts of hits and misses, host code).
"""

from __future__ import annotations

import os
import time

from . import cache, userdir, verified
from .atomic import TEMPORARY_SUFFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .options import LoadOptions

DEFAULT_MAX_BYTES = 512 << 20
# A temporary file older than this belongs to nobody who is still writing.
ABANDONED_SECONDS = 3600
_MARKS = (".gitignore", "CACHEDIR.TAG")


class Usage:
    """A folder (or all folders of artifacts) and what is in it."""

    __slots__ = ("name", "path", "files", "bytes")

    def __init__(self, name: str, path: str, files: int = 0, size: int = 0) -> None:
        self.name = name
        self.path = path
        self.files = files
        self.bytes = size

    def as_dict(self) -> dict[str, object]:
        """Return JSON-ready data."""
        return {slot: getattr(self, slot) for slot in self.__slots__}


def locations(options: LoadOptions) -> list[tuple[str, str]]:
    """Return (what, where) of everything that is kept; "" where there is no such place."""
    artifacts = options.cache_dir or os.path.join("(folder of the source)", cache.FOLDER)
    return [("artifacts", artifacts), ("user", userdir.base())]


def artifact_folders(roots: Iterable[str], options: LoadOptions) -> Iterator[str]:
    """Yield the folders of artifacts: all below the prefix, else each `__mxcache__` below a root."""
    if options.cache_dir:
        for folder, _, _ in os.walk(options.cache_dir):
            yield folder
        return
    for root in roots:
        for folder, names, _ in os.walk(root):
            if os.path.basename(folder) == cache.FOLDER:
                names.clear()
                yield folder


def private_folders() -> list[str]:
    """Return the names of the user's private folders that can be trusted."""
    base = userdir.base()
    try:
        names = sorted(os.listdir(base)) if base and userdir.trusted(base) else []
    except OSError:
        names = []
    return [name for name in names if userdir.trusted(os.path.join(base, name))]


def files_in(folder: str) -> list[tuple[int, int, str]]:
    """Return (time of modification in ns, size, path) of the files of a folder, the oldest first."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                if status.st_mode & 0o170000 == 0o100000:
                    found.append((status.st_mtime_ns, status.st_size, entry.path))
    except OSError:
        return found
    return sorted(found)


def stats(roots: Iterable[str], options: LoadOptions) -> tuple[list[Usage], dict[str, int]]:
    """Return the usage of artifacts and of each private folder, and the counts of hits and misses."""
    artifacts = Usage("artifacts", options.cache_dir or cache.FOLDER)
    for folder in artifact_folders(roots, options):
        for _, size, path in files_in(folder):
            if path.endswith(cache.SUFFIX):
                artifacts.files += 1
                artifacts.bytes += size
    usages = [artifacts]
    counts = {"hits": 0, "misses": 0}
    for name in private_folders():
        path = os.path.join(userdir.base(), name)
        files = files_in(path)
        if name == userdir.COUNTS:
            counts.update({os.path.basename(file): size for _, size, file in files})
        else:
            usages.append(Usage(name, path, len(files), sum(size for _, size, _ in files)))
    return usages, counts


def clear(roots: Iterable[str], options: LoadOptions) -> Usage:
    """Remove all artifacts of the roots (or below the prefix) and everything in the user's private folders."""
    removed = Usage("removed", "")
    for folder in list(artifact_folders(roots, options)):
        for _, size, path in files_in(folder):
            if path.endswith((cache.SUFFIX, TEMPORARY_SUFFIX)):
                _remove(path, size, removed)
        if not options.cache_dir:
            _remove_folder(folder)
    for name in private_folders():
        for _, size, path in files_in(os.path.join(userdir.base(), name)):
            _remove(path, size, removed)
    return removed


def prune(
    roots: Iterable[str], options: LoadOptions, max_bytes: int = DEFAULT_MAX_BYTES, now: float | None = None
) -> Usage:
    """Remove what is of no use: abandoned temporary files, artifacts without their source, the oldest of too much."""
    removed = Usage("removed", "")
    abandoned = ((time.time() if now is None else now) - ABANDONED_SECONDS) * 1e9
    for folder in list(artifact_folders(roots, options)):
        for age, size, path in files_in(folder):
            orphan = path.endswith(cache.SUFFIX) and not any(map(os.path.exists, cache.sources_of(path, options)))
            if orphan or (path.endswith(TEMPORARY_SUFFIX) and age < abandoned):
                _remove(path, size, removed)
    for name in private_folders():
        folder = os.path.join(userdir.base(), name)
        files = files_in(folder)
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= max_bytes:
                break
            total -= size
            _remove(path, size, removed)
        if name == verified.FOLDER:
            removed.files += verified.prune(folder)
    return removed


def _remove(path: str, size: int, removed: Usage) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
    removed.files += 1
    removed.bytes += size


def _remove_folder(folder: str) -> None:
    """Remove a folder of artifacts if nothing but our own marks is left in it."""
    try:
        if set(os.listdir(folder)) <= set(_MARKS):
            for name in _MARKS:
                _remove(os.path.join(folder, name), 0, Usage("", ""))
            os.rmdir(folder)
    except OSError:
        return
