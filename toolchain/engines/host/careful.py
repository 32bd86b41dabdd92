"""Redefined built-in operators: what a module's text tells before it runs, and what happens when it did not tell.

Calls of built-in methods are guarded (`G:` and `D:` in links.py), so that code which is running notices when one is
redefined. Bare operators on numbers (`a + b`, `i < n`) and reads of lists that are at hand (lists.py) have no guard: a
test costs as much as the operation. Instead every module is looked through before it runs (redefinitions.py), and an
operator that it may redefine for built-in classes goes through the operator's function from then on. What no text shows
(a definition in a computed string, or in a file that is required while a method is running) takes effect with the next
call of each function; a warning names the functions that are running with what was. METOREX_CAREFUL=1 makes the engine
assume nothing at all.
"""

from __future__ import annotations

import os
import sys

from ...runtime import operators
from ...runtime.frames import READERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CAREFUL = os.environ.get("METOREX_CAREFUL", "") not in ("", "0")
OWNERS = frozenset((*operators.FAST_CLASSES, *operators.PARENTS))


def warn_running(key: str, method: str) -> None:
    """Name the functions that are running with what `key` (Translation.guard) named before, without a guard."""
    from ...runtime.warnings import warn

    python: Any = sys._getframe(1)
    seen = set()
    while python is not None:
        reader: Any = READERS.get(id(python.f_code))
        owner = getattr(reader, "__self__", None)
        if owner is not None and ("bare", key) in owner.relied and id(python.f_code) not in seen:
            seen.add(id(python.f_code))
            _, code, pc = reader(python)
            positions = code.function.positions
            place = (code.path, positions[pc][0] if 0 <= pc < len(positions) else code.function.line)
            warn(f"running with the built-in '{method}' that was redefined (METOREX_CAREFUL=1 helps)", place)
        python = python.f_back


def operator_changed(instruction: str) -> None:
    """Listen to operators that are redefined."""
    warn_running(instruction, next(row[1] for row in operators.ROWS if row[0] == instruction))
