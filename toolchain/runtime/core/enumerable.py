"""Enumerable: the methods that programs use most, on top of `each`. The rest stands in enumerable_*.py.

`each` may yield several values at once. Most methods see them packed into one Array; those that pass on what was
yielded (`map`, `flat_map`, `filter_map`, `find_index`, `count`, `take_while`, `uniq`, `to_h`) say so by `*args`.
Where the elements can be had without calling `each` (`items_of`) a plain loop is taken.
"""

from __future__ import annotations

from itertools import islice

from ..blocks import answers, enum_for, renamed, spreads, takes_two
from ..builtin import NativeClass
from ..convert import as_name, equal, try_ary
from ..dispatch import respond_to, send, to_block
from ..errors import BreakJump, arity_error, error
from ..hashing import hash_key, hash_set
from ..indexing import checked_int
from ..kinds import all_integers, kinds_of
from ..later import later
from ..operators import OPERATORS, REDEFINED, ROWS
from ..ordering import sort_by_keys, sort_values
from ..sums import integer_sum, sum_values
from ..values import FALSE, TRUE, UNDEF, Array, Hash, Range, String, Symbol, sym
from .array import each as array_each
from .hash import KEYED
from .hash import each as hash_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from math import prod
    from typing import Any

    from ..blocks import pack
    from ..values import Block, Value
    from ..walking import pairs_of
    from .array_combine import pair_of
    from .range import integers_of
else:
    later(globals(), ".array_combine", "pair_of")
    later(globals(), ".range", "integers_of")
    later(globals(), "..walking", "pairs_of")
    later(globals(), "math", "prod")
    later(globals(), "..blocks", "pack")

enumerable = NativeClass("Enumerable")


# --- how to walk ----------------------------------------------------------------------------------------------------


def items_of(self: Value, still: bool = False) -> Iterable[Any] | None:
    """Return the elements where they are at hand: an Array's list, an Integer Range's numbers, what an Enumerator of a
    built-in iterator walks over. Else None. `still`: nothing of the program runs on the way."""
    elements = getattr(self.__class__, "elements", None)
    return None if elements is None else elements(self, still)


def array_elements(self: Array, still: bool) -> list[Any] | None:
    return self.a if getattr(self.__class__, ":each", None) is array_each else None


def range_elements(self: Range, still: bool) -> Iterable[int] | None:
    return integers_of(self)


# Classes whose elements are at hand have a function for that; an Enumerator's stands in enumerator.py.
Array.elements = array_elements
Range.elements = range_elements


def is_plain_hash(self: Value) -> bool:
    """Return whether `self` is a Hash that is walked as Hash#each does."""
    cls = self.__class__
    return issubclass(cls, Hash) and getattr(cls, ":each", None) is hash_each


def ask_pairs(table: Hash, blk: Any) -> tuple[list[Any], list[Any]]:
    """Return the pairs of a Hash, and the block's value for each."""
    d, originals = table.d, table.keys
    two = takes_two(blk)
    pairs: list[Any] = []
    answers: list[Any] = []
    table.iterating += 1
    try:
        for normal in list(d):
            value = d.get(normal, UNDEF)
            if value is UNDEF:
                continue
            key = originals[normal] if originals and normal.__class__ in KEYED else normal
            pair = Array([key, value])
            answers.append(blk(key, value) if two else blk(pair))
            pairs.append(pair)
    finally:
        table.iterating -= 1
    return pairs, answers


def visit_pairs(table: Hash, visit: Any) -> None:
    """Call `visit` with each pair of a Hash."""
    d, originals = table.d, table.keys
    table.iterating += 1
    try:
        for normal in list(d):
            value = d.get(normal, UNDEF)
            if value is not UNDEF:
                visit(Array([originals[normal] if originals and normal.__class__ in KEYED else normal, value]))
    finally:
        table.iterating -= 1


def pass_on(blk: Any, value: Value, rest: tuple[Value, ...]) -> Value:
    """Call a block with what `each` yielded: nothing or several values, which must stay so."""
    return blk() if value is UNDEF else blk(value, *rest)


