"""Conversions between guest and Python values, as Ruby's implicit and explicit conversion rules have them."""

from __future__ import annotations

from .builtin import MADE
from .dispatch import respond_to, send
from .errors import conversion_name, error, no_conversion
from .model import WORLD, all_holders, class_of, find_method
from .values import FALSE, TRUE, UNDEF, Array, Hash, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .model import Method, ModuleValue
    from .values import Value


class Redefined:
    """The class of no value, see below."""


# The classes whose texts are made without a call: (class, method -> the global that is its host class). Where
# the program redefines the method, the global becomes `Redefined`, so that nothing else is asked until then.
PLAIN_TEXTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Integer", {"to_s": "INT", "inspect": "SHOWN_INT"}),
    ("Float", {"to_s": "FLOAT", "inspect": "SHOWN_FLOAT"}),
    ("NilClass", {"to_s": "NIL", "inspect": "SHOWN_NIL"}),
    ("Symbol", {"to_s": "SYMBOL"}),
)
INT: Any = int
SHOWN_INT: Any = int
FLOAT: Any = float
SHOWN_FLOAT: Any = float
NIL: Any = type(None)
SHOWN_NIL: Any = type(None)
SYMBOL: Any = Symbol


def text_method_changed(mod: ModuleValue, name: str, entry: Method | None) -> None:
    """Listen to changes of method tables (model.py, WORLD.listeners); name "": a module was mixed into `mod`."""
    if name not in ("to_s", "inspect", ""):
        return
    for class_name, names in PLAIN_TEXTS:
        cls = MADE.get(class_name)
        if cls is not None and any(holder is cls for holder in all_holders(mod)):
            for method, plain in names.items():
                found = find_method(cls, method)
                if found is None or not found.native:
                    globals()[plain] = Redefined


WORLD.listeners.append(text_method_changed)


def to_s(value: Value) -> str:
    """Return the text of `value` in an interpolation: its `to_s`, or the default one if that is no String."""
    cls = value.__class__
    text: Any
    if cls is String:
        text = value.s
        return text
    if cls is INT:
        return int_text(value)
    if cls is NIL:
        return ""
    if cls is SYMBOL:
        text = value.name
        return text
    if cls is FLOAT:
        return float_text(value)
    text = value if isinstance(value, String) else send(value, ":to_s")
    return as_text(value, text)


def as_text(value: Value, text: Value) -> str:
    """Return the text of `value` whose `to_s` answered `text`."""
    if isinstance(text, String):
        if text.encoding == "BINARY" and not text.s.isascii():
            return text.s.encode("latin-1").decode("utf-8", "surrogateescape")  # the bytes count
        return text.s
    return any_to_s(value)


def int_text(value: int) -> str:
    """Return the decimal digits; CPython limits `str` of huge ints, Metorex does not."""
    try:
        return str(value)
    except ValueError:
        import sys

        limit = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(0)
        try:
            return str(value)
        finally:
            sys.set_int_max_str_digits(limit)


def float_text(value: float) -> str:
    """Return a Float as Ruby prints it: 1.0, 1.0e+20, 1.0e-05, Infinity, NaN."""
    text = repr(value)
    if "e" in text:
        mantissa, exponent = text.split("e")
        if "." not in mantissa:
            mantissa += ".0"
        return f"{mantissa}e{exponent[0]}{exponent[1:]:0>2}"
    if text[-1] == "f":
        return "Infinity" if value > 0 else "-Infinity"
    if text == "nan":
        return "NaN"
    if len(text) > 17 and text.endswith(".0"):
        # Python writes up to 16 digits before the point, Ruby 15 unless others follow.
        sign = "-" if value < 0 else ""
        digits = text[len(sign) : -2]
        if len(digits) > 15:
            return f"{sign}{digits[0]}.{digits[1:].rstrip('0') or '0'}e+{len(digits) - 1:02d}"
    return text


def any_to_s(value: Value) -> str:
    """Return `#<Class>` with an address, the text of Object#to_s."""
    from .core.module import module_name

    return f"#<{module_name(class_of(value))}>" if False else f"#<{module_name(class_of(value))}:{address(value)}>"


def address(value: Value) -> str:
    return f"0x{id(value):016x}"


def inspect_str(value: Value) -> str:
    """Return `value.inspect` as Python text."""
    cls = value.__class__
    if cls is SHOWN_INT:
        return int_text(value)
    if cls is SHOWN_NIL:
        return "nil"
    if cls is SHOWN_FLOAT:
        return float_text(value)
    text = send(value, ":inspect")
    if isinstance(text, String):
        return text.s
    return any_to_s(value)


def as_int(value: Value) -> int:
    """Return an Integer argument: Integer, Float (truncated) or `to_int`. TypeError/FloatDomainError of the guest."""
    if value.__class__ is int:
        return int(value)
    if value.__class__ is float:
        if value != value or value in (float("inf"), float("-inf")):
            raise error("FloatDomainError", float_text(value))
        return int(value)
    if value is None:
        raise error("TypeError", "no implicit conversion from nil to integer")
    if value is TRUE or value is FALSE or not respond_to(value, "to_int"):
        raise no_conversion(value, "Integer")
    number = send(value, ":to_int")
    if number.__class__ is not int:
        raise bad_conversion(value, "Integer", "to_int", number)
    return int(number)


def as_float(value: Value) -> float:
    """Return a Float argument (Math functions and the like)."""
    cls = value.__class__
    if cls is float:
        return float(value)
    if cls is int:
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    if value is None:
        raise error("TypeError", "can't convert nil into Float")
    if isinstance(value, String) or value is TRUE or value is FALSE or not respond_to(value, "to_f"):
        raise error("TypeError", f"can't convert {conversion_name(value)} into Float")
    return float(send(value, ":to_f"))


