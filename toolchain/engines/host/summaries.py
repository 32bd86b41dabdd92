"""What the bytecode of a function or module says, in few words: found by decoding it once, and kept from run to run.

Every summary is a pure function of the bytecode, and nothing but text, numbers and tuples: `SUMMARIES` has a row each.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import operands as so
from ...runtime.builtin import CLASSES
from .assumptions import LOOSENING, NAMING, keyworded
from .division import rows
from .initializers import SUPER
from .scope import decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .units import HostUnit

    State = frozenset[str]
    Found = tuple[tuple[str, ...], bool]


# --- what a module defines ------------------------------------------------------------------------------------------


def module(unit: HostUnit, index: int) -> tuple[bool, bool, list[str], list[str], list[tuple[str, str]], list[str]]:
    """Return what a module that is about to run says about assumptions:

    whether it may make objects whose `initialize` did not run or unset their variables; whether it names BasicObject;
    the names of its methods; those whose calls may have keywords for a method of the program, "*" if such a method may
    get any name; (class, method) of what it defines in classes that are called like built-in ones; the names of methods
    of its modules, if it prepends modules, perhaps to built-in classes.
    """
    functions = unit.module.functions
    symbols = {payload for function in functions for kind, payload in function.constants if kind == ck.CONST_SYMBOL}
    names: dict[str, None] = {}
    keyword_names: dict[str, None] = {}
    members: dict[tuple[str, str], None] = {}
    prepended: dict[str, None] = {}
    for function in functions:
        if function.kind == ck.METHOD:
            names[function.name] = None
            if keyworded(function):
                keyword_names["new" if function.name == "initialize" else function.name] = None
            parent = functions[function.parent] if function.parent >= 0 else None
            if parent is not None and parent.kind in (ck.CLASS_BODY, ck.MODULE_BODY) and parent.name in CLASSES:
                members[parent.name, function.name] = None
            if parent is not None and parent.kind == ck.MODULE_BODY and "prepend" in symbols:
                prepended[function.name] = None
    if any(keyworded(function) for function in functions) and any(
        names_keyworded(unit, function, keyword_names) for function in functions
    ):
        keyword_names["*"] = None
    loosens, blank = not symbols.isdisjoint(LOOSENING), "BasicObject" in symbols
    return loosens, blank, list(names), list(keyword_names), list(members), list(prepended)


def names_keyworded(unit: HostUnit, function: ck.Function, known: Any) -> bool:
    """Return whether a function may give a name that nobody can tell to a method that takes keywords; `known` are those
    that do."""
    constants = function.constants
    if not any(payload in NAMING for _, payload in constants if payload.__class__ is str):
        return False
    functions = unit.module.functions
    code = decoded(unit, function).code
    for at, (name, operands) in enumerate(code):
        if name == "PUSH_CONST" and constants[operands[0]][1] in NAMING:
            return True  # for `send`
        if name != "CALL_METHOD" or operands[0] not in NAMING:
            continue
        before = at - 1
        if operands[2] & so.LITERAL_BLOCK:
            while code[before][0] == "CAPTURE_VAR":
                before -= 1
            made, child = code[before]
            if made != "BUILD_LAMBDA" or keyworded(functions[child[0]]):
                return True
        else:
            made, child = code[before]
            literal = operands[:2] == ("alias_method", 2) and made == "PUSH_CONST"
            if not literal or constants[child[0]][1] in known:
                return True
    return False


# --- what a body is like --------------------------------------------------------------------------------------------


# Calls after which more may be defined than was seen before.
LOADING = frozenset((
    "require", "require_relative", "load", "autoload", "eval", "instance_eval", "class_eval", "module_eval",
    "const_missing", "extend", "include", "prepend",
))  # fmt: skip


def loads(unit: HostUnit, index: int) -> bool:
    """Return whether a function or a closure in it calls what loads or defines code."""
    work = [index]
    while work:
        for name, operands in decoded(unit, unit.module.functions[work.pop()]).code:
            if name in ("BUILD_LAMBDA", "DEFINE_METHOD_RUNTIME"):
                work.append(operands[0] if name == "BUILD_LAMBDA" else operands[1])
            if (name == "CALL_METHOD" and operands[0] in LOADING) or name.startswith(("DEFINE_", "ALIAS", "EVAL")):
                return True
    return False


# Self-calls that look at the frame for more than self.
ASKING = frozenset((
    "private", "public", "protected", "module_function", "private_class_method", "attr_reader", "attr_writer",
    "attr_accessor", "define_method", "alias_method", "binding", "using", "refine", "__method__", "__callee__",
))  # fmt: skip

# Instructions for which the frame counts for more than self.
FRAMED = ("DEFINE", "ALIAS", "UNDEF", "CALL_SUPER", "LOAD_CVAR", "STORE_CVAR", "EVAL")


# The same for blocks that could be methods, which have another method and another block around them.
BLOCKISH = ("DEFINE", "ALIAS", "UNDEF", "EVAL", "YIELD", "BLOCK_GIVEN", "LOAD_BLOCK")


def has_any(unit: HostUnit, index: int, instructions: tuple[str, ...]) -> bool:
    """Return whether a function or a closure in it calls something of `ASKING`, or has one of these instructions."""
    work = [index]
    while work:
        for name, operands in decoded(unit, unit.module.functions[work.pop()]).code:
            if name == "BUILD_LAMBDA":
                work.append(operands[0])
            asks = name == "CALL_METHOD" and operands[0] in ASKING and operands[2] & so.IMPLICIT_SELF
            if asks or name.startswith(instructions):
                return True
    return False


def asks_frame(unit: HostUnit, index: int) -> bool:
    """Return whether a function or a closure in it contains something for which the definee or method counts."""
    return has_any(unit, index, FRAMED)


def as_method(unit: HostUnit, index: int) -> bool:
    """Return whether the function of a block means the same as a method of its own: nothing in it asks for the block of
    the method around it, or for the frame."""
    return not has_any(unit, index, BLOCKISH)


def bare_names(unit: HostUnit, index: int) -> list[int]:
    """Return the instructions that are bare identifiers: a variable or a method?"""
    return [
        at
        for at, (name, operands) in enumerate(decoded(unit, unit.module.functions[index]).code)
        if name == "CALL_METHOD" and operands[2] & so.VARIABLE_LIKE
    ]


# --- what is done in place of its calls -----------------------------------------------------------------------------

SMALL = 40  # instructions
# What a method may consist of whose code stands in its callers: nothing that asks for the frame, no blocks.
IN_PLACE = frozenset((
    "PUSH_CONST", "PUSH_NIL", "PUSH_TRUE", "PUSH_FALSE", "POP", "DUP", "DUP_N", "SWAP", "LOAD_SELF", "ADD", "SUB",
    "MUL", "DIV", "MOD", "POW", "NEG", "NOT", "EQ", "NE", "LT", "LE", "GT", "GE", "CMP", "BIT_AND", "BIT_OR", "BIT_XOR",
    "BIT_NOT", "SHL", "SHR", "POS", "LOAD_LOCAL", "STORE_LOCAL", "LOAD_IVAR", "STORE_IVAR", "LOAD_CONST", "JUMP",
    "JUMP_IF_FALSE", "JUMP_IF_TRUE", "JUMP_IF_NIL", "RETURN", "CALL_METHOD", "BUILD_ARRAY", "INDEX_GET", "INDEX_SET",
    "NEW_INSTANCE",
))  # fmt: skip


def small(unit: HostUnit, index: int) -> int:
    """Return the size of a function that may be done in place of its calls, 0 of others."""
    function = unit.module.functions[index]
    code = decoded(unit, function).code
    if len(code) > SMALL or function.flags & ck.USES_EVAL or function.handlers:
        return 0
    for at, (name, operands) in enumerate(code):
        if name not in IN_PLACE or (name.startswith("JUMP") and operands[-1] <= at):
            return 0
        if name == "LOAD_CONST" and operands[0] == "Array":  # types.py takes it for the caller's
            return 0
        if name == "PUSH_CONST" and function.constants[operands[0]][0] in (ck.CONST_REGEX,):
            return 0
        if name in ("CALL_METHOD", "NEW_INSTANCE", "INDEX_GET", "INDEX_SET") and operands[-1] & ~SIMPLE_CALL:
            return 0
        if name == "CALL_METHOD" and operands[0] in UNPLACED:
            return 0
    return len(code)


SIMPLE_CALL = so.IMPLICIT_SELF | so.VARIABLE_LIKE | so.RESULT_IS_ARG
UNPLACED = ASKING | {"send", "__send__", "public_send", "new", "block_given?", "class", "respond_to?", "lambda", "proc"}


# --- what `initialize` sets -----------------------------------------------------------------------------------------

ESCAPES = frozenset((
    "LOAD_SELF", "BUILD_LAMBDA", "DEFINE_METHOD_RUNTIME", "GET_METHOD_AST", "EVAL_STRING", "DEFINED", "LOAD_BLOCK",
))  # fmt: skip
NOTHING: Found = ((), False)


def initialize(unit: HostUnit, index: int) -> tuple[Found, Found]:
    """Return which instance variables a method sets before `self` escapes or it returns, and whether it escapes not.

    Twice: for a `super` that lets self escape not, whose own variables are then meant by SUPER, and for one that does.
    """
    function = unit.module.functions[index]
    if function.flags & ck.USES_EVAL or function.handlers:
        return NOTHING, NOTHING
    code = decoded(unit, function).code
    return flow(code, True), flow(code, False)


def flow(code: list[tuple[str, tuple[Any, ...]]], silent: bool) -> Found:
    states: dict[int, State] = {0: frozenset()}
    work = [0]
    result: State | None = None
    clean = True
    while work:
        index = work.pop()
        have = states[index]
        while True:
            name, operands = code[index]
            if name == "STORE_IVAR":
                have |= {operands[0]}
            elif name == "CALL_SUPER" and silent and not operands[2] & (so.LITERAL_BLOCK | so.BLOCK_ARG):
                have |= {SUPER}
            elif name in ESCAPES or name == "CALL_SUPER":
                result = have if result is None else result & have
                clean = False
                break
            elif name in ("RETURN", "RETURN_METHOD"):
                result = have if result is None else result & have
                break
            elif name in ("RAISE", "MATCH_FAIL"):
                break
            elif name in ("JUMP", "BREAK", "CONTINUE"):
                reach(states, work, operands[0], have)
                break
            elif name in ("JUMP_IF_FALSE", "JUMP_IF_TRUE", "JUMP_IF_NIL", "JUMP_IF_GIVEN", "MATCH_CASE"):
                reach(states, work, operands[-1], have)
            index += 1
    return tuple(sorted(result or ())), clean


def reach(states: dict[int, State], work: list[int], index: int, have: State) -> None:
    known = states.get(index)
    if known is None:
        states[index] = have
        work.append(index)
    elif not known <= have:
        states[index] = known & have
        work.append(index)


def redefines(unit: HostUnit, index: int) -> list[tuple[str, str]]:
    """Return (class, operator) of built-in operators that the module may redefine."""
    from .redefinitions import redefined

    return redefined(unit, index)


SUMMARIES: dict[str, Callable[[HostUnit, int], Any]] = {
    "module": module, "redefines": redefines, "parts": rows, "loads": loads, "asks_frame": asks_frame,
    "as_method": as_method, "bare_names": bare_names, "initialize": initialize, "small": small,
}  # fmt: skip
