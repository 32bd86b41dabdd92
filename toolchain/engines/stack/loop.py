"""The loop of the stack engine: `run` executes one activation.

`run` is long by nature: one branch an operation, the frequent ones first. Its local variables `frame`, `code` and `pc`
are what backtraces read (backtrace.py), so they keep their names. Everything that is not a few lines lives in
calls.py, define.py and match.py.

Exceptions: the except clause looks for the innermost handler of the failed instruction. A rescue handler sees guest
exceptions only (host exceptions are translated), an ensure handler everything that passes.
"""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime import globals as guest_globals
from ...runtime.constants import lookup_const, lookup_scoped, lookup_top, set_const
from ...runtime.convert import to_s
from ...runtime.dispatch import block_proc, send
from ...runtime.errors import Jump, Raised, error
from ...runtime.exceptions import STATE, guest_exception
from ...runtime.frames import ASKED, READERS, code_key
from ...runtime.hashing import hash_set
from ...runtime.model import PRIM_CLASSES, WORLD, find_method, set_ivar
from ...runtime.operators import OPERATORS
from ...runtime.values import FALSE, TRUE, UNDEF, Array, Hash, String, sym
from . import blocks, calls, define, match
from .code import (
    ALIAS,
    ALIAS_GLOBAL,
    AND,
    ARRAY_CONCAT,
    ARRAY_PUSH,
    BINARY,
    BLOCK_GIVEN,
    BREAK_BLOCK,
    BREAKPOINT,
    BUILD_ARRAY,
    BUILD_BLOCK,
    BUILD_DICT,
    BUILD_RANGE,
    BUILD_REGEX,
    BUILD_SHELL,
    BUILD_STRING,
    BUILD_SYMBOL,
    CALL,
    CALL_VALUE,
    CLASS_AST,
    CLOSE_UPVALUE,
    DEFINE_CLASS,
    DEFINE_METHOD,
    DEFINE_MODULE,
    DEFINE_RUNTIME,
    DEFINE_SINGLETON,
    DEFINE_SINGLETON_METHOD,
    DEFINED,
    DICT_MERGE,
    DICT_SET,
    DUP,
    DUP_N,
    ENSURE_END,
    ENSURE_START,
    EVAL,
    EXPAND,
    GET_UPVALUE,
    INDEX_GET,
    INDEX_SET,
    JUMP,
    JUMP_IF_FALSE,
    JUMP_IF_GIVEN,
    JUMP_IF_NIL,
    JUMP_IF_TRUE,
    LEAP,
    LEAVE_RESCUE,
    LOAD_BLOCK,
    LOAD_CELL,
    LOAD_CONST,
    LOAD_CVAR,
    LOAD_GLOBAL,
    LOAD_GROUP,
    LOAD_IVAR,
    LOAD_LOCAL,
    LOAD_SCOPED,
    LOAD_SELF,
    LOAD_SOFT,
    LOAD_SPECIAL,
    LOAD_TOP,
    MATCH_CASE,
    MATCH_FAIL,
    METHOD_AST,
    NEW,
    NO_OP,
    NOT,
    OR,
    OWN_AST,
    POP,
    PUSH_REGEX,
    PUSH_STRING,
    PUSH_VALUE,
    RAISE,
    REMOVE_METHOD,
    RESCUE,
    RESERVED,
    RETURN,
    RETURN_METHOD,
    SEND,
    SET_AST,
    SET_UPVALUE,
    SPLAT,
    STORE_CELL,
    STORE_CONST,
    STORE_CVAR,
    STORE_GLOBAL,
    STORE_IVAR,
    STORE_LOCAL,
    STORE_SCOPED,
    SUPER,
    SUSPEND,
    SWAP,
    UNARY,
    UNDEF_METHOD,
    YIELD,
    Code,
)  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.frames import Frame
    from ...runtime.values import Exception_


# What `run` returns that met SUSPEND: another engine goes on from there.
SUSPENDED: Any = object()


