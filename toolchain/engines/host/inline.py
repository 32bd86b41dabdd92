"""Which literal blocks are inlined, and what their iteration looks like.

`ROWS` has one row an iterator. It says what the call walks over (`walk`), what becomes of the block's value each time
(`step`, or `leave` and `found` if the value can end the loop) and of the whole call (`result`). The texts are Python;
they name

    {r} {a} {b}     receiver and arguments of the call          {v} {c}   the block's value, as a value and as a test
    {x} {i}         the element, its number                     {m} {n}   variables that `start` sets up

What the test of the receiver refuses makes an ordinary call with a closure.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from .graph import stored_after
from .scope import Scope, decoded, stored_slots
from .symbols import passes_symbol, symbol_block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Classes that have their elements at hand; `select` and the like answer a Hash for a Hash.
VISITED = ("Array", "Hash", "Range")
WHOLE = (*VISITED, "Enumerator")
LISTED = ("Array", "Range", "Enumerator")
TESTS = {
    VISITED: "({r}.__class__ is WALKED or {r}.__class__ not in OTHERS and can_visit({r}))",
    WHOLE: "({r}.__class__ is WALKED or {r}.__class__ not in OTHERS and can_walk({r}))",
    LISTED: "{r}.__class__ not in OTHERS and can_list({r})", ("Hash",): "({r}.__class__ is WALKED or is_hash({r}))",
    ("String",): "is_text({r})",
}  # fmt: skip


class Row:
    """One iterator that can be inlined.

    `owners` are the classes of receivers. `walk`: the iterable, where it is not the elements. `takes` says what the
    block's parameters stand for: "item", "item, index", "index", "fold, item" or "item, memo". `types` are those of the
    parameters ("int" or "").
    """

    __slots__ = (
        "name", "owners", "argc", "takes", "walk", "test", "start", "step", "leave", "found", "result", "types",
        "check", "other",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        owners: tuple[str, ...],
        argc: int = 0,
        takes: str = "item",
        walk: str = "",
        test: str = "",
        start: str = "",
        step: str = "",
        leave: str = "",
        found: str = "",
        result: str = "{r}",
        types: tuple[str, ...] = (),
        check: str = "",
        other: str = "",
    ) -> None:
        self.name = name
        self.owners = owners
        self.argc = argc
        self.takes = takes
        self.walk = walk
        self.test = test  # of the arguments
        self.start = start
        self.step = step
        self.leave = leave  # "if" or "unless"
        self.found = found
        self.result = result
        self.types = types
        self.check = check  # where there is no plain call: the statement for unusual arguments,
        self.other = other  # or what to walk over if these or the receiver are no Integers

    @property
    def most(self) -> int:
        """Return how many parameters the block may have; an element may be an Array that they take apart."""
        return 9 if self.takes == "item" and not self.types else self.takes.count(",") + 1

    @property
    def keeps(self) -> bool:
        """Return whether the element itself is wanted after the block."""
        return "{x}" in self.step or "{x}" in self.found


INT = ("int",)
ONE_INT = "{a}.__class__ is int"
POSITIVE = "{a}.__class__ is int and {a} > 0"
COLLECT: dict[str, Any] = {"start": "{m} = []", "step": "{m}.append({v})", "result": "Array({m})"}
KEEP = {**COLLECT, "step": "if {c}: {m}.append({x})"}
DROP = {**COLLECT, "step": "if not {c}: {m}.append({x})"}
# Integers are added at once; the first value that is none is kept with what comes behind it.
ADDED = "if {v}.__class__ is int and not {n}: {m} += {v}\nelse: ({n} := {n} or []).append({v})"
ADD: dict[str, Any] = {"step": ADDED, "result": "(summed({r}, {n}, {m}) if {n} else {m})"}
KEYED: dict[str, Any] = {"start": "{m} = []; {n} = []", "step": "{m}.append({x}); {n}.append({v})"}

ROWS = (
    Row("times", ("Integer",), 0, "index", "range({r})", types=INT, other="steps_of({r}, ':times')"),
    Row(
        "upto", ("Integer",), 1, "index", "range({r}, {a} + 1)", ONE_INT, types=INT,
        other="steps_of({r}, ':upto', {a})",
    ),
    Row(
        "downto", ("Integer",), 1, "index", "range({r}, {a} - 1, -1)", ONE_INT, types=INT,
        other="steps_of({r}, ':downto', {a})",
    ),
    Row(
        "step", ("Integer",), 2, "index", "range({r}, {a} + (1 if {b} > 0 else -1), {b})",
        ONE_INT + " and {b}.__class__ is int and {b}", types=INT,
    ),
    Row("each", VISITED),
    Row("each_entry", VISITED),
    Row("each_pair", ("Hash",)),
    Row("each_key", ("Hash",), walk="hash_keys_walk({r})"),
    Row("each_value", ("Hash",), walk="hash_values_walk({r})"),
    Row("each_index", ("Array",), 0, "index", "indices({r}.a)", types=INT),
    Row("reverse_each", ("Array",), walk="backwards({r}.a)"),
    Row("each_with_index", VISITED, 0, "item, index", types=("", "int")),
    Row("each_with_object", WHOLE, 1, "item, memo", result="{a}"),
    Row("each_slice", VISITED, 1, walk="slices({w}, {a})", test=POSITIVE),
    Row("each_cons", VISITED, 1, walk="windows({w}, {a})", test=POSITIVE),
    *(Row(name, WHOLE, **COLLECT) for name in ("map", "collect")),
    *(Row(name, WHOLE, **{**COLLECT, "step": "add_flat({m}, {v})"}) for name in ("flat_map", "collect_concat")),
    Row("filter_map", WHOLE, **{**COLLECT, "step": "if {c}: {m}.append({v})"}),
    *(Row(name, LISTED, **KEEP) for name in ("select", "filter")),
    Row("find_all", WHOLE, **KEEP),
    Row("reject", LISTED, **DROP),
    Row(
        "partition", WHOLE, start="{m} = []; {n} = []", step="({m} if {c} else {n}).append({x})",
        result="Array([Array({m}), Array({n})])",
    ),
    Row("group_by", WHOLE, start="{m} = Hash()", step="add_group({m}, {v}, {x})", result="{m}"),
    Row("sort_by", WHOLE, **KEYED, result="sorted_by({m}, {n})"),
    Row("min_by", WHOLE, **KEYED, result="least_by({m}, {n})"),
    Row("max_by", WHOLE, **KEYED, result="greatest_by({m}, {n})"),
    Row("count", WHOLE, start="{m} = 0", step="if {c}: {m} += 1", result="{m}"),
    Row("sum", WHOLE, **ADD, start="{m} = 0; {n} = ()"),
    Row(
        "sum", WHOLE, 1, **{**ADD, "step": ADDED.replace(" and ", " and {m}.__class__ is int and ")},
        start="{m} = {a}; {n} = ()",
    ),
    *(Row(name, WHOLE, 1, "fold, item", result="{v}") for name in ("inject", "reduce")),
    *(
        Row(name, LISTED, 0, "fold, item", "{m}", start="{m} = iter({w})", result="{v}")
        for name in ("inject", "reduce")
    ),
    Row("any?", WHOLE, leave="if", found="TRUE", result="FALSE"),
    Row("all?", WHOLE, leave="unless", found="FALSE", result="TRUE"),
    Row("none?", WHOLE, leave="if", found="FALSE", result="TRUE"),
    *(Row(name, WHOLE, leave="if", found="{x}", result="None") for name in ("find", "detect")),
    *(Row(name, ("Array",), leave="if", found="{i}", result="None") for name in ("find_index", "index")),
    Row("each_char", ("String",), walk="characters({r})"),
    Row("each_byte", ("String",), walk="byte_values({r})", types=INT),
    Row("each_line", ("String",), walk="text_lines({r})"),
)  # fmt: skip
LOOP = Row("loop", ("Kernel",), takes="")
ARRAY_NEW = Row(
    "new", ("Array.",), 1, "index", "range({a})", ONE_INT + " and 0 <= {a} < 1 << 32", **COLLECT, types=INT,
    check="if {a}.__class__ is not int or not 0 <= {a} < 1 << 32: {m}, {a} = array_start({a})",
)  # fmt: skip
PLANS = {(row.name, row.argc): row for row in ROWS}

# The same by `with_index(offset)`, by the name of the iterator that makes the Enumerator.
COUNTED = {
    (row.name, argc): Row(
        "with_index", ("Enumerator",), argc, "item, index", f"counted({{r}}, {'{a}' if argc else 0})",
        f"can_count({{r}}, {row.name!r})" + (" and {a}.__class__ is int" if argc else ""),
        row.start, row.step, row.leave, row.found, "{r}.receiver" if row.result == "{r}" else row.result, ("", "int"),
    )
    for row in ROWS for argc in (0, 1)
    if row.name in (
        "each", "map", "collect", "flat_map", "filter_map", "select", "filter", "reject", "each_char", "find_all",
        "group_by", "sort_by", "min_by", "max_by", "partition", "each_slice", "each_cons",
    )
}  # fmt: skip

MAX_INLINED = 1500  # instructions a Python function
MAX_DEPTH = 6


class Plan:
    """One literal block that may be inlined at one call. `last` is the end of a literal Range, `args` are variables."""

    __slots__ = (
        "row", "call_index", "argc", "scope", "breaks", "caller", "recv", "args", "last", "names", "result", "form",
        "index", "test", "exclusive", "items", "sure", "lone", "raw", "ints",
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
        self.args = [f"a{number}", f"b{number}"][: row.argc]
        self.last = f"l{number}"
        self.result = f"q{number}"
        self.form = ""  # "range" if the receiver is a literal Range
        self.exclusive = False
        self.test = ""  # of the receiver, where it is no Array
        self.items = self.recv + ".a"  # the list of one that is
        self.sure = False  # it is one
        self.lone = False  # there is no plain call
        self.raw = ""  # "tuple" or "dict" if the receiver is a rest parameter as Python made it, see rest.py
        self.ints: set[str] = set()  # which of its variables are known to hold Integers
        element = f"x{number}"
        taken = scope.function.parameters.required
        if row.takes.startswith("item") and taken and (taken == 1 or row.takes != "item") and 0 not in rebound(scope):
            element = scope.var(0)
        self.names = {"r": self.recv, "x": element, "i": f"i{number}", "m": f"m{number}", "n": f"n{number}"}
        self.names.update(zip("ab", self.args))

    @property
    def folds(self) -> str:
        """Return the variable that the block's value becomes the next value of, "" if there is none."""
        return self.scope.var(0) if self.row.takes.startswith("fold") else ""

    def type_of(self, slot: int) -> str:
        """Return the type of what a parameter of the block begins with."""
        if self.row.types:
            return self.row.types[slot] if slot < len(self.row.types) else ""
        return "int" if self.form and not self.row.walk and self.row.takes == "item" else ""

    def text(self, template: str, **more: str) -> str:
        """Return a text of the row with this call's variables."""
        return template.format(**{**self.names, **more})


