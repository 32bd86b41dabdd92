"""The operators of expressions: what the operator instructions of every engine do.

`OPERATORS` maps the name of an instruction to a function of guest values (`op_add(a, b)`): first the fast path for the
built-in classes, then the method. A failing operation always ends in the method, so that the errors and the labels of
backtraces come from one place, the class itself.

**How an engine uses it.** It calls `OPERATORS["ADD"](a, b)`, reading the table each time, or binds the functions once
and adds a function `f(instruction)` to `CHANGED`, which is called when an entry changes. An engine that treats small
cases itself (two Integers, say) may do so as long as the instruction is not in `REDEFINED`. An instruction gets there,
and its entry in the table becomes one that always calls the method, when a program defines the operator's method, or
one that it relies on (`==` for `!=`), in a class of `FAST_CLASSES` or in what such a class inherits from.
"""

from __future__ import annotations

import sys

from . import model
from .arithmetic import float_divide
from .dispatch import send, slow_send
from .hashing import hash_key, hash_set
from .model import PRIM_CLASSES, WORLD, find_method
from .values import FALSE, TRUE, UNDEF, Array, AsciiString, BinaryString, Hash, Range, String, Symbol

IN_PLACE = sys.implementation.name != "pypy"  # the host extends texts in place; see core/growing.py

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .model import Method, ModuleValue
    from .values import Value

    Operator = Callable[..., Any]

# Beyond these the method decides: the result may be refused, or is too big to be made in passing.
SMALL_SHIFT = 4096
SMALL_POWER = 65536
MAX_INDEX = 0x7FFFFFFFFFFFFFFF


def call_method(a: Value, attr: str, *args: Value) -> Any:
    """Call the operator method `attr` of `a`, as the program's code does: protected methods may be visible."""
    f = getattr(a, attr, None)
    if f is not None:
        return f(None, *args)
    host = a.__class__
    if host in PRIM_CLASSES:
        entry = find_method(PRIM_CLASSES[host], attr[1:])
        if entry is not None and not entry.visibility:
            return entry.fn(a, None, *args)
    return failed(a, attr, *args)


def failed(a: Value, attr: str, *args: Value) -> Any:
    """Call an operator method that the host lookup did not find."""
    from .frames import caller_frame

    frame = caller_frame()
    caller = UNDEF if frame is None else frame.self
    return slow_send(a, ";" + attr[1:] if a is caller else attr, None, args, None, caller)


# --- arithmetic -----------------------------------------------------------------------------------------------------


def op_add(a: Value, b: Value) -> Any:
    host = a.__class__
    if host is int or host is float:
        other = b.__class__
        if other is host:
            return a + b
        if other is int or other is float:
            try:
                return a + b
            except OverflowError:  # an Integer beyond the Floats
                pass
        return send(a, ":+", None, b)
    if host is String and b.__class__ is String and b.s.isascii():
        return String(a.s + b.s)
    try:
        f = getattr(a, ":+")
    except AttributeError:
        f = None
    return failed(a, ":+", b) if f is None else f(None, b)


def op_sub(a: Value, b: Value) -> Any:
    host = a.__class__
    if host is int or host is float:
        other = b.__class__
        if other is host:
            return a - b
        if other is int or other is float:
            try:
                return a - b
            except OverflowError:
                pass
        return send(a, ":-", None, b)
    try:
        f = getattr(a, ":-")
    except AttributeError:
        f = None
    return failed(a, ":-", b) if f is None else f(None, b)


def op_mul(a: Value, b: Value) -> Any:
    host = a.__class__
    if host is int or host is float:
        other = b.__class__
        if other is host:
            return a * b
        if other is int or other is float:
            try:
                return a * b
            except OverflowError:
                pass
        return send(a, ":*", None, b)
    try:
        f = getattr(a, ":*")
    except AttributeError:
        f = None
    return failed(a, ":*", b) if f is None else f(None, b)


