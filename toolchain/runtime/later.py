"""Functions of other modules that are imported when they are first called.

A file loads what it needs seldom not before it is needed. An `import` statement in a function does that too, but takes
longer than most functions at every call.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def later(space: dict[str, Any], module: str, *names: str, **aliases: str) -> None:
    """Put functions of `module`, relative to the package of the globals `space`, into `space`: `names` under their own
    names, `aliases` (here=there) under others."""
    for name in names:
        space[name] = stand_in(space, module, name, name)
    for alias, name in aliases.items():
        space[alias] = stand_in(space, module, name, alias)


def stand_in(space: dict[str, Any], module: str, name: str, alias: str) -> Callable[..., Any]:
    path = module.lstrip(".")
    level = len(module) - len(path)

    function: Any = None

    def first_call(*args: Any, **keywords: Any) -> Any:
        nonlocal function
        if function is None:  # some table may have this one for good
            function = getattr(__import__(path, space, None, (name,), level), name)
            del space[alias]  # PyPy takes a global for a constant that was bound once
            space[alias] = function
        return function(*args, **keywords)

    return first_call
