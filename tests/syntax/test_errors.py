"""Syntax errors: layout (language reference 4.5), recovery, incompleteness, compile-time checks."""

from __future__ import annotations

import pytest
from metorex.toolchain.syntax.errors import MAX_ERRORS, Error, SyntaxErrors, format_syntax_errors
from metorex.toolchain.syntax.metorex.parser import parse


def errors_of(source: str, **options: object) -> SyntaxErrors:
    with pytest.raises(SyntaxErrors) as caught:
        parse(source, "t.mx", **options)  # type: ignore[arg-type]
    return caught.value


def test_layout_of_one_error() -> None:
    assert errors_of("a = 1\nb = 2\nputs )\n").report() == (
        "t.mx:3: syntax error found\n"
        "  1 | a = 1\n"
        "  2 | b = 2\n"
        "> 3 | puts )\n"
        "    |      ^ unexpected ')'; expected an expression"
    )


def test_layout_of_distant_errors() -> None:
    source = "x = = 1\n" + "a\n" * 9 + "\tnil = 2\n"
    assert errors_of(source).report() == (
        "t.mx:1: syntax errors found\n"
        ">  1 | x = = 1\n"
        "     |     ^ unexpected '='; expected an expression\n"
        "   2 | a\n"
        "   3 | a\n"
        "  ~~~~\n"
        "   9 | a\n"
        "  10 | a\n"
        "> 11 | \tnil = 2\n"
        "     | \t^~~ Can't assign to nil"
    )


def test_two_errors_in_one_line_get_two_markers() -> None:
    report = format_syntax_errors("ab cd", "f", [Error(0, 2, "one"), Error(3, 5, "two")])
    assert report == "f:1: syntax errors found\n> 1 | ab cd\n    | ^~ one\n    |    ^~ two"


def test_lines_count_from_the_given_line() -> None:
    assert errors_of("a\n)", line=41).report().startswith("t.mx:42: syntax error found\n  41 | a\n> 42 | )")


@pytest.mark.parametrize(
    ("source", "opener"),
    [
        ("def f\n 1", "`def` statement"),
        ("class A\n", "`class` statement"),
        ("module A\n", "`module` statement"),
        ("if x\n 1\n", "`if` statement"),
        ("unless x\n", "`unless` statement"),
        ("while x\n", "`while` statement"),
        ("for x in y\n", "`for` statement"),
        ("case x\nwhen 1\n", "`case` statement"),
        ("begin\n", "`begin` statement"),
        ("foo do\n", "`do` block"),
        ("match x\nwhen 1\n", "`match` statement"),
        ("lambda |x|\n", "`lambda` block"),
    ],
)
def test_a_missing_end_names_its_opener(source: str, opener: str) -> None:
    caught = errors_of(source)
    assert [error.message for error in caught.errors] == [f"expected an `end` to close the {opener}"]
    assert caught.incomplete


@pytest.mark.parametrize(
    "source",
    ["(", "[1,", "{", "f(1", "f 1,", "1 +", "a.", "a &&", "x =", "a, b =", '"abc', "<<A\nb", "%w[a", "/a", "x ->",
     "-> {", "f {", "f do |x|", "def f(a,", "class", "case x", "not", "a ? b :", "a \\", "x: Int =", "=begin\n", "if a",
     "begin\n1\nrescue", '"#{', "a::", "alias a", "match x\nwhen"],
)  # fmt: skip
def test_more_input_could_complete(source: str) -> None:
    assert errors_of(source).incomplete


@pytest.mark.parametrize("source", [")", "end", "f(1 2)", "x = = 1", "1 2", "def f(a, a); end", "break", "a )\ndef f"])
def test_no_input_could_complete(source: str) -> None:
    assert not errors_of(source).incomplete


def test_recovery_goes_on_behind_the_statement() -> None:
    source = "def f\n  x = )\n  y = 1\nend\nclass A\n  def g\n    foo(1 2)\n  end\nend\nnil = 1\n"
    places = [source.index(text) for text in (")", "2)", "nil")]
    assert [error.pos for error in errors_of(source).errors] == places


def test_an_unclosed_bracket_does_not_hide_the_next_definition() -> None:
    source = "def a\n  foo(\n  1\nend\ndef b\n  nil = 1\nend\n"
    assert [error.message for error in errors_of(source).errors][1:] == ["Can't assign to nil"]


