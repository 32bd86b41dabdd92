"""IO's own methods: making IO objects, whole files in one call, pipes, processes."""

from __future__ import annotations

import os

from ..builtin import NativeClass, builtin_class
from ..convert import as_float, as_int, as_str
from ..dispatch import send, send_keywords
from ..errors import error
from ..loading import path_text
from ..streams import flush_all
from ..values import UNDEF, Array, Hash, String
from .enumerator import make_enumerator
from .io import IOObject, close, encode, host_file, is_closed, new_io, settle, write_bytes
from .io_mode import Mode
from .io_pipe import Pipe
from .io_read import checked_rule, reader, rest_lines, take

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

io = NativeClass("IO")


@io.private("initialize")
def initialize(self: IOObject, blk: Block, descriptor: Value, mode: Value = UNDEF, **options: Value) -> Value:
    rule = Mode(mode, options)
    number = as_int(descriptor)
    self.path = f"fd {number}"
    try:
        self.host = os.fdopen(number, rule.python, closefd=number > 2)
    except OSError as failure:
        raise error("Errno::EBADF", "Bad file descriptor", errno=failure.errno)
    except ValueError:
        raise error("Errno::EINVAL", "Invalid argument", errno=22)
    rule.apply(self)
    return None


@io.singleton("for_fd")
def for_fd(self: Value, blk: Block, *args: Value, **options: Value) -> Value:
    return send_keywords(self, ":new", None, args, options)


@io.singleton("open", block=True)
def open_(self: Value, blk: Block, *args: Value, **options: Value) -> Value:
    opened = send_keywords(self, ":new", None, args, options)
    return opened if blk is None else with_open(opened, blk)


def with_open(opened: Any, blk: Block) -> Value:
    """Call the block with an IO object and close it behind."""
    try:
        return blk(opened)
    finally:
        if not is_closed(opened):
            send(opened, ":close")


@io.singleton("sysopen")
def sysopen(self: Value, blk: Block, path: Value, mode: Value = UNDEF, permissions: Value = UNDEF) -> Value:
    from .errno import failed_call

    try:
        return os.open(path_text(path), Mode(mode, {}).flags, 0o666 if permissions is UNDEF else as_int(permissions))
    except OSError as failure:
        raise failed_call(failure, "rb_sysopen", path_text(path))


# --- whole files ----------------------------------------------------------------------------------------------------


def opened(path: Value, mode: str, options: dict[str, Any]) -> IOObject:
    """Open a file by its path."""
    chosen = {name: value for name, value in options.items() if name not in ("chomp", "perm")}
    if "mode" in chosen:
        return send_keywords(builtin_class("File"), ":new", None, (path,), chosen)
    return send_keywords(builtin_class("File"), ":new", None, (path, String(mode)), chosen)


@io.singleton("read")
def read(self: Value, blk: Block, path: Value, length: Value = None, offset: Value = None, **options: Value) -> Value:
    from .io import decode

    file = opened(path, "r", options)
    try:
        if offset is not None:
            host_file(file).seek(as_int(offset))
        if length is None:
            return decode(take(file, -1), file.binary)
        count = as_int(length)
        if count < 0:
            raise error("ArgumentError", f"negative length {count} given")
        data = take(file, count)
        return decode(data, file.binary) if data or count == 0 else None
    finally:
        close(file, None)


@io.singleton("binread")
def binread(self: Value, blk: Block, path: Value, length: Value = None, offset: Value = None) -> Value:
    return read(self, None, path, length, offset, mode=String("rb"))


def write_file(path: Value, value: Value, offset: Value, options: dict[str, Any], mode: str) -> Value:
    if offset is not UNDEF and offset is not None:
        mode = "r+" if os.path.exists(path_text(path)) else "w"
    file = opened(path, mode, options)
    try:
        if offset is not UNDEF and offset is not None:
            host_file(file).seek(as_int(offset))
        data = encode(value)
        write_bytes(file, data)
        return len(data)
    finally:
        close(file, None)


@io.singleton("write")
def write(self: Value, blk: Block, path: Value, value: Value, offset: Value = UNDEF, **options: Value) -> Value:
    return write_file(path, value, offset, options, "w")


@io.singleton("binwrite")
def binwrite(self: Value, blk: Block, path: Value, value: Value, offset: Value = UNDEF, **options: Value) -> Value:
    return write_file(path, value, offset, options, "wb")


@io.singleton("readlines")
def readlines(self: Value, blk: Block, path: Value, *args: Value, **options: Value) -> Value:
    file = opened(path, "r", options)
    try:
        rule = checked_rule(args, options.get("chomp", UNDEF), "readlines")
        return Array(list(rest_lines(file, rule)))
    finally:
        close(file, None)


@io.singleton("foreach", block=True)
def foreach(self: Value, blk: Block, path: Value, *args: Value, **options: Value) -> Value:
    if blk is None:
        result = make_enumerator(self, "foreach", path, *args)
        if options:
            result.keywords = options
        return result
    file = opened(path, "r", options)
    try:
        rule = checked_rule(args, options.get("chomp", UNDEF), "foreach")
        for line in rest_lines(file, rule):
            blk(line)
    finally:
        close(file, None)
    return None


