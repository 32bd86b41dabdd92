"""Module: methods about constants."""

from __future__ import annotations

from ..builtin import NativeClass, all_constants
from ..constants import (
    AUTOLOADS,
    const_defined,
    const_path,
    find_const,
    own_const,
    set_const,
    uninitialized,
)
from ..convert import as_name, as_str, inspect_str
from ..dispatch import MAIN
from ..errors import Raised, error, new_exception
from ..frames import caller_frame
from ..model import OBJECT, ModuleValue, ancestors, constants_changed
from ..values import FALSE, TRUE, UNDEF, Array, String, Symbol, is_true, sym
from .module import check_frozen, constant_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..frames import Cref
    from ..values import Block, Value

module = NativeClass("Module")


def wrong_name(mod: ModuleValue, text: str) -> Raised:
    return Raised(new_exception("NameError", f"wrong constant name {text}", name=sym(text), receiver=mod))


def checked_name(mod: ModuleValue, value: Value) -> str:
    """Return a constant's name. NameError of the guest if it cannot be one."""
    text = as_name(value)
    if not constant_name(text):
        raise wrong_name(mod, text)
    return text


def path_parts(mod: ModuleValue, value: Value) -> list[str]:
    """Return the names of a constant path such as "A::B"; a leading "::" gives an empty first part."""
    text = as_name(value)
    parts = text.split("::") if not hasattr(value, "name") else [text]
    if len(parts) > 1 and parts[0] == "":
        parts = parts[1:]
        if not all(constant_name(part) for part in parts):
            raise wrong_name(mod, text)
        return ["", *parts]
    if not all(constant_name(part) for part in parts):
        raise wrong_name(mod, text)
    return parts


