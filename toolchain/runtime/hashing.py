"""Hash keys: equality of `eql?` and `hash` in terms of Python's dict.

Integer, Symbol, nil, true, false and objects that keep the built-in `eql?` and `hash` are their own key. A Float
becomes ("f", x), since 1.eql?(1.0) is false; a String becomes its Python string, an Array a tuple; everything else a
`Key`: user objects with their own `eql?` or `hash`, Hash, Range and the like. Structs are tuples too (fields.py). The
attribute `key_maker` of a host class says so: a function that returns the key of an instance, None if it is its own.
"""

from __future__ import annotations

from . import model
from .later import later
from .model import freeze, frozen_variant
from .values import FALSE, PLAIN_KEYS, TRUE, UNDEF, Array, Hash, Object, Range, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .errors import error
    from .values import Value
else:
    later(globals(), ".errors", "error")


def send(recv: Value, attr: str, blk: Any = None, *args: Any) -> Any:
    """Call a method; replaced by dispatch.py, which needs this file."""
    raise NotImplementedError


class Key:
    """A key that answers Python's protocol by calling the guest's `hash` and `eql?`."""

    __slots__ = ("value", "hash")

    def __init__(self, value: Any, hash_code: int) -> None:
        self.value = value
        self.hash = hash_code

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not Key:
            return False
        value, another = self.value, other.value
        if value is another:
            return True
        f = getattr(value, ":eql?", None)
        if f is None:
            return eql(value, another)
        answer = f(None, another)
        return answer is not FALSE and answer is not None

    def __repr__(self) -> str:
        return f"Key({self.value!r})"


def hash_key(value: Value) -> Any:
    """Return the normalised key of `value`."""
    cls = value.__class__
    if cls is int or cls is Symbol or value is None:
        return value
    if cls is String or cls is String.frozen_py:
        return value.s
    if cls is float:
        return ("f", value)
    maker = cls.key_maker
    if maker is not None:
        return maker(value)
    mclass = cls.mclass
    if mclass is not None and mclass.name is not None and "singleton" not in cls.__dict__:  # those of one object go
        PLAIN_KEYS.add(cls)
    return value


def string_key(value: Any) -> Any:
    return ("b", value.s) if value.encoding == "BINARY" and not value.s.isascii() else value.s


RECURSIVE = ("...",)  # the key of a value inside of itself
ACTIVE: list[Any] = []  # the Arrays whose keys are being made, outermost first


def array_key(value: Any) -> Any:
    items = value.a
    if len(items) == 2:  # coordinates and the like
        first, second = items
        if first.__class__ is int and second.__class__ is int:
            return ("a", first, second)
    keys: list[Any] = ["a"]
    for item in items:
        cls = item.__class__
        if cls is int or cls is Symbol or item is None:
            keys.append(item)
        elif cls is String:
            keys.append(item.s)
        elif cls is float:
            keys.append(("f", item))
        elif cls.key_maker is None:
            keys.append(item)
        else:
            break
    else:
        return tuple(keys)
    for active in ACTIVE:
        if active is value:
            return RECURSIVE
    ACTIVE.append(value)
    try:
        return ("a", *[hash_key(item) for item in value.a])
    finally:
        ACTIVE.pop()


def wrapped_key(value: Value) -> Key:
    """Return the key of a value whose equality only its methods know."""
    f = getattr(value, ":hash", None)
    code = send(value, ":hash") if f is None else f(None)
    return Key(value, code if code.__class__ is int else hash(code))


String.key_maker = string_key
Array.key_maker = array_key
for _cls in (Hash, Range):
    _cls.key_maker = wrapped_key
model.own_key = wrapped_key


def key_value(key: Any, table: Hash) -> Any:
    """Return the key object for a normalised key of `table`."""
    cls = key.__class__
    if cls is str or cls is tuple or cls is Key:
        return table.keys[key]
    return key


def hash_get(table: Hash, key: Value, default: Any = None) -> Any:
    """Return the value at `key`, or `default`; the Hash's own default is not consulted."""
    return table.d.get(key if table.identity else hash_key(key), default)


