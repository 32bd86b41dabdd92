"""The translation of one function, with its closures and inlined blocks, to Python text.

A `Translation` holds what is common: names, scopes, and what was assumed about the program (`facts.py` answers). A
`HostFunction` is one Python function in the making: the function itself or a closure in it.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from .graph import Builder, Declined, DeclinedWhole, Graph, targets
from .inline import Plan, plan_inline
from .lower import EFFECT, PURE, STATE, Expr, Lowerer
from .scope import Scope, stored_slots, stored_upvalues, tidy
from .structure import Node, structure
from .types import infer, maybe_unset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .facts import Facts
    from .graph import Block
    from .structure import Lines

MAX_INSTRUCTIONS = 6000  # of one function with its closures
UNENTERED = -1           # position of lines that run before the function counts as entered


class Translation:
    """One function being translated."""

    def __init__(self, facts: Facts, function: ck.Function) -> None:
        self.facts = facts
        self.unit = facts.unit
        self.function = function
        self.idents: dict[str, str] = {}   # real global or attribute name -> identifier
        self.renames: dict[str, str] = {}  # identifier -> real name
        self.scopes: list[Scope] = []
        self.next_base = 0
        self.lazy_blocks: set[str] = set()  # block parameters that are made a Proc where they are used
        self.size = 0
        self.counter = 0

    # names

    def name(self, real: str) -> str:
        """Return the identifier that stands for a name which may be no identifier."""
        ident = self.idents.get(real)
        if ident is None:
            ident = self.idents[real] = f"G{len(self.idents)}{tidy(real[1:].lstrip(':'))}"
            self.renames[ident] = real
        return ident

    def parameter(self, keyword: str) -> str:
        """Return an identifier for a keyword parameter, which must have the keyword's name in the end."""
        self.counter += 1
        ident = f"k{self.counter}_{tidy(keyword)}"
        self.renames[ident] = keyword
        return ident

    def context(self, scope: Scope) -> str:
        return self.name(f"F:{self.facts.variant}:{scope.function.index}")

    def scope(self, unit: Any, function: ck.Function, parent: Scope | None, host: HostFunction | None) -> Scope:
        self.size += len(function.code)
        if self.size > 12 * MAX_INSTRUCTIONS:
            raise Declined("size")
        scope = Scope(len(self.scopes), unit, function, parent, host, self.next_base)
        self.next_base += len(scope.decoded.code) + 1
        self.scopes.append(scope)
        return scope

    def number(self) -> int:
        self.counter += 1
        return self.counter

    # what is known of the program

    def assume(self, owner: str, name: str) -> bool:
        return self.facts.assume(owner, name)

    def plain(self, operator: str) -> bool:
        return self.facts.plain(operator)

    def constant(self, name: str) -> tuple[str, bool]:
        return self.facts.constant(name)

    def scoped_constant(self, key: str, name: str) -> str | None:
        return self.facts.scoped_constant(key, name)

    def is_plain_class(self, key: str) -> bool:
        return self.facts.is_plain_class(key)

    def is_module(self, key: str) -> bool:
        return self.facts.is_module(key)

    def is_builtin(self, key: str, name: str) -> bool:
        return self.facts.is_builtin(key, name)

    def class_method(self, key: str, name: str, argc: int) -> bool:
        return self.facts.class_method(key, name, argc)

    def self_method(self, scope: Scope, name: str, argc: int) -> bool:
        return scope.home().kind == ck.METHOD and self.facts.self_method(name, argc)

    def super_name(self, scope: Scope) -> str:
        if scope.home().kind != ck.METHOD:
            return ""
        return self.facts.super_name()

    def constructor(self, key: str) -> str:
        real = self.facts.constructor(key)
        return self.name(real) if real else ""

    def ivar_is_set(self, scope: Scope, name: str) -> bool:
        return scope.home().kind == ck.METHOD and self.facts.ivar_is_set(name)

    def ivar_has_slot(self, scope: Scope, name: str) -> bool:
        return scope.home().kind == ck.METHOD and self.facts.ivar_has_slot(name)


