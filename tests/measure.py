"""Which lines of the toolchain the children of the fork server execute, where coverage is measured.

The server traces itself, and its children with it. A child hands its lines over in a file when it ends; the server
keeps the union of all and writes it as one more data file of `coverage`. (A data file a child, which is what coverage's
own support of forks makes, costs ten times the run of a small program.)
"""

from __future__ import annotations

import os
import pickle
import tempfile

import coverage

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLOORS = ("format", "loader", "verifier", "toolchain")


class Measure:
    def __init__(self) -> None:
        included = [os.path.join(ROOT, floor, "*") for floor in FLOORS]
        self.coverage = coverage.Coverage(data_file=None, include=included, config_file=False, messages=False)
        self.coverage.set_option("run:disable_warnings", ["no-data-collected"])
        self.lines: dict[str, set[int]] = {}
        self.handed = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the server lives
        self.coverage.start()

    def begin(self) -> None:
        """Note what was executed up to here, once: children only tell what comes behind."""
        self.add(self.executed())
        self.coverage.erase()
        self.coverage.start()

    def executed(self) -> dict[str, set[int]]:
        self.coverage.stop()
        data = self.coverage.get_data()
        return {path: set(data.lines(path) or ()) for path in data.measured_files()}

    def add(self, found: dict[str, set[int]]) -> None:
        for path, lines in found.items():
            self.lines.setdefault(path, set()).update(lines)

    def hand_over(self) -> None:
        """End measuring in a child and leave what it executed for the server."""
        data = pickle.dumps(self.executed())
        os.pwrite(self.handed.fileno(), data, 0)

    def take_over(self) -> None:
        """Add what a child left; nothing if it was killed."""
        self.handed.seek(0)
        try:
            self.add(pickle.load(self.handed))
        except (EOFError, pickle.UnpicklingError):
            pass
        self.handed.truncate(0)

    def save(self, data_file: str) -> None:
        """Write the lines of all children next to the data of the other processes, which are combined later."""
        data = coverage.CoverageData(basename=data_file, suffix=f"children.{os.getpid()}")
        data.add_lines(self.lines)
        data.write()
