"""The calls that are not simple sends: blocks, splats, keywords, super, and what a failed lookup means."""

from __future__ import annotations

from ....format import chunk as ck
from ....format import operands as so
from ....format.operands import RESULT_IS_ARG
from ...runtime import hooks
from ...runtime.convert import splat_list, to_s, try_ary
from ...runtime.dispatch import (
    call_function,
    keyword_name,
    no_method,
    respond_to,
    slow_send,
    to_block,
)
from ...runtime.errors import BreakJump, Raised, arity_text, error, frozen_error
from ...runtime.exceptions import called_wrongly, signature
from ...runtime.frames import Frame
from ...runtime.hashing import hash_items, hash_set
from ...runtime.model import (
    BASIC_OBJECT,
    INTERPOLATED,
    MARK,
    PRIM_CLASSES,
    Method,
    ModuleValue,
    dispatch_class,
    find_method,
    find_super,
)
from ...runtime.values import TRUE, UNDEF, Array, Hash, Range, String, Symbol, sym
from .arguments import is_callable
from .code import KEEP_MATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.frames import Cref

__all__ = ["RESULT_IS_ARG", "splat_list", "to_s"]

NOT_RETRIED = object()
NAMING = ("send", "__send__", "public_send", "respond_to?", "method")  # calls whose argument names a method
NO_CELLS: list[list[Any]] = []


# --- calls ----------------------------------------------------------------------------------------------------------


def general_call(frame: Frame, stack: list[Any], attr: str, argc: int, flags: int) -> Any:
    """Perform a call with any flags, taking its values from the stack."""
    args, keywords, blk, info = take_arguments(stack, argc, flags)
    recv = stack.pop()
    if flags & so.LOCAL_CALLEE:
        callee = stack.pop()
        if callee is not None and calls_local(recv, attr[1:], callee):
            recv, attr = callee, ":call"
    if info is not None and info.code.flags & ck.HAS_BREAK_BLOCK:
        info.active = True
        try:
            result = perform(frame, recv, attr, blk, args, keywords, flags)
        except BreakJump as jump:
            if jump.tag is not info:
                raise
            return jump.value
        finally:
            info.active = False
    elif flags & KEEP_MATCH:
        result = keeping_match(frame, recv, attr, blk, args, keywords, flags)
    else:
        result = perform(frame, recv, attr, blk, args, keywords, flags)
    return args[-1] if flags & RESULT_IS_ARG else result


def keeping_match(
    frame: Frame, recv: Any, attr: str, blk: Any, args: Any, keywords: dict[str, Any] | None, flags: int
) -> Any:
    """Perform a call from which `$~` comes back as it was, unless a native method set it."""
    from ...runtime.regexp_state import LAST

    saved = LAST.raw
    entry = find_method(dispatch_class(recv), attr[1:])
    result = perform(frame, recv, attr, blk, args, keywords, flags)
    if entry is not None and (not entry.native or attr == ":new"):
        LAST.raw = saved
    return result


def calls_local(recv: Any, name: str, callee: Any) -> bool:
    """Return whether `name(...)` calls what the local variable `name` holds: there is no such method (1.4)."""
    cls = dispatch_class(recv)
    if find_method(cls, name.rstrip(MARK)) is not None:
        return False
    missing = find_method(cls, "method_missing")
    return (missing is None or missing.owner is BASIC_OBJECT) and respond_to(callee, "call")


def take_arguments(stack: list[Any], argc: int, flags: int) -> tuple[Any, dict[str, Any] | None, Any, Any]:
    """Pop the arguments of a call. Returns positional ones, keywords (or None), the block and its info if literal."""
    blk = info = None
    if flags & so.LITERAL_BLOCK:
        blk = stack.pop()
        info = blk.info
    elif flags & so.BLOCK_ARG:
        blk = to_block(stack.pop())
    keywords: dict[str, Any] | None = None
    surplus = None
    if flags & so.KEYWORDS:
        table = stack.pop()
        keywords = {}
        for key, value in hash_items(table):
            name = keyword_name(key)
            if name is None:
                surplus = table
                break
            keywords[name] = value
        if surplus is not None:
            keywords = None
    args: Any
    if flags & so.SPLAT:
        args = stack.pop().a
    elif argc:
        args = stack[-argc:]
        del stack[-argc:]
    else:
        args = ()
    if surplus is not None:
        args = [*args, surplus]
    return args, keywords or None, blk, info


