"""One Python function in the making: the function being translated, or a closure in it."""

from __future__ import annotations

import re

from ....format import chunk as ck
from ....format import stack_ops as so
from . import counting, inline_calls, iteration, switches
from .exemplars import UNSEEN
from .graph import Builder, Graph, stored_after
from .inline import Replan, check_captures, plan_inline
from .inline_calls import plan_call
from .lists import choose_lists, list_text, passing
from .lower import PURE, Expr, Lowerer
from .nodes import Node
from .parameters import signature
from .rest import kept_raw, left_raw
from .results import Declined, DeclinedWhole
from .scope import Scope, stored_upvalues
from .shortcuts import shorten
from .structure import structure
from .types import infer, maybe_unset, queues

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .graph import Block
    from .nodes import Lines
    from .parts import Part
    from .translate import Translation


def captured(scope: Scope, function: ck.Function) -> list[str]:
    """Return the variables of `scope` that are the upvalues of a closure made there."""
    return [scope.var(at) if source == so.FROM_LOCAL else scope.upvalue(at) for source, at in function.upvalues]


def mentions(lines: Lines, name: str) -> bool:
    """Return whether lines of Python have the identifier in them."""
    return any(name in text and re.search(rf"\b{name}\b", text) for _, _, text in lines)


class HostFunction:
    """One Python function in the making. `name` is what the text calls it."""

    def __init__(self, translation: Translation, scope: Scope, parent: HostFunction | None) -> None:
        self.translation = translation
        self.scope = scope
        self.parent = parent
        scope.host = self
        self.name = f"f{scope.number}"
        self.inlining: bool = parent is None or parent.inlining
        self.banned: set[int] = set()  # functions of blocks that turned out not to be for inlining
        self.walks_raw = True  # may inlined blocks walk rest parameters that Python made?
        # Its variables are seen by name: by eval code, in a Binding. They are in the Frame that this variable holds.
        self.evals = bool(scope.function.flags & ck.USES_EVAL) or scope.kind == ck.EVAL
        self.frame_name = "frame" if parent is None else f"frame{scope.function.index}"
        self.break_name = ""
        # It makes `self`, does what `initialize` does, and returns it.
        self.builds = parent is None and bool(translation.ask("built"))
        self._begin()

    def _begin(self) -> None:
        self.inlined_size = 0
        self.called_size = 0
        self.owned: set[str] = set()  # variables of this Python function
        self.inlined_vars: set[str] = set()  # of them, those of inlined blocks
        self.stored: set[str] = set()
        self.shared: set[str] = set()  # own variables that closures assign to
        self.types: dict[str, str] = {}
        self.lists: dict[str, str] = {}  # variable -> the one that holds its Array's list
        self.passing: set[str] = set()  # variables that need not exist, see lists.py
        self.nodes: dict[Block, Node] = {}
        self.stacks: dict[Block, list[Expr]] = {}  # of the plain calls beside inlined blocks
        self.often: set[Block] = set()  # those of them that are taken often, as far as can be told,
        self.sole: set[Block] = set()  # or always
        # Blocks that end with a test of `&&` or `||` -> where the value goes, see shortcuts.py.
        self.kept: dict[Block, Block | None] = {}
        self.likes: dict[tuple[Block, int], Any] = {}  # exemplars of what stands on the stack where blocks begin
        self.untouched: dict[tuple[Block, int], Expr] = {}  # what stands there of itself, see inline_calls.py
        self.work: list[Block] = []
        self.inner_unset: dict[Block, set[str]] = {}
        self.tag = ""
        self.blocks: list[Block] = []
        # Rest parameters that stay what Python made of them (slots; variable -> "tuple" or "dict"), see rest.py.
        self.passed_on: set[int] = kept_raw(self) if self.parent is None else set()
        self.raw: dict[str, str] = {}
        self.matched: set[str] = set()  # nameless variables with the Array that an array pattern takes apart
        self.keywords: list[str] = []  # of a closure: keyword parameters, which need their default
        self.held: set[str] = set()  # variables that closures hold
        # Of a part: variables that closures hold already when it begins; of a block as a method: those around it.
        self.given: list[str] = []
        if self.parent is None:
            self.given += [self.scope.upvalue(index) for index in range(len(self.scope.function.upvalues))]

    # --- the body ---

    def define(self) -> Lines:
        """Return the lines of the whole `def`."""
        while True:
            mark = self.translation.mark()
            try:
                return self._define()
            except Replan as found:
                if found.host is not self:
                    raise
                self.banned.add(found.index)
                self.translation.reset(mark)
                self._begin()

    def _define(self) -> Lines:
        scope = self.scope
        self.owned.update(scope.names)
        header, prologue, bound = signature(self)
        graph = Graph()
        part = self.translation.part if self.parent is None else None
        builder = Builder(graph, scope, lambda s, i: plan_inline(self, s, i), lambda s, i: plan_call(self, s, i))
        if part is None:
            entry = builder.build((), 0)
        else:
            entry = builder.build((), 0, part.start, part.stop, part.exports)
            prologue = self._take_over(part, bound)
        self.kept = shorten(graph)
        switches.find_switches(self, graph)
        blocks = self.blocks = graph.blocks
        if self.walks_raw and left_raw(self):
            self.walks_raw = False
            raise Replan(self, -1)
        for block in blocks:
            if block.scope.inlined is not None:
                inlined = block.scope.own_names()
                self.owned.update(inlined)
                if not block.scope.called:
                    self.inlined_vars.update(inlined)
                elif not block.scope.inlined.own:
                    self.owned.add(block.scope.me)
        parameters = scope.function.parameters
        loose = set(scope.names[: parameters.slot_count()])
        given = {}
        if parameters.flags & ck.REST and part is None:
            rest = scope.names[parameters.required + parameters.optional]
            if rest not in self.raw:
                loose.discard(rest)
                given[rest] = "array"
        if self.evals:
            self.shared.update(self._names())
        self._note_captures(blocks, loose)
        loose.update(self.given)
        unset, self.inner_unset = maybe_unset(entry, blocks, bound)
        unset &= self.owned
        loose |= unset
        for names in self.inner_unset.values():
            loose |= names
        for block in blocks:
            loose.update(block.scope.upvalues() - self.owned)
        assume = self.translation.assume
        arrays = assume("Array", "singleton")
        queued = queues(blocks)
        exported: set[str] = set()
        if part is not None:
            given = {scope.var(slot): self.translation.ask("kind_at_start", slot) for slot in part.loads}
            exported = {scope.var(slot) for slot in part.exports}
        infer(blocks, self.types, loose | queued, arrays, self.translation.makes_arrays, self.translation.plain, given)
        self.passing = passing(blocks, self.shared | exported)
        if arrays:
            self.lists = choose_lists(self, blocks, self.shared | queued)
        counting.count_loops(self, graph)
        first = self.node(entry)
        while self.work:
            block = self.work.pop()
            stack = self.stacks.get(block)
            if stack is None:
                stack = [
                    self.untouched.get((block, i))
                    or Expr(f"s{i}", PURE, "", frozenset((f"s{i}",)), True, like=self.likes.get((block, i), UNSEEN))
                    for i in range(block.depth)
                ]
            Lowerer(self, block, self.nodes[block]).run(stack)
        if self.builds and self.tag:
            raise Declined("return from a block of initialize")
        lines = structure(first)
        if part is not None:
            lines = self._give_back(part, lines)
        nonlocals = sorted(self.stored - self.owned)
        start = scope.base
        body: Lines = []
        if nonlocals:
            body.append((1, start, "nonlocal " + ", ".join(nonlocals)))
        body += prologue
        if scope.kind == ck.METHOD and self.translation.reads_match:
            body.append((1, start, self.translation.name("M:LAST") + ".raw = None"))
        missing = sorted(unset - bound)
        for name in missing:
            body.append((1, start, f"{name} = None"))
            if name in self.lists:
                body.append((1, start, f"{self.lists[name]} = None"))
        for name in sorted(self.lists.keys() & bound):
            body.append((1, start, list_text(self, name, given.get(name, ""))))
        evals = self.evals and scope.kind in (ck.METHOD, ck.BLOCK, ck.LAMBDA)
        if evals and scope.kind != ck.BLOCK and scope.function.flags & ck.HAS_RETURN_METHOD:
            self.return_tag()
        if self.tag:
            # A list from when a block that returns is made, which eval code may do.
            body.append((1, start, f"{self.tag} = {'[True]' if evals else None}"))
        if evals:
            body.append((1, start, self._make_frame()))
        elif self.parent is not None and self.parent.evals:
            body.append((1, start, self.parent.frame_name))  # so that it holds the frame
        if self.tag:
            inner = [(depth + 2, pc, text) for depth, pc, text in lines] or [(2, start, "pass")]
            body.append((1, start, "try:"))
            body += inner
            body.append((1, start, "except ReturnJump as jump:"))
            body.append((2, start, f"if jump.args[0] is not {self.tag}: raise"))
            body.append((2, start, "return jump.args[1]"))
            body.append((1, start, "finally:"))
            body.append((2, start, f"if {self.tag} is not None: {self.tag}[0] = False"))
        else:
            body += [(depth + 1, pc, text) for depth, pc, text in lines]
        if not body:
            body.append((1, start, "return self" if self.builds else "return None"))
        if self.parent is not None:
            self.parent.stored |= self.stored - self.owned
        return [(0, start, header), *body]

    def _names(self) -> list[str]:
        """Return the variables that have names in the program."""
        return [name for slot, name in enumerate(self.scope.names) if self.scope.label(slot)]

    def _make_frame(self) -> str:
        """Return the statement that makes the frame that eval code sees."""
        scope = self.scope
        names = tuple(name if scope.label(slot) else "" for slot, name in enumerate(scope.names))
        outer = self.parent.frame_name if self.parent is not None and self.parent.evals else "None"
        cells = "".join(name + ", " for name in self._names())
        context = self.translation.context(scope)
        about = f"{context}, {outer}, self, blk, {self.tag or 'None'}"
        return f"{self.frame_name} = eval_frame({about}, lambda: ({cells}), {names!r})"

    def _take_over(self, part: Part, bound: set[str]) -> Lines:
        """Return the lines that read the variables of a part; note those as bound."""
        scope = self.scope
        lines: Lines = []
        for slot in part.loads:
            name = scope.var(slot)
            bound.add(name)
            if slot in scope.captured and self.translation.ask("is_shared", slot):
                self.given.append(name)
                self.owned.discard(name)
            else:
                lines.append((1, scope.base, f"{name} = frame.locals[{slot}]" + "[0]" * (slot in scope.captured)))
        return lines

    def _give_back(self, part: Part, lines: Lines) -> Lines:
        """Put what gives variables back before each line where the part is left at its end."""
        scope = self.scope
        back = []
        held = []
        for slot in part.exports:
            name = scope.var(slot)
            if name in self.held and name not in self.given:
                held.append((slot, name))
            elif name in self.stored and name not in self.given:
                back.append(f"frame.locals[{slot}]" + "[0]" * (slot in scope.captured) + f" = {name}")
        if held:
            slots = tuple(slot for slot, _ in held)
            names = tuple(name for _, name in held)
            back.append(f"share(frame.locals, {slots!r}, lambda: ({', '.join(names)},), {names!r})")
        found: Lines = []
        for depth, pc, text in lines:
            if text == "return SUSPENDED":
                found += [(depth, pc, given) for given in back]
            found.append((depth, pc, text))
        return found

    def _note_captures(self, blocks: list[Block], loose: set[str]) -> None:
        functions = self.translation.unit.module.functions
        for block in blocks:
            for scope, _, name, operands in block.code:
                if name in ("BUILD_LAMBDA", "DEFINE_METHOD_RUNTIME"):
                    child = functions[operands[0] if name == "BUILD_LAMBDA" else operands[1]]
                    for index in stored_upvalues(self.translation.unit, child):
                        source, at = child.upvalues[index]
                        self.shared.add(scope.var(at) if source == so.FROM_LOCAL else scope.upvalue(at))
        loose |= self.shared

    def node(self, block: Block) -> Node:
        """Return the node of a block, which is lowered if it was not yet reached."""
        node = self.nodes.get(block)
        if node is None:
            node = self.nodes[block] = Node(block.id + 1, block.path)
            self.work.append(block)
        return node

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

    def returns_from_eval(self) -> bool:
        """Return whether `return` leaves what evaluates this code."""
        host: HostFunction = self
        while host.scope.kind == ck.BLOCK and host.parent is not None:
            host = host.parent
        return host.scope.kind == ck.EVAL

    def break_tag(self, scope: Scope) -> str:
        return scope.home().host.break_name

    def explains_failures(self, scope: Scope) -> bool:
        """Return whether a failing match must tell which test failed."""
        return any(name == "MATCH_FAIL" and operands[0] for name, operands in scope.decoded.code)

    def closure(self, low: Lowerer, index: int, kind: int) -> tuple[str, str]:
        """Emit the `def` of a closure; return its name, and the tag that a `break` in it needs."""
        translation = self.translation
        function = translation.unit.module.functions[index]
        names = captured(low.scope, function)
        self.held.update(names)
        check_captures(self, names, low)
        scope = translation.scope(translation.unit, function, low.scope, None)
        host = HostFunction(translation, scope, self)
        if low.block in self.stacks and low.block not in self.sole:
            host.inlining = False  # else each level of nesting would double the text
        tag = ""
        if function.kind == ck.BLOCK and function.flags & ck.HAS_BREAK_BLOCK:
            tag = host.break_name = f"brk{scope.number}"
        before = set(self.stored)
        try:
            lines = host.define()
        except DeclinedWhole:
            raise
        except Declined as reason:
            self.stored = before
            translation.declined.append((index, str(reason)))
            return self.stack_closure(low, index, kind), ""
        pc = low.pc
        fresh = sorted(set(names) & self.inlined_vars)
        if (
            low.block in self.stacks
            and low.block not in self.often
            and self.scope.kind in (ck.METHOD, ck.BLOCK, ck.LAMBDA)
        ):
            fresh = sorted({*fresh, *self._settled(low, names, lines, tag)})
        if fresh:
            # A closure in an inlined loop body holds the variables of one iteration. One that is seldom made gets
            # copies of what nobody changes any more, so that these need no cells.
            maker = f"mk{scope.number}"
            lines = [
                (0, pc, f"def {maker}({', '.join(fresh)}):"),
                *((depth + 1, at, text) for depth, at, text in lines),
                (1, pc, f"return {host.name}"),
                (0, pc, f"{host.name} = {maker}({', '.join(fresh)})"),
            ]
        if tag:
            lines.insert(0, (0, pc, f"{tag} = [True]"))
        if self.tag and mentions(lines, self.tag):
            lines.insert(0, (0, pc, f"if {self.tag} is None: {self.tag} = [True]"))
        if host.keywords:
            lines.append(
                (0, pc, f"{host.name}.__kwdefaults__ = {{{', '.join(f'{k!r}: UNDEF' for k in host.keywords)}}}")
            )
        parameters = function.parameters
        strict = function.kind == ck.LAMBDA
        bound = bool(parameters.post or parameters.flags & ck.NO_KEYWORDS)
        if bound or (strict and (parameters.keywords or parameters.flags & (ck.REST | ck.KEYREST))):
            # Its Python signature does not tell (runtime.blocks.params_count).
            count = parameters.required + parameters.optional + parameters.post
            lines.append((0, pc, f"{host.name}.params_count = {-count if strict else count}"))
        low.line(lines)
        return host.name, tag

    def _settled(self, low: Lowerer, names: list[str], lines: Lines, tag: str) -> set[str]:
        """Return what of this function's own variables a closure made now holds without anybody changing it later."""
        found: set[str] = set()
        if not low.block.path:  # else an exception may lead anywhere
            found = {name for name in names if name in self.owned and name not in self.shared and mentions(lines, name)}
            found -= stored_after(low.block, low.at)
        fixed = [tag] if tag else []
        if self.parent is None:
            fixed += ["self", "blk", *([self.tag] if self.tag else [])]
        found.update(name for name in fixed if mentions(lines, name))
        return found

    def stack_closure(self, low: Lowerer, index: int, kind: int) -> str:
        """Emit a closure that the stack engine runs; return its name."""
        translation = self.translation
        function = translation.unit.module.functions[index]
        names = captured(low.scope, function)
        if function.flags & (ck.HAS_BREAK_BLOCK | ck.HAS_RETURN_METHOD):
            raise Declined("a jump out of a block of the stack engine")
        check_captures(self, names, None)
        if set(names) & translation.lazy_blocks:
            raise Declined("a block of the stack engine in a loop")
        name = f"z{translation.number()}"
        cells = f"lambda: ({''.join(n + ', ' for n in names)})"
        run_once = self.scope.kind not in (ck.METHOD, ck.BLOCK, ck.LAMBDA)
        frame = self.frame_name if run_once or self.evals else "None"
        context = translation.context(low.scope.home())
        ordered = repr(tuple(names))
        low.line(f"{name} = stack_block({context}, {frame}, self, blk, {index}, {kind}, {cells}, {ordered})")
        self.stored.update(names[index] for index in stored_upvalues(translation.unit, function))
        return name

    def protect(self, low: Lowerer, term: tuple[Any, ...]) -> None:
        _, body, handler, region = term
        if region.plan is not None:
            low.node.term = ("try", self.node(body), self.node(handler), "stop", (region.plan.result,))
            return
        error = region.scope.var(region.slot)
        prologue: tuple[Any, ...] = (error, f"e{self.translation.number()}", [])
        if not region.is_ensure:
            self.stored.add(error)
        kind = "ensure" if region.is_ensure else "rescue"
        low.node.term = ("try", self.node(body), self.node(handler), kind, prologue)

    # --- inlined blocks, see iteration.py ---

    def guard(self, low: Lowerer, term: tuple[Any, ...]) -> None:
        iteration.guard(self, low, term)

    def call(self, low: Lowerer, term: tuple[Any, ...]) -> None:
        inline_calls.guard(self, low, term)

    def count(self, low: Lowerer, term: tuple[Any, ...]) -> None:
        counting.begin(self, low, term)

    def iterate(self, low: Lowerer, term: tuple[Any, ...]) -> None:
        iteration.iterate(self, low, term)
