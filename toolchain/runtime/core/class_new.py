"""Class#new and what it calls: on the path of every object that a program makes."""

from __future__ import annotations

from .. import hooks
from ..builtin import NativeClass
from ..dispatch import call_function
from ..errors import error
from ..model import CLASS, MODULE, PRIM_CLASSES, ModuleValue, ancestors, ensure_py, find_method

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

classes = NativeClass("Class")


# Class -> (`new(blk, ...)` made for it by an engine, the least and the largest number of arguments that it takes).
CONSTRUCTORS: dict[Any, tuple[Any, int, int]] = {}


def no_constructor(cls: Any) -> tuple[Any, int, int]:
    return None, 0, -1


# What makes the rows; an engine puts its own function here, and takes rows back when the methods behind them change.
MAKER: list[Any] = [no_constructor]


@classes.method("new", block=True)
def new(self: Any, blk: Block, *args: Value, **keywords: Value) -> Value:
    maker = CONSTRUCTORS.get(self)
    if maker is None:
        maker = CONSTRUCTORS[self] = MAKER[0](self)
    if not keywords and maker[1] <= len(args) <= maker[2]:
        return maker[0](blk, *args)
    host = self.py
    if host is None or self is CLASS or self is MODULE or self.attached is not None:
        host = instantiable(self, "new")
    obj = host.__new__(host)
    prepare = host.prepare
    if prepare is not None:
        prepare(obj)
    initialize = getattr(obj, ";initialize")  # a variable: errors about the arguments look for it
    if keywords:
        call_function(initialize, (blk, *args), keywords)
    else:
        try:
            initialize(blk, *args)
        except TypeError as failure:
            if blk is None:
                raise
            hooks.bind_again(failure, find_method(self, "initialize"), obj, blk, args)
    return obj


@classes.method("allocate")
def allocate(self: Any, blk: Block) -> Value:
    host: Any = instantiable(self, "allocate")
    obj = host.__new__(host)
    if host.prepare is not None:
        host.prepare(obj)
    return obj


def instantiable(cls: ModuleValue, method: str) -> type:
    """Return the host class of the instances of `cls`, made now. Error of the guest if there cannot be any."""
    if cls.attached is not None:
        raise error("TypeError", "can't create instance of singleton class")
    if kind_is_module(cls):
        from . import class_define  # noqa: F401 - completes the host classes of modules

    prims = PRIM_CLASSES.values()
    for base in ancestors(cls):
        if base in prims:
            refuse(cls, method)
    return ensure_py(cls)


def kind_is_module(cls: ModuleValue) -> bool:
    return MODULE in ancestors(cls)


def refuse(cls: ModuleValue, method: str) -> None:
    """Raise what `new` or `allocate` raises for classes without instances of their own: Integer, Symbol, ..."""
    from ..dispatch import no_method
    from .module import module_name

    if method == "new":
        raise no_method(cls, "new", ())
    raise error("TypeError", f"allocator undefined for {module_name(cls)}")


@NativeClass("BasicObject").private("initialize")
def initialize(self: Value, blk: Block) -> Value:
    return None
