"""Blocks of Symbols: `&:name` with a literal Symbol is inlined as the block `{ |x| x.name }` would be.

There is no such block in the bytecode, so it is made up here: a function whose index is -1. Backtraces know nothing of
it: its positions are those of the call that it is passed to, and `reader.py` skips its activation. What it calls is
called by nobody in particular, so neither private nor protected methods are found.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from ...runtime.operators import ROWS
from .graph import Decoded
from .summaries import ASKING, LOADING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .scope import Scope

OPERATIONS = {method: (name, count) for name, method, _, count, _ in ROWS if name not in ("INDEX_GET", "INDEX_SET")}
# Names of methods that look at who calls them, or that compile to more than a call.
REFUSED = ASKING | LOADING | {
    "send", "__send__", "public_send", "local_variables", "local_variable_get", "local_variable_set", "block_given?",
    "lambda", "proc", "caller", "caller_locations", "instance_exec", "class_exec", "module_exec", "raise", "fail",
    "=~", "!~", "===",
}  # fmt: skip


class SymbolBlock(ck.Function):
    """The function of the block that a Symbol stands for."""

    __slots__ = ("decoded",)

    def __init__(self, parent: int, name: str, count: int, position: tuple[int, int]) -> None:
        super().__init__(-1, name, ck.BLOCK, parent)
        self.parameters = ck.Parameters(count)
        self.local_count = count
        operation = OPERATIONS.get(name)
        call: tuple[str, tuple[Any, ...]] = ("CALL_METHOD", (name, count - 1, 0))
        if operation is not None and operation[1] == count:
            call = (operation[0], ())
        self.decoded = Decoded(self)
        self.decoded.code = [*(("LOAD_LOCAL", (slot,)) for slot in range(count)), call, ("RETURN", ())]
        self.positions = [position] * len(self.decoded.code)


def passes_symbol(scope: Scope, index: int) -> bool:
    """Return whether instruction `index` pushes a Symbol that the next one passes as the block of a call."""
    code = scope.decoded.code
    name, operands = code[index]
    if name != "PUSH_CONST" or index + 1 in scope.decoded.leaders:
        return False
    name, call = code[index + 1]
    flagged = name == "CALL_METHOD" and call[2] == so.BLOCK_ARG or name == "NEW_INSTANCE" and call[1] == so.BLOCK_ARG
    return flagged and scope.function.constants[operands[0]][0] == ck.CONST_SYMBOL


def symbol_block(scope: Scope, index: int, count: int) -> SymbolBlock | None:
    """Return the block, of `count` parameters, that the Symbol pushed at `index` is; None if it is none to inline."""
    function = scope.function
    name = function.constants[scope.decoded.code[index][1][0]][1]
    plain = name.rstrip("?!").isidentifier() and not name[0].isupper()
    if name in REFUSED or not (plain or name in OPERATIONS):
        return None
    positions = function.positions
    return SymbolBlock(function.index, name, count, positions[index + 1] if index + 1 < len(positions) else (0, 0))
