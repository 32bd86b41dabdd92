"""What Struct and Data share: classes with a fixed list of members, each of which has a slot in the instances."""

from __future__ import annotations

from keyword import iskeyword

from .cloning import Module, clone
from .convert import as_name, equal, inspect_str
from .dispatch import plain_table, send
from .errors import error
from .hashing import RECURSIVE, eql, hash_key
from .later import later
from .model import WORLD, Method, add_method, class_of, ensure_py, new_class, singleton_class
from .values import FALSE, TRUE, Array, Hash, Object, String, Symbol, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .core.array_combine import pair_of
    from .core.module import module_name, plain_hook
    from .hashing import hash_set
    from .model import ModuleValue
    from .values import Function, Value
else:
    later(globals(), ".core.module", "plain_hook", "module_name")
    later(globals(), ".core.array_combine", "pair_of")
    later(globals(), ".hashing", "hash_set")

ACTIVE: list[Any] = []  # the values being inspected, hashed or compared, outermost first


def member_symbols(names: Any) -> list[Symbol]:
    """Return the members of a new class as Symbols; ArgumentError if one comes twice."""
    members: list[Symbol] = []
    for value in names:
        symbol = value if value.__class__ is Symbol else sym(as_name(value))
        if symbol in members:
            raise error("ArgumentError", f"duplicate member: {symbol.name}")
        members.append(symbol)
    return members


class FieldsValue(Object):
    """An instance with members, each in a slot of its own: `slots` names them in the order of `members`.

    The functions that depend on the number of members are generated, per class: `prepare(self, *values)` sets all
    members, nil for values that are not given; `fields_key(self)` returns the normalised key (hashing.py);
    `fields_same(self, other, same)` compares with an instance of the same class.
    """

    __slots__ = ()
    mclass = None

    members: tuple[Symbol, ...] = ()
    places: dict[Symbol, int] = {}  # noqa: RUF012 - replaced, never changed
    slots: tuple[str, ...] = ()
    slot_of: dict[Any, str] = {}  # noqa: RUF012 - by Symbol and by index, negative ones too
    makers: Any = None  # see `makers`
    fields_list: Any = None
    fields_key: Any = None
    fields_same: Any = None

    @property
    def v(self) -> list[Any]:
        """The values of the members, a list of its own."""
        values: list[Any] = self.fields_list()
        return values


def fields_class(parent: ModuleValue, members: list[Symbol]) -> ModuleValue:
    """Return a new class below `parent` whose instances have the given members; readers are defined."""
    cls = new_class(parent)
    slots = tuple([f"m{index}" for index in range(len(members))])
    host: Any = ensure_py(cls, slots)
    host.members = tuple(members)
    host.places = {member: index for index, member in enumerate(members)}
    host.slots = slots
    host.slot_of = dict(zip(members, slots))
    for index, slot in enumerate(slots):
        host.slot_of[index] = host.slot_of[index - len(slots)] = slot
    host.prepare = generated(FILL, len(members))
    host.fields_list = generated(LIST, len(members))
    for member, slot in zip(members, slots):
        define_accessor(cls, member.name, slot, reader(slot), "reader")
    if not plain_hook(parent, "inherited"):
        send(parent, ";inherited", None, cls)
    return cls


def define(cls: ModuleValue, name: str, fn: Function | None, mutates: bool = False) -> None:
    """Define a native method of a class that is made at run time; None undefines an inherited one."""
    entry = Method(name, fn, cls)
    entry.native = True
    entry.mutates = mutates
    add_method(cls, entry)


def define_accessor(cls: ModuleValue, name: str, slot: str, fn: Function, kind: str) -> None:
    """Define the reader or writer of a member."""
    entry = Method(name, fn, cls)
    entry.native = True
    entry.accessor = kind
    entry.mutates = kind == "writer"
    entry.ivar = slot
    add_method(cls, entry)


def define_singleton(cls: ModuleValue, name: str, fn: Function | None) -> None:
    define(singleton_class(cls), name, fn)


