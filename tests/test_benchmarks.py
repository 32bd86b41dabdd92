"""Every program of the performance suite computes what it states, on every engine and in its versions by hand.

One iteration each: nothing is timed here.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .play import ENGINES, ROOT, play

SUITE = ROOT / "benchmarks"
PROGRAMS = sorted((SUITE / "programs").glob("*.rb"))
BY_HAND = [
    pytest.param(command, path, id=f"{path.parent.name}/{path.stem}")
    for command, pattern in ((sys.executable, "python/*.py"), (shutil.which("lua5.4"), "lua/*.lua"))
    if command
    for path in sorted(SUITE.glob(pattern))
]


def expected_line(name: str) -> str:
    source = (SUITE / "programs" / f"{name}.rb").read_text(encoding="utf-8")
    expected = re.search(r"^EXPECTED = (-?[\d_]+)$", source, re.MULTILINE)
    assert expected, f"{name} states no result"
    return f"{name} {int(expected[1])}\n"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program(path: Path, engine: str) -> None:
    played = play(path, engine, ("1",))
    assert (played.out, played.err, played.status) == (expected_line(path.stem), "", 0)


@pytest.mark.parametrize("command, path", BY_HAND)
def test_version_by_hand(command: str, path: Path) -> None:
    done = subprocess.run([command, str(path), "1"], capture_output=True, text=True, check=True)
    assert done.stdout == expected_line(path.stem)


def test_there_are_programs() -> None:
    assert len(PROGRAMS) > 30
