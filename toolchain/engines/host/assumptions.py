"""What translated code takes for granted about the program, and who must be translated anew when that changes.

`Facts` (facts.py) notes in `DEPENDENTS` which functions rely on an answer; `changed`, a listener of the object model,
takes these back, and fails the guards of functions that are running. Globals of generated code that stand for something
that can be looked up again (constants, super methods, constructors) are refreshed instead (units.py).
"""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime import builtin, operators
from ...runtime import globals as guest_globals
from ...runtime.class_vars import CREATED
from ...runtime.dispatch import accepts_keywords
from ...runtime.model import (
    BASIC_OBJECT,
    OBJECT,
    WORLD,
    Method,
    ModuleValue,
    ancestors,
    install_hooks,
    layers,
    set_attr,
)
from ...runtime.values import Array
from . import careful

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .block_methods import BlockMethod
    from .units import Built, HostUnit, Installed

# Names that the program defines methods of, in any class; ("Array", "each") for those it defines in built-in classes.
GUEST_NAMES: set[str] = set()
# Names of the program's methods that take keywords; `new` where an `initialize` does.
KEYWORD_NAMES: set[str] = set()
# The program gives methods names that cannot be seen before it runs, and has functions that take keywords.
KEYWORDS_ANYWHERE = [False]
NAMING = ("alias_method", "define_method", "define_singleton_method")
BROKEN: set[tuple[str, str]] = set()
# Name -> the classes and modules that got a method of the program by that name.
DEFINERS: dict[str, list[ModuleValue]] = {}
# Names of methods in modules of files that prepend modules, perhaps to built-in classes.
PREPENDED: set[str] = set()
# Methods of Arrays -> the attribute by which generated code does without them (values.Array).
ELEMENT_METHODS = {"[]": "readable", "[]=": "writable"}
# Some objects lack the methods of Object and Kernel: what all classes are taken to answer is up to `method_missing`.
BLANK_OBJECTS = [False]
BASIC_NAMES = ("!", "==", "!=", "equal?")  # what they do have
# Something in the program can make objects whose `initialize` did not run, or unset their variables.
LOOSE_IVARS = [False]
LOOSENING = ("allocate", "remove_instance_variable", "Marshal")
# assumption -> functions that rely on it
DEPENDENTS: dict[tuple[Any, ...], list[Installed | Built | BlockMethod]] = {}
# What code that runs on after a change must see: (owner, name), ("operator", name) -> globals (dict, name, new value).
# `G:class:key` is the class of a guard, and then one that nothing is of; `D:n:key` is False, and then True.
GUARDS: dict[tuple[Any, ...], list[tuple[dict[str, Any], str, Any]]] = {}

GENERATION = [0]  # counts changes: code translated behind one has names of its own for what it made untrue


class Never:
    """The class of nothing: a guard that has become it fails for every value."""


ROOTS = ("BasicObject", "Object", "Kernel")


def note_module(unit: HostUnit) -> None:
    """Note what a module that is about to run would make wrong while it is in use."""
    loosens, blank, names, keyword_names, reopened, prepended = unit.summary("module", 0)
    if loosens:
        loosen()
    if blank:
        note_blank_objects()
    for name in names:
        note_name(name)
    for name in keyword_names:
        note_keywords(name)
    for owner, name in (*reopened, *unit.summary("redefines", 0)):
        note_builtin(owner, name)
    for name in prepended:
        note_prepended(name)


def note_prepended(name: str) -> None:
    """Note a method that may go before a built-in one while functions that rely on that one are active."""
    if name not in PREPENDED:
        PREPENDED.add(name)
        for key in [key for key in DEPENDENTS if key[1] == name]:
            broken(key)
        for instruction in operators.RELYING.get(name, ()):
            operators.disable(instruction)


def keyworded(function: ck.Function) -> bool:
    """Return whether a function takes or refuses keywords."""
    parameters = function.parameters
    return bool(parameters.keywords or parameters.flags & (ck.KEYREST | ck.NO_KEYWORDS))


def note_keywords(name: str) -> None:
    """Note that some method `name` takes keywords; "*": nobody knows which."""
    if name == "*":
        if KEYWORDS_ANYWHERE[0]:
            return
        KEYWORDS_ANYWHERE[0] = True
    elif name in KEYWORD_NAMES:
        return
    else:
        KEYWORD_NAMES.add(name)
    broken(("keywords", name))


def loosen() -> None:
    if not LOOSE_IVARS[0]:
        LOOSE_IVARS[0] = True
        for key in [key for key in DEPENDENTS if key[0] == "ivars"]:
            broken(key)


