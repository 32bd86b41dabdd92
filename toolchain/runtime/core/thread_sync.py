"""Mutex, ConditionVariable, Queue and SizedQueue.

Threads change only where they wait (scheduler.py), so these need no locks of the host.
"""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import any_to_s, as_float, as_int, splat_list
from ..dispatch import respond_to
from ..errors import error
from ..model import class_of
from ..scheduler import SCHEDULER
from ..values import FALSE, TRUE, UNDEF, Object, is_true, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class MutexObject(Object):
    """`owner` is the Task that holds it, None while it is free."""

    __slots__ = ("owner",)
    mclass = None

    def prepare(self) -> None:
        self.owner: Any = None


class ConditionObject(Object):
    """`waiting` are the marks of those who wait, in order; a mark is a list that signal puts True into."""

    __slots__ = ("waiting",)
    mclass = None

    def prepare(self) -> None:
        self.waiting: list[list[bool]] = []


class QueueObject(Object):
    """`limit` is None for a Queue without bound. `waiters` counts the threads that wait for an item."""

    __slots__ = ("items", "is_closed", "limit", "waiters")
    mclass = None

    def prepare(self) -> None:
        self.items: list[Any] = []
        self.is_closed = False
        self.limit: int | None = None
        self.waiters = 0


class SizedQueueObject(QueueObject):
    __slots__ = ()
    mclass = None


mutex = NativeClass("Thread::Mutex")
condition = NativeClass("Thread::ConditionVariable")
queue = NativeClass("Thread::Queue")
sized = NativeClass("Thread::SizedQueue")


def seconds(value: Value) -> float | None:
    """Return a timeout, None for none."""
    return None if value is None or value is UNDEF else max(0.0, as_float(value))


# --- Mutex ----------------------------------------------------------------------------------------------------------


def take(target: MutexObject) -> None:
    task = SCHEDULER.current
    if target.owner is task:
        raise error("ThreadError", "deadlock; recursive locking")
    if target.owner is not None:
        SCHEDULER.wait(lambda: target.owner is None or target.owner.status in ("dead", "failed"))
    target.owner = task


def release(target: MutexObject) -> None:
    if target.owner is None:
        raise error("ThreadError", "Attempt to unlock a mutex which is not locked")
    if target.owner is not SCHEDULER.current:
        raise error("ThreadError", "Attempt to unlock a mutex which is locked by another thread/fiber")
    target.owner = None


@mutex.method("lock")
def lock(self: MutexObject, blk: Block) -> Value:
    take(self)
    return self


@mutex.method("unlock")
def unlock(self: MutexObject, blk: Block) -> Value:
    release(self)
    return self


@mutex.method("try_lock")
def try_lock(self: MutexObject, blk: Block) -> Value:
    if self.owner is not None:
        return FALSE
    self.owner = SCHEDULER.current
    return TRUE


@mutex.method("locked?")
def is_locked(self: MutexObject, blk: Block) -> Value:
    return truth(self.owner is not None)


@mutex.method("owned?")
def is_owned(self: MutexObject, blk: Block) -> Value:
    return truth(self.owner is SCHEDULER.current)


@mutex.method("synchronize", block=True)
def synchronize(self: MutexObject, blk: Block) -> Value:
    if blk is None:
        raise error("ThreadError", "must be called with a block")
    take(self)
    try:
        return blk()
    finally:
        if self.owner is SCHEDULER.current:
            self.owner = None


@mutex.method("sleep")
def sleep(self: MutexObject, blk: Block, timeout: Value = None) -> Value:
    import time

    release(self)
    start = time.monotonic()
    try:
        SCHEDULER.sleep(seconds(timeout))
    finally:
        take(self)
    return round(time.monotonic() - start)


# --- ConditionVariable ----------------------------------------------------------------------------------------------


@condition.method("wait")
def wait(self: ConditionObject, blk: Block, lock_: Value, timeout: Value = None) -> Value:
    from ..dispatch import send

    mark = [False]
    self.waiting.append(mark)
    limit = seconds(timeout)
    plain = isinstance(lock_, MutexObject)
    if plain:
        release(lock_)
    else:
        send(lock_, ":unlock")
    try:
        signalled = SCHEDULER.wait(lambda: mark[0], limit)
    finally:
        if mark in self.waiting:
            self.waiting.remove(mark)
        if plain:
            take(lock_)
        else:
            send(lock_, ":lock")
    return self if signalled or limit is None else FALSE


