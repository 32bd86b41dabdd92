"""`raise` in generated code: Python's `raise` of what the runtime prepares, with no call of Kernel#raise between.

Only where self certainly has that method: methods of classes below Object, and code outside of methods.
"""

from __future__ import annotations

from ...runtime.builtin import builtin_class
from ...runtime.model import ancestors
from .lower import NIL, Lowerer

NAMES = ("raise", "fail")


def raise_(low: Lowerer, argc: int) -> bool:
    """Emit `raise` with `argc` arguments on the stack, behind self; False if it takes the ordinary call."""
    owner = low.host.translation.facts.owner
    kernel = builtin_class("Kernel")
    if argc > 2 or (owner is not None and (not owner.is_class or kernel not in ancestors(owner))):
        return False
    if not all(low.host.translation.assume("", name) for name in NAMES):
        return False
    args = low.pop_many(argc)
    low.pop_raw()
    function = ("raised_again", "raised_one", "raised")[argc]
    if argc == 1 and args[0].extra[:1] == ("str",):
        function = "raised_text"
    low.statement(f"raise {function}({', '.join(low.text(expr) for expr in args)})")
    low.push(NIL)
    return True
