"""Rules about the stack and the context of every reachable instruction, by following each path once.

The state before an instruction is its stack depth and its context, a number that stands for what is open there from
the outside to the inside: rescue bodies and ensure code (see `_Contexts`). Both must be equal on all paths, so a
second path to an instruction only compares. Source: data-flow analysis with a work list, JVM specification 4.10.2.

BREAK and CONTINUE wait until nothing else is left to do: their target then mostly has a state to compare with. Where
it has none (a loop that only BREAK leaves), the state follows from what the jump leaves.
"""

from __future__ import annotations

from ..format.chunk import ENSURE_HANDLER, RESCUE_HANDLER
from ..format.stack_ops import STACK_OPS
from .limits import MAX_NESTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .subject import Subject

# What the walk does for an opcode besides counting values: go on, jump, branch, stop, or call `_Flow.special`.
_NEXT, _JUMP, _BRANCH, _END, _SPECIAL = range(5)
_SPECIAL_OPS = ("BREAK", "CONTINUE", "BEGIN_TRY", "LEAVE_RESCUE", "ENSURE_START", "ENSURE_END", "RAISE")
_FLOWS = {"next": _NEXT, "jump": _JUMP, "branch": _BRANCH, "end": _END}
# opcode -> pops, pushes, rule for a variable effect or None, what to do
_PLANS = [
    None if op is None
    else (
        op.pops, op.pushes, STACK_OPS.effects[op.variable] if op.variable else None,
        _SPECIAL if op.name in _SPECIAL_OPS else _FLOWS[op.flow],
    )
    for op in STACK_OPS.by_code
]  # fmt: skip

RESCUE_BODY, ENSURE_CODE = RESCUE_HANDLER, ENSURE_HANDLER


class _Contexts:
    """Numbers contexts, so that two are equal when their numbers are. 0 is the empty one.

    A context is (the one around it, kind, slot, stack depth at its start, rescue bodies, length).
    """

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int, int, int, int]] = [(-1, -1, -1, 0, 0, 0)]
        self.numbers: dict[tuple[int, int, int, int], int] = {}

    def enter(self, context: int, kind: int, slot: int, depth: int) -> int:
        """Return the context inside `context` that opens a rescue body or ensure code."""
        key = (context, kind, slot, depth)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.rows)
            _, _, _, _, rescues, length = self.rows[context]
            self.rows.append((*key, rescues + (kind == RESCUE_BODY), length + 1))
        return number

    def has(self, context: int, kind: int, slot: int) -> bool:
        """Tell whether `context` has a rescue body or ensure code of that slot open."""
        while context:
            row = self.rows[context]
            if row[1] == kind and row[2] == slot:
                return True
            context = row[0]
        return False

    def outside(self, context: int, length: int) -> int:
        """Return the context of that length that `context` extends."""
        while self.rows[context][5] > length:
            context = self.rows[context][0]
        return context


