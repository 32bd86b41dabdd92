"""Module: lists of methods, and methods as objects."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_name
from ..errors import Raised, new_exception
from ..model import PRIVATE, PROTECTED, PUBLIC, Method, ModuleValue, ancestors, find_method, own_method
from ..values import TRUE, Array, is_true, sym, truth
from .method_object import UnboundMethodObject
from .module import module_name, undefined_method

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

module = NativeClass("Module")


def table_visibilities(mod: ModuleValue) -> dict[str, int]:
    """Return the visibility of each method in the table of `mod`, -1 for an undefined one.

    Native methods that are not loaded need their file: a private method is told from a public one only there.
    """
    for name in list(mod.pending):
        own_method(mod, name)
    return {name: -1 if entry.fn is None else entry.visibility for name, entry in mod.methods.items()}


def method_names(order: list[ModuleValue], visibilities: Any) -> list[str]:
    """Return the names of the methods with one of the visibilities, each as its nearest definition has it."""
    found: dict[str, int] = {}
    for mod in order:
        for name, visibility in table_visibilities(mod).items():
            found.setdefault(name, visibility)
    return [name for name, visibility in found.items() if visibility in visibilities]


def listed(mod: ModuleValue, inherit: Value, *visibilities: int) -> Value:
    order = ancestors(mod) if is_true(inherit) else [mod]
    return Array([sym(name) for name in method_names(order, visibilities)])


@module.method("instance_methods")
def instance_methods(self: ModuleValue, blk: Block, inherit: Value = TRUE) -> Value:
    return listed(self, inherit, PUBLIC, PROTECTED)


@module.method("public_instance_methods")
def public_instance_methods(self: ModuleValue, blk: Block, inherit: Value = TRUE) -> Value:
    return listed(self, inherit, PUBLIC)


@module.method("private_instance_methods")
def private_instance_methods(self: ModuleValue, blk: Block, inherit: Value = TRUE) -> Value:
    return listed(self, inherit, PRIVATE)


@module.method("protected_instance_methods")
def protected_instance_methods(self: ModuleValue, blk: Block, inherit: Value = TRUE) -> Value:
    return listed(self, inherit, PROTECTED)


@module.method("undefined_instance_methods")
def undefined_instance_methods(self: ModuleValue, blk: Block) -> Value:
    return Array([sym(name) for name, entry in self.methods.items() if entry.fn is None])


def lookup(mod: ModuleValue, name: str, inherit: Value) -> Method | None:
    """Return the entry of a method of `mod`, its own only unless `inherit`."""
    if is_true(inherit):
        return find_method(mod, name)
    entry = own_method(mod, name)
    return entry if entry is not None and entry.fn is not None else None


def defined(mod: ModuleValue, name: Value, inherit: Value, *visibilities: int) -> Value:
    entry = lookup(mod, as_name(name), inherit)
    return truth(entry is not None and entry.visibility in visibilities)


@module.method("method_defined?")
def method_defined(self: ModuleValue, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    return defined(self, name, inherit, PUBLIC, PROTECTED)


@module.method("public_method_defined?")
def public_method_defined(self: ModuleValue, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    return defined(self, name, inherit, PUBLIC)


@module.method("private_method_defined?")
def private_method_defined(self: ModuleValue, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    return defined(self, name, inherit, PRIVATE)


@module.method("protected_method_defined?")
def protected_method_defined(self: ModuleValue, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    return defined(self, name, inherit, PROTECTED)


@module.method("instance_method")
def instance_method(self: ModuleValue, blk: Block, name: Value) -> Value:
    text = as_name(name)
    entry = find_method(self, text)
    if entry is None:
        raise undefined_method(self, text)
    return UnboundMethodObject.make(entry, self)


@module.method("public_instance_method")
def public_instance_method(self: ModuleValue, blk: Block, name: Value) -> Value:
    text = as_name(name)
    entry = find_method(self, text)
    if entry is None:
        raise undefined_method(self, text)
    if entry.visibility != PUBLIC:
        kind = "class" if self.is_class else "module"
        shown = "private" if entry.visibility == PRIVATE else "protected"
        message = f"method '{text}' for {kind} '{module_name(self)}' is {shown}"
        raise Raised(new_exception("NameError", message, name=sym(text), receiver=self))
    return UnboundMethodObject.make(entry, self)
