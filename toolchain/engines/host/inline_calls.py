"""Calls of small methods done in place: their code is joined into the graph of the caller.

Which method a call finds is guessed: for `self` from its class, for other receivers from the class of the exemplar, or
because one class only has a method of that name. A guard makes the guess good, and is what breaks when any method of
the name changes, also while the caller runs: a global that is true until then, or the host class of the receiver:

    if L_free:                                       if ball.__class__ is I_Ball_bounce:
     (the body)                                       (the body, in which `self` is called `ball`)
    else:                                            else:
     s0 = self.free(None, row)                        s0 = ball.bounce(None)

An argument that is a literal, or a variable of the caller, stands for the parameter itself where the method does not
assign to that.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from . import exemplars
from .exemplars import UNSEEN, kind
from .inline import operand_before
from .lists import list_text
from .lower import LOCAL, PURE, STATE, TEMPORARY, Expr, Lowerer
from .scope import Scope, stored_slots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .function import HostFunction
    from .graph import Block

MAX_CALLS = 3  # calls in calls that are done in place
MAX_TOTAL = 250  # instructions that come into one Python function in this way
FLAGS = (0, so.IMPLICIT_SELF, so.IMPLICIT_SELF | so.VARIABLE_LIKE)
LITERALS = ("PUSH_NIL", "PUSH_TRUE", "PUSH_FALSE")


class Call:
    """One call that is done in place: instruction `at` of `caller`; `scope` is the method's.

    `own`: it is a call on self. `targets` are the variables that receiver and arguments are stored to, "" for what
    needs none.
    """

    __slots__ = ("caller", "at", "name", "argc", "scope", "own", "targets", "join")

    def __init__(self, caller: Scope, at: int, name: str, argc: int, scope: Scope, own: bool) -> None:
        self.caller = caller
        self.at = at
        self.name = name
        self.argc = argc
        self.scope = scope
        self.own = own
        self.targets = ["", *scope.names[:argc]]
        self.join: Block | None = None  # what goes on behind the call, if nothing else leads there

    def joins(self, done: Block, join: Block, index: int) -> None:
        """Let a block that has the result go on with `join`, instruction `index` of the caller."""
        done.term = ("jump", join)
        if index not in self.caller.decoded.leaders:
            self.join = join


def plan_call(host: HostFunction, scope: Scope, index: int) -> Call | None:
    """Return the plan for the CALL_METHOD at `index`, None if it is to be an ordinary call."""
    name, argc, flags = scope.decoded.code[index][1]
    translation = host.translation
    if flags not in FLAGS or not host.inlining or translation.reads_match:
        return None
    if translation.ask("watched"):
        return None
    at = operand_before(scope, index, argc)
    own = flags != 0 or (at is not None and scope.decoded.code[at][0] == "LOAD_SELF")
    like = UNSEEN
    if own:
        number = translation.small_method(scope, name, argc)
    else:
        like = exemplar_at(host, scope, at)
        number = method_of(host, like, name, argc)
    around = callers(scope)
    if number < 0 or len(around) > MAX_CALLS or number in around or host.evals:
        return None
    callee = scope.unit.module.functions[number]
    size = translation.unit.summary("small", number)
    if host.called_size + size > MAX_TOTAL:
        return None
    host.called_size += size
    inner = translation.scope(scope.unit, callee, scope, host)
    plan = Call(scope, index, name, argc, inner, own)
    inner.inlined = plan
    inner.called = True
    share_variables(plan, at)
    if plan.targets[0] and like is not UNSEEN:
        translation.exemplars.setdefault(inner.me, like)
    return plan


def callers(scope: Scope) -> list[int]:
    """Return the functions whose calls a scope stands in, with its own."""
    found = []
    around: Scope | None = scope
    while around is not None:
        if around.called or around.inlined is None:
            found.append(around.function.index)
        around = around.parent if around.inlined is not None else None
    return found


def share_variables(plan: Call, receiver: int | None) -> None:
    """Decide what receiver and arguments are called in the method."""
    caller, scope = plan.caller, plan.scope
    code, leaders = caller.decoded.code, caller.decoded.leaders
    if plan.own:
        scope.me = caller.me
    else:
        scope.me = plan.targets[0] = f"o{scope.number}"
    stored = stored_slots(scope.unit, scope.function)
    at = plan.at
    for slot in range(plan.argc, -1, -1):
        if at in leaders:
            return
        at -= 1
        name, operands = code[at]
        literal = name in LITERALS or (name == "PUSH_CONST" and is_number(caller, operands[0]))
        if literal or (name == "LOAD_LOCAL" and operands[0] in caller.fixed):
            if slot and slot - 1 not in stored:
                scope.fixed[slot - 1] = None  # until it is known
                plan.targets[slot] = ""
        elif name == "LOAD_LOCAL" and operands[0] not in caller.captured:
            if not slot and not plan.own:
                scope.me, plan.targets[0] = caller.var(operands[0]), ""
            elif slot and slot - 1 not in stored:
                scope.names[slot - 1] = caller.var(operands[0])
                scope.aliased.add(slot - 1)
                plan.targets[slot] = ""
        elif name != "LOAD_SELF":
            return


def is_number(scope: Scope, index: int) -> bool:
    return scope.function.constants[index][0] in (ck.CONST_INT, ck.CONST_FLOAT, ck.CONST_SYMBOL)


def exemplar_at(host: HostFunction, scope: Scope, at: int | None) -> Any:
    """Return the exemplar of what instruction `at` leaves on the stack, as far as it is known before lowering."""
    if at is None or at < 0:
        return UNSEEN
    known = host.translation.exemplars
    name, operands = scope.decoded.code[at]
    if name == "LOAD_LOCAL":
        return known.get(scope.var(operands[0]), UNSEEN)
    if name == "LOAD_IVAR":
        return exemplars.variable(known.get(scope.me, UNSEEN), operands[0])
    if name == "CALL_METHOD" and operands[1] == 0 and operands[2] == 0:
        receiver = exemplar_at(host, scope, operand_before(scope, at, 0))
        return exemplars.attribute(receiver, operands[0])
    if name == "INDEX_GET" and operands == (1, 0):
        return exemplars.element(exemplar_at(host, scope, operand_before(scope, at, 1)))
    return UNSEEN


def method_of(host: HostFunction, like: Any, name: str, argc: int) -> int:
    """Return the number of the small method `name` of what is like the exemplar, -1 if it has none."""
    translation = host.translation
    if kind(like) == "object":
        number = translation.unit.number_of(exemplars.class_of(like), name)
        return number if number >= 0 and translation.ask("small_method_of", number, name, argc) else -1
    return translation.ask("sole_method", name, argc) if like is UNSEEN else -1


def guard(host: HostFunction, low: Lowerer, term: tuple[Any, ...]) -> None:
    """Decide between the method's code and the plain call."""
    _, setup, plain, plan = term
    low.scope = plan.caller
    low.pc = plan.caller.base + plan.at
    entries = low.pop_many(plan.argc + 1)
    low.spill(STATE)
    for at, target in enumerate(plan.targets):
        if target:
            entries[at] = stored(host, low, target, entries[at:])
        elif at - 1 in plan.scope.fixed:
            plan.scope.fixed[at - 1] = entries[at]
    below = [leave(host, low, plan, at) for at in range(len(low.stack))]
    low.leave_stack()
    host.stacks[plain] = below + entries
    name = host.translation.name
    generation = host.translation.ask("generation")
    if plan.own:
        test = name(f"L:{generation}:{plan.name}")
    else:
        test = f"{plan.scope.me}.__class__ is {name(f'I:{generation}:{plan.scope.function.index}:{plan.name}')}"
    low.node.term = ("if", test, host.node(setup), host.node(plain))


