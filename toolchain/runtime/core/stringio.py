"""StringIO: a String read and written like a file.

Positions are bytes, so the text is worked on as bytes; the String is brought in step after every change, and read
anew when the program changed it.
"""

from __future__ import annotations

from ..convert import as_int, as_str
from ..dispatch import send
from ..errors import error
from ..library import library_class
from ..values import TRUE, UNDEF, Array, BinaryString, Object, String, truth
from .enumerator import make_enumerator
from .io import decode, encode, whence
from .io_read import LineRule, end_of_file, is_true_option
from .kernel_output import print_text, putc_text, puts_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class StringIOObject(Object):
    """`string` is the guest String, `data` its bytes as last seen in `known`."""

    __slots__ = ("string", "known", "data", "position", "line", "readable", "writable", "appending")
    mclass = None

    def prepare(self) -> None:
        self.string: Any = String("")
        self.known = ""
        self.data = bytearray()
        self.position = 0
        self.line = 0
        self.readable = True
        self.writable = True
        self.appending = False


stringio = library_class("StringIO", "Object", StringIOObject, ("Enumerable",))
stringio.constant("VERSION", String("3.2.0"))


def content(target: StringIOObject) -> bytearray:
    """Return the bytes of the String."""
    if target.string.s is not target.known:
        target.data = bytearray(encode(target.string))
        target.known = target.string.s
    return target.data


def store(target: StringIOObject) -> None:
    """Bring the String in step with its bytes."""
    binary = isinstance(target.string, BinaryString)
    target.string.s = target.known = decode(bytes(target.data), binary).s


def for_reading(target: StringIOObject) -> bytearray:
    if not target.readable:
        raise error("IOError", "not opened for reading")
    return content(target)


def for_writing(target: StringIOObject) -> bytearray:
    if not target.writable:
        raise error("IOError", "not opened for writing")
    return content(target)


def made(target: StringIOObject, data: bytes) -> Value:
    return decode(data, isinstance(target.string, BinaryString))


@stringio.private("initialize")
def initialize(self: StringIOObject, blk: Block, string: Value = UNDEF, mode: Value = UNDEF) -> Value:
    if string is not UNDEF and string is not None:
        if not isinstance(string, String):
            string = String(as_str(string))
        self.string = string
    letters = "" if mode is UNDEF or mode.__class__ is int else as_str(mode)
    frozen = self.string.is_frozen
    if frozen and any(letter in letters for letter in "wa+"):
        raise error("Errno::EACCES", "Permission denied", errno=13)
    if letters:
        self.readable = letters[0] == "r" or "+" in letters
        self.writable = letters[0] in "wa" or "+" in letters
        self.appending = letters[0] == "a"
        if letters[0] == "w":
            self.string.s = ""
    elif frozen:
        self.writable = False
    return None


@stringio.singleton("open", block=True)
def open_(self: Value, blk: Block, *args: Value) -> Value:
    opened = send(self, ":new", None, *args)
    if blk is None:
        return opened
    try:
        return blk(opened)
    finally:
        close(opened, None)


@stringio.method("string")
def string_(self: StringIOObject, blk: Block) -> Value:
    return self.string


@stringio.method("string=")
def set_string(self: StringIOObject, blk: Block, string: Value) -> Value:
    as_str(string)
    self.string, self.position, self.line = string, 0, 0
    self.readable, self.writable = True, not string.is_frozen
    return string


@stringio.method("reopen")
def reopen(self: StringIOObject, blk: Block, *args: Value) -> Value:
    self.position = self.line = 0
    initialize(self, None, *args)
    return self


# --- writing --------------------------------------------------------------------------------------------------------


def put(target: StringIOObject, data: bytes) -> None:
    buffer = for_writing(target)
    if target.appending:
        target.position = len(buffer)
    if target.position > len(buffer):
        buffer.extend(b"\0" * (target.position - len(buffer)))
        store(target)
    if target.position == len(buffer):
        buffer += data
        if not isinstance(target.string, BinaryString) and data.isascii():
            target.string.s = target.known = target.known + data.decode("ascii")
            target.position += len(data)
            return
    else:
        buffer[target.position : target.position + len(data)] = data
    target.position += len(data)
    store(target)


