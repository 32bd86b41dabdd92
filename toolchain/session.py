"""One run of a program: which engine, how files are found and loaded, what `require` and `load` do."""

from __future__ import annotations

import os

from .runtime import globals as guest_globals
from .runtime import hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..format.chunk import Module
    from .program import RunOptions


def compile_text(source: str, path: str) -> Module:
    """Compile the text of a file; `path` is the one that the artifact notes. Raises SyntaxErrors."""
    from .compiler import compile_source

    return compile_source(source, path)


class Session:
    """Loads modules for one program and runs them on the engine that its options name."""

    def __init__(self, options: RunOptions) -> None:
        self.options = options
        self.engine = self.pick_engine(options.engine or os.environ.get("METOREX_ENGINE", ""))
        self.engine.install()
        hooks.load_file = self.load_file

    def pick_engine(self, name: str) -> Any:
        """Return the module of an engine; it has `install()` and `run_script(module, path, absolute, main, wrap)`."""
        if name == "host":
            from .engines.host import machine as host

            return host
        from .engines.stack import machine

        return machine

    def start(self, path: str, arguments: Sequence[str]) -> Module:
        """Load the main program."""
        guest_globals.set_program(path, list(arguments))
        return self.load(path)

    def start_source(self, source: str, path: str, arguments: Sequence[str]) -> Module:
        """Compile a main program that has no file."""
        guest_globals.set_program(path, list(arguments))
        return compile_text(source, path)

    def load(self, path: str) -> Module:
        with open(path, encoding="utf-8") as file:
            return compile_text(file.read(), os.path.basename(path))

    def run_main(self, module: Module, path: str) -> Any:
        return self.engine.run_script(module, path, os.path.abspath(path))

    def load_file(self, path: str, wrap: Any = None) -> Any:
        """Run a required or loaded file, see runtime/hooks.py."""
        return self.engine.run_script(self.load(path), path, path, main=False, wrap=wrap)