def rebound(scope: Scope) -> set[int]:
    """Return the slots that a block assigns to."""
    return stored_slots(scope.unit, scope.function)


NO_EACH = ("Array.", "Integer", "String")
ARRAY_CONST = ("LOAD_CONST", ("Array",))
SIMPLE = ("PUSH_CONST", "PUSH_NIL", "LOAD_LOCAL")


def find_row(scope: Scope, index: int, at: int, flag: int) -> Row | None:
    """Return the row for the call at `at`, whose flags are `flag`, of the block made at `index`."""
    code = scope.decoded.code
    name, operands = code[at]
    if name == "CALL_METHOD" and operands[2] == flag:
        if operands[0] == "with_index":
            return counted_row(scope, index, operands[1]) if flag == so.LITERAL_BLOCK else None
        return PLANS.get((operands[0], operands[1]))
    if name == "CALL_METHOD" and operands == ("loop", 0, so.LITERAL_BLOCK | so.IMPLICIT_SELF):
        return LOOP
    if name == "NEW_INSTANCE" and operands == (1, flag) and index > 1 and code[index - 2] == ARRAY_CONST:
        return ARRAY_NEW
    return None


def counted_row(scope: Scope, index: int, argc: int) -> Row | None:
    """Return the row for `with_index`: `x.map.with_index { }` does what `map` does."""
    before = operand_before(scope, index, argc) if argc else index - 1
    if argc > 1 or before is None or before < 0 or index in scope.decoded.leaders:
        return None
    name, operands = scope.decoded.code[before]
    return COUNTED.get((operands[0], argc)) if name == "CALL_METHOD" and operands[1:] == (0, 0) else None


