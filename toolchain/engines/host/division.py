"""Where the parts of code that runs once begin and end, see parts.py: a pure function of the bytecode."""

from __future__ import annotations

from ....format import chunk as ck
from ....format.stack_ops import FROM_LOCAL, STACK_OPS
from .scope import decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .units import HostUnit

MOST = 24  # parts of one function
SHORT = 40  # instructions without a loop or block that may be translated with those around them
DEFINING = (
    "DEFINE_CLASS", "DEFINE_MODULE", "DEFINE_SINGLETON", "DEFINE_FUNCTION", "DEFINE_METHOD", "DEFINE_SINGLETON_METHOD",
    "STORE_CONST", "STORE_SCOPED_CONST", "ALIAS",
)  # fmt: skip
LOADING = ("require", "require_relative", "load", "include", "extend", "attr_accessor")
CLOSING = ("BUILD_LAMBDA", "DEFINE_METHOD_RUNTIME")


def rows(unit: HostUnit, index: int) -> list[tuple[int, int, tuple[int, ...], tuple[int, ...]]]:
    """Return (start, stop, slots taken over, slots given back) of the parts of a function."""
    function = unit.module.functions[index]
    known = decoded(unit, function)
    code = known.code
    borders = statements(code, known.regions)
    spans: list[list[int]] = []
    defined = False
    for start, stop in zip(borders, [*borders[1:], len(code)]):
        if is_hot(code, start, stop):
            if not spans or ((defined or start - spans[-1][1] > SHORT) and len(spans) < MOST):
                spans.append([start, stop])
            else:
                spans[-1][1] = stop
            defined = False
        defined = defined or is_defining(code, start, stop)
    if spans and len(code) - spans[-1][1] < SHORT and not defined:
        spans[-1][1] = len(code)
    found = []
    everything = function.flags & ck.USES_EVAL or function.kind == ck.EVAL
    for start, stop in spans:
        used = mentioned(code, known.regions, start, stop)
        before = used if everything else mentioned(code, known.regions, 0, start)
        loads = tuple(sorted(used & before))
        exports = tuple(sorted(used & mentioned(code, known.regions, stop, len(code))))
        found.append((start, stop if stop < len(code) else -1, loads, exports))
    return found


def statements(code: Any, regions: Any) -> list[int]:
    """Return the instructions between statements: the stack is empty, no jump passes them, no region is around them."""
    length = len(code)
    crossed = [0] * (length + 2)
    depths: dict[int, int] = {0: 0}
    for start, stop, target, kind, _, depth in regions:
        del kind
        depths[target] = depth
        end = max(stop, target)
        while end < length and code[end][0] not in ("ENSURE_END", "LEAVE_RESCUE"):
            end += 1
        crossed[start] += 1
        crossed[end + 1] -= 1
    depth = 0
    found = []
    live = True
    for at, (name, operands) in enumerate(code):
        if at in depths:
            depth = depths[at]
            live = True
        if live:
            depths[at] = depth
            pops, pushes = STACK_OPS.effect(STACK_OPS.by_name[name], operands)
            depth += pushes - pops
        target = target_of(name, operands)
        if target >= 0:
            depths.setdefault(target, depth)
            low, high = (at + 1, target) if target > at else (target + 1, at + 1)
            crossed[low] += 1
            crossed[high] -= 1
        if STACK_OPS.by_name[name].flow in ("jump", "end"):
            live = False
    around = 0
    for at in range(length):
        around += crossed[at]
        if not around and depths.get(at) == 0:
            found.append(at)
    return found


def is_hot(code: Any, start: int, stop: int) -> bool:
    """Return whether a statement has a loop or a block."""
    for at in range(start, stop):
        name, operands = code[at]
        if name in CLOSING or -1 < target_of(name, operands) <= at:
            return True
    return False


def target_of(name: str, operands: tuple[Any, ...]) -> int:
    """Return where an instruction may jump to, -1 if it never jumps."""
    op = STACK_OPS.by_name[name]
    return operands[op.operands.index("target")] if op.flow != "next" and "target" in op.operands else -1


def is_defining(code: Any, start: int, stop: int) -> bool:
    """Return whether more may be known of the program behind a statement."""
    return any(
        name in DEFINING or (name == "CALL_METHOD" and operands[0] in LOADING) for name, operands in code[start:stop]
    )


def mentioned(code: Any, regions: Any, start: int, stop: int) -> set[int]:
    """Return the slots that instructions name."""
    found = {slot for at, _, _, _, slot, _ in regions if start <= at < stop}
    for name, operands in code[start:stop]:
        found.update(value for kind, value in zip(STACK_OPS.by_name[name].operands, operands) if kind == "local")
        if name == "CAPTURE_VAR" and operands[0] == FROM_LOCAL:
            found.add(operands[1])
    return found
