"""Start-up and loading: warm runs against bare Python and Ruby, and loading an artifact against compiling its source.

    python benchmarks/startup.py [--quick]

Prints ratios, from rounds in which all contenders take turns (absolute times are noise). Every run's output is checked.
Needs `metorex` on PATH; `ruby` is measured if it is installed.
"""

from __future__ import annotations

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


def big_program(lines: int) -> str:
    """Return a program of about `lines` lines."""
    count = lines // (CLASS.count("\n"))
    classes = "".join(CLASS.format(n=n) for n in range(count))
    return classes + 'puts Account1.new("Ada").deposit(5).deposit(7).largest\n'


def timed(command: list[str], expected: str) -> float:
    started = time.perf_counter()
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    seconds = time.perf_counter() - started
    assert output == expected, f"{command} printed {output!r}"
    return seconds


def interleave(contenders: dict[str, tuple[list[str], str]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each contender over rounds in which they take turns."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (command, expected) in contenders.items():
            times[name].append(timed(command, expected))
    return {name: statistics.median(values) for name, values in times.items()}


def start_up(folder: Path, rounds: int) -> None:
    metorex = shutil.which("metorex")
    assert metorex, "metorex is not on PATH"
    hello = folder / "hello.mx"
    hello.write_text(HELLO)
    program = folder / "program.mx"
    program.write_text(big_program(1000))
    expected = subprocess.run([metorex, "run", str(program)], stdout=subprocess.PIPE, check=True).stdout.decode()
    contenders = {
        "python3 -c 0": ([sys.executable, "-c", "0"], ""),
        "metorex hello, warm": ([metorex, "run", str(hello)], "Hello, world\n"),
        "metorex hello, cold": ([metorex, "run", "--no-cache", str(hello)], "Hello, world\n"),
        "metorex 1,000 lines, warm": ([metorex, "run", str(program)], expected),
        "metorex 1,000 lines, cold": ([metorex, "run", "--no-cache", str(program)], expected),
    }
    ruby = shutil.which("ruby")
    if ruby:
        contenders["ruby -e 0"] = ([ruby, "-e", "0"], "")
    timed(*contenders["metorex hello, warm"])
    times = interleave(contenders, rounds)
    bare = times["python3 -c 0"]
    print(f"{'start-up':<28} {'ms':>8} {'x python3 -c 0':>16}")
    for name, seconds in times.items():
        print(f"{name:<28} {seconds * 1000:>8.1f} {seconds / bare:>16.2f}")


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
