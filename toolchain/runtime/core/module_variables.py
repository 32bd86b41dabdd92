"""Module: class variables."""

from __future__ import annotations

from ..builtin import NativeClass
from ..class_vars import cvar_defined, get_cvar, search_order, set_cvar
from ..convert import as_name
from ..errors import Raised, new_exception
from ..values import TRUE, Array, is_true, sym, truth
from .module import check_frozen, module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..model import ModuleValue
    from ..values import Block, Value

module = NativeClass("Module")


def cvar_name(mod: ModuleValue, value: Value) -> str:
    """Return a class variable's name, with its @@. NameError of the guest if it is none."""
    text = as_name(value)
    if text[:2] != "@@" or not text[2:].isidentifier():
        message = f"'{text}' is not allowed as a class variable name"
        raise Raised(new_exception("NameError", message, name=sym(text), receiver=mod))
    return text


@module.method("class_variable_get")
def class_variable_get(self: ModuleValue, blk: Block, name: Value) -> Value:
    return get_cvar(self, cvar_name(self, name))


@module.method("class_variable_set")
def class_variable_set(self: ModuleValue, blk: Block, name: Value, value: Value) -> Value:
    set_cvar(self, cvar_name(self, name), value)
    return value


@module.method("class_variable_defined?")
def class_variable_defined(self: ModuleValue, blk: Block, name: Value) -> Value:
    return truth(cvar_defined(self, cvar_name(self, name)))


@module.method("class_variables")
def class_variables(self: ModuleValue, blk: Block, inherit: Value = TRUE) -> Value:
    names: dict[str, None] = {}
    for cls in search_order(self) if is_true(inherit) else [self]:
        names.update(dict.fromkeys(cls.cvars))
    return Array([sym(name) for name in names])


@module.method("remove_class_variable")
def remove_class_variable(self: ModuleValue, blk: Block, name: Value) -> Value:
    text = cvar_name(self, name)
    check_frozen(self)
    if text not in self.cvars:
        if cvar_defined(self, text):
            message = f"cannot remove {text} for {module_name(self)}"
        else:
            message = f"class variable {text} not defined for {module_name(self)}"
        raise Raised(new_exception("NameError", message, name=sym(text), receiver=self))
    return self.cvars.pop(text)
