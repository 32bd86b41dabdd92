"""A module with everything in it, for tests that look at one thing at a time."""

from __future__ import annotations

from metorex.format import chunk
from metorex.format.chunk import Function, Handler, Module, Parameters
from metorex.format.encoding import assemble
from metorex.format.stack_ops import STACK_OPS

OPS = STACK_OPS.by_name


def sample() -> Module:
    module = Module("dir/hello.mx", 'x = 1\nputs "hi"\n')
    module.name = "hello"
    module.module_id = "dir/hello"
    module.module_version = (1, 2, 3)
    module.requires = ["set", "set"]
    module.dependencies = [("lib.mx", bytes(range(16)))]
    module.exports = ["x"]
    module.metadata = {"options": "debug"}
    module.functions = [_script(), _lambda()]
    return module


def _script() -> Function:
    function = Function(0, "<main>", chunk.SCRIPT, -1)
    function.constants = [
        (chunk.CONST_STRING, "hi\n"), (chunk.CONST_SYMBOL, "puts"), (chunk.CONST_INT, -(1 << 70)),
        (chunk.CONST_FLOAT, -0.0), (chunk.CONST_RATIONAL, (1, 3)), (chunk.CONST_IMAGINARY, (chunk.CONST_INT, 2)),
        (chunk.CONST_REGEX, ("a/b", 5)), (chunk.CONST_SYMBOL, "a b"), (chunk.CONST_FROZEN, "\udcff"),
        (chunk.CONST_SYMBOL, "+"), (chunk.CONST_INT, 10**120),
    ]  # fmt: skip
    items = [
        ("BEGIN_TRY", (6,)),
        ("LOAD_SELF", ()),
        ("PUSH_CONST", (0,)),
        ("CALL_METHOD", (1, 1, 1)),
        ("POP", ()),
        ("END_TRY", ()),
        ("ENSURE_START", (1,)),
        ("ENSURE_END", (1,)),
        ("BUILD_LAMBDA", (1, 1)),
        ("CAPTURE_VAR", (0, 0)),
        ("JUMP_IF_FALSE", (0,)),
        ("PUSH_CONST", (70000,)),
        ("LOAD_IVAR", (99,)),
        ("CALL_METHOD", (1, 0, 0x90)),
        ("MATCH_CASE", (200, 0, 0, 8)),
        ("BUILD_LAMBDA", (9, 0)),
        ("RETURN", ()),
    ]
    function.code, offsets = assemble([(OPS[name], operands) for name, operands in items])
    function.handlers = [Handler(offsets[1], offsets[5], offsets[6], chunk.ENSURE_HANDLER, 1)]
    function.positions = [(1, 1)] * 8 + [(2, 1 + 60 * n) for n in range(9)]
    function.local_count = 2
    function.local_names = ["x", ""]
    function.max_stack = 2
    function.flags = chunk.RUN_ONCE | chunk.USES_EVAL
    return function


def _lambda() -> Function:
    function = Function(1, "lambda", chunk.LAMBDA, 0)
    flags = chunk.REST | chunk.KEYREST | chunk.BLOCK_PARAM
    function.parameters = Parameters(1, 1, 1, (("k", True), ("o", False)), flags)
    function.local_names = ["a", "b", "*", "c", "k", "o", "**", "&"]
    function.local_count = 8
    function.upvalues = [(0, 0)]
    function.code = assemble([(OPS["GET_UPVALUE"], (0,)), (OPS["RETURN"], ())])[0]
    function.positions = [(2, 3), (900, 400)]
    function.span = (3, 9)
    function.line = 2
    function.ivars = ["@a"]
    function.max_stack = 1
    return function
