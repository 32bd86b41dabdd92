"""Set: comparisons, in-place changes, grouping."""

from __future__ import annotations

from ..blocks import enum_for, params_count, renamed
from ..builtin import NativeClass
from ..errors import error
from ..hashing import hash_get, hash_set
from ..values import FALSE, TRUE, Array, Hash, truth
from .array_text import join_text
from .hash_change import become
from .hash_change import compare_by_identity as compare_keys_by_identity
from .set import SetValue, drop, elements_of, like, members, other_set, place_of, put, same_members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, String, Value

set_ = NativeClass("Set")


# --- comparisons ----------------------------------------------------------------------------------------------------


def within(self: SetValue, other: SetValue) -> bool:
    """Return whether `other` has all elements of `self`."""
    return self.table.d.keys() <= other.table.d.keys()


@set_.method("subset?", "<=")
def is_subset(self: SetValue, blk: Block, other: Value) -> Value:
    return truth(within(self, other_set(other)))


@set_.method("superset?", ">=")
def is_superset(self: SetValue, blk: Block, other: Value) -> Value:
    return truth(within(other_set(other), self))


@set_.method("proper_subset?", "<")
def is_proper_subset(self: SetValue, blk: Block, other: Value) -> Value:
    return truth(within(self, other_set(other)) and len(self.table.d) < len(other.table.d))


@set_.method("proper_superset?", ">")
def is_proper_superset(self: SetValue, blk: Block, other: Value) -> Value:
    return truth(within(other_set(other), self) and len(self.table.d) > len(other.table.d))


@set_.method("<=>")
def order(self: SetValue, blk: Block, other: Value) -> Value:
    """Return -1, 0 or 1 if one contains the other, else nil."""
    if not isinstance(other, SetValue):
        return None
    if same_members(self, other):
        return 0
    if within(self, other):
        return -1
    return 1 if within(other, self) else None


@set_.method("intersect?")
def intersects(self: SetValue, blk: Block, other: Value) -> Value:
    d = self.table.d
    return truth(any(place_of(self, value) in d for value in elements_of(other)))


@set_.method("disjoint?")
def is_disjoint(self: SetValue, blk: Block, other: Value) -> Value:
    return FALSE if intersects(self, None, other) is TRUE else TRUE


@set_.method("eql?")
def is_eql(self: SetValue, blk: Block, other: Value) -> Value:
    return truth(self is other or (isinstance(other, SetValue) and same_members(self, other)))


@set_.method("hash")
def hash_(self: SetValue, blk: Block) -> int:
    return hash(frozenset(self.table.d))


@set_.method("compare_by_identity", mutates=True)
def compare_by_identity(self: SetValue, blk: Block) -> SetValue:
    if self.table.iterating:
        raise error("RuntimeError", "compare_by_identity during iteration")
    compare_keys_by_identity(self.table, None)
    return self


@set_.method("compare_by_identity?")
def compares_by_identity(self: SetValue, blk: Block) -> Value:
    return truth(self.table.identity)


# --- changing in place ----------------------------------------------------------------------------------------------


@set_.method("clear", mutates=True)
def clear(self: SetValue, blk: Block) -> SetValue:
    self.table.d.clear()
    self.table.keys.clear()
    return self


@set_.method("replace", mutates=True)
def replace(self: SetValue, blk: Block, other: Value) -> SetValue:
    values = list(elements_of(other))
    clear(self, None)
    if isinstance(other, SetValue):
        become(self.table, other.table)
    else:
        for value in values:
            put(self, value)
    return self


@set_.method("reset", mutates=True)
def reset(self: SetValue, blk: Block) -> SetValue:
    """Find the places of all elements again, after elements were changed."""
    values = members(self)
    clear(self, None)
    for value in values:
        put(self, value)
    return self


@set_.method("subtract", mutates=True)
def subtract(self: SetValue, blk: Block, other: Value) -> SetValue:
    for value in list(elements_of(other)):
        drop(self, value)
    return self


