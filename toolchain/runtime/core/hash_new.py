"""Hash: new Hashes and Arrays from the pairs."""

from __future__ import annotations

from ..blocks import enum_for
from ..builtin import NativeClass
from ..convert import as_hash
from ..hashing import hash_items, hash_set
from ..indexing import checked_int
from ..later import later
from ..values import UNDEF, Array, Hash, Proc
from .hash import KEYED, Iterating, copy_pairs, get, place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value
    from .array_combine import flat_list, pair_of
else:
    later(globals(), ".array_combine", "pair_of", "flat_list")

hash_ = NativeClass("Hash")


@hash_.method("to_h", block=True)
def to_h(self: Hash, blk: Block) -> Hash:
    """Return the Hash itself, or a new one of the pairs that the block returns."""
    if blk is None:
        if self.__class__.mclass is hash_.mod:
            return self
        result = Hash()
        result.default, result.default_proc, result.identity = self.default, self.default_proc, self.identity
        result.fallback = self.fallback
        copy_pairs(self, result)
        return result
    result = Hash()
    with Iterating(self):
        for key, value in hash_items(self):
            pair = blk(key, value)
            if pair.__class__ is Array and len(pair.a) == 2:
                hash_set(result, *pair.a)
            else:
                hash_set(result, *pair_of(pair, -1))
    return result


@hash_.method("to_hash")
def to_hash(self: Hash, blk: Block) -> Hash:
    return self


@hash_.method("deconstruct_keys")
def deconstruct_keys(self: Hash, blk: Block, keys: Value) -> Hash:
    return self


@hash_.method("transform_values", block=True)
def transform_values(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "transform_values", size=lambda: len(self.d))
    result = Hash()
    if self.identity:
        result.identity = True
        result.settle()
    new = result.d
    result.keys = self.keys.copy()
    for normal, value in list(self.d.items()):
        new[normal] = blk(value)
    return result


def transformed_keys(self: Hash, blk: Block, mapping: Value) -> Hash:
    """Return a new Hash with keys from the `mapping` where it has them, else from the block if there is one."""
    table = None if mapping is UNDEF else as_hash(mapping)
    result = Hash()
    self.iterating += 1
    try:
        for key, value in hash_items(self):
            new = UNDEF if table is None else table.d.get(place_of(table, key), UNDEF)
            if new is UNDEF:
                new = key if blk is None else blk(key)
            hash_set(result, new, value)
    finally:
        self.iterating -= 1
    return result


@hash_.method("transform_keys", block=True)
def transform_keys(self: Hash, blk: Block, mapping: Value = UNDEF) -> Value:
    if blk is None and mapping is UNDEF:
        return enum_for(self, "transform_keys", size=lambda: len(self.d))
    return transformed_keys(self, blk, mapping)


def subset(self: Hash, normals: Any) -> Hash:
    """Return a new Hash of the pairs under the given normalised keys, which all exist."""
    result = Hash()
    if self.identity:
        result.identity = True
        result.settle()
    d, chosen, originals = self.d, result.d, self.keys
    for normal in normals:
        chosen[normal] = d[normal]
        if originals and normal.__class__ in KEYED:
            result.keys[normal] = originals[normal]
    return result


@hash_.method("slice")
def slice_(self: Hash, blk: Block, *keys: Value) -> Hash:
    normals = [place_of(self, key) for key in keys]
    return subset(self, [normal for normal in normals if normal in self.d])


@hash_.method("except")
def except_(self: Hash, blk: Block, *keys: Value) -> Hash:
    gone = {place_of(self, key) for key in keys}
    return subset(self, [normal for normal in self.d if normal not in gone])


@hash_.method("compact")
def compact(self: Hash, blk: Block) -> Hash:
    return subset(self, [normal for normal, value in self.d.items() if value is not None])


@hash_.method("invert")
def invert(self: Hash, blk: Block) -> Hash:
    result = Hash()
    for key, value in hash_items(self):
        hash_set(result, value, key)
    return result


@hash_.method("flatten")
def flatten(self: Hash, blk: Block, depth: Value = 1) -> Array:
    level = checked_int(depth)
    pairs = [Array([key, value]) for key, value in hash_items(self)]
    if level == 0:
        return Array(pairs)
    flat: list[Any] = []
    for pair in pairs:
        flat += pair.a
    if level == 1:
        return Array(flat)
    return Array(flat_list(Array(flat), level - 1 if level > 0 else -1)[0])


@hash_.method("to_proc")
def to_proc(self: Hash, blk: Block) -> Proc:
    """Return a lambda that looks its argument up."""

    def look_up(key: Value) -> Value:
        return get(self, None, key)

    proc = Proc(look_up, True, self)
    look_up.proc = proc  # type: ignore[attr-defined]
    return proc
