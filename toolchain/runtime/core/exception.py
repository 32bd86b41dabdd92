"""Exception: message, backtrace, cause and the texts shown for them.

What the subclasses add is in exception_details.py, Errno in errno.py.
"""

from __future__ import annotations

from ..backtrace import Entry, lines, position, raw
from ..builtin import NativeClass
from ..convert import as_name, equal, inspect_str
from ..convert import to_s as text_of
from ..dispatch import send, send_keywords
from ..errors import Later, error, settled
from ..model import class_of
from ..values import FALSE, TRUE, UNDEF, Array, Exception_, String, is_true, truth
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

exception = NativeClass("Exception")


@exception.singleton("exception")
def exception_of_class(self: Value, blk: Block, *args: Value, **keywords: Value) -> Value:
    return send_keywords(self, ":new", blk, args, keywords)


@exception.singleton("to_tty?")
def is_terminal(self: Value, blk: Block) -> Value:
    from ..streams import STDERR

    return truth(STDERR.redirect is None and STDERR.is_terminal())


@exception.private("initialize")
def initialize(self: Exception_, blk: Block, message: Value = UNDEF) -> Value:
    self.message = message
    return None


@exception.method("exception")
def exception_(self: Exception_, blk: Block, message: Value = UNDEF) -> Value:
    if message is UNDEF or message is self:
        return self
    copy = send(self, ":clone")
    copy.message = message
    return copy


@exception.method("to_s")
def to_s(self: Exception_, blk: Block) -> Value:
    message = self.message
    if message.__class__ is String:
        return message
    if message is UNDEF or message is None:
        return String(module_name(class_of(self)))
    return message if isinstance(message, String) else String(text_of(message))


@exception.method("message")
def message_(self: Exception_, blk: Block) -> Value:
    text = send(self, ":to_s")
    return text if isinstance(text, String) else String(text_of(text))


def message_text(exc: Value) -> str:
    """Return `exc.message` as Python text."""
    return text_of(send(exc, ":message"))


@exception.method("inspect")
def inspect(self: Exception_, blk: Block) -> Value:
    name = module_name(class_of(self))
    text = text_of(send(self, ":to_s"))
    if not text:
        return String(name)
    if "\n" in text:
        return String(f"#<{name}:{inspect_str(String(text))}>")
    return String(f"#<{name}: {text}>")


@exception.method("==")
def equals(self: Exception_, blk: Block, other: Value) -> Value:
    if other is self:
        return TRUE
    if class_of(other) is not class_of(self):
        return FALSE
    return truth(
        equal(send(self, ":message"), send(other, ":message"))
        and equal(send(self, ":backtrace"), send(other, ":backtrace"))
    )


# --- backtrace ------------------------------------------------------------------------------------------------------


@exception.method("backtrace")
def backtrace(self: Exception_, blk: Block) -> Value:
    trace = raw(self)
    if trace.__class__ is list:
        details = self.details
        if details is None:
            details = self.details = {}
        known = details.get("backtrace")
        if known is None:
            known = details["backtrace"] = Array([String(line) for line in lines(trace)])
        return known
    return trace


@exception.method("set_backtrace")
def set_backtrace(self: Exception_, blk: Block, trace: Value) -> Value:
    new = checked_backtrace(trace)
    details = self.details or {}
    details.pop("backtrace", None)
    known = raw(self)
    if known.__class__ is list:
        details["raw"] = known  # where it was raised: backtrace_locations goes on answering that
    self.details = details
    self.trace = new
    return new


def checked_backtrace(trace: Value) -> Value:
    """Return the backtrace that a program gives: an Array of Strings or Locations, a String alone, or nil."""
    if trace is None:
        return None
    if isinstance(trace, String):
        return Array([trace])
    if isinstance(trace, Array):
        if all(isinstance(line, String) for line in trace.a):
            return trace
        from .backtrace_location import Location

        if all(isinstance(line, Location) for line in trace.a):
            return Array([String(line.text()) for line in trace.a])
    raise error("TypeError", "backtrace must be an Array of String or an Array of Thread::Backtrace::Location")


@exception.method("backtrace_locations")
def backtrace_locations(self: Exception_, blk: Block) -> Value:
    trace = raw(self)
    if trace.__class__ is not list and self.details is not None:
        trace = self.details.get("raw")
    if trace.__class__ is not list:
        return None
    from .backtrace_location import make_locations

    return make_locations(trace)


