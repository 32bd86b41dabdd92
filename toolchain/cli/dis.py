"""`metorex dis`: the listing of a source or artifact."""

from __future__ import annotations

import json
import sys

import click

from ...format.disassembler import describe, graph, listing
from .source import load_module


@click.command()
@click.option("--source", "with_source", is_flag=True, help="Show the source lines between the instructions.")
@click.option("--json", "as_json", is_flag=True, help="Print the same as one JSON document.")
@click.option("--cfg", is_flag=True, help="Print the control-flow graph in DOT.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the source from standard input.")
@click.argument("file", required=False)
def command(with_source: bool, as_json: bool, cfg: bool, from_stdin: bool, file: str | None) -> int:
    """Disassemble FILE, a source or an .mxc artifact."""
    if from_stdin:
        file = "-"
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    from ..program import syntax_report
    from ..syntax.errors import SyntaxErrors

    try:
        module = load_module(file)
    except SyntaxErrors as failure:
        sys.stderr.write(syntax_report(failure))
        return 1
    if as_json:
        click.echo(json.dumps(describe(module), indent=2))
    elif cfg:
        click.echo(graph(module))
    else:
        click.echo(listing(module, with_source))
    return 0


def print_listing(source: str, path: str) -> int:
    """Print the listing of source text; the exit status is 1 if it does not compile."""
    from ..compiler import compile_source
    from ..program import syntax_report
    from ..syntax.errors import SyntaxErrors

    try:
        click.echo(listing(compile_source(source, path)))
    except SyntaxErrors as failure:
        sys.stderr.write(syntax_report(failure))
        return 1
    return 0
