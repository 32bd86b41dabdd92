"""Enumerable: extremes, tests, parts, and what is left."""

from __future__ import annotations

from ..blocks import enum_for, pack
from ..builtin import NativeClass
from ..convert import as_hash, try_ary
from ..dispatch import respond_to, send
from ..errors import BreakJump, error, frozen_error
from ..hashing import hash_key, hash_set
from ..indexing import checked_int
from ..later import later
from ..model import class_of, is_frozen
from ..ordering import ask_key, compare, compare_key, extreme, extremes, order_key, sort_by_keys
from ..values import FALSE, TRUE, UNDEF, Array, Hash, String, Symbol
from .array_access import matcher
from .enumerable import collected, items_of, keyed, size_of, visit_all, visit_until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..builtin import builtin_class
    from ..convert import equal
    from ..values import Block, Value
    from .array_combine import zip_ as array_zip
    from .array_order import cycle_size
    from .array_sets import unique
    from .chain import make_chain
    from .enumerator import make_enumerator
    from .enumerator_next import advance
    from .lazy import make_lazy
else:
    later(globals(), "..convert", "equal")
    later(globals(), ".array_order", "cycle_size")
    later(globals(), ".enumerator", "make_enumerator")
    later(globals(), ".enumerator_next", "advance")
    later(globals(), ".array_combine", array_zip="zip_")
    later(globals(), ".array_sets", "unique")
    later(globals(), "..builtin", "builtin_class")
    later(globals(), ".lazy", "make_lazy")
    later(globals(), ".chain", "make_chain")

enumerable = NativeClass("Enumerable")


# --- extremes -------------------------------------------------------------------------------------------------------


def find_extreme(self: Value, count: Value, sign: int, blk: Block) -> Value:
    values = collected(self)
    if count is not None:
        return Array(extremes(values, checked_int(count), sign, blk))
    return extreme(values, sign, blk) if values else None


@enumerable.method("min", block=True)
def min_(self: Value, blk: Block, count: Value = None) -> Value:
    return find_extreme(self, count, -1, blk)


@enumerable.method("max", block=True)
def max_(self: Value, blk: Block, count: Value = None) -> Value:
    return find_extreme(self, count, 1, blk)


@enumerable.method("minmax", block=True)
def minmax(self: Value, blk: Block) -> Array:
    values = collected(self)
    if not values:
        return Array([None, None])
    return Array([extreme(values, -1, blk, best_first=True), extreme(values, 1, blk, best_first=True)])


def extreme_place(keys: list[Any], sign: int) -> int:
    """Return the index of the first smallest (`sign` -1) or largest (1) of the non-empty `keys`."""
    natural = order_key(keys)
    if natural is not compare_key and natural is not ask_key:
        plain = keys if natural is None else list(map(natural, keys))
        return plain.index(min(plain) if sign < 0 else max(plain))
    best = 0
    for index in range(1, len(keys)):
        if compare(keys[index], keys[best]) * sign > 0:
            best = index
    return best


def find_extreme_by(self: Value, count: Value, sign: int, blk: Any) -> Value:
    values, keys = keyed(self, blk)
    if count is not None:
        number = checked_int(count)
        if number < 0:
            raise error("ArgumentError", f"negative size ({number})")
        ordered = sort_by_keys(values, keys)
        if sign > 0:
            ordered.reverse()
        return Array(ordered[:number])
    return values[extreme_place(keys, sign)] if values else None


@enumerable.method("min_by", block=True)
def min_by(self: Value, blk: Block, count: Value = None) -> Value:
    if blk is None:
        return enum_for(self, "min_by", *([] if count is None else [count]), size=size_of(self))
    return find_extreme_by(self, count, -1, blk)


@enumerable.method("max_by", block=True)
def max_by(self: Value, blk: Block, count: Value = None) -> Value:
    if blk is None:
        return enum_for(self, "max_by", *([] if count is None else [count]), size=size_of(self))
    return find_extreme_by(self, count, 1, blk)


@enumerable.method("minmax_by", block=True)
def minmax_by(self: Value, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "minmax_by", size=size_of(self))
    values, keys = keyed(self, blk)
    if not values:
        return Array([None, None])
    return Array([values[extreme_place(keys, -1)], values[extreme_place(keys, 1)]])


# --- tests ----------------------------------------------------------------------------------------------------------


