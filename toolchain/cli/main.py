"""The `metorex` command group: which words are commands, and how errors become exit codes.

`metorex FILE` is `metorex run FILE`: a command line whose first word is no command of ours belongs to `run`. A module
is imported when its command is used.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click

from ... import __version__
from ...format.errors import MetorexError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Command -> module of this package that holds it.
COMMANDS = {
    "run": "run",
    "compile": "compile",
    "watch": "watch",
    "verify": "verify",
    "dis": "dis",
    "disassemble": "dis",
    "inspect": "inspect",
    "cache": "cache",
    "version": "version",
    "help": "help",
}

USAGE_ERROR = 2
INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if name != "disassemble"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(f".{module}", __package__).command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="metorex %(version)s (ruby 4.0.0 compatible)")
def cli() -> None:
    """Metorex: a Ruby-like language with code as object.

    metorex FILE [ARGS]... runs a program; so does metorex run FILE [ARGS]...
    """


def main(arguments: Sequence[str]) -> int:
    """Carry out a command line and return the exit status."""
    words = list(arguments)
    if words and words[0] not in COMMANDS and words[0] not in ("-h", "--help", "-V", "--version"):
        words.insert(0, "run")
    if not words:
        words = ["--help"]
    try:
        result = cli.main(args=words, prog_name="metorex", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.UsageError as failure:
        failure.show()
        return USAGE_ERROR
    except click.ClickException as failure:
        failure.show()
        return failure.exit_code
    except click.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except MetorexError as failure:
        print(f"metorex: {failure}", file=sys.stderr)
        return failure.exit_code
    except BrokenPipeError:
        # Whoever read our output has gone; keep Python's own flush at exit from complaining.
        sys.stdout = None
        return 1