def test_at_most_twenty_errors() -> None:
    assert len(errors_of("x = )\n" * 50).errors) == MAX_ERRORS


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("break", "Invalid break"),
        ("def f; next; end", "Invalid next"),
        ("redo", "Invalid redo"),
        ("retry", "Invalid retry without rescue"),
        ("yield", "Invalid yield"),
        ("class A; yield; end", "Invalid yield"),
        ("class A; return; end", "Invalid return in class/module body"),
        ("def f; A = 1; end", "dynamic constant assignment"),
        ("def f; x { A = 1 }; end", "dynamic constant assignment"),
        ("def f; class A; end; end", "Class definition in method body"),
        ("def f(a, (b, a)); end", "duplicated argument name"),
        ("f { |a, a| }", "duplicated argument name"),
        ("nil = 1", "Can't assign to nil"),
        ("true = 1", "Can't assign to true"),
        ("self = 1", "Can't change the value of self"),
        ("$1 = 1", "Can't set variable $1"),
        ("_1 = 1", "_1 is reserved for numbered parameters"),
        ("f { |x| _1 }", "numbered parameter reference not allowed when an ordinary parameter is defined"),
        ("f { _1; g { _1 } }", "numbered parameter is already used in outer block"),
        ("def f; g(*); end", "no anonymous rest parameter"),
        ("def f; g(...); end", "unexpected ... when the parent method is not forwarding"),
        ("def x=(a) = 1", "setter method cannot be defined in an endless method definition"),
        ("f(&a) { }", "both block arg and actual block given; only one block is allowed"),
        ("begin; else; end", "unexpected `else` in `begin` block; a `rescue` clause must precede `else`"),
        ("case 1; in [a, a]; end", "duplicated variable name"),
        ("case 1; in a | b; end", "illegal variable in alternative pattern (a)"),
        ("case 1; in {a: 1, a: 2}; end", "duplicated key name"),
        ("case 1; in ^a; end", "a: no such local variable"),
        ("case x\nwhen [...a, ...b] then 1\nend", "only one rest pattern is allowed in an array pattern"),
        ("f(x) -> 1", "arrow lambda parameters must be identifiers"),
        ("self -> 1", "arrow lambda parameters must be identifiers"),
        ('"\\u{110000}"', "invalid Unicode codepoint (too large)"),
        ('"\\xz"', "invalid hex escape"),
        ("089", "Invalid octal digit"),
        ("1__0", "trailing '_' in number"),
        ("/a/j", "unknown regexp option - j"),
    ],
)
def test_compile_time_checks(source: str, message: str) -> None:
    assert errors_of(source).errors[0].message == message


@pytest.mark.parametrize(
    "source",
    [
        "while 1; break; end",
        "f { break; next; redo }",
        "begin; break; end while true",
        "break while true",
        "begin; rescue; retry; end",
        "begin; rescue; f { retry }; end",
        "def f; yield; g { yield }; end",
        "class A; f { return }; end",
        "def f; A ||= 1; end",
        "defined?(yield)",
        "def f(_a, _a); end",
        "def f; class << self; end; end",
    ],
)
def test_allowed_jumps(source: str) -> None:
    parse(source, "t.mx")


def test_eval_does_not_check_what_it_cannot_see() -> None:
    parse("yield; break; next; redo; retry", "t.mx", kind="eval")


def test_long_lines_are_shown_around_the_error() -> None:
    source = "a; " * 500 + ") " + "b; " * 500
    report = format_syntax_errors(source, "f", [Error(1500, 1501, "odd"), Error(2900, 2901, "far")])
    first, shown, marked, far = report.splitlines()
    assert first == "f:1: syntax errors found"
    assert len(shown) < 260
    assert shown[marked.index("^")] == ")"
    assert marked.endswith("^ odd")
    assert far.endswith("^ far")


def test_nothing_that_a_terminal_obeys_is_shown() -> None:
    report = format_syntax_errors("a\x1b[31m\tb\x07 )", "f", [Error(10, 11, "odd")])
    assert "\x1b" not in report
    assert "\x07" not in report
    assert report.splitlines()[1] == "> 1 | a\ufffd[31m\tb\ufffd )"
