"""File: opening, and what is done to files by their paths.

Names of paths are in file_path.py, tests in file_test.py, File::Stat in file_stat.py.
"""

from __future__ import annotations

import os

from ..builtin import NativeClass
from ..convert import as_float, as_int
from ..errors import error
from ..loading import path_text
from ..values import UNDEF, String, truth
from .errno import failed_call
from .io import IOObject, flush, host_file
from .io_mode import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class FileObject(IOObject):
    __slots__ = ()
    mclass = None


file = NativeClass("File")


@file.private("initialize")
def initialize(
    self: FileObject, blk: Block, path: Value, mode: Value = UNDEF, permissions: Value = UNDEF, **options: Value
) -> Value:
    if path.__class__ is int:
        from .io_class import initialize as initialize_io

        return initialize_io(self, None, path, mode, **options)
    name = path_text(path)
    rule = Mode(mode, options)
    rights = options.get("perm", 0o666) if permissions is UNDEF else permissions
    try:
        descriptor = os.open(host_path(name), rule.flags | getattr(os, "O_CLOEXEC", 0), as_int(rights))
    except OSError as failure:
        raise failed_call(failure, "rb_sysopen", name)
    try:
        self.host = os.fdopen(descriptor, rule.python)
    except OSError as failure:  # a directory
        os.close(descriptor)
        raise failed_call(failure, "rb_sysopen", name)
    if rule.flags & os.O_APPEND and rule.readable:
        self.host.seek(0, 2)
    self.path = name
    rule.apply(self)
    return None


def host_path(text: str) -> str:
    """Return the text of a path for the host. ArgumentError of the guest for a NUL in it."""
    if "\0" in text:
        raise error("ArgumentError", "path name contains null byte")
    return text


@file.method("path", "to_path")
def path_(self: FileObject, blk: Block) -> Value:
    return String(self.path)


@file.method("size")
def size(self: FileObject, blk: Block) -> Value:
    if self.writable:
        flush(self, None)
    return os.fstat(host_file(self).fileno()).st_size


@file.method("truncate")
def truncate(self: FileObject, blk: Block, length: Value) -> Value:
    flush(self, None)
    os.ftruncate(host_file(self).fileno(), as_int(length))
    return 0


@file.method("flock")
def flock(self: FileObject, blk: Block, operation: Value) -> Value:
    import fcntl

    try:
        fcntl.flock(host_file(self).fileno(), as_int(operation))
    except BlockingIOError:
        return truth(False)
    return 0


@file.method("chmod")
def chmod_self(self: FileObject, blk: Block, mode: Value) -> Value:
    os.fchmod(host_file(self).fileno(), as_int(mode))
    return 0


def stat_of(target: FileObject) -> os.stat_result:
    return os.fstat(host_file(target).fileno())


@file.method("mtime")
def mtime_self(self: FileObject, blk: Block) -> Value:
    return time_value(stat_of(self).st_mtime_ns)


@file.method("atime")
def atime_self(self: FileObject, blk: Block) -> Value:
    return time_value(stat_of(self).st_atime_ns)


@file.method("ctime")
def ctime_self(self: FileObject, blk: Block) -> Value:
    return time_value(stat_of(self).st_ctime_ns)


def time_value(nanoseconds: int) -> Value:
    from .time import from_nanoseconds

    return from_nanoseconds(nanoseconds)


# --- by path --------------------------------------------------------------------------------------------------------


def each_path(paths: Any, action: Any, function: str = "apply2files") -> int:
    """Do something to every path and return how many there are. Errno errors of the guest."""
    for path in paths:
        name = path_text(path)
        try:
            action(host_path(name))
        except OSError as failure:
            raise failed_call(failure, function, name)
    return len(paths)


@file.singleton("delete", "unlink")
def delete(self: Value, blk: Block, *paths: Value) -> Value:
    return each_path(paths, os.unlink)


@file.singleton("rename")
def rename(self: Value, blk: Block, old: Value, new: Value) -> Value:
    return two_paths(os.rename, "rb_file_s_rename", old, new)


def two_paths(action: Any, function: str, first: Value, second: Value) -> Value:
    one, two = path_text(first), path_text(second)
    try:
        action(host_path(one), host_path(two))
    except OSError as failure:
        raise failed_call(failure, function, f"({one}, {two})")
    return 0


@file.singleton("symlink")
def symlink(self: Value, blk: Block, old: Value, new: Value) -> Value:
    return two_paths(os.symlink, "rb_file_s_symlink", old, new)


