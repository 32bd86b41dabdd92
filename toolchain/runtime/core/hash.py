"""Hash: what nearly every program uses. The rest stands in hash_*.py by theme.

The dicts of a Hash are changed in place, never replaced: iterations hold on to them. Iterations walk over a list of
the keys and look each one up, so that pairs may be deleted and changed meanwhile; what adds keys looks at `iterating`.
"""

from __future__ import annotations

from ..blocks import enum_for, renamed, takes_two
from ..builtin import NativeClass
from ..convert import as_hash, equal, inspect_str
from ..dispatch import new_object, send
from ..errors import error
from ..hashing import Key, hash_items, hash_key, hash_keys, hash_set, live_pairs
from ..later import later
from ..model import dispatch_class, find_method
from ..values import FALSE, TRUE, UNDEF, Array, Hash, String, Symbol
from .symbol_text import symbol_key_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..dispatch import block_proc, respond_to
    from ..errors import arity_error
    from ..values import Block, Value
    from .hash_default import check_default_proc
else:
    later(globals(), "..dispatch", "block_proc", "respond_to")
    later(globals(), ".hash_default", "check_default_proc")
    later(globals(), "..errors", "arity_error")

hash_ = NativeClass("Hash")

KEYED = (str, tuple, Key)  # classes of normalised keys that stand for another value (hashing.py)


class Iterating:
    """Marks a Hash as being iterated for the time of a `with` block."""

    __slots__ = ("table",)

    def __init__(self, table: Hash) -> None:
        self.table = table

    def __enter__(self) -> None:
        self.table.iterating += 1

    def __exit__(self, *exception: object) -> None:
        self.table.iterating -= 1


def default_of(self: Hash, key: Value) -> Value:
    """Return the value for a missing key: the default value, or what the default proc or a redefined `default` says."""
    if self.__class__ is not Hash:
        entry = find_method(dispatch_class(self), "default")
        if entry is not None and not entry.native:
            return entry.fn(self, None, key)
    proc = self.default_proc
    return self.default if proc is None else proc.f(self, key)


@hash_.method("[]")
def get(self: Hash, blk: Block, key: Value) -> Value:
    cls = key.__class__
    if cls is Symbol or cls is int:
        value = self.d.get(key, UNDEF)
    elif cls is String and not self.identity:
        value = self.d.get(key.s, UNDEF)
    else:
        value = self.d.get(place_of(self, key), UNDEF)
    if value is UNDEF:
        if self.default_proc is None and self.__class__ is Hash:
            return self.default
        return default_of(self, key)
    return value


def place_of(self: Hash, key: Value) -> Any:
    """Return the normalised key under which `self` keeps the value of `key`."""
    if self.identity and key.__class__ is not float:
        return key
    return hash_key(key)


@hash_.method("[]=", "store", mutates=True)
def put(self: Hash, blk: Block, key: Value, value: Value) -> Value:
    cls = key.__class__
    if (cls is Symbol or cls is int) and not self.iterating:
        self.d[key] = value
        return value
    hash_set(self, key, value)
    return value


@hash_.method("fetch", block=True)
def fetch(self: Hash, blk: Block, key: Value, default: Value = UNDEF) -> Value:
    cls = key.__class__
    value = self.d.get(key if cls is int or cls is Symbol else place_of(self, key), UNDEF)
    if value is not UNDEF:
        return value
    if blk is not None:
        return blk(key)
    if default is not UNDEF:
        return default
    raise error("KeyError", f"key not found: {inspect_str(key)}", receiver=self, key=key)


@hash_.method("key?", "has_key?", "include?", "member?")
def has_key(self: Hash, blk: Block, key: Value) -> Value:
    cls = key.__class__
    if cls is Symbol or cls is int or (cls is String and not self.identity):
        return TRUE if (key.s if cls is String else key) in self.d else FALSE
    return TRUE if place_of(self, key) in self.d else FALSE


