"""When an artifact is stale: each field of the header alone, times and sizes, the same tick, hashes, dependencies."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

import pytest
from metorex.format import layout
from metorex.format.digest import source_hash
from metorex.format.header import read_header
from metorex.format.writer import reseal
from metorex.loader import load
from metorex.loader.freshness import REASONS, TICK_NS, Reason
from world import OLD_NS, SECOND, World, value


def patched(data: bytes, offset: int, replacement: bytes) -> bytes:
    return reseal(data[:offset] + replacement + data[offset + len(replacement) :])


@pytest.mark.parametrize(
    ("offset", "replacement", "codes"),
    [
        (0, b"\0", ["damaged"]),
        (8, b"\x02", ["version"]),
        (10, b"\x01", []),
        (12, b"\x02", ["isa"]),
        (13, b"\x02", []),
        (14, b"\x01", []),
        (14, b"\x02", []),
        (14, b"\x03", ["damaged"]),
        (15, b"\x01", ["strip"]),
        (15, b"\x02", ["damaged"]),
        (16, b"\x03", ["damaged"]),
        (20, b"\x01", ["damaged"]),
        (24, b"\x99", ["producer"]),
        (32, b"\x00", []),
        (40, b"\x09", ["size"]),
        (48, b"\x00", []),
        (64, b"\x00", None),
    ],
)
def test_header_fields_changed_alone(world: World, offset: int, replacement: bytes, codes: list[str] | None) -> None:
    world.load()
    data = patched(world.artifact(), offset, replacement)
    if codes is None:
        data = data[:offset] + bytes((data[offset] ^ 1,)) + data[offset + 1 :]
        codes = ["damaged"]
    world.change_artifact(data)
    assert world.reasons() == codes


def test_all_reasons_are_told_at_once(world: World) -> None:
    world.load()
    data = patched(patched(world.artifact(), 24, b"\x99\x99"), 15, b"\x01")
    world.change_artifact(data)
    world.write("longer", OLD_NS + 1)
    world.options.root = str(world.folder.parent)
    loaded = world.load()
    assert [reason.code for reason in loaded.reasons] == ["strip", "producer", "size", "time", "path"]
    assert str(loaded.reasons[2]) == "the source has another size: 6 bytes instead of 3"
    assert str(Reason("time")) == REASONS["time"] and repr(Reason("time")) == "Reason('time', '')"
    assert Reason("time") != Reason("size")


def test_a_tick_of_the_clock_is_enough(world: World) -> None:
    world.load()
    world.write("two", OLD_NS + 1)
    assert world.reasons() == ["time", "content"]
    world.write("one", OLD_NS)
    assert world.reasons() == ["time", "content"]


def test_a_touched_source_is_read_once(world: World) -> None:
    world.load()
    os.utime(world.source, ns=(OLD_NS + 5, OLD_NS + 5))
    assert world.reasons() == []
    assert read_header(world.artifact()).source_mtime_ns == OLD_NS + 5
    loaded = world.load()
    assert loaded.reasons == [] and value(loaded) == "one"


def test_a_touched_source_with_a_readonly_cache_is_read_each_time(world: World) -> None:
    world.load()
    before = world.artifact()
    os.utime(world.source, ns=(OLD_NS + 5, OLD_NS + 5))
    world.options.readonly = True
    assert world.reasons() == [] and world.artifact() == before


def test_a_refresh_that_cannot_be_written_stops_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.load()

    def refuse(*arguments: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(load.cache, "store", refuse)
    os.utime(world.source, ns=(OLD_NS + 5, OLD_NS + 5))
    loaded = world.load()
    assert loaded.origin == "cache" and loaded.store_error == "full"


def test_a_refreshed_artifact_that_was_not_marked_is_not_marked(world: World, home: Path) -> None:
    world.load()
    os.utime(world.source, ns=(OLD_NS + 5, OLD_NS + 5))
    os.rename(home / ".cache", home / "gone")
    (home / ".cache").write_text("")
    assert world.reasons() == []


# The same tick


def test_an_edit_of_the_same_size_in_the_same_tick_is_seen(world: World) -> None:
    now = time.time_ns()
    world.write("one", now)
    world.load()
    world.write("two", now)
    assert world.reasons() == ["content"]
    world.write("six", now)
    assert world.reasons() == ["content"]


def test_an_edit_while_the_compiler_runs_is_seen(world: World) -> None:
    now = time.time_ns()
    world.write("one", now)
    original = world.compiler.__call__

    def slow(text: str, path: str) -> object:
        module = original(text, path)
        world.write("two", now)
        return module

    load.load_path(world.source, slow, world.options)  # type: ignore[arg-type]
    os.utime(world.entry) if os.stat(world.entry).st_mtime_ns != now else None
    assert os.stat(world.entry).st_mtime_ns == now
    assert world.reasons() == ["content"]


def test_a_young_source_is_read_until_it_is_old(world: World) -> None:
    now = time.time_ns()
    world.write("one", now)
    world.load()
    stamp = os.stat(world.entry).st_mtime_ns
    assert stamp == now
    assert world.reasons() == [] and os.stat(world.entry).st_mtime_ns == stamp  # still young
    old = now - 2 * TICK_NS
    world.write("one", old)
    data = patched(world.artifact(), layout.MTIME_OFFSET, struct.pack("<q", old))
    world.change_artifact(data, old)
    assert world.reasons() == []
    assert os.stat(world.entry).st_mtime_ns > now - SECOND  # the entry is known to be newer now
    reads = []
    original = load.Source.data
    load.Source.data = lambda self: reads.append(1) or original(self)  # type: ignore[method-assign, func-returns-value]
    try:
        assert world.load().reasons == [] and reads == []
    finally:
        load.Source.data = original  # type: ignore[method-assign]


def test_a_source_from_the_future_is_always_read(world: World) -> None:
    future = time.time_ns() + 3600 * SECOND
    world.write("one", future)
    world.load()
    world.write("two", future)
    assert world.reasons() == ["content"]


# Hash modes


def test_checked_hashes_decide_by_content(world: World) -> None:
    world.options.mode = layout.CHECKED_HASH
    world.load()
    assert read_header(world.artifact()).source_mtime_ns == 0
    os.utime(world.source)
    assert world.reasons() == []
    world.write("two")
    assert world.reasons() == ["content"]
    world.write("six")
    world.options.check_hashes = "never"
    assert [reason.code for reason in world.load().reasons] == []


def test_unchecked_hashes_are_trusted(world: World) -> None:
    world.options.mode = layout.UNCHECKED_HASH
    world.load()
    world.write("two")
    assert value(world.load()) == "one"
    world.options.check_hashes = "always"
    assert world.reasons() == ["content"]


# Dependencies, owners


def test_dependencies_are_compared_by_digest(world: World) -> None:
    library = world.folder / "lib.mx"
    library.write_text("library")
    world.compiler.dependencies = [("lib.mx", source_hash(b"library"))]
    world.load()
    assert world.reasons() == []
    os.utime(library)
    assert world.reasons() == []
    library.write_text("another")
    world.compiler.dependencies = [("lib.mx", source_hash(b"another"))]
    loaded = world.load()
    assert loaded.reasons == [Reason("dependency", "lib.mx")]
    os.unlink(library)
    assert world.load().reasons == [Reason("dependency", "lib.mx cannot be read")]


def test_an_entry_of_somebody_else_is_not_used(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.load()
    real = os.stat(world.entry).st_uid
    if real == 0:
        os.chown(world.entry, 4242, 4242)
    else:
        monkeypatch.setattr(load.os, "geteuid", lambda: real + 1)
        monkeypatch.setattr(load, "_is_own", lambda status, source: False)
    assert world.reasons() == ["owner"]


def test_the_owner_of_the_source_may_give_an_entry(world: World) -> None:
    world.load()
    if os.geteuid() == 0:
        os.chown(world.entry, 4242, 4242)
        os.chown(world.source, 4242, 4242)
    assert world.reasons() == []
