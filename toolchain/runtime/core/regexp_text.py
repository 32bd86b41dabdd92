"""Regexps as text: inspect, to_s, escape, union."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_str
from ..later import later
from ..regex.literal import escape_text
from ..values import String, Symbol
from .regexp import EXTENDED, IGNORECASE, MULTILINE, NO_ENCODING, Regexp, new_regexp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..convert import try_ary
    from ..values import Block, Value
    from .string_inspect import is_printable
else:
    later(globals(), "..convert", "try_ary")
    later(globals(), ".string_inspect", "is_printable")

regexp = NativeClass("Regexp")


@regexp.singleton("escape", "quote")
def escape(self: Value, blk: Block, text: Value) -> String:
    return String(escape_text(text.name if text.__class__ is Symbol else as_str(text)))


@regexp.singleton("union")
def union(self: Value, blk: Block, *patterns: Value) -> Regexp:
    """Return a Regexp that matches what any of the patterns (Regexps or literal Strings) matches."""
    if len(patterns) == 1:
        listed = try_ary(patterns[0])
        if listed is not None:
            patterns = tuple(listed)
    if not patterns:
        return new_regexp("(?!)", 0)
    if len(patterns) == 1:
        only = patterns[0]
        return only if isinstance(only, Regexp) else new_regexp(escape_text(pattern_text(only)), 0)
    sources = [with_options(one) if isinstance(one, Regexp) else escape_text(as_str(one)) for one in patterns]
    return new_regexp("|".join(sources), 0)


def pattern_text(value: Value) -> str:
    return value.name if value.__class__ is Symbol else as_str(value)


def escape_slashes(source: str) -> str:
    """Return a source as it stands between slashes."""
    if "/" not in source and source.isprintable():
        return source
    parts = []
    at = 0
    while at < len(source):
        char = source[at]
        if char == "\\" and at + 1 < len(source):
            parts.append(source[at : at + 2])
            at += 2
            continue
        if char == "/":
            parts.append("\\/")
        elif char.isprintable() or char in "\n\t\r\f\v":
            parts.append(char)
        else:
            code = ord(char)
            if char > "\x7f" and is_printable(char):
                parts.append(char)
            else:
                byte = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
                parts.append(f"\\x{byte:02X}" if byte < 256 else f"\\x{{{code:X}}}")
        at += 1
    return "".join(parts)


def letters(flags: int) -> str:
    return "".join(letter for letter, flag in (("m", MULTILINE), ("i", IGNORECASE), ("x", EXTENDED)) if flags & flag)


@regexp.method("inspect")
def inspect(self: Regexp, blk: Block) -> String:
    suffix = letters(self.flags) + ("n" if self.flags & NO_ENCODING else "")
    return String(f"/{escape_slashes(self.source)}/{suffix}")


OPTION_FLAGS = {"m": MULTILINE, "i": IGNORECASE, "x": EXTENDED}


def with_options(self: Regexp) -> str:
    """Return the source in a group with its options; a source that is such a group already is not wrapped twice."""
    flags, text = self.flags, self.source
    while text.startswith("(?") and len(text) >= 4:
        at = 2
        new = flags
        while at < len(text) and text[at] in OPTION_FLAGS:
            new |= OPTION_FLAGS[text[at]]
            at += 1
        if text[at : at + 1] == "-" and at + 1 < len(text):
            at += 1
            while at < len(text) and text[at] in OPTION_FLAGS:
                new &= ~OPTION_FLAGS[text[at]]
                at += 1
        if text[at : at + 1] == ")":
            flags, text = new, text[at + 1 :]
            continue
        if text[at : at + 1] == ":" and text.endswith(")") and is_pattern(text[at + 1 : -1]):
            flags, text = new, text[at + 1 : -1]
        else:
            flags, text = self.flags, self.source
        break
    on = letters(flags)
    off = "".join(letter for letter in "mix" if letter not in on)
    return f"(?{on}{'-' + off if off else ''}:{escape_slashes(text)})"


def is_pattern(text: str) -> bool:
    from ..regex.syntax import SyntaxProblem, parse

    try:
        parse(text, 0)
    except SyntaxProblem:
        return False
    return True


@regexp.method("to_s")
def to_s_regexp(self: Regexp, blk: Block) -> String:
    return String(with_options(self))
