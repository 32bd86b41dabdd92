"""From host exceptions to guest exceptions, and the state behind `$!`.

`guest_exception` is what a rescue, an ensure and the top level call: it returns the guest exception that a host
exception carries or stands for, with its backtrace noted. Host exceptions that can have no guest meaning are faults of
ours: they become Metorex::InternalError, which only `rescue Exception` sees.
"""

from __future__ import annotations

import os

from .capture import capture, capture_within, under
from .depth import with_reserve
from .errors import LATE, STATE, Fresh, Later, Raised, arity_text, current_error, new_exception, note, settled
from .values import Exception_

__all__ = ["STATE", "guest_exception", "signature", "translate"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# Functions that may know what a host exception stands for, asked before the rules below: failure -> exception or None.
TRANSLATORS: list[Any] = []
# Generated functions by the name that Python's messages call them: (required, maximal or -1, hidden) positional
# parameters, and what is said of keywords that must be given.
SIGNATURES: dict[str, tuple[int, int, int, str]] = {}


def guest_exception(failure: BaseException) -> Exception_:
    """Return the guest exception of a host exception, the same one each time, with its backtrace."""
    context = failure.__context__
    failure.__context__ = None  # the guest has causes; and the host walks along the chain whenever it raises
    if isinstance(failure, Raised):
        guest: Exception_ = failure.args[0]
        if guest.trace is None or guest.trace.__class__ is Fresh:
            note(guest, failure)
        return guest
    known = getattr(failure, "guest", None)
    if known is not None:
        return known
    guest = guest_of(failure, context)
    if guest.trace is None:
        guest.trace = with_reserve(capture, failure) if too_deep(failure) else capture(failure)
    return guest


def guest_of(failure: BaseException, context: BaseException | None) -> Exception_:
    """Return a new guest exception, with its cause, for a host exception that is no Raised and had this context."""
    guest = with_reserve(translate, failure) if too_deep(failure) else translate(failure)
    failure.guest = guest  # type: ignore[attr-defined]
    cause = handled_in(context, failure) or current_error()
    if cause is not guest:
        guest.cause = cause
    return guest


def handled(failure: BaseException) -> Exception_:
    """Return the guest exception of a host exception that is handled here, where the program has no name for it yet;
    what gives it one, settles its backtrace."""
    if failure.__class__ is not Fresh:
        return handled_late(failure) if LATE else guest_exception(failure)
    failure.__context__ = None
    guest: Exception_ = failure.args[0]
    if guest.trace is None:
        guest.trace = failure
    return guest


def handled_late(failure: BaseException) -> Exception_:
    """Do the same for an exception of the host, in the way of those that are fresh."""
    if isinstance(failure, Raised) or getattr(failure, "guest", None) is not None or too_deep(failure):
        return guest_exception(failure)
    context = failure.__context__
    failure.__context__ = None
    guest = guest_of(failure, context)
    if guest.trace is None:
        guest.trace = Fresh(guest).with_traceback(failure.__traceback__)
    return guest


def raised_on(exc: Exception_) -> BaseException:
    """Return what carries on an exception that no rescue clause took."""
    if exc.trace.__class__ is Later:
        settled(exc)
    return exc.trace if exc.trace.__class__ is Fresh else Raised(exc)


def handled_in(context: BaseException | None, failure: BaseException) -> Exception_ | None:
    """Return the guest exception that was being handled where the host raised `failure`, which has this context."""
    while context is not None:
        guest: Exception_ | None = context.args[0] if isinstance(context, Raised) else getattr(context, "guest", None)
        if guest is not None:
            if guest.trace is None:
                guest.trace = capture_within(failure, context)
            found: Exception_ = settled(guest)
            return found
        context = context.__context__
    return None


def too_deep(failure: BaseException) -> bool:
    """Return whether a host exception says that calls nest too deeply. PyPy may find that out while it chains one
    exception to another, and then calls it a TypeError."""
    return isinstance(failure, RecursionError) or (
        failure.__class__ is TypeError
        and str(failure).startswith("couldn't record exception context for exception 'RecursionError'")
    )


def translate(failure: BaseException) -> Exception_:
    """Return a new guest exception for a host exception that is not a Raised."""
    for translator in TRANSLATORS:
        found: Exception_ | None = translator(failure)
        if found is not None:
            return found
    if isinstance(failure, ZeroDivisionError):
        return new_exception("ZeroDivisionError", "divided by 0")
    if too_deep(failure):
        return new_exception("SystemStackError", "stack level too deep")
    if isinstance(failure, KeyboardInterrupt):
        return new_exception("Interrupt", "")
    if isinstance(failure, MemoryError):
        return new_exception("NoMemoryError", "failed to allocate memory")
    if isinstance(failure, TypeError):
        text, fn = arity_message(failure)
        if text is not None:
            return called_wrongly(new_exception("ArgumentError", text), fn, failure)
    if isinstance(failure, OSError) and failure.errno is not None:
        return errno_exception(failure)
    if isinstance(failure, OverflowError):
        return new_exception("RangeError", "number too big")
    if failure.__class__.__name__ == "SyntaxErrors":  # of the parser, which runs in eval and require
        from .values import String

        return new_exception("SyntaxError", failure.report(), path=String(failure.path))  # type: ignore[attr-defined]
    if isinstance(failure, UnicodeError):
        return new_exception("EncodingError", str(failure))
    if failure.__class__.__name__ == "BdbQuit":
        raise failure  # the user of Python's debugger quits: no affair of the program
    if os.environ.get("METOREX_DEBUG"):
        import traceback

        traceback.print_exception(failure.__class__, failure, failure.__traceback__)
    return new_exception("Metorex::InternalError", f"{failure.__class__.__name__}: {failure}{origin(failure)}")


def called_wrongly(guest: Exception_, fn: Any, failure: TypeError | None = None) -> Exception_:
    """Note the backtrace of an ArgumentError about the number of arguments: the native function `fn`, which never began
    to run, stands on top of it. `failure`: what says where; else it is here."""
    from .backtrace import HIDDEN
    from .builtin import NATIVE_LABELS

    found = NATIVE_LABELS.get(id(getattr(getattr(fn, "__func__", fn), "__code__", None)))
    if found is not None and (found not in HIDDEN or found == "BasicObject#initialize"):
        guest.trace = under(capture(failure), found)
    return guest


def origin(failure: BaseException) -> str:
    """Return where in our code a fault happened, for the report."""
    tb = failure.__traceback__
    if tb is None:
        return ""
    while tb.tb_next is not None:
        tb = tb.tb_next
    path = tb.tb_frame.f_code.co_filename.replace("\\", "/")
    return f" ({'/'.join(path.split('/')[-3:])}:{tb.tb_lineno})"


def errno_exception(failure: OSError) -> Exception_:
    """Return the Errno::X instance of a host OSError."""
    import errno

    from .builtin import CLASSES

    name = "Errno::" + errno.errorcode.get(failure.errno or 0, "")
    text = os.strerror(failure.errno or 0)
    if failure.filename is not None:
        text += f" @ {failure.filename}"
    if name not in CLASSES:
        name = "SystemCallError"
    return new_exception(name, text, errno=failure.errno)


def signature(fn: Any) -> tuple[int, int]:
    """Return (required, maximal or -1) positional arguments of a host method function, hidden ones not counted."""
    function = getattr(fn, "__func__", fn)
    code = function.__code__
    total = code.co_argcount
    defaults = len(function.__defaults__ or ())
    hidden = 2 if code.co_varnames[1:2] == ("blk",) else 0
    return total - defaults - hidden, -1 if code.co_flags & 4 else total - hidden


def arity_message(failure: TypeError) -> tuple[str | None, Any]:
    """Return ArgumentError's text if a TypeError says that a call had the wrong number of arguments, else None, and the
    function that was called if it is known."""
    text = str(failure)
    head, paren, rest = text.partition("() ")
    if not paren:
        return None, None
    name = head.rpartition(".")[2]
    known = SIGNATURES.get(name)
    if known is not None:
        return generated_arity(rest, *known), None
    tb: Any = failure.__traceback__
    while tb is not None and tb.tb_next is not None:
        tb = tb.tb_next
    fn = called_function(tb, name)
    return native_arity(rest, fn), fn


def native_arity(rest: str, fn: Any) -> str | None:
    """Return ArgumentError's text for what Python says about a call of a native function."""
    if rest.startswith("takes "):
        words = rest.split()
        try:
            given = int(words[words.index("but") + 1])
            low = high = int(words[2] if words[1] == "from" else words[1])
            if words[1] == "from":
                high = int(words[4])
        except (ValueError, IndexError):
            return None
        return arity_text(given - 2, low - 2, high - 2)
    if rest.startswith("missing ") and "positional" in rest:
        missing = int(rest.split()[1])
        if fn is None:
            return arity_text(0, missing, missing)
        low, high = signature(fn)
        return arity_text(low - missing, low, high)
    if rest.startswith("missing ") and "keyword-only" in rest:
        names = [word.strip("',") for word in rest.partition(": ")[2].split() if word.startswith("'")]
        plural = "s" if len(names) > 1 else ""
        return f"missing keyword{plural}: " + ", ".join(":" + name for name in names)
    if rest.startswith("got an unexpected keyword argument "):
        return "unknown keyword: :" + rest.split("'")[1]
    return None


def generated_arity(rest: str, low: int, high: int, hidden: int, needed: str) -> str | None:
    """Return ArgumentError's text for a generated function, whose parameters are known."""
    words = rest.split()
    if words[0] == "takes" and "but" in words:
        return arity_text(int(words[words.index("but") + 1]) - hidden, low, high)[:-1] + needed + ")"
    if words[0] == "missing" and "positional" in rest:
        return arity_text(low - int(words[1]), low, high)[:-1] + needed + ")"
    if words[0] == "missing":
        names = [word.strip("',") for word in rest.partition(": ")[2].split() if word.startswith("'")]
        return f"missing keyword{'s' if len(names) > 1 else ''}: " + ", ".join(":" + name for name in names)
    if rest.startswith("got an unexpected keyword argument "):
        return "unknown keyword: :" + rest.split("'")[1]
    return None


def called_function(tb: Any, name: str) -> Any:
    """Return the function `name` that the failed call in the innermost frame was to, if one of the frame's variables
    still has it."""
    if tb is None:
        return None
    variables = tb.tb_frame.f_locals
    candidates = [variables.get(key) for key in ("f", "fn", "initialize")]
    candidates.append(getattr(variables.get("entry"), "fn", None))
    for found in candidates:
        function = getattr(found, "__func__", found)
        if hasattr(function, "__code__") and function.__name__ == name:
            return found
    return None
