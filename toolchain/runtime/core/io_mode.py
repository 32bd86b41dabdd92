"""How a file is to be opened: mode texts, flags and keywords."""

from __future__ import annotations

import os

from ..convert import as_int, as_str, to_s
from ..errors import error
from ..values import UNDEF, is_true

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Value
    from .io import IOObject

ACCESS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR  # the bits that say whether to read or write
FLAGS = {
    "r": os.O_RDONLY,
    "w": os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    "a": os.O_WRONLY | os.O_CREAT | os.O_APPEND,
}


class Mode:
    """`flags` are those of open(2), `python` the mode for a Python file on the descriptor."""

    def __init__(self, mode: Value, options: dict[str, Any]) -> None:
        if "mode" in options and options["mode"] is not None:
            if mode is not UNDEF and mode is not None:
                raise error("ArgumentError", "mode specified twice")
            mode = options["mode"]
        self.binary = False
        if mode is UNDEF or mode is None:
            self.flags = os.O_RDONLY
        elif mode.__class__ is int:
            self.flags = int(mode)
        else:
            self.flags = self.parse(as_str(mode)) if not isinstance(mode, float) else as_int(mode)
        if "flags" in options:
            self.flags |= as_int(options["flags"])
        if is_true(options.get("binmode")):
            self.binary = True
        for name in ("external_encoding", "encoding"):
            if options.get(name) is not None:
                self.binary = self.binary or is_binary_name(to_s(options[name]))
        access = self.flags & ACCESS
        self.readable = access in (os.O_RDONLY, os.O_RDWR)
        self.writable = access in (os.O_WRONLY, os.O_RDWR)
        if access == os.O_RDWR:
            self.python = "r+b"
        elif self.writable:
            self.python = "ab" if self.flags & os.O_APPEND else "wb"
        else:
            self.python = "rb"

    def parse(self, text: str) -> int:
        """Return the flags of a mode such as "r+", "wx", "ab:UTF-8". ArgumentError of the guest for others."""
        plain, _, encoding = text.partition(":")
        if not plain or plain[0] not in FLAGS or any(letter not in "+btx" for letter in plain[1:]):
            raise error("ArgumentError", f"invalid access mode {text}")
        flags = FLAGS[plain[0]]
        if "+" in plain:
            flags = flags & ~ACCESS | os.O_RDWR
        if "x" in plain:
            if plain[0] != "w":
                raise error("ArgumentError", f"invalid access mode {text}")
            flags |= os.O_EXCL
        self.binary = "b" in plain and not encoding or is_binary_name(encoding)
        return flags

    def apply(self, target: IOObject) -> None:
        """Note in an IO object what may be done with it."""
        target.readable, target.writable, target.binary = self.readable, self.writable, self.binary


def is_binary_name(name: str) -> bool:
    return name.upper().replace("BOM|", "").split(":")[0] in ("BINARY", "ASCII-8BIT")
