"""The code around an inlined block: the test of the receiver, the `for`, its variables, the result."""

from __future__ import annotations

from . import exemplars
from .exemplars import RESULTS, UNSEEN, kind
from .inline import LOOP
from .lists import guards, list_text
from .lower import EFFECT, NIL, PURE, Expr, Lowerer
from .rest import value_of
from .results import Declined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .function import HostFunction
    from .inline import Plan


def guard(host: HostFunction, low: Lowerer, term: tuple[Any, ...]) -> None:
    """Decide between the inlined block and the plain call, for the receiver on the stack."""
    _, setup, plain, plan = term
    row = plan.row
    if row is LOOP:
        low.pop_raw()
        low.leave_stack()
        low.node.term = ("goto", host.node(setup))
        return
    ours = False  # a collection of the program seems to have the method
    if plan.form == "range":
        tests, entries = range_operands(low, plan)
    else:
        low.simplify(row.argc + 1)
        args = low.pop_many(row.argc)
        recv = low.pop()
        ours = kind(recv.like) == "object"
        plan.raw = recv.extra[1] if recv.extra[:1] == ("raw",) else ""
        low.line(f"{plan.recv} = {recv.text}")
        if row.takes.startswith("item") and plan.scope.function.parameters.required:
            low.host.translation.exemplars.setdefault(plan.scope.var(0), exemplars.element(recv.like))
        entries = [Expr(plan.recv, PURE, recv.type, frozenset((plan.recv,)), True)]
        tests = receiver_tests(host, low, plan, recv)
        entries += arguments(low, plan, args)
    plan.ints.update(entry.text for entry in entries if entry.type == "int")
    if plan.lone:
        tests = []
    elif row.test:
        known = {f"{name}.__class__ is int" for name, expr in zip(plan.args, entries[1:]) if expr.type == "int"}
        tests += [test for test in plan.text(row.test).split(" and ") if test not in known]
    low.leave_stack()
    below = [Expr(f"s{i}", PURE, "", frozenset((f"s{i}",)), True) for i in range(len(low.stack))]
    if not tests:
        for owner in row.owners:
            host.translation.ask("bare", f"{owner}#{row.name}")
        low.node.term = ("goto", host.node(setup))
        return
    host.stacks[plain] = below + entries
    if ours or not plan.form and host.translation.ask("is_of_program", row.name):
        host.often.add(plain)
    if ours:
        host.sole.add(plain)
        low.node.term = ("goto", host.node(plain))
        return
    tests.append(f"not {host.translation.changed('*', row.name)}")
    low.node.term = ("if", "(" + " and ".join(tests) + ")", host.node(setup), host.node(plain))


def arguments(low: Lowerer, plan: Plan, args: list[Expr]) -> list[Expr]:
    """Give the arguments of the call their variables."""
    entries = []
    for name, arg in zip(plan.args, args):
        low.line(f"{name} = {arg.text}")
        entries.append(Expr(name, PURE, arg.type, frozenset((name,)), True))
    return entries


def range_operands(low: Lowerer, plan: Plan) -> tuple[list[str], list[Expr]]:
    """Take the literal Range that is the receiver apart; return the tests, and what the plain call is made with."""
    args = low.pop_many(plan.row.argc)
    recv = low.pop_raw()
    if recv.extra[:1] != ("range",):
        raise Declined("range")
    _, first, last, exclusive = recv.extra
    low.spill(EFFECT)
    low.line(f"{plan.recv} = {first.text}")
    low.line(f"{plan.last} = {last.text}")
    built = f"build_range({plan.recv}, {plan.last}, {exclusive})"
    value = Expr(built, EFFECT, "object", frozenset((plan.recv, plan.last)), pc=low.pc)
    tests = [f"{n}.__class__ is int" for n, e in ((plan.recv, first), (plan.last, last)) if e.type != "int"]
    if last.type == "int":
        plan.ints.add(plan.last)
    return tests, [value, *arguments(low, plan, args)]


def receiver_tests(host: HostFunction, low: Lowerer, plan: Plan, recv: Expr) -> list[str]:
    owner = plan.row.owners[0]
    name = plan.recv
    if plan.raw:
        return []
    if owner == "Array.":
        return [f"{name} is {host.translation.name('B:Array')}"]
    if owner == "Enumerator":
        return [f"mixed({host.translation.context(low.scope)})"]  # the row's test says the rest
    if owner == "Integer":
        return [] if recv.type == "int" else [f"{name}.__class__ is int"]
    if owner == "Array":
        test, plan.items = guards(host, recv, "")
        plan.sure = not test
        if plan.sure:
            return []
        mixed = f"mixed({host.translation.context(low.scope)})"
        return [f"({test} or {plan.text(plan.test)} and {mixed})" if plan.test else test]
    return [plan.text(plan.test)]


def elements(plan: Plan, function: str = "walk") -> str:
    """Return what a `for` over the elements walks over."""
    if plan.raw:
        return plan.recv
    if plan.form == "range":
        numbers = f"range({plan.recv}, {plan.last}{'' if plan.exclusive else ' + 1'})"
        if not plan.lone or plan.last in plan.ints:
            return numbers
        other = f"numbers_of({plan.recv}, {plan.last}, {plan.exclusive})"
        return f"({numbers} if {plan.last}.__class__ is int else {other})"
    if function != "walk" or (plan.test and plan.row.owners[0] != "Array"):
        return f"{function}({plan.recv})"
    if not plan.test or plan.sure:
        return plan.items
    if plan.items.endswith(".a"):
        return f"{plan.items} if {plan.recv}.__class__ is Array else walk({plan.recv})"
    return f"{plan.items} if {plan.items} is not None else walk({plan.recv})"


