"""Methods that take sets of characters, as in `"a-z"` or `"^0-9"`: tr, tr_s, delete, squeeze, count."""

from __future__ import annotations

from ..builtin import NativeClass
from ..errors import error
from ..values import UNDEF, String
from .text import as_string, joined_host, like, need_valid, set_encoding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..values import Block, Value

string = NativeClass("String")


def expand(text: str) -> list[str]:
    r"""Return the characters of a set without its `^`: ranges as their characters, `\-` as `-`."""
    result: list[str] = []
    at = 0
    size = len(text)
    while at < size:
        char = text[at]
        at += 1
        if char == "\\" and at < size:
            char = text[at]
            at += 1
        if at + 1 < size and text[at] == "-":
            last = text[at + 1]
            at += 2
            if last == "\\" and at < size:
                last = text[at]
                at += 1
            if last < char:
                raise error("ArgumentError", f'invalid range "{char}-{last}" in string transliteration')
            result.extend(map(chr, range(ord(char), ord(last) + 1)))
        else:
            result.append(char)
    return result


class CharSet:
    """The characters of a set, or (`negated`) all others."""

    __slots__ = ("chars", "negated")

    def __init__(self, text: str) -> None:
        self.negated = len(text) > 1 and text[0] == "^"
        self.chars = expand(text[1:] if self.negated else text)


def selector(sets: tuple[Value, ...]) -> Callable[[str], bool]:
    """Return the test whether a character is in all of the sets."""
    parsed = [CharSet(as_string(one).s) for one in sets]
    if len(parsed) == 1:
        chars = frozenset(parsed[0].chars)
        return (lambda char: char not in chars) if parsed[0].negated else chars.__contains__
    tests = [(frozenset(one.chars), one.negated) for one in parsed]
    return lambda char: all((char in chars) is not negated for chars, negated in tests)


def need_sets(sets: tuple[Value, ...]) -> None:
    if not sets:
        raise error("ArgumentError", "wrong number of arguments (given 0, expected 1+)")


@string.method("count")
def count(self: String, blk: Block, *sets: Value) -> int:
    """Return how many characters are in all of the sets."""
    need_sets(sets)
    if len(sets) == 1:
        only = as_string(sets[0]).s
        if len(only) == 1 and only != "\\":
            return self.s.count(only)
        text = self.s
        return len(text) - len(without(text, only))
    return sum(map(selector(sets), self.s))


class Deleting(dict):
    """For `str.translate`: takes away all characters but those noted, which a negated set has."""

    def __missing__(self, code: int) -> None:
        return None


# Set -> the ASCII characters in it as bytes, and the table with which `str.translate` takes all of its characters away.
DELETIONS: dict[str, tuple[bytes, dict[int, Any]]] = {}


def without(text: str, wanted: str) -> str:
    """Return `text` without the characters of a set."""
    known = DELETIONS.get(wanted)
    if known is None:
        parsed = CharSet(wanted)
        chars = frozenset(parsed.chars)
        table: dict[int, Any] = Deleting((ord(char), char) for char in chars)
        if not parsed.negated:
            table = dict.fromkeys(map(ord, chars))
        if len(DELETIONS) > 500:
            DELETIONS.clear()
        known = bytes(code for code in range(128) if (chr(code) in chars) is not parsed.negated), table
        DELETIONS[wanted] = known
    if text.isascii():
        return text.encode().translate(None, known[0]).decode()
    return text.translate(known[1])


def deleted(self: String, sets: tuple[Value, ...]) -> str:
    need_sets(sets)
    need_valid(self)
    if len(sets) == 1:
        return without(self.s, as_string(sets[0]).s)
    test = selector(sets)
    return "".join([char for char in self.s if not test(char)])


@string.method("delete")
def delete(self: String, blk: Block, *sets: Value) -> String:
    """Return the text without the characters that are in all of the sets."""
    text = deleted(self, sets)
    return String(text) if self.__class__ is String else like(self, text)


@string.method("delete!", mutates=True)
def delete_bang(self: String, blk: Block, *sets: Value) -> Value:
    return change(self, deleted(self, sets))


def change(self: String, new: str) -> Value:
    """Give the receiver a new text; return it, or nil if that is what it had."""
    if new == self.s:
        return None
    self.s = new
    return self


