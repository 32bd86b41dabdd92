"""The blocks that `at_exit` and `END` registered."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

BLOCKS: list[Any] = []  # bare block functions, in the order of registration


def run_all(attempt: Callable[[Any], int | None]) -> int | None:
    """Run the blocks, the last registered first, those included that they register; return the exit status that the
    last one asks for, None if none does.

    `attempt` calls a block, reports what it raises, and returns the exit status that it asks for, None for none.
    """
    status = None
    while BLOCKS:
        wanted = attempt(BLOCKS.pop())
        if wanted is not None:
            status = wanted
    return status
