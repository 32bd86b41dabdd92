"""How functions become callables, how arguments reach slots, and the calls that are not simple sends.

`make_method` and `build_block` return the Python functions of the calling convention (docs/runtime.md): a method is
`f(self, blk, *args, **keywords)`, a block `b(*args, **keywords)` with a `BlockInfo` as its attribute `info`.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from ....format.stack_ops import RESULT_IS_ARG
from ...runtime import hooks
from ...runtime.convert import splat_list, to_s, try_ary
from ...runtime.dispatch import (
    block_proc,
    call_function,
    keyword_key,
    keyword_name,
    keywords_hash,
    no_method,
    respond_to,
    slow_send,
    to_block,
)
from ...runtime.errors import BreakJump, Raised, ReturnJump, arity_text, error, frozen_error
from ...runtime.exceptions import signature
from ...runtime.frames import Frame
from ...runtime.hashing import hash_items, hash_set
from ...runtime.model import (
    BASIC_OBJECT,
    PRIM_CLASSES,
    Method,
    ModuleValue,
    class_of,
    dispatch_class,
    find_method,
    find_super,
)
from ...runtime.values import UNDEF, Array, Hash, Proc, Range, String, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.frames import Cref
    from .code import Code, Unit

__all__ = ["RESULT_IS_ARG", "splat_list", "to_s"]

NOT_RETRIED = object()
NO_CELLS: list[list[Any]] = []


# --- methods --------------------------------------------------------------------------------------------------------


def make_method(unit: Unit, index: int, cref: Cref, entry: Method) -> Any:
    """Return the host function of method `index` of `unit`; `entry` is filled in by the caller."""
    from .loop import run

    code = unit.code(index)
    entry.code = code
    required = code.required
    simple = code.simple
    catches_return = code.flags & ck.HAS_RETURN_METHOD

    def method(self: Any, blk: Any, *args: Any, **keywords: Any) -> Any:
        if code.instructions is None:
            code.decode()
        frame = Frame(code, self, blk, entry, cref)
        if simple and len(args) == required and not keywords:
            slots = [*args, *([None] * (code.local_count - required))]
        else:
            slots = bind(code, frame, args, keywords, blk)
        for slot in code.cells:
            slots[slot] = [slots[slot]]
        frame.locals = slots
        if catches_return:
            try:
                return run(frame, code, slots)
            except ReturnJump as jump:
                if jump.tag is not frame:
                    raise
                return jump.value
            finally:
                frame.alive = False
        return run(frame, code, slots)

    return method


def bind(code: Code, frame: Frame, args: Any, keywords: dict[str, Any], blk: Any) -> list[Any]:
    """Return the slots of an activation with strict arity (methods and lambdas).

    ArgumentError of the guest when the arguments do not fit, after the binding fallbacks of language.md 1.6 and 1.10.4.
    """
    parameters = code.function.parameters
    try:
        return place(code, args, keywords, blk)
    except ArityMismatch as mismatch:
        low = parameters.required + parameters.post
        if blk is not None and not parameters.flags & ck.BLOCK_PARAM and len(args) == low - 1:
            try:  # B1: the block is the last positional argument
                return place(code, (*args, block_proc(blk)), keywords, blk)
            except ArityMismatch:
                pass
        elif blk is None and args and code.flags & ck.USES_BLOCK and is_callable(args[-1]):
            high = low + parameters.optional
            if not parameters.flags & ck.REST and len(args) == high + 1:
                inner = to_block(args[-1])  # B2: the last positional argument is the block
                try:
                    slots = place(code, args[:-1], keywords, inner)
                except ArityMismatch:
                    pass
                else:
                    if frame.parent is None:  # in a lambda `yield` goes on meaning the block of its method
                        frame.blk = inner
                    return slots
        if args and not keywords and parameters.keywords and len(args) > low + parameters.optional:
            filled = annotated_keywords(code, len(args) - low - parameters.optional)
            if filled:
                count = len(args) - len(filled)
                try:
                    return place(code, args[:count], dict(zip(filled, args[count:])), blk)
                except ArityMismatch:
                    pass
        raise error("ArgumentError", mismatch.args[0]) from None


def annotated_keywords(code: Code, surplus: int) -> list[str]:
    """Return the keyword parameters that `surplus` positional arguments fill because they look annotated (1.10.4)."""
    if code.function.parameters.flags & ck.REST:
        return []
    names = hooks.annotations(code)[1]
    return names[:surplus] if surplus <= len(names) else []


def is_callable(value: Any) -> bool:
    return isinstance(value, Proc) or class_of(value).name == "Method"


class ArityMismatch(Exception):  # noqa: N818 - internal: becomes an ArgumentError of the guest
    """The arguments do not fit; its argument is the message."""


def place(code: Code, args: Any, keywords: dict[str, Any], blk: Any) -> list[Any]:
    """Distribute arguments to slots, in the order that chunk.Parameters describes. Raises ArityMismatch."""
    parameters = code.function.parameters
    flags = parameters.flags
    required, optional, post = parameters.required, parameters.optional, parameters.post
    wants = parameters.keywords
    takes_keywords = wants or flags & ck.KEYREST
    if keywords and not takes_keywords:
        if flags & ck.NO_KEYWORDS:
            raise ArityMismatch("no keywords accepted")
        args = (*args, keywords_hash(keywords))
    count = len(args)
    low = required + post
    if count < low or (count > low + optional and not flags & ck.REST):
        text = arity_text(count, low, -1 if flags & ck.REST else low + optional)
        missing = [name for name, needed in wants if needed and name not in keywords]
        if missing:
            text = f"{text[:-1]}; required keyword{'s' if len(missing) > 1 else ''}: {', '.join(missing)})"
        raise ArityMismatch(text)
    slots: list[Any] = list(args[:required])
    extra = count - low
    filled = min(extra, optional)
    slots.extend(args[required : required + filled])
    slots.extend([UNDEF] * (optional - filled))
    if flags & ck.REST:
        slots.append(Array(list(args[required + filled : count - post])))
    if post:
        slots.extend(args[count - post :])
    if takes_keywords:
        missing = []
        for name, needed in wants:
            if name in keywords:
                slots.append(keywords[name])
            elif needed:
                missing.append(name)
                slots.append(UNDEF)
            else:
                slots.append(UNDEF)
        if missing:
            raise ArityMismatch(
                f"missing keyword{'s' if len(missing) > 1 else ''}: " + ", ".join(":" + name for name in missing)
            )
        known = {name for name, _ in wants}
        surplus = [name for name in keywords if name not in known]
        if flags & ck.KEYREST:
            slots.append(keywords_hash({name: keywords[name] for name in surplus}))
        elif surplus:
            from ...runtime.convert import inspect_str

            raise ArityMismatch(
                f"unknown keyword{'s' if len(surplus) > 1 else ''}: "
                + ", ".join(inspect_str(keyword_key(name)) for name in surplus)
            )
    if flags & ck.BLOCK_PARAM:
        slots.append(block_proc(blk))
    slots.extend([None] * (code.local_count - len(slots)))
    return slots


# --- blocks ---------------------------------------------------------------------------------------------------------


class BlockInfo:
    """What is known of a block function: its chunk, the frame it was made in, and how to make it anew.

    `active` is true while the call that the block was written for runs: only then can `break` end it.
    """

    __slots__ = ("code", "frame", "upvalues", "active", "is_lambda", "bound")

    def __init__(self, code: Code, frame: Frame, upvalues: list[list[Any]], is_lambda: bool) -> None:
        self.bound: tuple[Any, ...] | None = None  # what `rebind` changed: self, definee, method, cref
        self.code = code
        self.frame = frame
        self.upvalues = upvalues
        self.active = False
        self.is_lambda = is_lambda

    @property
    def function(self) -> Any:
        return self.code.function

    @property
    def path(self) -> str:
        return self.code.path

    @property
    def line(self) -> int:
        return self.code.line

    def rebind(
        self,
        self_value: Any = UNDEF,
        definee: ModuleValue | None = None,
        method: Method | None = None,
        is_lambda: bool | None = None,
        cref: Cref | None = None,
    ) -> Any:
        """Return a new block function over the same variables with another self, definee, method or strictness."""
        strict = self.is_lambda if is_lambda is None else is_lambda
        return make_block(self.code, self.frame, self.upvalues, strict, self_value, definee, method, cref)

    def call_with_block(self, function: Any, blk: Any, args: Any, keywords: dict[str, Any]) -> Any:
        """Call the block function that this describes with a block of its own, for its `&parameter`."""
        self_value, definee, method, cref = self.bound or (UNDEF, None, None, None)
        code, frame = self.code, self.frame
        receiver = frame.self if self_value is UNDEF else self_value
        if self.is_lambda:
            return call_lambda(
                code, frame, self.upvalues, args, keywords, frame.blk, receiver, method, self, definee, cref, blk
            )
        return call_proc(code, frame, self.upvalues, args, keywords, receiver, method, self, definee, cref, blk)

    def method_function(self, entry: Method) -> Any:
        """Return the block as a method `f(self, blk, ...)`, for define_method. `entry` is its method."""
        code, frame, upvalues = self.code, self.frame, self.upvalues

        def method(self: Any, blk: Any, *args: Any, **keywords: Any) -> Any:
            info = BlockInfo(code, frame, upvalues, True)
            return call_lambda(code, frame, upvalues, args, keywords, blk, self, entry, info)

        return method


def build_block(
    frame: Frame, code: Code, slots: list[Any], upvalues: list[list[Any]], pc: int, index: int, kind: int
) -> Any:
    """Return the block function, or for kind LAMBDA_STRICT the Proc, that BUILD_LAMBDA makes."""
    child = code.unit.code(index)
    cells = [slots[i] if source == so.FROM_LOCAL else upvalues[i] for source, i in child.function.upvalues]
    block = make_block(child, frame, cells, kind == so.LAMBDA_STRICT)
    if kind == so.LAMBDA_STRICT:
        proc = block.proc = Proc(block, True, block.info)
        return proc
    return block


def make_block(
    code: Code,
    frame: Frame,
    upvalues: list[list[Any]],
    is_lambda: bool,
    self_value: Any = UNDEF,
    definee: ModuleValue | None = None,
    method: Method | None = None,
    cref: Cref | None = None,
) -> Any:
    """Return the bare function of a block or lambda over the variables `upvalues`."""
    info = BlockInfo(code, frame, upvalues, is_lambda)
    if self_value is not UNDEF or definee is not None or method is not None or cref is not None:
        info.bound = (self_value, definee, method, cref)
    if is_lambda:

        def strict(*args: Any, **keywords: Any) -> Any:
            receiver = frame.self if self_value is UNDEF else self_value
            return call_lambda(code, frame, upvalues, args, keywords, frame.blk, receiver, method, info, definee, cref)

        strict.info = info  # type: ignore[attr-defined]
        strict.params_count = -code.params_count  # type: ignore[attr-defined]
        return strict

    from .loop import run

    count = code.params_count
    simple = code.simple

    def block(*args: Any, **keywords: Any) -> Any:
        if code.instructions is None:
            code.decode()
        receiver = frame.self if self_value is UNDEF else self_value
        inner = Frame(code, receiver, frame.blk, method or frame.method, frame.cref)
        inner.parent = frame
        inner.definee = definee or frame.definee
        if cref is not None:
            inner.cref = cref
        inner.upvalues = upvalues
        inner.info = info
        if simple and not keywords:
            given = len(args)
            if given == count:
                slots = list(args)
            elif count > 1 and given == 1:
                items = try_ary(args[0])
                slots = [args[0]] if items is None else items[:count]
            else:
                slots = list(args[:count])
            slots.extend([None] * (code.local_count - len(slots)))
        else:
            slots = place_block(code, args, keywords)
        for slot in code.cells:
            slots[slot] = [slots[slot]]
        inner.locals = slots
        return run(inner, code, slots)

    block.info = info  # type: ignore[attr-defined]
    block.params_count = count  # type: ignore[attr-defined]
    return block


def place_block(code: Code, args: Any, keywords: dict[str, Any], blk: Any = None) -> list[Any]:
    """Distribute arguments with the tolerance of procs: an Array is taken apart, missing are nil, surplus dropped."""
    parameters = code.function.parameters
    flags = parameters.flags
    required, optional, post = parameters.required, parameters.optional, parameters.post
    positional = required + optional + post
    takes_keywords = parameters.keywords or flags & ck.KEYREST
    if keywords and not takes_keywords:
        args = (*args, keywords_hash(keywords))
        keywords = {}
    if len(args) == 1 and (
        positional > 1 or (flags & ck.REST and positional > 0) or code.flags & ck.EXCESS_COMMA
        or (takes_keywords and positional + (flags & ck.REST) > 1)
    ):  # fmt: skip
        items = try_ary(args[0])
        if items is not None:
            args = tuple(items)
    low = required + post
    if len(args) < low:
        missing = low - len(args)
        args = (*args, *([None] * missing))
    elif len(args) > low + optional and not flags & ck.REST:
        args = args[: low + optional]
    try:
        return place(code, args, keywords, blk)
    except ArityMismatch as mismatch:
        raise error("ArgumentError", mismatch.args[0]) from None


def call_proc(
    code: Code,
    frame: Frame,
    upvalues: list[list[Any]],
    args: Any,
    keywords: dict[str, Any],
    receiver: Any,
    method: Method | None,
    info: BlockInfo,
    definee: ModuleValue | None,
    cref: Cref | None,
    blk: Any,
) -> Any:
    """Run a block that is called with a block of its own."""
    from .loop import run

    if code.instructions is None:
        code.decode()
    inner = Frame(code, receiver, frame.blk, method or frame.method, cref or frame.cref)
    inner.parent = frame
    inner.definee = definee or frame.definee
    inner.upvalues = upvalues
    inner.info = info
    slots = place_block(code, args, keywords, blk)
    for slot in code.cells:
        slots[slot] = [slots[slot]]
    inner.locals = slots
    return run(inner, code, slots)


def call_lambda(
    code: Code,
    frame: Frame,
    upvalues: list[list[Any]],
    args: Any,
    keywords: dict[str, Any],
    blk: Any,
    receiver: Any,
    method: Method | None,
    info: BlockInfo,
    definee: ModuleValue | None = None,
    cref: Cref | None = None,
    own_block: Any = None,
) -> Any:
    """Run a lambda, or a block as the body of a method: strict arity, `return` ends it. `blk` is what `yield` calls,
    `own_block` what the call passed to a lambda, for its `&parameter`."""
    from .loop import run

    if code.instructions is None:
        code.decode()
    inner = Frame(code, receiver, blk, method or frame.method, cref or frame.cref)
    inner.parent = frame
    inner.definee = definee or frame.definee
    inner.upvalues = upvalues
    inner.info = info
    inner.is_lambda = True
    slots = bind(code, inner, args, keywords, own_block or (blk if method is not None else None))
    for slot in code.cells:
        slots[slot] = [slots[slot]]
    inner.locals = slots
    try:
        return run(inner, code, slots)
    except ReturnJump as jump:
        if jump.tag is not inner:
            raise
        return jump.value
    finally:
        inner.alive = False


def break_block(frame: Frame, value: Any) -> Any:
    """`break` in a block: end the call that it was written for. In a lambda it returns."""
    if frame.is_lambda:
        return value
    info = frame.info
    if not info.active:
        raise error("LocalJumpError", "break from proc-closure", reason=sym("break"), exit_value=value)
    raise BreakJump(getattr(info, "tag", None) or info, value)


def return_method(frame: Frame, value: Any) -> Any:
    """`return` in a block: end the method or lambda that it stands in."""
    home: Frame | None = frame
    while home is not None and home.parent is not None and not home.is_lambda:
        home = home.parent
    if home is None or not home.alive:
        raise error("LocalJumpError", "unexpected return", reason=sym("return"), exit_value=value)
    raise ReturnJump(getattr(home, "tag", None) or home, value)


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
    else:
        result = perform(frame, recv, attr, blk, args, keywords, flags)
    return args[-1] if flags & RESULT_IS_ARG else result


def calls_local(recv: Any, name: str, callee: Any) -> bool:
    """Return whether `name(...)` calls what the local variable `name` holds: there is no such method (1.4)."""
    cls = dispatch_class(recv)
    if find_method(cls, name) is not None:
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
        try:
            f = getattr(recv, attr)
        except AttributeError:
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
    fits = blk is None and args and len(args) == high + 1 and is_callable(args[-1])
    if fits and native is not None and native.takes_block:
        if recv is None and hasattr(f, "__self__"):
            return f(to_block(args[-1]), *args[:-1])
        return f(recv, to_block(args[-1]), *args[:-1])
    if len(args) < low or 0 <= high < len(args):
        raise error("ArgumentError", arity_text(len(args), low, high)) from None
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


def retry_arity(frame: Frame, instruction: Any, f: Any, args: Any, failure: TypeError) -> Any:
    """What to do when a simple call failed with a TypeError of its own: the result of the B2 fallback, the guest's
    ArgumentError to raise, or NOT_RETRIED if it was no arity error."""
    if f is None or args is None or not hasattr(getattr(f, "__func__", f), "__code__"):
        return NOT_RETRIED
    try:
        return retry_block(failure, f, None, None, args)
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
    if entry.native and visible and blk is None and keywords is None and not entry.mutates:
        try:
            return entry.fn(recv, None, *args)
        except TypeError as failure:
            return retry_block(failure, entry.fn, recv, None, args, entry)
    return slow_send(recv, attr, blk, args, keywords, frame.self, bool(flags & so.VARIABLE_LIKE))


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
    args, keywords, inner, _ = take_arguments(stack, argc, flags)
    if keywords:
        return call_function(blk, tuple(args), keywords)
    return blk(*args)


def call_super(frame: Frame, stack: list[Any], name: str, argc: int, flags: int) -> Any:
    """CALL_SUPER: the next method of the same name behind the running one's owner."""
    args, keywords, blk, info = take_arguments(stack, argc, flags)
    if not flags & (so.LITERAL_BLOCK | so.BLOCK_ARG):
        blk = frame.blk
    method = frame.method
    if method is None:
        raise error("RuntimeError", "super called outside of method")
    receiver = frame.self
    found = find_super(dispatch_class(receiver), method.owner, method.name)
    if found is None:
        missing = find_method(dispatch_class(receiver), "method_missing")
        if missing is not None and missing.owner is not BASIC_OBJECT:
            return missing.fn(receiver, blk, sym(method.name), *args)
        failure = no_method(receiver, method.name, args)
        failure.value.message = String(
            f"super: no superclass method '{method.name}' for {failure.value.message.s.split(' for ', 1)[1]}"
        )
        raise failure
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
    if not (first.__class__ is int and (last.__class__ is int or last is None)):
        from ...runtime.core.range import check_range

        check_range(first, last)
    return Range(first, last, bool(exclusive))
