"""The attribute protocol: `x.m` of an attr_reader as a plain read of a slot, `x.m = v` as a plain write.

Once a name is in the protocol, every host class that has a Metorex method `m` of its own also has the Python attribute
`.m`: for an attr_reader the very descriptor of the instance variable, for any other method a property that calls it. A
generated read of `.m` is right for every object that has the attribute; where it is missing, or the variable is not
set, the read fails like a send whose lookup fails, and goes on as one. The same for writers, under `.m=`.

A name is taken into the protocol when a call site wants it, because all methods of that name in the program are
attribute methods, or the one of the receiver's class was when the site was translated. Methods of another kind get
properties, which take longer than calls.
"""

from __future__ import annotations

import sys
from types import CodeType, FunctionType

from ....format import chunk as ck
from ...runtime.cloning import clone
from ...runtime.core.index import INDEX
from ...runtime.dispatch import MISSING, call_function
from ...runtime.frames import READERS, code_key
from ...runtime.model import (
    BLOCKED,
    PUBLIC,
    WORLD,
    Method,
    ModuleValue,
    add_dynamic_ivar,
    dispatch_class,
    find_method,
    frozen_ivar,
    get_ivar,
    install_hooks,
    set_attr,
)
from ...runtime.values import UNDEF, BasicObject, Symbol, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

ACTIVE: set[str] = set()
# Names of the methods that the program has defined: are all of them attribute methods?
DEFINED: dict[str, bool] = {}
# name -> the host classes on which the program's own methods of that name stand
SHOWN: dict[str, dict[type, Method]] = {}
# Classes of numbers and nil, which have no attributes: calls of what they know stay ordinary calls.
PRIMS = ("Kernel", "Object", "BasicObject", "Comparable", "Integer", "Float", "Numeric", "NilClass")
_NATIVE: set[str] = set()


def native_names() -> set[str]:
    if not _NATIVE:
        for cls in PRIMS:
            for names in INDEX.get(cls, {}).values():
                _NATIVE.update(names.split())
    return _NATIVE


def usable(name: str, of_program: bool = False, seen: bool = False) -> bool:
    """Return whether calls of `name` may be attribute accesses, taking the name into the protocol.

    `of_program`: the receiver seems to be an object of the program, so that a name of common natives is no obstacle.
    `seen`: its class was seen to have an attribute method of that name, whatever other classes have.
    """
    if not of_program and name in native_names():
        return False
    if not wanted(name) and not (seen and any(entry.accessor for entry in SHOWN.get(name, {}).values())):
        return False
    activate(name)
    return True


def wanted(name: str) -> bool:
    """Return whether all methods of that name in the program are public attribute methods."""
    return DEFINED.get(name, False)


def activate(name: str) -> None:
    """Take a name into the protocol."""
    if name in ACTIVE:
        return
    ACTIVE.add(name)
    # What has a native method of that name, or none.
    if name.endswith("="):
        set_attr(BasicObject, "." + name, property(None, caller_of(":" + name)))
    else:
        set_attr(BasicObject, "." + name, property(reader_of(":" + name)))
    for host, entry in SHOWN.get(name, {}).items():
        attach(host, name, entry)


def defined(mod: Any, name: str, entry: Method | None) -> None:
    """Listen to changes of method tables."""
    if entry is not None and entry.fn is not None and (entry.accessor or not entry.native):
        if not name.endswith("=") and entry.code is not None and entry.code.function.parameters.required:
            return  # no call without arguments means this one
        DEFINED[name] = bool(entry.accessor) and not entry.visibility and DEFINED.get(name, True)


def find_missing(self: Any, attr: str) -> Any:
    """`__getattr__` of host classes with a `method_missing` of the program: a failed lookup becomes a call of it."""
    if attr[0] != ":" and attr[0] != ";":
        raise AttributeError(attr)
    name = attr[1:]
    if find_method(dispatch_class(self), name) is not None:
        raise AttributeError(attr)

    host = self.__class__
    function = forwarder(sym(name), "own" if attr[0] == ";" else "any" if KEYWORDS_MISSING else "plain")
    if attr not in host.__dict__ and len(FORWARDED) < MAX_FORWARDED:
        setattr(host, attr, function)
        FORWARDED.setdefault(name, []).append((host, attr))
    return function.__get__(self)


# Names that `method_missing` answered -> the (host class, attribute) pairs that pass calls of them on since then: the
# next call is an ordinary one. Whatever may give an object a method of the name takes them away (`forget`).
FORWARDED: dict[str, list[tuple[type, str]]] = {}
MAX_FORWARDED = 10_000
# The `method_missing` methods of the program that may take keywords.
KEYWORDS_MISSING: list[Method] = []


