"""IO: the objects of open files and streams, how they are written to, closed and described.

Reading is in io_read.py, IO's own methods (pipe, popen, read ...) in io_class.py, paths and tests in file.py and its
neighbours. Files are Python's buffered binary files; text is converted at this border (UTF-8, bytes that are not as
surrogate escapes; a file in binary mode gives BinaryStrings). Standard output and error write to streams.py.
"""

from __future__ import annotations

import os
import sys

from .. import streams
from ..builtin import NativeClass
from ..convert import as_int
from ..dispatch import send
from ..errors import error
from ..model import class_of
from ..streams import OutStream, to_bytes
from ..values import UNDEF, Array, BinaryString, Object, String, is_true, truth
from .kernel_output import print_text, putc_text, puts_text, text_of, writes_plainly
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class IOObject(Object):
    """`host` is the Python file, `out` the OutStream of standard output or error instead; both None: closed.

    `path` is what `inspect` shows, `lineno` counts the lines read, `pushed` are bytes given back by ungetc.
    `process` is the other end of IO.popen.
    """

    __slots__ = (
        "host", "out", "path", "readable", "writable", "binary", "lineno", "pushed", "sync", "process", "writer",
    )  # fmt: skip
    mclass = None

    def prepare(self) -> None:
        self.host: Any = None
        self.out: OutStream | None = None
        self.path = ""
        self.readable = False
        self.writable = False
        self.binary = False
        self.lineno = 0
        self.pushed = b""
        self.sync = False
        self.process: Any = None
        self.writer: Any = None  # of a popen object: the Python file of the process's input


io = NativeClass("IO")

# IO objects that may hold text which is not written yet: flushed at the end of the program.
WRITERS: dict[int, Any] = {}


def standard(name: str) -> IOObject:
    """Return the object of a standard stream, always the same one: "stdin", "stdout", "stderr"."""
    if name == "stdin":
        if STANDARD.stdin is None:
            value = new_io("<STDIN>")
            value.readable = True
            STANDARD.stdin = value
            follow_stdin()
        return STANDARD.stdin
    stream = streams.STDOUT if name == "stdout" else streams.STDERR
    if stream.io is None:
        value = new_io("<STDOUT>" if name == "stdout" else "<STDERR>")
        value.out = stream
        value.writable = True
        value.sync = name == "stderr"
        stream.io = value
    made: IOObject = stream.io
    return made


class Standard:
    stdin: Any = None
    source: Any = UNDEF  # the sys.stdin that it reads


STANDARD = Standard()


def follow_stdin() -> None:
    """Have STDIN read what `sys.stdin` is now: whoever runs several programs in a process may have replaced it."""
    if STANDARD.source is not sys.stdin:
        STANDARD.source = sys.stdin
        STANDARD.stdin.host = stdin_file()
        STANDARD.stdin.pushed = b""
        STANDARD.stdin.lineno = 0


def stdin_file() -> Any:
    """Return standard input as a Python binary file."""
    binary = getattr(sys.stdin, "buffer", None)
    if binary is not None:
        return binary
    import io as host_io

    return host_io.BytesIO(b"" if sys.stdin is None else sys.stdin.read().encode("utf-8", "surrogateescape"))


def new_io(path: str, cls: Any = None) -> IOObject:
    from ..model import allocate

    value: IOObject = allocate(io.mod if cls is None else cls)
    value.path = path
    return value


def decode(data: bytes, binary: bool) -> String:
    """Return bytes that were read as a String."""
    if binary:
        return BinaryString(data.decode("latin-1"))
    return String(data.decode("utf-8", "surrogateescape"))


def encode(value: Value) -> bytes:
    """Return the bytes that are written for a value."""
    if isinstance(value, BinaryString):
        return value.s.encode("latin-1")
    return to_bytes(text_of(value))


# --- state ----------------------------------------------------------------------------------------------------------


def is_closed(target: IOObject) -> bool:
    if target is STANDARD.stdin:
        follow_stdin()
    return target.host is None and target.out is None and target.writer is None


def check_open(target: IOObject) -> None:
    if is_closed(target):
        raise error("IOError", "closed stream")


def check_writable(target: IOObject) -> None:
    check_open(target)
    if not target.writable:
        raise error("IOError", "not opened for writing")


def host_file(target: IOObject) -> Any:
    """Return the Python file for positions and descriptors."""
    check_open(target)
    return target.host if target.host is not None else target.writer


@io.method("closed?")
def closed(self: IOObject, blk: Block) -> Value:
    return truth(is_closed(self))


