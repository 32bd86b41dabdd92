"""Start-up and loading: warm runs against bare Python and Ruby, and loading an artifact against compiling its source.

    python benchmarks/startup.py [--quick]

Prints CPU time and ratios, from rounds in which all contenders take turns. Every run's output is checked.
Needs `metorex` on PATH; `ruby` is measured if it is installed.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HELLO = 'puts "Hello, world"\n'

# One class of a generated program; {n} makes them differ. 25 lines.
CLASS = """
class Account{n}
  attr_reader :owner, :balance

  def initialize(owner, balance = {n})
    @owner = owner
    @balance = balance
    @log = []
  end

  def deposit(amount, note: "deposit")
    raise ArgumentError, "amount must be positive, not #{{amount}}" unless amount > 0
    @balance += amount
    @log << [note, amount, {{total: @balance, index: @log.size + {n}}}]
    self
  end

  def largest
    @log.select {{ |note, amount, _| note != "fee" && amount > {n} % 7 }}
        .map {{ |_, amount, extra| amount * 2 + extra[:total] }}
        .max || 0
  end

  def to_s = "#{{owner}}: #{{@balance}} in #{{@log.size}} steps"
end
"""


USE = 'puts Account{n}.new("Ada").deposit(5).deposit(7).largest, Account{n}.new("Bob"), Account{n}.new("Cy").owner\n'


def big_program(lines: int, used: bool = False) -> str:
    """Return a program of about `lines` lines, which uses one of its classes, or all of them."""
    count = lines // (CLASS.count("\n"))
    classes = "".join(CLASS.format(n=n) for n in range(count))
    if used:
        return classes + "".join(USE.format(n=n) for n in range(count))
    return classes + 'puts Account1.new("Ada").deposit(5).deposit(7).largest\n'


def timed(command: list[str], expected: str) -> float:
    """Return the CPU time, user and system, that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert output == expected, f"{command} printed {output!r}"
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def interleave(contenders: dict[str, tuple[list[str], str]], rounds: int) -> dict[str, list[float]]:
    """Return the sorted CPU seconds of each contender in rounds in which they take turns."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (command, expected) in contenders.items():
            times[name].append(timed(command, expected))
    return {name: sorted(values) for name, values in times.items()}


def start_up(folder: Path, rounds: int) -> None:
    metorex = shutil.which("metorex")
    assert metorex, "metorex is not on PATH"
    os.environ["XDG_CACHE_HOME"] = str(folder / "user")  # what is kept per user, such as host code
    contenders = {"python3 -c 0": ([sys.executable, "-c", "0"], "")}
    ruby = shutil.which("ruby")
    if ruby:
        contenders["ruby -e 0"] = ([ruby, "-e", "0"], "")
    programs = {
        "hello": HELLO, "1,000 lines": big_program(1000), "1,000 lines, all used": big_program(1000, used=True)
    }  # fmt: skip
    for number, (name, source) in enumerate(programs.items()):
        path = folder / f"program{number}.mx"
        path.write_text(source)
        os.utime(path, (1_700_000_000, 1_700_000_000))
        expected = subprocess.run([metorex, "run", str(path)], stdout=subprocess.PIPE, check=True).stdout.decode()
        contenders[f"metorex {name}, warm"] = ([metorex, "run", str(path)], expected)
        contenders[f"metorex {name}, cold"] = ([metorex, "run", "--no-cache", str(path)], expected)
    times = interleave(contenders, rounds)
    bare = times["python3 -c 0"]
    print(f"{'start-up':<36} {'ms, least':>10} {'x python3 -c 0':>16} {'by medians':>12}")
    for name, seconds in times.items():
        ratios = seconds[0] / bare[0], statistics.median(seconds) / statistics.median(bare)
        print(f"{name:<36} {seconds[0] * 1000:>10.1f} {ratios[0]:>16.2f} {ratios[1]:>12.2f}")


def loading(folder: Path, rounds: int, lines: int) -> None:
    """Compare compiling a long program with loading its artifact, in this process."""
    from metorex.loader.load import COMPILED, FROM_CACHE, load_path
    from metorex.loader.options import LoadOptions
    from metorex.toolchain.compiler import compile_program
    from metorex.toolchain.session import compile_text
    from metorex.toolchain.syntax.metorex import parse

    path = folder / "big.mx"
    source = big_program(lines)
    path.write_text(source)
    count = source.count("\n")
    parses, compiles, loads = [], [], []
    for _ in range(rounds):
        started = time.perf_counter()
        tree = parse(source, "big.mx")
        parsed = time.perf_counter()
        compile_program(tree, source, "big.mx")
        compiled = time.perf_counter()
        parses.append(parsed - started)
        compiles.append(compiled - started)
        options = LoadOptions()
        if load_path(str(path), compile_text, options).origin == COMPILED:
            loaded = load_path(str(path), compile_text, options)  # notes that the source was young
        started = time.perf_counter()
        loaded = load_path(str(path), compile_text, options)
        loads.append(time.perf_counter() - started)
        assert loaded.origin == FROM_CACHE
    parse_s, compile_s, load_s = map(statistics.median, (parses, compiles, loads))
    print(f"\n{count:,} lines: parse {count / parse_s:,.0f}, parse and compile {count / compile_s:,.0f} lines/s")
    print(f"loading the artifact: {load_s * 1000:.2f} ms, {compile_s / load_s:.0f} times faster than compiling")


def main() -> None:
    quick = "--quick" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        start_up(Path(name), 3 if quick else 25)
        loading(Path(name), 1 if quick else 5, 2000 if quick else 10_000)


if __name__ == "__main__":
    main()
