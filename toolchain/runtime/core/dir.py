"""Dir: directories, and glob."""

from __future__ import annotations

import os

from ..builtin import NativeClass
from ..convert import as_int
from ..errors import error
from ..loading import path_text
from ..values import UNDEF, Array, Object, String, truth
from .enumerator import make_enumerator
from .file import called, each_path, host_path
from .file_match import DOTMATCH, alternatives, match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..values import Block, Value


class DirObject(Object):
    """An open directory: its entries were read at the start; `position` is that of the next one."""

    __slots__ = ("path", "names", "position", "is_open")
    mclass = None

    def prepare(self) -> None:
        self.path = ""
        self.names: list[str] = []
        self.position = 0
        self.is_open = False


directory = NativeClass("Dir")


def listed(path: Value) -> list[str]:
    """Return the names in a directory, "." and ".." included."""
    return [".", "..", *sorted(called(os.listdir, "dir_initialize", path))]


# --- the class ------------------------------------------------------------------------------------------------------


@directory.singleton("pwd", "getwd")
def pwd(self: Value, blk: Block) -> Value:
    return String(os.getcwd())


@directory.singleton("chdir", block=True)
def chdir(self: Value, blk: Block, path: Value = UNDEF) -> Value:
    target = home_path() if path is UNDEF else path
    before = os.getcwd()
    called(os.chdir, "chdir_path", target)
    if blk is None:
        return 0
    try:
        return blk(target)
    finally:
        os.chdir(before)


def home_path() -> String:
    home = os.environ.get("HOME")
    if home is None:
        raise error("ArgumentError", "HOME/LOGDIR not set")
    return String(home)


@directory.singleton("home")
def home(self: Value, blk: Block, user: Value = UNDEF) -> Value:
    if user is UNDEF or user is None:
        return String(os.path.expanduser("~"))
    name = path_text(user)
    path = os.path.expanduser("~" + name)
    if path.startswith("~"):
        raise error("ArgumentError", f"user {name} doesn't exist")
    return String(path)


@directory.singleton("mkdir")
def mkdir(self: Value, blk: Block, path: Value, mode: Value = 0o777) -> Value:
    number = as_int(mode)
    called(lambda name: os.mkdir(name, number), "dir_s_mkdir", path)
    return 0


@directory.singleton("rmdir", "delete", "unlink")
def rmdir(self: Value, blk: Block, path: Value) -> Value:
    each_path((path,), os.rmdir, "dir_s_rmdir")
    return 0


@directory.singleton("exist?")
def exist(self: Value, blk: Block, path: Value) -> Value:
    return truth(os.path.isdir(host_path(path_text(path))))


@directory.singleton("empty?")
def is_empty(self: Value, blk: Block, path: Value) -> Value:
    try:
        return truth(not os.listdir(host_path(path_text(path))))
    except OSError:
        return truth(False)


@directory.singleton("entries")
def entries(self: Value, blk: Block, path: Value, **options: Value) -> Value:
    return Array([String(name) for name in listed(path)])


@directory.singleton("children")
def children(self: Value, blk: Block, path: Value, **options: Value) -> Value:
    return Array([String(name) for name in listed(path)[2:]])


@directory.singleton("each_child", block=True)
def each_child(self: Value, blk: Block, path: Value, **options: Value) -> Value:
    if blk is None:
        return make_enumerator(self, "each_child", path)
    for name in listed(path)[2:]:
        blk(String(name))
    return None


@directory.singleton("foreach", block=True)
def foreach(self: Value, blk: Block, path: Value, **options: Value) -> Value:
    if blk is None:
        return make_enumerator(self, "foreach", path)
    for name in listed(path):
        blk(String(name))
    return None


@directory.singleton("open", block=True)
def open_(self: Value, blk: Block, path: Value, **options: Value) -> Value:
    from ..dispatch import send

    opened = send(self, ":new", None, path)
    if blk is None:
        return opened
    try:
        return blk(opened)
    finally:
        opened.is_open = False


# --- glob -----------------------------------------------------------------------------------------------------------


@directory.singleton("glob", block=True)
def glob(
    self: Value, blk: Block, patterns: Value, flags: Value = 0, *, base: Value = None, sort: Value = UNDEF,
    **options: Value,
) -> Value:  # fmt: skip
    wanted = patterns.a if isinstance(patterns, Array) else [patterns]
    number = as_int(options["flags"]) if "flags" in options else as_int(flags)
    found = globbed(wanted, number, "" if base is None else path_text(base))
    if blk is None:
        return Array([String(path) for path in found])
    for path in found:
        blk(String(path))
    return None


