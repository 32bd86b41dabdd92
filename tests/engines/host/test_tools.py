"""Python's own tools see the program: tracebacks, profiles, coverage and the debugger show its file and lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="function names carry a number before 3.11")

PROGRAM = """def half(x)
  y = x / 2
  y + 1
end

class Point
  def move(list)
    list.each do |x|
      half(x)
    end
    unused if list.empty?
  end

  def unused
    1
  end
end
Point.new.move([4, 6])
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "app.mx"
    path.write_text(PROGRAM, encoding="utf-8")
    return path


def python(*arguments: str, cwd: Path, stdin: str = "") -> str:
    found = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, input=stdin, capture_output=True, text=True, timeout=120
    )  # fmt: skip
    return found.stdout + found.stderr


def test_traceback(program: Path) -> None:
    script = """
import sys, traceback
from metorex.toolchain.program import RunOptions
from metorex.toolchain.session import Session
options = RunOptions()
options.engine = "host"
session = Session(options)
module = session.start("app.mx", [])
try:
    session.run_main(module, "app.mx")
except Exception as failure:
    for row in traceback.extract_tb(failure.__traceback__):
        if row.filename.endswith(".mx"):
            print(row.lineno, row.name, row.line)
    traceback.print_exc()
"""
    more = "def outer(x)\n  1\n  inner(x)\nend\n\ndef inner(x)\n  half(x) while x != 3\nend\nouter(nil)\n"
    program.write_text(PROGRAM + more, encoding="utf-8")
    out = python("-c", script, cwd=program.parent)
    assert "21 outer inner(x)\n" in out
    assert "2 inner y = x / 2\n" in out  # `half` stands in place of its call
    assert f'File "{program}", line 21, in outer\n    inner(x)\n' in out


def test_profile(program: Path) -> None:
    out = python("-m", "cProfile", "-m", "metorex", "run", "app.mx", cwd=program.parent)
    assert "app.mx:1(half)" in out
    assert "app.mx:7(move)" in out
    assert "app.mx:1(<main>)" in out


def test_debugger(program: Path) -> None:
    commands = "b app.mx:2\nc\nw\nc\nn\nq\n"
    out = python("-m", "pdb", "-m", "metorex", "run", "app.mx", cwd=program.parent, stdin=commands)
    assert f"{program}(2)half()\n-> y = x / 2\n" in out
    assert f"{program}(9)move()\n-> half(x)\n" in out
    assert f"{program}(3)half()\n-> y + 1\n" in out
    assert "InternalError" not in out


def test_coverage(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COVERAGE_FILE", raising=False)  # of those who measure this test
    pytest.importorskip("coverage")
    (program.parent / ".coveragerc").write_text("[run]\nplugins = metorex.toolchain.coverage\n", encoding="utf-8")
    python("-m", "coverage", "run", "-m", "metorex", "run", "app.mx", cwd=program.parent)
    out = python("-m", "coverage", "report", "-m", "--include=*.mx", cwd=program.parent)
    row = next(line for line in out.splitlines() if line.startswith("app.mx"))
    assert row.split()[1:] == ["11", "1", "91%", "15"], out
