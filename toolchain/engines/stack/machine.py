"""Running modules on the stack engine: scripts, required files, eval code."""

from __future__ import annotations

import sys

from ....format import chunk as ck
from ...runtime import hooks
from ...runtime.depth import with_reserve
from ...runtime.dispatch import MAIN
from ...runtime.frames import TOP, Cref, Frame
from ...runtime.model import OBJECT, PRIVATE, Method, ModuleValue, singleton_class
from ...runtime.values import UNDEF
from .blocks import BlockInfo
from .code import Unit
from .loop import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....format.chunk import Module
    from ..image import Image

TOP_CREF = Cref(OBJECT, None)


def run_script(
    module: Module,
    path: str,
    absolute: str = "",
    main: bool = True,
    wrap: ModuleValue | None = None,
    image: Image | None = None,
) -> Any:
    """Run the script function of a verified module and return its last value.

    `path` is how the file is called in backtraces and __FILE__; `main` tells the main script from a required file;
    `wrap`: the module that the top level's constants and methods go to (`load path, wrap`); `image`: what is kept of
    the module.
    """
    return run_unit(Unit(module, path, absolute, not main, image), main, wrap)


def run_unit(unit: Unit, main: bool = True, wrap: ModuleValue | None = None) -> Any:
    """Run the script function of a unit, as run_script says."""
    code = unit.code(0)
    code.decode()
    receiver: Any = MAIN
    cref = TOP_CREF
    if wrap is not None:
        from ...runtime.core.kernel_copy import clone
        from ...runtime.model import mix_in

        receiver = clone(MAIN, None)
        mix_in(singleton_class(receiver), wrap)
        cref = Cref(wrap, TOP_CREF)
    frame = Frame(code, receiver, None, None, cref)
    frame.visibility = PRIVATE
    slots: list[Any] = [None] * code.local_count
    for slot in code.cells:
        slots[slot] = [None]
    frame.locals = slots
    if main:
        TOP.start(frame)
    from ...runtime.errors import ReturnJump

    try:
        result = unit.run_body(frame)
        return run(frame, code, slots) if result is NotImplemented else result
    except ReturnJump as jump:
        if jump.tag is not frame:
            raise
        return jump.value


def visible_cells(frame: Frame, names: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the variables that eval code in `frame` sees, innermost first winning: name -> cell."""
    result: dict[str, list[Any]] = {}
    scope: Frame | None = frame
    while scope is not None:
        code = scope.code
        for index, name in enumerate(code.function.local_names):
            if name and name not in result and index < len(scope.locals) and index in code.cells:
                result[name] = scope.locals[index]
        for name, cell in (scope.extra_names or {}).items():
            result.setdefault(name, cell)
        scope = scope.parent
    result.update(names)
    return result


def eval_string(
    source: Any,
    frame: Frame | None,
    names: dict[str, list[Any]],
    path: str,
    line: int,
    self_value: Any = UNDEF,
    definee: Any = None,
    cref: Cref | None = None,
) -> Any:
    """Compile and run eval code, see runtime/hooks.py."""
    if frame is None:
        frame = TOP.frame or Frame(None, MAIN, None, None, TOP_CREF)
    cells = visible_cells(frame, names) if frame.code is not None else dict(names)
    order = list(cells)
    unit = eval_unit(source.s, path, line, order, frame, passed_on(frame))
    code = unit.code(0)
    if code.instructions is None:
        code.decode()
    receiver = frame.self if self_value is UNDEF else self_value
    inner = Frame(code, receiver, frame.blk, frame.method, cref or frame.cref)
    inner.parent = frame
    inner.definee = frame.definee if definee is None else definee
    inner.visibility = frame.visibility if self_value is UNDEF else 0
    inner.upvalues = [cells[order[index]] for _, index in code.function.upvalues]
    inner.extra_names = cells
    slots: list[Any] = [None] * code.local_count
    own = [(index, name) for index, name in enumerate(code.function.local_names) if name]
    for index, _ in own:
        slots[index] = [None]
    inner.locals = slots
    try:
        value = unit.run_body(inner)
        if value is NotImplemented:
            value = run(inner, code, slots)
    finally:
        names.update({name: slots[index] for index, name in own})
        frame.visibility = inner.visibility if self_value is UNDEF and frame.parent is None else frame.visibility
    return value


# Texts that were evaluated before and define nothing: (text, path, line, variables, context, parameters) -> unit.
EVALUATED: dict[tuple[Any, ...], Unit] = {}
MOST_EVALUATED = 200


def make_unit(module: Module, path: str, frame: Frame, key: tuple[Any, ...]) -> Unit:
    """Return the unit of eval code; an engine may have its own way. `key`: what it is compiled from."""
    return Unit(module, path)


MAKE_UNIT: list[Any] = [make_unit]


def eval_unit(
    text: str, path: str, line: int, names: list[str], frame: Frame, parameters: list[tuple[str, str]] | None
) -> Unit:
    """Return the unit of eval code, compiled now or the last time that it was evaluated in such a place."""
    context = frame_context(frame)
    key = (text, path, line, tuple(names), context, None if parameters is None else tuple(parameters))
    unit = EVALUATED.get(key)
    if unit is not None:
        return unit
    from ...compiler import compile_eval_source

    module = with_reserve(lambda: compile_eval_source(text, path, line, names, context, passed_on=parameters))
    made: Unit = MAKE_UNIT[0](module, path, frame, key)
    if all(function.kind in (ck.EVAL, ck.BLOCK, ck.LAMBDA) for function in module.functions):
        if len(EVALUATED) >= MOST_EVALUATED:
            EVALUATED.clear()
        EVALUATED[key] = made
    return made


def frame_context(frame: Frame) -> str:
    """Return what the eval code stands in, for the compiler's checks: "method", "class" or "top"."""
    home = frame.home()
    if home.code is None or home.code.function.kind == 0:
        return "top"
    return "method" if home.code.function.kind == 1 else "class"


def passed_on(frame: Frame) -> list[tuple[str, str]] | None:
    """Return (kind, name) of the parameters that a bare `super` in eval code passes on, None outside of methods and
    where one has no name."""
    home = frame.home()
    if home.code is None or home.code.function.kind != ck.METHOD:
        return None
    function = home.code.function
    parameters = function.parameters
    kinds = ["req"] * parameters.required + ["opt"] * parameters.optional
    if parameters.flags & ck.REST:
        kinds.append("rest")
    kinds += ["req"] * parameters.post + ["key"] * len(parameters.keywords)
    if parameters.flags & ck.KEYREST:
        kinds.append("keyrest")
    found = list(zip(kinds, function.local_names))
    return found if all(name for _, name in found) and len(found) == len(kinds) else None


def make_method_from_block(info: BlockInfo, name: str, owner: ModuleValue) -> Any:
    """Return the method function with the body of a block, see runtime/hooks.py."""
    entry = Method(name, None, owner)
    entry.fn = info.method_function(entry)
    entry.code = info.code
    return entry.fn


def install() -> None:
    """Make this engine the one that native code calls back."""
    if sys.implementation.name == "pypy":
        from ...runtime import pypy

        pypy.install()
    hooks.eval_string = eval_string
    hooks.make_method_from_block = make_method_from_block
    hooks.engine_name = lambda: "stack"
    MAKE_UNIT[0] = make_unit