class HostFunction:
    """One Python function in the making. `name` is what the text calls it."""

    def __init__(self, translation: Translation, scope: Scope, parent: HostFunction | None) -> None:
        self.translation = translation
        self.scope = scope
        self.parent = parent
        scope.host = self
        self.name = f"f{scope.number}"
        self.inlining = parent is None or parent.inlining
        self.inlined_size = 0
        self.owned: set[str] = set()         # variables of this Python function
        self.inlined_vars: set[str] = set()  # of them, those of inlined blocks
        self.stored: set[str] = set()
        self.shared: set[str] = set()        # own variables that closures hold
        self.types: dict[str, str] = {}
        self.nodes: dict[Block, Node] = {}
        self.stacks: dict[Block, list[Expr]] = {}
        self.work: list[Block] = []
        self.inner_unset: dict[Block, set[str]] = {}
        self.tag = ""
        self.break_name = ""
        self.plain_depth = 0

    # --- the body ---

    def define(self) -> Lines:
        """Return the lines of the whole `def`."""
        scope = self.scope
        self.owned.update(scope.names)
        header, prologue, bound = self.signature()
        graph = Graph()
        entry = Builder(graph, scope, lambda s, i: plan_inline(self, s, i)).build((), 0)
        blocks = graph.blocks
        for block in blocks:
            if block.scope.inlined is not None:
                names = block.scope.names
                self.owned.update(names)
                self.inlined_vars.update(names)
        loose = set(scope.names[: scope.function.parameters.slot_count()])
        self._note_captures(blocks, loose)
        unset, self.inner_unset = maybe_unset(entry, blocks, bound)
        unset &= self.owned
        loose |= unset
        for names in self.inner_unset.values():
            loose |= names
        infer(blocks, self.types, loose)
        first = self.node(entry)
        while self.work:
            block = self.work.pop()
            stack = self.stacks.get(block)
            if stack is None:
                stack = [Expr(f"s{i}", PURE, "", frozenset((f"s{i}",)), True) for i in range(block.depth)]
            Lowerer(self, block, self.nodes[block]).run(stack)
        lines = structure(first)
        nonlocals = sorted(self.stored - self.owned)
        start = scope.base
        body: Lines = []
        if nonlocals:
            body.append((1, start, "nonlocal " + ", ".join(nonlocals)))
        body += prologue
        missing = sorted(unset - bound)
        for name in missing:
            body.append((1, start, f"{name} = None"))
        if self.tag:
            inner = [(depth + 2, pc, text) for depth, pc, text in lines] or [(2, start, "pass")]
            body.append((1, start, f"{self.tag} = Tag()"))
            body.append((1, start, "try:"))
            body += inner
            body.append((1, start, "except ReturnJump as jump:"))
            body.append((2, start, f"if jump.tag is not {self.tag}: raise"))
            body.append((2, start, "return jump.value"))
            body.append((1, start, "finally:"))
            body.append((2, start, f"{self.tag}.alive = False"))
        else:
            body += [(depth + 1, pc, text) for depth, pc, text in lines]
        if not body:
            body.append((1, start, "return None"))
        if self.parent is not None:
            self.parent.stored |= self.stored - self.owned
        return [(0, start, header), *body]

    def _note_captures(self, blocks: list[Block], loose: set[str]) -> None:
        functions = self.translation.unit.module.functions
        for block in blocks:
            for scope, _, name, operands in block.code:
                if name == "CAPTURE_VAR":
                    self.shared.add(scope.var(operands[1]) if operands[0] == so.FROM_LOCAL else scope.upvalue(operands[1]))
                elif name in ("BUILD_LAMBDA", "DEFINE_METHOD_RUNTIME"):
                    child = functions[operands[0] if name == "BUILD_LAMBDA" else operands[1]]
                    for index in stored_upvalues(self.translation.unit, child):
                        source, at = child.upvalues[index]
                        loose.add(scope.var(at) if source == so.FROM_LOCAL else scope.upvalue(at))

    def node(self, block: Block) -> Node:
        """Return the node of a block, which is lowered if it was not yet reached."""
        node = self.nodes.get(block)
        if node is None:
            node = self.nodes[block] = Node(block.id + 1, block.path)
            self.work.append(block)
        return node

    # --- parameters ---

    def signature(self) -> tuple[str, Lines, set[str]]:
        """Return the header line, the prologue, and the variables that are set behind it."""
        scope = self.scope
        kind = scope.kind
        function = scope.function
        names = scope.names
        bound = set(names[: function.parameters.slot_count()])
        if kind == ck.METHOD:
            header, prologue = self._method_signature()
        elif kind == ck.BLOCK:
            header, prologue = self._block_signature()
        elif kind == ck.LAMBDA:
            header, prologue = self._lambda_signature()
        else:
            header, prologue = f"def {self.name}(self, blk, frame):", []
        return header, prologue, bound

    def _method_signature(self) -> tuple[str, Lines]:
        function = self.scope.function
        parameters, flags = function.parameters, function.parameters.flags
        names = self.scope.names
        if (
            parameters.post and flags == ck.REST and not parameters.optional and not parameters.keywords
        ):  # fmt: skip
            return self._post_signature()
        if parameters.post or flags & ck.NO_KEYWORDS:
            given = ", ".join(["blk", *names[: parameters.slot_count()]])
            context = self.translation.context(self.scope)
            return (
                f"def {self.name}(self, blk, *args, **keywords):",
                [(1, UNENTERED, f"{given} = bind_method({context}, self, blk, args, keywords)")],
            )
        texts, prologue = self._positional(["self", "blk"])
        return f"def {self.name}({', '.join(texts)}):", prologue

    def _post_signature(self) -> tuple[str, Lines]:
        """Return header and prologue of `def m(a, *b, c)`: Python's rest takes the last parameters apart itself."""
        parameters = self.scope.function.parameters
        names = self.scope.names
        leading = names[: parameters.required]
        rest = names[parameters.required]
        last = names[parameters.required + 1 : parameters.required + 1 + parameters.post]
        context = self.translation.context(self.scope)
        header = ", ".join(["self", "blk", *(f"{name}=UNDEF" for name in leading), "*" + rest])
        given = "".join(name + ", " for name in leading)
        start = self.scope.base
        prologue = [
            (1, UNENTERED, f"if len({rest}) < {len(last)}: return misfit({context}, self, blk, ({given}*{rest}), {{}})"),
            (1, start, f"*{rest}, {', '.join(last)} = {rest}"),
            (1, start, f"{rest} = Array({rest})"),
        ]
        return f"def {self.name}({header}):", prologue

    def _positional(self, texts: list[str]) -> tuple[list[str], Lines]:
        """Return parameter texts and prologue for a strict parameter list that Python can express."""
        function = self.scope.function
        parameters, flags = function.parameters, function.parameters.flags
        names = self.scope.names
        start = self.scope.base
        prologue: Lines = []
        slot = parameters.required
        texts += names[:slot]
        is_method = self.scope.kind == ck.METHOD
        context = self.translation.context(self.scope) if is_method else ""
        if is_method and slot and not flags & ck.BLOCK_PARAM:
            # With one argument too few, a block may stand for it: the stack engine knows.
            texts[-1] += "=UNDEF"
            given = ", ".join(names[: slot - 1])
            line = f"if {names[slot - 1]} is UNDEF: return misfit({context}, self, blk, ({given}{',' if given else ''})"
            prologue.append((1, UNENTERED, line + ", {})"))
        for _ in range(parameters.optional):
            texts.append(f"{names[slot]}=UNDEF")
            slot += 1
        takes_block = function.flags & ck.USES_BLOCK and is_method
        misfit_at = len(prologue)
        if flags & ck.REST:
            texts.append("*" + names[slot])
            prologue.append((1, start, f"{names[slot]} = Array(list({names[slot]}))"))
            slot += 1
        elif parameters.keywords and is_method:
            texts.append("*more")
        elif takes_block:
            texts.append("extra=UNDEF")
            given = "".join(name + ", " for name in names[: parameters.required + parameters.optional])
            prologue += [
                (1, UNENTERED, "if extra is not UNDEF:"),
                (2, UNENTERED, "if blk is None and is_callable(extra): blk = to_block(extra)"),
                (2, UNENTERED, f"else: return misfit({context}, self, blk, ({given}extra,), {{}})"),
            ]
        if parameters.keywords and not flags & ck.REST and not is_method:
            texts.append("*")
        passed = []
        for keyword, required in parameters.keywords:
            ident = self.translation.parameter(keyword)
            passed.append(f"{keyword!r}: {ident}")
            texts.append(ident if required else f"{ident}=UNDEF")
            prologue.append((1, start, f"{names[slot]} = {ident}"))
            slot += 1
        if flags & ck.KEYREST:
            texts.append("**" + names[slot])
            prologue.append((1, start, f"{names[slot]} = keywords_hash({names[slot]})"))
            slot += 1
        if flags & ck.BLOCK_PARAM:
            self._block_parameter(slot, prologue)
        if passed and is_method:
            every = f"{{{', '.join(passed)}{', **' + names[slot - 1] if flags & ck.KEYREST else ''}}}"
            for index in range(misfit_at):
                depth, at, text = prologue[index]
                prologue[index] = (depth, at, text.replace(", {})", f", {every})"))
            if not flags & ck.REST:
                given = "".join(name + ", " for name in names[: parameters.required + parameters.optional])
                line = f"if more: return misfit({context}, self, blk, ({given}*more), {every})"
                prologue.insert(0, (1, UNENTERED, line))
        return texts, prologue

    def _block_parameter(self, slot: int, prologue: Lines) -> None:
        name = self.scope.names[slot]
        if self.scope.kind != ck.METHOD:
            prologue.append((1, self.scope.base, f"{name} = None"))
        elif slot in stored_slots(self.translation.unit, self.scope.function):
            prologue.append((1, self.scope.base, f"{name} = block_proc(blk)"))
        else:
            self.translation.lazy_blocks.add(name)

    def _block_signature(self) -> tuple[str, Lines]:
        function = self.scope.function
        parameters = function.parameters
        names = self.scope.names
        start = self.scope.base
        count = parameters.required
        if (
            parameters.optional or parameters.post or parameters.keywords or parameters.flags
            or function.flags & ck.EXCESS_COMMA
        ):  # fmt: skip
            given = ", ".join(names[: parameters.slot_count()])
            context = self.translation.context(self.scope)
            target = given + "," if given else "_"
            return (
                f"def {self.name}(*args, **keywords):",
                [(1, start, f"{target} = bind_block({context}, args, keywords)")],
            )
        if count == 0:
            return f"def {self.name}(*_):", []
        if count == 1:
            return f"def {self.name}({names[0]}=None, *_):", []
        texts = [f"{names[0]}=None", f"{names[1]}=UNDEF", *(f"{name}=None" for name in names[2:count]), "*_"]
        every = ", ".join(names[:count])
        line = f"if {names[1]} is UNDEF: {every} = spread({names[0]}, {count})"
        return f"def {self.name}({', '.join(texts)}):", [(1, start, line)]

    def _lambda_signature(self) -> tuple[str, Lines]:
        function = self.scope.function
        parameters = function.parameters
        if (
            parameters.post or parameters.keywords or parameters.optional or parameters.flags
            or function.flags & (ck.EXCESS_COMMA | ck.USES_BLOCK)
        ):  # fmt: skip
            given = ", ".join(self.scope.names[: parameters.slot_count()])
            context = self.translation.context(self.scope)
            return (
                f"def {self.name}(*args, **keywords):",
                [(1, UNENTERED, f"{given + ', =' if given else '_ ='} bind_lambda({context}, args, keywords)")],
            )
        texts, prologue = self._positional([])
        return f"def {self.name}({', '.join(texts)}):", prologue

    # --- what the lowerer asks for ---

    def has_block(self) -> bool:
        return True

    def return_tag(self) -> str:
        """Return the variable that identifies the activation that `return` in a block leaves."""
        host: HostFunction = self
        while host.scope.kind == ck.BLOCK and host.parent is not None:
            host = host.parent
        if not host.tag:
            host.tag = f"tag{host.scope.number}"
        return host.tag

    def break_tag(self, scope: Scope) -> str:
        return scope.home().host.break_name  # type: ignore[no-any-return]

    def explains_failures(self, scope: Scope) -> bool:
        """Return whether a failing match must tell which test failed."""
        return any(name == "MATCH_FAIL" and operands[0] for name, operands in scope.decoded.code)

    def closure(self, low: Lowerer, index: int, kind: int) -> tuple[str, str]:
        """Emit the `def` of a closure; return its name, and the tag that a `break` in it needs."""
        translation = self.translation
        function = translation.unit.module.functions[index]
        scope = translation.scope(translation.unit, function, low.scope, None)
        host = HostFunction(translation, scope, self)
        if low.scope.inlined is not None or self._is_fallback(low):
            host.inlining = False
        tag = ""
        if function.kind == ck.BLOCK and function.flags & ck.HAS_BREAK_BLOCK:
            tag = host.break_name = f"brk{scope.number}"
        before = set(self.stored)
        try:
            lines = host.define()
        except DeclinedWhole:
            raise
        except Declined:
            self.stored = before
            return self.stack_closure(low, index, kind), ""
        pc = low.pc
        fresh = sorted(
            {low.scope.var(at) if source == so.FROM_LOCAL else low.scope.upvalue(at) for source, at in function.upvalues}
            & self.inlined_vars
        )
        if fresh:
            # A closure in an inlined loop body holds the variables of one iteration.
            maker = f"mk{scope.number}"
            lines = [
                (0, pc, f"def {maker}({', '.join(fresh)}):"),
                *((depth + 1, at, text) for depth, at, text in lines),
                (1, pc, f"return {host.name}"),
                (0, pc, f"{host.name} = {maker}({', '.join(fresh)})"),
            ]
        if tag:
            lines.insert(0, (0, pc, f"{tag} = Tag()"))
        if function.kind == ck.LAMBDA or lines[0][2].endswith("(*args, **keywords):"):
            count = function.parameters.required + function.parameters.optional + function.parameters.post
            if "(*args, **keywords):" in "".join(text for depth, _, text in lines[:3]):
                count = -count if function.kind == ck.LAMBDA else count
                lines.append((0, pc, f"{host.name}.params_count = {count}"))
        low.line(lines)
        return host.name, tag

    @staticmethod
    def _is_fallback(low: Lowerer) -> bool:
        return low.block in low.host.stacks

    def stack_closure(self, low: Lowerer, index: int, kind: int) -> str:
        """Emit a closure that the stack engine runs; return its name."""
        translation = self.translation
        function = translation.unit.module.functions[index]
        names = [
            low.scope.var(at) if source == so.FROM_LOCAL else low.scope.upvalue(at) for source, at in function.upvalues
        ]
        if function.flags & (ck.HAS_BREAK_BLOCK | ck.HAS_RETURN_METHOD):
            raise Declined("a jump out of a block of the stack engine")
        if set(names) & self.inlined_vars or set(names) & translation.lazy_blocks:
            raise Declined("a block of the stack engine in a loop")
        name = f"z{translation.number()}"
        cells = f"lambda: ({''.join(n + ', ' for n in names)})"
        frame = "frame" if self.scope.kind not in (ck.METHOD, ck.BLOCK, ck.LAMBDA) else "None"
        context = translation.context(low.scope.home())
        ordered = repr(tuple(names))
        low.line(f"{name} = stack_block({context}, {frame}, self, blk, {index}, {kind}, {cells}, {ordered})")
        self.stored.update(
            name for name, upvalue in zip(names, range(len(names))) if upvalue in stored_upvalues(translation.unit, function)
        )
        return name

    # --- inlined blocks ---

    def guard(self, low: Lowerer, term: tuple[Any, ...]) -> None:
        """Decide between the inlined block and the plain call, for the receiver on the stack."""
        _, setup, plain, plan = term
        row = plan.row
        if row.name == "loop":
            low.pop_raw()
            low.leave_stack()
            low.node.term = ("goto", self.node(setup))
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
                array = self.translation.name("B:Array")
                tests = [f"{plan.recv} is {array}", f"{plan.arg}.__class__ is int", f"0 <= {plan.arg} < 1 << 32"]
            elif row.owner == "Integer":
                tests = [f"{expr.text}.__class__ is int" for expr in entries if expr.type != "int"]
            else:
                tests = [f"{plan.recv}.__class__ is Array"]
        low.leave_stack()
        below = [Expr(f"s{i}", PURE, "", frozenset((f"s{i}",)), True) for i in range(len(low.stack))]
        if not tests:
            low.node.term = ("goto", self.node(setup))
            return
        self.stacks[plain] = below + entries
        low.node.term = ("if", "(" + " and ".join(tests) + ")", self.node(setup), self.node(plain))

    def iterate(self, low: Lowerer, term: tuple[Any, ...]) -> None:
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
        low.node.term = ("for", f"{target} in {iterable}", self.node(body), self.node(done))

    def bind_item(self, low: Lowerer, plan: Plan) -> None:
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
        for name in sorted(self.inner_unset.get(low.block, ())):
            low.line(f"{name} = None")

    def receiver(self, low: Lowerer, plan: Plan) -> Expr:
        if plan.form != "range":
            return low.named(plan.recv)
        exclusive = bool(plan.caller.decoded.code[plan.index - 1][1][0])
        text = f"Range({plan.recv}, {plan.arg}, {exclusive})"
        return Expr(text, PURE, "object", frozenset((plan.recv, plan.arg)), pc=low.pc)

    def protect(self, low: Lowerer, term: tuple[Any, ...]) -> None:
        _, body, handler, region = term
        if region.plan is not None:
            low.node.term = ("try", self.node(body), self.node(handler), "stop", (region.plan.result,))
            return
        error = region.scope.var(region.slot)
        prologue = (error, f"e{self.translation.number()}", [])
        if not region.is_ensure:
            self.stored.add(error)
        kind = "ensure" if region.is_ensure else "rescue"
        low.node.term = ("try", self.node(body), self.node(handler), kind, prologue)


__all__ = ["STATE", "targets"]
