"""STDIN reads what `sys.stdin` is at that moment."""

from __future__ import annotations

import io
import sys

import metorex.toolchain.runtime.builtin  # noqa: F401 - connects the host classes
import pytest
from metorex.toolchain.runtime.core.io import standard
from metorex.toolchain.runtime.dispatch import send


def text_input(text: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")


def test_stdin_follows_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = standard("stdin")
    monkeypatch.setattr(sys, "stdin", text_input("one\ntwo\n"))
    assert send(stdin, ":gets", None).s == "one\n"
    send(stdin, ":ungetc", None, send(stdin, ":getc", None))
    monkeypatch.setattr(sys, "stdin", text_input("three\n"))
    assert send(stdin, ":read", None).s == "three\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO("a stream of text\n"))
    assert send(stdin, ":gets", None).s == "a stream of text\n"
    monkeypatch.setattr(sys, "stdin", None)
    assert send(stdin, ":gets", None) is None
