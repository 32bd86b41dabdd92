"""The report of an uncaught exception, on standard error (language.md 4.4)."""

from __future__ import annotations

from .runtime.backtrace import locations
from .runtime.dispatch import send
from .runtime.errors import Raised
from .runtime.model import class_of
from .runtime.values import Array, String
from .snippets import source_snippet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .runtime.values import Exception_

DEEP_HEAD, DEEP_TAIL = 8, 4  # `from` lines of a SystemStackError that are shown at both ends


def report(exc: Exception_, colour: bool = False) -> str:
    """Return the whole report of an exception and its causes, with a final newline."""
    parts: list[str] = []
    seen: set[int] = set()
    current: Any = exc
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        parts.append(one_report(current, colour, snippet=current is exc))
        current = current.cause
    return "".join(parts)


def one_report(exc: Exception_, colour: bool, snippet: bool) -> str:
    """Return the report of one exception, its cause left out."""
    frames = backtrace_lines(exc)
    place = frames[0] if frames else "metorex"
    first, rest = headline(exc, colour)
    text = f"{place}: {first}\n" if place else f"{first}\n"
    if rest:
        text += "\n".join(rest) + "\n"
    if snippet:
        text += source_snippet(exc)
    others = [f"\tfrom {line}\n" for line in frames[1:]]
    if class_of(exc).name == "SystemStackError" and len(others) > DEEP_HEAD + DEEP_TAIL:
        hidden = len(others) - DEEP_HEAD - DEEP_TAIL
        others = [*others[:DEEP_HEAD], f"\t ... {hidden} levels...\n", *others[-DEEP_TAIL:]]
    return text + "".join(others)


def backtrace_lines(exc: Exception_) -> list[str]:
    """Return the backtrace as the program sees it, what `set_backtrace` gave included."""
    try:
        trace = send(exc, ":backtrace")
    except Raised:
        trace = None
    if isinstance(trace, Array):
        return [line.s for line in trace.a if isinstance(line, String)]
    return []


def headline(exc: Exception_, colour: bool) -> tuple[str, list[str]]:
    """Return the lines of `detailed_message`: the first, which names the class, and the others."""
    from .runtime.core.exception import decorate, detailed_text

    try:
        text = detailed_text(exc, colour)
    except Raised:
        text = decorate(exc, "", colour)
    first, *rest = text.split("\n")
    return first, rest


def entry_texts(raw: list[Any]) -> list[str]:
    """Return a raw backtrace as text."""
    return [f"{path}:{line}:in '{label}'" for path, line, label in locations(raw)]
