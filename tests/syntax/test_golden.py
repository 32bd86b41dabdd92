"""Trees and error reports of small programs, kept in golden/*.txt.

A case is its source, a line `=>`, and the tree as an S-expression (or the report of its syntax errors). `BLESS=1`
writes the files anew; review the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from metorex.toolchain.syntax.errors import SyntaxErrors
from metorex.toolchain.syntax.metorex.parser import parse

GOLDEN = Path(__file__).parent / "golden"
SEPARATOR = "-----\n"


def read_cases(path: Path) -> tuple[str, list[tuple[str, str]]]:
    header, *cases = path.read_text(encoding="utf-8").split(SEPARATOR)
    return header, [(source, expected.rstrip("\n")) for source, expected in (case.split("\n=>\n") for case in cases)]


def outcome(source: str) -> str:
    try:
        return parse(source, "golden.mx").dump()
    except SyntaxErrors as errors:
        return errors.report()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    header, cases = read_cases(path)
    found = [(source, outcome(source)) for source, _ in cases]
    if os.environ.get("BLESS"):
        text = "".join(f"{SEPARATOR}{source}\n=>\n{result}\n" for source, result in found)
        path.write_text(header + text, encoding="utf-8")
        return
    for (source, expected), (_, result) in zip(cases, found):
        assert result == expected, source
