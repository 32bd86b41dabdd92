"""What generated code calls: everything that is more than a line. Its names are globals of every generated function."""

from __future__ import annotations

import math
from types import CellType

from ....format import chunk as ck
from ....format import operands as so
from ...runtime import globals as guest_globals
from ...runtime.builtin import builtin_class
from ...runtime.class_vars import lookup_class_variable
from ...runtime.class_vars import set_class_variable as assign_class_variable
from ...runtime.cloning import clone
from ...runtime.constants import lookup_const, lookup_scoped, lookup_top, set_const
from ...runtime.convert import as_text, splat_list, to_s, try_ary
from ...runtime.dispatch import (
    block_proc,
    fresh_proc,
    keywords_hash,
    plain_table,
    slow_send,
    to_block,
)
from ...runtime.errors import BreakJump, Fresh, Raised, ReturnJump, error, settled
from ...runtime.exceptions import STATE, handled, raised_on
from ...runtime.hashing import hash_get, hash_key, hash_set
from ...runtime.model import (
    BASIC_OBJECT,
    PRIM_CLASSES,
    ModuleValue,
    frozen_variant,
    kind_of,
    set_ivar,
)
from ...runtime.raising import raised, raised_again, raised_new, raised_one, raised_text, raised_throw
from ...runtime.values import (
    FALSE,
    PLAIN_KEYS,
    TRUE,
    UNDEF,
    Array,
    AsciiString,
    Hash,
    Object,
    Proc,
    Range,
    String,
    sym,
)
from ..stack import arguments, blocks, calls, define, loop, match
from . import general_calls, items
from .answers import CLASSES, responds
from .blocks import Cell, HostFrame
from .contexts import Context
from .general_calls import Caller, given_ones
from .shims import CALLEES, PERFORMED, SAME, unbox  # noqa: F401 - SAME is for generated code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..stack.code import Code

SEND = (AttributeError, TypeError)
RESCUED = (Exception, KeyboardInterrupt)  # what can be an exception of the program; jumps cannot
INDEX = (IndexError, TypeError)
READ = (AttributeError, IndexError, TypeError)
DIVISION = (ZeroDivisionError, TypeError, OverflowError)
NUMBERS = (int, float)
new_object = object.__new__
MISSING = (KeyError, TypeError)
MOST = 1 << 62  # numbers beyond that are refused as positions and counts
INF = float("inf")
NAN = float("nan")


# --- closures -------------------------------------------------------------------------------------------------------


def stack_block(
    context: Context, frame: Any, self: Any, blk: Any, index: int, kind: int, holder: Any, names: tuple[str, ...]
) -> Any:
    """Return a block or lambda that the stack engine runs, over variables of generated code."""

    code = context.unit.code(index)
    if code.instructions is None:
        code.decode()
    cells = dict(zip(holder.__code__.co_freevars, holder.__closure__ or ()))
    if frame is None:
        frame = context.frame(self, blk)
    upvalues: list[Any] = [Cell(cells.get(name) or CellType(None)) for name in names]
    block = blocks.make_block(code, frame, upvalues, kind == so.LAMBDA_STRICT)
    if kind == so.LAMBDA_STRICT:
        block.proc = Proc(block, True, block.info)
    return block


def eval_frame(
    context: Context, outer: Any, self: Any, blk: Any, tag: Any, holder: Any, names: tuple[str, ...]
) -> HostFrame:
    """Return the frame of a function whose variables are seen by name; `outer` is that of the function around it."""
    code = context.code
    if code.instructions is None:
        code.decode()
    if outer is None:
        frame = context.frame(self, blk)
    else:
        frame = HostFrame(code, self, blk, context.entry, context.cref)
        frame.parent = outer
        frame.definee = outer.definee
        frame.visibility = outer.visibility
        frame.is_lambda = code.function.kind == ck.LAMBDA
    frame.tag = tag
    cells = dict(zip(holder.__code__.co_freevars, holder.__closure__ or ()))
    # A variable that only unreachable code assigns is none of the generated function.
    frame.locals = [Cell(cells.get(name) or CellType(None)) if name else None for name in names]
    return frame


def share(slots: list[Any], numbers: tuple[int, ...], holder: Any, names: tuple[str, ...]) -> None:
    """Let the slots of an activation be variables of generated code."""
    cells = dict(zip(holder.__code__.co_freevars, holder.__closure__))
    for number, name in zip(numbers, names):
        slots[number] = Cell(cells.get(name) or CellType(None))


