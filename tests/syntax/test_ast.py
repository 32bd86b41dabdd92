"""The node classes: the catalogue of the language reference (3.6), construction, comparison, children."""

from __future__ import annotations

import pytest
from metorex.toolchain.syntax import ast
from metorex.toolchain.syntax.metorex.parser import parse

# Language reference, 3.6, without the marks for lists and optional fields.
CATALOGUE = """
IntLiteral(value) FloatLiteral(value) RationalLiteral(value) ImaginaryLiteral(value) StringLiteral(value)
InterpolatedString(parts) XString(parts) Symbol(value) InterpolatedSymbol(parts) RegexLiteral(parts,flags)
BoolLiteral(value) NilLiteral() Array(elements) Dictionary(entries,braces) DictionaryEntry(key,value,shorthand)
Range(start,end,exclusive) MagicFile() MagicLine() MagicDir() MagicEncoding()
Identifier(name,kind) InstanceVariable(name) ClassVariable(name) GlobalVariable(name) Constant(name)
ScopeResolution(namespace,name) TopLevelConstant(name) SelfExpr()
BinaryOp(op,left,right) UnaryOp(op,operand) Defined(expression) Grouped(expression) FlipFlop(start,end,exclusive)
Call(callee,arguments,trailing_block,local,parens) MethodCall(receiver,method,arguments,trailing_block,safe)
Index(array,arguments) Super(arguments,forward_args,trailing_block) Yield(arguments) Splat(expression)
KeywordSplat(expression) BlockArg(expression) ForwardArgs()
Lambda(parameters,body,kind,captured_vars) Parameter(name,kind,default_value,annotation,parameters)
FunctionDef(name,parameters,body,singleton,return_annotation,endless,dynamic)
MethodDef(name,parameters,body,singleton,return_annotation,endless,dynamic) TypeAnnotation(source)
ClassDef(name,superclass,body,reopened) ModuleDef(name,body) SingletonClass(target,body) Alias(new_name,old_name)
Undef(names) BeginBlock(body) EndBlock(body)
Assignment(target,value,annotation) OpAssignment(target,op,value) MultipleAssignment(targets,value)
MultipleTarget(targets)
BlockStatement(statements) If(condition,then_branch,elsif_branches,else_branch,form) ElsifBranch(condition,body)
Unless(condition,then_branch,else_branch,form) While(condition,body,do_while,form) Until(condition,body,do_while,form)
For(variable,iterable,body) Return(value) Break(value) Continue(value,keyword) Redo() Retry()
Begin(body,rescue_clauses,else_clause,ensure_block) RescueClause(exception_types,variable,body)
RescueModifier(body,rescue_value)
Case(expression,cases,else_case) Match(expression,cases,else_case) CaseIn(expression,cases,else_case)
MatchCase(patterns,guard,body) PatternTest(value,pattern,refuses)
ValuePattern(expression) WildcardPattern() IdentifierPattern(name,soft) RestPattern(name) PinnedPattern(expression)
ArrayPattern(constant,prefix,rest,suffix) FindPattern(constant,before,middle,after) ObjectPattern(constant,entries,rest)
ObjectPatternEntry(key,pattern) AlternativePattern(patterns) BindPattern(pattern,name) NilRestPattern()
""".split()  # noqa: SIM905


def test_the_catalogue_is_complete() -> None:
    expected = {}
    for item in CATALOGUE:
        name, _, fields = item.rstrip(")").partition("(")
        expected[name] = tuple(fields.split(",")) if fields else ()
    views = {view.__name__: ast.Call.fields for view in ast.CALL_VIEWS.values()}
    assert {name: cls.fields for name, cls in ast.node_classes().items()} == {**expected, **views}


def test_nodes_have_slots_and_defaults() -> None:
    node = ast.MethodCall(ast.SelfExpr(), "x", [])
    assert not hasattr(node, "__dict__")
    assert (node.trailing_block, node.safe, node.pos, node.end_pos, node.name_pos) == (None, False, 0, 0, 0)
    assert ast.BinaryOp.kinds == {"op": "str", "left": "node", "right": "node"}
    with pytest.raises(TypeError):
        ast.BinaryOp("+")


def test_equality_ignores_positions_but_not_types() -> None:
    assert parse("a + 1", "x").equals(parse("a  +\n 1", "x"))
    assert not parse("a + 1", "x").equals(parse("a + 1.0", "x"))
    assert not ast.BoolLiteral(True).equals(ast.IntLiteral(1))
    function, method = parse("def f = 1", "x"), parse("class A; def f = 1; end", "x")
    assert function.statements[0].equals(method.statements[0].body.statements[0])


def test_children_and_walk() -> None:
    call = parse("f(a, b: 1) { |x| x }", "x").statements[0]
    assert [child.type for child in call.children()] == ["Identifier", "Identifier", "Dictionary", "Lambda"]
    assert [node.type for node in call.walk()][:4] == ["Call", "Identifier", "Identifier", "Dictionary"]


def test_call_views() -> None:
    body = parse("class A\nattr_reader :x\ninclude B\nraise\nend", "x").statements[0].body.statements
    assert [node.type for node in body[:2]] == ["AttrReader", "Include"]
    assert body[0].attributes[0].value == "x"
    assert body[1].modules[0].name == "B"
    assert parse('raise E, "x"', "x").statements[0].exception.name == "E"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class A::B; end", "(ScopeResolution (Constant A) B)"),
        ("class ::A; end", "(TopLevelConstant A)"),
        ("module A; end", "(Constant A)"),
        ("class self::A; end", "(ScopeResolution (SelfExpr) A)"),
    ],
)
def test_class_path(source: str, expected: str) -> None:
    node = parse(source, "x").statements[0]
    assert ast.class_path(node).dump() == expected
    node.path = None  # as in a tree made by hand
    assert ast.class_path(node).dump() == expected


def test_root_knows_its_text() -> None:
    root = parse("# frozen_string_literal: true\nx\n__END__\ndata\n", "p.mx", line=5)
    assert root.frozen_string_literal is True
    assert root.source[root.data_pos :] == "data\n"
    assert (root.path, root.line, root.type) == ("p.mx", 5, "BlockStatement")
    assert parse("x", "p").frozen_string_literal is None
    assert parse("x <<A\n__END__\nA\n", "p").data_pos is None
