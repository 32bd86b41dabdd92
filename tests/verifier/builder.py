"""Modules from readable text, valid or broken in the one way that a test is about.

    script locals=a,%e                  kind, [name], then facts about the function
        PUSH_CONST 1                    constants as literals, names as bare words
        STORE_LOCAL a                   locals by name; those that start with % are hidden
    L1: JUMP_IF_FALSE L1                labels; kinds and flags by name, joined by |
        BEGIN_TRY L2 rescue %e          a handler: kind and slot, then depth=, rescue_depth=
        BUILD_LAMBDA f block            functions by name
    block f params=1 upvalues=local:a   parents are the functions before, by parent= (default: the first)

Facts: parent, locals, upvalues, flags, stack (the largest depth, counted if left out), params, optional, post,
keywords (a,b?), pflags, count (of locals). Numbers always do for what also has a name.
"""

from __future__ import annotations

import shlex
from typing import Any

from metorex.format import chunk
from metorex.format.cfg import target_of
from metorex.format.chunk import ConstantPool, Function, Handler, Module, Parameters
from metorex.format.encoding import assemble, decode
from metorex.format.optable import Op
from metorex.format.stack_ops import FLAG_NAMES, KIND_NAMES, STACK_OPS


def module(text: str) -> Module:
    """Return the module that `text` describes."""
    result = Module("test.mx", "")
    parts: list[tuple[Function, dict[str, str], list[str]]] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        word = line.split()[0]
        if line[0] != " " and word in chunk.FUNCTION_KINDS:
            words = line.split()[1:]
            name = words.pop(0) if words and "=" not in words[0] else ""
            function = Function(len(parts), name, chunk.FUNCTION_KINDS.index(word), 0 if parts else -1)
            parts.append((function, dict(fact.split("=", 1) for fact in words), []))
        else:
            parts[-1][2].append(line)
    result.functions = [function for function, _, _ in parts]
    index_of = {function.name: function.index for function in result.functions}
    for function, facts, lines in parts:
        _fill(function, facts, lines, index_of)
    return result


def _fill(function: Function, facts: dict[str, str], lines: list[str], index_of: dict[str, int]) -> None:
    names = [name for name in facts.get("locals", "").split(",") if name]
    if "parent" in facts:
        parent = facts["parent"]
        function.parent = index_of[parent] if parent in index_of else int(parent)
    keywords = tuple((name.rstrip("?"), name[-1] != "?") for name in facts.get("keywords", "").split(",") if name)
    function.parameters = Parameters(
        int(facts.get("params", 0)), int(facts.get("optional", 0)), int(facts.get("post", 0)), keywords,
        _bits(facts.get("pflags", "0"), chunk.PARAM_FLAG_NAMES),
    )  # fmt: skip
    function.flags = _bits(facts.get("flags", "0"), chunk.FLAG_NAMES)
    for upvalue in facts.get("upvalues", "").split(","):
        if upvalue:
            kind, _, number = upvalue.partition(":")
            function.upvalues.append((("local", "upvalue").index(kind), int(number)))
    pool = ConstantPool()
    labels: dict[str, int] = {}
    rows: list[list[str]] = []
    for line in lines:
        words = shlex.split(line, posix=False)
        while words[0].endswith(":"):
            labels[words.pop(0)[:-1]] = len(rows)
        rows.append(words)
    assembler = _Assembler(names, labels, pool, index_of)
    items = [assembler.instruction(words) for words in rows]
    function.code, offsets = assemble(items)
    function.local_count = int(facts.get("count", max(len(names), function.parameters.slot_count())))
    function.local_names = ["" if name[0] == "%" else name for name in names]
    if not names:
        function.local_names = []
    function.constants = pool.constants
    function.positions = [(number + 1, 1) for number in range(len(items))]
    function.handlers = [
        Handler(offsets[begin + 1], offsets[end], offsets[target], *rest)
        for begin, end, target, *rest in assembler.handlers(rows)
    ]
    function.max_stack = int(facts["stack"]) if "stack" in facts else _largest_depth(items)


def _bits(text: str, names: tuple[str | None, ...]) -> int:
    return int(text, 0) if text[0].isdigit() else sum(1 << names.index(name) for name in text.split("|"))


class _Assembler:
    """Operands from words."""

    def __init__(self, names: list[str], labels: dict[str, int], pool: ConstantPool, index_of: dict[str, int]) -> None:
        self.names = names
        self.labels = labels
        self.pool = pool
        self.index_of = index_of

    def instruction(self, words: list[str]) -> tuple[Op, list[int]]:
        op = STACK_OPS.by_name[words[0]]
        return op, [self.operand(op.name, kind, word) for kind, word in zip(op.operands, words[1:])]

    def operand(self, op: str, kind: str, word: str) -> int:
        if kind == "target":
            return self.labels[word]
        if kind == "name" and not word.isdigit():
            return self.pool.add(chunk.CONST_SYMBOL, word)
        if kind == "const" and not word.startswith("#"):
            return self.pool.add(*_literal(word))
        if kind == "local" and not word.isdigit():
            return self.names.index(word)
        if kind == "function" and not word.isdigit():
            return self.index_of[word]
        if kind == "kind" and not word.isdigit():
            return KIND_NAMES[op].index(word)
        return _bits(word, FLAG_NAMES[op]) if kind == "flags" else int(word.lstrip("#"))

    def handlers(self, rows: list[list[str]]) -> list[tuple[int, ...]]:
        """Return (BEGIN_TRY, END_TRY, target, kind, slot, depth, rescue depth) of each region, inner ones first."""
        found = []
        open_regions: list[tuple[int, list[str]]] = []
        for index, words in enumerate(rows):
            if words[0] == "BEGIN_TRY":
                open_regions.append((index, words))
            elif words[0] == "END_TRY" and open_regions:
                begin, (_, label, kind, slot, *facts) = open_regions.pop()
                values = dict(fact.split("=") for fact in facts)
                found.append((
                    begin, index, self.labels[label], ("rescue", "ensure").index(kind), self.operand("", "local", slot),
                    int(values.get("depth", 0)), int(values.get("rescue_depth", 0)),
                ))  # fmt: skip
        return found


def _literal(word: str) -> tuple[int, Any]:
    if word[0] == '"':
        return chunk.CONST_STRING, word[1:-1]
    if word[0] == ":":
        return chunk.CONST_SYMBOL, word[1:]
    if word[0] == "/":
        return chunk.CONST_REGEX, (word[1:-1], 0)
    return (chunk.CONST_FLOAT, float(word)) if "." in word else (chunk.CONST_INT, int(word))


def _largest_depth(items: list[tuple[Op, list[int]]]) -> int:
    """Return the largest depth on the paths from the start, as the verifier should find it."""
    depths: dict[int, int] = {}
    work = [(0, 0)]
    largest = 0
    while work:
        index, depth = work.pop()
        if index in depths or index >= len(items):
            continue
        depths[index] = depth
        op, operands = items[index]
        pops, pushes = STACK_OPS.effect(op, operands)
        depth += pushes - pops
        largest = max(largest, depth)
        target = target_of(op.operands, operands)
        if target is not None:
            work.append((target, depth))
        if op.flow in ("next", "branch"):
            work.append((index + 1, depth))
    return largest


def offset_of(function: Function, number: int) -> int:
    """Return the offset of instruction `number`."""
    return decode(function.code)[number][0]
