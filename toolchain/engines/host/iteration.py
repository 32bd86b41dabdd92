"""The code around an inlined block: the test of the receiver, the `for`, its variables, the result."""

from __future__ import annotations

from .graph import Declined
from .lower import EFFECT, PURE, Expr, Lowerer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .function import HostFunction
    from .inline import Plan


def guard(host: HostFunction, low: Lowerer, term: tuple[Any, ...]) -> None:
    """Decide between the inlined block and the plain call, for the receiver on the stack."""
    _, setup, plain, plan = term
    row = plan.row
    if row.name == "loop":
        low.pop_raw()
        low.leave_stack()
        low.node.term = ("goto", host.node(setup))
        return
    start = len(low.stack) - row.argc - 1
    recv = low.stack[start]
    if plan.form == "range" and recv.extra[:1] == ("range",):
        low.pop_raw()
        _, first, last, exclusive = recv.extra
        low.spill(EFFECT)
        low.line(f"{plan.recv} = {first.text}")
        low.line(f"{plan.arg} = {last.text}")
        built = f"build_range({plan.recv}, {plan.arg}, {exclusive})"
        value = Expr(built, EFFECT, "object", frozenset((plan.recv, plan.arg)), pc=low.pc)
        tests = [f"{n}.__class__ is int" for n, e in ((plan.recv, first), (plan.arg, last)) if e.type != "int"]
        entries = [value]
    elif plan.form == "range":
        raise Declined("range")
    else:
        low.simplify(row.argc + 1)
        args = low.pop_many(row.argc)
        recv = low.pop()
        low.line(f"{plan.recv} = {recv.text}")
        entries = [Expr(plan.recv, PURE, recv.type, frozenset((plan.recv,)), True)]
        for arg in args:
            low.line(f"{plan.arg} = {arg.text}")
            entries.append(Expr(plan.arg, PURE, arg.type, frozenset((plan.arg,)), True))
        if row.owner == "Array.":
            array = host.translation.name("B:Array")
            tests = [f"{plan.recv} is {array}", f"{plan.arg}.__class__ is int", f"0 <= {plan.arg} < 1 << 32"]
        elif row.owner == "Integer":
            tests = [f"{expr.text}.__class__ is int" for expr in entries if expr.type != "int"]
        else:
            tests = [f"{plan.recv}.__class__ is Array"]
    low.leave_stack()
    below = [Expr(f"s{i}", PURE, "", frozenset((f"s{i}",)), True) for i in range(len(low.stack))]
    if not tests:
        low.node.term = ("goto", host.node(setup))
        return
    host.stacks[plain] = below + entries
    low.node.term = ("if", "(" + " and ".join(tests) + ")", host.node(setup), host.node(plain))


def iterate(host: HostFunction, low: Lowerer, term: tuple[Any, ...]) -> None:
    _, body, done, plan = term
    child = plan.scope
    count = child.function.parameters.required
    row = plan.row
    if plan.form == "range":
        exclusive = plan.index and plan.caller.decoded.code[plan.index - 1][1][0]
        iterable = f"range({plan.recv}, {plan.arg}{'' if exclusive else ' + 1'})"
    else:
        iterable = row.iterable.format(r=plan.recv, a=plan.arg)
    if row.name == "each_with_index":
        target = f"{child.var(1) if count > 1 else '_'}, {child.var(0) if count else '_'}"
    elif count == 1 and "{x}" not in row.collect:
        target = child.var(0)
    elif count == 0 and "{x}" not in row.collect:
        target = "_"
    else:
        target = plan.item
    low.node.term = ("for", f"{target} in {iterable}", host.node(body), host.node(done))


def bind_item(host: HostFunction, low: Lowerer, plan: Plan) -> None:
    """Give the parameters of an inlined block their values, its other variables nil."""
    child = plan.scope
    count = child.function.parameters.required
    if plan.row.name != "each_with_index" and (count > 1 or (count and "{x}" in plan.row.collect)):
        names = [child.var(slot) for slot in range(count)]
        x = plan.item
        if count == 1:
            low.line(f"{names[0]} = {x}")
        else:
            every = ", ".join(names)
            test = f"{x}.__class__ is Array and len({x}.a) == {count}"
            low.line(f"{every} = {x}.a if {test} else spread({x}, {count})")
    for name in sorted(host.inner_unset.get(low.block, ())):
        low.line(f"{name} = None")


def receiver(host: HostFunction, low: Lowerer, plan: Plan) -> Expr:
    if plan.form != "range":
        return low.named(plan.recv)
    exclusive = bool(plan.caller.decoded.code[plan.index - 1][1][0])
    text = f"Range({plan.recv}, {plan.arg}, {exclusive})"
    return Expr(text, PURE, "object", frozenset((plan.recv, plan.arg)), pc=low.pc)
