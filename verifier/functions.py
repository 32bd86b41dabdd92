"""Rules about functions as wholes: the tree they form, their flags, parameters, names, constants and descriptors."""

from __future__ import annotations

from ..format import chunk
from ..format.stack_ops import FROM_LOCAL, FROM_UPVALUE
from .findings import shown
from .limits import MAX_LOCALS, MAX_NESTING, MAX_STACK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..format.chunk import Function, Module
    from .subject import ModuleFacts, Subject

BODIES = (chunk.CLASS_BODY, chunk.MODULE_BODY, chunk.SINGLETON_BODY)
ROOTS = (chunk.SCRIPT, chunk.EVAL)
_KNOWN_FLAGS = (1 << len(chunk.FLAG_NAMES)) - 1
_KNOWN_PARAMETER_FLAGS = (1 << len(chunk.PARAM_FLAG_NAMES)) - 1
# Which kinds of functions a flag may stand on.
_FLAG_KINDS = {
    chunk.USES_EVAL: range(len(chunk.FUNCTION_KINDS)),
    chunk.USES_BLOCK: range(len(chunk.FUNCTION_KINDS)),
    chunk.HAS_RETURN_METHOD: (chunk.METHOD, chunk.LAMBDA, *ROOTS, *BODIES),
    chunk.HAS_BREAK_BLOCK: (chunk.BLOCK,),
    chunk.EXCESS_COMMA: (chunk.BLOCK,),
    chunk.NUMBERED: (chunk.BLOCK, chunk.LAMBDA),
    chunk.RUN_ONCE: (*ROOTS, *BODIES),
}


def check_tree(facts: ModuleFacts, subjects: list[Subject]) -> bool:
    """Check how the functions hang together; False: nothing else about the module can be relied on."""
    if not subjects:
        facts.report_module("a module has at least its script")
        return False
    depths: list[int] = []
    for place, subject in enumerate(subjects):
        function = subject.function
        if not 0 <= function.kind < len(chunk.FUNCTION_KINDS):
            subject.report("function-tree", -1, f"function kind {function.kind} is unknown")
        elif (function.kind in ROOTS) != (place == 0):
            kind = chunk.FUNCTION_KINDS[function.kind]
            subject.report("module", -1, f"function {place} is of kind {kind}")
        if function.index != place:
            subject.report("function-tree", -1, f"the index is {function.index}, the place {place}")
        if place == 0:
            if function.parent != -1:
                subject.report("module", -1, f"the first function has the parent {function.parent}")
            depths.append(0)
        elif not 0 <= function.parent < place:
            subject.report("function-tree", -1, f"the parent of function {place} is {function.parent}")
            depths.append(0)
        else:
            depths.append(depths[function.parent] + 1)
            if depths[place] > MAX_NESTING:
                subject.report("function-tree", -1, f"functions nest deeper than {MAX_NESTING}")
    return not module_broken(subjects)


def module_broken(subjects: list[Subject]) -> bool:
    """Tell whether any function has findings."""
    return any(subject.broken for subject in subjects)


def check_function(subject: Subject) -> None:
    """Check everything about a function that its instructions do not matter for, but their number."""
    function = subject.function
    _check_flags(subject, function)
    _check_parameters(subject, function)
    if not 0 <= function.local_count <= MAX_LOCALS:
        subject.report("limits", -1, f"{function.local_count} locals")
    if not 0 <= function.max_stack <= MAX_STACK:
        subject.report("limits", -1, f"a stack of {function.max_stack} values")
    names = function.local_names
    if names and len(names) != function.local_count:
        subject.report("names", -1, f"{len(names)} names for {function.local_count} locals")
    _check_ivars(subject, function)
    _check_upvalues(subject, subject.module, function)
    for index, (kind, payload) in enumerate(function.constants):
        if not valid_constant(kind, payload):
            subject.report("constants", -1, f"constant {index} of kind {kind} holds something else")


def _check_flags(subject: Subject, function: Function) -> None:
    flags = function.flags
    if not flags:
        return
    if flags & ~_KNOWN_FLAGS:
        subject.report("function-flags", -1, f"unknown flags {flags & ~_KNOWN_FLAGS:#x}")
    for bit, name in enumerate(chunk.FLAG_NAMES):
        if flags >> bit & 1 and function.kind not in _FLAG_KINDS[1 << bit]:
            kind = chunk.FUNCTION_KINDS[function.kind]
            subject.report("function-flags", -1, f"the flag {name} on a function of kind {kind}")
    parameters = function.parameters
    if flags & chunk.EXCESS_COMMA and (parameters.required, parameters.slot_count()) != (1, 1):
        subject.report("function-flags", -1, "the flag excess-comma without exactly one required parameter")


