"""What the globals of generated code stand for, by the first letter of their names.

Y:name  Symbol    E:name  its block    Z:text  frozen String
N:f:i  constant i of function f    R:f:i  Regexp i of function f
M:name  what matches patterns    F:v:f  Context of function f
C:s:A::B  constant    H:key  host class of the class that constant is    X:key  its constructor
K:key  what is an instance of the module that constant is    W:name  what answers the name (answers.py)
V:s:@@name  module that has the class variable
S:v:name  super method    U:v:name  super methods by class
B:Name  built-in class    A:v  host class that a constructor makes instances of
T:v  class of a singleton method
G:Array:Array#size  class of a guard    D:n:Array#each  has it been redefined since change n?
I:n:f:name  class whose method function f is, L:n:name  true; both until a method of that name changes (since change n)
J:f:rows  numbers of the constants of function f (switches.py)
O:OP  operator function    Q:OP  the same as a Python condition    P:Integer#name  native method of numbers
"""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime import builtin
from ...runtime.cloning import clone
from ...runtime.core import class_new
from ...runtime.dispatch import call_function, send, symbol_block
from ...runtime.frames import code_key
from ...runtime.model import ModuleValue, ensure_py, find_method
from ...runtime.operators import OPERATORS
from ...runtime.values import FALSE, UNDEF, Array, Hash, Proc, String, Symbol, sym
from ..stack.code import constant_value
from ..stack.define import make_regexp
from . import answers, assumptions, attributes
from .facts import is_constructible
from .shims import answer, performer
from .support import FrozenString

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.model import Method
    from .units import HostUnit


def _symbol(unit: HostUnit, name: str) -> None:
    unit.globals[name] = sym(name[2:])


def _symbol_block(unit: HostUnit, name: str) -> None:
    unit.globals[name] = symbol_block(sym(name[2:]))


def _frozen(unit: HostUnit, name: str) -> None:
    from ...runtime.model import freeze

    unit.globals[name] = freeze(String(name[2:]))


def _number(unit: HostUnit, name: str) -> None:
    _, function, index = name.split(":")
    kind, payload = unit.module.functions[int(function)].constants[int(index)]
    unit.globals[name] = constant_value(kind, payload)


def _operator(unit: HostUnit, name: str) -> None:
    unit.globals[name] = performer(name[2:])


def _condition(unit: HostUnit, name: str) -> None:
    unit.globals[name] = answer(name[2:])


def _native(unit: HostUnit, name: str) -> None:
    """`P:Integer#name`: the native function, loaded when it is first called."""
    owner, _, method = name[2:].partition("#")
    names = unit.globals
    unit.natives.setdefault(method, set()).add(name)

    def native(self: Any, blk: Any, *args: Any) -> Any:
        entry = find_method(builtin.builtin_class(owner), method)
        if entry is None or entry.visibility:
            return send(self, ":" + method, blk, *args)
        if entry.native:
            names[name] = entry.fn
        return entry.fn(self, blk, *args)

    attributes.PASSING.add(code_key(native.__code__))
    names[name] = native


def _table(unit: HostUnit, name: str) -> None:
    """`J:3:7=0,9=0,4=1`: of function 3, which number has each of these constants?"""
    _, function, rows = name.split(":", 2)
    constants = unit.module.functions[int(function)].constants
    table: dict[Any, int] = {}
    for row in rows.split(","):
        index, _, number = row.partition("=")
        kind, payload = constants[int(index)]
        table.setdefault(sym(payload) if kind == ck.CONST_SYMBOL else payload, int(number))
    unit.globals[name] = table


def _regexp(unit: HostUnit, name: str) -> None:
    _, function, index = name.split(":")
    unit.globals[name] = make_regexp(*unit.module.functions[int(function)].constants[int(index)][1])


def _matching(unit: HostUnit, name: str) -> None:
    """`M:name`: what patterns.py has, which comes with the first pattern of a program."""
    from . import patterns

    unit.globals[name] = patterns.NAMES[name[2:]]


