"""`metorex watch`: keep artifacts fresh while files change."""

from __future__ import annotations

import os
import shlex
import sys
import threading

import click

from ...format.errors import EX_NOINPUT
from ..batch.discover import Sources
from ..watch.signals import Signals
from ..watch.watcher import Watcher, run_command


@click.command(context_settings={"allow_interspersed_args": True})
@click.option("--run", "program", metavar="FILE [ARGS]", help="Run a program after each good build.")
@click.option("--exec", "command_line", metavar="CMD", help="Run a command after each good build.")
@click.option("--debounce", default=50, metavar="MS", type=click.IntRange(min=0), help="Quiet time before a build.")
@click.option("--poll", default=0.0, metavar="SECS", type=click.FloatRange(min=0), help="Look by the clock.")
@click.option("-x", "--exclude", multiple=True, metavar="GLOB", help="Leave out (gitignore syntax, repeatable).")
@click.argument("paths", nargs=-1, required=True)
def command(
    program: str | None,
    command_line: str | None,
    debounce: int,
    poll: float,
    exclude: tuple[str, ...],
    paths: tuple[str, ...],
) -> int:
    """Keep the artifacts of the sources in PATHS fresh.

    It ends with Ctrl-C, or when standard input ends if that is no terminal.
    """
    sources = Sources(paths, exclude)
    if sources.missing:
        click.echo(f"metorex: no such file or folder: {', '.join(sources.missing)}", err=True)
        return EX_NOINPUT
    words: list[str] | None = None
    if program is not None:
        file, *arguments = shlex.split(program)
        words = run_command(file, arguments)
    elif command_line is not None:
        words = shlex.split(command_line)
    signals = Signals(paths, debounce / 1000, poll, lambda text: say(text, None))
    if not sys.stdin.isatty():
        threading.Thread(target=stop_at_end_of_input, args=(signals,), daemon=True).start()
    try:
        Watcher(sources, signals, say, words).loop()
    except KeyboardInterrupt:
        pass
    finally:
        signals.close()
    return 0


def stop_at_end_of_input(signals: Signals) -> None:
    """Read standard input away; its end stops the watch. The descriptor is read directly: a buffered reader would
    hold a lock that the end of the process waits for."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    signals.stop()


def say(text: str, good: bool | None) -> None:
    """Show a line on standard error, green or red on a terminal."""
    colour = None if good is None else "green" if good else "red"
    coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    click.echo(click.style(text, fg=colour) if coloured and colour else text, err=True)
    sys.stderr.flush()
