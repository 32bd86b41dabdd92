"""Host code kept from run to run: when it is used, that the program behaves the same, and what never disturbs it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from metorex.toolchain.engines.image import MAX_PLACES, Image

from ... import tasks
from ...play import ROOT, Played, forked

PROGRAM = """
class Point
  attr_reader :x
  def initialize(x) = @x = x
  def +(other) = Point.new(@x + other.x)
end

def sum(list)
  total = Point.new(0)
  list.each { |x| total += Point.new(x) }
  total.x
end

puts sum([1, 2, 3])
"""


class Runs:
    """Runs a program again and again with caches of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.host = folder / ".xdg" / "metorex" / "host"
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / ".xdg"))
        for name in ("METOREX_CACHE_DIR", "METOREX_NO_CACHE", "METOREX_ENGINE", "SOURCE_DATE_EPOCH"):
            monkeypatch.delenv(name, raising=False)
        self.write(PROGRAM)

    def write(self, source: str) -> None:
        (self.folder / "app.rb").write_text(source, encoding="utf-8")
        os.utime(self.folder / "app.rb", (1_700_000_000, 1_700_000_000))

    def __call__(self, *words: str) -> Played:
        return forked(tasks.command_line, ("run", "--explain", *(words or ("app.rb",))), folder=self.folder)

    def counts(self, *words: str) -> tuple[int, int]:
        """Run and return how many functions came from the cache and how many were translated."""
        return counted(self(*words))

    def file(self) -> Path:
        (found,) = self.host.iterdir()
        return found


def counted(played: Played) -> tuple[int, int]:
    words = next(line for line in played.err.splitlines() if line.startswith("host code: ") and "cache" in line)
    numbers = [int(word) for word in words.split() if word.isdigit()]
    return numbers[0], numbers[1]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(tmp_path, monkeypatch)


def test_the_second_run_translates_nothing(run: Runs) -> None:
    cold = run()
    made = counted(cold)
    warm = run()
    assert (cold.out, cold.status) == (warm.out, warm.status) == ("6\n", 0)
    assert made[0] == 0 and made[1] > 2
    assert counted(warm) == (made[1], 0)


def test_what_is_declined_is_explained_and_not_tried_again(run: Runs) -> None:
    deep = "begin\n" * 25 + "raise 'no'\n" + "rescue ArgumentError\n2\nend\n" * 24 + "rescue => e\ne.message\nend\n"
    run.write(f"def deep\n{deep}end\np deep\n")
    cold, warm = run(), run()
    declined = [line for line in cold.err.splitlines() if line.startswith("declined: ")]
    assert declined and declined[0].startswith("declined: deep (app.rb:1): ")
    assert [line for line in warm.err.splitlines() if line.startswith("declined: ")] == declined
    assert (counted(cold), counted(warm)) == ((0, 1), (1, 0))
    assert warm.out == cold.out == '"no"\n'


@pytest.mark.parametrize(
    ("ending", "status"),
    [("raise 'no'", 1), ("exit 3", 3), ("exit! 4", 4), ("abort", 1), ("at_exit { exit 5 }", 5), ("throw :x", 1)],
)
def test_host_code_is_kept_however_the_program_ends(run: Runs, ending: str, status: int) -> None:
    run.write(PROGRAM + ending)
    cold, warm = run(), run()
    assert cold.status == warm.status == status
    assert counted(warm) == (counted(cold)[1], 0)
    report = [[line for line in played.err.splitlines() if "app.rb:15" in line] for played in (cold, warm)]
    assert report[0] == report[1]


@pytest.mark.parametrize("damage", ["truncated", "changed", "empty", "readable", "link", "stale", "foreign content"])
def test_a_file_that_is_not_right_is_replaced(run: Runs, damage: str) -> None:
    made = run.counts()[1]
    path = run.file()
    data = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(data[:-1])
    elif damage == "changed":
        path.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "readable":
        path.chmod(0o644)
    elif damage == "link":
        path.rename(path.with_suffix(".real"))
        path.symlink_to(path.with_suffix(".real"))
    else:
        from metorex.loader import hostcode

        key = data[8:40] if damage == "foreign content" else b"\0" * 32
        hostcode.write(path.name, key, b"not marshalled")
    played = run()
    assert (played.out, played.status) == ("6\n", 0)
    assert "app.rb: host code: " in played.err
    assert counted(played) == (0, made)
    assert run.counts() == (made, 0)


