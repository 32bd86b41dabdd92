"""Python's operators on guest objects, and what Python's own errors on numbers and nil mean to the program.

Generated code says `a + b` and `a < b`. Numbers answer themselves. Objects inherit the methods given to
BasicObject here, which send the message. Python may call the *right* operand's method (`1 + obj`, and `a < b` where b
is of a subclass), so arithmetic has reflected methods that send to the left operand, and a comparison looks into the
caller's instruction to see which operator was really written.
"""

from __future__ import annotations

import _operator as operator  # the C functions; the module around them takes longer to import
import sys

from ...runtime import exceptions
from ...runtime.builtin import builtin_class
from ...runtime.capture import capture
from ...runtime.capture import under as capture_under
from ...runtime.cloning import clone
from ...runtime.convert import order_sign
from ...runtime.dispatch import no_method
from ...runtime.errors import new_exception
from ...runtime.frames import EXPANDERS, code_key
from ...runtime.later import later
from ...runtime.model import BASIC_OBJECT, PRIM_CLASSES, WORLD, dispatch_class, find_method, own_method
from ...runtime.operators import CHANGED, OPERATORS, REDEFINED, call_method
from ...runtime.values import FALSE, TRUE, Array, BasicObject, Hash, String, Symbol, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

    from .scope import decoded
else:
    later(globals(), ".scope", "decoded")

ARITHMETIC = (
    # Python's name, instruction, method
    ("add", "ADD", "+"), ("sub", "SUB", "-"), ("mul", "MUL", "*"), ("mod", "MOD", "%"), ("and", "BIT_AND", "&"),
    ("or", "BIT_OR", "|"), ("xor", "BIT_XOR", "^"), ("lshift", "SHL", "<<"), ("rshift", "SHR", ">>"),
    ("pow", "POW", "**"), ("truediv", "DIV", "/"), ("floordiv", "DIV", "/"),
)  # fmt: skip
UNARY = (("neg", "-@"), ("pos", "+@"), ("invert", "~"))
ORDER = (("lt", "<"), ("gt", ">"), ("le", "<="), ("ge", ">="))


class Odd:
    """The result of a comparison method that is neither true nor false; true in conditions as the program sees it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return self.value is not FALSE and self.value is not None


def boxed(value: Any) -> Any:
    """Return the result of a comparison method as Python's comparison operators return it."""
    return True if value is TRUE else False if value is FALSE else Odd(value)


def unbox(value: Any) -> Any:
    """Return the guest value of what a Python comparison gave, which is neither True nor False."""
    return value.value if value.__class__ is Odd else TRUE if value is True else FALSE if value is False else value


def answer(instruction: str) -> Callable[[Any, Any], Any]:
    """Return the function `Q:instruction`: the comparison as a Python condition."""

    if instruction == "EQ":
        return clone(ask_equal, {"METHOD": ":=="})

    def ask(a: Any, b: Any) -> Any:
        return boxed(OPERATORS[instruction](a, b))

    return ask


# Classes whose operators the runtime performs itself.
PERFORMED = frozenset((int, float, type(None), String, Symbol, Array, Hash))
SENT = {"CMP": "<=>", "SHL": "<<"}


def performer(instruction: str) -> Any:
    """Return the function `O:instruction`; for some operators one that sends to objects without asking further."""
    method = SENT.get(instruction)
    if method is None or instruction in REDEFINED:
        return OPERATORS[instruction]
    return clone(perform, {"METHOD": ":" + method}, {"PERFORM": OPERATORS[instruction], "ATTR": ":" + method})


PERFORM: Any = None
ATTR = ""


def perform(a: Any, b: Any) -> Any:
    if a.__class__ in PERFORMED:
        return PERFORM(a, b)
    try:
        return a.METHOD(None, b)
    except AttributeError:
        if getattr(a, ATTR, None) is not None:
            raise
        return PERFORM(a, b)


