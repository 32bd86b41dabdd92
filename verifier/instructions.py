"""Rules about single instructions and their neighbours, reachable or not: what operands may say, what must follow what.

`check_instructions` is one loop, because it sees every instruction of a program; the rows of `_PLANS` tell it which
check an opcode needs. Rare opcodes have a function of their own in `_SPECIAL`.
"""

from __future__ import annotations

from ..format import chunk
from ..format import stack_ops as so
from ..format.encoding import decode
from ..format.errors import FormatError
from ..format.stack_ops import STACK_OPS
from .findings import shown
from .functions import is_ivar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..format.optable import Op
    from .subject import Subject

    Check = Callable[["_Checker", int, str, Sequence[int]], None]

# What the loop does for an opcode.
_NOTHING, _LOCAL, _CONST, _NAME, _CALL_METHOD, _PLAIN_CALL, _UPVALUE, _TARGET, _OTHER = range(9)

_FLAG_MASKS = {
    name: sum(1 << bit for bit, flag in enumerate(flags) if flag is not None) for name, flags in so.FLAG_NAMES.items()
}
_KIND_COUNTS = {name: len(kinds) for name, kinds in so.KIND_NAMES.items()}
_BLOCK_FLAGS = so.LITERAL_BLOCK | so.BLOCK_ARG
# Match tests that set their slot; the others do not look at it.
SLOT_SETTING_TESTS = frozenset(
    (so.MATCH_ARRAY, so.MATCH_ARRAY_REST, so.MATCH_STRICT_ARRAY, so.MATCH_HASH, so.MATCH_STRICT_HASH, so.MATCH_KEY,
     so.MATCH_EITHER_KEY, so.MATCH_SOFT)
)  # fmt: skip


def check_instructions(subject: Subject) -> bool:
    """Decode the function and check each instruction; False: the code does not decode, nothing else can be said."""
    function = subject.function
    try:
        subject.instructions = decode(function.code)
    except FormatError as error:
        subject.report_at("decode", error.offset, error.reason)
        return False
    instructions = subject.instructions
    if not instructions:
        subject.report("terminator", -1, "the code is empty")
        return False
    if len(function.positions) != len(instructions):
        subject.report("names", -1, f"{len(function.positions)} positions for {len(instructions)} instructions")
    if instructions[-1][1].flow not in ("end", "jump"):
        subject.report("terminator", len(instructions) - 1, f"{instructions[-1][1].name} goes on behind the end")
    subject.used = {instruction[1].name for instruction in instructions}
    checker = _Checker(subject)
    _check_each(subject, checker)
    _check_targets(subject, checker)
    subject.soft_slots = checker.soft_slots
    if checker.soft_slots or subject.soft_upvalues:
        _check_soft_names(subject, checker)
    return True


def _check_each(subject: Subject, checker: _Checker) -> None:
    """Check the operands of all instructions."""
    function = subject.function
    kinds = [constant[0] for constant in function.constants]
    constant_count = len(kinds)
    local_count = function.local_count
    upvalue_count = len(function.upvalues)
    plans = _PLANS
    seen = set()  # (opcode, name) pairs found to be right
    for index, (_, op, operands) in enumerate(subject.instructions):
        plan = plans[op.code]
        if plan == _NOTHING:
            continue
        if plan == _LOCAL:
            if operands[0] >= local_count:
                checker.local(index, operands[0])
        elif plan == _CONST:
            if operands[0] >= constant_count:
                checker.const(index, operands[0])
        elif plan == _NAME:
            key = (op.code, operands[0])
            if key not in seen:
                seen.add(key)
                checker.other(index, op.name, op.operands, operands)
        elif plan == _CALL_METHOD:
            name, argc, flags = operands
            if name >= constant_count or kinds[name] != chunk.CONST_SYMBOL:
                checker.name(index, name)
            if flags & ~(so.IMPLICIT_SELF | so.VARIABLE_LIKE):
                checker.call(index, "CALL_METHOD", argc, flags)
        elif plan == _PLAIN_CALL:
            if operands[1]:
                checker.other(index, op.name, op.operands, operands)
        elif plan == _UPVALUE:
            if operands[0] >= upvalue_count:
                subject.report("upvalue-index", index, f"upvalue {operands[0]} of {upvalue_count}")
        elif plan == _TARGET:
            checker.targets.append((index, operands[0]))
        else:
            checker.other(index, op.name, op.operands, operands)


