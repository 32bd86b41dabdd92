"""File: questions about paths, and File::Stat."""

from __future__ import annotations

import os
import stat as modes

from ..builtin import NativeClass
from ..loading import path_text
from ..values import FALSE, Object, String, truth
from .errno import failed_call
from .file import called, host_path, stat_of, time_value
from .io import IOObject, host_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..values import Block, Value


class StatObject(Object):
    """`result` is what os.stat answered."""

    __slots__ = ("result",)
    mclass = None

    result: Any


file = NativeClass("File")
stat = NativeClass("File::Stat")
file_test = NativeClass("FileTest")


def status(value: Value, follow: bool = True) -> Any:
    """Return what the system knows of a path or an open file, None if there is no such file."""
    try:
        if isinstance(value, IOObject):
            return os.fstat(host_file(value).fileno())
        name = host_path(path_text(value))
        return os.stat(name) if follow else os.lstat(name)
    except OSError:
        return None


def kind_test(check: Callable[[int], bool]) -> Callable[[Any], bool]:
    return lambda result: check(result.st_mode)


def allowed(result: Any, bit: int) -> bool:
    """Return whether the process has a right (4 read, 2 write, 1 execute) by the file's mode."""
    if os.geteuid() == 0:
        return bit != 1 or bool(result.st_mode & 0o111)
    if result.st_uid == os.geteuid():
        return bool(result.st_mode & bit << 6)
    if result.st_gid in (os.getegid(), *os.getgroups()):
        return bool(result.st_mode & bit << 3)
    return bool(result.st_mode & bit)


# Name of the question -> what answers it from a stat result.
TESTS: dict[str, Callable[[Any], bool]] = {
    "file?": kind_test(modes.S_ISREG),
    "directory?": kind_test(modes.S_ISDIR),
    "pipe?": kind_test(modes.S_ISFIFO),
    "socket?": kind_test(modes.S_ISSOCK),
    "blockdev?": kind_test(modes.S_ISBLK),
    "chardev?": kind_test(modes.S_ISCHR),
    "readable?": lambda result: allowed(result, 4),
    "writable?": lambda result: allowed(result, 2),
    "executable?": lambda result: allowed(result, 1),
    "readable_real?": lambda result: allowed(result, 4),
    "writable_real?": lambda result: allowed(result, 2),
    "executable_real?": lambda result: allowed(result, 1),
    "owned?": lambda result: bool(result.st_uid == os.geteuid()),
    "grpowned?": lambda result: bool(result.st_gid == os.getegid()),
    "setuid?": lambda result: bool(result.st_mode & modes.S_ISUID),
    "setgid?": lambda result: bool(result.st_mode & modes.S_ISGID),
    "sticky?": lambda result: bool(result.st_mode & modes.S_ISVTX),
    "zero?": lambda result: result.st_size == 0,
}


def declare_test(name: str, check: Callable[[Any], bool]) -> None:
    def by_path(self: Value, blk: Block, path: Value) -> Value:
        result = status(path)
        return FALSE if result is None else truth(check(result))

    def of_stat(self: StatObject, blk: Block) -> Value:
        return truth(check(self.result))

    for names in ((name, "empty?") if name == "zero?" else (name,),):
        file.singleton(*names)(by_path)
        file_test.function(*names)(by_path)
    stat.method(name)(of_stat)


for _name, _check in TESTS.items():
    declare_test(_name, _check)


@file.singleton("exist?")
def exist(self: Value, blk: Block, path: Value) -> Value:
    return truth(status(path) is not None)


file_test.function("exist?")(exist)


@file.singleton("symlink?")
def is_symlink(self: Value, blk: Block, path: Value) -> Value:
    result = status(path, follow=False)
    return truth(result is not None and modes.S_ISLNK(result.st_mode))


file_test.function("symlink?")(is_symlink)


@file.singleton("size")
def size(self: Value, blk: Block, path: Value) -> Value:
    if isinstance(path, IOObject):
        return status(path).st_size
    return called(os.stat, "rb_file_s_size", path).st_size


