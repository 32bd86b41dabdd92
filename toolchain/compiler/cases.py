"""case/when, match, case/in, and the one-line forms `=>` and `in`.

The subject lives in a temporary from MATCH_START to MATCH_END, which stands where a clause has been chosen: in front
of its body, or of the else branch. What a single item tests is told in patterns.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...format.chunk import CONST_FROZEN
from ..syntax import ast
from .builder import MATCH, Loop
from .dispatch import HANDLERS, branch, handles, tests, value
from .emitter import Label
from .literals import push_constant, push_splat
from .opcodes import (
    CASE_EQ,
    JUMP,
    JUMP_IF_FALSE,
    JUMP_IF_TRUE,
    LOAD_LOCAL,
    MATCH_END,
    MATCH_FAIL,
    MATCH_START,
    PUSH_FALSE,
    PUSH_NIL,
    PUSH_TRUE,
    SPLAT,
)
from .patterns import Arm, Source, pattern_names, test_pattern

if TYPE_CHECKING:
    from .builder import Builder

SEVERAL_CLAUSES, ONE_CLAUSE, GUARD = range(3)  # kinds of MATCH_FAIL


def _start(f: Builder, node: ast.Node) -> int:
    """Keep the subject in a temporary and return its slot."""
    value(f, node)
    subject = f.temp()
    f.op_u16(MATCH_START, subject, node.pos)
    f.control.append(MATCH)
    return subject


def _body(f: Builder, body: ast.Node, subject: int, want: bool, pos: int) -> None:
    """Drop the subject and run a chosen branch, outside of the match as far as jumps are concerned."""
    f.op_u16(MATCH_END, subject, pos)
    f.control.pop()
    HANDLERS[body.__class__](f, body, want)
    f.control.append(MATCH)


@handles(ast.Case)
def case_when(f: Builder, node: ast.Case, want: bool) -> None:
    if node.expression is None:
        _conditions(f, node, want)
        return
    subject = _start(f, node.expression)
    done = Label()
    for clause in node.cases:
        other = Label()
        if clause.guard is None and all(_is_plain(pattern) for pattern in clause.patterns):
            _plain_clause(f, clause, subject, other)
            _body(f, clause.body, subject, want, clause.pos)
        else:
            _binding_clause(f, clause, subject, other, want)
        f.jump(JUMP, done, clause.pos)
        f.place(other)
    _otherwise(f, node, subject, want)
    f.control.pop()
    f.place(done)


@handles(ast.Match)
def match_expression(f: Builder, node: ast.Match, want: bool) -> None:
    subject = _start(f, node.expression)
    done = Label()
    for clause in node.cases:
        other = Label()
        _binding_clause(f, clause, subject, other, want)
        f.jump(JUMP, done, clause.pos)
        f.place(other)
    if node.else_case is None:
        _refuse(f, subject, SEVERAL_CLAUSES, node.pos)
    else:
        _otherwise(f, node, subject, want)
    f.control.pop()
    f.place(done)


def _otherwise(f: Builder, node: ast.Case | ast.Match | ast.CaseIn, subject: int, want: bool) -> None:
    """Run the else branch; without one the value is nil."""
    body = node.else_case if node.else_case is not None else ast.BlockStatement([], node.pos, node.end_pos)
    _body(f, body, subject, want, body.pos)


def _refuse(f: Builder, subject: int, kind: int, pos: int) -> None:
    f.op_u16(LOAD_LOCAL, subject, pos)
    f.op_u8(MATCH_FAIL, kind, pos)


def _conditions(f: Builder, node: ast.Case, want: bool) -> None:
    """`case` without a subject: the items are conditions."""
    done = Label()
    for clause in node.cases:
        chosen, other = Label(), Label()
        last = len(clause.patterns) - 1
        for number, item in enumerate(clause.patterns):
            condition = item.expression if item.__class__ is ast.ValuePattern else item
            if condition.__class__ is ast.Splat:
                push_splat(f, condition)
                f.op(SPLAT, condition.pos)
                f.send("any?", 0, 0, condition.pos)
                f.jump(JUMP_IF_FALSE if number == last else JUMP_IF_TRUE, other if number == last else chosen,
                       condition.pos)  # fmt: skip
            elif number == last:
                branch(f, condition, other, False)
            else:
                branch(f, condition, chosen, True)
        f.place(chosen)
        HANDLERS[clause.body.__class__](f, clause.body, want)
        f.jump(JUMP, done, clause.pos)
        f.place(other)
    if node.else_case is not None:
        HANDLERS[node.else_case.__class__](f, node.else_case, want)
    elif want:
        f.op(PUSH_NIL, node.pos)
    f.place(done)


# Clauses of `when` without patterns


def _is_plain(pattern: ast.Node) -> bool:
    return pattern.__class__ is ast.ValuePattern or pattern.__class__ is ast.PinnedPattern


def _plain_clause(f: Builder, clause: ast.MatchCase, subject: int, other: Label) -> None:
    """Fall through if `item === subject` for an item of the clause, else jump to `other`."""
    chosen = Label()
    last = len(clause.patterns) - 1
    for number, pattern in enumerate(clause.patterns):
        item = pattern.expression
        pos = item.pos
        if item.__class__ is ast.Splat:
            missed = other if number == last else Label()
            test_pattern(f, pattern, Source(subject), missed, Arm(True, None, {}))
            if number != last:
                f.jump(JUMP, chosen, pos)
                f.place(missed)
            continue
        if item.__class__ is ast.StringLiteral:  # nobody sees the String that is asked
            push_constant(f, CONST_FROZEN, item.value, pos)
        else:
            HANDLERS[item.__class__](f, item, True)
        f.op_u16(LOAD_LOCAL, subject, pos)
        f.op(CASE_EQ, pos)
        if number == last:
            f.jump(JUMP_IF_FALSE, other, pos)
        else:
            f.jump(JUMP_IF_TRUE, chosen, pos)
    f.place(chosen)


# Clauses that bind


def _binding_clause(f: Builder, clause: ast.MatchCase, subject: int, other: Label, want: bool) -> None:
    """A clause with patterns, names or a guard, and its body; a failing one jumps to `other`."""
    hard: dict[str, None] = {}
    soft: dict[str, None] = {}
    for pattern in clause.patterns:
        pattern_names(pattern, hard, soft)
    binders = {name: _binder_slot(f, name) for name in {**hard, **soft}}
    flags = {name: f.hidden_local() for name in soft} if len(clause.patterns) > 1 else {}
    arm = Arm(True, binders, flags)
    if soft:
        f.unit.soft_names = True
        f.soft_slots.update(binders[name] for name in soft)
    if binders and any(entry.__class__ is Loop for entry in f.control):
        kept = _kept_names(clause)
        for name, slot in binders.items():
            if name in kept:
                f.close_upvalue(slot, clause.pos)
    chosen = Label()
    last = len(clause.patterns) - 1
    for number, pattern in enumerate(clause.patterns):
        missed = other if number == last else Label()
        arm.begin_item()
        test_pattern(f, pattern, Source(subject), missed, arm)
        arm.commit(f, pattern.pos)
        if number != last:
            f.jump(JUMP, chosen, pattern.pos)
            f.place(missed)
    f.place(chosen)
    hidden = {name: f.locals.get(name) for name in binders}
    hidden_flags = {name: f.soft_flags.pop(name, None) for name in binders}
    f.locals.update(binders)
    f.soft_flags.update(flags)
    if clause.guard is not None:
        branch(f, clause.guard, other, False)
    _body(f, clause.body, subject, want, clause.pos)
    for name, shadowed in hidden.items():
        if shadowed is None:
            del f.locals[name]
        else:
            f.locals[name] = shadowed
    for name, flag in hidden_flags.items():
        f.soft_flags.pop(name, None)
        if flag is not None:
            f.soft_flags[name] = flag


def _binder_slot(f: Builder, name: str) -> int:
    """Return a new slot for a name of an arm. Eval code finds it by name, unless it shadows another local."""
    f.slot_names.append("" if f.is_visible(name) else name)
    return len(f.slot_names) - 1


def _kept_names(clause: ast.MatchCase) -> set[str]:
    """Return the names that closures made in the clause mention; `binding` keeps all."""
    names: set[str] = set()
    for node in clause.walk():
        if node.__class__ in (ast.Lambda, ast.For, ast.EndBlock):
            names.update(inner.name for inner in node.walk() if inner.__class__ is ast.Identifier)
        elif node.__class__ is ast.Identifier and node.name == "binding":
            for pattern in clause.patterns:
                bound: dict[str, None] = {}
                pattern_names(pattern, bound, bound)
                names.update(bound)
    return names


# in


@handles(ast.CaseIn)
def case_in(f: Builder, node: ast.CaseIn, want: bool) -> None:
    subject = _start(f, node.expression)
    done = Label()
    arm = Arm(False, None, {})
    guarded = Label()  # where a failed guard goes if nothing else can match: the message tells
    only = len(node.cases) == 1 and node.else_case is None
    for clause in node.cases:
        other = Label()
        for pattern in clause.patterns:
            test_pattern(f, pattern, Source(subject), other, arm)
        if clause.guard is not None:
            branch(f, clause.guard, guarded if only else other, False)
        _body(f, clause.body, subject, want, clause.pos)
        f.jump(JUMP, done, clause.pos)
        f.place(other)
    if node.else_case is None:
        _refuse(f, subject, ONE_CLAUSE if only else SEVERAL_CLAUSES, node.pos)
        if only and node.cases[0].guard is not None:
            f.place(guarded)
            _refuse(f, subject, GUARD, node.pos)
    else:
        _otherwise(f, node, subject, want)
    f.control.pop()
    f.place(done)


@handles(ast.PatternTest)
def pattern_test(f: Builder, node: ast.PatternTest, want: bool) -> None:
    subject = _start(f, node.value)
    missed, done = Label(), Label()
    test_pattern(f, node.pattern, Source(subject), missed, Arm(False, None, {}))
    f.op_u16(MATCH_END, subject, node.pos)
    if node.refuses:
        f.jump(JUMP, done, node.pos)
        f.place(missed)
        _refuse(f, subject, ONE_CLAUSE, node.pos)
        f.place(done)
        if want:
            f.op(PUSH_NIL, node.pos)
    else:
        if want:
            f.op(PUSH_TRUE, node.pos)
        f.jump(JUMP, done, node.pos)
        f.place(missed)
        f.op_u16(MATCH_END, subject, node.pos)
        if want:
            f.op(PUSH_FALSE, node.pos)
        f.place(done)
    f.control.pop()


@tests(ast.PatternTest)
def test_pattern_test(f: Builder, node: ast.PatternTest, label: Label, when: bool) -> None:
    if node.refuses:
        pattern_test(f, node, True)
        f.jump(JUMP_IF_TRUE if when else JUMP_IF_FALSE, label, node.pos)
        return
    subject = _start(f, node.value)
    missed, done = Label(), Label()
    test_pattern(f, node.pattern, Source(subject), missed, Arm(False, None, {}))
    f.op_u16(MATCH_END, subject, node.pos)
    f.control.pop()
    f.jump(JUMP, label if when else done, node.pos)
    f.place(missed)
    f.op_u16(MATCH_END, subject, node.pos)
    if not when:
        f.jump(JUMP, label, node.pos)
    f.place(done)


# Parts of a match that mean nothing by themselves; met only in trees made by hand.


@handles(
    ast.MatchCase, ast.ValuePattern, ast.WildcardPattern, ast.IdentifierPattern, ast.RestPattern, ast.PinnedPattern,
    ast.ArrayPattern, ast.FindPattern, ast.ObjectPattern, ast.ObjectPatternEntry, ast.AlternativePattern,
    ast.BindPattern, ast.NilRestPattern,
)  # fmt: skip
def stray_pattern(f: Builder, node: ast.Node, want: bool) -> None:
    f.unit.error(node, f"unexpected {node.type} outside of a pattern match")
