"""What the String files share: encodings as host classes, bytes, spelling of symbols."""

from __future__ import annotations

import pytest
from metorex.toolchain.runtime import builtin
from metorex.toolchain.runtime.core import string, text
from metorex.toolchain.runtime.core.encoding import ENCODINGS, codec_of
from metorex.toolchain.runtime.core.growing import GrowingString
from metorex.toolchain.runtime.core.symbol_text import symbol_key_text, symbol_literal
from metorex.toolchain.runtime.dispatch import send
from metorex.toolchain.runtime.errors import Raised
from metorex.toolchain.runtime.model import allocate, freeze, new_class, singleton_class
from metorex.toolchain.runtime.values import BinaryString, Range, String


@pytest.mark.parametrize("name", list(ENCODINGS))
def test_every_encoding_has_a_codec(name: str) -> None:
    assert "a".encode(codec_of(name))


def test_bytes_that_are_no_characters_survive() -> None:
    data = bytes(range(256))
    for encoding in ("UTF-8", "BINARY", "US-ASCII", "ISO-8859-1", "Shift_JIS"):
        assert text.text_bytes(text.from_bytes(data, encoding)) == data


def test_parts_of_a_character_heal() -> None:
    first = text.from_bytes(b"\xe3", "UTF-8")
    send(first, ":<<", None, text.from_bytes(b"\x81\x82", "UTF-8"))
    assert first.s == "\u3042"


def test_encoding_of_a_subclass_instance() -> None:
    cls = new_class(builtin.builtin_class("String"), "Name")
    value = allocate(cls)
    value.s = "x"
    plain = value.__class__
    text.set_encoding(value, "BINARY")
    assert value.encoding == "BINARY" and value.__class__.mclass is cls
    text.set_encoding(value, "UTF-8")
    assert value.__class__ is plain


def test_joined_encodings() -> None:
    assert text.joined_encoding(String("a"), BinaryString("\xff")) == "BINARY"
    assert text.joined_encoding(String("é"), BinaryString("a")) == "UTF-8"
    assert text.joined_encoding(String("é"), BinaryString("\xff")) is None


def test_growing_strings_look_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(string, "LEAST_LENGTH", 2)
    value = String("ab")
    for _ in range(3):
        send(value, ":<<", None, String("é"))
    assert value.__class__ is GrowingString
    assert value.s == "abééé" and value.__class__ is String
    send(value, ":<<", None, String("x"))
    freeze(value)
    assert value.s == "abéééx" and value.is_frozen
    with pytest.raises(Raised):
        send(value, ":<<", None, String("y"))
    single = String("ab")
    send(single, ":<<", None, String("c"))
    singleton_class(single)
    assert single.s == "abc"
    send(single, ":<<", None, String("d"))
    assert single.s == "abcd" and single.__class__.singleton is not None


def test_frozen_strings_refuse_changes_by_themselves() -> None:
    with pytest.raises(Raised):
        send(freeze(String("a")), ":<<", None, String("b"))


@pytest.mark.parametrize(
    "span, expected",
    [
        (Range(1, 2, False), (1, 3)),
        (Range(-2, -1, False), (3, 5)),
        (Range(5, None, True), (5, 5)),
        (Range(6, 7, False), None),
        (Range(3, 1, False), (3, 3)),
    ],
)
def test_range_span(span: Range, expected: tuple[int, int] | None) -> None:
    assert text.range_span(span, 5) == expected


@pytest.mark.parametrize(
    "name, literal, key",
    [
        ("a", ":a", "a:"),
        ("a?", ":a?", "a?:"),
        ("a=", ":a=", '"a=":'),
        ("a b", ':"a b"', '"a b":'),
        ("[]=", ":[]=", '"[]=":'),
        ("@x", ":@x", '"@x":'),
        ("é", ":é", "é:"),
        ("", ':""', '"":'),
        ("a?=", ':"a?="', '"a?=":'),
    ],
)
def test_symbols_are_written_as_ruby_does(name: str, literal: str, key: str) -> None:
    assert symbol_literal(name) == literal
    assert symbol_key_text(name) == key