def op_div(a: Value, b: Value) -> Any:
    host = a.__class__
    if host is int or host is float:
        if b:
            other = b.__class__
            if other is int and host is int:
                return a // b
            if other is float or other is int:
                try:
                    return a / b
                except OverflowError:
                    pass
        elif host is float and b.__class__ is float:
            return float_divide(a, b)
        return send(a, ":/", None, b)
    try:
        f = getattr(a, ":/")
    except AttributeError:
        f = None
    return failed(a, ":/", b) if f is None else f(None, b)


def op_mod(a: Value, b: Value) -> Any:
    host = a.__class__
    if host is int:
        if b.__class__ is int and b:
            return a % b
        return send(a, ":%", None, b)
    if host is float:
        if b.__class__ is float and b:
            rest = a % b
            if rest:
                return rest
        return send(a, ":%", None, b)
    try:
        f = getattr(a, ":%")
    except AttributeError:
        f = None
    return failed(a, ":%", b) if f is None else f(None, b)


def op_pow(a: Value, b: Value) -> Any:
    if b.__class__ is float:
        if a.__class__ is float and a > 0.0:
            try:
                return a**b
            except OverflowError:
                pass
    elif b.__class__ is int:
        host = a.__class__
        if host is int and b >= 0 and (a.bit_length() or 1) * b < SMALL_POWER:
            return a**b
        if host is float and a:
            try:
                return a**b
            except OverflowError:
                pass
    return call_method(a, ":**", b)


def op_neg(a: Value) -> Any:
    host = a.__class__
    return -a if host is int or host is float else call_method(a, ":-@")


def op_pos(a: Value) -> Any:
    host = a.__class__
    return a if host is int or host is float else call_method(a, ":+@")


# --- equality and order ---------------------------------------------------------------------------------------------


def op_eq(a: Value, b: Value) -> Any:
    host = a.__class__
    other = b.__class__
    if host is int or host is float:
        if other is int or other is float:
            return TRUE if a == b else FALSE
        if b is None or other is Symbol or other is String:
            return FALSE
        return send(a, ":==", None, b)
    if host is String or host is String.frozen_py:
        if other is String or other is String.frozen_py:
            return TRUE if a.s == b.s else FALSE
    elif host is Symbol or a is None or a is TRUE or a is FALSE:
        return TRUE if a is b else FALSE
    try:
        f = getattr(a, ":==")
    except AttributeError:
        f = None
    return failed(a, ":==", b) if f is None else f(None, b)


def op_ne(a: Value, b: Value) -> Any:
    host = a.__class__
    other = b.__class__
    if host is int or host is float:
        if other is int or other is float:
            return FALSE if a == b else TRUE
        if b is None or other is Symbol or other is String:
            return TRUE
        return send(a, ":!=", None, b)
    if host is String:
        if other is String:
            return FALSE if a.s == b.s else TRUE
    elif host is Symbol or a is None or a is TRUE or a is FALSE:
        return FALSE if a is b else TRUE
    try:
        f = getattr(a, ":!=")
    except AttributeError:
        f = None
    return failed(a, ":!=", b) if f is None else f(None, b)


def op_lt(a: Value, b: Value) -> Any:
    host = a.__class__
    other = b.__class__
    if host is int or host is float:
        if other is int or other is float:
            return TRUE if a < b else FALSE
    elif host is String and other is String:
        return TRUE if a.s < b.s else FALSE
    return call_method(a, ":<", b)


def op_le(a: Value, b: Value) -> Any:
    host = a.__class__
    other = b.__class__
    if host is int or host is float:
        if other is int or other is float:
            return TRUE if a <= b else FALSE
    elif host is String and other is String:
        return TRUE if a.s <= b.s else FALSE
    return call_method(a, ":<=", b)


