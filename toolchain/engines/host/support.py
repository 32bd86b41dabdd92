"""What generated code calls: everything that is more than a line. Its names are globals of every generated function."""

from __future__ import annotations

import math
import sys

from ....format import chunk as ck
from ....format import operands as so
from ...runtime import globals as guest_globals
from ...runtime.builtin import builtin_class
from ...runtime.class_vars import lookup_class_variable
from ...runtime.class_vars import set_class_variable as assign_class_variable
from ...runtime.cloning import clone
from ...runtime.constants import lookup_const, lookup_scoped, lookup_top, set_const
from ...runtime.convert import as_hash, as_text, splat_list, to_s, try_ary
from ...runtime.dispatch import (
    REBINDERS,
    accepts_keywords,
    block_proc,
    call_function,
    keyword_name,
    keywords_hash,
    no_method,
    odd_keyword,
    plain_table,
    send,
    slow_send,
    to_block,
)
from ...runtime.errors import BreakJump, Fresh, Raised, ReturnJump, error, settled
from ...runtime.exceptions import STATE, handled, raised_on
from ...runtime.frames import ASKED, Cref, Frame, code_key
from ...runtime.hashing import hash_get, hash_items, hash_key, hash_set
from ...runtime.model import (
    BASIC_OBJECT,
    PRIM_CLASSES,
    Blocked,
    Method,
    ModuleValue,
    Stub,
    dispatch_class,
    find_method,
    find_super,
    kind_of,
    set_ivar,
)
from ...runtime.raising import raised, raised_again, raised_one, raised_text, raised_throw
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
from . import items
from .answers import CLASSES, Supers, responds
from .attributes import PASSING, find_missing
from .blocks import Cell, HostFrame
from .shims import CALLEES, PERFORMED, SAME, unbox  # noqa: F401 - SAME is for generated code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..stack.code import Code

SEND = (AttributeError, TypeError)
RESCUED = (Exception, KeyboardInterrupt)  # what can be an exception of the program; jumps cannot
INDEX = (IndexError, TypeError)
READ = (AttributeError, IndexError, TypeError)
MANY_SURPRISES = 200
DIVISION = (ZeroDivisionError, TypeError, OverflowError)
NUMBERS = (int, float)
new_object = object.__new__
MISSING = (KeyError, TypeError)
MOST = 1 << 62  # numbers beyond that are refused as positions and counts
INF = float("inf")
NAN = float("nan")


class Context:
    """What generated code of one function knows of it. `entry` is the running method, None outside of methods."""

    __slots__ = ("unit", "code", "cref", "entry", "path", "regexps", "walking", "surprises")

    def __init__(self, unit: Any, code: Code, cref: Cref, entry: Method | None) -> None:
        self.unit = unit
        self.code = code
        self.cref = cref
        self.entry = entry
        self.path = unit.path
        self.regexps: dict[int, Any] = {}
        self.walking: list[int] = []  # keys of the code that inlined iterators of several classes stand in
        self.surprises = 0

    def surprised(self) -> None:
        """Note that an exemplar was no example; a function that is often surprised is translated without any."""
        self.surprises += 1
        if self.surprises == MANY_SURPRISES and self.entry is not None:
            self.unit.without_exemplars(self.entry)

    def frame(self, self_value: Any, blk: Any, around: Frame | None = None) -> HostFrame:
        """Return a Frame for natives that ask for one; `around` is the script's or body's that a block stands in."""
        frame = HostFrame(self.code, self_value, blk, self.entry, self.cref)
        if self.code.function.kind in (ck.BLOCK, ck.LAMBDA):
            parent = self.unit.module.functions[self.code.function.parent]
            outer = Context(self.unit, self.unit.code(parent.index), self.cref, self.entry)
            frame.parent = around or outer.frame(self_value, blk)
            frame.definee = frame.parent.definee
            frame.visibility = frame.parent.visibility
            frame.is_lambda = self.code.function.kind == ck.LAMBDA or (
                self.entry is not None and self.entry.code is self.code
            )
        return frame


# --- sends that did not go the short way ----------------------------------------------------------------------------

PASSING.update((code_key(call_function.__code__), code_key(Supers.__missing__.__code__)))
# Code that the host lookup itself runs: an AttributeError out of it is a failed lookup.
LOOKUPS = {code_key(fn.__code__) for fn in (Blocked.__get__, Stub.__get__, find_missing)}


