"""What the loader reports to the user: the file, why it cannot be run, and what to do about it."""

from __future__ import annotations

from ..format.errors import EX_DATAERR, EX_NOINPUT, MetorexError


class LoadError(MetorexError):
    """A file that cannot be loaded: `path`, the `reason`, and a `remedy` ("" if there is none to offer)."""

    exit_code = EX_DATAERR

    def __init__(self, path: str, reason: str, remedy: str = "") -> None:
        super().__init__(path, reason, remedy)
        self.path = path
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}" + (f"\n{self.remedy}" if self.remedy else "")


class NoInputError(LoadError):
    """The file to run is not there or cannot be read."""

    exit_code = EX_NOINPUT


class CompilerFault(LoadError):
    """The compiler made a module that the verifier refuses: a bug of ours, which must not run."""

    exit_code = 70
