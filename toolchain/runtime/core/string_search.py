"""Searching in a String: index, match, scan, partition.

A pattern argument is a Regexp or a String that stands for itself; `as_pattern` makes both a Regexp.
"""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import respond_to, send
from ..errors import conversion_name, error
from ..regex.literal import LiteralProgram, escape_text
from ..regexp_state import LAST
from ..values import FALSE, TRUE, UNDEF, Array, String, Symbol
from .match_data import make_match
from .regexp import FROZEN, Regexp, as_regexp, is_found, note_match, program_of, regexp_match
from .text import as_long, as_string, check_compatible, like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

string = NativeClass("String")


def as_pattern(value: Value) -> Regexp:
    """Return a Regexp for a pattern argument. TypeError of the guest."""
    if isinstance(value, Regexp):
        return value
    if isinstance(value, String):
        text = value.s
    elif value is None or value.__class__ in (int, float, Symbol) or not respond_to(value, "to_str"):
        raise error("TypeError", f"wrong argument type {conversion_name(value)} (expected Regexp)")
    else:
        text = as_string(value).s
    literal = Regexp()
    literal.source = escape_text(text)
    literal.flags = 0
    literal.program = LiteralProgram(text, True)
    literal.limit = None
    return literal


def position(self: String, at: Value, default: int) -> int | None:
    """Return a position argument counted from the start, None if it lies before the start."""
    if at is UNDEF:
        return default
    start = as_long(at)
    if start < 0:
        start += len(self.s)
    return start if start >= 0 else None


@string.method("index")
def index(self: String, blk: Block, wanted: Value, at: Value = UNDEF) -> Value:
    """Return where the first match at or behind `at` starts, nil if there is none."""
    start = position(self, at, 0)
    if isinstance(wanted, Regexp):
        if start is None or start > len(self.s):
            LAST.match = None
            return None
        match = note_match(wanted, self, start)
        return None if match is None else match.start()
    text = wanted if wanted.__class__ is String else as_string(wanted)
    check_compatible(self, text)
    if start is None:
        return None
    found = self.s.find(text.s, start)
    return found if found >= 0 else None


@string.method("rindex")
def rindex(self: String, blk: Block, wanted: Value, at: Value = UNDEF) -> Value:
    """Return where the last match that starts at or before `at` starts, nil if there is none."""
    start = position(self, at, len(self.s))
    if isinstance(wanted, Regexp):
        if start is None:
            LAST.match = None
            return None
        program = program_of(wanted, self)
        for place in range(min(start, len(self.s)), -1, -1):
            match = program.match(self.s, place)
            if match is not None:
                LAST.match = make_match(wanted, self, match)
                return match.start()
        LAST.match = None
        return None
    text = as_string(wanted)
    check_compatible(self, text)
    if start is None:
        return None
    found = self.s.rfind(text.s, 0, start + len(text.s))
    return found if found >= 0 else None


@string.method("match", block=True)
def match(self: String, blk: Block, pattern: Value, at: Value = UNDEF) -> Value:
    regexp = as_regexp(pattern)
    if at is UNDEF and blk is None and regexp.__class__ is FROZEN:
        return None if note_match(regexp, self) is None else LAST.match
    if at is UNDEF:
        return send(regexp, ":match", blk, self)
    return send(regexp, ":match", blk, self, at)


@string.method("match?")
def is_match(self: String, blk: Block, pattern: Value, at: Value = UNDEF) -> Value:
    regexp = as_regexp(pattern)
    if at is UNDEF and regexp.__class__ is FROZEN:
        return TRUE if is_found(regexp, self) else FALSE
    if at is UNDEF:
        return send(regexp, ":match?", None, self)
    return send(regexp, ":match?", None, self, at)


def found_value(self: String, match: Any, count: int) -> Value:
    """Return what `scan` gives for a match: its text, or the Array of its groups."""
    if count == 0:
        start, stop = match.span()
        return like(self, self.s[start:stop])
    groups: list[Value] = []
    for number in range(1, count + 1):
        start, stop = match.span(number)
        groups.append(like(self, self.s[start:stop]) if start >= 0 else None)
    return Array(groups)


@string.method("scan", block=True)
def scan(self: String, blk: Block, pattern: Value) -> Value:
    """Return all matches, or pass them to the block with `$~` set."""
    regexp = as_pattern(pattern)
    program = program_of(regexp, self)
    text, count = self.s, program.count
    match = None
    if blk is None:
        found: list[Value] = []
        direct = program.direct(text) if self.encoding == "UTF-8" else None
        if direct is not None and count:
            for match in direct.finditer(text):
                found.append(Array([None if part is None else String(part) for part in match.groups()]))
        elif direct is not None:
            parts = direct.findall(text)
            LAST.raw = (regexp, text, "UTF-8", None) if parts else None
            return Array([String(part) for part in parts])
        else:
            for match in program.iterate(text):
                found.append(found_value(self, match, count))
        LAST.match = None if match is None else make_match(regexp, self, match)
        return Array(found)
    encoding = self.encoding
    raw = None
    direct = program.direct(text) if count == 0 and encoding == "UTF-8" else None
    if direct is not None:
        for match in direct.finditer(text):
            raw = LAST.raw = (regexp, text, encoding, match)
            blk(String(match.group()))
    elif count == 0 and encoding == "UTF-8":
        for match in program.iterate(text):
            raw = LAST.raw = (regexp, text, encoding, match)
            start, stop = match.span()
            blk(String(text[start:stop]))
    else:
        whole = like(self, text)  # the block may change the receiver
        for match in program.iterate(text):
            raw = LAST.raw = (regexp, text, encoding, match)
            blk(found_value(whole, match, count))
    LAST.raw = raw
    return self


@string.method("partition")
def partition(self: String, blk: Block, pattern: Value) -> Array:
    """Return what is before the first match, the match, and what is behind it."""
    if isinstance(pattern, String) and pattern.s:
        check_compatible(self, pattern)
        if self.__class__ is String:
            before, found, behind = self.s.partition(pattern.s)
            return Array([String(before), String(found), String(behind)])
        return Array([like(self, part) for part in self.s.partition(pattern.s)])
    match = regexp_match(as_pattern(pattern), self)
    if match is None:
        return Array([like(self, self.s), like(self, ""), like(self, "")])
    start, stop = match.match.span()
    return Array([like(self, self.s[:start]), like(self, self.s[start:stop]), like(self, self.s[stop:])])


@string.method("rpartition")
def rpartition(self: String, blk: Block, pattern: Value) -> Array:
    """Return what is before the last match, the match, and what is behind it."""
    if self.__class__ is String and pattern.__class__ is String and pattern.s and self.s.isascii():
        before, found, behind = self.s.rpartition(pattern.s)
        return Array([String(before), String(found), String(behind)])
    regexp = as_pattern(pattern)
    program = program_of(regexp, self)
    text = self.s
    for place in range(len(text), -1, -1):
        match = program.match(text, place)
        if match is not None:
            LAST.match = make_match(regexp, self, match)
            start, stop = match.span()
            return Array([like(self, text[:start]), like(self, text[start:stop]), like(self, text[stop:])])
    LAST.match = None
    return Array([like(self, ""), like(self, ""), like(self, text)])
