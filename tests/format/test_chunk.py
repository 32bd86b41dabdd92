"""The chunk model: equality by structure, and constant pools."""

from __future__ import annotations

import pytest
from metorex.format import chunk
from metorex.format.chunk import ConstantPool, Function, Handler, Module, Parameters
from samples import sample


def test_equality_is_structural() -> None:
    assert sample() == sample()
    assert sample() != 1 and Parameters() != 1 and Handler(0, 0, 0, 0, 0) != 1
    assert Function(0, "a", 0, -1) != 1
    for name in Function.__slots__:
        other = sample()
        setattr(other.functions[0], name, object())
        assert other != sample(), name
    for name in Module.__slots__:
        other = sample()
        setattr(other, name, object())
        assert other != sample(), name
    function = Function(0, "f", 0, -1)
    function.constants = [(chunk.CONST_FLOAT, float("nan"))]
    other_function = Function(0, "f", 0, -1)
    other_function.constants = [(chunk.CONST_FLOAT, float("nan"))]
    assert function == other_function


def test_parameters_count_their_slots() -> None:
    assert Parameters().slot_count() == 0
    flags = chunk.REST | chunk.KEYREST | chunk.BLOCK_PARAM
    assert Parameters(1, 2, 3, (("k", True),), flags).slot_count() == 10


def test_reprs_show_what_they_hold() -> None:
    assert repr(Parameters(1)) == "Parameters(1, 0, 0, (), 0)"
    assert repr(Handler(1, 2, 3, 0, 4)) == "Handler(1, 2, 3, 0, 4, 0, 0)"
    assert repr(sample().functions[1]) == "<Function 1 lambda lambda>"


def test_equal_constants_of_a_kind_share_an_index() -> None:
    pool = ConstantPool()
    nan = float("nan")
    indices = [
        pool.add(kind, payload)
        for kind, payload in [
            (chunk.CONST_INT, 1), (chunk.CONST_FLOAT, 1.0), (chunk.CONST_INT, 1), (chunk.CONST_FLOAT, 0.0),
            (chunk.CONST_FLOAT, -0.0), (chunk.CONST_FLOAT, nan), (chunk.CONST_FLOAT, -nan), (chunk.CONST_STRING, "a"),
            (chunk.CONST_SYMBOL, "a"), (chunk.CONST_IMAGINARY, (1, 0.0)), (chunk.CONST_IMAGINARY, (1, -0.0)),
        ]
    ]  # fmt: skip
    assert indices == [0, 1, 0, 2, 3, 4, 4, 5, 6, 7, 8]
    assert pool.get(5) == (chunk.CONST_STRING, "a")
    with pytest.raises(IndexError, match="constant 9 of a pool of 9"):
        pool.get(9)
    with pytest.raises(IndexError):
        pool.get(-1)
