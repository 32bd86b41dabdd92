"""Sequences, conditionals, loops and jumps."""

from __future__ import annotations

from ...format.chunk import (
    BLOCK,
    CLASS_BODY,
    EVAL,
    EXCESS_COMMA,
    HAS_BREAK_BLOCK,
    LAMBDA,
    MODULE_BODY,
    REST,
    SINGLETON_BODY,
    Parameters,
)
from ...format.stack_ops import LAMBDA_BLOCK, LITERAL_BLOCK
from ..syntax import ast
from .builder import Builder, Loop, RescueBody
from .dispatch import HANDLERS, branch, effect, handles, value
from .emitter import Label
from .exceptions import spill, unspill
from .literals import push_elements
from .multiple import assign_top
from .opcodes import (
    BREAK,
    BREAK_BLOCK,
    CONTINUE,
    JUMP,
    LOAD_LOCAL,
    POP,
    PUSH_NIL,
    RETURN,
    RETURN_METHOD,
    SET_LINE,
    STORE_LOCAL,
)

_BODIES = (CLASS_BODY, MODULE_BODY, SINGLETON_BODY)


@handles(ast.BlockStatement, ast.Root)
def block_statement(f: Builder, node: ast.BlockStatement, want: bool) -> None:
    statements = node.statements
    temps = f.live_temps
    debug = f.unit.debug
    line = -1
    for statement in statements[:-1] if want else statements:
        if debug:
            line = _mark_line(f, statement, line)
        taken = len(temps)
        HANDLERS[statement.__class__](f, statement, False)
        if len(temps) != taken:
            f.release(taken)
    if not want:
        return
    if statements:
        statement = statements[-1]
        if debug:
            _mark_line(f, statement, line)
        HANDLERS[statement.__class__](f, statement, True)
    else:
        f.op(PUSH_NIL, node.pos)


def _mark_line(f: Builder, statement: ast.Node, previous: int) -> int:
    """Emit an event for debuggers where a statement begins on another line than the one before it."""
    line = f.unit.lines.line(statement.pos)
    if line != previous:
        f.op_u16(SET_LINE, line, statement.pos)
    return line


# Conditionals


@handles(ast.If)
def if_expression(f: Builder, node: ast.If, want: bool) -> None:
    if not want and node.else_branch is None and not node.elsif_branches and _jumps_if(f, node, True):
        return
    otherwise, done = Label(), Label()
    branch(f, node.condition, otherwise, False)
    _body(f, node.then_branch, want)
    for clause in node.elsif_branches:
        f.jump(JUMP, done, clause.pos)
        f.place(otherwise)
        otherwise = Label()
        branch(f, clause.condition, otherwise, False)
        _body(f, clause.body, want)
    _otherwise(f, node, node.else_branch, otherwise, want)
    f.place(done)


@handles(ast.Unless)
def unless_expression(f: Builder, node: ast.Unless, want: bool) -> None:
    if not want and node.else_branch is None and _jumps_if(f, node, False):
        return
    otherwise = Label()
    branch(f, node.condition, otherwise, True)
    _body(f, node.then_branch, want)
    _otherwise(f, node, node.else_branch, otherwise, want)


def _jumps_if(f: Builder, node: ast.If | ast.Unless, when: bool) -> bool:
    """`break if x`, `next unless x`: let the condition itself jump, if the jump is a plain one."""
    statements: list[ast.Node] = node.then_branch.statements if node.then_branch.__class__ is ast.BlockStatement else []
    if len(statements) != 1 or f.unit.debug:
        return False
    jump = statements[0]
    if jump.__class__ not in (ast.Break, ast.Continue) or jump.value is not None:
        return False
    loop, _, plain = _enclosing_loop(f)
    if loop is None or not plain or f.depth != loop.depth:
        return False
    branch(f, node.condition, loop.exit if jump.__class__ is ast.Break else loop.head, when)
    return True


def _otherwise(f: Builder, node: ast.Node, alternative: ast.Node | None, otherwise: Label, want: bool) -> None:
    """Emit the else branch of a conditional; without one its value is nil."""
    if alternative.__class__ is ast.BlockStatement and not alternative.statements:
        alternative = None
    if alternative is None and not want:
        f.place(otherwise)
        return
    done = Label()
    f.jump(JUMP, done, node.pos)
    f.place(otherwise)
    if alternative is None:
        f.op(PUSH_NIL, node.pos)
    else:
        _body(f, alternative, want)
    f.place(done)


