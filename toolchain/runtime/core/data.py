"""Data: `Data.define` makes classes of values whose members never change."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import equal, inspect_str
from ..dispatch import no_method, send, send_keywords
from ..errors import arity_error, error
from ..fields import (
    NEW_ALL,
    FieldsValue,
    define_singleton,
    fields_class,
    fields_hash,
    generated,
    hash_fields,
    inspect_fields,
    keywords_maker,
    makers,
    member_symbols,
    same_fields,
    wanted_fields,
)
from ..model import allocate, class_of, dispatch_class, find_method, freeze, frozen_variant
from ..values import FALSE, TRUE, Array, Hash, String, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..model import ModuleValue
    from ..values import Block, Value


class DataValue(FieldsValue):
    __slots__ = ()
    mclass = None

    plain_makers: Any = None

    @classmethod
    def constructors(cls, made: ModuleValue) -> tuple[Any, Any]:
        """Return the functions of `makers` (fields.py)."""
        init = find_method(made, "initialize")
        if init is None or init.fn is not initialize or not cls.slots:
            return None, None
        if "plain_makers" not in cls.__dict__:
            host = frozen_variant(cls)
            names = [member.name for member in cls.members]
            cls.plain_makers = generated(NEW_ALL, len(names), host), keywords_maker(host, names, False)
        found: tuple[Any, Any] = cls.plain_makers
        return found

    @classmethod
    def constructor(cls, made: ModuleValue) -> Any:
        """Return a function `new(blk, ...)` that does what `new` of the Data class `made` does, None if unusual."""
        new = find_method(dispatch_class(made), "new")
        return makers(made)[1] if new is not None and new.fn is instance else None


data = NativeClass("Data")


@data.singleton("define", block=True)
def define(cls: Any, blk: Block, *names: Value) -> Value:
    """Return a new class with the given members; the block is run as its body."""
    members = member_symbols(names)
    for member in members:
        if member.name.endswith("="):
            raise error("ArgumentError", f"invalid data member: {member.name}")
    made = fields_class(cls, members)
    define_singleton(made, "new", instance)
    define_singleton(made, "[]", instance)
    define_singleton(made, "members", class_members)
    define_singleton(made, "define", None)
    if blk is not None:
        send(made, ";class_exec", blk, made)
    return made


@data.singleton("new")
def new(cls: Any, blk: Block, *values: Value) -> Value:
    raise no_method(cls, "new", values)


def instance(cls: ModuleValue, blk: Block, *values: Value, **keywords: Value) -> Value:
    """Make an instance: `initialize` always gets keywords."""
    _, by_place, by_name = makers(cls)
    try:
        if not keywords:
            if by_place is not None:
                return by_place(blk, *values)
        elif by_name is not None and not values:
            return by_name(blk, **keywords)
    except TypeError:
        pass  # what is wrong with them is found out below
    result = allocate(cls)
    if values:
        members = result.members
        if len(values) > len(members):
            raise arity_error(len(values), 0, len(members))
        keywords = {**{member.name: value for member, value in zip(members, values)}, **keywords}
    if not keywords:
        getattr(result, ";initialize")(blk)
    else:
        send_keywords(result, ";initialize", blk, (), keywords)
    return freeze(result)


def class_members(cls: Any, blk: Block) -> Array:
    return Array(list(allocate(cls).members))


@data.private("initialize")
def initialize(self: DataValue, blk: Block, **keywords: Value) -> Value:
    places = self.places
    if len(keywords) < len(places):
        missing = [":" + member.name for member in places if member.name not in keywords]
        if missing:
            raise error("ArgumentError", f"missing keyword{'s' if len(missing) > 1 else ''}: {', '.join(missing)}")
    unknown = []
    for name, value in keywords.items():
        index = places.get(sym(name))
        if index is None:
            unknown.append(inspect_str(sym(name)))
        else:
            setattr(self, self.slots[index], value)
    if unknown:
        raise error("ArgumentError", f"unknown keyword{'s' if len(unknown) > 1 else ''}: {', '.join(unknown)}")
    freeze(self)
    return None


@data.private("initialize_copy")
def initialize_copy(self: DataValue, blk: Block, other: Value) -> Value:
    self.prepare(*other.v)
    return freeze(self)


@data.method("members")
def members(self: DataValue, blk: Block) -> Array:
    return Array(list(self.members))


@data.method("with")
def with_(self: DataValue, blk: Block, **keywords: Value) -> Value:
    """Return a copy with some members changed."""
    if not keywords:
        return self
    merged = {member.name: value for member, value in zip(self.members, self.v)}
    merged.update(keywords)
    cls = class_of(self)
    new = find_method(dispatch_class(cls), "new")
    by_name = makers(cls)[2]
    if by_name is not None and new is not None and new.fn is instance and len(merged) == len(self.slots):
        return by_name(None, **merged)
    return send_keywords(cls, ":new", None, (), merged)


@data.method("to_h", block=True)
def to_h(self: DataValue, blk: Block) -> Hash:
    return fields_hash(self, blk)


@data.method("deconstruct")
def deconstruct(self: DataValue, blk: Block) -> Array:
    return Array(self.v)


@data.method("deconstruct_keys")
def deconstruct_keys(self: DataValue, blk: Block, keys: Value) -> Hash:
    return wanted_fields(self, keys)


@data.method("==")
def equals(self: DataValue, blk: Block, other: Value) -> Value:
    if self is other:
        return TRUE
    if getattr(other, "mclass", None) is not self.mclass:
        return FALSE
    return TRUE if self.fields_same(other, equal) else FALSE


@data.method("eql?")
def is_eql(self: DataValue, blk: Block, other: Value) -> Value:
    return TRUE if same_fields(self, other, True) else FALSE


@data.method("hash")
def hash_(self: DataValue, blk: Block) -> int:
    return hash_fields(self)


@data.method("inspect", "to_s")
def inspect(self: DataValue, blk: Block) -> String:
    return String(inspect_fields(self, "data"))
