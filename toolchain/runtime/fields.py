"""What Struct and Data share: classes with a fixed list of members, whose values stand in a list."""

from __future__ import annotations

from .convert import as_name, equal, inspect_str
from .dispatch import send
from .errors import error
from .hashing import eql, hash_code
from .model import Method, add_method, class_of, ensure_py, new_class, singleton_class
from .values import Hash, Symbol, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .model import ModuleValue
    from .values import Function, Value

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


def fields_class(parent: ModuleValue, members: list[Symbol]) -> ModuleValue:
    """Return a new class below `parent` whose instances have the given members; readers are defined."""
    from .core.module import plain_hook

    cls = new_class(parent)
    host: Any = ensure_py(cls)
    host.members = tuple(members)
    host.places = {member: index for index, member in enumerate(members)}
    for index, member in enumerate(members):
        define(cls, member.name, reader(index))
    if not plain_hook(parent, "inherited"):
        send(parent, ";inherited", None, cls)
    return cls


def define(cls: ModuleValue, name: str, fn: Function | None, mutates: bool = False) -> None:
    """Define a native method of a class that is made at run time; None undefines an inherited one."""
    entry = Method(name, fn, cls)
    entry.native = True
    entry.mutates = mutates
    add_method(cls, entry)


def define_singleton(cls: ModuleValue, name: str, fn: Function | None) -> None:
    define(singleton_class(cls), name, fn)


def reader(index: int) -> Function:
    def read(self: Any, blk: Any) -> Any:
        return self.v[index]

    return read


def writer(index: int) -> Function:
    def write(self: Any, blk: Any, value: Any) -> Any:
        self.v[index] = value
        return value

    return write


def is_active(value: Value) -> bool:
    return any(active is value for active in ACTIVE)


def member_text(name: str) -> str:
    """Return how `inspect` writes a member: quoted like a Symbol unless it is a plain name."""
    return name if name.isidentifier() else inspect_str(sym(name))


def inspect_fields(self: Any, kind: str) -> str:
    """Return `#<kind Name a=1, b=2>`."""
    from .core.module import module_name

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
    if not hasattr(other, "v") or class_of(self) is not class_of(other):
        return False
    if is_active(self):
        return True
    ACTIVE.append(self)
    same = eql if strict else equal
    try:
        return all(a is b or same(a, b) for a, b in zip(self.v, other.v))
    finally:
        ACTIVE.pop()


def hash_fields(self: Any) -> int:
    if is_active(self):
        return 0
    ACTIVE.append(self)
    try:
        return hash((id(class_of(self)), *[hash_code(value) for value in self.v]))
    finally:
        ACTIVE.pop()


def fields_hash(self: Any, blk: Any) -> Hash:
    """Return the Hash of members and values, or of the pairs that the block makes of them."""
    from .core.array_combine import pair_of
    from .hashing import hash_set

    table = Hash()
    if blk is None:
        table.d.update(zip(self.members, self.v))
        return table
    for member, value in zip(self.members, list(self.v)):
        key, new = pair_of(blk(member, value), -1)
        hash_set(table, key, new)
    return table


def wanted_fields(self: Any, keys: Value) -> Hash:
    """Return the Hash for a hash pattern: of the keys asked for, up to the first that is no member; nil: of all."""
    from .values import Array

    if keys is None:
        return fields_hash(self, None)
    if not isinstance(keys, Array):
        raise error("TypeError", f"wrong argument type {class_of(keys).name} (expected Array or nil)")
    table = Hash()
    if len(keys.a) > len(self.v):
        return table
    for key in keys.a:
        index = self.places.get(key) if key.__class__ is Symbol else None
        if index is None:
            break
        table.d[key] = self.v[index]
    return table