class _Checker:
    """State of the checks over one function; methods report what breaks a rule."""

    __slots__ = ("subject", "targets", "no_entry", "captures_end", "consumers", "soft_slots")

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.targets: list[tuple[int, int]] = []  # (instruction, target offset)
        self.no_entry: dict[int, str] = {}  # instruction that no jump may reach -> rule that says so
        self.captures_end = 0  # CAPTURE_VARs before this instruction belong to a closure
        self.consumers: set[int] = set()  # instructions that get the literal block before them
        self.soft_slots: set[int] = set()

    def local(self, index: int, slot: int) -> None:
        """Check a local operand."""
        count = self.subject.function.local_count
        if slot >= count:
            self.subject.report("local-index", index, f"local {slot} of {count}")

    def const(self, index: int, number: int) -> None:
        """Check a constant operand."""
        count = len(self.subject.function.constants)
        if number >= count:
            self.subject.report("const-index", index, f"constant {number} of {count}")

    def name(self, index: int, number: int) -> str | None:
        """Check a name operand and return the name, None if it is none."""
        constants = self.subject.function.constants
        if number >= len(constants):
            self.subject.report("const-index", index, f"constant {number} of {len(constants)}")
            return None
        kind, payload = constants[number]
        if kind != chunk.CONST_SYMBOL or payload.__class__ is not str:
            self.subject.report("name-kind", index, f"constant {number} is no symbol")
            return None
        name: str = payload
        return name

    def other(self, index: int, op: str, kinds: Sequence[str], operands: Sequence[int]) -> None:
        """Check an instruction of which the loop knows nothing."""
        subject = self.subject
        for kind, operand in zip(kinds, operands):
            if kind == "name":
                name = self.name(index, operand)
                shape = _NAME_SHAPES.get(op)
                if shape is not None and name is not None and not shape(name):
                    subject.report("name-shape", index, f"{shown(name)} is no name for {op}")
            elif kind == "const":
                self.const(index, operand)
            elif kind == "local":
                if op != "MATCH_CASE" or operands[0] in SLOT_SETTING_TESTS:
                    self.local(index, operand)
            elif kind == "target":
                self.targets.append((index, operand))
            elif kind == "kind":
                if operand >= _KIND_COUNTS[op]:
                    subject.report("operand", index, f"{op} of the unknown kind {operand}")
            elif kind == "flags" and operand & ~_FLAG_MASKS[op]:
                subject.report("operand", index, f"{op} with the flags {operand & ~_FLAG_MASKS[op]:#x}")
        special = _SPECIAL.get(op)
        if special is not None:
            special(self, index, op, operands)

    def call(self, index: int, op: str, argc: int, flags: int) -> None:
        """Check how the flags of a call fit together and with the arguments."""
        report = self.subject.report
        if flags & so.SPLAT and argc != 1:
            report("operand", index, f"{op} with SPLAT and {argc} arguments")
        if flags & _BLOCK_FLAGS == _BLOCK_FLAGS:
            report("operand", index, f"{op} with a literal block and a block argument")
        if flags & so.RESULT_IS_ARG and argc == 0:
            report("operand", index, f"{op} returns an argument and has none")
        if flags & so.LITERAL_BLOCK and index not in self.consumers:
            report("literal-block", index, f"{op} expects a block that no BUILD_LAMBDA before it made")

    def function_operand(self, index: int, number: int, kinds: Sequence[int], captures: bool) -> None:
        """Check that this function may make or run function `number`, which must be of one of `kinds`."""
        subject = self.subject
        function = subject.function
        functions = subject.module.functions
        if not 0 < number < len(functions):
            subject.report("function-reference", index, f"function {number} of {len(functions)}")
            return
        child = functions[number]
        if child.parent != function.index:
            subject.report("function-reference", index, f"function {number} belongs to function {child.parent}")
        if child.kind not in kinds:
            wanted = " or ".join(chunk.FUNCTION_KINDS[kind] for kind in kinds)
            found = chunk.FUNCTION_KINDS[child.kind]
            subject.report("function-reference", index, f"function {number} is a {found}, not a {wanted}")
        if number in subject.facts.referrer:
            subject.report("function-reference", index, f"function {number} is named twice")
        subject.facts.referrer[number] = function.index
        if captures:
            self.captures(index, child.upvalues)
        elif child.upvalues:
            subject.report("function-reference", index, f"function {number} has upvalues, which nothing here captures")

    def captures(self, index: int, upvalues: Sequence[tuple[int, int]]) -> None:
        """Check that the CAPTURE_VARs of a closure follow instruction `index`."""
        instructions = self.subject.instructions
        first = index + 1
        self.captures_end = first + len(upvalues)
        found = [
            tuple(operands) if op.name == "CAPTURE_VAR" else None
            for _, op, operands in instructions[first : self.captures_end]
        ]
        if found != list(upvalues):
            detail = f"the {len(upvalues)} upvalues of the closure are not captured behind it"
            self.subject.report("capture", index, detail)
        for number in range(first, self.captures_end):
            self.no_entry[number] = "capture"


