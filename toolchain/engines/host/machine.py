"""Running modules on the host engine; the counterpart of engines/stack/machine.py, with the same entry points."""

from __future__ import annotations

import sys

from ....format import chunk as ck
from ...runtime import hooks
from ...runtime.core import class_new
from ...runtime.frames import Frame
from ...runtime.model import ModuleValue
from ..stack import machine as stack
from . import answers, assumptions, attributes, block_methods, links, shims, units
from .results import TALLY, Declined, decline
from .units import HostUnit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....format.chunk import Module
    from ..image import Image

_WATCHING = [False]


def run_script(
    module: Module,
    path: str,
    absolute: str = "",
    main: bool = True,
    wrap: ModuleValue | None = None,
    image: Image | None = None,
) -> Any:
    """Run the script function of a verified module and return its last value, as the stack engine's run_script does."""
    prepare()
    unit = HostUnit(module, path, absolute, not main, image)
    assumptions.note_module(unit)
    return stack.run_unit(unit, main, wrap)


def run_body(frame: Frame) -> Any:
    """Run a script, class body or module body: here if it is worth it, else return NotImplemented."""
    unit = frame.code.unit
    function = frame.code.function
    rows = unit.summary("parts", function.index)
    watched = is_watched()
    if not (rows or watched):
        return NotImplemented
    if function.flags & ck.USES_EVAL:
        decline(function.name or "script", "eval")
        return NotImplemented
    if not watched:
        from .parts import run_parts

        return run_parts(frame, rows)
    try:
        body, _ = unit.translate(function.index, frame.cref, None, None)
    except Declined as reason:
        decline(function.name or "script", reason)
        return NotImplemented
    return body(frame.self, frame.blk, frame)


def is_watched() -> bool:
    """Return whether a debugger, profiler or coverage looks on: they see generated code only."""
    return sys.gettrace() is not None or sys.getprofile() is not None


def prepare() -> None:
    """Attach operators and listeners, once."""
    if not _WATCHING[0]:
        _WATCHING[0] = True
        shims.install()
        attributes.watch()
        assumptions.watch()
        answers.watch()
        units.watch()
        class_new.MAKER[0] = links.row


def install() -> None:
    """Make this engine the one that native code calls back."""
    stack.install()
    prepare()
    hooks.engine_name = lambda: "host"
    hooks.bind_again = bind_again
    hooks.make_method_from_block = block_methods.make_method_from_block


def bind_again(failure: TypeError, entry: Any, recv: Any, blk: Any, args: Any) -> Any:
    """See runtime/hooks.py: the stack engine knows all rules of binding arguments."""
    from .support import is_here, stack_version

    if entry.code is None or not is_here(failure):
        raise failure
    return stack_version(entry)(recv, blk, *args)


def explain() -> list[str]:
    """Return what --explain prints of a run."""
    return TALLY.lines()