def settle(target: IOObject) -> None:
    """Have what is printed go through a standard stream's object while that does not write to the stream itself."""
    for stream in (streams.STDOUT, streams.STDERR):
        if target is stream.io and stream.redirect in (None, target):
            stream.redirect = None if target.out is stream else target


@io.method("close")
def close(self: IOObject, blk: Block) -> Value:
    if is_closed(self):
        return None
    WRITERS.pop(id(self), None)
    if self.out is not None:
        self.out.flush()
        self.out = None
        settle(self)
    for file in (self.writer, self.host):
        if file is not None:
            file.close()
    self.host = self.writer = None
    if self.process is not None:
        from .kernel_spawn import set_status

        set_status(self.process.wait(), self.process.pid)
    return None


@io.method("close_write")
def close_write(self: IOObject, blk: Block) -> Value:
    if self.writer is not None:
        self.writer.close()
        self.writer = None
        self.writable = False
    elif self.writable and not self.readable:
        close(self, None)
    elif not is_closed(self):
        raise error("IOError", "closing non-duplex IO for writing")
    return None


@io.method("close_read")
def close_read(self: IOObject, blk: Block) -> Value:
    if self.writer is not None and self.host is not None:
        self.host.close()
        self.host = None
        self.readable = False
    elif self.readable and not self.writable:
        close(self, None)
    elif not is_closed(self):
        raise error("IOError", "closing non-duplex IO for reading")
    return None


@io.method("fileno", "to_i")
def fileno(self: IOObject, blk: Block) -> Value:
    if self.out is not None:
        return 1 if self.out is streams.STDOUT else 2
    if self is STANDARD.stdin:
        return 0
    return host_file(self).fileno()


@io.method("tty?", "isatty")
def is_tty(self: IOObject, blk: Block) -> Value:
    check_open(self)
    if self.out is not None:
        return truth(self.out.is_terminal())
    return truth(self.host is not None and self.host.isatty())


@io.method("sync")
def sync(self: IOObject, blk: Block) -> Value:
    check_open(self)
    return truth(self.sync)


@io.method("sync=")
def set_sync(self: IOObject, blk: Block, value: Value) -> Value:
    check_open(self)
    self.sync = is_true(value)
    if self.out is not None and self.out is streams.STDOUT:
        self.out.sync = True if self.sync else None
        if self.sync:
            self.out.flush()
    return value


@io.method("flush")
def flush(self: IOObject, blk: Block) -> Value:
    check_open(self)
    if self.out is not None:
        self.out.flush()
    else:
        flush_file(self)
    return self


def flush_file(target: IOObject) -> None:
    file = target.writer if target.writer is not None else target.host
    if file is not None and target.writable:
        file.flush()


@io.method("fsync", "fdatasync")
def fsync(self: IOObject, blk: Block) -> Value:
    flush(self, None)
    if self.out is None:
        os.fsync(host_file(self).fileno())
    return 0


@io.method("binmode")
def binmode(self: IOObject, blk: Block) -> Value:
    check_open(self)
    self.binary = True
    return self


@io.method("binmode?")
def is_binmode(self: IOObject, blk: Block) -> Value:
    return truth(self.binary)


@io.method("to_io")
def to_io(self: IOObject, blk: Block) -> Value:
    return self


@io.method("pid")
def pid(self: IOObject, blk: Block) -> Value:
    return None if self.process is None else self.process.pid


@io.method("inspect")
def inspect(self: IOObject, blk: Block) -> Value:
    name = module_name(class_of(self))
    path = self.path or f"fd {fileno(self, None)}" if not is_closed(self) else self.path
    return String(f"#<{name}:{path}{' (closed)' if is_closed(self) else ''}>")


@io.method("external_encoding")
def external_encoding(self: IOObject, blk: Block) -> Value:
    from ..builtin import builtin_class
    from ..constants import lookup_scoped

    return lookup_scoped(builtin_class("Encoding"), "BINARY" if self.binary else "UTF_8")


@io.method("internal_encoding")
def internal_encoding(self: IOObject, blk: Block) -> Value:
    return None


@io.method("set_encoding", "set_encoding_by_bom")
def set_encoding(self: IOObject, blk: Block, *names: Value, **options: Value) -> Value:
    if names and names[0] is not None:
        from ..convert import to_s

        self.binary = to_s(names[0]).upper().split(":")[0] in ("BINARY", "ASCII-8BIT")
    return self


# --- writing --------------------------------------------------------------------------------------------------------


def write_text(target: IOObject, text: str) -> None:
    """Write text in which every U+DC80..U+DCFF is a byte."""
    if target.out is not None:
        target.out.write(text)
        return
    write_bytes(target, to_bytes(text))


