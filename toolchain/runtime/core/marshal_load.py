"""Marshal.load: reading what Marshal.dump wrote."""

from __future__ import annotations

from .. import model
from ..builtin import NativeClass
from ..constants import find_const
from ..dispatch import respond_to, send
from ..errors import error
from ..hashing import hash_set
from ..model import OBJECT, ModuleValue, allocate, set_ivar
from ..values import (
    FALSE,
    TRUE,
    UNDEF,
    Array,
    AsciiString,
    BinaryString,
    Exception_,
    Hash,
    Range,
    String,
    is_true,
    sym,
)
from .marshal import MAJOR, MINOR
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

marshal = NativeClass("Marshal")


def too_short() -> Any:
    return error("ArgumentError", "marshal data too short")


class Reader:
    """`data` from `index` on. `visit` is called with each finished object; `freeze`: objects come frozen."""

    def __init__(self, data: bytes, visit: Any, freeze: bool) -> None:
        self.data = data
        self.index = 0
        self.symbols: list[str] = []
        self.objects: list[Any] = []
        self.visit = visit
        self.freeze = freeze

    # --- parts ------------------------------------------------------------------------------------------------------

    def byte(self) -> int:
        if self.index >= len(self.data):
            raise too_short()
        self.index += 1
        return self.data[self.index - 1]

    def take(self, count: int) -> bytes:
        if self.index + count > len(self.data):
            raise too_short()
        self.index += count
        return self.data[self.index - count : self.index]

    def long(self) -> int:
        lead = self.byte()
        lead = lead - 256 if lead > 127 else lead
        if lead == 0:
            return 0
        if lead > 4:
            return lead - 5
        if lead < -4:
            return lead + 5
        number = int.from_bytes(self.take(abs(lead)), "little")
        return number if lead > 0 else number - (1 << (8 * -lead))

    def text(self) -> bytes:
        return self.take(self.long())

    def symbol(self) -> str:
        """Read a Symbol that must come here, written out or as a reference."""
        letter = self.byte()
        if letter == ord(":"):
            return self.new_symbol()
        if letter == ord(";"):
            return self.old_symbol()
        if letter == ord("I"):
            self.byte()
            name = self.new_symbol()
            for _ in range(self.long()):
                self.symbol()
                self.value()
            return name
        raise error("ArgumentError", f"dump format error for symbol(0x{letter:x})")

    def new_symbol(self) -> str:
        name = self.text().decode("utf-8", "surrogateescape")
        self.symbols.append(name)
        return name

    def old_symbol(self) -> str:
        number = self.long()
        if not 0 <= number < len(self.symbols):
            raise error("ArgumentError", "bad symbol")
        return self.symbols[number]

    def module(self, path: str) -> ModuleValue:
        """Return the class or module of that name. ArgumentError of the guest if there is none."""
        value: Any = OBJECT
        for part in path.split("::"):
            value = find_const(value, part, with_object=True) if isinstance(value, ModuleValue) else UNDEF
            if value is UNDEF:
                raise error("ArgumentError", f"undefined class/module {path}")
        if not isinstance(value, ModuleValue):
            raise error("TypeError", f"{path} does not refer to class/module")
        return value

    def cls(self) -> ModuleValue:
        path = self.symbol()
        mod = self.module(path)
        if not mod.is_class:
            raise error("ArgumentError", f"{path} does not refer to class")
        return mod

    def enter(self, value: Any) -> Any:
        """Number an object, before its parts are read."""
        self.objects.append(value)
        return value

    def done(self, value: Any) -> Value:
        if self.freeze and not isinstance(value, ModuleValue):
            value = model.freeze(value)
        return value if self.visit is None else self.visit(value)

    # --- values -----------------------------------------------------------------------------------------------------

    def value(self, extensions: Any = (), variables: bool = False) -> Value:
        """Read one value. `variables`: instance variables will follow; they are read here."""
        letter = chr(self.byte())
        simple = SIMPLE.get(letter, UNDEF)
        if simple is not UNDEF:
            return simple if self.visit is None else self.visit(simple)
        if letter == "i":
            number = self.long()
            return number if self.visit is None else self.visit(number)
        if letter in ":;":
            name = sym(self.new_symbol() if letter == ":" else self.old_symbol())
            if variables:
                self.skip_variables()
            return name if self.visit is None else self.visit(name)
        if letter == "@":
            number = self.long()
            if not 0 <= number < len(self.objects):
                raise error("ArgumentError", "dump format error (unlinked)")
            return self.objects[number]
        if letter == "I":
            return self.value(extensions, variables=True)
        if letter == "e":
            mixin = self.module(self.symbol())
            return self.value((*extensions, mixin), variables)
        return self.object(letter, extensions, variables)

    def skip_variables(self) -> None:
        for _ in range(self.long()):
            self.symbol()
            self.value()

    def object(self, letter: str, extensions: Any, variables: bool) -> Value:
        cls: ModuleValue | None = None
        identity = False
        if letter == "C":
            cls = self.cls()
            letter = chr(self.byte())
            if letter == "C":
                self.symbol()
                letter, identity = chr(self.byte()), True
            elif cls.name == "Hash":
                cls, identity = None, True
        read = READERS.get(letter)
        if read is None:
            raise error("ArgumentError", f"dump format error(0x{ord(letter):x})")
        position = len(self.objects)
        if letter == "u" and variables:
            target, text = self.cls(), self.enter(BinaryString(self.text().decode("latin-1")))
            text = self.variables(text, position)
            del self.objects[position]
            value = self.user_load(target, text)
        else:
            value = read(self, cls)
            if variables:
                value = self.variables(value, position)
        if identity:
            value.identity = True
            value.settle()
        for mixin in reversed(extensions):
            model.mix_in(model.singleton_class(value), mixin)
        return self.done(value)

    def variables(self, value: Any, position: int) -> Any:
        """Read the instance variables of a value; its encoding is among those of a String or Regexp."""
        for _ in range(self.long()):
            name = self.symbol()
            item = self.value()
            if name == "E" or name == "encoding":
                if isinstance(value, String):
                    value = with_encoding(value, item)
                    self.objects[position] = value
            else:
                set_ivar(value, name, item)
        return value

    def bignum(self, cls: Any) -> Value:
        sign = self.byte()
        number = int.from_bytes(self.take(2 * self.long()), "little")
        return self.enter(-number if sign == ord("-") else number)

    def float(self, cls: Any) -> Value:
        text = self.text().split(b"\0")[0].decode("ascii", "replace")
        return self.enter(float(text))

    def string(self, cls: Any) -> Value:
        content = self.text().decode("latin-1")
        if cls is None:
            return self.enter(BinaryString(content))
        value = allocate(cls)
        value.s = content.encode("latin-1").decode("utf-8", "surrogateescape")
        return self.enter(value)

    def regexp(self, cls: Any) -> Value:
        from .regexp import make_regexp

        source = self.text().decode("utf-8", "surrogateescape")
        return self.enter(make_regexp(source, self.byte()))

    def array(self, cls: Any) -> Value:
        value = self.enter(Array([]) if cls is None else allocate(cls))
        for _ in range(self.long()):
            value.a.append(self.value())
        return value

    def hash(self, cls: Any, default: bool = False) -> Value:
        value = self.enter(Hash() if cls is None else allocate(cls))
        for _ in range(self.long()):
            key = self.value()
            hash_set(value, key, self.value())
        if default:
            value.default = self.value()
            value.settle()
        return value

    def hash_with_default(self, cls: Any) -> Value:
        return self.hash(cls, default=True)

    def struct(self, cls: Any) -> Value:
        target = self.cls()
        value = self.enter(allocate(target))
        places = {member.name: index for index, member in enumerate(value.members)}
        for _ in range(self.long()):
            name = self.symbol()
            item = self.value()
            if name not in places:
                raise error("TypeError", f"struct {module_name(target)} not compatible (:{name} for unknown member)")
            setattr(value, value.slots[places[name]], item)
        if target.superclass is not None and any(base.name == "Data" for base in model.ancestors(target)):
            model.freeze(value)
        return value

    def named_module(self, cls: Any) -> Value:
        return self.enter(self.module(self.text().decode("utf-8")))

    def user_dump(self, cls: Any) -> Value:
        """Read what `_dump` wrote, by the class's `_load`."""
        return self.user_load(self.cls(), BinaryString(self.text().decode("latin-1")))

    def user_load(self, target: ModuleValue, text: Any) -> Value:
        if not respond_to(target, "_load", True):
            raise error("TypeError", f"class {module_name(target)} needs to have method '_load'")
        return self.enter(send(target, ";_load", None, text))

    def user_marshal(self, cls: Any) -> Value:
        """Read what marshal_dump answered, by marshal_load."""
        target = self.cls()
        if target.name in ("Rational", "Complex"):
            return self.number_pair(target.name)
        value = self.enter(allocate(target))
        content = self.value()
        if not respond_to(value, "marshal_load", True):
            raise error("TypeError", f"instance of {module_name(target)} needs to have method 'marshal_load'")
        send(value, ";marshal_load", None, content)
        return value

    def number_pair(self, name: str) -> Value:
        position = len(self.objects)
        self.enter(None)
        first, second = self.value().a
        if name == "Rational":
            from .rational import make_rational

            made: Any = make_rational(first, second)
        else:
            from .complex import make_complex

            made = make_complex(first, second)
        self.objects[position] = made
        return made

    def plain(self, cls: Any) -> Value:
        target = self.cls()
        if target.name == "Range" or any(base.name == "Range" for base in model.ancestors(target)):
            return self.range(target)
        value = self.enter(allocate(target))
        for _ in range(self.long()):
            name = self.symbol()
            item = self.value()
            if isinstance(value, Exception_) and name in ("mesg", "bt"):
                if name == "mesg":
                    value.message = UNDEF if item is None else item
                else:
                    value.trace = item
            elif name == "@hash" and hasattr(value, "table"):
                value.table.d, value.table.keys = item.d, item.keys
            else:
                set_ivar(value, name, item)
        return value

    def range(self, target: ModuleValue) -> Value:
        position = len(self.objects)
        self.enter(None)
        parts = {}
        for _ in range(self.long()):
            name = self.symbol()
            parts[name] = self.value()
        made: Any = Range(parts.get("begin"), parts.get("end"), is_true(parts.get("excl")))
        if target.name != "Range":
            made.__class__ = model.ensure_py(target)
        self.objects[position] = made
        return made