def _read(self: Any, blk: Any) -> Any:
    return self.slot


def _write(self: Any, blk: Any, value: Any) -> Any:
    self.slot = value
    return value


def reader(slot: str) -> Function:
    return clone(_read, {"slot": slot})


def writer(slot: str) -> Function:
    return clone(_write, {"slot": slot})


# --- generated functions --------------------------------------------------------------------------------------------

# name, parameters ({0} a list of the members), a line at the start, lines for each member, a line at the end; {i} the
# index of a member.
FILL = ("fill", "self, {m{i}=None}", "", ("self.m{i} = m{i}",), "pass")
LIST = ("fields_list", "self", "", (), "return [{self.m{i}}]")
NEW = ("new", "blk, {m{i}=None}", "self = HOST()", ("self.m{i} = m{i}",), "return self")
NEW_ALL = ("new", "blk, {m{i}}", "self = HOST()", ("self.m{i} = m{i}",), "return self")
KEY = (
    "fields_key",
    "self",
    "",
    (
        "x = self.m{i}",
        "c = x.__class__",
        "k{i} = x if c is int or c is Symbol or x is None else x.s if c is String else part_key(self, x)",
    ),
    "return (self.mclass, {k{i}})",
)
SAME = (
    "fields_same",
    "self, other, same",
    "",
    (
        "x = self.m{i}",
        "y = other.m{i}",
        "if x is not y and (x != y if x.__class__ is int and y.__class__ is int else differ(self, x, y, same)):",
        " return False",
    ),
    "return True",
)
_MADE: dict[tuple[str, int], Any] = {}


def generated(template: Any, count: int, host: Any = None) -> Any:
    """Return a new function of a template for `count` members; HOST in its text is `host`."""
    name, parameters, first, each, last = template
    made = _MADE.get((name + parameters, count))
    if made is None:

        def listed(text: str) -> str:
            start, brace, item = text.partition("{")
            if not brace:
                return text
            end = item[item.rindex("}") + 1 :]
            item = item[: item.rindex("}")]
            return start + "".join([item.replace("{i}", str(index)) + ", " for index in range(count)]) + end

        lines = [f"def {name}({listed(parameters)}):", *([" " + first] if first else ())]
        lines += [" " + line.replace("{i}", str(index)) for index in range(count) for line in each]
        lines.append(" " + listed(last))
        names: dict[str, Any] = {}
        exec(compile("\n".join(lines), f"<{name} of {count} members>", "exec"), globals(), names)
        made = _MADE[name + parameters, count] = names[name]
    return clone(made, None, None if host is None else {"HOST": host})


LEAVES = frozenset((int, float, None.__class__, String, Symbol, TRUE.__class__, FALSE.__class__))


def keywords_maker(host: Any, names: list[str], optional: bool) -> Any:
    """Return `new(blk, *, ...)` that takes the members as keywords, None if their names do not allow it."""
    if not names or any(not name.isidentifier() or iskeyword(name) or name in ("self", "blk") for name in names):
        return None
    lines = [f"def new(blk, *, {', '.join([name + ('=None' if optional else '') for name in names])}):"]
    lines += [" self = HOST()", *(f" self.m{index} = {name}" for index, name in enumerate(names)), " return self"]
    space: dict[str, Any] = Module(__name__).__dict__
    space["HOST"] = host
    exec(compile("\n".join(lines), f"<keywords of {host.__name__}>", "exec"), space)
    return space["new"]


def makers(cls: ModuleValue) -> tuple[int, Any, Any]:
    """Return (version of methods, `new(blk, ...)`, `new(blk, *, ...)`) of a class with members.

    The functions raise TypeError for arguments that do not fit; they are None where something of the program's has to
    be called.
    """
    host: Any = cls.py or ensure_py(cls)
    found = host.__dict__.get("makers")
    if found is None or found[0] != WORLD.methods:
        found = host.makers = (WORLD.methods, *host.constructors(cls))
    row: tuple[int, Any, Any] = found
    return row


