"""Kernel: ending the program, warning, sleeping, other processes."""

from __future__ import annotations

import time

from ..at_exit import BLOCKS
from ..builtin import NativeClass
from ..convert import as_float, as_str, to_s
from ..dispatch import block_proc
from ..errors import Exit, Raised, error, new_exception
from ..model import class_of
from ..streams import STDOUT, flush_all
from ..values import TRUE, UNDEF, Array, Hash, String, Symbol, is_true
from ..warnings import CATEGORIES, write_error, write_warning
from .errno import failed_call
from .exception_details import exit_status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

kernel = NativeClass("Kernel")


# --- the end --------------------------------------------------------------------------------------------------------

@kernel.function("at_exit", block=True)
def at_exit(self: Value, blk: Block) -> Value:
    if blk is None:
        raise error("ArgumentError", "called without a block")
    BLOCKS.append(blk)
    return block_proc(blk)


@kernel.function("exit")
def exit_(self: Value, blk: Block, status: Value = TRUE) -> Value:
    raise Raised(new_exception("SystemExit", "exit", status=exit_status(status)))


@kernel.function("exit!")
def exit_now(self: Value, blk: Block, status: Value = TRUE) -> Value:
    raise Exit(exit_status(status))


@kernel.function("abort")
def abort(self: Value, blk: Block, message: Value = UNDEF) -> Value:
    text = "exit"
    if message is not UNDEF:
        text = as_str(message)
        write_error(text + "\n")
    raise Raised(new_exception("SystemExit", text, status=1))


# --- warnings -------------------------------------------------------------------------------------------------------


@kernel.function("warn")
def warn(
    self: Value, blk: Block, *messages: Value, uplevel: Value = None, category: Value = None, **options: Value
) -> Value:
    from ..globals import STATE

    name = ""
    if category is not None:
        name = category.name if category.__class__ is Symbol else to_s(category)
        if name not in CATEGORIES:
            raise error("ArgumentError", f"unknown category: {name}")
    if STATE.verbose is None or not messages or (name and not CATEGORIES[name]):
        return None
    from .kernel_output import puts_text

    flat: list[Any] = []
    for message in messages:
        flat.extend(message.a if isinstance(message, Array) else [message])
    if not flat:
        return None
    text = puts_text(flat)
    if uplevel is not None:
        text = place_prefix(uplevel) + text
    write_warning(text, name)
    return None


def place_prefix(uplevel: Value) -> str:
    """Return `FILE:LINE: warning: ` for the caller that many levels up."""
    from ..backtrace import capture, locations
    from ..convert import as_int

    level = as_int(uplevel)
    if level < 0:
        raise error("ArgumentError", f"negative level ({level})")
    places = locations(capture(None))
    if level < len(places):
        return f"{places[level][0]}:{places[level][1]}: warning: "
    return "warning: "


# --- time -----------------------------------------------------------------------------------------------------------


@kernel.function("sleep")
def sleep(self: Value, blk: Block, seconds: Value = UNDEF) -> Value:
    from ..scheduler import SCHEDULER

    STDOUT.flush()
    start = time.monotonic()
    if seconds is UNDEF or seconds is None:
        SCHEDULER.sleep(None)
        return round(time.monotonic() - start)
    if isinstance(seconds, String) or seconds is TRUE or isinstance(seconds, (Array, Hash)):
        raise error("TypeError", f"can't convert {class_of(seconds).name} into time interval")
    duration = as_float(seconds)
    if duration < 0:
        raise error("ArgumentError", "time interval must not be negative")
    SCHEDULER.sleep(duration)
    return round(time.monotonic() - start)


# --- other processes ------------------------------------------------------------------------------------------------


def set_status(code: int, pid: int) -> None:
    """Note how a process ended: `$?`."""
    from ..globals import STATE
    from .process import make_status

    STATE.status = make_status(code, pid)


