"""Patterns of file names (File.fnmatch, Dir.glob)."""

from __future__ import annotations

import pytest
from metorex.toolchain.runtime.core.file_match import CASEFOLD, DOTMATCH, EXTGLOB, PATHNAME, alternatives, fnmatch


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("plain", ["plain"]),
        ("{a,b}", ["a", "b"]),
        ("x{a,b}y{c,d}", ["xayc", "xayd", "xbyc", "xbyd"]),
        ("{a,{b,c}}", ["a", "b", "c"]),
        ("a\\{b,c}", ["a\\{b,c}"]),
        ("{open", ["{open"]),
        ("{a,}", ["a", ""]),
    ],
)
def test_alternatives(pattern: str, expected: list[str]) -> None:
    assert alternatives(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "path", "flags", "expected"),
    [
        ("*", "name", 0, True),
        ("*", ".hidden", 0, False),
        ("*", ".hidden", DOTMATCH, True),
        (".*", ".hidden", 0, True),
        ("a*c", "abbc", 0, True),
        ("a?c", "ac", 0, False),
        ("[a-c]x", "bx", 0, True),
        ("[!a-c]x", "bx", 0, False),
        ("[^a]x", "bx", 0, True),
        ("[]]", "]", 0, True),
        ("[open", "o", 0, False),
        ("\\*", "*", 0, True),
        ("\\*", "a", 0, False),
        ("ABC", "abc", CASEFOLD, True),
        ("*.rb", "dir/a.rb", 0, True),
        ("*.rb", "dir/a.rb", PATHNAME, False),
        ("**/*.rb", "a/b/c.rb", PATHNAME, True),
        ("**/*.rb", "c.rb", PATHNAME, True),
        ("**/*.rb", ".h/c.rb", PATHNAME, False),
        ("{a,b}.rb", "b.rb", EXTGLOB, True),
        ("{a,b}.rb", "b.rb", 0, False),
    ],
)
def test_fnmatch(pattern: str, path: str, flags: int, expected: bool) -> None:
    assert fnmatch(pattern, path, flags) is expected
