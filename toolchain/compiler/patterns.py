"""Tests of patterns: what one item of a `when`, a `match` or an `in` demands of its subject.

`test_pattern(f, pattern, source, fail, arm)` emits tests that jump to `fail` if the pattern does not match and fall
through otherwise. A `Source` says how to push the value tested: a local, or an element of an Array in a local. An
`Arm` says how names are bound. In `when` and `match` they are binders of the arm: the tests only note where their
values are, and `commit` binds them once the whole item has matched, so that a failed item leaves nothing. In `in` they
are ordinary locals, assigned on the way as Ruby does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...format.stack_ops import (
    MATCH_ARRAY,
    MATCH_ARRAY_REST,
    MATCH_EITHER_KEY,
    MATCH_HASH,
    MATCH_KEY,
    MATCH_SIZE,
    MATCH_SOFT,
    MATCH_SPLAT,
    MATCH_STRICT_ARRAY,
    MATCH_STRICT_HASH,
    MATCH_VALUE,
    MATCH_VALUE_OR_EQ,
)
from ..syntax import ast
from .dispatch import value
from .emitter import Label
from .literals import push_int, push_splat, push_symbol
from .opcodes import (
    ADD,
    BUILD_ARRAY,
    INDEX_GET,
    JUMP,
    JUMP_IF_FALSE,
    LE,
    LOAD_LOCAL,
    MATCH_BIND,
    MATCH_CASE,
    PUSH_CONST,
    PUSH_FALSE,
    PUSH_NIL,
    PUSH_TRUE,
    SPLAT,
    STORE_LOCAL,
    SUB,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .builder import Builder


class Source:
    """A value under test: the local `slot`, or with `element` an element or slice of the Array (or Hash) there.

    `element` is (index,) for a fixed index, (base, index) for one counted from the Integer in the local `base`, and
    (first, after) in `slice` for the elements but for `first` leading and `after` trailing ones.
    """

    __slots__ = ("slot", "index", "base", "slice")

    def __init__(
        self, slot: int, index: int | None = None, base: int | None = None, between: tuple[int, int] | None = None
    ) -> None:
        self.slot = slot
        self.index = index
        self.base = base
        self.slice = between

    def push(self, f: Builder, pos: int) -> None:
        f.op_u16(LOAD_LOCAL, self.slot, pos)
        if self.slice is not None:
            first, after = self.slice
            push_int(f, first, pos)
            f.op_u16(LOAD_LOCAL, self.slot, pos)
            f.send("size", 0, 0, pos)
            push_int(f, first + after, pos)
            f.op(SUB, pos)
            f.emit(INDEX_GET, (2, 0), pos)
        elif self.index is not None:
            push_int(f, self.index, pos)
            if self.base is not None:
                f.op_u16(LOAD_LOCAL, self.base, pos)
                f.op(ADD, pos)
            f.emit(INDEX_GET, (1, 0), pos)

    def kept(self, f: Builder, pos: int) -> Source:
        """Return a source that can be pushed again cheaply: the value in a local."""
        if self.index is None and self.slice is None:
            return self
        self.push(f, pos)
        slot = f.temp()
        f.op_u16(STORE_LOCAL, slot, pos)
        return Source(slot)


class Arm:
    """How one clause binds. `lenient`: a `when`, where elements match by == or === and keys by either spelling.

    `binders` (None in `in`: ordinary locals) are the slots of the names of the arm, `flags` for soft names of a clause
    of several items the locals telling whether they are bound; `found` says where the item under test has its values,
    `soft` are its soft names, whose slots MATCH_SOFT sets itself.
    """

    __slots__ = ("lenient", "binders", "flags", "found", "soft")

    def __init__(self, lenient: bool, binders: dict[str, int] | None, flags: dict[str, str]) -> None:
        self.lenient = lenient
        self.binders = binders
        self.flags = flags
        self.found: list[tuple[str, Callable[[], None]]] = []
        self.soft: set[str] = set()

    def begin_item(self) -> None:
        self.found = []
        self.soft = set()

    def bind(self, f: Builder, name: str, push: Callable[[], None], pos: int) -> None:
        if self.binders is None or name not in self.binders:
            push()
            f.store(name, pos)
        else:
            self.found.append((name, push))

    def commit(self, f: Builder, pos: int) -> None:
        """Bind the names of the item that has matched; hard names of other items read nil."""
        if self.binders is None:
            return
        bound = set()
        for name, push in self.found:
            push()
            f.op_u16(MATCH_BIND, self.binders[name], pos)
            bound.add(name)
        for name, slot in self.binders.items():
            if name in self.flags:
                f.op(PUSH_TRUE if name in bound or name in self.soft else PUSH_FALSE, pos)
                f.store(self.flags[name], pos)
            elif name not in bound and name not in self.soft:
                f.op(PUSH_NIL, pos)
                f.op_u16(MATCH_BIND, slot, pos)


def test_pattern(f: Builder, node: ast.Node, source: Source, fail: Label, arm: Arm, inside: bool = False) -> None:
    """Emit the tests of one pattern; `inside` an array or object pattern."""
    handler = _TESTS.get(node.__class__)
    if handler is None:  # a tree made by hand may hold an expression itself
        _test_expression(f, node, source, fail, arm, inside)
    else:
        handler(f, node, source, fail, arm, inside)


def _match(f: Builder, kind: int, fail: Label, pos: int, slot: int = 0, count: int = 0) -> None:
    f.emit(MATCH_CASE, (kind, slot, count, fail), pos)


def _test_expression(f: Builder, node: ast.Node, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    source.push(f, node.pos)
    if node.__class__ is ast.Splat:
        push_splat(f, node)
        f.op(SPLAT, node.pos)
        _match(f, MATCH_SPLAT, fail, node.pos)
        return
    value(f, node)
    _match(f, MATCH_VALUE_OR_EQ if inside and arm.lenient else MATCH_VALUE, fail, node.pos)


def _test_value(f: Builder, node: ast.Node, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    _test_expression(f, node.expression, source, fail, arm, inside)


def _test_wildcard(f: Builder, node: ast.Node, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    """`_` matches everything, without a test."""


def _test_name(f: Builder, node: ast.IdentifierPattern, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    name, pos = node.name, node.pos
    if not node.soft:
        arm.bind(f, name, lambda: source.push(f, pos), pos)
        return
    source.push(f, pos)
    f.op_u16(PUSH_CONST, f.name(name), pos)
    f.op(PUSH_TRUE if inside else PUSH_FALSE, pos)
    _match(f, MATCH_SOFT, fail, pos, arm.binders[name])  # type: ignore[index]
    arm.soft.add(name)


def _constant(f: Builder, node: ast.Node, source: Source, fail: Label) -> Source:
    """Test `Constant(...)` by ===; return the source for the rest."""
    if node.constant is None:
        return source
    source = source.kept(f, node.pos)
    source.push(f, node.pos)
    value(f, node.constant)
    _match(f, MATCH_VALUE, fail, node.constant.pos)
    return source


def _is_open(node: ast.Node) -> bool:
    """True if a `when` pattern holds a name, `_`, a rest or a pin, so that deconstructing is in order."""
    cls = node.__class__
    if cls is ast.ArrayPattern:
        return node.rest is not None or any(map(_is_open, (*node.prefix, *node.suffix)))
    if cls is ast.ObjectPattern:
        return node.rest is not None or any(_is_open(entry.pattern) for entry in node.entries)
    return cls in (ast.WildcardPattern, ast.IdentifierPattern, ast.PinnedPattern, ast.RestPattern, ast.FindPattern)


def _test_array(f: Builder, node: ast.ArrayPattern, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    pos = node.pos
    source = _constant(f, node, source, fail)
    prefix, rest, suffix = node.prefix, node.rest, node.suffix
    count = len(prefix) + len(suffix)
    array = f.temp()
    source.push(f, pos)
    if rest is not None:
        kind = MATCH_ARRAY_REST
    else:
        kind = MATCH_STRICT_ARRAY if arm.lenient and not _is_open(node) else MATCH_ARRAY
    _match(f, kind, fail, pos, array, count)
    for index, element in enumerate(prefix):
        test_pattern(f, element, Source(array, index), fail, arm, True)
    if rest is not None:
        _bind_rest(f, rest, Source(array, between=(len(prefix), len(suffix))), arm)
    for index, element in enumerate(suffix):
        test_pattern(f, element, Source(array, index - len(suffix) if rest is not None else index + len(prefix)),
                     fail, arm, True)  # fmt: skip


def _bind_rest(f: Builder, rest: ast.Node, source: Source, arm: Arm) -> None:
    """Bind the Array of a rest pattern, if it has a name."""
    if rest.__class__ is ast.RestPattern and rest.name:
        arm.bind(f, rest.name, lambda: source.push(f, rest.pos), rest.pos)


def _test_find(f: Builder, node: ast.FindPattern, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    """`[*, x, *]`: try the middle at each place, in a loop."""
    pos = node.pos
    source = _constant(f, node, source, fail)
    middle = node.middle
    array, place = f.temp(), f.temp()
    source.push(f, pos)
    _match(f, MATCH_ARRAY_REST, fail, pos, array, len(middle))
    push_int(f, 0, pos)
    f.op_u16(STORE_LOCAL, place, pos)
    head = f.here()
    next_place, found = Label(), Label()
    f.op_u16(LOAD_LOCAL, place, pos)
    f.op_u16(LOAD_LOCAL, array, pos)
    f.send("size", 0, 0, pos)
    push_int(f, len(middle), pos)
    f.op(SUB, pos)
    f.op(LE, pos)
    f.jump(JUMP_IF_FALSE, fail, pos)
    for offset, element in enumerate(middle):
        test_pattern(f, element, Source(array, offset, place), next_place, arm, True)
    f.jump(JUMP, found, pos)
    f.place(next_place)
    f.op_u16(LOAD_LOCAL, place, pos)
    push_int(f, 1, pos)
    f.op(ADD, pos)
    f.op_u16(STORE_LOCAL, place, pos)
    f.jump(JUMP, head, pos)
    f.place(found)
    if node.before is not None and node.before.name:
        arm.bind(f, node.before.name, lambda: _push_before(f, array, place, pos), pos)
    if node.after is not None and node.after.name:
        arm.bind(f, node.after.name, lambda: _push_after(f, array, place, len(middle), pos), pos)


def _push_before(f: Builder, array: int, place: int, pos: int) -> None:
    f.op_u16(LOAD_LOCAL, array, pos)
    push_int(f, 0, pos)
    f.op_u16(LOAD_LOCAL, place, pos)
    f.emit(INDEX_GET, (2, 0), pos)


def _push_after(f: Builder, array: int, place: int, count: int, pos: int) -> None:
    f.op_u16(LOAD_LOCAL, array, pos)
    f.op_u16(LOAD_LOCAL, place, pos)
    push_int(f, count, pos)
    f.op(ADD, pos)
    f.op_u16(LOAD_LOCAL, array, pos)
    f.send("size", 0, 0, pos)
    f.emit(INDEX_GET, (2, 0), pos)


def _key_name(key: ast.Node) -> str:
    return key.name if key.__class__ is ast.Identifier else key.value


def _test_object(f: Builder, node: ast.ObjectPattern, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    pos = node.pos
    source = _constant(f, node, source, fail)
    entries, rest = node.entries, node.rest
    exact = int(rest.__class__ is ast.NilRestPattern or (not entries and rest is None))
    table = f.temp()
    source.push(f, pos)
    if arm.lenient and not _is_open(node):
        _match(f, MATCH_STRICT_HASH, fail, pos, table)
    else:
        if rest is not None and not exact:
            f.op(PUSH_NIL, pos)
        else:
            for entry in entries:
                push_symbol(f, _key_name(entry.key), entry.pos)
            f.emit(BUILD_ARRAY, (len(entries),), pos)
        _match(f, MATCH_HASH, fail, pos, table, exact)
    for entry in entries:
        _test_entry(f, entry, table, fail, arm)
    if exact:
        f.op_u16(LOAD_LOCAL, table, pos)
        _match(f, MATCH_SIZE, fail, pos, 0, len(entries))
    elif rest is not None and rest.name:
        arm.bind(f, rest.name, lambda: _push_other_entries(f, table, entries, pos), pos)


def _test_entry(f: Builder, entry: ast.ObjectPatternEntry, table: int, fail: Label, arm: Arm) -> None:
    key, pos = entry.key, entry.pos
    found = f.temp()
    f.op_u16(LOAD_LOCAL, table, pos)
    if key.__class__ is ast.StringLiteral:
        value(f, key)
        kind = MATCH_EITHER_KEY
    else:
        push_symbol(f, _key_name(key), pos)
        kind = MATCH_EITHER_KEY if key.__class__ is ast.Identifier and arm.lenient else MATCH_KEY
    _match(f, kind, fail, pos, found)
    if entry.pattern is not None:
        test_pattern(f, entry.pattern, Source(found), fail, arm, True)


def _push_other_entries(f: Builder, table: int, entries: Sequence[ast.ObjectPatternEntry], pos: int) -> None:
    """Push the Hash of the entries that the pattern does not name, whichever spelling of a key matched."""
    f.op_u16(LOAD_LOCAL, table, pos)
    count = 0
    for entry in entries:
        push_symbol(f, _key_name(entry.key), pos)
        count += 1
        if entry.key.__class__ is not ast.Symbol:
            value(f, ast.StringLiteral(_key_name(entry.key), pos, pos))
            count += 1
    f.send("except", count, 0, pos)


def _test_alternatives(
    f: Builder, node: ast.AlternativePattern, source: Source, fail: Label, arm: Arm, inside: bool
) -> None:
    source = source.kept(f, node.pos)
    matched = Label()
    for pattern in node.patterns[:-1]:
        other = Label()
        test_pattern(f, pattern, source, other, arm, inside)
        f.jump(JUMP, matched, pattern.pos)
        f.place(other)
    test_pattern(f, node.patterns[-1], source, fail, arm, inside)
    f.place(matched)


def _test_bind(f: Builder, node: ast.BindPattern, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    source = source.kept(f, node.pos)
    test_pattern(f, node.pattern, source, fail, arm, inside)
    arm.bind(f, node.name, lambda: source.push(f, node.pos), node.pos)


def _test_grouped(f: Builder, node: ast.Grouped, source: Source, fail: Label, arm: Arm, inside: bool) -> None:
    inner = node.expression
    if isinstance(inner, ast.Pattern):
        test_pattern(f, inner, source, fail, arm, inside)
    else:
        _test_expression(f, inner, source, fail, arm, inside)


_TESTS: dict[type, Callable[[Builder, Any, Source, Label, Arm, bool], None]] = {
    ast.ValuePattern: _test_value,
    ast.PinnedPattern: _test_value,
    ast.WildcardPattern: _test_wildcard,
    ast.IdentifierPattern: _test_name,
    ast.ArrayPattern: _test_array,
    ast.FindPattern: _test_find,
    ast.ObjectPattern: _test_object,
    ast.AlternativePattern: _test_alternatives,
    ast.BindPattern: _test_bind,
    ast.Grouped: _test_grouped,
}


def pattern_names(node: ast.Node | None, hard: dict[str, None], soft: dict[str, None]) -> None:
    """Collect the names that a pattern binds, in order."""
    if node is None:
        return
    cls = node.__class__
    if cls is ast.IdentifierPattern:
        (soft if node.soft else hard)[node.name] = None
    elif cls is ast.RestPattern:
        if node.name:
            hard[node.name] = None
    elif cls is ast.BindPattern:
        pattern_names(node.pattern, hard, soft)
        hard[node.name] = None
    elif isinstance(node, (ast.ArrayPattern, ast.FindPattern, ast.ObjectPattern, ast.AlternativePattern)):
        for child in node.children():
            if child is not node.constant if cls is not ast.AlternativePattern else True:
                pattern_names(child, hard, soft)
    elif cls is ast.ObjectPatternEntry:
        pattern_names(node.pattern, hard, soft)
