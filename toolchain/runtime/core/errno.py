"""The Errno module: which number stands for which exception class."""

from __future__ import annotations

import errno as host
import os

from ..builtin import CLASSES, NativeClass, builtin_class
from ..errors import Raised, error
from ..model import ancestors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..model import ModuleValue

for _name in list(CLASSES):
    if _name.startswith("Errno::"):
        NativeClass(_name).constant("Errno", getattr(host, _name[7:], 0))

_errno = NativeClass("Errno")
_errno.constant("EWOULDBLOCK", builtin_class("Errno::EAGAIN"))


def number_of(cls: ModuleValue) -> int | None:
    """Return the number of an Errno class or of one below it."""
    for base in ancestors(cls):
        if base.name is not None and base.name.startswith("Errno::"):
            return base.constants.get("Errno")
    return None


def class_for(number: int) -> ModuleValue | None:
    """Return the Errno class of a number, None if there is none of that number."""
    name = "Errno::" + host.errorcode.get(number, "")
    return builtin_class(name) if name in CLASSES else None


def failed_call(failure: OSError, function: str, path: str) -> Raised:
    """Return the Errno exception of a failed system call: `No such file or directory @ rb_sysopen - path`."""
    number = failure.errno or 0
    name = "Errno::" + host.errorcode.get(number, "")
    text = os.strerror(number)
    if function:
        text += f" @ {function}"
    if path:
        text += f" - {path}"
    return error(name if name in CLASSES else "SystemCallError", text, errno=number)
