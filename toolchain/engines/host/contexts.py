"""What generated code passes on about the function that it is: `Context`."""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime.frames import Cref, Frame
from ...runtime.model import Method
from .blocks import HostFrame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..stack.code import Code

MANY_SURPRISES = 200


class Context:
    """What generated code of one function knows of it. `entry` is the running method, None outside of methods."""

    __slots__ = ("unit", "code", "cref", "entry", "path", "regexps", "walking", "surprises", "keeper")

    def __init__(self, unit: Any, code: Code, cref: Cref, entry: Method | None) -> None:
        self.unit = unit
        self.code = code
        self.cref = cref
        self.entry = entry
        self.path = unit.path
        self.regexps: dict[int, Any] = {}
        self.walking: list[int] = []  # keys of the code that inlined iterators of several classes stand in
        self.surprises = 0
        self.keeper = entry  # the method whose translation this code is part of

    def surprised(self) -> None:
        """Note that an exemplar was no example; a function that is often surprised is translated without any."""
        self.surprises += 1
        if self.surprises == MANY_SURPRISES and self.keeper is not None:
            self.unit.without_exemplars(self.keeper)

    def frame(self, self_value: Any, blk: Any, around: Frame | None = None) -> HostFrame:
        """Return a Frame for natives that ask for one; `around` is the script's or body's that a block stands in."""
        frame = HostFrame(self.code, self_value, blk, self.entry, self.cref)
        if self.code.function.kind in (ck.BLOCK, ck.LAMBDA):
            parent = self.unit.module.functions[self.code.function.parent]
            outer = Context(self.unit, self.unit.code(parent.index), self.cref, self.entry)
            frame.parent = around or outer.frame(self_value, blk)
            frame.definee = frame.parent.definee
            frame.visibility = frame.parent.visibility
            frame.is_lambda = self.code.function.kind == ck.LAMBDA or (
                self.entry is not None and self.entry.code is self.code
            )
        return frame
