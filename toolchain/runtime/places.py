"""Where the guest program is: path and line of the code that called a native function."""

from __future__ import annotations

import sys

from .frames import READERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any


def guest_activations(depth: int = 1) -> Any:
    """Yield (Frame, engine's code, instruction index) of the active guest functions, innermost first."""
    python: FrameType | None = sys._getframe(depth)
    while python is not None:
        reader = READERS.get(id(python.f_code))
        if reader is not None:
            yield reader(python)
        python = python.f_back


def caller_place() -> tuple[str, int]:
    """Return path and line of the innermost guest code, ("", 0) if there is none."""
    for _, code, pc in guest_activations(2):
        positions = code.function.positions
        return code.path, positions[pc][0] if 0 <= pc < len(positions) else 0
    return "", 0
