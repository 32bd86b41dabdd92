"""Enumerator: a method call that waits for its block.

Every iterator that is called without a block answers `make_enumerator(self, "name", *args, size=...)`. What makes
other enumerators is in enumerator_new.py, external iteration (`next`) in enumerator_next.py, and each subclass has a
file of its own.
"""

from __future__ import annotations

from ..blocks import pack
from ..builtin import NativeClass
from ..convert import as_int, inspect_str
from ..dispatch import respond_to, send, send_keywords
from ..errors import error
from ..later import later
from ..model import Method, add_method, class_of
from ..values import UNDEF, Array, Object, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..model import ModuleValue
    from ..values import Block, Value
    from ..walking import elements as known_elements
    from .chain import make_chain
else:
    later(globals(), "..walking", known_elements="elements")
    later(globals(), ".chain", "make_chain")


class EnumeratorValue(Object):
    """The call `receiver.method(*args, **keywords)`, without its block.

    `length` is what `size` answers: a value, a Python function that computes it, or a callable of the guest. `cursor`
    is the state of external iteration, None before the first `next`.
    """

    __slots__ = ("receiver", "method", "args", "keywords", "length", "cursor")
    mclass = None
    by_call = True  # `each` is nothing but the call; subclasses with an `each` of their own say no
    elements: Any = None  # see below

    receiver: Any
    method: str
    args: tuple[Any, ...]
    keywords: dict[str, Any]
    length: Any
    cursor: Any

    def prepare(self) -> None:
        self.receiver = UNDEF
        self.method = "each"
        self.args = ()
        self.keywords = {}
        self.length = None
        self.cursor = None


enumerator = NativeClass("Enumerator")


def make_enumerator(
    receiver: Value, method: str, *args: Value, size: Any = None, keywords: dict[str, Any] | None = None
) -> EnumeratorValue:
    """Return the Enumerator that native methods answer when they get no block.

    `size` is the number of elements as a guest value, a Python function without parameters that computes it, or None
    if nobody knows.
    """
    result = EnumeratorValue()
    result.receiver = receiver
    result.method = method
    result.args = args
    result.keywords = keywords or {}
    result.length = size
    result.cursor = None
    return result


def elements(self: EnumeratorValue, still: bool) -> Any:
    """Return an iterable of the elements where they are at hand (walking.py), else None."""
    return known_elements(self, still) if self.__class__ is EnumeratorValue else None


EnumeratorValue.elements = elements


def iterate(self: EnumeratorValue, blk: Any) -> Value:
    """Run the call with `blk` and return its value."""
    if not self.by_call:
        return send(self, ":each", blk)
    receiver = self.receiver
    if receiver is UNDEF:
        raise error("ArgumentError", "uninitialized enumerator")
    if self.keywords:
        return send_keywords(receiver, ";" + self.method, blk, self.args, self.keywords)
    return send(receiver, ";" + self.method, blk, *self.args)


@enumerator.method("each", block=True)
def each(self: EnumeratorValue, blk: Block, *args: Value, **keywords: Value) -> Value:
    """Run the call with the block; without one return self, or a new Enumerator with `args` appended."""
    if args or keywords:
        more = make_enumerator(self.receiver, self.method, *self.args, *args, keywords={**self.keywords, **keywords})
        return more if blk is None else iterate(more, blk)
    return self if blk is None else iterate(self, blk)


@enumerator.method("size")
def size(self: EnumeratorValue, blk: Block) -> Value:
    """Return the number of elements, nil if it is not known without iterating."""
    length = self.length
    if length is None or length.__class__ is int or length.__class__ is float:
        return length
    if not isinstance(length, Object):
        return length()
    if respond_to(length, "call"):
        return send(length, ":call", None, *self.args)
    return length


def with_offset(self: EnumeratorValue, blk: Any, index: int) -> Value:
    """Iterate with a running number as the second argument of the block."""

    def numbered(value: Value = None, *rest: Value) -> Value:
        nonlocal index
        if rest:
            value = Array([value, *rest])
        number = index
        index += 1
        return blk(value, number)

    return iterate(self, numbered)


@enumerator.method("with_index", block=True)
def with_index(self: EnumeratorValue, blk: Block, offset: Value = None) -> Value:
    """Iterate with an index that starts at `offset`; the method called gets the block's values."""
    if blk is None:
        return make_enumerator(self, "with_index", offset if offset is not None else 0, size=lambda: size(self, None))
    return with_offset(self, blk, 0 if offset is None else as_int(offset))


@enumerator.method("each_with_index", block=True)
def each_with_index(self: EnumeratorValue, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_with_index", size=lambda: size(self, None))
    return with_offset(self, blk, 0)


@enumerator.method("with_object", "each_with_object", block=True)
def with_object(self: EnumeratorValue, blk: Block, memo: Value) -> Value:
    """Iterate with `memo` as the second argument of the block, and return it."""
    if blk is None:
        return make_enumerator(self, "with_object", memo, size=lambda: size(self, None))

    def pass_memo(*args: Value) -> Value:
        return blk(pack(args), memo)

    iterate(self, pass_memo)
    return memo


def undefine_cursor(mod: ModuleValue) -> None:
    """Undefine external iteration for a subclass that has none."""
    for name in ("next", "next_values", "peek", "peek_values", "feed"):
        add_method(mod, Method(name, None, mod))


ACTIVE: list[Any] = []  # the enumerators being inspected, outermost first


@enumerator.method("inspect")
def inspect(self: EnumeratorValue, blk: Block) -> String:
    name = class_of(self).name
    if self.receiver is UNDEF:
        return String(f"#<{name}: uninitialized>")
    if any(active is self for active in ACTIVE):
        return String(f"#<{name}: ...>")
    ACTIVE.append(self)
    try:
        texts = [inspect_str(arg) for arg in self.args]
        texts += [f"{key}: {inspect_str(value)}" for key, value in self.keywords.items()]
        arguments = f"({', '.join(texts)})" if texts else ""
        return String(f"#<{name}: {inspect_str(self.receiver)}:{self.method}{arguments}>")
    finally:
        ACTIVE.pop()


@enumerator.method("+")
def plus(self: EnumeratorValue, blk: Block, other: Value) -> Value:
    """Return the Enumerator of the elements of both."""
    return make_chain([self, other])
