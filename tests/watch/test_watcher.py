"""The watch loop, driven by scripted signals; one test lets real file events do it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from metorex.loader.cache import entry_path
from metorex.loader.options import from_environment
from metorex.toolchain.batch.discover import Sources
from metorex.toolchain.watch.signals import Signals
from metorex.toolchain.watch.snapshot import Snapshot
from metorex.toolchain.watch.watcher import Watcher


class Script:
    """Signals that perform one action before each look, and stop after the last."""

    def __init__(self, *actions: Callable[[], object]) -> None:
        self.actions = list(actions)

    def wait(self) -> bool:
        if not self.actions:
            return False
        self.actions.pop(0)()
        return True


def watch(folder: Path, *actions: Callable[[], object]) -> tuple[list[tuple[str, bool | None]], Watcher]:
    said: list[tuple[str, bool | None]] = []
    watcher = Watcher(Sources([str(folder)]), Script(*actions), lambda text, good: said.append((text, good)))  # type: ignore[arg-type]
    watcher.loop()
    return said, watcher


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".xdg"))
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "a.mx").write_text("puts 1\n")
    return folder


def entry(path: Path) -> Path:
    return Path(entry_path(str(path), from_environment()))


def test_builds_at_the_start(project: Path) -> None:
    said, _ = watch(project)
    assert said == [("watching 1 files, 1 compiled, 0 failed", None)]
    assert entry(project / "a.mx").exists()


def test_a_save_is_one_build(project: Path) -> None:
    said, _ = watch(project, lambda: (project / "a.mx").write_text("puts 2\n"), lambda: None)
    assert len(said) == 2
    assert said[1][1] is True
    assert "a.mx: compiled" in said[1][0]


def test_a_rename_over_the_file_and_probe_files(project: Path) -> None:
    def save() -> None:
        (project / "4913").write_text("")
        (project / ".#a.mx").write_text("x")
        (project / "a.mx~").write_text("puts 1\n")
        (project / "a.mx.new").write_text("puts 3\n")
        os.replace(project / "a.mx.new", project / "a.mx")

    said, _ = watch(project, save)
    assert [good for _, good in said] == [None, True]


def test_an_error_is_shown_and_its_repair_too(project: Path) -> None:
    good_bytes: list[bytes] = []

    def break_it() -> None:
        good_bytes.append(entry(project / "a.mx").read_bytes())
        (project / "a.mx").write_text("puts (\n")

    said, watcher = watch(
        project,
        break_it,
        lambda: good_bytes.append(entry(project / "a.mx").read_bytes()),
        lambda: (project / "a.mx").write_text("puts 4\n"),
    )
    assert said[1][1] is False
    assert "syntax error" in said[1][0]
    assert "repaired" in said[2][0]
    assert good_bytes[0] == good_bytes[1]
    assert not watcher.broken


def test_a_deleted_source_takes_its_artifact_along(project: Path) -> None:
    path = entry(project / "a.mx")
    said, _ = watch(project, (project / "a.mx").unlink)
    assert not path.exists()
    assert "gone" in said[1][0]


def test_touch_is_no_build(project: Path) -> None:
    os.utime(project / "a.mx", (1_700_000_000, 1_700_000_000))
    said, _ = watch(project, lambda: os.utime(project / "a.mx", (1_700_000_100, 1_700_000_100)))
    assert len(said) == 1


def test_new_files_and_branch_switches_are_seen(project: Path) -> None:
    def switch() -> None:
        (project / "lib").mkdir()
        (project / "lib" / "b.mx").write_text("puts 5\n")
        (project / "a.mx").write_text("puts 6\n")

    said, _ = watch(project, switch)
    assert len(said) == 3


def test_snapshot_notices_a_write_of_equal_size(project: Path) -> None:
    before = Snapshot(Sources([str(project)]))
    (project / "a.mx").write_text("puts 9\n")
    assert Snapshot(Sources([str(project)])).since(before).changed


def test_the_command_runs_after_good_builds_only(project: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    said: list[tuple[str, bool | None]] = []
    script = Script(
        lambda: (project / "a.mx").write_text("puts (\n"),
        lambda: (project / "a.mx").write_text("puts 7\n"),
    )
    command = ["/bin/sh", "-c", f"echo run >> {log}"]
    Watcher(Sources([str(project)]), script, lambda text, good: said.append((text, good)), command).loop()  # type: ignore[arg-type]
    assert log.read_text() == "run\nrun\n"


def test_real_events(project: Path) -> None:
    signals = Signals([str(project)], 0.05, 0, lambda text: None)
    said: list[str] = []
    watcher = Watcher(Sources([str(project)]), signals, lambda text, good: said.append(text))
    thread = threading.Thread(target=watcher.loop)
    thread.start()
    try:
        wait_for(lambda: len(said) == 1)
        (project / "a.mx").write_text("puts 8\n")
        wait_for(lambda: len(said) == 2)
    finally:
        signals.stop()
        thread.join(10)
        signals.close()
    assert "compiled" in said[1]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def test_polling(project: Path) -> None:
    signals = Signals([str(project)], 0.05, 0.01, lambda text: None)
    assert signals.observer is None
    assert signals.wait()
    signals.stop()
    assert not signals.wait()
    signals.close()


def test_event_system_that_gives_out(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchdog.observers

    def refuse(*args: object, **keywords: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watchdog.observers.Observer, "start", refuse)
    said: list[str] = []
    signals = Signals([str(project)], 0.05, 0, said.append)
    assert signals.poll == 1.0
    assert "inotify" in said[0]
