"""A function as the loop wants it: instructions decoded once, on the first call, into tuples `(op, a, b, c)`.

The loop's own operations are numbered here. Most are the instructions of format/stack_ops.py; where the operands decide
between a common simple case and a general one, decoding chooses (a call without flags; a captured local, which lives
in a cell). Jump targets become instruction indices.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from ....format.encoding import decode as decode_bytes
from ....format.stack_ops import STACK_OPS
from ...runtime.values import FALSE, TRUE, String, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ....format.chunk import Function, Module
    from ...runtime.frames import Cref, Frame
    from ...runtime.model import Method

# Operations of the loop, the frequent ones first.
(
    LOAD_LOCAL, LOAD_CELL, PUSH_VALUE, SEND, SEND_SELF, JUMP_IF_FALSE, STORE_LOCAL, BINARY, LOAD_IVAR, LOAD_SELF,
    RETURN, JUMP, GET_UPVALUE, INDEX_GET, PUSH_STRING, LOAD_CONST, CALL, STORE_CELL, SET_UPVALUE, POP, STORE_IVAR,
    YIELD, JUMP_IF_TRUE, DUP, INDEX_SET, NOT, UNARY, BUILD_BLOCK, BUILD_ARRAY, BUILD_STRING, JUMP_IF_NIL, BUILD_DICT,
    BUILD_RANGE, SUPER, NEW, CALL_VALUE, LEAP, JUMP_IF_GIVEN, BLOCK_GIVEN, LOAD_BLOCK, DUP_N, SWAP, SPLAT, ARRAY_PUSH,
    ARRAY_CONCAT, DICT_SET, DICT_MERGE, EXPAND, LOAD_GLOBAL, STORE_GLOBAL, LOAD_CVAR, STORE_CVAR, LOAD_SCOPED,
    LOAD_TOP, STORE_CONST, STORE_SCOPED, LOAD_SPECIAL, LOAD_GROUP, BREAK_BLOCK, RETURN_METHOD, BUILD_SYMBOL,
    BUILD_REGEX, PUSH_REGEX, BUILD_SHELL, DEFINE_CLASS, DEFINE_MODULE, DEFINE_SINGLETON, DEFINE_METHOD,
    DEFINE_SINGLETON_METHOD, ALIAS, ALIAS_GLOBAL, UNDEF_METHOD, DEFINED, RESCUE, RAISE, LEAVE_RESCUE, ENSURE_START,
    ENSURE_END, CLOSE_UPVALUE, MATCH_CASE, MATCH_FAIL, LOAD_SOFT, DEFINE_RUNTIME, EVAL, METHOD_AST, CLASS_AST,
    SET_AST, REMOVE_METHOD, OWN_AST, RESERVED, BREAKPOINT, NO_OP, AND, OR,
) = range(94)  # fmt: skip

BINARY_OPS = (
    "ADD", "SUB", "MUL", "DIV", "MOD", "POW", "EQ", "NE", "LT", "LE", "GT", "GE", "CMP", "CASE_EQ", "BIT_AND", "BIT_OR",
    "BIT_XOR", "SHL", "SHR", "MATCH_OP", "NOT_MATCH_OP",
)  # fmt: skip
UNARY_OPS = ("NEG", "BIT_NOT", "POS")

# A call in a function that reads `$~`: what the callee matches, if it is a method of the program, is its own affair.
KEEP_MATCH = 0x100  # above the flags of the instruction set
PLAIN_SEND = so.IMPLICIT_SELF | so.VARIABLE_LIKE  # flags that still allow the simple form of a call


class Unit:
    """A module being run: its functions' code objects, made when first needed, and the path that it was given as."""

    __slots__ = ("module", "path", "codes", "absolute", "required")

    def __init__(self, module: Module, path: str, absolute: str = "", required: bool = False) -> None:
        self.module = module
        self.path = path
        self.absolute = absolute or path
        self.required = required  # loaded by require or load, not the main script
        self.codes: list[Code | None] = [None] * len(module.functions)

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
        "simple", "flags", "params_count", "reads_match", "offsets",
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
        """Fill `instructions` and what goes with them."""
        function = self.function
        decoded = decode_bytes(function.code)
        index_at = {entry[0]: index for index, entry in enumerate(decoded)}
        index_at[len(function.code)] = len(decoded)
        cells = set()
        parent = self.unit.codes[function.parent] if function.kind in (ck.BLOCK, ck.LAMBDA) else None
        reads_match = parent is not None and parent.reads_match
        for _, op, operands in decoded:
            if op.name == "CAPTURE_VAR" and operands[0] == so.FROM_LOCAL:
                cells.add(operands[1])
            elif op.name == "LOAD_GROUP" or (op.name == "LOAD_SPECIAL" and operands[0] != so.SPECIAL_FILE):
                reads_match = True
        if function.flags & ck.USES_EVAL or function.kind == ck.EVAL:
            cells.update(i for i, name in enumerate(function.local_names) if name)
        self.cells = sorted(cells)
        self.local_count = function.local_count
        self.handlers = tuple(
            (
                index_at[handler.start],
                index_at[handler.end],
                index_at[handler.target],
                handler.kind,
                handler.slot,
                handler.depth,
                handler.rescue_depth,
            )
            for handler in function.handlers
        )
        decoder = Decoder(self, cells, index_at)
        self.reads_match = reads_match
        decoder.call_flags = KEEP_MATCH if reads_match else 0
        instructions = []
        for offset, op, operands in decoded:
            instructions.append(DECODERS[op.code](decoder, offset, operands))  # type: ignore[misc]
        self.instructions = instructions


