"""From a path to a verified module: the cache, damage, artifacts given away, disks that refuse."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from metorex.format import layout
from metorex.format.digest import blake2b
from metorex.format.writer import reseal
from metorex.loader import atomic, cache, load, userdir, verified
from metorex.loader.errors import CompilerFault, LoadError, NoInputError
from metorex.loader.load import COMPILED, FROM_ARTIFACT, FROM_CACHE, examine, load_path, load_text
from metorex.loader.options import LoadOptions, from_environment
from world import OLD_NS, SECOND, World, value


def test_a_source_is_compiled_once(world: World) -> None:
    assert world.reasons() == ["missing"]
    loaded = world.load()
    assert world.compiler.calls == [] and loaded.origin == FROM_CACHE and loaded.reasons == []
    assert value(loaded) == "one" and loaded.module.source == "one"
    assert loaded.artifact_path == world.entry and loaded.source_path == world.source
    assert loaded.digest == blake2b(world.artifact())
    assert loaded.module.path == "hello.mx"


def test_the_cache_folder_is_marked(world: World) -> None:
    world.load()
    folder = world.folder / "__mxcache__"
    assert sorted(os.listdir(folder)) == [".gitignore", "CACHEDIR.TAG", "hello.mx1s.mxc"]
    assert (folder / ".gitignore").read_text().endswith("\n*\n")
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_bytes_that_are_not_utf8_reach_the_compiler(world: World) -> None:
    Path(world.source).write_bytes(b"a\xff\r\n")
    world.load()
    assert world.compiler.calls == [("a\udcff\r\n", "hello.mx")]
    assert world.load().module.source == "a\udcff\r\n"


def test_paths_are_relative_to_the_root(world: World) -> None:
    world.options.root = os.path.dirname(world.folder)
    world.load()
    assert world.compiler.calls == [("one", "project/hello.mx")]
    assert world.reasons() == []
    world.options.root = None
    assert world.reasons() == ["path"]


def test_a_failed_compilation_leaves_the_last_entry(world: World) -> None:
    world.load()
    before = world.artifact()
    world.write("syntax error", OLD_NS + SECOND)
    with pytest.raises(SyntaxError):
        world.load()
    assert world.artifact() == before
    assert os.listdir(world.folder / "__mxcache__") == os.listdir(os.path.dirname(world.entry))
    world.write("one")
    assert world.reasons() == []


def test_without_entry_a_failed_compilation_leaves_nothing(world: World) -> None:
    world.write("syntax error")
    with pytest.raises(SyntaxError):
        world.load()
    assert os.listdir(world.folder) == ["hello.mx"]


def test_code_that_must_not_run_is_a_fault_of_ours(world: World) -> None:
    world.compiler.code = b"\x05\x00\x00\x44"
    with pytest.raises(CompilerFault, match="no opcode|operands|decode|WIDE") as caught:
        world.load()
    assert caught.value.exit_code == 70
    assert not os.path.exists(world.entry)
    with pytest.raises(CompilerFault):
        load_text("one", "-e", world.compiler)
    world.options.verify = False
    assert world.reasons() == ["missing"]
    assert load_text("two", "-e", world.compiler, world.options).origin == COMPILED


def test_text_without_a_file(world: World) -> None:
    loaded = load_text("1 + 1", "-e", world.compiler)
    assert value(loaded) == "1 + 1" and world.compiler.calls == [("1 + 1", "-e")]
    assert (loaded.artifact_path, loaded.digest) == ("", b"")


# Damage


def test_every_flipped_byte_of_an_entry_is_compiled_away(world: World) -> None:
    world.load()
    good = world.artifact()
    for place in range(len(good)):
        world.change_artifact(good[:place] + bytes((good[place] ^ 0x55,)) + good[place + 1 :])
        codes = world.reasons()
        assert codes, place
        assert set(codes) <= {
            "damaged", "version", "isa", "strip", "producer", "size", "time", "content", "path",
        }, place  # fmt: skip
        assert world.artifact() == good


def test_truncated_entries_are_compiled_away(world: World) -> None:
    world.load()
    good = world.artifact()
    for size in range(0, len(good), 7):
        world.change_artifact(good[:size])
        assert world.reasons() == ["damaged"]
    assert world.artifact() == good


def test_resealed_code_that_must_not_run_is_rejected(world: World) -> None:
    world.load()
    good = world.artifact()
    place = good.index(b"\x01\x00\x00\x44")
    world.change_artifact(reseal(good[:place] + b"\x01\x07\x00\x44" + good[place + 4 :]))
    loaded = world.load()
    assert [reason.code for reason in loaded.reasons] == ["rejected"]
    assert "const-index" in loaded.reasons[0].detail and value(loaded) == "one"
    assert world.reasons() == []


def test_an_entry_that_cannot_be_read(world: World) -> None:
    os.makedirs(world.entry)
    assert world.reasons() == ["unreadable"]
    loaded = world.load()
    assert loaded.store_error != "" and loaded.artifact_path == ""


def test_examine_finds_damage_too(world: World) -> None:
    assert [reason.code for reason in examine(world.source, world.options)] == ["missing"]
    world.load()
    assert examine(world.source, world.options) == []
    data = world.artifact()
    world.change_artifact(data[:-1] + bytes((data[-1] ^ 1,)))
    assert [reason.code for reason in examine(world.source, world.options)] == ["damaged"]
    other = world.folder / "out.mxc"
    other.write_bytes(data)
    assert examine(world.source, world.options, str(other)) == []
    with pytest.raises(NoInputError):
        examine(world.source + "x", world.options)


# Verification


def test_a_marked_artifact_is_not_verified_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.load()
    monkeypatch.setattr(load, "_unsound", lambda *arguments: pytest.fail("verified again"))
    assert world.reasons() == []


def test_without_a_trustworthy_folder_everything_is_verified(world: World, home: Path) -> None:
    world.load()
    os.chmod(home / ".cache" / "metorex" / "verified", 0o755)
    before = set(os.listdir(home / ".cache" / "metorex" / "verified"))
    seen = []
    original = load._unsound

    def spy(*arguments: object) -> object:
        seen.append(arguments)
        return original(*arguments)  # type: ignore[arg-type]

    load._unsound = spy  # type: ignore[assignment]
    try:
        assert world.reasons() == world.reasons() == []
    finally:
        load._unsound = original
    assert len(seen) == 2
    assert set(os.listdir(home / ".cache" / "metorex" / "verified")) == before


def test_an_entry_that_is_not_marked_is_verified_and_marked(world: World, home: Path) -> None:
    world.load()
    folder = home / ".cache" / "metorex" / "verified"
    for name in os.listdir(folder):
        os.unlink(folder / name)
    assert world.reasons() == [] and len(os.listdir(folder)) == 1
    os.unlink(folder / os.listdir(folder)[0])
    world.options.verify = False
    assert world.reasons() == [] and os.listdir(folder) == []


# Options


def test_the_cache_can_be_switched_off(world: World) -> None:
    world.options.cache = False
    assert world.reasons() == world.reasons() == ["no-cache"]
    assert os.listdir(world.folder) == ["hello.mx"]


def test_compiling_can_be_forced(world: World) -> None:
    world.load()
    world.options.force = True
    assert world.reasons() == ["forced"]


def test_a_readonly_cache_is_read(world: World) -> None:
    world.options.readonly = True
    assert world.reasons() == world.reasons() == ["missing"]
    assert not os.path.exists(world.entry)
    world.options.readonly = False
    world.load()
    world.options.readonly = True
    assert world.reasons() == []


def test_the_cache_can_be_moved(world: World, tmp_path: Path) -> None:
    world.options.cache_dir = str(tmp_path / "elsewhere")
    loaded = world.load()
    assert loaded.artifact_path == str(tmp_path / "elsewhere") + str(world.folder) + "/hello.mx1s.mxc"
    assert world.reasons() == [] and os.listdir(world.folder) == ["hello.mx"]
    assert (tmp_path / "elsewhere" / "CACHEDIR.TAG").exists()
    other = world.folder / "more" / "other.rb"
    other.parent.mkdir()
    other.write_text("two")
    assert world.load(str(other)).artifact_path.endswith("/more/other.rb.mx1s.mxc")
    with pytest.raises(LoadError, match="entry of the cache"):
        world.load(loaded.artifact_path)


def test_the_environment_is_heard() -> None:
    options = from_environment({})
    assert (options.cache, options.readonly, options.force, options.cache_dir, options.mode) == (
        True, False, False, "", layout.TIMESTAMP,
    )  # fmt: skip
    options = from_environment(
        {
            "METOREX_NO_CACHE": "1", "METOREX_CACHE_READONLY": "1", "METOREX_RECACHE": "1",
            "METOREX_CACHE_DIR": "/c", "SOURCE_DATE_EPOCH": "0",
        }
    )  # fmt: skip
    assert (options.cache, options.readonly, options.force, options.cache_dir, options.mode) == (
        False, True, True, "/c", layout.CHECKED_HASH,
    )  # fmt: skip


def test_environment_is_the_default(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METOREX_NO_CACHE", "1")
    assert [reason.code for reason in load_path(world.source, world.compiler).reasons] == ["no-cache"]


def test_variants_do_not_fight_over_a_name(world: World) -> None:
    world.load()
    world.options.strip = True
    assert world.reasons() == ["missing"]
    assert world.reasons() == []
    stripped = world.load()
    assert stripped.module.source == "" and stripped.artifact_path.endswith("hello.mx1s-strip.mxc")
    world.options.strip = False
    assert world.reasons() == []
    assert cache.tag(layout.ISA_REGISTER, False) == "mx1r"


# Disks that refuse


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_disk_stops_nothing(world: World, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    def refuse(*arguments: object) -> int:
        raise OSError(error, os.strerror(error))

    world.load()
    os.unlink(world.entry)
    monkeypatch.setattr(atomic.os, "write", refuse)
    loaded = world.load()
    assert value(loaded) == "one" and os.strerror(error) in loaded.store_error
    assert sorted(os.listdir(world.folder / "__mxcache__")) == [".gitignore", "CACHEDIR.TAG"]


def test_a_file_in_the_place_of_the_folder_stops_nothing(world: World) -> None:
    (world.folder / "__mxcache__").write_text("")
    loaded = world.load()
    assert value(loaded) == "one" and loaded.store_error != ""


def test_writes_are_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "file")
    atomic.write_file(path, b"old", sync=True, mtime_ns=OLD_NS)
    assert os.stat(path).st_mtime_ns == OLD_NS
    written = []
    original = os.write

    def half(descriptor: int, data: bytes) -> int:
        if written:
            raise OSError(errno.ENOSPC, "full")
        written.append(1)
        return original(descriptor, data[: len(data) // 2])

    with monkeypatch.context() as patch:
        patch.setattr(atomic.os, "write", half)
        with pytest.raises(OSError, match="full"):
            atomic.write_file(path, b"new content")
    assert Path(path).read_bytes() == b"old" and os.listdir(tmp_path).count("file") == 1
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".tmp")]

    def interrupted(*arguments: object) -> None:
        os.unlink(arguments[0])  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(atomic.os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            atomic.write_file(path, b"new content")
    assert Path(path).read_bytes() == b"old"


def test_several_may_compile_at_once(world: World) -> None:
    world.write("text " * 1000)
    failures = []

    def work() -> None:
        try:
            for _ in range(20):
                loaded = load_path(world.source, world.compiler, world.options)
                assert value(loaded).startswith("text") and loaded.store_error == ""
                os.path.exists(world.entry) and os.unlink(world.entry)
        except FileNotFoundError:
            pass  # somebody else removed the entry first
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not [name for name in os.listdir(os.path.dirname(world.entry)) if name.endswith(".tmp")]
    assert world.reasons() in ([], ["missing"])


# Missing sources


def test_a_missing_source_is_an_error_even_with_an_entry(world: World) -> None:
    world.load()
    os.unlink(world.source)
    with pytest.raises(NoInputError) as caught:
        world.load()
    assert caught.value.exit_code == 66
    assert str(caught.value) == f"{world.source}: {os.strerror(errno.ENOENT)}"


def test_a_source_that_goes_away_in_between(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def vanish(*arguments: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "gone")

    world.load()
    world.write("two", OLD_NS + SECOND)
    monkeypatch.setattr(load.Source, "data", vanish)
    with pytest.raises(NoInputError, match="gone"):
        world.load()
    os.unlink(world.entry)
    with pytest.raises(NoInputError, match="gone"):
        world.load()


def test_a_folder_is_no_source(world: World) -> None:
    with pytest.raises(NoInputError):
        world.load(str(world.folder))


# Artifacts given away


def given_away(world: World, name: str = "other.mxc") -> Path:
    world.load()
    path = world.folder / name
    path.write_bytes(world.artifact())
    return path


def test_an_artifact_runs_without_its_source(world: World, home: Path) -> None:
    path = given_away(world)
    os.unlink(world.source)
    for marker in (home / ".cache" / "metorex" / "verified").iterdir():
        marker.unlink()
    for _ in range(2):
        loaded = world.load(str(path))
        assert (loaded.origin, loaded.source_path, loaded.artifact_path) == (FROM_ARTIFACT, "", str(path))
        assert value(loaded) == "one" and loaded.digest == blake2b(path.read_bytes())
    world.options.codegen = {"O": "2"}  # another producer does not matter: there is no source to be stale against
    assert value(world.load(str(path))) == "one"


def test_artifacts_can_be_forbidden(world: World) -> None:
    path = given_away(world)
    world.options.allow_artifacts = False
    with pytest.raises(LoadError, match="not allowed") as caught:
        world.load(str(path))
    assert caught.value.exit_code == 65


def test_an_entry_of_the_cache_does_not_run(world: World) -> None:
    world.load()
    with pytest.raises(LoadError, match="entry of the cache.*\nRun the source"):
        world.load(world.entry)


def test_a_missing_artifact(world: World) -> None:
    with pytest.raises(NoInputError):
        world.load(str(world.folder / "none.mxc"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: b"", "the file is empty"),
        (lambda data: data[:90], "damaged"),
        (lambda data: data[:-1] + b"\xff", "content hash"),
        (lambda data: reseal(data[:8] + b"\x09" + data[9:]), "format version 9.0 found, 1.x can be read"),
        (lambda data: reseal(data.replace(b"\x01\x00\x00\x44", b"\x01\x09\x00\x44")), "const-index"),
    ],
)
def test_a_damaged_artifact_without_source(world: World, change: object, reason: str) -> None:
    path = given_away(world)
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    os.unlink(world.source)
    with pytest.raises(LoadError, match=reason) as caught:
        world.load(str(path))
    assert caught.value.path == str(path) and "Compile it again" in caught.value.remedy
    assert caught.value.exit_code == 65


def test_a_damaged_artifact_beside_its_source_is_replaced(world: World) -> None:
    path = given_away(world, "hello.mxc")
    good = path.read_bytes()
    path.write_bytes(good[:100])
    world.options.readonly = True
    loaded = world.load(str(path))
    assert loaded.origin == COMPILED and value(loaded) == "one" and len(path.read_bytes()) == 100
    world.options.readonly = False
    loaded = world.load(str(path))
    assert [reason.code for reason in loaded.reasons] == ["damaged"]
    assert loaded.artifact_path == str(path) and path.read_bytes() == good
    assert world.load(str(path)).origin == FROM_ARTIFACT


# Private folders


def test_markers_are_pruned(home: Path) -> None:
    for number in range(20):
        verified.mark(bytes((1, number)) + bytes(30))
    folder = userdir.folder(verified.FOLDER)
    assert len(os.listdir(folder)) == 20
    assert verified.prune(folder, keep=5) == 15 and len(os.listdir(folder)) == 5
    verified.mark(bytes(32))
    assert verified.is_marked(bytes(32)) and not verified.is_marked(bytes((2,)) * 32)


def test_pruning_survives_what_others_remove(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verified.mark(bytes((1,)) * 32)

    class Gone:
        path = "/nowhere/to/be/found"

        def stat(self, follow_symlinks: bool) -> os.stat_result:
            raise FileNotFoundError

    class Entries(list):  # type: ignore[type-arg]
        def __enter__(self) -> Entries:
            return self

        def __exit__(self, *exception: object) -> None:
            pass

    class Listed(Gone):
        def stat(self, follow_symlinks: bool) -> os.stat_result:
            return os.stat("/")

    monkeypatch.setattr(verified.os, "scandir", lambda folder: Entries([Gone(), Listed()]))
    assert verified.prune("folder", keep=0) == 0


@pytest.mark.parametrize("what", ["mode", "file", "link", "owner"])
def test_odd_folders_are_not_trusted(home: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    top = home / ".cache" / "metorex"
    verified.mark(bytes((1,)) * 32)
    assert verified.is_marked(bytes((1,)) * 32)
    if what == "mode":
        os.chmod(top, 0o770)
    elif what == "owner":
        monkeypatch.setattr(userdir.os, "geteuid", lambda: 12345)
    else:
        os.rename(top, home / "moved")
        if what == "link":
            os.symlink(home / "moved", top)
        else:
            top.write_text("")
    assert not verified.is_marked(bytes((1,)) * 32)
    verified.mark(bytes((3,)) * 32)
    assert userdir.folder("x", create=True) == ""
    userdir.count("hits")
    monkeypatch.undo()


def test_places_for_private_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert userdir.base({"XDG_CACHE_HOME": "/x", "HOME": "/h"}) == "/x/metorex"
    assert userdir.base({"XDG_CACHE_HOME": "x", "HOME": "/h"}) == "/h/.cache/metorex"
    assert userdir.base({"USERPROFILE": "/u"}) == "/u/.cache/metorex"
    assert userdir.base({"HOME": "relative"}) == "" and userdir.folder("x", environ={}) == ""
    assert userdir.folder("x", create=True, environ={"HOME": "/proc/nowhere"}) == ""
    assert not userdir.trusted("a\0b")
    monkeypatch.delattr(userdir.os, "geteuid")
    os.chmod(tmp_path, 0o777)
    assert userdir.trusted(str(tmp_path))


def test_marking_where_nothing_can_be_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verified.mark(bytes((1,)) * 32)
    userdir.count("misses")

    def refuse(*arguments: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(verified.os, "open", refuse)
        verified.mark(bytes((2,)) * 32)
        userdir.count("misses")
    with monkeypatch.context() as patch:
        patch.setattr(userdir.os, "write", refuse)
        userdir.count("misses")
    assert not verified.is_marked(bytes((2,)) * 32)


# Start-up


def test_a_warm_load_imports_next_to_nothing(world: World, tmp_path: Path) -> None:
    world.load()
    script = (
        "import os, sys\n"
        "before = set(sys.modules)\n"
        "from metorex.loader.load import load_path\n"
        "loaded = load_path(sys.argv[1], None)\n"
        "assert loaded.origin == 'cache', loaded.reasons\n"
        "print(*sorted(name for name in set(sys.modules) - before if 'metorex' not in name))"
    )
    found_by = tmp_path / "lib"
    found_by.mkdir()
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    (found_by / "metorex").symlink_to(root)  # an editable install is found by hooks of site
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(found_by), *filter(None, sys.path)]))
    run = subprocess.run(
        [sys.executable, "-S", "-c", script, world.source], env=environment, capture_output=True, text=True, check=True
    )
    # PyPy's _blake2 is a package with a C extension.
    found = {name.partition(".")[0] for name in run.stdout.split()} - {"cpyext"}
    assert found <= {"__future__", "_blake2", "_struct", "itertools"}


def test_options_of_a_fresh_process_are_the_defaults() -> None:
    assert LoadOptions().producer() == LoadOptions().producer() > 0