def put_text(target: StringIOObject, text: str) -> bool:
    """Append ASCII text where the position is at the end; return whether that was so."""
    buffer = for_writing(target)
    if target.position != len(buffer) or isinstance(target.string, BinaryString):
        return False
    buffer += text.encode()
    string = target.string
    whole = target.known
    target.known = string.s = ""  # now the host may extend the text in place: only one variable refers to it
    whole += text
    target.known = string.s = whole
    target.position += len(text)
    return True


@stringio.method("write", "syswrite", "write_nonblock")
def write(self: StringIOObject, blk: Block, *values: Value) -> Value:
    if len(values) == 1 and values[0].__class__ is String:
        text = values[0].s
        if text.isascii() and put_text(self, text):
            return len(text)
    data = b"".join([encode(value) for value in values])
    put(self, data)
    return len(data)


@stringio.method("<<")
def append(self: StringIOObject, blk: Block, value: Value) -> Value:
    send(self, ":write", None, value)
    return self


@stringio.method("puts")
def puts(self: StringIOObject, blk: Block, *values: Value) -> Value:
    send(self, ":write", None, String(puts_text(values)))
    return None


@stringio.method("print")
def print_(self: StringIOObject, blk: Block, *values: Value) -> Value:
    send(self, ":write", None, String(print_text(values)))
    return None


@stringio.method("printf")
def printf(self: StringIOObject, blk: Block, *values: Value) -> Value:
    if values:
        send(self, ":write", None, send(self, ";format", None, *values))
    return None


@stringio.method("putc")
def putc(self: StringIOObject, blk: Block, character: Value) -> Value:
    send(self, ":write", None, String(putc_text(character)))
    return character


@stringio.method("truncate")
def truncate(self: StringIOObject, blk: Block, length: Value) -> Value:
    buffer = for_writing(self)
    size = as_int(length)
    if size < 0:
        raise error("Errno::EINVAL", "Invalid argument - negative length", errno=22)
    del buffer[size:]
    buffer.extend(b"\0" * (size - len(buffer)))
    store(self)
    return 0


# --- reading --------------------------------------------------------------------------------------------------------


@stringio.method("pread")
def pread(self: StringIOObject, blk: Block, length: Value, offset: Value) -> Value:
    count, start = as_int(length), as_int(offset)
    if count < 0:
        raise error("ArgumentError", f"negative string size (or size too big): {count}")
    if start < 0:
        raise error("Errno::EINVAL", "Invalid argument - pread: Invalid offset argument", errno=22)
    data = bytes(for_reading(self)[start : start + count])
    if not data and count:
        raise end_of_file()
    return BinaryString(data.decode("latin-1"))


@stringio.method("read")
def read(self: StringIOObject, blk: Block, length: Value = None, buffer: Value = None) -> Value:
    data = for_reading(self)
    if length is None:
        part = bytes(data[self.position :])
        result = made(self, part)
    else:
        count = as_int(length)
        if count < 0:
            raise error("ArgumentError", f"negative length {count} given")
        part = bytes(data[self.position : self.position + count])
        result = None if not part and count > 0 else BinaryString(part.decode("latin-1"))
    self.position += len(part)
    if isinstance(buffer, String):
        buffer.s = "" if result is None else result.s
        return None if result is None else buffer
    return result


@stringio.method("readpartial", "sysread", "read_nonblock")
def readpartial(self: StringIOObject, blk: Block, length: Value = None, **options: Value) -> Value:
    result = read(self, None, length)
    if result is None:
        raise end_of_file()
    return result


