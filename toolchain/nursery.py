"""A larger nursery for programs that need one, on PyPy.

PyPy makes objects in its nursery and copies what is still in use when that is full. It sets the size when it starts, by
the processor's cache: often 1 MB, with which programs of many objects spend half of their time copying. So a run that
spent much time on garbage leaves a mark in the user's cache folder, and later runs of that program begin by starting
PyPy once more with a larger nursery. That costs them some 30 ms; other programs pay nothing. Where most that is made
stays in use, even that one is filled too soon: such a program gets one that is larger than most caches.
"""

from __future__ import annotations

import os
import sys

from ..loader import userdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = ("8M", "32M")
VARIABLE = "PYPY_GC_NURSERY"  # what PyPy reads when it starts
OURS = "METOREX_NURSERY"  # says that the variable is from here: how large it is, 1 for the first of the sizes
MUCH_MS = 150  # of collecting garbage, in one run
MOST = 0.4  # of the time of a run: so much is spent on garbage where a nursery is too small even if it is large
FOLDER = "nursery"  # a file for each program that has a mark; its length says which size it wants

SIZE = [0]  # of this run: 0, PyPy's own


def mark(path: str, create: bool = False) -> str:
    """Return the path of a program's mark, "" if there is no folder for it."""
    from binascii import crc32

    folder = userdir.folder(FOLDER, create)
    return (
        os.path.join(folder, f"{crc32(os.path.abspath(path).encode('utf-8', 'surrogateescape')):08x}") if folder else ""
    )


def note(path: str) -> None:
    """Leave a mark if this run of the program spent much time on garbage, where that is possible."""
    import gc
    import time

    spent = gc.get_stats(False).total_gc_time  # type: ignore[call-arg, attr-defined]
    size = SIZE[0]
    if spent < MUCH_MS or size == len(SIZES) or (size and spent < MOST * 1000 * time.process_time()):
        return
    try:
        with open(mark(path, create=True), "wb") as file:
            file.write(b"+" * (size + 1))
    except OSError:
        pass


def restart(arguments: Sequence[str]) -> None:
    """Start PyPy again in this process if the program has a mark; called before anything else happens."""
    if VARIABLE in os.environ:
        ours = os.environ.pop(OURS, "")
        if ours.isdigit():
            SIZE[0] = int(ours)
            del os.environ[VARIABLE]  # what the program starts is no affair of ours
        return
    path = next((word for word in arguments if word.endswith((".mx", ".rb", ".mxc"))), "")
    known = mark(path) if path else ""
    try:
        size = os.stat(known).st_size if known else 0
    except OSError:
        return
    if not 0 < size <= len(SIZES):
        return
    try:
        with open("/proc/self/cmdline", "rb") as file:
            command = file.read().split(b"\0")[:-1]
    except OSError:
        return
    os.environ[VARIABLE], os.environ[OURS] = SIZES[size - 1], str(size)
    try:
        os.execv(sys.executable, command)
    except OSError:  # then as it is
        del os.environ[VARIABLE], os.environ[OURS]
