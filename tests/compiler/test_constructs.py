"""Every construct compiles to code that the verifier accepts, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from metorex.toolchain.compiler import Options, compile_source
from metorex.toolchain.syntax.errors import SyntaxErrors
from metorex.verifier.verify import verify

PROGRAMS = (Path(__file__).parent / "constructs.mx").read_text(encoding="utf-8").split("\n---\n")[1:]

SURROUNDINGS = {
    "top level": "{}",
    "method": "def surrounding(x = 1)\n{}\nend",
    "block": "[1].each do |x|\n{}\nend",
    "lambda": "-> do\n{}\nend",
    "class": "class Surrounding\n{}\nend",
    "loop": "while p\n{}\nend",
    "loop in a condition": "1 if begin\n{}\nend while p",
    "argument": "p(1, [2, begin\n{}\nend])",
    "value of a rescue": "x = begin\n{}\nrescue Foo => e\np e\nend",
    "rescue body": "begin\nraise\nrescue => e\n{}\nend",
    "ensure body": "p(begin\np 1\nensure\n{}\nend)",
    "ensured block in a loop": "while p do [1].each do\nbegin\n{}\nensure\np 1\nend\nend end",
    "arm": "while p\ncase p\nwhen [a, b], k then\n{}\nend\nend",
    "for": "for i, j in p do\n{}\nend",
}


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda text: text.strip().split("\n")[0][:40])
def test_verifies(program: str, surrounding: str) -> None:
    if program.startswith("# top level only") and surrounding != "top level":
        return
    source = SURROUNDINGS[surrounding].replace("{}", program)
    for options in (Options(), Options(frozen_string_literal=True, debug=True)):
        try:
            module = compile_source(source, "construct.mx", options)
        except SyntaxErrors:
            if surrounding == "top level":
                raise
            return  # class and constant definitions in a method, `return` in a class body
        findings = verify(module)
        assert not findings, "\n".join(map(str, findings))