@io.singleton("copy_stream")
def copy_stream(
    self: Value, blk: Block, source: Value, target: Value, length: Value = None, offset: Value = None
) -> Value:
    if is_like_io(source, "read") or is_like_io(target, "write"):
        return copy_by_methods(source, target, length)
    from_path = not isinstance(source, IOObject)
    to_path = not isinstance(target, IOObject)
    reading = opened(source, "rb", {}) if from_path else source
    writing = opened(target, "wb", {}) if to_path else target
    try:
        if offset is not None:
            host_file(reading).seek(as_int(offset))
        data = take(reading, -1 if length is None else as_int(length))
        write_bytes(writing, data)
        return len(data)
    finally:
        if from_path:
            close(reading, None)
        if to_path:
            close(writing, None)


def is_like_io(value: Value, name: str) -> bool:
    """Tell whether a value is no IO but has the method that copying needs, as a StringIO."""
    from ..dispatch import respond_to

    if isinstance(value, (IOObject, String)) or respond_to(value, "to_path"):
        return False
    return respond_to(value, name)


def copy_by_methods(source: Value, target: Value, length: Value) -> Value:
    """Copy between objects by their `read` and `write`."""
    from_path = isinstance(source, String)
    to_path = isinstance(target, String)
    reading = opened(source, "rb", {}) if from_path else source
    writing = opened(target, "wb", {}) if to_path else target
    try:
        data = send(reading, ":read") if length is None else send(reading, ":read", None, length)
        return 0 if data is None else send(writing, ":write", None, data)
    finally:
        if from_path:
            close(reading, None)
        if to_path:
            close(writing, None)


# --- pipes and processes --------------------------------------------------------------------------------------------


@io.singleton("pipe", block=True)
def pipe(self: Value, blk: Block, *args: Value, **options: Value) -> Value:
    read_end, write_end = os.pipe()
    first, second = new_io(f"fd {read_end}"), new_io(f"fd {write_end}")
    first.host, first.readable = Pipe(read_end), True
    second.host, second.writable, second.sync = os.fdopen(write_end, "wb"), True, True
    pair = Array([first, second])
    if blk is None:
        return pair
    try:
        return blk(first, second)
    finally:
        close(first, None)
        close(second, None)


@io.singleton("popen", block=True)
def popen(self: Value, blk: Block, *args: Value, **options: Value) -> Value:
    import subprocess

    from .errno import failed_call
    from .kernel_spawn import command_words

    rest = list(args)
    environment = [rest.pop(0)] if rest and isinstance(rest[0], Hash) else []
    command = rest.pop(0)
    rule = Mode(rest[0] if rest else UNDEF, {})
    if isinstance(command, Array):
        words, shell, variables = command_words([*environment, *command.a])
        if shell:
            words, shell = [words], False
    else:
        words, shell, variables = command_words([*environment, command])
    flush_all()
    try:
        process = subprocess.Popen(
            words,
            shell=shell,
            env=variables,
            stdin=subprocess.PIPE if rule.writable else None,
            stdout=subprocess.PIPE if rule.readable else None,
            stderr=subprocess.STDOUT if "err" in options else None,
        )
    except OSError as failure:
        raise failed_call(failure, "", as_str(command.a[0] if isinstance(command, Array) else command))
    result = new_io(as_str(command.a[0]) if isinstance(command, Array) else as_str(command))
    result.process = process
    result.readable, result.writable = rule.readable, rule.writable
    result.host, result.writer = process.stdout, process.stdin
    result.sync = True
    return result if blk is None else with_open(result, blk)


@io.singleton("select")
def select(
    self: Value, blk: Block, readers: Value, writers: Value = None, errors: Value = None, timeout: Value = None
) -> Value:
    import select as host

    def files(values: Value) -> list[Any]:
        return [] if values is None else list(values.a)

    wanted = files(readers)
    ready = [item for item in wanted if item.pushed or has_buffered(item)]
    if not ready:
        seconds = None if timeout is None else as_float(timeout)
        by_file = {id(host_file(item)): item for item in [*wanted, *files(writers), *files(errors)]}
        found = host.select(
            [host_file(item) for item in wanted],
            [host_file(item) for item in files(writers)],
            [host_file(item) for item in files(errors)],
            seconds,
        )
        if not any(found):
            return None
        return Array([Array([by_file[id(file)] for file in group]) for group in found])
    return Array([Array(ready), Array([]), Array([])])


def has_buffered(target: IOObject) -> bool:
    """Return whether bytes wait in Python's own buffer."""
    import select as host

    file = reader(target)
    if not hasattr(file, "peek"):
        return False
    return bool(host.select([file], [], [], 0)[0]) and bool(file.peek(1))


@io.singleton("try_convert")
def try_convert(self: Value, blk: Block, value: Value) -> Value:
    return value if isinstance(value, IOObject) else None


@io.method("reopen")
def reopen(self: IOObject, blk: Block, other: Value, mode: Value = UNDEF) -> Value:
    source = other if isinstance(other, IOObject) else opened(other, "r" if mode is UNDEF else as_str(mode), {})
    if self.out is not None:
        self.out.flush()
    self.host, self.out, self.path = source.host, source.out, source.path
    self.readable, self.writable, self.binary = source.readable, source.writable, source.binary
    settle(self)
    return self
