"""Module: what class bodies use most. attr_*, include and extend with their hooks, visibility, names and comparison.

The rest: module_define.py (define_method, alias, remove), module_constants.py, module_variables.py, module_reflect.py
(lists of methods), module_eval.py.
"""

from __future__ import annotations

from .. import model
from ..builtin import NativeClass
from ..cloning import clone
from ..convert import any_to_s, as_name
from ..dispatch import no_method, send
from ..errors import Raised, error, frozen_error, new_exception
from ..frames import caller_frame
from ..model import (
    OBJECT,
    PRIM_CLASSES,
    PRIVATE,
    PROTECTED,
    PUBLIC,
    Method,
    ModuleValue,
    add_method,
    ancestor_set,
    ancestors,
    class_of,
    dispatch_class,
    find_method,
    kind_of,
    mix_in,
    set_ivar,
)
from ..values import FALSE, TRUE, Array, String, sym, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

module = NativeClass("Module")


# --- names ----------------------------------------------------------------------------------------------------------


def module_name(mod: ModuleValue) -> str:
    """Return how a module is shown: "Foo", "Foo::Bar", "#<Class:Foo>", "#<Class:0x...>"."""
    if mod.name is not None:
        return str(mod.name)
    attached = mod.attached
    if attached is not None:
        return f"#<Class:{module_name(attached) if isinstance(attached, ModuleValue) else any_to_s(attached)}>"
    if mod.temporary_name is not None:
        return str(mod.temporary_name)
    return any_to_s(mod)


@module.method("name")
def name(self: ModuleValue, blk: Block) -> Value:
    text = self.name or self.temporary_name
    if text is None:
        return None
    known = NAMES.get(text)
    if known is None:
        known = NAMES[text] = model.freeze(String(text))
    return known


NAMES: dict[str, Any] = {}  # the frozen Strings that `name` has answered


@module.method("to_s", "inspect")
def to_s(self: ModuleValue, blk: Block) -> Value:
    return String(module_name(self))


@module.method("set_temporary_name")
def set_temporary_name(self: ModuleValue, blk: Block, text: Value) -> Value:
    from ..convert import as_str

    if self.name is not None:
        raise error("RuntimeError", "can't change permanent name")
    new = None if text is None else as_str(text)
    if new is not None:
        if not new:
            raise error("ArgumentError", "empty class/module name")
        if all(constant_name(part) for part in new.split("::")):
            raise error("ArgumentError", "the temporary name must not be a constant path to avoid confusion")
    self.temporary_name = new
    return self


def constant_name(text: str) -> bool:
    """Return whether `text` may be the name of a constant."""
    return text.isidentifier() and (text[0].isupper() or text[0].istitle())


# --- comparison -----------------------------------------------------------------------------------------------------


@module.method("===")
def case_equal(self: ModuleValue, blk: Block, value: Value) -> Value:
    return TRUE if kind_of(value, self) else FALSE


def other_module(value: Value) -> ModuleValue:
    if not isinstance(value, ModuleValue):
        raise error("TypeError", "compared with non class/module")
    return value


@module.method("<")
def less(self: ModuleValue, blk: Block, other: Value) -> Value:
    return None if (order := position(self, other_module(other))) is None else truth(order < 0)


@module.method("<=")
def less_equal(self: ModuleValue, blk: Block, other: Value) -> Value:
    return None if (order := position(self, other_module(other))) is None else truth(order <= 0)


@module.method(">")
def greater(self: ModuleValue, blk: Block, other: Value) -> Value:
    return None if (order := position(self, other_module(other))) is None else truth(order > 0)


@module.method(">=")
def greater_equal(self: ModuleValue, blk: Block, other: Value) -> Value:
    return None if (order := position(self, other_module(other))) is None else truth(order >= 0)


@module.method("<=>")
def order(self: ModuleValue, blk: Block, other: Value) -> Value:
    return position(self, other) if isinstance(other, ModuleValue) else None


def position(mod: ModuleValue, other: ModuleValue) -> int | None:
    """Return -1 if `mod` descends from `other`, 1 for the reverse, 0 if they are one, None if they are not related."""
    if mod is other:
        return 0
    if other in ancestor_set(mod):
        return -1
    return 1 if mod in ancestor_set(other) else None


# --- mixins ---------------------------------------------------------------------------------------------------------


def plain_hook(mod: Value, name: str) -> bool:
    """Return whether `mod` answers the hook `name` with the built-in method, which need not be called."""
    entry = find_method(dispatch_class(mod), name)
    return entry is not None and entry.native


def as_mixin(value: Value) -> ModuleValue:
    """Return the module to be mixed in. TypeError of the guest for anything else, classes too."""
    if not isinstance(value, ModuleValue) or value.is_class:
        raise error("TypeError", f"wrong argument type {module_name(class_of(value))} (expected Module)")
    return value


@module.method("include")
def include(self: ModuleValue, blk: Block, *modules: Value) -> Value:
    return mix_all(self, modules, "append_features", "included")


