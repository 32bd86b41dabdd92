"""`--check-types`: annotations become checks (language.md 1.10.5).

A pass over the tree puts calls of `Metorex.__check_type__(value, type, what)` at the start of bodies (parameters),
around values that are returned, and around the values of annotated assignments.
"""

from __future__ import annotations

from typing import Any

from ..syntax import ast

_SIGILS = {ast.InstanceVariable: "@", ast.ClassVariable: "@@", ast.GlobalVariable: "$"}
_UNCHECKED = ("any", "void")


def add_checks(tree: ast.Node) -> None:
    """Make the annotations of a tree checks."""
    for node in list(tree.walk()):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            _check_function(node)
        elif node.__class__ is ast.Assignment and node.annotation is not None:
            name = _SIGILS.get(node.target.__class__, "") + (getattr(node.target, "name", "") or node.target.method)
            node.value = _check(node.value, node.annotation.source, f"variable '{name}'")


def _check(value: ast.Node, wanted: str, what: str) -> ast.Node:
    pos, end = value.pos, value.end_pos
    texts = [ast.StringLiteral(text, pos, end) for text in (wanted, what)]
    return ast.MethodCall(ast.TopLevelConstant("Metorex", pos, end), "__check_type__", [value, *texts], None, False,
                          pos, end, pos)  # fmt: skip


def _check_function(node: Any) -> None:
    returned = getattr(node, "return_annotation", None)
    if returned is not None and returned.source not in _UNCHECKED:
        what = f"return value of '{node.name}'"
        _check_returns(node.body, returned.source, what)
        body = node.body
        whole = ast.Grouped(ast.BlockStatement(body.statements, body.pos, body.end_pos), body.pos, body.end_pos)
        body.statements = [_check(whole, returned.source, what)]
    checks = []
    for parameter in node.parameters:
        if parameter.annotation is None or not parameter.name or parameter.kind == "keyrest":
            continue
        wanted = parameter.annotation.source
        if parameter.kind == "rest":
            wanted = f"Array<{wanted}>"
        elif parameter.kind == "block":
            wanted = f"({wanted})?"
        value = ast.Identifier(parameter.name, "local", parameter.pos, parameter.end_pos)
        checks.append(_check(value, wanted, f"parameter '{parameter.name}'"))
    if checks:
        node.body.statements = [*checks, *node.body.statements]


def _check_returns(node: ast.Node, wanted: str, what: str) -> None:
    """Check the values of the `return`s of a method; those in its blocks are the method's too."""
    pending = [node]
    while pending:
        current: Any = pending.pop()
        if isinstance(current, (ast.FunctionDef, ast.ClassDef, ast.ModuleDef, ast.SingletonClass)):
            continue
        if isinstance(current, ast.Lambda) and current.kind != "block":
            continue
        if current.__class__ is ast.Return:
            value = current.value or ast.NilLiteral(current.pos, current.end_pos)
            current.value = _check(value, wanted, what)
            pending.append(value)
        else:
            pending.extend(current.children())
