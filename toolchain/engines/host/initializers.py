"""Which instance variables `initialize` sets before anybody can see the object."""

from __future__ import annotations

from ...runtime.model import BASIC_OBJECT, Method, ModuleValue, find_method, find_super

# Among the names that an `initialize` sets: those that the next one sets too.
SUPER = "super"


def set_by_initialize(owner: ModuleValue) -> set[str]:
    """Return the variables that `initialize` sets before the object can be seen, in `owner` and all classes below."""
    result: set[str] | None = None
    work = [owner]
    while work:
        cls = work.pop()
        work.extend(cls.subclasses)
        if result is None or any("initialize" in layer.methods for layer in (cls, *cls.prepends, *cls.includes)):
            entry = find_method(cls, "initialize")
            found = initialized(cls, entry, 0)[0] if entry is not None else set()
            result = found if result is None else result & found
    return result or set()


def initialized(cls: ModuleValue, entry: Method, depth: int) -> tuple[set[str], bool]:
    """Return what the `initialize` of `entry` sets before `self` escapes or it returns, and whether it escapes not."""
    if entry.native:
        return set(), entry.owner is BASIC_OBJECT
    if entry.code is None or depth > 8:
        return set(), False
    unit, index = entry.code.unit, entry.code.function.index
    if not hasattr(unit, "summary"):
        return set(), False
    quiet, noisy = unit.summary("initialize", index)
    names, clean = quiet
    if SUPER not in names and quiet == noisy:
        return set(names), clean
    parent = find_super(cls, entry.owner, "initialize")
    more, silent = initialized(cls, parent, depth + 1) if parent is not None else (set(), True)
    if not silent:
        names, clean = noisy
        return set(names), clean
    found = set(names)
    if SUPER in found:
        found.remove(SUPER)
        found |= more
    return found, clean
