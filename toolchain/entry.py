"""Where the `metorex` command starts.

`metorex run FILE ARGS…` and `metorex FILE ARGS…` without options are the warm path: they go straight to the program
and import neither click nor anything else that a cached program does not need. All other command lines go to `cli/`.
"""

from __future__ import annotations

import gc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


EX_SOFTWARE = 70  # a fault of ours


def main(arguments: Sequence[str]) -> int:
    """Carry out a command line and return the exit status."""
    try:
        return dispatch(arguments)
    except Exception as fault:
        from ..format.errors import MetorexError

        if isinstance(fault, MetorexError):
            from .program import refuse

            return refuse(fault)
        return internal_error(fault)


def internal_error(fault: Exception) -> int:
    """Tell about a fault of ours in one line; METOREX_DEBUG=1 shows where it happened."""
    import os
    import sys

    if os.environ.get("METOREX_DEBUG"):
        raise fault
    sys.stderr.write(
        f"metorex: internal error: {fault.__class__.__name__}: {fault}\n"
        "  This is a bug of metorex, not of your program. METOREX_DEBUG=1 shows where it happened.\n"
    )
    return EX_SOFTWARE


def dispatch(arguments: Sequence[str]) -> int:
    gc.disable()  # what is imported stays; `program.execute` turns collection on again
    rest = list(arguments)
    if rest and rest[0] == "run":
        rest = rest[1:]
    if rest and names_file(rest[0], explicit=len(rest) < len(arguments)):
        from .program import run_file

        return run_file(rest[0], rest[1:])
    from .cli.main import main as command_line

    return command_line(list(arguments))


def names_file(word: str, explicit: bool) -> bool:
    """Return whether `word` can only be the file to run: no option, and no command unless `run` stood before it."""
    if word.startswith("-") or not word:
        return False
    return explicit or word.endswith((".mx", ".rb", ".mxc")) or "/" in word