def is_here(failure: BaseException) -> bool:
    """Return whether the exception being handled arose in the generated function itself, in its lookup or call."""
    inner = failure.__traceback__.tb_next  # type: ignore[union-attr]
    while inner is not None and id(inner.tb_frame.f_code) in PASSING:
        inner = inner.tb_next
    if inner is None:
        return True
    return failure.__class__ is AttributeError and id(inner.tb_frame.f_code) in LOOKUPS and inner.tb_next is None


def send_failed(context: Context, self: Any, recv: Any, attr: str, blk: Any, args: Any, flags: int) -> Any:
    """Go on with a send whose lookup or binding of arguments failed; other exceptions pass."""
    failure = sys.exc_info()[1]
    assert failure is not None
    if not is_here(failure):
        raise failure
    if failure.__class__ is TypeError and recv.__class__ not in PRIM_CLASSES:
        return retry(context, self, recv, attr, blk, args, flags, failure)
    name = attr[1:]
    if name[0].islower():  # no constructor call; the common case of a method that nobody has goes no further
        cls = dispatch_class(recv)
        missing = find_method(cls, "method_missing")
        unknown = find_method(cls, name) is None and name[-1] != calls.MARK
        if unknown and (missing is None or missing.owner is BASIC_OBJECT):
            raise no_method(recv, name, args, None, bool(flags & so.VARIABLE_LIKE))
    caller = Caller(self, context.cref)
    if recv.__class__ in PRIM_CLASSES:
        return calls.perform(caller, recv, attr, blk, args, None, flags)  # type: ignore[arg-type]
    return calls.send_failed(caller, recv, attr, blk, args, None, flags)  # type: ignore[arg-type]


def division_failed(divide: Any, a: Any, b: Any) -> Any:
    """Go on with a division, one of whose operands is a Float, that Python refused."""
    failure = sys.exc_info()[1]
    assert failure is not None
    if not is_here(failure):
        raise failure
    return divide(a, b)


def keywords_failed(
    context: Context, self: Any, recv: Any, attr: str, blk: Any, args: Any, keywords: Any, flags: int
) -> Any:
    """Go on with a call with keywords whose lookup or binding failed."""
    failure = sys.exc_info()[1]
    assert failure is not None
    if not is_here(failure):
        raise failure
    return perform(context, self, recv, attr, blk, args, keywords, flags)


def mixed(context: Context) -> bool:
    """Note that an inlined iterator, of an Array unless somebody says otherwise, walks something else: from now on a
    backtrace looks at the variables for what it is."""
    if context.walking:
        ASKED.update(context.walking)
        context.walking = []
    return True


class Caller:
    """As much of a Frame as the stack engine's call functions look at."""

    __slots__ = ("self", "cref")

    def __init__(self, self_value: Any, cref: Cref) -> None:
        self.self = self_value
        self.cref = cref


def retry(
    context: Context, self: Any, recv: Any, attr: str, blk: Any, args: Any, flags: int, failure: BaseException
) -> Any:
    """A call with the wrong number of arguments: the binding fallbacks, then the ArgumentError."""
    entry = find_method(dispatch_class(recv), attr[1:])
    if entry is None or entry.fn is None:
        raise failure
    return retry_function(entry, recv, blk, args, failure)


def retry_function(entry: Method, recv: Any, blk: Any, args: Any, failure: BaseException) -> Any:
    function = entry.code.function if entry.code is not None else None
    if function is None:
        return calls.retry_block(failure, entry.fn, recv, blk, args, entry)  # type: ignore[arg-type]
    return stack_version(entry)(recv, blk, *args)


def stack_version(entry: Method) -> Any:
    """Return the method as the stack engine runs it, which knows all rules of binding arguments."""
    as_block = getattr(entry.fn, "as_block", None)
    if as_block is not None:
        return as_block
    code = entry.code
    unit = code.unit
    version = unit.versions.get(entry)
    if version is None:
        index = code.function.index
        version = unit.versions[entry] = blocks.make_method(unit, index, unit.crefs[index], entry)
    return version


