"""Warnings of the runtime: on `$stderr`, by Warning.warn if the program redefined it."""

from __future__ import annotations

from .builtin import builtin_class
from .globals import STATE
from .model import dispatch_class, find_method
from .values import String, sym

CATEGORIES = {"deprecated": False, "experimental": True, "performance": False, "strict_unused_block": False}


def enabled(category: str) -> bool:
    return CATEGORIES[category]


def warn(text: str, place: tuple[str, int] | None = None, category: str = "") -> None:
    """Warn, unless `$VERBOSE` is nil. `place` is the path and line that the text is about."""
    if STATE.verbose is None:
        return
    prefix = f"{place[0]}:{place[1]}: " if place is not None and place[0] else ""
    write_warning(f"{prefix}warning: {text}\n", category)


def write_warning(text: str, category: str) -> None:
    """Write finished text through Warning.warn."""
    warning = builtin_class("Warning")
    entry = find_method(dispatch_class(warning), "warn")
    if entry is not None and not entry.native:
        if category:
            entry.fn(warning, None, String(text), category=sym(category))
        else:
            entry.fn(warning, None, String(text))
    else:
        write_error(text)


def write_error(text: str) -> None:
    """Write text to `$stderr`."""
    from .streams import STDERR

    if STDERR.redirect is not None:
        from .dispatch import send

        send(STDERR.redirect, ":write", None, String(text))
    else:
        STDERR.write(text)