@hash_.method("keys")
def keys(self: Hash, blk: Block) -> Array:
    return Array(hash_keys(self))


@hash_.method("values")
def values(self: Hash, blk: Block) -> Array:
    return Array(list(self.d.values()))


@hash_.method("length", "size")
def length(self: Hash, blk: Block) -> int:
    return len(self.d)


@hash_.method("empty?")
def is_empty(self: Hash, blk: Block) -> Value:
    return FALSE if self.d else TRUE


@hash_.method("delete", mutates=True, block=True)
def delete(self: Hash, blk: Block, key: Value) -> Value:
    """Delete a key and return its value; without it return the block's value or nil."""
    normal = place_of(self, key)
    value = self.d.pop(normal, UNDEF)
    if value is UNDEF:
        return None if blk is None else blk(key)
    self.keys.pop(normal, None)
    return value


# --- walking --------------------------------------------------------------------------------------------------------


@hash_.method("each", block=True)
def each(self: Hash, blk: Block) -> Value:
    """Call the block with each pair, as one Array."""
    if blk is None:
        return enum_for(self, "each", size=lambda: len(self.d))
    originals = self.keys
    two = takes_two(blk)
    self.iterating += 1
    try:
        for normal, value in live_pairs(self.d):
            key = originals[normal] if normal.__class__ in KEYED else normal
            if two:
                blk(key, value)
            else:
                blk(Array([key, value]))
    finally:
        self.iterating -= 1
    return self


hash_.method("each_pair", block=True)(renamed(each, "each", "each_pair"))


@hash_.method("each_key", block=True)
def each_key(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "each_key", size=lambda: len(self.d))
    d, originals = self.d, self.keys
    with Iterating(self):
        for normal in list(d):
            if normal in d:
                blk(originals[normal] if normal.__class__ in KEYED else normal)
    return self


@hash_.method("each_value", block=True)
def each_value(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "each_value", size=lambda: len(self.d))
    self.iterating += 1
    try:
        for _, value in live_pairs(self.d):
            blk(value)
    finally:
        self.iterating -= 1
    return self


def parts(self: Hash, blk: Any, keep: bool) -> Hash:
    """Return a new Hash of the pairs that the block, called with key and value, is true (or false) for; what the block
    does to `self` makes no difference."""
    result = Hash()
    if self.identity:
        result.identity = True
        result.settle()
    chosen, originals = result.d, self.keys
    if not originals:
        for key, value in list(self.d.items()):
            answer = blk(key, value)
            if (answer is not FALSE and answer is not None) is keep:
                chosen[key] = value
        return result
    originals = originals.copy()
    for normal, value in list(self.d.items()):
        if normal.__class__ in KEYED:
            key = originals[normal]
            answer = blk(key, value)
            if (answer is not FALSE and answer is not None) is keep:
                chosen[normal] = value
                result.keys[normal] = key
        else:
            answer = blk(normal, value)
            if (answer is not FALSE and answer is not None) is keep:
                chosen[normal] = value
    return result


@hash_.method("select", block=True)
def select(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "select", size=lambda: len(self.d))
    return parts(self, blk, True)


hash_.method("filter", block=True)(renamed(select, "select", "filter"))


@hash_.method("reject", block=True)
def reject(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "reject", size=lambda: len(self.d))
    return parts(self, blk, False)


@hash_.method("to_a")
def to_a(self: Hash, blk: Block) -> Array:
    return Array([Array([key, value]) for key, value in hash_items(self)])


# --- joining --------------------------------------------------------------------------------------------------------


def copy_pairs(source: Hash, target: Hash) -> None:
    """Put the pairs of `source` into the empty Hash `target` of the same identity."""
    target.d.update(source.d)
    target.keys.update(source.keys)