def run(frame: Frame, code: Code, slots: list[Any], pc: int = 0, instructions: Any = None) -> Any:
    """Execute `code` in `frame`, whose locals are `slots`, and return its value. `instructions`: to execute instead of
    those of the code."""
    if code.reads_match and pc == 0 and code.function.kind == ck.METHOD:
        from ...runtime.regexp_state import LAST

        LAST.raw = None
    self = frame.self
    upvalues = frame.upvalues
    if instructions is None:
        instructions = code.instructions
    stack: list[Any] = []
    push = stack.append
    pop = stack.pop
    while True:
        try:
            while True:
                op, a, b, c = instructions[pc]
                pc += 1
                if op == LOAD_LOCAL:
                    push(slots[a])
                elif op == LOAD_CELL:
                    push(slots[a][0])
                elif op == PUSH_VALUE:
                    push(a)
                elif op == SEND:
                    if b == 0:
                        recv = pop()
                        args: Any = ()
                    elif b == 1:
                        args = (pop(),)
                        recv = pop()
                    else:
                        args = stack[-b:]
                        del stack[-b:]
                        recv = pop()
                    if recv.__class__ in PRIM_CLASSES:
                        entry = find_method(PRIM_CLASSES[recv.__class__], a[1:])
                        if entry is None or entry.visibility:
                            push(calls.send_failed(frame, recv, a, None, args, None, c))
                        elif b == 0:
                            push(entry.fn(recv, None))
                        elif b == 1:
                            push(entry.fn(recv, None, args[0]))
                        else:
                            push(entry.fn(recv, None, *args))
                    else:
                        try:
                            f = getattr(recv, a)
                        except AttributeError:
                            f = None
                        if f is None:
                            push(calls.send_failed(frame, recv, a, None, args, None, c))
                        elif b == 0:
                            push(f(None))
                        elif b == 1:
                            push(f(None, args[0]))
                        elif b == 2:
                            push(f(None, args[0], args[1]))
                        else:
                            push(f(None, *args))
                elif op == JUMP_IF_FALSE:
                    x = pop()
                    if x is FALSE or x is None:
                        pc = a
                elif op == STORE_LOCAL:
                    slots[a] = pop()
                elif op == BINARY:
                    y = pop()
                    x = pop()
                    push(OPERATORS[a](x, y))
                elif op == LOAD_IVAR:
                    try:
                        push(getattr(self, a))
                    except AttributeError:
                        push(None)
                elif op == LOAD_SELF:
                    push(self)
                elif op == RETURN:
                    if code.handlers:
                        target = leave(frame, code, slots, pc - 1, None, 0, stack)
                        if target >= 0:
                            pc = target
                            continue
                    if frame.handled:
                        STATE.error = frame.handled[0][0]
                    return pop()
                elif op == JUMP:
                    pc = a
                elif op == GET_UPVALUE:
                    push(upvalues[a][0])
                elif op == INDEX_GET:
                    if a == 1 and not b & ~1:
                        y = pop()
                        x = pop()
                        push(OPERATORS["INDEX_GET"](x, y))
                    else:
                        push(calls.general_call(frame, stack, ";[]" if b & 1 else ":[]", a, b))
                elif op == PUSH_STRING:
                    push(String(a))
                elif op == LOAD_CONST:
                    cached = code.const_cache.get(pc)
                    if cached is not None and cached[0] == WORLD.constants and cached[1] is frame.cref:
                        push(cached[2])
                    else:
                        version = WORLD.constants
                        x = lookup_const(frame.cref, a)
                        code.const_cache[pc] = (version, frame.cref, x)
                        push(x)
                elif op == CALL:
                    push(calls.general_call(frame, stack, a, b, c))
                elif op == STORE_CELL:
                    slots[a][0] = pop()
                elif op == SET_UPVALUE:
                    upvalues[a][0] = pop()
                elif op == POP:
                    pop()
                elif op == STORE_IVAR:
                    x = pop()
                    try:
                        if self.is_frozen:
                            set_ivar(self, a, x)
                        setattr(self, a, x)
                    except AttributeError:
                        set_ivar(self, a, x)
                elif op == YIELD:
                    blk = frame.blk
                    if blk is None:
                        raise error("LocalJumpError", "no block given (yield)")
                    if b:
                        push(calls.call_value(stack, blk, a, b))
                    elif a == 1:
                        push(blk(pop()))
                    elif a == 0:
                        push(blk())
                    else:
                        args = stack[-a:]
                        del stack[-a:]
                        push(blk(*args))
                elif op == JUMP_IF_TRUE:
                    x = pop()
                    if x is not FALSE and x is not None:
                        pc = a
                elif op == DUP:
                    push(stack[-1])
                elif op == INDEX_SET:
                    if a == 2 and not b & ~1:
                        z = pop()
                        y = pop()
                        x = pop()
                        OPERATORS["INDEX_SET"](x, y, z)
                        push(z)
                    else:
                        push(calls.general_call(frame, stack, ";[]=" if b & 1 else ":[]=", a, b | calls.RESULT_IS_ARG))
                elif op == NOT:
                    x = pop()
                    push(OPERATORS["NOT"](x))
                elif op == UNARY:
                    push(OPERATORS[a](pop()))
                elif op == BUILD_BLOCK:
                    push(blocks.build_block(frame, code, slots, upvalues, pc, a, b))
                elif op == BUILD_ARRAY:
                    if a:
                        items = stack[-a:]
                        del stack[-a:]
                        push(Array(items))
                    else:
                        push(Array([]))
                elif op == BUILD_STRING:
                    if a == 1:
                        push(String(to_s(pop())))
                    else:
                        text = "".join([to_s(x) for x in stack[-a:]]) if a else ""
                        if a:
                            del stack[-a:]
                        push(String(text))
                elif op == JUMP_IF_NIL:
                    if pop() is None:
                        pc = a
                elif op == BUILD_DICT:
                    table = Hash()
                    if a:
                        items = stack[-2 * a :]
                        del stack[-2 * a :]
                        for i in range(0, 2 * a, 2):
                            hash_set(table, items[i], items[i + 1])
                    push(table)
                elif op == BUILD_RANGE:
                    y = pop()
                    x = pop()
                    push(calls.build_range(x, y, a))
                elif op == SUPER:
                    push(calls.call_super(frame, stack, a, b, c))
                elif op == NEW:
                    push(calls.general_call(frame, stack, ":new", a, b))
                elif op == CALL_VALUE:
                    push(calls.general_call(frame, stack, ":call", a, b))
                elif op == LEAP:
                    if code.handlers:
                        target = leave(frame, code, slots, pc - 1, a, b, stack)
                        if target >= 0:
                            pc = target
                            continue
                    if b or frame.handled:
                        end_rescues(frame, b, a)
                    pc = a
                elif op == JUMP_IF_GIVEN:
                    x = slots[a][0] if c else slots[a]
                    if x is not UNDEF:
                        pc = b
                    elif c:
                        slots[a][0] = None
                    else:
                        slots[a] = None
                elif op == BLOCK_GIVEN:
                    push(FALSE if frame.blk is None else TRUE)
                elif op == LOAD_BLOCK:
                    push(block_proc(frame.blk))
                elif op == DUP_N:
                    stack.extend(stack[-a:])
                elif op == SWAP:
                    stack[-1], stack[-2] = stack[-2], stack[-1]
                elif op == SPLAT:
                    push(Array(calls.splat_list(pop())))
                elif op == ARRAY_PUSH:
                    x = pop()
                    stack[-1].a.append(x)
                elif op == ARRAY_CONCAT:
                    x = pop()
                    stack[-1].a.extend(calls.splat_list(x))
                elif op == DICT_SET:
                    y = pop()
                    x = pop()
                    hash_set(stack[-1], x, y)
                elif op == DICT_MERGE:
                    x = pop()
                    calls.merge_keywords(stack[-1], x)
                elif op == EXPAND:
                    calls.expand(stack, pop(), a, b, c)
                elif op == LOAD_GLOBAL:
                    push(guest_globals.get_global(a))
                elif op == STORE_GLOBAL:
                    guest_globals.set_global(a, pop())
                elif op == LOAD_CVAR:
                    push(define.get_class_variable(frame, a))
                elif op == STORE_CVAR:
                    define.set_class_variable(frame, a, pop())
                elif op == LOAD_SCOPED:
                    push(lookup_scoped(pop(), a))
                elif op == LOAD_TOP:
                    push(lookup_top(a))
                elif op == STORE_CONST:
                    set_const(frame.cref.module, a, pop())
                elif op == STORE_SCOPED:
                    y = pop()
                    set_const(define.namespace(pop()), a, y)
                elif op == LOAD_SPECIAL:
                    push(define.special(code, a))
                elif op == LOAD_GROUP:
                    push(define.match_group(a))
                elif op == BREAK_BLOCK:
                    return blocks.break_block(frame, pop())
                elif op == RETURN_METHOD:
                    x = pop()
                    if frame.is_lambda:
                        push(x)
                        target = leave(frame, code, slots, pc - 1, None, 0, stack)
                        if target >= 0:
                            pc = target
                            continue
                        return pop()
                    blocks.return_method(frame, x)
                elif op == BUILD_SYMBOL:
                    push(sym(to_s(pop())))
                elif op == BUILD_REGEX:
                    push(define.make_regexp(pop().s, a))
                elif op == PUSH_REGEX:
                    x = define.make_regexp(a, b)
                    instructions[pc - 1] = (PUSH_VALUE, x, None, None)
                    push(x)
                elif op == BUILD_SHELL:
                    push(send(self, ";`", None, pop()))
                elif op == DEFINE_CLASS:
                    push(define.define_class(frame, stack, a, b, c))
                elif op == DEFINE_MODULE:
                    push(define.define_module(frame, stack, a, b, c))
                elif op == DEFINE_SINGLETON:
                    push(define.define_singleton(frame, pop(), a))
                elif op == DEFINE_METHOD:
                    push(define.define_method(frame, a, b))
                elif op == DEFINE_SINGLETON_METHOD:
                    push(define.define_singleton_method(frame, pop(), a, b))
                elif op == ALIAS:
                    define.alias_method(frame, a, b)
                elif op == ALIAS_GLOBAL:
                    guest_globals.alias_global(a, b)
                elif op == UNDEF_METHOD:
                    define.undef_method(frame, a)
                elif op == DEFINED:
                    push(define.defined(frame, stack, a, b))
                elif op == RESCUE:
                    y = pop()
                    push(match.rescues(pop(), y, a))
                elif op == RAISE:
                    raise Raised(pop())
                elif op == LEAVE_RESCUE:
                    end_rescues(frame, 1, pc)
                elif op == ENSURE_START:
                    slots[a] = None
                elif op == ENSURE_END:
                    pending = slots[a]
                    slots[a] = None
                    if pending is not None:
                        kind, value, count = pending
                        if kind == PENDING_RAISE:
                            if frame.handled:
                                cut(frame, count)
                            raise value
                        goal = value if kind == PENDING_LEAP else None
                        target = leave(frame, code, slots, pc - 1, goal, count, stack)
                        if kind == PENDING_RETURN:
                            if target >= 0:
                                # The next ensure on the way keeps the value that is being returned.
                                slots[handler_slot(code, target)] = (PENDING_RETURN, value, 0)
                                pc = target
                                continue
                            if frame.handled:
                                STATE.error = frame.handled[0][0]
                            return value
                        if target >= 0:
                            pc = target
                            continue
                        if count or frame.handled:
                            end_rescues(frame, count, value)
                        pc = value
                elif op == CLOSE_UPVALUE:
                    slots[a] = [None]
                elif op == MATCH_CASE:
                    if not match.test(frame, slots, stack, a, b):
                        pc = c
                elif op == MATCH_FAIL:
                    match.fail(pop(), a)
                elif op == LOAD_SOFT:
                    x = slots[a][0] if c else slots[a]
                    push(send(self, ";" + b) if x is UNDEF else x)
                elif op == DEFINE_RUNTIME:
                    push(define.define_runtime(frame, code, slots, upvalues, pc, a, b))
                elif op == EVAL:
                    args = stack[-a:]
                    del stack[-a:]
                    push(calls.perform(frame, self, ";eval", None, args, None, 1))
                elif op == AND:
                    y = pop()
                    x = pop()
                    push(x if x is FALSE or x is None else y)
                elif op == OR:
                    y = pop()
                    x = pop()
                    push(y if x is FALSE or x is None else x)
                elif op == METHOD_AST:
                    push(send(self, ";get_ast", None, sym(a)))
                elif op == CLASS_AST:
                    push(send(pop(), ":get_ast"))
                elif op == SET_AST:
                    push(send(self, ";set_ast", None, sym(a), pop()))
                elif op == REMOVE_METHOD:
                    push(send(pop(), ";remove_method", None, sym(a)))
                elif op == OWN_AST:
                    push(define.own_ast(code))
                elif op == NO_OP:
                    pass
                elif op == SUSPEND:
                    return SUSPENDED
                elif op == BREAKPOINT:
                    define.breakpoint_hook(frame, code, pc)
                elif op == RESERVED:
                    raise error("NotImplementedError", f"{a} is reserved for the module system")
                else:
                    raise AssertionError(f"operation {op}")
        except BaseException as exc:
            failure: BaseException = exc
            if exc.__class__ is TypeError and exc.__traceback__.tb_next is None:  # type: ignore[union-attr]
                # The call itself failed: wrong argument count for a native function.
                op, a, b, c = instructions[pc - 1]
                retried = calls.NOT_RETRIED
                if op == SEND:
                    retried = calls.retry_arity(a, recv, args, exc)
                if retried is not calls.NOT_RETRIED:
                    if isinstance(retried, BaseException):
                        failure = retried
                    else:
                        push(retried)
                        continue
            target = catch(frame, code, slots, pc - 1, failure, stack)
            if target < 0:
                if frame.handled:
                    STATE.error = frame.handled[0][0]
                if failure is exc:
                    raise
                raise failure from None
            pc = target