@directory.singleton("[]")
def brackets(self: Value, blk: Block, *patterns: Value, base: Value = None, sort: Value = UNDEF) -> Value:
    wanted = [item for value in patterns for item in (value.a if isinstance(value, Array) else [value])]
    return Array([String(path) for path in globbed(wanted, 0, "" if base is None else path_text(base))])


def globbed(patterns: list[Any], flags: int, base: str) -> list[str]:
    """Return the paths that match the patterns, in the order of the patterns, sorted within each."""
    result: list[str] = []
    for value in patterns:
        text = path_text(value)
        if "\0" in text:
            raise error("ArgumentError", "nul-separated glob pattern is deprecated")
        for pattern in alternatives(text):
            if pattern:
                result.extend(walk_pattern(pattern, flags, base))
    return result


def walk_pattern(pattern: str, flags: int, base: str) -> Iterator[str]:
    """Yield the paths that one pattern without braces matches."""
    only_directories = pattern.endswith("/")
    parts = [part for part in pattern.split("/") if part]
    start = "/" if pattern.startswith("/") else ""
    yield from walk_parts(start, parts, flags, base, only_directories)


def is_magic(part: str) -> bool:
    return any(letter in part for letter in "*?[")


def names_in(path: str, base: str) -> list[str]:
    try:
        return sorted(os.listdir(os.path.join(base, path) if base or path else "."))
    except OSError:
        return []


def walk_parts(prefix: str, parts: list[str], flags: int, base: str, only_directories: bool) -> Iterator[str]:
    if not parts:
        if not only_directories:
            yield prefix
        elif os.path.isdir(os.path.join(base, prefix)):
            yield prefix if prefix.endswith("/") else prefix + "/"
        return
    part, rest = parts[0], parts[1:]
    glue = prefix if not prefix or prefix.endswith("/") else prefix + "/"
    if part == "**" and (rest or only_directories):
        if rest:
            yield from walk_parts(prefix, rest, flags, base, only_directories)
        elif prefix or base:
            yield glue or "/"
        for name in names_in(prefix, base):
            path = os.path.join(base, glue + name)
            if (not name.startswith(".") or flags & DOTMATCH) and os.path.isdir(path) and not os.path.islink(path):
                yield from walk_parts(glue + name, parts, flags, base, only_directories)
    elif is_magic(part):
        names = names_in(prefix, base)
        if flags & DOTMATCH and not rest and match(part, ".", flags):
            names = [".", *names]
        for name in names:
            if match(part, name, flags) and (not rest or os.path.isdir(os.path.join(base, glue + name))):
                yield from walk_parts(glue + name, rest, flags, base, only_directories)
    else:
        name = part.replace("\\", "")
        if os.path.lexists(os.path.join(base, glue + name)):
            yield from walk_parts(glue + name, rest, flags, base, only_directories)


# --- open directories -----------------------------------------------------------------------------------------------


@directory.private("initialize")
def initialize(self: DirObject, blk: Block, path: Value, **options: Value) -> Value:
    self.names = listed(path)
    self.path = path_text(path)
    self.is_open = True
    return None


def check_open(target: DirObject) -> None:
    if not target.is_open:
        raise error("IOError", "uninitialized Dir" if not target.path else "closed directory")


@directory.method("path", "to_path")
def path_(self: DirObject, blk: Block) -> Value:
    return String(self.path)


@directory.method("read")
def read(self: DirObject, blk: Block) -> Value:
    check_open(self)
    if self.position >= len(self.names):
        return None
    self.position += 1
    return String(self.names[self.position - 1])


@directory.method("each", block=True)
def each(self: DirObject, blk: Block) -> Value:
    check_open(self)
    if blk is None:
        return make_enumerator(self, "each")
    while self.position < len(self.names):
        self.position += 1
        blk(String(self.names[self.position - 1]))
    return self


@directory.method("children")
def own_children(self: DirObject, blk: Block) -> Value:
    check_open(self)
    return Array([String(name) for name in self.names if name not in (".", "..")])


@directory.method("each_child", block=True)
def own_each_child(self: DirObject, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_child")
    for name in self.names:
        if name not in (".", ".."):
            blk(String(name))
    return self


@directory.method("rewind")
def rewind(self: DirObject, blk: Block) -> Value:
    check_open(self)
    self.position = 0
    return self


@directory.method("pos", "tell")
def pos(self: DirObject, blk: Block) -> Value:
    check_open(self)
    return self.position


@directory.method("close")
def close(self: DirObject, blk: Block) -> Value:
    self.is_open = False
    return None


@directory.method("inspect")
def inspect(self: DirObject, blk: Block) -> Value:
    return String(f"#<Dir:{self.path}>")
