"""Long Arrays that are taken from at the front.

Python's list moves all other elements when the first one is taken. An Array that serves as a long queue becomes a
`QueuedArray`: its slot `a` holds a deque, and the methods of queues work on that. When anybody asks for `a`, the
object is a plain Array again, with a new list. So nobody else may have the old one at hand, be it for an iteration or
as a variable's list: the number of references to it tells.
"""

from __future__ import annotations

import sys
from collections import deque

from ..model import frozen_variant
from ..values import LONG, Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# A list becomes a deque and back in the time that moving its elements takes about this often.
PATIENCE = 16
PLAIN = 3  # references to a list that only its Array has: the slot, the method `shift`, and the question itself

_slot: Any = Array.__dict__["a"]
# Returns the elements of any Array for a question or change at its ends: its list or, while it is queued, its deque.
queue_of = _slot.__get__
_references = getattr(sys, "getrefcount", None)
_shifts = [0]  # of long lists since the last one became a deque


class QueuedArray(Array):
    """Never seen by anybody but through `a`: whoever tests for plain Arrays first takes the general way."""

    __slots__ = ()

    @property
    def a(self) -> list[Any]:
        items = queue_of(self)
        if items.__class__ is deque:
            items = list(items)
            _slot.__set__(self, items)
            settle(self)
        found: list[Any] = items
        return found

    @a.setter
    def a(self, items: list[Any]) -> None:
        _slot.__set__(self, items)
        settle(self)


QueuedArray.readable = QueuedArray.writable = QueuedArray.__dict__["a"]


def settle(self: Any) -> None:
    """Make an Array plain again. Frozen ones stay frozen; those with a singleton class keep their host class."""
    host = self.__class__
    if host is QueuedArray:
        self.__class__ = Array
    elif host.__dict__.get("frozen_of") is QueuedArray:
        self.__class__ = frozen_variant(Array)


def shift_long(self: Any) -> Any:
    """Take the first element of an Array of at least `LONG` elements, or of one that is queued."""
    if self.__class__ is QueuedArray:
        queue = queue_of(self)
        value = queue.popleft()
        if len(queue) < LONG // 2:
            self.a  # noqa: B018 - what is short is a plain Array
        return value
    value = self.a.pop(0)
    _shifts[0] += 1
    if _shifts[0] >= PATIENCE and self.__class__ is Array and _references and _references(queue_of(self)) <= PLAIN:
        _shifts[0] = 0
        _slot.__set__(self, deque(self.a))
        self.__class__ = QueuedArray
    return value
