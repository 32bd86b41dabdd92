"""Enumerator: external iteration (`next`, `peek`, `rewind`).

What is at hand and certainly finite is read as a whole at the first `next`; everything else runs as a coroutine.
"""

from __future__ import annotations

from ..blocks import pack
from ..builtin import NativeClass
from ..coroutine import Coroutine
from ..dispatch import respond_to, send
from ..errors import Raised, error, new_exception
from ..model import class_of, dispatch_class, find_method
from ..values import UNDEF, Array, Hash, Range, String
from .enumerator import EnumeratorValue, iterate, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

enumerator = NativeClass("Enumerator")

BUFFER_LIMIT = 1000  # read as a whole up to this size


class Cursor:
    """Where external iteration stands.

    `ahead` is what `peek` has read, as the tuple of what `each` yields, None if nothing. `source` returns the next
    such tuple, None at the end. `ended` is the guest exception of the end, raised again and again.
    """

    __slots__ = ("source", "ahead", "ended", "exchange")

    def __init__(self) -> None:
        self.source: Any = None
        self.ahead: Any = None
        self.ended: Any = None
        self.exchange = Exchange()


class Exchange:
    """What a cursor and the coroutine behind it tell each other: the value of the ended call, the value of `feed`."""

    __slots__ = ("result", "feed")

    def __init__(self) -> None:
        self.result: Any = None
        self.feed: Any = UNDEF


def twin_of(self: EnumeratorValue) -> EnumeratorValue:
    """Return a copy without a cursor: what a coroutine holds on to, so that it does not keep the original alive."""
    host = type(self)
    twin = host.__new__(host)
    for base in host.__mro__:
        for name in base.__dict__.get("__slots__", ()):
            if name not in ("__weakref__", "cursor") and hasattr(self, name):
                setattr(twin, name, getattr(self, name))
    twin.cursor = None
    return twin


def is_finite(self: EnumeratorValue) -> bool:
    """Return whether the call is native, reads a small collection only, and ends whatever its block returns."""
    receiver = self.receiver
    if self.keywords or type(self) is not EnumeratorValue or receiver is UNDEF:
        return False
    entry = find_method(dispatch_class(receiver), self.method)
    if entry is None or not entry.native or self.method not in PURE:
        return False
    if isinstance(receiver, EnumeratorValue):
        return is_finite(receiver)
    if isinstance(receiver, (Array, Hash, String)):
        return length_of(receiver) <= BUFFER_LIMIT
    if isinstance(receiver, Range) or receiver.__class__ is int:
        count = size(self, None)
        return count.__class__ is int and count <= BUFFER_LIMIT
    return False


# Native iterators that do nothing but yield each element, whatever the block answers.
PURE = {
    "each", "each_with_index", "with_index", "each_entry", "each_slice", "each_cons", "each_index", "each_pair",
    "each_key", "each_value", "each_char", "chars", "each_byte", "each_line", "bytes", "lines", "reverse_each",
    "map", "collect", "flat_map", "select", "filter", "reject", "times", "upto", "downto", "step", "filter_map",
    "sort_by", "min_by", "max_by", "group_by", "partition", "each_with_object", "with_object", "combination",
}  # fmt: skip


def length_of(receiver: Any) -> int:
    if isinstance(receiver, Array):
        return len(receiver.a)
    if isinstance(receiver, Hash):
        return len(receiver.d)
    return len(receiver.s)


def open_cursor(self: EnumeratorValue) -> Cursor:
    cursor = self.cursor = Cursor()
    exchange = cursor.exchange
    if self.receiver.__class__ is Array and self.method == "each":
        cursor.source = list_source(self.receiver, exchange)
        return cursor
    if is_finite(self):
        values: list[tuple[Any, ...]] = []
        exchange.result = iterate(self, lambda *args: values.append(args))
        ahead = iter(values)
        cursor.source = lambda: next(ahead, None)
        return cursor
    coroutine = Coroutine(iteration_body(twin_of(self), exchange))

    def source() -> Any:
        if coroutine.finished:
            return None
        values = coroutine.resume()
        return None if coroutine.finished else values

    cursor.source = source
    return cursor


def list_source(receiver: Array, exchange: Exchange) -> Any:
    """Return the source of an Array's elements, which sees changes made meanwhile as `each` does."""
    exchange.result = receiver
    ahead = iter(receiver.a)

    def source() -> Any:
        for value in ahead:
            return (value,)
        return None

    return source


def iteration_body(self: EnumeratorValue, exchange: Exchange) -> Any:
    """Return the body of a coroutine that suspends with each tuple of yielded values."""

    def body(coroutine: Any) -> None:
        def visit(*args: Value) -> Value:
            coroutine.suspend(args)
            fed, exchange.feed = exchange.feed, UNDEF
            return None if fed is UNDEF else fed

        exchange.result = send(self, ":each", visit)

    return body


def look_ahead(self: EnumeratorValue) -> Any:
    """Return the next tuple of yielded values without passing it; None at the end."""
    cursor = self.cursor or open_cursor(self)
    if cursor.ahead is None and cursor.ended is None:
        cursor.ahead = cursor.source()
        if cursor.ahead is None:
            cursor.ended = new_exception("StopIteration", "iteration reached an end", result=cursor.exchange.result)
    return cursor.ahead


def advance(self: EnumeratorValue) -> Any:
    """Return the next tuple of yielded values and pass it; None at the end."""
    values = look_ahead(self)
    self.cursor.ahead = None
    return values


def required(self: EnumeratorValue, values: Any) -> tuple[Any, ...]:
    """Return the tuple, or raise StopIteration at the end."""
    if values is None:
        raise Raised(self.cursor.ended)
    return values


@enumerator.method("next")
def next_(self: EnumeratorValue, blk: Block) -> Value:
    return pack(required(self, advance(self)))


@enumerator.method("next_values")
def next_values(self: EnumeratorValue, blk: Block) -> Array:
    return Array(list(required(self, advance(self))))


@enumerator.method("peek")
def peek(self: EnumeratorValue, blk: Block) -> Value:
    return pack(required(self, look_ahead(self)))


@enumerator.method("peek_values")
def peek_values(self: EnumeratorValue, blk: Block) -> Array:
    return Array(list(required(self, look_ahead(self))))


@enumerator.method("rewind")
def rewind(self: EnumeratorValue, blk: Block) -> Value:
    """Start external iteration anew; a receiver with a `rewind` of its own is told."""
    self.cursor = None
    if self.receiver is not UNDEF and respond_to(self.receiver, "rewind"):
        send(self.receiver, ":rewind")
    return self


@enumerator.method("feed")
def feed(self: EnumeratorValue, blk: Block, value: Value) -> Value:
    """Set what the next `yield` inside returns."""
    cursor = self.cursor or open_cursor(self)
    if cursor.exchange.feed is not UNDEF:
        raise error("TypeError", "feed value already set")
    cursor.exchange.feed = value
    return None


@enumerator.method("initialize_copy", visibility=1)
def initialize_copy(self: EnumeratorValue, blk: Block, other: Value) -> Value:
    if other.cursor is not None:
        raise error("TypeError", "can't copy execution context")
    if class_of(other) is not class_of(self):
        raise error("TypeError", "initialize_copy should take same class object")
    self.receiver, self.method, self.args, self.keywords = other.receiver, other.method, other.args, other.keywords
    self.length = other.length
    return self