def read_line(target: StringIOObject, rule: LineRule) -> bytes | None:
    """Return the bytes of the next line, None at the end."""
    data = for_reading(target)
    start = target.position
    if rule.limit == 0:
        return b""
    if rule.paragraph:
        while data[start : start + 1] == b"\n":
            start += 1
    if start >= len(data):
        return None
    separator = b"\n\n" if rule.paragraph else rule.separator
    found = -1 if separator is None else data.find(separator, start)
    end = len(data) if found < 0 else found + len(separator or b"")
    if 0 <= rule.limit < end - start:
        end = start + rule.limit
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end += 1
    line = bytes(data[start:end])
    if rule.paragraph:
        while data[end : end + 1] == b"\n":
            end += 1
        line = bytes(data[start:end])
    target.position = end
    target.line += 1
    if rule.chomp and separator is not None:
        if separator == b"\n" and line.endswith(b"\r\n"):
            line = line[:-2]
        elif rule.paragraph:
            line = line.rstrip(b"\n")
        elif line.endswith(separator):
            line = line[: -len(separator)]
    return line


@stringio.method("gets")
def gets(self: StringIOObject, blk: Block, *args: Value, chomp: Value = UNDEF) -> Value:
    from ..globals import STATE, VALUES

    line = read_line(self, LineRule(args, is_true_option(chomp)))
    result = None if line is None else made(self, line)
    VALUES["$_"] = result
    STATE.line_number = self.line
    return result


@stringio.method("readline")
def readline(self: StringIOObject, blk: Block, *args: Value, chomp: Value = UNDEF) -> Value:
    line = gets(self, None, *args, chomp=chomp)
    if line is None:
        raise end_of_file()
    return line


@stringio.method("readlines")
def readlines(self: StringIOObject, blk: Block, *args: Value, chomp: Value = UNDEF) -> Value:
    rule = LineRule(args, is_true_option(chomp))
    lines: list[Any] = []
    while (line := read_line(self, rule)) is not None:
        lines.append(made(self, line))
    return Array(lines)


@stringio.method("each_line", "each", block=True)
def each_line(self: StringIOObject, blk: Block, *args: Value, chomp: Value = UNDEF) -> Value:
    if blk is None:
        result = make_enumerator(self, "each_line", *args)
        if chomp is not UNDEF:
            result.keywords = {"chomp": chomp}
        return result
    rule = LineRule(args, is_true_option(chomp))
    while (line := read_line(self, rule)) is not None:
        blk(made(self, line))
    return self


def next_character(target: StringIOObject) -> bytes:
    data = for_reading(target)
    start = end = target.position
    if start >= len(data):
        return b""
    end += 1
    if not isinstance(target.string, BinaryString):
        while end < len(data) and data[end] & 0xC0 == 0x80 and data[start] >= 0xC0:
            end += 1
    target.position = end
    return bytes(data[start:end])


@stringio.method("getc")
def getc(self: StringIOObject, blk: Block) -> Value:
    data = next_character(self)
    return made(self, data) if data else None


@stringio.method("readchar")
def readchar(self: StringIOObject, blk: Block) -> Value:
    character = getc(self, None)
    if character is None:
        raise end_of_file()
    return character


@stringio.method("getbyte")
def getbyte(self: StringIOObject, blk: Block) -> Value:
    data = for_reading(self)
    if self.position >= len(data):
        return None
    self.position += 1
    return data[self.position - 1]


@stringio.method("readbyte")
def readbyte(self: StringIOObject, blk: Block) -> Value:
    byte = getbyte(self, None)
    if byte is None:
        raise end_of_file()
    return byte


@stringio.method("ungetc", "ungetbyte")
def ungetc(self: StringIOObject, blk: Block, character: Value) -> Value:
    data = for_reading(self)
    if character is None:
        return None
    given = bytes([character & 0xFF]) if character.__class__ is int else encode(character)
    start = self.position - len(given)
    if start >= 0:
        data[start : self.position] = given
        self.position = start
    else:
        data[: self.position] = given
        self.position = 0
    store(self)
    return None


