"""The constants of the Metorex dialect, defined by the first lookup that finds nothing else (language.md 1.11)."""

from __future__ import annotations

from .. import model
from ..builtin import builtin_class
from ..values import UNDEF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..model import ModuleValue
    from ..values import Value

SAME_AS = {
    "DivisionByZeroError": "ZeroDivisionError", "Int": "Integer", "Str": "String", "List": "Array", "Dict": "Hash",
}  # fmt: skip
IN_METOREX = {"AST": "AST", "BlockStatement": "AST::BlockStatement", "Assignment": "AST::Assignment",
              "MethodCall": "AST::MethodCall"}  # fmt: skip
MADE: dict[str, ModuleValue] = {}


def dialect_constant(name: str) -> Value:
    """Return the value of a dialect constant, UNDEF if `name` is none."""
    if name in SAME_AS:
        return builtin_class(SAME_AS[name])
    if name == "ValueError":
        return model.new_class(builtin_class("StandardError"))
    if name in ("Boolean", "Bool"):
        return boolean()
    if name == "Result":
        return builtin_class("Metorex::Result")
    if name in IN_METOREX:
        from ..constants import find_const

        value: Value = builtin_class("Metorex")
        for part in IN_METOREX[name].split("::"):
            value = find_const(value, part)
            if value is UNDEF:
                return UNDEF
        return value
    return UNDEF


def resolve(name: str) -> Value:
    """Return a dialect constant, which then is one of Object, UNDEF if `name` is none."""
    from ..constants import set_const

    value = dialect_constant(name)
    if value is UNDEF:
        return value
    if name in model.OBJECT.constants:  # asked for inside another module
        return model.OBJECT.constants[name]
    set_const(model.OBJECT, name, value)
    return value


def boolean() -> ModuleValue:
    """Return the module that true and false are instances of."""
    mod = MADE.get("Boolean")
    if mod is None:
        mod = MADE["Boolean"] = model.new_module("Boolean")
        model.mix_in(builtin_class("TrueClass"), mod)
        model.mix_in(builtin_class("FalseClass"), mod)
    return mod
