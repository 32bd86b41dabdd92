"""Plays guest programs for tests: a forked child runs the program as the command line would, and its output comes back.

A child a program keeps programs apart (classes that they reopen, globals, at_exit blocks) and costs a few milliseconds:
the process that forks them has imported everything expensive (fork_server.py). It is another process than the one that
runs the tests, whose own use of the runtime would be seen by the programs.
"""

from __future__ import annotations

import json
import os
import pickle
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import fork_server, tasks

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# METOREX_TEST_ENGINES (names separated by commas) chooses some of them.
ENGINES = tuple(os.environ.get("METOREX_TEST_ENGINES", "stack,host").split(","))
DEEP = ROOT / "fixtures" / "language" / "depth"
LIMIT_SECONDS = 300  # of a machine that may be very busy
STOPPED = 124


class Played(NamedTuple):
    """What a program wrote and its exit status (124: it was stopped by a signal, perhaps after LIMIT_SECONDS)."""

    out: str
    err: str
    status: int


def play(path: Path, engine: str = "stack", arguments: tuple[str, ...] = (), stdin: str = "") -> Played:
    """Run the program in `path` on an engine, through a written and re-read artifact, in its own folder."""
    server = UNMEASURED if path.parent == DEEP else SERVER
    return forked(tasks.run_program, path.name, engine, arguments, folder=path.parent, stdin=stdin, server=server)


def forked(
    function: Callable[..., int],
    *arguments: Any,
    folder: Path | None = None,
    stdin: str = "",
    seconds: float = 0,
    server: Server | None = None,
) -> Played:
    """Call a function of a module in a child with its own standard streams; it returns the exit status.

    The child has the environment that this process has now.
    """
    call = pickle.dumps((function, arguments))
    request = pickle.dumps((dict(os.environ), str(folder or os.getcwd()), seconds or LIMIT_SECONDS, call))
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        source.write(stdin.encode())
        source.seek(0)
        state = (server or SERVER).ask(request, [stream.fileno() for stream in (source, out, err)])
        out.seek(0)
        err.seek(0)
        status = os.WEXITSTATUS(state) if os.WIFEXITED(state) else STOPPED
        return Played(out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace"), status)


class Server:
    """A fork server of this process: started by the first request, and again if it died."""

    def __init__(self, measured: bool) -> None:
        self.measured = measured
        self.channel: socket.socket | None = None

    def ask(self, request: bytes, descriptors: list[int]) -> int:
        """Have a child forked and return the state in which it ended."""
        if self.channel is None:
            self.channel = self.start()
        try:
            fork_server.send(self.channel, request, descriptors)
            return int(fork_server.receive(self.channel)[0])
        except (EOFError, OSError):
            self.channel.close()
            self.channel = None
            raise

    def start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        data_file = coverage_file() if self.measured else ""
        command = [sys.executable, fork_server.__file__, str(theirs.fileno()), json.dumps(sys.path), data_file]
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        theirs.close()
        return ours

    def close(self) -> None:
        if self.channel is not None:
            self.channel.close()
            self.channel = None
            self.process.wait()


def coverage_file() -> str:
    """Return the data file of the coverage that this process measures, "" for none."""
    if "coverage" not in sys.modules:
        return ""
    from coverage import Coverage

    running = Coverage.current()
    return "" if running is None else str(running.get_option("run:data_file"))


SERVER = Server(measured=True)
# Where no coverage is measured: tracing takes a part of the stack that programs of deep recursion need, and they make
# millions of calls for the sake of a few lines.
UNMEASURED = Server(measured=False)
