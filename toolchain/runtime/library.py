"""The standard library: what `require` finds when `$LOAD_PATH` has no such file.

A library is a source file in `toolchain/lib`, or a core file with natives, or both: then the natives come first. These
declare their classes by `library_class`, in their own file, so that a program which does not require the
library may use the names for something else.
"""

from __future__ import annotations

import os

from . import builtin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The sources of the library.
FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib")

# Libraries that have natives, and those that are there from the start: library -> its core file, "" for none.
NATIVES = {
    "continuation": "", "io/wait": "", "prettyprint": "", "pp": "", "stringio": "stringio", "monitor": "monitor",
    "json": "json_native", "strscan": "strscan", "timeout": "timeout_native", "digest": "digest_native",
    "etc": "etc_native", "open3": "open3_native", "io/console": "console_native",
}  # fmt: skip
# Libraries that Ruby counts as loaded from the start: `require` answers false.
PRESENT = ("set", "thread", "rational", "complex", "fiber", "enumerator")


def library_class(
    name: str, superclass: str | None = None, host: Any = None, included: tuple[str, ...] = ()
) -> builtin.NativeClass:
    """Declare a class (or, without superclass, a module) that comes with a library; see `builtin.CLASSES`."""
    builtin.CLASSES.setdefault(name, (superclass, host, included))
    return builtin.NativeClass(name)
