"""Coroutines: a call that can be left in the middle and gone on with, for external iteration and fibers.

A `Coroutine` runs `body(self)` on a stack of its own. `resume(value)` goes on with it until it calls
`suspend(value)` or ends. `greenlet` does the work where it is installed (PyPy brings it along); otherwise a daemon
thread a coroutine, of which only one runs at a time. A coroutine that nobody holds any more is ended, and none keeps
the process alive.
"""

from __future__ import annotations

from .depth import STACK_BYTES
from .frames import BORDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

greenlet: Any
try:
    greenlet = __import__("greenlet")
except ImportError:
    greenlet = None


MAX_NESTING = 2_000  # coroutines that wait for each other, a thread each
NESTING = [0]  # how many do


class Abandoned(BaseException):
    """Ends the body of a coroutine that will never be resumed. Nobody may catch it for good."""


def note_backtrace(failure: Exception) -> None:
    """Let the backtrace of an exception end where the coroutine's stack does."""
    from .exceptions import guest_exception

    guest_exception(failure)


class GreenletCoroutine:
    """A coroutine on a greenlet."""

    __slots__ = ("finished", "inner", "outer", "__weakref__")

    def __init__(self, body: Callable[[Any], Any]) -> None:
        self.finished = False
        self.outer: Any = None

        def run(value: Any) -> Any:
            try:
                return body(self)
            except Exception as failure:
                note_backtrace(failure)
                raise
            finally:
                self.finished = True

        self.inner = greenlet.greenlet(run)

    def resume(self, value: Any = None) -> Any:
        """Go on, with `value` as the result of `suspend`; return what it suspends with or what the body returns."""
        self.outer = greenlet.getcurrent()
        self.inner.parent = self.outer
        return self.inner.switch(value)

    def suspend(self, value: Any) -> Any:
        """(Inside) Give `value` to whoever resumed, wait to be resumed, and return what that brings."""
        return self.outer.switch(value)

    def abandon(self) -> None:
        """Give up: the body is not resumed again. Its stack goes away with the greenlet."""
        self.finished = True


class ThreadState:
    """What a coroutine and its thread share; the thread must not keep the coroutine itself alive."""

    __slots__ = ("go_in", "go_out", "value", "failure", "finished", "abandoned")

    def __init__(self) -> None:
        import _thread

        self.go_in = _thread.allocate_lock()  # released to let the body run
        self.go_out = _thread.allocate_lock()  # released to let the resumer run
        self.go_in.acquire()
        self.go_out.acquire()
        self.value: Any = None
        self.failure: BaseException | None = None
        self.finished = False
        self.abandoned = False

    def suspend(self, value: Any) -> Any:
        self.value = value
        self.go_out.release()
        self.go_in.acquire()
        if self.abandoned:
            raise Abandoned
        return self.value


class ThreadCoroutine:
    """A coroutine on a thread. Exceptions of the body are raised by `resume`."""

    __slots__ = ("state", "body", "__weakref__")

    def __init__(self, body: Callable[[Any], Any]) -> None:
        self.state = ThreadState()
        self.body: Any = body

    @property
    def finished(self) -> bool:
        return self.state.finished

    def resume(self, value: Any = None) -> Any:
        from .errors import error

        state = self.state
        state.value = value
        if NESTING[0] >= MAX_NESTING:
            raise error("SystemStackError", "stack level too deep")
        if self.body is not None:
            import threading

            body, self.body = self.body, None
            usual = threading.stack_size(STACK_BYTES)
            try:
                threading.Thread(target=run_body, args=(state, body), daemon=True).start()
            except RuntimeError as refused:
                raise error("FiberError", str(refused)) from None
            finally:
                threading.stack_size(usual)
        else:
            state.go_in.release()
        NESTING[0] += 1
        state.go_out.acquire()
        NESTING[0] -= 1
        if state.failure is not None:
            failure, state.failure = state.failure, None
            raise failure
        return state.value

    def suspend(self, value: Any) -> Any:
        return self.state.suspend(value)

    def abandon(self) -> None:
        state = self.state
        if self.body is None and not state.finished and not state.abandoned:
            state.abandoned = True
            state.go_in.release()

    def __del__(self) -> None:
        self.abandon()


def run_body(state: ThreadState, body: Callable[[Any], Any]) -> None:
    """The thread of a ThreadCoroutine."""
    try:
        value = body(state)
    except Abandoned:
        value = None
    except BaseException as failure:
        if isinstance(failure, Exception):
            note_backtrace(failure)
        state.failure = failure
        value = None
    state.value = value
    state.finished = True
    state.go_out.release()


Coroutine: Any = ThreadCoroutine if greenlet is None else GreenletCoroutine
BORDER[0] = next(item for item in GreenletCoroutine.__init__.__code__.co_consts if hasattr(item, "co_name"))
