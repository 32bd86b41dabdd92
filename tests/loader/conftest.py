"""Every test has a private home, so that nothing of the real user is read or written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from world import World


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [*os.environ]:
        if name.startswith("METOREX_") or name in ("XDG_CACHE_HOME", "SOURCE_DATE_EPOCH"):
            monkeypatch.delenv(name)
    path = tmp_path / "home"
    path.mkdir()
    monkeypatch.setenv("HOME", str(path))
    return path


@pytest.fixture
def world(tmp_path: Path) -> World:
    folder = tmp_path / "project"
    folder.mkdir()
    return World(folder)
