"""The parser answers every text with a tree or SyntaxErrors, soon, and knows where its nodes stand."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from metorex.toolchain.syntax import ast
from metorex.toolchain.syntax.errors import SyntaxErrors
from metorex.toolchain.syntax.metorex.parser import parse

from .test_golden import GOLDEN, read_cases

PROGRAMS = [source for path in sorted(GOLDEN.glob("*.txt")) for source, _ in read_cases(path)[1]]
TOKENS = """
x y A @a @@b $c 1 2.5 "s" 's' :s /r/ %w[ ] ( ) { } | || & && * ** ... .. . &. :: : ; , = == => -> += ||= ? ! ~ < << >
+ - / % ^ _ it _1 a: "b": #{ # \\ ` <<A <<~A A if unless while until for in do end def class module case when match
then else elsif begin rescue ensure return break next redo retry yield super self nil true not and or defined? alias
undef lambda continue BEGIN END __END__ =begin =end Int Array< é 日
""".split()  # noqa: SIM905


def settle(source: str) -> None:
    """Parse; on errors also format them."""
    try:
        root = parse(source, "t.mx")
    except SyntaxErrors as errors:
        assert 0 < len(errors.errors) <= 20
        assert errors.report()
        return
    for node in root.walk():
        assert 0 <= node.pos <= node.end_pos <= len(source)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TOKENS), st.sampled_from(["", " ", "\n"])), max_size=30))
def test_token_soup(tokens: list[tuple[str, str]]) -> None:
    settle("".join(token + space for token, space in tokens))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    settle(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
@example(b"\x80" * 60)
def test_any_bytes(data: bytes) -> None:
    settle(data.decode("utf-8", "surrogateescape"))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PROGRAMS), st.data())
def test_cut_programs(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source)))
    settle(source[start : data.draw(st.integers(start, len(source)))])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PROGRAMS), st.sampled_from(TOKENS), st.data())
def test_disturbed_programs(source: str, token: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(source)))
    settle(source[:at] + data.draw(st.sampled_from(["", " "])) + token + source[at + data.draw(st.integers(0, 3)) :])


@pytest.mark.parametrize(
    "unit",
    ["(", "[", "{", "!", "-", "a(", "x -> ", "->", "if ", "def f(a=", '"#{', "match ", "(a = ", "not ", "begin\n",
     "a = ", "f do ", "f {|a=", "a ? ", "class A\n", "a.b ", '{"a": ', "-> (a = ", "lambda |a = "],
)  # fmt: skip
def test_deep_nesting_is_a_syntax_error(unit: str) -> None:
    with pytest.raises(SyntaxErrors) as caught:
        parse(unit * 5000, "t.mx")
    assert caught.value.errors[0].message == "nesting too deep"


@pytest.mark.parametrize("source", ["1 + ;1", "a.b.;c", "a, ;b = 1", "f 1\n;1", "a && ;1", '"a" ;"b"', "x if ;y"])
def test_long_chains_are_no_deep_nesting(source: str) -> None:
    unit, last = source.split(";")
    parse(unit * 3000 + last, "t.mx")


@pytest.mark.parametrize(
    "source",
    [
        "case x\nwhen [-> { case x\nwhen [" * 25,
        "(a=(-> (b=" * 25,
        "x -> (y = -> (z = " * 25,
        "match [match {a: " * 25,
        "lambda |a = lambda |b = " * 25,
        "begin; continue; " * 25 + "end while x;" * 25,
        "def f(a: Array<Int>, b: Array<Int>) = 1\n" * 25,
        "puts <<A\n#{<<B\n" * 50,
    ],
)
def test_speculation_is_not_exponential(source: str) -> None:
    begin = time.process_time()
    settle(source)
    assert time.process_time() - begin < 5


SELF_CONTAINED = (
    ast.MethodCall, ast.Call, ast.If, ast.While, ast.FunctionDef, ast.ClassDef, ast.Dictionary, ast.BinaryOp,
    ast.Assignment, ast.InstanceVariable, ast.IntLiteral, ast.Case, ast.Begin, ast.Defined, ast.Return,
)  # fmt: skip


def test_positions_enclose_the_text_of_a_node() -> None:
    """The text from pos to end_pos of a node parses to that node again."""
    source = (Path(__file__).parent / "positions.mx").read_text(encoding="utf-8")
    root = parse(source, "positions.mx")
    checked = 0
    for node in root.walk():
        if not isinstance(node, SELF_CONTAINED) or (type(node) is ast.Dictionary and not node.braces):
            continue
        text = source[node.pos : node.end_pos]
        again = parse(text, "t.mx", kind="eval", locals=("a", "b", "list", "item", "total"))
        assert len(again.statements) == 1, text
        found = again.statements[0].dump()
        assert found.replace(" local)", ")").replace(" call)", ")").replace("FunctionDef", "MethodDef") == (
            node.dump().replace(" local)", ")").replace(" call)", ")").replace("FunctionDef", "MethodDef")
        ), text
        checked += 1
    assert checked > 60


def test_positions_for_carets() -> None:
    source = "foo.bar(1) + x[2]\nA::B\ndef f; end\n"
    first, second, third = parse(source, "t.mx").statements
    assert source[first.op_pos] == "+"
    assert source[first.left.name_pos :].startswith("bar")
    assert source[first.right.bracket_pos] == "["
    assert source[second.name_pos :].startswith("B")
    assert source[third.name_pos :].startswith("f;")
