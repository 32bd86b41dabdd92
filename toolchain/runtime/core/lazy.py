"""Enumerator::Lazy: a source and the stages that its elements pass through when somebody asks for them.

A stage is a function `stage(emit, stop) -> visit`: made anew for each iteration, `visit(*values)` gets what the stage
before emits, `emit` hands on to the next, `stop()` ends the iteration.
"""

from __future__ import annotations

from ..blocks import pack, renamed
from ..builtin import NativeClass
from ..convert import as_int, inspect_str, try_ary
from ..dispatch import respond_to, send
from ..errors import BreakJump, error
from ..hashing import hash_key
from ..indexing import checked_int
from ..model import class_of
from ..values import FALSE, UNDEF, Array, Object, String
from .enumerator import EnumeratorValue, make_enumerator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class LazyValue(EnumeratorValue):
    """`root` is what is iterated (by `root_method`), `stages` what its elements pass. The fields of Enumerator name the
    Lazy before this one, for `inspect`; `empty` says that nothing needs to be asked at all."""

    by_call = False
    __slots__ = ("root", "root_method", "root_args", "stages", "empty")

    root: Any
    root_method: str
    root_args: tuple[Any, ...]
    stages: tuple[Any, ...]
    empty: bool

    def prepare(self) -> None:
        EnumeratorValue.prepare(self)
        self.root = UNDEF
        self.root_method = "each"
        self.root_args = ()
        self.stages = ()
        self.empty = False


lazy = NativeClass("Enumerator::Lazy")


def make_lazy(root: Value, method: str = "each", *args: Value, size: Any = None) -> LazyValue:
    """Return the Lazy over what `root.method(*args)` yields."""
    result = LazyValue()
    result.prepare()
    result.root, result.root_method, result.root_args = root, method, args
    result.receiver, result.method, result.args = root, method if method != "each" or args else "", args
    result.length = size
    return result


def add_stage(
    self: LazyValue, stage: Any, method: str, *args: Value, size: Any = None, empty: bool = False
) -> LazyValue:
    """Return `self` with one more stage."""
    result = LazyValue()
    result.root, result.root_method, result.root_args = self.root, self.root_method, self.root_args
    result.stages = (*self.stages, stage)
    result.empty = empty or self.empty
    result.receiver, result.method, result.args, result.keywords = self, method, args, {}
    result.length, result.cursor = size, None
    return result


def needs_block(blk: Block, name: str) -> None:
    if blk is None:
        raise error("ArgumentError", f"tried to call lazy {name} without a block")


def is_true(answer: Value) -> bool:
    return answer is not FALSE and answer is not None


@lazy.private("initialize", block=True)
def initialize(self: LazyValue, blk: Block, source: Value, size: Value = None) -> Value:
    """Let the block, called with a Yielder and what the source yields, say what is handed on."""
    needs_block(blk, "new")
    from .enumerator_new import YielderValue

    def stage(emit: Any, stop: Any) -> Any:
        through = YielderValue()
        through.target = emit
        return lambda *values: blk(through, *values)

    self.root = self.receiver = source
    self.method = ""
    self.stages = (stage,)
    self.length = size
    return self


@lazy.method("each", block=True)
def each(self: LazyValue, blk: Block, *args: Value) -> Value:
    """Walk through what comes out of the last stage."""
    if blk is None:
        return self
    if self.empty:
        return None
    tag = object()

    def stop() -> None:
        raise BreakJump(tag, None)

    visit = blk
    for stage in reversed(self.stages):
        visit = stage(visit, stop)
    try:
        return send(self.root, ";" + self.root_method, visit, *self.root_args, *args)
    except BreakJump as jump:
        if jump.tag is not tag:
            raise
        return jump.value


@lazy.method("force")
def force(self: LazyValue, blk: Block, *args: Value) -> Array:
    from .enumerable import collected

    return Array(collected(self, *args))


@lazy.method("eager")
def eager(self: LazyValue, blk: Block) -> EnumeratorValue:
    return make_enumerator(self, "each", size=lambda: send(self, ":size"))


@lazy.method("lazy")
def lazy_(self: LazyValue, blk: Block) -> LazyValue:
    return self


@lazy.method("to_enum", "enum_for", block=True)
def to_enum(self: LazyValue, blk: Block, method: Value = UNDEF, *args: Value) -> LazyValue:
    """Return the Lazy over another iterator of this one."""
    from ..convert import as_name

    size = None if blk is None else (lambda: blk(*args))
    return make_lazy(self, "each" if method is UNDEF else as_name(method), *args, size=size)


