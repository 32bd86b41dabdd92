"""Class and Module: making them at run time, and what a class knows of its relatives."""

from __future__ import annotations

from .. import model
from ..builtin import NativeClass
from ..dispatch import send
from ..errors import error
from ..model import CLASS, MODULE, OBJECT, ModuleValue, ancestry_changed, class_of, init_module, new_meta
from ..values import UNDEF, Array
from .module import module_name, plain_hook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

classes = NativeClass("Class")
module = NativeClass("Module")


def prepare_module(mod: Any) -> None:
    """Fill a fresh module object; each has a host class of its own, for its singleton methods."""
    mod.__class__ = new_meta(mod.__class__)
    init_module(mod, None, False, None)


def prepare_class(cls: Any) -> None:
    """Fill a fresh class object, until `initialize` knows its superclass."""
    init_module(cls, None, True, None)
    cls.undefined_allocator = True


MODULE.py.prepare = prepare_module
CLASS.py.prepare = prepare_class


@module.private("initialize", block=True)
def initialize_module(self: ModuleValue, blk: Block) -> Value:
    if blk is not None:
        send(self, ";module_exec", blk, self)
    return None


def check_superclass(value: Value) -> ModuleValue:
    """Return `value` if classes can be made below it. TypeError of the guest otherwise."""
    if not isinstance(value, ModuleValue) or not value.is_class:
        place = module_name(class_of(value))
        raise error("TypeError", f"superclass must be an instance of Class (given an instance of {place})")
    if value.attached is not None:
        raise error("TypeError", "can't make subclass of singleton class")
    if value is CLASS:
        raise error("TypeError", "can't make subclass of Class")
    return value


@classes.private("initialize", block=True)
def initialize(self: Any, blk: Block, superclass: Value = UNDEF) -> Value:
    if not self.undefined_allocator or self.superclass is not None:
        raise error("TypeError", "already initialized class")
    parent = OBJECT if superclass is UNDEF else check_superclass(superclass)
    self.__class__ = new_meta(parent.__class__)
    self.superclass = parent
    ancestry_changed()
    self.undefined_allocator = False
    parent.subclasses.append(self)
    if not plain_hook(parent, "inherited"):
        send(parent, ";inherited", None, self)
    if blk is not None:
        send(self, ";class_exec", blk, self)
    return None


@classes.method("superclass")
def superclass(self: ModuleValue, blk: Block) -> Value:
    if self.attached is None:
        return self.superclass
    attached = self.attached
    if isinstance(attached, ModuleValue) and attached.is_class:
        if attached.attached is not None:
            return model.singleton_class(superclass(attached, None))
        return CLASS if attached.superclass is None else model.singleton_class(attached.superclass)
    return self.superclass


@classes.method("subclasses")
def subclasses(self: ModuleValue, blk: Block) -> Value:
    return Array([cls for cls in reversed(self.subclasses) if cls.attached is None])


@classes.method("attached_object")
def attached_object(self: ModuleValue, blk: Block) -> Value:
    if self.attached is None:
        raise error("TypeError", f"'{module_name(self)}' is not a singleton class")
    return self.attached