def perform(
    frame: Frame, recv: Any, attr: str, blk: Any, args: Any, keywords: dict[str, Any] | None, flags: int
) -> Any:
    """Call a method with everything that a call site can pass."""
    if keywords is None:
        if recv.__class__ in PRIM_CLASSES:
            entry = find_method(PRIM_CLASSES[recv.__class__], attr[1:])
            f = entry.fn if entry is not None and (entry.visibility == 0 or attr[0] == ";") else None
            if f is None:
                return send_failed(frame, recv, attr, blk, args, None, flags)
            try:
                return f(recv, blk, *args)
            except TypeError as failure:
                return retry_block(failure, f, recv, blk, args)
        f = getattr(recv, attr, None)
        if f is None:
            return send_failed(frame, recv, attr, blk, args, None, flags)
        try:
            return f(blk, *args)
        except TypeError as failure:
            return retry_block(failure, f, None, blk, args)
    entry = find_method(dispatch_class(recv), attr[1:])
    if entry is None or (entry.visibility and attr[0] == ":") or entry.mutates:
        return send_failed(frame, recv, attr, blk, args, keywords, flags)
    return call_function(entry.fn, (recv, blk, *args), keywords)


def retry_block(failure: TypeError, f: Any, recv: Any, blk: Any, args: Any, entry: Method | None = None) -> Any:
    """B2 for native methods: a surplus callable argument stands for the block. Else the ArgumentError is raised."""
    if failure.__traceback__.tb_next is not None:  # type: ignore[union-attr]
        raise failure
    low, high = signature(f)
    native = entry or find_native(f)
    if native is not None and native.code is not None:
        return hooks.bind_again(failure, native, getattr(f, "__self__", recv), blk, args)
    fits = blk is None and args and len(args) == high + 1 and is_callable(args[-1])
    if fits and native is not None and native.takes_block:
        if recv is None and hasattr(f, "__self__"):
            return f(to_block(args[-1]), *args[:-1])
        return f(recv, to_block(args[-1]), *args[:-1])
    if len(args) < low or 0 <= high < len(args):
        raised = error("ArgumentError", arity_text(len(args), low, high))
        called_wrongly(raised.value, f)
        raise raised from None
    raise failure


def find_native(f: Any) -> Method | None:
    """Return the entry of a native function, found through its receiver's class."""
    function = getattr(f, "__func__", f)
    owner = getattr(f, "__self__", UNDEF)
    if owner is UNDEF:
        classes = list(PRIM_CLASSES.values())
    else:
        classes = [dispatch_class(owner)]
    for cls in classes:
        from ...runtime.model import ancestors

        for mod in ancestors(cls):
            for entry in mod.methods.values():
                if entry.fn is function:
                    return entry
    return None


def retry_arity(attr: str, recv: Any, args: Any, failure: TypeError) -> Any:
    """What to do when the simple call `recv.attr(*args)` failed with a TypeError of its own: the result of the B2
    fallback, the guest's ArgumentError to raise, or NOT_RETRIED if it was no arity error."""
    entry = None
    if recv.__class__ in PRIM_CLASSES:
        entry = find_method(PRIM_CLASSES[recv.__class__], attr[1:])
        f = entry.fn if entry is not None else None
    else:
        f = getattr(recv, attr, None)
    if not hasattr(getattr(f, "__func__", f), "__code__"):
        return NOT_RETRIED
    try:
        return retry_block(failure, f, None if entry is None else recv, None, args, entry)
    except TypeError:
        return NOT_RETRIED
    except Raised as raised:
        return raised


