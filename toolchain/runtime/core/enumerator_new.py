"""Enumerator: `Enumerator.new { |y| ... }` with its Yielder, and `Enumerator.produce`."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_int
from ..dispatch import respond_to, send
from ..errors import Raised, error
from ..later import later
from ..model import allocate, kind_of
from ..stepping import INFINITY
from ..values import UNDEF, Object, Proc
from .enumerator import EnumeratorValue, make_enumerator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..builtin import builtin_class
    from ..model import ModuleValue
    from ..values import Block, Value
    from .enumerator_product import make_product
else:
    later(globals(), ".enumerator_product", "make_product")
    later(globals(), "..builtin", "builtin_class")


class YielderValue(Object):
    """What the block of Enumerator.new yields through; `target` is the block function of `each`."""

    __slots__ = ("target",)
    mclass = None
    target: Any


class GeneratorValue(Object):
    """The receiver behind Enumerator.new: `run` is a Python function that takes the block function of `each`."""

    __slots__ = ("run",)
    mclass = None
    run: Any


class ProducerValue(Object):
    """The receiver behind Enumerator.produce."""

    __slots__ = ("initial", "successor")
    mclass = None
    initial: Any
    successor: Any


enumerator = NativeClass("Enumerator")
yielder = NativeClass("Enumerator::Yielder")
generator = NativeClass("Enumerator::Generator")
producer = NativeClass("Enumerator::Producer")


def make_generator(run: Any, size: Any = None) -> EnumeratorValue:
    """Return an Enumerator whose `each` calls the Python function `run` with the block function."""
    source = GeneratorValue()
    source.run = run
    return make_enumerator(source, "each", size=size)


@enumerator.private("initialize", block=True)
def initialize(self: EnumeratorValue, blk: Block, size: Value = None) -> Value:
    """Make the block, which gets a Yielder, the source of the elements."""
    if blk is None:
        raise error("ArgumentError", "tried to create Proc object without a block")
    if size is not None and size != INFINITY and not (isinstance(size, Object) and respond_to(size, "call")):
        size = as_int(size)

    def run(target: Any, *args: Value) -> Value:
        through = YielderValue()
        through.target = target
        return blk(through, *args)

    source = GeneratorValue()
    source.run = run
    self.receiver = source
    self.method = "each"
    self.length = size
    return self


@generator.method("each", block=True)
def generator_each(self: GeneratorValue, blk: Block, *args: Value) -> Value:
    if blk is None:
        return self
    return self.run(blk, *args)


@yielder.method("<<")
def push(self: YielderValue, blk: Block, value: Value) -> Value:
    self.target(value)
    return self


@yielder.method("yield")
def yield_(self: YielderValue, blk: Block, *values: Value) -> Value:
    return self.target(*values)


@yielder.method("to_proc")
def to_proc(self: YielderValue, blk: Block) -> Proc:
    def pass_on(*values: Value) -> Value:
        return self.target(*values)

    proc = Proc(pass_on, True, self)
    pass_on.proc = proc  # type: ignore[attr-defined]
    return proc


@enumerator.singleton("produce", block=True)
def produce(cls: ModuleValue, blk: Block, initial: Value = UNDEF) -> EnumeratorValue:
    """Return the endless Enumerator of a first value and what the block makes of each; StopIteration ends it."""
    if blk is None:
        raise error("ArgumentError", "no block given")
    source = ProducerValue()
    source.initial, source.successor = initial, blk
    result: EnumeratorValue = allocate(cls)
    result.receiver, result.method, result.length = source, "each", INFINITY
    return result


@producer.method("each", block=True)
def producer_each(self: ProducerValue, blk: Block) -> Value:
    if blk is None:
        return self
    successor = self.successor
    try:
        value = successor() if self.initial is UNDEF else self.initial
        while True:
            blk(value)
            value = successor(value)
    except Raised as failure:
        if not kind_of(failure.value, builtin_class("StopIteration")):
            raise
    return self


@enumerator.singleton("product", block=True)
def product(cls: ModuleValue, blk: Block, *sources: Value) -> Value:
    """Return the Enumerator of all combinations of one element of each source."""
    result = make_product(list(sources))
    if blk is None:
        return result
    send(result, ":each", blk)
    return None