# What ENSURE_END goes on with: (kind, value, count). The value is an exception, a returned value or a jump target;
# `count` is the number of rescue bodies around the region (an exception) or those that a jump leaves.
PENDING_RAISE, PENDING_RETURN, PENDING_LEAP = range(3)


def handler_slot(code: Code, target: int) -> int:
    """Return the slot of the ensure handler whose code starts at instruction `target`."""
    slot: int = code.instructions[target - 1][1]
    return slot


def leave(frame: Frame, code: Code, slots: list[Any], pc: int, target: int | None, count: int, stack: list[Any]) -> int:
    """Leave regions on the way from `pc` to instruction `target` (None: out of the function).

    Returns where the innermost ensure code to run starts, with what is pending noted in its slot, or -1 if there is
    none.
    """
    for start, end, handler, kind, slot, depth, rescue_depth in code.handlers:
        if kind and start <= pc < end and (target is None or not start <= target <= end):
            left = end_bodies(frame, rescue_depth, start)
            if target is None:
                slots[slot] = (PENDING_RETURN, stack.pop() if stack else None, 0)
            else:
                slots[slot] = (PENDING_LEAP, target, max(0, count - left))
            del stack[depth:]
            return handler + 1
    return -1


def catch(frame: Frame, code: Code, slots: list[Any], pc: int, failure: BaseException, stack: list[Any]) -> int:
    """Find the handler of instruction `pc` for `failure` and enter it.

    Returns the instruction to go on with, -1 if the exception leaves the function.
    """
    for start, end, target, kind, slot, depth, rescue_depth in code.handlers:
        if not start <= pc < end:
            continue
        jump = isinstance(failure, Jump) or not isinstance(failure, (Exception, KeyboardInterrupt))
        if kind == 0:
            if jump:
                continue
            guest = guest_exception(failure)
            end_bodies(frame, rescue_depth, start)
            begin_body(frame, guest, -1, -1)
            value: Any = guest
            next_pc = target
        else:
            end_bodies(frame, rescue_depth, start)
            value = (PENDING_RAISE, failure, len(frame.handled) if frame.handled else 0)
            if not jump:
                # Notes the backtrace; `$!` is the exception while the ensure body runs.
                begin_body(frame, guest_exception(failure), target, body_end(code, target))
            next_pc = target + 1
        del stack[depth:]
        if slot in code.cells:
            slots[slot] = [value]
        else:
            slots[slot] = value
        return next_pc
    return -1


