"""The errors that this floor and the floors above it report to a user: each has an exit code and carries data.

Two other kinds stay apart from these: exceptions of a running Metorex program, and faults of ours, which nobody hides.
"""

from __future__ import annotations

EX_DATAERR = 65  # an artifact was rejected
EX_NOINPUT = 66  # the file to run does not exist
EX_CANTCREAT = 73  # output that was asked for cannot be written


class MetorexError(Exception):
    """An error to report with a message, without a host traceback; `exit_code` is what the command line returns."""

    exit_code = 1


class FormatError(MetorexError):
    """Bytes that are no artifact, or a module that cannot become one.

    `section` is the section's name ("header", "CODE", ...), `offset` counts bytes from the start of that section (of
    the function's code for instructions), `reason` tells what was expected and found.
    """

    exit_code = EX_DATAERR

    def __init__(self, section: str, offset: int, reason: str) -> None:
        super().__init__(section, offset, reason)
        self.section = section
        self.offset = offset
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.section}+{self.offset}: {self.reason}"
