"""Checking mode: programs and damaged artifacts, with the machine held against the verifier's facts."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from metorex.format.errors import FormatError
from metorex.format.reader import decode_all, read_module
from metorex.format.writer import reseal, write_module
from metorex.toolchain.session import compile_text
from metorex.verifier.verify import verify

from ... import tasks
from ...play import forked
from ...test_fixtures import FIXTURES, SHALLOW

PROGRAM = """
class Stack
  def initialize = @items = []
  def push(x) = (@items << x; self)
  def each(&b) = @items.each(&b)
end
def risky(n)
  yield n
rescue ZeroDivisionError => e
  "zero: #{e.message}"
else
  "ok"
ensure
  print "<#{n}>"
end
Stack.new.push(1).push(2).each { |x| puts x * 2 }
puts risky(1) { |x| 1 / x }, risky(0) { |x| 1 / x }
case [1, [2, 3]]
in [Integer => a, [b, *c]] then p a, b, c
end
i = 0
while i < 3
  i += 1
  begin
    next if i == 2
    break if i > 5
  ensure
    print i
  end
end
f = ->(x, y = 2, *z, k: 1) { x + y + k }
p f.(1), f.(1, 3, k: 4)
a, (b, *c), d = 1, [2, 3], 4
p [a, b, c, d], "#{a}-#{b}", 1..2
"""


def run_checked(data: bytes, seconds: int = 3) -> tuple[int, str]:
    """Run an artifact that verifies in checking mode; returns the status (124: stopped) and standard error."""
    played = forked(tasks.run_checked_artifact, data, seconds)
    return played.status, played.err


@pytest.mark.parametrize("path", SHALLOW[::7], ids=lambda path: str(path.relative_to(FIXTURES).with_suffix("")))
def test_fixtures_agree_with_the_verifier(path: Path) -> None:
    played = forked(tasks.run_program, path.name, "checked", (), False, folder=path.parent)
    assert "Disagreement" not in played.err


def test_damaged_artifacts_never_disagree() -> None:
    """Flip bits of a re-sealed artifact: rejected, or it runs (perhaps into one of its own exceptions)."""
    data = write_module(compile_text(PROGRAM, "mutant.mx"))
    generator = random.Random(20)
    accepted = 0
    for _ in range(150):
        mutant = bytearray(data)
        position = generator.randrange(len(data) * 8)
        mutant[position // 8] ^= 1 << position % 8
        try:
            sealed = reseal(bytes(mutant))
            module = read_module(sealed)
            decode_all(module)
        except FormatError:
            continue
        if verify(module):
            continue
        accepted += 1
        status, err = run_checked(sealed)
        assert status in (0, 1, 124), err
        assert "Disagreement" not in err
        assert "Traceback" not in err
    assert accepted > 5


def test_a_wrong_fact_is_noticed() -> None:
    from metorex.toolchain.engines.stack.checked import Disagreement, check_state
    from metorex.toolchain.engines.stack.code import Unit

    unit = Unit(compile_text("puts 1\n", "a.mx"), "a.mx")
    code = unit.code(0)
    code.decode()
    check_state(code, 0, [], [])
    with pytest.raises(Disagreement):
        check_state(code, 0, [1], [])
    with pytest.raises(Disagreement):
        check_state(code, 0, [], [None])
    with pytest.raises(Disagreement):
        check_state(code, 99, [], [])