class Decoder:
    """What the row decoders below need: the constants, which slots are cells, and indices for offsets."""

    __slots__ = ("code", "constants", "cells", "index_at", "call_flags")

    def __init__(self, code: Code, cells: set[int], index_at: dict[int, int]) -> None:
        self.code = code
        self.constants = code.function.constants
        self.cells = cells
        self.index_at = index_at
        self.call_flags = 0  # added to the flags of every call of a method

    def name(self, index: int) -> str:
        text: str = self.constants[index][1]
        return text

    def constant(self, index: int) -> tuple[int, Any, Any, int]:
        kind, payload = self.constants[index]
        if kind == ck.CONST_STRING:
            return (PUSH_STRING, payload, None, 0)
        if kind == ck.CONST_REGEX:
            return (PUSH_REGEX, payload[0], payload[1], 0)
        return (PUSH_VALUE, constant_value(kind, payload), None, 0)


def constant_value(kind: int, payload: Any) -> Any:
    """Return the guest value of an immutable constant."""
    if kind == ck.CONST_INT or kind == ck.CONST_FLOAT:
        return payload
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


def _plain(op: int) -> Callable[[Decoder, int, Any], Any]:
    """A row whose operands are taken as they are."""

    def row(decoder: Decoder, offset: int, operands: Any) -> Any:
        return (op, *operands, None, None, None)[:4]

    return row


def _named(op: int) -> Callable[[Decoder, int, Any], Any]:
    """A row whose first operand is a name."""

    def row(decoder: Decoder, offset: int, operands: Any) -> Any:
        return (op, decoder.name(operands[0]), *operands[1:], None, None)[:4]

    return row


def _local(plain: int, cell: int) -> Callable[[Decoder, int, Any], Any]:
    def row(decoder: Decoder, offset: int, operands: Any) -> Any:
        return (cell if operands[0] in decoder.cells else plain, operands[0], None, None)

    return row


def _jump(op: int) -> Callable[[Decoder, int, Any], Any]:
    def row(decoder: Decoder, offset: int, operands: Any) -> Any:
        return (op, decoder.index_at[operands[0]], None, None)

    return row


def _value(value: Any) -> Callable[[Decoder, int, Any], Any]:
    return lambda decoder, offset, operands: (PUSH_VALUE, value, None, None)


def _call_method(decoder: Decoder, offset: int, operands: Any) -> Any:
    name, argc, flags = decoder.name(operands[0]), operands[1], operands[2] | decoder.call_flags
    attr = (";" if flags & so.IMPLICIT_SELF else ":") + name
    if flags & ~PLAIN_SEND == 0:
        return (SEND_SELF if flags & so.IMPLICIT_SELF else SEND, attr, argc, flags)
    return (CALL, attr, argc, flags)


def _super(decoder: Decoder, offset: int, operands: Any) -> Any:
    return (SUPER, decoder.name(operands[0]), operands[1], operands[2])


def _given(decoder: Decoder, offset: int, operands: Any) -> Any:
    return (JUMP_IF_GIVEN, operands[0], decoder.index_at[operands[1]], operands[0] in decoder.cells)


