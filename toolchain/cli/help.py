"""`metorex help [COMMAND]`."""

from __future__ import annotations

import click


@click.command()
@click.argument("name", required=False)
@click.pass_context
def command(ctx: click.Context, name: str | None) -> None:
    """Show this text, or the help of a command."""
    from .main import cli

    parent = click.Context(cli, info_name="metorex")
    if name is None:
        click.echo(cli.get_help(parent))
        return
    found = cli.get_command(parent, name)
    if found is None:
        raise click.UsageError(f"No such command '{name}'.", ctx)
    click.echo(found.get_help(click.Context(found, info_name=name, parent=parent)))
