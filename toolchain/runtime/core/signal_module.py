"""Signal: names, numbers and traps."""

from __future__ import annotations

import signal as host

from ..builtin import NativeClass
from ..convert import as_int, as_str
from ..dispatch import send
from ..errors import error
from ..hashing import make_hash
from ..values import UNDEF, Proc, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

signal = NativeClass("Signal")

NUMBERS: dict[str, int] = {"EXIT": 0}
for _name in dir(host):
    if _name.startswith("SIG") and not _name.startswith("SIG_") and _name not in ("SIGRTMIN", "SIGRTMAX"):
        NUMBERS[_name[3:]] = int(getattr(host, _name))

# What the program set for a signal: number -> Proc, String or nil.
TRAPS: dict[int, Any] = {}


def signal_name(number: int) -> str | None:
    for name, known in NUMBERS.items():
        if known == number:
            return name
    return None


def signal_number(value: Value) -> int:
    """Return the number of a signal given by number or name. ArgumentError of the guest if there is none."""
    if value.__class__ is int:
        if not 0 <= value <= 64:
            raise error("ArgumentError", f"invalid signal number ({value})")
        return int(value)
    text = value.name if value.__class__ is Symbol else as_str(value)
    plain = text[3:] if text.startswith("SIG") else text
    if plain not in NUMBERS:
        raise error("ArgumentError", f"unsupported signal 'SIG{plain}'")
    return NUMBERS[plain]


def set_trap(name: Value, command: Value) -> Value:
    """Let a signal call `command`; return what was set before."""
    number = signal_number(name)
    if number in (host.SIGKILL, host.SIGSTOP):
        raise error("ArgumentError", f"Invalid argument - SIG{signal_name(number)}")
    previous = TRAPS.get(number, String("DEFAULT") if number else None)
    TRAPS[number] = command
    if number == 0:
        from ..at_exit import BLOCKS

        if isinstance(command, Proc):
            BLOCKS.insert(0, lambda: command.f(0))
        return previous
    handler: Any
    if command is None or (isinstance(command, String) and command.s in ("", "IGNORE", "SIG_IGN")):
        handler = host.SIG_IGN
    elif isinstance(command, String) and command.s in ("DEFAULT", "SIG_DFL", "SYSTEM_DEFAULT"):
        handler = host.default_int_handler if number == host.SIGINT else host.SIG_DFL
    else:

        def handler(received: int, frame: Any) -> None:
            send(command, ":call", None, received)

    host.signal(number, handler)
    return previous


@signal.function("trap", block=True)
def trap(self: Value, blk: Block, name: Value, command: Value = UNDEF) -> Value:
    from ..dispatch import block_proc

    return set_trap(name, block_proc(blk) if command is UNDEF else command)


@signal.function("list")
def list_(self: Value, blk: Block) -> Value:
    return make_hash((String(name), number) for name, number in NUMBERS.items())


@signal.function("signame")
def signame(self: Value, blk: Block, number: Value) -> Value:
    name = signal_name(as_int(number))
    return None if name is None else String(name)
