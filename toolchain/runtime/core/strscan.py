"""The library strscan: StringScanner, which reads a String from the front.

Positions are bytes for the program and characters here; `at` and `byte` are the same place. A pattern sees the rest of
the String as if it were all of it, unless the scanner has fixed anchors.
"""

from __future__ import annotations

from ..builtin import NativeClass, builtin_class
from ..convert import as_int, as_name, as_str, inspect_str
from ..dispatch import send
from ..errors import error
from ..later import later
from ..library import library_class
from ..model import new_class
from ..regex.literal import LiteralMatch
from ..regex.pattern import LOOKS_BACK
from ..values import FALSE, Array, BinaryString, Hash, Object, String, Symbol, is_true, truth
from .regexp import FROZEN, Regexp, program_of
from .text import host_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..hashing import hash_set
    from ..model import allocate
    from ..values import Block, Value
else:
    later(globals(), "..hashing", "hash_set")
    later(globals(), "..model", "allocate")


class ScannerObject(Object):
    """`match` is the last match: None, or an object with `span(n)`; `offset` is where the text it was made in begins,
    `before` the place where the scanner stood, as (at, byte), `pattern` the Regexp (None for a text)."""

    __slots__ = ("string", "at", "byte", "match", "offset", "before", "pattern", "fixed")
    mclass = None

    def prepare(self) -> None:
        self.string: Any = String("")
        self.at = 0
        self.byte = 0
        self.match: Any = None
        self.offset = 0
        self.before = (0, 0)
        self.pattern: Any = None
        self.fixed = False


scanner: NativeClass = library_class("StringScanner", "Object", ScannerObject)
problem = new_class(builtin_class("StandardError"), "StringScanner::Error", scanner.mod)
scanner.constant("Error", problem)
scanner.constant("Version", String("3.1.6"))
scanner.constant("Id", String("$Id$"))


@scanner.private("initialize")
def initialize(self: ScannerObject, blk: Block, string: Value, *rest: Value, fixed_anchor: Value = FALSE) -> Value:
    if not isinstance(string, String):
        string = String(as_str(string))
    self.string = string
    self.fixed = is_true(fixed_anchor)
    return None


@scanner.private("initialize_copy")
def initialize_copy(self: ScannerObject, blk: Block, other: Any) -> Value:
    for name in ScannerObject.__slots__:
        setattr(self, name, getattr(other, name))
    return self


@scanner.singleton("must_C_version")
def must_c_version(self: Value, blk: Block) -> Value:
    return self


# --- places ---------------------------------------------------------------------------------------------------------


def width(string: String, start: int, stop: int) -> int:
    """Return how many bytes the characters from `start` to `stop` take."""
    text = string.s
    if string.encoding != "UTF-8" or text.isascii():
        return stop - start
    return len(text[start:stop].encode("utf-8", "surrogateescape"))


def encoded(string: String) -> bytes:
    if string.encoding != "UTF-8":
        return string.s.encode("latin-1", "replace")
    return string.s.encode("utf-8", "surrogateescape")


def size(self: ScannerObject) -> int:
    return width(self.string, 0, len(self.string.s))


def go_to_byte(self: ScannerObject, byte: int) -> None:
    """Set the place; a byte within a character counts as its start for what is read next."""
    self.byte = byte
    text = self.string.s
    if self.string.encoding != "UTF-8" or text.isascii():
        self.at = byte
    else:
        self.at = len(encoded(self.string)[:byte].decode("utf-8", "surrogateescape"))


def part(self: ScannerObject, start: int, stop: int | None = None) -> String:
    return host_of(self.string.encoding)(self.string.s[start:stop])


def ends(self: ScannerObject, span: tuple[int, int]) -> tuple[int, int]:
    """Return a span of the match in characters of the whole String."""
    return span[0] + self.offset, span[1] + self.offset


# --- matching -------------------------------------------------------------------------------------------------------


def run(self: ScannerObject, pattern: Value, anchored: bool) -> bool:
    """Match at the place or (unanchored) behind it; notes the match and tells whether there is one."""
    text = self.string.s
    if self.at > len(text):
        self.match = None
        return False
    self.before = (self.at, self.byte)
    self.offset = 0
    if isinstance(pattern, Regexp):
        self.pattern = pattern
        program = program_of(pattern, self.string)
        at = self.at
        source = pattern.source
        if at and not self.fixed and any(mark in source for mark in LOOKS_BACK):
            text = text[at:]
            self.offset = at
            at = 0
        self.match = program.match(text, at) if anchored else program.search(text, at)
        return self.match is not None
    if not isinstance(pattern, String):
        pattern = String(as_str(pattern))
    self.pattern = None
    found = self.at if text.startswith(pattern.s, self.at) else -1
    if not anchored:
        found = text.find(pattern.s, self.at)
    self.match = LiteralMatch(found, found + len(pattern.s)) if found >= 0 else None
    return found >= 0


