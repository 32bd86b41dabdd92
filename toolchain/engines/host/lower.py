"""A basic block's instructions to Python text.

Each instruction is executed on a symbolic stack of `Expr`s, Python expressions that stand for values. An expression
stays on the stack until something consumes it, so that nested operations become nested Python; before a statement is
emitted, what is pending and could be changed by it is saved in a temporary. Python evaluates from left to right, like
the pushes.

Line numbers carry positions: a line break inside of an expression is written as a newline, the position and a zero
character, and the last step (generate.py) turns positions into a table by line. So text that may raise at another
instruction than the statement's own begins behind such a break.

The handlers of instructions are in `variables.py` (constants, variables, stack, control), `arithmetic.py`, `sends.py`
and `closures.py`.
"""

from __future__ import annotations

import re

from .exemplars import UNSEEN
from .graph import Block, targets
from .lists import list_text
from .nodes import Node
from .results import Declined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .scope import Scope
    from .translate import HostFunction

# What an expression depends on.
PURE = 0  # nothing: constants, temporaries
LOCAL = 1  # local variables that only this function's own statements change
STATE = 2  # what calls may change: instance variables, captured variables, globals
EFFECT = 3  # it has effects or may raise, so its place in the order counts


class Expr:
    """A Python expression for a value on the operand stack.

    `type`: "int", "float", "bool" (a Python bool), "cmp" (what a Python comparison gave: a bool, or what the program's
    method returned), "nil", "sym", "" (anything). `reads` are the variables it names. `simple`: a name or
    constant, which may be repeated. `like` is an exemplar (exemplars.py). `extra` is what templates want to know:
    ("str", text), ("int", n), ("block",) ...
    """

    __slots__ = ("text", "kind", "type", "reads", "simple", "pc", "extra", "like")

    def __init__(
        self,
        text: str,
        kind: int = PURE,
        type_: str = "",
        reads: frozenset[str] = frozenset(),
        simple: bool = False,
        pc: int = 0,
        extra: tuple[Any, ...] = (),
        like: Any = UNSEEN,
    ) -> None:
        self.text = text
        self.kind = kind
        self.type = type_
        self.reads = reads
        self.simple = simple
        self.pc = pc
        self.extra = extra
        self.like = like

    def __repr__(self) -> str:
        return f"Expr({self.text!r}, {self.kind}, {self.type!r})"


NIL = Expr("None", PURE, "nil", simple=True)
TRUE_EXPR = Expr("TRUE", PURE, "true", simple=True)
FALSE_EXPR = Expr("FALSE", PURE, "false", simple=True)
SELF = Expr("self", PURE, "", simple=True, extra=("self",))


TEMPORARY = re.compile(r"t\d+").fullmatch


def at(pc: int, text: str) -> str:
    """Return an expression's text on a line of its own, for position `pc`."""
    return f"(\n{pc}\0{text})"