def part_key(self: Any, value: Value) -> Any:
    """Return the key of a member's value; a value that contains `self` again has a fixed one."""
    if value.__class__ in LEAVES:
        return hash_key(value)
    if is_active(self):
        return RECURSIVE
    ACTIVE.append(self)
    try:
        return hash_key(value)
    finally:
        ACTIVE.pop()


def differ(self: Any, x: Value, y: Value, same: Any) -> bool:
    """Return whether two values of a member are not the same; what contains `self` again counts as the same."""
    if x.__class__ in LEAVES:
        return not same(x, y)
    if is_active(self):
        return False
    ACTIVE.append(self)
    try:
        return not same(x, y)
    finally:
        ACTIVE.pop()


def field_host(self: Any) -> Any:
    """Return the host class whose slots hold the members of `self`."""
    host = self.__class__
    while "slots" not in host.__dict__:
        host = host.__bases__[0]
    return host


def fields_key(self: Any) -> Any:
    """Generate the function of that name for the class of `self`, and call it."""
    host = field_host(self)
    made = host.fields_key = generated(KEY, len(host.slots))
    if host.key_maker is start_key:
        host.key_maker = made
    return made(self)


def start_key(self: Any) -> Any:
    return self.fields_key()


def fields_same(self: Any, other: Any, same: Any) -> bool:
    """Generate the function of that name for the class of `self`, and call it."""
    host = field_host(self)
    made = host.fields_same = generated(SAME, len(host.slots))
    return bool(made(self, other, same))


FieldsValue.fields_key = fields_key
FieldsValue.fields_same = fields_same
FieldsValue.key_maker = start_key


# --- what the methods of both share -----------------------------------------------------------------------------------


def is_active(value: Value) -> bool:
    return any(active is value for active in ACTIVE)


def member_text(name: str) -> str:
    """Return how `inspect` writes a member: quoted like a Symbol unless it is a plain name."""
    return name if name.isidentifier() else inspect_str(sym(name))


def inspect_fields(self: Any, kind: str) -> str:
    """Return `#<kind Name a=1, b=2>`."""
    cls = class_of(self)
    if is_active(self):
        return f"#<{kind} {module_name(cls)}:...>"
    ACTIVE.append(self)
    try:
        texts = [f"{member_text(member.name)}={inspect_str(value)}" for member, value in zip(self.members, self.v)]
    finally:
        ACTIVE.pop()
    if not cls.name:
        return f"#<{kind} {', '.join(texts)}>"
    return f"#<{kind} {cls.name}{' ' if texts else ''}{', '.join(texts)}>"


def same_fields(self: Any, other: Any, strict: bool) -> bool:
    """Return whether two instances of one class have values that are equal (or, `strict`, eql)."""
    if self is other:
        return True
    if getattr(other, "mclass", None) is not self.mclass:
        return False
    return self.fields_same(other, eql if strict else equal)


def hash_fields(self: Any) -> int:
    return hash(self.fields_key())


def fields_hash(self: Any, blk: Any) -> Hash:
    """Return the Hash of members and values, or of the pairs that the block makes of them."""
    table = Hash()
    if blk is None:
        table.d.update(zip(self.members, self.v))
        return table
    for member, value in zip(self.members, self.v):
        key, new = pair_of(blk(member, value), -1)
        hash_set(table, key, new)
    return table


def wanted_fields(self: Any, keys: Value) -> Hash:
    """Return the Hash for a hash pattern: of the keys asked for, up to the first that is no member; nil: of all."""
    if keys is None:
        return fields_hash(self, None)
    if not isinstance(keys, Array):
        raise error("TypeError", f"wrong argument type {class_of(keys).name} (expected Array or nil)")
    pairs: dict[Any, Any] = {}
    if len(keys.a) <= len(self.slots):
        slot_of = self.slot_of
        for key in keys.a:
            if key.__class__ is not Symbol or key not in slot_of:
                break
            pairs[key] = getattr(self, slot_of[key])
    return plain_table(pairs)
