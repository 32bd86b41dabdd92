"""Calls that refinements may answer: behind `using`, and inside of `refine … do`.

Where a refinement may be active is a matter of the text, so the tree says it: the names of such calls get a mark that
no method has. Finding no method of that name, the engine looks among the active refinements (runtime/refinements.py),
then calls the method of the plain name. Programs without refinements pay nothing.
"""

from __future__ import annotations

import re
from typing import Any

from ..runtime.model import INTERPOLATED, MARK
from ..syntax import ast
from .operators import BINARY

# Names that compile to more than a call.
_SPECIAL = frozenset(
    (
        "new",
        "call",
        "lambda",
        "proc",
        "block_given?",
        "binding",
        "eval",
        "instance_eval",
        "class_eval",
        "module_eval",
        "define_method",
        "require",
        "require_relative",
        "using",
        "refine",
        "get_ast",
        "set_ast",
        "remove_method",
        "local_variables",
    )  # fmt: skip
)
_MENTIONED = re.compile(r"^[ \t]*(?:using|refine)[ (]", re.MULTILINE).search
_CALLS = (ast.Call, *ast.CALL_VIEWS.values())
_TARGETS = {
    ast.Assignment: "target", ast.OpAssignment: "target", ast.MultipleAssignment: "targets", ast.For: "variable",
    ast.RescueClause: "variable",
}  # fmt: skip


def mark_calls(tree: ast.Node, source: str) -> None:
    """Mark the calls of a tree that refinements may answer."""
    if _MENTIONED(source):
        _walk(tree, False)


def _is_call_of(node: Any, name: str) -> bool:
    return isinstance(node, _CALLS) and node.callee.__class__ is ast.Identifier and node.callee.name == name


def _walk(node: Any, active: bool) -> Any:
    """Mark the calls in `node` and return what stands for it; `active`: a refinement may be active here."""
    if node.__class__ is ast.Defined:
        return node
    if isinstance(node, ast.BlockStatement):
        for index, statement in enumerate(node.statements):
            node.statements[index] = _walk(statement, active)
            active = active or _is_call_of(statement, "using")
        return node
    inside = active or (_is_call_of(node, "refine") and node.trailing_block is not None)
    target = _TARGETS.get(node.__class__)
    for field in node.fields:
        value = getattr(node, field)
        if field == target or (field == "callee" and value.__class__ is ast.Identifier):
            continue
        if isinstance(value, ast.Node):
            setattr(node, field, _walk(value, inside))
        elif value.__class__ is list:
            value[:] = [_walk(item, inside) if isinstance(item, ast.Node) else item for item in value]
    return _marked(node) if active else node


def _marked(node: Any) -> Any:
    cls = node.__class__
    if cls is ast.MethodCall:
        if node.method not in _SPECIAL:
            node.method += MARK
        _block_for_symbol(node)
    elif isinstance(node, _CALLS) and node.callee.__class__ is ast.Identifier:
        if node.callee.name not in _SPECIAL:
            node.callee.name += MARK
        _block_for_symbol(node)
    elif cls is ast.Identifier and node.kind == "call" and node.name not in _SPECIAL:
        return ast.Call(ast.Identifier(node.name + MARK, "call", node.pos, node.end_pos), [], None, False, False,
                        node.pos, node.end_pos)  # fmt: skip
    elif cls is ast.BinaryOp and node.op in BINARY and node.op not in ("!=", "!~", "=~"):
        return ast.MethodCall(node.left, node.op + MARK, [node.right], None, False, node.pos, node.end_pos, node.op_pos)
    elif cls is ast.UnaryOp and node.op in "+-~":
        name = node.op if node.op == "~" else node.op + "@"
        return ast.MethodCall(node.operand, name + MARK, [], None, False, node.pos, node.end_pos, node.pos)
    elif cls is ast.InterpolatedString:
        for part in node.parts:
            if part.__class__ is ast.BlockStatement and len(part.statements) == 1:
                inner = part.statements[0]
                pos, end = inner.pos, inner.end_pos
                part.statements[0] = ast.MethodCall(inner, INTERPOLATED + MARK, [], None, False, pos, end, pos)
    elif cls is ast.Index and not any(item.__class__ is ast.BlockArg for item in node.arguments):
        return ast.MethodCall(node.array, "[]" + MARK, node.arguments, None, False, node.pos, node.end_pos,
                              node.bracket_pos)  # fmt: skip
    return node


def _block_for_symbol(node: Any) -> None:
    """`&:name` calls by a name that refinements may answer too."""
    last = node.arguments[-1] if node.arguments else None
    if last.__class__ is not ast.BlockArg or last.expression.__class__ is not ast.Symbol:
        return
    pos, end = last.pos, last.end_pos
    receiver, rest = ast.Identifier("%x", "local", pos, end), ast.Identifier("%r", "local", pos, end)
    body = ast.MethodCall(
        receiver, last.expression.value + MARK, [ast.Splat(rest, pos, end)], None, False, pos, end, pos
    )
    parameters = [ast.Parameter(name, kind, None, None, [], pos, end) for name, kind in (("%x", "req"), ("%r", "rest"))]
    node.arguments.pop()
    node.trailing_block = ast.Lambda(parameters, ast.BlockStatement([body], pos, end), "block", [], pos, end)
