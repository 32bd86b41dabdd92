"""Enumerator::ArithmeticSequence: the Enumerators of `1.step(10, 3)`, `(1..10).step(3)` and `(1..10) % 3`."""

from __future__ import annotations

from itertools import islice

from ..builtin import NativeClass
from ..convert import equal, inspect_str
from ..errors import error
from ..hashing import hash_code
from ..indexing import checked_int
from ..stepping import INFINITY, step_count, steps
from ..values import FALSE, UNDEF, Array, Range, String, truth
from .enumerator import EnumeratorValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class SequenceValue(EnumeratorValue):
    """The numbers from `begin` to `end` (nil: without end) by `step`; the fields of Enumerator say how it was made."""

    by_call = False
    __slots__ = ("begin", "end", "step", "exclusive")

    begin: Any
    end: Any
    step: Any
    exclusive: bool


sequence = NativeClass("Enumerator::ArithmeticSequence")


def make_sequence(
    begin: Value,
    end: Value,
    step: Value,
    exclusive: bool,
    receiver: Value,
    method: str,
    args: Any,
    keywords: dict[str, Any] | None = None,
) -> SequenceValue:
    """Return the sequence that `receiver.method(*args, **keywords)` without a block answers; `step` is not 0."""
    result = SequenceValue()
    result.begin, result.end, result.step, result.exclusive = begin, end, step, exclusive
    result.receiver, result.method, result.args, result.keywords = receiver, method, tuple(args), keywords or {}
    result.length = result.cursor = None
    return result


def numbers(self: SequenceValue) -> Any:
    return steps(self.begin, self.end, self.step, self.exclusive)


@sequence.method("each", block=True)
def each(self: SequenceValue, blk: Block) -> Value:
    if blk is None:
        return self
    for number in numbers(self):
        blk(number)
    return self


@sequence.method("size")
def size(self: SequenceValue, blk: Block) -> Value:
    return step_count(self.begin, self.end, self.step, self.exclusive)


@sequence.method("begin")
def begin(self: SequenceValue, blk: Block) -> Value:
    return self.begin


@sequence.method("end")
def end(self: SequenceValue, blk: Block) -> Value:
    return self.end


@sequence.method("step")
def step(self: SequenceValue, blk: Block) -> Value:
    return self.step


@sequence.method("exclude_end?")
def excludes_end(self: SequenceValue, blk: Block) -> Value:
    return truth(self.exclusive)


@sequence.method("first")
def first(self: SequenceValue, blk: Block, count: Value = UNDEF) -> Value:
    if count is UNDEF:
        return next(iter(numbers(self)), None)
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "attempt to take negative size")
    return Array(list(islice(numbers(self), number)))


@sequence.method("last")
def last(self: SequenceValue, blk: Block, count: Value = UNDEF) -> Value:
    if self.end is None or step_count(self.begin, self.end, self.step, self.exclusive) == INFINITY:
        raise error("RangeError", "cannot get the last element of endless arithmetic sequence")
    values = list(numbers(self))
    if count is UNDEF:
        return values[-1] if values else None
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "negative array size")
    return Array(values[max(0, len(values) - number) :])


@sequence.method("inspect")
def inspect(self: SequenceValue, blk: Block) -> String:
    receiver = inspect_str(self.receiver)
    if isinstance(self.receiver, Range):
        receiver = f"({receiver})"
    texts = [inspect_str(arg) for arg in self.args]
    texts += [f"{key}: {inspect_str(value)}" for key, value in self.keywords.items()]
    arguments = f"({', '.join(texts)})" if texts else ""
    return String(f"({receiver}.{self.method}{arguments})")


@sequence.method("==", "===", "eql?")
def equals(self: SequenceValue, blk: Block, other: Value) -> Value:
    if not isinstance(other, SequenceValue) or self.exclusive != other.exclusive:
        return FALSE
    return truth(equal(self.begin, other.begin) and equal(self.end, other.end) and equal(self.step, other.step))


@sequence.method("hash")
def hash_(self: SequenceValue, blk: Block) -> int:
    return hash((self.exclusive, hash_code(self.begin), hash_code(self.end), hash_code(self.step)))


def sequence_part(items: list[Any], self: SequenceValue) -> Array | None:
    """Return the elements of `array[sequence]`: those of its Range, each `step`-th, backwards if that is negative."""
    from ..indexing import range_bounds

    width = checked_int(self.step)
    length = len(items)
    first, last = (self.begin, self.end) if width > 0 else (self.end, self.begin)
    start, stop = range_bounds(Range(first, last, self.exclusive and width > 0), length)
    if self.exclusive and width < 0:
        start += 1
    if start < 0 or start > length or (stop > length and last is not None):
        if width in (1, -1) and start > length:
            return None
        if width not in (1, -1) or start < 0:
            raise error("RangeError", f"{inspect_str(self)} out of range")
    part = items[start : min(stop, length)]
    if width < 0:
        part.reverse()
    return Array(part[:: abs(width)])