def return_from(tag: list[bool], value: Any) -> BaseException:
    """Return what `return` in a block raises."""
    if not tag[0]:
        return error("LocalJumpError", "unexpected return", reason=sym("return"), exit_value=value)
    return ReturnJump(tag, value)


def break_from(tag: list[bool], value: Any) -> BaseException:
    """Return what `break` in a block raises."""
    if not tag[0]:
        return error("LocalJumpError", "break from proc-closure", reason=sym("break"), exit_value=value)
    return BreakJump(tag, value)


def enter_ensure(failure: BaseException) -> Any:
    """An ensure body is entered by an exception, which is `$!` in it. Returns what `$!` was, in a tuple."""
    if not isinstance(failure, RESCUED):
        return None
    saved = (STATE.error,)
    STATE.error = handled(failure)
    return saved


# --- arguments ------------------------------------------------------------------------------------------------------


def spread(value: Any, count: int) -> list[Any]:
    """Return the values of `count` block parameters for one yielded value."""
    items = value.a if value.__class__ is Array else try_ary(value)
    if items is None:
        return [value, *([None] * (count - 1))]
    if len(items) == count:
        return items
    return [*items[:count], *([None] * (count - len(items)))]


def spread_block(value: Any, required: int, optional: int, rest: bool) -> list[Any]:
    """Return what the parameters of a block become that was given `value` alone (UNDEF: nothing)."""
    items = [] if value is UNDEF else try_ary(value)
    if items is None:
        items = [value]
    count = required + optional
    found = items[:count]
    for index in range(len(found), count):
        found.append(None if index < required else UNDEF)
    if rest:
        found.append(items[count:])
    return found


def bind_method(context: Context, self: Any, blk: Any, args: Any, keywords: dict[str, Any]) -> list[Any]:
    frame = context.frame(self, blk)
    slots = arguments.bind(ready(context.code), frame, args, keywords, blk)
    return [frame.blk, *slots[: context.code.function.parameters.slot_count()]]


def bind_block(context: Context, args: Any, keywords: dict[str, Any]) -> list[Any]:
    args, keywords = given_ones(args, keywords)
    return arguments.place_block(ready(context.code), args, keywords)[: context.code.function.parameters.slot_count()]


def bind_lambda(context: Context, args: Any, keywords: dict[str, Any]) -> list[Any]:
    args, keywords = given_ones(args, keywords)
    slots = arguments.bind(ready(context.code), context.frame(None, None), args, keywords, None)
    return slots[: context.code.function.parameters.slot_count()]


def ready(code: Code) -> Code:
    """Return the stack engine's description of a function with what binding arguments needs."""
    if code.instructions is None:
        code.decode()
    return code


# --- small things ---------------------------------------------------------------------------------------------------


def load_const(context: Context, key: str) -> Any:
    """Return a constant that was not there when the code was translated."""
    name = key.rpartition(":")[2]
    value = lookup_const(context.cref, name)
    context.unit.link_constant(key, context.cref, name)
    return value


def regexp(context: Context, index: int) -> Any:
    """Return a literal Regexp, made at its first use."""
    found = context.regexps.get(index)
    if found is None:
        source, flags = context.code.function.constants[index][1]
        found = context.regexps[index] = define.make_regexp(source, flags)
    return found


def get_cvar(context: Context, name: str) -> Any:
    return lookup_class_variable(context.cref, name)


def set_cvar(context: Context, name: str, value: Any) -> None:
    assign_class_variable(context.cref, name, value)


FrozenString: Any = frozen_variant(String)  # the host class of String literals that are frozen, for one


def defined(context: Context, self: Any, blk: Any, kind: int, name: str, *values: Any) -> Any:
    return define.defined(context.frame(self, blk), list(values), kind, name)


def is_stop(failure: Raised) -> bool:
    """Return whether an exception ends `loop`."""
    return kind_of(failure.value, builtin_class("StopIteration"))


def stop_result(failure: Raised) -> Any:
    details = failure.value.details
    return None if details is None else details.get("result")


def text_of(value: Any) -> str:
    """Return what interpolation makes of a value; most often an object with a `to_s` of the program."""
    cls = value.__class__
    if cls is String or cls is FrozenString:
        return value.s
    if cls in PERFORMED:
        return to_s(value)
    try:
        text = value.METHOD(None)
    except AttributeError:
        if getattr(value, ":to_s", None) is not None:
            raise
        return to_s(value)
    return text.s if text.__class__ is String and text.s.isascii() else as_text(value, text)


