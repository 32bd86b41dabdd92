"""Kernel: lists of an object's methods, methods as objects, singleton methods."""

from __future__ import annotations

from .. import model
from ..builtin import NativeClass
from ..convert import as_name
from ..dispatch import block_proc
from ..errors import Raised, error, new_exception
from ..later import later
from ..model import (
    OBJECT,
    PRIM_CLASSES,
    PRIVATE,
    PROTECTED,
    PUBLIC,
    Method,
    ModuleValue,
    ancestors,
    class_of,
    dispatch_class,
    find_method,
)
from ..values import FALSE, TRUE, UNDEF, Array, is_true, sym
from .method_object import MethodObject
from .module import undefined_method
from .module_reflect import method_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value
    from .enumerator import make_enumerator
else:
    later(globals(), ".enumerator", "make_enumerator")

kernel = NativeClass("Kernel")


# --- lists ----------------------------------------------------------------------------------------------------------


def names_of(value: Value, every: Value, *visibilities: int) -> Value:
    """Return the names of the methods of `value`; only those up to its class unless `every`."""
    order = ancestors(dispatch_class(value))
    if not is_true(every):
        cls = class_of(value)
        order = order[: order.index(cls) + 1]
    return Array([sym(name) for name in method_names(order, visibilities)])


@kernel.method("methods")
def methods(self: Value, blk: Block, every: Value = TRUE) -> Value:
    if not is_true(every):
        return singleton_methods(self, None, FALSE)
    return names_of(self, every, PUBLIC, PROTECTED)


@kernel.method("public_methods")
def public_methods(self: Value, blk: Block, every: Value = TRUE) -> Value:
    return names_of(self, every, PUBLIC)


@kernel.method("private_methods")
def private_methods(self: Value, blk: Block, every: Value = TRUE) -> Value:
    return names_of(self, every, PRIVATE)


@kernel.method("protected_methods")
def protected_methods(self: Value, blk: Block, every: Value = TRUE) -> Value:
    return names_of(self, every, PROTECTED)


def own_singleton(value: Value) -> ModuleValue | None:
    """Return the singleton class of `value` if there is one."""
    if value.__class__ in PRIM_CLASSES:
        return None
    single: ModuleValue | None = value.__class__.singleton
    return single if single is not None and single.attached is value else None


@kernel.method("singleton_methods")
def singleton_methods(self: Value, blk: Block, every: Value = TRUE) -> Value:
    order: list[ModuleValue] = []
    single = own_singleton(self)
    if single is not None:
        order.append(single)
        if is_true(every):
            order += [mod for mod in single.includes if mod not in order]
    if isinstance(self, ModuleValue) and is_true(every):
        parent = self.superclass
        while parent is not None:
            single = own_singleton(parent)
            if single is not None and parent is not OBJECT and parent.superclass is not None:
                order.append(single)
            parent = parent.superclass
    return Array([sym(name) for name in method_names(order, (PUBLIC, PROTECTED))])


# --- methods as objects ---------------------------------------------------------------------------------------------


def find_object(value: Value, name: str, public_only: bool) -> MethodObject:
    """Return the Method object, also for what respond_to_missing? promises. NameError of the guest if there is none."""
    cls = dispatch_class(value)
    entry = find_method(cls, name)
    if entry is not None and (not public_only or entry.visibility == PUBLIC):
        return MethodObject.make(value, entry, cls)
    hook = find_method(cls, "respond_to_missing?")
    if hook is not None and not hook.native and is_true(hook.fn(value, None, sym(name), truth_of(not public_only))):
        missing = find_method(cls, "method_missing")
        if missing is not None:
            stand_in = Method(name, missing.fn, class_of(value))
            return MethodObject.make(value, stand_in, cls, missing=True)
    if entry is not None:
        text = f"method '{name}' for class '{class_of(value).name}' is "
        shown = "private" if entry.visibility == PRIVATE else "protected"
        raise Raised(new_exception("NameError", text + shown, name=sym(name), receiver=value))
    raise undefined_method(class_of(value) if own_singleton(value) is None else named_class(value), name)


def truth_of(condition: bool) -> Value:
    return TRUE if condition else FALSE


def named_class(value: Value) -> ModuleValue:
    """Return the class that the error for a missing method of `value` names."""
    return dispatch_class(value) if isinstance(value, ModuleValue) else class_of(value)


@kernel.method("method")
def method(self: Value, blk: Block, name: Value) -> Value:
    return find_object(self, as_name(name), False)


@kernel.method("public_method")
def public_method(self: Value, blk: Block, name: Value) -> Value:
    return find_object(self, as_name(name), True)


@kernel.method("singleton_method")
def singleton_method(self: Value, blk: Block, name: Value) -> Value:
    text = as_name(name)
    single = own_singleton(self)
    entry = None if single is None else model.own_method(single, text)
    if entry is None or entry.fn is None:
        from ..convert import inspect_str

        message = f"undefined singleton method '{text}' for '{inspect_str(self)}'"
        raise Raised(new_exception("NameError", message, name=sym(text), receiver=self))
    return MethodObject.make(self, entry, dispatch_class(self))


@kernel.method("define_singleton_method", block=True)
def define_singleton_method(self: Value, blk: Block, name: Value, body: Value = UNDEF) -> Value:
    from .module_define import method_from, put_method

    text = as_name(name)
    if body is UNDEF:
        if blk is None:
            raise error("ArgumentError", "tried to create Proc object without a block")
        body = block_proc(blk)
    single = model.singleton_class(self)
    put_method(single, method_from(single, text, body))
    return sym(text)


@kernel.method("enum_for", "to_enum", block=True)
def enum_for(self: Value, blk: Block, name: Value = UNDEF, *args: Value, **keywords: Value) -> Value:
    text = "each" if name is UNDEF else as_name(name)
    size = None if blk is None else block_proc(blk)
    result = make_enumerator(self, text, *args, size=size)
    if keywords:
        from .enumerator import EnumeratorValue

        if isinstance(result, EnumeratorValue):
            result.keywords = keywords
    return result
