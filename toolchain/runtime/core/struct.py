"""Struct: `Struct.new` makes classes with members that can be read and written."""

from __future__ import annotations

from ..blocks import enum_for, renamed, takes_two
from ..builtin import NativeClass
from ..convert import as_int, as_name, equal
from ..dispatch import call_function, keywords_hash, send
from ..errors import arity_error, error, frozen_error
from ..fields import (
    NEW,
    FieldsValue,
    define_accessor,
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
    writer,
)
from ..hashing import hash_items
from ..later import later
from ..model import allocate, dispatch_class, find_method
from ..values import FALSE, TRUE, Array, Hash, String, Symbol, sym, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..convert import as_str
    from ..model import ModuleValue
    from ..values import Block, Value
    from .array_access import dig_on
    from .array_access import values_at as part_of
    from .module import module_name
else:
    later(globals(), ".module", "module_name")
    later(globals(), ".array_access", "dig_on", part_of="values_at")
    later(globals(), "..convert", "as_str")


class StructValue(FieldsValue):
    __slots__ = ()
    mclass = None

    by_keywords: Any = None  # keyword_init: True, False or None (not said)

    plain_makers: Any = None

    @classmethod
    def constructors(cls, made: ModuleValue) -> tuple[Any, Any]:
        """Return the functions of `makers` (fields.py)."""
        init = find_method(made, "initialize")
        if init is None or init.fn is not initialize or not cls.slots:
            return None, None
        if "plain_makers" not in cls.__dict__:
            by_place = None if cls.by_keywords else generated(NEW, len(cls.slots), cls)
            names = [member.name for member in cls.members]
            cls.plain_makers = by_place, None if cls.by_keywords is False else keywords_maker(cls, names, True)
        found: tuple[Any, Any] = cls.plain_makers
        return found

    @classmethod
    def constructor(cls, made: ModuleValue) -> Any:
        """Return a function `new(blk, ...)` that does what `new` of the Struct class `made` does, None if unusual."""
        new = find_method(dispatch_class(made), "new")
        init = find_method(made, "initialize")
        if new is None or new.fn is not instance or init is None or cls.by_keywords or not cls.slots:
            return None
        if init.native:
            return makers(made)[1]
        prepare, start = cls.prepare, init.fn

        def construct(blk: Block, *values: Value) -> Value:
            self = cls()
            prepare(self)
            start(self, blk, *values)
            return self

        return construct


struct = NativeClass("Struct")


# --- classes --------------------------------------------------------------------------------------------------------


@struct.singleton("new", block=True)
def new(cls: Any, blk: Block, *names: Value, keyword_init: Value = None) -> Value:
    """Return a new Struct class; the block is run as its body."""
    constant = None
    if names and isinstance(names[0], String):
        constant, names = names[0].s, names[1:]
        if not constant[:1].isupper():
            raise error("NameError", f"identifier {constant} needs to be constant")
    elif names and names[0] is None:
        names = names[1:]
    for name in names:
        if name.__class__ is not Symbol and not isinstance(name, String):
            as_str(name)
    members = member_symbols(names)
    made = fields_class(cls, members)
    host: Any = made.py
    host.by_keywords = None if keyword_init is None else keyword_init is not FALSE
    for member, slot in zip(members, host.slots):
        define_accessor(made, member.name + "=", slot, writer(slot), "writer")
    define_singleton(made, "new", instance)
    define_singleton(made, "[]", instance)
    define_singleton(made, "members", class_members)
    define_singleton(made, "keyword_init?", keyword_init_of)
    if host.by_keywords:
        define_singleton(made, "inspect", inspect_class)
    if constant is not None:
        made.name = f"{cls.name}::{constant}"
        cls.constants[constant] = made
    if blk is not None:
        send(made, ";class_exec", blk, made)
    return made


def instance(cls: ModuleValue, blk: Block, *values: Value, **keywords: Value) -> Value:
    _, by_place, by_name = makers(cls)
    try:
        if not keywords:
            if by_place is not None:
                return by_place(blk, *values)
        elif by_name is not None and not values:
            return by_name(blk, **keywords)
    except TypeError:
        pass  # `initialize` finds out what is wrong
    result = allocate(cls)
    if keywords:
        call_function(getattr(result, ";initialize"), (blk, *values), keywords)
    else:
        getattr(result, ";initialize")(blk, *values)
    return result


def class_members(cls: Any, blk: Block) -> Array:
    return Array(list(allocate(cls).members))


def keyword_init_of(cls: Any, blk: Block) -> Value:
    said = allocate(cls).by_keywords
    return None if said is None else truth(said)


def inspect_class(cls: ModuleValue, blk: Block) -> String:
    return String(f"{module_name(cls)}(keyword_init: true)")


# --- instances ------------------------------------------------------------------------------------------------------


