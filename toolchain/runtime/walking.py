"""What the Enumerators of built-in iterators walk over, without calling the iterator.

`ways` are functions (receiver, arguments, still) -> the elements as an iterable, or None where only a call can tell.
`still` says that nothing of the program runs on the way, so that a Hash need not watch over its keys.
"""

from __future__ import annotations

from .hashing import hash_items
from .later import later
from .model import dispatch_class, find_method
from .values import UNDEF, Array, Hash, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from .core.enumerable import is_plain_hash, items_of
else:
    later(globals(), ".core.enumerable", "items_of", "is_plain_hash")


def slices(items: Iterable[Any], size: int) -> Iterator[Array]:
    """Yield Arrays of `size` elements; the last may be shorter."""
    if items.__class__ is list:
        start = 0
        while start < len(items):
            yield Array(items[start : start + size])
            start += size
        return
    part: list[Any] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            full, part = part, []
            yield Array(full)
    if part:
        yield Array(part)


def windows(items: Iterable[Any], size: int) -> Iterator[Array]:
    """Yield an Array of each `size` neighbours."""
    window: list[Any] = []
    for item in items:
        window.append(item)
        if len(window) == size:
            yield Array(window)
            window = window[1:]


def numbered(items: Iterable[Any], start: int = 0) -> Iterator[Any]:
    """Yield each element with its index, as `each_with_index` does to a block with one parameter."""
    for index, item in enumerate(items, start):
        yield Array([item, index])


def elements(value: Any, still: bool) -> Iterable[Any] | None:
    """Return the elements of an Enumerator of a native iterator, None if they are not at hand."""
    way = WAYS.get(value.method)
    recv = value.receiver
    if way is None or value.keywords or recv is UNDEF:
        return None
    entry = find_method(dispatch_class(recv), value.method)
    if entry is None or not entry.native:
        return None
    return way(recv, value.args, still)


def at_hand(recv: Any, still: bool) -> Iterable[Any] | None:
    """Return the elements of a collection."""
    items = items_of(recv, still)
    if items is None and still and is_plain_hash(recv):
        return pairs_of(recv)
    return items


def pairs_of(table: Hash) -> list[Any]:
    """Return the pairs of a Hash as Arrays."""
    return [Array([key, value]) for key, value in hash_items(table)]


def whole(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
    return None if args else at_hand(recv, still)


def with_numbers(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
    start = args[0] if args else 0  # a block is given two values: the elements are what others make of them
    items = at_hand(recv, still) if still and start.__class__ is int else None
    return None if items is None else numbered(items, start)


def in_parts(parts: Any) -> Callable[[Any, Any, bool], Iterable[Any] | None]:
    def way(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
        size = args[0] if len(args) == 1 else None
        items = at_hand(recv, still) if size.__class__ is int and size > 0 else None
        found: Iterable[Any] | None = None if items is None else parts(items, size)
        return found

    return way


def counting(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
    return range(recv) if recv.__class__ is int and not args else None


def upwards(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
    if recv.__class__ is int and len(args) == 1 and args[0].__class__ is int:
        return range(recv, args[0] + 1)
    return None


def downwards(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
    if recv.__class__ is int and len(args) == 1 and args[0].__class__ is int:
        return range(recv, args[0] - 1, -1)
    return None


def characters(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
    if recv.__class__ is String or recv.__class__.__dict__.get("frozen_of") is String:
        return map(String, recv.s)
    return None


def places(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
    return range(len(recv.a)) if still and isinstance(recv, Array) else None


def backwards(recv: Any, args: Any, still: bool) -> Iterable[Any] | None:
    return recv.a[::-1] if still and isinstance(recv, Array) else None


WAYS: dict[str, Callable[[Any, Any, bool], Iterable[Any] | None]] = {
    **dict.fromkeys(
        (
            "each", "each_entry", "map", "collect", "select", "filter", "reject", "flat_map", "filter_map", "sort_by",
            "min_by", "max_by", "group_by", "partition",
        ),
        whole,
    ),
    "each_with_index": with_numbers,
    "with_index": with_numbers,
    "each_slice": in_parts(slices),
    "each_cons": in_parts(windows),
    "times": counting,
    "upto": upwards,
    "downto": downwards,
    "each_char": characters,
    "each_index": places,
    "reverse_each": backwards,
}  # fmt: skip
