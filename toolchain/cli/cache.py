"""`metorex cache`: where artifacts are, how big they are, and how to get rid of them."""

from __future__ import annotations

import json
import os

import click

from ...loader import cache_admin
from ...loader.options import from_environment


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Show and clean what Metorex keeps: artifacts beside the sources, and a folder of your own."""


@command.command("path")
def show_path() -> int:
    """Print where artifacts and the per-user folder are."""
    for what, where in cache_admin.locations(from_environment()):
        click.echo(f"{what:<10} {where or '(none)'}")
    return 0


@command.command("stats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.argument("roots", nargs=-1)
def show_stats(as_json: bool, roots: tuple[str, ...]) -> int:
    """Print how many artifacts there are below ROOTS (default: here), how big they are, and hits and misses."""
    usages, counts = cache_admin.stats(roots or (".",), from_environment())
    if as_json:
        click.echo(json.dumps({"usage": [usage.as_dict() for usage in usages], "counts": counts}, indent=2))
        return 0
    for usage in usages:
        click.echo(f"{usage.name:<10} {usage.files:>7,} files {usage.bytes:>13,} bytes  {usage.path}")
    runs = sum(counts.values())
    share = f" ({100 * counts['hits'] / runs:.0f} %)" if runs else ""
    click.echo(f"hits {counts['hits']:,}{share}, misses {counts['misses']:,}")
    return 0


@command.command("clear")
@click.argument("roots", nargs=-1)
def clear(roots: tuple[str, ...]) -> int:
    """Remove the artifacts below ROOTS (default: here) and the per-user data."""
    removed = cache_admin.clear(roots or (".",), from_environment())
    click.echo(f"removed {removed.files:,} files, {removed.bytes:,} bytes")
    return 0


@command.command("prune")
@click.argument("roots", nargs=-1)
def prune(roots: tuple[str, ...]) -> int:
    """Remove artifacts below ROOTS (default: here) whose source is gone, leftovers, and what is over the size limit."""
    limit = os.environ.get("METOREX_CACHE_MAXSIZE", "")
    if limit and not limit.isdigit():
        raise click.UsageError(f"METOREX_CACHE_MAXSIZE is not a number of bytes: {limit}")
    size = int(limit) if limit else cache_admin.DEFAULT_MAX_BYTES
    removed = cache_admin.prune(roots or (".",), from_environment(), size)
    click.echo(f"removed {removed.files:,} files, {removed.bytes:,} bytes")
    return 0