tos = clone(text_of, {"METHOD": ":to_s"})


def is_a(value: Any, mod: ModuleValue) -> bool:
    return value.__class__ is mod.py or kind_of(value, mod)


def same(a: Any, b: Any) -> bool:
    return a.__class__ is b.__class__ and a == b


def index_set_failed(context: Context, function: Any, x: Any, i: Any, value: Any) -> None:
    """`x[i] = value` for something that is no Array, or behind its end."""
    if x.__class__ is not Array:
        context.surprised()
    function(x, i, value)


def index_failed(context: Context, function: Any, x: Any, i: Any) -> Any:
    """`x[i]` for something that is no Array, or out of range."""
    if x.__class__ is not Array:
        context.surprised()
    return function(x, i)


def literal_hash(pairs: dict[Any, Any], keys: dict[Any, Any]) -> Hash:
    """Return a new Hash of normalised keys; `keys` has those that stand for another value."""
    table = plain_table(pairs)
    table.keys = keys
    return table


def build_hash(*items: Any) -> Hash:
    table = Hash()
    for index in range(0, len(items), 2):
        hash_set(table, items[index], items[index + 1])
    return table


def array_push(array: Array, value: Any) -> Array:
    array.a.append(value)
    return array


def array_extend(array: Array, values: Any) -> Array:
    array.a.extend(values)
    return array


def dict_set(table: Hash, key: Any, value: Any) -> Hash:
    hash_set(table, key, value)
    return table


def dict_merge(table: Hash, value: Any) -> Hash:
    calls.merge_keywords(table, value)
    return table


def expand(value: Any, before: int, rest: int, after: int) -> list[Any]:
    """Return the parts of a multiple assignment, first target first."""
    if value.__class__ is Array and not rest and not after:  # more or fewer than there are targets
        found: list[Any] = value.a[:before]
        return found if len(found) == before else found + [None] * (before - len(found))
    parts: list[Any] = []
    calls.expand(parts, value, before, rest, after)
    parts.reverse()
    return parts


def missed(kind: int, subject: Any, pattern: Any) -> bool:
    """Note why a pattern does not match, for the message of MATCH_FAIL."""
    match.last_failure = (kind, subject, pattern)
    return True


def match_case(context: Context, self: Any, kind: int, count: int, *values: Any) -> Any:
    """Perform the test of a pattern; None, or a list of what its slot becomes."""
    slots = [UNDEF]
    frame: Any = Caller(self, context.cref)
    return slots if match.test(frame, slots, list(values), (kind, 0, False), count) else None


def namespace() -> dict[str, Any]:
    """Return the globals that all generated functions share."""
    names = {**vars(items), **vars(general_calls), **globals()}
    names.update(
        Math=None,
        **{"math_" + name: getattr(math, name) for name in ("sqrt", "sin", "cos", "tan", "atan", "exp", "log")},
        SUSPENDED=loop.SUSPENDED,
        block_proc=block_proc,
        fresh_proc=fresh_proc,
        to_block=to_block,
        return_method=blocks.return_method,
        make_regexp=define.make_regexp,
        match_fail=match.fail,
        rescues=match.rescues,
        build_range=calls.build_range,
        define_class=take_list(define.define_class),
        define_module=take_list(define.define_module),
        define_singleton=define.define_singleton,
        define_method=define.define_method,
        define_singleton_method=define.define_singleton_method,
        alias_method=define.alias_method,
        undef_method=define.undef_method,
        namespace=define.namespace,
        match_array=match.deconstruct,
        match_hash=match.deconstruct_keys,
        is_callable=arguments.is_callable,
        GLOBALS=guest_globals.VALUES,
        get_global=guest_globals.get_global,
        set_global=guest_globals.set_global,
        alias_global=guest_globals.alias_global,
        __name__="metorex.generated",
    )
    return names


def take_list(function: Any) -> Any:
    return function


__all__ = [
    "AsciiString", "BASIC_OBJECT", "CLASSES", "FALSE", "Fresh", "FrozenString", "INDEX", "Object", "PLAIN_KEYS",
    "PRIM_CLASSES", "Raised", "Range", "TRUE", "hash_get", "hash_key", "hash_set", "keywords_hash", "lookup_scoped",
    "lookup_top", "raised", "raised_again", "raised_new", "raised_on", "raised_one", "raised_text", "raised_throw",
    "responds", "set_const", "set_ivar", "settled", "slow_send", "splat_list", "unbox",
]  # fmt: skip
