"""Running modules on the host engine; the counterpart of engines/stack/machine.py, with the same entry points."""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime import hooks
from ...runtime.core import class_new
from ...runtime.frames import Frame
from ...runtime.model import ModuleValue
from ..image import Image
from ..stack import machine as stack
from ..stack.code import Unit
from . import answers, assumptions, attributes, block_methods, links, shims, units
from .blocks import Cell
from .facts import is_watched
from .results import TALLY, Declined, decline
from .units import HostUnit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....format.chunk import Module

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
    if function.kind == ck.EVAL and any(cell.__class__ is not Cell for cell in frame.upvalues):
        return NotImplemented
    if not watched or function.flags & ck.USES_EVAL or function.kind == ck.EVAL:
        from .parts import run_parts

        return run_parts(frame, rows)
    try:
        body, _ = unit.translate(function.index, frame.cref, None, None)
    except Declined as reason:
        decline(function.name or "script", reason)
        return NotImplemented
    return body(frame.self, frame.blk, frame)


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


MOST_EVALUATED = 256  # units of eval code that this engine runs


def eval_unit(module: Module, path: str, frame: Frame, key: tuple[Any, ...]) -> Unit:
    """Return the unit of eval code: the stack engine's for what runs through once.

    Where a program evaluates very many texts, later ones are the stack engine's too: each would be translated for a few
    calls only, and is kept for good.
    """
    source = module.source
    simple = len(module.functions) == 1 and "while" not in source and "until" not in source
    if simple or EVALUATED[0] == MOST_EVALUATED:
        return Unit(module, path)
    EVALUATED[0] += 1
    around = Image() if frame.code is None else frame.code.unit.image
    unit = HostUnit(module, path, image=around.of_text(repr(key)))
    assumptions.note_module(unit)
    return unit


EVALUATED = [0]


def install() -> None:
    """Make this engine the one that native code calls back."""
    stack.install()
    stack.MAKE_UNIT[0] = eval_unit
    prepare()
    hooks.engine_name = lambda: "host"
    hooks.bind_again = bind_again
    hooks.make_method_from_block = block_methods.make_method_from_block


def bind_again(failure: TypeError, entry: Any, recv: Any, blk: Any, args: Any) -> Any:
    """See runtime/hooks.py: the stack engine knows all rules of binding arguments."""
    from .general_calls import is_here, stack_version

    if entry.code is None or not is_here(failure):
        raise failure
    return stack_version(entry)(recv, blk, *args)


def explain() -> list[str]:
    """Return what --explain prints of a run."""
    return TALLY.lines()
