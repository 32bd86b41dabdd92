"""The standard output and error streams of the process, below the IO objects that programs see.

Output is text in a buffer (bytes that are not UTF-8 as surrogate escapes), which is written when it is large, at exit,
before standard input is read and before anything is written to standard error; on a terminal after every line.
On the path of every run: no imports but sys.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIMIT = 32768  # characters to collect before writing


def to_bytes(text: str) -> bytes:
    """Return the bytes of the text of a String in UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate
        return text.encode("utf-8", "surrogatepass")


class OutStream:
    """One output stream. `host` names Python's stream in `sys`, which is looked up at each write, so that whoever
    replaces it (a test, a debugger) gets the output.

    `redirect` is the object that `$stdout` or `$stderr` was set to, None while it is the original one; `io` is that
    original IO object, once the program asked for it.
    """

    __slots__ = ("host", "parts", "size", "sync", "redirect", "io")

    def __init__(self, host: str, sync: bool) -> None:
        self.host = host
        self.parts: list[str] = []
        self.size = 0
        self.sync: bool | None = True if sync else None  # None: find out at the first write
        self.redirect: Any = None
        self.io: Any = None

    def write(self, text: str) -> None:
        """Write text, in which every U+DC80..U+DCFF is a byte."""
        self.parts.append(text)
        self.size += len(text)
        if self.sync is None:
            self.sync = self.is_terminal()
        if self.sync or self.size > LIMIT:
            self.flush()

    def is_terminal(self) -> bool:
        stream = getattr(sys, self.host)
        try:
            return bool(stream.isatty())
        except (AttributeError, ValueError):
            return False

    def flush(self) -> None:
        """Hand everything to the host. OSError (a closed pipe) passes through, and the text is gone."""
        if not self.parts:
            return
        text = "".join(self.parts)
        self.parts = []
        self.size = 0
        stream = getattr(sys, self.host)
        if self is STDERR:
            STDOUT.flush()
        binary = getattr(stream, "buffer", None)
        if binary is None:
            stream.write(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        else:
            binary.write(to_bytes(text))
        stream.flush()


STDOUT = OutStream("stdout", sync=False)
STDERR = OutStream("stderr", sync=True)


def nothing() -> None:
    """There are no other files that the program writes."""


flush_others = nothing  # set by core/io.py


def flush_all() -> None:
    """Write what is still in the buffers: before the process ends or another one is started."""
    STDOUT.flush()
    STDERR.flush()
    flush_others()
