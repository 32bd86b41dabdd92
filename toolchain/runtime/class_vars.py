"""Class variables: shared by a module, its descendants and its singleton class. Names have their `@@`."""

from __future__ import annotations

from .errors import Raised, error, frozen_error, new_exception
from .model import OBJECT, ModuleValue, ancestors
from .values import sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .frames import Cref
    from .values import Value


def cvar_scope(cref: Cref) -> ModuleValue:
    """Return the module whose class variables code in this lexical scope means: the innermost one that is no
    singleton class. RuntimeError of the guest at top level."""
    scope: Cref | None = cref
    while scope is not None and scope.parent is not None:
        if scope.module.attached is None:
            return scope.module
        scope = scope.parent
    raise error("RuntimeError", "class variable access from toplevel")


def search_order(mod: ModuleValue) -> Iterator[ModuleValue]:
    """Yield the modules in which a class variable of `mod` may be: its ancestors; for the singleton class of a module
    also that module's."""
    yield from ancestors(mod)
    if isinstance(mod.attached, ModuleValue):
        yield from search_order(mod.attached)


def cvar_owner(mod: ModuleValue, name: str) -> ModuleValue | None:
    """Return the module that holds the class variable seen from `mod`, None if there is none.

    The farthest holder would be Ruby's target when a variable was defined in a descendant first: an error there.
    """
    found: ModuleValue | None = None
    last: ModuleValue | None = None
    for cls in search_order(mod):
        if name in cls.cvars:
            if found is None:
                found = cls
            last = cls
    if found is not None and last is not found and found.attached is None:
        from .core.module import module_name

        text = f"class variable {name} of {module_name(found)} is overtaken by {module_name(last or found)}"
        raise error("RuntimeError", text)
    return found


def get_cvar(mod: ModuleValue, name: str) -> Value:
    """Return the class variable `name` as seen from `mod`. NameError of the guest if it is not set."""
    owner = cvar_owner(mod, name)
    if owner is None:
        from .core.module import module_name

        text = f"uninitialized class variable {name} in {module_name(mod)}"
        raise Raised(new_exception("NameError", text, name=sym(name), receiver=mod))
    return owner.cvars[name]


def set_cvar(mod: ModuleValue, name: str, value: Value) -> None:
    """Assign the class variable: where it is, else in `mod` itself."""
    owner = cvar_owner(mod, name) or mod
    if owner.is_frozen:
        raise frozen_error(owner)
    new = name not in owner.cvars
    owner.cvars[name] = value
    if new:
        for listener in CREATED:
            listener(name)


# Called with the name when a module gets a class variable.
CREATED: list[Callable[[str], None]] = []


def cvar_defined(mod: ModuleValue, name: str) -> bool:
    return any(name in cls.cvars for cls in search_order(mod))


def lookup_class_variable(cref: Cref, name: str) -> Value:
    """Return what `@@name` means in a lexical scope."""
    return get_cvar(cvar_scope(cref), name)


def set_class_variable(cref: Cref, name: str, value: Value) -> None:
    """Assign `@@name` in a lexical scope."""
    set_cvar(cvar_scope(cref), name, value)


def class_variable_defined(cref: Cref, name: str) -> bool:
    """Return whether `defined?(@@name)` is true in a lexical scope."""
    scope: Cref | None = cref
    while scope is not None and scope.module.attached is not None:
        scope = scope.parent
    mod = scope.module if scope is not None else OBJECT
    return cvar_defined(mod, name)
