"""Regexp: options, names, time limits, and other things that few programs ask."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_float, as_str, to_s
from ..dispatch import respond_to, send
from ..errors import error
from ..later import later
from ..values import UNDEF, Array, String, truth
from .regexp import FIXED_ENCODING, IGNORECASE, NO_ENCODING, Regexp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..hashing import make_hash
    from ..values import Block, Value
    from .encoding import encoding_value
else:
    later(globals(), ".encoding", "encoding_value")
    later(globals(), "..hashing", "make_hash")

regexp = NativeClass("Regexp")


@regexp.singleton("compile")
def compile_regexp(self: Value, blk: Block, *args: Value) -> Value:
    return send(self, ":new", None, *args)


@regexp.singleton("try_convert")
def try_convert(self: Value, blk: Block, value: Value) -> Value:
    if isinstance(value, Regexp):
        return value
    return send(value, ":to_regexp") if respond_to(value, "to_regexp") else None


def positive_timeout(value: Value) -> float:
    seconds = as_float(value)
    if seconds <= 0:
        raise error("ArgumentError", f"invalid timeout: {to_s(value)}")
    return seconds


class Timeouts:
    """The default limit, which is kept but not enforced: the host's matcher cannot be interrupted."""

    default: Any = None


@regexp.singleton("timeout")
def default_timeout(self: Value, blk: Block) -> Value:
    return Timeouts.default


@regexp.singleton("timeout=")
def set_default_timeout(self: Value, blk: Block, value: Value) -> Value:
    Timeouts.default = None if value is None else positive_timeout(value)
    return value


@regexp.singleton("linear_time?")
def is_linear_time(self: Value, blk: Block, pattern: Value, *options: Value, timeout: Value = UNDEF) -> Value:
    """Return whether matching takes linear time in Ruby: without references, look-around and atomic groups."""
    source = pattern.source if isinstance(pattern, Regexp) else as_str(pattern)
    hard = ("(?=", "(?!", "(?<=", "(?<!", "(?>", "\\k", "\\g", "++", "*+", "?+", "(?~")
    return truth(not any(mark in source for mark in hard) and not any(f"\\{digit}" in source for digit in "123456789"))


@regexp.method("source")
def source(self: Regexp, blk: Block) -> String:
    return String(self.source)


def is_fixed(self: Regexp) -> bool:
    return not self.source.isascii() or bool(self.flags & FIXED_ENCODING)


@regexp.method("options")
def options(self: Regexp, blk: Block) -> int:
    return self.flags | (FIXED_ENCODING if is_fixed(self) else 0)


@regexp.method("casefold?")
def is_casefold(self: Regexp, blk: Block) -> Value:
    return truth(self.flags & IGNORECASE)


@regexp.method("fixed_encoding?")
def is_fixed_encoding(self: Regexp, blk: Block) -> Value:
    return truth(is_fixed(self))


@regexp.method("encoding")
def encoding(self: Regexp, blk: Block) -> Value:
    if is_fixed(self):
        return encoding_value("UTF-8")
    return encoding_value("BINARY" if self.flags & NO_ENCODING and "\\x" in self.source else "US-ASCII")


@regexp.method("timeout")
def timeout(self: Regexp, blk: Block) -> Value:
    return self.limit


@regexp.method("names")
def names(self: Regexp, blk: Block) -> Array:
    return Array([String(name) for name in self.program.names])


@regexp.method("named_captures")
def named_captures(self: Regexp, blk: Block) -> Value:
    return make_hash([(String(name), Array(list(numbers))) for name, numbers in self.program.names.items()])


@regexp.method("==", "eql?")
def equals(self: Regexp, blk: Block, other: Value) -> Value:
    return truth(isinstance(other, Regexp) and self.source == other.source and self.flags == other.flags)


@regexp.method("hash")
def hash_of(self: Regexp, blk: Block) -> int:
    return hash((self.source, self.flags))
