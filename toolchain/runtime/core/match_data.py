"""MatchData: what a match has found."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_int
from ..errors import error
from ..hashing import wrapped_key
from ..later import later
from ..model import freeze, singleton_class
from ..regexp_state import MAKERS
from ..values import UNDEF, Array, Hash, Object, Range, String, Symbol, is_true, sym
from .text import host_of, range_span, take_away

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..hashing import make_hash
    from ..values import Block, Value
    from .string_search import as_pattern
else:
    later(globals(), "..hashing", "make_hash")
    later(globals(), ".string_search", "as_pattern")


class MatchData(Object):
    """`match` has `span(n)` for group n of `regexp` in `text`, whose encoding is `encoding`."""

    __slots__ = ("regexp", "text", "encoding", "match", "string")
    mclass = None
    key_maker = wrapped_key

    regexp: Any
    text: str
    encoding: str
    match: Any
    string: Any

    def prepare(self) -> None:
        self.regexp = None

    def group(self, number: int) -> Value:
        """Return what group `number` has matched, nil if nothing or if there is no such group."""
        if not 0 <= number <= self.regexp.program.count:
            return None
        start, stop = self.match.span(number)
        if start < 0:
            return None
        if self.encoding == "UTF-8":
            return String(self.text[start:stop])
        return host_of(self.encoding)(self.text[start:stop])

    def before(self) -> String:
        return host_of(self.encoding)(self.text[: self.match.start()])

    def behind(self) -> String:
        return host_of(self.encoding)(self.text[self.match.end() :])


match_data = NativeClass("MatchData")


def make_match(regexp: Any, subject: String, match: Any) -> MatchData:
    """Return the MatchData of a match in `subject`."""
    result = MatchData()
    result.regexp = regexp
    result.text = subject.s
    result.encoding = subject.encoding
    result.match = match
    result.string = None
    return result


def from_raw(raw: tuple[Any, str, str, Any]) -> MatchData:
    """Return the MatchData of the last match, which was noted as a tuple (regexp_state.py)."""
    result = MatchData()
    pattern, result.text, result.encoding, result.match = raw
    if isinstance(pattern, String):
        pattern = as_pattern(pattern)
    result.regexp = pattern
    if result.match is None:
        for match in pattern.program.iterate(result.text):
            result.match = match
    result.string = None
    return result


MAKERS[:] = [from_raw]
# Only matches make them.
take_away(singleton_class(match_data.mod), "new", "allocate")


def names_of(self: MatchData) -> dict[str, list[int]]:
    names: dict[str, list[int]] = self.regexp.program.names
    return names


def named_group(self: MatchData, name: str) -> Value:
    """Return what the group of that name has matched: of several, the last that has. IndexError of the guest."""
    numbers = self.regexp.program.names.get(name)
    if numbers is None:
        raise error("IndexError", f"undefined group name reference: {name}")
    return self.group(numbers[0] if len(numbers) == 1 else number_of(self, numbers))


def number_of(self: MatchData, numbers: list[int]) -> int:
    for number in reversed(numbers):
        if self.match.span(number)[0] >= 0:
            return number
    return numbers[-1]


def group_number(self: MatchData, which: Value) -> int:
    """Return the number of a group given by number or name. IndexError of the guest if there is none."""
    if isinstance(which, (Symbol, String)):
        name = which.name if isinstance(which, Symbol) else which.s
        numbers = names_of(self).get(name)
        if numbers is None:
            raise error("IndexError", f"undefined group name reference: {name}")
        return number_of(self, numbers)
    number = as_int(which)
    if not 0 <= number <= self.regexp.program.count:
        raise error("IndexError", f"index {number} out of matches")
    return number


def all_groups(self: MatchData) -> list[Value]:
    return [self.group(number) for number in range(self.regexp.program.count + 1)]


@match_data.method("[]")
def aref(self: MatchData, blk: Block, index: Value, length: Value = UNDEF) -> Value:
    if length is UNDEF:
        if index.__class__ is int:
            return self.group(index + self.regexp.program.count + 1 if index < 0 else index)
        if index.__class__ is Symbol:
            return named_group(self, index.name)
        if isinstance(index, String):
            return named_group(self, index.s)
        if isinstance(index, Range):
            span = range_span(index, self.regexp.program.count + 1)
            return None if span is None else Array(all_groups(self)[span[0] : span[1]])
        return aref(self, None, as_int(index))
    start, count = as_int(index), as_int(length)
    groups = all_groups(self)
    if start < 0:
        start += len(groups)
    if count < 0 or not 0 <= start <= len(groups):
        return None
    return Array(groups[start : start + count])


@match_data.method("to_a")
def to_a(self: MatchData, blk: Block) -> Array:
    return Array(all_groups(self))


@match_data.method("captures", "deconstruct")
def captures(self: MatchData, blk: Block) -> Array:
    return Array(all_groups(self)[1:])


@match_data.method("named_captures")
def named_captures(self: MatchData, blk: Block, *, symbolize_names: Value = UNDEF) -> Hash:
    symbols = symbolize_names is not UNDEF and is_true(symbolize_names)
    return make_hash([(sym(name) if symbols else String(name), named_group(self, name)) for name in names_of(self)])


@match_data.method("begin")
def begin(self: MatchData, blk: Block, which: Value) -> Value:
    start = self.match.span(group_number(self, which))[0]
    return None if start < 0 else start


@match_data.method("end")
def end(self: MatchData, blk: Block, which: Value) -> Value:
    stop = self.match.span(group_number(self, which))[1]
    return None if stop < 0 else stop


@match_data.method("offset")
def offset(self: MatchData, blk: Block, which: Value) -> Array:
    start, stop = self.match.span(group_number(self, which))
    return Array([None, None] if start < 0 else [start, stop])


@match_data.method("pre_match")
def pre_match(self: MatchData, blk: Block) -> String:
    return self.before()


@match_data.method("post_match")
def post_match(self: MatchData, blk: Block) -> String:
    return self.behind()


@match_data.method("string")
def string(self: MatchData, blk: Block) -> String:
    """Return the matched string as it was then, frozen."""
    if self.string is None:
        self.string = freeze(host_of(self.encoding)(self.text))
    text: String = self.string
    return text


@match_data.method("to_s")
def to_s(self: MatchData, blk: Block) -> Value:
    return self.group(0)