# --- `$!` -----------------------------------------------------------------------------------------------------------
# `Frame.handled` has a row (what `$!` was before, start, end) for each active body of a rescue (start is -1) and of an
# ensure that an exception led to (its instructions), outermost first.


def begin_body(frame: Frame, guest: Exception_, start: int, end: int) -> None:
    """Enter the body of a rescue or ensure: `$!` is its exception."""
    if frame.handled is None:
        frame.handled = []
    frame.handled.append((STATE.error, start, end))
    STATE.error = guest


# Where the target of a jump stands in its instruction, and what is never left downward.
TARGETS = {JUMP: 1, JUMP_IF_FALSE: 1, JUMP_IF_TRUE: 1, JUMP_IF_NIL: 1, JUMP_IF_GIVEN: 2, MATCH_CASE: 3}
LEAVING = frozenset((JUMP, LEAP, RETURN, RETURN_METHOD, BREAK_BLOCK, RAISE, MATCH_FAIL))


def body_end(code: Code, start: int) -> int:
    """Return the last instruction of the ensure body that starts with an instruction. It may have no ENSURE_END."""
    instructions = code.instructions
    slot = instructions[start][1]
    furthest = at = start
    while True:
        at += 1
        instruction = instructions[at]
        op = instruction[0]
        if op == ENSURE_END and instruction[1] == slot:
            return at
        if op in TARGETS:
            furthest = max(furthest, instruction[TARGETS[op]])
        for row in code.handlers:
            if row[0] == at:
                furthest = max(furthest, row[2])
        if op in LEAVING and at >= furthest:
            return at


