"""`metorex cache`: where things are, how much, and getting rid of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from metorex.loader import cache, cache_admin, userdir
from metorex.loader.cache_admin import clear, files_in, locations, prune, stats
from world import World


def test_locations(world: World, home: Path) -> None:
    assert locations(world.options) == [
        ("artifacts", "(folder of the source)/__mxcache__"), ("user", str(home / ".cache" / "metorex")),
    ]  # fmt: skip
    world.options.cache_dir = "/elsewhere"
    assert locations(world.options)[0] == ("artifacts", "/elsewhere")


def test_stats_count_artifacts_hits_and_misses(world: World) -> None:
    assert [usage.files for usage in stats([str(world.folder)], world.options)[0]] == [0]
    for _ in range(3):
        world.load()
    usages, counts = stats([str(world.folder)], world.options)
    assert counts == {"hits": 2, "misses": 1}
    assert [(usage.name, usage.files) for usage in usages] == [("artifacts", 1), ("verified", 1)]
    assert usages[0].bytes == len(world.artifact())
    assert usages[0].as_dict()["files"] == 1


@pytest.mark.parametrize("moved", [False, True])
def test_clearing_removes_what_is_ours(world: World, moved: bool) -> None:
    if moved:
        world.options.cache_dir = str(world.folder / "cache")
    entry = world.load().artifact_path
    removed = clear([str(world.folder)], world.options)
    assert removed.files == 3 and removed.bytes > 100  # artifact, marker, the count of misses
    assert not os.path.exists(entry)
    assert os.path.exists(world.source)
    assert os.path.exists(world.folder / "__mxcache__") is False
    assert world.reasons() == ["missing"]


def test_clearing_leaves_what_is_not_ours(world: World) -> None:
    world.load()
    foreign = world.folder / "__mxcache__" / "note.txt"
    foreign.write_text("mine")
    clear([str(world.folder)], world.options)
    assert sorted(os.listdir(foreign.parent)) == [".gitignore", "CACHEDIR.TAG", "note.txt"]


@pytest.mark.parametrize("moved", [False, True])
def test_pruning_removes_what_is_of_no_use(world: World, moved: bool) -> None:
    if moved:
        world.options.cache_dir = str(world.folder / "cache")
    entry = world.load().artifact_path
    other = world.folder / "other.rb"
    other.write_text("two")
    orphan = world.load(str(other)).artifact_path
    leftover = Path(entry).parent / f".hello.1.abc{cache_admin.TEMPORARY_SUFFIX}"
    leftover.write_text("half")
    assert prune([str(world.folder)], world.options).files == 0
    os.unlink(other)
    removed = prune([str(world.folder)], world.options, now=leftover.stat().st_mtime + 4000)
    assert removed.files == 2
    assert os.path.exists(entry) and not os.path.exists(orphan) and not leftover.exists()


def test_pruning_keeps_private_folders_small(world: World) -> None:
    world.load()
    folder = userdir.folder("host", create=True)
    for number in range(4):
        path = os.path.join(folder, str(number))
        Path(path).write_bytes(bytes(100))
        os.utime(path, (number, number))
    removed = prune([], world.options, max_bytes=250)
    assert (removed.files, removed.bytes) == (2, 200)
    assert sorted(os.listdir(folder)) == ["2", "3"]


def test_folders_that_cannot_be_read(world: World, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert files_in("/nowhere") == []
    assert cache_admin.private_folders() == []
    world.load()

    def refuse(*arguments: object) -> list[str]:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(cache_admin.os, "listdir", refuse)
        assert cache_admin.private_folders() == []
        clear([str(world.folder)], world.options)
    world.load()
    with monkeypatch.context() as patch:
        patch.setattr(cache_admin.os, "unlink", refuse)
        assert clear([str(world.folder)], world.options).files == 0
    assert os.path.exists(world.entry)


def test_sources_of_an_entry(world: World) -> None:
    for name in ("a.mx", "b.rb", "c.x.mx"):
        source = str(world.folder / name)
        for prefix in ("", "/prefix"):
            world.options.cache_dir = prefix
            assert source in cache.sources_of(cache.entry_path(source, world.options), world.options)