def _body(f: Builder, node: ast.Node, want: bool) -> None:
    """Emit a branch: a body, or the bare expression that a tree made by hand may have."""
    HANDLERS[node.__class__](f, node, want)


@handles(ast.ElsifBranch)
def elsif_branch(f: Builder, node: ast.ElsifBranch, want: bool) -> None:
    """An `elsif` outside of its `if` (a tree made by hand)."""
    if_expression(f, ast.If(node.condition, node.body, [], None, "block", node.pos, node.end_pos), want)


# Loops


@handles(ast.While)
def while_loop(f: Builder, node: ast.While, want: bool) -> None:
    _loop(f, node, want, True)


@handles(ast.Until)
def until_loop(f: Builder, node: ast.Until, want: bool) -> None:
    _loop(f, node, want, False)


def _loop(f: Builder, node: ast.While | ast.Until, want: bool, goes_on: bool) -> None:
    """Loop while the truth of the condition is `goes_on`."""
    pos = node.pos
    waiting = spill(f, node)
    loop = Loop(Label(), f.depth, want)
    f.control.append(loop)
    if node.do_while:
        loop.body = f.here()
        effect(f, node.body)
        f.place(loop.head)
        branch(f, node.condition, loop.body, goes_on)
    else:
        loop.head = f.here()
        branch(f, node.condition, loop.exit, not goes_on)
        loop.body = f.here()
        effect(f, node.body)
        f.jump(JUMP, loop.head, pos)
    f.control.pop()
    f.place(loop.exit)
    if not want or loop.result < 0:
        unspill(f, waiting, pos)
        if want:
            f.op(PUSH_NIL, pos)
        return
    if not f.dead:
        f.op(PUSH_NIL, pos)
        f.op_u16(STORE_LOCAL, loop.result, pos)
    f.place(loop.valued_exit)
    unspill(f, waiting, pos)
    f.op_u16(LOAD_LOCAL, loop.result, pos)
    f.kept_temps.discard(loop.result)


@handles(ast.For)
def for_loop(f: Builder, node: ast.For, want: bool) -> None:
    """`for a, b in x`: `x.each` with a block whose parameters are hidden and whose variables are ours."""
    pos = node.pos
    target = node.variable
    targets = target.targets if target.__class__ is ast.MultipleTarget else [target]
    for found in targets:
        _declare_target(f, found)
    value(f, node.iterable)
    block = Builder(f.unit, "", BLOCK, f)
    block.transparent = True
    parameters, slots = _loop_parameters(block, target, targets)
    block.function.parameters = parameters
    for found, name in zip(targets, slots):
        inner = found.expression if found.__class__ is ast.Splat else found
        if inner is not None:
            block.load(name, inner.pos)
            assign_top(block, inner)
    block.body_start = block.here()
    HANDLERS[node.body.__class__](block, node.body, True)
    block.finish(node.pos, node.end_pos)
    f.build_lambda(block, LAMBDA_BLOCK, pos)
    f.send("each", 0, LITERAL_BLOCK, pos)
    if not want:
        f.op(POP, pos)


def _declare_target(f: Builder, target: ast.Node | None) -> None:
    """The variables of a `for` belong to the function around it, which therefore must know them first."""
    if target is None:
        return
    if target.__class__ is ast.Identifier:
        f.find_or_declare(target.name)
    elif target.__class__ is ast.Splat:
        _declare_target(f, target.expression)
    elif target.__class__ is ast.MultipleTarget:
        for inner in target.targets:
            _declare_target(f, inner)


def _loop_parameters(block: Builder, target: ast.Node, targets: list[ast.Node]) -> tuple[Parameters, list[str]]:
    """Give the block of a `for` one hidden parameter a target."""
    names = []
    rest = len(targets)
    for index, found in enumerate(targets):
        names.append(block.hidden_local())
        if found.__class__ is ast.Splat:
            rest = index
    if rest < len(targets):
        return Parameters(rest, post=len(targets) - rest - 1, flags=REST), names
    if target.__class__ is ast.MultipleTarget and len(targets) == 1:
        block.flags |= EXCESS_COMMA  # `for a, in x`
    return Parameters(len(targets)), names


# Jumps


