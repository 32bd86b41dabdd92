"""Set: a collection without duplicates, in insertion order.

The elements are the keys of a Hash (`table`), so that equality is that of Hash keys.
"""

from __future__ import annotations

from ..blocks import enum_for
from ..builtin import NativeClass
from ..convert import inspect_str
from ..dispatch import respond_to, send
from ..errors import error
from ..hashing import Key, hash_key, hash_keys, hash_set, wrapped_key
from ..later import later
from ..model import allocate, class_of
from ..values import FALSE, PLAIN_KEYS, TRUE, UNDEF, Array, Hash, Object, Range, String, truth
from .hash import duplicate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..model import ModuleValue
    from ..values import Block, Value
    from .enumerable import collected
else:
    later(globals(), ".enumerable", "collected")


class SetValue(Object):
    spare = ("i0", "i1", "i2", "i3")  # programs have a Set of their own, which is this one reopened
    __slots__ = ("table", *spare)
    mclass = None
    key_maker = wrapped_key

    table: Hash

    def __init__(self) -> None:
        self.table = Hash()

    prepare = __init__

    def __repr__(self) -> str:
        return f"Set({list(self.table.d)!r})"


set_ = NativeClass("Set")


# --- helpers of all set files ---------------------------------------------------------------------------------------


def like(self: SetValue) -> Any:
    """Return a new empty set of the class and the way of comparing of `self`."""
    result: SetValue = allocate(class_of(self))
    result.table.identity = self.table.identity
    result.table.settle()
    return result


def put(self: SetValue, value: Value) -> None:
    if value.__class__ in PLAIN_KEYS and not self.table.iterating:
        self.table.d[value] = TRUE
        return
    if self.table.iterating and place_of(self, value) not in self.table.d:
        raise error("RuntimeError", "can't add a new item into set during iteration")
    hash_set(self.table, value, TRUE)


def place_of(self: SetValue, value: Value) -> Any:
    """Return the normalised key of `value` in `self`."""
    return value if self.table.identity and value.__class__ is not float else hash_key(value)


def members(self: SetValue) -> list[Any]:
    return hash_keys(self.table)


def drop(self: SetValue, value: Value) -> None:
    normal = place_of(self, value)
    self.table.d.pop(normal, None)
    self.table.keys.pop(normal, None)


def elements_of(value: Value) -> list[Any]:
    """Return the elements of a collection argument. ArgumentError unless it can be iterated."""
    if isinstance(value, SetValue):
        return members(value)
    if isinstance(value, Array):
        return value.a
    if isinstance(value, (Hash, Range)) or respond_to(value, "each_entry"):
        return collected(value)
    if respond_to(value, "each"):
        result: list[Any] = []

        def add(item: Value = None, *rest: Value) -> Value:
            result.append(Array([item, *rest]) if rest else item)

        send(value, ":each", add)
        return result
    raise error("ArgumentError", "value must be enumerable")


def other_set(value: Value) -> SetValue:
    """Return an argument that must be a Set."""
    if not isinstance(value, SetValue):
        raise error("ArgumentError", "value must be a set")
    return value


# --- making and reading ---------------------------------------------------------------------------------------------


@set_.singleton("[]")
def literal(cls: ModuleValue, blk: Block, *values: Value) -> SetValue:
    result: SetValue = allocate(cls)
    for value in values:
        put(result, value)
    return result


@set_.private("initialize", block=True)
def initialize(self: SetValue, blk: Block, values: Value = None) -> Value:
    """Fill with the elements of a collection, or with the block's values for them."""
    if values is None:
        return self
    for value in elements_of(values):
        put(self, value if blk is None else blk(value))
    return self


@set_.private("initialize_copy")
def initialize_copy(self: SetValue, blk: Block, other: Value) -> Value:
    self.table = duplicate(other.table)
    return self


@set_.method("size", "length")
def size(self: SetValue, blk: Block) -> int:
    return len(self.table.d)


@set_.method("empty?")
def is_empty(self: SetValue, blk: Block) -> Value:
    return FALSE if self.table.d else TRUE


@set_.method("include?", "member?", "===")
def includes(self: SetValue, blk: Block, value: Value) -> Value:
    cls = value.__class__
    if cls in PLAIN_KEYS:
        return TRUE if value in self.table.d else FALSE
    if cls is String and not self.table.identity:
        return TRUE if value.s in self.table.d else FALSE
    return TRUE if place_of(self, value) in self.table.d else FALSE


