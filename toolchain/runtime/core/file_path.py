"""File: names of paths. Nothing here looks at the file system, but expand_path and realpath."""

from __future__ import annotations

import os

from ..builtin import NativeClass
from ..convert import as_int, as_str
from ..errors import error
from ..loading import path_text
from ..values import UNDEF, Array, String, truth
from .file_match import fnmatch as match_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

file = NativeClass("File")


def base_name(path: str) -> str:
    """Return the last part of a path: "/" of the root, "" of nothing."""
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else ""
    return stripped.rpartition("/")[2]


@file.singleton("basename")
def basename(self: Value, blk: Block, path: Value, suffix: Value = UNDEF) -> Value:
    name = base_name(path_text(path))
    if suffix is not UNDEF:
        ending = as_str(suffix)
        if ending == ".*":
            extension = extension_of(name)
            name = name[: -len(extension)] if extension else name
        elif ending and name.endswith(ending) and name != ending:
            name = name[: -len(ending)]
    return String(name)


def directory_name(path: str) -> str:
    stripped = path.rstrip("/")
    if not stripped:
        return "/" if path else "."
    head = stripped.rpartition("/")[0]
    if not head:
        return "/" if stripped.startswith("/") else "."
    return head.rstrip("/") or "/"


@file.singleton("dirname")
def dirname(self: Value, blk: Block, path: Value, level: Value = 1) -> Value:
    text = path_text(path)
    count = as_int(level)
    if count < 0:
        raise error("ArgumentError", f"negative level: {count}")
    for _ in range(count):
        text = directory_name(text)
    return String(text)


def extension_of(path: str) -> str:
    """Return the extension with its dot: ".rb", "" for ".bashrc", "." for "a."."""
    name = base_name(path).lstrip(".")
    index = name.rfind(".")
    return name[index:] if index > 0 else ""


@file.singleton("extname")
def extname(self: Value, blk: Block, path: Value) -> Value:
    return String(extension_of(path_text(path)))


@file.singleton("split")
def split(self: Value, blk: Block, path: Value) -> Value:
    text = path_text(path)
    return Array([String(directory_name(text)), String(base_name(text))])


def join_parts(parts: Any, active: list[Any]) -> str:
    """Return the parts with exactly one "/" between them."""
    result: str | None = None
    for part in parts:
        if isinstance(part, Array):
            if any(part is outer for outer in active):
                raise error("ArgumentError", "recursive array")
            active.append(part)
            text = join_parts(part.a, active)
            active.pop()
        else:
            text = path_text(part)
        if result is None:
            result = text
        elif text.startswith("/"):
            result = result.rstrip("/") + text
        else:
            result = (result if result.endswith("/") else result + "/") + text
    return result or ""


@file.singleton("join")
def join(self: Value, blk: Block, *parts: Value) -> Value:
    return String(join_parts(parts, []))


def expand(path: str, directory: Value, tilde: bool) -> str:
    """Return the absolute path without `.` and `..`, from `directory` (default: the working directory)."""
    if tilde and path.startswith("~"):
        path = home_of(path)
    if not path.startswith("/"):
        base = os.getcwd() if directory is UNDEF or directory is None else expand(path_text(directory), UNDEF, tilde)
        path = base + "/" + path
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def home_of(path: str) -> str:
    expanded = os.path.expanduser(path)
    if expanded.startswith("~"):
        name = path[1:].partition("/")[0]
        raise error("ArgumentError", f"user {name} doesn't exist" if name else "couldn't find HOME environment")
    return expanded


@file.singleton("expand_path")
def expand_path(self: Value, blk: Block, path: Value, directory: Value = UNDEF) -> Value:
    return String(expand(path_text(path), directory, True))


@file.singleton("absolute_path")
def absolute_path(self: Value, blk: Block, path: Value, directory: Value = UNDEF) -> Value:
    return String(expand(path_text(path), directory, False))


@file.singleton("absolute_path?")
def is_absolute_path(self: Value, blk: Block, path: Value) -> Value:
    return truth(path_text(path).startswith("/"))


@file.singleton("realpath")
def realpath(self: Value, blk: Block, path: Value, directory: Value = UNDEF) -> Value:
    from .errno import failed_call

    text = expand(path_text(path), directory, False)
    try:
        os.stat(text)
    except OSError as failure:
        raise failed_call(failure, "rb_realpath_internal", path_text(path))
    return String(os.path.realpath(text))


@file.singleton("realdirpath")
def realdirpath(self: Value, blk: Block, path: Value, directory: Value = UNDEF) -> Value:
    return String(os.path.realpath(expand(path_text(path), directory, False)))


@file.singleton("path")
def path_(self: Value, blk: Block, path: Value) -> Value:
    return String(path_text(path))


@file.singleton("fnmatch", "fnmatch?")
def fnmatch(self: Value, blk: Block, pattern: Value, path: Value, flags: Value = 0) -> Value:
    return truth(match_name(as_str(pattern), path_text(path), as_int(flags)))