def send_failed(
    frame: Frame, recv: Any, attr: str, blk: Any, args: Any, keywords: dict[str, Any] | None, flags: int
) -> Any:
    """Send when the host lookup failed: prims, unloaded natives, method_missing, then the call fallbacks of the
    dialect, then NoMethodError."""
    name = attr[1:]
    if name[-1:] == MARK:
        return refinable(frame, recv, attr[:-1], blk, args, keywords, flags)
    cls = dispatch_class(recv)
    entry = find_method(cls, name)
    if entry is None:
        missing = find_method(cls, "method_missing")
        if missing is None or missing.owner is BASIC_OBJECT:
            fallback = call_fallback(frame, recv, name, flags)
            if fallback is not None:
                target, target_attr = fallback
                return perform(frame, target, target_attr, blk, args, keywords, 0)
        return slow_send(recv, attr, blk, args, keywords, frame.self, bool(flags & so.VARIABLE_LIKE))
    visible = entry.visibility == 0 or attr[0] == ";"
    refuses = entry.mutates and recv.__class__ not in PRIM_CLASSES and recv.is_frozen
    if entry.native and visible and blk is None and keywords is None and not refuses:
        try:
            return entry.fn(recv, None, *args)
        except TypeError as failure:
            return retry_block(failure, entry.fn, recv, None, args, entry)
    return slow_send(recv, attr, blk, args, keywords, frame.self, bool(flags & so.VARIABLE_LIKE))


def refinable(
    frame: Frame, recv: Any, attr: str, blk: Any, args: Any, keywords: dict[str, Any] | None, flags: int
) -> Any:
    """Perform a call that an active refinement may answer; `send` may name such a method."""
    from ...runtime.refinements import refined_method

    name = attr[1:]
    if name == INTERPOLATED:
        if isinstance(recv, String):
            return recv
        name, attr = "to_s", ":to_s"
    entry = refined_method(frame, recv, name)
    if entry is None and name in NAMING and args and isinstance(args[0], (Symbol, String)):
        entry = refined_method(frame, recv, to_s(args[0]))
        if entry is not None and name == "respond_to?":
            return TRUE
        if entry is not None and name == "method":
            from ...runtime.core.method_object import MethodObject

            return MethodObject.make(recv, entry, dispatch_class(recv))
        args = args if entry is None else args[1:]
    if entry is None:
        return perform(frame, recv, attr, blk, args, keywords, flags)
    if keywords:
        return call_function(entry.fn, (recv, blk, *args), keywords)
    return entry.fn(recv, blk, *args)


def call_fallback(frame: Frame, recv: Any, name: str, flags: int) -> tuple[Any, str] | None:
    """Return what a failed call means in the dialect (constructor calls, 1.5): receiver and attribute."""
    if name[:1].isupper():
        from ...runtime.constants import find_const, own_const

        found = UNDEF
        if flags & so.IMPLICIT_SELF:
            scope: Cref | None = frame.cref
            while scope is not None and scope.parent is not None and found is UNDEF:
                found = own_const(scope.module, name)
                scope = scope.parent
            if found is UNDEF:
                found = find_const(frame.cref.module, name, True, True)
            if found is UNDEF:
                from ...runtime.core.dialect_constants import resolve

                found = resolve(name)
        elif isinstance(recv, ModuleValue):
            found = find_const(recv, name)
        if found is UNDEF:
            return None
        if isinstance(found, ModuleValue):
            return (found, ":new") if found.is_class else None
        entry = find_method(dispatch_class(found), "call")
        return (found, ":call") if entry is not None else None
    return None


def call_value(stack: list[Any], blk: Any, argc: int, flags: int) -> Any:
    """YIELD with flags: call the bare block function `blk`."""
    if flags & KEEP_MATCH:
        from ...runtime.regexp_state import LAST

        saved = LAST.raw
        result = call_value(stack, blk, argc, flags & ~KEEP_MATCH)
        LAST.raw = saved
        return result
    args, keywords, inner, _ = take_arguments(stack, argc, flags)
    if keywords:
        return call_function(blk, tuple(args), keywords)
    return blk(*args)


