"""Hash: changing in place."""

from __future__ import annotations

from ..blocks import enum_for, renamed
from ..builtin import NativeClass
from ..convert import as_hash
from ..errors import error
from ..hashing import hash_items, hash_set
from ..later import later
from ..values import FALSE, UNDEF, Array, Hash
from .hash import KEYED, copy_pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value
    from .hash_new import transformed_keys
else:
    later(globals(), ".hash_new", "transformed_keys")

hash_ = NativeClass("Hash")


@hash_.method("clear", mutates=True)
def clear(self: Hash, blk: Block) -> Hash:
    self.d.clear()
    self.keys.clear()
    return self


def become(self: Hash, other: Hash) -> None:
    """Give `self` the pairs of `other`, which is no other name of it."""
    self.d.clear()
    self.keys.clear()
    self.identity = other.identity
    self.settle()
    copy_pairs(other, self)


@hash_.method("replace", mutates=True)
def replace(self: Hash, blk: Block, other: Value) -> Hash:
    source = as_hash(other)
    if source is not self:
        if self.iterating:
            raise error("RuntimeError", "can't replace hash during iteration")
        become(self, source)
    return self


@hash_.method("initialize_copy", visibility=1, mutates=True)
def initialize_copy(self: Hash, blk: Block, other: Value) -> Hash:
    source = as_hash(other)
    self.iterating = 0  # a copy that was made meanwhile is not being iterated
    if source is not self:
        become(self, source)
        self.default, self.default_proc = source.default, source.default_proc
        self.settle()
    return self


@hash_.method("shift", mutates=True)
def shift(self: Hash, blk: Block) -> Value:
    """Delete and return the first pair; nil if there is none."""
    if not self.d:
        return None
    normal = next(iter(self.d))
    value = self.d.pop(normal)
    return Array([self.keys.pop(normal) if normal.__class__ in KEYED else normal, value])


@hash_.method("rehash", mutates=True)
def rehash(self: Hash, blk: Block) -> Hash:
    """Find the places of all keys again, after keys were changed."""
    if self.iterating:
        raise error("RuntimeError", "rehash during iteration")
    pairs = hash_items(self)
    clear(self, None)
    for key, value in pairs:
        hash_set(self, key, value)
    return self


@hash_.method("compare_by_identity", mutates=True)
def compare_by_identity(self: Hash, blk: Block) -> Hash:
    if self.identity:
        return self
    if self.iterating:
        raise error("RuntimeError", "compare_by_identity during iteration")
    pairs = hash_items(self)
    clear(self, None)
    self.identity = True
    self.settle()
    for key, value in pairs:
        hash_set(self, key, value)
    return self


def keep_where(self: Hash, blk: Any, keep: bool) -> bool:
    """Keep the pairs that the block is true (or false) for; return whether any went."""
    d, originals = self.d, self.keys
    count = len(d)
    self.iterating += 1
    try:
        for normal in list(d):
            value = d.get(normal, UNDEF)
            if value is not UNDEF:
                answer = blk(originals[normal] if normal.__class__ in KEYED else normal, value)
                if (answer is not FALSE and answer is not None) is not keep:
                    d.pop(normal, None)
                    originals.pop(normal, None)
    finally:
        self.iterating -= 1
    return len(d) < count


@hash_.method("select!", mutates=True, block=True)
def select_bang(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "select!", size=lambda: len(self.d))
    return self if keep_where(self, blk, True) else None


hash_.method("filter!", mutates=True, block=True)(renamed(select_bang, "select!", "filter!"))


@hash_.method("keep_if", mutates=True, block=True)
def keep_if(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "keep_if", size=lambda: len(self.d))
    keep_where(self, blk, True)
    return self


@hash_.method("reject!", mutates=True, block=True)
def reject_bang(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "reject!", size=lambda: len(self.d))
    return self if keep_where(self, blk, False) else None


@hash_.method("delete_if", mutates=True, block=True)
def delete_if(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "delete_if", size=lambda: len(self.d))
    keep_where(self, blk, False)
    return self


@hash_.method("compact!", mutates=True)
def compact_bang(self: Hash, blk: Block) -> Value:
    gone = [normal for normal, value in self.d.items() if value is None]
    for normal in gone:
        del self.d[normal]
        self.keys.pop(normal, None)
    return self if gone else None


@hash_.method("transform_values!", mutates=True, block=True)
def transform_values_bang(self: Hash, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "transform_values!", size=lambda: len(self.d))
    d = self.d
    for normal in list(d):
        if normal in d:
            d[normal] = blk(d[normal])
    return self


@hash_.method("transform_keys!", mutates=True, block=True)
def transform_keys_bang(self: Hash, blk: Block, mapping: Value = UNDEF) -> Value:
    if blk is None and mapping is UNDEF:
        return enum_for(self, "transform_keys!", size=lambda: len(self.d))
    become(self, transformed_keys(self, blk, mapping))
    return self
