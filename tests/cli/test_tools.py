"""compile, verify, dis, inspect: what they print and return."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Metorex

PROGRAM = "def add(a, b) = a + b\nputs add(1, 2)\n"


def project(tmp_path: Path) -> None:
    (tmp_path / "src" / "deep").mkdir(parents=True)
    (tmp_path / "src" / "a.mx").write_text(PROGRAM)
    (tmp_path / "src" / "deep" / "b.rb").write_text("puts 2\n")
    (tmp_path / "src" / "node_modules").mkdir()
    (tmp_path / "src" / "node_modules" / "c.mx").write_text("puts 3\n")


def test_compile_tree(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    first = metorex("compile", "src")
    assert first.status == 0
    assert first.err.startswith("2 compiled, 0 fresh, 0 failed")
    assert metorex("compile", "src").err.startswith("0 compiled, 2 fresh, 0 failed")
    assert metorex("run", "--explain", "src/a.mx").err.startswith("src/a.mx: cache")


def test_compile_check(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    played = metorex("compile", "--check", "src")
    assert played.status == 1
    assert "src/a.mx: there is no artifact" in played.out
    assert not (tmp_path / "src" / "__mxcache__").exists()
    metorex("compile", "src")
    assert metorex("compile", "--check", "src").status == 0


def test_compile_keeps_going_and_keeps_the_last_good_artifact(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    metorex("compile", "src")
    (entry,) = (tmp_path / "src" / "__mxcache__").glob("a.*")
    good = entry.read_bytes()
    (tmp_path / "src" / "a.mx").write_text("puts (\n")
    (tmp_path / "src" / "deep" / "b.rb").write_text("puts 22\n")
    played = metorex("compile", "src")
    assert played.status == 1
    assert "1 compiled, 0 fresh, 1 failed" in played.err
    assert "src/a.mx:1: syntax error found (SyntaxError)" in played.err
    assert entry.read_bytes() == good


def test_compile_output_tree_is_deterministic(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    for target in ("one", "two"):
        assert metorex("compile", "-q", "-j", "2", "-f", "-o", target, "src").status == 0
    names = sorted(str(path.relative_to(tmp_path / "one")) for path in (tmp_path / "one").rglob("*.mxc"))
    assert names == ["a.mxc", "deep/b.mxc"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert metorex("run", "one/a.mxc").out == "3\n"


def test_compile_exclude_and_ignore_files(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "src" / ".mxignore").write_text("deep/\n")
    assert metorex("compile", "src").err.startswith("1 compiled")
    assert metorex("compile", "-x", "a.mx", "src").err.startswith("0 compiled, 0 fresh")


def test_compile_missing_path(metorex: Metorex) -> None:
    played = metorex("compile", "nowhere")
    assert played.status == 66
    assert "nowhere" in played.err


def test_verify(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    assert metorex("verify", "src/a.mx") == ("src/a.mx: verified\n", "", 0)
    assert " ms)" in metorex("verify", "--clock", "src/a.mx").out
    document = json.loads(metorex("verify", "--json", "src/a.mx").out)
    assert document[0]["findings"] == []


def test_verify_rejects(metorex: Metorex, tmp_path: Path) -> None:
    from metorex.format.writer import reseal

    project(tmp_path)
    metorex("compile", "-q", "-o", "out", "src/a.mx")
    artifact = tmp_path / "out" / "a.mxc"
    data = bytearray(artifact.read_bytes())
    data[len(data) // 2] ^= 0xFF
    artifact.write_bytes(data)
    played = metorex("verify", "out/a.mxc")
    assert played.status == 65
    from metorex.format.reader import read_module

    module = read_module(reseal(bytes(data)))
    assert module is not None
    assert metorex("verify", "nothing.mxc").status == 66


def test_dis(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    listing = metorex("dis", "src/a.mx")
    assert listing.status == 0
    assert "CALL_METHOD" in listing.out
    assert "method add  params=(a, b)" in listing.out
    assert metorex("run", "--disassemble", "src/a.mx").out == listing.out
    assert "puts add(1, 2)" in metorex("dis", "--source", "src/a.mx").out
    assert json.loads(metorex("dis", "--json", "src/a.mx").out)["functions"]
    assert metorex("dis", "--cfg", "src/a.mx").out.startswith("digraph")
    assert "PUSH_CONST" in metorex("dis", "--stdin", stdin="puts 1\n").out
    assert metorex("dis", "--stdin", stdin="puts (\n").status == 1


def test_inspect(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    metorex("compile", "-q", "-o", "out", "src/a.mx")
    text = metorex("inspect", "out/a.mxc")
    assert text.status == 0
    assert "content_hash_matches   True" in text.out
    document = json.loads(metorex("inspect", "--json", "out/a.mxc").out)
    assert document["module"]["path"] == "a.mx"
    assert [function["name"] for function in document["functions"]] == ["(0)", "add"]
    (tmp_path / "no.mxc").write_bytes(b"nothing")
    assert metorex("inspect", "no.mxc").status == 65


def test_cache(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    metorex("compile", "-q", "src")
    assert "__mxcache__" in metorex("cache", "path").out
    assert "2 files" in metorex("cache", "stats", "src").out
    document = json.loads(metorex("cache", "stats", "--json", "src").out)
    assert document["usage"][0]["files"] == 2
    (tmp_path / "src" / "a.mx").unlink()
    assert metorex("cache", "prune", "src").out.startswith("removed 1 files")
    assert metorex("cache", "clear", "src").status == 0
    assert "0 files" in metorex("cache", "stats", "src").out
    assert not (tmp_path / "src" / "__mxcache__").exists()


def test_compile_into_a_folder_that_cannot_be_written(metorex: Metorex, tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "taken").write_text("a file\n")
    played = metorex("compile", "-o", "taken", "src/a.mx")
    assert played.status == 73
    assert played.err.startswith("metorex: cannot write the artifact of src/a.mx: ")


def test_inspect_refuses_what_is_no_artifact(metorex: Metorex, tmp_path: Path) -> None:
    (tmp_path / "a.mx").write_text(PROGRAM)
    played = metorex("inspect", "a.mx")
    assert (played.out, played.status) == ("", 65)
    assert played.err.startswith("metorex: a.mx: header+0: ")


def test_verify_tells_a_syntax_error_once(metorex: Metorex, tmp_path: Path) -> None:
    (tmp_path / "a.mx").write_text("def f(\n")
    played = metorex("verify", "a.mx")
    assert (played.out, played.status) == ("", 1)
    assert played.err.count("a.mx") == 1