@stringio.method("each_char", block=True)
def each_char(self: StringIOObject, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_char")
    while data := next_character(self):
        blk(made(self, data))
    return self


@stringio.method("each_codepoint", block=True)
def each_codepoint(self: StringIOObject, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_codepoint")
    while data := next_character(self):
        blk(send(made(self, data), ":ord"))
    return self


@stringio.method("each_byte", block=True)
def each_byte(self: StringIOObject, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_byte")
    while (byte := getbyte(self, None)) is not None:
        blk(byte)
    return self


@stringio.method("eof?", "eof")
def is_eof(self: StringIOObject, blk: Block) -> Value:
    return truth(self.position >= len(for_reading(self)))


# --- position and state ---------------------------------------------------------------------------------------------


@stringio.method("pos", "tell")
def pos(self: StringIOObject, blk: Block) -> Value:
    return self.position


@stringio.method("pos=")
def set_pos(self: StringIOObject, blk: Block, position: Value) -> Value:
    number = as_int(position)
    if number < 0:
        raise error("Errno::EINVAL", "Invalid argument", errno=22)
    self.position = number
    return position


@stringio.method("seek")
def seek(self: StringIOObject, blk: Block, offset: Value, mode: Value = UNDEF) -> Value:
    base = (0, self.position, len(content(self)))[whence(mode)]
    set_pos(self, None, base + as_int(offset))
    return 0


@stringio.method("rewind")
def rewind(self: StringIOObject, blk: Block) -> Value:
    self.position = self.line = 0
    return 0


@stringio.method("lineno")
def lineno(self: StringIOObject, blk: Block) -> Value:
    return self.line


@stringio.method("lineno=")
def set_lineno(self: StringIOObject, blk: Block, number: Value) -> Value:
    self.line = as_int(number)
    return number


@stringio.method("size", "length")
def size(self: StringIOObject, blk: Block) -> Value:
    return len(content(self))


@stringio.method("close")
def close(self: StringIOObject, blk: Block) -> Value:
    self.readable = self.writable = False
    return None


@stringio.method("close_read")
def close_read(self: StringIOObject, blk: Block) -> Value:
    self.readable = False
    return None


@stringio.method("close_write")
def close_write(self: StringIOObject, blk: Block) -> Value:
    self.writable = False
    return None


@stringio.method("closed?")
def is_closed(self: StringIOObject, blk: Block) -> Value:
    return truth(not self.readable and not self.writable)


@stringio.method("closed_read?")
def is_closed_read(self: StringIOObject, blk: Block) -> Value:
    return truth(not self.readable)


@stringio.method("closed_write?")
def is_closed_write(self: StringIOObject, blk: Block) -> Value:
    return truth(not self.writable)


@stringio.method("flush")
def itself(self: StringIOObject, blk: Block) -> Value:
    return self


@stringio.method("sync")
def sync(self: StringIOObject, blk: Block) -> Value:
    return TRUE


@stringio.method("fsync")
def fsync(self: StringIOObject, blk: Block) -> Value:
    return 0


@stringio.method("fcntl")
def fcntl(self: StringIOObject, blk: Block, *args: Value) -> Value:
    raise error("NotImplementedError", "fcntl() function is unimplemented on this machine")


@stringio.method("sync=")
def set_sync(self: StringIOObject, blk: Block, value: Value) -> Value:
    return value


@stringio.method("tty?", "isatty")
def is_tty(self: StringIOObject, blk: Block) -> Value:
    return truth(False)


@stringio.method("fileno", "pid")
def fileno(self: StringIOObject, blk: Block) -> Value:
    return None


@stringio.method("binmode")
def binmode(self: StringIOObject, blk: Block) -> Value:
    return self


@stringio.method("set_encoding")
def set_encoding(self: StringIOObject, blk: Block, *names: Value, **options: Value) -> Value:
    return self


@stringio.method("external_encoding")
def external_encoding(self: StringIOObject, blk: Block) -> Value:
    return send(self.string, ":encoding")


@stringio.method("internal_encoding")
def internal_encoding(self: StringIOObject, blk: Block) -> Value:
    return None
