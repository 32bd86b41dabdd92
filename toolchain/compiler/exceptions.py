"""begin, rescue, else, ensure, and the rescue modifier.

The layout of a region with both kinds of handlers (the inner region first in the handler table):

    BEGIN_TRY Le                                 the ensure region covers body, rescue bodies and else
      BEGIN_TRY Lh  body  [keep value]  END_TRY
      else code  [keep value]  JUMP Lend
    Lh: a clause after the other: LOAD_LOCAL e, class, RESCUE, JUMP_IF_TRUE Lbody … LOAD_LOCAL e, RAISE
    Lbody: bind, body, [keep value], LEAVE_RESCUE, JUMP Lend
    Lend:
    END_TRY
    Le: ENSURE_START s  ensure body  ENSURE_END s
    [load value]

Jumps out of a region or a rescue body are BREAK, CONTINUE and RETURN; `Builder.control` tells them what they leave.
"""

from __future__ import annotations

from ...format.chunk import ENSURE_HANDLER, RESCUE_HANDLER
from ..syntax import ast
from .builder import ENSURE_BODY, REGION, Builder, RescueBody
from .dispatch import HANDLERS, effect, handles, value
from .emitter import Label, Region
from .literals import push_elements
from .multiple import assign_top
from .opcodes import (
    BEGIN_TRY,
    ENSURE_END,
    ENSURE_START,
    JUMP,
    JUMP_IF_TRUE,
    LEAVE_RESCUE,
    LOAD_LOCAL,
    LOAD_TOP_CONST,
    PUSH_NIL,
    RAISE,
    RESCUE,
    STORE_LOCAL,
)

_JUMPS = (ast.Break, ast.Continue, ast.Redo, ast.Retry)
_REGIONS = (ast.Begin, ast.RescueModifier)


@handles(ast.Begin)
def begin(f: Builder, node: ast.Begin, want: bool) -> None:
    protects = bool(node.rescue_clauses) or node.ensure_block is not None
    kept = f.temp() if want and protects else -1
    waiting = spill(f, node) if protects else []
    if node.ensure_block is None:
        _rescues(f, node, want, kept)
    else:
        region = open_region(f, ENSURE_HANDLER, node.pos)
        _rescues(f, node, want, kept)
        close_region(f, region, node.ensure_block.pos)
        f.place(region.handler)
        f.emit(ENSURE_START, (region.slot,), node.ensure_block.pos)
        f.control.append(ENSURE_BODY)
        effect(f, node.ensure_block)
        f.control.pop()
        f.emit(ENSURE_END, (region.slot,), node.ensure_block.pos)
    unspill(f, waiting, node.pos)
    if kept >= 0:
        f.op_u16(LOAD_LOCAL, kept, node.pos)


def spill(f: Builder, node: ast.Begin | ast.While | ast.Until) -> list[int]:
    """Move waiting operands to temporaries where a protected region in `node` is left by a jump; return those.

    Inside a region nothing takes values from below it, so `p(1, begin; break; ensure; end)` in a loop could not drop
    the operands of `p`. A loop around such a region has none waiting either: its jumps all find the same depth.
    """
    if not f.depth or not any(inner.__class__ in _JUMPS for inner in node.walk()):
        return []
    if node.__class__ is not ast.Begin and not any(inner.__class__ in _REGIONS for inner in node.walk()):
        return []
    slots = [f.temp() for _ in range(f.depth)]
    for slot in reversed(slots):
        f.op_u16(STORE_LOCAL, slot, node.pos)
    return slots


def unspill(f: Builder, slots: list[int], pos: int) -> None:
    """Push what `spill` moved to temporaries."""
    for slot in slots:
        f.op_u16(LOAD_LOCAL, slot, pos)


def open_region(f: Builder, kind: int, pos: int) -> Region:
    """Begin a protected region with a new handler slot."""
    region = Region(Label(), kind, f.hidden_slot(), f.rescue_depth)
    f.begin_region(BEGIN_TRY, region, pos)
    f.control.append(REGION)
    return region


