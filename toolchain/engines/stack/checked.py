"""The stack engine in checking mode: before each instruction it compares the machine with what the verifier proved.

It is the oracle of fuzzing: a damaged artifact that the verifier wrongly accepts shows here as a `Disagreement`, long
before it would crash something. The loop is the ordinary one with one line added, so the two cannot drift apart.
"""

from __future__ import annotations

import inspect
import linecache

from ....verifier.verify import analyse
from ...runtime.frames import ASKED, READERS, code_key
from . import loop, machine
from .code import Code
from .machine import run_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....format.chunk import Module

__all__ = ["Disagreement", "install", "run_script"]

FETCH = "                op, a, b, c = instructions[pc]\n"
CHECK = "                check_state(code, pc, stack, slots)\n"


class Disagreement(AssertionError):
    """The running machine is not in the state that the verifier proved: a fault of the verifier or the engine."""


# module -> the stack depths that the verifier found, a list a function.
DEPTHS: dict[int, tuple[Module, list[list[int]]]] = {}


def depths_of(code: Code) -> list[int]:
    """Return the proven stack depth before each instruction of a function."""
    module = code.unit.module
    known = DEPTHS.get(id(module))
    if known is None:
        facts, subjects = analyse(module)
        if facts.findings:
            raise Disagreement(f"an unverified module runs: {facts.findings[0]}")
        known = DEPTHS[id(module)] = (module, [subject.depths for subject in subjects])
    return known[1][code.function.index]


def check_state(code: Code, pc: int, stack: list[Any], slots: list[Any]) -> None:
    """Raise Disagreement unless the state before instruction `pc` is as the verifier proved."""
    function = code.function
    if not 0 <= pc < len(code.instructions):
        raise Disagreement(f"{function!r}: no instruction {pc}")
    depth = depths_of(code)[pc]
    if len(stack) != depth:
        raise Disagreement(f"{function!r}, instruction {pc}: the stack holds {len(stack)} values, {depth} were proven")
    if len(stack) > function.max_stack:
        raise Disagreement(f"{function!r}, instruction {pc}: more than {function.max_stack} values on the stack")
    if len(slots) != function.local_count:
        raise Disagreement(f"{function!r}: {len(slots)} slots instead of {function.local_count}")


def checked_run() -> Any:
    """Return the loop with the check in it."""
    source = inspect.getsource(loop.run)
    if source.count(FETCH) != 1:
        raise LookupError("the loop fetches instructions in another way than checking mode expects")
    source = source.replace(FETCH, CHECK + FETCH)
    name = "<checked loop>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    namespace = vars(loop).copy()
    namespace["check_state"] = check_state
    exec(compile(source, name, "exec"), namespace)
    return namespace["run"]


def install() -> None:
    """Replace the loop and make this engine the one that native code calls back."""
    run = checked_run()
    key = code_key(run.__code__)
    READERS[key] = READERS[loop.LOOP]
    ASKED.add(key)
    # calls.py and define.py import `run` from the loop's module when they need it; machine.py holds it.
    loop.run = run
    machine.run = run
    machine.install()
