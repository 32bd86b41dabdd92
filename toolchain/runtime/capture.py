"""Where the program is, noted cheaply: what an exception keeps until somebody asks for its backtrace.

A *trace* is a flat tuple of places, from the frame that the exception has reached inwards to where it was raised:

    (outside, code, at, code, at, ...)      outside: (code, at, outside) of the frame further out, or None

A place is Python's code object and the offset in it, both of which stay when the frame goes on or ends. Frames that
only tell by their variables where they are (`ASKED`) are read at once: there `code` is None and `at` a list of raw
entries, or `at` is the label of what a native function walks. backtrace.py makes raw entries of a trace, and text of
those.

What lies outside is the same for exceptions that reach the same frame, and deep programs have much of it. So the chain
that was captured last is kept by frame: as long as a frame has not returned, all frames further out stay where they
are, only the frame itself may have moved on.
"""

from __future__ import annotations

import sys

from .frames import ASKED, BORDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    Outside = Any  # (code, at, Outside) or None
    Trace = tuple[Any, ...]

# The frames outside of what was captured last, outermost first, each with its place and those further out.
KNOWN: dict[FrameType, Outside] = {}
RESUMABLE = 0x20 | 0x80 | 0x200  # generators and coroutines: they may be called from somewhere else next time


def capture(failure: BaseException | None) -> Trace:
    """Return the trace of a host exception that has reached some frame; of the caller, if there is none."""
    tb: Any = failure and failure.__traceback__
    if tb is None:
        return (outside(sys._getframe(1)),)
    frame = tb.tb_frame
    back = frame.f_back
    outer = None if back is None or back.f_code is BORDER[0] else outside(back)
    code = frame.f_code
    inner = tb.tb_next
    if inner is None and id(code) not in ASKED:
        return (outer, code, tb.tb_lasti)
    places: list[Any] = [outer]
    seen: dict[FrameType, int] = {}
    while tb is not None:
        frame = tb.tb_frame
        # An exception that was raised again by a helper passes a frame twice: the inner entry has the place.
        at = seen.get(frame)
        if at is not None:
            del places[at:]
        seen[frame] = len(places)
        code = frame.f_code
        if id(code) in ASKED:
            places += ask(frame, tb.tb_lasti)
        else:
            places.append(code)
            places.append(tb.tb_lasti)
        tb = tb.tb_next
    return tuple(places)


def outside(frame: FrameType) -> Outside:
    """Return the places of a frame that is running and of those further out."""
    known = KNOWN
    fresh: list[FrameType] = []
    border = BORDER[0]
    here: FrameType | None = frame
    outer: Outside = None
    while here is not None and here.f_code is not border:
        if here in known:
            # What is known further in has returned, else `frame` would not have been reached from here anew.
            while True:
                last, outer = known.popitem()
                if last is here:
                    break
            code, at, further = outer
            if code is None or at.__class__ is str or at != here.f_lasti:
                outer = (*place(here), further)
            known[here] = outer
            break
        fresh.append(here)
        here = here.f_back
    else:
        known.clear()
    for python in reversed(fresh):
        outer = (*place(python), outer)
        if not python.f_code.co_flags & RESUMABLE:
            known[python] = outer
    return outer


def place(frame: FrameType) -> tuple[Any, Any]:
    """Return the place of a frame that is running."""
    code = frame.f_code
    return ask(frame, frame.f_lasti) if id(code) in ASKED else (code, frame.f_lasti)


def ask(frame: FrameType, at: int) -> tuple[Any, Any]:
    """Return the place of a frame of which the variables count."""
    from .backtrace import read_entries, walked

    found = read_entries(frame, at)
    return (None, found) if found is not None else (frame.f_code, walked(frame) or at)


def forget() -> None:
    """Let go of the frames that are kept, and so of the values in their variables."""
    KNOWN.clear()