def ask_equal(a: Any, b: Any) -> Any:
    """`a == b` as a Python condition; most often identity, two Strings or two numbers decide it."""
    cls = a.__class__
    if cls in OWN:
        same = a.METHOD(None, b)
        return True if same is TRUE else False if same is FALSE else Odd(same)
    if "EQ" in REDEFINED:
        return boxed(OPERATORS["EQ"](a, b))
    if cls is String or cls is String.frozen_py:
        cls = b.__class__
        if cls is String or cls is String.frozen_py:
            return a.s == b.s
    elif cls is float or cls is int:
        cls = b.__class__
        if cls is float or cls is int:
            return a == b
    elif cls not in PRIM_CLASSES:
        asked = getattr(a, ":==", None)
        if asked is not None:
            if cls is not Symbol and getattr(asked, "__func__", None) is not identical():
                OWN.add(cls)
                return boxed(asked(None, b))
            SAME.add(cls)
            return a is b
    return boxed(OPERATORS["EQ"](a, b))


# Host classes whose instances are equal to nothing but themselves, and those with another `==`, as far as was asked;
# emptied when a `==` changes.
SAME: set[type] = set()
OWN: set[type] = set()


def identical() -> Any:
    """Return the function of BasicObject#==."""
    if not _IDENTICAL:
        entry = find_method(BASIC_OBJECT, "==")
        _IDENTICAL.append(entry.fn if entry is not None else None)
    return _IDENTICAL[0]


_IDENTICAL: list[Any] = []


def compare_operator(frame: FrameType) -> str:
    """Return the comparison that a Python frame is at, "" if it is at none."""
    if not OPCODES:
        note_opcodes()
    compare_op, shift, comparisons = OPCODES
    code = frame.f_code.co_code
    at = frame.f_lasti
    if code[at] != compare_op:
        return ""
    found: str = comparisons[(code[at + 1] >> shift) % len(comparisons)]
    return found


# How Python encodes comparisons: the opcode, the shift of its argument, the operators by number. Filled in when needed.
OPCODES: list[Any] = []


def note_opcodes() -> None:
    from opcode import cmp_op, opmap

    version = sys.version_info
    shift = 5 if version >= (3, 13) else 4 if version >= (3, 12) else 0
    OPCODES[:] = opmap["COMPARE_OP"], shift, tuple(cmp_op)


# --- the operator methods -------------------------------------------------------------------------------------------

# The methods below serve all objects. At its first call each makes one for the host class of the receiver, which calls
# the guest's method without looking for it; those are taken back when a method of such a name changes anywhere.
SPECIAL: list[tuple[type, str]] = []
WATCHED = {row[-1] for row in (*ARITHMETIC, *UNARY, *ORDER)} | {"<=>"}


def changed(mod: Any, name: str, entry: Any) -> None:
    """Listen to changes of method tables."""
    if name == "==" or not name:
        SAME.clear()
        OWN.clear()
    if SPECIAL and (name in WATCHED or not name):
        for host, attr in SPECIAL:
            delattr(host, attr)
        SPECIAL.clear()


def specialise(value: Any, attr: str, template: Any, method: str, symbol: str) -> Any:
    """Give the host class of `value` the method `attr` of its own, a clone of `template` that calls `method`."""
    host = value.__class__
    made = clone(template, {"METHOD": ":" + method}, {"HOST": host, "SYMBOL": symbol})
    if attr not in host.__dict__:
        setattr(host, attr, made)
        SPECIAL.append((host, attr))
    return made


def public(value: Any, method: str) -> Any:
    """Return the entry by which an object answers `method`, None if it has no public one."""
    if value.__class__ in PRIM_CLASSES:
        return None
    entry = find_method(dispatch_class(value), method)
    return None if entry is None or entry.visibility else entry


# What clones of the templates have in the place of these.
HOST: Any = None
SYMBOL = ""


def own_arithmetic(self: Any, other: Any) -> Any:
    if self.__class__ is not HOST:
        return call_method(self, ":" + SYMBOL, other)
    return self.METHOD(None, other)


