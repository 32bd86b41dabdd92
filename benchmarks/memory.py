"""How much memory programs take at their peak: Metorex against the versions by hand in Python, and Ruby.

    python benchmarks/memory.py [--only NAMES] [--json FILE]

Every program of programs/ that has a version in python/ runs on each, with a tenth of its usual number of iterations,
since what programs hold does not grow with it. Some small programs that hold much of one kind come first. What is
measured is the greatest resident set of the process, the interpreter included (Linux only). `net` is the same without
what a program that does nothing takes on the same contender: the program's own data and code.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from run import BASE, HERE, Contender, aligned, chosen, find_contenders, geometric_mean, read_program

CONTENDERS = (BASE, "python", "host")
NOTHING = {".rb": "puts 1\n", ".py": "print(1)\n"}
# Programs that hold much of one kind: name -> the same in both languages.
MUCH = {
    "200,000 strings": (
        'puts Array.new(200_000) { |i| "text number #{i}" }.size',
        'print(len([f"text number {i}" for i in range(200_000)]))',
    ),
    "1,000,000 integers": (
        "puts (0...1_000_000).map { |i| i * 2 }.size",
        "print(len([i * 2 for i in range(1_000_000)]))",
    ),
    "200,000 pairs": (
        "puts Array.new(200_000) { |i| [i, i + 1] }.size",
        "print(len([[i, i + 1] for i in range(200_000)]))",
    ),
    "200,000 objects": (
        "class P\n  def initialize(x, y)\n    @x = x\n    @y = y\n  end\nend\n"
        "puts Array.new(200_000) { |i| P.new(i, i + 1) }.size",
        "class P:\n    def __init__(self, x, y):\n        self.x = x\n        self.y = y\n\n"
        "print(len([P(i, i + 1) for i in range(200_000)]))",
    ),
    "200,000 string keys": (
        'h = {}\n200_000.times { |i| h["key#{i}"] = i }\nputs h.size',
        'h = {}\nfor i in range(200_000): h[f"key{i}"] = i\nprint(len(h))',
    ),
    "50,000 hashes": (
        "puts Array.new(50_000) { |i| { a: i, b: i } }.size",
        'print(len([{"a": i, "b": i} for i in range(50_000)]))',
    ),
}


def peak(command: list[str]) -> int:
    """Run a command; return its greatest resident set in KiB. Raises RuntimeError if it fails.

    Linux tells it while the process runs. What `wait4` says afterwards counts the memory of whoever started it too.
    """
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    greatest = 0
    while process.poll() is None:
        found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
        if found:
            greatest = int(found[1])
        time.sleep(0.003)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return greatest


def measure(contender: Contender, path: Path, *args: str) -> int:
    """Return the peak of the second run: the first one fills caches."""
    command = [*contender.command, str(path), *args]
    peak(command)
    return peak(command)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the memory of the suite's programs that Python has too.")
    parser.add_argument("--only", metavar="NAMES", help="programs, separated by commas")
    parser.add_argument("--json", metavar="FILE", help="write all numbers")
    options = parser.parse_args()
    names = sorted(path.stem for path in (HERE / "python").glob("*.py"))
    picked = chosen(options.only, names, names)
    contenders = [contender for contender in find_contenders(None) if contender.name in CONTENDERS]

    numbers: dict[str, dict[str, int]] = {}
    much: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        suite = Path(folder)
        for name in ("programs", "python"):
            shutil.copytree(HERE / name, suite / name, ignore=shutil.ignore_patterns("__*__"))
        bare = {}
        for contender in contenders:
            nothing = suite / ("nothing" + contender.suffix)
            nothing.write_text(NOTHING[contender.suffix])
            bare[contender.name] = measure(contender, nothing)
        for name, (ruby, python) in MUCH.items() if options.only is None else ():
            much[name] = {}
            for contender in contenders:
                path = suite / ("much" + contender.suffix)
                path.write_text((ruby if contender.suffix == ".rb" else python) + "\n")
                much[name][contender.name] = measure(contender, path)
        for name in picked:
            program = read_program(HERE / "programs" / f"{name}.rb")
            numbers[name] = {
                contender.name: measure(
                    contender, suite / contender.folder / (name + contender.suffix), str(program.iterations // 10 or 1)
                )
                for contender in contenders
            }

    def mib(kib: int) -> str:
        return f"{kib / 1024:.1f}"

    rows = [["program", "ruby, MiB", "python, MiB", "host, MiB", "host by python", "net, python", "net, host"]]
    ratios = []
    for name, found in [("(nothing)", bare), *much.items(), *numbers.items()]:
        ratio = found["host"] / found["python"]
        nets = [mib(max(found[key] - bare[key], 0)) for key in ("python", "host")]
        rows.append([name, *(mib(found[key]) for key in CONTENDERS), f"{ratio:.2f}", *nets])
        if name in numbers:
            ratios.append(ratio)
    rows.append(["**geometric mean of the suite's**", "", "", "", f"{geometric_mean(ratios):.2f}", "", ""])
    print(aligned(rows))
    if options.json:
        Path(options.json).write_text(
            json.dumps({"(nothing)": bare, **much, **numbers}, indent=1) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