def visit_all(self: Value, visit: Any, *args: Value) -> None:
    """Call `visit` with what `each` yields."""
    source = None if args else items_of(self)
    if source is None:
        if not args and is_plain_hash(self):
            visit_pairs(self, visit)
        else:
            send(self, ";each", visit, *args)
        return
    for item in source:
        visit(item)


def visit_until(self: Value, visit: Any, tag: Any) -> Value:
    """Call `visit` with what `each` yields until it raises a BreakJump of `tag`: return its value, else UNDEF."""
    try:
        visit_all(self, visit)
    except BreakJump as jump:
        if jump.args[0] is not tag:
            raise
        return jump.args[1]
    return UNDEF


def collected(self: Value, *args: Value) -> list[Any]:
    """Return a new list of all elements."""
    source = None if args else items_of(self, True)
    if source is not None:
        return list(source)
    if not args and is_plain_hash(self):
        return pairs_of(self)
    result: list[Any] = []
    append = result.append

    def add(value: Value = None, *rest: Value) -> Value:
        append(Array([value, *rest]) if rest else value)

    send(self, ";each", add, *args)
    return result


def first_values(self: Value, count: int) -> list[Any]:
    """Return the first `count` elements, not asking for more."""
    result: list[Any] = []
    if count <= 0:
        return result
    source = items_of(self, True)
    if source is not None:
        return list(islice(source, count))
    if is_plain_hash(self):
        keys = self.keys
        return [
            Array([keys[normal] if normal.__class__ in KEYED else normal, value])
            for normal, value in islice(self.d.items(), count)
        ]
    tag = object()

    def add(value: Value = None, *rest: Value) -> Value:
        result.append(Array([value, *rest]) if rest else value)
        if len(result) == count:
            raise BreakJump(tag, None)

    visit_until(self, add, tag)
    return result


def size_of(self: Value) -> Any:
    """Return the function by which an Enumerator over `self` answers `size`."""
    return lambda: send(self, ":size") if respond_to(self, "size") else None


def alias(name: str, fn: Any, original: str) -> None:
    """Declare the iterator `fn` under another name, which its Enumerators show."""
    enumerable.method(name, block=True)(renamed(fn, original, name))


# --- walking --------------------------------------------------------------------------------------------------------


@enumerable.method("each_with_index", block=True)
def each_with_index(self: Value, blk: Block, *args: Value) -> Value:
    if blk is None:
        return enum_for(self, "each_with_index", *args, size=size_of(self))
    source = None if args else items_of(self)
    index = 0
    if source is not None:
        for item in source:
            blk(item, index)
            index += 1
        return self

    def numbered(value: Value = None, *rest: Value) -> Value:
        nonlocal index
        number = index
        index += 1
        return blk(Array([value, *rest]) if rest else value, number)

    send(self, ";each", numbered, *args)
    return self


@enumerable.method("each_with_object", block=True)
def each_with_object(self: Value, blk: Block, memo: Value) -> Value:
    if blk is None:
        return enum_for(self, "each_with_object", memo, size=size_of(self))
    source = items_of(self)
    if source is not None:
        for item in source:
            blk(item, memo)
        return memo

    def visit(value: Value = None, *rest: Value) -> Value:
        return blk(Array([value, *rest]) if rest else value, memo)

    send(self, ";each", visit)
    return memo