@struct.private("initialize")
def initialize(self: StructValue, blk: Block, *values: Value, **keywords: Value) -> Value:
    """Set the members in order, or by keywords if the class takes these or there is nothing else."""
    if self.by_keywords and values:
        if len(values) > 1 or not isinstance(values[0], Hash) or keywords:
            raise arity_error(len(values), 0, 0)
        set_members(self, hash_items(values[0]))
        return None
    if keywords:
        if self.by_keywords is not False and not values:
            set_members(self, [(sym(name), value) for name, value in keywords.items()])
            return None
        values = (*values, keywords_hash(keywords))
    if len(values) > len(self.slots):
        raise error("ArgumentError", "struct size differs")
    self.prepare(*values)
    return None


def set_members(self: StructValue, pairs: list[tuple[Any, Any]]) -> None:
    unknown = [key for key, _ in pairs if key not in self.places]
    if unknown:
        raise error("ArgumentError", f"unknown keywords: {', '.join([as_name(key) for key in unknown])}")
    for key, value in pairs:
        setattr(self, self.slots[self.places[key]], value)


@struct.private("initialize_copy")
def initialize_copy(self: StructValue, blk: Block, other: Value) -> Value:
    self.prepare(*other.v)
    return self


def place_of(self: StructValue, key: Value) -> int:
    """Return the index of a member given by name or by index."""
    if key.__class__ is Symbol or isinstance(key, String):
        symbol = sym(key.s) if isinstance(key, String) else key
        index = self.places.get(symbol)
        if index is None:
            raise error("NameError", f"no member '{symbol.name}' in struct", name=symbol, receiver=self)
        return index
    number = as_int(key)
    size = len(self.slots)
    if number >= size:
        raise error("IndexError", f"offset {number} too large for struct(size:{size})")
    if number < -size:
        raise error("IndexError", f"offset {number} too small for struct(size:{size})")
    return number


@struct.method("[]")
def get(self: StructValue, blk: Block, key: Value) -> Value:
    try:
        return getattr(self, self.slot_of[key])
    except (KeyError, TypeError):
        return getattr(self, self.slots[place_of(self, key)])


@struct.method("[]=")
def put(self: StructValue, blk: Block, key: Value, value: Value) -> Value:
    try:
        slot = self.slot_of[key]
    except (KeyError, TypeError):
        slot = self.slots[place_of(self, key)]
    if self.__class__.is_frozen:
        raise frozen_error(self)
    setattr(self, slot, value)
    return value


@struct.method("members")
def members(self: StructValue, blk: Block) -> Array:
    return Array(list(self.members))


@struct.method("to_a", "deconstruct", "values")
def to_a(self: StructValue, blk: Block) -> Array:
    return Array(self.v)


@struct.method("to_h", block=True)
def to_h(self: StructValue, blk: Block) -> Hash:
    return fields_hash(self, blk)


@struct.method("deconstruct_keys")
def deconstruct_keys(self: StructValue, blk: Block, keys: Value) -> Hash:
    return wanted_fields(self, keys)


@struct.method("length", "size")
def length(self: StructValue, blk: Block) -> int:
    return len(self.slots)


@struct.method("each", block=True)
def each(self: StructValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "each", size=lambda: len(self.slots))
    for value in self.v:
        blk(value)
    return self


@struct.method("each_pair", block=True)
def each_pair(self: StructValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "each_pair", size=lambda: len(self.slots))
    two = takes_two(blk)
    for member, value in zip(self.members, self.v):
        if two:
            blk(member, value)
        else:
            blk(Array([member, value]))
    return self


@struct.method("select", block=True)
def select(self: StructValue, blk: Block) -> Value:
    if blk is None:
        return enum_for(self, "select", size=lambda: len(self.slots))
    return Array([value for value in self.v if (answer := blk(value)) is not FALSE and answer is not None])


struct.method("filter", block=True)(renamed(select, "select", "filter"))


@struct.method("values_at")
def values_at(self: StructValue, blk: Block, *selectors: Value) -> Array:
    from ..values import Range

    result: list[Any] = []
    for selector in selectors:
        if isinstance(selector, Range):
            result += part_of(Array(self.v), None, selector).a
        else:
            result.append(getattr(self, self.slots[place_of(self, as_int(selector))]))
    return Array(result)


@struct.method("dig")
def dig(self: StructValue, blk: Block, key: Value, *path: Value) -> Value:
    if key.__class__ is Symbol or isinstance(key, String):
        symbol = sym(key.s) if isinstance(key, String) else key
        return dig_on(getattr(self, self.slots[self.places[symbol]]) if symbol in self.places else None, path)
    number = as_int(key)
    size = len(self.slots)
    return dig_on(getattr(self, self.slots[number]) if -size <= number < size else None, path)


@struct.method("==")
def equals(self: StructValue, blk: Block, other: Value) -> Value:
    if self is other:
        return TRUE
    if getattr(other, "mclass", None) is not self.mclass:
        return FALSE
    return TRUE if self.fields_same(other, equal) else FALSE


@struct.method("eql?")
def is_eql(self: StructValue, blk: Block, other: Value) -> Value:
    return TRUE if same_fields(self, other, True) else FALSE


@struct.method("hash")
def hash_(self: StructValue, blk: Block) -> int:
    return hash_fields(self)


@struct.method("inspect", "to_s")
def inspect(self: StructValue, blk: Block) -> String:
    return String(inspect_fields(self, "struct"))
