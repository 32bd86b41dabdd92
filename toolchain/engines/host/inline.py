"""Which literal blocks are inlined, and what their iteration looks like.

`PLANS` has one row an iterator: how many arguments and block parameters it takes, the test that allows inlining (a
Python expression of the receiver `{r}` and argument `{a}`), what to iterate over, and what becomes of the block's value
(`collect`, a statement with `{v}`) and of the whole call (`result`). Everything that the test refuses makes an ordinary
call with a closure.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from .scope import Scope, captured_slots, decoded, stored_slots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Row:
    """One iterator that can be inlined; `types` are the types of the block's parameters ("int" or "")."""

    __slots__ = ("name", "owner", "argc", "most", "guard", "iterable", "collect", "result", "types", "static")

    def __init__(
        self,
        name: str,
        owner: str,
        argc: int,
        most: int,
        iterable: str,
        collect: str = "",
        result: str = "{r}",
        types: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.owner = owner
        self.argc = argc
        self.most = most  # block parameters that are served directly; 9: an Array is taken apart
        self.iterable = iterable
        self.collect = collect
        self.result = result
        self.types = types


ROWS = (
    Row("times", "Integer", 0, 1, "range({r})", types=("int",)),
    Row("upto", "Integer", 1, 1, "range({r}, {a} + 1)", types=("int",)),
    Row("downto", "Integer", 1, 1, "range({r}, {a} - 1, -1)", types=("int",)),
    Row("each", "Array", 0, 9, "{r}.a"),
    Row("each_with_index", "Array", 0, 2, "enumerate({r}.a)", types=("", "int")),
    Row("each_index", "Array", 0, 1, "indices({r}.a)", types=("int",)),
    Row("map", "Array", 0, 9, "{r}.a", "{acc}.append({v})", "Array({acc})"),
    Row("collect", "Array", 0, 9, "{r}.a", "{acc}.append({v})", "Array({acc})"),
    Row("select", "Array", 0, 1, "{r}.a", "if {c}: {acc}.append({x})", "Array({acc})"),
    Row("filter", "Array", 0, 1, "{r}.a", "if {c}: {acc}.append({x})", "Array({acc})"),
    Row("reject", "Array", 0, 1, "{r}.a", "if not {c}: {acc}.append({x})", "Array({acc})"),
)
LOOP = Row("loop", "Kernel", 0, 0, "")
ARRAY_NEW = Row("new", "Array.", 1, 1, "range({a})", "{acc}.append({v})", "Array({acc})", types=("int",))
PLANS = {row.name: row for row in ROWS}
# What a receiver known to be a Range of Integers iterates over instead.
RANGE_NAMES = ("each", "map", "collect", "select", "filter", "reject")

MAX_INLINED = 1500  # instructions a Python function
MAX_DEPTH = 6


class Plan:
    """One literal block that may be inlined at one call."""

    __slots__ = (
        "row", "call_index", "argc", "scope", "breaks", "caller", "recv", "arg", "acc", "item", "result", "form",
        "index",
    )  # fmt: skip

    def __init__(self, row: Row, index: int, call_index: int, caller: Scope, scope: Scope, breaks: bool) -> None:
        self.row = row
        self.index = index
        self.call_index = call_index
        self.argc = row.argc
        self.caller = caller
        self.scope = scope
        self.breaks = breaks
        number = scope.number
        self.recv = f"r{number}"
        self.arg = f"a{number}"
        self.acc = f"m{number}"
        self.item = f"x{number}"
        self.result = f"q{number}"
        self.form = ""  # "range" if the receiver is a literal Range


ARRAY_CONST = ("LOAD_CONST", ("Array",))


def plan_inline(host: Any, scope: Scope, index: int) -> Plan | None:
    """Return the plan for the literal block made at `index`, None if it must be a closure."""
    code = scope.decoded.code
    function_index, kind = code[index][1]
    if kind != so.LAMBDA_BLOCK or not host.inlining:
        return None
    at = index + 1
    while code[at][0] == "CAPTURE_VAR":
        at += 1
    name, operands = code[at]
    row: Row | None = None
    argc = operands[-2] if len(operands) > 1 else -1
    if name == "CALL_METHOD" and operands[2] == so.LITERAL_BLOCK:
        row = PLANS.get(operands[0])
    elif name == "CALL_METHOD" and operands == ("loop", 0, so.LITERAL_BLOCK | so.IMPLICIT_SELF):
        row = LOOP if host.translation.assume("", "loop") else None
    elif name == "NEW_INSTANCE" and operands == (1, so.LITERAL_BLOCK) and index > 1 and code[index - 2] == ARRAY_CONST:
        row = ARRAY_NEW
    if row is None or argc != row.argc or not host.translation.assume(row.owner, row.name):
        return None
    unit = scope.unit
    child = unit.module.functions[function_index]
    parameters = child.parameters
    if (
        parameters.optional or parameters.post or parameters.keywords or parameters.flags
        or child.flags & (ck.USES_EVAL | ck.EXCESS_COMMA) or parameters.required > row.most
    ):  # fmt: skip
        return None
    depth = 0
    outer: Scope | None = scope
    while outer is not None and outer.inlined is not None:
        depth += 1
        outer = outer.parent
    size = len(decoded(unit, child).code)
    if depth >= MAX_DEPTH or host.inlined_size + size > MAX_INLINED:
        return None
    held = captured_slots(child, decoded(unit, child))
    if held and (held & stored_slots(unit, child) or max(held) >= parameters.required):
        return None  # each iteration needs a variable of its own
    host.inlined_size += size
    inner = host.translation.scope(unit, child, scope, host)
    plan = Plan(row, index, at, scope, inner, bool(child.flags & ck.HAS_BREAK_BLOCK))
    inner.inlined = plan
    if row.name in RANGE_NAMES and index and code[index - 1][0] == "BUILD_RANGE" and index not in scope.decoded.leaders:
        plan.form = "range"
    return plan
