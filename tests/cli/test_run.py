"""`metorex run` and its relatives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Metorex


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_run_file_with_arguments(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", "puts ARGV.inspect, $0\n")
    played = metorex("run", "a.mx", "-x", "--two")
    assert played.out == '["-x", "--two"]\na.mx\n'
    assert played.status == 0


def test_file_alone_is_run(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", "puts 1\n")
    assert metorex("a.mx").out == "1\n"
    assert metorex("./a.mx", "x").out == "1\n"


def test_options_before_the_file(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", "p ARGV\n[1, 2]\n")
    played = metorex("run", "--print-result", "a.mx", "--print-result")
    assert played.out == '["--print-result"]\n[1, 2]\n'


def test_code(metorex: Metorex) -> None:
    assert metorex("-e", "puts 1 + 2").out == "3\n"
    assert metorex("-e", "x = 1", "-e", "p x, ARGV", "a").out == '1\n["a"]\n'


def test_standard_input(metorex: Metorex) -> None:
    assert metorex("-", stdin="puts 7\n").out == "7\n"


def test_second_run_is_from_the_cache(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", "puts 1\n")
    os.utime(tmp_path / "a.mx", (1_700_000_000, 1_700_000_000))
    assert "a.mx: compiled (there is no artifact)" in metorex("run", "--explain", "a.mx").err
    second = metorex("run", "--explain", "a.mx")
    assert second.err.startswith("a.mx: cache: ")
    assert second.out == "1\n"
    assert "compiled" in metorex("run", "--explain", "--force", "a.mx").err


def test_no_cache_writes_nothing(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", "puts 1\n")
    assert metorex("run", "--no-cache", "a.mx").out == "1\n"
    assert not (tmp_path / "__mxcache__").exists()


def test_uncaught_exception(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "till.mx", "def split(cents, parts)\n  cents / parts\nend\nsplit(900, 0)\n")
    played = metorex("run", "till.mx")
    assert played.status == 1
    assert played.err == (
        "till.mx:2:in 'Integer#/': divided by 0 (ZeroDivisionError)\n\n  cents / parts\n        ^\n"
        "\tfrom till.mx:2:in 'Object#split'\n\tfrom till.mx:4:in '<main>'\n"
    )


def test_syntax_error(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "bad.mx", "a = 1\nb = 2\nputs )\n")
    played = metorex("run", "bad.mx")
    assert played.status == 1
    assert played.out == ""
    assert played.err.startswith("bad.mx:3: syntax error found (SyntaxError)\n  1 | a = 1\n  2 | b = 2\n> 3 | puts )\n")
    assert not (tmp_path / "__mxcache__").exists()


def test_exit_status(metorex: Metorex) -> None:
    assert metorex("-e", "exit 3").status == 3
    assert metorex("-e", "exit").status == 0
    assert metorex("-e", "abort 'no'") == ("", "no\n", 1)
    assert metorex("-e", "at_exit { puts 1; exit 4 }").status == 4


def test_missing_file(metorex: Metorex) -> None:
    played = metorex("run", "nothing.mx")
    assert played.status == 66
    assert "nothing.mx" in played.err
    assert "Traceback" not in played.err


def test_usage_errors(metorex: Metorex) -> None:
    assert metorex("run").status == 2
    assert metorex("run", "--engine", "steam", "a.mx").status == 2
    assert metorex("compile").status == 2
    assert metorex("--nonsense").status == 2


def test_check_syntax(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", "puts 1\n")
    write(tmp_path / "b.mx", "def\n")
    assert metorex("-c", "a.mx") == ("Syntax OK\n", "", 0)
    assert metorex("-c", "b.mx").status == 1


def test_damaged_artifact_with_source_is_recompiled(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", "puts 1\n")
    os.utime(tmp_path / "a.mx", (1_700_000_000, 1_700_000_000))
    metorex("run", "a.mx")
    (entry,) = (tmp_path / "__mxcache__").glob("*.mxc")
    data = bytearray(entry.read_bytes())
    data[len(data) // 2] ^= 1
    entry.write_bytes(data)
    played = metorex("run", "--explain", "a.mx")
    assert played.out == "1\n"
    assert "compiled" in played.err
    assert metorex("run", "--explain", "a.mx").err.startswith("a.mx: cache")


def test_damaged_artifact_alone_is_refused(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", "puts 1\n")
    assert metorex("compile", "-q", "-o", "out", "a.mx").status == 0
    artifact = tmp_path / "out" / "a.mxc"
    assert metorex("run", "out/a.mxc").out == "1\n"
    data = bytearray(artifact.read_bytes())
    data[-3] ^= 1
    artifact.write_bytes(data)
    played = metorex("run", "out/a.mxc")
    assert played.status == 65
    assert "a.mxc" in played.err
    assert played.out == ""


def test_version_and_help(metorex: Metorex) -> None:
    from metorex import __version__

    expected = f"metorex {__version__} (ruby 4.0.0 compatible)\n"
    assert metorex("--version").out == expected
    assert metorex("version").out == expected
    assert "compile" in metorex("--help").out
    assert "--explain" in metorex("help", "run").out
    assert metorex("help", "nonsense").status == 2


def test_fault_of_ours_is_no_traceback(metorex: Metorex, monkeypatch: object) -> None:
    from metorex.toolchain import entry

    assert entry.internal_error(ValueError("x")) == 70


def test_require_relative(metorex: Metorex, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    write(tmp_path / "lib" / "b.rb", "B = 5\nputs __FILE__.end_with?('lib/b.rb')\n")
    write(tmp_path / "a.mx", "p require_relative('lib/b'), require_relative('lib/b'), B\n")
    assert metorex("run", "a.mx").out == "true\ntrue\nfalse\n5\n"
    assert metorex("run", "a.mx").out == "true\ntrue\nfalse\n5\n"


def test_search_path_and_required_libraries(metorex: Metorex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name / f"{name}.rb", f"puts '{name}'\n")
    monkeypatch.setenv("METOREX_PATH", str(tmp_path / "two"))
    played = metorex("run", "-I", "one", "-r", "one", "-e", "require 'two'")
    assert played == ("one\ntwo\n", "", 0)
    missing = metorex("-e", "require 'three'")
    assert missing.status == 1
    assert missing.err.startswith("-e:1:in 'Kernel#require': cannot load such file -- three (LoadError)\n")


def test_change_directory(metorex: Metorex, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep" / "a.mx", "puts 5\n")
    assert metorex("run", "-C", "deep", "a.mx").out == "5\n"
    assert metorex("run", "-C", "nowhere", "a.mx").status == 2


ANNOTATED = """def half(n: Int, of: Str? = nil): Int
  return n / 2 if n > 3
  of
