"""What `raise` and `throw` raise.

The short way of making an exception of a class and a message is for classes whose `exception` and `new` are the usual
ones; MAKERS remembers for each how its objects come into being. The long way are all of Ruby's rules. Generated code
calls `raised` and its like directly, `Kernel#raise` serves everybody else.
"""

from __future__ import annotations

from .dispatch import respond_to, send
from .errors import (
    LATE,
    STATE,
    Fresh,
    Raised,
    ThrowJump,
    arity_error,
    builtin_class,
    current_cause,
    error,
    new_exception,
    settled,
)
from .model import CLASS, WORLD, ModuleValue, dispatch_class, ensure_py, find_method
from .values import UNDEF, Exception_, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .model import Method
    from .values import Value

    Maker = tuple[type, Any]  # host class, `initialize` or None for Exception's own

# Exception classes -> how to make their objects; host classes of exceptions that are raised as they are -> None.
MAKERS: dict[Any, Maker | None] = {}
DECIDING = ("", "exception", "initialize", "new")


def forget_makers(mod: ModuleValue, name: str, entry: Method | None) -> None:
    """Listen to changes of method tables."""
    if name in DECIDING:
        MAKERS.clear()


WORLD.listeners.append(forget_makers)


def find_maker(cls: Any) -> Maker | None:
    """Return how `raise cls` makes its exception, None if that takes the long way."""
    if not isinstance(cls, ModuleValue) or not cls.is_class or cls.attached is not None:
        return None
    meta = dispatch_class(cls)
    entry, new = find_method(meta, "exception"), find_method(meta, "new")
    if entry is None or not entry.native or new is None or new.owner is not CLASS:
        return None
    host = ensure_py(cls)
    if not issubclass(host, Exception_) or host.prepare is not Exception_.prepare:
        return None
    initialize = find_method(cls, "initialize")
    plain = initialize is not None and initialize.native and initialize.owner is builtin_class("Exception")
    maker = MAKERS[cls] = (host, None if plain else getattr(host, ";initialize"))
    return maker


def raised(cls: Value, message: Value = UNDEF) -> Raised:
    """Return what `raise cls, message` raises."""
    maker = MAKERS.get(cls) or find_maker(cls)
    if maker is None:
        return Raised(prepared((cls,) if message is UNDEF else (cls, message)))
    host, initialize = maker
    exc: Any = host()
    if initialize is None:
        exc.message = message
        exc.cause = current_cause()
        return Fresh(exc)
    if message is UNDEF:
        initialize(exc, None)
    else:
        initialize(exc, None, message)
    caused(exc)
    return Fresh(exc) if LATE else Raised(exc)


def raised_text(message: Value) -> Raised:
    """Return what `raise message` raises for a String."""
    return raised(builtin_class("RuntimeError"), message)


def raised_one(what: Value) -> Raised:
    """Return what `raise what` raises."""
    if isinstance(what, ModuleValue):
        return raised(what)
    if isinstance(what, String):
        return raised_text(what)
    if not is_plain(what):
        return Raised(prepared((what,)))
    if LATE and what.trace.__class__ is Fresh:
        carrier: Raised = what.trace
        return carrier
    return Raised(caused(what))


def raised_new(what: Value) -> Raised:
    """Return what `raise what` raises where `what` has just been made by `new`."""
    if is_plain(what) and what.trace is None:
        return Fresh(caused(what))
    return raised_one(what)


def is_plain(what: Value) -> bool:
    """Return whether a value is an exception whose `exception` is the usual one, which returns itself."""
    host = what.__class__
    if host in MAKERS:
        return True
    if not isinstance(what, Exception_):
        return False
    entry = find_method(dispatch_class(what), "exception")
    if entry is None or not entry.native:
        return False
    MAKERS[host] = None
    return True


def raised_again() -> Raised:
    """Return what `raise` alone raises."""
    current: Any = STATE.error
    if current is None:
        return Raised(new_exception("RuntimeError", ""))
    if LATE and current.trace.__class__ is Fresh:
        carrier: Raised = current.trace
        return carrier
    return Raised(settled(current))


def prepared(args: Any, cause: Value = UNDEF) -> Exception_:
    """Return the exception that `raise(*args, cause: cause)` raises."""
    if not args:
        return raised_again().value
    exc = make_exception(args)
    if cause is UNDEF:
        return caused(exc)
    if cause is not None and not isinstance(cause, Exception_):
        raise error("TypeError", "exception object expected")
    if cause is not exc:
        if caused_by(cause, exc):
            raise error("ArgumentError", "circular causes")
        exc.cause = cause
    return exc


def caused(exc: Exception_) -> Exception_:
    """Note what is being handled as the cause of an exception that has none, and return the exception."""
    current = current_cause()
    if current is not None and exc.cause is None and not caused_by(current, exc):
        exc.cause = current
    return exc


def caused_by(exc: Any, cause: Exception_) -> bool:
    """Return whether `cause` is `exc` or in the chain of its causes."""
    while exc is not None:
        if exc is cause:
            return True
        exc = exc.cause
    return False


def make_exception(args: Any) -> Exception_:
    """Return the exception that the arguments of `raise` mean: message, class or object, message and backtrace."""
    first = args[0]
    if isinstance(first, String) and len(args) == 1:
        exc = send(builtin_class("RuntimeError"), ":new", None, first)
    elif first.__class__ is not int and respond_to(first, "exception"):
        exc = send(first, ":exception", None, *args[1:2])
    else:
        raise error("TypeError", "exception class/object expected")
    if not isinstance(exc, Exception_):
        raise error("TypeError", "exception object expected")
    if len(args) > 3:
        raise arity_error(len(args), 0, 3)
    if len(args) > 2 and args[2] is not None:
        send(exc, ":set_backtrace", None, args[2])
    return exc


# --- throw ----------------------------------------------------------------------------------------------------------

# The active catch blocks, innermost last: each a tuple of its tag, which as an object is the mark of its jump.
CATCHES: list[tuple[Any]] = []


def thrown(tag: Value, value: Value = None) -> ThrowJump | None:
    """Return what `throw tag, value` raises, None if nothing catches it."""
    for mark in reversed(CATCHES):
        known = mark[0]
        if known is tag or (tag.__class__ is int and known.__class__ is int and known == tag):
            return ThrowJump(mark, value)
    return None


def raised_throw(tag: Value, value: Value = None) -> ThrowJump:
    """Return what `throw tag, value` raises; if nothing catches it, Kernel#throw does the rest."""
    jump: ThrowJump = thrown(tag, value) or find_method(builtin_class("Kernel"), "throw").fn(None, None, tag, value)  # type: ignore[union-attr]
    return jump
