"""The native of the library open3: a process with its input and outputs in memory."""

from __future__ import annotations

from ..convert import as_str
from ..errors import error
from ..library import library_class
from ..streams import flush_all
from ..values import Array, Hash, String, is_true
from .errno import failed_call
from .kernel_spawn import command_words, redirections, set_status
from .text import from_bytes, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

open3 = library_class("Open3")


@open3.singleton("__run")
def run(self: Value, blk: Block, words: Value, options: Value, data: Value, merge: Value, binary: Value) -> Value:
    """Run a command to its end; return [output, error output, status]."""
    import subprocess

    from ..globals import STATE

    if not isinstance(words, Array) or not isinstance(options, Hash):
        raise error("TypeError", "wrong arguments")
    command, shell, environment = command_words(words.a)
    settings: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT if is_true(merge) else subprocess.PIPE,
    }
    settings.update(redirections({key.name: value for key, value in options.d.items() if hasattr(key, "name")}))
    flush_all()
    try:
        process = subprocess.Popen(command, shell=shell, env=environment, **settings)
    except OSError as failure:
        raise failed_call(failure, "", command if shell else command[0])
    text = b"" if data is None else text_bytes(data if isinstance(data, String) else String(as_str(data)))
    out, err = process.communicate(text)
    set_status(process.returncode, process.pid)
    encoding = "BINARY" if is_true(binary) else "UTF-8"
    return Array([from_bytes(out or b"", encoding), from_bytes(err or b"", encoding), STATE.status])
