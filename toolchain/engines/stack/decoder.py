"""From bytecode to what the loop executes; see code.py for its operations. A warm run finds all that in an image."""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from ....format.encoding import decode as decode_bytes
from ....format.stack_ops import STACK_OPS
from ...runtime.values import FALSE, TRUE
from . import code as operations
from .code import (
    ALIAS,
    ALIAS_GLOBAL,
    BINARY,
    BUILD_BLOCK,
    CALL,
    CALL_VALUE,
    CLASS_AST,
    CONST_BOOLEAN,
    DEFINE_METHOD,
    DEFINE_RUNTIME,
    DEFINED,
    EVAL,
    JUMP,
    JUMP_IF_FALSE,
    JUMP_IF_GIVEN,
    JUMP_IF_NIL,
    JUMP_IF_TRUE,
    KEEP_MATCH,
    LEAP,
    LOAD_CELL,
    LOAD_LOCAL,
    LOAD_SCOPED,
    LOAD_SOFT,
    LOAD_TOP,
    MATCH_CASE,
    METHOD_AST,
    NEW,
    NO_OP,
    NOT,
    OWN_AST,
    PUSH_REGEX,
    PUSH_STRING,
    PUSH_VALUE,
    RESERVED,
    SEND,
    SET_AST,
    STORE_CELL,
    STORE_LOCAL,
    STORE_SCOPED,
    SUPER,
    UNARY,
    UNDEF_METHOD,
    YIELD,
    constant_value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .code import Code

BINARY_OPS = (
    "ADD", "SUB", "MUL", "DIV", "MOD", "POW", "EQ", "NE", "LT", "LE", "GT", "GE", "CMP", "CASE_EQ", "BIT_AND", "BIT_OR",
    "BIT_XOR", "SHL", "SHR", "MATCH_OP", "NOT_MATCH_OP",
)  # fmt: skip
UNARY_OPS = ("NEG", "BIT_NOT", "POS")

PLAIN_SEND = so.IMPLICIT_SELF | so.VARIABLE_LIKE  # flags that still allow the simple form of a call


def decode(code: Code) -> None:
    """Fill in the instructions of a function and what goes with them."""
    function = code.function
    decoded = decode_bytes(function.code)
    index_at = {entry[0]: index for index, entry in enumerate(decoded)}
    index_at[len(function.code)] = len(decoded)
    cells = set()
    parent = code.unit.codes[function.parent] if function.kind in (ck.BLOCK, ck.LAMBDA) else None
    reads_match = parent is not None and parent.reads_match
    for _, op, operands in decoded:
        if op.name == "CAPTURE_VAR" and operands[0] == so.FROM_LOCAL:
            cells.add(operands[1])
        elif op.name == "LOAD_GROUP" or (op.name == "LOAD_SPECIAL" and operands[0] != so.SPECIAL_FILE):
            reads_match = True
    if function.flags & ck.USES_EVAL or function.kind == ck.EVAL:
        cells.update(i for i, name in enumerate(function.local_names) if name)
    code.cells = sorted(cells)
    code.local_count = function.local_count
    code.handlers = tuple(
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
    decoder = Decoder(code, cells, index_at)
    code.reads_match = reads_match
    decoder.call_flags = KEEP_MATCH if reads_match else 0
    instructions = []
    for offset, op, operands in decoded:
        instructions.append(DECODERS[op.code](decoder, offset, operands))  # type: ignore[misc]
    code.instructions = instructions


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
        if kind == ck.CONST_INT or kind == ck.CONST_FLOAT:
            return (PUSH_VALUE, payload, None, 0)
        return (PUSH_VALUE, constant_value(kind, payload), (kind, payload), 0)


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


def _boolean(value: bool) -> Callable[[Decoder, int, Any], Any]:
    instruction = (PUSH_VALUE, TRUE if value else FALSE, (CONST_BOOLEAN, value), 0)
    return lambda decoder, offset, operands: instruction


def _call_method(decoder: Decoder, offset: int, operands: Any) -> Any:
    name, argc, flags = decoder.name(operands[0]), operands[1], operands[2] | decoder.call_flags
    attr = (";" if flags & so.IMPLICIT_SELF else ":") + name
    if flags & ~PLAIN_SEND == 0:
        return (SEND, attr, argc, flags)
    return (CALL, attr, argc, flags)


def _new(decoder: Decoder, offset: int, operands: Any) -> Any:
    return (NEW, operands[0], operands[1] | decoder.call_flags, None)


def _yield(decoder: Decoder, offset: int, operands: Any) -> Any:
    return (YIELD, operands[0], operands[1] | decoder.call_flags, None)


def _super(decoder: Decoder, offset: int, operands: Any) -> Any:
    return (SUPER, decoder.name(operands[0]), operands[1], operands[2] | decoder.call_flags)


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
        "PUSH_NIL": lambda decoder, offset, operands: (PUSH_VALUE, None, None, 0),
        "PUSH_TRUE": _boolean(True),
        "PUSH_FALSE": _boolean(False),
        "CALL_METHOD": _call_method,
        "CALL_SUPER": _super,
        "NEW_INSTANCE": _new,
        "YIELD": _yield,
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
    names = vars(operations)
    for op in STACK_OPS.rows:
        if op.name not in rows:
            rows[op.name] = (_named if op.operands[:1] == ("name",) else _plain)(names[op.name])
    return rows


DECODERS = STACK_OPS.bind("the stack engine", _rows())
