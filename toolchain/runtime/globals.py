"""Global variables. Names have their `$`.

Plain ones are entries of VALUES. The special ones have functions in GETTERS and SETTERS (a special variable without a
setter is read-only), filled in below and by the files that own the state; they never have an entry in VALUES.
"""

from __future__ import annotations

from .errors import error
from .streams import STDERR, STDOUT
from .values import FALSE, TRUE, UNDEF, Array, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .values import Value

VALUES: dict[str, Any] = {}
GETTERS: dict[str, Callable[[], Any]] = {}
SETTERS: dict[str, Callable[[Any], None]] = {}
ALIASES: dict[str, str] = {
    "$PROGRAM_NAME": "$0", "$>": "$stdout", "$-v": "$VERBOSE", "$-w": "$VERBOSE", "$-d": "$DEBUG", "$-0": "$/",
    "$-F": "$;", "$LOAD_PATH": "$:", "$-I": "$:", "$LOADED_FEATURES": '$"', "$CHILD_STATUS": "$?",
}  # fmt: skip
# Called with the new value after an assignment (trace_var), name -> functions, the last added first.
TRACES: dict[str, list[Callable[[Any], None]]] = {}
# Called when an alias or a trace makes the assignment of some variable more than a store to VALUES.
CHANGED: list[Callable[[], None]] = []


def get_global(name: str) -> Value:
    """Return the value of a global variable, nil if it was never set."""
    value = VALUES.get(name, UNDEF)
    if value is not UNDEF:
        return value
    getter = GETTERS.get(name)
    if getter is not None:
        return getter()
    original = ALIASES.get(name)
    return None if original is None else get_global(original)


def set_global(name: str, value: Value) -> None:
    """Assign a global variable. NameError of the guest for a read-only one, TypeError for a value that it refuses."""
    if name in GETTERS:
        setter = SETTERS.get(name)
        if setter is None:
            raise error("NameError", f"{name} is a read-only variable")
        setter(value)
    elif name in ALIASES:
        set_global(ALIASES[name], value)
    else:
        VALUES[name] = value
    if TRACES:
        for trace in TRACES.get(name, ()):
            trace(value)


def alias_global(new: str, old: str) -> None:
    """Make `new` another name of `old`."""
    while old in ALIASES:
        old = ALIASES[old]
    if new == old:
        return
    others = [name for name in ALIASES if ALIASES[name] == new]
    if others:  # they go on sharing the variable that `new` names no more
        first = others[0]
        del ALIASES[first]
        for name in others[1:]:
            ALIASES[name] = first
        tables: tuple[dict[str, Any], ...] = (VALUES, TRACES, GETTERS, SETTERS)
        for table in tables:
            if new in table:
                table[first] = table[new]
    VALUES.pop(new, None)
    ALIASES[new] = old
    changed()


def changed() -> None:
    for listener in CHANGED:
        listener()


def global_defined(name: str) -> bool:
    """Return whether `defined?($name)` is true."""
    if name in ALIASES:
        return global_defined(ALIASES[name])
    if name in ("$~", "$_", "$!", "$@"):
        return name != "$@" or get_global("$!") is not None
    return name in VALUES or name in GETTERS


def global_names() -> list[str]:
    """Return the names of all global variables."""
    names = [*GETTERS, *VALUES, *ALIASES, "$~", "$_"]
    return list(dict.fromkeys(names))


def special(name: str, setter: Callable[[Any], None] | None = None) -> Callable[[Any], Any]:
    """Declare the function below as the getter of a special variable."""

    def declare(getter: Callable[[], Any]) -> Callable[[], Any]:
        GETTERS[name] = getter
        if setter is not None:
            SETTERS[name] = setter
        return getter

    return declare


# --- output and input -----------------------------------------------------------------------------------------------


def _set_output(name: str) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        from . import streams
        from .dispatch import respond_to
        from .errors import conversion_name

        if not respond_to(value, "write"):
            raise error("TypeError", f"${name} must have write method, {conversion_name(value)} given")
        stream = streams.STDOUT if name == "stdout" else streams.STDERR
        stream.redirect = None if value is stream.io else value

    return put


