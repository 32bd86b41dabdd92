"""Letter case beyond ASCII, the options of the case methods, and comparison without regard to case."""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import respond_to
from ..errors import conversion_name, error
from ..values import FALSE, TRUE, String, Symbol, truth
from .text import NOT_ASCII, as_string, is_valid, joined_encoding, like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

string = NativeClass("String")


def read_options(method: str, options: tuple[Any, ...]) -> frozenset[str]:
    """Return the names of the options. ArgumentError of the guest for those that do not fit."""
    names = []
    for option in options:
        if option.__class__ is not Symbol:
            raise error("TypeError", f"wrong argument type {conversion_name(option)} (expected Symbol)")
        names.append(option.name)
    known = frozenset(names)
    if len(names) > 2:
        raise error("ArgumentError", "too many options")
    if not known <= {"ascii", "turkic", "lithuanian", "fold"}:
        raise error("ArgumentError", "invalid option")
    if "ascii" in known and len(names) > 1:
        raise error("ArgumentError", "too many options")
    if "fold" in known:
        if method != "downcase":
            raise error("ArgumentError", "option :fold only allowed for downcasing")
        if len(names) > 1:
            raise error("ArgumentError", "too many options")
    return known


ASCII_UP = {code: code - 32 for code in range(97, 123)}
ASCII_DOWN = {code: code + 32 for code in range(65, 91)}
ASCII_SWAP = {**ASCII_UP, **ASCII_DOWN}


def upper(text: str) -> str:
    return text.upper()


def lower(text: str) -> str:
    """Return `text` in lower case, without Python's rule for a sigma at the end of a word."""
    if "\u03a3" not in text:
        return text.lower()
    return "".join([char.lower() for char in text])


def capital(text: str) -> str:
    return text[:1].title() + lower(text[1:])


def swap(text: str) -> str:
    return "".join([lower(char) if char.isupper() else char.swapcase() for char in text])


PLAIN = {"upcase": upper, "downcase": lower, "capitalize": capital, "swapcase": swap}


def change_ascii(text: str, method: str) -> str:
    if method == "upcase":
        return text.translate(ASCII_UP)
    if method == "downcase":
        return text.translate(ASCII_DOWN)
    if method == "swapcase":
        return text.translate(ASCII_SWAP)
    return text[:1].translate(ASCII_UP) + text[1:].translate(ASCII_DOWN)


def change_turkic(text: str, method: str) -> str:
    """Change case with dotted and dotless i as Turkic languages have them."""
    if method == "upcase":
        return text.replace("i", "\u0130").upper()
    if method == "downcase":
        return lower(text.replace("I", "\u0131").replace("\u0130", "i"))
    if method == "capitalize":
        first = "\u0130" if text[:1] == "i" else text[:1].title()
        return first + change_turkic(text[1:], "downcase")
    special = {"i": "\u0130", "I": "\u0131", "\u0130": "i"}
    return "".join([special.get(char) or swap(char) for char in text])


def change_case(self: String, method: str, options: tuple[Any, ...]) -> str:
    """Return the text in another case."""
    known = read_options(method, options)
    if self.encoding == "UTF-8" and not is_valid(self):
        raise error("ArgumentError", "input string invalid")
    if "ascii" in known or self.encoding in ("BINARY", "US-ASCII"):
        return change_ascii(self.s, method)
    if "turkic" in known:
        return change_turkic(self.s, method)
    if "fold" in known:
        return self.s.casefold()
    return PLAIN[method](self.s)


@string.method("swapcase")
def swapcase(self: String, blk: Block, *options: Value) -> String:
    text = self.s.swapcase() if not options and self.s.isascii() else change_case(self, "swapcase", options)
    return like(self, text)


def change(self: String, new: str) -> Value:
    """Give the receiver a new text; return it, or nil if that is what it had."""
    if new == self.s:
        return None
    self.s = new
    return self


@string.method("upcase!", mutates=True)
def upcase_bang(self: String, blk: Block, *options: Value) -> Value:
    return change(self, change_case(self, "upcase", options))


@string.method("downcase!", mutates=True)
def downcase_bang(self: String, blk: Block, *options: Value) -> Value:
    return change(self, change_case(self, "downcase", options))


@string.method("capitalize!", mutates=True)
def capitalize_bang(self: String, blk: Block, *options: Value) -> Value:
    return change(self, change_case(self, "capitalize", options))


@string.method("swapcase!", mutates=True)
def swapcase_bang(self: String, blk: Block, *options: Value) -> Value:
    return change(self, change_case(self, "swapcase", options))


def other_string(value: Value) -> String | None:
    """Return the String to compare with, None for what is none."""
    return as_string(value) if isinstance(value, String) or respond_to(value, "to_str") else None


@string.method("casecmp")
def casecmp(self: String, blk: Block, other: Value) -> Value:
    """Compare with ASCII letters taken as equal in both cases; nil if the strings are incomparable."""
    if other.__class__ is String and self.s.isascii() and other.s.isascii():
        a, b = self.s.lower(), other.s.lower()
        return -1 if a < b else 1 if a > b else 0
    text = other_string(other)
    if text is None or joined_encoding(self, text) is None:
        return None
    a, b = self.s.translate(ASCII_DOWN), text.s.translate(ASCII_DOWN)
    return -1 if a < b else 1 if a > b else 0


@string.method("casecmp?")
def is_casecmp(self: String, blk: Block, other: Value) -> Value:
    """Return whether the strings are equal after Unicode case folding; nil if they are incomparable."""
    if other.__class__ is String and self.s.isascii() and other.s.isascii():
        return TRUE if self.s.lower() == other.s.lower() else FALSE
    text = other_string(other)
    if text is None or joined_encoding(self, text) is None or self.encoding in NOT_ASCII:
        return None
    return truth(self.s.casefold() == text.s.casefold())
