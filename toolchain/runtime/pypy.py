"""What PyPy needs to run us well; only imported there.

Imports: functions of the runtime import what few programs need when they need it, again at each call. PyPy runs
importlib for that, which is written in Python: half a microsecond when compiled, and so many steps that a loop with
such a call in it may never be compiled at all.

Parameters of the JIT: programs of many small methods and classes leave a compiled loop at very many places. By default
PyPy compiles what follows such a place when it was taken 200 times, each at some microseconds. Earlier is better:
a tenth of the time of a run on average, half of it where trees of many classes are walked.
"""

from __future__ import annotations

import builtins
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PARAMETERS = "trace_eagerness=15"
FOUND: dict[Any, Any] = {}  # (package, name, what is wanted of it, level) -> module
general = builtins.__import__


def import_(name: str, globals: Any = None, locals: Any = None, fromlist: Any = None, level: int = 0) -> Any:
    """Do what `__import__` does, at once for `from .x import y` of our own packages that was done before."""
    if level and fromlist:
        key = globals["__package__"], name, fromlist, level
        module = FOUND.get(key)
        if module is None:
            module = general(name, globals, locals, fromlist, level)
            if key[0][:8] == "metorex.":
                FOUND[key] = module
        return module
    if not level and not fromlist and "." not in name and name in sys.modules:
        return sys.modules[name]
    return general(name, globals, locals, fromlist, level)


def install() -> None:
    """Set PyPy up, once."""
    builtins.__import__ = import_
    try:
        from pypyjit import set_param  # type: ignore[import-not-found]
    except ImportError:  # a PyPy without a JIT
        return
    set_param(PARAMETERS)
