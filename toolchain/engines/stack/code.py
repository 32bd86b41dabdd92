"""A function as the loop wants it: instructions decoded once, on the first call, into tuples `(op, a, b, c)`.

The loop's own operations are numbered here. Most are the instructions of format/stack_ops.py; where the operands decide
between a common simple case and a general one, decoding (decoder.py) chooses: a call without flags, a captured local,
which lives in a cell. Jump targets become instruction indices.
"""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime.values import FALSE, TRUE, String, sym
from ..image import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....format.chunk import Function, Module
    from ...runtime.frames import Cref, Frame
    from ...runtime.model import Method

# Operations of the loop, the frequent ones first.
(
    LOAD_LOCAL, LOAD_CELL, PUSH_VALUE, SEND, JUMP_IF_FALSE, STORE_LOCAL, BINARY, LOAD_IVAR, LOAD_SELF,
    RETURN, JUMP, GET_UPVALUE, INDEX_GET, PUSH_STRING, LOAD_CONST, CALL, STORE_CELL, SET_UPVALUE, POP, STORE_IVAR,
    YIELD, JUMP_IF_TRUE, DUP, INDEX_SET, NOT, UNARY, BUILD_BLOCK, BUILD_ARRAY, BUILD_STRING, JUMP_IF_NIL, BUILD_DICT,
    BUILD_RANGE, SUPER, NEW, CALL_VALUE, LEAP, JUMP_IF_GIVEN, BLOCK_GIVEN, LOAD_BLOCK, DUP_N, SWAP, SPLAT, ARRAY_PUSH,
    ARRAY_CONCAT, DICT_SET, DICT_MERGE, EXPAND, LOAD_GLOBAL, STORE_GLOBAL, LOAD_CVAR, STORE_CVAR, LOAD_SCOPED,
    LOAD_TOP, STORE_CONST, STORE_SCOPED, LOAD_SPECIAL, LOAD_GROUP, BREAK_BLOCK, RETURN_METHOD, BUILD_SYMBOL,
    BUILD_REGEX, PUSH_REGEX, BUILD_SHELL, DEFINE_CLASS, DEFINE_MODULE, DEFINE_SINGLETON, DEFINE_METHOD,
    DEFINE_SINGLETON_METHOD, ALIAS, ALIAS_GLOBAL, UNDEF_METHOD, DEFINED, RESCUE, RAISE, LEAVE_RESCUE, ENSURE_START,
    ENSURE_END, CLOSE_UPVALUE, MATCH_CASE, MATCH_FAIL, LOAD_SOFT, DEFINE_RUNTIME, EVAL, METHOD_AST, CLASS_AST,
    SET_AST, REMOVE_METHOD, OWN_AST, RESERVED, BREAKPOINT, NO_OP, AND, OR, SUSPEND,
) = range(94)  # fmt: skip

# A constant of no pool: true and false.
CONST_BOOLEAN = -1

# A call in a function that reads `$~`: what the callee matches, if it is a method of the program, is its own affair.
KEEP_MATCH = 0x100  # above the flags of the instruction set


class Unit:
    """A module being run: its functions' code objects, made when first needed, and the path that it was given as."""

    __slots__ = ("module", "path", "codes", "absolute", "required", "image")

    def __init__(
        self, module: Module, path: str, absolute: str = "", required: bool = False, image: Image | None = None
    ) -> None:
        self.module = module
        self.path = path
        self.absolute = absolute or path
        self.required = required  # loaded by require or load, not the main script
        self.codes: list[Code | None] = [None] * len(module.functions)
        self.image = image or Image()
        self.image.units.append(self)

    def make_method(self, index: int, cref: Cref, entry: Method) -> Any:
        """Return the host function of method `index`, whose table entry is `entry`; an engine may make its own."""
        from .blocks import make_method

        return make_method(self, index, cref, entry)

    def run_body(self, frame: Frame) -> Any:
        """Run the script or body of `frame`, or return NotImplemented to leave it to the stack engine."""
        return NotImplemented

    def code(self, index: int) -> Code:
        """Return the code object of function `index`."""
        code = self.codes[index]
        if code is None:
            code = self.codes[index] = Code(self, self.module.functions[index])
        return code


class Code:
    """One function, decoded on first use. `cells` lists the captured slots; `handlers` the regions by index."""

    __slots__ = (
        "unit", "function", "path", "instructions", "local_count", "cells", "handlers", "const_cache", "required",
        "simple", "flags", "params_count", "reads_match",
    )  # fmt: skip

    def __init__(self, unit: Unit, function: Function) -> None:
        self.unit = unit
        self.function = function
        self.path = unit.path
        self.instructions: Any = None
        self.flags = function.flags
        parameters = function.parameters
        self.required = parameters.required
        # Only required positional parameters: arguments are the first slots as they come.
        self.simple = not (
            parameters.optional or parameters.post or parameters.keywords or parameters.flags
            or function.flags & ck.EXCESS_COMMA
        )  # fmt: skip
        self.params_count = parameters.required + parameters.optional + parameters.post
        self.reads_match = False  # it or a function around it reads `$~`
        self.const_cache: dict[int, tuple[int, Any, Any]] = {}

    @property
    def line(self) -> int:
        """The line where the definition begins, 0 if unknown."""
        return self.function.line

    def decode(self) -> None:
        """Fill `instructions` and what goes with them: from the image of the module, else from the bytecode."""
        known = self.unit.image.decoded_code(self.function.index)
        if known is None:
            from .decoder import decode

            decode(self)
            return
        self.local_count, self.cells, self.handlers, self.reads_match, instructions, values = known
        for index in values:
            constant = instructions[index][2]
            instructions[index] = (PUSH_VALUE, constant_value(*constant), constant, 0)
        self.instructions = instructions

    def row(self) -> tuple[Any, ...]:
        """Return what `decode` filled in, without the values that have no text form: those come back from constants."""
        instructions = list(self.instructions)
        values = []
        for index, (op, _, constant, _) in enumerate(instructions):
            if op == PUSH_VALUE and constant is not None:
                values.append(index)
                instructions[index] = (PUSH_VALUE, None, constant, 0)
        return self.local_count, self.cells, self.handlers, self.reads_match, instructions, values


def constant_value(kind: int, payload: Any) -> Any:
    """Return the guest value of an immutable constant."""
    if kind == ck.CONST_INT or kind == ck.CONST_FLOAT:
        return payload
    if kind == CONST_BOOLEAN:
        return TRUE if payload else FALSE
    if kind == ck.CONST_SYMBOL:
        return sym(payload)
    if kind == ck.CONST_FROZEN:
        from ...runtime.model import freeze

        return freeze(String(payload))
    if kind == ck.CONST_RATIONAL:
        from ...runtime.core.rational import make_rational

        return make_rational(*payload)
    from ...runtime.core.complex import make_complex

    return make_complex(0, constant_value(*payload))
