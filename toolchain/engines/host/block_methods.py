"""Methods made from blocks: `define_method(:name) { |a| ... }`.

A block that is called as a method often is translated anew, as the method it has become: `self` and the block of a call
are parameters, and arguments bind as those of a method do. The variables that it shares with the code around it stay
where they are, in the cells of the closure.
"""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime.dispatch import call_function
from ...runtime.frames import code_key
from ...runtime.model import Method
from . import attributes
from .assumptions import DEPENDENTS
from .blocks import NOT_A_METHOD, Cell
from .results import Declined
from .units import HostUnit, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.model import ModuleValue

OFTEN = 16  # calls before a block is worth a translation of its own


def make_method_from_block(info: Any, name: str, owner: ModuleValue) -> Any:
    """Return the method function with the body of a block, see runtime/hooks.py."""
    entry = Method(name, None, owner)
    entry.code = info.code
    entry.fn = info.method_function(entry)
    if isinstance(info.code.unit, HostUnit) and fits(info):
        entry.fn = BlockMethod(info, entry, entry.fn).stub()
    return entry.fn


def fits(info: Any) -> bool:
    """Return whether the block can be translated as a method."""
    function = info.code.function
    unit = info.code.unit
    if function.kind not in (ck.BLOCK, ck.LAMBDA) or info.bound is not None:
        return False
    odd = NOT_A_METHOD & ~(ck.HAS_RETURN_METHOD | ck.USES_BLOCK)
    if function.flags & odd or function.parameters.post or function.parameters.flags & ck.NO_KEYWORDS:
        return False
    if not all(cell.__class__ is Cell for cell in info.upvalues):
        return False
    fitting: bool = unit.summary("as_method", function.index)
    return fitting


class BlockMethod:
    """A method whose body is a block; `slow` runs it as a block."""

    __slots__ = ("info", "entry", "slow", "entries")

    def __init__(self, info: Any, entry: Method, slow: Any) -> None:
        self.info = info
        self.entry = entry
        self.slow = slow
        self.entries = [entry]

    def stub(self) -> Any:
        """Return the function that counts its calls and then puts the translation in its place."""
        calls = 0
        slow = self.slow
        method = self

        def stub(self: Any, blk: Any, /, *args: Any, **keywords: Any) -> Any:
            nonlocal calls, slow
            calls += 1
            if calls == OFTEN:
                slow = method.translated(stub)
            return call_function(slow, (self, blk, *args), keywords) if keywords else slow(self, blk, *args)

        attributes.PASSING.add(code_key(stub.__code__))
        stub.entries = self.entries  # type: ignore[attr-defined]
        stub.as_block = slow  # type: ignore[attr-defined]
        return stub

    def translated(self, stub: Any) -> Any:
        """Put the translation in the place of `stub` and return it; the block's own function if there is none."""
        info, entry = self.info, self.entry
        unit, index = info.code.unit, info.code.function.index
        cells = tuple([cell.cell for cell in info.upvalues])
        made = self.slow
        unit.entries[index] = entry
        try:
            function, facts = unit.translate(index, info.frame.cref, entry.owner, entry, block=cells)
        except Declined:
            pass
        else:
            for key in facts.relied:
                DEPENDENTS.setdefault(key, []).append(self)
            made = function
            made.entries = self.entries
            made.as_block = self.slow
        replace(self.entries, stub, made)
        return made

    def retire(self) -> None:
        """See units.Installed."""
        function = next((entry.fn for entry in self.entries if entry.fn is not None), None)
        if function is not None and function is not self.slow:
            replace(self.entries, function, self.stub())
