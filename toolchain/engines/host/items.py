"""What inlined blocks walk over: the elements of built-in collections as Python iterables.

A receiver that is an Array is walked in place; everything else goes through `SOURCES`, by its class. `can_walk` says
whether a receiver has its elements at hand, `walk` gives them one by one as the block's one argument, `walk_pairs`
gives them as two. A Hash counts as being iterated while its generator lives; the `for` statement holds the only
reference, so leaving the loop in any way ends that. Where objects are not freed at once, Hashes are left to `each`.
"""

from __future__ import annotations

import _operator as operator  # the C functions; the module around them takes longer to import
import sys

from ...runtime.builtin import builtin_class, label_native
from ...runtime.convert import try_ary
from ...runtime.dispatch import send
from ...runtime.hashing import Key, hash_key, hash_set, live_pairs, pairs_behind
from ...runtime.later import later
from ...runtime.model import dispatch_class, find_method
from ...runtime.operators import OPERATORS
from ...runtime.values import UNDEF, Array, Hash, Range, String, Symbol, is_true

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ...runtime.core.enumerable_more import extreme_place
    from ...runtime.core.range import integers_of as numbers
    from ...runtime.ordering import sort_by_keys
    from ...runtime.sums import sum_values
    from ...runtime.walking import numbered, slices, windows
    from ..stack.calls import build_range
else:
    later(globals(), "...runtime.core.range", numbers="integers_of")
    later(globals(), "..stack.calls", "build_range")
    later(globals(), "...runtime.sums", "sum_values")
    later(globals(), "...runtime.walking", "numbered", "slices", "windows")
    later(globals(), "...runtime.ordering", "sort_by_keys")
    later(globals(), "...runtime.core.enumerable_more", "extreme_place")

COMPARISONS = {"LT": operator.lt, "LE": operator.le, "GT": operator.gt, "GE": operator.ge}


def indices(items: list[Any]) -> Iterator[int]:
    """Yield the indices of a list that may grow or shrink on the way."""
    index = 0
    while index < len(items):
        yield index
        index += 1


def backwards(items: list[Any]) -> Iterator[Any]:
    """Yield the elements from the last to the first; what is removed on the way is passed over."""
    index = len(items)
    while index > 0:
        index -= 1
        if index < len(items):
            yield items[index]
        else:
            index = len(items)