def _check_parameters(subject: Subject, function: Function) -> None:
    parameters = function.parameters
    count = parameters.slot_count()
    flags = parameters.flags
    if count == 0 and flags == 0:
        return
    if function.kind in ROOTS or function.kind in BODIES:
        subject.report("parameters", -1, f"{count} parameters on a {chunk.FUNCTION_KINDS[function.kind]}")
    if min(parameters.required, parameters.optional, parameters.post) < 0 or count > function.local_count:
        subject.report("parameters", -1, f"{count} parameters do not fit {function.local_count} locals")
    if flags & ~_KNOWN_PARAMETER_FLAGS:
        subject.report("parameters", -1, f"unknown flags {flags & ~_KNOWN_PARAMETER_FLAGS:#x}")
    if flags & chunk.NO_KEYWORDS and (parameters.keywords or flags & chunk.KEYREST):
        subject.report("parameters", -1, "**nil beside keywords")
    names = {name for name, _ in parameters.keywords}
    if len(names) != len(parameters.keywords):
        subject.report("parameters", -1, "two keywords have one name")
    for name in sorted(names):
        if not _is_local_name(name):
            subject.report("parameters", -1, f"{shown(name)} is no name for a keyword")


def _is_local_name(name: str) -> bool:
    """Tell whether a local could be called `name`: letters, digits, underscores, anything that is not ASCII."""
    plain = all(letter == "_" or letter > "\x7f" or letter.isalnum() for letter in name)
    return plain and name != "" and not name[0].isdigit()


def _check_ivars(subject: Subject, function: Function) -> None:
    if function.ivars and function.kind not in BODIES:
        subject.report("names", -1, "instance variables are listed on a function that is no body")
    if len(set(function.ivars)) != len(function.ivars):
        subject.report("names", -1, "an instance variable is listed twice")
    for name in function.ivars:
        if not is_ivar(name):
            subject.report("names", -1, f"{shown(name)} is no instance variable")


def is_ivar(name: str) -> bool:
    """Tell whether `name` is that of an instance variable."""
    return name[:1] == "@" and _is_local_name(name[1:])


def _check_upvalues(subject: Subject, module: Module, function: Function) -> None:
    if not function.upvalues or function.kind == chunk.EVAL:
        return
    if function.parent < 0:
        subject.report("upvalue-descriptor", -1, "a script has no upvalues")
        return
    parent = module.functions[function.parent]
    limits = {FROM_LOCAL: parent.local_count, FROM_UPVALUE: len(parent.upvalues)}
    for number, (kind, index) in enumerate(function.upvalues):
        if not 0 <= index < limits.get(kind, 0):
            where = {FROM_LOCAL: "local", FROM_UPVALUE: "upvalue"}.get(kind, f"kind {kind}")
            detail = f"upvalue {number} is {where} {index}, of which the parent has {limits.get(kind, 0)}"
            subject.report("upvalue-descriptor", -1, detail)


def valid_constant(kind: int, payload: Any) -> bool:
    """Tell whether `payload` is what a constant of `kind` holds."""
    if kind == chunk.CONST_SYMBOL or kind == chunk.CONST_STRING or kind == chunk.CONST_FROZEN:  # noqa: SIM109 (hot)
        return payload.__class__ is str
    if kind == chunk.CONST_INT:
        return payload.__class__ is int
    if kind == chunk.CONST_FLOAT:
        return payload.__class__ is float
    if payload.__class__ is not tuple or len(payload) != 2:
        return False
    first, second = payload
    if kind == chunk.CONST_RATIONAL:
        return first.__class__ is int and second.__class__ is int and second > 0
    if kind == chunk.CONST_IMAGINARY:
        return first in (chunk.CONST_INT, chunk.CONST_FLOAT, chunk.CONST_RATIONAL) and valid_constant(first, second)
    return kind == chunk.CONST_REGEX and first.__class__ is str and second.__class__ is int and 0 <= second < 64