def close_region(f: Builder, region: Region, pos: int) -> None:
    """End a protected region; its handler is placed next, behind what follows the region if that jumps away."""
    f.control.pop()
    f.end_region(region, pos)


def _keep(f: Builder, kept: int, pos: int) -> None:
    if kept >= 0:
        f.op_u16(STORE_LOCAL, kept, pos)


def _rescues(f: Builder, node: ast.Begin, want: bool, kept: int) -> None:
    """Emit body, rescue clauses and else; a wanted value goes to `kept`, or to the stack if that is -1."""
    if not node.rescue_clauses:
        wants_body = want and node.else_clause is None
        HANDLERS[node.body.__class__](f, node.body, wants_body)
        if node.else_clause is not None:
            HANDLERS[node.else_clause.__class__](f, node.else_clause, want)
        _keep(f, kept, node.pos)
        return
    retry = f.here()
    region = open_region(f, RESCUE_HANDLER, node.pos)
    if node.else_clause is None:
        HANDLERS[node.body.__class__](f, node.body, want)
        _keep(f, kept, node.body.end_pos)
    else:
        effect(f, node.body)
    close_region(f, region, node.body.end_pos)
    if node.else_clause is not None:
        HANDLERS[node.else_clause.__class__](f, node.else_clause, want)
        _keep(f, kept, node.else_clause.pos)
    done = Label()
    f.jump(JUMP, done, node.pos)
    f.place(region.handler)
    _clauses(f, node, want, kept, region, retry, done)
    f.place(done)


def _clauses(f: Builder, node: ast.Begin, want: bool, kept: int, region: Region, retry: Label, done: Label) -> None:
    f.control.append(RescueBody(retry))
    f.rescue_depth += 1
    bodies = [Label() for _ in node.rescue_clauses]
    for clause, body in zip(node.rescue_clauses, bodies):
        _test_classes(f, clause, region.slot, body)
    f.op_u16(LOAD_LOCAL, region.slot, node.pos)
    f.op(RAISE, node.pos)
    for clause, body in zip(node.rescue_clauses, bodies):
        f.place(body)
        if clause.variable is not None:
            f.op_u16(LOAD_LOCAL, region.slot, clause.pos)
            assign_top(f, clause.variable)
        HANDLERS[clause.body.__class__](f, clause.body, want)
        _keep(f, kept, clause.body.pos)
        f.op(LEAVE_RESCUE, clause.pos)
        f.jump(JUMP, done, clause.pos)
    f.rescue_depth -= 1
    f.control.pop()


def _test_classes(f: Builder, clause: ast.RescueClause, slot: int, body: Label) -> None:
    """Jump to `body` if the exception is one of the clause's classes."""
    pos = clause.pos
    types = clause.exception_types
    if any(item.__class__ is ast.Splat for item in types):
        f.op_u16(LOAD_LOCAL, slot, pos)
        push_elements(f, types, pos)
        f.op_u8(RESCUE, 1, pos)
        f.jump(JUMP_IF_TRUE, body, pos)
        return
    for item in types or [None]:
        f.op_u16(LOAD_LOCAL, slot, pos)
        if item is None:
            f.op_u16(LOAD_TOP_CONST, f.name("StandardError"), pos)
        else:
            value(f, item)
        f.op_u8(RESCUE, 0, pos)
        f.jump(JUMP_IF_TRUE, body, pos)


@handles(ast.RescueModifier)
def rescue_modifier(f: Builder, node: ast.RescueModifier, want: bool) -> None:
    body = ast.BlockStatement([node.body], node.body.pos, node.body.end_pos)
    value_body = ast.BlockStatement([node.rescue_value], node.rescue_value.pos, node.rescue_value.end_pos)
    clause = ast.RescueClause([], None, value_body, node.rescue_value.pos, node.rescue_value.end_pos)
    begin(f, ast.Begin(body, [clause], None, None, node.pos, node.end_pos), want)


@handles(ast.RescueClause)
def stray_clause(f: Builder, node: ast.RescueClause, want: bool) -> None:
    """A clause outside of its `begin`; met only in trees made by hand."""
    f.unit.error(node, "unexpected rescue clause")
    if want:
        f.op(PUSH_NIL, node.pos)
