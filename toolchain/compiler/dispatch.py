"""From node class to the function that compiles it.

A handler is `handler(f, node, want)`: it emits code into the builder `f` that leaves the node's value on the operand
stack if `want`, and nothing otherwise. `CONDITIONS` holds what compiles better as a jump: `condition(f, node, label,
when)` jumps to `label` if the node's truth is `when` and falls through otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .opcodes import JUMP_IF_FALSE, JUMP_IF_TRUE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from ..syntax.ast import Node
    from .builder import Builder
    from .emitter import Label

    Function = TypeVar("Function", bound=Callable[..., None])

HANDLERS: dict[type, Callable[[Builder, Any, bool], None]] = {}
CONDITIONS: dict[type, Callable[[Builder, Any, Label, bool], None]] = {}


def handles(*classes: type) -> Callable[[Function], Function]:
    """Register a function as the handler of node classes."""

    def register(function: Function) -> Function:
        for cls in classes:
            HANDLERS[cls] = function
        return function

    return register


def tests(*classes: type) -> Callable[[Function], Function]:
    """Register a function as the condition of node classes."""

    def register(function: Function) -> Function:
        for cls in classes:
            CONDITIONS[cls] = function
        return function

    return register


def value(f: Builder, node: Node) -> None:
    """Emit code that pushes the value of `node`."""
    HANDLERS[node.__class__](f, node, True)


def effect(f: Builder, node: Node) -> None:
    """Emit code that runs `node` for its effects."""
    HANDLERS[node.__class__](f, node, False)


def branch(f: Builder, node: Node, label: Label, when: bool) -> None:
    """Emit code that jumps to `label` if the truth of `node` is `when`."""
    condition = CONDITIONS.get(node.__class__)
    if condition is not None:
        condition(f, node, label, when)
    else:
        HANDLERS[node.__class__](f, node, True)
        f.jump(JUMP_IF_TRUE if when else JUMP_IF_FALSE, label, node.pos)
