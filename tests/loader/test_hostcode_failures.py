"""Host code where the system does not play along: nothing is kept or read, and nothing fails."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from metorex.loader import atomic, hostcode, userdir

KEY = b"k" * hostcode.KEY_SIZE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(userdir, "folder", lambda name, create=False: str(tmp_path))
    assert hostcode.write("a", KEY, b"payload") == ""
    return tmp_path


def fail(*args: Any, **options: Any) -> Any:
    raise OSError(5, "no luck")


def test_no_private_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(userdir, "folder", lambda name, create=False: "")
    assert hostcode.read("a", KEY) == (b"", "")
    assert hostcode.write("a", KEY, b"payload") == "no private folder"


def test_a_link_is_not_followed(folder: Path) -> None:
    (folder / "b").symlink_to(folder / "a")
    assert hostcode.read("b", KEY) == (b"", hostcode.FOREIGN)


def test_a_folder_is_no_file(folder: Path) -> None:
    (folder / "b").mkdir()
    assert hostcode.read("b", KEY) == (b"", hostcode.FOREIGN)


def test_what_cannot_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", fail)
        found = hostcode.read("a", KEY)
    assert found == (b"", hostcode.DAMAGED)


def test_too_large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostcode, "MAX_BYTES", 10)
    assert hostcode.read("a", KEY) == (b"", hostcode.DAMAGED)
    assert hostcode.write("a", KEY, b"payload") == "too large"


def test_a_host_without_users(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "geteuid")
    assert hostcode.read("a", KEY) == (b"payload", "")


def test_a_date_that_cannot_be_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(folder / "a", (1, 1))
    monkeypatch.setattr(os, "utime", fail)
    assert hostcode.read("a", KEY) == (b"payload", "")


def test_what_cannot_be_written_or_removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "write_file", fail)
    assert hostcode.write("a", KEY, b"payload") == "no luck"
    monkeypatch.setattr(os, "unlink", fail)
    assert hostcode.prune(str(folder), 0) == 0
    assert hostcode.prune(str(folder / "none")) == 0


def test_now_and_then_the_folder_is_pruned(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pruned: list[str] = []
    monkeypatch.setattr(hostcode, "prune", pruned.append)
    monkeypatch.setattr(os, "getpid", lambda: KEY[0])
    assert hostcode.write("a", KEY, b"payload") == ""
    assert pruned == [str(folder)]
