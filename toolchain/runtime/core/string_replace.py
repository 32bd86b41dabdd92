r"""sub and gsub. Replacements are a String with references (`\1 \k<name> \& ...`), a Hash, or what a block answers."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import to_s
from ..dispatch import send
from ..errors import error, frozen_error
from ..later import later
from ..regex.literal import LiteralMatch, LiteralProgram
from ..regexp_state import LAST
from ..values import UNDEF, Hash, String
from .match_data import make_match, named_group
from .regexp import FROZEN, Regexp, program_of
from .string_search import as_pattern
from .text import as_string, joined_host, like

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..values import Block, Value
    from .enumerator import make_enumerator
    from .match_data import MatchData
    from .text import set_encoding
else:
    later(globals(), ".text", "set_encoding")
    later(globals(), ".enumerator", "make_enumerator")

string = NativeClass("String")

# A replacement taken apart: text, the number of a group, or a Special: a name behind "<", "`", "'" or "+".
TEMPLATES: dict[str, list[Any]] = {}


class Special(str):
    """A part of a template that is not text."""

    __slots__ = ()


def template(text: str) -> list[Any]:
    """Return the parts of a replacement."""
    parts = TEMPLATES.get(text)
    if parts is None:
        if len(TEMPLATES) > 500:
            TEMPLATES.clear()
        parts = TEMPLATES[text] = read_template(text)
    return parts


def read_template(text: str) -> list[Any]:
    parts: list[Any] = []
    at = 0
    while True:
        slash = text.find("\\", at)
        if slash < 0 or slash + 1 >= len(text):
            parts.append(text[at:])
            return parts
        parts.append(text[at:slash])
        char = text[slash + 1]
        at = slash + 2
        if char in "0123456789":
            parts.append(int(char))
        elif char == "&":
            parts.append(0)
        elif char in "`'+":
            parts.append(Special(char))
        elif char == "\\":
            parts.append("\\")
        elif char == "k" and text[at : at + 1] == "<" and ">" in text[at:]:
            end = text.index(">", at)
            parts.append(Special(text[at:end]))
            at = end + 1
        else:
            parts.append("\\" + char)


def expand(parts: list[Any], data: MatchData) -> str:
    """Return the replacement for a match."""
    result = []
    for part in parts:
        if part.__class__ is str:
            result.append(part)
            continue
        if part.__class__ is int:
            value = data.group(part)
        elif part == "`":
            value = data.before()
        elif part == "'":
            value = data.behind()
        elif part == "+":
            value = last_of(data)
        else:
            name = part[1:]
            value = data.group(int(name)) if name.isdigit() else named_group(data, name)
        if value is not None:
            result.append(value.s)
    return "".join(result)


def last_of(data: MatchData) -> Value:
    groups = [data.group(number) for number in range(data.regexp.program.count, 0, -1)]
    return next((group for group in groups if group is not None), None)


class Replacer:
    """Makes the replacements of one call. `constant` is a replacement that is the same for every match, or None."""

    def __init__(self, self_value: String, regexp: Regexp, replacement: Value, blk: Block, checked: bool) -> None:
        self.regexp = regexp
        self.blk = blk
        self.subject = like(self_value, self_value.s)
        self.receiver = self_value
        self.checked = checked  # the block must not change the receiver
        self.constant: str | None = None
        self.host: Any = None
        self.make: Callable[[MatchData], str] = self.from_block
        if replacement is not UNDEF:
            if isinstance(replacement, Hash):
                self.table = replacement
                self.make = self.from_table
                return
            text = as_string(replacement)
            if text.encoding != self_value.encoding:
                self.host = joined_host(self_value, text)
            if "\\" in text.s:
                self.parts = template(text.s)
                self.make = self.from_template
            else:
                self.constant = text.s

    def from_block(self, data: MatchData) -> str:
        LAST.match = data
        new = self.text_of(self.blk(data.group(0)))
        if self.checked and self.receiver.s != self.subject.s:
            raise error("RuntimeError", "string modified")
        return new

    def from_table(self, data: MatchData) -> str:
        return self.text_of(send(self.table, ":[]", None, data.group(0)))

    def text_of(self, value: Value) -> str:
        """Return the text of what a block or table answered; the result takes its encoding if need be."""
        if value.__class__ is not String:
            if not isinstance(value, String):
                value = String(to_s(value))
        elif self.receiver.encoding == "UTF-8":
            return str(value.s)
        encoding = self.receiver.encoding if self.host is None else self.host.encoding
        if value.encoding != encoding and not value.s.isascii():
            self.host = joined_host(self.subject, value)
        return str(value.s)

    def from_template(self, data: MatchData) -> str:
        return expand(self.parts, data)

    def run(self, everywhere: bool) -> str | None:
        """Return the text with the first match or all of them replaced, None if there is no match. Sets `$~`."""
        subject, regexp = self.subject, self.regexp
        text = subject.s
        program = program_of(regexp, subject)
        parts: list[str] = []
        at = 0
        match = data = None
        constant = self.constant
        if everywhere:
            matches: Any = program.iterate(text)
        else:
            first = program.search(text)
            matches = () if first is None else (first,)
        for match in matches:
            start, stop = match.span()
            parts.append(text[at:start])
            if constant is not None:
                parts.append(constant)
            else:
                data = make_match(regexp, subject, match)
                parts.append(self.make(data))
            at = stop
        if match is None:
            LAST.match = None
            return None
        LAST.match = data or make_match(regexp, subject, match)
        parts.append(text[at:])
        return "".join(parts)

    def result(self, new: str) -> String:
        host = self.host
        return like(self.receiver, new) if host is None else host(new)


def check_frozen(self: String) -> None:
    """The block of `sub!` may have frozen the receiver."""
    if self.is_frozen:
        raise frozen_error(self)


def quickly(
    self: String, pattern: Value, replacement: Value, blk: Block, count: int, checked: bool = True
) -> str | None:
    """Return the text with up to `count` matches (0: all) replaced by Python's own means, and note the last match.

    None: another way is needed, as for other encodings than UTF-8, patterns of our own matcher, strange arguments.
    `checked`: the block must not change the receiver.
    """
    text = self.s
    cls = pattern.__class__
    if self.encoding != "UTF-8":
        return None
    wanted = None
    if cls is String or cls is String.frozen_py:
        wanted = pattern.s
    elif (cls is FROZEN or cls is Regexp) and pattern.program.__class__ is LiteralProgram:
        wanted = pattern.program.wanted
    if wanted is not None:
        if replacement is UNDEF:
            return by_places(self, pattern, wanted, blk, count, checked) if wanted and text.isascii() else None
        if replacement.__class__ is not String and replacement.__class__ is not String.frozen_py:
            return None
        if not wanted or "\\" in replacement.s or not text.isascii():
            return None
        if wanted not in text:
            LAST.raw = None
            return text
        if count:
            at = text.index(wanted)
            pattern = String(wanted) if isinstance(pattern, String) else pattern
            LAST.raw = (pattern, text, "UTF-8", LiteralMatch(at, at + len(wanted)))
            return text.replace(wanted, replacement.s, 1)
        LAST.raw = (String(wanted) if isinstance(pattern, String) else pattern, text, "UTF-8", None)
        return text.replace(wanted, replacement.s)
    if cls is not FROZEN and cls is not Regexp:
        return None
    program = pattern.program
    direct = program.every if program is not None and text.isascii() else None
    if direct is None:
        program = program_of(pattern, self)
        direct = program.direct(text)
        if direct is None:
            return None
    if replacement is UNDEF:
        return by_block(self, pattern, direct, blk, count, checked)
    cls = replacement.__class__
    if cls is Hash:
        return by_table(pattern, direct, text, replacement, count)
    if cls is not String and cls is not String.frozen_py:
        return None
    new = replacement.s
    if count:
        match = direct.search(text)
        if match is None:
            LAST.raw = None
            return text
        LAST.raw = (pattern, text, "UTF-8", match)
        if "\\" not in new:
            start, stop = match.span()
            return str(text[:start] + new + text[stop:])
    elif direct.search(text) is None:
        LAST.raw = None
        return text
    host = host_template(new, program.count) if "\\" in new else new
    if host is None:
        return None
    result, found = direct.subn(host, text, count)
    if not count:
        LAST.raw = (pattern, text, "UTF-8", None) if found else None
    return str(result)


# (replacement with references, number of groups) -> the same for Python's `sub`, None if it has no words for it.
HOST_TEMPLATES: dict[tuple[str, int], str | None] = {}


def host_template(text: str, groups: int) -> str | None:
    key = (text, groups)
    if key in HOST_TEMPLATES:
        return HOST_TEMPLATES[key]
    host: str | None = ""
    for piece in template(text):
        if piece.__class__ is str:
            new = piece.replace("\\", "\\\\")
        elif piece.__class__ is int:
            new = f"\\g<{piece}>" if piece <= groups else ""
        else:
            host = None
            break
        host = f"{host}{new}"
    if len(HOST_TEMPLATES) > 500:
        HOST_TEMPLATES.clear()
    HOST_TEMPLATES[key] = host
    return host


def by_block(self: String, pattern: Value, direct: Any, blk: Block, count: int, checked: bool) -> str:
    text = self.s
    raw: Any = None
    parts: list[str] = []
    at = 0
    for match in direct.finditer(text):
        raw = LAST.raw = (pattern, text, "UTF-8", match)
        start, stop = match.span()
        value = blk(String(text[start:stop]))
        if checked and self.s is not text:
            check_same(self, text)
        parts.append(text[at:start])
        parts.append(value.s if value.__class__ is String else plain_text(value))
        at = stop
        if count:
            break
    LAST.raw = raw
    if raw is None:
        return text
    parts.append(text[at:])
    return "".join(parts)


def check_same(self: String, text: str) -> None:
    if self.s != text:
        raise error("RuntimeError", "string modified")


def by_places(self: String, pattern: Value, wanted: str, blk: Block, count: int, checked: bool) -> str:
    """Do what `by_block` does where a text is looked for."""
    text = self.s
    raw: Any = None
    parts: list[str] = []
    at = 0
    size = len(wanted)
    start = text.find(wanted)
    if start >= 0 and isinstance(pattern, String):
        pattern = String(wanted)
    while start >= 0:
        raw = LAST.raw = (pattern, text, "UTF-8", LiteralMatch(start, start + size))
        value = blk(String(wanted))
        if checked and self.s is not text:
            check_same(self, text)
        parts.append(text[at:start])
        parts.append(value.s if value.__class__ is String else plain_text(value))
        at = start + size
        start = -1 if count else text.find(wanted, at)
    LAST.raw = raw
    parts.append(text[at:])
    return "".join(parts)


def by_table(pattern: Value, direct: Any, text: str, table: Hash, count: int) -> str:
    raw: Any = None

    def replace(match: Any) -> str:
        nonlocal raw
        raw = match
        value = send(table, ":[]", None, String(match.group()))
        return value.s if value.__class__ is String else plain_text(value)

    new = direct.sub(replace, text, count)
    LAST.raw = None if raw is None else (pattern, text, "UTF-8", raw)
    return str(new)


def plain_text(value: Value) -> str:
    """Return the text of what a block or table answered, for a result in UTF-8."""
    if isinstance(value, String):
        if not value.s.isascii() and value.encoding != "UTF-8":
            return joined_host(String("a"), value)(value.s).s  # raises the guest's error
        return str(value.s)
    return to_s(value)


@string.method("sub", block=True)
def sub(self: String, blk: Block, pattern: Value, replacement: Value = UNDEF) -> String:
    """Return the text with the first match replaced."""
    if blk is not None or replacement is not UNDEF:
        quick = quickly(self, pattern, replacement, blk, 1, False)
        if quick is not None:
            return String(quick)
    need_replacement(blk, replacement)
    replacer = Replacer(self, as_pattern(pattern), replacement, blk, False)
    new = replacer.run(False)
    return like(self, self.s) if new is None else replacer.result(new)


def need_replacement(blk: Block, replacement: Value) -> None:
    if blk is None and replacement is UNDEF:
        raise error("ArgumentError", "wrong number of arguments (given 1, expected 2)")


@string.method("sub!", mutates=True, block=True)
def sub_bang(self: String, blk: Block, pattern: Value, replacement: Value = UNDEF) -> Value:
    need_replacement(blk, replacement)
    quick = quickly(self, pattern, replacement, blk, 1)
    if quick is not None:
        return changed(self, quick)
    return change(self, Replacer(self, as_pattern(pattern), replacement, blk, True), False)


def changed(self: String, new: str) -> Value:
    """Take over what `quickly` made of the text; nil if it found nothing."""
    if LAST.raw is None:
        return None
    check_frozen(self)
    self.s = new
    return self


def change(self: String, replacer: Replacer, everywhere: bool) -> Value:
    """Replace in the receiver; return it, or nil if there was no match."""
    new = replacer.run(everywhere)
    if new is None:
        return None
    check_frozen(self)
    self.s = new
    if replacer.host is not None:
        set_encoding(self, replacer.host.encoding)
    return self


@string.method("gsub", block=True)
def gsub(self: String, blk: Block, pattern: Value, replacement: Value = UNDEF) -> Value:
    """Return the text with every match replaced."""
    if blk is None and replacement is UNDEF:
        return make_enumerator(self, "gsub", pattern)
    quick = quickly(self, pattern, replacement, blk, 0)
    if quick is not None:
        return String(quick)
    replacer = Replacer(self, as_pattern(pattern), replacement, blk, False)
    new = replacer.run(True)
    return like(self, self.s) if new is None else replacer.result(new)


@string.method("gsub!", mutates=True, block=True)
def gsub_bang(self: String, blk: Block, pattern: Value, replacement: Value = UNDEF) -> Value:
    if blk is None and replacement is UNDEF:
        return make_enumerator(self, "gsub!", pattern)
    quick = quickly(self, pattern, replacement, blk, 0)
    if quick is not None:
        return changed(self, quick)
    return change(self, Replacer(self, as_pattern(pattern), replacement, blk, True), True)