def rebound(function: Any) -> Any:
    """Return the method of a generated function as the stack engine runs it, None if it is none."""
    code = function.__code__
    place = CALLEES.get(getattr(code, "co_qualname", code.co_name))
    if place is None:
        return None
    unit, index = place
    entry = unit.entries.get(index)
    return None if entry is None or entry.fn is not function else stack_version(entry)


REBINDERS.append(rebound)


def misfit(context: Context, self: Any, blk: Any, args: Any, keywords: dict[str, Any]) -> Any:
    """Run a method whose arguments do not fit its parameters: by the rules for blocks and keywords, or its error."""
    entry = context.entry
    assert entry is not None
    args, keywords = given_ones(args, keywords)
    return stack_version(entry)(self, blk, *args, **keywords)


def call_general(
    context: Context, self: Any, recv: Any, attr: str, blk: Any, args: Any, table: Any, flags: int, callee: Any
) -> Any:
    """A call with a splat, keywords or a local of the callee's name."""

    keywords, surplus = keyword_dict(table)
    if surplus is not None:
        args = [*args, surplus]
    if flags & so.LOCAL_CALLEE and callee is not None and calls.calls_local(recv, attr[1:], callee):
        recv, attr = callee, ":call"
    result = perform(context, self, recv, attr, blk, args, keywords, flags)
    return args[-1] if flags & so.RESULT_IS_ARG else result


def perform(context: Context, self: Any, recv: Any, attr: str, blk: Any, args: Any, keywords: Any, flags: int) -> Any:
    """Call a method with positional arguments and perhaps keywords."""
    if recv.__class__ not in PRIM_CLASSES:
        f = getattr(recv, attr, None)
        if f is not None and (not keywords or accepts_keywords(getattr(f, "__func__", f))):
            try:
                return f(blk, *args, **keywords) if keywords else f(blk, *args)
            except TypeError as failure:
                inner = failure.__traceback__.tb_next  # type: ignore[union-attr]
                if inner is not None and id(inner.tb_frame.f_code) not in PASSING:
                    raise
    caller: Any = Caller(self, context.cref)
    entry = find_method(dispatch_class(recv), attr[1:])
    if entry is None or entry.fn is None or (entry.visibility and attr[0] == ":"):
        return calls.send_failed(caller, recv, attr, blk, args, keywords, flags)
    if entry.native:
        return calls.perform(caller, recv, attr, blk, args, keywords, flags)
    try:
        if keywords:
            return call_function(entry.fn, (recv, blk, *args), keywords)
        return entry.fn(recv, blk, *args)
    except TypeError as failure:
        inner = failure.__traceback__.tb_next  # type: ignore[union-attr]
        while inner is not None and id(inner.tb_frame.f_code) in PASSING:
            inner = inner.tb_next
        if inner is not None:
            raise
        if keywords:
            return stack_version(entry)(recv, blk, *args, **keywords)
        return retry_function(entry, recv, blk, args, failure)


def keyword_dict(table: Any) -> tuple[dict[str, Any] | None, Any]:
    """Return the keywords of a call, or the Hash that is a positional argument because of one of its keys."""
    if table is None:
        return None, None
    keywords = {}
    for key, value in hash_items(table):
        name = keyword_name(key)
        if name is None:
            return None, table
        keywords[name] = value
    return keywords or None, None


def keyword_names(value: Any) -> dict[str, Any]:
    """Return what `**value` passes, by Python's names. TypeError of the guest if it is no Hash."""
    if value is None:
        return {}
    if value.__class__ is not Hash:
        value = as_hash(value)
    if not value.keys:
        try:
            return {key.name: item for key, item in value.d.items()}
        except AttributeError:
            pass
    names = {}
    for key, item in hash_items(value):
        names[keyword_name(key) or odd_keyword(key)] = item
    return names


def call_keywords(
    context: Context, self: Any, recv: Any, attr: str, blk: Any, args: Any, keywords: dict[str, Any], flags: int
) -> Any:
    """Call a method with keywords that it may want as a Hash."""
    if recv.__class__ not in PRIM_CLASSES:
        f = getattr(recv, attr, None)
        function = getattr(f, "__func__", None)
        if function is not None:
            code = function.__code__
            try:
                if code.co_kwonlyargcount or code.co_flags & 8:
                    return f(blk, *args, **keywords)  # type: ignore[misc]
                return f(blk, *args, keywords_hash(keywords))  # type: ignore[misc]
            except TypeError as failure:
                inner = failure.__traceback__.tb_next  # type: ignore[union-attr]
                if inner is not None and id(inner.tb_frame.f_code) not in PASSING:
                    raise
    return perform(context, self, recv, attr, blk, args, keywords, flags)