def op_gt(a: Value, b: Value) -> Any:
    host = a.__class__
    other = b.__class__
    if host is int or host is float:
        if other is int or other is float:
            return TRUE if a > b else FALSE
    elif host is String and other is String:
        return TRUE if a.s > b.s else FALSE
    return call_method(a, ":>", b)


def op_ge(a: Value, b: Value) -> Any:
    host = a.__class__
    other = b.__class__
    if host is int or host is float:
        if other is int or other is float:
            return TRUE if a >= b else FALSE
    elif host is String and other is String:
        return TRUE if a.s >= b.s else FALSE
    return call_method(a, ":>=", b)


def op_cmp(a: Value, b: Value) -> Any:
    host = a.__class__
    other = b.__class__
    if host is int or host is float:
        if other is int or other is float:
            return -1 if a < b else 1 if a > b else 0 if a == b else None
    elif host is String and other is String:
        left, right = a.s, b.s
        return -1 if left < right else 1 if left > right else 0
    elif host is Symbol and other is Symbol:
        left, right = a.name, b.name
        return -1 if left < right else 1 if left > right else 0
    return call_method(a, ":<=>", b)


def op_case_eq(a: Value, b: Value) -> Any:
    """`a === b`: does pattern `a` match the subject `b`?"""
    host = a.__class__
    other = b.__class__
    if host is int or host is float:
        if other is int or other is float:
            return TRUE if a == b else FALSE
        if b is None or other is Symbol or other is String:
            return FALSE
    elif host is String or host is String.frozen_py:
        if other is String or other is String.frozen_py:
            return TRUE if a.s == b.s else FALSE
        if b is None or other is Symbol or other is int:
            return FALSE
    elif host is Symbol or a is None or a is TRUE or a is FALSE:
        return TRUE if a is b else FALSE
    return call_method(a, ":===", b)


def op_match(a: Value, b: Value) -> Any:
    return call_method(a, ":=~", b)


def op_not_match(a: Value, b: Value) -> Any:
    return call_method(a, ":!~", b)


# --- logic and bits -------------------------------------------------------------------------------------------------


def op_not(a: Value) -> Any:
    if a is FALSE or a is None:
        return TRUE
    host = a.__class__
    if a is TRUE or host is int or host is String or host is Array or host is Symbol or host is Hash or host is float:
        return FALSE
    try:
        f = getattr(a, ":!")
    except AttributeError:
        f = None
    return failed(a, ":!") if f is None else f(None)


def op_and(a: Value, b: Value) -> Any:
    """`a && b` of two values that are there already; no method is involved."""
    return a if a is FALSE or a is None else b


def op_or(a: Value, b: Value) -> Any:
    return b if a is FALSE or a is None else a


def op_bit_and(a: Value, b: Value) -> Any:
    if a.__class__ is int:
        if b.__class__ is int:
            return a & b
    elif a is TRUE:
        return FALSE if b is FALSE or b is None else TRUE
    elif a is FALSE or a is None:
        return FALSE
    return call_method(a, ":&", b)


def op_bit_or(a: Value, b: Value) -> Any:
    if a.__class__ is int:
        if b.__class__ is int:
            return a | b
    elif a is TRUE:
        return TRUE
    elif a is FALSE or a is None:
        return FALSE if b is FALSE or b is None else TRUE
    return call_method(a, ":|", b)


def op_bit_xor(a: Value, b: Value) -> Any:
    if a.__class__ is int:
        if b.__class__ is int:
            return a ^ b
    elif a is TRUE:
        return TRUE if b is FALSE or b is None else FALSE
    elif a is FALSE or a is None:
        return FALSE if b is FALSE or b is None else TRUE
    return call_method(a, ":^", b)


def op_bit_not(a: Value) -> Any:
    return ~a if a.__class__ is int else call_method(a, ":~")


JOINED = {String, AsciiString, BinaryString}  # their ASCII characters go into any String in UTF-8


