"""Modules as wholes: metadata, errors, positions, names, large chunks, eval code, trees made by hand."""

from __future__ import annotations

import pytest
from listing import listing
from metorex.format.chunk import (
    CONST_FROZEN,
    CONST_STRING,
    EVAL,
    HAS_BREAK_BLOCK,
    HAS_RETURN_METHOD,
    SCRIPT,
    USES_BLOCK,
    USES_EVAL,
    Module,
)
from metorex.format.encoding import decode
from metorex.toolchain.compiler import Options, compile_eval_source, compile_program, compile_source
from metorex.toolchain.syntax import ast
from metorex.toolchain.syntax.errors import SyntaxErrors
from metorex.verifier.verify import verify


def compiled(source: str, options: Options | None = None) -> Module:
    module = compile_source(source, "dir/unit.mx", options or Options())
    assert not verify(module)
    return module


def places(module: Module, function: int = 0) -> dict[str, tuple[int, int]]:
    """Return the position of each instruction by its listing (without label)."""
    found = module.functions[function]
    return {line.split(": ")[-1]: place for line, place in zip(listing(found), found.positions)}


# What a module knows


def test_metadata() -> None:
    module = compiled("# module_version: 1.2.3\nrequire 'set'\nrequire_relative \"a/b\"\nrequire x\n__END__\nhi\n")
    assert (module.name, module.module_id, module.module_version) == ("unit", "dir/unit", (1, 2, 3))
    assert module.requires == ["set", "a/b"]
    assert module.source[int(module.metadata["data_pos"]) :] == "hi\n"
    assert compile_source("# module_id: own\n", "-e").module_id == "own"
    assert compile_source("1\n", "-e").module_id == ""


def test_compiling_twice_gives_the_same_module() -> None:
    source = "def f(a) = case a when [x, ...y] then x else b { |c| c + a } end\n"
    assert compiled(source) == compiled(source)


def test_frozen_strings() -> None:
    frozen = Options(frozen_string_literal=True)

    def kind(source: str, options: Options | None = None) -> int:
        return compiled(source, options).functions[0].constants[0][0]

    assert kind("'a'\n") == kind("# frozen_string_literal: false\n'a'\n", frozen) == CONST_STRING
    assert kind("'a'\n", frozen) == kind("# frozen_string_literal: true\n'a'\n") == CONST_FROZEN


def test_debug_marks_lines() -> None:
    lines = listing(compiled("a\n\nb; c\n", Options(debug=True)).functions[0])
    assert [line for line in lines if line.startswith("SET_LINE")] == ["SET_LINE 1", "SET_LINE 3"]


# Names and flags


def test_slots_are_parameters_then_locals_then_temporaries() -> None:
    module = compiled("def f(a, (b, c), *, k: 1)\n  d = (a rescue 1)\n  e = 2\nend\n")
    function = module.functions[1]
    assert function.local_names == ["a", "", "", "k", "b", "c", "d", "e", "", ""]
    assert function.local_count == 10
    assert function.parameters.slot_count() == 4


def test_instance_variables_of_a_class() -> None:
    source = """
class A
  attr_accessor :acc, "str"
  @of_the_class = 1
  def initialize(x)
    @b, @a = @read, x
    [1].each { @c ||= x }
  end
  def m = @d + @a
  def self.s = @e
  define_method(:n) { @f = 1 }
  class B
    def m = @inner
  end
end
"""
    functions = {function.name: function for function in compiled(source).functions}
    assert functions["A"].ivars == ["@b", "@a", "@c", "@acc", "@str", "@read", "@d", "@f"]
    assert functions["B"].ivars == ["@inner"]
    assert functions["m"].ivars == []


def test_flags() -> None:
    module = compiled("""
def a = [1].each { |x| return x }
def b = [1].each { |x| break x }
def c = yield
def d = [1].each { eval("1") }
def e = instance_eval { 1 }
def f = instance_eval("1")
def g = super()
def h(&b) = b
""")
    flags = {function.name: function.flags for function in module.functions if function.name}
    blocks = {module.functions[f.parent].name: f.flags for f in module.functions[1:] if not f.name}
    assert flags["a"] == HAS_RETURN_METHOD
    assert (flags["b"], blocks["b"]) == (0, HAS_BREAK_BLOCK)
    assert flags["c"] == flags["g"] == flags["h"] == USES_BLOCK
    assert (flags["d"], blocks["d"]) == (USES_EVAL | HAS_RETURN_METHOD, USES_EVAL)
    assert flags["e"] == 0
    assert flags["f"] == USES_EVAL | HAS_RETURN_METHOD


def test_a_block_parameter_that_is_only_called_needs_no_proc() -> None:
    only_called = compiled("def f(&b)\n  b.call(1)\n  b.(2)\nend\n").functions[1]
    assert [line.split()[0] for line in listing(only_called)].count("CALL_BLOCK") == 2
    for body in ("b.call; g(&b)", "b.call; b", "b = 1; b.call", "b.call; b.arity", "[1].each { b.call; b.lambda? }"):
        used = compiled(f"def f(&b)\n  {body}\nend\n").functions[1]
        assert "CALL_BLOCK 0 0" not in listing(used)


def test_dead_code_leaves_nothing() -> None:
    function = compiled("def f\n  return 1\n  p 2\n  [1].each { |x| y = x }\nend\n").functions[1]
    assert listing(function) == ["PUSH_CONST 1", "RETURN"]
    assert len(compiled("def f\n  return 1\n  -> { -> { 2 } }\nend\n").functions) == 2


