"""Constants: lookup by Ruby's rules, assignment, autoload, private and deprecated constants.

`ModuleValue.constants` holds what was assigned. Three kinds of constants come into being when they are looked up:
built-in ones (builtin.py), those that `autoload` announced (AUTOLOADS), and what `const_missing` answers.
"""

from __future__ import annotations

from .builtin import pending_constant
from .errors import Raised, error, frozen_error, new_exception
from .model import OBJECT, ModuleValue, ancestors, constants_changed, dispatch_class, find_method
from .places import caller_place
from .values import UNDEF, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .frames import Cref
    from .values import Value

# (module, name) -> path to be required at the first use. Pathname is a core class, written as a library.
AUTOLOADS: dict[tuple[ModuleValue, str], str] = {(OBJECT, "Pathname"): "pathname"}


def own_const(mod: ModuleValue, name: str) -> Value:
    """Return the constant of `mod` itself, UNDEF if it has none; loads what has to be loaded."""
    value = mod.constants.get(name, UNDEF)
    if value is UNDEF:
        if pending_constant(mod, name):
            return mod.constants[name]
        if AUTOLOADS and (mod, name) in AUTOLOADS:
            return autoload_const(mod, name)
    elif mod.deprecated is not None and name in mod.deprecated:
        warn_deprecated(mod, name)
    return value


def autoload_const(mod: ModuleValue, name: str) -> Value:
    """Load the file that `autoload` announced and return the constant, UNDEF if the file did not set it."""
    from .loading import LOADER
    from .values import String

    path = AUTOLOADS.pop((mod, name))  # gone while the file runs, so that it may ask for the constant
    try:
        LOADER.require(String(path))
    except BaseException:
        AUTOLOADS[mod, name] = path
        raise
    return mod.constants.get(name, UNDEF)


def lookup_const(cref: Cref, name: str) -> Value:
    """Return what the bare constant `name` means in a lexical scope. NameError of the guest if it means nothing."""
    scope: Cref | None = cref
    while scope is not None and scope.parent is not None:
        value = own_const(scope.module, name)
        if value is not UNDEF:
            return value
        scope = scope.parent
    mod = cref.module
    for cls in ancestors(mod):
        value = own_const(cls, name)
        if value is not UNDEF:
            return value
    if not mod.is_class:
        value = own_const(OBJECT, name)  # not among the ancestors of a module
        if value is not UNDEF:
            return value
    return const_missing(mod, name)


def find_const(mod: ModuleValue, name: str, inherit: bool = True, with_object: bool = False) -> Value:
    """Return the constant of `mod` or its ancestors, UNDEF if there is none.

    Object's are found only from Object itself or with `with_object`.
    """
    if not inherit:
        return own_const(mod, name)
    for cls in ancestors(mod):
        if cls is OBJECT and mod is not OBJECT and not with_object:
            break
        value = own_const(cls, name)
        if value is not UNDEF:
            return value
    if with_object and not mod.is_class:
        return own_const(OBJECT, name)
    return UNDEF


def lookup_scoped(mod: Value, name: str) -> Value:
    """Return `mod::name`. TypeError or NameError of the guest."""
    if not isinstance(mod, ModuleValue):
        from .convert import inspect_str

        raise error("TypeError", f"{inspect_str(mod)} is not a class/module")
    value = find_const(mod, name)
    if value is UNDEF:
        return const_missing(mod, name)
    private = private_owner(mod, name)
    if private is not None:
        from .model import dispatch_class, find_method

        missing = find_method(dispatch_class(mod), "const_missing")
        if missing is not None and not missing.native:  # a program's own is asked, as Ruby does
            return const_missing(mod, name)
        raise private_error(private, name)
    return value


def lookup_top(name: str) -> Value:
    """Return `::name`."""
    value = own_const(OBJECT, name)
    return const_missing(OBJECT, name) if value is UNDEF else value


def private_owner(mod: ModuleValue, name: str) -> ModuleValue | None:
    """Return the ancestor of `mod` in which the constant `name` is private."""
    for cls in ancestors(mod):
        if name in cls.constants:
            return cls if cls.private_constants is not None and name in cls.private_constants else None
    return None


