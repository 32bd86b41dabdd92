"""Listings: text against golden files (`BLESS=1` rewrites them), data, graphs, and code that is broken."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from metorex.format import chunk
from metorex.format.cfg import basic_blocks
from metorex.format.chunk import Module
from metorex.format.disassembler import constant_text, describe, function_listing, graph, listing
from metorex.format.encoding import decode
from samples import sample
from strategies import modules

GOLDEN = Path(__file__).parent / "golden"


def _broken() -> Module:
    module = sample()
    first, second = module.functions
    first.code = b"\x02\x00"
    first.handlers[0].kind = chunk.RESCUE_HANDLER
    first.kind = 99
    second.parent = 7
    second.flags = 0x8000
    second.local_names = []
    second.parameters.flags = chunk.NO_KEYWORDS
    second.constants = [(0, 1)]
    second.code = b"\x02\x01\x00"
    return module


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sample.txt", listing(sample())),
        ("sample-source.txt", listing(sample(), source=True)),
        ("sample-function.txt", function_listing(sample(), 1, source=True)),
        ("sample.dot", graph(sample())),
        ("sample.json", json.dumps(describe(sample()), indent=1) + "\n"),
        ("broken.txt", listing(_broken())),
    ],
)
def test_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("BLESS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@settings(max_examples=60, deadline=None)
@given(modules())
def test_whatever_a_module_holds_can_be_listed(module: Module) -> None:
    text = listing(module, source=True)
    text.encode("utf-8")
    assert json.loads(json.dumps(describe(module)))["function_count"] == len(module.functions)
    graph(module)


@pytest.mark.parametrize(
    ("constant", "text"),
    [
        ((chunk.CONST_INT, 7), "7"),
        ((chunk.CONST_INT, 16**200), "0x1" + "0" * 200),
        ((chunk.CONST_FLOAT, 1.5), "1.5"),
        ((chunk.CONST_STRING, 'a"\n\x7f\ud800é'), '"a\\"\\n\\u007f\\ud800é"'),
        ((chunk.CONST_SYMBOL, "a?b c"), ':"a?b c"'),
        ((chunk.CONST_SYMBOL, "[]="), ":[]="),
        ((chunk.CONST_SYMBOL, "@a"), ":@a"),
        ((chunk.CONST_IMAGINARY, (chunk.CONST_FLOAT, 2.5)), "2.5i"),
        ((chunk.CONST_RATIONAL, (1, 2)), "(1/2)"),
        ((chunk.CONST_REGEX, ("a", 7)), "/a/mix"),
    ],
)
def test_constants_look_like_source(constant: tuple[int, object], text: str) -> None:
    assert constant_text(constant) == text


def test_absurd_parameter_counts_are_shown_as_numbers() -> None:
    module = sample()
    module.functions[1].parameters.optional = 1 << 31
    assert "params=(2147483655 parameters)" in listing(module)


def test_blocks_end_where_control_may_go_elsewhere() -> None:
    assert basic_blocks([]) == []
    blocks = basic_blocks(decode(sample().functions[0].code))
    assert [(block.first, block.last) for block in blocks] == [(0, 0), (1, 5), (6, 7), (8, 10), (11, 14), (15, 16)]
    assert [block.edges for block in blocks] == [
        [(1, "next"), (2, "handler")], [(2, "next")], [(3, "next")], [(4, "next"), (0, "true")],
        [(5, "next"), (3, "true")], [],
    ]  # fmt: skip
