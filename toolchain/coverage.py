"""A plugin for coverage.py: `plugins = metorex.toolchain.coverage` in its configuration lets reports show programs.

Generated code carries the lines of the program (engines/host/line_table.py), so coverage.py sees them run; what it asks
a plugin for is which lines of a file have code at all.
"""

from __future__ import annotations

import os

from coverage.plugin import CoveragePlugin, FileReporter, FileTracer

from ..format import chunk as ck

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from coverage.types import TLineNo

CLOSING = ("", "end", "else", "ensure")  # lines of these alone: their instructions are nobody's statement
SUFFIXES = (".mx", ".rb")
LIBRARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib", "")


class ProgramTracer(FileTracer):
    """Says that a program's file is its own source."""

    def __init__(self, filename: str) -> None:
        self.filename = filename

    def source_filename(self) -> str:
        return self.filename


class ProgramReporter(FileReporter):
    """Tells which lines of a program's file hold instructions."""

    def source(self) -> str:
        with open(self.filename, encoding="utf-8") as file:
            return file.read()

    def lines(self) -> set[TLineNo]:
        from .session import compile_text

        module = compile_text(self.source(), self.filename)
        found: set[TLineNo] = set()
        for function in module.functions:
            found.update(line for line, _ in function.positions)
            if function.kind == ck.METHOD and function.line:
                found.add(function.line)
        texts = self.source().split("\n")
        return {line for line in found if line <= len(texts) and texts[line - 1].strip(" \t\r;})].") not in CLOSING}


class ProgramPlugin(CoveragePlugin):
    """Claims the program's files; the standard library stays out of reports."""

    def file_tracer(self, filename: str) -> FileTracer | None:
        if filename.endswith(SUFFIXES) and not filename.startswith(LIBRARY):
            return ProgramTracer(filename)
        return None

    def file_reporter(self, filename: str) -> FileReporter | str:
        return ProgramReporter(filename)


def coverage_init(registry: Any, options: dict[str, str]) -> None:
    """Register the plugin; coverage.py calls this."""
    registry.add_file_tracer(ProgramPlugin())
