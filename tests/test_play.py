"""The children that play programs: apart from this process and from each other, and their end is always reported."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from . import tasks
from .play import STOPPED, Server, forked

MARKS: list[str] = []


def kill_oneself(number: int) -> int:
    os.kill(os.getpid(), number)
    return 0


def kill_the_server() -> int:
    os.kill(os.getppid(), signal.SIGKILL)
    return 0


def refuse_to_end() -> int:
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        time.sleep(1)


def leave_a_mark() -> int:
    MARKS.append("mark")
    return len(MARKS)


def tell() -> int:
    print(os.getcwd(), os.environ.get("MARK"), sys.stdin.read())
    return 3


def test_children_are_apart() -> None:
    MARKS.append("in this process")
    assert forked(leave_a_mark).status == 1
    assert forked(leave_a_mark).status == 1


def test_environment_folder_and_input_are_those_of_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARK", "set")
    assert forked(tell, folder=tmp_path, stdin="text") == (f"{tmp_path} set text\n", "", 3)
    monkeypatch.delenv("MARK")
    assert forked(tell, folder=tmp_path) == (f"{tmp_path} None \n", "", 3)


def test_an_exception_is_told() -> None:
    played = forked(tasks.run_text, 1, "no engine")
    assert played.status == 70
    assert "Traceback" in played.err


def test_what_does_not_end_is_stopped() -> None:
    assert forked(refuse_to_end, seconds=0.5).status == STOPPED
    assert forked(kill_oneself, signal.SIGKILL).status == STOPPED
    assert forked(tasks.run_text, "exit 4", "stack").status == 4


def test_a_dead_server_is_replaced() -> None:
    server = Server(measured=False)
    with pytest.raises((EOFError, OSError)):
        forked(kill_the_server, server=server)
    server.process.wait()
    assert forked(tasks.run_text, "exit 4", "stack", server=server).status == 4
    server.close()
