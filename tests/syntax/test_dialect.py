"""Decisions of the dialect: what stays Ruby, what names mean. (Whole trees are in golden/dialect.txt.)"""

from __future__ import annotations

import pytest
from metorex.toolchain.syntax import ast
from metorex.toolchain.syntax.metorex.parser import parse


def only(source: str, **options: object) -> ast.Node:
    (statement,) = parse(source, "t.mx", **options).statements  # type: ignore[arg-type]
    return statement


@pytest.mark.parametrize("source", ["f -> { }", "f -> x { }", "f -> x do end", "f ->(x) { }", "f -> do end"])
def test_commands_with_a_lambda_stay_ruby(source: str) -> None:
    node = only(source)
    assert node.type == "Call" and node.arguments[0].kind == "stabby"


@pytest.mark.parametrize(
    ("source", "kind", "parameters"),
    [
        ("x -> x", "arrow", ["x"]),
        ("() -> 1", "arrow", []),
        ("(a, b = 1) -> a", "arrow", ["a", "b"]),
        ("-> 1", "arrow", []),
        ("->(v) v + 1", "stabby", ["v"]),
        ("-> (v) + 1", "arrow", []),
        ("-> (v)", "arrow", []),
        ("-> {a: 1}", "arrow", []),
        ("-> { a }", "stabby", []),
        ("lambda |n| n end", "compact", ["n"]),
        ("do |n| n end", "do", ["n"]),
        ("x -> {a: x}", "arrow", ["x"]),
    ],
)
def test_kinds_of_lambdas(source: str, kind: str, parameters: list[str]) -> None:
    node = only(source)
    assert (node.type, node.kind, [item.name for item in node.parameters]) == ("Lambda", kind, parameters)


def test_an_arrow_in_a_list_takes_one_command_argument() -> None:
    assert len(only("f(x -> puts x, 2)").arguments) == 2
    assert len(only("f = x -> puts x, 2").value.body.statements[0].arguments) == 2
    assert len(only("[x -> y -> puts x, 2]").elements) == 2


def test_arrow_parameters_shadow_and_vanish() -> None:
    first, second = parse("x -> x\nx", "t.mx").statements
    assert first.body.statements[0].kind == "local"
    assert second.kind == "call"


def test_local_calls_are_marked() -> None:
    source = "f = 1\nf(1)\nf 2\ng(1)\n"
    assert [node.local for node in parse(source, "t.mx").statements[1:]] == [True, True, False]
    assert only("f(1)", locals=("f",)).local


@pytest.mark.parametrize(
    "source", ["f (1)", "f [1]", "f -1", "f *a", "f &b", "f ::A", "f <<A\nA\n", "f /a/", "f :a", "f ?a"]
)
def test_space_decides_for_a_method(source: str) -> None:
    assert only(source).type == "Call"


@pytest.mark.parametrize("source", ["f [1]", "f -1", "f *a", "f &b", "f ::A", "f <<a", "f /a", "f ? a : b", "f %a"])
def test_and_not_for_a_local(source: str) -> None:
    assert only(source, locals=("f",)).type in ("Index", "BinaryOp", "ScopeResolution", "If")


def names_in(source: str) -> list[tuple[str, str]]:
    return [(node.name, node.kind) for node in parse(source, "t.mx").walk() if node.type == "Identifier"]


def test_soft_names_are_seen_in_their_arm_only() -> None:
    assert ("n", "soft") in names_in("case 1\nwhen n then n\nend")
    assert names_in("case 1\nwhen n then 1\nwhen 2 then n\nend\nn") == [("n", "call"), ("n", "call")]


def test_hard_names_are_locals_of_their_arm() -> None:
    assert names_in("case 1\nwhen n if n then n\nend\nn") == [("n", "local"), ("n", "local"), ("n", "call")]
    assert names_in("match 1\nwhen n then f { n }\nend")[-1] == ("n", "local")


def test_other_locals_of_an_arm_stay() -> None:
    assert names_in("case 1\nwhen n then y = 1\nend\ny")[-1] == ("y", "local")


def test_a_soft_name_that_is_assigned_stays_the_arms() -> None:
    assert names_in("case 1\nwhen n then n = 2; n\nend\nn") == [("n", "soft"), ("n", "soft"), ("n", "call")]


def test_a_soft_name_of_an_outer_arm_is_a_value_inside() -> None:
    inner = only("case 1\nwhen n\n  case 2\n  when n then 3\n  end\nend").cases[0].body.statements[0]
    assert inner.cases[0].patterns[0].dump() == "(ValuePattern (Identifier n soft))"


def test_match_in_a_case_arm_is_rubys_call() -> None:
    node = only("case x\nwhen 1\n  match y\nwhen 2\nend")
    assert len(node.cases) == 2
    grouped = only("case x\nwhen 1\n  (match y\n  when 2 then 3\n  end)\nend")
    assert grouped.cases[0].body.statements[0].type == "Grouped"
    nested = only("match x\nwhen 1\n  match y\n  when 2 then 3\n  end\nend")
    assert nested.cases[0].body.statements[0].type == "Match"
    assert only("case x\nwhen 1\n  f {\n    match y\n    when 2 then 3\n    end\n  }\nend").type == "Case"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("loop { continue }", True),
        ("while x do continue if y end", True),
        ("begin; continue; end while x", True),
        ("continue", False),
        ("loop { continue 1 }", False),
        ("loop { continue = 1 }", False),
        ("loop { a, continue = 1 }", False),
        ("loop { o.continue }", False),
        ("loop { continue() }", False),
        ("loop { :continue }", False),
        ("def continue; end\nloop { continue }", False),
        ("loop { def f; continue; end }", False),
    ],
)
def test_continue(source: str, found: bool) -> None:
    assert any(node.type == "Continue" for node in parse(source, "t.mx").walk()) is found


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("def f(a: Int) = 1", ["key"]),
        ("def f(a: Int): Int = 1", ["req"]),
        ("def f(a: Int) -> Int = 1", ["req"]),
        ("def f(a: Int, b: Int = 2) = 1", ["req", "opt"]),
        ("def f(a : Int, b: nil, c: 1, d:) = 1", ["req", "key", "key", "keyreq"]),
        ("def f(a: Array<Int>) = 1", ["req"]),
        ("def f(a: nil): Int = 1", ["key"]),
        ("def f(a, b: foo) = 1", ["req", "key"]),
        ("def f(a, b: Foo.bar): Int = 1", ["req", "key"]),
        ("def f(*a: Int, **b: Int, &c: Proc) = 1", ["rest", "keyrest", "block"]),
    ],
)
def test_annotated_parameters(source: str, kinds: list[str]) -> None:
    assert [parameter.kind for parameter in only(source).parameters] == kinds


def test_annotations_keep_their_text() -> None:
    assert only("x: Hash<String, Array<Int>> | nil = {}").annotation.source == "Hash<String, Array<Int>> | nil"
    assert only("def f(a) -> A::B? = a").return_annotation.source == "A::B?"


def test_it_and_numbered_parameters() -> None:
    assert only("f { it }").trailing_block.numbered == -1
    assert only("f { _2 }").trailing_block.numbered == 2
    assert [item.name for item in only("f { _2 }").trailing_block.parameters] == ["_1", "_2"]
    assert only("f { |a,| }").trailing_block.parameters[1].excess
    assert only("f { it(1) }").trailing_block.numbered == 0
    assert only("f { |it| it }").trailing_block.numbered == 0
