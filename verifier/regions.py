"""Rules about protected regions: handlers and BEGIN_TRY/END_TRY tell the same story, and jumps respect it."""

from __future__ import annotations

from ..format.chunk import ENSURE_HANDLER, RESCUE_HANDLER
from .instructions import SLOT_SETTING_TESTS
from .limits import MAX_NESTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..format.chunk import Handler
    from .subject import Subject


class Region:
    """One protected region by instruction indices: BEGIN_TRY, END_TRY, the handler's first instruction.

    `parent` is the number of the region around it, -1 for none; numbers are those of the handlers.
    """

    __slots__ = ("handler", "begin", "end", "target", "parent")

    def __init__(self, handler: Handler, begin: int, parent: int) -> None:
        self.handler = handler
        self.begin = begin
        self.end = -1
        self.target = -1
        self.parent = parent


def check_regions(subject: Subject) -> None:
    """Pair handlers with BEGIN_TRY and END_TRY, and check slots and jumps. Needs the targets of the function."""
    if not subject.function.handlers and subject.used.isdisjoint(("BEGIN_TRY", "END_TRY", "ENSURE_START")):
        return
    if not _pair(subject):
        return
    _check_handler_targets(subject)
    _check_slots(subject)
    _check_jumps(subject)


def _pair(subject: Subject) -> bool:
    """Find the regions, and the innermost one of each instruction."""
    instructions = subject.instructions
    handlers = subject.function.handlers
    by_start: dict[int, int] = {}
    for number, handler in enumerate(handlers):
        if handler.kind not in (RESCUE_HANDLER, ENSURE_HANDLER):
            subject.report("handler", -1, f"handler {number} is of the unknown kind {handler.kind}")
        if handler.start in by_start:
            subject.report("handler", -1, f"handlers {by_start[handler.start]} and {number} start at one place")
        by_start[handler.start] = number
    regions: dict[int, Region] = {}
    region_of = []
    open_regions: list[int] = []
    for index, (offset, op, operands) in enumerate(instructions):
        if op.name == "END_TRY":
            if not open_regions:
                subject.report("handler", index, "END_TRY without a BEGIN_TRY")
                return False
            number = open_regions.pop()
            regions[number].end = index
            if handlers[number].end != offset:
                detail = f"handler {number} ends at {handlers[number].end}, its END_TRY is at {offset}"
                subject.report("handler", index, detail)
        region_of.append(open_regions[-1] if open_regions else -1)
        if op.name == "BEGIN_TRY":
            found = by_start.pop(offset + op.size, -1)
            if found < 0:
                subject.report("handler", index, f"no handler starts at {offset + op.size}")
                return False
            if handlers[found].target != operands[0]:
                detail = f"handler {found} is at {handlers[found].target}, not at {operands[0]}"
                subject.report("handler", index, detail)
            parent = open_regions[-1] if open_regions else -1
            if 0 <= parent < found:
                detail = f"handler {found} lies inside handler {parent}, which comes first"
                subject.report("handler-order", index, detail)
            regions[found] = Region(handlers[found], index, parent)
            open_regions.append(found)
            if len(open_regions) > MAX_NESTING:
                subject.report("handler", index, f"regions nest deeper than {MAX_NESTING}")
                return False
    for number in open_regions:
        subject.report("handler", regions[number].begin, "BEGIN_TRY without an END_TRY")
    for start, number in by_start.items():
        subject.report("handler", -1, f"handler {number} starts at {start}, where no BEGIN_TRY is before")
    if subject.broken:
        return False
    subject.regions = [regions[number] for number in range(len(handlers))]
    subject.region_of = region_of
    return True


def _check_handler_targets(subject: Subject) -> None:
    instructions = subject.instructions
    region_of = subject.region_of
    assert region_of is not None
    target_of = dict(subject.targets)
    starts = {index for index, (_, op, _) in enumerate(instructions) if op.name == "ENSURE_START"}
    taken: set[int] = set()
    for region in subject.regions:
        target = region.target = target_of[region.begin]
        if region_of[target] != region.parent:
            subject.report("handler-target", region.begin, "the handler does not lie in the region around its own")
        if target in taken:
            subject.report("handler-target", region.begin, "two regions share a handler")
        taken.add(target)
        if region.handler.kind == ENSURE_HANDLER:
            _, op, operands = instructions[target]
            if op.name != "ENSURE_START" or operands[0] != region.handler.slot:
                detail = f"the ensure handler is no ENSURE_START {region.handler.slot}"
                subject.report("handler-target", region.begin, detail)
            starts.discard(target)
    for index in sorted(starts):
        subject.report("handler-target", index, "ENSURE_START is the handler of no region")


def _check_slots(subject: Subject) -> None:
    """Check that handler slots serve their handlers alone."""
    function = subject.function
    captured = subject.facts.captured.get(function.index, set())
    users = {RESCUE_HANDLER: ("LOAD_LOCAL",), ENSURE_HANDLER: ("ENSURE_START", "ENSURE_END")}
    kinds: dict[int, int] = {}
    for region in subject.regions:
        slot, kind = region.handler.slot, region.handler.kind
        named = slot < len(function.local_names) and function.local_names[slot] != ""
        if not function.parameters.slot_count() <= slot < function.local_count:
            subject.report("handler-slot", region.begin, f"slot {slot} is no local besides the parameters")
        elif named or slot in captured:
            subject.report("handler-slot", region.begin, f"slot {slot} is {'named' if named else 'captured'}")
        elif kinds.setdefault(slot, kind) != kind:
            subject.report("handler-slot", region.begin, f"slot {slot} serves a rescue and an ensure handler")
    for index, (_, op, operands) in enumerate(subject.instructions):
        if "local" in op.operands and (op.name != "MATCH_CASE" or operands[0] in SLOT_SETTING_TESTS):
            slot = operands[op.operands.index("local")]
            if slot in kinds and op.name not in users[kinds[slot]]:
                subject.report("handler-slot", index, f"{op.name} uses slot {slot} of a handler")


def _check_jumps(subject: Subject) -> None:
    """Check that jumps do not enter or leave regions in ways that the engines do not expect."""
    instructions = subject.instructions
    region_of = subject.region_of
    assert region_of is not None
    for index, target in subject.targets:
        op = instructions[index][1]
        here, there = region_of[index], region_of[target]
        if here == there or op.name == "BEGIN_TRY":
            continue
        if op.name in ("BREAK", "CONTINUE"):
            if there >= 0 and not subject.regions[there].begin < index < subject.regions[there].end:
                subject.report("region-jump", index, f"{op.name} enters a protected region")
        elif here < 0 or subject.regions[here].end != target:
            subject.report("region-jump", index, f"{op.name} enters or leaves a protected region")