@module.method("prepend")
def prepend(self: ModuleValue, blk: Block, *modules: Value) -> Value:
    return mix_all(self, modules, "prepend_features", "prepended")


def mix_all(target: Value, modules: Any, feature: str, hook: str) -> Value:
    """Mix the modules in, the last first, by the methods `feature` and `hook` of each."""
    if not modules:
        raise error("ArgumentError", "wrong number of arguments (given 0, expected 1+)")
    for mixin in [as_mixin(value) for value in modules]:
        if mixin.attached is not None:
            raise error("TypeError", "wrong argument type Class (expected Module)")
    for mixin in reversed(modules):
        send(mixin, ";" + feature, None, target)
        if not plain_hook(mixin, hook):
            send(mixin, ";" + hook, None, target)
    return target


@module.private("append_features")
def append_features(self: ModuleValue, blk: Block, target: Value) -> Value:
    check_mix(self, target)
    mix_in(target, self)
    return self


@module.private("prepend_features")
def prepend_features(self: ModuleValue, blk: Block, target: Value) -> Value:
    check_mix(self, target)
    mix_in(target, self, prepend=True)
    return self


@module.private("extend_object")
def extend_object(self: ModuleValue, blk: Block, target: Value) -> Value:
    mix_in(model.singleton_class(target), self)
    return target


def check_mix(mixin: ModuleValue, target: Value) -> None:
    if not isinstance(target, ModuleValue):
        raise error("TypeError", f"wrong argument type {module_name(class_of(target))} (expected Module)")
    check_frozen(target)
    if target is mixin or target in ancestors(mixin):
        raise error("ArgumentError", "cyclic include detected")


def check_frozen(mod: ModuleValue) -> None:
    """Raise FrozenError if methods of `mod` must not change: it, or the object that it is the singleton class of, is
    frozen."""
    target = mod if mod.attached is None else mod.attached
    if mod.is_frozen or model.is_frozen(target):
        raise frozen_error(target)


@module.private(
    "included", "extended", "prepended", "method_added", "method_removed", "method_undefined", "const_added"
)
def ignore(self: ModuleValue, blk: Block, what: Value) -> Value:
    """Do nothing: the hooks, until a program defines them."""
    return None


@NativeClass("Class").private("inherited")
def inherited(self: ModuleValue, blk: Block, subclass: Value) -> Value:
    return None


# --- attributes -----------------------------------------------------------------------------------------------------


def reader(self: Any, blk: Any) -> Any:
    """The method of an attr_reader; its copies read IVAR by its name."""
    try:
        return self.IVAR
    except AttributeError:
        return None


def define_reader(mod: ModuleValue, attribute: str, visibility: int) -> None:
    ivar = "@" + attribute
    entry = Method(attribute, clone(reader, {"IVAR": ivar}), mod, visibility)
    entry.accessor, entry.ivar = "reader", ivar
    finish_attribute(mod, entry)


def define_writer(mod: ModuleValue, attribute: str, visibility: int) -> None:
    ivar = "@" + attribute

    def writer(self: Any, blk: Any, value: Any) -> Any:
        host = self.__class__
        if host in PRIM_CLASSES or host.is_frozen:
            set_ivar(self, ivar, value)
        try:
            setattr(self, ivar, value)
        except AttributeError:
            set_ivar(self, ivar, value)
        return value

    entry = Method(attribute + "=", writer, mod, visibility)
    entry.accessor, entry.ivar = "writer", ivar
    finish_attribute(mod, entry)


def finish_attribute(mod: ModuleValue, entry: Method) -> None:
    check_frozen(mod)
    if mod.py is None and entry.ivar not in mod.ivar_names:
        mod.ivar_names.append(entry.ivar)
    add_method(mod, entry)
    method_added(mod, entry.name)


def method_added(mod: ModuleValue, name: str) -> None:
    """Call the hook of a new method: method_added, or singleton_method_added of the object."""
    hook_method(mod, name, "method_added", "singleton_method_added")


def hook_method(mod: ModuleValue, name: str, hook: str, singleton_hook: str) -> None:
    """Call a hook of module `mod`; of a singleton class, that of its object."""
    recv: Any = mod
    if mod.attached is not None:
        recv, hook = mod.attached, singleton_hook
    entry = find_method(dispatch_class(recv), hook)
    if entry is not None and not entry.native:
        entry.fn(recv, None, sym(name))


def attribute_names(names: Any) -> list[str]:
    """Return the names given to attr_*. NameError of the guest for what cannot be one."""
    result = []
    for value in names:
        text = as_name(value)
        if not text.isidentifier():
            raise Raised(new_exception("NameError", f"invalid attribute name '{text}'", name=sym(text)))
        result.append(text)
    return result


def default_visibility(mod: ModuleValue) -> int:
    """Return what a bare `private` or `protected` in the running body of `mod` set."""
    frame = caller_frame()
    if frame is None or frame.self is not mod or frame.definee is not mod:
        return PUBLIC
    return frame.visibility


