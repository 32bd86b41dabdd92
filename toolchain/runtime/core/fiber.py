"""Fiber: a block that gives up control by itself, on a coroutine of its own."""

from __future__ import annotations

from ..blocks import block_info
from ..builtin import NativeClass
from ..convert import address
from ..coroutine import Coroutine
from ..errors import Raised, error
from ..lines import Killed, Line, contained
from ..model import class_of
from ..values import UNDEF, Array, Hash, Object, String, Symbol, truth
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class FiberObject(Object):
    """`state` is created, resumed (running, or waiting for one that it resumed), suspended or terminated.

    `resumer` is the fiber that waits for this one. `storage` are the inherited variables, copied when a fiber is made.
    """

    __slots__ = ("coroutine", "blk", "state", "resumer", "storage", "line", "locals")
    mclass = None

    def prepare(self) -> None:
        self.coroutine: Any = None
        self.blk: Any = None
        self.state = "created"
        self.resumer: FiberObject | None = None
        self.storage: dict[str, Any] = {}
        self.line = Line()
        self.locals: dict[str, Any] = {}


fiber = NativeClass("Fiber")


class Running:
    """The fiber that runs, None until a program asks for it or makes one."""

    current: FiberObject | None = None


RUNNING = Running()


def current_fiber() -> FiberObject:
    """Return the running fiber; outside of all fibers the root one."""
    if RUNNING.current is None:
        from ..model import allocate

        RUNNING.current = allocate(fiber.mod)
        RUNNING.current.state = "resumed"
    return RUNNING.current


def values_of(args: Any) -> Value:
    """Return what one side passes to the other: nil, the value, or an Array of several."""
    return None if not args else args[0] if len(args) == 1 else Array(list(args))


@fiber.private("initialize", block=True)
def initialize(self: FiberObject, blk: Block, *, storage: Value = UNDEF, **options: Value) -> Value:
    if blk is None:
        raise error("ArgumentError", "tried to create Proc object without a block")
    self.blk = blk
    if isinstance(storage, Hash):
        self.storage = {key.name: value for key, value in storage.d.items()}
    elif storage is UNDEF or storage is not None:
        self.storage = dict(current_fiber().storage)
    return None


def enter(target: FiberObject, message: Any) -> Value:
    """Let a fiber run until it yields or ends. `message` is (args, exception or None)."""
    resumer = current_fiber()
    if target.state == "terminated":
        raise error("FiberError", "attempt to resume a terminated fiber")
    if target is resumer:
        raise error("FiberError", "attempt to resume the current fiber")
    if target.state == "resumed":
        raise error("FiberError", "attempt to resume a resumed fiber (double resume)")
    if target.coroutine is None:
        target.coroutine = Coroutine(fiber_body(target, message[0]))
    target.resumer = resumer
    target.state = "resumed"
    RUNNING.current = target
    target.line.exchange()
    try:
        return target.coroutine.resume(message)
    finally:
        target.line.exchange()
        RUNNING.current = resumer
        target.resumer = None
        if target.coroutine.finished:
            target.state = "terminated"
        elif target.state == "resumed":
            target.state = "suspended"


def fiber_body(target: FiberObject, args: Any) -> Any:
    blk = target.blk

    def body(coroutine: Any) -> Value:
        try:
            return contained(lambda: blk(*args))
        except Killed:
            return None

    return body


@fiber.method("resume")
def resume(self: FiberObject, blk: Block, *args: Value) -> Value:
    return enter(self, (args, None))


@fiber.singleton("yield")
def yield_(self: Value, blk: Block, *args: Value) -> Value:
    running = RUNNING.current
    if running is None or running.resumer is None:
        raise error("FiberError", "attempt to yield on a not resumed fiber")
    given, failure = running.coroutine.suspend(values_of(args))
    if failure is not None:
        raise failure
    return values_of(given)


@fiber.method("raise")
def raise_(self: FiberObject, blk: Block, *args: Value, **keywords: Value) -> Value:
    from ..raising import prepared

    if self.state == "created":
        raise error("FiberError", "cannot raise exception on unborn fiber")
    if self.state == "terminated":
        raise error("FiberError", "dead fiber called")
    failure = Raised(prepared(args or (String("unhandled exception"),), keywords.get("cause", UNDEF)))
    if self is RUNNING.current:
        raise failure
    return enter(self, ((), failure))


@fiber.method("kill")
def kill(self: FiberObject, blk: Block) -> Value:
    if self.state == "created":
        self.state = "terminated"
    elif self is RUNNING.current:
        raise Killed
    elif self.state == "suspended":
        enter(self, ((), Killed()))
    return self


@fiber.method("alive?")
def is_alive(self: FiberObject, blk: Block) -> Value:
    return truth(self.state != "terminated")


@fiber.method("blocking?")
def is_blocking(self: FiberObject, blk: Block) -> Value:
    return truth(False)


@fiber.singleton("current")
def current(self: Value, blk: Block) -> Value:
    return current_fiber()


@fiber.singleton("[]")
def get_storage(self: Value, blk: Block, name: Value) -> Value:
    return current_fiber().storage.get(storage_name(name))


@fiber.singleton("[]=")
def set_storage(self: Value, blk: Block, name: Value, value: Value) -> Value:
    current_fiber().storage[storage_name(name)] = value
    return value


def storage_name(name: Value) -> str:
    if name.__class__ is not Symbol:
        raise error("TypeError", f"wrong argument type {class_of(name).name} (expected Symbol)")
    return str(name.name)


@fiber.method("storage")
def storage(self: FiberObject, blk: Block) -> Value:
    from ..values import sym

    result = Hash()
    result.d = {sym(name): value for name, value in self.storage.items()}
    return result


@fiber.method("storage=")
def set_whole_storage(self: FiberObject, blk: Block, table: Value) -> Value:
    self.storage = {} if table is None else {key.name: value for key, value in table.d.items()}
    return table


@fiber.method("inspect", "to_s")
def inspect(self: FiberObject, blk: Block) -> Value:
    info = block_info(self.blk)
    place = f" {info.path}:{info.line}" if info is not None else ""
    return String(f"#<{module_name(class_of(self))}:{address(self)}{place} ({self.state})>")
