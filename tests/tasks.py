"""What tests have done in a child of the fork server: each function returns the exit status.

The server finds them by name, so they stand here, in a module that imports nothing a child would have to load first.
"""

from __future__ import annotations


def run_program(name: str, engine: str, arguments: tuple[str, ...] = (), cache: bool = True) -> int:
    """Run the program in a file as `metorex run` would."""
    from metorex.toolchain.program import RunOptions, run_file

    options = RunOptions()
    options.engine = engine
    options.load.cache = cache
    return run_file(name, list(arguments), options)


def run_text(source: str, engine: str) -> int:
    """Run a program that has no file."""
    from metorex.toolchain.program import RunOptions, run_source

    options = RunOptions()
    options.engine = engine
    return run_source(source, "program.mx", [], options)


def run_carefully(source: str) -> int:
    """Run a program that has no file on the host engine, as with METOREX_CAREFUL=1."""
    from metorex.toolchain.engines.host import careful

    careful.CAREFUL = True
    return run_text(source, "host")


def command_line(words: tuple[str, ...]) -> int:
    """Carry out a command line."""
    from metorex.toolchain.entry import main

    return main(words)


def run_checked_artifact(data: bytes, seconds: float) -> int:
    """Run the bytes of an artifact that verifies in checking mode; stopped by a signal after some seconds."""
    import resource
    import signal

    from metorex.format.reader import read_module
    from metorex.toolchain.engines.stack import checked
    from metorex.toolchain.program import execute

    signal.setitimer(signal.ITIMER_REAL, seconds)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    checked.install()
    return execute(lambda: checked.run_script(read_module(data), "mutant.mx"))


def run_with_all_parts(name: str, engine: str, arguments: tuple[str, ...]) -> int:
    """Run the program in a file when all core classes are loaded already."""
    from metorex.toolchain.runtime import reindex

    reindex.render()
    return run_program(name, engine, arguments, cache=False)
