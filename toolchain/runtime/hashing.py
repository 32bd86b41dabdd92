"""Hash keys: equality of `eql?` and `hash` in terms of Python's dict.

Integer, Symbol, nil, true, false and objects that keep the built-in `eql?` and `hash` are their own key. A Float
becomes ("f", x), since 1.eql?(1.0) is false; a String becomes its Python string, an Array a tuple; everything else a
`Key`: user objects with their own `eql?` or `hash`, and host classes with `value_equality` (Hash, Range, Struct ...).
"""

from __future__ import annotations

from .model import freeze
from .values import FALSE, TRUE, Array, BinaryString, Hash, Object, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .values import Value


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
        if not isinstance(other, Key):
            return False
        return self.value is other.value or eql(self.value, other.value)

    def __repr__(self) -> str:
        return f"Key({self.value!r})"


def hash_key(value: Value) -> Any:
    """Return the normalised key of `value`."""
    cls = value.__class__
    if cls is int or cls is Symbol or value is None:
        return value
    if cls is String:
        return value.s
    if cls is float:
        return ("f", value)
    if isinstance(value, Array) and not cls.own_equality:
        return ("a", *[hash_key(item) for item in value.a])
    if isinstance(value, String):
        return ("b", value.s) if isinstance(value, BinaryString) and not value.s.isascii() else value.s
    if cls.own_equality or cls.value_equality:
        return Key(value, hash_code(value))
    return value


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
    if table.iterating and (key if table.identity else hash_key(key)) not in table.d:
        from .errors import error

        raise error("RuntimeError", "can't add a new key into hash during iteration")
    if table.identity:
        table.d[key if not isinstance(key, float) else ("f", key)] = value
        if isinstance(key, float):
            table.keys[("f", key)] = key
        return
    normal = hash_key(key)
    cls = normal.__class__
    if (cls is str or cls is tuple or cls is Key) and normal not in table.d:
        if isinstance(key, String) and not key.is_frozen:
            key = freeze(String(key.s)) if cls is str else freeze(key.__class__(key.s))
        table.keys[normal] = key
    table.d[normal] = value


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
    odd = (str, tuple, Key)
    return [(keys.get(key, key) if key.__class__ in odd else key, value) for key, value in table.d.items()]


def hash_keys(table: Hash) -> list[Any]:
    """Return the keys in order, as a list of its own."""
    keys = table.keys
    if not keys:
        return list(table.d)
    return [keys.get(key, key) if key.__class__ in (str, tuple, Key) else key for key in table.d]


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
        return hash(("a", *[hash_code(item) for item in value.a]))
    code = send(value, ":hash")
    return hash(code)
