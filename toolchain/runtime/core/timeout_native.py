"""The native of the library timeout: a block with a deadline.

The alarm of the process interrupts whatever the main thread of the host does. If the thread of the program whose time
is over runs just then, the exception is raised in it at once, else when it goes on.
"""

from __future__ import annotations

import time

from ..convert import as_float
from ..coroutine import greenlet
from ..errors import Raised
from ..library import library_class
from ..scheduler import SCHEDULER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

timeout = library_class("Timeout")


class Deadline:
    __slots__ = ("at", "task", "failure")

    def __init__(self, at: float, failure: Any) -> None:
        self.at = at
        self.task = SCHEDULER.current
        self.failure = failure


DEADLINES: list[Deadline] = []


def arm() -> None:
    """Set the alarm to the next deadline."""
    import signal

    if not DEADLINES:
        signal.setitimer(signal.ITIMER_REAL, 0)
        return
    delay = min(deadline.at for deadline in DEADLINES) - time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, max(delay, 0.000001))


def expired(number: int, frame: Any) -> None:
    """(Signal handler) Interrupt whose time is over."""
    now = time.monotonic()
    running: Deadline | None = None
    for deadline in [one for one in DEADLINES if one.at <= now]:
        DEADLINES.remove(deadline)
        # A coroutine on a thread of its own is not what this handler interrupts.
        here = deadline.task is SCHEDULER.main or greenlet is not None
        if deadline.task is SCHEDULER.current and here and running is None:
            running = deadline
        else:
            deadline.task.pending = Raised(deadline.failure)
    arm()
    if running is not None:
        raise Raised(running.failure)


@timeout.singleton("__within", block=True)
def within(self: Value, blk: Block, seconds: Value, failure: Value) -> Value:
    """Call the block; the exception `failure` is raised in it when the time is over."""
    import signal

    limit = as_float(seconds)
    deadline = Deadline(time.monotonic() + limit, failure)
    try:
        previous = signal.signal(signal.SIGALRM, expired)
    except (ValueError, AttributeError):  # not on the host's main thread, or a host without alarms
        return with_timer(deadline, blk, seconds, limit)
    DEADLINES.append(deadline)
    arm()
    try:
        return blk(seconds)
    finally:
        if deadline in DEADLINES:
            DEADLINES.remove(deadline)
        arm()
        if not DEADLINES and previous is not expired:
            signal.signal(signal.SIGALRM, previous)


def with_timer(deadline: Deadline, blk: Block, seconds: Value, limit: float) -> Value:
    """Do it with a timer thread: the exception comes when the program's thread waits next."""
    import threading

    def end() -> None:
        deadline.task.pending = Raised(deadline.failure)

    timer = threading.Timer(limit, end)
    timer.daemon = True
    timer.start()
    try:
        return blk(seconds)
    finally:
        timer.cancel()
