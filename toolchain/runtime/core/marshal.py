"""Marshal.dump: values as bytes, in Ruby's format 4.8. Reading them is in marshal_load.py.

A value starts with a type letter. Symbols and objects that were written before are referred to by number (`;`, `@`);
instance variables follow the value (`I`), the encoding of a String among them.
"""

from __future__ import annotations

from .. import model
from ..builtin import NativeClass
from ..convert import as_int
from ..dispatch import respond_to, send
from ..errors import error
from ..hashing import hash_items
from ..model import class_of, dispatch_class, find_method, get_ivar, ivar_names
from ..values import (
    FALSE,
    TRUE,
    UNDEF,
    Array,
    AsciiString,
    BinaryString,
    Exception_,
    Hash,
    Proc,
    Range,
    String,
    Symbol,
)
from .io import encode
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..model import ModuleValue
    from ..values import Block, Value

marshal = NativeClass("Marshal")
marshal.constant("MAJOR_VERSION", 4)
marshal.constant("MINOR_VERSION", 8)
MAJOR, MINOR = 4, 8

# Regexp options that are written; the source's encoding is an instance variable.
REGEXP_OPTIONS = 7


def long_bytes(number: int) -> bytes:
    """Return a count or a small Integer: one byte up to 122, else a length and up to four bytes."""
    if number == 0:
        return b"\0"
    if 0 < number < 123:
        return bytes([number + 5])
    if -124 < number < 0:
        return bytes([(number - 5) & 0xFF])
    for size in range(1, 5):
        limit = 1 << (8 * size)
        if -limit <= number < limit:
            lead = size if number > 0 else 256 - size
            return bytes([lead]) + (number % limit).to_bytes(size, "little")
    raise error("ArgumentError", "long too big to dump")


def float_bytes(number: float) -> bytes:
    """Return the shortest digits that read back as the same Float."""
    if number != number:
        return b"nan"
    if number in (float("inf"), float("-inf")):
        return b"inf" if number > 0 else b"-inf"
    if number == 0:
        return b"-0" if str(number).startswith("-") else b"0"
    mantissa, _, exponent = repr(number).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0)  # of the decimal point, counted from the first digit of `whole`
    point -= len(whole + fraction) - len((whole + fraction).lstrip("0"))
    digits = digits.rstrip("0") or "0"
    if point < -3 or point > len(digits) + 10 or (point > len(digits) and point - len(digits) >= 1 and point > 1):
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{point - 1}"
    elif point <= 0:
        text = "0." + "0" * -point + digits
    elif point >= len(digits):
        text = digits + "0" * (point - len(digits))
    else:
        text = digits[:point] + "." + digits[point:]
    return (sign + text).encode("ascii")


