"""Lines of execution: what belongs to one thread or fiber of the program and not to all of them.

Only one of them runs at a time (coroutine.py), so the state of the running one lives in ordinary module variables and
is exchanged when another one goes on.
"""

from __future__ import annotations

from .errors import BreakJump, Jump, Raised, ReturnJump, error
from .exceptions import STATE
from .raising import CATCHES
from .values import sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Line:
    """The state of one line of execution while it does not run: `$!` and the active catch blocks."""

    __slots__ = ("error", "catches")

    def __init__(self) -> None:
        self.error: Any = None
        self.catches: list[Any] = []

    def exchange(self) -> None:
        """Swap with the running line's state."""
        self.error, STATE.error = STATE.error, self.error
        running = CATCHES[:]
        CATCHES[:] = self.catches
        self.catches = running


class Killed(BaseException):
    """Ends a thread or fiber that was killed; ensure code runs."""


def stray_jump(jump: Jump) -> Raised:
    """Return the LocalJumpError for a jump that would leave its line of execution."""
    if isinstance(jump, BreakJump):
        return error("LocalJumpError", "break from proc-closure", reason=sym("break"), exit_value=jump.value)
    reason = "return" if isinstance(jump, ReturnJump) else "noreason"
    return error("LocalJumpError", "unexpected return", reason=sym(reason), exit_value=jump.value)


def contained(body: Callable[[], Any]) -> Any:
    """Call `body` so that jumps do not leave it."""
    try:
        return body()
    except Jump as jump:
        raise stray_jump(jump) from None
