"""Numeric#step."""

from __future__ import annotations

from ..arithmetic import coerce_failed
from ..blocks import enum_for
from ..builtin import NativeClass
from ..convert import comparison_failed, equal
from ..dispatch import respond_to, send
from ..errors import error
from ..later import later
from ..model import kind_of
from ..stepping import steps
from ..values import UNDEF, is_true

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value
    from .arithmetic_sequence import make_sequence
else:
    later(globals(), ".arithmetic_sequence", "make_sequence")

numeric = NativeClass("Numeric")


def is_number(value: Value) -> bool:
    return value.__class__ is int or value.__class__ is float or kind_of(value, numeric.mod)


def check_step(step: Value) -> None:
    """Raise an error of the guest if nothing can be counted in steps of `step`."""
    if step is None:
        raise error("TypeError", "step must be numeric")
    if equal(step, 0):
        raise error("ArgumentError", "step can't be 0")
    if not is_number(step):
        if not respond_to(step, ">"):
            raise coerce_failed(step, 0)
        send(step, ":>", None, 0)


@numeric.method("step", block=True)
def step(
    self: Value, blk: Block, bound: Value = UNDEF, width: Value = UNDEF, *, by: Value = UNDEF, to: Value = UNDEF
) -> Value:
    """Count from the receiver to `bound` or `to` (for ever without one) in steps of `width` or `by`, or 1."""
    if to is not UNDEF and bound is not UNDEF:
        raise error("ArgumentError", "to is given twice")
    if by is not UNDEF and width is not UNDEF:
        raise error("ArgumentError", "step is given twice")
    last = to if to is not UNDEF else bound if bound is not UNDEF else None
    stride = by if by is not UNDEF else width if width is not UNDEF else 1
    if blk is None:
        return enumerator(self, last, stride, (bound, width), {"by": by, "to": to})
    check_step(stride)
    if last is not None and not is_number(last):
        compare_limit(self, last, stride)
    for value in steps(self, last, stride, False):
        blk(value)
    return self


def compare_limit(first: Value, last: Value, step: Value) -> bool:
    """Return whether `first` lies beyond `last`. ArgumentError of the guest if they cannot be compared."""
    answer = send(first, ":<" if is_true(send(step, ":<", None, 0)) else ":>", None, last)
    if answer is None:
        raise comparison_failed(first, last)
    return is_true(answer)


def enumerator(self: Value, last: Value, stride: Value, args: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """Return what `step` answers without a block: an ArithmeticSequence if all three are numbers."""
    given = [value for value in args if value is not UNDEF]
    if equal(stride, 0):
        raise error("ArgumentError", "step can't be 0")
    if (last is None or is_number(last)) and (stride is None or is_number(stride)):
        named = {name: value for name, value in keywords.items() if value is not UNDEF}
        return make_sequence(self, last, 1 if stride is None else stride, False, self, "step", given, named)

    def size() -> Value:
        return 0 if compare_limit(self, last, stride) else None

    return enum_for(self, "step", *given, size=size)
