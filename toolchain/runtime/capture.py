"""Where the program is, noted cheaply: what an exception keeps until somebody asks for its backtrace.

A *trace* is a tuple `(outside, codes, offsets)`. The two lists are the places from the frame that the exception has
reached inwards to where it was raised; `outside` is `(code, offset, outside)` of the frame further out, or None.

A place is Python's code object and the offset in it, both of which stay when the frame goes on or ends. Frames that
only tell by their variables where they are (`ASKED`) are read at once: there the code is None and the offset a list of
raw entries, or the offset is the label of what a native function walks. backtrace.py makes raw entries of a trace, and
text of those.

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

    Outside = Any  # (code, offset, Outside) or None
    Trace = tuple[Outside, list[Any], list[Any]]

# The frames outside of what was captured last, outermost first, each with its place and those further out; and again
# the innermost of them, which is mostly the one that is asked for next.
KNOWN: dict[FrameType, Outside] = {}
LATEST: Any = None
LATEST_OUTSIDE: Outside = (None, -1, None)
RESUMABLE = 0x20 | 0x80 | 0x200  # generators and coroutines: they may be called from somewhere else next time


def capture(failure: BaseException | None) -> Trace:
    """Return the trace of a host exception that has reached some frame; of the caller, if there is none."""
    tb: Any = failure and failure.__traceback__
    if tb is None:
        return outside(sys._getframe(1)), [], []
    frame = tb.tb_frame
    back = frame.f_back
    outer = LATEST_OUTSIDE
    if back is not LATEST or back.f_lasti != outer[1]:
        outer = outside(back)
    inner = tb.tb_next
    code = frame.f_code
    if id(code) not in ASKED:
        if inner is None:
            return outer, [code], [tb.tb_lasti]
        second = inner.tb_frame
        called = second.f_code
        if inner.tb_next is None and id(called) not in ASKED and second is not frame:
            return outer, [code, called], [tb.tb_lasti, inner.tb_lasti]
    codes = []
    offsets: list[Any] = []
    seen = set()
    while tb is not None:
        frame = tb.tb_frame
        if frame in seen:
            return outer, *places(failure.__traceback__)  # type: ignore[union-attr]
        seen.add(frame)
        code, offset = frame.f_code, tb.tb_lasti
        if id(code) in ASKED:
            code, offset = ask(frame, offset)
        codes.append(code)
        offsets.append(offset)
        tb = tb.tb_next
    return outer, codes, offsets


def capture_within(*failures: BaseException) -> Trace:
    """Return the trace of the last of some exceptions, from where the first is now: each has left the handler of the
    next one in the meantime."""
    tracebacks: list[Any] = [failure.__traceback__ for failure in failures]
    codes: list[Any] = []
    offsets: list[Any] = []
    for index, tb in enumerate(tracebacks):
        inner = tracebacks[index + 1].tb_frame if index + 1 < len(tracebacks) else None
        more_codes, more_offsets = places(tb, inner)
        codes += more_codes
        offsets += more_offsets
    return outside(tracebacks[0].tb_frame.f_back), codes, offsets


def places(tb: Any, until: FrameType | None = None) -> tuple[list[Any], list[Any]]:
    """Return the places of a traceback, down to the frame `until`. Where a helper raised the exception again, it passed
    the frame that called the helper twice: the inner entry counts, and what lies between does not."""
    reached: dict[FrameType, Any] = {}
    while tb is not None and tb.tb_frame is not until:
        while tb.tb_frame in reached:
            reached.popitem()
        reached[tb.tb_frame] = tb.tb_lasti
        tb = tb.tb_next
    found = [
        ask(frame, offset) if id(frame.f_code) in ASKED else (frame.f_code, offset) for frame, offset in reached.items()
    ]
    return [code for code, _ in found], [offset for _, offset in found]


def outside(frame: FrameType | None) -> Outside:
    """Return the places of a frame that is running and of those further out."""
    global LATEST, LATEST_OUTSIDE
    known = KNOWN
    fresh: list[FrameType] = []
    here = frame
    border = BORDER[0]
    outer: Outside = None
    while here is not None and here.f_code is not border:
        if here in known:
            # What is known further in has returned, else `frame` would not have been reached from here anew.
            while True:
                last, outer = known.popitem()
                if last is here:
                    break
            code, offset, further = outer
            if offset != here.f_lasti:
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
    if frame in known:
        LATEST, LATEST_OUTSIDE = frame, outer
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


def under(trace: Trace, top: Any) -> Trace:
    """Return a trace with one more raw entry at its top: that of a function which never began to run."""
    trace[1].append(None)
    trace[2].append([top])
    return trace


def forget() -> None:
    """Let go of the frames that are kept, and so of the values in their variables."""
    global LATEST, LATEST_OUTSIDE
    LATEST, LATEST_OUTSIDE = None, (None, -1, None)
    KNOWN.clear()