@module.method("const_get")
def const_get(self: ModuleValue, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    if self.deprecated is None:
        text = name.name if name.__class__ is Symbol else name.s if name.__class__ is String else ""
        value = self.constants.get(text, UNDEF)
        if value is not UNDEF:
            return value
    parts = path_parts(self, name)
    current: Any = self
    if parts[0] == "":
        current, parts = OBJECT, parts[1:]
    for index, part in enumerate(parts):
        if not isinstance(current, ModuleValue):
            raise error("TypeError", f"{inspect_str(current)} does not refer to class/module")
        value = find_const(current, part, is_true(inherit), with_object=index == 0)
        if value is UNDEF:
            from ..constants import const_missing

            value = const_missing(current, part)
        current = value
    return current


@module.method("const_set")
def const_set(self: ModuleValue, blk: Block, name: Value, value: Value) -> Value:
    set_const(self, checked_name(self, name), value)
    return value


@module.method("const_defined?")
def const_defined_(self: ModuleValue, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    if name.__class__ is Symbol and name.name in self.constants:
        return TRUE
    parts = path_parts(self, name)
    current: Any = self
    if parts[0] == "":
        current, parts = OBJECT, parts[1:]
    for index, part in enumerate(parts):
        if not const_defined(current, part, is_true(inherit), with_object=index == 0):
            return FALSE
        if index + 1 < len(parts):
            current = find_const(current, part, is_true(inherit), with_object=index == 0)
            if not isinstance(current, ModuleValue):
                raise error("TypeError", f"{inspect_str(current)} does not refer to class/module")
    return TRUE


@module.method("const_missing")
def const_missing_(self: ModuleValue, blk: Block, name: Value) -> Value:
    """Answer a dialect constant, which then becomes one of Object; else raise."""
    from .dialect_constants import resolve

    text = as_name(name)
    value = resolve(text)
    if value is UNDEF:
        raise uninitialized(self, text)
    return value


@module.private("remove_const")
def remove_const(self: ModuleValue, blk: Block, name: Value) -> Value:
    text = checked_name(self, name)
    check_frozen(self)
    if (self, text) in AUTOLOADS:
        del AUTOLOADS[self, text]
        return None
    value = own_const(self, text)
    if value is UNDEF:
        message = f"constant {const_path(OBJECT if self is OBJECT else self, text)} not defined"
        if self is OBJECT:
            message = f"constant Object::{text} not defined"
        raise Raised(new_exception("NameError", message, name=sym(text), receiver=self))
    del self.constants[text]
    if self.const_positions is not None:
        self.const_positions.pop(text, None)
    constants_changed()
    return value


def own_names(mod: ModuleValue) -> list[str]:
    """Return the names of the public constants of `mod` itself."""
    all_constants(mod)
    hidden = mod.private_constants or ()
    names = [name for name in mod.constants if name not in hidden]
    return names + [name for owner, name in AUTOLOADS if owner is mod and name not in mod.constants]


@module.method("constants")
def constants(self: ModuleValue, blk: Block, inherit: Value = TRUE) -> Value:
    names: dict[str, None] = {}
    for cls in ancestors(self) if is_true(inherit) else [self]:
        if cls is OBJECT and self is not OBJECT:
            break
        names.update(dict.fromkeys(own_names(cls)))
    return Array([sym(name) for name in names])


@module.method("const_source_location")
def const_source_location(self: ModuleValue, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    parts = path_parts(self, name)
    current: Any = self
    if parts[0] == "":
        current, parts = OBJECT, parts[1:]
    for part in parts[:-1]:
        current = find_const(current, part, with_object=True)
        if not isinstance(current, ModuleValue):
            return None
    text = parts[-1]
    owners = ancestors(current) if is_true(inherit) else [current]
    for cls in [*owners, *([OBJECT] if is_true(inherit) else [])]:
        if const_defined(cls, text, inherit=False):
            place = (cls.const_positions or {}).get(text)
            return Array([] if place is None or not place[0] else [String(place[0]), place[1]])
    return None


def known_names(mod: ModuleValue, names: Any) -> list[str]:
    """Return constant names that `mod` itself has. NameError of the guest for others."""
    result = []
    for value in names:
        text = as_name(value)
        if not const_defined(mod, text, inherit=False):
            message = f"constant {const_path(mod, text)} not defined"
            raise Raised(new_exception("NameError", message, name=sym(text), receiver=mod))
        result.append(text)
    return result


@module.method("private_constant")
def private_constant(self: ModuleValue, blk: Block, *names: Value) -> Value:
    self.private_constants = (self.private_constants or set()) | set(known_names(self, names))
    constants_changed()
    return None


@module.method("public_constant")
def public_constant(self: ModuleValue, blk: Block, *names: Value) -> Value:
    self.private_constants = (self.private_constants or set()) - set(known_names(self, names))
    constants_changed()
    return None


@module.method("deprecate_constant")
def deprecate_constant(self: ModuleValue, blk: Block, *names: Value) -> Value:
    self.deprecated = (self.deprecated or set()) | set(known_names(self, names))
    constants_changed()
    return self


# --- autoload -------------------------------------------------------------------------------------------------------


def add_autoload(mod: ModuleValue, name: Value, path: Value) -> None:
    text, file = as_name(name), as_str(path)
    if not constant_name(text):
        raise Raised(
            new_exception("NameError", f"autoload must be constant name: {text}", name=sym(text), receiver=mod)
        )
    if not file:
        raise error("ArgumentError", "empty file name")
    if not const_defined(mod, text, inherit=False):
        AUTOLOADS[mod, text] = file
        constants_changed()


@module.method("autoload")
def autoload(self: ModuleValue, blk: Block, name: Value, path: Value) -> Value:
    add_autoload(self, name, path)
    return None


@module.method("autoload?")
def is_autoload(self: ModuleValue, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    text = as_name(name)
    for cls in ancestors(self) if is_true(inherit) else [self]:
        path = AUTOLOADS.get((cls, text))
        if path is not None:
            return String(path)
    return None


kernel = NativeClass("Kernel")


def caller_module(value: Value) -> ModuleValue:
    """Return the module that `autoload` in code of `value` is about: the innermost lexical one."""
    frame = caller_frame()
    return OBJECT if frame is None or value is MAIN else frame.cref.module


@kernel.function("autoload")
def kernel_autoload(self: Value, blk: Block, name: Value, path: Value) -> Value:
    add_autoload(caller_module(self), name, path)
    return None


@kernel.function("autoload?")
def kernel_is_autoload(self: Value, blk: Block, name: Value, inherit: Value = TRUE) -> Value:
    return is_autoload(caller_module(self), None, name, inherit)


# --- nesting --------------------------------------------------------------------------------------------------------


@module.singleton("nesting")
def nesting(self: Value, blk: Block) -> Value:
    frame = caller_frame()
    result: list[Any] = []
    scope: Cref | None = None if frame is None else frame.cref
    while scope is not None and scope.parent is not None:
        result.append(scope.module)
        scope = scope.parent
    return Array(result)


@module.singleton("constants")
def visible_constants(self: Any, blk: Block, *args: Value) -> Value:
    """Return what the calling code sees (`Module.constants`), or a subclass's own list."""
    if self is not module.mod or args:
        return constants(self, None, *args)
    frame = caller_frame()
    names: dict[str, None] = {}
    scope: Cref | None = None if frame is None else frame.cref
    while scope is not None and scope.parent is not None:
        names.update(dict.fromkeys(own_names(scope.module)))
        scope = scope.parent
    names.update(dict.fromkeys(own_names(OBJECT)))
    return Array([sym(name) for name in names])