def read_ascii(self: ScannerObject, pattern: Value, content: str, anchored: bool = True) -> bool | None:
    """Match a literal pattern at the place in an ASCII text, or (unanchored) behind it, and go behind the match: the
    usual case.

    None: another way is needed.
    """
    if pattern.__class__ is not FROZEN or self.fixed or not content.isascii() or self.at > len(content):
        return None
    forward = pattern.program.forward
    if forward is None:
        pattern.program.engine(content)
        forward = pattern.program.forward
    if not forward or self.string.encoding != "UTF-8":
        return None
    start = self.at
    self.before = (start, self.byte)
    self.offset = 0
    self.pattern = pattern
    if not anchored:
        forward = pattern.program.fast or pattern.program.search
    match = self.match = forward(content, start)
    if match is None:
        return False
    self.at = behind = match.end()
    self.byte += behind - start
    return True


def scan_with(self: ScannerObject, pattern: Value, anchored: bool, moves: bool, text: bool) -> Value:
    """Match; `moves`: go behind the match, `text`: return what was read, else how many bytes."""
    content, start = self.string.s, self.at
    found = read_ascii(self, pattern, content, anchored)
    if found is not None:
        stop = self.at
        if not moves:
            self.at, self.byte = self.before
        return None if not found else String(content[start:stop]) if text else stop - start
    if not run(self, pattern, anchored):
        return None
    start, byte = self.before
    behind = ends(self, self.match.span())[1]
    length = width(self.string, start, behind)
    if moves:
        self.at = behind
        self.byte = byte + length
    return part(self, start, behind) if text else length


@scanner.method("scan")
def scan(self: ScannerObject, blk: Block, pattern: Value) -> Value:
    content = self.string.s
    start = self.at
    found = read_ascii(self, pattern, content)
    if found is None:
        return scan_with(self, pattern, True, True, True)
    return String(content[start : self.at]) if found else None


@scanner.method("match?")
def is_match(self: ScannerObject, blk: Block, pattern: Value) -> Value:
    return scan_with(self, pattern, True, False, False)


@scanner.method("skip")
def skip(self: ScannerObject, blk: Block, pattern: Value) -> Value:
    start = self.at
    found = read_ascii(self, pattern, self.string.s)
    if found is None:
        return scan_with(self, pattern, True, True, False)
    return self.at - start if found else None


@scanner.method("check")
def check(self: ScannerObject, blk: Block, pattern: Value) -> Value:
    return scan_with(self, pattern, True, False, True)


@scanner.method("scan_full")
def scan_full(self: ScannerObject, blk: Block, pattern: Value, moves: Value, text: Value) -> Value:
    return scan_with(self, pattern, True, is_true(moves), is_true(text))


@scanner.method("scan_until")
def scan_until(self: ScannerObject, blk: Block, pattern: Value) -> Value:
    return scan_with(self, pattern, False, True, True)


@scanner.method("exist?")
def does_exist(self: ScannerObject, blk: Block, pattern: Value) -> Value:
    return scan_with(self, pattern, False, False, False)


@scanner.method("skip_until")
def skip_until(self: ScannerObject, blk: Block, pattern: Value) -> Value:
    return scan_with(self, pattern, False, True, False)


@scanner.method("check_until")
def check_until(self: ScannerObject, blk: Block, pattern: Value) -> Value:
    return scan_with(self, pattern, False, False, True)


@scanner.method("search_full")
def search_full(self: ScannerObject, blk: Block, pattern: Value, moves: Value, text: Value) -> Value:
    return scan_with(self, pattern, False, is_true(moves), is_true(text))


def take(self: ScannerObject, behind: int) -> Value:
    """Read the characters up to `behind` as a match."""
    self.before = (self.at, self.byte)
    self.offset = 0
    self.pattern = None
    self.match = LiteralMatch(self.at, behind)
    self.byte += width(self.string, self.at, behind)
    self.at = behind
    return part(self, self.before[0], behind)