end
def try
  p yield
rescue TypeError => e
  puts e.message
end
try { half(8) }
try { half("x") }
try { half(1, "y") }
try { count: Array<Int> | nil = [1, :a] }
half(nil)
"""


def test_types_are_checked_on_demand(metorex: Metorex, tmp_path: Path) -> None:
    write(tmp_path / "a.mx", ANNOTATED)
    played = metorex("run", "--check-types", "a.mx")
    assert played.out == (
        "4\nexpected Int for parameter 'n', got String\nexpected Int for return value of 'half', got String\n"
        "expected Array<Int> | nil for variable 'count', got Array\n"
    )
    assert played.err.startswith("a.mx:1:in 'Object#half': expected Int for parameter 'n', got NilClass (TypeError)\n")
    assert metorex("run", "a.mx").out.startswith("4\n")


def test_unknown_engine_of_the_environment(metorex: Metorex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.mx").write_text("puts 1\n")
    monkeypatch.setenv("METOREX_ENGINE", "steam")
    for words in (("a.mx",), ("-e", "puts 1")):
        played = metorex(*words)
        assert (played.out, played.status) == ("", 2)
        assert played.err.startswith("metorex: METOREX_ENGINE: there is no engine 'steam'")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_output_that_cannot_be_written() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "metorex", "-e", "puts 1"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (done.stderr, done.returncode) == ("metorex: standard output: No space left on device\n", 1)
