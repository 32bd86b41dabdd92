"""Strings whose bytes are set one by one: `setbyte` on a long text would copy it each time.

Such a String becomes an `EditedString` or `EditedBytes`: its slot `s` holds a bytearray, which is turned into the text
when somebody asks for `s`, and the object is what it was. `getbyte` and `setbyte` look at the bytes themselves.
"""

from __future__ import annotations

from ..model import frozen_variant
from ..values import BinaryString, String
from .text import decode, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LEAST_LENGTH = 128  # shorter texts are copied

_slot: Any = String.__dict__["s"]


def text_of_bytes(self: Any) -> str:
    data = _slot.__get__(self)
    if data.__class__ is not bytearray:
        return str(data)
    text = decode(bytes(data), self.encoding)
    _slot.__set__(self, text)
    settle(self)
    return text


def set_text(self: Any, text: str) -> None:
    _slot.__set__(self, text)
    settle(self)


class EditedString(String):
    """Never seen by anybody but through `s`: whoever tests for plain Strings first takes the general way."""

    __slots__ = ()
    s: Any = property(text_of_bytes, set_text)


class EditedBytes(BinaryString):
    __slots__ = ()
    s: Any = property(text_of_bytes, set_text)


EDITED: dict[type, Any] = {String: EditedString, BinaryString: EditedBytes}
PLAIN: dict[type, Any] = {edited: plain for plain, edited in EDITED.items()}


def settle(self: Any) -> None:
    """Make a String what it was. Frozen ones stay frozen; those with a singleton class keep their host class."""
    host = self.__class__
    plain = PLAIN.get(host)
    if plain is not None:
        self.__class__ = plain
    elif host.__dict__.get("frozen_of") in PLAIN:
        self.__class__ = frozen_variant(PLAIN[host.__dict__["frozen_of"]])


def edited_bytes(self: Any) -> Any:
    """Return the bytearray of a String that is being edited, None for others."""
    if self.__class__ not in PLAIN:
        return None
    data = _slot.__get__(self)
    return data if data.__class__ is bytearray else None


def edit(self: Any) -> Any:
    """Return the bytearray of a String, from now on or already being edited; None if it is short or unusual."""
    data = edited_bytes(self)
    host: Any = EDITED.get(self.__class__)
    if data is None and host is not None and len(self.s) >= LEAST_LENGTH:
        data = bytearray(text_bytes(self))
        _slot.__set__(self, data)
        self.__class__ = host
    return data