def _check_targets(subject: Subject, checker: _Checker) -> None:
    """Check that jumps land on instructions, on none that belongs to the one before it."""
    if not checker.targets:
        return
    index_at = subject.index_at = {entry[0]: index for index, entry in enumerate(subject.instructions)}
    for index, offset in checker.targets:
        target = index_at.get(offset)
        if target is None:
            subject.report("jump-target", index, f"no instruction starts at {offset}")
        elif target in checker.no_entry:
            subject.report(checker.no_entry[target], index, f"jumps behind what instruction {offset} follows on")
        else:
            subject.targets.append((index, target))


def _check_soft_names(subject: Subject, checker: _Checker) -> None:
    """Check that the mark of an unbound soft name reaches LOAD_SOFT only, through a captured variable at most."""
    instructions = subject.instructions
    entered = {target for _, target in subject.targets}
    for index, (_, op, operands) in enumerate(instructions):
        if op.name == "LOAD_LOCAL" and operands[0] in checker.soft_slots:
            subject.report("soft-name", index, f"local {operands[0]} may hold an unbound name")
        elif op.name == "GET_UPVALUE" and operands[0] in subject.soft_upvalues:
            _, following, where = instructions[min(index + 1, len(instructions) - 1)]
            kept = following.name == "STORE_LOCAL" and where[0] in checker.soft_slots and index + 1 not in entered
            if not kept:
                subject.report("soft-name", index, f"upvalue {operands[0]} may hold an unbound name")


# Checks of single instructions, besides those of their operand kinds.