class _Flow:
    """The walk over one function."""

    def __init__(self, subject: Subject) -> None:
        count = len(subject.instructions)
        self.subject = subject
        self.depths = [-1] * count
        self.contexts = [0] * count
        self.numbers = _Contexts()
        self.work: list[tuple[int, int, int]] = [(0, 0, 0)]  # instruction, depth, context
        self.leaps: list[int] = []  # BREAKs and CONTINUEs that wait
        self.target_of = dict(subject.targets)
        self.highest = 0
        self.region_at = {region.begin: number for number, region in enumerate(subject.regions)}
        self.region_lengths: dict[int, int] = {}  # region -> length of the context around it
        # Where ensure code of a slot ends last: behind that, a BREAK has left it.
        self.ensure_ends: dict[int, int] = {}
        # Depth that an instruction must not take values below.
        self.floors: list[int] | None = None
        if subject.region_of is not None:
            regions = subject.regions
            self.floors = [regions[region].handler.depth if region >= 0 else 0 for region in subject.region_of]
            for index, (_, op, operands) in enumerate(subject.instructions):
                if op.name == "ENSURE_END":
                    self.ensure_ends[operands[0]] = index

    def run(self) -> None:
        """Follow all paths."""
        while True:
            while self.work:
                self.walk(*self.work.pop())
            if not self.leaps:
                return
            self.settle(self.leaps.pop())

    def walk(self, index: int, depth: int, context: int) -> None:
        """Follow one path up to its end or to an instruction that is known already."""
        instructions = self.subject.instructions
        depths = self.depths
        contexts = self.contexts
        floors = self.floors
        plans = _PLANS
        highest = self.highest
        while True:
            if depths[index] >= 0:
                if depths[index] != depth or contexts[index] != context:
                    self.conflict(index, depth, context)
                break
            depths[index] = depth
            contexts[index] = context
            _, op, operands = instructions[index]
            pops, pushes, effect, flow = plans[op.code]  # type: ignore[misc]
            if effect is not None:
                more_pops, more_pushes = effect(operands)  # type: ignore[operator]
                pops += more_pops
                pushes += more_pushes
            low = depth - pops
            if low < 0 or (floors is not None and low < floors[index]):
                self.underflow(index, depth, pops)
                break
            depth = low + pushes
            if depth > highest:
                highest = depth
            if flow == _NEXT:
                index += 1
            elif flow == _BRANCH:
                self.work.append((self.target_of[index], depth, context))
                index += 1
            elif flow == _JUMP:
                index = self.target_of[index]
            elif flow == _END:
                break
            else:
                after = self.special(index, op.name, operands, depth, context)
                if after < 0:
                    break
                context = after
                index += 1
        self.highest = highest

    def conflict(self, index: int, depth: int, context: int) -> None:
        """Report that a path comes to an instruction with another state."""
        if self.depths[index] != depth:
            detail = f"{depth} values on one path, {self.depths[index]} on another"
            self.subject.report("stack-depth", index, detail)
        else:
            self.subject.report("context", index, "inside different rescue bodies or ensure code on two paths")

    def underflow(self, index: int, depth: int, pops: int) -> None:
        """Report that an instruction finds too few values."""
        op = self.subject.instructions[index][1]
        floor = self.floors[index] if self.floors is not None else 0
        detail = f"{op.name} takes {pops} values, the stack holds {max(depth - floor, 0)}"
        self.subject.report("stack-underflow", index, detail + (" in its region" if floor else ""))

    def special(self, index: int, op: str, operands: tuple[int, ...], depth: int, context: int) -> int:
        """Follow an instruction that deals with regions or contexts; return the context behind it, -1 to stop."""
        if op in ("BREAK", "CONTINUE"):
            self.leaps.append(index)
            return -1
        if op == "BEGIN_TRY":
            return self.begin_try(index, depth, context)
        if op == "RAISE":
            slot = self.subject.instructions[index - 1][2][0]
            if not self.numbers.has(context, RESCUE_BODY, slot):
                self.subject.report("raise", index, f"local {slot} holds no exception of an open rescue body")
            return -1
        if op == "ENSURE_START":
            return self.enter(index, context, ENSURE_CODE, operands[0], depth)
        # LEAVE_RESCUE, ENSURE_END
        outer, kind, slot, start_depth, _, length = self.numbers.rows[context]
        expected = (RESCUE_BODY, slot) if op == "LEAVE_RESCUE" else (ENSURE_CODE, operands[0])
        if (kind, slot) != expected:
            self.subject.report("context", index, f"{op} does not end what is innermost here")
            return -1
        region = self.subject.region_of[index] if self.subject.region_of is not None else -1
        if length <= self.region_lengths.get(region, 0):
            self.subject.report("context", index, f"{op} ends what began outside of the region")
            return -1
        if op == "ENSURE_END" and depth != start_depth:
            detail = f"ensure code starts with {start_depth} values and ends with {depth}"
            self.subject.report("handler-depth", index, detail)
        return outer

    def begin_try(self, index: int, depth: int, context: int) -> int:
        """Check the handler's record against the state, and let its code be followed."""
        number = self.region_at[index]
        region = self.subject.regions[number]
        handler = region.handler
        rescues, length = self.numbers.rows[context][4:]
        if (handler.depth, handler.rescue_depth) != (depth, rescues):
            self.subject.report(
                "handler-depth", index,
                f"the handler records depth {handler.depth} and {handler.rescue_depth} rescue bodies, "
                f"here they are {depth} and {rescues}",
            )  # fmt: skip
            return -1
        self.region_lengths[number] = length
        inside = context
        if handler.kind == RESCUE_HANDLER:
            inside = self.enter(index, context, RESCUE_BODY, handler.slot, depth)
        if inside >= 0:
            self.work.append((region.target, depth, inside))
        return context

    def enter(self, index: int, context: int, kind: int, slot: int, depth: int) -> int:
        """Return the context that opens inside `context`, -1 if it must not."""
        if kind == ENSURE_CODE and self.numbers.has(context, kind, slot):
            self.subject.report("context", index, f"slot {slot} is in use by ensure code around this")
            return -1
        if self.numbers.rows[context][5] >= MAX_NESTING:
            self.subject.report("context", index, f"rescue bodies and ensure code nest deeper than {MAX_NESTING}")
            return -1
        return self.numbers.enter(context, kind, slot, depth)

    def settle(self, index: int) -> None:
        """Follow a BREAK or CONTINUE: compare with the state of its target, or derive that."""
        subject = self.subject
        depth, context = self.depths[index], self.contexts[index]
        target = self.target_of[index]
        count = subject.instructions[index][2][1]
        rows = self.numbers.rows
        crossed = self.crossed_depth(index, target)
        if crossed not in (-1, depth):
            detail = f"{depth} values, the ensure code on the way leaves {crossed}"
            subject.report("stack-depth", index, detail)
            return
        known = self.depths[target] >= 0
        there = self.contexts[target] if known else self.left(context, count, target)
        if known and self.depths[target] != depth:
            self.conflict(target, depth, there)
        elif self.numbers.outside(context, rows[there][5]) != there:
            subject.report("context", index, "the target is inside a rescue body or ensure code that this is not in")
        elif rows[context][4] - rows[there][4] != count:
            subject.report("context", index, f"leaves {rows[context][4] - rows[there][4]} rescue bodies, not {count}")
        elif not known:
            self.work.append((target, depth, there))

    def crossed_depth(self, index: int, target: int) -> int:
        """Return the depth that the last ensure code on the way to `target` runs at, -1 if there is none."""
        region_of = self.subject.region_of
        found = -1
        if region_of is not None:
            number = region_of[index]
            while number != region_of[target] and number >= 0:
                region = self.subject.regions[number]
                if region.handler.kind == ENSURE_HANDLER and region.end != target:
                    found = region.handler.depth
                number = region.parent
        return found

    def left(self, context: int, count: int, target: int) -> int:
        """Return the context of a target: without `count` rescue bodies and ensure code that ends before it."""
        rows = self.numbers.rows
        while context:
            outer, kind, slot, _, _, _ = rows[context]
            if kind == RESCUE_BODY:
                if count == 0:
                    break
                count -= 1
            elif count == 0 and target <= self.ensure_ends.get(slot, -1):
                break
            context = outer
        return context


def check_flow(subject: Subject) -> None:
    """Follow all paths of a function and leave the stack depths in `subject.depths`."""
    flow = _Flow(subject)
    flow.run()
    subject.depths = flow.depths
    if not subject.broken and flow.highest != subject.function.max_stack:
        subject.report("max-stack", -1, f"{subject.function.max_stack} is recorded, {flow.highest} are reached")
