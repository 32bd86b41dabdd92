"""What generated code asks of a value by its host class, in one look into a table.

What is its class, is it an instance of a module, does it answer a name?

A table fills itself: what is not in it yet is found out from the class. All are emptied when a method table or the
ancestors of a class change anywhere.
"""

from __future__ import annotations

from ...runtime.dispatch import respond_to
from ...runtime.model import (
    PRIM_CLASSES,
    PUBLIC,
    WORLD,
    Method,
    ModuleValue,
    ancestors,
    find_method,
    find_super,
    materialise,
)
from ...runtime.values import FALSE, TRUE, UNDEF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def class_behind(host: Any) -> ModuleValue:
    """Return the class whose methods the instances of a host class answer."""
    found: ModuleValue = PRIM_CLASSES.get(host) or host.singleton or host.mclass or materialise(host)
    return found


class Kinds(dict):
    """Host class -> are its instances of `module`?"""

    __slots__ = ("module",)

    def __init__(self, module: ModuleValue) -> None:
        self.module = module

    def __missing__(self, host: Any) -> bool:
        found = self[host] = self.module in ancestors(class_behind(host))
        return found


class Classes(dict):
    """Host class -> what `class` of its instances is."""

    __slots__ = ()

    def __missing__(self, host: Any) -> Any:
        found = self[host] = PRIM_CLASSES.get(host) or host.mclass or materialise(host)
        return found


CLASSES = Classes()


class Supers(dict):
    """Host class of `self` -> the method behind the one of `owner`."""

    __slots__ = ("owner", "name")

    def __init__(self, owner: ModuleValue, name: str) -> None:
        self.owner = owner
        self.name = name

    def __missing__(self, host: Any) -> Method:
        found = find_super(class_behind(host), self.owner, self.name)
        if found is None:
            raise TypeError(self.name)  # as a call that does not fit
        self[host] = found
        return found


class Answering(dict):
    """Host class -> true or false: do its instances answer `name`? UNDEF where `respond_to_missing?` decides."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __missing__(self, host: Any) -> Any:
        cls = class_behind(host)
        entry = find_method(cls, self.name)
        answer = TRUE if entry is not None and entry.visibility == PUBLIC else FALSE
        if entry is None:
            hook = find_method(cls, "respond_to_missing?")
            if hook is not None and not hook.native:
                answer = UNDEF
        self[host] = answer
        return answer


def responds(value: Any, name: str) -> Any:
    """Return what `respond_to?` answers for a class with a `respond_to_missing?` of its own."""
    return TRUE if respond_to(value, name) else FALSE


TABLES: list[dict[Any, Any]] = []


def changed(mod: ModuleValue, name: str, entry: Method | None) -> None:
    """Listen to changes of method tables and ancestors."""
    for table in TABLES:
        table.clear()


def watch() -> None:
    WORLD.listeners.append(changed)
