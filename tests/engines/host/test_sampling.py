"""py-spy, which looks at a process from outside, shows the files and lines of the program that runs there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """class Spinner
  def turn(n)
    x = 0
    while x < n
      x += inner(x)
    end
    x
  end

  def inner(i)
    k = 0
    while k < 50
      k += 1
    end
    k
  end
end
spinner = Spinner.new
puts "ready"
$stdout.flush
loop { spinner.turn(5000) }
"""
NOT_PERMITTED = ("Permission denied", "Operation not permitted", "permission", "sudo")


def test_py_spy_shows_lines_of_the_program(tmp_path: Path) -> None:
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if spy is None:
        pytest.skip("py-spy is not installed")
    if sys.implementation.name != "cpython":
        pytest.skip("py-spy knows CPython only")
    (tmp_path / "spin.mx").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "metorex", "run", "spin.mx"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == "ready\n"
            frames: list[str] = []
            for _ in range(20):  # a sample may come before the methods are translated
                found = subprocess.run(
                    [spy, "dump", "--pid", str(running.pid)], capture_output=True, text=True, timeout=60
                )  # fmt: skip
                if found.returncode and any(reason in found.stderr for reason in NOT_PERMITTED):
                    pytest.skip("the system does not let py-spy look at other processes (ptrace)")
                assert found.returncode == 0, found.stderr
                frames = re.findall(r"^ +([^#\s]+)\S* \((?:.*/)?spin\.mx:(\d+)\)$", found.stdout, re.MULTILINE)
                if any(name == "turn" for name, _ in frames):
                    break
        finally:
            running.kill()
    lines = {name: int(line) for name, line in frames}
    assert 2 <= lines["turn"] <= 7, frames
    assert 10 <= lines.get("inner", 10) <= 15, frames
    assert lines["<main>"] == 21, frames