@special("$stdout", _set_output("stdout"))
def _stdout() -> Any:
    return STDOUT.redirect if STDOUT.redirect is not None else standard_io("stdout")


@special("$stderr", _set_output("stderr"))
def _stderr() -> Any:
    return STDERR.redirect if STDERR.redirect is not None else standard_io("stderr")


def _set_stdin(value: Any) -> None:
    STATE.stdin = value


@special("$stdin", _set_stdin)
def _stdin() -> Any:
    return standard_io("stdin") if STATE.stdin is UNDEF else STATE.stdin


STANDARD: list[Callable[[str], Any]] = []  # the function that makes them, once somebody asks


def standard_io(name: str) -> Any:
    """Return the IO object of a standard stream."""
    if not STANDARD:
        from .core.io import standard

        STANDARD.append(standard)
    return STANDARD[0](name)


def _set_separator(name: str) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        if value is not None and not isinstance(value, String):
            raise error("TypeError", f"value of {name} must be String")
        STATE.separators[name] = value

    return put


def _separator(name: str) -> None:
    special(name, _set_separator(name))(lambda: STATE.separators[name])


# --- the program ----------------------------------------------------------------------------------------------------


class State:
    """What the special variables stand for. The command line sets `program` and `arguments`."""

    def __init__(self) -> None:
        self.program = "-"
        self.arguments: Array = Array([])  # ARGV and $*
        self.program_name: String | None = None
        self.stdin: Any = UNDEF
        self.verbose: Any = FALSE
        self.debug: Any = FALSE
        self.status: Any = None  # $?, a Process::Status
        self.line_number = 0  # $.
        self.separators: dict[str, Any] = {"$,": None, "$/": String("\n"), "$\\": None, "$;": None}


STATE = State()
for _name in ("$,", "$/", "$\\", "$;"):
    _separator(_name)


def set_program(path: str, arguments: list[str]) -> None:
    """Note what is run: `$0` and ARGV."""
    STATE.program = path
    STATE.program_name = None
    STATE.arguments.a[:] = [String(argument) for argument in arguments]


def _set_program_name(value: Any) -> None:
    from .convert import as_str

    STATE.program_name = String(as_str(value))


@special("$0", _set_program_name)
def _program_name() -> Any:
    if STATE.program_name is None:
        STATE.program_name = String(STATE.program)
    return STATE.program_name


@special("$*")
def _arguments() -> Any:
    return STATE.arguments


@special("$$")
def _pid() -> Any:
    import os

    return os.getpid()


@special("$?")
def _status() -> Any:
    return STATE.status


def _set_verbose(value: Any) -> None:
    STATE.verbose = None if value is None else FALSE if value is FALSE else TRUE


@special("$VERBOSE", _set_verbose)
def _verbose() -> Any:
    return STATE.verbose


def _set_debug(value: Any) -> None:
    STATE.debug = value


@special("$DEBUG", _set_debug)
def _debug() -> Any:
    return STATE.debug


def _set_line_number(value: Any) -> None:
    from .convert import as_int

    STATE.line_number = as_int(value)


@special("$.", _set_line_number)
def _line_number() -> Any:
    return STATE.line_number


@special("$FILENAME")
def _filename() -> Any:
    return String("-")


@special("$:")
def _load_path() -> Any:
    from .loading import LOADER

    return LOADER.path


@special('$"')
def _loaded_features() -> Any:
    from .loading import LOADER

    return LOADER.features


# --- errors ---------------------------------------------------------------------------------------------------------


@special("$!")
def _error() -> Any:
    from .errors import current_error

    return current_error()


def _set_backtrace(value: Any) -> None:
    from .dispatch import send

    exc = _error()
    if exc is None:
        raise error("ArgumentError", "$! not set")
    send(exc, ":set_backtrace", None, value)


@special("$@", _set_backtrace)
def _backtrace() -> Any:
    from .dispatch import send

    exc = _error()
    return None if exc is None else send(exc, ":backtrace")