def _operand(f: Builder, node: ast.Return | ast.Break | ast.Continue) -> None:
    """Push the value that a jump carries."""
    operand = node.value
    if operand is None:
        f.op(PUSH_NIL, node.pos)
    elif operand.__class__ is ast.Splat:
        push_elements(f, [operand], operand.pos)
    else:
        value(f, operand)


def _gone(f: Builder, want: bool) -> None:
    """Count the value that code behind a jump would find, if the jump came back."""
    if want:
        f.depth += 1


@handles(ast.Return)
def return_statement(f: Builder, node: ast.Return, want: bool) -> None:
    depth = f.depth
    kind = f.kind
    if kind in _BODIES or (kind == EVAL and f.eval_context == "class"):
        f.unit.error(node, "Invalid return in class/module body")
    _operand(f, node)
    if kind in (BLOCK, EVAL):
        f.returns_from_home()
        f.op(RETURN_METHOD, node.pos)
    else:
        f.op(RETURN, node.pos)
    f.depth = depth
    _gone(f, want)


def _enclosing_loop(f: Builder) -> tuple[Loop | None, int, bool]:
    """Return the innermost loop, the number of rescue bodies inside it, and whether leaving them is a mere jump."""
    rescue_bodies = 0
    plain = True
    for entry in reversed(f.control):
        if entry.__class__ is Loop:
            return entry, rescue_bodies, plain
        plain = False
        rescue_bodies += entry.__class__ is RescueBody
    return None, rescue_bodies, plain


def _leave(f: Builder, code: int, target: Label, rescue_bodies: int, plain: bool, pos: int) -> None:
    if plain:
        f.jump(JUMP, target, pos)
    else:
        f.emit(code, (target, rescue_bodies), pos)


@handles(ast.Break)
def break_statement(f: Builder, node: ast.Break, want: bool) -> None:
    depth, pos = f.depth, node.pos
    loop, rescue_bodies, plain = _enclosing_loop(f)
    if loop is not None:
        target = loop.exit
        if node.value is not None:
            if loop.want:
                if loop.result < 0:
                    loop.result = f.temp()
                    f.kept_temps.add(loop.result)
                target = loop.valued_exit
                _operand(f, node)
                f.op_u16(STORE_LOCAL, loop.result, pos)
            else:
                effect(f, node.value)
        f.pop_to(loop.depth, pos)
        _leave(f, BREAK, target, rescue_bodies, plain, pos)
    elif f.kind == BLOCK:
        f.flags |= HAS_BREAK_BLOCK
        _operand(f, node)
        f.op(BREAK_BLOCK, pos)
    elif f.kind == LAMBDA:
        _operand(f, node)
        f.op(RETURN, pos)
    else:
        f.unit.error(node, "Invalid break")
    f.depth = depth
    _gone(f, want)


@handles(ast.Continue)
def next_statement(f: Builder, node: ast.Continue, want: bool) -> None:
    depth, pos = f.depth, node.pos
    loop, rescue_bodies, plain = _enclosing_loop(f)
    if loop is not None:
        if node.value is not None:
            effect(f, node.value)
        f.pop_to(loop.depth, pos)
        _leave(f, CONTINUE, loop.head, rescue_bodies, plain, pos)
    elif f.kind in (BLOCK, LAMBDA):
        _operand(f, node)
        f.op(RETURN, pos)
    else:
        f.unit.error(node, "Invalid next")
    f.depth = depth
    _gone(f, want)


@handles(ast.Redo)
def redo_statement(f: Builder, node: ast.Redo, want: bool) -> None:
    depth = f.depth
    loop, rescue_bodies, plain = _enclosing_loop(f)
    target = loop.body if loop is not None else f.body_start if f.kind in (BLOCK, LAMBDA) else None
    if target is None:
        f.unit.error(node, "Invalid redo")
    else:
        f.pop_to(target.depth, node.pos)
        if loop is None:
            plain = not f.control
        _leave(f, CONTINUE, target, rescue_bodies, plain, node.pos)
    f.depth = depth
    _gone(f, want)


@handles(ast.Retry)
def retry_statement(f: Builder, node: ast.Retry, want: bool) -> None:
    depth = f.depth
    rescue_bodies = 0
    for entry in reversed(f.control):
        if entry.__class__ is RescueBody:
            rescue_bodies += 1
            f.pop_to(entry.retry.depth, node.pos)
            f.emit(CONTINUE, (entry.retry, rescue_bodies), node.pos)
            break
    else:
        f.unit.error(node, "Invalid retry")
    f.depth = depth
    _gone(f, want)