# A program asks FACT, which the environment decides, before it calls a method that was translated without it.
FACTS = {
    "operators": ("class Integer\n  alias old_plus +\n  def +(other) = old_plus(other).old_plus(100)\nend", "p 1 + 2"),
    "iterators": ("class Array\n  def each = yield(:own)\nend", "[1, 2].each { |x| p x }"),
    "natives": ("class Array\n  def size = 99\nend", "x = [1]; p x.size"),
    "constants": ("LIMIT = 3", "p(begin; LIMIT; rescue NameError; :none; end)"),
    "classes": ("Point.define_singleton_method(:new) { |*| :other }", "p Point.new(1).class"),
    "readers": ("class Other\n  def x = :method\nend", "p Point.new(1).x, (Other.new.x rescue 0)"),
    "variables": ("class Point\n  def initialize(x) = nil\nend", "p Point.new(1).x, Point.new(1).seen"),
    "keywords": ("class Other\n  def at(k: 1) = k\nend", "p((Other.new.at(k: 2) rescue 0))"),
    "supers": ("class Base\n  def hi = 1\nend", "p((Sub.new.hi rescue 0))"),
    "not": ("class Point\n  def !() = :never\nend", "p !Point.new(1)"),
    "equality": ("class Point\n  def ==(other) = true\nend", "p Point.new(1) == 3, Point.new(1) != 3"),
    "owner methods": ("class Point\n  def helper(a) = [a]\nend", "p((Point.new(2).uses rescue 0))"),
}


@pytest.mark.parametrize("fact", FACTS)
def test_other_facts_get_other_code(run: Runs, fact: str, monkeypatch: pytest.MonkeyPatch) -> None:
    setup, body = FACTS[fact]
    setup = "; ".join(setup.splitlines())
    run.write(
        f"""
class Point
  attr_reader :x
  def initialize(x) = @x = x
  def seen = @x.inspect
  def uses = helper(@x)
end
class Other; end
class Base; end
class Sub < Base
  def hi = super + 1
end
eval({setup!r}) if ENV["FACT"]
def body
  {body}
end
body
"""
    )
    expected = {}
    for value in ("", "1"):
        monkeypatch.setenv("METOREX_NO_CACHE", "1")
        set_fact(monkeypatch, value)
        expected[value] = run().out
    monkeypatch.delenv("METOREX_NO_CACHE")
    for value in ("", "1", "", "1"):
        set_fact(monkeypatch, value)
        assert run().out == expected[value]
    for value in ("", "1"):  # by now there is code for either
        set_fact(monkeypatch, value)
        assert run.counts()[1] == 0