@set_.method("map!", mutates=True, block=True)
def map_bang(self: SetValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "map!", size=lambda: len(self.table.d))
    values = [blk(value) for value in members(self)]
    clear(self, None)
    for value in values:
        put(self, value)
    return self


set_.method("collect!", mutates=True, block=True)(renamed(map_bang, "map!", "collect!"))


def keep_where(self: SetValue, blk: Any, keep: bool) -> bool:
    """Keep the elements that the block is true (or false) for; return whether any went."""
    gone = []
    for value in members(self):
        answer = blk(value)
        if (answer is not FALSE and answer is not None) is not keep:
            gone.append(value)
    for value in gone:
        drop(self, value)
    return bool(gone)


@set_.method("select!", mutates=True, block=True)
def select_bang(self: SetValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "select!", size=lambda: len(self.table.d))
    return self if keep_where(self, blk, True) else None


set_.method("filter!", mutates=True, block=True)(renamed(select_bang, "select!", "filter!"))


@set_.method("reject!", mutates=True, block=True)
def reject_bang(self: SetValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "reject!", size=lambda: len(self.table.d))
    return self if keep_where(self, blk, False) else None


@set_.method("keep_if", mutates=True, block=True)
def keep_if(self: SetValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "keep_if", size=lambda: len(self.table.d))
    keep_where(self, blk, True)
    return self


@set_.method("delete_if", mutates=True, block=True)
def delete_if(self: SetValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "delete_if", size=lambda: len(self.table.d))
    keep_where(self, blk, False)
    return self


# --- nesting and grouping -------------------------------------------------------------------------------------------


def add_flat(target: SetValue, source: SetValue, active: list[Any]) -> None:
    for value in members(source):
        if not isinstance(value, SetValue):
            put(target, value)
            continue
        if any(outer is value for outer in active):
            raise error("ArgumentError", "tried to flatten recursive Set")
        active.append(value)
        add_flat(target, value, active)
        active.pop()


@set_.method("flatten")
def flatten(self: SetValue, blk: Block) -> Value:
    result = like(self)
    add_flat(result, self, [self])
    return result


@set_.method("flatten!", mutates=True)
def flatten_bang(self: SetValue, blk: Block) -> Value:
    if not any(isinstance(value, SetValue) for value in members(self)):
        return None
    return replace(self, None, flatten(self, None))


@set_.method("classify", block=True)
def classify(self: SetValue, blk: Block) -> Value:
    """Return a Hash from each value of the block to the Set of its elements."""
    if blk is None:
        return enum_for(self, "classify", size=lambda: len(self.table.d))
    table = Hash()
    for value in members(self):
        key = blk(value)
        group = hash_get(table, key)
        if group is None:
            group = like(self)
            hash_set(table, key, group)
        put(group, value)
    return table


@set_.method("divide", block=True)
def divide(self: SetValue, blk: Block) -> Value:
    """Return the Set of the groups that the block's values make, or of the connected ones if it takes two elements."""
    if blk is None:
        return enum_for(self, "divide", size=lambda: len(self.table.d))
    result = like(self)
    if abs(params_count(blk)) == 2:
        for group in connected(self, blk):
            put(result, group)
    else:
        for group in classify(self, blk).d.values():
            put(result, group)
    return result


def connected(self: SetValue, blk: Any) -> list[SetValue]:
    """Return the groups of elements that are linked, over whatever others, by the block being true both ways."""
    rest = members(self)
    groups = []
    while rest:
        found = [rest.pop(0)]
        for value in found:
            linked = [
                other
                for other in rest
                if blk(value, other) not in (FALSE, None) and blk(other, value) not in (FALSE, None)
            ]
            found += linked
            rest = [other for other in rest if not any(other is one for one in linked)]
        group = like(self)
        for value in sorted(found, key=members(self).index):
            put(group, value)
        groups.append(group)
    return groups


@set_.method("join")
def join(self: SetValue, blk: Block, separator: Value = None) -> String:
    return join_text(Array(members(self)), separator)
