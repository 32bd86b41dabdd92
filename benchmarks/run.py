"""The performance suite: every program in programs/ on every contender that is installed, as ratios to plain Ruby.

    python benchmarks/run.py [--rounds N] [--only NAMES] [--contenders NAMES] [--steady] [--quick] [--json FILE]

All contenders take turns in each round, and every output is checked. What is measured is the CPU time, user and system,
of the whole process, from its start to its end; nothing is subtracted, so start-up, compilation and warm-up count.
`--steady` runs each program with n and with 2n iterations and takes the difference, that is the second half of the
longer run. The least time of all rounds counts, since other processes only ever add to it. docs/performance.md explains
the table.

A program states its number of iterations (`ARGV[0] || n`) and its result (`EXPECTED = n`). The versions by hand in
python/ and lua/ take the number as their argument and print the same line.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
BASE = "ruby"
QUICK = ("queens", "json", "exceptions", "words")
SLOW = ("stack", "pypy-stack")  # not measured unless asked for: they take minutes
LIMIT_SECONDS = 600


class Program(NamedTuple):
    """A program of the suite: its name, its number of iterations by default, and the line that it prints."""

    name: str
    iterations: int
    line: str


class Contender(NamedTuple):
    """A way to run programs: the command before the file, and the folder and suffix of the files that it runs."""

    name: str
    command: list[str]
    folder: str
    suffix: str
    version: str


class Failure(Exception):
    """A contender ended with an error or printed something else."""


def read_program(path: Path) -> Program:
    source = path.read_text(encoding="utf-8")
    iterations = re.search(r"\(ARGV\[0\] \|\| (\d+)\)", source)
    expected = re.search(r"^EXPECTED = (-?[\d_]+)$", source, re.MULTILINE)
    assert iterations and expected, f"{path} lacks its number of iterations or its result"
    return Program(path.stem, int(iterations[1]), f"{path.stem} {int(expected[1])}\n")


def first_line(command: list[str]) -> str | None:
    """Return the first line that a command prints, or None if it cannot be run."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode().partition("\n")[0]


def metorex_command(python: str) -> list[str]:
    """Return how to run Metorex on an interpreter: its script, which starts faster than `-m`, if there is one."""
    script = Path(python).with_name("metorex")
    return [str(script), "run"] if script.exists() else [python, "-m", "metorex", "run"]


def find_contenders(pypy: str | None) -> list[Contender]:
    """Return every contender that is installed, the base first.

    The host engine is what runs by default: a command line without options starts fastest.
    """
    os.environ.pop("METOREX_ENGINE", None)
    found = []

    def offer(name: str, command: list[str], folder: str, suffix: str, ask: list[str]) -> None:
        version = first_line(ask)
        if version is not None:
            found.append(Contender(name, command, folder, suffix, version))

    python = sys.executable
    offer(BASE, ["ruby"], "programs", ".rb", ["ruby", "-v"])
    offer("yjit", ["ruby", "--yjit"], "programs", ".rb", ["ruby", "--yjit", "-v"])
    offer("lua", ["lua5.4"], "lua", ".lua", ["lua5.4", "-v"])
    offer("python", [python], "python", ".py", [python, "--version"])
    metorex = metorex_command(python)
    version = [*metorex[:-1], "--version"]
    offer("host", metorex, "programs", ".rb", version)
    offer("stack", [*metorex, "--engine", "stack"], "programs", ".rb", version)
    pypy = pypy or shutil.which("pypy3")
    if pypy:
        offer("pypy", [pypy], "python", ".py", [pypy, "-c", "import sys; print(*sys.version.split('\\n'))"])
        metorex = metorex_command(pypy)
        offer("pypy-host", metorex, "programs", ".rb", [*metorex[:-1], "--version"])
        offer("pypy-stack", [*metorex, "--engine", "stack"], "programs", ".rb", [*metorex[:-1], "--version"])
    return found