def squeezed(self: String, sets: tuple[Value, ...]) -> str:
    need_valid(self)
    if not sets:
        text = self.s
        if text.isascii():  # most runs are of a few characters
            for char in {char for char, behind in zip(text, text[1:]) if char == behind}:
                pair = char + char
                while pair in text:
                    text = text.replace(pair, char)
            return text
        return text[:1] + "".join([char for before, char in zip(text, text[1:]) if char != before])
    test = selector(sets)
    result = []
    last = ""
    for char in self.s:
        if char == last and test(char):
            continue
        result.append(char)
        last = char
    return "".join(result)


@string.method("squeeze")
def squeeze(self: String, blk: Block, *sets: Value) -> String:
    """Return the text with runs of one character as one, of those in all of the sets."""
    text = squeezed(self, sets)
    return String(text) if self.__class__ is String else like(self, text)


@string.method("squeeze!", mutates=True)
def squeeze_bang(self: String, blk: Block, *sets: Value) -> Value:
    return change(self, squeezed(self, sets))


def translation(source: str, target: str) -> Callable[[str], str]:
    """Return the function from a character to its replacement, "" for those that `source` does not have."""
    wanted = CharSet(source)
    new = expand(target)
    last = new[-1]
    if wanted.negated:
        chars = frozenset(wanted.chars)
        return lambda char: "" if char in chars else last
    table = {}
    for index, char in enumerate(wanted.chars):
        table[char] = new[index] if index < len(new) else last
    return lambda char: table.get(char, "")


TABLES: dict[tuple[str, str], dict[int, str]] = {}


# (set, replacements) -> what ASCII characters become in a table for `bytes.translate`, None if they do not stay ASCII.
BYTE_TABLES: dict[tuple[str, str], bytes | None] = {}


def byte_table(old: str, new: str) -> bytes | None:
    table = None
    if new and new.isascii():
        function = translation(old, new)
        table = bytes(ord(function(chr(code)) or chr(code)) if code < 128 else code for code in range(256))
    if len(BYTE_TABLES) > 500:
        BYTE_TABLES.clear()
    BYTE_TABLES[old, new] = table
    return table


def translated(self: String, source: Value, target: Value, squeeze_runs: bool) -> tuple[str, String]:
    """Return the text with characters replaced, and the String whose encoding goes into the result."""
    old, new = as_string(source).s, as_string(target)
    if not new.s:
        return deleted(self, (source,)), self
    need_valid(self)
    text = self.s
    if not squeeze_runs and not (len(old) > 1 and old[0] == "^"):
        key = (old, new.s)
        table = TABLES.get(key)
        if table is None:
            if len(TABLES) > 500:
                TABLES.clear()
            function = translation(old, new.s)
            table = TABLES[key] = {ord(char): function(char) for char in CharSet(old).chars}
        return text.translate(table), new
    function = translation(old, new.s)
    result = []
    last = ""
    for char in text:
        replaced = function(char)
        if not replaced:
            result.append(char)
            last = ""
        elif not squeeze_runs or replaced != last:
            result.append(replaced)
            last = replaced
    return "".join(result), new


def transliterate(self: String, source: Value, target: Value, squeeze_runs: bool) -> String:
    text, other = translated(self, source, target, squeeze_runs)
    if other.encoding != self.encoding and not text.isascii():
        return joined_host(self, other)(text)
    text = text
    return String(text) if self.__class__ is String else like(self, text)


def transliterate_bang(self: String, source: Value, target: Value, squeeze_runs: bool) -> Value:
    new = transliterate(self, source, target, squeeze_runs)
    set_encoding(self, new.encoding)
    return change(self, new.s)


@string.method("tr")
def tr(self: String, blk: Block, source: Value, target: Value) -> String:
    """Return the text with the characters of one set replaced by those of another, which its last one fills up."""
    if self.__class__ is String and isinstance(source, String) and isinstance(target, String) and self.s.isascii():
        key = (source.s, target.s)
        table = BYTE_TABLES.get(key, UNDEF)
        if table is UNDEF:
            table = byte_table(*key)
        if table is not None:
            return String(self.s.encode().translate(table).decode())
    return transliterate(self, source, target, False)


@string.method("tr!", mutates=True)
def tr_bang(self: String, blk: Block, source: Value, target: Value) -> Value:
    return transliterate_bang(self, source, target, False)


@string.method("tr_s")
def tr_s(self: String, blk: Block, source: Value, target: Value) -> String:
    """Do as `tr`, with runs of replacements that are equal as one."""
    return transliterate(self, source, target, True)


@string.method("tr_s!", mutates=True)
def tr_s_bang(self: String, blk: Block, source: Value, target: Value) -> Value:
    return transliterate_bang(self, source, target, True)
