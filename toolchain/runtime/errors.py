"""Exceptions of the guest program as Python exceptions, and the Python exceptions that carry jumps.

`raise error("ArgumentError", "...")` is how native code raises. A guest exception is an object (`Exception_`) that
travels inside a `Raised`. Jumps out of blocks travel as BaseExceptions, so that `rescue` does not see them and
`ensure` does. Host exceptions (ZeroDivisionError, RecursionError, a TypeError about argument counts ...) travel as
they are and become guest exceptions when somebody looks (exceptions.py, `translate`).
"""

from __future__ import annotations

import sys

from .capture import capture, capture_within
from .model import class_of, ensure_py
from .values import FALSE, TRUE, Exception_, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .model import ModuleValue


def builtin_class(name: str) -> ModuleValue:
    """Return the built-in class `name`; replaced by builtin.py, which needs this file."""
    raise NotImplementedError


class ErrorState:
    """`error` is the exception being handled, `$!`."""

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: Exception_ | None = None


STATE = ErrorState()


# These carry what they are given in `args`, where the host puts it by itself: an `__init__` would take longer than the
# rest of raising.


class Raised(Exception):  # noqa: N818 - not an error of ours: it carries one of the program's
    """`Raised(value)` carries the guest exception `value`."""

    @property
    def value(self) -> Exception_:
        found: Exception_ = self.args[0]
        return found


class Fresh(Raised):
    """Carries an exception that nobody else has: it was made to be raised.

    While it is handled where the program has no name for it, its backtrace is not even noted: `trace` is this object,
    whose traceback says the same, until somebody gets hold of the exception (`settled`).
    """


class Later:
    """On PyPy, the `trace` of an exception that has become the cause of another one: it is noted with that one's."""

    __slots__ = ("failure",)

    def __init__(self, failure: Fresh) -> None:
        self.failure = failure


# PyPy leaves compiled code to look at frames that are running, so backtraces are noted as late as possible.
LATE = sys.implementation.name == "pypy"


def settled(exc: Any) -> Any:
    """Note the backtrace of an exception that is being handled, and return the exception."""
    trace = exc.trace
    if trace.__class__ is Fresh:
        note(exc, trace)
    elif trace.__class__ is Later:
        note(exc, trace.failure)
    return exc


def note(exc: Any, failure: BaseException) -> None:
    """Note the backtrace of an exception that `failure` has brought here, and those of its causes."""
    exc.trace = capture(failure)
    cause = exc.cause
    failures = [failure]
    while cause is not None and cause.trace.__class__ is Later:
        failures.append(cause.trace.failure)
        cause.trace = capture_within(*failures)
        cause = cause.cause


def current_error() -> Any:
    """Return the exception that is being handled, or None."""
    exc = STATE.error
    return exc if exc is None else settled(exc)


def current_cause() -> Any:
    """Return the exception that is being handled, or None, as the cause of another one."""
    exc: Any = STATE.error
    if exc is None or exc.trace.__class__ is not Fresh:
        return exc
    if LATE:
        exc.trace = Later(exc.trace)
        return exc
    return settled(exc)


class Jump(BaseException):
    """`Jump(tag, value)` leaves host frames on its way. `tag` identifies its target, `value` is what it brings."""

    @property
    def tag(self) -> Any:
        return self.args[0]

    @property
    def value(self) -> Any:
        return self.args[1]


class BreakJump(Jump):
    """`break` in a block; `tag` is the block's own."""


class ReturnJump(Jump):
    """`return` in a block; `tag` is the home frame's."""


class ThrowJump(Jump):
    """`throw`; `tag` is the tag object of the catch."""


class Exit(BaseException):
    """`exit!`: leaves without ensure code and at_exit blocks. `status` is the process's."""

    def __init__(self, status: int) -> None:
        self.status = status


def new_exception(class_name: str, message: str, **details: Any) -> Exception_:
    """Return an instance of a built-in exception class; `details` are what the subclass adds (name, receiver ...)."""
    exc: Exception_ = (HOSTS.get(class_name) or host_of(class_name))()
    exc.message = String(message)
    exc.cause = current_cause()
    if details:
        exc.details = details
    return exc


# Names of built-in exception classes -> host classes of their objects.
HOSTS: dict[str, Any] = {}


def host_of(class_name: str) -> Any:
    """Return the host class of a built-in exception class; calling it makes an object that is not yet initialised."""
    host: Any = ensure_py(builtin_class(class_name))
    if host.prepare is Exception_.prepare:
        HOSTS[class_name] = host
    return host


def error(class_name: str, message: str, **details: Any) -> Raised:
    """Return, to be raised, a guest exception of a built-in class."""
    return Fresh(new_exception(class_name, message, **details))


def frozen_error(value: Any) -> Raised:
    from .convert import inspect_str

    name = class_of(value).name or class_text(value)
    return error("FrozenError", f"can't modify frozen {name}: {inspect_str(value)}", receiver=value)


def class_text(value: Any) -> str:
    """Return how the class of a value is shown."""
    from .core.module import module_name

    return module_name(class_of(value))


def arity_text(given: int, low: int, high: int) -> str:
    """Return ArgumentError's text; `high` is -1 for "any number"."""
    expected = f"{low}+" if high < 0 else str(low) if low == high else f"{low}..{high}"
    return f"wrong number of arguments (given {given}, expected {expected})"


def arity_error(given: int, low: int, high: int) -> Raised:
    return error("ArgumentError", arity_text(given, low, high))


def no_conversion(value: Any, target: str) -> Raised:
    """Return `no implicit conversion of X into TARGET`."""
    return error("TypeError", f"no implicit conversion of {conversion_name(value)} into {target}")


def conversion_name(value: Any) -> str:
    """Return how TypeErrors call a value: nil, true, false, or its class."""
    if value is None:
        return "nil"
    if value is TRUE:
        return "true"
    if value is FALSE:
        return "false"
    return class_of(value).name or "#<Class>"
