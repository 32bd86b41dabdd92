"""Copies of Python functions, for attribute names that are no identifiers and for inline caches of their own.

A template says `value.ATTR(...)`; its copy calls what the name stands for. CPython keeps what it has learnt about
attribute reads in the code object, so a copy for each class stays fast where one function for all would not.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Module: Any = type(sys)


def clone(template: Any, names: dict[str, str] | None = None, bound: dict[str, Any] | None = None) -> Any:
    """Return a copy of a function with other names of attributes and globals; `bound` are globals of its own."""
    code = template.__code__
    if names:
        code = code.replace(co_names=tuple([names.get(name, name) for name in code.co_names]))
    else:
        code = code.replace(co_firstlineno=code.co_firstlineno)
    space = template.__globals__
    if bound is not None:  # of a module: PyPy looks names up in a plain dict again and again
        space = Module(template.__module__).__dict__
        common = template.__globals__
        space.update({name: common[name] for name in code.co_names if name in common})
        space.update(bound)
    copy = template.__class__(code, space, template.__name__, template.__defaults__, template.__closure__)
    copy.__module__ = template.__module__
    return copy
