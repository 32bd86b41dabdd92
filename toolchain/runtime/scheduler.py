"""Threads of the program: which one runs, and when another one goes on.

Each thread but the main one is a coroutine, and a thread runs until it waits: for another thread, a lock, a queue,
time, or by Thread.pass. So a program's threads take turns in a fixed order, and never disturb each other in between;
a thread that waits by spinning must call something that passes the turn.

The main thread does the scheduling: while it waits itself, it lets the others go on one after the other.
"""

from __future__ import annotations

import time

from .coroutine import Coroutine
from .errors import error
from .exceptions import guest_exception
from .lines import Killed, Line, contained

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Task:
    """One thread. `status` is run, sleep, dead (ended) or failed. `ready` tells whether what it waits for has come,
    None if it waits for nothing; `deadline` is when it goes on without, by the monotonic clock."""

    __slots__ = (
        "thread", "coroutine", "status", "value", "failure", "ready", "deadline", "pending", "line", "fiber", "wakened",
    )  # fmt: skip

    def __init__(self, thread: Any) -> None:
        self.thread = thread  # the guest's Thread object
        self.coroutine: Any = None  # None: the main thread
        self.status = "run"
        self.value: Any = None
        self.failure: Any = None  # the guest exception that ended it
        self.ready: Callable[[], bool] | None = None
        self.deadline: float | None = None
        self.pending: BaseException | None = None  # to be raised in it when it goes on
        self.line = Line()
        self.fiber: Any = None
        self.wakened = False

    def can_go_on(self, now: float) -> bool:
        if self.pending is not None or self.ready is None or self.wakened:
            return True
        return (self.deadline is not None and now >= self.deadline) or self.ready()


class Scheduler:
    """`tasks` are the living threads besides the main one, in the order of their turns."""

    def __init__(self) -> None:
        self.main = Task(None)
        self.current = self.main
        self.tasks: list[Task] = []

    def start(self, task: Task, body: Callable[[], Any]) -> None:
        """Add a thread; it runs when the running one waits for the first time."""

        def run(coroutine: Any) -> None:
            try:
                self.raise_pending(task)
                task.value = contained(body)
                task.status = "dead"
            except Killed:
                task.status = "dead"
            except (Exception, KeyboardInterrupt) as failure:
                task.failure = guest_exception(failure)
                task.status = "failed"

        task.coroutine = Coroutine(run)
        self.tasks.append(task)

    def raise_pending(self, task: Task) -> None:
        failure, task.pending = task.pending, None
        if failure is not None:
            raise failure

    def wait(self, ready: Callable[[], bool], timeout: float | None = None, sleeping: bool = True) -> bool:
        """Let others run until `ready()` or the time is over; return whether it is ready.

        Raises the guest's `fatal` if nobody can ever go on, and what Thread#raise or #kill sent.
        """
        task = self.current
        deadline = None if timeout is None else time.monotonic() + timeout
        task.ready, task.deadline, task.wakened = ready, deadline, False
        task.status = "sleep" if sleeping else "run"
        try:
            if task is self.main:
                self.run_others(task)
            else:
                task.coroutine.suspend(None)
        finally:
            task.ready, task.deadline, task.status = None, None, "run"
        self.raise_pending(task)
        return ready()

    def run_others(self, main: Task) -> None:
        """(Main thread) Give turns to the others until the main thread can go on."""
        turned = False
        while True:
            if turned and main.can_go_on(time.monotonic()):
                return
            progress = False
            for task in list(self.tasks):
                if task in self.tasks and task.can_go_on(time.monotonic()):
                    self.turn(task)
                    progress = True
                    if main.can_go_on(time.monotonic()):
                        return
            turned = True
            if not progress and not main.can_go_on(time.monotonic()):
                self.idle(main)

    def idle(self, main: Task) -> None:
        """Sleep until somebody's time is over. Nobody's: a deadlock."""
        deadlines = [task.deadline for task in [main, *self.tasks] if task.deadline is not None]
        if not deadlines:
            raise error("fatal", "No live threads left. Deadlock?")
        from .streams import STDOUT

        STDOUT.flush()
        delay = min(deadlines) - time.monotonic()
        if delay > 0:
            time.sleep(delay)

    def turn(self, task: Task) -> None:
        """Let a thread run until it waits or ends."""
        previous, self.current = self.current, task
        task.line.exchange()
        fiber_state = swap_fiber(task.fiber)
        try:
            task.coroutine.resume(None)
        finally:
            task.fiber = swap_fiber(fiber_state)
            task.line.exchange()
            self.current = previous
        if task.coroutine.finished:
            self.tasks.remove(task)
            self.ended(task)

    def ended(self, task: Task) -> None:
        """Report the exception that ended a thread, and pass it to the main thread if that is wanted."""
        exc = task.failure
        if exc is None:
            return
        from .core.thread import after_failure

        after_failure(task, exc)

    def sleep(self, seconds: float | None) -> None:
        """Let the running thread sleep, None: until it is wakened."""
        if not self.tasks and self.current is self.main and seconds is not None:
            time.sleep(seconds)
            return
        self.wait(lambda: False, seconds)

    def pass_turn(self) -> None:
        """Let every other thread that can run have a turn."""
        if self.tasks:
            self.wait(lambda: True, sleeping=False)

    def interrupt(self, task: Task, failure: BaseException) -> None:
        """Raise an exception in a thread: now if it runs, else when it goes on."""
        if task is self.current:
            raise failure
        task.pending = failure


def swap_fiber(fiber: Any) -> Any:
    """Make `fiber` the running one of the thread that goes on; return what was."""
    import sys

    part = sys.modules.get(__package__ + ".core.fiber")
    if part is None:
        return None
    previous = part.RUNNING.current
    part.RUNNING.current = fiber
    return previous


SCHEDULER = Scheduler()
