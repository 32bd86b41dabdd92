"""Kernel: require, require_relative, load."""

from __future__ import annotations

import os

from ..builtin import NativeClass
from ..frames import caller_frame
from ..loading import LOADER
from ..model import ModuleValue, new_module
from ..values import FALSE, is_true

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

kernel = NativeClass("Kernel")


@kernel.function("require")
def require(self: Value, blk: Block, name: Value) -> Value:
    return LOADER.require(name)


def calling_directory() -> str:
    """Return the directory of the file whose code is running, the working directory for code that has none."""
    frame = caller_frame()
    code = None if frame is None else frame.code
    if code is None:
        return os.getcwd()
    path = getattr(getattr(code, "unit", None), "absolute", None) or code.path
    if path in ("-e", "-", "(repl)", "") or path.startswith("(eval"):
        return os.getcwd()
    return os.path.dirname(os.path.realpath(path))


@kernel.function("require_relative")
def require_relative(self: Value, blk: Block, name: Value) -> Value:
    return LOADER.require_relative(name, calling_directory())


@kernel.function("load")
def load(self: Value, blk: Block, name: Value, wrap: Value = FALSE) -> Value:
    module: ModuleValue | None = None
    if isinstance(wrap, ModuleValue):
        module = wrap
    elif is_true(wrap):
        module = new_module()
    return LOADER.load(name, module)