def ask(self: Value, blk: Block, pattern: Value, wanted: bool) -> bool:
    """Return whether the test answers `wanted` for some element; no further element is asked."""
    tag = object()
    if blk is not None and pattern is UNDEF:

        def ask_block(*values: Value) -> Value:
            answer = blk(*values)
            if (answer is not FALSE and answer is not None) is wanted:
                raise BreakJump(tag, None)

        return visit_until(self, ask_block, tag) is not UNDEF
    test = matcher(blk, pattern)

    def visit(*values: Value) -> Value:
        if test(*values) is wanted:
            raise BreakJump(tag, None)

    return visit_until(self, visit, tag) is not UNDEF


@enumerable.method("any?", block=True)
def any_(self: Value, blk: Block, pattern: Value = UNDEF) -> Value:
    return TRUE if ask(self, blk, pattern, True) else FALSE


@enumerable.method("all?", block=True)
def all_(self: Value, blk: Block, pattern: Value = UNDEF) -> Value:
    return FALSE if ask(self, blk, pattern, False) else TRUE


@enumerable.method("none?", block=True)
def none(self: Value, blk: Block, pattern: Value = UNDEF) -> Value:
    return FALSE if ask(self, blk, pattern, True) else TRUE


@enumerable.method("one?", block=True)
def one(self: Value, blk: Block, pattern: Value = UNDEF) -> Value:
    test = matcher(blk, pattern)
    tag = object()
    found = False

    def visit(*values: Value) -> Value:
        nonlocal found
        if test(*values):
            if found:
                raise BreakJump(tag, None)
            found = True

    return TRUE if visit_until(self, visit, tag) is UNDEF and found else FALSE


# --- searching ------------------------------------------------------------------------------------------------------


@enumerable.method("find_index", block=True)
def find_index(self: Value, blk: Block, wanted: Value = UNDEF) -> Value:
    """Return the number of the first element that equals `wanted`, or for which the block is true."""
    if wanted is UNDEF and blk is None:
        return enum_for(self, "find_index")
    tag = object()
    index = 0

    def visit(*args: Value) -> Value:
        nonlocal index
        answer = blk(*args) if wanted is UNDEF else equal(pack(args), wanted) or None
        if answer is not FALSE and answer is not None:
            raise BreakJump(tag, index)
        index += 1

    found = visit_until(self, visit, tag)
    return None if found is UNDEF else found


@enumerable.method("take_while", block=True)
def take_while(self: Value, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "take_while")
    result: list[Any] = []
    tag = object()

    def visit(*args: Value) -> Value:
        answer = blk(*args)
        if answer is FALSE or answer is None:
            raise BreakJump(tag, None)
        result.append(pack(args))

    visit_until(self, visit, tag)
    return Array(result)


@enumerable.method("drop")
def drop(self: Value, blk: Block, count: Value) -> Array:
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "attempt to drop negative size")
    return Array(collected(self)[number:])


@enumerable.method("drop_while", block=True)
def drop_while(self: Value, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "drop_while")
    result: list[Any] = []
    dropping = True

    def visit(value: Value = None, *rest: Value) -> Value:
        nonlocal dropping
        if rest:
            value = Array([value, *rest])
        if dropping:
            answer = blk(value)
            dropping = answer is not FALSE and answer is not None
        if not dropping:
            result.append(value)

    visit_all(self, visit)
    return Array(result)


def grep_values(self: Value, blk: Block, pattern: Value, wanted: bool) -> Array:
    """Return the elements that match (or do not match) the pattern, or the block's values for them."""
    result: list[Any] = []

    def visit(value: Value = None, *rest: Value) -> Value:
        if rest:
            value = Array([value, *rest])
        answer = send(pattern, ":===", None, value)
        if (answer is not FALSE and answer is not None) is wanted:
            result.append(value if blk is None else blk(value))

    visit_all(self, visit)
    return Array(result)


@enumerable.method("grep", block=True)
def grep(self: Value, blk: Block, pattern: Value) -> Array:
    return grep_values(self, blk, pattern, True)


@enumerable.method("grep_v", block=True)
def grep_v(self: Value, blk: Block, pattern: Value) -> Array:
    return grep_values(self, blk, pattern, False)


# --- walking --------------------------------------------------------------------------------------------------------


