"""Rules about slots that are not ready to be read on every path: parameters that may be missing, match subjects.

One bit a slot says "not ready yet"; bits are or-ed where paths meet, so a bit that is clear is clear on all paths.
Most functions have no such slot and are not looked at; of the others, paths are followed only until all are ready.
"""

from __future__ import annotations

from ..format.stack_ops import FROM_LOCAL
from .instructions import optional_slots
from .limits import STEPS_PER_INSTRUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .subject import Subject

_STORES = ("STORE_LOCAL", "MATCH_BIND", "CLOSE_UPVALUE", "MATCH_START")
_READS = ("LOAD_LOCAL", "LOAD_SOFT")


def check_assigned(subject: Subject) -> None:
    """Check that optional parameters are given values before they are read, and subjects begun before they end."""
    optional = optional_slots(subject.function)
    if optional:
        _Readiness(subject, optional, "unassigned").run()
    if "MATCH_START" in subject.used or "MATCH_END" in subject.used:
        subjects = {operands[0] for _, op, operands in subject.instructions if op.name in ("MATCH_START", "MATCH_END")}
        _Readiness(subject, subjects, "match").run()


class _Readiness:
    """The walk for the slots of one rule, "unassigned" or "match"."""

    def __init__(self, subject: Subject, slots: set[int], rule: str) -> None:
        self.subject = subject
        self.rule = rule
        self.bits = {slot: 1 << number for number, slot in enumerate(sorted(slots))}
        self.target_of = dict(subject.targets)
        # Bits that are set at an instruction, as far as known; -1: no path has come there.
        self.masks = [-1] * len(subject.instructions)
        self.reported: set[int] = set()

    def run(self) -> None:
        """Follow paths until no bit changes any more."""
        instructions = self.subject.instructions
        # A mask may have thousands of bits, so a step costs more then.
        cost = 1 + len(self.bits) // 1024
        budget = STEPS_PER_INSTRUCTION * (len(instructions) + 8)
        work = [(0, sum(self.bits.values()))]
        while work:
            index, mask = work.pop()
            while True:
                known = self.masks[index]
                merged = mask if known < 0 else known | mask
                if merged == known:
                    break
                budget -= cost
                if budget < 0:
                    self.subject.report("budget", index, "too many paths on which other slots are not ready")
                    return
                self.masks[index] = mask = merged
                _, op, operands = instructions[index]
                target = self.target_of.get(index)
                taken = mask
                if op.name == "JUMP_IF_GIVEN" and self.rule == "unassigned":
                    taken = mask & ~self.bits.get(operands[0], 0)
                else:
                    mask = taken = self.after(index, op.name, operands, mask)
                if op.flow == "end" or (taken == 0 and self.rule == "unassigned"):
                    break
                if op.flow == "jump":
                    assert target is not None
                    index, mask = target, taken
                    continue
                if target is not None:
                    work.append((target, taken))
                index += 1

    def after(self, index: int, op: str, operands: Sequence[int], mask: int) -> int:
        """Return the bits behind an instruction, which is reported if it reads a slot that is not ready."""
        if self.rule == "match":
            bit = self.bits.get(operands[0], 0) if op in ("MATCH_START", "MATCH_END") else 0
            if op == "MATCH_START":
                return mask & ~bit
            if mask & bit and index not in self.reported:
                self.reported.add(index)
                self.subject.report("match", index, f"local {operands[0]} holds no subject on some path to here")
            return mask | bit
        if op in _STORES:
            return mask & ~self.bits.get(operands[0], 0)
        slot = -1
        if op in _READS:
            slot = operands[0]
        elif op == "CAPTURE_VAR" and operands[0] == FROM_LOCAL:
            slot = operands[1]
        if slot >= 0 and mask & self.bits.get(slot, 0) and index not in self.reported:
            self.reported.add(index)
            self.subject.report("unassigned", index, f"local {slot} may be a parameter that was not passed")
        return mask