def op_shl(a: Value, b: Value) -> Any:
    host = a.__class__
    if host is Array:
        a.a.append(b)
        return a
    if host is String:
        if b.__class__ in JOINED:
            added = b.s
            if added.isascii() and (IN_PLACE or len(a.s) < 256):
                text = a.s
                a.s = ""  # the only reference is ours now: the host extends the text in place
                text += added
                a.s = text
                return a
        elif b.__class__ is int and 0 <= b < 128 and (IN_PLACE or len(a.s) < 256):
            text = a.s
            a.s = ""
            text += chr(b)
            a.s = text
            return a
    elif host is int and b.__class__ is int and 0 <= b < SMALL_SHIFT:
        return a << b
    return call_method(a, ":<<", b)


def op_shr(a: Value, b: Value) -> Any:
    if a.__class__ is int and b.__class__ is int and 0 <= b < SMALL_SHIFT:
        return a >> b
    return call_method(a, ":>>", b)


# --- elements -------------------------------------------------------------------------------------------------------


def op_index_get(a: Value, b: Value) -> Any:
    """`a[b]`"""
    host = a.__class__
    if host is Array or host is Array.frozen_py:
        if b.__class__ is int:
            try:
                return a.a[b]
            except IndexError:
                if -MAX_INDEX <= b <= MAX_INDEX:
                    return None
        elif b.__class__ is Range:
            start, end = b.first, b.last
            if start.__class__ is int and 0 <= start <= len(a.a):
                if end is None:
                    return Array(a.a[start:])
                if end.__class__ is int and 0 <= end <= MAX_INDEX:
                    return Array(a.a[start : end if b.exclusive else end + 1])
    elif host is int:
        if b.__class__ is int and 0 <= b < SMALL_SHIFT:
            return a >> b & 1
    elif host is Hash and not a.identity:
        other = b.__class__
        value = a.d.get(b if other is Symbol or other is int else b.s if other is String else hash_key(b), UNDEF)
        if value is not UNDEF:
            return value
        proc = a.default_proc
        return a.default if proc is None else proc.f(a, b)
    elif (host is String or host is String.frozen_py) and b.__class__ is int:
        text = a.s
        if -len(text) <= b < len(text):
            return String(text[b])
        if -MAX_INDEX <= b <= MAX_INDEX:
            return None
    return call_method(a, ":[]", b)


def op_index_set(a: Value, b: Value, c: Value) -> Any:
    """`a[b] = c`"""
    host = a.__class__
    if host is Array:
        if b.__class__ is int:
            try:
                a.a[b] = c
                return c
            except IndexError:
                if b == len(a.a):
                    a.a.append(c)
                    return c
        elif b.__class__ is Range and c.__class__ is Array:
            start, end = b.first, b.last
            if start.__class__ is int and end.__class__ is int and 0 <= start <= len(a.a) and end >= 0:
                a.a[start : end if b.exclusive else end + 1] = c.a
                return c
    elif host is Hash:
        hash_set(a, b, c)
        return c
    elif host is String and b.__class__ is int and c.__class__ is String:
        text, part = a.s, c.s
        if 0 <= b < len(text) and part.isascii():
            a.s = text[:b] + part + text[b + 1 :]
            return c
    return call_method(a, ":[]=", b, c)


# --- the table ------------------------------------------------------------------------------------------------------

