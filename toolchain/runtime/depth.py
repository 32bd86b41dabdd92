"""How deeply guest calls may nest: they nest through the host's own, and must end in SystemStackError, not in a crash.

Two things bound the depth: the frames that the host counts (RecursionError), and the C stack that calls through C
need: sorting with a block takes the most, close to 1 KB for each counted frame. So the stack must be large enough for
the limit, of the main thread (`raise_limits`) and of the threads that coroutines run on.
"""

from __future__ import annotations

import _thread
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

RECURSION_LIMIT = 60_000  # frames of the host that may be active at once in one thread
STACK_BYTES = 112 << 20  # what they may need of the C stack; the address space below a Linux stack is 128 MB
RESERVE = 5_000  # frames beyond the limit for what must not fail halfway


def raise_limits() -> None:
    """Let guest programs nest calls deeply."""
    limit = RECURSION_LIMIT
    try:
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
        if soft != resource.RLIM_INFINITY and soft < STACK_BYTES:
            wanted = STACK_BYTES if hard == resource.RLIM_INFINITY else min(STACK_BYTES, hard)
            resource.setrlimit(resource.RLIMIT_STACK, (wanted, hard))
            limit = limit * wanted // STACK_BYTES
    except (ImportError, ValueError, OSError):
        limit = 10_000  # no way to grow the stack: stay well below its usual size
    sys.setrecursionlimit(max(sys.getrecursionlimit(), limit))


def with_reserve(function: Callable[..., Any], *args: Any) -> Any:
    """Call `function` with frames to spare: what it does, loading a core file say, is short and must not be left in
    the middle because the program has just used up its depth."""
    if RESERVED[0]:
        return function(*args)
    spare_frames(2)
    limit = min(sys.getrecursionlimit(), RECURSION_LIMIT)
    RESERVED[0] = True
    sys.setrecursionlimit(limit + RESERVE)
    try:
        return function(*args)
    finally:
        RESERVED[0] = False
        sys.setrecursionlimit(limit)


RESERVED = [False]  # whether a call of `with_reserve` is on its way


def spare_frames(count: int) -> None:
    """Raises RecursionError so close to the limit that the host would refuse to set it again."""
    if count:
        spare_frames(count - 1)


class Raising:
    """The calls of `with_frames` under way, and the limit before the first of them."""

    lock = _thread.allocate_lock()
    calls = 0
    usual = 0


def with_frames(count: int, function: Callable[[], Any]) -> Any:
    """Call `function` under a recursion limit of at least `count`. Several threads may be in such calls."""
    with Raising.lock:
        if not Raising.calls:
            Raising.usual = sys.getrecursionlimit()
        Raising.calls += 1
        if sys.getrecursionlimit() < count:
            sys.setrecursionlimit(count)
    try:
        return function()
    finally:
        with Raising.lock:
            Raising.calls -= 1
            if not Raising.calls and sys.getrecursionlimit() == count:
                sys.setrecursionlimit(Raising.usual)