def leave(host: HostFunction, low: Lowerer, plan: Call, at: int) -> Expr:
    """Return what stands for entry `at` of the stack below the call while the method runs: itself, if it is a literal,
    a constant or a variable, which the method cannot change."""
    expr = low.stack[at]
    place = Expr(f"s{at}", PURE, "", frozenset((f"s{at}",)), True)
    if plan.join is None or not expr.simple or expr.kind > LOCAL or TEMPORARY(expr.text) or expr.text == place.text:
        return place
    host.untouched[plan.join, at] = expr
    low.stack[at] = place
    return expr


def stored(host: HostFunction, low: Lowerer, name: str, entries: list[Expr]) -> Expr:
    """Emit the assignment of the first entry to a variable; return what stands for it."""
    expr = entries[0]
    host.stored.add(name)
    if expr.like is not UNSEEN:
        host.translation.exemplars.setdefault(name, expr.like)
    shared = any(expr.text in other.reads for other in entries[1:])
    if shared or not low.retarget(expr, f"{name} = "):
        low.line(f"{name} = {expr.text}", expr.pc)
    if name in host.lists:
        low.line(list_text(host, name, expr.type, expr.text))
    return Expr(name, LOCAL, expr.type, frozenset((name,)), True, low.pc, (), expr.like)


def enter(low: Lowerer, plan: Call) -> None:
    """Give the variables of the method that are no parameters their nil."""
    for name in sorted(low.host.inner_unset.get(low.block, ())):
        low.line(f"{name} = None")
        if name in low.host.lists:
            low.line(f"{low.host.lists[name]} = None")