# instruction, method, function, number of operands, other methods that the fast path relies on
ROWS: tuple[tuple[str, str, Operator, int, tuple[str, ...]], ...] = (
    ("ADD", "+", op_add, 2, ()),
    ("SUB", "-", op_sub, 2, ()),
    ("MUL", "*", op_mul, 2, ()),
    ("DIV", "/", op_div, 2, ()),
    ("MOD", "%", op_mod, 2, ()),
    ("POW", "**", op_pow, 2, ()),
    ("NEG", "-@", op_neg, 1, ()),
    ("POS", "+@", op_pos, 1, ()),
    ("NOT", "!", op_not, 1, ()),
    ("EQ", "==", op_eq, 2, ()),
    ("NE", "!=", op_ne, 2, ("==",)),
    ("LT", "<", op_lt, 2, ("<=>",)),
    ("LE", "<=", op_le, 2, ("<=>",)),
    ("GT", ">", op_gt, 2, ("<=>",)),
    ("GE", ">=", op_ge, 2, ("<=>",)),
    ("CMP", "<=>", op_cmp, 2, ()),
    ("CASE_EQ", "===", op_case_eq, 2, ()),
    ("MATCH_OP", "=~", op_match, 2, ()),
    ("NOT_MATCH_OP", "!~", op_not_match, 2, ()),
    ("BIT_AND", "&", op_bit_and, 2, ()),
    ("BIT_OR", "|", op_bit_or, 2, ()),
    ("BIT_XOR", "^", op_bit_xor, 2, ()),
    ("BIT_NOT", "~", op_bit_not, 1, ()),
    ("SHL", "<<", op_shl, 2, ()),
    ("SHR", ">>", op_shr, 2, ()),
    ("INDEX_GET", "[]", op_index_get, 2, ()),
    ("INDEX_SET", "[]=", op_index_set, 3, ()),
)

OPERATORS: dict[str, Operator] = {row[0]: row[2] for row in ROWS}
OPERATORS["AND"] = op_and
OPERATORS["OR"] = op_or

REDEFINED: set[str] = set()  # instructions whose fast paths are void
CHANGED: list[Callable[[str], None]] = []  # called with the instruction when it gets into REDEFINED
FAST_CLASSES = (
    "Integer", "Float", "String", "Symbol", "Array", "Hash", "NilClass", "TrueClass", "FalseClass",
)  # fmt: skip

# method -> the instructions whose fast path assumes that the built-in classes have the native one
RELYING: dict[str, list[str]] = {}
for _row in ROWS:
    for _name in (_row[1], *_row[4]):
        RELYING.setdefault(_name, []).append(_row[0])


def always_call(attr: str) -> Operator:
    """Return the function of an operator without a fast path."""

    def op_call(a: Value, *args: Value) -> Any:
        return call_method(a, attr, *args)

    return op_call


def disable(instruction: str) -> None:
    """Take the fast path of an instruction away, for good."""
    if instruction in REDEFINED:
        return
    REDEFINED.add(instruction)
    method = next(row[1] for row in ROWS if row[0] == instruction)
    OPERATORS[instruction] = always_call(":" + method)
    for listener in CHANGED:
        listener(instruction)


def method_changed(mod: ModuleValue, name: str, entry: Method | None) -> None:
    """Listen to changes of method tables (model.py, WORLD.listeners); name "": a module was mixed into `mod`."""
    if name in RELYING:
        check(mod, (name,))
    elif not name:
        for layer in model.layers(mod):
            names = [key for key, own in layer.methods.items() if key in RELYING and not own.native]
            if names:
                check(mod, tuple(names))


# What fast classes inherit from, and what may be mixed into them before they are made.
PARENTS = ("Numeric", "Object", "BasicObject", "Comparable", "Enumerable", "Kernel")


def check(mod: ModuleValue, names: tuple[str, ...]) -> None:
    """Disable what relies on `names` if a class with fast paths does not find the native methods any more."""
    from .builtin import MADE, builtin_class

    if not any(
        (holder.name in FAST_CLASSES or holder.name in PARENTS) and MADE.get(holder.name) is holder
        for holder in model.all_holders(mod)
    ):
        return  # a class of the program, as nearly always
    for class_name in FAST_CLASSES:
        cls = builtin_class(class_name)
        if mod not in model.ancestors(cls):
            continue
        for name in names:
            found = find_method(cls, name)
            if found is not None and not found.native:
                for instruction in RELYING[name]:
                    disable(instruction)


WORLD.listeners.append(method_changed)
