"""Characters and substrings: [] and []= with all their arguments, chars, bytes."""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import send
from ..errors import error
from ..later import later
from ..values import FALSE, TRUE, UNDEF, Array, Range, String
from .text import (
    as_long,
    as_string,
    healed,
    host_of,
    joined_host,
    like,
    range_span,
    set_encoding,
    short_range,
    text_bytes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value
    from .enumerator import make_enumerator
    from .regexp import capture_span, regexp_match, replaced_span
else:
    later(globals(), ".regexp", "capture_span", "regexp_match", "replaced_span")
    later(globals(), ".enumerator", "make_enumerator")

string = NativeClass("String")


@string.method("[]", "slice")
def aref(self: String, blk: Block, index: Value, length: Value = UNDEF) -> Value:
    """Return a character, a substring or the match of a pattern, nil if it is not there."""
    text = self.s
    if index.__class__ is int:
        if length is UNDEF:
            try:
                char = text[index]
            except IndexError:
                as_long(index)
                return None
            return String(char) if self.__class__ is String else like(self, char)
        if length.__class__ is int and 0 <= length < 2**62 and 0 <= index <= len(text):
            part = text[index : index + length]
            return String(part) if self.__class__ is String else like(self, part)
    if index.__class__ is Loaded.literal and length is UNDEF:
        match = Loaded.note_match(index, self)
        if match is None:
            return None
        start, stop = match.span()
        return String(text[start:stop]) if self.__class__ is String else like(self, text[start:stop])
    span = span_of(self, index, length)
    if span is None:
        return None
    part = text[span[0] : span[1]]
    return String(part) if self.__class__ is String else like(self, part)


def span_of(self: String, index: Value, length: Value = UNDEF) -> tuple[int, int] | None:
    """Return (start, stop) of what the arguments of `[]` select, None if that is not in the string."""
    text = self.s
    if isinstance(index, (Range, String)) or index.__class__ not in (int, float) and is_regexp(index):
        return pattern_span(self, index, length)
    start = as_long(index)
    if length is UNDEF:
        if start < 0:
            start += len(text)
        return (start, start + 1) if 0 <= start < len(text) else None
    count = as_long(length)
    if start < 0:
        start += len(text)
    if count < 0 or start < 0 or start > len(text):
        return None
    return start, min(start + count, len(text))


class Loaded:
    """The classes of patterns, once they are needed: regexp.py is not loaded before."""

    regexp: Any = None
    literal: Any = None
    note_match: Any = None


def is_regexp(value: Value) -> bool:
    if Loaded.regexp is None:
        from .regexp import FROZEN, Regexp, note_match

        Loaded.regexp = Regexp
        Loaded.literal = FROZEN
        Loaded.note_match = staticmethod(note_match)
    return isinstance(value, Loaded.regexp)


def pattern_span(self: String, index: Value, capture: Value) -> tuple[int, int] | None:
    """The part of `span_of` for a Range, String or Regexp."""
    if isinstance(index, Range):
        if capture is not UNDEF:
            as_long(index)
        return range_span(index, len(self.s))
    if isinstance(index, String):
        if capture is not UNDEF:
            as_long(index)
        at = self.s.find(index.s)
        return None if at < 0 else (at, at + len(index.s))
    match = regexp_match(index, self)
    return None if match is None else capture_span(match, 0 if capture is UNDEF else capture)


@string.method("[]=", mutates=True)
def aset(self: String, blk: Block, index: Value, second: Value, third: Value = UNDEF) -> Value:
    """Replace what `[]` selects with these arguments."""
    if third is UNDEF and index.__class__ is int and second.__class__ is String and self.__class__ is String:
        text, part = self.s, second.s
        if 0 <= index < len(text) and part.isascii():
            self.s = text[:index] + part + text[index + 1 :]
            return second
    length, value = (UNDEF, second) if third is UNDEF else (second, third)
    new = as_string(value)
    start, stop = required_span(self, index, length)
    splice(self, start, stop, new)
    return value


def required_span(self: String, index: Value, length: Value) -> tuple[int, int]:
    """Return what `[]=` replaces. IndexError or RangeError of the guest if there is nothing of that kind."""
    size = len(self.s)
    if isinstance(index, Range):
        span = span_of(self, index, length)
        if span is None:
            raise error("RangeError", f"{short_range(index)} out of range")
        return span
    if isinstance(index, String):
        span = span_of(self, index, length)
        if span is None:
            raise error("IndexError", "string not matched")
        return span
    if index.__class__ is not int and is_regexp(index):
        return replaced_span(index, self, 0 if length is UNDEF else length)
    start = as_long(index)
    count = 1 if length is UNDEF else as_long(length)
    if count < 0:
        raise error("IndexError", f"negative length {count}")
    at = start + size if start < 0 else start
    if at < 0 or at > size:
        raise error("IndexError", f"index {start} out of string")
    if at == size and length is UNDEF and start < 0:
        raise error("IndexError", f"index {start} out of string")
    return at, min(at + count, size)


def splice(self: String, start: int, stop: int, new: String) -> None:
    """Replace characters by those of `new`."""
    if self.encoding != new.encoding:
        set_encoding(self, joined_host(self, new).encoding)
    text = self.s[:start] + new.s + self.s[stop:]
    if text.isascii():
        self.s = text
    else:
        self.s = healed(text) if self.encoding == "UTF-8" else text


@string.method("length", "size")
def length(self: String, blk: Block) -> int:
    return len(self.s)


@string.method("empty?")
def is_empty(self: String, blk: Block) -> Value:
    return FALSE if self.s else TRUE


@string.method("chars", block=True)
def chars(self: String, blk: Block) -> Value:
    if blk is not None:
        return each_char(self, blk)
    if self.__class__ is String:
        return Array([String(char) for char in self.s])
    return Array([like(self, char) for char in self.s])


@string.method("each_char", block=True)
def each_char(self: String, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_char", size=lambda: len(self.s))
    host = host_of(self.encoding)
    for char in self.s:
        blk(host(char))
    return self


@string.method("bytes", block=True)
def bytes_of(self: String, blk: Block) -> Value:
    if blk is not None:
        return send(self, ":each_byte", blk)
    return Array(list(text_bytes(self)))


@string.method("reverse")
def reverse(self: String, blk: Block) -> String:
    text = self.s[::-1]
    return String(text) if self.__class__ is String else like(self, text)