def command_words(args: Any) -> tuple[Any, bool, dict[str, str] | None]:
    """Return (what to run, whether by the shell, environment) for the arguments of `system`."""
    import os

    rest = list(args)
    environment = None
    if rest and isinstance(rest[0], Hash):
        from ..hashing import hash_items

        environment = dict(os.environ)
        for name, value in hash_items(rest.pop(0)):
            if value is None:
                environment.pop(as_str(name), None)
            else:
                environment[as_str(name)] = as_str(value)
    if rest and isinstance(rest[-1], Hash):
        rest.pop()
    words = [as_str(word.a[0]) if isinstance(word, Array) and word.a else as_str(word) for word in rest]
    if len(words) == 1:
        return (*one_command(words[0]), environment)
    return words, False, environment


SHELL_LETTERS = "*?{}[]<>()~&|\\$;'`\"\n#=%"
SHELL_WORDS = [
    "exit", ".", ":", "break", "case", "continue", "do", "done", "elif", "else", "esac", "eval", "exec", "export", "fi",
    "for", "if", "in", "readonly", "return", "set", "shift", "then", "times", "trap", "unset", "until", "wait", "while",
]  # fmt: skip


def one_command(text: str) -> tuple[Any, bool]:
    """Return (what to run, whether by the shell) for a command line: the shell is needed for its own syntax only."""
    words = text.split()
    if not words or words[0] in SHELL_WORDS or any(letter in SHELL_LETTERS for letter in text):
        return text, True
    return words, False


@kernel.function("system")
def system(self: Value, blk: Block, *args: Value, exception: Value = None, **options: Value) -> Value:
    import subprocess

    from ..values import FALSE

    command, shell, environment = command_words(args)
    flush_all()
    try:
        process = subprocess.Popen(command, shell=shell, env=environment, **redirections(options))
        code = process.wait()
    except OSError as failure:
        set_status(127, 0)
        if is_true(exception):
            raise failed_call(failure, "", command if shell else command[0])
        return None
    set_status(code, process.pid)
    if code != 0 and is_true(exception):
        raise error("RuntimeError", f"Command failed with exit {code}: {command if shell else command[0]}")
    return TRUE if code == 0 else FALSE


def redirections(options: dict[str, Any]) -> dict[str, Any]:
    """Return Python's arguments for `out:`, `err:`, `in:` and `chdir:`."""
    import subprocess

    result: dict[str, Any] = {}
    for name, host in (("out", "stdout"), ("err", "stderr"), ("in", "stdin")):
        if name not in options:
            continue
        value = options[name]
        if isinstance(value, Array):
            value = value.a[0]
        if isinstance(value, String):
            result[host] = subprocess.DEVNULL if value.s == "/dev/null" else open(  # noqa: SIM115
                value.s, "rb" if name == "in" else "wb"
            )
        elif value.__class__ is Symbol and value.name == "out":
            result[host] = subprocess.STDOUT
    if "chdir" in options:
        result["cwd"] = as_str(options["chdir"])
    return result


@kernel.function("`")
def backtick(self: Value, blk: Block, command: Value) -> Value:
    import subprocess

    words, shell = one_command(as_str(command))
    flush_all()
    try:
        process = subprocess.Popen(words, shell=shell, stdout=subprocess.PIPE)
    except OSError as failure:
        raise failed_call(failure, "", words[0])
    output, _ = process.communicate()
    set_status(process.returncode, process.pid)
    return String(output.decode("utf-8", "surrogateescape"))


@kernel.function("trap")
def trap(self: Value, blk: Block, signal: Value, command: Value = UNDEF) -> Value:
    from .signal_module import set_trap

    return set_trap(signal, block_proc(blk) if command is UNDEF else command)


@kernel.function("test")
def test(self: Value, blk: Block, command: Value, path: Value, other: Value = UNDEF) -> Value:
    import os

    from ..values import truth

    letter = chr(command) if command.__class__ is int else as_str(command)
    file = as_str(path)
    tests = {"e": os.path.exists, "f": os.path.isfile, "d": os.path.isdir, "l": os.path.islink}
    if letter not in tests:
        raise error("ArgumentError", f"unknown command '{letter}'")
    return truth(tests[letter](file))
