"""What natives may ask of the closures of generated code: where they stand, and the same block with another self.

A closure carries nothing for that: its cells have `self`, the block and the captured variables. `describe` makes the
description when somebody asks (`runtime.blocks.block_info`). A block with another self is the same code with the cell
of `self` replaced where that is safe; otherwise the stack engine runs it, over the very same variables.
"""

from __future__ import annotations

from types import CellType, FunctionType

from ....format import chunk as ck
from ...runtime.dispatch import block_proc
from ...runtime.frames import Cref, Frame
from ...runtime.model import PRIM_CLASSES, Method, ModuleValue
from ...runtime.values import UNDEF
from ...runtime.variables import CELLS
from ..stack import blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .contexts import Context


class Cell:
    """A variable of generated code as the stack engine sees it: a list of one value."""

    __slots__ = ("cell",)

    def __init__(self, cell: Any) -> None:
        self.cell = cell

    def __getitem__(self, index: int) -> Any:
        try:
            return self.cell.cell_contents
        except ValueError:
            return None

    def __setitem__(self, index: int, value: Any) -> None:
        self.cell.cell_contents = value


CELLS.append(Cell)


class HostFrame(Frame):
    """The frame of a generated function that a closure was made in; `tag` is what `return` in the closure leaves:
    a list of one, whether that is active."""

    __slots__ = ("tag",)

    def __init__(self, code: Any, self_value: Any, blk: Any, method: Method | None, cref: Cref) -> None:
        self.tag: Any = None
        super().__init__(code, self_value, blk, method, cref)

    @property
    def alive(self) -> bool:
        return self.tag is None or self.tag[0]

    @alive.setter
    def alive(self, value: bool) -> None:
        pass


# What a block may not have to be run as a method: jumps that mean the method, a block of its own, eval.
NOT_A_METHOD = ck.HAS_RETURN_METHOD | ck.HAS_BREAK_BLOCK | ck.USES_BLOCK | ck.USES_EVAL | ck.EXCESS_COMMA


class HostBlock(blocks.BlockInfo):
    """The description of one closure."""

    __slots__ = ("fn", "tag", "context", "owner")

    def __init__(self, fn: Any, context: Context, owner: Any, parent: Context, names: tuple[str, ...]) -> None:
        cells = dict(zip(fn.__code__.co_freevars, fn.__closure__ or ()))
        self_value = value_of(cells.get("self"))
        blk = value_of(cells.get("blk"))
        frame: Any = value_of(cells.get(f"frame{parent.code.function.index}", cells.get("frame")))
        if frame is UNDEF or frame.code is not parent.code:
            frame = parent.frame(None if self_value is UNDEF else self_value, None if blk is UNDEF else blk)
        upvalues: list[Any] = []
        for name in names:
            cell = cells.get(name)
            upvalues.append(Cell(cell) if cell is not None else [block_proc(frame.blk)])
        super().__init__(context.code, frame, upvalues, context.code.function.kind == ck.LAMBDA)
        self.fn = fn
        self.context = context
        self.owner = owner
        self.tag = None
        for name, cell in cells.items():
            if name.startswith("tag"):
                home = frame
                while home.parent is not None and not home.is_lambda:
                    home = home.parent
                if isinstance(home, HostFrame):
                    home.tag = value_of(cell)
            elif name.startswith("brk"):
                self.tag = value_of(cell)

    @property
    def active(self) -> bool:
        return self.tag is not None and self.tag[0]

    @active.setter
    def active(self, value: bool) -> None:
        pass

    def rebind(
        self,
        self_value: Any = UNDEF,
        definee: ModuleValue | None = None,
        method: Method | None = None,
        is_lambda: bool | None = None,
        cref: Cref | None = None,
    ) -> Any:
        """Return the block with another self, definee, method or strictness."""
        strict = self.is_lambda if is_lambda is None else is_lambda
        fn = self.fn
        if strict == self.is_lambda and method is None and cref is None:
            if self_value is UNDEF and definee is None:
                return fn
            # What is taken for granted of `self` is so in methods only: a closure may have any.
            if self_value is not UNDEF and self_value.__class__ not in PRIM_CLASSES and not self.asks_frame():
                return with_self(fn, self_value)
        return super().rebind(self_value, definee, method, strict, cref)

    def method_function(self, entry: Method) -> Any:
        """Return the block as a method `f(self, blk, ...)`, for define_method: the closure with a cell of its own for
        `self` at each call. Blocks whose parameters need more than counting are the stack engine's."""
        slow = super().method_function(entry)
        function = self.context.code.function
        parameters = function.parameters
        least = parameters.required
        most = least + parameters.optional
        rest = parameters.flags == ck.REST and not most
        if (
            parameters.post or parameters.keywords or (parameters.flags and not rest)
            or function.flags & NOT_A_METHOD or self.asks_frame()
        ):  # fmt: skip
            return slow
        # A block would take an Array apart that is given alone; a method does not.
        apart = parameters.optional and most > 1
        fn = self.fn
        code, names, defaults, closure = fn.__code__, fn.__globals__, fn.__defaults__, fn.__closure__ or ()
        label = fn.__name__
        at = code.co_freevars.index("self") if "self" in code.co_freevars else -1
        before, after = closure[: max(at, 0)], closure[at + 1 :]

        def method(self: Any, blk: Any, /, *args: Any, **keywords: Any) -> Any:
            if keywords or not (least <= len(args) <= most or rest):
                return slow(self, blk, *args, **keywords)
            if apart and len(args) == 1 and args[0].__class__ not in PRIM_CLASSES:
                return slow(self, blk, *args, **keywords)
            if at < 0:
                return fn(*args)
            return FunctionType(code, names, label, defaults, (*before, CellType(self), *after))(*args)

        return method

    def asks_frame(self) -> bool:
        """Return whether the block contains something for which the definee or method counts."""
        context = self.context
        asks: bool = context.unit.summary("asks_frame", context.code.function.index)
        return asks


def with_self(fn: Any, self_value: Any) -> Any:
    """Return the closure with the cell of `self` replaced."""
    code = fn.__code__
    free = code.co_freevars
    if "self" not in free:
        return fn
    closure = list(fn.__closure__)
    closure[free.index("self")] = CellType(self_value)
    result = FunctionType(code, fn.__globals__, fn.__name__, fn.__defaults__, tuple(closure))
    if fn.__kwdefaults__:
        result.__kwdefaults__ = fn.__kwdefaults__
    count = getattr(fn, "params_count", None)
    if count is not None:
        result.params_count = count  # type: ignore[attr-defined]
    return result


def value_of(cell: Any) -> Any:
    if cell is None:
        return UNDEF
    try:
        return cell.cell_contents
    except ValueError:
        return UNDEF
