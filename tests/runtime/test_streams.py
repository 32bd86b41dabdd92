"""Standard output and error below the IO objects."""

from __future__ import annotations

import io
import sys

import pytest
from metorex.toolchain.runtime import streams
from metorex.toolchain.runtime.streams import OutStream, to_bytes


class Binary:
    """Stands for Python's stream: what is written to its buffer is kept, with the name of the stream."""

    def __init__(self, log: list[tuple[str, bytes]], name: str) -> None:
        self.log = log
        self.name = name
        self.buffer = self

    def write(self, data: bytes) -> None:
        self.log.append((self.name, data))

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


def watch(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """Put new streams over recording ones; return the record."""
    written: list[tuple[str, bytes]] = []
    monkeypatch.setattr(sys, "stdout", Binary(written, "out"))
    monkeypatch.setattr(sys, "stderr", Binary(written, "err"))
    monkeypatch.setattr(streams, "STDOUT", OutStream("stdout", sync=False))
    monkeypatch.setattr(streams, "STDERR", OutStream("stderr", sync=True))
    return written


def test_output_waits_in_the_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    log = watch(monkeypatch)
    streams.STDOUT.write("a")
    streams.STDOUT.write("b\n")
    assert log == []
    streams.flush_all()
    assert log == [("out", b"ab\n")]


def test_errors_come_behind_the_output_written_before(monkeypatch: pytest.MonkeyPatch) -> None:
    log = watch(monkeypatch)
    streams.STDOUT.write("first\n")
    streams.STDERR.write("second\n")
    assert log == [("out", b"first\n"), ("err", b"second\n")]


def test_much_output_is_written_early(monkeypatch: pytest.MonkeyPatch) -> None:
    log = watch(monkeypatch)
    streams.STDOUT.write("x" * (streams.LIMIT + 1))
    assert len(log) == 1


def test_bytes_that_are_no_text_stay_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    log = watch(monkeypatch)
    text = b"\xc3".decode("utf-8", "surrogateescape")
    streams.STDOUT.write(text)
    streams.STDOUT.write(b"\xa9\xff".decode("utf-8", "surrogateescape"))
    streams.flush_all()
    assert log == [("out", b"\xc3\xa9\xff")]
    assert to_bytes("\ud800") == b"\xed\xa0\x80"


def test_a_stream_of_text_gets_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.StringIO()
    monkeypatch.setattr(sys, "stdout", text)
    stream = OutStream("stdout", sync=False)
    stream.write("é\n")
    stream.flush()
    assert text.getvalue() == "é\n"
