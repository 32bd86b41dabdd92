"""Rest parameters that stay what Python made of them, where nothing else is wanted of them: a tuple, or a dict by name.

They may be passed on, asked for their size or a literal element, and walked by an inlined block. Where that is asked
for its result, a value of the program is made.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from .inline import find_row, usable
from .lower import LOCAL, NIL, Expr, Lowerer
from .symbols import passes_symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .function import HostFunction
    from .inline import Row

# What a rest parameter may be asked -> the text of the answer and its type.
ASKED = {
    "size": ("len({x})", "int"), "length": ("len({x})", "int"), "empty?": ("not {x}", "bool"),
    "first": ("({x}[0] if {x} else None)", ""), "last": ("({x}[-1] if {x} else None)", ""),
}  # fmt: skip
VALUES = {"tuple": "Array([*{x}])", "dict": "keywords_hash({x})"}  # what makes a value of the program of one
OWNERS = {"tuple": "Array", "dict": "Hash"}


def kept_raw(host: HostFunction) -> set[int]:
    """Return the slots of a method's `*rest` and `**rest` parameters that stay what Python made."""
    scope = host.scope
    function = scope.function
    parameters, flags = function.parameters, function.parameters.flags
    if (
        scope.kind != ck.METHOD
        or parameters.post
        or not flags & (ck.REST | ck.KEYREST)
        or function.flags & ck.USES_EVAL
    ):
        return set()
    found: dict[int, str] = {}
    slot = parameters.required + parameters.optional
    if flags & ck.REST:
        found[slot] = "tuple"
        slot += 1
    if flags & ck.KEYREST:
        found[slot + len(parameters.keywords)] = "dict"
    for slot in scope.captured:
        found.pop(slot, None)
    for index, (name, operands) in enumerate(scope.decoded.code):
        if name == "LOAD_LOCAL" and operands[0] in found:
            if not is_readable(host, index + 1, found[operands[0]]):
                del found[operands[0]]
        elif name in ("STORE_LOCAL", "MATCH_START", "MATCH_BIND", "JUMP_IF_GIVEN"):
            found.pop(operands[0], None)
        elif name == "MATCH_CASE":
            found.pop(operands[1], None)
    return set(found)


def is_readable(host: HostFunction, at: int, kind: str) -> bool:
    """Return whether what the instructions from `at` on do with a rest parameter, just loaded, can be done to Python's
    tuple or dict."""
    scope, translation = host.scope, host.translation
    code, leaders = scope.decoded.code, scope.decoded.leaders
    name, operands = code[at]
    if name in (("SPLAT", "ARRAY_CONCAT") if kind == "tuple" else ("DICT_MERGE",)):
        return True
    if at in leaders:
        return False
    if name == "CALL_METHOD":
        known = operands[0] in ASKED and operands[1:] == (0, 0) and (kind == "tuple" or ASKED[operands[0]][1] != "")
        return known and translation.assume(OWNERS[kind], operands[0])
    if name == "PUSH_CONST" and at + 1 not in leaders and code[at + 1] == ("INDEX_GET", (1, 0)):
        constant, value = scope.function.constants[operands[0]]
        literal = constant == ck.CONST_INT and 0 <= value < 1 << 32 if kind == "tuple" else constant == ck.CONST_SYMBOL
        return literal and translation.plain("INDEX_GET")
    return host.walks_raw and host.inlining and is_walked(host, at, kind)


def is_walked(host: HostFunction, at: int, kind: str) -> bool:
    """Return whether the instructions from `at` on pass a block to a call that walks a rest parameter."""
    scope = host.scope
    code = scope.decoded.code
    name, operands = code[at]
    call, flag, count = at + 1, so.BLOCK_ARG, 1
    if name == "BUILD_LAMBDA":
        while code[call][0] == "CAPTURE_VAR":
            call += 1
        flag = so.LITERAL_BLOCK
        count = scope.unit.module.functions[operands[0]].parameters.required
    elif not passes_symbol(scope, at):
        return False
    row = find_row(scope, at, call, flag)
    if row is None or row.argc or not row.takes or OWNERS[kind] not in row.owners:
        return False
    if OWNERS[kind] not in usable(host, row):
        return False
    if kind == "dict":
        return row.name == "each_value" or (row.name in ("each", "each_pair") and count == 2)
    return not wants_receiver(row)


def wants_receiver(row: Row) -> bool:
    """Return whether the texts of a row do more with the receiver than to walk it and to return it."""
    texts = (row.start, row.step, row.found, row.walk, row.result if row.result != "{r}" else "")
    return any("{r}" in text for text in texts)


def left_raw(host: HostFunction) -> bool:
    """Return whether a block that would walk a rest parameter was not inlined."""
    for block in host.blocks:
        for at in range(len(block.code) - 1):
            scope, _, name, operands = block.code[at]
            if name == "LOAD_LOCAL" and scope is host.scope and operands[0] in host.passed_on:
                following = block.code[at + 1][2]
                if following == "BUILD_LAMBDA" or (following == "PUSH_CONST" and block.code[at + 2][2] != "INDEX_GET"):
                    return True
    return False


def raw_read(low: Lowerer, count: int, name: str = "") -> bool:
    """Replace a rest parameter, below `count` values on the stack, by what is read of it; False if it is none."""
    if low.stack[-1 - count].extra[:1] != ("raw",):
        return False
    key = low.pop() if count else NIL
    raw = low.pop_raw()
    if name:
        text, type_ = ASKED[name]
        low.push(Expr(text.format(x=raw.text), LOCAL, type_, raw.reads))
    elif key.type == "sym":
        low.push(Expr(f"{raw.text}.get({key.extra[1]!r})", LOCAL, "", raw.reads))
    else:
        number = key.extra[1]
        test = raw.text if number == 0 else f"len({raw.text}) > {number}"
        low.push(Expr(f"({raw.text}[{number}] if {test} else None)", LOCAL, "", raw.reads))
    return True


def value_of(raw: Any, kind: str) -> Expr:
    """Return the expression for the value that a raw rest parameter, in variable `raw`, stands for."""
    return Expr(VALUES[kind].format(x=raw), LOCAL, "object", frozenset((raw,)))
