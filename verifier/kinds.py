"""Rules about values that an engine takes apart without looking at them: Arrays, Hashes, Strings, Symbols, booleans.

ARRAY_PUSH appends to the host list inside an Array, MATCH_KEY looks into a Hash, and so on; those values must come
from instructions that make them. The walk knows one kind a stack value and local, 0 for "anything". It is done for
functions that have such instructions only.

A stack is a chain of pairs (kind, rest), so that two paths which share the lower part are compared quickly.
"""

from __future__ import annotations

from ..format import chunk
from ..format import stack_ops as so
from ..format.stack_ops import STACK_OPS
from .limits import STEPS_PER_INSTRUCTION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .subject import Subject

    Stack = Any  # None or (kind, Stack)

ANY, ARRAY, HASH, STRING, SYMBOL, BOOLEAN = 0, 1, 2, 4, 8, 16
_NAMES = {ARRAY: "an Array", HASH: "a Hash", STRING: "a String", SYMBOL: "a Symbol", BOOLEAN: "true or false"}
_MAX_LOCALS = 512  # that are followed in a function; the kinds of others are not known

# instruction -> (distance from the top of the stack, kinds that may stand there)
_NEEDS: dict[str, tuple[tuple[int, int], ...]] = {
    "ARRAY_PUSH": ((1, ARRAY),),
    "ARRAY_CONCAT": ((1, ARRAY),),
    "DICT_SET": ((2, HASH),),
    "DICT_MERGE": ((1, HASH),),
    "BUILD_SYMBOL": ((0, STRING),),
    "BUILD_REGEX": ((0, STRING),),
    "BUILD_SHELL": ((0, STRING),),
}
_MATCH_NEEDS: dict[int, tuple[tuple[int, int], ...]] = {
    so.MATCH_KEY: ((1, HASH),),
    so.MATCH_EITHER_KEY: ((0, SYMBOL | STRING), (1, HASH)),
    so.MATCH_SIZE: ((0, HASH),),
    so.MATCH_SOFT: ((0, BOOLEAN), (1, SYMBOL)),
    so.MATCH_SPLAT: ((0, ARRAY),),
}
_MATCH_GIVES = {
    so.MATCH_ARRAY: ARRAY, so.MATCH_ARRAY_REST: ARRAY, so.MATCH_STRICT_ARRAY: ARRAY, so.MATCH_HASH: HASH,
    so.MATCH_STRICT_HASH: HASH, so.MATCH_KEY: ANY, so.MATCH_EITHER_KEY: ANY, so.MATCH_SOFT: ANY,
}  # fmt: skip
_GIVES = {
    "BUILD_ARRAY": ARRAY, "SPLAT": ARRAY, "ARRAY_PUSH": ARRAY, "ARRAY_CONCAT": ARRAY,
    "BUILD_DICT": HASH, "DICT_SET": HASH, "DICT_MERGE": HASH,
    "BUILD_STRING": STRING, "BUILD_SHELL": STRING, "BUILD_SYMBOL": SYMBOL,
    "PUSH_TRUE": BOOLEAN, "PUSH_FALSE": BOOLEAN,
}  # fmt: skip
_CONSTANT_GIVES = {chunk.CONST_STRING: STRING, chunk.CONST_FROZEN: STRING, chunk.CONST_SYMBOL: SYMBOL}
_STORES = ("STORE_LOCAL", "MATCH_BIND", "MATCH_START")
_CALL_FLAGS = so.SPLAT | so.KEYWORDS
# Instructions of which some need something.
_NEEDY = frozenset((*_NEEDS, "MATCH_CASE", "RESCUE", *(op.name for op in STACK_OPS.rows if "argc" in op.operands)))