SIMPLE: dict[str, Any] = {"0": None, "T": TRUE, "F": FALSE}
READERS: dict[str, Any] = {
    "l": Reader.bignum, "f": Reader.float, '"': Reader.string, "/": Reader.regexp, "[": Reader.array,
    "{": Reader.hash, "}": Reader.hash_with_default, "S": Reader.struct, "c": Reader.named_module,
    "m": Reader.named_module, "u": Reader.user_dump, "U": Reader.user_marshal, "o": Reader.plain,
}  # fmt: skip


def with_encoding(value: Any, flag: Value) -> Any:
    """Return a String that was read as bytes in the encoding that its variable E names: true UTF-8, false US-ASCII."""
    if not isinstance(value, BinaryString):
        return value
    text = value.s.encode("latin-1").decode("utf-8", "surrogateescape")
    return AsciiString(text) if flag is FALSE else String(text)


def source_bytes(source: Value) -> bytes:
    """Return what there is to read: the bytes of a String, or of what an IO object answers."""
    from .io import encode

    if isinstance(source, String):
        return encode(source)
    if respond_to(source, "to_str"):
        return encode(send(source, ":to_str"))
    if respond_to(source, "read") and respond_to(source, "getbyte"):
        content = send(source, ":read")
        return b"" if content is None else encode(content)
    raise error("TypeError", "instance of IO needed")


@marshal.function("load", "restore")
def load(self: Value, blk: Block, source: Value, visitor: Value = None, *, freeze: Value = FALSE) -> Value:
    data = source_bytes(source)
    visit = None
    if visitor is not None:
        visit = lambda value: send(visitor, ":call", None, value)
    reader = Reader(data, visit, is_true(freeze))
    major, minor = reader.byte(), reader.byte()
    if major != MAJOR or minor > MINOR:
        raise error(
            "TypeError",
            "incompatible marshal file format (can't be read)\n"
            f"\tformat version {MAJOR}.{MINOR} required; {major}.{minor} given",
        )
    result = reader.value()
    give_back(source, data, reader.index)
    return result


def give_back(source: Value, data: bytes, used: int) -> None:
    """Set an IO object behind the value that was read."""
    if not isinstance(source, String) and used < len(data) and respond_to(source, "pos="):
        send(source, ":pos=", None, send(source, ":pos") - (len(data) - used))