def hash_set(table: Hash, key: Value, value: Value) -> None:
    """Store `value` at `key`; a String key is kept as a frozen copy."""
    kind = key.__class__
    if kind in PLAIN_KEYS and not table.iterating:
        table.d[key] = value
        return
    if table.identity:
        store_by_identity(table, key, value)
        return
    d = table.d
    if kind is String.frozen_py and not table.iterating:
        normal = key.s
        if normal not in d:
            table.keys[normal] = key
        d[normal] = value
        return
    normal = key.s if kind is String else hash_key(key)
    if normal in d:
        d[normal] = value
        return
    if table.iterating:
        raise adding_while_iterating()
    cls = normal.__class__
    if cls is str or cls is tuple or cls is Key:
        if kind is String:
            table.keys[normal] = frozen_string(normal)
        elif isinstance(key, String) and not key.is_frozen:
            table.keys[normal] = freeze(String(key.s)) if cls is str else freeze(key.__class__(key.s))
        else:
            table.keys[normal] = key
    d[normal] = value


def store_by_identity(table: Hash, key: Value, value: Value) -> None:
    normal = ("f", key) if key.__class__ is float else key
    if table.iterating and normal not in table.d:
        raise adding_while_iterating()
    table.d[normal] = value
    if normal is not key:
        table.keys[normal] = key


def adding_while_iterating() -> Any:
    return error("RuntimeError", "can't add a new key into hash during iteration")


def frozen_string(text: str) -> Any:
    """Return a new frozen String."""
    result: Any = new_object(String.frozen_py or frozen_variant(String))
    result.s = text
    return result


new_object: Any = object.__new__


def hash_delete(table: Hash, key: Value, default: Any = None) -> Any:
    """Remove `key` and return its value, or `default`."""
    normal = key if table.identity else hash_key(key)
    table.keys.pop(normal, None)
    return table.d.pop(normal, default)


def hash_items(table: Hash) -> list[tuple[Any, Any]]:
    """Return the (key, value) pairs, in order, as a list of its own."""
    keys = table.keys
    if not keys:
        return list(table.d.items())
    if len(keys) == len(table.d) and not table.identity:  # the usual Hash with String keys
        return [(keys[key], value) for key, value in table.d.items()]
    odd = (str, tuple, Key)
    return [(keys.get(key, key) if key.__class__ in odd else key, value) for key, value in table.d.items()]


def hash_keys(table: Hash) -> list[Any]:
    """Return the keys in order, as a list of its own."""
    keys = table.keys
    if not keys:
        return list(table.d)
    if len(keys) == len(table.d) and not table.identity:
        return list(map(keys.__getitem__, table.d))
    return [keys.get(key, key) if key.__class__ in (str, tuple, Key) else key for key in table.d]


def live_pairs(d: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield key and value of each pair of a dict. Pairs may be deleted and changed on the way, not added."""
    before = list(d)
    pair: Any = None
    try:
        for pair in d.items():
            yield pair
    except RuntimeError:  # pairs were deleted
        yield from pairs_behind(d, before, pair[0])


def pairs_behind(d: dict[Any, Any], before: list[Any], last: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what is left of the pairs of a dict whose keys were `before`, behind the key `last`."""
    passed = False
    for normal in before:
        if passed:
            value = d.get(normal, UNDEF)
            if value is not UNDEF:
                yield normal, value
        elif normal is last:
            passed = True


def make_hash(pairs: Any) -> Hash:
    """Return a new Hash of (key, value) pairs."""
    table = Hash()
    for key, value in pairs:
        hash_set(table, key, value)
    return table


def eql(a: Value, b: Value) -> bool:
    """Return whether a.eql?(b): equality without conversion."""
    if a is b:
        return not (a.__class__ is float and a != a)
    cls = a.__class__
    if cls is int or cls is float:
        return bool(b.__class__ is cls and a == b)
    if isinstance(a, String):
        return isinstance(b, String) and a.s == b.s
    if isinstance(a, Array) and not cls.own_equality:
        if not isinstance(b, Array) or len(a.a) != len(b.a):
            return False
        return all(eql(x, y) for x, y in zip(a.a, b.a))
    if a is None or cls is Symbol or a is TRUE or a is FALSE:
        return False
    answer = send(a, ":eql?", None, b)
    return answer is not FALSE and answer is not None


def hash_code(value: Value) -> int:
    """Return `value.hash` as a Python hash."""
    cls = value.__class__
    if cls is int or cls is float or value is None:
        return hash((cls, value))
    if isinstance(value, String):
        return hash(("s", value.s))
    if cls is Symbol or not isinstance(value, Object):
        return hash(value)
    if isinstance(value, Array) and not cls.own_equality:
        return hash(array_key(value))
    code = send(value, ":hash")
    return hash(code)
