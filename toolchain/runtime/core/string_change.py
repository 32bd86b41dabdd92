"""Changing a String: trimming, ends, inserting, and the methods with `!`."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_str
from ..errors import error
from ..values import UNDEF, String
from .string import append_string
from .string_access import span_of, splice
from .string_sets import change, selector
from .text import PADDING, as_long, as_string, check_compatible, like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

string = NativeClass("String")


# --- trimming -------------------------------------------------------------------------------------------------------


def stripped(text: str, selectors: tuple[Any, ...], left: bool, right: bool) -> str:
    """Return `text` without blanks and NULs at its ends, or without the characters of the sets there."""
    if not selectors:
        if left and right:
            return text.strip(PADDING)
        return text.lstrip(PADDING) if left else text.rstrip(PADDING)
    test = selector(selectors)
    start, stop = 0, len(text)
    while left and start < stop and test(text[start]):
        start += 1
    while right and stop > start and test(text[stop - 1]):
        stop -= 1
    return text[start:stop]


@string.method("lstrip")
def lstrip(self: String, blk: Block, *selectors: Value) -> String:
    text = stripped(self.s, selectors, True, False)
    return String(text) if self.__class__ is String else like(self, text)


@string.method("rstrip")
def rstrip(self: String, blk: Block, *selectors: Value) -> String:
    text = stripped(self.s, selectors, False, True)
    return String(text) if self.__class__ is String else like(self, text)


@string.method("strip!", "trim!", mutates=True)
def strip_bang(self: String, blk: Block, *selectors: Value) -> Value:
    return change(self, stripped(self.s, selectors, True, True))


@string.method("lstrip!", mutates=True)
def lstrip_bang(self: String, blk: Block, *selectors: Value) -> Value:
    return change(self, stripped(self.s, selectors, True, False))


@string.method("rstrip!", mutates=True)
def rstrip_bang(self: String, blk: Block, *selectors: Value) -> Value:
    return change(self, stripped(self.s, selectors, False, True))


def chomped(self: String, ending: Value) -> str:
    """Return the text without one line ending, all of them (""), or another ending."""
    text = self.s
    if ending is None:
        return text
    if ending is UNDEF and text[-1:] not in ("\n", "\r"):
        return text
    suffix = "\n" if ending is UNDEF else as_str(ending)
    if suffix == "\n":
        if text.endswith("\r\n"):
            return text[:-2]
        return text[:-1] if text.endswith(("\n", "\r")) else text
    if suffix == "":
        while text.endswith("\n"):
            text = text[:-2] if text.endswith("\r\n") else text[:-1]
        return text
    return text[: -len(suffix)] if text.endswith(suffix) else text


@string.method("chomp")
def chomp(self: String, blk: Block, ending: Value = UNDEF) -> String:
    if ending is UNDEF and self.__class__ is String:
        text = self.s
        last = text[-1:]
        if last == "\n":
            return String(text[:-2] if text[-2:-1] == "\r" else text[:-1])
        return String(text[:-1] if last == "\r" else text)
    text = chomped(self, ending)
    return String(text) if self.__class__ is String else like(self, text)


@string.method("chomp!", mutates=True)
def chomp_bang(self: String, blk: Block, ending: Value = UNDEF) -> Value:
    return change(self, chomped(self, ending))


def chopped(text: str) -> str:
    return text[:-2] if text.endswith("\r\n") else text[:-1]


@string.method("chop")
def chop(self: String, blk: Block) -> String:
    text = chopped(self.s)
    return String(text) if self.__class__ is String else like(self, text)


@string.method("chop!", mutates=True)
def chop_bang(self: String, blk: Block) -> Value:
    return change(self, chopped(self.s))


def without_prefix(self: String, prefix: Value) -> str:
    wanted = as_string(prefix)
    check_compatible(self, wanted)
    return self.s[len(wanted.s) :] if self.s.startswith(wanted.s) else self.s


def without_suffix(self: String, suffix: Value) -> str:
    wanted = as_string(suffix)
    check_compatible(self, wanted)
    return self.s[: -len(wanted.s)] if wanted.s and self.s.endswith(wanted.s) else self.s


@string.method("delete_prefix")
def delete_prefix(self: String, blk: Block, prefix: Value) -> String:
    text = without_prefix(self, prefix)
    return String(text) if self.__class__ is String else like(self, text)


@string.method("delete_prefix!", mutates=True)
def delete_prefix_bang(self: String, blk: Block, prefix: Value) -> Value:
    return change(self, without_prefix(self, prefix))


@string.method("delete_suffix")
def delete_suffix(self: String, blk: Block, suffix: Value) -> String:
    text = without_suffix(self, suffix)
    return String(text) if self.__class__ is String else like(self, text)


@string.method("delete_suffix!", mutates=True)
def delete_suffix_bang(self: String, blk: Block, suffix: Value) -> Value:
    return change(self, without_suffix(self, suffix))


# --- parts ----------------------------------------------------------------------------------------------------------


@string.method("insert", mutates=True)
def insert(self: String, blk: Block, index: Value, other: Value) -> String:
    """Insert before the character at `index`, or for a negative one behind it."""
    at = as_long(index)
    new = as_string(other)
    place = at + len(self.s) + 1 if at < 0 else at
    if not 0 <= place <= len(self.s):
        # A negative index counts the places between characters, and the message shows it so.
        raise error("IndexError", f"index {at + 1 if at < 0 else at} out of string")
    splice(self, place, place, new)
    return self


@string.method("prepend", mutates=True)
def prepend(self: String, blk: Block, *others: Value) -> String:
    front = like(self, "")
    for other in others:
        append_string(front, as_string(other))
    splice(self, 0, 0, front)
    return self


@string.method("clear", mutates=True)
def clear(self: String, blk: Block) -> String:
    self.s = ""
    return self


@string.method("reverse!", mutates=True)
def reverse_bang(self: String, blk: Block) -> String:
    self.s = self.s[::-1]
    return self


@string.method("slice!", mutates=True)
def slice_bang(self: String, blk: Block, index: Value, length: Value = UNDEF) -> Value:
    """Remove what `[]` selects and return it, nil if it is not there."""
    span = span_of(self, index, length)
    if span is None:
        return None
    start, stop = span
    taken = like(self, self.s[start:stop])
    splice(self, start, stop, like(self, ""))
    return taken


@string.method("crypt")
def crypt(self: String, blk: Block, salt: Value) -> String:
    """Return the traditional one-way hash, by the C library of the host."""
    text = as_str(salt)
    if len(text) < 2:
        raise error("ArgumentError", "salt too short (need >=2 bytes)")
    try:
        from crypt import crypt as host_crypt
    except ImportError:
        raise error("NotImplementedError", "crypt() function is unimplemented on this machine")
    result = host_crypt(self.s, text)
    if result is None:
        raise error("Errno::EINVAL", "Invalid argument - crypt")
    return String(result)