def write_bytes(target: IOObject, data: bytes) -> None:
    check_writable(target)
    if target.out is not None:
        target.out.write(data.decode("utf-8", "surrogateescape"))
        return
    file = target.writer if target.writer is not None else target.host
    if target.pushed:
        file.seek(-len(target.pushed), 1)
        target.pushed = b""
    file.write(data)
    if target.sync:
        file.flush()
    elif id(target) not in WRITERS:
        WRITERS[id(target)] = target
        streams.flush_others = flush_writers


def flush_writers() -> None:
    """Flush every file that the program left open."""
    for target in list(WRITERS.values()):
        if not is_closed(target):
            flush_file(target)


def emit(target: IOObject, text: str) -> None:
    """Write text by the object's `write`."""
    if writes_plainly(target):
        if target.out is not None:
            target.out.write(text)
        else:
            write_text(target, text)
    else:
        send(target, ";write", None, String(text))


@io.method("write", "syswrite", "write_nonblock")
def write(self: IOObject, blk: Block, *values: Value, **options: Value) -> Value:
    if self.out is not None and self.writable:
        text = "".join([text_of(value) for value in values])
        self.out.write(text)
        return len(text) if text.isascii() else len(to_bytes(text))
    check_writable(self)
    data = b"".join([encode(value) for value in values])
    write_bytes(self, data)
    return len(data)


@io.method("pwrite")
def pwrite(self: IOObject, blk: Block, value: Value, offset: Value) -> Value:
    check_writable(self)
    flush_file(self)
    return os.pwrite(self.host.fileno(), encode(value), as_int(offset))


@io.method("puts")
def puts(self: IOObject, blk: Block, *values: Value) -> Value:
    emit(self, puts_text(values))
    return None


@io.method("print")
def print_(self: IOObject, blk: Block, *values: Value) -> Value:
    emit(self, print_text(values))
    return None


@io.method("<<")
def append(self: IOObject, blk: Block, value: Value) -> Value:
    emit(self, text_of(value))
    return self


@io.method("printf")
def printf(self: IOObject, blk: Block, *values: Value) -> Value:
    if values:
        emit(self, text_of(send(self, ";format", None, *values)))
    return None


@io.method("putc")
def putc(self: IOObject, blk: Block, character: Value) -> Value:
    emit(self, putc_text(character))
    return character


@io.method("pp")
def pp(self: IOObject, blk: Block, *values: Value) -> Value:
    from ..pretty import pretty

    for value in values:
        emit(self, pretty(value) + "\n")
    return None if not values else values[0] if len(values) == 1 else Array(list(values))


# --- position -------------------------------------------------------------------------------------------------------

WHENCE = {"SET": 0, "CUR": 1, "END": 2}


def whence(value: Value) -> int:
    if value is UNDEF:
        return 0
    name = getattr(value, "name", None)
    if name is not None:
        if name not in WHENCE:
            raise error("ArgumentError", f"unknown whence: {name}")
        return WHENCE[name]
    return as_int(value)


@io.method("seek", "sysseek")
def seek(self: IOObject, blk: Block, offset: Value, mode: Value = UNDEF) -> Value:
    file = host_file(self)
    number = as_int(offset)
    how = whence(mode)
    if how == 1:
        number -= len(self.pushed)
    self.pushed = b""
    try:
        file.seek(number, how)
    except (OSError, ValueError):
        raise error("Errno::EINVAL", f"Invalid argument - {self.path}", errno=22)
    return 0


@io.method("pos", "tell")
def pos(self: IOObject, blk: Block) -> Value:
    if self.out is not None:
        raise error("Errno::ESPIPE", f"Illegal seek @ rb_io_tell - {self.path}", errno=29)
    return host_file(self).tell() - len(self.pushed)


@io.method("pos=")
def set_pos(self: IOObject, blk: Block, offset: Value) -> Value:
    seek(self, None, offset)
    return offset


@io.method("rewind")
def rewind(self: IOObject, blk: Block) -> Value:
    seek(self, None, 0)
    self.lineno = 0
    return 0


@io.method("lineno")
def lineno(self: IOObject, blk: Block) -> Value:
    if not self.readable:
        raise error("IOError", "not opened for reading")
    return self.lineno


@io.method("lineno=")
def set_lineno(self: IOObject, blk: Block, number: Value) -> Value:
    self.lineno = as_int(number)
    return number


# --- constants ------------------------------------------------------------------------------------------------------

io.constant("SEEK_SET", 0)
io.constant("SEEK_CUR", 1)
io.constant("SEEK_END", 2)
_objects = NativeClass("Object")
_objects.constant("STDIN", standard("stdin"))
_objects.constant("STDOUT", standard("stdout"))
_objects.constant("STDERR", standard("stderr"))
