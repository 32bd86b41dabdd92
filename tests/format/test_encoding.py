"""Instructions to bytes and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metorex.format.encoding import assemble, decode, encode, encode_instruction, size_of
from metorex.format.errors import FormatError
from metorex.format.optable import OPERAND_WIDTHS, Op, OpTable
from metorex.format.stack_ops import FLAG_NAMES, KIND_NAMES, STACK_OPS

OPS = STACK_OPS.by_name
REAL = [op for op in STACK_OPS.rows if op.name != "WIDE"]


def _operand(kind: str) -> st.SearchStrategy[int]:
    if kind == "target":
        return st.integers(-1000, 1000)
    if OPERAND_WIDTHS[kind] == 1:
        return st.integers(0, 255)
    return st.one_of(st.integers(0, 9), st.integers(0, (1 << 32) - 1))


INSTRUCTION = st.sampled_from(REAL).flatmap(
    lambda op: st.tuples(st.just(op), st.tuples(*[_operand(kind) for kind in op.operands]))
)


@given(st.lists(INSTRUCTION, max_size=10))
def test_encoding_and_decoding_are_inverse(items: list[tuple[Op, tuple[int, ...]]]) -> None:
    listed = []
    offset = 0
    for op, operands in items:
        listed.append((offset, op, operands))
        offset += size_of(op, operands)
    code = encode(listed)
    assert len(code) == offset
    assert decode(code) == listed


@given(st.binary(max_size=40))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        found = decode(data)
    except FormatError as error:
        assert error.section == "CODE" and 0 <= error.offset < len(data)
    else:
        # A WIDE prefix that is not needed decodes, and is left out when the code is written again.
        assert b"\0" in data or encode(found) == data


def test_assemble_resolves_instruction_numbers() -> None:
    code, offsets = assemble([(OPS["JUMP"], (2,)), (OPS["PUSH_CONST"], (70000,)), (OPS["JUMP_IF_NIL"], (0,))])
    assert offsets == [0, 5, 11, 16]
    assert [operands for _, _, operands in decode(code)] == [(11,), (70000,), (0,)]


def test_wide_doubles_two_byte_operands_only() -> None:
    code = encode_instruction(OPS["CALL_METHOD"], (70000, 1, 2))
    assert code == b"\x00\x51\x70\x11\x01\x00\x01\x02"
    assert decode(code) == [(0, OPS["CALL_METHOD"], (70000, 1, 2))]
    code = encode_instruction(OPS["BREAK"], (5, 70000), 5)
    assert decode(bytes(0) + b"\x02" * 5 + code)[-1] == (5, OPS["BREAK"], (5, 70000))


@pytest.mark.parametrize(
    ("code", "offset", "reason"),
    [
        (b"\xff", 0, "0xff is no opcode"),
        (b"\x02\x00", 1, "WIDE ends the code"),
        (b"\x00\xff", 0, "WIDE before 0xff, which is no opcode"),
        (b"\x00\x00", 0, "WIDE before WIDE, which has nothing to widen"),
        (b"\x00\x02", 0, "WIDE before PUSH_NIL, which has nothing to widen"),
        (b"\x00\x01\x01\x00", 0, "PUSH_CONST needs 6 bytes, 4 are left"),
        (b"\x02\x01\x01", 1, "PUSH_CONST needs 3 bytes, 2 are left"),
    ],
)
def test_bytes_that_are_no_code(code: bytes, offset: int, reason: str) -> None:
    with pytest.raises(FormatError) as caught:
        decode(code)
    assert (caught.value.section, caught.value.offset, caught.value.reason) == ("CODE", offset, reason)
    assert str(caught.value) == f"CODE+{offset}: {reason}"
    assert caught.value.exit_code == 65


@pytest.mark.parametrize(
    ("name", "operands", "reason"),
    [
        ("PUSH_NIL", (1,), "PUSH_NIL has 0 operands, not 1"),
        ("CALL", (256, 0), "CALL: an operand does not fit: argc 256, flags 0"),
        ("LOAD_LOCAL", (-1,), "LOAD_LOCAL: an operand does not fit: local -1"),
        ("LOAD_LOCAL", (1 << 32,), "LOAD_LOCAL: an operand does not fit: local 4294967296"),
    ],
)
def test_operands_that_do_not_fit(name: str, operands: tuple[int, ...], reason: str) -> None:
    with pytest.raises(FormatError) as caught:
        encode_instruction(OPS[name], operands, 3)
    assert (caught.value.offset, caught.value.reason) == (3, reason)


def test_instructions_must_stand_where_they_say() -> None:
    with pytest.raises(FormatError, match="PUSH_NIL is listed at 1 but stands at 0"):
        encode([(1, OPS["PUSH_NIL"], ())])


def test_the_table_is_consistent() -> None:
    for op in STACK_OPS.rows:
        assert ("kind" in op.operands) == (op.name in KIND_NAMES), op
        assert ("flags" in op.operands) == (op.name in FLAG_NAMES), op
        zeros = [0] * len(op.operands)
        assert min(STACK_OPS.effect(op, zeros)) >= 0
        assert op.flow in ("next", "jump", "branch", "end")
        assert (op.flow in ("jump", "branch")) <= ("target" in op.operands)
    assert repr(OPS["ADD"]) == "<Op ADD>"
    assert STACK_OPS.effect(OPS["DEFINE_CLASS"], [0, 3, 0]) == (2, 1)
    assert STACK_OPS.effect(OPS["CALL_METHOD"], [0, 2, 0xFF]) == (6, 1)
    assert STACK_OPS.effect(OPS["EXPAND"], [2, 1, 1]) == (1, 4)
    assert STACK_OPS.effect(OPS["DUP_N"], [3]) == (3, 6)
    assert STACK_OPS.effect(OPS["BUILD_DICT"], [3]) == (6, 1)
    assert STACK_OPS.effect(OPS["MATCH_CASE"], [200, 0, 0, 0]) == (0, 0)
    assert STACK_OPS.effect(OPS["DEFINED"], [200, 0]) == (0, 1)


def test_a_table_refuses_rows_that_clash() -> None:
    row = Op(1, "A", (), 0, 0, "")
    for other in (Op(1, "B", (), 0, 0, ""), Op(2, "A", (), 0, 0, "")):
        with pytest.raises(ValueError, match="two rows"):
            OpTable("test", (row, other), {})
    with pytest.raises(ValueError, match="unknown stack effect x"):
        OpTable("test", (Op(1, "A", (), 0, 0, "", "next", "x"),), {})


def test_binding_names_what_is_missing() -> None:
    table = OpTable("test", (Op(1, "A", (), 0, 0, ""), Op(2, "B", (), 0, 0, "")), {})
    assert table.bind("an engine", {"A": 7}, exempt=("B",))[1] == 7
    with pytest.raises(LookupError, match="an engine and the test table differ on: B, C"):
        table.bind("an engine", {"A": 7, "C": 8})