@set_.method("each", block=True)
def each(self: SetValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "each", size=lambda: len(self.table.d))
    table = self.table
    d, keys = table.d, table.keys
    table.iterating += 1
    try:
        for normal in list(d):
            if normal in d:
                blk(keys[normal] if normal.__class__ in (str, tuple, Key) else normal)
    finally:
        table.iterating -= 1
    return self


def set_elements(self: SetValue, still: bool) -> list[Any] | None:
    return members(self) if still and getattr(self.__class__, ":each", None) is each else None


SetValue.elements = set_elements


@set_.method("to_a")
def to_a(self: SetValue, blk: Block) -> Array:
    return Array(members(self))


@set_.method("to_set", block=True)
def to_set(self: SetValue, blk: Block, cls: Value = UNDEF, *args: Value) -> Value:
    if cls is UNDEF and blk is None and self.__class__.mclass is set_.mod:
        return self
    return send(set_.mod if cls is UNDEF else cls, ":new", blk, self, *args)


# --- changing -------------------------------------------------------------------------------------------------------


@set_.method("add", "<<", mutates=True)
def add(self: SetValue, blk: Block, value: Value) -> SetValue:
    if value.__class__ in PLAIN_KEYS and not self.table.iterating:
        self.table.d[value] = TRUE
    else:
        put(self, value)
    return self


@set_.method("add?", mutates=True)
def add_new(self: SetValue, blk: Block, value: Value) -> Value:
    if place_of(self, value) in self.table.d:
        return None
    put(self, value)
    return self


@set_.method("delete", mutates=True)
def delete(self: SetValue, blk: Block, value: Value) -> SetValue:
    drop(self, value)
    return self


@set_.method("delete?", mutates=True)
def delete_known(self: SetValue, blk: Block, value: Value) -> Value:
    if place_of(self, value) not in self.table.d:
        return None
    drop(self, value)
    return self


@set_.method("merge", mutates=True)
def merge(self: SetValue, blk: Block, *others: Value) -> SetValue:
    for other in others:
        for value in list(elements_of(other)):
            put(self, value)
    return self


# --- operators ------------------------------------------------------------------------------------------------------


@set_.method("|", "+", "union")
def union(self: SetValue, blk: Block, other: Value) -> Any:
    result = initialize_copy(like(self), None, self)
    for value in elements_of(other):
        put(result, value)
    return result


@set_.method("&", "intersection")
def intersection(self: SetValue, blk: Block, other: Value) -> Any:
    result = like(self)
    for value in elements_of(other):
        if place_of(self, value) in self.table.d:
            put(result, value)
    return result


@set_.method("-", "difference")
def difference(self: SetValue, blk: Block, other: Value) -> Any:
    result = initialize_copy(like(self), None, self)
    for value in elements_of(other):
        drop(result, value)
    return result


@set_.method("^")
def exclusive(self: SetValue, blk: Block, other: Value) -> Any:
    """Return the elements that are in one of the two only."""
    result = initialize_copy(like(self), None, self)
    for value in members(literal(set_.mod, None, *elements_of(other))):
        if place_of(result, value) in result.table.d:
            drop(result, value)
        else:
            put(result, value)
    return result


def same_members(self: SetValue, other: SetValue) -> bool:
    return self.table.d.keys() == other.table.d.keys() and self.table.identity == other.table.identity


@set_.method("==")
def equals(self: SetValue, blk: Block, other: Value) -> Value:
    return truth(self is other or (isinstance(other, SetValue) and same_members(self, other)))


INSPECTING: list[Any] = []  # the sets being inspected, outermost first


@set_.method("inspect", "to_s")
def inspect(self: SetValue, blk: Block) -> String:
    cls = class_of(self)
    left, right = ("Set[", "]") if cls is set_.mod else (f"#<{cls.name}: {{", "}>")
    if any(active is self for active in INSPECTING):
        return String(f"{left}...{right}")
    INSPECTING.append(self)
    try:
        return String(left + ", ".join([inspect_str(value) for value in members(self)]) + right)
    finally:
        INSPECTING.pop()