def needs(op: str, kinds: Sequence[str], operands: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return what an instruction needs on the stack, as (distance from the top, kinds)."""
    found = _NEEDS.get(op)
    if found is not None:
        return found
    if op == "MATCH_CASE":
        return _MATCH_NEEDS.get(operands[0], ())
    if op == "RESCUE":
        return ((0, ARRAY),) if operands[0] else ()
    if kinds[-2:] == ("argc", "flags") and operands[-1] & _CALL_FLAGS:
        flags = operands[-1]
        place = 1 if flags & (so.LITERAL_BLOCK | so.BLOCK_ARG) else 0
        wanted = []
        if flags & so.KEYWORDS:
            wanted.append((place, HASH))
            place += 1
        if flags & so.SPLAT:
            wanted.append((place, ARRAY))
        return tuple(wanted)
    return ()


def check_kinds(subject: Subject) -> None:
    """Check the values that instructions rely on. The stack depths of the function must have been found right."""
    if subject.used.isdisjoint(_NEEDY):
        return
    wanted = {
        index: found
        for index, (_, op, operands) in enumerate(subject.instructions)
        if op.name in _NEEDY and (found := needs(op.name, op.operands, operands)) and subject.depths[index] >= 0
    }
    if wanted:
        _Kinds(subject, wanted).run()


class _Kinds:
    """The walk over one function."""

    def __init__(self, subject: Subject, wanted: dict[int, tuple[tuple[int, int], ...]]) -> None:
        function = subject.function
        self.subject = subject
        self.wanted = wanted
        self.target_of = dict(subject.targets)
        self.joins = {target for _, target in subject.targets}
        self.states: dict[int, tuple[Stack, tuple[int, ...]]] = {}
        self.failed: set[int] = set()
        self.budget = STEPS_PER_INSTRUCTION * (len(subject.instructions) + 8)
        hidden = set(subject.facts.captured.get(function.index, ()))
        if function.flags & chunk.USES_EVAL:
            hidden.update(slot for slot, name in enumerate(function.local_names) if name)
        followed: list[int] = []
        if function.local_names or not function.flags & chunk.USES_EVAL:
            followed = [slot for slot in self.interesting(function) if slot not in hidden][:_MAX_LOCALS]
        self.places = {slot: place for place, slot in enumerate(followed)}  # of the followed slots in a state
        self.start = [ANY] * len(followed)
        self._parameters(function.parameters)

    def interesting(self, function: chunk.Function) -> list[int]:
        """Return the slots that may hold a known kind, tested patterns first: then parameters, and slots that are
        stored to where a kind was just made."""
        tested: dict[int, None] = {}
        others: dict[int, None] = dict.fromkeys(range(min(function.parameters.slot_count(), function.local_count)))
        kind = False  # whether the value on top may have a known kind
        for _, op, operands in self.subject.instructions:
            name = op.name
            if name == "MATCH_CASE":
                tested[operands[1]] = None
            elif name in _STORES:
                if kind:
                    others[operands[0]] = None
                continue  # the values of an EXPAND are stored one after the other
            if name == "PUSH_CONST":
                kind = function.constants[operands[0]][0] in _CONSTANT_GIVES
            else:
                kind = name in _GIVES or name in ("LOAD_LOCAL", "DUP", "EXPAND")
        return [*tested, *(slot for slot in others if slot not in tested)]

    def _parameters(self, parameters: chunk.Parameters) -> None:
        """Note that the rest parameters hold an Array and a Hash."""
        if parameters.flags & chunk.REST:
            self._given(parameters.required + parameters.optional, ARRAY)
        if parameters.flags & chunk.KEYREST:
            self._given(parameters.slot_count() - (parameters.flags & chunk.BLOCK_PARAM != 0) - 1, HASH)

    def _given(self, slot: int, kind: int) -> None:
        if slot in self.places:
            self.start[self.places[slot]] = kind

    def run(self) -> None:
        """Follow paths until no kind changes any more."""
        work: list[tuple[int, Stack, tuple[int, ...]]] = [(0, None, tuple(self.start))]
        while work:
            index, stack, slots = work.pop()
            while index >= 0:
                if index in self.joins:
                    merged = self.merge(index, stack, slots)
                    if merged is None:
                        break
                    stack, slots = merged
                self.budget -= 1
                if self.budget < 0:
                    self.subject.report("budget", index, "too many paths with values of different kinds")
                    return
                index, stack, slots = self.step(index, stack, slots, work)

    def merge(self, index: int, stack: Stack, slots: tuple[int, ...]) -> tuple[Stack, tuple[int, ...]] | None:
        """Join a state with what is known at an instruction; None if that says nothing new."""
        known = self.states.get(index)
        if known is not None:
            stack = self.merge_stacks(known[0], stack)
            if slots is not known[1]:
                self.budget -= len(slots) // 16
                slots = tuple([a if a == b else ANY for a, b in zip(known[1], slots)])
                if slots == known[1]:
                    slots = known[1]
            if stack is known[0] and slots is known[1]:
                return None
        self.states[index] = stack, slots
        return stack, slots

    def merge_stacks(self, known: Stack, stack: Stack) -> Stack:
        """Join two stacks of equal depth; returns `known` itself if nothing changes."""
        upper = []
        below = known
        while below is not stack:
            upper.append((below, below[0] if below[0] == stack[0] else ANY))
            below, stack = below[1], stack[1]
        self.budget -= len(upper) // 16
        merged = below
        for old, kind in reversed(upper):
            merged = old if kind == old[0] and merged is old[1] else (kind, merged)
        return merged

    def step(self, index: int, stack: Stack, slots: tuple[int, ...], work: list[Any]) -> tuple[int, Stack, Any]:
        """Execute one instruction on kinds; returns the next one (-1: the path ends) with its state."""
        _, op, operands = self.subject.instructions[index]
        name = op.name
        if index in self.wanted and index not in self.failed:
            self.check(index, name, stack)
        pops, pushes = STACK_OPS.effect(op, operands)
        if name == "DUP":
            stack = (stack[0], stack)
        elif name == "SWAP":
            stack = (stack[1][0], (stack[0], stack[1][1]))
        elif name == "DUP_N":
            self.budget -= operands[0] // 16
            stack = self.push(stack, self.top(stack, operands[0]))
        elif name == "EXPAND":
            self.budget -= pushes // 16
            kinds = [ANY] * pushes
            if operands[1]:
                kinds[operands[2]] = ARRAY
            stack = self.push(stack[1], kinds)
        else:
            if name in _STORES or name == "CLOSE_UPVALUE":
                slots = self.stored(slots, operands[0], ANY if name == "CLOSE_UPVALUE" else stack[0])
            self.budget -= pops // 16
            for _ in range(pops):
                stack = stack[1]
            if pushes:
                stack = (self.pushed(name, operands, slots), stack)
        target = self.target_of.get(index)
        if name == "BEGIN_TRY":
            # The handler may see the locals as any instruction of the region left them.
            work.append((target, stack, (ANY,) * len(slots)))
        elif op.flow == "jump":
            return self.leap(index, target, stack, slots)
        elif target is not None:
            work.append((target, stack, slots))
        if name == "MATCH_CASE" and operands[0] in _MATCH_GIVES:
            slots = self.stored(slots, operands[1], _MATCH_GIVES[operands[0]])
        return (-1 if op.flow == "end" else index + 1), stack, slots

    def leap(self, index: int, target: Any, stack: Stack, slots: tuple[int, ...]) -> tuple[int, Stack, Any]:
        """Go to the target of a jump. One that leaves a region may run ensure code, which may store anything."""
        region_of = self.subject.region_of
        if region_of is not None and region_of[index] != region_of[target]:
            slots = (ANY,) * len(slots)
        return target, stack, slots

    def stored(self, slots: tuple[int, ...], slot: int, kind: int) -> tuple[int, ...]:
        """Return `slots` with `kind` in `slot`, if that is followed."""
        place = self.places.get(slot, -1)
        if place < 0 or slots[place] == kind:
            return slots
        self.budget -= len(slots) // 16
        return slots[:place] + (kind,) + slots[place + 1 :]

    def pushed(self, name: str, operands: Sequence[int], slots: tuple[int, ...]) -> int:
        """Return the kind of the one value that an instruction pushes."""
        if name == "PUSH_CONST":
            return _CONSTANT_GIVES.get(self.subject.function.constants[operands[0]][0], ANY)
        if name == "LOAD_LOCAL":
            place = self.places.get(operands[0], -1)
            return slots[place] if place >= 0 else ANY
        return _GIVES.get(name, ANY)

    @staticmethod
    def push(stack: Stack, kinds: list[int]) -> Stack:
        for kind in kinds:
            stack = (kind, stack)
        return stack

    @staticmethod
    def top(stack: Stack, count: int) -> list[int]:
        kinds = []
        for _ in range(count):
            kinds.append(stack[0])
            stack = stack[1]
        kinds.reverse()
        return kinds

    def check(self, index: int, name: str, stack: Stack) -> None:
        """Check what an instruction needs."""
        for distance, kinds in self.wanted[index]:
            below = stack
            for _ in range(distance):
                below = below[1]
            if not below[0] & kinds:
                self.failed.add(index)
                wanted = " or ".join(text for bit, text in _NAMES.items() if kinds & bit)
                detail = f"{name} needs {wanted} made in this function, {distance} below the top"
                self.subject.report("value-kind", index, detail)