@module.method("attr_reader", "attr")
def attr_reader(self: ModuleValue, blk: Block, *names: Value) -> Value:
    texts = attribute_names(names)
    visibility = default_visibility(self)
    for text in texts:
        define_reader(self, text, visibility)
    return Array([sym(text) for text in texts])


@module.method("attr_writer")
def attr_writer(self: ModuleValue, blk: Block, *names: Value) -> Value:
    texts = attribute_names(names)
    visibility = default_visibility(self)
    for text in texts:
        define_writer(self, text, visibility)
    return Array([sym(text + "=") for text in texts])


@module.method("attr_accessor")
def attr_accessor(self: ModuleValue, blk: Block, *names: Value) -> Value:
    texts = attribute_names(names)
    visibility = default_visibility(self)
    result: list[Any] = []
    for text in texts:
        define_reader(self, text, visibility)
        define_writer(self, text, visibility)
        result += [sym(text), sym(text + "=")]
    return Array(result)


# --- visibility -----------------------------------------------------------------------------------------------------


def undefined_method(mod: ModuleValue, name: str) -> Raised:
    """Return the NameError for a method that `mod` has not."""
    kind = "class" if mod.is_class else "module"
    text = f"undefined method '{name}' for {kind} '{module_name(mod)}'"
    return Raised(new_exception("NameError", text, name=sym(name), receiver=mod))


def searched(mod: ModuleValue, name: str) -> Method:
    """Return the entry of `name` in `mod`, a module's also in Object. NameError of the guest if there is none."""
    entry = find_method(mod, name)
    if entry is None and not mod.is_class:
        entry = find_method(OBJECT, name)
    if entry is None:
        raise undefined_method(mod, name)
    return entry


def set_visibility(mod: ModuleValue, name: str, visibility: int) -> None:
    """Change the visibility of a method; an inherited one gets an entry of its own here."""
    entry = searched(mod, name)
    if entry.visibility != visibility or mod.methods.get(name) is not entry:
        if entry.visibility == visibility:
            return
        check_frozen(mod)
        add_method(mod, entry.copy(entry.owner, name, visibility))


def visibility_names(values: Any) -> list[str]:
    if len(values) == 1 and isinstance(values[0], Array):
        values = values[0].a
    return [as_name(value) for value in values]


def change_visibility(mod: ModuleValue, values: Any, visibility: int) -> Value:
    """Do `private` and its like, with names or as a switch for the rest of the body."""
    if not values:
        frame = caller_frame()
        definee = frame.definee if frame is not None else None
        while frame is not None and frame.definee is definee:  # a block shares this with what is around it
            frame.visibility = visibility
            frame.module_function = False
            frame = frame.parent
        return None
    for text in visibility_names(values):
        set_visibility(mod, text, visibility)
    return values[0] if len(values) == 1 else Array(list(values))


@module.private("public")
def public(self: ModuleValue, blk: Block, *names: Value) -> Value:
    return change_visibility(self, names, PUBLIC)


@module.private("private")
def private(self: ModuleValue, blk: Block, *names: Value) -> Value:
    return change_visibility(self, names, PRIVATE)


@module.private("protected")
def protected(self: ModuleValue, blk: Block, *names: Value) -> Value:
    return change_visibility(self, names, PROTECTED)


@module.private("module_function")
def module_function(self: ModuleValue, blk: Block, *names: Value) -> Value:
    if self.is_class:
        raise no_method(self, "module_function", names, variable_like=True)
    if not names:
        frame = caller_frame()
        if frame is not None:
            frame.module_function = True
            frame.visibility = PRIVATE
        return None
    for text in visibility_names(names):
        entry = searched(self, text)
        set_visibility(self, text, PRIVATE)
        single = model.singleton_class(self)
        add_method(single, entry.copy(single, text, PUBLIC))
        method_added(single, text)
    return names[0] if len(names) == 1 else Array(list(names))


@module.method("private_class_method")
def private_class_method(self: ModuleValue, blk: Block, *names: Value) -> Value:
    for text in visibility_names(names):
        set_visibility(model.singleton_class(self), text, PRIVATE)
    return None


@module.method("public_class_method")
def public_class_method(self: ModuleValue, blk: Block, *names: Value) -> Value:
    for text in visibility_names(names):
        set_visibility(model.singleton_class(self), text, PUBLIC)
    return None


# --- what a module is -----------------------------------------------------------------------------------------------


@module.method("ancestors")
def ancestors_(self: ModuleValue, blk: Block) -> Value:
    return Array(list(ancestors(self)))


@module.method("include?")
def includes(self: ModuleValue, blk: Block, mixin: Value) -> Value:
    if not isinstance(mixin, ModuleValue) or mixin.is_class:
        raise error("TypeError", f"wrong argument type {module_name(class_of(mixin))} (expected Module)")
    return truth(mixin is not self and mixin in ancestors(self))


@module.method("included_modules")
def included_modules(self: ModuleValue, blk: Block) -> Value:
    return Array([mod for mod in ancestors(self) if not mod.is_class and mod is not self])


@module.method("singleton_class?")
def is_singleton_class(self: ModuleValue, blk: Block) -> Value:
    return truth(self.attached is not None)
