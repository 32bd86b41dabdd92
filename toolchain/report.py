"""The report of an uncaught exception, on standard error (language.md 4.4)."""

from __future__ import annotations

from .runtime.backtrace import Entry, locations, position
from .runtime.dispatch import send
from .runtime.errors import Raised
from .runtime.model import class_of
from .runtime.values import Array, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .runtime.values import Exception_

MAX_WIDTH = 120  # columns of a source line that are shown; longer ones are cut around the caret
DEEP_HEAD, DEEP_TAIL = 8, 4  # `from` lines of a SystemStackError that are shown at both ends
IDENTIFIER = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
OPERATOR = "+-*/%<>=!&|^~"


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
    """Return `MESSAGE (CLASS)`, the class behind the first line, and the message's other lines."""
    from .runtime.core.module import module_name

    name = module_name(class_of(exc))
    try:
        value = send(exc, ":message")
        message = value.s if isinstance(value, String) else name
    except Raised:
        message = name
    if not message:
        first = "unhandled exception" if name == "RuntimeError" else name
        return (f"\x1b[1;4m{first}\x1b[m" if colour else first), []
    first, *rest = message.split("\n")
    if colour:
        return f"\x1b[1m{first} (\x1b[1;4m{name}\x1b[m\x1b[1m)\x1b[m", rest
    return f"{first} ({name})", rest


def innermost(exc: Exception_) -> Entry | None:
    """Return the innermost guest frame of a raw backtrace."""
    if isinstance(exc.trace, list):
        for entry in exc.trace:
            if isinstance(entry, Entry):
                return entry
    return None


def source_snippet(exc: Exception_) -> str:
    """Return a blank line, the source line and the caret line, or nothing if the place is not known."""
    entry = innermost(exc)
    if entry is None:
        return ""
    line, column = position(entry)
    source = entry.code.unit.module.source
    if not source or not line or not column:
        return ""
    lines = source.split("\n")
    if line > len(lines):
        return ""
    text = lines[line - 1].rstrip("\r")
    start, end = caret_range(text, column - 1)
    return "\n" + underline(text, start, end)


def underline(text: str, start: int, end: int) -> str:
    """Return a source line and the line of carets below it; long lines are cut around the carets."""
    if len(text) > MAX_WIDTH:
        left = max(0, min(start - MAX_WIDTH // 2, len(text) - MAX_WIDTH))
        right = left + MAX_WIDTH
        before, after = "..." if left else "", "..." if right < len(text) else ""
        shown = before + text[left:right] + after
        start, end = start - left + len(before), min(end, right) - left + len(before)
        text = shown
    indent = "".join(char if char == "\t" else " " for char in text[:start])
    return f"{text}\n{indent}{'^' * max(1, end - start)}\n"


def caret_range(text: str, start: int) -> tuple[int, int]:
    """Return the (start, end) columns, 0-based, of what stands at `start`: an operator, a name with the dot or colons
    before it, index brackets, or one character."""
    if start >= len(text):
        return start, start + 1
    char = text[start]
    end = start + 1
    if char in IDENTIFIER or ord(char) > 127 or char in "@$":
        while end < len(text) and (text[end] in IDENTIFIER or ord(text[end]) > 127):
            end += 1
        if end < len(text) and text[end] in "?!" and text[end + 1 : end + 2] != "=":
            end += 1
        if start >= 2 and text[start - 2 : start] in ("&.", "::"):
            start -= 2
        elif start >= 1 and text[start - 1] == ".":
            start -= 1
        return start, end
    if char == "[":
        depth = 0
        for position_, current in enumerate(text[start:], start):
            depth += (current == "[") - (current == "]")
            if depth == 0:
                return start, position_ + 1
        return start, len(text)
    if char in OPERATOR:
        while end < len(text) and text[end] in OPERATOR and end - start < 3:
            end += 1
        while end > start + 1 and text[start:end] not in KNOWN_OPERATORS:
            end -= 1
    return start, end


KNOWN_OPERATORS = {
    "+", "-", "*", "/", "%", "**", "==", "!=", "<", ">", "<=", ">=", "<=>", "===", "=~", "!~", "&", "|", "^", "<<",
    ">>", "!", "~", "+=", "-=", "*=", "/=", "||=", "&&=",
}  # fmt: skip


def entry_texts(raw: list[Any]) -> list[str]:
    """Return a raw backtrace as text."""
    return [f"{path}:{line}:in '{label}'" for path, line, label in locations(raw)]