class Changed:
    """What `isinstance` asks instead of a host class when the constant became something else."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __instancecheck__(self, instance: Any) -> bool:
        found = OPERATORS["CASE_EQ"](self.value, instance)
        return found is not None and found is not FALSE


def _host(unit: HostUnit, name: str) -> None:
    value = unit.globals.get(name[2:])
    usable = isinstance(value, ModuleValue) and value.is_class and value.attached is None
    unit.globals[name] = ensure_py(value) if usable else Changed(value)  # type: ignore[arg-type]


def _kinds(unit: HostUnit, name: str) -> None:
    value = unit.globals.get(name[2:])
    if isinstance(value, ModuleValue):
        table = unit.globals[name] = answers.Kinds(value)
        answers.TABLES.append(table)


def _answering(unit: HostUnit, name: str) -> None:
    table = unit.globals[name] = answers.Answering(name[2:])
    answers.TABLES.append(table)


def _class(unit: HostUnit, name: str) -> None:
    unit.globals[name] = builtin.builtin_class(name[2:])


HOSTS = {
    "int": int, "float": float, "Array": Array, "Hash": Hash, "String": String, "Proc": Proc, "Symbol": Symbol,
    "FrozenString": FrozenString,
}  # fmt: skip


def _guard(unit: HostUnit, name: str) -> None:
    """`G:Array:Array#each`: the class that a guard tests for, as long as that method is the built-in one."""
    _, host, key = name.split(":", 2)
    unit.globals[name] = HOSTS[host]
    assumptions.GUARDS.setdefault(assumptions.guard_key(key), []).append((unit.globals, name, assumptions.Never))


def _receiver(unit: HostUnit, name: str) -> None:
    """`I:0:7:step`: the class whose method `step` is function 7, until any method of that name changes."""
    _, _, index, method = name.split(":", 3)
    entry = unit.entries[int(index)]
    assert entry is not None
    unit.globals[name] = ensure_py(entry.owner)
    assumptions.GUARDS.setdefault(("inlined", method), []).append((unit.globals, name, assumptions.Never))


def _unchanged(unit: HostUnit, name: str) -> None:
    """`L:0:step`: true until any method `step` changes."""
    unit.globals[name] = True
    key = ("inlined", name.split(":", 2)[2])
    assumptions.GUARDS.setdefault(key, []).append((unit.globals, name, False))


def _changed(unit: HostUnit, name: str) -> None:
    """`D:0:Array#each`: whether that method was redefined since change 0."""
    unit.globals[name] = False
    assumptions.GUARDS.setdefault(assumptions.guard_key(name.split(":", 2)[2]), []).append((unit.globals, name, True))


def _nothing(unit: HostUnit, name: str) -> None:
    """Constants and the like that translation has bound, or that are looked up when they are first read."""


LINKS = {
    "Y": _symbol, "E": _symbol_block, "Z": _frozen, "N": _number, "O": _operator, "Q": _condition, "P": _native,
    "C": _nothing, "H": _host, "K": _kinds, "W": _answering, "V": _nothing, "B": _class, "G": _guard, "D": _changed,
    "I": _receiver, "L": _unchanged, "J": _table, "U": _nothing, "F": _nothing, "R": _regexp, "M": _matching,
    "S": _nothing, "X": _nothing, "A": _nothing, "T": _nothing,
}  # fmt: skip


# class -> (its `initialize`, the constructor made for both)
CONSTRUCTORS: dict[Any, tuple[Method, Any]] = {}


def constructor(cls: Any) -> Any:
    """Return `new(blk, ...)` for a class object: made for it if its `new` is the usual one."""
    if cls is None or not is_constructible(cls):
        return lambda blk, *args: send(cls, ":new", blk, *args)
    host: Any = ensure_py(cls)
    if hasattr(host, "constructor"):
        return host.constructor(cls)
    entry = find_method(cls, "initialize")
    assert entry is not None
    if entry.native and entry.owner.name == "BasicObject":

        def make(blk: Any) -> Any:
            return host()

        return make
    if entry is not None and entry.native and entry.owner.name == "Exception":
        return new_exception(host)
    known, made = CONSTRUCTORS.get(cls, (None, None))
    if known is not entry:
        made = first_call(cls, host, entry)
        CONSTRUCTORS[cls] = entry, made
    return made


def first_call(cls: Any, host: Any, entry: Method) -> Any:
    """Return a constructor that translates the real one when it is first called, or later if the same `initialize`
    has been translated for many classes already."""
    made: Any = None
    unit: Any = entry.code.unit if entry.code is not None else None
    patience = unit.patience(entry) if hasattr(unit, "patience") else 0

    def new(blk: Any, *args: Any, **keywords: Any) -> Any:
        nonlocal made, patience
        if made is None:
            if patience:
                patience -= 1
                obj = host()
                call_function(getattr(obj, ";initialize"), (blk, *args), keywords)
                return obj
            made = translated(cls, host, entry)
            if CONSTRUCTORS.get(cls, (None, None))[1] is new:
                CONSTRUCTORS[cls] = entry, made
                class_new.CONSTRUCTORS.pop(cls, None)
                from .units import relink

                relink(cls)
        return made(blk, *args, **keywords)

    return new


def new_exception(host: Any) -> Any:
    """Return the constructor of an exception class with Exception's own `initialize`."""

    def new(blk: Any, message: Any = UNDEF) -> Any:
        obj = host()
        obj.message = message
        return obj

    return new


def translated(cls: Any, host: Any, entry: Method) -> Any:
    unit: Any = entry.code.unit if entry.code is not None else None
    made = unit.translate_constructor(entry, cls) if hasattr(unit, "translate_constructor") else None
    if made is not None:
        return made
    return clone(new, {"INITIALIZE": ";initialize"}, {"HOST": host, "call_function": call_function})


MANY = 1 << 30


def row(cls: Any) -> tuple[Any, int, int]:
    """Return the row of a class in `class_new.CONSTRUCTORS`: its constructor and how many arguments that takes."""
    if is_constructible(cls) and not hasattr(cls.py, "constructor"):
        entry = find_method(cls, "initialize")
        if entry is not None and entry.native and entry.owner.name == "BasicObject":
            return constructor(cls), 0, 0
        if entry is not None and entry.code is not None:
            function = entry.code.function
            p = function.parameters
            if not (p.post or p.keywords or p.flags & ~(ck.REST | ck.BLOCK_PARAM) or function.flags & ck.USES_EVAL):
                return constructor(cls), p.required, MANY if p.flags & ck.REST else p.required + p.optional
    return class_new.no_constructor(cls)


HOST: Any = None  # what clones replace


def new(blk: Any, *args: Any, **keywords: Any) -> Any:
    """What constructors do whose `initialize` is not translated into them."""
    obj = HOST()
    if keywords:
        call_function(obj.INITIALIZE, (blk, *args), keywords)
    else:
        obj.INITIALIZE(blk, *args)
    return obj
