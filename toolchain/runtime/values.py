"""The values of a running program and their Python representation (docs/runtime.md, "Values").

Integer, Float and nil are Python's own int, float and None: the *prims*. Every other value is an instance of a class
below BasicObject here, so that methods are found by Python's own attribute lookup:

    `:m`   method m, called with an explicit receiver (public ones only)
    `;m`   method m, called on self (any visibility)
    `@x`   instance variable x (an alias of a slot)

A host class that represents instances of a Metorex class has the class object as `mclass`. The guard
`x.__class__ is Array` means: a plain Array, not frozen, not an instance of a subclass, so its list may be changed.
Freezing and singleton classes swap `__class__` for a subclass of equal layout.

This file is on the path of every run: plain classes only, no imports.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Value = Any  # int, float, None or BasicObject
    Block = Any  # a bare function `b(*args, **keywords)`, or None
    Function = Callable[..., Any]  # `f(self, blk, *args, **keywords)`


class BasicObject:
    """Root of the host classes. `extra` holds, when set, a dict of instance variables that have no slot."""

    __slots__ = ("extra", "__weakref__")

    mclass: Any = None  # the Metorex class; may be a singleton class
    singleton: Any = None  # the singleton class of the one object that lives in this host class
    is_frozen = False  # true in frozen variants
    frozen_py: Any = None  # the frozen variant of exactly this host class, once made
    own_equality = False  # the class defines `eql?` or `hash`: as a Hash key it needs a wrapper
    key_maker: Any = None  # returns the normalised key of an instance as a Hash key; None: it is the object itself
    own_missing = False  # the class defines `method_missing`
    layout: tuple[str, ...] = ()  # instance variables that have slots, in order
    spare: tuple[str, ...] = ()  # slots of exactly this host class for instance variables that a program adds
    prepare: Any = None  # fills the host fields of a fresh instance
    elements: Any = None  # gives the elements without calling `each`, see core/enumerable.py


class Object(BasicObject):
    __slots__ = ()


class Undefined:
    """The mark of an argument that was not passed, and of slots that nothing has stored to."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNDEF"

    def __bool__(self) -> bool:
        return False


UNDEF: Any = Undefined()


class TrueValue(Object):
    __slots__ = ()
    mclass = None
    is_frozen = True


class FalseValue(Object):
    __slots__ = ()
    mclass = None
    is_frozen = True

    def __bool__(self) -> bool:
        return False


TRUE = TrueValue()
FALSE = FalseValue()


class Symbol(Object):
    """Interned: make them with `sym` only, compare with `is`. `public` and `own` are the attribute names of calls."""

    __slots__ = ("name", "public", "own", "proc")
    mclass = None
    is_frozen = True

    name: str
    public: str
    own: str
    proc: Any

    def __repr__(self) -> str:
        return f":{self.name}"


SYMBOLS: dict[str, Symbol] = {}


def sym(name: str) -> Symbol:
    """Return the Symbol of that name."""
    symbol = SYMBOLS.get(name)
    if symbol is None:
        symbol = SYMBOLS[name] = Symbol()
        symbol.name = name
        symbol.public = ":" + name
        symbol.own = ";" + name
        symbol.proc = None
    return symbol


class String(Object):
    """Mutable text in UTF-8: `s` holds the characters (bytes that are not UTF-8 as surrogate escapes).

    The encoding is part of the host class: BinaryString and AsciiString below.
    """

    __slots__ = ("s",)
    mclass = None
    encoding = "UTF-8"

    def __init__(self, s: str) -> None:
        self.s = s

    def prepare(self) -> None:
        self.s = ""

    def __repr__(self) -> str:
        return f"String({self.s!r})"


class BinaryString(String):
    """ASCII-8BIT: one character U+0000..U+00FF a byte."""

    __slots__ = ()
    encoding = "BINARY"


class AsciiString(String):
    """US-ASCII."""

    __slots__ = ()
    encoding = "US-ASCII"


class Array(Object):
    """`a` is the list, the same one for ever.

    `readable` and `writable` are that list too, for engines, where `x[i]` and `x[i] = v` do nothing else: None in host
    classes whose `[]` or `[]=` the program has defined, and `writable` in those of frozen Arrays.
    """

    __slots__ = ("a",)
    mclass = None
    readable: Any
    writable: Any

    def __init__(self, a: list[Any]) -> None:
        self.a = a

    def prepare(self) -> None:
        self.a = []

    def __repr__(self) -> str:
        return f"Array({self.a!r})"


Array.readable = Array.writable = Array.__dict__["a"]

LONG = 1024  # elements of an Array whose first one is not simply taken away (core/queued.py)


class Hash(Object):
    """`d` maps normalised keys (hashing.py) to values, in insertion order.

    `keys` maps a normalised key to the key itself where the two differ (String, Float, objects with their own
    equality). `default` is the default value, `default_proc` a Proc or None. `identity`: compare_by_identity.
    `iterating` counts the iterations going on: while it is not 0, no key may be added. `fallback` is what looking up a
    key that is not in `d` gives: the default value, or UNDEF if there is more to it (`settle`).
    """

    __slots__ = ("d", "keys", "default", "default_proc", "identity", "iterating", "fallback")
    mclass = None

    def __init__(self) -> None:
        self.d: dict[Any, Any] = {}
        self.keys: dict[Any, Any] = {}
        self.default: Any = None
        self.default_proc: Any = None
        self.identity = False
        self.iterating = 0
        self.fallback: Any = None

    prepare = __init__

    def settle(self) -> None:
        """Bring `fallback` in step; must follow a change of `default`, `default_proc` or `identity`."""
        self.fallback = UNDEF if self.identity or self.default_proc is not None else self.default

    def __repr__(self) -> str:
        return f"Hash({self.d!r})"


class Range(Object):
    __slots__ = ("first", "last", "exclusive")
    mclass = None
    is_frozen = True

    def __init__(self, first: Any, last: Any, exclusive: bool) -> None:
        self.first = first
        self.last = last
        self.exclusive = exclusive


class Proc(Object):
    """A block or lambda as a value. `f` is the bare function `f(*args, **keywords)`; it has no hidden parameters."""

    __slots__ = ("f", "is_lambda", "info")
    mclass = None

    def __init__(self, f: Any, is_lambda: bool = False, info: Any = None) -> None:
        self.f = f
        self.is_lambda = is_lambda
        self.info = info  # what `describe_block` answers when the function itself does not say


class Exception_(Object):
    """Instances of Exception. `message` is UNDEF while none was given; `trace` is no text until it is asked for."""

    __slots__ = ("message", "trace", "cause", "details")
    mclass = None

    def __init__(self) -> None:
        self.message: Any = UNDEF
        self.trace: Any = None  # as captured (capture.py), raw entries of it, what set_backtrace gave, or None
        self.cause: Any = None
        self.details: Any = None  # dict of what subclasses add: name, receiver, key, ...

    prepare = __init__


def truth(condition: object) -> Any:
    """Return the Metorex boolean for a Python condition."""
    return TRUE if condition else FALSE


# Host classes whose instances are their own normalised keys in a Hash (hashing.py, which adds those it meets).
PLAIN_KEYS: set[type] = {int, Symbol, None.__class__, TrueValue, FalseValue}


def is_true(value: Value) -> bool:
    """Return whether a Metorex value counts as true."""
    return value is not FALSE and value is not None