@file.singleton("link")
def link(self: Value, blk: Block, old: Value, new: Value) -> Value:
    return two_paths(os.link, "rb_file_s_link", old, new)


@file.singleton("readlink")
def readlink(self: Value, blk: Block, path: Value) -> Value:
    return String(called(os.readlink, "rb_readlink", path))


def called(action: Any, function: str, path: Value) -> Any:
    """Return action(path). Errno errors of the guest."""
    name = path_text(path)
    try:
        return action(host_path(name))
    except OSError as failure:
        raise failed_call(failure, function, name)


@file.singleton("chmod")
def chmod(self: Value, blk: Block, mode: Value, *paths: Value) -> Value:
    number = as_int(mode)
    return each_path(paths, lambda path: os.chmod(path, number))


@file.singleton("chown")
def chown(self: Value, blk: Block, owner: Value, group: Value, *paths: Value) -> Value:
    uid = -1 if owner is None else as_int(owner)
    gid = -1 if group is None else as_int(group)
    return each_path(paths, lambda path: os.chown(path, uid, gid))


@file.singleton("utime")
def utime(self: Value, blk: Block, accessed: Value, modified: Value, *paths: Value) -> Value:
    times = None if accessed is None and modified is None else (seconds(accessed), seconds(modified))
    return each_path(paths, lambda path: os.utime(path, times))


def seconds(value: Value) -> float:
    if value is None:
        import time

        return time.time()
    from ..dispatch import send

    return as_float(value) if value.__class__ in (int, float) else as_float(send(value, ":to_f"))


@file.singleton("truncate")
def truncate_path(self: Value, blk: Block, path: Value, length: Value) -> Value:
    number = as_int(length)
    called(lambda name: os.truncate(name, number), "rb_file_s_truncate", path)
    return 0


@file.singleton("umask")
def umask(self: Value, blk: Block, mask: Value = UNDEF) -> Value:
    if mask is not UNDEF:
        return os.umask(as_int(mask))
    current = os.umask(0)
    os.umask(current)
    return current


@file.singleton("mkfifo")
def mkfifo(self: Value, blk: Block, path: Value, mode: Value = 0o666) -> Value:
    number = as_int(mode)
    called(lambda name: os.mkfifo(name, number), "rb_file_s_mkfifo", path)
    return 0


@file.singleton("mtime")
def mtime(self: Value, blk: Block, path: Value) -> Value:
    return time_value(called(os.stat, "rb_file_s_mtime", path).st_mtime_ns)


@file.singleton("atime")
def atime(self: Value, blk: Block, path: Value) -> Value:
    return time_value(called(os.stat, "rb_file_s_atime", path).st_atime_ns)


@file.singleton("ctime")
def ctime(self: Value, blk: Block, path: Value) -> Value:
    return time_value(called(os.stat, "rb_file_s_ctime", path).st_ctime_ns)


@file.singleton("birthtime")
def birthtime(self: Value, blk: Block, path: Value) -> Value:
    return time_value(called(os.stat, "rb_file_s_birthtime", path).st_ctime_ns)


# --- constants ------------------------------------------------------------------------------------------------------

for _name, _value in (
    ("RDONLY", os.O_RDONLY), ("WRONLY", os.O_WRONLY), ("RDWR", os.O_RDWR), ("APPEND", os.O_APPEND),
    ("CREAT", os.O_CREAT), ("EXCL", os.O_EXCL), ("TRUNC", os.O_TRUNC), ("NONBLOCK", getattr(os, "O_NONBLOCK", 0)),
    ("NOCTTY", getattr(os, "O_NOCTTY", 0)), ("SYNC", getattr(os, "O_SYNC", 0)), ("BINARY", 0),
    ("LOCK_SH", 1), ("LOCK_EX", 2), ("LOCK_NB", 4), ("LOCK_UN", 8),
    ("FNM_NOESCAPE", 1), ("FNM_PATHNAME", 2), ("FNM_DOTMATCH", 4), ("FNM_CASEFOLD", 8), ("FNM_EXTGLOB", 16),
    ("FNM_SYSCASE", 0), ("FNM_SHORTNAME", 0),
):  # fmt: skip
    file.constant(_name, _value)
file.constant("SEPARATOR", String("/"))
file.constant("Separator", file.mod.constants["SEPARATOR"])
file.constant("ALT_SEPARATOR", None)
file.constant("PATH_SEPARATOR", String(os.pathsep))
file.constant("NULL", String(os.devnull))