def usable(host: Any, row: Row) -> list[str]:
    """Return the owners for which the row still says what their methods do."""
    assume = host.translation.assume
    if row is LOOP:
        return list(row.owners) if assume("", "loop") and assume("Kernel", "loop") else []
    return [
        owner for owner in row.owners
        if assume(owner, row.name) and (owner in NO_EACH or assume(owner, "each"))
        and assume("Enumerable", row.name) and assume("Numeric", row.name)
    ]  # fmt: skip


def plan_inline(host: Any, scope: Scope, index: int) -> Plan | None:
    """Return the plan for the block made at `index`, a literal one or a Symbol; None if it must be a function."""
    code = scope.decoded.code
    is_symbol = code[index][0] == "PUSH_CONST"
    if not host.inlining:
        return None
    if is_symbol:
        if not passes_symbol(scope, index):
            return None
    elif code[index][1][1] != so.LAMBDA_BLOCK or code[index][1][0] in host.banned:
        return None
    at = index + 1
    while code[at][0] == "CAPTURE_VAR":
        at += 1
    row = find_row(scope, index, at, so.BLOCK_ARG if is_symbol else so.LITERAL_BLOCK)
    if row is None:
        return None
    owners = usable(host, row)
    if not owners or (len(owners) < len(row.owners) and "Array" not in owners):
        return None
    unit = scope.unit
    child: ck.Function | None
    if is_symbol:
        child = symbol_block(scope, index, row.takes.count(",") + 1)
    else:
        child = unit.module.functions[code[index][1][0]]
    if child is None:
        return None
    parameters = child.parameters
    if (
        parameters.optional or parameters.post or parameters.keywords or parameters.flags
        or child.flags & (ck.USES_EVAL | ck.EXCESS_COMMA) or parameters.required > row.most
        or (row.takes.startswith("fold") and parameters.required < 2)
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
    host.inlined_size += size
    inner = host.translation.scope(unit, child, scope, host)
    plan = Plan(row, index, at, scope, inner, bool(child.flags & ck.HAS_BREAK_BLOCK))
    inner.inlined = plan
    if len(owners) == len(row.owners) and row.owners != ("Array",):
        plan.test = TESTS.get(row.owners, "")
        if is_symbol and "Enumerator" in row.owners:
            plan.test += " and gives_one({r})"
    first = index - 1 - row.argc
    if (
        "Range" in owners and first >= 0 and code[first][0] == "BUILD_RANGE"
        and all(code[at][0] in SIMPLE for at in range(first + 1, index))
        and not any(at in scope.decoded.leaders for at in range(first + 1, index + 1))
    ):  # fmt: skip
        plan.form = "range"
        plan.exclusive = bool(code[first][1][0])
    plan.lone = is_lone(host, plan, first)
    if row is ARRAY_NEW and not plan.lone:
        return None
    return plan


def is_lone(host: Any, plan: Plan, at: int) -> bool:
    """Return whether the inlined block serves all receivers (instruction `at` makes it), so that none is called."""
    row = plan.row
    translation = host.translation
    if row is ARRAY_NEW:
        makes: bool = translation.makes_arrays()
        return makes
    if row.name in ("times", "downto"):
        # Nothing but Integers has the method; the error of the others needs no block.
        return bool(translation.assume("", row.name) and translation.assume("", "method_missing"))
    if plan.form:
        start = operand_before(plan.caller, at, 1)
        return start is not None and is_int_constant(plan.caller, start)
    if row.name == "upto":
        start = operand_before(plan.caller, plan.index, 1)
        return start is not None and is_int_constant(plan.caller, start)
    return False


def operand_before(scope: Scope, at: int, count: int) -> int | None:
    """Return the last instruction of the operand under the `count` topmost ones before instruction `at`."""
    leaders = scope.decoded.leaders
    while count:
        if at in leaders:
            return None
        at -= 1
        pops, pushes = scope.effect(at)
        count += pops - pushes
    return at - 1 if at > 0 and at not in leaders else None


def is_int_constant(scope: Scope, at: int) -> bool:
    name, operands = scope.decoded.code[at]
    return name == "PUSH_CONST" and scope.function.constants[operands[0]][0] == ck.CONST_INT


class Replan(Exception):  # noqa: N818 - a signal
    """The block of function `index` cannot be inlined after all: a closure holds variables of its iterations."""

    def __init__(self, host: Any, index: int) -> None:
        self.host = host
        self.index = index


def check_captures(host: Any, names: list[str], low: Any) -> None:
    """Raise Replan if a closure that holds `names` could tell that iterations of an inlined block share variables.

    It gets copies of them where `low` stands, so it may not tell if nothing stores to them until the iteration ends.
    `low` is None for a closure that holds the variables themselves.
    """
    starts: dict[Scope, Any] = {}
    for block in host.blocks:
        for scope, _, name, _ in block.code[:1]:
            if name == "INLINE_ITEM":
                starts[scope] = block
    for block in host.blocks:
        scope = block.scope
        if scope.inlined is None:
            continue
        held = [name for name in scope.names if name in names]
        if held and low is not None:
            fixed = scope.names[: scope.function.parameters.required]
            fixed = [name for slot, name in enumerate(fixed) if slot not in rebound(scope)]
            held = [name for name in held if name not in fixed]
        if held and not (low is not None and copied(host, held, low, starts.get(scope))):
            raise Replan(host, scope.function.index)


def copied(host: Any, names: list[str], low: Any, start: Any) -> bool:
    """Return whether variables of an iteration that begins with block `start` stay as they are where `low` stands."""
    if start is None or low.block.path != start.path or not host.shared.isdisjoint(names):
        return False
    return stored_after(low.block, low.at, start).isdisjoint(names)