def as_str(value: Value) -> str:
    """Return the text of a String argument: String or `to_str`. TypeError of the guest."""
    if isinstance(value, String):
        return value.s
    if value.__class__ in (int, float, Symbol) or value is None or not respond_to(value, "to_str"):
        raise no_conversion(value, "String")
    text = send(value, ":to_str")
    if not isinstance(text, String):
        raise bad_conversion(value, "String", "to_str", text)
    return text.s


def as_name(value: Value) -> str:
    """Return a method, constant or variable name given as Symbol or String."""
    if value.__class__ is Symbol:
        name: str = value.name
        return name
    if isinstance(value, String):
        return value.s
    if respond_to(value, "to_str"):
        return as_str(value)
    raise error("TypeError", f"{inspect_str(value)} is not a symbol nor a string")


def as_list(value: Value) -> list[Any]:
    """Return the list of an Array argument (shared): Array or `to_ary`. TypeError of the guest."""
    if isinstance(value, Array):
        return value.a
    converted = try_ary(value)
    if converted is None:
        raise no_conversion(value, "Array")
    return converted


def try_ary(value: Value) -> list[Any] | None:
    """Return the list of an Array or of what `to_ary` answers, None if there is no such conversion."""
    if isinstance(value, Array):
        return value.a
    if value.__class__ in (int, float, Symbol) or value is None or isinstance(value, String):
        return None
    if not respond_to(value, "to_ary"):
        return None
    array = send(value, ":to_ary")
    if array is None:
        return None
    if not isinstance(array, Array):
        raise bad_conversion(value, "Array", "to_ary", array)
    return array.a


def as_hash(value: Value) -> Hash:
    """Return a Hash argument: Hash or `to_hash`. TypeError of the guest."""
    if isinstance(value, Hash):
        return value
    if value is None or value.__class__ in (int, float) or not respond_to(value, "to_hash"):
        raise no_conversion(value, "Hash")
    table = send(value, ":to_hash")
    if not isinstance(table, Hash):
        raise bad_conversion(value, "Hash", "to_hash", table)
    return table


def splat_list(value: Value) -> list[Any]:
    """Return a new list for `*value`: the elements of an Array, of what `to_a` answers, or the value alone."""
    if isinstance(value, Array):
        return list(value.a)
    if value is None:
        return []
    if value.__class__ in (int, float, Symbol) or isinstance(value, String):
        return [value]
    f = getattr(value, ";to_a", None)
    if f is None:
        if not respond_to(value, "to_a", True):
            return [value]
        array = send(value, ";to_a")
    else:
        array = f(None)
    if array is None:
        return [value]
    if not isinstance(array, Array):
        raise bad_conversion(value, "Array", "to_a", array)
    return list(array.a)


def bad_conversion(value: Value, target: str, method: str, result: Value) -> Any:
    name = class_of(value).name
    return error("TypeError", f"can't convert {name} to {target} ({name}#{method} gives {class_of(result).name})")


def equal(a: Value, b: Value) -> bool:
    """Return whether a == b, as a Python bool."""
    if a is b:
        return not (a.__class__ is float and a != a)
    cls = a.__class__
    other = b.__class__
    if cls is int or cls is float:
        if other is int or other is float:
            return bool(a == b)
        if b is None or other is Symbol or isinstance(b, (String, Array, Hash)) or b is TRUE or b is FALSE:
            return False
    elif cls is String or cls is String.frozen_py:
        if isinstance(b, String):
            return bool(a.s == b.s)
        if other is int or b is None or other is Symbol:
            return False
    elif cls is Symbol or a is None or a is TRUE or a is FALSE:
        return False
    answer = send(a, ":==", None, b)
    return answer is not FALSE and answer is not None


def compare(a: Value, b: Value) -> int:
    """Return a <=> b as -1, 0 or 1. ArgumentError of the guest if they cannot be compared."""
    cls = a.__class__
    other = b.__class__
    if (cls is int or cls is float) and (other is int or other is float):
        if a < b:
            return -1
        if a > b:
            return 1
        if a == b:
            return 0
        raise comparison_failed(a, b)
    if isinstance(a, String) and isinstance(b, String) and cls is other:
        return -1 if a.s < b.s else 1 if a.s > b.s else 0
    method = getattr(a, ":<=>", None)
    order = send(a, ":<=>", None, b) if method is None else method(None, b)
    if order.__class__ is int:
        return 1 if order > 0 else -1 if order else 0
    return order_sign(order, a, b)


def order_sign(order: Value, a: Value, b: Value) -> int:
    """Return the sign of what a `<=>` method or a sort block answered."""
    if order.__class__ is int or order.__class__ is float:
        return (order > 0) - (order < 0)
    if order is None:
        raise comparison_failed(a, b)
    if send(order, ":>", None, 0) is TRUE:
        return 1
    if send(order, ":<", None, 0) is TRUE:
        return -1
    return 0


def comparison_failed(a: Value, b: Value) -> Any:
    if b is None or b is TRUE or b is FALSE or b.__class__ in (int, float, Symbol):
        right = inspect_str(b)
    else:
        right = class_of(b).name or "#<Class>"
    return error("ArgumentError", f"comparison of {class_of(a).name} with {right} failed")


def given(value: Value) -> bool:
    """Return whether an optional argument was passed."""
    return value is not UNDEF
