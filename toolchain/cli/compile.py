"""`metorex compile`: batch precompilation."""

from __future__ import annotations

import sys
import time
from collections import Counter

import click

from ...format.errors import EX_NOINPUT
from ..batch.build import COMPILED, FAILED, FRESH, STALE, BuildOptions, Job, Result, build_all, output_path
from ..batch.discover import Sources


@click.command()
@click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, envvar="METOREX_JOBS", help="0: all CPUs.")
@click.option("-o", "--output", metavar="DIR", help="Write a tree of artifacts for distribution below DIR.")
@click.option("-s", "--strip-prefix", default="", metavar="DIR", help="With -o: drop DIR from the paths.")
@click.option("-p", "--prepend-prefix", default="", metavar="DIR", help="With -o: put DIR before the paths.")
@click.option(
    "--invalidation-mode",
    type=click.Choice(["timestamp", "checked-hash", "unchecked-hash"]),
    help="How artifacts notice that their source changed.",
)
@click.option("--strip", is_flag=True, help="Leave the source and the local names out.")
@click.option("-f", "--force", is_flag=True, help="Recompile even what is fresh.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and list what is stale.")
@click.option("-x", "--exclude", multiple=True, metavar="GLOB", help="Leave out (gitignore syntax, repeatable).")
@click.option("-q", "--quiet", count=True, help="-q: errors only; -qq: nothing.")
@click.option("--explain", is_flag=True, help="Tell why each file was recompiled.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first error.")
@click.argument("paths", nargs=-1, required=True)
def command(
    jobs: int,
    output: str | None,
    strip_prefix: str,
    prepend_prefix: str,
    invalidation_mode: str | None,
    strip: bool,
    force: bool,
    check: bool,
    exclude: tuple[str, ...],
    quiet: int,
    explain: bool,
    fail_fast: bool,
    paths: tuple[str, ...],
) -> int:
    """Compile the sources in PATHS, files and folders, and keep their artifacts."""
    started = time.perf_counter()
    settings = BuildOptions()
    settings.mode = invalidation_mode or ""
    settings.strip = strip
    settings.force = force
    settings.check = check
    settings.sync = output is not None
    sources = Sources(paths, exclude)
    status = 0
    for path in sources.missing:
        status = EX_NOINPUT
        if quiet < 2:
            click.echo(f"metorex: no such file or folder: {path}", err=True)
    todo = [
        Job(path, root, output_path(path, root, output, strip_prefix, prepend_prefix) if output else "")
        for path, root in sources
    ]
    done: Counter[str] = Counter()
    lines = 0
    with progress(len(todo), quiet) as advance:
        for result in build_all(todo, settings, jobs):
            done[result.outcome] += 1
            lines += result.lines
            advance()
            show(result, quiet, explain)
            status = status or result.status
            if result.outcome == FAILED and fail_fast:
                break
    if quiet < 1:
        seconds = time.perf_counter() - started
        rate = f", {lines / seconds:,.0f} lines/s" if lines and seconds else ""
        kinds = [STALE] if check else [COMPILED]
        counts = ", ".join(f"{done[kind]} {kind}" for kind in (*kinds, FRESH, FAILED))
        click.echo(f"{counts}, {seconds:.2f} s{rate}", err=True)
    return status


def show(result: Result, quiet: int, explain: bool) -> None:
    """Print what is to be said about one file."""
    if result.outcome == FAILED:
        if quiet < 2:
            sys.stderr.write(result.text)
    elif result.outcome == STALE:
        click.echo(f"{result.path}: {result.text}")
    elif explain and quiet < 1:
        click.echo(f"{result.path}: {result.outcome}" + (f" ({result.text})" if result.text else ""), err=True)


class progress:  # noqa: N801 - used like a function
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self, total: int, quiet: int) -> None:
        self.bar = None
        if quiet < 1 and total > 1 and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.task = self.bar.add_task("compiling", total=total)

    def __enter__(self):  # type: ignore[no-untyped-def]
        if self.bar is not None:
            self.bar.start()
        return self.advance

    def advance(self) -> None:
        if self.bar is not None:
            self.bar.advance(self.task)

    def __exit__(self, *exc: object) -> None:
        if self.bar is not None:
            self.bar.stop()