@lazy.method("inspect")
def inspect(self: LazyValue, blk: Block) -> String:
    name = class_of(self).name
    text = inspect_str(self.receiver)
    if self.method:
        arguments = f"({', '.join([inspect_str(arg) for arg in self.args])})" if self.args else ""
        text += f":{self.method}{arguments}"
    return String(f"#<{name}: {text}>")


def same_size(self: LazyValue) -> Any:
    return lambda: send(self, ":size")


# --- stages that look at each element alone -------------------------------------------------------------------------


@lazy.method("map", block=True)
def map_(self: LazyValue, blk: Block) -> LazyValue:
    needs_block(blk, "map")
    return add_stage(self, lambda emit, stop: lambda *values: emit(blk(*values)), "map", size=same_size(self))


lazy.method("collect", block=True)(renamed(map_, "map", "collect"))


@lazy.method("select", block=True)
def select(self: LazyValue, blk: Block) -> LazyValue:
    needs_block(blk, "select")

    def stage(emit: Any, stop: Any) -> Any:
        def visit(*values: Value) -> Value:
            value = pack(values)
            return emit(value) if is_true(blk(value)) else None

        return visit

    return add_stage(self, stage, "select")


lazy.method("filter", block=True)(renamed(select, "select", "filter"))
lazy.method("find_all", block=True)(renamed(select, "select", "find_all"))


@lazy.method("reject", block=True)
def reject(self: LazyValue, blk: Block) -> LazyValue:
    needs_block(blk, "reject")

    def stage(emit: Any, stop: Any) -> Any:
        def visit(*values: Value) -> Value:
            value = pack(values)
            return None if is_true(blk(value)) else emit(value)

        return visit

    return add_stage(self, stage, "reject")


@lazy.method("filter_map", block=True)
def filter_map(self: LazyValue, blk: Block) -> LazyValue:
    needs_block(blk, "filter_map")

    def stage(emit: Any, stop: Any) -> Any:
        def visit(*values: Value) -> Value:
            value = blk(*values)
            return emit(value) if is_true(value) else None

        return visit

    return add_stage(self, stage, "filter_map")


def grep_stage(pattern: Value, blk: Block, wanted: bool) -> Any:
    def stage(emit: Any, stop: Any) -> Any:
        def visit(*values: Value) -> Value:
            value = pack(values)
            if is_true(send(pattern, ":===", None, value)) is wanted:
                return emit(value if blk is None else blk(value))
            return None

        return visit

    return stage


@lazy.method("grep", block=True)
def grep(self: LazyValue, blk: Block, pattern: Value) -> LazyValue:
    return add_stage(self, grep_stage(pattern, blk, True), "grep", pattern)


@lazy.method("grep_v", block=True)
def grep_v(self: LazyValue, blk: Block, pattern: Value) -> LazyValue:
    return add_stage(self, grep_stage(pattern, blk, False), "grep_v", pattern)


@lazy.method("compact")
def compact(self: LazyValue, blk: Block) -> LazyValue:
    def stage(emit: Any, stop: Any) -> Any:
        def visit(*values: Value) -> Value:
            value = pack(values)
            return None if value is None else emit(value)

        return visit

    return add_stage(self, stage, "compact")


@lazy.method("flat_map", block=True)
def flat_map(self: LazyValue, blk: Block) -> LazyValue:
    """Hand on the elements of the Arrays and Lazies that the block returns, and its other values."""
    needs_block(blk, "flat_map")

    def stage(emit: Any, stop: Any) -> Any:
        def visit(*values: Value) -> Value:
            value = blk(*values)
            items = try_ary(value)
            if items is not None:
                for item in items:
                    emit(item)
            elif isinstance(value, Object) and respond_to(value, "force") and respond_to(value, "each"):
                send(value, ":each", emit)
            else:
                emit(value)
            return None

        return visit

    return add_stage(self, stage, "flat_map")


lazy.method("collect_concat", block=True)(renamed(flat_map, "flat_map", "collect_concat"))


# --- stages that count or remember ----------------------------------------------------------------------------------