def set_fact(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    if value:
        monkeypatch.setenv("FACT", value)
    else:
        monkeypatch.delenv("FACT", raising=False)


def test_host_code_that_was_recalled_is_taken_back_too(run: Runs) -> None:
    run.write(
        "def add(x) = x + 1\np add(1)\n"
        'eval("class Integer; alias old_plus +; def +(other) = old_plus(other).old_plus(100); end")\np add(1)\n'
    )
    cold, warm = run(), run()
    assert cold.out == warm.out == "2\n102\n"
    assert counted(warm)[1] == 0


def test_a_function_of_many_classes_is_kept_for_all(run: Runs) -> None:
    run.write(
        """
class Base
  attr_reader :x
  def initialize(x) = @x = x
end
"""
        + "".join(f"class C{n} < Base; end\ndef make{n} = C{n}.new({n}).x\n" for n in range(20))
        + "puts [" + ", ".join(f"make{n}" for n in range(20)) + "].sum\n"
    )  # fmt: skip
    cold, warm = run(), run()
    assert cold.out == warm.out == "190\n"
    assert counted(warm) == (counted(cold)[1], 0)


def test_classes_with_other_names_in_each_run(run: Runs) -> None:
    run.write(PROGRAM + "a = Class.new\na.set_temporary_name(ARGV[0])\na.class_eval { def a(b) = b }\np a.new.a(1)\n")
    for number in range(3):
        assert run("app.rb", f"name {number}").out == "6\n1\n"
    for number in range(3):
        assert run.counts("app.rb", f"name {number}")[1] == 0


def test_the_number_of_places_is_bounded() -> None:
    one = Image()
    one.variants = {(index, str(n)): b"" for n in range(MAX_PLACES + 9) for index in (1, 2)}
    one.variants[3, "0"] = b""
    one.drop_places()
    assert sorted(one.variants) == sorted(
        [(index, str(n)) for n in range(9, MAX_PLACES + 9) for index in (1, 2)] + [(3, "0")]
    )


def test_required_files_have_images_of_their_own(run: Runs) -> None:
    (run.folder / "part.rb").write_text("def part(x) = x * 2\n")
    run.write("require_relative 'part'\np part(21)\n")
    assert run.counts()[0] == 0
    assert len(list(run.host.iterdir())) == 2
    assert run.counts() == (1, 0)


def test_a_file_that_was_moved_keeps_its_host_code(run: Runs) -> None:
    run.write("def fail = raise('no')\nbegin\n  fail\nrescue => e\n  puts e.backtrace\nend\n")
    assert counted(run())[1] > 0
    (run.folder / "sub").mkdir()
    for name in ("app.rb", "__mxcache__"):
        (run.folder / name).rename(run.folder / "sub" / name)
    played = run("sub/app.rb")
    assert counted(played)[1] == 0
    assert played.out == "sub/app.rb:1:in 'Object#fail'\nsub/app.rb:3:in '<main>'\n"


def test_nothing_is_kept_without_a_cache(run: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run.counts("--no-cache", "app.rb")[0] == 0
    assert run("-e", PROGRAM).out == "6\n"
    assert not run.host.exists()
    run()
    written = run.file().stat().st_mtime_ns
    assert run.counts("--no-cache", "app.rb")[0] == 0
    monkeypatch.setenv("METOREX_CACHE_READONLY", "1")
    assert run.counts()[1] == 0
    run.write(PROGRAM + "p 1\n")
    assert run.counts()[0] == 0
    assert run.file().stat().st_mtime_ns == written


def test_a_folder_that_cannot_be_written_is_no_matter(run: Runs) -> None:
    run.host.parent.mkdir(parents=True, mode=0o700)
    run.host.write_text("no folder")
    assert run().out == "6\n"
    played = run()
    assert played.out == "6\n"
    assert "host code: not kept: no private folder\n" in played.err


def test_processes_may_write_at_the_same_time(run: Runs) -> None:
    run.write(PROGRAM + "def a = 1\ndef b = 2\ndef c = 3\nsend(ARGV[0])\n")
    command = [sys.executable, str(ROOT / "bin" / "metorex"), "run", "app.rb"]
    running = [
        subprocess.Popen([*command, name], cwd=run.folder, stdout=subprocess.PIPE) for name in ("a", "b", "c", "a")
    ]
    for process in running:
        assert process.communicate()[0] == b"6\n"
    for name in ("a", "b", "c"):
        run("app.rb", name)
    for name in ("a", "b", "c"):
        assert run.counts("app.rb", name)[1] == 0
    assert len(list(run.host.iterdir())) == 1


def test_cache_commands_know_the_folder(run: Runs) -> None:
    run()
    stats = forked(tasks.command_line, ("cache", "stats"), folder=run.folder)
    assert any(line.split()[:3] == ["host", "1", "files"] for line in stats.out.splitlines())
    forked(tasks.command_line, ("cache", "clear"), folder=run.folder)
    assert list(run.host.iterdir()) == []


# What the translator may import of the rest: tables and functions that are the same in every run.
PURE = {
    ("runtime.core.index", "INDEX"), ("runtime", "backtrace"), ("runtime.regex.literal", "is_literal"),
    ("runtime.regex.syntax", "parse"), ("runtime.regex.syntax", "SyntaxProblem"), ("runtime.operators", "IN_PLACE"),
    ("runtime.values", "LONG"), ("runtime.operators", "ROWS"), ("summaries", "ASKING"), ("summaries", "LOADING"),
    ("runtime.errors", "LATE"), ("facts", "PRIM_TESTS"),
}  # fmt: skip
STATE = (
    "runtime",
    "facts",
    "assumptions",
    "initializers",
    "units",
    "links",
    "attributes",
    "support",
    "shims",
    "reader",
    "machine",
)
HINTS = ("exemplars",)  # what is seen of the program decides what is tried first, never what is right
BYTECODE = ("summaries",)  # what it says is said by the bytecode alone


def imports_of(path: Path) -> set[tuple[str, str]]:
    """Return the (module, name) that a file of the package imports, but for type checking."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {id(node) for test in tree.body if isinstance(test, ast.If) for node in ast.walk(test)}
    return {
        (node.module or "", name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level and id(node) not in guarded
        for name in node.names
    }


def test_the_translator_knows_the_program_by_its_questions_only() -> None:
    """What it read elsewhere would not be asked again before its work is used in another run."""
    folder = ROOT / "toolchain" / "engines" / "host"
    seen: set[str] = set()
    used: set[tuple[str, str]] = set()
    work = ["generate"]
    while work:
        module = work.pop()
        if module in seen or module in (*STATE, *HINTS, *BYTECODE) or not (folder / f"{module}.py").exists():
            continue
        seen.add(module)
        found = imports_of(folder / f"{module}.py")
        used |= {(source, name) for source, name in found if source.split(".")[0] in STATE}
        used |= {("", name) for source, name in found if not source and name in STATE}
        work += [source or name for source, name in found]
    assert {"translate", "lower", "sends", "structure"} <= seen
    assert used - PURE == set()
