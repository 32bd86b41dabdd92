"""Process: clocks, ids, Process::Status."""

from __future__ import annotations

import os
import time

from ..builtin import NativeClass, builtin_class
from ..convert import as_int, inspect_str
from ..errors import error
from ..values import Array, Object, String, Symbol, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value


class StatusObject(Object):
    """How a process ended; `code` as Python has it, negative for a signal."""

    __slots__ = ("code", "pid")
    mclass = None

    code: int
    pid: int


process = NativeClass("Process")
status = NativeClass("Process::Status")

CLOCKS = {
    "CLOCK_REALTIME": 0, "CLOCK_MONOTONIC": 1, "CLOCK_PROCESS_CPUTIME_ID": 2, "CLOCK_THREAD_CPUTIME_ID": 3,
    "CLOCK_MONOTONIC_RAW": 4, "CLOCK_BOOTTIME": 7,
}  # fmt: skip
for _name, _number in CLOCKS.items():
    process.constant(_name, _number)
process.constant("WNOHANG", 1)
process.constant("WUNTRACED", 2)

# Unit of a clock's value -> how many of it make a second, and whether the value is an Integer.
UNITS = {
    "float_second": (1, False), "float_millisecond": (1000, False), "float_microsecond": (1000000, False),
    "second": (1, True), "millisecond": (1000, True), "microsecond": (1000000, True), "nanosecond": (1000000000, True),
}  # fmt: skip


def clock_ns(clock: int) -> int:
    """Return what a clock shows, in nanoseconds."""
    if clock == 0:
        return time.time_ns()
    if clock == 2:
        return time.process_time_ns()
    if clock == 3:
        return time.thread_time_ns()
    return time.monotonic_ns()


def in_unit(nanoseconds: int, unit: Value) -> Value:
    name = unit.name if unit.__class__ is Symbol else "" if unit is not None else "float_second"
    if name not in UNITS:
        raise error("ArgumentError", f"unexpected unit: {inspect_str(unit).lstrip(':')}")
    factor, whole = UNITS[name]
    return nanoseconds * factor // 1000000000 if whole else nanoseconds * factor / 1000000000


@process.function("clock_gettime")
def clock_gettime(self: Value, blk: Block, clock: Value, unit: Value = None) -> Value:
    number = as_int(clock)
    if number not in CLOCKS.values():
        raise error("Errno::EINVAL", "Invalid argument - clock_gettime", errno=22)
    return in_unit(clock_ns(number), unit)


@process.function("clock_getres")
def clock_getres(self: Value, blk: Block, clock: Value, unit: Value = None) -> Value:
    return in_unit(1, unit)


@process.function("pid")
def pid(self: Value, blk: Block) -> Value:
    return os.getpid()


@process.function("ppid")
def ppid(self: Value, blk: Block) -> Value:
    return os.getppid()


@process.function("uid")
def uid(self: Value, blk: Block) -> Value:
    return os.getuid()


@process.function("gid")
def gid(self: Value, blk: Block) -> Value:
    return os.getgid()


@process.function("exit")
def exit_(self: Value, blk: Block, *args: Value) -> Value:
    from .kernel_process import exit_ as kernel_exit

    return kernel_exit(self, None, *args)


@process.function("kill")
def kill(self: Value, blk: Block, signal: Value, *pids: Value) -> Value:
    from .signal_module import signal_number

    for target in pids:
        os.kill(as_int(target), signal_number(signal))
    return len(pids)


@process.function("wait", "waitpid")
def wait(self: Value, blk: Block, target: Value = -1, flags: Value = 0) -> Value:
    from .errno import failed_call
    from .kernel_spawn import CHILDREN, set_status

    try:
        ended, code = os.waitpid(as_int(target), as_int(flags))
    except OSError as failure:
        raise failed_call(failure, "", "")
    child = CHILDREN.pop(ended, None)
    if child is not None:
        child.returncode = code
    if ended == 0:
        return None
    set_status(-(code & 0x7F) if code & 0x7F else code >> 8, ended)
    return ended


@process.function("wait2", "waitpid2")
def wait2(self: Value, blk: Block, target: Value = -1, flags: Value = 0) -> Value:
    ended = wait(self, None, target, flags)
    return None if ended is None else Array([ended, last_status(self, None)])


@process.function("last_status")
def last_status(self: Value, blk: Block) -> Value:
    from ..globals import STATE

    return STATE.status


@process.function("spawn")
def spawn(self: Value, blk: Block, *args: Value, **options: Value) -> Value:
    from .kernel_spawn import spawn as kernel_spawn

    return kernel_spawn(self, None, *args, **options)


@process.function("fork", block=True)
def fork(self: Value, blk: Block) -> Value:
    from .kernel_spawn import fork as kernel_fork

    return kernel_fork(self, blk)


@process.function("detach")
def detach(self: Value, blk: Block, target: Value) -> Value:
    """Return a Thread that waits for a process."""
    from ..dispatch import send

    def waiting() -> Value:
        wait(self, None, target)
        return last_status(self, None)

    return send(builtin_class("Thread"), ":new", waiting)


@process.function("argv0")
def argv0(self: Value, blk: Block) -> Value:
    from ..globals import get_global

    return get_global("$0")


# --- Process::Status ------------------------------------------------------------------------------------------------


def make_status(code: int, number: int) -> StatusObject:
    result = StatusObject()
    result.code, result.pid = code, number
    return result


@status.method("exitstatus")
def exitstatus(self: StatusObject, blk: Block) -> Value:
    return self.code if self.code >= 0 else None


@status.method("termsig")
def termsig(self: StatusObject, blk: Block) -> Value:
    return -self.code if self.code < 0 else None


@status.method("success?")
def success(self: StatusObject, blk: Block) -> Value:
    return truth(self.code == 0) if self.code >= 0 else None


@status.method("exited?")
def exited(self: StatusObject, blk: Block) -> Value:
    return truth(self.code >= 0)


@status.method("signaled?")
def signaled(self: StatusObject, blk: Block) -> Value:
    return truth(self.code < 0)


@status.method("pid")
def status_pid(self: StatusObject, blk: Block) -> Value:
    return self.pid


@status.method("to_i")
def to_i(self: StatusObject, blk: Block) -> Value:
    return self.code << 8 if self.code >= 0 else -self.code


@status.method("==")
def equals(self: StatusObject, blk: Block, other: Value) -> Value:
    if isinstance(other, StatusObject):
        return truth(other.code == self.code)
    return truth(other.__class__ is int and other == to_i(self, None))


def status_text(value: StatusObject) -> str:
    if value.code < 0:
        from .signal_module import signal_name

        return f"pid {value.pid} SIG{signal_name(-value.code)} (signal {-value.code})"
    return f"pid {value.pid} exit {value.code}"


@status.method("to_s")
def to_s(self: StatusObject, blk: Block) -> Value:
    return String(status_text(self))


@status.method("inspect")
def inspect(self: StatusObject, blk: Block) -> Value:
    return String(f"#<Process::Status: {status_text(self)}>")
