"""MatchData: bytes, patterns, comparison, and other things that few programs ask."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import inspect_str
from ..errors import error
from ..later import later
from ..values import Array, Hash, Range, String, Symbol, sym, truth
from .match_data import MatchData, aref, group_number, named_group, names_of
from .text import host_of, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..convert import any_to_s
    from ..errors import conversion_name
    from ..hashing import make_hash
    from ..values import Block, Value
else:
    later(globals(), "..hashing", "make_hash")
    later(globals(), "..errors", "conversion_name")
    later(globals(), "..convert", "any_to_s")

match_data = NativeClass("MatchData")


@match_data.method("names")
def names(self: MatchData, blk: Block) -> Array:
    return Array([String(name) for name in names_of(self)])


@match_data.method("deconstruct_keys")
def deconstruct_keys(self: MatchData, blk: Block, keys: Value) -> Hash:
    """Return the named captures with Symbol keys; only the wanted ones, up to the first that does not exist."""
    if keys is None:
        return make_hash([(sym(name), named_group(self, name)) for name in names_of(self)])
    if not isinstance(keys, Array):
        raise error("TypeError", f"wrong argument type {conversion_name(keys)} (expected Array or nil)")
    pairs = []
    for key in keys.a:
        if key.__class__ is not Symbol:
            raise error("TypeError", f"wrong argument type {conversion_name(key)} (expected Symbol)")
        if key.name not in names_of(self):
            break
        pairs.append((key, named_group(self, key.name)))
    return make_hash(pairs)


@match_data.method("values_at")
def values_at(self: MatchData, blk: Block, *which: Value) -> Array:
    result: list[Value] = []
    for one in which:
        value = aref(self, None, one)
        if isinstance(one, Range) and isinstance(value, Array):
            result += value.a
        else:
            result.append(value)
    return Array(result)


@match_data.method("size", "length")
def size(self: MatchData, blk: Block) -> int:
    count: int = self.regexp.program.count
    return count + 1


def byte_at(self: MatchData, at: int) -> int:
    """Return the offset in bytes of the character at `at`."""
    if self.text.isascii():
        return at
    return len(text_bytes(host_of(self.encoding)(self.text[:at])))


@match_data.method("byteoffset")
def byteoffset(self: MatchData, blk: Block, which: Value) -> Array:
    start, stop = self.match.span(group_number(self, which))
    return Array([None, None] if start < 0 else [byte_at(self, start), byte_at(self, stop)])


@match_data.method("bytebegin")
def bytebegin(self: MatchData, blk: Block, which: Value) -> Value:
    start = self.match.span(group_number(self, which))[0]
    return None if start < 0 else byte_at(self, start)


@match_data.method("byteend")
def byteend(self: MatchData, blk: Block, which: Value) -> Value:
    stop = self.match.span(group_number(self, which))[1]
    return None if stop < 0 else byte_at(self, stop)


@match_data.method("match")
def match(self: MatchData, blk: Block, which: Value) -> Value:
    return self.group(group_number(self, which))


@match_data.method("match_length")
def match_length(self: MatchData, blk: Block, which: Value) -> Value:
    start, stop = self.match.span(group_number(self, which))
    return None if start < 0 else stop - start


@match_data.method("regexp")
def regexp(self: MatchData, blk: Block) -> Value:
    return self.regexp


@match_data.method("inspect")
def inspect(self: MatchData, blk: Block) -> String:
    if self.regexp is None:
        return String(any_to_s(self))
    if self.regexp.program.literal:
        return String(f"#<MatchData: {self.text[self.match.start() : self.match.end()]}>")
    labels = {number: name for name, numbers in names_of(self).items() for number in numbers}
    parts = [inspect_str(self.group(0))]
    for number in range(1, self.regexp.program.count + 1):
        parts.append(f"{labels.get(number, number)}:{inspect_str(self.group(number))}")
    return String(f"#<MatchData {' '.join(parts)}>")


@match_data.method("==", "eql?")
def equals(self: MatchData, blk: Block, other: Value) -> Value:
    if not isinstance(other, MatchData):
        return truth(False)
    same = self.text == other.text and self.regexp.source == other.regexp.source
    spans = range(self.regexp.program.count + 1)
    return truth(same and all(self.match.span(number) == other.match.span(number) for number in spans))


@match_data.method("hash")
def hash_of(self: MatchData, blk: Block) -> int:
    return hash((self.text, self.regexp.source, self.match.span(0)))
