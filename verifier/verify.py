"""The verifier: may this module run? All findings at once, whatever the module holds.

A module that passes can make an engine raise exceptions of the Metorex program only. The passes over a function build
on each other: instructions, regions, paths (stack and context), readiness of slots, kinds of values, loops. A pass
whose ground is broken is left out, so a finding is never a mere consequence of another one in the same function.
"""

from __future__ import annotations

import gc

from ..format.stack_ops import FROM_LOCAL
from .assigned import check_assigned
from .findings import Finding, VerifyError
from .flow import check_flow
from .functions import check_function, check_tree, module_broken
from .instructions import check_instructions
from .kinds import check_kinds
from .loops import check_loops
from .regions import check_regions
from .subject import ModuleFacts, Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..format.chunk import Module


def verify(module: Module) -> list[Finding]:
    """Return every finding about `module`, in the order of its functions; none means that it may run.

    An artifact must have been decoded completely (`reader.decode_all`), or FormatError may come out.
    """
    return _run(module, False)[0].findings


def check(module: Module) -> None:
    """Raise VerifyError unless `module` may run."""
    findings = verify(module)
    if findings:
        raise VerifyError(findings)


def analyse(module: Module) -> tuple[ModuleFacts, list[Subject]]:
    """Verify `module` and return what was found out on the way, a Subject a function.

    An engine in checking mode compares `Subject.depths` with its stack at each instruction.
    """
    return _run(module, True)


def _run(module: Module, keep: bool) -> tuple[ModuleFacts, list[Subject]]:
    """Verify all functions; `keep` what was found out about their instructions."""
    # A great many small tuples are made here and no cycles, which the host's collector would look for again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _verify_functions(module, keep)
    finally:
        if collecting:
            gc.enable()


def _verify_functions(module: Module, keep: bool) -> tuple[ModuleFacts, list[Subject]]:
    facts = ModuleFacts(module)
    subjects = [Subject(facts, function) for function in module.functions]
    if module.isa != 1:
        facts.report_module(f"instruction set {module.isa} has no verifier here")
        return facts, subjects
    if not check_tree(facts, subjects):
        return facts, subjects
    for subject in subjects:
        check_function(subject)
    if module_broken(subjects):
        return facts, subjects
    for subject in subjects:
        _find_soft_upvalues(subject, subjects)
        if check_instructions(subject) and not subject.broken:
            check_regions(subject)
        for check_pass in (check_flow, check_assigned, check_kinds, check_loops):
            if not subject.broken:
                check_pass(subject)
        if not keep:
            subject.forget()
    return facts, subjects


def _find_soft_upvalues(subject: Subject, subjects: list[Subject]) -> None:
    """Find the upvalues that are soft names of enclosing functions, which have been looked at before."""
    function = subject.function
    if function.upvalues and function.parent >= 0:
        parent = subjects[function.parent]
        if parent.soft_slots or parent.soft_upvalues:
            subject.soft_upvalues = {
                number
                for number, (kind, index) in enumerate(function.upvalues)
                if index in (parent.soft_slots if kind == FROM_LOCAL else parent.soft_upvalues)
            }
