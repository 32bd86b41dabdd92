"""Which source files a batch build works on.

Folders are searched recursively for sources. Left out are hidden and the usual generated folders, what `.gitignore`
and `.mxignore` files on the way say (gitignore syntax, each relative to its own folder), and the caller's patterns.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SUFFIXES = (".mx", ".rb")
IGNORE_FILES = (".gitignore", ".mxignore")
USUAL_FOLDERS = frozenset({"__mxcache__", "__pycache__", "node_modules", "venv", "vendor", "dist", "build"})


class Sources:
    """The sources below some paths. `missing` lists the paths that do not exist."""

    def __init__(self, paths: Iterable[str], exclude: Sequence[str] = ()) -> None:
        self.paths = list(paths)
        self.exclude = GitIgnoreSpec.from_lines(exclude)
        self.missing = [path for path in self.paths if not os.path.exists(path)]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield (path, root): `root` is the folder that was named, or the file's own. Sorted, each file once."""
        seen: set[str] = set()
        for path in self.paths:
            if os.path.isdir(path):
                found = [(name, path) for name in self.walk(path, path, [])]
            elif os.path.exists(path):
                found = [(path, os.path.dirname(path) or ".")]
            else:
                continue
            for name, root in found:
                real = os.path.realpath(name)
                if real not in seen:
                    seen.add(real)
                    yield name, root

    def walk(self, folder: str, root: str, specs: list[tuple[str, GitIgnoreSpec]]) -> Iterator[str]:
        """Yield the sources below `folder`; `specs` are the ignore files of the folders above, with their place."""
        specs = [*specs, *read_ignore_files(folder)]
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            name = entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if name.startswith(".") or (is_folder and name in USUAL_FOLDERS):
                continue
            if not is_folder and not name.endswith(SUFFIXES):
                continue
            if self.ignored(entry.path, root, is_folder, specs):
                continue
            if is_folder:
                yield from self.walk(entry.path, root, specs)
            elif entry.is_file():
                yield entry.path

    def ignored(self, path: str, root: str, is_folder: bool, specs: list[tuple[str, GitIgnoreSpec]]) -> bool:
        """Return whether an ignore file or an --exclude pattern names `path`."""
        tail = "/" if is_folder else ""
        if self.exclude.match_file(os.path.relpath(path, root).replace(os.sep, "/") + tail):
            return True
        return any(spec.match_file(os.path.relpath(path, place).replace(os.sep, "/") + tail) for place, spec in specs)


def read_ignore_files(folder: str) -> list[tuple[str, GitIgnoreSpec]]:
    """Return the ignore files of a folder as (folder, patterns)."""
    found = []
    for name in IGNORE_FILES:
        try:
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
                found.append((folder, GitIgnoreSpec.from_lines(file)))
        except OSError:
            continue
    return found
