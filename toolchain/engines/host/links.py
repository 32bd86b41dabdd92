"""What the globals of generated code stand for, by the first letter of their names.

Y:name  Symbol    Z:text  frozen String    N:f:i  constant i of function f    R:f:i  Regexp i of function f
M:name  what matches patterns    F:v:f  Context of function f
C:s:A::B  constant    H:key  host class of the class that constant is    X:key  its constructor
S:v:name  super method    B:Name  built-in class
O:OP  operator function    Q:OP  the same as a Python condition    P:Integer#name  native method of numbers
"""

from __future__ import annotations

from ...runtime import builtin
from ...runtime.dispatch import send
from ...runtime.frames import code_key
from ...runtime.model import ensure_py, find_method, own_method
from ...runtime.operators import OPERATORS
from ...runtime.values import String, sym
from ..stack.code import constant_value
from ..stack.define import make_regexp
from . import support
from .facts import is_constructible
from .shims import answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .units import HostUnit


def _symbol(unit: HostUnit, name: str) -> None:
    unit.globals[name] = sym(name[2:])


def _frozen(unit: HostUnit, name: str) -> None:
    from ...runtime.model import freeze

    unit.globals[name] = freeze(String(name[2:]))


def _number(unit: HostUnit, name: str) -> None:
    _, function, index = name.split(":")
    kind, payload = unit.module.functions[int(function)].constants[int(index)]
    unit.globals[name] = constant_value(kind, payload)


def _operator(unit: HostUnit, name: str) -> None:
    unit.globals[name] = OPERATORS[name[2:]]


def _condition(unit: HostUnit, name: str) -> None:
    unit.globals[name] = answer(name[2:])


def _native(unit: HostUnit, name: str) -> None:
    """`P:Integer#name`: the native function, loaded when it is first called."""
    path = name[2:]
    if path == "Math.sqrt":
        module = builtin.builtin_class("Math")
        unit.globals["Math"] = module
        entry = own_method(module.__class__.singleton, "sqrt")
        assert entry is not None
        unit.globals[name] = entry.fn
        return
    owner, _, method = path.partition("#")
    names = unit.globals

    def native(self: Any, blk: Any, *args: Any) -> Any:
        entry = find_method(builtin.builtin_class(owner), method)
        if entry is None or entry.visibility:
            return send(self, ":" + method, blk, *args)
        if entry.native:
            names[name] = entry.fn
        return entry.fn(self, blk, *args)

    support.PASSING.add(code_key(native.__code__))
    names[name] = native


def _regexp(unit: HostUnit, name: str) -> None:
    _, function, index = name.split(":")
    unit.globals[name] = make_regexp(*unit.module.functions[int(function)].constants[int(index)][1])


def _matching(unit: HostUnit, name: str) -> None:
    """`M:name`: what patterns.py has, which comes with the first pattern of a program."""
    from . import patterns

    unit.globals[name] = patterns.NAMES[name[2:]]


def _host(unit: HostUnit, name: str) -> None:
    unit.globals[name] = ensure_py(unit.globals[name[2:]])


def _class(unit: HostUnit, name: str) -> None:
    unit.globals[name] = builtin.builtin_class(name[2:])


def _nothing(unit: HostUnit, name: str) -> None:
    """Constants and the like that translation has bound, or that are looked up when they are first read."""


LINKS = {
    "Y": _symbol, "Z": _frozen, "N": _number, "O": _operator, "Q": _condition, "P": _native, "C": _nothing,
    "H": _host, "B": _class,
    "F": _nothing, "R": _regexp, "M": _matching, "S": _nothing, "X": _nothing,
}  # fmt: skip


def constructor(cls: Any) -> Any:
    """Return `new(blk, ...)` for a class object: made for it if its `new` is the usual one."""
    if cls is None or not is_constructible(cls):
        return lambda blk, *args: send(cls, ":new", blk, *args)
    host = ensure_py(cls)
    entry = find_method(cls, "initialize")
    init = getattr(host, ";initialize")
    if entry is not None and entry.native and entry.owner.name == "BasicObject":

        def make(blk: Any) -> Any:
            return host()

        return make
    function = entry.code.function if entry is not None and entry.code is not None else None
    if function is not None:
        parameters = function.parameters
        odd = parameters.optional or parameters.post or parameters.keywords or parameters.flags
        if not odd and parameters.required <= 4:
            return (_new0, _new1, _new2, _new3, _new4)[parameters.required](host, init)

    def new(blk: Any, *args: Any) -> Any:
        obj = host()
        init(obj, blk, *args)
        return obj

    return new


def _new0(host: Any, init: Any) -> Any:
    def new(blk: Any) -> Any:
        obj = host()
        init(obj, blk)
        return obj

    return new


def _new1(host: Any, init: Any) -> Any:
    def new(blk: Any, a: Any) -> Any:
        obj = host()
        init(obj, blk, a)
        return obj

    return new


def _new2(host: Any, init: Any) -> Any:
    def new(blk: Any, a: Any, b: Any) -> Any:
        obj = host()
        init(obj, blk, a, b)
        return obj

    return new


def _new3(host: Any, init: Any) -> Any:
    def new(blk: Any, a: Any, b: Any, c: Any) -> Any:
        obj = host()
        init(obj, blk, a, b, c)
        return obj

    return new


def _new4(host: Any, init: Any) -> Any:
    def new(blk: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
        obj = host()
        init(obj, blk, a, b, c, d)
        return obj

    return new
