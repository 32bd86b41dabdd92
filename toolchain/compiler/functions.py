"""Functions: parameters and their prologue, `def`, lambdas and blocks.

Parameters occupy the first slots in the order of `chunk.Parameters`. The prologue computes defaults in order, then
takes destructuring parameters apart: Ruby's order, so that `|(a, b), c = a|` finds `a` still nil.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...format.chunk import (
    BLOCK,
    BLOCK_PARAM,
    CLASS_BODY,
    EXCESS_COMMA,
    KEYREST,
    LAMBDA,
    METHOD,
    MODULE_BODY,
    NO_KEYWORDS,
    NUMBERED,
    REST,
    SINGLETON_BODY,
    Parameters,
)
from ...format.stack_ops import LAMBDA_STRICT
from ..syntax import ast
from .builder import Builder
from .dispatch import HANDLERS, handles, value
from .emitter import Label
from .multiple import assign_top
from .opcodes import (
    DEFINE_FUNCTION,
    DEFINE_METHOD,
    DEFINE_SINGLETON_METHOD,
    JUMP_IF_GIVEN,
    POP,
    PUSH_NIL,
    STORE_LOCAL,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_HIDDEN = {"rest": "*", "keyrest": "**", "block": "&"}


class _Sorted:
    """A parameter list in slot order. `forward` (`...`) is `*`, `**` and `&` at once."""

    __slots__ = ("required", "optional", "rest", "post", "keywords", "keyrest", "block", "locals", "flags", "excess")

    def __init__(self, parameters: Sequence[ast.Parameter]) -> None:
        self.required: list[ast.Parameter] = []
        self.optional: list[ast.Parameter] = []
        self.post: list[ast.Parameter] = []
        self.keywords: list[ast.Parameter] = []
        self.locals: list[ast.Parameter] = []
        self.rest: str | None = None
        self.keyrest: str | None = None
        self.block: str | None = None
        self.flags = 0
        self.excess = False
        for parameter in parameters:
            kind = parameter.kind
            if kind == "req" or kind == "destructure":
                leading = not self.optional and self.rest is None
                (self.required if leading else self.post).append(parameter)
            elif kind == "opt":
                self.optional.append(parameter)
            elif kind == "rest":
                if parameter.excess:
                    self.excess = True
                else:
                    self.rest = parameter.name or "*"
            elif kind == "key" or kind == "keyreq":
                self.keywords.append(parameter)
            elif kind == "keyrest":
                self.keyrest = parameter.name or "**"
            elif kind == "nokey":
                self.flags |= NO_KEYWORDS
            elif kind == "block":
                self.block = parameter.name or "&"
            elif kind == "forward":
                self.rest, self.keyrest, self.block = "*", "**", "&"
            else:
                self.locals.append(parameter)
        self.flags |= (
            (REST if self.rest is not None else 0)
            | (KEYREST if self.keyrest is not None else 0)
            | (BLOCK_PARAM if self.block is not None else 0)
        )


def _declare_parameter(f: Builder, name: str | None) -> str:
    """Give a parameter its slot and return the name it is found under; of equal names (`_`) the first counts."""
    if not name or name in f.locals:
        return f.hidden_local()
    f.declare(name)
    return name


def compile_parameters(f: Builder, parameters: Sequence[ast.Parameter]) -> None:
    """Lay out the parameters, and emit the prologue."""
    function = f.function
    if not parameters:
        return
    for parameter in parameters:
        if parameter.kind != "req":
            break
    else:  # the usual list
        for parameter in parameters:
            _declare_parameter(f, parameter.name)
        function.parameters = Parameters(len(parameters))
        _note_super(f, [("req", parameter.name) for parameter in parameters])
        return
    _compile_full_list(f, _Sorted(parameters))


def _note_super(f: Builder, parameters: list[tuple[str, str]]) -> None:
    """Remember what a bare `super` passes on, unless a block of the method comes here."""
    if f.kind == METHOD:
        f.super_parameters = parameters


def _compile_full_list(f: Builder, params: _Sorted) -> None:
    passed: list[tuple[str, str]] = []  # what a bare `super` passes on
    destructured: list[tuple[str, ast.Parameter]] = []

    def positional(parameter: ast.Parameter, kind: str) -> None:
        name = _declare_parameter(f, parameter.name if parameter.kind != "destructure" else None)
        passed.append((kind, name))
        if parameter.kind == "destructure":
            destructured.append((name, parameter))

    for parameter in params.required:
        positional(parameter, "req")
    for parameter in params.optional:
        positional(parameter, "opt")
    if params.rest is not None:
        passed.append(("rest", _declare_parameter(f, params.rest)))
    for parameter in params.post:
        positional(parameter, "req")
    for parameter in params.keywords:
        passed.append(("key", _declare_parameter(f, parameter.name)))
    if params.keyrest is not None:
        passed.append(("keyrest", _declare_parameter(f, params.keyrest)))
    if params.block is not None:
        _declare_parameter(f, params.block)
        f.uses_block()
    _note_super(f, passed)
    if params.excess and len(params.required) == 1 and f.kind == BLOCK and len(f.slot_names) == 1:
        f.flags |= EXCESS_COMMA
    f.function.parameters = Parameters(
        len(params.required),
        len(params.optional),
        len(params.post),
        tuple((parameter.name, parameter.kind == "keyreq") for parameter in params.keywords),
        params.flags,
    )
    for _, parameter in destructured:
        _declare_destructured(f, parameter.parameters)
    for parameter in (*params.optional, *params.keywords):
        if parameter.default_value is not None:
            _default(f, parameter)
    for name, parameter in destructured:
        f.load(name, parameter.pos)
        assign_top(f, _destructuring_target(parameter))
    for parameter in params.locals:
        f.declare(parameter.name)


def _default(f: Builder, parameter: ast.Parameter) -> None:
    slot, default = f.locals[parameter.name], parameter.default_value
    given = Label()
    f.emit(JUMP_IF_GIVEN, (slot, given), parameter.pos)
    if any(node.__class__ is ast.Identifier and node.name == parameter.name for node in default.walk()):
        f.op(PUSH_NIL, parameter.pos)  # `def m(a = a)`: inside its own default the parameter is nil
        f.op_u16(STORE_LOCAL, slot, parameter.pos)
    value(f, default)
    f.op_u16(STORE_LOCAL, slot, parameter.pos)
    f.place(given)


def _destructuring_target(parameter: ast.Parameter) -> ast.MultipleTarget:
    """Turn `(a, (b, *c))` of a parameter list into the target of a multiple assignment."""
    targets: list[ast.Node] = []
    for inner in parameter.parameters:
        if inner.kind == "destructure":
            target: ast.Node = _destructuring_target(inner)
        elif inner.name is None:
            target = ast.Splat(None, inner.pos, inner.end_pos)
        else:
            target = ast.Identifier(inner.name, "local", inner.pos, inner.end_pos)
            if inner.kind == "rest":
                target = ast.Splat(target, inner.pos, inner.end_pos)
        targets.append(target)
    return ast.MultipleTarget(targets, parameter.pos, parameter.end_pos)


def _declare_destructured(f: Builder, parameters: Sequence[ast.Parameter]) -> None:
    """Parameters shadow: the names of destructuring ones must not be found in an outer function."""
    for parameter in parameters:
        if parameter.kind == "destructure":
            _declare_destructured(f, parameter.parameters)
        elif parameter.name and parameter.name not in f.locals:
            f.declare(parameter.name)


# Blocks and lambdas


def compile_lambda(f: Builder, node: ast.Lambda, kind: int = BLOCK, method_name: str = "") -> Builder:
    """Compile a block or lambda literal and return its finished builder.

    `method_name` is that of a `define_method`, where `super` means the method of that name.
    """
    child = Builder(f.unit, "", kind, f)
    if method_name:
        child.super_name = method_name
        child.super_parameters = None
    compile_parameters(child, node.parameters)
    if node.numbered:
        child.flags |= NUMBERED
    child.body_start = child.here()
    body = node.body
    HANDLERS[body.__class__](child, body, True)
    child.finish(node.pos, node.end_pos)
    return child


@handles(ast.Lambda)
def lambda_literal(f: Builder, node: ast.Lambda, want: bool) -> None:
    f.build_lambda(compile_lambda(f, node, LAMBDA), LAMBDA_STRICT, node.pos)
    if not want:
        f.op(POP, node.pos)


# def


@handles(ast.FunctionDef, ast.MethodDef)
def function_def(f: Builder, node: ast.FunctionDef, want: bool) -> None:
    pos = node.name_pos or node.pos
    name = node.name
    if node.singleton is not None:
        value(f, node.singleton)
    child = compile_def(f, node)
    operands = (f.name(name), child.function.index)
    if node.singleton is not None:
        f.emit(DEFINE_SINGLETON_METHOD, operands, pos)
    elif f.kind in (CLASS_BODY, MODULE_BODY, SINGLETON_BODY):
        f.emit(DEFINE_METHOD, operands, pos)
    else:
        f.emit(DEFINE_FUNCTION, operands, pos)
    if not want:
        f.op(POP, pos)


def compile_def(f: Builder, node: ast.FunctionDef) -> Builder:
    """Compile the method of a `def` and return its finished builder."""
    child = Builder(f.unit, node.name, METHOD, f)
    child.super_name = node.name
    child.super_parameters = []
    if node.singleton is not None:
        child.shape = None
        child.own = frozenset()
    block = next((parameter.name for parameter in node.parameters if parameter.kind == "block"), None)
    if block and _is_only_called(block, f.unit.source[node.pos : node.end_pos]):
        child.called_block = block
    compile_parameters(child, node.parameters)
    child.body_start = child.here()
    body = node.body
    HANDLERS[body.__class__](child, body, True)
    child.finish(node.pos, node.end_pos)
    return child


def _is_only_called(name: str, text: str) -> bool:
    """True if in the text of a `def` each mention of the block parameter, after the first, is `name.call` or `name.(`.

    The text is a safe over-approximation of the mentions: those in strings and comments count too.
    """
    mentions = re.findall(rf"(&\s*)?\b{re.escape(name)}\b(\s*\.\s*(?:call\b(?!\w)|\())?", text)
    return len(mentions) > 1 and bool(mentions[0][0]) and all(call and not mark for mark, call in mentions[1:])


# Parts of parameter lists, met outside of them only in trees made by hand.


@handles(ast.Parameter, ast.TypeAnnotation)
def stray_parameter(f: Builder, node: ast.Node, want: bool) -> None:
    f.unit.error(node, f"unexpected {node.type} outside of a parameter list")