def cpu_seconds(contender: Contender, suite: Path, program: Program, iterations: int) -> float:
    """Run a program once; return the CPU time of the process and its children. Raises Failure."""
    path = suite / contender.folder / (program.name + contender.suffix)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            [*contender.command, str(path), str(iterations)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"not finished after {LIMIT_SECONDS} s")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise Failure(done.stderr.decode(errors="replace").partition("\n")[0] or f"exit status {done.returncode}")
    if done.stdout.decode(errors="replace") != program.line:
        raise Failure(f"printed {done.stdout[:80]!r}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Measurements:
    """CPU seconds by program and contender, one a round; with `steady`, those of double runs too."""

    def __init__(self, steady: bool) -> None:
        self.steady = steady
        self.single: dict[tuple[str, str], list[float]] = {}
        self.double: dict[tuple[str, str], list[float]] = {}
        self.failures: dict[tuple[str, str], str] = {}

    def measure(self, contender: Contender, suite: Path, program: Program, iterations: int) -> None:
        key = program.name, contender.name
        try:
            self.single.setdefault(key, []).append(cpu_seconds(contender, suite, program, iterations))
            if self.steady:
                self.double.setdefault(key, []).append(cpu_seconds(contender, suite, program, 2 * iterations))
        except Failure as failure:
            self.failures[key] = str(failure)
            self.single.pop(key, None)
            self.double.pop(key, None)

    def seconds(self, program: str, contender: str) -> float | None:
        """Return the least time, or None if there is none. A difference that noise made negative is no time."""
        key = program, contender
        if key not in self.single:
            return None
        if not self.steady:
            return min(self.single[key])
        difference = min(self.double[key]) - min(self.single[key])
        return difference if difference > 0 else None

    def ratio(self, program: str, contender: str) -> float | None:
        seconds, base = self.seconds(program, contender), self.seconds(program, BASE)
        return None if seconds is None or base is None else seconds / base

    def spread(self) -> float:
        """Return how much the middle series of times varies: its greatest by its least."""
        spreads = sorted(max(times) / min(times) for times in self.single.values())
        return spreads[len(spreads) // 2]


def run_rounds(
    suite: Path, programs: list[Program], contenders: list[Contender], rounds: int, quick: bool, steady: bool
) -> Measurements:
    """Measure everything. A first run of one iteration finds failures and lets caches fill."""
    measured = Measurements(steady)
    active: dict[str, list[Contender]] = {}
    for program in programs:
        active[program.name] = []
        for contender in contenders:
            if not (suite / contender.folder / (program.name + contender.suffix)).exists():
                continue
            try:
                cpu_seconds(contender, suite, program, 1)
                active[program.name].append(contender)
            except Failure as failure:
                measured.failures[program.name, contender.name] = str(failure)
    for number in range(rounds):
        for program in programs:
            show_progress(f"round {number + 1} of {rounds}: {program.name}")
            for contender in active[program.name]:
                if (program.name, contender.name) not in measured.failures:
                    measured.measure(contender, suite, program, 1 if quick else program.iterations)
    show_progress("")
    return measured


def show_progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def geometric_mean(values: list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def table(measured: Measurements, programs: list[Program], contenders: list[Contender]) -> str:
    """Return the table in Markdown: milliseconds of the base, then each contender's time by the base's."""
    others = [contender.name for contender in contenders if contender.name != BASE]
    rows = [["program", f"{BASE}, ms", *others]]
    ratios: dict[str, dict[str, float]] = {name: {} for name in others}
    for program in programs:
        base = measured.seconds(program.name, BASE)
        row = [program.name, "-" if base is None else f"{base * 1000:.0f}"]
        for name in others:
            ratio = measured.ratio(program.name, name)
            if ratio is not None:
                ratios[name][program.name] = ratio
            failed = (program.name, name) in measured.failures
            row.append("failed" if failed else "" if ratio is None else f"{ratio:.2f}")
        rows.append(row)

    def mean_row(title: str, names: set[str] | None) -> list[str]:
        row = [title, ""]
        for other in others:
            values = [ratio for name, ratio in ratios[other].items() if names is None or name in names]
            row.append(f"{geometric_mean(values):.2f}" if values else "")
        return row

    rows.append(mean_row("**geometric mean**", None))
    common = set.intersection(*(set(ratios[name]) for name in others)) if others else set()
    if common and any(len(ratios[name]) > len(common) for name in others):
        rows.append(mean_row(f"**of the {len(common)} that all ran**", common))
    return aligned(rows)


def aligned(rows: list[list[str]]) -> str:
    """Return rows of cells as a Markdown table with a header; all columns but the first are numbers."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = []
    for first, *numbers in [rows[0], rule, *rows[1:]]:
        cells = [first.ljust(widths[0]), *(number.rjust(width) for number, width in zip(numbers, widths[1:]))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def write_json(
    path: str, measured: Measurements, programs: list[Program], contenders: list[Contender], quick: bool
) -> None:
    """Write every single time, for other tools."""

    def by_program(times: dict[tuple[str, str], list[float]]) -> dict[str, dict[str, list[float]]]:
        return {
            program.name: {
                contender.name: times[program.name, contender.name]
                for contender in contenders
                if (program.name, contender.name) in times
            }
            for program in programs
        }

    document = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "contenders": {contender.name: contender.version for contender in contenders},
        "iterations": {program.name: 1 if quick else program.iterations for program in programs},
        "cpu_seconds": by_program(measured.single),
        "cpu_seconds_of_twice_the_iterations": by_program(measured.double),
        "failures": {f"{name} on {contender}": text for (name, contender), text in measured.failures.items()},
    }
    Path(path).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def chosen(wanted: str | None, known: list[str], default: list[str]) -> list[str]:
    """Return the names in a comma-separated list, in the order of `known`."""
    if wanted is None:
        return default
    names = wanted.split(",")
    unknown = sorted(set(names) - set(known))
    if unknown:
        sys.exit(f"unknown or not installed: {', '.join(unknown)} (there are {', '.join(known)})")
    return [name for name in known if name in names]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the suite; ratios to ruby without JIT, smaller is faster.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender runs each program (5)")
    parser.add_argument("--only", metavar="NAMES", help="programs, separated by commas")
    parser.add_argument(
        "--contenders", metavar="NAMES", help=f"separated by commas; default: all but {', '.join(SLOW)}"
    )
    parser.add_argument("--pypy", metavar="PYTHON", help="a PyPy that has metorex installed (pypy3 on PATH)")
    parser.add_argument("--steady", action="store_true", help="time of the second half of a run twice as long")
    parser.add_argument("--quick", action="store_true", help="a smoke run: few programs, one iteration, one round")
    parser.add_argument("--json", metavar="FILE", help="write all times")
    options = parser.parse_args()

    programs = [read_program(path) for path in sorted((HERE / "programs").glob("*.rb"))]
    names = [program.name for program in programs]
    picked = chosen(options.only, names, list(QUICK) if options.quick else names)
    programs = [program for program in programs if program.name in picked]
    contenders = find_contenders(options.pypy)
    known = [contender.name for contender in contenders]
    wanted = chosen(options.contenders, known, [name for name in known if options.quick or name not in SLOW])
    # Ratios need their base; without Ruby there are none, but outputs are checked and --json has the times.
    contenders = [contender for contender in contenders if contender.name in (*wanted, BASE)]

    with tempfile.TemporaryDirectory() as folder:
        # Copies, so that artifacts are cached next to them and not in the repository.
        suite = Path(folder)
        for name in ("programs", "python", "lua"):
            shutil.copytree(HERE / name, suite / name, ignore=shutil.ignore_patterns("__*__"))
        rounds = 1 if options.quick else options.rounds
        measured = run_rounds(suite, programs, contenders, rounds, options.quick, options.steady)

    for contender in contenders:
        print(f"{contender.name}: {contender.version}")
    print(f"\n{table(measured, programs, contenders)}\n")
    if rounds > 1 and measured.single:
        print(f"{rounds} rounds; half of the series vary by more than {(measured.spread() - 1) * 100:.0f} %")
    for (name, on), text in measured.failures.items():
        print(f"FAILED: {name} on {on}: {text}")
    if options.json:
        write_json(options.json, measured, programs, contenders, options.quick)
    return 1 if measured.failures else 0


if __name__ == "__main__":
    sys.exit(main())