def neighbours(items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each element with the one before it, first."""
    last: Any = UNDEF
    for item in items:
        if last is not UNDEF:
            yield last, item
        last = item


def spread_two(value: Any) -> Any:
    """Return the two parameters that a block makes of one argument."""
    items = value.a if isinstance(value, Array) else try_ary(value)
    if items is None:
        return value, None
    return (*items, None, None)[:2] if len(items) < 2 else items[:2]


KEYED = (str, tuple, Key)  # classes of normalised keys that stand for another value (hashing.py)


# --- Hashes: one generator each, since one that serves all would cost every pair a call ----------------------------


def hash_pairs(table: Hash) -> Iterator[Any]:
    """Yield key and value of each pair. Pairs may be deleted on the way, new keys are refused."""
    d, originals = table.d, table.keys
    table.iterating += 1
    before = list(d)
    normal = None
    try:
        if originals:
            for normal, value in d.items():
                yield (originals[normal] if normal.__class__ in KEYED else normal), value
        else:
            for normal, value in d.items():
                yield normal, value
    except RuntimeError:  # pairs were deleted
        for key, value in pairs_behind(d, before, normal):
            yield (originals[key] if key.__class__ in KEYED else key), value
    finally:
        table.iterating -= 1


def hash_walk(table: Hash) -> Iterator[Any]:
    """Yield each pair as an Array."""
    d, originals = table.d, table.keys
    table.iterating += 1
    before = list(d)
    normal = None
    try:
        for normal, value in d.items():
            yield Array([originals[normal] if normal.__class__ in KEYED else normal, value])
    except RuntimeError:
        for key, value in pairs_behind(d, before, normal):
            yield Array([originals[key] if key.__class__ in KEYED else key, value])
    finally:
        table.iterating -= 1


def hash_keys_walk(table: Hash) -> Iterable[Any]:
    return hash_keys(table) if table.d else ()


def hash_keys(table: Hash) -> Iterator[Any]:
    d, originals = table.d, table.keys
    table.iterating += 1
    try:
        for normal in list(d):
            if normal in d:
                yield originals[normal] if normal.__class__ in KEYED else normal
    finally:
        table.iterating -= 1


def hash_values_walk(table: Hash) -> Iterable[Any]:
    return hash_values(table) if table.d else ()


def hash_values(table: Hash) -> Iterator[Any]:
    table.iterating += 1
    try:
        for _, value in live_pairs(table.d):
            yield value
    finally:
        table.iterating -= 1


def is_hash(value: Any) -> bool:
    """Return whether a value is a plain Hash, frozen or not, whose iteration ends with the loop."""
    host = value.__class__
    return PROMPT and (host is Hash or host.__dict__.get("frozen_of") is Hash)


# --- the other classes ----------------------------------------------------------------------------------------------


def integers_of(value: Range) -> Iterable[int] | None:
    """Return the numbers of a Range of Integers."""
    first, last = value.first, value.last
    if first.__class__ is int and last.__class__ is int:
        return range(first, last if value.exclusive else last + 1)
    return None


def numbers_of(first: int, last: Any, exclusive: bool) -> Iterable[Any]:
    """Return what the Range of an Integer to something else walks over."""
    value = build_range(first, last, exclusive)
    found = numbers(value)
    return steps_of(value, ":each") if found is None else found


def steps_of(recv: Any, attr: str, *args: Any) -> list[Any]:
    """Return what the method calls its block with."""
    found: list[Any] = []

    def step(value: Any = None, *more: Any) -> None:
        found.append(value)

    send(recv, attr, step, *args)
    return found


def array_start(size: Any) -> tuple[list[Any], int]:
    """Return what `Array.new(size) { }` begins with and how often it calls the block, for an unusual `size`."""
    made = send(builtin_class("Array"), ":new", None, size)
    return (made.a, 0) if try_ary(size) is not None else ([], len(made.a))


def array_items(value: Array) -> list[Any]:
    return value.a


def list_of(value: Any) -> list[Any] | None:
    """Return the list of a frozen Array, None for everything else."""
    return value.a if getattr(value, "frozen_of", None) is Array else None


# What the Enumerators of these methods walk over: (items, argument).
ENUMERATED: dict[str, Callable[[Any, Any], Any]] = {
    "each": lambda items, _: items,
    "each_entry": lambda items, _: items,
    "each_with_index": lambda items, _: numbered(items),
    "each_slice": slices,
    "each_cons": windows,
}


def enumerated(value: Any) -> Iterable[Any] | None:
    """Return what an Enumerator of a built-in iterator walks over."""
    recv, name, args = value.receiver, value.method, value.args
    if value.keywords or recv is UNDEF or not is_native(recv, name):
        return None
    if recv.__class__ is int:
        if name == "times":
            return range(recv)
        up = name == "upto" and len(args) == 1 and args[0].__class__ is int
        return range(recv, args[0] + 1) if up else None
    if name == "each_char" and is_text(recv):
        return characters(recv)
    function = ENUMERATED.get(name)
    slicing = name in ("each_slice", "each_cons")
    if function is None or len(args) != slicing or (slicing and not (args[0].__class__ is int and args[0] > 0)):
        return None
    if recv.__class__ in ENUMERATORS or not can_walk(recv):
        return None
    return function(walk(recv), args[0] if args else 0)


def enumerated_pairs(value: Any) -> Iterable[Any]:
    if value.method == "each_with_index":
        return ((item, index) for index, item in enumerate(walk(value.receiver)))
    items = enumerated(value)
    if items is None:
        return ()
    if value.method == "each_cons" and value.args[0] == 2:
        return neighbours(walk(value.receiver))
    return spread_all(items)


def can_count(value: Any, name: str) -> bool:
    """Return whether a value is an Enumerator of the built-in iterator `name` whose elements are at hand."""
    cls = value.__class__
    if (cls not in ENUMERATORS and not known(cls)) or cls not in ENUMERATORS or value.method != name:
        return False
    recv = value.receiver
    if value.args or value.keywords or recv is UNDEF or not is_native(recv, name):
        return False
    if name == "each_char":
        return is_text(recv)
    hashes = name in ("select", "filter", "reject")
    return can_list(recv) if hashes else can_visit(recv)


def counted(value: Any, start: int) -> Iterable[Any]:
    """Return the elements of an Enumerator's receiver with their numbers."""
    recv = value.receiver
    return enumerate(characters(recv) if value.method == "each_char" else walk(recv), start)


def is_native(recv: Any, name: str) -> bool:
    entry = find_method(dispatch_class(recv), name)
    return entry is not None and entry.native


SOURCES: dict[type, Callable[[Any], Any]] = {Array: array_items, Range: integers_of}
PAIRS: dict[type, Callable[[Any], Any]] = {}
ENUMERATORS: set[type] = set()
OTHERS: set[type] = set()  # classes that are found to be none of these
# Objects are freed as soon as nothing refers to them.
PROMPT = sys.implementation.name == "cpython"
WALKED: Any = Hash if PROMPT else None  # the class that `is_hash` is most often asked for
if PROMPT:
    SOURCES[Hash] = hash_walk
    PAIRS[Hash] = hash_pairs
MAYBE = (integers_of, enumerated)  # sources that answer None for some


def known(cls: type) -> bool:
    """Add a class to `SOURCES` if it is that of the frozen instances of one of them, or of Enumerators."""
    if cls.__name__ == "EnumeratorValue":
        SOURCES[cls] = enumerated
        PAIRS[cls] = enumerated_pairs
        ENUMERATORS.add(cls)
        return True
    base = cls.__dict__.get("frozen_of")
    if base not in SOURCES or base in ENUMERATORS:
        OTHERS.add(cls)
        return False
    SOURCES[cls] = SOURCES[base]
    if base in PAIRS:
        PAIRS[cls] = PAIRS[base]
    return True


def can_walk(value: Any) -> bool:
    """Return whether `walk` gives the elements of a value."""
    cls = value.__class__
    if cls in OTHERS or (cls not in SOURCES and not known(cls)):
        return False
    source = SOURCES[cls]
    return source not in MAYBE or source(value) is not None


def can_visit(value: Any) -> bool:
    """Return whether `walk` gives the elements of a value whose `each` answers the value itself: of no Enumerator."""
    cls = value.__class__
    return cls not in OTHERS and can_walk(value) and cls not in ENUMERATORS


def can_list(value: Any) -> bool:
    """Return whether a value other than a Hash has elements that `walk` gives."""
    return can_walk(value) and SOURCES[value.__class__] is not hash_walk


def gives_one(value: Any) -> bool:
    """Return whether what `walk` gives are single values, not several that were packed into an Array."""
    cls: type = value.__class__
    return cls not in ENUMERATORS or value.method != "each_with_index"


def walk(value: Any) -> Any:
    """Return an iterable of the elements."""
    return SOURCES[value.__class__](value)


def walk_pairs(value: Any) -> Any:
    """Return an iterable of what a block with two parameters makes of each element."""
    pairs = PAIRS.get(value.__class__)
    return pairs(value) if pairs is not None else spread_all(SOURCES[value.__class__](value))


def spread_all(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        yield item.a if item.__class__ is Array and len(item.a) == 2 else spread_two(item)


def characters(text: String) -> Iterable[String]:
    """Return the characters that a String has now."""
    return map(String, text.s)


def byte_values(text: String) -> bytes:
    """Return the bytes that a String has now."""
    return text.s.encode("utf-8", "surrogateescape")


def text_lines(text: String) -> Iterable[String]:
    """Return the lines that a String has now, with their ends."""
    parts = text.s.split("\n")
    last = parts.pop()
    lines = [String(part + "\n") for part in parts]
    if last:
        lines.append(String(last))
    return lines


def is_text(value: Any) -> bool:
    """Return whether a value is a plain UTF-8 String, frozen or not."""
    return String in (value.__class__, value.__class__.__dict__.get("frozen_of"))


# --- what becomes of the values of a block --------------------------------------------------------------------------


def add_flat(found: list[Any], value: Any) -> None:
    """Add the elements of an Array, or another value itself (flat_map)."""
    items = value.a if value.__class__ is Array else try_ary(value)
    if items is None:
        found.append(value)
    else:
        found.extend(items)


def add_group(table: Hash, key: Any, value: Any) -> None:
    """Add an element to the group of `key`."""
    normal = key if key.__class__ is int or key.__class__ is Symbol else hash_key(key)
    group = table.d.get(normal)
    if group is None:
        hash_set(table, key, Array([value]))
    else:
        group.a.append(value)


def summed(value: Any, found: list[Any], initial: Any) -> Any:
    return (sum_array if isinstance(value, Array) else sum_other)(found, initial)


def sum_array(found: list[Any], initial: Any) -> Any:
    return sum_values(found, initial, False)


def sum_other(found: list[Any], initial: Any) -> Any:
    return sum_values(found, initial, True)


def sorted_by(items: list[Any], keys: list[Any]) -> Array:
    return Array(sort_by_keys(items, keys))


def least_by(items: list[Any], keys: list[Any]) -> Any:
    return items[extreme_place(keys, -1)] if items else None


def greatest_by(items: list[Any], keys: list[Any]) -> Any:
    return items[extreme_place(keys, 1)] if items else None


for function, name in ((sorted_by, "sort_by"), (least_by, "min_by"), (greatest_by, "max_by"), (sum_other, "sum")):
    label_native(function, "Enumerable#" + name)
label_native(sum_array, "Array#sum")


def counts(value: int, limit: Any, step: int, test: str, wanted: bool, leading: bool) -> Iterator[int]:
    """Return the values that a loop's counter has in its turns (counting.py), for a limit that is no Integer.

    `test`, with the result `wanted`, compares it with the limit; the step is made before the turn if `leading`, else
    behind it.
    """
    if limit.__class__ is float:
        return counts_to(value, limit, step, COMPARISONS[test], wanted, leading)
    return Counter(value, limit, step, test, wanted, leading)


def counts_to(value: int, limit: float, step: int, compare: Any, wanted: bool, leading: bool) -> Iterator[int]:
    """Yield these values for a Float."""
    if leading:
        while compare(value, limit) is wanted:
            value += step
            yield value
    else:
        while compare(value, limit) is wanted:
            yield value
            value += step


class Counter:
    """These values for a limit that is no number; `value` is the counter."""

    def __init__(self, value: int, limit: Any, step: int, test: str, wanted: bool, leading: bool) -> None:
        self.value = value
        self.limit = limit
        self.step = step
        self.test = test
        self.wanted = wanted
        self.leading = leading
        self.behind = False  # a turn is over whose step is not made yet

    def __iter__(self) -> Counter:
        return self

    def __next__(self) -> int:
        if self.behind:
            self.value += self.step
        if is_true(OPERATORS[self.test](self.value, self.limit)) is not self.wanted:
            raise StopIteration
        if self.leading:
            self.value += self.step
        self.behind = not self.leading
        return self.value


# --- long `case` statements, see switches.py --------------------------------------------------------------------------


def arm_of(table: dict[Any, int], subject: Any, none: int) -> int:
    """Return the number of the first literal of a table with `literal === subject`, `none` if there is none."""
    equal = OPERATORS["CASE_EQ"]
    for literal, number in table.items():
        found = equal(String(literal) if literal.__class__ is str else literal, subject)
        if is_true(found):
            return number
    return none
