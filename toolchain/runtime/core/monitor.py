"""Monitor (library monitor): a lock that its owner may take again, with conditions; MonitorMixin for any object."""

from __future__ import annotations

from ..builtin import NativeClass
from ..errors import error
from ..model import allocate
from ..scheduler import SCHEDULER
from ..values import FALSE, TRUE, Object, is_true, truth
from .kernel_object import no_block
from .thread_sync import seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class MonitorObject(Object):
    """`owner` is the Task that holds it, `count` how often it took it."""

    __slots__ = ("owner", "count")
    mclass = None

    def prepare(self) -> None:
        self.owner: Any = None
        self.count = 0


class MonitorConditionObject(Object):
    __slots__ = ("monitor", "waiting")
    mclass = None

    def prepare(self) -> None:
        self.monitor: Any = None
        self.waiting: list[list[bool]] = []


monitor = NativeClass("Monitor")
mixin = NativeClass("MonitorMixin")
condition = NativeClass("MonitorMixin::ConditionVariable")


def take(target: MonitorObject) -> None:
    task = SCHEDULER.current
    if target.owner is not task:
        if target.owner is not None:
            SCHEDULER.wait(lambda: target.owner is None)
        target.owner = task
    target.count += 1


def check_owner(target: MonitorObject) -> None:
    if target.owner is not SCHEDULER.current:
        raise error("ThreadError", "current fiber not owner" if target.owner is None else "current thread not owner")


def release(target: MonitorObject) -> None:
    check_owner(target)
    target.count -= 1
    if target.count == 0:
        target.owner = None


def of(value: Value) -> MonitorObject:
    """Return the Monitor of a receiver: itself, or the one of an object with MonitorMixin."""
    if isinstance(value, MonitorObject):
        return value
    from ..model import get_ivar, set_ivar

    found = get_ivar(value, "@mon_data")
    if found is None:
        found = allocate(monitor.mod)
        set_ivar(value, "@mon_data", found)
    result: MonitorObject = found
    return result


def enter(self: Value, blk: Block) -> Value:
    take(of(self))
    return None


def leave(self: Value, blk: Block) -> Value:
    release(of(self))
    return None


def try_enter(self: Value, blk: Block) -> Value:
    target = of(self)
    if target.owner is not None and target.owner is not SCHEDULER.current:
        return FALSE
    take(target)
    return TRUE


def synchronize(self: Value, blk: Block) -> Value:
    if blk is None:
        raise no_block()
    target = of(self)
    take(target)
    try:
        return blk()
    finally:
        release(target)


def new_cond(self: Value, blk: Block) -> Value:
    result = allocate(condition.mod)
    result.monitor = of(self)
    return result


for _names, _fn in (
    (("enter", "mon_enter"), enter),
    (("exit", "mon_exit"), leave),
    (("try_enter", "mon_try_enter", "try_mon_enter"), try_enter),
    (("synchronize", "mon_synchronize"), synchronize),
    (("new_cond",), new_cond),
):
    monitor.method(*_names, block=True)(_fn)
    mixin.method(*[name for name in _names if name not in ("enter", "exit", "try_enter")], block=True)(_fn)


@monitor.method("mon_locked?")
def is_locked(self: MonitorObject, blk: Block) -> Value:
    return truth(self.owner is not None)


@monitor.method("mon_owned?")
def is_owned(self: MonitorObject, blk: Block) -> Value:
    return truth(self.owner is SCHEDULER.current)


@condition.method("wait")
def wait(self: MonitorConditionObject, blk: Block, timeout: Value = None) -> Value:
    target = self.monitor
    check_owner(target)
    mark = [False]
    self.waiting.append(mark)
    owner, count = target.owner, target.count
    target.owner, target.count = None, 0
    try:
        SCHEDULER.wait(lambda: mark[0], seconds(timeout))
    finally:
        if mark in self.waiting:
            self.waiting.remove(mark)
        if target.owner is not None:
            SCHEDULER.wait(lambda: target.owner is None)
        target.owner, target.count = owner, count
    return truth(mark[0])


@condition.method("wait_while", block=True)
def wait_while(self: MonitorConditionObject, blk: Block) -> Value:
    while is_true(blk()):
        wait(self, None)
    return None


@condition.method("wait_until", block=True)
def wait_until(self: MonitorConditionObject, blk: Block) -> Value:
    while not is_true(blk()):
        wait(self, None)
    return None


@condition.method("signal")
def signal(self: MonitorConditionObject, blk: Block) -> Value:
    check_owner(self.monitor)
    if self.waiting:
        self.waiting.pop(0)[0] = True
    return self


@condition.method("broadcast")
def broadcast(self: MonitorConditionObject, blk: Block) -> Value:
    check_owner(self.monitor)
    for mark in self.waiting:
        mark[0] = True
    self.waiting.clear()
    return self