@lazy.method("take")
def take(self: LazyValue, blk: Block, count: Value) -> LazyValue:
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "attempt to take negative size")

    def stage(emit: Any, stop: Any) -> Any:
        left = number

        def visit(*values: Value) -> Value:
            nonlocal left
            left -= 1
            emit(*values)
            if left <= 0:
                stop()

        return visit

    def size() -> Value:
        total = send(self, ":size")
        return total if total is None else min(total, number)

    return add_stage(self, stage, "take", count, size=size, empty=number == 0)


@lazy.method("first")
def first(self: LazyValue, blk: Block, count: Value = UNDEF) -> Value:
    from .enumerable import first as first_of

    return first_of(self, None, count)


@lazy.method("take_while", block=True)
def take_while(self: LazyValue, blk: Block) -> LazyValue:
    needs_block(blk, "take_while")

    def stage(emit: Any, stop: Any) -> Any:
        return lambda *values: emit(*values) if is_true(blk(*values)) else stop()

    return add_stage(self, stage, "take_while")


@lazy.method("drop")
def drop(self: LazyValue, blk: Block, count: Value) -> LazyValue:
    number = checked_int(count)
    if number < 0:
        raise error("ArgumentError", "attempt to drop negative size")

    def stage(emit: Any, stop: Any) -> Any:
        left = number

        def visit(*values: Value) -> Value:
            nonlocal left
            if left > 0:
                left -= 1
                return None
            return emit(*values)

        return visit

    def size() -> Value:
        total = send(self, ":size")
        return total if total is None else max(0, total - number)

    return add_stage(self, stage, "drop", count, size=size)


@lazy.method("drop_while", block=True)
def drop_while(self: LazyValue, blk: Block) -> LazyValue:
    needs_block(blk, "drop_while")

    def stage(emit: Any, stop: Any) -> Any:
        dropping = True

        def visit(*values: Value) -> Value:
            nonlocal dropping
            if dropping:
                dropping = is_true(blk(*values))
            return None if dropping else emit(*values)

        return visit

    return add_stage(self, stage, "drop_while")


@lazy.method("uniq", block=True)
def uniq(self: LazyValue, blk: Block) -> LazyValue:
    def stage(emit: Any, stop: Any) -> Any:
        seen: set[Any] = set()

        def visit(*values: Value) -> Value:
            key = hash_key(pack(values) if blk is None else blk(*values))
            if key in seen:
                return None
            seen.add(key)
            return emit(*values)

        return visit

    return add_stage(self, stage, "uniq")


@lazy.method("with_index", "each_with_index", block=True)
def with_index(self: LazyValue, blk: Block, offset: Value = 0) -> LazyValue:
    """Hand on pairs of element and index; with a block the elements, after calling it with both."""
    start = 0 if offset is None else as_int(offset)

    def stage(emit: Any, stop: Any) -> Any:
        index = start - 1

        def visit(*values: Value) -> Value:
            nonlocal index
            index += 1
            value = pack(values)
            if blk is None:
                return emit(Array([value, index]))
            blk(value, index)
            return emit(value)

        return visit

    return add_stage(self, stage, "with_index", start, size=same_size(self))


@lazy.method("zip", block=True)
def zip_(self: LazyValue, blk: Block, *others: Value) -> Value:
    """Hand on Arrays of each element and its counterparts in the others, nil behind their ends."""
    from .enumerable_more import zip_, zip_source

    if blk is not None:
        return zip_(self, blk, *others)
    for other in others:
        if not respond_to(other, "each"):
            raise error("TypeError", f"wrong argument type {class_of(other).name} (must respond to :each)")

    def stage(emit: Any, stop: Any) -> Any:
        columns = [zip_source(other) for other in others]
        index = -1

        def visit(*values: Value) -> Value:
            nonlocal index
            index += 1
            return emit(Array([pack(values), *[column(index) for column in columns]]))

        return visit

    return add_stage(self, stage, "zip", *others, size=same_size(self))


# --- cutting into runs ----------------------------------------------------------------------------------------------


def declare_cut(name: str) -> None:
    """Declare the lazy form of a method of Enumerable that answers an Enumerator of runs."""

    def cut(self: LazyValue, blk: Block, *args: Value) -> LazyValue:
        from . import enumerable_parts

        return make_lazy(getattr(enumerable_parts, name)(self, blk, *args))

    lazy.method(name, block=True)(cut)


for _name in ("chunk", "chunk_while", "slice_when", "slice_before", "slice_after"):
    declare_cut(_name)
