"""Type annotations, which no artifact stores: read again from the text of a definition when somebody asks.

That is when a program calls `annotations`, and before a call with too many positional arguments fails (language.md
1.10.4: `def pay(by: Customer)` reads as an annotation to whoever calls `pay(ann)`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .syntax import ast

# id of an engine's code -> (the code, which keeps the id its own; what is known of it)
KNOWN: dict[int, tuple[Any, tuple[dict[str, str], list[str]]]] = {}


def types_of(code: Any) -> tuple[dict[str, str], list[str]]:
    """Return (name -> type as written, with "return"; the keyword parameters that look like annotated positional ones)
    of an engine's code. Both are empty if the source is not known."""
    known = KNOWN.get(id(code))
    if known is None:
        known = KNOWN[id(code)] = (code, describe(definition(code)))
    return known[1]


def definition(code: Any) -> ast.Node | None:
    """Return the FunctionDef or Lambda that a code was compiled from, None if its source is not known."""
    from .syntax import ast
    from .syntax.errors import SyntaxErrors
    from .syntax.metorex import parse

    start, end = code.function.span
    text = code.unit.module.source[start:end]
    if not text:
        return None
    for prefix in ("", "proc "):  # a literal block stands behind a call
        try:
            tree = parse(prefix + text, code.path, kind="eval")
        except SyntaxErrors:
            continue
        for node in tree.walk():
            if isinstance(node, (ast.FunctionDef, ast.Lambda)):
                return node
    return None


def describe(node: ast.Node | None) -> tuple[dict[str, str], list[str]]:
    """Return what `types_of` does for a definition."""
    from .syntax import ast

    if node is None:
        return {}, []
    parameters: list[Any] = node.parameters
    types = {item.name: item.annotation.source for item in parameters if item.annotation is not None and item.name}
    returned = getattr(node, "return_annotation", None)
    if returned is not None:
        types["return"] = returned.source
    paths = (ast.Constant, ast.ScopeResolution, ast.TopLevelConstant)
    keywords = [item.name for item in parameters if item.kind == "key" and isinstance(item.default_value, paths)]
    return types, keywords
