"""Every program in fixtures/ on every engine: the output next to it (`.out`), or the error (`.err`), is what it prints.

`.err` holds the whole report of an uncaught exception or syntax error. A program without `.err` must end with status 0.
`NAME.args` holds command line arguments, `NAME.in` standard input.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .play import DEEP, ENGINES, ROOT, play

FIXTURES = ROOT / "fixtures"
PROGRAMS = sorted(
    path
    for pattern in ("*.mx", "*.rb")
    for path in FIXTURES.rglob(pattern)
    if path.with_suffix(".out").exists() or path.with_suffix(".err").exists()
)
SHALLOW = [path for path in PROGRAMS if path.parent != DEEP]  # of which other tests take samples
# Known gaps: path below fixtures, engine (perhaps "on" a host), reason. Empty is the goal.
GAPS: dict[tuple[str, str], str] = {}


def skip_gap(path: Path, engine: str) -> None:
    """Skip the test of a known gap."""
    name = str(path.relative_to(FIXTURES).with_suffix(""))
    for where in (engine, f"{engine} on {sys.implementation.name}"):
        if (name, where) in GAPS:
            pytest.skip(GAPS[name, where])


def beside(path: Path, suffix: str) -> str:
    """Return the text of the file next to a program, "" if there is none."""
    other = path.with_suffix(suffix)
    return other.read_text(encoding="utf-8") if other.exists() else ""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: str(path.relative_to(FIXTURES).with_suffix("")))
def test_fixture(path: Path, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skip_gap(path, engine)
    monkeypatch.setenv("METOREX_CACHE_DIR", str(tmp_path / "artifacts"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    kept = []
    # Endless recursion takes its time, and is the same for a module that was read.
    for way in ("compiled",) if path.parent == DEEP else ("compiled", "from its artifact"):
        played = play(path, engine, tuple(beside(path, ".args").split()), beside(path, ".in"))
        assert (way, played.out) == (way, beside(path, ".out"))
        assert (way, played.err) == (way, beside(path, ".err"))
        kept.append(sorted((f.name, f.stat().st_mtime_ns) for f in (tmp_path / "user").rglob("*.host")))
    assert kept[0] == kept[-1]  # the second run found its host code there, and translated no more
    assert played.status == (1 if path.with_suffix(".err").exists() else 0)


def test_there_are_fixtures() -> None:
    assert len(PROGRAMS) > 20