class Lowerer:
    """Lowers one block to a Node."""

    def __init__(self, host: HostFunction, block: Block, node: Node) -> None:
        self.host = host
        self.block = block
        self.node = node
        self.stack: list[Expr] = []
        self.pc = 0
        self.scope: Scope = block.scope
        self.at = 0  # where the current instruction stands in the block
        self.skip = 0  # instructions behind it that it has dealt with
        self.known_ivars: set[str] = set()
        self.held: set[str] = set()  # variables read by what the current instruction has popped
        self.assigned: frozenset[str] = frozenset()  # the temporary that the last condition's text assigns
        self.tested = ""  # the test text of the branches that make their own
        self.aliases: dict[str, Expr] = {}  # variables that need not exist -> what they stand for

    # --- the stack ---

    def push(self, expr: Expr) -> None:
        self.stack.append(expr)

    def pop(self) -> Expr:
        """Pop a guest value (a Python truth value becomes one)."""
        return self.value(self.pop_raw())

    def pop_raw(self) -> Expr:
        expr = self.stack.pop()
        self.held |= expr.reads
        return expr

    def pop_many(self, count: int) -> list[Expr]:
        if not count:
            return []
        found = []
        for index in range(len(self.stack) - count, len(self.stack)):
            expr = self.value(self.stack[index])
            self.held |= expr.reads
            found.append(expr)
        del self.stack[-count:]
        return found

    def value(self, expr: Expr) -> Expr:
        """Return an expression for a guest value."""
        if expr.type == "bool":
            text = expr.text
            if text.startswith("not "):
                text = f"(FALSE if {text[4:]} else TRUE)"
            else:
                text = f"(TRUE if {text} else FALSE)"
            return Expr(text, expr.kind, "truth", expr.reads, False, expr.pc)
        if expr.type == "cmp":
            temp = self.temp(expr.reads)
            text = f"(TRUE if ({temp} := {expr.text}) is True else FALSE if {temp} is False else unbox({temp}))"
            return Expr(text, EFFECT, "", expr.reads | {temp}, False, expr.pc)
        return expr

    def temp(self, avoid: frozenset[str] = frozenset()) -> str:
        """Return the name of a temporary that nothing pending reads."""
        used = self.held | avoid
        for expr in self.stack:
            used |= expr.reads
        number = 1
        while f"t{number}" in used:
            number += 1
        return f"t{number}"

    def named(self, name: str, type_: str = "", like: Any = UNSEEN) -> Expr:
        return Expr(name, PURE, type_, frozenset((name,)), True, self.pc, (), like)

    def text(self, expr: Expr) -> str:
        """Return the text of an operand, on its own line if it may raise elsewhere than the operation."""
        if expr.kind == EFFECT and expr.pc != self.pc:
            return at(expr.pc, expr.text)
        return expr.text

    def spill_at(self, index: int) -> None:
        """Save a pending entry in a temporary."""
        expr = self.value(self.stack[index])
        temp = self.temp(expr.reads)
        self.line(f"{temp} = {expr.text}", expr.pc)
        reads = frozenset((temp,))
        self.stack[index] = Expr(temp, PURE, expr.type, reads, True, expr.pc, keep(expr.extra), expr.like)

    def spill(self, level: int, upto: int | None = None) -> None:
        """Save all pending entries (the first `upto`) that depend on `level` or more, in order."""
        stack = self.stack
        for index in range(len(stack) if upto is None else upto):
            if stack[index].kind >= level:
                self.spill_at(index)

    def simplify(self, count: int) -> None:
        """Make the top `count` entries simple, evaluated in order."""
        stack = self.stack
        first = len(stack) - count
        last = -1
        for index in range(first, len(stack)):
            if not stack[index].simple:
                last = index
        if last < 0:
            return
        for index in range(last + 1):
            expr = stack[index]
            if (index >= first and not expr.simple) or expr.kind >= STATE:
                self.spill_at(index)

    def settle(self, count: int) -> None:
        """Make the top `count` entries neither raise nor need an order: for calls that must fail in one place only."""
        stack = self.stack
        first = len(stack) - count
        last = -1
        for index in range(first, len(stack)):
            if stack[index].kind == EFFECT or stack[index].type in ("bool", "cmp"):
                last = index
        for index in range(last + 1):
            expr = stack[index]
            if expr.kind == EFFECT or (expr.kind == STATE) or (index >= first and expr.type in ("bool", "cmp")):
                self.spill_at(index)

    # --- statements ---

    def line(self, text: Any, pc: int | None = None) -> None:
        self.node.stmts.append((self.pc if pc is None else pc, text))

    def lines(self, *texts: str) -> None:
        """Emit one statement of several lines."""
        self.line([(0, self.pc, text) for text in texts])

    def statement(self, text: Any, level: int = STATE, pc: int | None = None) -> None:
        """Emit a statement after saving what it could change."""
        self.spill(level)
        self.line(text, pc)

    def retarget(self, expr: Expr, target: str) -> bool:
        """Let the last statement, which put `expr` into a temporary, do `target` ("x = ", "return ") instead."""
        if not self.node.stmts or not TEMPORARY(expr.text):
            return False
        if any(expr.text in other.reads for other in self.stack):
            return False
        pc, stmt = self.node.stmts[-1]
        source = expr.text + " = "
        lines = [stmt] if stmt.__class__ is str else [text for _, _, text in stmt]
        found = 0
        for text in lines:
            head = text[: text.find(source) + 1]
            if head and (len(head) == 1 or head.endswith(": t")):
                found += 1
            if len(re.findall(rf"\b{expr.text}\b", text)) != (1 if head else 0):
                return False
        if not found or lines[0].startswith("except"):
            return False
        if stmt.__class__ is str:
            self.node.stmts[-1] = (pc, stmt.replace(source, target, 1))
        else:
            self.node.stmts[-1] = (pc, [(depth, at, text.replace(source, target, 1)) for depth, at, text in stmt])
        return True

    def store(self, name: str, expr: Expr) -> None:
        """Assign to a variable of the program."""
        if name in self.host.passing and expr.simple and expr.kind <= LOCAL and not TEMPORARY(expr.text):
            self.aliases[name] = expr
            return
        for alias, value in list(self.aliases.items()):
            if name in value.reads:
                self.line(f"{alias} = {value.text}")
                del self.aliases[alias]
        self.assign(name, expr)
        if name in self.host.lists:
            self.line(list_text(self.host, name, expr.type, expr.text))

    def assign(self, name: str, expr: Expr) -> None:
        stack = self.stack
        self.host.stored.add(name)
        if expr.like is not UNSEEN:
            self.host.translation.exemplars.setdefault(name, expr.like)
        if all(name not in other.reads and other.kind < STATE for other in stack) and self.retarget(expr, f"{name} = "):
            return
        level = EFFECT if expr.kind < EFFECT else STATE
        for index in range(len(stack)):
            if stack[index].kind >= level or name in stack[index].reads:
                self.spill_at(index)
        self.line(f"{name} = {expr.text}", expr.pc if expr.kind == EFFECT else self.pc)

    # --- whole blocks ---

    def run(self, stack: list[Expr]) -> None:
        """Lower the block, whose operand stack is `stack` at its start."""
        self.stack = list(stack)
        last: tuple[Any, ...] = ()
        for at, (scope, index, name, operands) in enumerate(self.block.code):
            self.at = at
            last = (scope, index, name, operands)
            if self.skip:
                self.skip -= 1
                continue
            self.scope = scope
            self.pc = scope.base + index
            self.held.clear()
            handler = HANDLERS.get(name)
            if handler is None:
                raise Declined(name)
            handler(self, operands)
        self.node.pc = self.pc
        term = self.block.term
        kind = term[0]
        if kind == "end":
            self.node.term = ("end",)
            return
        if kind == "guard":
            self.host.guard(self, term)
            return
        if kind == "call":
            self.host.call(self, term)
            return
        if kind == "branch":
            test = self.stack.pop() if last[2] in TESTED else Expr(self.tested, EFFECT)
            text = self.condition(test) if last[2] in TESTED else test.text
            if self.block in self.host.kept:
                text = self.leave_value(test, text, last[2])
            overwritten = {f"s{i}" for i, expr in enumerate(self.stack) if expr.text != f"s{i}"}
            if overwritten & test.reads:
                temp = self.temp(test.reads)
                self.line(f"{temp} = {text}", test.pc)
                text = temp
            self.leave_stack()
            yes, no = self.host.node(term[1]), self.host.node(term[2])
            if last[2] == "JUMP_IF_FALSE":
                yes, no = no, yes
            if text.startswith("not "):
                text = text[4:]
                yes, no = no, yes
            self.node.term = ("if", text, yes, no)
            return
        self.leave_stack()
        if kind in ("jump", "leap"):
            self.node.term = ("goto" if kind == "jump" else kind, self.host.node(term[1]))
        elif kind == "iterate":
            self.host.iterate(self, term)
        elif kind == "count":
            self.host.count(self, term)
        else:
            self.host.protect(self, term)

    def keeps_value(self) -> bool:
        """Return whether the current instruction and the next one are the test of `&&` or `||` that ends the block."""
        return self.block in self.host.kept and self.at == len(self.block.code) - 2

    def leave_value(self, test: Expr, text: str, jump: str) -> str:
        """Take what a test of `&&` or `||` keeps from the stack: give it to the block that wants it. Return the test's
        text."""
        value = self.stack.pop()
        after = self.host.kept[self.block]
        if after is None:
            return text
        if test.type == "bool" or test.type == "truth":
            value = FALSE_EXPR if jump == "JUMP_IF_FALSE" else TRUE_EXPR
        elif test.type == "cmp":
            temp = self.temp(test.reads)
            known = "FALSE if {} is False" if jump == "JUMP_IF_FALSE" else "TRUE if {} is True"
            text = f"({temp} := {text})"
            value = Expr(f"({known.format(temp)} else unbox({temp}))", EFFECT, "", frozenset((temp,)), pc=self.pc)
        elif any(f"s{index}" in value.reads for index in range(len(self.stack))):
            self.stack.append(value)
            self.spill_at(len(self.stack) - 1)
            value = self.stack.pop()
        below = [Expr(f"s{i}", PURE, "", frozenset((f"s{i}",)), True) for i in range(len(self.stack))]
        self.host.stacks[after] = [*below, value]
        return text

    def leave_stack(self) -> None:
        """Assign what is left on the stack to `s0`, `s1`, ... for the next block."""
        stack = self.stack
        for index, expr in enumerate(stack):
            if expr.like is not UNSEEN:
                for target in targets(self.block.term):
                    self.host.likes.setdefault((target, index), expr.like)
            name = f"s{index}"
            if expr.text == name:
                continue
            for later in range(index, len(stack)):
                if name in stack[later].reads and later != index:
                    self.spill_at(later)
            expr = self.value(stack[index])
            self.line(f"{name} = {expr.text}", expr.pc)
            stack[index] = Expr(name, PURE, "", frozenset((name,)), True)

    def condition(self, expr: Expr) -> str:
        """Return Python text that is true in Python's sense if the value is true in the program's."""
        kind = expr.type
        self.assigned = frozenset()
        if kind in ("bool", "cmp"):
            return expr.text
        if kind == "truth":
            return f"({expr.text} is TRUE)"
        if kind in ("nil", "false"):
            return "False"
        if kind in ("int", "float", "true", "sym", "object", "array"):
            return "True" if expr.kind < EFFECT else f"({expr.text},)"
        if expr.extra[:1] == ("block",) and not expr.simple:  # a Proc need not be made for that
            return "(blk is not None)"
        if expr.extra[:1] == ("either",):  # a Python test, of which the value was made
            return str(expr.extra[1])
        if expr.simple:
            return f"({expr.text} is not FALSE and {expr.text} is not None)"
        temp = self.temp(expr.reads)
        self.assigned = frozenset((temp,))
        return f"(({temp} := {expr.text}) is not FALSE and {temp} is not None)"


def keep(extra: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what remains known of a value once it is in a temporary."""
    return extra if extra and extra[0] in ("block", "range", "const", "raw") else ()


def context(low: Lowerer) -> str:
    """Return the global that holds the function context of the current scope."""
    return low.host.translation.context(low.scope)


TESTED = ("JUMP_IF_FALSE", "JUMP_IF_TRUE")
HANDLERS: dict[str, Callable[[Lowerer, Any], None]] = {}


def handles(*names: str) -> Callable[[Callable[[Lowerer, Any], None]], Callable[[Lowerer, Any], None]]:
    """Register the handler of instructions."""

    def register(function: Callable[[Lowerer, Any], None]) -> Callable[[Lowerer, Any], None]:
        for name in names:
            HANDLERS[name] = function
        return function

    return register


from . import arithmetic, closures, sends, variables  # noqa: E402,F401 - they register handlers