def begin(low: Lowerer, plan: Plan) -> None:
    """Emit what stands before the loop."""
    row = plan.row
    if row.start:
        low.line(plan.text(row.start, w=elements(plan)))
    if plan.lone and row.check:
        low.line(plan.text(row.check))
    if row.takes == "fold, item":
        low.line(f"{plan.folds} = {plan.args[0] if plan.args else 'next(' + plan.names['m'] + ', None)'}")
        low.host.stored.add(plan.folds)


def takes_pairs(plan: Plan) -> bool:
    """Return whether the elements are taken apart by the iterable: what they may be, they seldom are Arrays."""
    row = plan.row
    count = plan.scope.function.parameters.required
    if plan.raw:
        return plan.raw == "dict" and row.name != "each_value"
    return count == 2 and row.takes == "item" and not row.keeps and not row.walk and bool(plan.test) and not plan.form


def iterate(host: HostFunction, low: Lowerer, term: tuple[Any, ...]) -> None:
    """Emit the head of the loop."""
    _, body, done, plan = term
    child = plan.scope
    count = child.function.parameters.required
    row = plan.row
    if takes_pairs(plan):
        iterable = elements(plan, "walk_pairs") if not plan.raw else f"keyword_pairs({plan.recv})"
        target = f"{child.var(0)}, {child.var(1)}"
    else:
        iterable = plan.text(row.walk, w=elements(plan)) if row.walk else elements(plan)
        if plan.raw == "dict":
            iterable = f"{plan.recv}.values()"
        if plan.lone and row.other:
            unsure = [f"{name}.__class__ is int" for name in (plan.recv, *plan.args) if name not in plan.ints]
            if unsure:
                iterable += f" if {' and '.join(unsure)} else {plan.text(row.other)}"
        target = element(plan)
        if row.takes == "item, index":
            iterable = iterable if row.name == "with_index" else f"enumerate({iterable})"
            target = f"{child.var(1) if count > 1 else '_'}, {target}"
        elif "{i}" in row.found:
            iterable = f"enumerate({iterable})"
            target = f"{plan.names['i']}, {target}"
    low.node.term = ("for", f"{target} in {iterable}", host.node(body), host.node(done))


def element(plan: Plan) -> str:
    """Return the variable that the `for` gives each element."""
    child = plan.scope
    count = child.function.parameters.required
    takes = plan.row.takes
    if takes == "fold, item":
        return child.var(1)
    if takes != "item" and not plan.row.keeps:
        first: str = child.var(0) if count else "_"
        return first
    if count == 1 and not plan.row.keeps:
        return child.var(0)
    if count == 0 and not plan.row.keeps:
        return "_"
    return plan.names["x"]


def bind_item(host: HostFunction, low: Lowerer, plan: Plan) -> None:
    """Give the parameters of an inlined block their values, its other variables nil."""
    child = plan.scope
    count = child.function.parameters.required
    if plan.row.takes == "item, memo" and count > 1:
        low.line(f"{child.var(1)} = {plan.args[0]}")
    elif plan.row.takes == "item, index" and count and element(plan) != child.var(0):
        low.line(f"{child.var(0)} = {element(plan)}")
    elif plan.row.takes == "item" and not takes_pairs(plan):
        names = [child.var(slot) for slot in range(count)]
        x = element(plan)
        if count == 1 and names[0] != x:
            low.line(f"{names[0]} = {x}")
        elif count > 1:
            every = ", ".join(names)
            test = f"{x}.__class__ is Array and len({x}.a) == {count}"
            low.line(f"{every} = {x}.a if {test} else spread({x}, {count})")
    for slot in range(count):
        name = child.var(slot)
        if name in host.lists:
            low.line(list_text(host, name, plan.type_of(slot)))
    for name in sorted(host.inner_unset.get(low.block, ())):
        low.line(f"{name} = None")
        if name in host.lists:
            low.line(f"{host.lists[name]} = None")


def receiver(plan: Plan) -> str:
    """Return the text for the receiver of the call as a value."""
    if plan.form != "range":
        return plan.recv
    return f"Range({plan.recv}, {plan.last}, {plan.exclusive})"


def outcome(low: Lowerer, plan: Plan, template: str) -> Expr:
    """Return the value of the whole call."""
    if template == "{r}" and plan.raw:
        unused = plan.caller.decoded.code[plan.call_index + 1][0] == "POP"
        return NIL if unused else value_of(plan.recv, plan.raw)
    if template == "{r}":
        text = receiver(plan)
    elif template == "{v}":
        text = plan.folds
    else:
        text = plan.text(template)
    type_ = {"TRUE": "true", "FALSE": "false", "None": "nil"}.get(text, "")
    like = RESULTS.get(plan.row.name, UNSEEN)
    if text.isidentifier():
        return low.named(text, type_, like)
    reads = frozenset((plan.recv, plan.last, *plan.args, *plan.names.values()))
    return Expr(text, EFFECT, "object", reads, pc=low.pc, like=like)
