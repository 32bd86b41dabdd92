"""The last match: `$~` and the variables that are read from it.

Ruby keeps it in each method's frame; here it is one variable of the process, as matching natives do not know frames.
Engines read it through these functions.
"""

from __future__ import annotations

from .globals import VALUES, special
from .values import String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .values import Value


class LastMatch:
    """`raw` is the last match: a MatchData, nil after a match that failed, or a tuple for one that nobody has looked at
    yet: (pattern, subject's text, encoding, match). The pattern may be a String; a match of None stands for the last
    of all in the text. `match` makes it a MatchData."""

    __slots__ = ("raw",)

    def __init__(self) -> None:
        self.raw: Any = None

    @property
    def match(self) -> Any:
        raw = self.raw
        if raw.__class__ is tuple:
            raw = self.raw = MAKERS[0](raw)
        return raw

    @match.setter
    def match(self, value: Any) -> None:
        self.raw = value


LAST = LastMatch()
MAKERS: list[Any] = []  # the function that makes a MatchData of such a tuple; core/match_data.py puts it there


def set_last_match(match: Any) -> None:
    LAST.match = match


def last_match() -> Value:
    """`$~`"""
    return LAST.match


def assign_last_match(value: Value) -> None:
    """`$~ = value`. TypeError of the guest unless it is a MatchData or nil."""
    from .core.match_data import MatchData

    if value is not None and not isinstance(value, MatchData):
        from .errors import conversion_name, error

        raise error("TypeError", f"wrong argument type {conversion_name(value)} (expected MatchData)")
    LAST.match = value


def nth_match(number: int) -> Value:
    """`$1`, `$2` ...; `$&` is number 0."""
    match = LAST.raw
    if match.__class__ is tuple:
        regexp, text, encoding, found = match
        if encoding == "UTF-8" and found is not None and regexp.__class__ is not String:
            if number > regexp.program.count:
                return None
            start, stop = found.span(number)
            return String(text[start:stop]) if start >= 0 else None
        match = LAST.match
    return None if match is None else match.group(number)


def text_before() -> Value:
    """``$` ``"""
    match = LAST.raw
    if match.__class__ is tuple:
        _, text, encoding, found = match
        if encoding == "UTF-8" and found is not None:
            return String(text[: found.start()])
        match = LAST.match
    return None if match is None else match.before()


def text_behind() -> Value:
    """`$'`"""
    match = LAST.raw
    if match.__class__ is tuple:
        _, text, encoding, found = match
        if encoding == "UTF-8" and found is not None:
            return String(text[found.end() :])
        match = LAST.match
    return None if match is None else match.behind()


def last_group() -> Value:
    """`$+`: the last group that has matched."""
    match = LAST.match
    if match is None:
        return None
    for number in range(match.regexp.program.count, 0, -1):
        value = match.group(number)
        if value is not None:
            return value
    return None


# --- the global variables, once the first pattern is matched --------------------------------------------------------


def nth_getter(number: int) -> Callable[[], Any]:
    return lambda: nth_match(number)


VALUES.pop("$~", None)
special("$~", assign_last_match)(last_match)
special("$`")(text_before)
special("$'")(text_behind)
special("$+")(last_group)
special("$&")(nth_getter(0))
for _number in range(1, 100):
    special(f"${_number}")(nth_getter(_number))
