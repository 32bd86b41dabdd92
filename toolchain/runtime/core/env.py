"""ENV: the variables of the process, as the one object of its kind."""

from __future__ import annotations

import os

from .. import model
from ..builtin import MADE, NativeClass, builtin_class
from ..convert import as_str, inspect_str
from ..dispatch import send
from ..errors import Raised, error, new_exception
from ..hashing import make_hash
from ..values import Array, String, is_true, truth
from .enumerator import make_enumerator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


def name_text(value: Value) -> str:
    """Return a variable's name or value. ArgumentError of the guest for a NUL in it."""
    text = as_str(value)
    if "\0" in text:
        raise error("ArgumentError", "bad environment variable name: contains null byte")
    return text


def frozen(text: str) -> Value:
    return model.freeze(String(text))


ENV = model.allocate(model.OBJECT)
_single = MADE["ENV."] = model.singleton_class(ENV)
_single.temporary_name = "ENV."
model.mix_in(_single, builtin_class("Enumerable"))
env = NativeClass("ENV.")


@env.method("[]")
def get(self: Value, blk: Block, name: Value) -> Value:
    value = os.environ.get(name_text(name))
    return None if value is None else frozen(value)


@env.method("fetch", block=True)
def fetch(self: Value, blk: Block, name: Value, *default: Value) -> Value:
    text = name_text(name)
    value = os.environ.get(text)
    if value is not None:
        return frozen(value)
    if blk is not None:
        return blk(name)
    if default:
        return default[0]
    message = f"key not found: {inspect_str(name)}"
    raise Raised(new_exception("KeyError", message, receiver=ENV, key=name))


@env.method("[]=", "store")
def put(self: Value, blk: Block, name: Value, value: Value) -> Value:
    text = name_text(name)
    if value is None:
        os.environ.pop(text, None)
        return None
    content = name_text(value)
    if not text or "=" in text:
        raise error("Errno::EINVAL", f"Invalid argument - setenv({text})", errno=22)
    os.environ[text] = content
    return value


@env.method("delete", block=True)
def delete(self: Value, blk: Block, name: Value) -> Value:
    text = name_text(name)
    value = os.environ.pop(text, None)
    if value is None:
        return None if blk is None else blk(name)
    return String(value)


@env.method("key?", "has_key?", "include?", "member?")
def has_key(self: Value, blk: Block, name: Value) -> Value:
    return truth(name_text(name) in os.environ)


@env.method("value?", "has_value?")
def has_value(self: Value, blk: Block, value: Value) -> Value:
    if not isinstance(value, String):
        return None
    return truth(value.s in os.environ.values())


@env.method("key")
def key(self: Value, blk: Block, value: Value) -> Value:
    text = as_str(value)
    for name, content in os.environ.items():
        if content == text:
            return frozen(name)
    return None


@env.method("keys")
def keys(self: Value, blk: Block) -> Value:
    return Array([frozen(name) for name in os.environ])


@env.method("values")
def values(self: Value, blk: Block) -> Value:
    return Array([frozen(value) for value in os.environ.values()])


@env.method("each", "each_pair", block=True)
def each(self: Value, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each", size=len(os.environ))
    for name, value in list(os.environ.items()):
        blk(Array([frozen(name), frozen(value)]))
    return self


@env.method("each_key", block=True)
def each_key(self: Value, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_key", size=len(os.environ))
    for name in list(os.environ):
        blk(frozen(name))
    return self


@env.method("each_value", block=True)
def each_value(self: Value, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_value", size=len(os.environ))
    for value in list(os.environ.values()):
        blk(frozen(value))
    return self


def as_table() -> Any:
    return make_hash((frozen(name), frozen(value)) for name, value in os.environ.items())


@env.method("to_h", block=True)
def to_h(self: Value, blk: Block) -> Value:
    return as_table() if blk is None else send(as_table(), ":to_h", blk)


@env.method("to_hash")
def to_hash(self: Value, blk: Block) -> Value:
    return as_table()


@env.method("to_a")
def to_a(self: Value, blk: Block) -> Value:
    return Array([Array([frozen(name), frozen(value)]) for name, value in os.environ.items()])


@env.method("size", "length")
def size(self: Value, blk: Block) -> Value:
    return len(os.environ)


@env.method("empty?")
def is_empty(self: Value, blk: Block) -> Value:
    return truth(not os.environ)


@env.method("to_s")
def to_s(self: Value, blk: Block) -> Value:
    return String("ENV")


@env.method("inspect")
def inspect(self: Value, blk: Block) -> Value:
    return String(inspect_str(as_table()))


def update_all(pairs: Any, blk: Block = None) -> None:
    from ..hashing import hash_items

    for name, value in hash_items(pairs):
        text = name_text(name)
        if blk is not None and text in os.environ:
            value = blk(name, frozen(os.environ[text]), value)
        put(ENV, None, name, value)


@env.method("update", "merge!", block=True)
def update(self: Value, blk: Block, *tables: Value) -> Value:
    from ..convert import as_hash

    for table in tables:
        update_all(as_hash(table), blk)
    return self


@env.method("replace")
def replace(self: Value, blk: Block, table: Value) -> Value:
    from ..convert import as_hash

    pairs = as_hash(table)
    os.environ.clear()
    update_all(pairs)
    return self


@env.method("clear")
def clear(self: Value, blk: Block) -> Value:
    os.environ.clear()
    return self


@env.method("delete_if", "reject!", block=True)
def delete_if(self: Value, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "delete_if", size=len(os.environ))
    for name, value in list(os.environ.items()):
        if is_true(blk(frozen(name), frozen(value))):
            del os.environ[name]
    return self


@env.method("keep_if", "select!", "filter!", block=True)
def keep_if(self: Value, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "keep_if", size=len(os.environ))
    for name, value in list(os.environ.items()):
        if not is_true(blk(frozen(name), frozen(value))):
            del os.environ[name]
    return self


def declare_by_hash(name: str) -> None:
    """Declare a method that works on a Hash of the variables."""

    def method(self: Value, blk: Block, *args: Value) -> Value:
        return send(as_table(), ":" + name, blk, *args)

    env.method(name, block=True)(method)


for _name in (
    "select", "filter", "reject", "slice", "except", "values_at", "assoc", "rassoc", "invert", "filter_map", "any?",
    "map", "find",
):  # fmt: skip
    declare_by_hash(_name)

NativeClass("Object").constant("ENV", ENV)
