"""Whole units: programs and eval code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...format.chunk import EVAL, SCRIPT, Module
from ..runtime.depth import with_frames
from ..syntax import ast
from . import cases, control, defined, definitions  # noqa: F401  (they register their handlers)
from .builder import Builder
from .dispatch import HANDLERS, effect
from .options import DEFAULT, Options
from .refinements import mark_calls
from .unit import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

_odd = {cls.__name__ for cls in ast.node_classes().values()} ^ {cls.__name__ for cls in HANDLERS} - {"Root"}
if _odd:
    raise LookupError(f"the compiler and the syntax tree differ on: {', '.join(sorted(_odd))}")

# Handlers call each other a level of the tree a call; deeper trees than this are refused.
_DEPTH = 10_000

_MAGIC_COMMENT = re.compile(r"^#\s*module_(id|version)\s*:\s*(\S+)", re.MULTILINE)


def compile_source(source: str, path: str, options: Options = DEFAULT) -> Module:
    """Parse and compile a program. Raises SyntaxErrors."""
    from ..syntax.metorex import parse

    return compile_program(parse(source, path), source, path, options)


def compile_program(tree: ast.BlockStatement, source: str, path: str, options: Options = DEFAULT) -> Module:
    """Compile the tree of a whole file; `functions[0]` of the module is the script. Raises SyntaxErrors."""
    unit = _unit(tree, source, path, options, getattr(tree, "line", None) or 1)
    script = Builder(unit, "", SCRIPT, None)
    _compile(script, tree, source)
    module = _module(unit)
    _describe(module, tree)
    return module


def compile_eval(
    tree: ast.BlockStatement,
    source: str,
    path: str,
    line: int = 1,
    local_names: Sequence[str] = (),
    context: str = "method",
    options: Options = DEFAULT,
    passed_on: list[tuple[str, str]] | None = None,
) -> Module:
    """Compile eval code that sees `local_names` of its binding. Raises SyntaxErrors.

    `context` is what the binding stands in: "method", "class" (a class or module body) or "top"; only in a method may
    the code yield. `passed_on` are (kind, name) of the parameters that a bare `super` passes on.

    `functions[0]` has kind EVAL and no parent; its upvalues are (FROM_LOCAL, index into `local_names`), of the names
    that the code mentions. Locals that the code makes are locals of this function. Its CALL_SUPERs have an empty name:
    the method is that of the binding's frame.
    """
    unit = _unit(tree, source, path, options, line)
    code = Builder(unit, "", EVAL, None)
    # Of equal names the last is the innermost.
    code.outer_names = {name: index for index, name in enumerate(local_names) if name}
    code.eval_context = context
    code.super_parameters = passed_on
    _compile(code, tree, source)
    return _module(unit)


def compile_eval_source(
    source: str,
    path: str,
    line: int = 1,
    local_names: Sequence[str] = (),
    context: str = "method",
    options: Options = DEFAULT,
    passed_on: list[tuple[str, str]] | None = None,
) -> Module:
    """Parse and compile eval code, see `compile_eval`."""
    from ..syntax.metorex import parse

    names = [name for name in local_names if name]
    tree = parse(source, path, line=line, locals=names, kind="eval")
    return compile_eval(tree, source, path, line, local_names, context, options, passed_on)


def _unit(tree: ast.BlockStatement, source: str, path: str, options: Options, line: int) -> Unit:
    frozen = getattr(tree, "frozen_string_literal", None)
    if frozen is None:
        frozen = options.frozen_string_literal
    return Unit(source, path, options, line, frozen)


def _compile(f: Builder, tree: ast.BlockStatement, source: str) -> None:
    """Compile the outermost function of a unit."""

    def walk() -> None:
        if f.unit.options.check_types:
            from .type_checks import add_checks

            add_checks(tree)
        mark_calls(tree, source)
        for statement in tree.statements:
            if statement.__class__ is ast.BeginBlock:
                effect(f, statement.body)
        HANDLERS[ast.BlockStatement](f, tree, True)

    try:
        with_frames(_DEPTH, walk)
    except RecursionError:
        f.unit.error(tree, "the program is nested too deeply")
        f.unit.check()
    f.finish(0, len(source))
    f.unit.check()


def _module(unit: Unit) -> Module:
    module = Module(unit.path, unit.source)
    module.functions = unit.functions
    module.requires = unit.requires
    return module


def _describe(module: Module, tree: ast.BlockStatement) -> None:
    """Fill in name, id, version and metadata, from the path and the magic comments at the top."""
    stem = re.sub(r"\.\w+$", "", module.path.replace("\\", "/"))
    module.name = stem.rsplit("/", 1)[-1]
    module.module_id = "" if module.path in ("-e", "-", "(repl)") else stem
    data_pos = getattr(tree, "data_pos", None)
    if data_pos is not None:
        module.metadata["data_pos"] = str(data_pos)
    head = re.match(r"(?:[ \t]*(?:#[^\n]*)?\n)*(?:[ \t]*#[^\n]*)?", module.source)
    for key, text in _MAGIC_COMMENT.findall(head.group() if head else ""):
        if key == "id":
            module.module_id = text
        elif re.fullmatch(r"\d{1,4}\.\d{1,4}\.\d{1,4}", text):
            module.module_version = tuple(map(int, text.split(".")))  # type: ignore[assignment]
