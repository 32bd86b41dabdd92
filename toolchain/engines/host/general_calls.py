"""Calls that do not go the short way: those that failed, and with keywords, splats, `super` in general.

Its names are globals of every generated function, as those of support.py are.
"""

from __future__ import annotations

import sys

from ....format import operands as so
from ...runtime.convert import as_hash
from ...runtime.dispatch import (
    REBINDERS,
    accepts_keywords,
    call_function,
    keyword_name,
    keywords_hash,
    no_method,
    odd_keyword,
    send,
)
from ...runtime.errors import error
from ...runtime.frames import ASKED, Cref, code_key
from ...runtime.hashing import hash_items
from ...runtime.model import (
    BASIC_OBJECT,
    PRIM_CLASSES,
    Blocked,
    Method,
    Stub,
    dispatch_class,
    find_method,
    find_super,
)
from ...runtime.values import UNDEF, Hash
from ..stack import blocks, calls
from .answers import Supers
from .attributes import PASSING, find_missing
from .contexts import Context
from .shims import CALLEES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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


def given_ones(args: Any, keywords: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments without the parameters that were not given."""
    return (
        tuple([value for value in args if value is not UNDEF]),
        {name: value for name, value in keywords.items() if value is not UNDEF},
    )


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
    names: dict[str, Any] = {}
    if not value.keys:
        pairs = value.d
        try:
            for key in pairs:
                names[key.name] = pairs[key]
            return names
        except AttributeError:  # Integers among them
            names.clear()
    for key, item in hash_items(value):
        names[keyword_name(key) or odd_keyword(key)] = item
    return names


def keyword_pairs(names: dict[str, Any]) -> list[Any]:
    """Return the pairs of keywords, with their keys."""
    return list(hash_items(keywords_hash(names)))


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
        return calls.super_missing(self, method.name, blk, args, keywords)
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


def new_failed(context: Context, self: Any, cls: Any, function: Any, args: Any, keywords: Any = None) -> Any:
    """`X.new` with the wrong arguments: the ordinary way raises the error."""
    failure = sys.exc_info()[1]
    assert failure is not None
    inner = failure.__traceback__.tb_next  # type: ignore[union-attr]
    if inner is not None and (inner.tb_next is not None or inner.tb_frame.f_code.co_name != "new"):
        raise failure
    if keywords:
        return perform(context, self, cls, ":new", None, args, keywords, 0)
    return send(cls, ":new", None, *args)
