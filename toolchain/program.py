"""Running a program from the command line: load, execute, report, exit status.

On the warm path: only what a cached program needs is imported at the top; compiler and reports load on demand.
"""

from __future__ import annotations

import gc
import sys

from ..format.errors import MetorexError
from ..loader.options import from_environment
from .runtime import at_exit, hooks, streams
from .runtime.depth import raise_limits
from .runtime.errors import Exit, Jump, Raised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..loader.load import Loaded
    from .runtime.values import Exception_
    from .session import Session
    from .syntax.errors import SyntaxErrors

EX_SOFTWARE = 70  # a fault of ours
INTERRUPTED = 130  # ended by Ctrl-C


class RunOptions:
    """How a program is to be run; the defaults are those of `metorex run FILE`."""

    __slots__ = ("engine", "print_result", "explain", "load", "search_path", "requires", "warnings", "check_types")

    def __init__(self) -> None:
        self.engine = ""  # "host", "stack"; "" is the default engine
        self.print_result = False  # print `inspect` of the last value
        self.explain: Callable[[str], None] | None = None  # told why each file was or was not compiled
        self.load = from_environment()
        self.search_path: list[str] = []
        self.requires: list[str] = []
        self.warnings = False  # $VERBOSE is true
        self.check_types = False  # annotations are checks


def run_file(path: str, arguments: Sequence[str], options: RunOptions | None = None) -> int:
    """Run the program in a file ("-": standard input) and return the exit status."""
    from .session import Session

    options = options or RunOptions()
    if path == "-":
        return run_source(sys.stdin.read(), "-", arguments, options)
    session = Session(options)
    return guarded(session, lambda: session.start(path, arguments), path)


def run_source(source: str, path: str, arguments: Sequence[str], options: RunOptions | None = None) -> int:
    """Run source text that has no file (`-e`, standard input) and return the exit status."""
    from .session import Session

    options = options or RunOptions()
    session = Session(options)
    return guarded(session, lambda: session.start_source(source, path, arguments), path)


def guarded(session: Session, load: Callable[[], Loaded], path: str) -> int:
    """Load and run a program; everything that can end it becomes a report and an exit status."""
    raise_limits()
    try:
        loaded = load()
    except MetorexError as failure:
        return refuse(failure)
    except Exception as failure:
        from .syntax.errors import SyntaxErrors

        if not isinstance(failure, SyntaxErrors):
            raise
        streams.STDERR.write(syntax_report(failure))
        return 1
    status = execute(lambda: session.run_main(loaded, path), session.options.print_result)
    if sys.implementation.name == "pypy" and session.options.load.cache and not session.options.load.readonly:
        from .nursery import note

        note(path)
    session.explain_engine()
    return status


def syntax_report(failure: SyntaxErrors) -> str:
    """Return the report of a text that does not parse, with the class behind the first line."""
    first, _, rest = failure.report().partition("\n")
    return f"{first} (SyntaxError)\n{rest}\n"


# When to collect. Programs make many objects that refer to each other (each Array is two), few of them in cycles: with
# Python's own thresholds building a tree took a third longer. Where many are in cycles, collecting still takes 10 % of
# the time; larger thresholds cost memory.
COLLECT = (30_000, 6, 10)


def execute(run: Callable[[], Any], print_result: bool = False) -> int:
    """Call `run`, which executes guest code, then the at_exit blocks; report what was not rescued."""
    if hasattr(gc, "freeze"):
        gc.freeze()  # the toolchain itself is never garbage: leave it out of all collections
        gc.set_threshold(*COLLECT)
    gc.enable()
    status = 0
    try:
        ending = attempt(run, print_result)
        status = run_at_exit(ending) if at_exit.BLOCKS else outcome(ending) or 0
        streams.flush_all()
    except Exit as leaving:
        status = leaving.status
        streams.flush_all()
    except BrokenPipeError:
        streams.STDOUT.parts.clear()
        status = 1
    except OSError as failure:  # what was left in the buffer cannot be written
        status = complain(f"standard output: {failure.strerror}", 1)
    hooks.finish()
    return status


def run_at_exit(ending: Exception_ | None) -> int:
    """Run the at_exit blocks, in which `$!` is what ended the program; return the exit status. It is reported behind
    what they raise."""
    from .runtime.exceptions import STATE

    STATE.error = ending
    wanted = at_exit.run_all(lambda block: outcome(attempt(block)))
    own = outcome(ending) or 0
    return own if wanted is None else wanted


def attempt(run: Callable[[], Any], print_result: bool = False) -> Exception_ | None:
    """Call guest code and return the exception that ends it, None for an ordinary end."""
    try:
        value = run()
        if print_result:
            from .runtime.convert import inspect_str

            streams.STDOUT.write(inspect_str(value) + "\n")
        return None
    except (BrokenPipeError, Exit):
        raise
    except Jump as jump:
        return stray_jump(jump)
    except (Exception, KeyboardInterrupt) as failure:
        from .runtime.exceptions import guest_exception

        return guest_exception(failure)


def stray_jump(jump: Jump) -> Exception_:
    """Return the guest exception of a jump that nobody caught, such as `break` out of a dead block."""
    from .runtime.errors import error
    from .runtime.exceptions import guest_exception

    failure = error("LocalJumpError", "unexpected jump")
    failure.__traceback__ = jump.__traceback__
    return guest_exception(failure)


def outcome(exc: Exception_ | None) -> int | None:
    """Report an uncaught guest exception and return the exit status that it means, None for no exception."""
    if exc is None:
        return None
    from .runtime.model import ancestors, class_of

    names = [mod.name for mod in ancestors(class_of(exc))]
    if "SystemExit" in names:
        details = exc.details or {}
        status = details.get("status", 0)
        return int(status)
    from .report import report

    streams.STDOUT.flush()
    streams.STDERR.write(report(exc, colour=wants_colour()))
    if "Interrupt" in names:
        return INTERRUPTED
    return EX_SOFTWARE if "Metorex::InternalError" in names else 1


def wants_colour() -> bool:
    """Return whether standard error is a terminal that shows colours."""
    import os

    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def refuse(failure: MetorexError) -> int:
    return complain(str(failure), failure.exit_code)


def complain(text: str, status: int) -> int:
    """Write one of our own messages to standard error and return `status`."""
    streams.STDOUT.flush()
    streams.STDERR.write(f"metorex: {text}\n")
    return status


__all__ = ["Raised", "RunOptions", "execute", "run_file", "run_source"]
