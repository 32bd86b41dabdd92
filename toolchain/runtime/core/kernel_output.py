"""Kernel's output functions: puts, print, p, pp, printf, putc.

They write to `$stdout`: straight to the stream while that is the original object, by its methods otherwise. Most
programs need no other part of IO, so this file imports none.
"""

from __future__ import annotations

from sys import modules

from ..builtin import NativeClass
from ..convert import inspect_str, to_s, try_ary
from ..dispatch import send
from ..model import WORLD, dispatch_class, find_method
from ..streams import STDOUT
from ..values import Array, BinaryString, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

kernel = NativeClass("Kernel")


def redirected() -> Any:
    """Return the object whose methods write, None if writing to the stream comes to the same."""
    if STDOUT.redirect is not None:
        return STDOUT.redirect
    io = STDOUT.io
    return io if io is not None and not writes_plainly(io) else None


def writes_plainly(io: Any) -> bool:
    """Return whether `write` of an IO object is the built-in one, so that others may go past it."""
    host = io.__class__
    if PLAIN.get(host) == WORLD.methods:
        return True
    entry = find_method(dispatch_class(io), "write")
    if entry is None or not entry.native:
        return False
    if host.singleton is None:
        PLAIN[host] = WORLD.methods
    return True


# Host classes of IO objects whose `write` is the built-in one -> the version of methods for which that was found.
PLAIN: dict[type, int] = {}


def text_of(value: Value) -> str:
    """Return the text that is written for `value`, in the characters of the stream."""
    cls = value.__class__
    if cls is String:
        return str(value.s)
    if cls is int:
        return to_s(value)
    text = value if isinstance(value, String) else send(value, ":to_s")
    if isinstance(text, BinaryString) and not text.s.isascii():
        return text.s.encode("latin-1").decode("utf-8", "surrogateescape")
    if isinstance(text, String):
        return text.s
    return to_s(value)


def lines_of(values: Any, lines: list[str], active: list[Any]) -> None:
    """Add the lines that `puts` prints, each with its newline; `active` are the Arrays we are in."""
    for value in values:
        cls = value.__class__
        if cls is String:
            text = value.s
        elif cls is int or value is None:
            text = to_s(value)
        else:
            items = try_ary(value)
            if items is not None:
                if any(items is outer for outer in active):
                    lines.append("[...]\n")
                else:
                    active.append(items)
                    lines_of(items, lines, active)
                    active.pop()
                continue
            text = text_of(value)
        lines.append(text if text[-1:] == "\n" else text + "\n")


def puts_text(values: Any) -> str:
    """Return what `puts(*values)` prints."""
    if not values:
        return "\n"
    if len(values) == 1 and values[0].__class__ is String:
        text: str = values[0].s
        return text if text[-1:] == "\n" else text + "\n"
    lines: list[str] = []
    lines_of(values, lines, [])
    return "".join(lines)


@kernel.function("puts")
def puts(self: Value, blk: Block, *values: Value) -> Value:
    out = redirected()
    if out is not None:
        if out is self:  # an object that has only `write`
            send(self, ";write", None, String(puts_text(values)))
            return None
        return send(out, ";puts", None, *values)
    if len(values) == 1 and values[0].__class__ is String:
        text = values[0].s
        STDOUT.write(text if text[-1:] == "\n" else text + "\n")
    else:
        STDOUT.write(puts_text(values))
    return None


@kernel.function("print")
def print_(self: Value, blk: Block, *values: Value) -> Value:
    write(print_text(values))
    return None


GLOBALS = __package__.rpartition(".")[0] + ".globals"


def print_text(values: Any) -> str:
    """Return what `print(*values)` prints: with `$,` between and `$\\` behind, `$_` if there is nothing."""
    state = modules.get(GLOBALS)  # not loaded: nobody set a variable
    table = None if state is None else state.VALUES
    if table is None or (values and "$," not in table and "$\\" not in table):
        return text_of(values[0]) if len(values) == 1 else "".join([text_of(value) for value in values])
    if not values:
        values = (table.get("$_"),)
    separator, terminator = table.get("$,"), table.get("$\\")
    text = ("" if separator is None else text_of(separator)).join([text_of(value) for value in values])
    return text if terminator is None else text + text_of(terminator)


@kernel.function("p")
def p(self: Value, blk: Block, *values: Value) -> Value:
    text = "".join([inspect_str(value) + "\n" for value in values])
    write(text)
    return None if not values else values[0] if len(values) == 1 else Array(list(values))


def write(text: str) -> None:
    """Write text to `$stdout`."""
    out = redirected()
    if out is None:
        STDOUT.write(text)
    elif text:
        send(out, ":write", None, String(text))


@kernel.function("pp")
def pp(self: Value, blk: Block, *values: Value) -> Value:
    for value in values:
        text = inspect_str(value)
        if len(text) > 79 or "#<" in text or "\\n" in text:
            from ..pretty import pretty

            text = pretty(value)
        write(text + "\n")
    return None if not values else values[0] if len(values) == 1 else Array(list(values))


@kernel.function("printf")
def printf(self: Value, blk: Block, *values: Value) -> Value:
    if not values:
        return None
    if isinstance(values[0], String):
        write(text_of(send(self, ";format", None, *values)))
    else:
        send(values[0], ":write", None, send(self, ";format", None, *values[1:]))
    return None


@kernel.function("putc")
def putc(self: Value, blk: Block, character: Value) -> Value:
    out = redirected()
    if out is not None:
        return send(out, ";putc", None, character) if out is not self else character
    STDOUT.write(putc_text(character))
    return character


def putc_text(character: Value) -> str:
    """Return the character that `putc` writes: the first of a String, or the byte of a number."""
    if isinstance(character, String):
        return text_of(character)[:1]
    from ..convert import as_int

    byte = as_int(character) & 0xFF
    return chr(byte) if byte < 0x80 else chr(0xDC00 + byte)