@condition.method("signal")
def signal(self: ConditionObject, blk: Block) -> Value:
    if self.waiting:
        self.waiting.pop(0)[0] = True
    return self


@condition.method("broadcast")
def broadcast(self: ConditionObject, blk: Block) -> Value:
    for mark in self.waiting:
        mark[0] = True
    self.waiting.clear()
    return self


# --- Queue ----------------------------------------------------------------------------------------------------------


@queue.private("initialize")
def initialize(self: QueueObject, blk: Block, items: Value = UNDEF) -> Value:
    if items is not UNDEF:
        if not respond_to(items, "to_a"):
            raise error("TypeError", f"can't convert {class_of(items).name} into Array")
        self.items = splat_list(items)
    return None


def closed_error() -> Any:
    return error("ClosedQueueError", "queue closed")


@queue.method("push", "<<", "enq")
def push(self: QueueObject, blk: Block, item: Value) -> Value:
    if self.is_closed:
        raise closed_error()
    self.items.append(item)
    return self


@queue.method("pop", "shift", "deq")
def pop(self: QueueObject, blk: Block, non_block: Value = FALSE, *, timeout: Value = None) -> Value:
    limit = seconds(timeout)
    if is_true(non_block):
        if limit is not None:
            raise error("ArgumentError", "can't set a timeout if non_block is enabled")
        if not self.items:
            SCHEDULER.pass_turn()
        if not self.items:
            raise error("ThreadError", "queue empty")
    elif not self.items:
        self.waiters += 1
        try:
            SCHEDULER.wait(lambda: bool(self.items) or self.is_closed, limit)
        finally:
            self.waiters -= 1
        if not self.items:
            return None
    return self.items.pop(0)


@queue.method("empty?")
def is_empty(self: QueueObject, blk: Block) -> Value:
    if self.items and self.waiters:
        SCHEDULER.pass_turn()
    return truth(not self.items)


@queue.method("size", "length")
def size(self: QueueObject, blk: Block) -> Value:
    return len(self.items)


@queue.method("num_waiting")
def num_waiting(self: QueueObject, blk: Block) -> Value:
    SCHEDULER.pass_turn()
    return self.waiters


@queue.method("clear")
def clear(self: QueueObject, blk: Block) -> Value:
    self.items.clear()
    return self


@queue.method("close")
def close(self: QueueObject, blk: Block) -> Value:
    self.is_closed = True
    return self


@queue.method("closed?")
def is_closed(self: QueueObject, blk: Block) -> Value:
    return truth(self.is_closed)


@queue.method("freeze")
def freeze(self: QueueObject, blk: Block) -> Value:
    raise error("TypeError", f"cannot freeze {any_to_s(self)}")


# --- SizedQueue -----------------------------------------------------------------------------------------------------


def checked_limit(value: Value) -> int:
    number = as_int(value)
    if number <= 0:
        raise error("ArgumentError", "queue size must be positive")
    return number


@sized.private("initialize")
def initialize_sized(self: QueueObject, blk: Block, limit: Value) -> Value:
    self.limit = checked_limit(limit)
    return None


@sized.method("max")
def limit_(self: QueueObject, blk: Block) -> Value:
    return self.limit


@sized.method("max=")
def set_limit(self: QueueObject, blk: Block, limit: Value) -> Value:
    self.limit = checked_limit(limit)
    return limit


@sized.method("push", "<<", "enq")
def push_sized(self: QueueObject, blk: Block, item: Value, non_block: Value = FALSE, *, timeout: Value = None) -> Value:
    bound = self.limit or 1
    if self.is_closed:
        raise closed_error()
    if len(self.items) >= bound:
        if is_true(non_block):
            raise error("ThreadError", "queue full")
        limit = seconds(timeout)
        if not SCHEDULER.wait(lambda: len(self.items) < (self.limit or 1) or self.is_closed, limit):
            return None
        if self.is_closed:
            raise closed_error()
    self.items.append(item)
    return self