@enumerable.method("each_entry", block=True)
def each_entry(self: Value, blk: Block, *args: Value) -> Value:
    """Call the block with each element, several values packed into an Array."""
    if blk is None:
        return enum_for(self, "each_entry", *args)

    def visit(*values: Value) -> Value:
        return blk(pack(values))

    send(self, ";each", visit, *args)
    return self


@enumerable.method("reverse_each", block=True)
def reverse_each(self: Value, blk: Block, *args: Value) -> Value:
    if blk is None:
        return enum_for(self, "reverse_each", *args, size=size_of(self))
    for value in reversed(collected(self, *args)):
        blk(value)
    return self


@enumerable.method("cycle", block=True)
def cycle(self: Value, blk: Block, count: Value = None) -> Value:
    """Walk through all elements again and again, or `count` times; `each` runs once."""
    if blk is None:

        def size() -> Value:
            total = send(self, ":size") if respond_to(self, "size") else None
            return cycle_size(total, count) if total.__class__ is int else total

        return enum_for(self, "cycle", *([] if count is None else [count]), size=size)
    number = -1 if count is None else checked_int(count)
    if count is not None and number <= 0:
        return None
    values: list[Any] = []

    def visit(value: Value = None, *rest: Value) -> Value:
        if rest:
            value = Array([value, *rest])
        values.append(value)
        blk(value)

    visit_all(self, visit)
    while values and number != 1:
        number -= 1
        for value in values:
            blk(value)
    return None


@enumerable.method("zip", block=True)
def zip_(self: Value, blk: Block, *others: Value) -> Value:
    """Return an Array with each element and its counterparts in the others; nil where there is none."""
    if blk is None:
        return array_zip(Array(collected(self)), None, *others)
    columns = [zip_source(other) for other in others]
    rows: list[Any] = []
    index = 0

    def visit(value: Value = None, *rest: Value) -> Value:
        nonlocal index
        row = Array([Array([value, *rest]) if rest else value, *[column(index) for column in columns]])
        index += 1
        if blk is None:
            rows.append(row)
        else:
            blk(row)

    visit_all(self, visit)
    return Array(rows) if blk is None else None


def zip_source(other: Value) -> Any:
    """Return the function from an index, asked for in order, to the element of `other` there (nil behind its end)."""
    items = try_ary(other)
    if items is not None:
        return lambda index: items[index] if index < len(items) else None
    if not respond_to(other, "each"):
        raise error("TypeError", f"wrong argument type {class_of(other).name} (must respond to :each)")
    walker = make_enumerator(other, "each")

    def element(index: int) -> Value:
        values = advance(walker)
        return None if values is None else pack(values)

    return element


# --- sets and counts ------------------------------------------------------------------------------------------------


@enumerable.method("tally")
def tally(self: Value, blk: Block, counts: Value = UNDEF) -> Hash:
    """Return a Hash from each element to how often it occurs, added to `counts` if that is given."""
    table = Hash() if counts is UNDEF else as_hash(counts)
    if is_frozen(table):
        raise frozen_error(table)
    numbers = table.d
    for value in collected(self):
        cls = value.__class__
        normal = value if cls is int or cls is Symbol else value.s if cls is String else hash_key(value)
        number = numbers.get(normal, 0)
        if number.__class__ is not int:
            raise error("TypeError", f"wrong argument type {class_of(number).name} (expected Integer)")
        if number:
            numbers[normal] = number + 1
        else:
            hash_set(table, value, number + 1)
    return table


@enumerable.method("uniq", block=True)
def uniq(self: Value, blk: Block) -> Array:
    if blk is None or items_of(self) is not None:
        return Array(unique(collected(self), blk))
    seen: set[Any] = set()
    result: list[Any] = []

    def visit(*args: Value) -> Value:
        key = hash_key(blk(*args))
        if key not in seen:
            seen.add(key)
            result.append(pack(args))

    visit_all(self, visit)
    return Array(result)


@enumerable.method("compact")
def compact(self: Value, blk: Block) -> Array:
    return Array([value for value in collected(self) if value is not None])


@enumerable.method("to_set", block=True)
def to_set(self: Value, blk: Block, *args: Value) -> Value:
    return send(args[0] if args else builtin_class("Set"), ":new", blk, self, *args[1:])


@enumerable.method("lazy")
def lazy(self: Value, blk: Block) -> Value:
    return make_lazy(self, size=size_of(self))


@enumerable.method("chain")
def chain(self: Value, blk: Block, *others: Value) -> Value:
    return make_chain([self, *others])
