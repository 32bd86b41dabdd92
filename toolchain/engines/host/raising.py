"""`raise` and `throw` in generated code: Python's `raise` of what the runtime prepares, with no method called between.

Only where self certainly has those: methods of classes below Object, and code outside of methods.
"""

from __future__ import annotations

from ...runtime.errors import LATE
from .lower import NIL, Lowerer

# Method -> the function that returns what it raises, by the number of arguments; None: the ordinary call.
NAMES = {
    "raise": ("raised_again", "raised_one", "raised"),
    "fail": ("raised_again", "raised_one", "raised"),
    "throw": (None, "raised_throw", "raised_throw"),
}


def raise_(low: Lowerer, name: str, argc: int) -> bool:
    """Emit a call of `name` with `argc` arguments on the stack, behind self; False if it takes the ordinary call."""
    function = NAMES[name][argc] if argc < 3 else None
    if function is None or not low.host.translation.has_kernel():
        return False
    if not low.host.translation.assume("", name):
        return False
    args = low.pop_many(argc)
    low.pop_raw()
    if function == "raised_one" and args[0].extra[:1] == ("str",):
        function = "raised_text"
    elif function == "raised_one" and LATE and made_here(low):
        function = "raised_new"
    low.statement(f"raise {function}({', '.join(low.text(expr) for expr in args)})")
    low.push(NIL)
    return True


def made_here(low: Lowerer) -> bool:
    """Return whether what is raised comes straight from a `new`."""
    made: bool = low.scope.decoded.code[low.pc - low.scope.base - 1][0] == "NEW_INSTANCE"
    return made
