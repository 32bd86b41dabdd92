"""Arguments of a call on the stack: positional ones, then the keyword Hash, then the block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...format.stack_ops import BLOCK_ARG, KEYWORDS, SPLAT
from ..syntax import ast
from .dispatch import HANDLERS, value
from .literals import push_dictionary, push_elements
from .opcodes import BUILD_DICT, DICT_MERGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .builder import Builder

_SPECIAL = frozenset((ast.Splat, ast.BlockArg, ast.ForwardArgs, ast.Dictionary, ast.KeywordSplat))
MAX_ARGUMENTS = 200  # more go as one Array


def push_arguments(f: Builder, arguments: Sequence[ast.Node], pos: int) -> tuple[int, int]:
    """Push `arguments` and return (argc, flags) for the call; a literal block is the caller's."""
    for argument in arguments:
        if argument.__class__ in _SPECIAL:
            return _push_special(f, arguments, pos)
    if len(arguments) > MAX_ARGUMENTS:
        push_elements(f, arguments, pos)
        return 1, SPLAT
    for argument in arguments:
        HANDLERS[argument.__class__](f, argument, True)
    return len(arguments), 0


def _push_special(f: Builder, arguments: Sequence[ast.Node], pos: int) -> tuple[int, int]:
    positional = list(arguments)
    block: ast.Node | None = None
    keywords: ast.Node | None = None
    forwards = False
    if positional[-1].__class__ is ast.BlockArg:
        block = positional.pop()
    if positional and positional[-1].__class__ is ast.ForwardArgs:
        forwards = True
        positional[-1] = ast.Splat(None, positional[-1].pos, positional[-1].end_pos)
    elif positional and positional[-1].__class__ is ast.Dictionary and not positional[-1].braces:
        keywords = positional.pop()
    flags = 0
    if len(positional) > MAX_ARGUMENTS or any(argument.__class__ is ast.Splat for argument in positional):
        push_elements(f, positional, pos)
        argc, flags = 1, SPLAT
    else:
        for argument in positional:
            HANDLERS[argument.__class__](f, argument, True)
        argc = len(positional)
    if keywords is not None:
        push_dictionary(f, keywords)
        flags |= KEYWORDS
    elif forwards:
        f.emit(BUILD_DICT, (0,), pos)
        f.load("**", pos)
        f.op(DICT_MERGE, pos)
        f.load("&", pos)
        flags |= KEYWORDS | BLOCK_ARG
    if block is not None:
        push_block_argument(f, block)
        flags |= BLOCK_ARG
    return argc, flags


def push_block_argument(f: Builder, node: ast.Node) -> None:
    """Push the value of `&x`; a bare `&` forwards the anonymous parameter."""
    if node.expression is None:
        f.load("&", node.pos)
    else:
        value(f, node.expression)