@scanner.method("getch")
def getch(self: ScannerObject, blk: Block) -> Value:
    text = self.string.s
    at = self.at
    if at >= len(text):
        self.match = None
        return None
    if text.isascii() and self.string.__class__ is String:
        self.before = (at, self.byte)
        self.offset = 0
        self.pattern = None
        self.match = LiteralMatch(at, at + 1)
        self.byte += 1
        self.at = at + 1
        return String(text[at])
    return take(self, at + 1)


@scanner.method("get_byte")
def get_byte(self: ScannerObject, blk: Block) -> Value:
    if self.string.s.isascii():
        return getch(self, None)
    data = encoded(self.string)
    if self.byte >= len(data):
        self.match = None
        return None
    self.before = (self.at, self.byte)
    start = self.byte
    go_to_byte(self, start + 1)
    self.offset = 0
    self.pattern = None
    self.match = LiteralMatch(self.before[0], self.at)
    return decoded(self, data[start : start + 1])


def decoded(self: ScannerObject, data: bytes) -> String:
    if self.string.encoding != "UTF-8":
        return host_of(self.string.encoding)(data.decode("latin-1"))
    return String(data.decode("utf-8", "surrogateescape"))


@scanner.method("scan_byte")
def scan_byte(self: ScannerObject, blk: Block) -> Value:
    byte = peek_byte(self, None)
    if byte is None:
        self.match = None
        return None
    get_byte(self, None)
    return byte


@scanner.method("peek_byte")
def peek_byte(self: ScannerObject, blk: Block) -> Value:
    text = self.string.s
    if text.isascii():
        return ord(text[self.byte]) if self.byte < len(text) else None
    data = encoded(self.string)
    return data[self.byte] if self.byte < len(data) else None


@scanner.method("peek")
def peek(self: ScannerObject, blk: Block, length: Value) -> Value:
    text = self.string.s
    if text.isascii() and length.__class__ is int and length >= 0 and self.string.encoding == "UTF-8":
        return String(text[self.byte : self.byte + length])
    return decoded(self, encoded(self.string)[self.byte : self.byte + as_int(length)])


@scanner.method("scan_integer")
def scan_integer(self: ScannerObject, blk: Block, *, base: Value = 10) -> Value:
    number = as_int(base)
    if number == 10:
        source = r"[+-]?\d+"
    elif number == 16:
        source = r"[+-]?(?:0x)?[0-9a-fA-F]+"
    else:
        raise error("ArgumentError", f"Unsupported integer base: {number}, expected 10 or 16")
    import re

    found = re.compile(source, re.ASCII).match(self.string.s, self.at)
    if found is None:
        self.match = None
        return None
    text = take(self, found.end())
    return send(text, ":to_i", None, number)


# --- the place ------------------------------------------------------------------------------------------------------


@scanner.method("pos", "pointer")
def pos(self: ScannerObject, blk: Block) -> Value:
    return self.byte


@scanner.method("charpos")
def charpos(self: ScannerObject, blk: Block) -> Value:
    return self.at


@scanner.method("pos=", "pointer=")
def set_pos(self: ScannerObject, blk: Block, place: Value) -> Value:
    byte = as_int(place)
    length = size(self)
    if byte < 0:
        byte += length
    if not 0 <= byte <= length:
        raise error("RangeError", "index out of range")
    go_to_byte(self, byte)
    return place


@scanner.method("reset")
def reset(self: ScannerObject, blk: Block) -> Value:
    self.at = self.byte = 0
    self.match = None
    return self


@scanner.method("terminate")
def terminate(self: ScannerObject, blk: Block) -> Value:
    self.at = len(self.string.s)
    self.byte = size(self)
    self.match = None
    return self


@scanner.method("unscan")
def unscan(self: ScannerObject, blk: Block) -> Value:
    if self.match is None:
        from ..errors import Raised

        exc = allocate(problem)
        exc.message = String("unscan failed: previous match record not exist")
        raise Raised(exc)
    self.at, self.byte = self.before
    self.match = None
    return self


@scanner.method("bol?", "beginning_of_line?")
def at_line_start(self: ScannerObject, blk: Block) -> Value:
    return truth(self.at == 0 or self.string.s[self.at - 1 : self.at] == "\n")


@scanner.method("eos?")
def is_end(self: ScannerObject, blk: Block) -> Value:
    return truth(self.at >= len(self.string.s))


@scanner.method("rest?")
def has_rest(self: ScannerObject, blk: Block) -> Value:
    return truth(self.at < len(self.string.s))


@scanner.method("rest")
def rest(self: ScannerObject, blk: Block) -> Value:
    return decoded(self, encoded(self.string)[self.byte :])


