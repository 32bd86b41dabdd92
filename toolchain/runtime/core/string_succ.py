"""The successor of a String, and iteration by it."""

from __future__ import annotations

from ..builtin import NativeClass
from ..later import later
from ..values import UNDEF, String, is_true
from .text import as_string, is_escape, like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import Block, Value
    from .enumerator import make_enumerator
else:
    later(globals(), ".enumerator", "make_enumerator")

string = NativeClass("String")


def kind_of_char(char: str) -> str:
    """Return "digit" or "alpha" for a character that counts on, else ""."""
    if char.isdecimal():
        return "digit"
    return "alpha" if char.isalpha() else ""


def is_kind(char: str, kind: str) -> bool:
    return char.isdecimal() if kind == "digit" else char.isalpha()


def next_char(char: str, last: int) -> str:
    """Return the character behind `char`, over the surrogates; "" behind the last one and a byte that is none."""
    if is_escape(char):
        return ""
    code = ord(char) + 1
    if 0xD800 <= code <= 0xDFFF:
        code = 0xE000
    return chr(code) if code <= last else ""


def next_of_kind(char: str, kind: str, last: int) -> tuple[str, str]:
    """Return the next character of the same kind and no carry; or the first of its range and the carry.

    A gap of one character is stepped over.
    """
    following = char
    for _ in range(2):
        following = next_char(following, last)
        if following and is_kind(following, kind):
            return following, ""
    first = char
    while ord(first) > 0 and is_kind(chr(ord(first) - 1), kind):
        first = chr(ord(first) - 1)
    return first, next_char(first, last) if kind == "digit" else first


def succ_plain(text: str) -> str:
    """Return the successor of ASCII letters and digits."""
    at = len(text)
    wrapped = ""
    while at:
        at -= 1
        char = text[at]
        if char not in "zZ9":
            return text[:at] + chr(ord(char) + 1) + wrapped
        wrapped = ("a" if char == "z" else "A" if char == "Z" else "0") + wrapped
    return ("1" if wrapped[0] == "0" else wrapped[0]) + wrapped


def succ_text(text: str, last: int = 0x10FFFF) -> str:
    """Return the successor: the rightmost letter or digit counts on and carries to the left. Source: String#succ."""
    if not text:
        return ""
    end = text[-1]
    if "a" <= end < "z" or "0" <= end < "9" or "A" <= end < "Z":
        return text[:-1] + chr(ord(end) + 1)
    if text.isalnum() and text.isascii():
        return succ_plain(text)
    chars = list(text)
    carry = ""
    place = -1  # where a carry has to be put in
    last_kind = ""  # of the last character that wrapped round
    gap = False  # other characters lie between it and the one at hand
    for at in range(len(chars) - 1, -1, -1):
        kind = kind_of_char(chars[at])
        if gap and last_kind and kind and kind != last_kind:
            break  # in "1.z" a carry of letters does not reach the digit
        if not kind:
            gap = True
            continue
        gap = False
        chars[at], carry = next_of_kind(chars[at], kind, last)
        if not carry:
            return "".join(chars)
        place, last_kind = at, kind
    if place < 0:
        return succ_of_others(chars, last)
    chars.insert(place, carry)
    return "".join(chars)


def succ_of_others(chars: list[str], last: int) -> str:
    """Return the successor of a text without letters and digits: its last character counts on."""
    for at in range(len(chars) - 1, -1, -1):
        following = next_char(chars[at], last)
        if following:
            chars[at] = following
            return "".join(chars)
        if not is_escape(chars[at]):
            chars[at] = "\0"
    return "\x01" + "".join(chars)


def last_code(self: String) -> int:
    return {"BINARY": 255, "US-ASCII": 127}.get(self.encoding, 0x10FFFF)


@string.method("succ", "next")
def succ(self: String, blk: Block) -> String:
    return like(self, succ_text(self.s, last_code(self)))


@string.method("succ!", "next!", mutates=True)
def succ_bang(self: String, blk: Block) -> String:
    self.s = succ_text(self.s, last_code(self))
    return self


def upto_texts(first: str, last: str, exclusive: bool) -> Iterator[str]:
    """Yield the texts from `first` to `last`: single ASCII characters and decimal numbers in their own order, others
    by succ until one is longer than `last`."""
    if len(first) == 1 and len(last) == 1 and first.isascii() and last.isascii():
        for code in range(ord(first), ord(last) + (0 if exclusive else 1)):
            yield chr(code)
        return
    both = first + last
    if first and last and both.isascii() and both.isdigit():
        width = len(first)
        for number in range(int(first), int(last) + (0 if exclusive else 1)):
            yield str(number).rjust(width, "0")
        return
    if first > last or exclusive and first == last:
        return
    stop = succ_text(last)
    current = first
    while True:
        yield current
        if not exclusive and current == last:
            return
        current = succ_text(current)
        if exclusive and current == last or current == stop or len(current) > len(last) or not current:
            return


@string.method("upto", block=True)
def upto(self: String, blk: Block, last: Value, exclusive: Value = UNDEF) -> Value:
    if blk is None:
        return make_enumerator(self, "upto", last, *(() if exclusive is UNDEF else (exclusive,)))
    stop = as_string(last)
    for text in upto_texts(self.s, stop.s, exclusive is not UNDEF and is_true(exclusive)):
        blk(like(self, text))
    return self