@file.singleton("size?")
def has_size(self: Value, blk: Block, path: Value) -> Value:
    result = status(path)
    return None if result is None or result.st_size == 0 else result.st_size


file_test.function("size")(size)
file_test.function("size?")(has_size)


@file.singleton("identical?")
def identical(self: Value, blk: Block, first: Value, second: Value) -> Value:
    one, two = status(first), status(second)
    return truth(one is not None and two is not None and os.path.samestat(one, two))


@file.singleton("world_readable?")
def world_readable(self: Value, blk: Block, path: Value) -> Value:
    result = status(path)
    return result.st_mode & 0o777 if result is not None and result.st_mode & 0o004 else None


@file.singleton("world_writable?")
def world_writable(self: Value, blk: Block, path: Value) -> Value:
    result = status(path)
    return result.st_mode & 0o777 if result is not None and result.st_mode & 0o002 else None


KINDS = (
    (modes.S_ISREG, "file"), (modes.S_ISDIR, "directory"), (modes.S_ISCHR, "characterSpecial"),
    (modes.S_ISBLK, "blockSpecial"), (modes.S_ISFIFO, "fifo"), (modes.S_ISLNK, "link"), (modes.S_ISSOCK, "socket"),
)  # fmt: skip


def kind_name(result: Any) -> str:
    for check, name in KINDS:
        if check(result.st_mode):
            return name
    return "unknown"


@file.singleton("ftype")
def ftype(self: Value, blk: Block, path: Value) -> Value:
    return String(kind_name(called(os.lstat, "rb_file_s_ftype", path)))


# --- File::Stat -----------------------------------------------------------------------------------------------------


def make_stat(result: Any) -> StatObject:
    value = StatObject()
    value.result = result
    return value


@stat.singleton("new")
def new(self: Value, blk: Block, path: Value) -> Value:
    name = path_text(path)
    try:
        return make_stat(os.stat(host_path(name)))
    except OSError as failure:
        raise failed_call(failure, "rb_file_initialize", name)


@file.singleton("stat")
def stat_path(self: Value, blk: Block, path: Value) -> Value:
    return make_stat(called(os.stat, "rb_file_s_stat", path))


@file.singleton("lstat")
def lstat_path(self: Value, blk: Block, path: Value) -> Value:
    return make_stat(called(os.lstat, "rb_file_lstat", path))


@file.method("stat", "lstat")
def stat_self(self: Any, blk: Block) -> Value:
    return make_stat(stat_of(self))


FIELDS = {
    "size": "st_size", "mode": "st_mode", "uid": "st_uid", "gid": "st_gid", "ino": "st_ino", "nlink": "st_nlink",
    "dev": "st_dev", "blksize": "st_blksize", "blocks": "st_blocks",
}  # fmt: skip


def declare_field(name: str, host_name: str) -> None:
    def field(self: StatObject, blk: Block) -> Value:
        return getattr(self.result, host_name)

    stat.method(name)(field)


for _field, _host_name in FIELDS.items():
    declare_field(_field, _host_name)


@stat.method("mtime")
def mtime(self: StatObject, blk: Block) -> Value:
    return time_value(self.result.st_mtime_ns)


@stat.method("atime")
def atime(self: StatObject, blk: Block) -> Value:
    return time_value(self.result.st_atime_ns)


@stat.method("ctime", "birthtime")
def ctime(self: StatObject, blk: Block) -> Value:
    return time_value(self.result.st_ctime_ns)


@stat.method("ftype")
def stat_kind(self: StatObject, blk: Block) -> Value:
    return String(kind_name(self.result))


@stat.method("symlink?")
def stat_symlink(self: StatObject, blk: Block) -> Value:
    return truth(modes.S_ISLNK(self.result.st_mode))


@stat.method("size?")
def stat_size(self: StatObject, blk: Block) -> Value:
    return self.result.st_size or None


@stat.method("<=>")
def compare(self: StatObject, blk: Block, other: Value) -> Value:
    if not isinstance(other, StatObject):
        return None
    one, two = self.result.st_mtime_ns, other.result.st_mtime_ns
    return (one > two) - (one < two)