def test_temporaries_serve_one_statement_after_the_other() -> None:
    source = "x.y, z.w = 1, 2\ncase a\nin {b: [c, *]} then c\nend\n"
    once, often = compiled(source + "nil\n"), compiled(source * 50 + "nil\n")
    assert often.functions[0].local_count == once.functions[0].local_count


def test_operands_wait_in_temporaries_where_a_jump_leaves_a_region() -> None:
    """Inside a region nothing takes values from below it; the jump must drop what `p` has been given so far."""
    spilled = compiled("while a\n  p(1, begin; break; ensure; b; end)\nend\n").functions[0]
    assert [handler.depth for handler in spilled.handlers] == [0]
    waiting = compiled("while a\n  p(1, begin; c; ensure; b; end)\nend\n").functions[0]
    assert [handler.depth for handler in waiting.handlers] == [2]


# Positions


def test_positions() -> None:
    module = compiled("x = 1\nfoo(x).bar + x[2]\nputs 5\n")
    found = places(module)
    assert found["CALL_METHOD foo 1 1"] == (2, 1)
    assert found["CALL_METHOD bar 0 0"] == (2, 8)
    assert found["ADD"] == (2, 12)
    assert found["INDEX_GET 1 0"] == (2, 15)
    assert found["CALL_METHOD puts 1 1"] == (3, 1)


def test_eval_code_begins_at_its_line() -> None:
    assert compile_eval_source("\nfoo", "(eval)", 40).functions[0].positions[0][0] == 41


def test_spans() -> None:
    source = "p 1\ndef f(a) = a\n[1].each { |x| x }\n"
    spans = [source[slice(*function.span)] for function in compiled(source).functions]
    assert spans[1:] == ["def f(a) = a", "{ |x| x }"]


# Eval code


def test_eval_sees_the_locals_of_its_binding() -> None:
    module = compile_eval_source("c = a + b; [1].each { c += a }", "(eval)", 1, ["b", "", "a"])
    assert not verify(module)
    function = module.functions[0]
    assert (function.kind, function.parent, function.local_names) == (EVAL, -1, ["c"])
    assert [index for _, index in function.upvalues] == [2, 0]
    assert compile_source("a = 1\n", "x").functions[0].kind == SCRIPT


def test_eval_checks_its_surroundings() -> None:
    compile_eval_source("yield; return 1", "(eval)", context="method")
    for source, context in (("yield", "top"), ("yield", "class"), ("return 1", "class"), ("break", "method")):
        with pytest.raises(SyntaxErrors):
            compile_eval_source(source, "(eval)", context=context)


# Errors


def test_errors_are_collected() -> None:
    tree = ast.BlockStatement([ast.Break(None, 0, 5), ast.Retry(6, 11), ast.Continue(None, "next", 12, 16)])
    with pytest.raises(SyntaxErrors) as failure:
        compile_program(tree, "break\nretry\nnext\n", "x.mx")
    assert [error.message for error in failure.value.errors] == ["Invalid break", "Invalid retry", "Invalid next"]


def test_a_tree_made_by_hand_needs_no_source() -> None:
    tree = ast.BlockStatement([ast.BinaryOp("+", ast.IntLiteral(1), ast.Identifier("x", "call"))])
    module = compile_program(tree, "", "")
    assert not verify(module)
    assert set(module.functions[0].positions) == {(0, 0)}


def test_deep_nesting_is_an_error_of_the_program() -> None:
    node: ast.Node = ast.IntLiteral(1)
    for _ in range(30_000):
        node = ast.UnaryOp("-", node)
    with pytest.raises(SyntaxErrors, match="nested too deeply"):
        compile_program(ast.BlockStatement([node]), "", "")


def test_long_chains_are_no_nesting() -> None:
    source = "x = " + " + ".join(["1"] * 20_000)
    node: ast.Node = ast.IntLiteral(1)
    for _ in range(30_000):
        node = ast.BinaryOp("+", node, ast.IntLiteral(1))
    module = compile_program(ast.BlockStatement([node]), source, "")
    assert not verify(module)
    assert module.functions[0].max_stack == 2


# Large chunks


def test_more_than_65536_instructions_and_a_long_jump() -> None:
    body = "  a = a + 1\n" * 20_000
    module = compiled(f"a = 0\nwhile a < 5\n{body}end\n")
    instructions = decode(module.functions[0].code)
    assert len(instructions) > 80_000
    backward = [offset - operands[0] for offset, op, operands in instructions if op.name == "JUMP"]
    assert max(backward) > 65_536


def test_more_than_65536_constants_and_names() -> None:
    module = compiled("".join(f"f{number} {number}\n" for number in range(40_000)))
    instructions = decode(module.functions[0].code)
    assert len(module.functions[0].constants) == 80_000
    assert len(instructions) == len(module.functions[0].positions)
    last = [operands for _, op, operands in instructions if op.name == "CALL_METHOD"][-1]
    assert module.functions[0].constants[last[0]][1] == "f39999"


def test_more_than_65536_locals() -> None:
    lines = [f"v{number} = {number % 7}\n" for number in range(70_000)]
    module = compiled("".join(lines) + "b = (v3 rescue 1)\nv69999\n")
    function = module.functions[0]
    assert function.local_count == 70_003
    assert function.local_names[-3:] == ["b", "", ""]
    assert function.handlers[0].slot == 70_002


def test_large_literals_keep_the_stack_small() -> None:
    numbers = ", ".join(map(str, range(5_000)))
    pairs = ", ".join(f"{number} => 1" for number in range(5_000))
    parts = "".join(f"#{{a}}{number}" for number in range(2_000))
    module = compiled(f'a = [{numbers}]\nb = {{{pairs}}}\nc = "{parts}"\nf({numbers})\n')
    assert module.functions[0].max_stack < 600