@enumerable.method("each_slice", block=True)
def each_slice(self: Value, blk: Block, count: Value) -> Value:
    """Call the block with Arrays of `count` elements; the last may be shorter."""
    size = checked_int(count)
    if size <= 0:
        raise error("ArgumentError", "invalid slice size")
    if blk is None:
        return enum_for(self, "each_slice", count, size=lambda: part_count(self, lambda total: -(-total // size)))
    part: list[Any] = []

    def visit(value: Value = None, *rest: Value) -> Value:
        nonlocal part
        part.append(Array([value, *rest]) if rest else value)
        if len(part) == size:
            full, part = part, []
            blk(Array(full))

    visit_all(self, visit)
    if part:
        blk(Array(part))
    return self


@enumerable.method("each_cons", block=True)
def each_cons(self: Value, blk: Block, count: Value) -> Value:
    """Call the block with an Array of each `count` neighbours."""
    size = checked_int(count)
    if size <= 0:
        raise error("ArgumentError", "invalid size")
    if blk is None:
        return enum_for(self, "each_cons", count, size=lambda: part_count(self, lambda n: max(0, n - size + 1)))
    window: list[Any] = []

    def visit(value: Value = None, *rest: Value) -> Value:
        window.append(Array([value, *rest]) if rest else value)
        if len(window) == size:
            blk(Array(list(window)))
            del window[0]

    visit_all(self, visit)
    return self


def part_count(self: Value, count: Any) -> Value:
    """Return the number of parts for the `size` of an Enumerator, nil if the number of elements is not known."""
    total = send(self, ":size") if respond_to(self, "size") else None
    return count(total) if total.__class__ is int else total


# --- mapping --------------------------------------------------------------------------------------------------------


@enumerable.method("map", block=True)
def map_(self: Value, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "map", size=size_of(self))
    source = items_of(self)
    if source is not None:
        return Array([blk(item) for item in source])
    result: list[Any] = []
    append = result.append
    if is_plain_hash(self) and spreads(blk):

        def visit_pair(key: Value = None, value: Value = None, *rest: Value) -> Value:
            append(blk(key, value))

        send(self, ";each", visit_pair)
        return Array(result)

    def visit(value: Value = UNDEF, *rest: Value) -> Value:
        append(blk(value) if not rest and value is not UNDEF else pass_on(blk, value, rest))

    send(self, ";each", visit)
    return Array(result)


alias("collect", map_, "map")


@enumerable.method("flat_map", block=True)
def flat_map(self: Value, blk: Block) -> Value:
    """Return the elements of the Arrays that the block returns, and its other values, in one Array."""
    if blk is None:
        return enum_for(self, "flat_map", size=size_of(self))
    result: list[Any] = []

    def visit(value: Value = UNDEF, *rest: Value) -> Value:
        value = blk(value) if not rest and value is not UNDEF else pass_on(blk, value, rest)
        items = value.a if value.__class__ is Array else try_ary(value)
        if items is None:
            result.append(value)
        else:
            result.extend(items)

    visit_all(self, visit)
    return Array(result)


alias("collect_concat", flat_map, "flat_map")


@enumerable.method("filter_map", block=True)
def filter_map(self: Value, blk: Block) -> Value:
    """Return the true values of the block."""
    if blk is None:
        return enum_for(self, "filter_map", size=size_of(self))
    source = items_of(self)
    if source is not None:
        return Array([value for item in source if (value := blk(item)) is not FALSE and value is not None])
    result: list[Any] = []

    def visit(value: Value = UNDEF, *rest: Value) -> Value:
        value = blk(value) if not rest and value is not UNDEF else pass_on(blk, value, rest)
        if value is not FALSE and value is not None:
            result.append(value)

    send(self, ";each", visit)
    return Array(result)


# --- choosing -------------------------------------------------------------------------------------------------------


@enumerable.method("select", block=True)
def select(self: Value, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "select", size=size_of(self))
    result: list[Any] = []

    def visit(value: Value = None, *rest: Value) -> Value:
        if rest:
            value = Array([value, *rest])
        answer = blk(value)
        if answer is not FALSE and answer is not None:
            result.append(value)

    visit_all(self, visit)
    return Array(result)


alias("filter", select, "select")
alias("find_all", select, "select")


@enumerable.method("reject", block=True)
def reject(self: Value, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "reject", size=size_of(self))
    result: list[Any] = []

    def visit(value: Value = None, *rest: Value) -> Value:
        if rest:
            value = Array([value, *rest])
        answer = blk(value)
        if answer is FALSE or answer is None:
            result.append(value)

    visit_all(self, visit)
    return Array(result)


@enumerable.method("partition", block=True)
def partition(self: Value, blk: Block) -> Value:
    """Return two Arrays: the elements that the block is true for, and the others."""
    if blk is None:
        return enum_for(self, "partition", size=size_of(self))
    chosen: list[Any] = []
    others: list[Any] = []
    if is_plain_hash(self):
        for pair, answer in zip(*ask_pairs(self, blk)):
            (others if answer is FALSE or answer is None else chosen).append(pair)
        return Array([Array(chosen), Array(others)])

    def visit(value: Value = None, *rest: Value) -> Value:
        if rest:
            value = Array([value, *rest])
        answer = blk(value)
        (others if answer is FALSE or answer is None else chosen).append(value)

    visit_all(self, visit)
    return Array([Array(chosen), Array(others)])


@enumerable.method("group_by", block=True)
def group_by(self: Value, blk: Block) -> Value:
    """Return a Hash from each value of the block to an Array of its elements."""
    if blk is None:
        return enum_for(self, "group_by", size=size_of(self))
    table = Hash()
    groups = table.d
    for value, key in zip(*keyed(self, blk)):
        normal = key if key.__class__ is int or key.__class__ is Symbol else hash_key(key)
        group = groups.get(normal)
        if group is None:
            hash_set(table, key, Array([value]))
        else:
            group.a.append(value)
    return table


@enumerable.method("find", block=True)
def find(self: Value, blk: Block, missing: Value = None) -> Value:
    """Return the first element that the block is true for; without one what `missing.call` returns, or nil."""
    if blk is None:
        return enum_for(self, "find", *([] if missing is None else [missing]))
    tag = object()
    spread = isinstance(self, Hash) and spreads(blk)

    def visit(value: Value = None, *rest: Value) -> Value:
        if rest:
            value = Array([value, *rest])
        answer = blk(*value.a) if spread else blk(value)
        if answer is not FALSE and answer is not None:
            raise BreakJump(tag, value)

    found = visit_until(self, visit, tag)
    if found is UNDEF:
        return None if missing is None else send(missing, ":call")
    return found


alias("detect", find, "find")


@enumerable.method("first")
def first(self: Value, blk: Block, count: Value = UNDEF) -> Value:
    if count is UNDEF:
        found = first_values(self, 1)
        return found[0] if found else None
    return take(self, None, count)


@enumerable.method("take")
def take(self: Value, blk: Block, count: Value) -> Array:
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "attempt to take negative size")
    return Array(first_values(self, number))


@enumerable.method("include?", "member?")
def includes(self: Value, blk: Block, wanted: Value) -> Value:
    tag = object()

    def visit(value: Value = None, *rest: Value) -> Value:
        if equal(Array([value, *rest]) if rest else value, wanted):
            raise BreakJump(tag, TRUE)

    return FALSE if visit_until(self, visit, tag) is UNDEF else TRUE


# --- folding --------------------------------------------------------------------------------------------------------


PLUS = sym("+")


@enumerable.method("inject", "reduce", block=True)
def inject(self: Value, blk: Block, initial: Value = UNDEF, operator: Value = UNDEF) -> Value:
    """Combine all elements by the block, by the operator that a Symbol or String names, or by a callable."""
    if operator is UNDEF and blk is None:
        if initial is PLUS and self.__class__ is Array and self.a and "ADD" not in REDEFINED:
            whole = integer_sum(self.a)
            if whole is not None:
                return whole
        if initial is UNDEF:
            raise arity_error(0, 1, 2)
        operator, initial = initial, UNDEF
    if operator is not UNDEF:
        if operator.__class__ is not Symbol and not isinstance(operator, String) and respond_to(operator, "to_proc"):
            blk = to_block(operator)
        else:
            return inject_operator(self, initial, operator)
    total = initial
    source = items_of(self)
    if source is not None:
        for item in source:
            total = item if total is UNDEF else blk(total, item)
        return None if total is UNDEF else total

    def visit(value: Value = None, *rest: Value) -> Value:
        nonlocal total
        if rest:
            value = Array([value, *rest])
        total = value if total is UNDEF else blk(total, value)

    send(self, ";each", visit)
    return None if total is UNDEF else total


FLOATS = {float}
# Methods that do what an instruction does.
INSTRUCTIONS = {method: name for name, method, _, count, _ in ROWS if count == 2}


def inject_operator(self: Value, initial: Value, operator: Value) -> Value:
    """Combine all elements by a method."""
    name = as_name(operator)
    values = collected(self)
    if initial is not UNDEF:
        values.insert(0, initial)
    if not values:
        return None
    if name in ("+", "*") and all_integers(values):
        return sum(values) if name == "+" else prod(values)
    total = values[0]
    if name == "+" and "ADD" not in REDEFINED and kinds_of(values) == FLOATS:
        for value in values[1:]:
            total += value
        return total
    instruction = INSTRUCTIONS.get(name)
    if instruction is not None:
        operate = OPERATORS[instruction]
        for value in values[1:]:
            total = operate(total, value)
        return total
    attr = ":" + name
    for value in values[1:]:
        total = send(total, attr, None, value)
    return total


@enumerable.method("sum", block=True)
def sum_(self: Value, blk: Block, initial: Value = 0) -> Value:
    """Add up the elements, or the block's values, to `initial`."""
    if blk is None:
        numbers = items_of(self)
        if numbers.__class__ is range and initial.__class__ is int:
            first, count = numbers.start, len(numbers)
            return initial + (first + first + count - 1) * count // 2
        return sum_values(collected(self), initial, True)
    return sum_values(keyed(self, blk)[1], initial, True)


@enumerable.method("count", block=True)
def count_(self: Value, blk: Block, wanted: Value = UNDEF) -> int:
    """Return the number of elements: all, those equal to `wanted`, or those the block is true for."""
    if wanted is not UNDEF:
        return sum([equal(value, wanted) for value in collected(self)])
    if blk is None:
        return len(collected(self))
    number = 0
    if is_plain_hash(self):
        return sum([answer is not FALSE and answer is not None for answer in ask_pairs(self, blk)[1]])

    def visit(value: Value = UNDEF, *rest: Value) -> Value:
        nonlocal number
        answer = blk(value) if not rest and value is not UNDEF else pass_on(blk, value, rest)
        if answer is not FALSE and answer is not None:
            number += 1

    visit_all(self, visit)
    return number


# --- order and conversion -------------------------------------------------------------------------------------------


@enumerable.method("sort", block=True)
def sort(self: Value, blk: Block) -> Array:
    values = collected(self)
    sort_values(values, blk)
    return Array(values)


def keyed(self: Value, blk: Any) -> tuple[list[Any], list[Any]]:
    """Return all elements, and the block's value for each."""
    source = items_of(self)
    if source is not None:
        items = list(source)
        return items, answers(blk, items)
    if is_plain_hash(self):
        return ask_pairs(self, blk)
    values: list[Any] = []
    keys: list[Any] = []

    def visit(value: Value = None, *rest: Value) -> Value:
        if rest:
            value = Array([value, *rest])
        values.append(value)
        keys.append(blk(value))

    send(self, ";each", visit)
    return values, keys


@enumerable.method("sort_by", block=True)
def sort_by(self: Value, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "sort_by", size=size_of(self))
    return Array(sort_by_keys(*keyed(self, blk)))


@enumerable.method("to_a", "entries")
def to_a(self: Value, blk: Block, *args: Value) -> Array:
    return Array(collected(self, *args))


@enumerable.method("to_h", block=True)
def to_h(self: Value, blk: Block, *args: Value) -> Hash:
    """Return a Hash of the pairs that the elements, or the block's values, are."""
    table = Hash()

    def visit(*values: Value) -> Value:
        key, value = pair_of(pack(values) if blk is None else blk(*values), -1)
        hash_set(table, key, value)

    visit_all(self, visit, *args)
    return table
