"""Regular expressions below the guest's Regexp: both ways of matching agree, sets and names are Ruby's."""

from __future__ import annotations

import random
import warnings

import pytest
from metorex.toolchain.runtime.regex import charset
from metorex.toolchain.runtime.regex.graphemes import clusters
from metorex.toolchain.runtime.regex.matcher import Matcher
from metorex.toolchain.runtime.regex.pattern import Program
from metorex.toolchain.runtime.regex.syntax import SyntaxProblem, parse

ATOMS = [
    "a", "b", "A", "1", " ", ".", r"\w", r"\d", "[ab]", "[^a]", "[a-c&&[^b]]", r"\s", "[[:alpha:]]", "^", "$",
    r"\A", r"\z", r"\Z", r"\b", r"\B", r"\1",
]  # fmt: skip
GROUPS = ["(", "(?:", "(?=", "(?!", "(?>", "(?i:"]
QUANTIFIERS = ["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{1,2}", "{2}", "*+", "?+"]


def random_pattern(rnd: random.Random, depth: int) -> str:
    choices = []
    for _ in range(rnd.choice([1, 1, 2])):
        parts = []
        for _ in range(rnd.randint(1, 4)):
            atom = rnd.choice(ATOMS)
            if depth and rnd.random() < 0.3:
                atom = rnd.choice(GROUPS) + random_pattern(rnd, depth - 1) + ")"
            parts.append(atom + rnd.choice(QUANTIFIERS))
        choices.append("".join(parts))
    return "|".join(choices)


def spans(match: object, count: int) -> list[tuple[int, int]] | None:
    return None if match is None else [match.span(number) for number in range(count + 1)]  # type: ignore[attr-defined]


def test_translation_and_matcher_agree() -> None:
    rnd = random.Random(20)
    compared = 0
    while compared < 400:
        source, flags = random_pattern(rnd, 2), rnd.choice([0, 0, 1, 4])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                program = Program(source, flags)
                text = "".join(rnd.choice("aabbAB1 \n") for _ in range(rnd.randint(0, 8)))
                found = program.search(text)
        except SyntaxProblem:
            continue
        if program.matcher is not None:
            continue
        compared += 1
        other = Matcher(parse(source, flags)).search(text, 0)
        assert spans(found, program.count) == spans(other, program.count), source


@pytest.mark.parametrize(
    "source, text, expected",
    [
        (r"\((?:[^()]|\g<0>)*\)", "x(a(b)c)d", "(a(b)c)"),
        (r"\A(?<p>|.|(?:(?<c>.)\g<p>\k<c+0>))\z", "racecar", "racecar"),
        (r"/\*(?~\*/)\*/", "a /* b */ c */", "/* b */"),
        (r"a\Gb|\Gc", "abc", None),
    ],
)
def test_beyond_the_host(source: str, text: str, expected: str | None) -> None:
    program = Program(source, 0)
    match = program.search(text)
    assert (None if match is None else text[match.start() : match.end()]) == expected
    assert program.matcher is not None


def test_sets_are_cut_for_ascii_texts_only() -> None:
    program = Program("[[:alpha:]]+", 0)
    assert program.search("x1").span() == (0, 1)
    assert program.cut and program.wide is None
    assert program.search("éa1").span() == (0, 2)


def test_set_arithmetic() -> None:
    digits = charset.DIGIT
    assert charset.complement(charset.complement(digits)) == digits
    assert charset.intersection(charset.WORD, charset.complement(digits)) == [(65, 90), (95, 95), (97, 122)]
    assert charset.union([(5, 9), (1, 3), (4, 4)]) == [(1, 9)]
    assert charset.fold([(107, 107)]) == [(75, 75), (107, 107), (0x212A, 0x212A)]


@pytest.mark.parametrize("name", ["L", "Lu", "Letter", "uppercase_letter", "Han", "greek", "Alnum", "Emoji", "Cn"])
def test_names_of_properties(name: str) -> None:
    assert charset.named_set(name)


def test_categories_cover_unicode_once() -> None:
    categories = [charset.named_set(name) or [] for name in ("C", "L", "M", "N", "P", "S", "Z")]
    assert charset.union([pair for ranges in categories for pair in ranges]) == charset.ALL
    assert sum(last - first + 1 for ranges in categories for first, last in ranges) == 0x110000


def test_problem_messages() -> None:
    with pytest.raises(SyntaxProblem, match="target of repeat operator is not specified"):
        parse("a|*", 0)
    with pytest.raises(SyntaxProblem, match="undefined name <x> reference"):
        parse(r"\k<x>", 0)


def test_clusters() -> None:
    assert clusters("ab\r\n") == ["a", "b", "\r\n"]
    assert clusters("e\u0301\U0001f468\u200d\U0001f469\u200d\U0001f467") == [
        "e\u0301",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    ]