def _arithmetic(name: str, instruction: str, method: str) -> tuple[Any, Any]:
    def direct(self: Any, other: Any) -> Any:
        if public(self, method) is not None:
            return specialise(self, f"__{name}__", own_arithmetic, method, method)(self, other)
        return call_method(self, ":" + method, other)

    def reflected(self: Any, other: Any) -> Any:
        return OPERATORS[instruction](other, self)

    return direct, reflected


def own_unary(self: Any) -> Any:
    if self.__class__ is not HOST:
        return call_method(self, ":" + SYMBOL)
    return self.METHOD(None)


def _unary(name: str, method: str) -> Any:
    def direct(self: Any) -> Any:
        if public(self, method) is not None:
            return specialise(self, f"__{name}__", own_unary, method, method)(self)
        return call_method(self, ":" + method)

    return direct


def own_order(self: Any, other: Any) -> Any:
    if self.__class__ is not HOST or other.__class__ is not HOST:
        return compare_mixed(self, other, SYMBOL, sys._getframe(1))
    answer = self.METHOD(None, other)
    return True if answer is TRUE else False if answer is FALSE else Odd(answer)


def by_less(self: Any, other: Any) -> Any:
    if self.__class__ is not HOST or other.__class__ is not HOST:
        return compare_mixed(self, other, "<", sys._getframe(1))
    order = self.METHOD(None, other)
    return (order if order.__class__ is int else order_sign(order, self, other)) < 0


def by_less_equal(self: Any, other: Any) -> Any:
    if self.__class__ is not HOST or other.__class__ is not HOST:
        return compare_mixed(self, other, "<=", sys._getframe(1))
    order = self.METHOD(None, other)
    return (order if order.__class__ is int else order_sign(order, self, other)) <= 0


def by_greater(self: Any, other: Any) -> Any:
    if self.__class__ is not HOST or other.__class__ is not HOST:
        return compare_mixed(self, other, ">", sys._getframe(1))
    order = self.METHOD(None, other)
    return (order if order.__class__ is int else order_sign(order, self, other)) > 0


def by_greater_equal(self: Any, other: Any) -> Any:
    if self.__class__ is not HOST or other.__class__ is not HOST:
        return compare_mixed(self, other, ">=", sys._getframe(1))
    order = self.METHOD(None, other)
    return (order if order.__class__ is int else order_sign(order, self, other)) >= 0


