"""What generated code calls to match literal patterns; loaded with the first of them."""

from __future__ import annotations

from ...runtime.core.regexp import is_found, note_match
from ...runtime.operators import OPERATORS
from ...runtime.regexp_state import LAST, nth_match
from ...runtime.values import TRUE, String
from ..stack import calls
from .general_calls import Caller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.core.regexp import Regexp


def match_at(pattern: Regexp, subject: String) -> int | None:
    """`subject =~ pattern`"""
    match = note_match(pattern, subject)
    return None if match is None else match.start()


def case_match(pattern: Regexp, subject: Any) -> bool:
    """`pattern === subject` as a condition."""
    if subject.__class__ is String:
        return note_match(pattern, subject) is not None
    return OPERATORS["CASE_EQ"](pattern, subject) is TRUE


def keeping_match(context: Any, self: Any, recv: Any, attr: str, blk: Any, args: Any, keywords: Any, flags: int) -> Any:
    """Perform a call from which `$~` comes back as it was, unless the method that is found is a native one."""
    caller: Any = Caller(self, context.cref)
    return calls.keeping_match(caller, recv, attr, blk, args, keywords, flags)


NAMES = {
    "LAST": LAST, "nth_match": nth_match, "keeping_match": keeping_match,
    "match_at": match_at, "case_match": case_match, "is_found": is_found,
}  # fmt: skip
