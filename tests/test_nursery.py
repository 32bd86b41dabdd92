"""PyPy is started again with a larger nursery for programs that an earlier run left a mark for, and only once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from metorex.toolchain import nursery


def test_marked_programs_start_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(nursery.VARIABLE, raising=False)
    monkeypatch.delenv(nursery.OURS, raising=False)
    monkeypatch.setattr(os, "execv", lambda path, command: started.append((path, dict(os.environ))))
    monkeypatch.setattr(nursery, "SIZE", [0])
    monkeypatch.setattr("time.process_time", lambda: 1.0)
    spent = SimpleNamespace(total_gc_time=nursery.MUCH_MS - 1)
    monkeypatch.setattr("gc.get_stats", lambda memory: spent)

    nursery.note("a.rb")
    nursery.restart(["run", "a.rb"])
    assert not started

    spent.total_gc_time = nursery.MUCH_MS
    nursery.note("a.rb")
    nursery.restart(["run", "b.rb"])
    assert not started
    if not os.path.exists("/proc/self/cmdline"):
        return
    nursery.restart(["run", "--engine", "host", os.path.abspath("a.rb"), "b.rb"])
    (path, environ), *more = started
    assert path == sys.executable and environ[nursery.VARIABLE] == nursery.SIZES[0] and not more

    nursery.restart(["run", "a.rb"])  # as the process that was started does
    assert len(started) == 1 and nursery.VARIABLE not in os.environ and nursery.OURS not in os.environ

    spent.total_gc_time = 1000 * nursery.MOST - 1
    nursery.note("a.rb")
    spent.total_gc_time = 1000 * nursery.MOST
    nursery.note("b.rb")
    for name in ("a.rb", "b.rb"):
        nursery.restart(["run", name])
        nursery.restart(["run", name])
    sizes = [environ[nursery.VARIABLE] for _, environ in started]
    assert sizes == [nursery.SIZES[0], nursery.SIZES[0], nursery.SIZES[1]]
