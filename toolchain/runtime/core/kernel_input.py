"""Kernel: gets, readline, readlines, open, select; from the files that ARGV names, or standard input."""

from __future__ import annotations

from ..builtin import NativeClass, builtin_class
from ..convert import as_str
from ..dispatch import respond_to, send, send_keywords
from ..globals import STATE, VALUES, get_global
from ..values import Array, String
from .io import IOObject, close
from .io_read import end_of_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

kernel = NativeClass("Kernel")


class Input:
    """The file of ARGV that is being read."""

    current: Any = None


INPUT = Input()


def current_input() -> Any:
    """Return the IO object that `gets` reads from: the next file of ARGV, else standard input."""
    if INPUT.current is not None:
        return INPUT.current
    arguments = STATE.arguments.a
    if arguments:
        path = arguments.pop(0)
        INPUT.current = get_global("$stdin") if as_str(path) == "-" else send(builtin_class("File"), ":new", None, path)
        return INPUT.current
    return get_global("$stdin")


def next_line(args: Any, keywords: dict[str, Any]) -> Value:
    """Return the next line, nil behind the last one."""
    while True:
        source = current_input()
        line = send_keywords(source, ":gets", None, args, keywords)
        if line is not None or INPUT.current is None:
            return line
        if isinstance(INPUT.current, IOObject) and INPUT.current is not get_global("$stdin"):
            close(INPUT.current, None)
        INPUT.current = None
        if not STATE.arguments.a:
            return None


@kernel.function("gets")
def gets(self: Value, blk: Block, *args: Value, **keywords: Value) -> Value:
    line = next_line(args, keywords)
    VALUES["$_"] = line
    return line


@kernel.function("readline")
def readline(self: Value, blk: Block, *args: Value, **keywords: Value) -> Value:
    line = gets(self, None, *args, **keywords)
    if line is None:
        raise end_of_file()
    return line


@kernel.function("readlines")
def readlines(self: Value, blk: Block, *args: Value, **keywords: Value) -> Value:
    lines: list[Any] = []
    while (line := next_line(args, keywords)) is not None:
        lines.append(line)
    return Array(lines)


@kernel.function("open", block=True)
def open_(self: Value, blk: Block, path: Value, *args: Value, **keywords: Value) -> Value:
    if path is not None and not isinstance(path, String) and respond_to(path, "to_open"):
        opened = send(path, ":to_open", None, *args)
        return opened if blk is None else blk(opened)
    if isinstance(path, String) and path.s.startswith("|"):
        return send(builtin_class("IO"), ":popen", blk, String(path.s[1:]), *args)
    return send_keywords(builtin_class("File"), ":open", blk, (path, *args), keywords)


@kernel.function("select")
def select(self: Value, blk: Block, *args: Value) -> Value:
    return send(builtin_class("IO"), ":select", None, *args)