def private_error(mod: ModuleValue, name: str) -> Raised:
    return Raised(
        new_exception("NameError", f"private constant {const_path(mod, name)} referenced", name=sym(name), receiver=mod)
    )


def const_path(mod: ModuleValue, name: str) -> str:
    """Return how messages call constant `name` of `mod`."""
    from .core.module import module_name

    return name if mod is OBJECT else f"{module_name(mod)}::{name}"


def const_missing(mod: ModuleValue, name: str) -> Value:
    from .dispatch import send

    return send(mod, ";const_missing", None, sym(name))


def uninitialized(mod: ModuleValue, name: str) -> Raised:
    """Return the NameError of a constant that is not there."""
    text = f"uninitialized constant {const_path(mod, name)}"
    return Raised(new_exception("NameError", text, name=sym(name), receiver=mod))


def const_defined(mod: ModuleValue, name: str, inherit: bool = True, with_object: bool = True) -> bool:
    """Return whether `mod` has the constant, without loading files that autoload announced."""
    for cls in ancestors(mod) if inherit else [mod]:
        if cls is OBJECT and mod is not OBJECT and not with_object:
            break
        if name in cls.constants or (cls, name) in AUTOLOADS or pending_constant(cls, name):
            return True
    if inherit and with_object and not mod.is_class:
        return name in OBJECT.constants or (OBJECT, name) in AUTOLOADS or pending_constant(OBJECT, name)
    return False


def bare_const_defined(cref: Cref, name: str) -> bool:
    """Return whether `defined?(Name)` is true in a lexical scope."""
    scope: Cref | None = cref
    while scope is not None and scope.parent is not None:
        if const_defined(scope.module, name, inherit=False):
            return True
        scope = scope.parent
    return const_defined(cref.module, name)


def scoped_const_defined(scope: Value, name: str) -> bool:
    """Return whether `defined?(scope::Name)` is true."""
    if not isinstance(scope, ModuleValue) or not const_defined(scope, name, with_object=False):
        return False
    return private_owner(scope, name) is None


def set_const(mod: ModuleValue, name: str, value: Value) -> None:
    """Assign a constant: names an anonymous module, warns when there was a value, calls const_added."""
    if mod.is_frozen:
        raise frozen_error(mod)
    place = caller_place()
    if name in mod.constants or pending_constant(mod, name):
        warn_initialized(mod, name, place)
    if AUTOLOADS:
        AUTOLOADS.pop((mod, name), None)
    mod.constants[name] = value
    if mod.const_positions is None:
        mod.const_positions = {}
    mod.const_positions[name] = place
    constants_changed()
    if isinstance(value, ModuleValue) and value.name is None and value.attached is None:
        name_module(value, mod, name)
    hook = find_method(dispatch_class(mod), "const_added")
    if hook is not None and not hook.native:
        hook.fn(mod, None, sym(name))


def name_module(value: ModuleValue, mod: ModuleValue, name: str) -> None:
    """Give an anonymous module the name of its first constant, and then the modules inside of it theirs."""
    if mod is not OBJECT and mod.name is None:
        from .core.module import module_name

        value.temporary_name = f"{module_name(mod)}::{name}"
        return
    value.name = name if mod is OBJECT else f"{mod.name}::{name}"
    value.temporary_name = None
    value.lexical_parent = mod
    for inner_name, inner in list(value.constants.items()):
        if isinstance(inner, ModuleValue) and inner.name is None and inner.attached is None:
            name_module(inner, value, inner_name)


def warn_initialized(mod: ModuleValue, name: str, place: tuple[str, int]) -> None:
    from .warnings import warn

    warn(f"already initialized constant {const_path(mod, name)}", place)
    previous = (mod.const_positions or {}).get(name)
    if previous is not None:
        warn(f"previous definition of {name} was here", previous)


def warn_deprecated(mod: ModuleValue, name: str) -> None:
    from .warnings import enabled, warn

    if enabled("deprecated"):
        warn(f"constant {const_path(mod, name)} is deprecated", caller_place(), "deprecated")