def note_name(name: str) -> None:
    """Note that some class defines `name`."""
    if name not in GUEST_NAMES:
        GUEST_NAMES.add(name)
        broken(("", name))
        if name == "!=":
            broken(("operator", "NE"))


def note_blank_objects() -> None:
    """Note that there is a class besides Object below BasicObject."""
    if not BLANK_OBJECTS[0]:
        BLANK_OBJECTS[0] = True
        for key in [key for key in DEPENDENTS if key[0] == "" and key[1] not in BASIC_NAMES]:
            broken(key)


def note_builtin(owner: str, name: str) -> None:
    """Note that the program defines `name` in a built-in class or module."""
    if (owner, name) in BROKEN:
        return
    BROKEN.add((owner, name))
    broken((owner, name))
    if owner == "Array" and name in ELEMENT_METHODS:
        setattr(Array, ELEMENT_METHODS[name], None)
    if DEPENDENTS:
        careful.warn_running(f"{owner}#{name}", name)
    for key in [key for key in GUARDS if key[0] == "*" and name in (key[1], "each")]:
        broken(key)  # an iterator, of whatever class
    if owner in careful.OWNERS:
        for instruction in operators.RELYING.get(name, ()):
            operators.disable(instruction)


def note_element_method(host: type, name: str, entry: Method | None) -> None:
    """Listen to host classes: one below Array's, or that of one Array, got a `[]` or `[]=` of its own, or lost it."""
    attr = ELEMENT_METHODS.get(name)
    if attr is not None and host is not Array and issubclass(host, Array):
        if entry is not None and not entry.native:
            set_attr(host, attr, None)
        elif attr in host.__dict__:
            delattr(host, attr)


def changed(mod: ModuleValue, name: str, entry: Method | None) -> None:
    """Listen to changes of method tables."""
    if isinstance(mod.attached, Array):
        note_builtin("Array", "singleton")  # not each Array is what its class says
    if name:
        found = DEFINERS.setdefault(name, [])
        if mod not in found and (entry is None or not entry.native):
            found.append(mod)
        broken(("inlined", name))
    else:
        for key in [key for key in DEPENDENTS if key[0] == "cvars"]:
            broken(key)  # perhaps there are others now
        for layer in layers(mod):
            for method_name in (*layer.methods, *layer.pending):
                if layer is not mod:
                    broken(("inlined", method_name))
        if mod.superclass is BASIC_OBJECT and mod is not OBJECT:
            note_blank_objects()
        if any(module.name == "Comparable" for module in mod.includes):
            note_name("==")
        for layer in mod.prepends:
            for method_name in layer.methods:
                note_builtin_of(mod, method_name)
        return
    if entry is None or not entry.native or entry.accessor:
        note_name(name)
        note_builtin_of(mod, name)
        if entry is not None and entry.fn is not None:
            code = getattr(entry, "code", None)
            if keyworded(code.function) if code is not None else accepts_keywords(entry.fn):
                note_keywords("new" if name == "initialize" else name)
    if name == "initialize":
        for cls in ancestors(mod):
            broken(("ivars", cls))


def note_builtin_of(mod: ModuleValue, name: str) -> None:
    cls = mod.attached if mod.attached is not None and isinstance(mod.attached, ModuleValue) else mod
    if cls.name is not None and builtin.MADE.get(cls.name) is cls and cls.name not in ROOTS:
        note_builtin(cls.name + ("." if cls is not mod else ""), name)


def broken(key: tuple[Any, ...]) -> None:
    """Take back the functions that relied on an assumption, and fail the guards of those that are running."""
    guards = GUARDS.pop(key, ())
    for names, name, value in guards:
        names[name] = value
    if guards:
        GENERATION[0] += 1
    for installed in DEPENDENTS.pop(key, ()):
        installed.retire()


def guard_key(key: str) -> tuple[str, str]:
    """Return the assumption that the name of a guard's global ends with: `Array#each`, or the name of an operator."""
    owner, mark, name = key.partition("#")
    return (owner, name) if mark else ("operator", key)


def variable_created(name: str) -> None:
    """Some module got a class variable that it did not have."""
    broken(("cvars", name))


def operator_changed(instruction: str) -> None:
    broken(("operator", instruction))


def globals_changed() -> None:
    """Listen to aliases and traces of global variables: assigning one is more than storing from now on."""
    BROKEN.add(("globals", "plain"))
    broken(("globals", "plain"))


def watch() -> None:
    """Begin to listen."""
    guest_globals.CHANGED.append(globals_changed)
    WORLD.listeners.append(changed)
    install_hooks.append(note_element_method)
    operators.CHANGED.append(operator_changed)
    operators.CHANGED.append(careful.operator_changed)
    CREATED.append(variable_created)
