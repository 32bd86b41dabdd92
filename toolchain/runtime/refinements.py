"""Refinements: what `refine` made, what `using` activated in which file, and the method that one of them answers with.

The compiler marks the names of calls that may be refined (compiler/refinements.py); only those come here.
"""

from __future__ import annotations

from .frames import Frame, caller_frame
from .model import REFINED, Method, ModuleValue, ancestors, dispatch_class, new_module, own_method

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .frames import Cref

# Module -> the refinements that it made: refined class -> refinement.
MADE: dict[ModuleValue, dict[ModuleValue, ModuleValue]] = {}
# Refinement -> the module that made it.
MAKERS: dict[ModuleValue, ModuleValue] = {}
# id of a program unit's module -> (the module, which keeps the id its own; what is used in it: the scope, None for the
# whole file, and the module that made the refinements).
USED: dict[int, tuple[Any, list[tuple[Cref | None, ModuleValue]]]] = {}


def refinement_of(maker: ModuleValue, target: ModuleValue) -> ModuleValue:
    """Return the refinement of `target` by the module `maker`, a new one the first time."""
    from .core.module import module_name

    made = MADE.setdefault(maker, {})
    known = made.get(target)
    if known is None:
        known = made[target] = new_module(None)
        known.temporary_name = f"#<refinement:{module_name(target)}@{module_name(maker)}>"
        REFINED[known] = target
        MAKERS[known] = maker
    return known


def use(frame: Frame, maker: ModuleValue) -> None:
    """Activate the refinements of a module for the rest of the file or class body that `frame` runs."""
    unit = frame.code.unit.module
    used = USED.setdefault(id(unit), (unit, []))[1]
    used.insert(0, (None if frame.cref.parent is None else frame.cref, maker))


def active(frame: Frame) -> list[ModuleValue]:
    """Return the modules whose refinements are active, the last activated first."""
    found = []
    method = frame.method
    for scope in (None if method is None else method.owner, frame.self, frame.definee):
        if isinstance(scope, ModuleValue) and scope in MAKERS:
            found.append(MAKERS[scope])
    known = USED.get(id(frame.code.unit.module))
    if known is not None:
        scopes: list[Cref | None] = [None]
        cref: Cref | None = frame.cref
        while cref is not None:
            scopes.append(cref)
            cref = cref.parent
        found += [maker for scope, maker in known[1] if scope in scopes]
    return found


def refined_method(frame: Any, recv: Any, name: str) -> Method | None:
    """Return the entry of an active refinement that takes the call `recv.name` in a guest's frame (an engine may have
    only part of one at hand), None if none does."""
    caller = frame if isinstance(frame, Frame) else caller_frame()
    makers = [] if caller is None else active(caller)
    if not makers:
        return None
    for cls in ancestors(dispatch_class(recv)):
        for maker in makers:
            refinement = MADE.get(maker, {}).get(cls)
            if refinement is not None:
                for mod in ancestors(refinement):
                    entry = own_method(mod, name)
                    if entry is not None and entry.fn is not None:
                        return entry
        if own_method(cls, name) is not None:
            return None
    return None