def yield_keywords(blk: Any, args: Any, table: Any) -> Any:
    keywords, surplus = keyword_dict(table)
    if surplus is not None:
        args = (*args, surplus)
    return call_function(blk, tuple(args), keywords) if keywords else blk(*args)


def call_super(context: Context, self: Any, blk: Any, args: Any, table: Any) -> Any:
    """`super` where the next method depends on the class of self."""
    keywords, surplus = keyword_dict(table)
    if surplus is not None:
        args = (*args, surplus)
    return super_keywords(context, self, blk, args, keywords)


def super_keywords(context: Context, self: Any, blk: Any, args: Any, keywords: dict[str, Any] | None) -> Any:
    """`super` with keywords by Python's names, perhaps none."""
    method = context.entry
    if method is None:
        raise error("RuntimeError", "super called outside of method")
    found = find_super(dispatch_class(self), method.owner, method.name)
    if found is None:
        stack = [*args]
        frame = context.frame(self, blk)
        return calls.call_super(frame, stack, method.name, len(stack), 0)
    return calls.super_call(found.fn, self, blk, args, keywords)


def super_keywords_failed(context: Context, self: Any, blk: Any, args: Any, keywords: dict[str, Any]) -> Any:
    """`super` with keywords that do not fit."""
    failure = sys.exc_info()[1]
    assert failure is not None
    if not is_here(failure):
        raise failure
    return super_keywords(context, self, blk, args, keywords)


def super_failed(context: Context, self: Any, blk: Any, args: Any) -> Any:
    """`super` with the wrong number of arguments, or to a method that is not there."""
    failure = sys.exc_info()[1]
    assert failure is not None
    if not is_here(failure) or context.entry is None:
        raise failure
    found = find_super(dispatch_class(self), context.entry.owner, context.entry.name)
    if found is None:
        return super_keywords(context, self, blk, args, None)
    return retry_function(found, self, blk, args, failure)


def new_failed(context: Context, self: Any, cls: Any, function: Any, args: Any) -> Any:
    """`X.new` with the wrong number of arguments: the ordinary way raises the error."""
    failure = sys.exc_info()[1]
    assert failure is not None
    inner = failure.__traceback__.tb_next  # type: ignore[union-attr]
    if inner is not None and (inner.tb_next is not None or inner.tb_frame.f_code.co_name != "new"):
        raise failure
    return send(cls, ":new", None, *args)


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
    block = blocks.make_block(code, frame, [Cell(cells[name]) for name in names], kind == so.LAMBDA_STRICT)  # type: ignore[misc]
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
    frame.locals = [Cell(cells[name]) if name else None for name in names]
    return frame


def share(slots: list[Any], numbers: tuple[int, ...], holder: Any, names: tuple[str, ...]) -> None:
    """Let the slots of an activation be variables of generated code."""
    cells = dict(zip(holder.__code__.co_freevars, holder.__closure__))
    for number, name in zip(numbers, names):
        slots[number] = Cell(cells[name])


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


def given_ones(args: Any, keywords: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments without the parameters that were not given."""
    return (
        tuple([value for value in args if value is not UNDEF]),
        {name: value for name, value in keywords.items() if value is not UNDEF},
    )


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
    if cls is String:
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
    names = {**vars(items), **globals()}
    names.update(
        Math=None,
        **{"math_" + name: getattr(math, name) for name in ("sqrt", "sin", "cos", "tan", "atan", "exp", "log")},
        SUSPENDED=loop.SUSPENDED,
        block_proc=block_proc,
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
    "AsciiString", "BASIC_OBJECT", "CLASSES", "FALSE", "Fresh", "INDEX", "Object", "PLAIN_KEYS", "PRIM_CLASSES",
    "Raised", "Range", "TRUE", "hash_get", "hash_key", "hash_set", "keywords_hash", "lookup_scoped", "lookup_top",
    "raised", "raised_again", "raised_on", "raised_one", "raised_text", "raised_throw", "responds", "set_const",
    "set_ivar", "settled", "slow_send", "splat_list", "unbox",
]  # fmt: skip
