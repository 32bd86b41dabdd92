"""Where artifacts live: `__mxcache__/NAME.<tag>.mxc` beside the source, or under a prefix of its own.

The tag names what variants of one source may not fight over: format, instruction set, strip state.
"""

from __future__ import annotations

import os

from ..format.layout import FORMAT_MAJOR, ISA_LETTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .options import LoadOptions

FOLDER = "__mxcache__"
SUFFIX = ".mxc"
SOURCE_SUFFIXES = (".mx", ".rb", ".veld")
_GITIGNORE = b"# Made by metorex.\n*\n"
_CACHEDIR_TAG = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# This folder holds compiled programs. It may be deleted at any time.\n"
    b"# For information about cache directory tags see https://bford.info/cachedir/\n"
)


def tag(isa: int, strip: bool) -> str:
    """Return the tag of an artifact, "mx1s" for an unstripped one of the stack set."""
    return f"mx{FORMAT_MAJOR}{ISA_LETTERS[isa]}" + ("-strip" if strip else "")


def entry_path(source: str, options: LoadOptions) -> str:
    """Return where the cache keeps the artifact of `source`."""
    folder, name = os.path.split(source)
    if name.endswith(".mx"):
        name = name[:-3]  # the other suffixes stay: a.mx and a.rb may lie side by side
    entry = f"{name}.{tag(options.isa, options.strip)}{SUFFIX}"
    if options.cache_dir:
        drive, tail = os.path.splitdrive(os.path.abspath(folder))
        return os.path.join(options.cache_dir, drive.replace(":", ""), tail.lstrip(os.sep), entry)
    return os.path.join(folder, FOLDER, entry)


def sources_of(entry: str, options: LoadOptions) -> list[str]:
    """Return the paths that the source of a cache entry may have."""
    folder, name = os.path.split(entry)
    stem = name[: -len(SUFFIX)].rpartition(".")[0]
    if options.cache_dir:
        folder = os.sep + os.path.relpath(folder, options.cache_dir)
    else:
        folder = os.path.dirname(folder)
    return [os.path.join(folder, stem + ".mx"), os.path.join(folder, stem)]


def is_entry(path: str, options: LoadOptions) -> bool:
    """Tell whether `path` lies in a cache, so that it must not be run without its source."""
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.basename(folder) == FOLDER:
        return True
    prefix = os.path.abspath(options.cache_dir) if options.cache_dir else ""
    return prefix != "" and (folder + os.sep).startswith(os.path.join(prefix, ""))


def store(path: str, data: bytes, options: LoadOptions, mtime_ns: int | None = None) -> None:
    """Write an entry of the cache, making its folder if need be. Raises OSError."""
    from . import atomic  # a warm run writes nothing

    try:
        atomic.write_file(path, data, mtime_ns=mtime_ns)
    except FileNotFoundError:
        make_folder(os.path.dirname(path), options)
        atomic.write_file(path, data, mtime_ns=mtime_ns)


def make_folder(folder: str, options: LoadOptions) -> None:
    """Make a cache folder and mark it (or the prefix it lies under) for version control and backup programs."""
    from . import atomic

    marked = options.cache_dir or folder
    fresh = not os.path.isdir(marked)
    os.makedirs(folder, exist_ok=True)
    if fresh:
        atomic.write_file(os.path.join(marked, ".gitignore"), _GITIGNORE)
        atomic.write_file(os.path.join(marked, "CACHEDIR.TAG"), _CACHEDIR_TAG)
