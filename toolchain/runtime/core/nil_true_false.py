"""NilClass, TrueClass and FalseClass."""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import no_method
from ..errors import error
from ..model import freeze
from ..values import FALSE, TRUE, UNDEF, Array, Hash, String, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

nil_class = NativeClass("NilClass")
true_class = NativeClass("TrueClass")
false_class = NativeClass("FalseClass")

NIL_TEXT = freeze(String(""))
TRUE_TEXT = freeze(String("true"))
FALSE_TEXT = freeze(String("false"))


@nil_class.method("to_s")
def nil_to_s(self: None, blk: Block) -> String:
    return NIL_TEXT


@nil_class.method("inspect")
def nil_inspect(self: None, blk: Block) -> String:
    return String("nil")


@nil_class.method("nil?")
def is_nil(self: None, blk: Block) -> Value:
    return TRUE


@nil_class.method("to_a")
def nil_to_a(self: None, blk: Block) -> Array:
    return Array([])


@nil_class.method("to_h")
def nil_to_h(self: None, blk: Block) -> Hash:
    return Hash()


@nil_class.method("to_i")
def nil_to_i(self: None, blk: Block) -> int:
    return 0


@nil_class.method("to_f")
def nil_to_f(self: None, blk: Block) -> float:
    return 0.0


@nil_class.method("to_r")
def nil_to_r(self: None, blk: Block) -> Value:
    from .rational import make_rational

    return make_rational(0, 1)


@nil_class.method("rationalize")
def nil_rationalize(self: None, blk: Block, tolerance: Value = UNDEF) -> Value:
    return nil_to_r(self, None)


@nil_class.method("to_c")
def nil_to_c(self: None, blk: Block) -> Value:
    from .complex import make_complex

    return make_complex(0, 0)


@nil_class.method("=~")
def nil_match(self: None, blk: Block, other: Value) -> None:
    return None


@nil_class.method("===")
@true_class.method("===")
@false_class.method("===")
def same(self: Value, blk: Block, other: Value) -> Value:
    return TRUE if self is other else FALSE


@nil_class.method("&")
@false_class.method("&")
def false_and(self: Value, blk: Block, other: Value) -> Value:
    return FALSE


@true_class.method("&")
@nil_class.method("|", "^")
@false_class.method("|", "^")
def truth_of(self: Value, blk: Block, other: Value) -> Value:
    """Return whether `other` counts as true: what `true & x`, `false | x` and `false ^ x` come to."""
    return FALSE if other is FALSE or other is None else TRUE


@true_class.method("|")
def true_or(self: Value, blk: Block, other: Value) -> Value:
    return TRUE


@true_class.method("^")
def true_xor(self: Value, blk: Block, other: Value) -> Value:
    return truth(other is FALSE or other is None)


@true_class.method("!")
def true_not(self: Value, blk: Block) -> Value:
    return FALSE


@false_class.method("!")
def false_not(self: Value, blk: Block) -> Value:
    return TRUE


@true_class.method("to_s", "inspect")
def true_to_s(self: Value, blk: Block) -> String:
    return TRUE_TEXT


@false_class.method("to_s", "inspect")
def false_to_s(self: Value, blk: Block) -> String:
    return FALSE_TEXT


@true_class.singleton("new")
@false_class.singleton("new")
def new(self: Value, blk: Block, *args: Value) -> Value:
    raise no_method(self, "new", args)


@true_class.singleton("allocate")
@false_class.singleton("allocate")
def allocate(self: Value, blk: Block) -> Value:
    raise error("TypeError", f"allocator undefined for {self.name}")
