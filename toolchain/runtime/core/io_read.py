"""IO: reading."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_int, as_str
from ..errors import error
from ..globals import STATE, VALUES
from ..values import UNDEF, Array, String, is_true, truth
from .enumerator import make_enumerator
from .io import STANDARD, IOObject, check_open, decode, encode, flush_file, host_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..values import Block, Value

io = NativeClass("IO")


def reader(target: IOObject) -> Any:
    """Return the Python file to read from. IOError of the guest if there is none."""
    check_open(target)
    if not target.readable:
        raise error("IOError", "not opened for reading")
    if target.writable and target.writer is None:
        flush_file(target)
    return target.host


def end_of_file() -> Any:
    return error("EOFError", "end of file reached")


def take(target: IOObject, count: int) -> bytes:
    """Read up to `count` bytes, all for -1; what was given back comes first."""
    file = reader(target)
    pushed = target.pushed
    if not pushed:
        return file.read(count)
    if count < 0:
        target.pushed = b""
        return pushed + file.read()
    target.pushed = pushed[count:]
    data = pushed[:count]
    return data + file.read(count - len(data)) if len(data) < count else data


def give_back(target: IOObject, data: bytes) -> None:
    target.pushed = data + target.pushed


# --- lines ----------------------------------------------------------------------------------------------------------


class LineRule:
    """What ends a line: `separator` (None: the end of the file, b"": an empty line) or `limit` bytes."""

    __slots__ = ("separator", "limit", "chomp", "paragraph")

    def __init__(self, args: Any, chomp: bool) -> None:
        separator: Any = STATE.separators["$/"]
        self.limit = -1
        if len(args) > 2:
            from ..errors import arity_error

            raise arity_error(len(args), 0, 2)
        if len(args) == 2:
            separator = args[0]
            if args[1] is not None:
                self.limit = as_int(args[1])
        elif len(args) == 1:
            if args[0] is None or isinstance(args[0], String):
                separator = args[0]
            elif args[0].__class__ is int:
                self.limit = int(args[0])
            else:
                separator = String(as_str(args[0]))
        self.separator = None if separator is None else encode(separator)
        self.chomp = chomp
        self.paragraph = self.separator == b""


PLAIN_RULES: dict[bool, tuple[str, LineRule]] = {}  # by chomp: (text of `$/`, the rule without arguments)


def line_rule(args: Any, chomp: bool) -> LineRule:
    """Return a LineRule; the usual ones are made once."""
    if args:
        return LineRule(args, chomp)
    separator = STATE.separators["$/"]
    if separator is None:
        return LineRule(args, chomp)
    known = PLAIN_RULES.get(chomp)
    if known is None or known[0] != separator.s:
        known = PLAIN_RULES[chomp] = (separator.s, LineRule(args, chomp))
    return known[1]


def rest_lines(target: IOObject, rule: LineRule) -> Iterator[String]:
    """Yield the lines that are left."""
    plain = rule.separator == b"\n" and rule.limit < 0 and not target.binary
    while True:
        file = reader(target)
        if plain and target is not STANDARD.stdin and not target.writable:
            chomp = rule.chomp
            while target.host is file and not target.pushed:  # which the block may change
                line = file.readline()
                if not line:
                    return
                target.lineno += 1
                STATE.line_number = target.lineno
                if chomp and line[-1:] == b"\n":
                    line = line[:-2] if line[-2:] == b"\r\n" else line[:-1]
                yield String(line.decode("utf-8", "surrogateescape"))
            if target.host is not file:
                continue
        other = read_line(target, rule)
        if other is None:
            return
        yield decode(other, target.binary)


def read_line(target: IOObject, rule: LineRule) -> bytes | None:
    """Return the bytes of the next line, None at the end of the file."""
    file = reader(target)
    if rule.separator == b"\n" and rule.limit < 0 and not target.pushed:
        line = file.readline()
    elif rule.limit == 0:
        return b""
    elif rule.separator is None and rule.limit < 0:
        line = take(target, -1)
    else:
        line = general_line(target, rule)
    if not line:
        return None
    target.lineno += 1
    STATE.line_number = target.lineno
    if rule.chomp:
        if rule.paragraph:
            line = line.rstrip(b"\n")
        elif rule.separator == b"\n":
            line = line[:-2] if line.endswith(b"\r\n") else line[:-1] if line.endswith(b"\n") else line
        elif rule.separator and line.endswith(rule.separator):
            line = line[: -len(rule.separator)]
    return line


def general_line(target: IOObject, rule: LineRule) -> bytes:
    """Read a line byte by byte: other separators, limits, paragraphs."""
    separator = b"\n\n" if rule.paragraph else rule.separator
    line = bytearray()
    if rule.paragraph:
        skip_newlines(target)
    while True:
        byte = take(target, 1)
        if not byte:
            break
        line += byte
        if separator is not None and line.endswith(separator):
            break
        if 0 <= rule.limit <= len(line):
            if not target.binary:
                finish_character(target, line)
            break
    if rule.paragraph:
        skip_newlines(target)
    return bytes(line)


def skip_newlines(target: IOObject) -> None:
    while True:
        byte = take(target, 1)
        if byte != b"\n":
            if byte:
                give_back(target, byte)
            return


def finish_character(target: IOObject, line: bytearray) -> None:
    """Read the rest of a UTF-8 character whose first bytes end `line`."""
    start = len(line) - 1
    while start > 0 and line[start] & 0xC0 == 0x80:
        start -= 1
    lead = line[start]
    needed = 2 if 0xC0 <= lead < 0xE0 else 3 if 0xE0 <= lead < 0xF0 else 4 if lead >= 0xF0 else 1
    missing = needed - (len(line) - start)
    if missing > 0:
        line += take(target, missing)


@io.method("gets")
def gets(self: IOObject, blk: Block, *args: Value, chomp: Value = UNDEF) -> Value:
    line = read_line(self, line_rule(args, is_true_option(chomp)))
    result = None if line is None else decode(line, self.binary)
    VALUES["$_"] = result
    return result


def is_true_option(value: Value) -> bool:
    return value is not UNDEF and is_true(value)


@io.method("readline")
def readline(self: IOObject, blk: Block, *args: Value, chomp: Value = UNDEF) -> Value:
    line = gets(self, None, *args, chomp=chomp)
    if line is None:
        raise end_of_file()
    return line


@io.method("readlines", "to_a")
def readlines(self: IOObject, blk: Block, *args: Value, chomp: Value = UNDEF) -> Value:
    return Array(list(rest_lines(self, checked_rule(args, chomp, "readlines"))))


def checked_rule(args: Any, chomp: Value, name: str) -> LineRule:
    rule = LineRule(args, is_true_option(chomp))
    if rule.limit == 0:
        raise error("ArgumentError", f"invalid limit: 0 for {name}")
    return rule


@io.method("each_line", "each", block=True)
def each_line(self: IOObject, blk: Block, *args: Value, chomp: Value = UNDEF) -> Value:
    if blk is None:
        result = make_enumerator(self, "each_line", *args)
        if chomp is not UNDEF:
            result.keywords = {"chomp": chomp}
        return result
    for line in rest_lines(self, checked_rule(args, chomp, "each_line")):
        blk(line)
    return self


# --- bytes and characters -------------------------------------------------------------------------------------------


@io.method("read")
def read(self: IOObject, blk: Block, length: Value = None, buffer: Value = None) -> Value:
    if length is None:
        result: Value = decode(take(self, -1) or b"", self.binary)
    else:
        count = as_int(length)
        if count < 0:
            raise error("ArgumentError", f"negative length {count} given")
        data = take(self, count)
        result = None if not data and count > 0 else decode(data, self.binary)
    if isinstance(buffer, String):
        buffer.s = "" if result is None else result.s
        return None if result is None else buffer
    return result


@io.method("readpartial", "sysread", "read_nonblock")
def readpartial(self: IOObject, blk: Block, length: Value, buffer: Value = None, **options: Value) -> Value:
    count = as_int(length)
    if count < 0:
        raise error("ArgumentError", f"negative length {count} given")
    file = reader(self)
    if self.pushed:
        data = take(self, min(count, len(self.pushed)))
    else:
        data = file.read1(count) if hasattr(file, "read1") else file.read(count)
    if not data and count > 0:
        raise end_of_file()
    result = decode(data, self.binary)
    if isinstance(buffer, String):
        buffer.s = result.s
        return buffer
    return result


@io.method("pread")
def pread(self: IOObject, blk: Block, length: Value, offset: Value) -> Value:
    import os

    reader(self)
    data = os.pread(host_file(self).fileno(), as_int(length), as_int(offset))
    if not data and as_int(length) > 0:
        raise end_of_file()
    return decode(data, self.binary)


def next_character(target: IOObject) -> bytes:
    """Return the bytes of the next character, b"" at the end of the file."""
    first = take(target, 1)
    if not first or target.binary or first[0] < 0xC0:
        return first
    whole = bytearray(first)
    finish_character(target, whole)
    return bytes(whole)


@io.method("getc")
def getc(self: IOObject, blk: Block) -> Value:
    data = next_character(self)
    return decode(data, self.binary) if data else None


@io.method("readchar")
def readchar(self: IOObject, blk: Block) -> Value:
    character = getc(self, None)
    if character is None:
        raise end_of_file()
    return character


@io.method("getbyte")
def getbyte(self: IOObject, blk: Block) -> Value:
    data = take(self, 1)
    return data[0] if data else None


@io.method("readbyte")
def readbyte(self: IOObject, blk: Block) -> Value:
    data = take(self, 1)
    if not data:
        raise end_of_file()
    return data[0]


@io.method("ungetc")
def ungetc(self: IOObject, blk: Block, character: Value) -> Value:
    reader(self)
    if character is not None:
        text = chr(character) if character.__class__ is int else as_str(character)
        give_back(self, encode(String(text)))
    return None


@io.method("ungetbyte")
def ungetbyte(self: IOObject, blk: Block, byte: Value) -> Value:
    reader(self)
    if byte is not None:
        give_back(self, bytes([byte & 0xFF]) if byte.__class__ is int else encode(byte))
    return None


@io.method("each_char", block=True)
def each_char(self: IOObject, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_char")
    while data := next_character(self):
        blk(decode(data, self.binary))
    return self


@io.method("each_byte", block=True)
def each_byte(self: IOObject, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_byte")
    while data := take(self, 1):
        blk(data[0])
    return self


@io.method("eof?", "eof")
def is_eof(self: IOObject, blk: Block) -> Value:
    data = take(self, 1)
    if data:
        give_back(self, data)
    return truth(not data)
