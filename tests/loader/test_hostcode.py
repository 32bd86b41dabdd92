"""Which files of host code are trusted: only whole ones that this user wrote where nobody else can."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from metorex.loader import atomic, hostcode
from metorex.loader.hostcode import DAMAGED, FOREIGN, STALE, file_name, read, write

NAME = file_name(b"\1" * 32, "cpython-311")
KEY = b"k" * 32


@pytest.fixture
def path(home: Path) -> Path:
    """A file that was written."""
    assert write(NAME, KEY, b"payload") == ""
    return home / ".cache" / "metorex" / "host" / NAME


def test_what_was_written_is_read(path: Path) -> None:
    assert read(NAME, KEY) == (b"payload", "")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == [NAME]


def test_nothing_is_read_where_nothing_is(home: Path) -> None:
    assert read(NAME, KEY) == (b"", "")
    assert not (home / ".cache").exists()
    write(NAME, KEY, b"payload")
    assert read("other", KEY) == (b"", "")


def test_every_damaged_byte_is_noticed(path: Path) -> None:
    data = path.read_bytes()
    for index in range(len(data)):
        path.write_bytes(data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :])
        assert read(NAME, KEY) == (b"", DAMAGED)
    for size in range(len(data)):
        path.write_bytes(data[:size])
        assert read(NAME, KEY) == (b"", DAMAGED)
    path.write_bytes(data + b"\0")
    assert read(NAME, KEY) == (b"", DAMAGED)


def test_another_version_is_stale(path: Path) -> None:
    assert read(NAME, b"K" * 32) == (b"", STALE)
    write(NAME, b"K" * 32, b"new")
    assert read(NAME, b"K" * 32) == (b"new", "")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o660, 0o666])
def test_a_file_that_others_may_touch_is_foreign(path: Path, mode: int) -> None:
    path.chmod(mode)
    assert read(NAME, KEY) == (b"", FOREIGN)


def test_a_file_of_somebody_else_is_foreign(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = list(path.stat())
    fields[4] = os.geteuid() + 1
    theirs = os.stat_result(fields)
    monkeypatch.setattr(os, "fstat", lambda descriptor: theirs)
    assert read(NAME, KEY) == (b"", FOREIGN)


def test_only_regular_files_count(path: Path) -> None:
    real = path.with_name("real")
    path.rename(real)
    path.symlink_to(real)
    assert read(NAME, KEY) == (b"", FOREIGN)
    path.unlink()
    path.mkdir()
    assert read(NAME, KEY) == (b"", FOREIGN)


def test_a_folder_that_others_may_enter_is_not_used(path: Path) -> None:
    path.parent.chmod(0o750)
    assert read(NAME, KEY) == (b"", "")
    assert write(NAME, KEY, b"more") == "no private folder"


def test_writing_may_fail(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "write_file", full)
    assert write(NAME, KEY, b"more") == "No space left on device"
    monkeypatch.setattr(hostcode, "MAX_BYTES", 100)
    assert write(NAME, KEY, b"x" * 100) == "too large"
    assert read(NAME, KEY) == (b"payload", "")


def test_the_least_recently_used_go_first(path: Path) -> None:
    old = time.time() - 30 * 24 * 3600
    for name in ("a", "b", "c"):
        write(name, KEY, b"x" * 1000)
        os.utime(path.with_name(name), (old, old))
    assert read("b", KEY)[1] == ""  # a use dates it anew
    size = path.with_name("a").stat().st_size
    assert hostcode.prune(str(path.parent), size * 2) == 2
    assert sorted(entry.name for entry in path.parent.iterdir()) == sorted([NAME, "b"])