def call_super(frame: Frame, stack: list[Any], name: str, argc: int, flags: int) -> Any:
    """CALL_SUPER: the next method of the same name behind the running one's owner."""
    if flags & KEEP_MATCH:
        from ...runtime.regexp_state import LAST

        saved = LAST.raw
        result = call_super(frame, stack, name, argc, flags & ~KEEP_MATCH)
        LAST.raw = saved
        return result
    args, keywords, blk, info = take_arguments(stack, argc, flags)
    if not flags & (so.LITERAL_BLOCK | so.BLOCK_ARG):
        blk = frame.blk
    method = frame.method
    if method is None:
        raise error("RuntimeError", "super called outside of method")
    receiver = frame.self
    found = find_super(dispatch_class(receiver), method.owner, method.name)
    if found is None:
        return super_missing(receiver, method.name, blk, args, keywords)
    if found.mutates and receiver.__class__ not in PRIM_CLASSES and receiver.is_frozen:
        raise frozen_error(receiver)
    if info is not None and info.code.flags & ck.HAS_BREAK_BLOCK:
        info.active = True
        try:
            return super_call(found.fn, receiver, blk, args, keywords)
        except BreakJump as jump:
            if jump.tag is not info:
                raise
            return jump.value
        finally:
            info.active = False
    return super_call(found.fn, receiver, blk, args, keywords)


def super_missing(receiver: Any, name: str, blk: Any, args: Any, keywords: dict[str, Any] | None) -> Any:
    """`super` in a method that is the last of its name: `method_missing` of the program, else NoMethodError."""
    missing = find_method(dispatch_class(receiver), "method_missing")
    if missing is not None and missing.owner is not BASIC_OBJECT:
        return super_call(missing.fn, receiver, blk, (sym(name), *args), keywords)
    failure = no_method(receiver, name, args)
    text = failure.value.message.s.split(" for ", 1)[1]
    failure.value.message = String(f"super: no superclass method '{name}' for {text}")
    raise failure


def super_call(f: Any, receiver: Any, blk: Any, args: Any, keywords: dict[str, Any] | None) -> Any:
    if keywords:
        return call_function(f, (receiver, blk, *args), keywords)
    try:
        return f(receiver, blk, *args)
    except TypeError as failure:
        return retry_block(failure, f, receiver, blk, args)


def merge_keywords(table: Hash, value: Any) -> None:
    """DICT_MERGE: add `**value` to a Hash being built; nil adds nothing."""
    if value is None:
        return
    if value.__class__ is Hash and not value.keys and not value.identity and not table.iterating:
        table.d.update(value.d)
        return
    from ...runtime.convert import as_hash

    for key, item in hash_items(as_hash(value)):
        hash_set(table, key, item)


def expand(stack: list[Any], value: Any, before: int, rest: int, after: int) -> None:
    """EXPAND: push the parts of a multiple assignment, the first target's value on top."""
    items = try_ary(value)
    if items is None:
        items = [value]
    count = len(items)
    if rest:
        middle_end = max(before, count - after)
        tail = items[middle_end:] if count > before else []
        if count < before + after:
            tail = items[before : before + after]
        parts = items[:before] + [None] * (before - min(before, count))
        parts.append(Array(items[before:middle_end] if count > before + after else []))
        parts.extend(tail[:after])
        parts.extend([None] * (after - len(tail)))
    else:
        parts = items[:before] + [None] * max(0, before - count)
    stack.extend(reversed(parts))


def build_range(first: Any, last: Any, exclusive: int) -> Range:
    """BUILD_RANGE; ArgumentError of the guest if the ends cannot be compared."""
    if not (
        (first.__class__ is int and (last.__class__ is int or last is None))
        or (first.__class__ is String and last.__class__ is String)
    ):
        from ...runtime.core.range import check_range

        check_range(first, last)
    return Range(first, last, bool(exclusive))
