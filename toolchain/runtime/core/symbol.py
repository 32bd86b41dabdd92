"""Symbol. What it shares with String is done on a String of its name."""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import send, symbol_block
from ..errors import error
from ..later import later
from ..model import singleton_class
from ..values import FALSE, SYMBOLS, TRUE, UNDEF, Array, String, Symbol, sym, truth
from .symbol_text import symbol_literal
from .text import take_away

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value
    from .encoding import encoding_value
    from .string import minus_at
else:
    later(globals(), ".string", "minus_at")
    later(globals(), ".encoding", "encoding_value")

symbol = NativeClass("Symbol")


@symbol.singleton("all_symbols")
def all_symbols(self: Value, blk: Block) -> Array:
    return Array(list(SYMBOLS.values()))


@symbol.singleton("new")
def new(self: Value, blk: Block, *args: Value) -> Value:
    """Stands for a method that Symbol has not, so that this file is loaded when it is looked up."""


take_away(singleton_class(symbol.mod), "new")


@symbol.singleton("allocate")
def allocate(self: Value, blk: Block) -> Value:
    raise error("TypeError", "allocator undefined for Symbol")


@symbol.method("to_s", "id2name")
def to_s(self: Symbol, blk: Block) -> String:
    return String(self.name)


@symbol.method("name")
def name(self: Symbol, blk: Block) -> String:
    """Return the name as a frozen String, the same one at every call."""
    return minus_at(String(self.name), None)


@symbol.method("to_sym", "intern")
def to_sym(self: Symbol, blk: Block) -> Symbol:
    return self


@symbol.method("to_proc")
def to_proc(self: Symbol, blk: Block) -> Value:
    symbol_block(self)
    return self.proc


@symbol.method("inspect")
def inspect(self: Symbol, blk: Block) -> String:
    return String(symbol_literal(self.name))


@symbol.method("==", "===")
def equals(self: Symbol, blk: Block, other: Value) -> Value:
    return TRUE if self is other else FALSE


@symbol.method("<=>")
def spaceship(self: Symbol, blk: Block, other: Value) -> Value:
    if other.__class__ is not Symbol:
        return None
    a, b = self.name, other.name
    return -1 if a < b else 1 if a > b else 0


@symbol.method("length", "size")
def length(self: Symbol, blk: Block) -> int:
    return len(self.name)


@symbol.method("empty?")
def is_empty(self: Symbol, blk: Block) -> Value:
    return truth(not self.name)


@symbol.method("[]", "slice")
def aref(self: Symbol, blk: Block, index: Value, length: Value = UNDEF) -> Value:
    if length is UNDEF:
        return send(String(self.name), ":[]", None, index)
    return send(String(self.name), ":[]", None, index, length)


@symbol.method("encoding")
def encoding(self: Symbol, blk: Block) -> Value:
    return encoding_value("US-ASCII" if self.name.isascii() else "UTF-8")


@symbol.method("upcase")
def upcase(self: Symbol, blk: Block, *options: Value) -> Symbol:
    return sym(send(String(self.name), ":upcase", None, *options).s)


@symbol.method("downcase")
def downcase(self: Symbol, blk: Block, *options: Value) -> Symbol:
    return sym(send(String(self.name), ":downcase", None, *options).s)


@symbol.method("capitalize")
def capitalize(self: Symbol, blk: Block, *options: Value) -> Symbol:
    return sym(send(String(self.name), ":capitalize", None, *options).s)


@symbol.method("swapcase")
def swapcase(self: Symbol, blk: Block, *options: Value) -> Symbol:
    return sym(send(String(self.name), ":swapcase", None, *options).s)


@symbol.method("succ", "next")
def succ(self: Symbol, blk: Block) -> Symbol:
    return sym(send(String(self.name), ":succ").s)


@symbol.method("casecmp")
def casecmp(self: Symbol, blk: Block, other: Value) -> Value:
    return send(String(self.name), ":casecmp", None, String(other.name)) if other.__class__ is Symbol else None


@symbol.method("casecmp?")
def is_casecmp(self: Symbol, blk: Block, other: Value) -> Value:
    return send(String(self.name), ":casecmp?", None, String(other.name)) if other.__class__ is Symbol else None


@symbol.method("start_with?")
def start_with(self: Symbol, blk: Block, *prefixes: Value) -> Value:
    return send(String(self.name), ":start_with?", None, *prefixes)


@symbol.method("end_with?")
def end_with(self: Symbol, blk: Block, *suffixes: Value) -> Value:
    return send(String(self.name), ":end_with?", None, *suffixes)


@symbol.method("=~")
def match_operator(self: Symbol, blk: Block, pattern: Value) -> Value:
    return send(String(self.name), ":=~", None, pattern)


@symbol.method("match", block=True)
def match(self: Symbol, blk: Block, *args: Value) -> Value:
    return send(String(self.name), ":match", blk, *args)


@symbol.method("match?")
def is_match(self: Symbol, blk: Block, *args: Value) -> Value:
    return send(String(self.name), ":match?", None, *args)
