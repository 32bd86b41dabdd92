"""From bytecode to a graph of basic blocks that knows its protected regions.

A graph covers one host function: a method, a script or a closure, and the literal blocks that are inlined into it. An
instruction is a tuple (scope, pc, name, operands); its scope says whose slots the operands mean. `path` of a basic
block lists the parts of protected regions that it stands in, outermost first: structuring never moves code across.

Terminators (`Block.term`), whose first item is the kind:

    ("jump", target)
    ("leap", target)                           a jump out of an ensure body: whatever led there is forgotten
    ("branch", true target, false target)      the condition is the block's last instruction
    ("end",)                                   the last instruction leaves the function
    ("try", body, handler, region)
    ("iterate", body, exhausted, loop)         a `for` over loop.iterable
    ("guard", inlined, plain call, plan)       may the block be inlined for this receiver?
    ("call", inlined, plain call, plan)        the same for a method, see inline_calls.py
    ("count", body, exhausted, count)          a `for` over numbers, see counting.py
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format.encoding import decode as decode_bytes
from .results import Declined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .scope import Scope

    Instruction = tuple[Scope, int, str, tuple[Any, ...]]

BRANCHES = ("JUMP_IF_FALSE", "JUMP_IF_TRUE", "JUMP_IF_NIL", "JUMP_IF_GIVEN", "MATCH_CASE")
LEAVING = ("RETURN", "RETURN_METHOD", "BREAK_BLOCK", "RAISE", "MATCH_FAIL")


class Part:
    """One part of a protected region: what is protected ("try") or what handles ("rescue", "ensure")."""

    __slots__ = ("kind", "start", "end", "region")

    def __init__(self, kind: str, start: int, end: int, region: Region) -> None:
        self.kind = kind
        self.start = start  # instruction indices
        self.end = end
        self.region = region


class Region:
    """A protected region of one scope: its two parts and the slot of its handler."""

    __slots__ = ("scope", "body", "handler", "slot", "is_ensure", "plan")

    def __init__(self, scope: Scope, start: int, end: int, target: int, stop: int, kind: int, slot: int) -> None:
        self.scope = scope
        self.is_ensure = kind == ck.ENSURE_HANDLER
        self.body = Part("try", start, end, self)
        self.handler = Part("ensure" if self.is_ensure else "rescue", target, stop, self)
        self.slot = slot
        self.plan: Any = None  # of an inlined `loop`, which StopIteration ends


class Block:
    """A basic block. `depth` is the operand-stack depth at its start."""

    __slots__ = ("id", "code", "term", "path", "depth", "scope")

    def __init__(self, number: int, scope: Scope, path: tuple[Part, ...], depth: int) -> None:
        self.id = number
        self.scope = scope
        self.code: list[Instruction] = []
        self.term: tuple[Any, ...] = ("end",)
        self.path = path
        self.depth = depth


class Graph:
    """All blocks; the first one is the entry."""

    __slots__ = ("blocks",)

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def block(self, scope: Scope, path: tuple[Part, ...], depth: int) -> Block:
        block = Block(len(self.blocks), scope, path, depth)
        self.blocks.append(block)
        return block


def targets(term: tuple[Any, ...]) -> tuple[Block, ...]:
    """Return the blocks that a terminator names."""
    kind = term[0]
    if kind in ("jump", "leap"):
        return (term[1],)
    return () if kind == "end" else (term[1], term[2])


def stored_after(block: Block, at: int, stop: Block | None = None) -> set[str]:
    """Return the variables that may be stored to behind instruction `at` of a block, before `stop` begins."""
    seen: set[Block] = set()
    work = list(targets(block.term))
    found = stored_in(block, at + 1)
    while work:
        block = work.pop()
        if block not in seen and block is not stop:
            seen.add(block)
            work += targets(block.term)
            found |= stored_in(block)
    return found


def stored_in(block: Block, start: int = 0, stop: int | None = None) -> set[str]:
    """Return the variables that a block stores to, from an instruction on, up to another one."""
    found = set()
    for scope, _, name, operands in block.code[start:stop]:
        if name in ("STORE_LOCAL", "MATCH_START", "MATCH_BIND", "JUMP_IF_GIVEN"):
            found.add(scope.var(operands[0]))
        elif name == "SET_UPVALUE":
            found.add(scope.upvalue(operands[0]))
        elif name == "MATCH_CASE":
            found.add(scope.var(operands[1]))
        elif name in ("INLINE_ITEM", "ENTER_METHOD"):
            found.update(scope.own_names())
        elif name.startswith(("INLINE_", "LEAVE_INLINED_")) and operands and operands[0].folds:
            found.add(operands[0].folds)
        elif name == "COUNT_END":
            found.add(operands[0].counter)
    if block.term[0] == "count":
        found.add(block.term[3].counter)
    if block.term[0] == "call":
        found.update(block.term[3].targets)
    if block.term[0] == "try" and block.term[3].slot >= 0:
        region = block.term[3]
        found.add(region.scope.var(region.slot))
    return found


class Decoded:
    """A function's instructions by index, with targets as indices and names as text."""

    __slots__ = ("code", "regions", "leaders", "rescue_slots")

    def __init__(self, function: ck.Function) -> None:
        decoded = decode_bytes(function.code)
        index_at = {entry[0]: index for index, entry in enumerate(decoded)}
        index_at[len(function.code)] = len(decoded)
        constants = function.constants
        self.code: list[tuple[str, tuple[Any, ...]]] = []
        leaders = {0}
        for index, (_, op, operands) in enumerate(decoded):
            name = op.name
            kinds = op.operands
            if "target" in kinds or "name" in kinds:
                operands = tuple(
                    index_at[value] if kind == "target" else constants[value][1] if kind == "name" else value
                    for kind, value in zip(kinds, operands)
                )
                if "target" in kinds and name != "BEGIN_TRY":
                    leaders.add(operands[kinds.index("target")])
                    leaders.add(index + 1)
            if op.flow != "next" or name in ("BEGIN_TRY", "LEAVE_RESCUE", "ENSURE_END"):
                leaders.add(index + 1)
            if name == "END_TRY":
                leaders.add(index)
            self.code.append((name, operands))
        self.regions = [
            (index_at[h.start], index_at[h.end], index_at[h.target], h.kind, h.slot, h.depth) for h in function.handlers
        ]
        leaders.update(region[2] for region in self.regions)
        self.leaders = leaders
        self.rescue_slots = {slot for *_, kind, slot, _ in self.regions if kind == ck.RESCUE_HANDLER}