def end_bodies(frame: Frame, rescues: int, place: int) -> int:
    """End the ensure bodies that instruction `place` is not in, and all but the outermost `rescues` bodies of rescues.

    Returns how many of the latter ended.
    """
    handled = frame.handled or []
    kept = seen = 0
    for _, start, end in handled:
        if not start <= place <= end if start >= 0 else seen == rescues:
            break
        kept += 1
        seen += start < 0
    ended = sum(row[1] < 0 for row in handled[kept:])
    cut(frame, kept)
    return ended


def end_rescues(frame: Frame, count: int, place: int) -> None:
    """End `count` rescue bodies, and the ensure bodies that instruction `place` is not in."""
    handled = frame.handled
    if handled:
        end_bodies(frame, sum(row[1] < 0 for row in handled) - count, place)


def cut(frame: Frame, count: int) -> None:
    """End all bodies but the outermost `count`: `$!` is again what it was before them."""
    handled = frame.handled
    if handled and len(handled) > count:
        STATE.error = handled[count][0]
        del handled[count:]


def _read(python: Any, at: int = -1) -> tuple[Frame, Any, int]:
    variables = python.f_locals
    return variables["frame"], variables["code"], variables["pc"] - 1


LOOP = code_key(run.__code__)
READERS[LOOP] = _read
ASKED.add(LOOP)
