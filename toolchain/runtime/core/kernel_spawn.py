"""Kernel: other processes. system, backticks, spawn, exec and fork."""

from __future__ import annotations

from .. import hooks
from ..at_exit import BLOCKS
from ..builtin import NativeClass
from ..convert import as_str
from ..errors import error
from ..model import class_of
from ..streams import flush_all
from ..values import TRUE, Array, Hash, String, Symbol, is_true
from ..warnings import write_error
from .errno import failed_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

kernel = NativeClass("Kernel")


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
            result[host] = (
                subprocess.DEVNULL
                if value.s == "/dev/null"
                else open(  # noqa: SIM115
                    value.s, "rb" if name == "in" else "wb"
                )
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


@kernel.function("spawn")
def spawn(self: Value, blk: Block, *args: Value, **options: Value) -> Value:
    import subprocess

    command, shell, environment = command_words(args)
    flush_all()
    try:
        process = subprocess.Popen(command, shell=shell, env=environment, **redirections(options))
    except OSError as failure:
        raise failed_call(failure, "", command if shell else command[0])
    CHILDREN[process.pid] = process
    return process.pid


# Processes that spawn started and nobody waited for: Python would complain about forgotten ones.
CHILDREN: dict[int, Any] = {}


@kernel.function("exec")
def exec_(self: Value, blk: Block, *args: Value, **options: Value) -> Value:
    import os

    command, shell, environment = command_words(args)
    flush_all()
    hooks.finish()
    words = ["/bin/sh", "-c", command] if shell else command
    try:
        os.execvpe(words[0], words, os.environ if environment is None else environment)
    except OSError as failure:
        raise failed_call(failure, "", words[0])


@kernel.function("fork", block=True)
def fork(self: Value, blk: Block) -> Value:
    import os

    flush_all()
    child = os.fork()
    if child:
        return child
    if blk is None:
        return None
    BLOCKS.clear()
    status = 0
    try:
        blk()
    except (Exception, KeyboardInterrupt) as failure:
        from ..exceptions import guest_exception
        from .exception import full_text

        exc = guest_exception(failure)
        if class_of(exc).name == "SystemExit":
            status = int((exc.details or {}).get("status", 0))
        else:
            write_error(full_text(exc, False))
            status = 1
    flush_all()
    os._exit(status)
    return None
