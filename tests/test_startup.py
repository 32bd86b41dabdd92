"""What a warm run imports: start-up time is a feature, so the set of modules is a committed list.

`BLESS=1 pytest tests/test_startup.py` rewrites tests/warm_modules.txt; review the difference.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("warm_modules.txt")
HEAVY = {
    "click", "construct", "watchdog", "rich", "pathspec", "typing", "pathlib", "dataclasses", "enum", "re", "json",
    "contextlib", "tempfile", "logging", "argparse", "importlib.metadata", "struct", "functools", "collections",
}  # fmt: skip
RUN = """
import sys
before = set(sys.modules)
from metorex.toolchain.entry import main
status = main(["run", "program.mx"])
sys.stdout.flush()
print("\\n".join(sorted(set(sys.modules) - before)), file=sys.stderr)
sys.exit(status)
"""
# What a warm run never needs: it has the work of these from the caches.
NOT_WARM = (
    "metorex.toolchain.compiler", "metorex.toolchain.syntax", "metorex.verifier", "metorex.format.encoding",
    "metorex.format.stack_ops", "metorex.toolchain.engines.stack.decoder",
    *(
        f"metorex.toolchain.engines.host.{name}"
        for name in ("translate", "function", "generate", "lower", "graph", "scope", "summaries", "sends", "structure")
    ),
)  # fmt: skip
PROGRAMS = {
    "hello": ('puts "Hello, world"\n', "Hello, world\n"),
    "classes, loops and blocks": (
        """
class Shape
  attr_reader :name
  def initialize(name, *sides) = (@name, @sides = name, sides)
  def area = raise(NotImplementedError, "#{name} has no area")
  def <=>(other) = area <=> other.area
  include Comparable
end

class Box < Shape
  SIDES = 4
  def initialize(width, height) = super("box", width, height)
  def area = @sides.inject { |a, b| a * b }
  def each_side
    i = 0
    while i < SIDES
      yield @sides[i % 2]
      i += 1
    end
  end
end

boxes = [3, 1, 2].map { |n| Box.new(n, n + 1) }
boxes.sort.each_with_index do |box, i|
  total = 0
  box.each_side { |side| total += side }
  puts "#{i}: #{box.name} #{box.area} #{total}"
end
seen = Hash.new(0)
10.times { |n| seen[n % 3] += 1 }
puts seen
begin
  Shape.new("line").area
rescue NotImplementedError => e
  puts e.message
end
puts boxes.max.area
""",
        "0: box 2 6\n1: box 6 10\n2: box 12 14\n{0 => 4, 1 => 3, 2 => 3}\nline has no area\n12\n",
    ),
}


def warm_modules(folder: Path, source: str, output: str) -> set[str]:
    (folder / "program.mx").write_text(source)
    os.utime(folder / "program.mx", (1_700_000_000, 1_700_000_000))
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "xdg")}
    environment.pop("METOREX_CACHE_DIR", None)
    environment.pop("METOREX_ENGINE", None)
    (folder / "lib").mkdir()
    (folder / "lib" / "metorex").symlink_to(LIST.parent.parent)  # an editable install is found by hooks of site
    paths = [str(folder / "lib"), *sys.path]
    for _ in range(2):
        # -I and -S keep what site and the environment import out of the comparison; the paths are given explicitly.
        code = f"import sys; sys.path[:] = {paths!r}\n{RUN}"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code], cwd=folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == output
    return set(done.stderr.split())


def in_sections(text: str) -> dict[str, list[str]]:
    """Return the modules of each program's section."""
    sections: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("# "):
            modules = sections[line[2:]] = []
        elif line:
            modules.append(line)
    return sections


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="PyPy imports other modules of its own")
def test_warm_run_imports_the_committed_modules(tmp_path: Path) -> None:
    """The section of a program has what it imports and the ones before it do not."""
    found: dict[str, list[str]] = {}
    known: set[str] = set()
    for number, (name, (source, output)) in enumerate(PROGRAMS.items()):
        (tmp_path / str(number)).mkdir()
        modules = warm_modules(tmp_path / str(number), source, output)
        assert not modules & HEAVY
        assert [module for module in sorted(modules) if module.startswith(NOT_WARM)] == []
        found[name] = sorted(modules - known, key=lambda module: (module.split(".")[0] != "metorex", module))
        known |= modules
    if os.environ.get("BLESS"):
        LIST.write_text("\n\n".join("\n".join([f"# {name}", *rows]) for name, rows in found.items()) + "\n")
    assert found == in_sections(LIST.read_text())
