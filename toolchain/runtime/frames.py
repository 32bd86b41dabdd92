"""Guest frames: what native code can ask about its caller, whichever engine runs it.

An engine keeps one `Frame` an activation where it can be found from the Python frame that executes it: it registers a
reader for the code object of its loop (or of the generated function). Natives such as `binding`, `private` or
`block_given?` walk the Python stack to the nearest one.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType
    from typing import Any

    from .model import Method, ModuleValue


class Cref:
    """A lexical scope of constants and of class variables: `module`, inside `parent` (None above Object)."""

    __slots__ = ("module", "parent")

    def __init__(self, module: ModuleValue, parent: Cref | None) -> None:
        self.module = module
        self.parent = parent


class Frame:
    """One activation of a guest function.

    `code` is the engine's code object (with `function`, `path`, `label`). `parent` is the frame that a block was made
    in, None for methods, scripts and bodies. `method` is the entry being run (blocks: their home's). `definee` is where
    `def` defines, `visibility` what a bare `private` set. `locals` is the engine's list of slots; a captured one holds
    a cell, a list of one value. `is_lambda`: `return` ends here. `extra_names` maps names that eval added to cells.
    """

    __slots__ = (
        "code", "self", "blk", "method", "cref", "definee", "visibility", "module_function", "locals", "parent",
        "is_lambda", "extra_names", "alive", "info", "upvalues", "handled",
    )  # fmt: skip

    def __init__(self, code: Any, self_value: Any, blk: Any, method: Method | None, cref: Cref) -> None:
        self.code = code
        self.self = self_value
        self.blk = blk
        self.method = method
        self.cref = cref
        self.definee: ModuleValue = cref.module
        self.visibility = 0
        self.module_function = False
        self.locals: list[Any] = []
        self.parent: Frame | None = None
        self.is_lambda = False
        self.extra_names: dict[str, list[Any]] | None = None
        self.alive = True  # false once left, kept only where a block may still want to return here
        self.info: Any = None  # of a block's frame: its BlockInfo
        self.upvalues: list[list[Any]] = []  # cells of the enclosing functions' variables
        self.handled: list[Any] | None = None  # what `$!` was before each rescue body that is active, outermost first

    def home(self) -> Frame:
        """Return the method, script or body frame that this frame's blocks stand in."""
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame


class TopLevel:
    """The frame of the main script, None before it starts, and who follows it: TOPLEVEL_BINDING, once it is made."""

    __slots__ = ("frame", "binding")

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self.binding: Any = None

    def start(self, frame: Frame) -> None:
        self.frame = frame
        if self.binding is not None:
            self.binding.frame = frame


TOP = TopLevel()

# Python's code objects compare and hash by their contents, constants and all. The tables of code objects go by identity
# instead: their keys are ids, and what has a row is kept for good.
KEPT: list[CodeType] = []


def code_key(code: CodeType) -> int:
    """Return the key of a code object that gets a row in one of the tables; to look one up, `id` will do."""
    KEPT.append(code)
    return id(code)


# An engine's loop or generated function -> (python frame, at) -> (Frame, engine's code, instruction index). `at` is the
# offset in the code that the frame is at, where a traceback says so; -1: ask the frame.
READERS: dict[int, Callable[..., tuple[Frame, Any, int]]] = {}
# A generated function -> (its code, at, its Python frame if it is one of `ASKED`) -> the raw backtrace entries
# (backtrace.py) of every guest activation that it stands for, innermost first: with inlined blocks there are several.
EXPANDERS: dict[int, Callable[..., list[Any]]] = {}
# Code of which a backtrace needs the variables: a loop, whose instruction is one, what walks a collection.
ASKED: set[int] = set()
# Code of the blocks of Symbols, which have no activations of their own.
SYMBOL_BLOCKS: set[int] = set()
# The code of the outermost function of a coroutine's stack, once there are coroutines: what is called further out
# belongs to whoever resumed it.
BORDER: list[CodeType | None] = [None]


def guest_frames(depth: int = 1) -> Iterator[Frame]:
    """Yield the active guest frames, innermost first."""
    python: FrameType | None = sys._getframe(depth)
    while python is not None:
        reader = READERS.get(id(python.f_code))
        if reader is not None:
            yield reader(python)[0]
        python = python.f_back


def caller_frame() -> Frame | None:
    """Return the innermost guest frame: the one that called the native function that asks."""
    for frame in guest_frames(2):
        return frame
    return None
