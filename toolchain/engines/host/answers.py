"""What generated code asks of a value by its host class, in one look into a table.

What is its class, is it an instance of a module, does it answer a name?

A table fills itself: what is not in it yet is found out from the class. All are emptied when a method table or the
ancestors of a class change anywhere.
"""

from __future__ import annotations

from ...runtime.dispatch import send
from ...runtime.model import (
    PRIM_CLASSES,
    PUBLIC,
    WORLD,
    Method,
    ModuleValue,
    ancestors,
    find_method,
    find_super,
    is_lone,
    materialise,
)
from ...runtime.values import FALSE, TRUE, UNDEF, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def class_behind(host: Any) -> ModuleValue:
    """Return the class whose methods the instances of a host class answer."""
    found: ModuleValue = PRIM_CLASSES.get(host) or host.singleton or host.mclass or materialise(host)
    return found


def stays(host: Any) -> bool:
    """Return whether a host class is worth a place in a table: that of one object comes and goes with it."""
    single = host.__dict__.get("singleton")
    return single is None or not is_lone(single)


class Kinds(dict):
    """Host class -> are its instances of `module`?"""

    __slots__ = ("module",)

    def __init__(self, module: ModuleValue) -> None:
        self.module = module

    def __missing__(self, host: Any) -> bool:
        found = self.module in ancestors(class_behind(host))
        if stays(host):
            self[host] = found
        return found


class Classes(dict):
    """Host class -> what `class` of its instances is."""

    __slots__ = ()

    def __missing__(self, host: Any) -> Any:
        found = PRIM_CLASSES.get(host) or host.mclass or materialise(host)
        if stays(host):
            self[host] = found
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
        if stays(host):
            self[host] = found
        return found


class Answering(dict):
    """Host class -> true or false: do its instances answer `name`? UNDEF where a method of the program decides."""

    __slots__ = ("name", "hooks")

    def __init__(self, name: str) -> None:
        self.name = sym(name)
        self.hooks: dict[Any, Any] = {}  # host class -> its `respond_to_missing?`, where that decides

    def __missing__(self, host: Any) -> Any:
        cls = class_behind(host)
        asked = find_method(cls, "respond_to?")
        entry = find_method(cls, self.name.name)
        answer = TRUE if entry is not None and entry.visibility == PUBLIC else FALSE
        if asked is None or not asked.native:
            answer = UNDEF
        elif entry is None:
            hook = find_method(cls, "respond_to_missing?")
            if hook is not None and not hook.native:
                answer = UNDEF
                if stays(host):
                    self.hooks[host] = hook
        if stays(host):
            self[host] = answer
        return answer

    def clear(self) -> None:
        super().clear()
        self.hooks.clear()


def responds(value: Any, table: Answering) -> Any:
    """Return what `respond_to?` answers where a method of the program decides."""
    hook = table.hooks.get(value.__class__)
    if hook is None:
        return send(value, ":respond_to?", None, table.name)
    answer = hook.fn(value, None, table.name, FALSE)
    return FALSE if answer is FALSE or answer is None else TRUE


TABLES: list[dict[Any, Any]] = []


def changed(mod: ModuleValue, name: str, entry: Method | None) -> None:
    """Listen to changes of method tables and ancestors."""
    for table in TABLES:
        table.clear()


def watch() -> None:
    WORLD.listeners.append(changed)
