"""Process.times and Process::Tms."""

from __future__ import annotations

import os

from ..builtin import NativeClass, builtin_class
from ..dispatch import send
from ..values import sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

process = NativeClass("Process")
tms = send(builtin_class("Struct"), ":new", None, sym("utime"), sym("stime"), sym("cutime"), sym("cstime"))
tms.name = "Process::Tms"
process.constant("Tms", tms)


@process.function("times")
def times(self: Value, blk: Block) -> Value:
    return send(tms, ":new", None, *os.times()[:4])