def merge_into(self: Hash, others: tuple[Value, ...], blk: Block) -> None:
    """Add the pairs of the others; for keys in both the block says the value."""
    for other in others:
        source = as_hash(other)
        if blk is None:
            if not self.iterating and self.identity == source.identity:
                if not source.keys:
                    self.d.update(source.d)
                    continue
                for normal, key in source.keys.items():
                    if normal not in self.d:
                        self.keys[normal] = key
                self.d.update(source.d)
                continue
            for key, value in hash_items(source):
                hash_set(self, key, value)
        else:
            for key, value in hash_items(source):
                old = self.d.get(place_of(self, key), UNDEF)
                hash_set(self, key, value if old is UNDEF else blk(key, old, value))


@hash_.method("merge", block=True)
def merge(self: Hash, blk: Block, *others: Value) -> Hash:
    result = duplicate(self) if self.__class__ is Hash else send(self, ":dup")
    if blk is None and len(others) == 1 and others[0].__class__ is Hash:
        other: Any = others[0]
        if not other.keys and not other.identity and not result.identity:
            result.d.update(other.d)
            return result
    merge_into(result, others, blk)
    return result


def duplicate(self: Hash) -> Hash:
    """Return a new Hash with the pairs, the default and the identity of `self`."""
    result: Hash = new_object(Hash)
    result.d = self.d.copy()
    result.keys = self.keys.copy()
    result.default, result.default_proc, result.identity = self.default, self.default_proc, self.identity
    result.fallback = self.fallback
    result.iterating = 0
    return result


@hash_.method("update", "merge!", mutates=True, block=True)
def update(self: Hash, blk: Block, *others: Value) -> Hash:
    merge_into(self, others, blk)
    return self


# --- making ---------------------------------------------------------------------------------------------------------


@hash_.private("initialize", block=True)
def initialize(self: Hash, blk: Block, default: Value = UNDEF, *, capacity: Value = None) -> Value:
    """Set the default value, or the default proc from the block."""
    if blk is not None:
        if default is not UNDEF:
            raise arity_error(1, 0, 0)
        self.default_proc = check_default_proc(block_proc(blk))
        self.settle()
    elif default is not UNDEF:
        self.default = default
        self.settle()
    return self


# --- text and comparison --------------------------------------------------------------------------------------------

INSPECTING: list[Any] = []  # the Hashes being inspected, outermost first


@hash_.method("inspect", "to_s")
def inspect(self: Hash, blk: Block) -> String:
    if not self.d:
        return String("{}")
    for active in INSPECTING:
        if active is self:
            return String("{...}")
    INSPECTING.append(self)
    try:
        texts = [
            f"{symbol_key_text(key.name)} {inspect_str(value)}"
            if key.__class__ is Symbol
            else f"{inspect_str(key)} => {inspect_str(value)}"
            for key, value in hash_items(self)
        ]
        return String("{" + ", ".join(texts) + "}")
    finally:
        INSPECTING.pop()


COMPARING: list[tuple[Any, Any]] = []  # pairs of Hashes whose comparison is going on


def same_pairs(self: Hash, other: Hash, same: Any) -> bool:
    """Return whether both have the same keys, with values for which `same(a, b)` is true."""
    if len(self.d) != len(other.d):
        return False
    if not self.d:
        return True
    if self.identity != other.identity or any(x is self and y is other for x, y in COMPARING):
        return self.identity == other.identity
    COMPARING.append((self, other))
    try:
        pairs = other.d
        for normal, value in self.d.items():
            another = pairs.get(normal, UNDEF)
            if another is UNDEF or not (value is another or same(value, another)):
                return False
        return True
    finally:
        COMPARING.pop()


@hash_.method("==")
def equals(self: Hash, blk: Block, other: Value) -> Value:
    if self is other:
        return TRUE
    if not isinstance(other, Hash):
        if other.__class__ in (int, float, Symbol) or other is None or not respond_to(other, "to_hash"):
            return FALSE
        return TRUE if equal(other, self) else FALSE
    return TRUE if same_pairs(self, other, equal) else FALSE
