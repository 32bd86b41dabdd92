"""The reading end of a pipe, in the place of Python's own file: nothing blocks before the program's other threads, one
of which may be the writer, had their turns.
"""

from __future__ import annotations

import os
import select
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEDULING = __name__.rpartition(".core.")[0] + ".scheduler"
CHUNK = 65536


def wait_for_writers(descriptor: int) -> None:
    """Let the other threads run until there is something to read or none of them can go on."""
    scheduling: Any = sys.modules.get(SCHEDULING)
    if scheduling is None or not scheduling.SCHEDULER.tasks:
        return
    scheduler = scheduling.SCHEDULER
    others = [task for task in [scheduler.main, *scheduler.tasks] if task is not scheduler.current]
    while not select.select([descriptor], [], [], 0)[0]:
        deadlines = [task.deadline for task in others if task.deadline is not None]
        if any(task.can_go_on(time.monotonic()) for task in others):
            scheduler.pass_turn()
        elif deadlines:
            scheduler.sleep(max(0.0, min(deadlines) - time.monotonic()))
        else:
            break


class Pipe:
    """`data` was read from the descriptor and not asked for yet."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.data = b""
        self.closed = False

    def more(self) -> bool:
        """Wait for more data; return whether some came."""
        wait_for_writers(self.descriptor)
        piece = os.read(self.descriptor, CHUNK)
        self.data += piece
        return bool(piece)

    def cut(self, count: int) -> bytes:
        result, self.data = self.data[:count], self.data[count:]
        return result

    def read(self, count: int = -1) -> bytes:
        while (count < 0 or len(self.data) < count) and self.more():
            pass
        return self.cut(len(self.data) if count < 0 else count)

    def read1(self, count: int) -> bytes:
        if not self.data:
            self.more()
        return self.cut(count)

    def peek(self, count: int) -> bytes:
        return self.data[:count] if self.data or self.more() else b""

    def readline(self) -> bytes:
        while b"\n" not in self.data and self.more():
            pass
        return self.cut(self.data.find(b"\n") + 1 or len(self.data))

    def fileno(self) -> int:
        return self.descriptor

    def isatty(self) -> bool:
        return False

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            os.close(self.descriptor)
