"""Core classes load when programs need them: a program prints the same if they were all there from the beginning."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import tasks
from .play import ENGINES, forked
from .test_fixtures import FIXTURES, SHALLOW, beside, skip_gap


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", SHALLOW[::10], ids=lambda path: str(path.relative_to(FIXTURES).with_suffix("")))
def test_parts_may_be_loaded_before(path: Path, engine: str) -> None:
    skip_gap(path, engine)
    arguments, stdin, out, err = (beside(path, suffix) for suffix in (".args", ".in", ".out", ".err"))
    played = forked(
        tasks.run_with_all_parts, path.name, engine, tuple(arguments.split()), folder=path.parent, stdin=stdin
    )
    assert played.err == err
    assert played.out == out
