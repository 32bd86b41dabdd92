"""Of which host classes the values of a list are: asked before a list is handled as a whole.

The loops are faster than `all` with a generator and than a set of all classes, on each host and for each length.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def all_of(values: Any, kind: Any) -> bool:
    """Return whether all values are of one host class, exactly."""
    for value in values:  # noqa: SIM110
        if value.__class__ is not kind:
            return False
    return True


def all_integers(values: list[Any]) -> bool:
    """Return whether a list holds only Integers."""
    for value in values:  # noqa: SIM110
        if value.__class__ is not int:
            return False
    return True


if sys.implementation.name == "pypy":
    from __pypy__ import strategy  # type: ignore[import-not-found]

    look = all_integers

    def all_integers(values: list[Any]) -> bool:
        """PyPy keeps a list of small integers as one of machine words, and tells."""
        return strategy(values) == "IntegerListStrategy" or look(values)


def one_kind(values: Any) -> Any:
    """Return the host class that all of at least one value are of, None if they are of several."""
    kind = values[0].__class__
    for value in values:
        if value.__class__ is not kind:
            return None
    return kind


def kinds_of(values: Any) -> set[Any]:
    """Return the host classes of all values."""
    return set(map(type, values))
