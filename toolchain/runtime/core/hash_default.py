"""Hash: default values and the ways of making a Hash from something else."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_hash, try_ary
from ..dispatch import respond_to, send
from ..errors import error
from ..hashing import hash_set
from ..model import allocate, class_of
from ..values import UNDEF, Array, Hash, Proc
from .hash import copy_pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..model import ModuleValue
    from ..values import Block, Value

hash_ = NativeClass("Hash")


def check_default_proc(proc: Value) -> Any:
    """Return a Proc that can be a default proc: a block, or a lambda of two parameters."""
    if proc is None:
        return None
    if not isinstance(proc, Proc):
        if not respond_to(proc, "to_proc"):
            raise error("TypeError", f"wrong default_proc type {class_of(proc).name} (expected Proc)")
        proc = send(proc, ":to_proc")
    if proc.is_lambda:
        arity = send(proc, ":arity")
        if arity != 2 and (arity >= 0 or arity < -3):
            raise error("TypeError", f"default_proc takes two arguments (2 for {arity if arity >= 0 else -arity - 1})")
    return proc


@hash_.method("default")
def default(self: Hash, blk: Block, key: Value = UNDEF) -> Value:
    """Return the default value; with a key, what the default proc says for it."""
    if self.default_proc is None:
        return self.default
    return None if key is UNDEF else self.default_proc.f(self, key)


@hash_.method("default=", mutates=True)
def set_default(self: Hash, blk: Block, value: Value) -> Value:
    self.default = value
    self.default_proc = None
    self.settle()
    return value


@hash_.method("default_proc")
def default_proc(self: Hash, blk: Block) -> Value:
    return self.default_proc


@hash_.method("default_proc=", mutates=True)
def set_default_proc(self: Hash, blk: Block, proc: Value) -> Value:
    self.default_proc = check_default_proc(proc)
    self.default = None
    self.settle()
    return proc


@hash_.singleton("[]")
def literal(cls: ModuleValue, blk: Block, *arguments: Value) -> Hash:
    """Return a Hash from another Hash, from an Array of pairs, or from keys and values in turn."""
    result: Hash = allocate(cls)
    if len(arguments) == 1:
        source = arguments[0]
        table = source if isinstance(source, Hash) else try_hash(source)
        if table is not None:
            copy_pairs(table, result)
            return result
        pairs = try_ary(source)
        if pairs is not None:
            for index, pair in enumerate(pairs):
                items = try_ary(pair)
                if items is None:
                    name = class_of(pair).name
                    raise error("ArgumentError", f"wrong element type {name} at {index} (expected array)")
                if len(items) not in (1, 2):
                    raise error("ArgumentError", f"invalid number of elements ({len(items)} for 1..2)")
                hash_set(result, items[0], items[1] if len(items) == 2 else None)
            return result
    if len(arguments) % 2:
        raise error("ArgumentError", "odd number of arguments for Hash")
    for index in range(0, len(arguments), 2):
        hash_set(result, arguments[index], arguments[index + 1])
    return result


def try_hash(value: Value) -> Hash | None:
    """Return what `to_hash` answers, None if there is no such conversion."""
    if isinstance(value, Array) or not respond_to(value, "to_hash"):
        return None
    return as_hash(value)


@hash_.singleton("try_convert")
def try_convert(cls: ModuleValue, blk: Block, value: Value) -> Value:
    return value if isinstance(value, Hash) else try_hash(value)


@hash_.singleton("ruby2_keywords_hash")
def ruby2_keywords_hash(cls: ModuleValue, blk: Block, value: Value) -> Hash:
    result = Hash()
    copy_pairs(as_hash(value), result)
    return result


@hash_.singleton("ruby2_keywords_hash?")
def is_ruby2_keywords_hash(cls: ModuleValue, blk: Block, value: Value) -> Value:
    from ..values import FALSE

    as_hash(value)
    return FALSE
