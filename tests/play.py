"""Plays guest programs for tests: a forked child runs the program as the command line would, and its output comes back.

A child a program keeps programs apart (classes that they reopen, globals, at_exit blocks) and costs a few milliseconds,
because everything expensive is imported once, before the first fork.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# METOREX_TEST_ENGINES (names separated by commas) chooses some of them.
ENGINES = tuple(os.environ.get("METOREX_TEST_ENGINES", "stack,host").split(","))
LIMIT_SECONDS = 60


class Played(NamedTuple):
    """What a program wrote and its exit status (124: it was stopped after LIMIT_SECONDS)."""

    out: str
    err: str
    status: int


def preload() -> None:
    """Import what children need, so that they do not have to."""
    import metorex.toolchain.compiler
    import metorex.toolchain.program
    import metorex.toolchain.report
    import metorex.toolchain.session
    import metorex.toolchain.syntax.metorex  # noqa: F401
    import metorex.verifier  # noqa: F401


def play(path: Path, engine: str = "stack", arguments: tuple[str, ...] = (), stdin: str = "") -> Played:
    """Run the program in `path` on an engine, through a written and re-read artifact, in its own folder."""

    def child() -> int:
        from metorex.toolchain.program import RunOptions, run_file

        options = RunOptions()
        options.engine = engine
        os.chdir(path.parent)
        return run_file(path.name, list(arguments), options)

    return forked(child, stdin)


def forked(body, stdin: str = "") -> Played:  # type: ignore[no-untyped-def]
    """Call `body` in a forked child with its own standard streams; it returns the exit status."""
    preload()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as source:
        source.write(stdin.encode())
        source.seek(0)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                for stream, number in ((source, 0), (out, 1), (err, 2)):
                    os.dup2(stream.fileno(), number)
                sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
                sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
                sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
                import signal

                signal.alarm(LIMIT_SECONDS)
                status = body()
                sys.stdout.flush()
                sys.stderr.flush()
            except BaseException:
                import traceback

                traceback.print_exc()
                sys.stderr.flush()
            finally:
                os._exit(status)
        _, state = os.waitpid(pid, 0)
        status = os.WEXITSTATUS(state) if os.WIFEXITED(state) else 124
        out.seek(0)
        err.seek(0)
        return Played(out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace"), status)