def _leap(decoder: Decoder, offset: int, operands: Any) -> Any:
    return (LEAP, decoder.index_at[operands[0]], operands[1], None)


def _match_case(decoder: Decoder, offset: int, operands: Any) -> Any:
    kind, slot, count, target = operands
    return (MATCH_CASE, (kind, slot, slot in decoder.cells), count, decoder.index_at[target])


def _soft(decoder: Decoder, offset: int, operands: Any) -> Any:
    return (LOAD_SOFT, operands[0], decoder.name(operands[1]), operands[0] in decoder.cells)


def _defined(decoder: Decoder, offset: int, operands: Any) -> Any:
    return (DEFINED, operands[0], decoder.name(operands[1]), None)


def _two_names(op: int) -> Callable[[Decoder, int, Any], Any]:
    return lambda decoder, offset, operands: (op, decoder.name(operands[0]), decoder.name(operands[1]), None)


def _by_name(op: int, name: str) -> Callable[[Decoder, int, Any], Any]:
    return lambda decoder, offset, operands: (op, name, None, None)


def _rows() -> dict[str, Callable[[Decoder, int, Any], Any]]:
    rows: dict[str, Callable[[Decoder, int, Any], Any]] = {
        "WIDE": _plain(NO_OP),
        "PUSH_CONST": lambda decoder, offset, operands: decoder.constant(operands[0]),
        "PUSH_NIL": _value(None),
        "PUSH_TRUE": _value(TRUE),
        "PUSH_FALSE": _value(FALSE),
        "CALL_METHOD": _call_method,
        "CALL_SUPER": _super,
        "NEW_INSTANCE": _plain(NEW),
        "CALL": _plain(CALL_VALUE),
        "CALL_BLOCK": _plain(CALL_VALUE),
        "LOAD_LOCAL": _local(LOAD_LOCAL, LOAD_CELL),
        "STORE_LOCAL": _local(STORE_LOCAL, STORE_CELL),
        "MATCH_START": _local(STORE_LOCAL, STORE_CELL),
        "MATCH_BIND": _local(STORE_LOCAL, STORE_CELL),
        "MATCH_END": _plain(NO_OP),
        "JUMP": _jump(JUMP),
        "JUMP_IF_FALSE": _jump(JUMP_IF_FALSE),
        "JUMP_IF_TRUE": _jump(JUMP_IF_TRUE),
        "JUMP_IF_NIL": _jump(JUMP_IF_NIL),
        "JUMP_IF_GIVEN": _given,
        "BREAK": _leap,
        "CONTINUE": _leap,
        "MATCH_CASE": _match_case,
        "LOAD_SOFT": _soft,
        "DEFINED": _defined,
        "ALIAS": _two_names(ALIAS),
        "ALIAS_GLOBAL": _two_names(ALIAS_GLOBAL),
        "BUILD_LAMBDA": _plain(BUILD_BLOCK),
        "BEGIN_TRY": _plain(NO_OP),
        "END_TRY": _plain(NO_OP),
        "CAPTURE_VAR": _plain(NO_OP),
        "SET_LINE": _plain(NO_OP),
        "NOT": _plain(NOT),
        "DEFINE_FUNCTION": _named(DEFINE_METHOD),
        "DEFINE_METHOD_RUNTIME": _named(DEFINE_RUNTIME),
        "EVAL_STRING": _plain(EVAL),
        "GET_METHOD_AST": _named(METHOD_AST),
        "GET_CLASS_AST": _named(CLASS_AST),
        "SET_METHOD_AST": _named(SET_AST),
        "GET_AST": _plain(OWN_AST),
        "LOAD_SCOPED_CONST": _named(LOAD_SCOPED),
        "LOAD_TOP_CONST": _named(LOAD_TOP),
        "STORE_SCOPED_CONST": _named(STORE_SCOPED),
        "UNDEF": _named(UNDEF_METHOD),
    }
    for name in BINARY_OPS:
        rows[name] = _by_name(BINARY, name)
    for name in UNARY_OPS:
        rows[name] = _by_name(UNARY, name)
    for name in so.RESERVED:
        rows[name] = _by_name(RESERVED, name)
    names = globals()
    for op in STACK_OPS.rows:
        if op.name not in rows:
            rows[op.name] = (_named if op.operands[:1] == ("name",) else _plain)(names[op.name])
    return rows


DECODERS = STACK_OPS.bind("the stack engine", _rows())
