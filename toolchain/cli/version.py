"""`metorex version`."""

from __future__ import annotations

import click

from ... import __version__


@click.command()
def command() -> None:
    """Print the version."""
    click.echo(f"metorex {__version__} (ruby 4.0.0 compatible)")
