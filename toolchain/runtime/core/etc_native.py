"""The natives of the library etc: users and groups of the system. The rest is lib/etc.rb."""

from __future__ import annotations

import os

from ..convert import as_int, as_str
from ..errors import error
from ..library import library_class
from ..values import UNDEF, Array, Hash, String, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

etc = library_class("Etc")


def fields(entry: Any) -> Array:
    """Return the fields of an entry of the system's tables."""
    return Array([value if value.__class__ is int else guest(value) for value in entry])


def guest(value: Any) -> Value:
    return Array([String(item) for item in value]) if isinstance(value, list) else String(str(value))


@etc.singleton("__user")
def user(self: Value, blk: Block, which: Value) -> Value:
    """Return the fields of the entry of a user, by number or name; nil: no such number."""
    import pwd

    try:
        if which.__class__ is int:
            return fields(pwd.getpwuid(as_int(which)))
        return fields(pwd.getpwnam(as_str(which)))
    except KeyError:
        raise error("ArgumentError", f"can't find user for {as_str(which) if which.__class__ is not int else which}")


@etc.singleton("__group")
def group(self: Value, blk: Block, which: Value) -> Value:
    import grp

    try:
        if which.__class__ is int:
            return fields(grp.getgrgid(as_int(which)))
        return fields(grp.getgrnam(as_str(which)))
    except KeyError:
        raise error("ArgumentError", f"can't find group for {as_str(which) if which.__class__ is not int else which}")


@etc.singleton("nprocessors")
def nprocessors(self: Value, blk: Block) -> Value:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@etc.singleton("uname")
def uname(self: Value, blk: Block) -> Value:
    found = os.uname()
    result = Hash()
    for name, value in zip(("sysname", "nodename", "release", "version", "machine"), found):
        result.d[sym(name)] = String(value)
    return result


@etc.singleton("getlogin")
def getlogin(self: Value, blk: Block, default: Value = UNDEF) -> Value:
    try:
        return String(os.getlogin())
    except OSError:
        pass
    import pwd

    try:
        return String(pwd.getpwuid(os.getuid()).pw_name)
    except KeyError:
        return None
