"""split, lines and what goes through lines."""

from __future__ import annotations

import re

from ..builtin import NativeClass
from ..later import later
from ..values import UNDEF, Array, String, is_true
from .regexp import Regexp, program_of
from .string_search import as_pattern
from .text import as_long, as_string, like, need_valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..dispatch import respond_to
    from ..regex.graphemes import clusters
    from ..values import Block, Value
    from .enumerator import make_enumerator
else:
    later(globals(), "..dispatch", "respond_to")
    later(globals(), "..regex.graphemes", "clusters")
    later(globals(), ".enumerator", "make_enumerator")

string = NativeClass("String")

ODD_SPACE = re.compile("[\x1c-\x1f]").search


def words(text: str, limit: int) -> list[str]:
    """Return the parts between runs of ASCII whitespace; the last of `limit` > 0 parts is the rest."""
    # Python's `split()` takes U+001C..U+001F for whitespace, and Ruby does not.
    if not text.isascii() or ODD_SPACE(text):
        data = text.encode("utf-8", "surrogateescape").lstrip()
        parts = data.split(None, limit - 1) if limit > 0 else data.split()
        pieces = [part.decode("utf-8", "surrogateescape") for part in parts]
    elif limit > 0:
        pieces = text.lstrip().split(None, limit - 1)
    else:
        pieces = text.split()
    # A text that ends in whitespace has an empty part behind it.
    if limit and len(pieces) != limit and text[-1:] in (" ", "\t", "\n", "\r", "\v", "\f") and text:
        pieces.append("")
    return pieces


def pattern_parts(self: String, pattern: Value, limit: int) -> list[str]:
    """Return the parts between the matches of a Regexp, with its captures between them."""
    program = program_of(as_pattern(pattern), self)
    text = self.s
    direct = program.direct(text)
    if direct is not None:
        found = direct.split(text, limit - 1 if limit > 0 else 0)
        return found if program.count == 0 else [part for part in found if part is not None]
    parts: list[str] = []
    start = at = 0
    taken = 1
    while at <= len(text):
        match = program.search(text, at)
        if match is None:
            break
        begin, end = match.span()
        if end == begin and begin == start:
            # An empty match at the start of a part: look from the next character on.
            at = begin + 1
            continue
        parts.append(text[start:begin])
        start = end
        at = end if end > begin else begin + 1
        for number in range(1, program.count + 1):
            first, last = match.span(number)
            if first >= 0:
                parts.append(text[first:last])
        taken += 1
        if 0 < limit <= taken:
            break
    parts.append(text[start:])
    return parts


def split_text(self: String, pattern: Value, limit: int) -> list[str]:
    text = self.s
    if not text:
        return []
    if limit == 1:
        return [text]
    if pattern is UNDEF or pattern is None or isinstance(pattern, String) and pattern.s == " ":
        return words(text, limit)
    if isinstance(pattern, String):
        separator = pattern.s
        need_valid(self)
        if not separator:
            if limit > 0:
                return [*text[: limit - 1], text[limit - 1 :]]
            parts = [*text, ""]
        else:
            parts = text.split(separator, limit - 1 if limit > 0 else -1)
    else:
        parts = pattern_parts(self, pattern, limit)
    if limit == 0:
        size = len(parts)
        while size and not parts[size - 1]:
            size -= 1
        del parts[size:]
    return parts


@string.method("split", block=True)
def split(self: String, blk: Block, pattern: Value = UNDEF, limit: Value = 0) -> Value:
    """Return the parts between separators: whitespace, a String, or what a Regexp matches. Empty parts at the end
    are left out unless there is a limit."""
    if limit.__class__ is int and limit == 0 and blk is None and self.__class__ is String:
        text = self.s
        separator = pattern.s if pattern.__class__ is String or pattern.__class__ is String.frozen_py else ""
        if separator and separator != " " and text.isascii():
            parts = text.split(separator)
            while parts and not parts[-1]:
                parts.pop()
            return Array(list(map(String, parts)))
    count = as_long(limit)
    if pattern is not UNDEF and pattern is not None and not isinstance(pattern, String):
        pattern = as_pattern(pattern) if not is_text(pattern) else as_string(pattern)
    parts = split_text(self, pattern, count)
    if blk is not None:
        for part in parts:
            blk(like(self, part))
        return self
    if self.__class__ is String:
        return Array(list(map(String, parts)))
    return Array([like(self, part) for part in parts])


def is_text(value: Value) -> bool:
    """Return whether a pattern argument that is no String converts to one."""
    return not isinstance(value, Regexp) and respond_to(value, "to_str")


def line_list(text: str, separator: str | None, chomp: bool) -> list[str]:
    """Return the lines of `text` up to and with each separator; None: one line, "": paragraphs."""
    if not text:
        return []
    if separator is None:
        return [text]
    if separator == "":
        return paragraphs(text, chomp)
    parts = text.split(separator)
    last = parts.pop()
    if not chomp:
        lines = [part + separator for part in parts]
    elif separator == "\n":
        lines = [part[:-1] if part[-1:] == "\r" else part for part in parts]
    else:
        lines = parts
    if last:
        lines.append(last)
    return lines


def paragraphs(text: str, chomp: bool) -> list[str]:
    """Return the parts that blank lines end. All further blank lines belong to none."""
    lines = []
    at = 0
    while at < len(text):
        end = text.find("\n\n", at)
        if end < 0:
            lines.append(text[at:])
            break
        lines.append(text[at:end] if chomp else text[at : end + 2])
        at = end + 2
        while at < len(text) and text[at] == "\n":
            at += 1
    return lines


def read_separator(value: Value) -> str | None:
    if value is UNDEF:
        return "\n"
    return None if value is None else as_string(value).s


@string.method("lines", block=True)
def lines(self: String, blk: Block, separator: Value = UNDEF, *, chomp: Value = UNDEF) -> Value:
    if blk is not None:
        return each_line(self, blk, separator, chomp=chomp)
    found = line_list(self.s, read_separator(separator), chomp is not UNDEF and is_true(chomp))
    return Array([like(self, line) for line in found])


@string.method("each_line", block=True)
def each_line(self: String, blk: Block, separator: Value = UNDEF, *, chomp: Value = UNDEF) -> Value:
    if blk is None:
        args = () if separator is UNDEF else (separator,)
        keywords = {} if chomp is UNDEF else {"chomp": chomp}
        return make_enumerator(self, "each_line", *args, keywords=keywords)
    for line in line_list(self.s, read_separator(separator), chomp is not UNDEF and is_true(chomp)):
        blk(like(self, line))
    return self


@string.method("grapheme_clusters", block=True)
def grapheme_clusters(self: String, blk: Block) -> Value:
    if blk is not None:
        return each_grapheme_cluster(self, blk)
    return Array([like(self, cluster) for cluster in clusters(self.s)])


@string.method("each_grapheme_cluster", block=True)
def each_grapheme_cluster(self: String, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_grapheme_cluster", size=lambda: len(clusters(self.s)))
    for cluster in clusters(self.s):
        blk(like(self, cluster))
    return self