class Builder:
    """Builds the graph of one scope into `graph`.

    `plan_inline(scope, pc)` decides about the literal block made by the BUILD_LAMBDA at `pc`, `plan_call` about the
    CALL_METHOD there; `on_return` and `on_break`, for inlined blocks, say where RETURN and BREAK_BLOCK go; `on_found`:
    where what ends the loop goes; `on_result`, for inlined methods, goes on from a block that has the result.
    """

    def __init__(
        self,
        graph: Graph,
        scope: Scope,
        plan_inline: Callable[[Scope, int], Any],
        plan_call: Callable[[Scope, int], Any],
    ) -> None:
        self.graph = graph
        self.scope = scope
        self.plan_inline = plan_inline
        self.plan_call = plan_call
        self.decoded = scope.decoded
        self.at: dict[int, Block] = {}
        self.regions: list[Region] = []
        self.on_return: Block | None = None
        self.on_break: Block | None = None
        self.on_found: Block | None = None
        self.on_result: Callable[[Block], None] | None = None
        for start, end, target, kind, slot, _ in self.decoded.regions:
            self.regions.append(Region(scope, start, end, target, self._handler_end(target, kind, slot), kind, slot))

    def _handler_end(self, target: int, kind: int, slot: int) -> int:
        """Return the index of an ensure handler's ENSURE_END; rescue handlers end where LEAVE_RESCUE says."""
        code = self.decoded.code
        if kind == ck.ENSURE_HANDLER:
            for index in range(target, len(code)):
                if code[index][0] == "ENSURE_END" and code[index][1][0] == slot:
                    return index
        return -1

    def build(self, path: tuple[Part, ...], base: int, start: int = 0, stop: int = -1, exports: Any = ()) -> Block:
        """Build everything that can be reached, and return the entry. `base` is the stack depth below this scope;
        `start`, `stop`: the part of the code that is wanted, with what it gives back."""
        base_path = path
        work: list[int] = []
        code = self.decoded.code
        leaders = self.decoded.leaders
        graph, scope = self.graph, self.scope

        def reach(index: int, at_path: tuple[Part, ...], depth: int) -> Block:
            block = self.at.get(index)
            if block is None:
                block = self.at[index] = graph.block(scope, at_path, depth)
                work.append(index)
            elif block.depth != depth or block.path != at_path:
                raise Declined("paths disagree on a region")
            return block

        entry = reach(start, path, base)
        while work:
            index = work.pop()
            block = self.at[index]
            path, depth = block.path, block.depth
            while True:
                name, operands = code[index]
                if index == stop:
                    block.code.append((scope, index, "LEAVE_PART", exports))
                    break
                if name == "BUILD_LAMBDA" or name == "PUSH_CONST":
                    plan = self.plan_inline(scope, index)
                    if plan is not None:
                        self._inline(block, index, plan, path, depth, reach)
                        break
                if name == "CALL_METHOD" and self._path_at(index + 1, path) == path:
                    plan = self.plan_call(scope, index)
                    if plan is not None:
                        self._inline_call(block, index, plan, path, base_path, depth, reach)
                        break
                if name in ("CLOSE_UPVALUE", "GET_AST") or name in UNSUPPORTED:
                    raise Declined(name)
                if name == "JUMP":
                    if self._returns_at(operands[0], path):
                        index = operands[0]
                        continue
                    block.term = ("jump", reach(operands[0], self._path_at(operands[0], path), depth))
                    break
                if name in ("BREAK", "CONTINUE"):
                    target_path = left_to(path, base_path, operands[0], operands[1])
                    target = reach(operands[0], self._path_at(operands[0], target_path), depth)
                    block.term = (leaving(path, target), target)
                    break
                if name == "BEGIN_TRY":
                    region = self._region_at(index + 1)
                    if len(path) >= MAX_NESTING:
                        raise Declined("nesting")
                    body = reach(index + 1, (*path, region.body), depth)
                    handler = reach(region.handler.start, (*path, region.handler), depth)
                    block.term = ("try", body, handler, region)
                    break
                if name == "ENSURE_START":
                    if not path or path[-1].kind != "ensure":
                        raise Declined("ENSURE_START")
                elif name == "LEAVE_RESCUE":
                    if not path or path[-1].kind != "rescue":
                        raise Declined("LEAVE_RESCUE")
                    block.term = ("jump", reach(index + 1, self._path_at(index + 1, path[:-1]), depth))
                    break
                elif name == "ENSURE_END":
                    if not path or path[-1].kind != "ensure":
                        raise Declined("ENSURE_END")
                    block.term = ("jump", reach(index + 1, self._path_at(index + 1, path[:-1]), depth))
                    break
                elif name in LEAVING:
                    self._leave(block, index, name, operands, path, base_path)
                    break
                block.code.append((scope, index, name, operands))
                pops, pushes = scope.effect(index)
                depth += pushes - pops
                if name in BRANCHES:
                    taken = reach(operands[-1], self._path_at(operands[-1], path), depth)
                    other = reach(index + 1, self._path_at(index + 1, path), depth)
                    block.term = ("branch", taken, other)
                    break
                index += 1
                if index in leaders and not self._returns_at(index, path):
                    block.term = ("jump", reach(index, self._path_at(index, path), depth))
                    break
        return entry

    def _returns_at(self, index: int, path: tuple[Part, ...]) -> bool:
        """Return whether a RETURN stands there, in the same protected parts: it is repeated instead of jumped to."""
        return self.decoded.code[index][0] == "RETURN" and self._path_at(index, path) == path

    def _region_at(self, start: int) -> Region:
        for region in self.regions:
            if region.body.start == start:
                return region
        raise Declined("BEGIN_TRY without a region")

    def _path_at(self, index: int, path: tuple[Part, ...]) -> tuple[Part, ...]:
        """Return the path behind the end of the innermost protected part, when code falls out of it."""
        if path and path[-1].kind == "try" and path[-1].end == index:
            path = path[:-1]
        for region in self.regions:
            if region.is_ensure and region.handler.start == index and (not path or path[-1] is not region.handler):
                return (*path, region.handler)
        return path

    def _leave(
        self, block: Block, index: int, name: str, operands: tuple[Any, ...], path: tuple[Part, ...], base: Any
    ) -> None:
        if self.on_result is not None:
            self.on_result(block)
            return
        target = self.on_return if name == "RETURN" else self.on_break if name == "BREAK_BLOCK" else None
        if target is None:
            if self.on_return is not None and name == "RETURN_METHOD":
                name = self.scope.method_return()
            block.code.append((self.scope, index, name, operands))
            block.term = ("end",)
        else:
            plan = self.scope.inlined
            if name == "RETURN" and self.on_found is not None:
                if leaving(path, target) == "leap":
                    raise Declined("next in ensure")
                block.code.append((self.scope, index, "LEAVE_INLINED_TEST", (plan,)))
                block.term = ("branch", self.on_found, target)
                return
            block.code.append((self.scope, index, "LEAVE_INLINED_" + name, (plan,)))
            block.term = (leaving(path, target), target)

    def _inline(self, block: Block, index: int, plan: Any, path: Any, depth: int, reach: Any) -> None:
        """Join the literal block of `plan` into the graph, with the plain call as the other way."""
        graph, scope = self.graph, self.scope
        child = plan.scope
        if plan.row.name == "loop":
            self._inline_loop(block, index, plan, path, depth, reach)
            return
        below = depth - 1 - plan.argc
        join = reach(plan.call_index + 1, self._path_at(plan.call_index + 1, path), below + 1)
        if join.path != path:
            raise Declined("inlined call at the end of a region")
        setup = graph.block(scope, path, depth)
        plain = setup if plan.lone else graph.block(scope, path, depth)
        header = graph.block(child, path, below)
        done = graph.block(scope, path, below)
        setup.code.append((scope, plan.call_index, "INLINE_BEGIN", (plan,)))
        setup.term = ("jump", header)
        if not plan.lone:
            for at in range(index, plan.call_index + 1):
                plain.code.append((scope, at, *self.decoded.code[at]))
            plain.term = ("jump", join)
        done.code.append((scope, plan.call_index, "INLINE_RESULT", (plan,)))
        done.term = ("jump", join)
        builder = Builder(graph, child, self.plan_inline, self.plan_call)
        builder.on_return = header
        if plan.row.leave:
            builder.on_found = self._way_out("INLINE_FOUND", plan, path, below, join)
        if plan.breaks:
            builder.on_break = self._way_out("INLINE_BROKEN", plan, path, below, join)
        start = graph.block(child, path, below)
        start.code.append((child, 0, "INLINE_ITEM", (plan,)))
        first = len(graph.blocks)
        body = builder.build(path, below)
        start.term = ("jump", body)
        if not any(header in targets(block.term) for block in graph.blocks[first:]):
            # The block always leaves: structuring wants a loop all the same.
            start.code.append((child, 0, "INLINE_NEVER", ()))
            start.term = ("branch", header, body)
        header.term = ("iterate", start, done, plan)
        block.term = ("guard", setup, plain, plan)

    def _inline_call(
        self, block: Block, index: int, plan: Any, path: Any, base_path: Any, depth: int, reach: Any
    ) -> None:
        """Join the method of `plan` into the graph, with the plain call as the other way."""
        graph, scope = self.graph, self.scope
        below = depth - 1 - plan.argc
        after = index + 1

        def finish(done: Block) -> None:
            """Go on behind the call: `done` has its value on top of the stack."""
            name, operands = self.decoded.code[after]
            if name == "POP":
                done.code.append((scope, after, name, operands))
                plan.joins(done, reach(after + 1, self._path_at(after + 1, path), below), after + 1)
            elif name == "RETURN":
                self._leave(done, after, name, operands, path, base_path)
            else:
                plan.joins(done, reach(after, path, below + 1), after)

        setup = graph.block(plan.scope, path, below)
        plain = graph.block(scope, path, depth)
        plain.code.append((scope, index, *self.decoded.code[index]))
        finish(plain)
        setup.code.append((plan.scope, 0, "ENTER_METHOD", (plan,)))
        builder = Builder(graph, plan.scope, self.plan_inline, self.plan_call)
        builder.on_result = finish
        setup.term = ("jump", builder.build(path, below))
        block.term = ("call", setup, plain, plan)

    def _way_out(self, mark: str, plan: Any, path: Any, below: int, join: Block) -> Block:
        """Return the block in which an inlined block is left otherwise than at its end."""
        block = self.graph.block(self.scope, path, below)
        block.code.append((self.scope, plan.call_index, mark, (plan,)))
        block.term = ("jump", join)
        return block

    def _inline_loop(self, block: Block, index: int, plan: Any, path: Any, depth: int, reach: Any) -> None:
        """Join the block of `loop { }`: an endless loop in a region that StopIteration ends."""
        graph, scope = self.graph, self.scope
        child = plan.scope
        below = depth - 1
        after = plan.call_index + 1
        join = reach(after, self._path_at(after, path), below + 1)
        if join.path != path or len(path) >= MAX_NESTING:
            raise Declined("inlined call at the end of a region")
        region = Region(scope, -1, -1, -1, -1, ck.RESCUE_HANDLER, -1)
        region.plan = plan
        inner = (*path, region.body)
        setup = graph.block(scope, path, below)
        header = graph.block(child, inner, below)
        stopped = self._way_out("INLINE_BROKEN", plan, (*path, region.handler), below, join)
        builder = Builder(graph, child, self.plan_inline, self.plan_call)
        builder.on_return = header
        if plan.breaks:
            builder.on_break = self._way_out("INLINE_BROKEN", plan, path, below, join)
        start = graph.block(child, inner, below)
        start.code.append((child, 0, "INLINE_ITEM", (plan,)))
        start.term = ("jump", builder.build(inner, below))
        header.term = ("jump", start)
        setup.term = ("try", header, stopped, region)
        block.term = ("guard", setup, setup, plan)


def leaving(path: tuple[Part, ...], target: Block) -> str:
    """Return the kind of the terminator that jumps from a path to a block."""
    return "leap" if any(part.kind == "ensure" for part in path[len(target.path) :]) else "jump"


def left_to(path: tuple[Part, ...], base: tuple[Part, ...], target: int, rescues: int) -> tuple[Part, ...]:
    """Return the path at instruction `target` of a jump that leaves regions, `rescues` rescue bodies among them."""
    while len(path) > len(base):
        part = path[-1]
        if part.kind == "rescue":
            if not rescues:
                break
            rescues -= 1
        elif part.start <= target < part.end or (part.kind == "ensure" and target == part.end):
            break
        path = path[:-1]
    return path


MAX_NESTING = 16
UNSUPPORTED = ("LOAD_MODULE", "IMPORT", "EXPORT", "BREAKPOINT")
