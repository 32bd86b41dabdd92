"""Kernel: ending the program, warning, sleeping, trap and test. Other processes: kernel_spawn.py."""

from __future__ import annotations

import time

from ..at_exit import BLOCKS
from ..builtin import NativeClass
from ..convert import as_float, as_str, to_s
from ..dispatch import block_proc
from ..errors import Exit, Raised, error, new_exception
from ..model import class_of
from ..streams import STDOUT
from ..values import TRUE, UNDEF, Array, Hash, String, Symbol
from ..warnings import CATEGORIES, write_error, write_warning
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
    from ..backtrace import locations, running
    from ..convert import as_int

    level = as_int(uplevel)
    if level < 0:
        raise error("ArgumentError", f"negative level ({level})")
    places = locations(running())
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


# --- signals and files ------------------------------------------------------------------------------------------------


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
