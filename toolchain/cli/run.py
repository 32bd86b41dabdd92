"""`metorex run`, and everything that is written like Ruby's command line: `-e`, `-c`, `-`."""

from __future__ import annotations

import os
import sys

import click

from ..program import RunOptions, run_file, run_source

ENGINES = ("host", "stack")


def explain(text: str) -> None:
    """Print one of the reasons that --explain asks for."""
    click.echo(text, err=True)


@click.command(context_settings={"allow_interspersed_args": False, "ignore_unknown_options": False})
@click.option("-e", "code", metavar="CODE", multiple=True, help="Run CODE instead of a file; several are lines.")
@click.option("-c", "check", is_flag=True, help="Check the syntax only.")
@click.option("--engine", type=click.Choice(ENGINES), help="How to run bytecode.")
@click.option("--print-result", is_flag=True, help="Print `inspect` of the last value after the program.")
@click.option("--disassemble", is_flag=True, help="Print the bytecode, do not run.")
@click.option("--dump-ast", is_flag=True, help="Print the syntax tree, do not run.")
@click.option("--check-types", is_flag=True, help="Enforce type annotations; compiles anew each time.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write artifacts.")
@click.option("-f", "--force", is_flag=True, help="Recompile even what is fresh.")
@click.option("--explain", "explains", is_flag=True, help="Tell why each file was or was not recompiled.")
@click.option(
    "--check-hash-based",
    type=click.Choice(["default", "always", "never"]),
    default="default",
    help="When to compare sources by hash.",
)
@click.option("--no-verify", is_flag=True, help="Skip verification (for measuring).")
@click.option("--no-artifacts", is_flag=True, help="Refuse .mxc input: run sources only.")
@click.option("-I", "search_path", metavar="DIR", multiple=True, help="Add DIR to the load path.")
@click.option("-r", "requires", metavar="LIB", multiple=True, help="Require LIB before the program.")
@click.option("-C", "folder", metavar="DIR", help="Change to DIR first.")
@click.option("-w", "warnings", is_flag=True, help="Turn warnings on.")
@click.argument("file", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(
    code: tuple[str, ...],
    check: bool,
    engine: str | None,
    print_result: bool,
    disassemble: bool,
    dump_ast: bool,
    check_types: bool,
    no_cache: bool,
    force: bool,
    explains: bool,
    check_hash_based: str,
    no_verify: bool,
    no_artifacts: bool,
    search_path: tuple[str, ...],
    requires: tuple[str, ...],
    folder: str | None,
    warnings: bool,
    file: str | None,
    arguments: tuple[str, ...],
) -> int:
    """Compile FILE if needed, verify it and run it. FILE may be a source or an .mxc artifact, - is standard input."""
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as failure:
            raise click.UsageError(f"cannot change to {folder}: {failure.strerror}")
    words = list(arguments)
    if code and file is not None:
        words.insert(0, file)
    if not code and file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    if check or disassemble or dump_ast:
        return show(code, file, "check" if check else "disassemble" if disassemble else "ast")
    options = RunOptions()
    options.engine = engine or ""
    options.print_result = print_result
    options.explain = explain if explains else None
    options.check_types = check_types
    options.load.cache = options.load.cache and not no_cache and not check_types
    options.load.force = options.load.force or force
    options.load.check_hashes = check_hash_based
    options.load.verify = not no_verify
    options.load.allow_artifacts = not no_artifacts
    options.search_path = [os.path.abspath(entry) for entry in search_path]
    options.requires = list(requires)
    options.warnings = warnings
    if no_verify:
        click.echo("metorex: warning: bytecode is run without verification", err=True)
    if code:
        return run_source("\n".join(code) + "\n", "-e", words, options)
    assert file is not None
    return run_file(file, words, options)


def show(code: tuple[str, ...], file: str | None, what: str) -> int:
    """Print the bytecode or tree of a source, or `Syntax OK`."""
    from .source import read_input

    source, path = ("\n".join(code) + "\n", "-e") if code else read_input(file or "-")
    if what == "disassemble":
        from .dis import print_listing

        return print_listing(source, path)
    from ..program import syntax_report
    from ..syntax.errors import SyntaxErrors
    from ..syntax.metorex import parse

    try:
        tree = parse(source, path)
        if what == "check":
            from ..compiler import compile_program

            compile_program(tree, source, path)
    except SyntaxErrors as failure:
        sys.stderr.write(syntax_report(failure))
        return 1
    click.echo("Syntax OK" if what == "check" else tree.dump())
    return 0
