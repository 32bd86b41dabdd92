"""Strings that grow by `<<` on hosts that copy a text at every concatenation.

CPython extends a text in place where nobody else refers to it; PyPy does not, and building a long text would take
quadratic time. There a String that is appended to becomes a `GrowingString`: its slot `s` holds the list of the parts,
which are joined when somebody asks for `s`, and the object is a plain String again.
"""

from __future__ import annotations

import sys

from ..model import frozen_variant
from ..values import String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Whether texts from this length on grow by parts, None: never.
LEAST_LENGTH = 256 if sys.implementation.name == "pypy" else None

_slot: Any = String.__dict__["s"]


class GrowingString(String):
    """Never seen by anybody but through `s`: whoever tests for plain Strings first takes the general way."""

    __slots__ = ()

    @property
    def s(self) -> str:
        parts = _slot.__get__(self)
        if parts.__class__ is not list:
            return str(parts)
        text = "".join(parts)
        _slot.__set__(self, text)
        settle(self)
        return text

    @s.setter
    def s(self, text: str) -> None:
        _slot.__set__(self, text)
        settle(self)


def settle(self: Any) -> None:
    """Make a String plain again. Frozen ones stay frozen; those with a singleton class keep their host class."""
    host = self.__class__
    if host is GrowingString:
        self.__class__ = String
    elif host.__dict__.get("frozen_of") is GrowingString:
        self.__class__ = frozen_variant(String)


def grow(self: String, more: str) -> None:
    """Append to a plain String, or to one that is growing."""
    if self.__class__ is String:
        _slot.__set__(self, [self.s, more])
        self.__class__ = GrowingString
    else:
        _slot.__get__(self).append(more)
