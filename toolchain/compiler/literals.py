"""Literals: constants, strings and symbols with interpolation, regular expressions, arrays, hashes, ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...format.chunk import (
    CONST_FLOAT,
    CONST_FROZEN,
    CONST_IMAGINARY,
    CONST_INT,
    CONST_RATIONAL,
    CONST_REGEX,
    CONST_STRING,
)
from ...format.stack_ops import IMPLICIT_SELF, SPECIAL_FILE
from ..syntax import ast
from .dispatch import HANDLERS, effect, handles, value
from .emitter import Label
from .opcodes import (
    ARRAY_CONCAT,
    ARRAY_PUSH,
    BUILD_ARRAY,
    BUILD_DICT,
    BUILD_RANGE,
    BUILD_REGEX,
    BUILD_SHELL,
    BUILD_STRING,
    BUILD_SYMBOL,
    DICT_MERGE,
    DICT_SET,
    DUP,
    JUMP,
    JUMP_IF_TRUE,
    LOAD_SCOPED_CONST,
    LOAD_SELF,
    LOAD_SPECIAL,
    LOAD_TOP_CONST,
    POP,
    PUSH_CONST,
    PUSH_FALSE,
    PUSH_NIL,
    PUSH_TRUE,
    SPLAT,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .builder import Builder

# Larger literals are built in pieces, so that the operand stack stays small.
PIECE = 256

# Ruby's option bits; `u` fixes the encoding, `n` means none, `e` and `s` are obsolete encodings.
_REGEX_FLAGS = {"i": 1, "x": 2, "m": 4, "u": 16, "e": 16, "s": 16, "n": 32, "o": 0}


def push_constant(f: Builder, kind: int, payload: Any, pos: int) -> None:
    """Push a constant of the pool."""
    f.op_u16(PUSH_CONST, f.pool.add(kind, payload), pos)


def push_int(f: Builder, number: int, pos: int) -> None:
    f.op_u16(PUSH_CONST, f.pool.add(CONST_INT, number), pos)


def push_symbol(f: Builder, name: str, pos: int) -> None:
    f.op_u16(PUSH_CONST, f.name(name), pos)


@handles(ast.IntLiteral)
def int_literal(f: Builder, node: ast.IntLiteral, want: bool) -> None:
    if want:
        f.op_u16(PUSH_CONST, f.pool.add(CONST_INT, node.value), node.pos)


@handles(ast.FloatLiteral)
def float_literal(f: Builder, node: ast.FloatLiteral, want: bool) -> None:
    if want:
        push_constant(f, CONST_FLOAT, node.value, node.pos)


@handles(ast.RationalLiteral)
def rational_literal(f: Builder, node: ast.RationalLiteral, want: bool) -> None:
    if want:
        push_constant(f, CONST_RATIONAL, tuple(node.value), node.pos)


@handles(ast.ImaginaryLiteral)
def imaginary_literal(f: Builder, node: ast.ImaginaryLiteral, want: bool) -> None:
    if not want:
        return
    number = node.value
    if isinstance(number, (tuple, list)):
        payload: tuple[int, Any] = (CONST_RATIONAL, tuple(number))
    else:
        payload = (CONST_FLOAT if isinstance(number, float) else CONST_INT, number)
    push_constant(f, CONST_IMAGINARY, payload, node.pos)


@handles(ast.StringLiteral)
def string_literal(f: Builder, node: ast.StringLiteral, want: bool) -> None:
    if want:
        kind = CONST_FROZEN if f.unit.frozen_strings else CONST_STRING
        f.op_u16(PUSH_CONST, f.pool.add(kind, node.value), node.pos)


@handles(ast.Symbol)
def symbol(f: Builder, node: ast.Symbol, want: bool) -> None:
    if want:
        f.op_u16(PUSH_CONST, f.name(node.value), node.pos)


@handles(ast.BoolLiteral)
def bool_literal(f: Builder, node: ast.BoolLiteral, want: bool) -> None:
    if want:
        f.op(PUSH_TRUE if node.value else PUSH_FALSE, node.pos)


@handles(ast.NilLiteral)
def nil_literal(f: Builder, node: ast.NilLiteral, want: bool) -> None:
    if want:
        f.op(PUSH_NIL, node.pos)


# Strings with interpolation


def _fold(parts: Sequence[ast.Node]) -> list[ast.Node | str]:
    """Join neighbouring constant parts to one text; empty ones vanish."""
    folded: list[ast.Node | str] = []
    for part in parts:
        if part.__class__ is ast.BlockStatement and len(part.statements) == 1:
            only = part.statements[0]
            if only.__class__ is ast.StringLiteral:
                part = only
        if part.__class__ is not ast.StringLiteral:
            folded.append(part)
        elif folded and isinstance(folded[-1], str):
            folded[-1] += part.value
        elif part.value:
            folded.append(part.value)
    return folded


def push_text(f: Builder, parts: Sequence[ast.Node], kind: int, pos: int) -> None:
    """Push the String of `parts`; a constant one is of constant kind `kind`."""
    folded = _fold(parts)
    if not folded:
        push_constant(f, kind, "", pos)
        return
    if len(folded) == 1 and isinstance(folded[0], str):
        push_constant(f, kind, folded[0], pos)
        return
    pushed = 0
    for part in folded:
        if pushed == PIECE:  # join what is there
            f.emit(BUILD_STRING, (pushed,), pos)
            pushed = 1
        if isinstance(part, str):
            push_constant(f, CONST_STRING, part, pos)
        else:
            HANDLERS[part.__class__](f, part, True)
        pushed += 1
    f.emit(BUILD_STRING, (pushed,), pos)


@handles(ast.InterpolatedString)
def interpolated_string(f: Builder, node: ast.InterpolatedString, want: bool) -> None:
    push_text(f, node.parts, CONST_STRING, node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.XString)
def x_string(f: Builder, node: ast.XString, want: bool) -> None:
    push_text(f, node.parts, CONST_STRING, node.pos)
    f.op(BUILD_SHELL, node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.InterpolatedSymbol)
def interpolated_symbol(f: Builder, node: ast.InterpolatedSymbol, want: bool) -> None:
    push_text(f, node.parts, CONST_STRING, node.pos)
    f.op(BUILD_SYMBOL, node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.RegexLiteral)
def regex_literal(f: Builder, node: ast.RegexLiteral, want: bool) -> None:
    pos = node.pos
    flags = 0
    for letter in node.flags or "":
        flags |= _REGEX_FLAGS.get(letter, 0)
    folded = _fold(node.parts)
    if not folded or (len(folded) == 1 and isinstance(folded[0], str)):
        if want:
            push_constant(f, CONST_REGEX, (folded[0] if folded else "", flags), pos)
        return
    if "o" in node.flags:
        _once_regex(f, node, flags)
    else:
        push_text(f, node.parts, CONST_STRING, pos)
        f.op_u8(BUILD_REGEX, flags, pos)
    if not want:
        f.op(POP, pos)


def _once_regex(f: Builder, node: ast.RegexLiteral, flags: int) -> None:
    """`/#{x}/o` is interpolated once and then kept."""
    pos = node.pos
    kept = f.hidden_variable()
    done = Label()
    f.load(kept, pos)
    f.op(DUP, pos)
    f.jump(JUMP_IF_TRUE, done, pos)
    f.op(POP, pos)
    push_text(f, node.parts, CONST_STRING, pos)
    f.op_u8(BUILD_REGEX, flags, pos)
    f.op(DUP, pos)
    f.store(kept, pos)
    f.place(done)


# Collections


def push_elements(f: Builder, elements: Sequence[ast.Node], pos: int) -> None:
    """Push one Array of `elements`, among which may be splats and keywords."""
    if len(elements) == 1 and elements[0].__class__ is ast.Splat:
        push_splat(f, elements[0])
        f.op(SPLAT, elements[0].pos)
        return
    pushed = 0
    built = False  # an Array lies below the pushed elements
    for element in elements:
        cls = element.__class__
        if cls is ast.Splat:
            _flush(f, built, pushed, pos)
            built, pushed = True, 0
            push_splat(f, element)
            f.op(ARRAY_CONCAT, element.pos)
            continue
        if pushed == PIECE:
            _flush(f, built, pushed, pos)
            built, pushed = True, 0
        if cls is ast.Dictionary:
            if not element.braces and all(entry.__class__ is ast.KeywordSplat for entry in element.entries):
                _flush(f, built, pushed, pos)
                built, pushed = True, 0
                _append_unless_empty(f, element)
                continue
            push_dictionary(f, element)
        else:
            HANDLERS[cls](f, element, True)
        pushed += 1
    _flush(f, built, pushed, pos)


def _flush(f: Builder, built: bool, pushed: int, pos: int) -> None:
    """Put the pushed elements into the Array below them, or into a new one."""
    if not built:
        f.emit(BUILD_ARRAY, (pushed,), pos)
    elif pushed:
        _append(f, pushed, pos)


def _append_unless_empty(f: Builder, node: ast.Node) -> None:
    """Append the Hash of `**x`: an empty one is no element."""
    empty, done = Label(), Label()
    push_dictionary(f, node)
    f.op(DUP, node.pos)
    f.send("empty?", 0, 0, node.pos)
    f.jump(JUMP_IF_TRUE, empty, node.pos)
    f.op(ARRAY_PUSH, node.pos)
    f.jump(JUMP, done, node.pos)
    f.place(empty)
    f.op(POP, node.pos)
    f.place(done)


def _append(f: Builder, pushed: int, pos: int) -> None:
    if pushed == 1:
        f.op(ARRAY_PUSH, pos)
    else:
        f.emit(BUILD_ARRAY, (pushed,), pos)
        f.op(ARRAY_CONCAT, pos)


def push_splat(f: Builder, node: ast.Node) -> None:
    """Push what `*x` is applied to; a bare `*` forwards the anonymous parameter."""
    if node.expression is None:
        f.load("*", node.pos)
    else:
        value(f, node.expression)


@handles(ast.Array)
def array(f: Builder, node: ast.Array, want: bool) -> None:
    elements = node.elements
    if not want and not any(element.__class__ in (ast.Splat, ast.Dictionary) for element in elements):
        for element in elements:
            effect(f, element)
        return
    push_elements(f, elements, node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.Splat)
def splat(f: Builder, node: ast.Splat, want: bool) -> None:
    """`*x` where an Array is expected: the right side of `a = *b`, `return *x`, `when *x`."""
    push_splat(f, node)
    f.op(SPLAT, node.pos)
    if not want:
        f.op(POP, node.pos)


def push_dictionary(f: Builder, node: ast.Node) -> None:
    """Push the Hash of the entries, in order."""
    pos = node.pos
    pairs = 0
    built = False  # a Hash lies below the pushed pairs
    for entry in node.entries:
        merges = entry.__class__ is ast.KeywordSplat
        if merges or pairs == PIECE:
            built = _settle_pairs(f, pairs, built, pos)
            pairs = 0
        if merges:
            if entry.expression is None:
                f.load("**", entry.pos)
            else:
                value(f, entry.expression)
            f.op(DICT_MERGE, entry.pos)
            continue
        key = entry.key
        if key.__class__ is ast.StringLiteral:  # a String key is frozen
            push_constant(f, CONST_FROZEN, key.value, key.pos)
        else:
            HANDLERS[key.__class__](f, key, True)
        item = entry.value
        HANDLERS[item.__class__](f, item, True)
        pairs += 1
    if pairs or not built:
        _settle_pairs(f, pairs, built, pos)


def _settle_pairs(f: Builder, pairs: int, built: bool, pos: int) -> bool:
    """Bring the pushed pairs into the Hash below them, or into a first one."""
    if not built:
        f.emit(BUILD_DICT, (pairs,), pos)
    elif pairs == 1:
        f.op(DICT_SET, pos)
    elif pairs:
        f.emit(BUILD_DICT, (pairs,), pos)
        f.op(DICT_MERGE, pos)
    return True


@handles(ast.Dictionary)
def dictionary(f: Builder, node: ast.Dictionary, want: bool) -> None:
    push_dictionary(f, node)
    if not want:
        f.op(POP, node.pos)


@handles(ast.DictionaryEntry, ast.KeywordSplat)
def dictionary_entry(f: Builder, node: ast.Node, want: bool) -> None:
    """An entry outside of a hash (a tree made by hand): a hash of its own."""
    dictionary(f, ast.Dictionary([node], True, node.pos, node.end_pos), want)


@handles(ast.Range)
def range_literal(f: Builder, node: ast.Range, want: bool) -> None:
    for bound in (node.start, node.end):
        if bound is None:
            f.op(PUSH_NIL, node.pos)
        else:
            value(f, bound)
    f.op_u8(BUILD_RANGE, 1 if node.exclusive else 0, node.op_pos or node.pos)
    if not want:
        f.op(POP, node.pos)


# Magic words


@handles(ast.MagicFile)
def magic_file(f: Builder, node: ast.MagicFile, want: bool) -> None:
    if want:
        f.op_u8(LOAD_SPECIAL, SPECIAL_FILE, node.pos)


@handles(ast.MagicLine)
def magic_line(f: Builder, node: ast.MagicLine, want: bool) -> None:
    if want:
        push_int(f, f.unit.lines.line(node.pos), node.pos)


@handles(ast.MagicDir)
def magic_dir(f: Builder, node: ast.MagicDir, want: bool) -> None:
    f.op(LOAD_SELF, node.pos)
    f.send("__dir__", 0, IMPLICIT_SELF, node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.MagicEncoding)
def magic_encoding(f: Builder, node: ast.MagicEncoding, want: bool) -> None:
    if want:
        f.op_u16(LOAD_TOP_CONST, f.name("Encoding"), node.pos)
        f.op_u16(LOAD_SCOPED_CONST, f.name("UTF_8"), node.pos)