def _call(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    checker.call(index, op, operands[-2], operands[-1])
    if op == "INDEX_SET" and operands[0] == 0:
        checker.subject.report("operand", index, "INDEX_SET without a value")


def _yield(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    _call(checker, index, op, operands)
    if _home(checker.subject).kind not in (chunk.METHOD, chunk.EVAL):
        checker.subject.report("yield", index, "YIELD outside of a method")
    _uses_block(checker, index, op, operands)


def _uses_block(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    home = _home(checker.subject)
    if home.kind == chunk.METHOD and not home.flags & chunk.USES_BLOCK:
        checker.subject.report("function-flags", index, f"{op}, and function {home.index} has no flag uses-block")


def _home(subject: Subject) -> chunk.Function:
    """Return the function whose block a YIELD calls."""
    function = subject.function
    while function.kind in (chunk.BLOCK, chunk.LAMBDA):
        function = subject.module.functions[function.parent]
    return function


def _break_block(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    function = checker.subject.function
    if function.kind != chunk.BLOCK:
        checker.subject.report("block-exit", index, "BREAK_BLOCK outside of a block")
    elif not function.flags & chunk.HAS_BREAK_BLOCK:
        checker.subject.report("function-flags", index, "BREAK_BLOCK, and the flag has-break-block is missing")


def _return_method(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    function = checker.subject.function
    if function.kind not in (chunk.BLOCK, chunk.EVAL):
        checker.subject.report("block-exit", index, "RETURN_METHOD outside of a block")
        return
    while function.kind == chunk.BLOCK:
        function = checker.subject.module.functions[function.parent]
    if not function.flags & chunk.HAS_RETURN_METHOD:
        checker.subject.report(
            "function-flags", index, f"RETURN_METHOD, and function {function.index} has no flag has-return-method"
        )


def _build_lambda(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    number, kind = operands
    checker.function_operand(index, number, (chunk.LAMBDA if kind == so.LAMBDA_STRICT else chunk.BLOCK,), True)
    if kind == so.LAMBDA_STRICT:
        return
    instructions = checker.subject.instructions
    consumer = max(checker.captures_end, index + 1)
    if consumer < len(instructions):
        _, following, arguments = instructions[consumer]
        if following.name in so.FLAG_NAMES and "argc" in following.operands and arguments[-1] & so.LITERAL_BLOCK:
            checker.consumers.add(consumer)
            checker.no_entry.setdefault(consumer, "literal-block")
            return
    checker.subject.report("literal-block", index, "the block does not go into the next instruction")


def _capture_var(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    if index >= checker.captures_end:
        checker.subject.report("capture", index, "CAPTURE_VAR follows no closure that needs it")


def _function(captures: bool, *kinds: int) -> Check:
    def check(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
        checker.function_operand(index, operands[-1], kinds, captures)
        if op in ("DEFINE_CLASS", "DEFINE_MODULE") and operands[1] & so.SCOPED and operands[1] & so.TOP_LEVEL:
            checker.subject.report("operand", index, f"{op} is scoped and at the top level")

    return check


def _close_upvalue(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    subject = checker.subject
    function = subject.function
    slot = operands[0]
    named = slot < len(function.local_names) and function.local_names[slot] != ""
    if slot in subject.facts.captured.get(function.index, ()) or function.flags & chunk.USES_EVAL and named:
        return
    subject.report("close-upvalue", index, f"no closure holds local {slot}")


def _jump_if_given(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    if operands[0] not in optional_slots(checker.subject.function):
        checker.subject.report("parameter-test", index, f"local {operands[0]} is no optional parameter")


def optional_slots(function: chunk.Function) -> set[int]:
    """Return the slots of parameters that a call need not pass."""
    parameters = function.parameters
    if not parameters.optional and not parameters.keywords:
        return set()
    slots = set(range(parameters.required, parameters.required + parameters.optional))
    first = parameters.required + parameters.optional + (parameters.flags & chunk.REST != 0) + parameters.post
    slots.update(first + number for number, (_, required) in enumerate(parameters.keywords) if not required)
    return slots


def _at_least_one(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    if operands[0] < 1:
        checker.subject.report("operand", index, f"{op} 0")


def _eval_string(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    if not 1 <= operands[0] <= 4:
        checker.subject.report("operand", index, f"EVAL_STRING with {operands[0]} arguments")
    if not checker.subject.function.flags & chunk.USES_EVAL:
        checker.subject.report("function-flags", index, "EVAL_STRING, and the flag uses-eval is missing")


def _reserved(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    checker.subject.report("reserved", index, f"{op} is reserved for the module system")


def _raise(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    before = checker.subject.instructions[index - 1][1].name if index else ""
    if before != "LOAD_LOCAL":
        checker.subject.report("raise", index, "RAISE does not follow a LOAD_LOCAL")
    checker.no_entry[index] = "raise"


def _match_case(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    if operands[0] == so.MATCH_SOFT:
        checker.soft_slots.add(operands[1])


def _load_soft(checker: _Checker, index: int, op: str, operands: Sequence[int]) -> None:
    checker.soft_slots.add(operands[0])


_SPECIAL: dict[str, Check] = {
    "CALL": _call,
    "CALL_METHOD": _call,
    "CALL_SUPER": _call,
    "NEW_INSTANCE": _call,
    "CALL_BLOCK": _call,
    "INDEX_GET": _call,
    "INDEX_SET": _call,
    "YIELD": _yield,
    "BLOCK_GIVEN": _uses_block,
    "LOAD_BLOCK": _uses_block,
    "BREAK_BLOCK": _break_block,
    "RETURN_METHOD": _return_method,
    "BUILD_LAMBDA": _build_lambda,
    "CAPTURE_VAR": _capture_var,
    "DEFINE_CLASS": _function(False, chunk.CLASS_BODY),
    "DEFINE_MODULE": _function(False, chunk.MODULE_BODY),
    "DEFINE_SINGLETON": _function(False, chunk.SINGLETON_BODY),
    "DEFINE_METHOD": _function(False, chunk.METHOD),
    "DEFINE_SINGLETON_METHOD": _function(False, chunk.METHOD),
    "DEFINE_FUNCTION": _function(False, chunk.METHOD),
    "DEFINE_METHOD_RUNTIME": _function(True, chunk.METHOD, chunk.BLOCK, chunk.LAMBDA),
    "CLOSE_UPVALUE": _close_upvalue,
    "JUMP_IF_GIVEN": _jump_if_given,
    "LOAD_GROUP": _at_least_one,
    "DUP_N": _at_least_one,
    "EVAL_STRING": _eval_string,
    "RAISE": _raise,
    "MATCH_CASE": _match_case,
    "LOAD_SOFT": _load_soft,
    **dict.fromkeys(so.RESERVED, _reserved),
}


def _is_global(name: str) -> bool:
    return len(name) > 1 and name[0] == "$"


def _is_class_variable(name: str) -> bool:
    return name[:1] == "@" and is_ivar(name[1:])


def _is_constant(name: str) -> bool:
    first = name[:1]
    return first.isupper() or first.istitle()


_NAME_SHAPES: dict[str, Callable[[str], bool]] = {
    "LOAD_GLOBAL": _is_global,
    "STORE_GLOBAL": _is_global,
    "ALIAS_GLOBAL": _is_global,
    "LOAD_IVAR": is_ivar,
    "STORE_IVAR": is_ivar,
    "LOAD_CVAR": _is_class_variable,
    "STORE_CVAR": _is_class_variable,
    "LOAD_CONST": _is_constant,
    "LOAD_SCOPED_CONST": _is_constant,
    "LOAD_TOP_CONST": _is_constant,
    "STORE_CONST": _is_constant,
    "STORE_SCOPED_CONST": _is_constant,
    "DEFINE_CLASS": _is_constant,
    "DEFINE_MODULE": _is_constant,
}


def _plan(op: Op) -> int:
    """Decide what the loop does for an instruction."""
    if op.name == "CALL_METHOD":
        return _CALL_METHOD
    if op.operands == ("argc", "flags") and op.name not in ("YIELD", "INDEX_SET"):
        return _PLAIN_CALL
    if op.name in _SPECIAL:
        return _OTHER
    simple: dict[tuple[str, ...], int] = {
        ("local",): _LOCAL, ("const",): _CONST, ("name",): _NAME, ("upvalue",): _UPVALUE, ("target",): _TARGET,
    }  # fmt: skip
    if all(kind in ("count", "line") for kind in op.operands):
        return _NOTHING
    return simple.get(op.operands, _OTHER)


_PLANS = [_NOTHING if op is None else _plan(op) for op in STACK_OPS.by_code]
assert not set(_NAME_SHAPES) - set(STACK_OPS.by_name) and not set(_SPECIAL) - set(STACK_OPS.by_name)
