"""The native of the library io/console: the terminal."""

from __future__ import annotations

import os

from ..builtin import builtin_class
from ..convert import as_int
from ..library import library_class
from ..values import Array, String
from .errno import failed_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

builtin_class("IO")
console = library_class("IO::ConsoleMode")


@console.singleton("__size")
def size(self: Value, blk: Block, number: Value) -> Value:
    """Return [rows, columns] of the terminal that a descriptor is."""
    try:
        found = os.get_terminal_size(as_int(number))
    except OSError as failure:
        raise failed_call(failure, "", "")
    return Array([found.lines, found.columns])


# Modes of terminals that were changed, by descriptor.
SAVED: dict[int, list[Any]] = {}


@console.singleton("__set")
def set_mode(self: Value, blk: Block, number: Value, mode: Value) -> Value:
    """Change a terminal: "raw", "noecho", or "restore" what it was."""
    import termios
    import tty

    descriptor = as_int(number)
    try:
        before = termios.tcgetattr(descriptor)
        name = mode.s if isinstance(mode, String) else ""
        if name == "restore":
            termios.tcsetattr(descriptor, termios.TCSADRAIN, SAVED.pop(descriptor, before))
            return None
        SAVED.setdefault(descriptor, before)
        if name == "raw":
            tty.setraw(descriptor)
        else:
            changed = termios.tcgetattr(descriptor)
            changed[3] &= ~termios.ECHO
            termios.tcsetattr(descriptor, termios.TCSADRAIN, changed)
    except termios.error as failure:
        raise failed_call(OSError(*failure.args), "", "")
    return None
