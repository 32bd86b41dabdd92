"""Hypothesis strategies for modules that have a place in the format: every field, sensible or not to the verifier."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from metorex.format import chunk
from metorex.format.chunk import Function, Handler, Module, Parameters
from metorex.format.layout import META_KNOWN

U32 = st.one_of(st.integers(0, 3), st.integers(0, 0xFFFFFFFF))
# Text as it comes out of files: bytes that are not UTF-8 are surrogates; other surrogates may come from escapes.
TEXT = st.one_of(
    st.text(max_size=12),
    st.binary(max_size=8).map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.text(st.characters(min_codepoint=0xD7FF, max_codepoint=0xE001), max_size=3),
)
INTEGER = st.one_of(st.integers(-3, 3), st.integers(), st.integers(-(1 << 64), 1 << 64), st.integers(0, 1 << 300))
FLOAT = st.floats().map(lambda number: float("nan") if number != number else number)
NUMBER = st.one_of(
    st.tuples(st.just(chunk.CONST_INT), INTEGER),
    st.tuples(st.just(chunk.CONST_FLOAT), FLOAT),
    st.tuples(st.just(chunk.CONST_RATIONAL), st.tuples(INTEGER, INTEGER)),
)
CONSTANT = st.one_of(
    NUMBER,
    st.tuples(st.sampled_from([chunk.CONST_STRING, chunk.CONST_FROZEN, chunk.CONST_SYMBOL]), TEXT),
    st.tuples(st.just(chunk.CONST_IMAGINARY), NUMBER),
    st.tuples(st.just(chunk.CONST_REGEX), st.tuples(TEXT, U32)),
)
POSITION = st.one_of(
    st.tuples(st.integers(0, 300), st.integers(0, 255)), st.tuples(st.integers(0, 100_000), st.integers(0, 1000))
)


def few(strategy: st.SearchStrategy[Any], most: int = 4) -> st.SearchStrategy[list[Any]]:
    """Return lists of a few values."""
    return st.lists(strategy, max_size=most)


@st.composite
def functions(draw: Any, index: int) -> Function:
    function = Function(index, draw(TEXT), draw(st.integers(0, 255)), draw(st.integers(-1, 5)))
    function.parameters = Parameters(
        draw(U32), draw(U32), draw(U32), tuple(draw(few(st.tuples(TEXT, st.booleans()), 2))), draw(st.integers(0, 255))
    )
    function.local_count, function.max_stack = draw(U32), draw(U32)
    function.flags = draw(st.integers(0, 0xFFFF))
    function.upvalues = draw(few(st.tuples(U32, U32)))
    function.code = draw(st.binary(max_size=20))
    function.constants = draw(few(CONSTANT))
    function.handlers = [Handler(*numbers) for numbers in draw(few(st.tuples(*[U32] * 7), 2))]
    function.positions = draw(few(POSITION, 12))
    function.local_names = draw(few(TEXT))
    function.span = draw(st.tuples(U32, U32))
    function.line = draw(U32)
    function.ivars = draw(few(TEXT, 2))
    return function


@st.composite
def modules(draw: Any) -> Module:
    path, source = draw(TEXT), draw(st.binary(max_size=60)).decode("utf-8", "surrogateescape")
    module = Module(path, source)
    module.name, module.module_id = draw(TEXT), draw(TEXT)
    module.module_version = draw(st.tuples(*[st.integers(0, 0xFFFF)] * 3))
    module.functions = [draw(functions(index)) for index in range(draw(st.integers(0, 3)))]
    module.requires, module.exports = draw(few(TEXT)), draw(few(TEXT))
    module.dependencies = draw(few(st.tuples(TEXT, st.binary(min_size=16, max_size=16)), 2))
    keys = TEXT.filter(lambda key: key not in META_KNOWN)
    module.metadata = draw(st.dictionaries(keys, TEXT, max_size=3))
    module.language, module.isa = draw(st.sampled_from([1, 2])), draw(st.sampled_from([1, 2]))
    kinds = draw(st.lists(st.integers(12, 0xFFFF), max_size=2, unique=True))
    module.extra = [(kind, draw(st.sampled_from([1, 3])), draw(U32), draw(st.binary(max_size=9))) for kind in kinds]
    return module


def stripped(module: Module) -> Module:
    """Return what is left of `module` in a stripped artifact."""
    module.source = ""
    for function in module.functions:
        function.local_names = []
    return module