@exception.method("cause")
def cause(self: Exception_, blk: Block) -> Value:
    found = self.cause
    if found is not None and found.trace.__class__ is Later:
        settled(self)
    return found


# --- texts for people -----------------------------------------------------------------------------------------------


def is_highlighted(value: Value) -> bool:
    """Return the option `highlight:`, by default whether `$stderr` is a terminal."""
    if value is UNDEF or value is None:
        return is_true(is_terminal(None, None))
    if value is TRUE or value is FALSE:
        return value is TRUE
    raise error("ArgumentError", f"expected true or false as highlight: {inspect_str(value)}")


def decorate(exc: Value, text: str, highlight: bool) -> str:
    """Return a message with the class in brackets behind its first line."""
    name = module_name(class_of(exc))
    if not text:
        plain = "unhandled exception" if name == "RuntimeError" else name
        return f"\x1b[1;4m{plain}\x1b[m" if highlight else plain
    if name.startswith("#"):  # an anonymous class
        return text
    first, newline, rest = text.partition("\n")
    if not rest:
        newline = ""
    if not highlight:
        return f"{first} ({name}){newline}{rest}"
    shown = f"\x1b[1m{first} (\x1b[1;4m{name}\x1b[m\x1b[1m)\x1b[m"
    if newline:
        shown += "".join("\n" + (f"\x1b[1m{line}\x1b[m" if line else "") for line in rest.split("\n"))
    return shown


@exception.method("detailed_message")
def detailed_message(self: Exception_, blk: Block, *, highlight: Value = FALSE, **options: Value) -> Value:
    return String(decorate(self, message_text(self), is_highlighted(highlight)))


@exception.method("full_message")
def full_message(
    self: Exception_, blk: Block, *, highlight: Value = UNDEF, order: Value = UNDEF, **options: Value
) -> Value:
    colored = is_highlighted(highlight)
    top = True
    if order is not UNDEF and order is not None:
        name = as_name(order)
        if name not in ("top", "bottom"):
            raise error("ArgumentError", f"expected :top or :bottom as order: {inspect_str(order)}")
        top = name == "top"
    return String(full_text(self, colored, top, options))


def full_text(exc: Any, highlight: bool, top: bool = True, options: Any = None) -> str:
    """Return the report of an exception and its causes, as full_message answers it."""
    chain = causes(exc)
    reports = [one_report(each, highlight, top, options if each is exc else None) for each in chain]
    if top:
        return "".join(reports)
    title = "\x1b[1mTraceback\x1b[m" if highlight else "Traceback"
    return f"{title} (most recent call last):\n" + "".join(reversed(reports))


def causes(exc: Any) -> list[Any]:
    """Return an exception and its causes, each once."""
    chain = [exc]
    current = exc.cause
    while isinstance(current, Exception_) and not any(current is known for known in chain):
        chain.append(current)
        current = current.cause
    return chain


def one_report(exc: Any, highlight: bool, top: bool, options: Any) -> str:
    """Return message and backtrace of one exception, the innermost line of it first (`top`) or last."""
    trace = send(exc, ":backtrace")
    text = detailed_text(exc, highlight, options)
    shown = [text_of(line) for line in trace.a] if isinstance(trace, Array) else []
    if not shown:
        from ..places import caller_place

        path, line = caller_place()
        shown = [f"{path}:{line}:in 'full_message'"] if path else []
    head = f"{shown[0]}: {text}\n" if shown else text + "\n"
    if top:
        return head + "".join(f"\tfrom {line}\n" for line in shown[1:])
    width = len(str(len(shown) - 1))
    return "".join(f"\t{index:{width}d}: from {shown[index]}\n" for index in range(len(shown) - 1, 0, -1)) + head


def detailed_text(exc: Any, highlight: bool, options: Any = None) -> str:
    """Return `exc.detailed_message(highlight:)` as Python text."""
    keywords = dict(options or {})
    keywords["highlight"] = truth(highlight)
    return text_of(send_keywords(exc, ":detailed_message", None, (), keywords))


# --- dialect --------------------------------------------------------------------------------------------------------


@exception.method("type")
def type_(self: Exception_, blk: Block) -> Value:
    return String(module_name(class_of(self)))


@exception.method("location")
def location(self: Exception_, blk: Block) -> Value:
    """Return [path, line, column] of the innermost guest code, nil before the exception was raised."""
    trace = raw(self)
    if trace.__class__ is not list:
        return None

    for entry in trace:
        if isinstance(entry, Entry):
            line, column = position(entry)
            return Array([String(entry.code.path), line, column])
    return None