class Writer:
    """`symbols` and `objects` number what was written; `kept` keeps the objects alive until the end."""

    def __init__(self) -> None:
        self.out = bytearray([MAJOR, MINOR])
        self.symbols: dict[str, int] = {}
        self.objects: dict[int, int] = {}
        self.kept: list[Any] = []

    # --- parts ------------------------------------------------------------------------------------------------------

    def long(self, number: int) -> None:
        self.out += long_bytes(number)

    def data(self, data: bytes) -> None:
        self.long(len(data))
        self.out += data

    def symbol(self, name: str) -> None:
        number = self.symbols.get(name)
        if number is not None:
            self.out += b";"
            self.long(number)
            return
        self.symbols[name] = len(self.symbols)
        if name.isascii():
            self.out += b":"
            self.data(name.encode("ascii"))
        else:
            self.out += b"I:"
            self.data(name.encode("utf-8", "surrogateescape"))
            self.long(1)
            self.symbol("E")
            self.out += b"T"

    def class_name(self, cls: ModuleValue) -> None:
        if cls.name is None:
            raise error("TypeError", f"can't dump anonymous {'class' if cls.is_class else 'module'} {module_name(cls)}")
        self.symbol(cls.name)

    def pairs(self, pairs: list[tuple[str, Any]], depth: int) -> None:
        self.long(len(pairs))
        for name, value in pairs:
            self.symbol(name)
            self.value(value, depth)

    def extensions(self, value: Any) -> None:
        """Write the modules that `value` was extended with. TypeError of the guest for singleton methods."""
        single = value.__class__.singleton
        if single is None or single.attached is not value:
            return
        if single.methods or single.constants:
            raise error("TypeError", "singleton can't be dumped")
        for mixin in single.includes:
            self.out += b"e"
            self.class_name(mixin)

    def user_class(self, value: Any, builtin: str) -> None:
        """Write the class of an instance of a subclass of a built-in class."""
        self.extensions(value)
        cls = class_of(value)
        if cls.name != builtin:
            self.out += b"C"
            self.class_name(cls)

    # --- values -----------------------------------------------------------------------------------------------------

    def value(self, value: Value, depth: int) -> None:
        if depth == 0:
            raise error("ArgumentError", "exceed depth limit")
        depth -= 1
        cls = value.__class__
        if value is None:
            self.out += b"0"
        elif value is TRUE:
            self.out += b"T"
        elif value is FALSE:
            self.out += b"F"
        elif cls is int and -(1 << 30) <= value < 1 << 30:
            self.out += b"i"
            self.long(value)
        elif cls is Symbol:
            self.symbol(value.name)
        else:
            self.object(value, depth)

    def object(self, value: Any, depth: int) -> None:
        """Write a value that later ones may refer to."""
        cls = value.__class__
        number = self.objects.get(id(value)) if cls is not int and cls is not float else None
        if number is not None:
            self.out += b"@"
            self.long(number)
            return
        if self.by_method(value, depth):
            return
        self.note(value)
        if cls is int:
            self.out += b"l" + (b"+" if value >= 0 else b"-")
            size = (abs(value).bit_length() + 15) // 16
            self.long(size)
            self.out += abs(value).to_bytes(2 * size, "little")
        elif cls is float:
            self.out += b"f"
            self.data(float_bytes(value))
        elif isinstance(value, model.ModuleValue):
            self.module(value)
        else:
            self.structured(value, depth)

    def note(self, value: Any) -> None:
        self.objects[id(value)] = len(self.objects)
        self.kept.append(value)

    def by_method(self, value: Any, depth: int) -> bool:
        """Write by marshal_dump or _dump if the class has one; return whether it has."""
        cls = dispatch_class(value)
        if find_method(cls, "marshal_dump") is not None:
            self.note(value)
            data = send(value, ";marshal_dump")
            self.out += b"U"
            self.class_name(class_of(value))
            self.value(data, depth)
            return True
        pair = number_pair(value)
        if pair is not None:
            self.note(value)
            self.out += b"U"
            self.class_name(class_of(value))
            self.value(Array(pair), depth)
            return True
        if find_method(cls, "_dump") is None:
            return False
        text = send(value, ";_dump", None, -1)
        if not isinstance(text, String):
            raise error("TypeError", "_dump() must return string")
        variables = self.string_variables(text)
        self.out += (b"I" if variables else b"") + b"u"
        self.class_name(class_of(value))
        self.data(encode(text))
        if variables:
            self.pairs(variables, depth)
        self.note(value)
        return True

    def module(self, mod: ModuleValue) -> None:
        if mod.attached is not None:
            raise error("TypeError", "singleton class can't be dumped")
        if mod.name is None:
            raise error("TypeError", f"can't dump anonymous {'class' if mod.is_class else 'module'} {module_name(mod)}")
        self.out += b"c" if mod.is_class else b"m"
        self.data(mod.name.encode("utf-8"))

    def string_variables(self, value: String) -> list[tuple[str, Any]]:
        """Return the instance variables of a String, its encoding first."""
        result: list[tuple[str, Any]] = []
        if isinstance(value, AsciiString):
            result.append(("E", FALSE))
        elif not isinstance(value, BinaryString):
            result.append(("E", TRUE))
        return result + [(name, get_ivar(value, name)) for name in ivar_names(value)]

    def structured(self, value: Any, depth: int) -> None:
        """Write a String, Array, Hash, Struct, Range, exception or plain object."""
        from .data import DataValue
        from .regexp import Regexp
        from .set import SetValue
        from .struct import StructValue

        variables = [(name, get_ivar(value, name)) for name in ivar_names(value)]
        if isinstance(value, String):
            variables = self.string_variables(value)
            self.out += b"I" if variables else b""
            self.user_class(value, "String")
            self.out += b'"'
            self.data(encode(value))
        elif isinstance(value, Regexp):
            variables.insert(0, ("E", FALSE if value.source.isascii() else TRUE))
            self.out += b"I"
            self.user_class(value, "Regexp")
            self.out += b"/"
            self.data(value.source.encode("utf-8", "surrogateescape"))
            self.out.append(value.flags & REGEXP_OPTIONS)
        elif isinstance(value, Array):
            self.out += b"I" if variables else b""
            self.user_class(value, "Array")
            self.out += b"["
            self.long(len(value.a))
            for item in list(value.a):
                self.value(item, depth)
        elif isinstance(value, Hash):
            self.out += b"I" if variables else b""
            self.hash(value, depth)
        elif isinstance(value, (StructValue, DataValue)):
            self.out += b"I" if variables else b""
            self.extensions(value)
            self.out += b"S"
            self.class_name(class_of(value))
            self.pairs([(member.name, item) for member, item in zip(value.members, value.v)], depth)
        else:
            self.plain(value, variables, depth, SetValue)
            return
        if variables:
            self.pairs(variables, depth)

    def hash(self, value: Hash, depth: int) -> None:
        if value.default_proc is not None:
            raise error("TypeError", "can't dump hash with default proc")
        self.user_class(value, "Hash")
        if value.identity:
            self.out += b"C"
            self.symbol("Hash")
        self.out += b"{" if value.default is None else b"}"
        items = hash_items(value)
        self.long(len(items))
        for key, item in items:
            self.value(key, depth)
            self.value(item, depth)
        if value.default is not None:
            self.value(value.default, depth)

    def plain(self, value: Any, variables: list[tuple[str, Any]], depth: int, set_class: type) -> None:
        """Write an object as its class and its instance variables; some built-in ones show theirs as such."""
        if isinstance(value, Range):
            variables[:0] = [("excl", TRUE if value.exclusive else FALSE), ("begin", value.first), ("end", value.last)]
        elif isinstance(value, Exception_):
            message = None if value.message is UNDEF else value.message
            variables[:0] = [("mesg", message), ("bt", send(value, ":backtrace"))]
        elif isinstance(value, set_class):
            table = Hash()
            table.d, table.keys, table.default = value.table.d, value.table.keys, FALSE  # type: ignore[attr-defined]
            variables.insert(0, ("@hash", table))
        elif not is_plain(value):
            name = module_name(class_of(value))
            text = f"can't dump {name}" if is_io(value) else f"no _dump_data is defined for class {name}"
            raise error("TypeError", text)
        self.extensions(value)
        self.out += b"o"
        self.class_name(class_of(value))
        self.pairs(variables, depth)


def number_pair(value: Any) -> list[Any] | None:
    """Return the two parts of a Rational or Complex, None for other values."""
    from .complex import ComplexValue
    from .rational import RationalValue

    if isinstance(value, RationalValue):
        return [value.num, value.den]
    return [value.re, value.im] if isinstance(value, ComplexValue) else None


def is_io(value: Any) -> bool:
    from .io import IOObject

    return isinstance(value, IOObject)


def is_plain(value: Any) -> bool:
    """Return whether all that makes up an object are its instance variables."""
    from .kernel_copy import host_fields

    return not isinstance(value, Proc) and not host_fields(value.__class__)


@marshal.function("dump")
def dump(self: Value, blk: Block, value: Value, *args: Value) -> Value:
    rest = list(args)
    target = None
    if rest and rest[0] is not None and rest[0].__class__ is not int:
        target = rest.pop(0)
        if not respond_to(target, "write"):
            raise error("TypeError", "instance of IO needed")
    limit = as_int(rest[0]) if rest and rest[0] is not None else -1
    writer = Writer()
    writer.value(value, limit)
    result = BinaryString(writer.out.decode("latin-1"))
    if target is None:
        return result
    send(target, ":write", None, result)
    return target