BY_COMPARE = {"<": by_less, "<=": by_less_equal, ">": by_greater, ">=": by_greater_equal}
NAMES = {"<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _order(name: str, symbol: str) -> Any:
    def method(self: Any, other: Any) -> Any:
        entry = public(self, symbol)
        if other.__class__ is not self.__class__ or entry is None:
            return compare_mixed(self, other, symbol, sys._getframe(1))
        by_compare = public(self, "<=>")
        comparable = own_method(builtin_class("Comparable"), symbol)
        if entry is comparable and by_compare is not None and not by_compare.native:
            made = specialise(self, f"__{name}__", BY_COMPARE[symbol], "<=>", symbol)
            EXPANDERS[code_key(made.__code__)] = comparable_entries(symbol)
            return made(self, other)
        return specialise(self, f"__{name}__", own_order, symbol, symbol)(self, other)

    return method


def comparable_entries(symbol: str) -> Any:
    """Return the expander (frames.py) of a clone that does what a method of Comparable does, unless it passes on."""

    def expand(code: Any, at: int) -> list[Any]:
        from dis import findlinestarts

        line = max([line for start, line in findlinestarts(code) if start <= at], default=0)
        return [] if line == code.co_firstlineno + 2 else ["Comparable#" + symbol]

    return expand


def compare_mixed(self: Any, other: Any, symbol: str, caller: FrameType) -> Any:
    """Compare objects of two host classes: Python may have asked the right one first."""
    if other.__class__ is not self.__class__ and compare_operator(caller) == MIRRORED[symbol]:
        mirrored = MIRRORED[symbol]
        if other.__class__ in PRIM_CLASSES:
            return boxed(OPERATORS[NAMES[mirrored]](other, self))
        return boxed(call_method(other, ":" + mirrored, self))
    return boxed(call_method(self, ":" + symbol, other))


# --- the same for Strings, whose operators are frequent --------------------------------------------------------------


def _add_text(self: Any, other: Any) -> Any:
    cls = self.__class__
    if cls is String or cls is String.frozen_py:
        cls = other.__class__
        if (cls is String or cls is String.frozen_py) and other.s.isascii():
            return String(self.s + other.s)
    return call_method(self, ":+", other)


def _repeat_text(self: Any, other: Any) -> Any:
    cls = self.__class__
    if (cls is String or cls is String.frozen_py) and other.__class__ is int and 0 <= other < 1 << 32:
        return String(self.s * other)
    return call_method(self, ":*", other)


def _text_order(operator: Any, symbol: str) -> Any:
    def method(self: Any, other: Any) -> Any:
        cls = self.__class__
        if cls is String or cls is String.frozen_py:
            cls = other.__class__
            if cls is String or cls is String.frozen_py:
                return operator(self.s, other.s)
        return compare_mixed(self, other, symbol, sys._getframe(1))

    return method


def install_texts() -> None:
    for name, function in (("add", _add_text), ("mul", _repeat_text)):
        setattr(String, f"__{name}__", function)
    for name, symbol in ORDER:
        setattr(String, f"__{name}__", _text_order(getattr(operator, name), symbol))
    CHANGED.append(text_operator_changed)


def text_operator_changed(instruction: str) -> None:
    """The program redefines an operator: the general methods serve from now on."""
    name = {"ADD": "__add__", "MUL": "__mul__"}.get(instruction, f"__{instruction.lower()}__")
    if name in String.__dict__:
        delattr(String, name)


def install() -> None:
    """Attach the operators; must run before generated code does."""
    if "__add__" in BasicObject.__dict__:
        return
    for name, instruction, method in ARITHMETIC:
        direct, reflected = _arithmetic(name, instruction, method)
        setattr(BasicObject, f"__{name}__", direct)
        setattr(BasicObject, f"__r{name}__", reflected)
    for name, method in UNARY:
        setattr(BasicObject, f"__{name}__", _unary(name, method))
    for name, symbol in ORDER:
        setattr(BasicObject, f"__{name}__", _order(name, symbol))
    install_texts()
    WORLD.listeners.append(changed)
    exceptions.TRANSLATORS.append(translate)


# --- Python's errors on numbers and nil ------------------------------------------------------------------------------

PYTHON_NAMES = {"NoneType": "nil", "int": "Integer", "float": "Float"}


def translate(failure: BaseException) -> Any:
    """Return the guest exception that a Python error of generated code stands for, None if it is none of these."""
    if failure.__class__ is TypeError:
        return type_error(str(failure), failure)
    if failure.__class__ is AttributeError:
        return attribute_error(failure)
    if failure.__class__ is NameError:
        return name_error(failure)
    if failure.__class__ is ZeroDivisionError:
        symbol = {"DIV": "/", "MOD": "%"}.get(instruction_at(failure))
        if symbol is not None:
            return under(new_exception("ZeroDivisionError", "divided by 0"), f"Integer#{symbol}", failure)
    return None


# Generated code, by its key (frames.py) -> (the code, offset) -> its backtrace entries there, innermost first.
PLACES: dict[int, Callable[[CodeType, int], list[Any]]] = {}
# Generated functions by the name that Python's messages call them: (unit, index of the function).
CALLEES: dict[str, tuple[Any, int]] = {}


def arity_error(name: str, rest: str, failure: BaseException) -> Any:
    """A generated function was called with arguments that do not fit: it stands on top of the backtrace."""
    from ...runtime.backtrace import Entry

    text = exceptions.generated_arity(rest, *exceptions.SIGNATURES[name])
    if text is None:
        return None
    guest = new_exception("ArgumentError", text)
    unit, index = CALLEES[name]
    code = unit.code(index)
    guest.trace = capture_under(capture(failure), Entry(unit.entries.get(index), code, -1, None, None))
    return guest


def type_error(text: str, failure: BaseException) -> Any:
    called, paren, rest = text.partition("() ")
    called = called.rpartition(".")[2]
    if paren and called in CALLEES:
        return arity_error(called, rest, failure)
    head, _, rest = text.partition(": ")
    if head.startswith("unsupported operand type(s) for "):
        symbol = head[len("unsupported operand type(s) for ") :].split(" ")[0]
        symbol = {"//": "/", "pow()": "**"}.get(symbol, symbol)
        left, _, right = rest.partition(" and ")
        return binary_error(symbol, left.strip("'"), right.strip("'"), failure)
    if text.endswith("is not callable") and text.startswith("'NoneType'"):
        if instruction_at(failure) == "CALL_BLOCK":
            return no_method_of(None, "call")
        return new_exception("LocalJumpError", "no block given (yield)", reason=sym("noreason"), exit_value=None)
    if head.startswith(("bad operand type for unary ", "unsupported operand type for unary ")):  # the latter on PyPy
        symbol = head.rpartition(" ")[2] if rest else ""
        name = {"-": "-@", "neg": "-@", "+": "+@", "pos": "+@", "invert": "~"}.get(symbol, symbol)
        return no_method_of(SAMPLES.get(rest.strip("'")), name)
    if " not supported between instances of " in text:
        symbol = text.split("'")[1]
        left, right = text.split("'")[3], text.split("'")[5]
        if left == "NoneType":
            return no_method_of(None, symbol)
        left = PYTHON_NAMES.get(left, left)
        text = f"comparison of {left} with {PYTHON_NAMES.get(right, right)} failed"
        return under(new_exception("ArgumentError", text), f"{left}#{symbol}", failure)
    return None


SAMPLES = {"NoneType": None, "int": 0, "float": 0.0}


def binary_error(symbol: str, left: str, right: str, failure: BaseException) -> Any:
    """Return what `left symbol right` raises for numbers and nil, by their Python types."""
    if left not in SAMPLES:
        return None
    if left == "NoneType":
        return no_method_of(None, symbol)
    text = f"{PYTHON_NAMES.get(right, right)} can't be coerced into {PYTHON_NAMES[left]}"
    return under(new_exception("TypeError", text), f"{PYTHON_NAMES[left]}#{symbol}", failure)


def under(guest: Any, label: str, failure: BaseException) -> Any:
    """Note the backtrace of an error of an operator that Python performed: its method stands on top."""
    guest.trace = capture_under(capture(failure), label)
    return guest


def no_method_of(value: Any, name: str) -> Any:
    return no_method(value, name, ()).value


def instruction_at(failure: BaseException) -> str:
    """Return the name of the instruction at which generated code raised, "" if it did not."""
    tb: Any = failure.__traceback__
    while tb.tb_next is not None:
        tb = tb.tb_next
    python = tb.tb_frame
    place = PLACES.get(id(python.f_code))
    entries = place(python.f_code, tb.tb_lasti) if place is not None else ()
    if not entries:
        return ""
    code = entries[0].code
    found: str = decoded(code.unit, code.function).code[entries[0].pc][0]
    return found


def attribute_error(failure: BaseException) -> Any:
    """A call of a method that was there when the code was translated."""
    name = getattr(failure, "name", None)
    if name is None:
        words = str(failure).split("'")
        name = words[-2] if len(words) > 2 else ""
    if not name or name[0] not in ":;":
        return None
    tb = failure.__traceback__
    while tb is not None and tb.tb_next is not None:
        tb = tb.tb_next
    obj = getattr(failure, "obj", tb.tb_frame.f_locals.get("self") if tb is not None else None)
    return no_method_of(obj, name[1:])


def name_error(failure: BaseException) -> Any:
    name = getattr(failure, "name", None) or (str(failure).split("'") + ["", ""])[1]
    if not name.startswith("C:"):
        return None
    text = f"uninitialized constant {name.rpartition(':')[2]}"
    return new_exception("NameError", text, name=sym(name.rpartition(":")[2]))