def forwarder(symbol: Symbol, kind: str) -> Any:
    """Return the function that stands for a method which `method_missing` answers. `kind`: "own" for calls on self,
    "plain" if no `method_missing` takes keywords."""

    def forward_plain(self: Any, blk: Any, /, value: Any = UNDEF, *rest: Any) -> Any:
        if MISSING[2]:
            MISSING[2] = False
        if value is UNDEF:
            return self.method_missing(blk, symbol)
        if rest:
            return self.method_missing(blk, symbol, value, *rest)
        return self.method_missing(blk, symbol, value)

    def forward(self: Any, blk: Any, /, *args: Any, **keywords: Any) -> Any:
        if MISSING[2]:
            MISSING[2] = False
        if keywords:
            return call_function(self.method_missing.__func__, (self, blk, symbol, *args), keywords)
        return self.method_missing(blk, symbol, *args)

    def forward_own(self: Any, blk: Any, /, *args: Any, **keywords: Any) -> Any:
        MISSING[:] = (self, symbol.name, not args and is_variable_like(sys._getframe(1)))
        if keywords:
            return call_function(self.method_missing.__func__, (self, blk, symbol, *args), keywords)
        return self.method_missing(blk, symbol, *args)

    function: Any = forward_own if kind == "own" else forward_plain if kind == "plain" else forward
    code = FORWARDING.get(kind)
    if code is None:
        plain = function.__code__
        names = tuple([";method_missing" if name == "method_missing" else name for name in plain.co_names])
        code = FORWARDING[kind] = plain.replace(co_names=names)
    return FunctionType(code, globals(), symbol.name, function.__defaults__, function.__closure__)


FORWARDING: dict[str, CodeType] = {}


def forget(mod: ModuleValue, name: str, entry: Method | None) -> None:
    """Listen to changes of method tables ("" as name: of ancestors)."""
    if name == "method_missing" and entry is not None and not entry.native:
        parameters = entry.code.function.parameters if entry.code is not None else None
        if parameters is None or parameters.keywords or parameters.flags & ck.KEYREST:
            KEYWORDS_MISSING.append(entry)
    if not FORWARDED:
        return
    if name and name != "method_missing":
        places = FORWARDED.pop(name, ())
    else:
        places = [place for found in FORWARDED.values() for place in found]
        FORWARDED.clear()
    for host, attr in places:
        # By now a method may stand in its place.
        found = host.__dict__.get(attr)
        if getattr(found, "__code__", None) in FORWARDING.values():
            delattr(host, attr)


def is_variable_like(python: FrameType) -> bool:
    """Return whether generated code is at a bare identifier."""
    reader = READERS.get(id(python.f_code))
    if reader is None:
        return False
    _, code, pc = reader(python)
    return hasattr(code.unit, "summary") and pc in code.unit.summary("bare_names", code.function.index)


def note(host: type, name: str, entry: Method | None) -> None:
    """Listen to `model.install`: the entry of `name` that a host class now shows of its own."""
    if name == "method_missing" and entry is not None and not entry.native and entry.fn is not None:
        host.__getattr__ = find_missing  # type: ignore[attr-defined]
    if entry is None or entry.fn is None or entry.native and not entry.accessor:
        shown = SHOWN.get(name)
        if shown is not None and shown.pop(host, None) is not None and name in ACTIVE:
            detach(host, name, entry)
        return
    SHOWN.setdefault(name, {})[host] = entry
    if name in ACTIVE:
        attach(host, name, entry)


def detach(host: type, name: str, entry: Method | None) -> None:
    attr = "." + name
    if entry is not None:
        set_attr(host, attr, BLOCKED)
    elif attr in host.__dict__:
        delattr(host, attr)


def attach(host: type, name: str, entry: Method) -> None:
    """Give a host class the attribute of the protocol."""
    attr = "." + name
    if entry.visibility != PUBLIC:
        set_attr(host, attr, BLOCKED)
    elif entry.accessor:
        if not hasattr(host, entry.ivar):
            add_dynamic_ivar(host, entry.ivar)
        place = getattr(host, entry.ivar)
        if entry.accessor == "reader" and isinstance(place, property):
            place = property(reader_of_ivar(entry.ivar))  # an unset one must not raise from within
        set_attr(host, attr, place)
        if entry.accessor == "writer":
            for frozen in frozen_below(host):
                setattr(frozen, attr, frozen_ivar(getattr(host, entry.ivar)))
    elif name.endswith("="):
        set_attr(host, attr, property(None, caller_of(":" + name)))
    else:
        set_attr(host, attr, property(reader_of(":" + name)))


def reader_of(attr: str) -> Any:
    """Return a function that calls the method; errors about its arguments are those of the call."""
    read = clone(_read, {"METHOD": attr})
    PASSING.add(code_key(read.__code__))
    return read


def _read(self: Any) -> Any:
    return self.METHOD(None)


# Functions that only pass a call on: an error of binding arguments behind them is one of the call.
PASSING: set[int] = set()


def reader_of_ivar(ivar: str) -> Any:
    return lambda self: get_ivar(self, ivar)


def caller_of(attr: str) -> Any:
    write = clone(_write, {"METHOD": attr})
    PASSING.add(code_key(write.__code__))
    return write


def _write(self: Any, value: Any) -> None:
    self.METHOD(None, value)


def frozen_below(host: type) -> list[type]:
    """Return the host classes of frozen objects below `host`."""
    found: list[type] = []
    work: list[type] = [host]
    while work:
        cls: Any = work.pop()
        for sub in cls.__subclasses__():
            if sub.__dict__.get("is_frozen"):
                found.append(sub)
            else:
                work.append(sub)
    return found


def watch() -> None:
    """Begin to listen; must happen before the program defines methods."""
    install_hooks.append(note)
    WORLD.listeners.append(defined)
    WORLD.listeners.append(forget)