@scanner.method("rest_size")
def rest_size(self: ScannerObject, blk: Block) -> Value:
    return max(size(self) - self.byte, 0)


@scanner.method("string")
def string_(self: ScannerObject, blk: Block) -> Value:
    return self.string


@scanner.method("string=")
def set_string(self: ScannerObject, blk: Block, string: Value) -> Value:
    self.string = string if isinstance(string, String) else String(as_str(string))
    self.at = self.byte = 0
    self.match = self.pattern = None
    return string


@scanner.method("concat", "<<")
def concat(self: ScannerObject, blk: Block, text: Value) -> Value:
    send(self.string, ":<<", None, text if isinstance(text, String) else String(as_str(text)))
    return self


@scanner.method("fixed_anchor?")
def has_fixed_anchor(self: ScannerObject, blk: Block) -> Value:
    return truth(self.fixed)


# --- the match ------------------------------------------------------------------------------------------------------


def group(self: ScannerObject, number: int) -> Value:
    first, behind = self.match.span(number)
    if first < 0:
        return None
    first, behind = ends(self, (first, behind))
    return part(self, first, behind)


def count(self: ScannerObject) -> int:
    """Return how many groups the last pattern has."""
    return 0 if self.pattern is None else self.pattern.program.count


@scanner.method("matched?")
def has_match(self: ScannerObject, blk: Block) -> Value:
    return truth(self.match is not None)


@scanner.method("matched")
def matched(self: ScannerObject, blk: Block) -> Value:
    return None if self.match is None else group(self, 0)


@scanner.method("matched_size")
def matched_size(self: ScannerObject, blk: Block) -> Value:
    return None if self.match is None else width(self.string, *ends(self, self.match.span()))


@scanner.method("pre_match")
def pre_match(self: ScannerObject, blk: Block) -> Value:
    return None if self.match is None else part(self, 0, ends(self, self.match.span())[0])


@scanner.method("post_match")
def post_match(self: ScannerObject, blk: Block) -> Value:
    return None if self.match is None else part(self, ends(self, self.match.span())[1])


def names(self: ScannerObject) -> dict[str, list[int]]:
    return {} if self.pattern is None else self.pattern.program.names


@scanner.method("[]")
def element(self: ScannerObject, blk: Block, which: Value) -> Value:
    if self.match is None:
        return None
    if isinstance(which, (String, Symbol)):
        name = as_name(which)
        numbers = names(self).get(name)
        if self.pattern is None:
            return None
        if numbers is None:
            raise error("IndexError", f"undefined group name reference: {name}")
        return next((group(self, number) for number in reversed(numbers) if self.match.span(number)[0] >= 0), None)
    number = as_int(which)
    total = count(self)
    if number < 0:
        number += total + 1
    return group(self, number) if 0 <= number <= total else None


@scanner.method("size")
def size_(self: ScannerObject, blk: Block) -> Value:
    return None if self.match is None else count(self) + 1


@scanner.method("captures")
def captures(self: ScannerObject, blk: Block) -> Value:
    if self.match is None:
        return None
    return Array([group(self, number) for number in range(1, count(self) + 1)])


@scanner.method("values_at")
def values_at(self: ScannerObject, blk: Block, *places: Value) -> Value:
    if self.match is None:
        return None
    groups = Array([group(self, number) for number in range(count(self) + 1)])
    return send(groups, ":values_at", None, *places)


@scanner.method("named_captures")
def named_captures(self: ScannerObject, blk: Block) -> Value:
    result = Hash()
    for name in names(self):
        hash_set(result, String(name), None if self.match is None else element(self, None, String(name)))
    return result


# --- text -----------------------------------------------------------------------------------------------------------

SHOWN = 5  # bytes before and behind the place


def binary(data: bytes) -> String:
    return BinaryString(data.decode("latin-1"))


@scanner.method("inspect")
def inspect(self: ScannerObject, blk: Block) -> Value:
    data = encoded(self.string)
    if self.byte >= len(data):
        return String("#<StringScanner fin>")
    behind = data[self.byte : self.byte + SHOWN]
    after = binary(behind + (b"..." if self.byte + SHOWN < len(data) else b""))
    shown = f"{self.byte}/{len(data)} "
    if self.byte:
        start = max(self.byte - SHOWN, 0)
        before = binary((b"..." if start else b"") + data[start : self.byte])
        shown += inspect_str(before) + " "
    return String(f"#<StringScanner {shown}@ {inspect_str(after)}>")
