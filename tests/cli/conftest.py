"""The command line for tests: `metorex(...)` runs it in a forked child with a cache of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from .. import tasks
from ..play import Played, forked


class Metorex(Protocol):
    def __call__(self, *words: str, stdin: str = "") -> Played: ...


@pytest.fixture
def metorex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Metorex:
    """Run a command line in `tmp_path`; the caches are private to the test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".xdg"))
    for name in ("METOREX_CACHE_DIR", "METOREX_NO_CACHE", "METOREX_ENGINE", "FORCE_COLOR", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, stdin: str = "") -> Played:
        return forked(tasks.command_line, words, folder=tmp_path, stdin=stdin)

    return run
