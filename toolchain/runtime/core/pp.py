"""PP: the object that `pretty_print` methods of a program draw on, and the library's functions."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_hash, as_int, as_str, to_s
from ..dispatch import call_block, send
from ..hashing import hash_items
from ..model import allocate
from ..pretty import Printer, pretty, shown_variables
from ..values import UNDEF, Object, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class PPObject(Object):
    __slots__ = ("printer",)
    mclass = None

    def prepare(self) -> None:
        self.printer = Printer()


pp = NativeClass("PP")


def make_printer(printer: Printer) -> Any:
    value = allocate(pp.mod)
    value.printer = printer
    return value


@pp.singleton("pp")
def pp_(self: Value, blk: Block, value: Value, out: Value = UNDEF, width: Value = 79) -> Value:
    text = String(pretty(value, as_int(width)) + "\n")
    if out is UNDEF:
        from .kernel_output import write

        write(text.s)
        return None
    return send(out, ":<<", None, text)


@pp.singleton("singleline_pp")
def singleline(self: Value, blk: Block, value: Value, out: Value) -> Value:
    return send(out, ":<<", None, String(pretty(value, 1 << 60)))


@NativeClass("Kernel").method("pretty_inspect")
def pretty_inspect(self: Value, blk: Block) -> Value:
    return String(pretty(self) + "\n")


@pp.method("text")
def text(self: PPObject, blk: Block, value: Value, width: Value = UNDEF) -> Value:
    self.printer.text(to_s(value))
    return None


@pp.method("breakable")
def breakable(self: PPObject, blk: Block, separator: Value = UNDEF, width: Value = UNDEF) -> Value:
    self.printer.breakable(" " if separator is UNDEF else as_str(separator))
    return None


@pp.method("comma_breakable")
def comma_breakable(self: PPObject, blk: Block) -> Value:
    self.printer.text(",")
    self.printer.breakable()
    return None


@pp.method("group", block=True)
def group(self: PPObject, blk: Block, indent: Value = 0, first: Value = UNDEF, last: Value = UNDEF) -> Value:
    self.printer.group(
        as_int(indent), "" if first is UNDEF else as_str(first), "" if last is UNDEF else as_str(last), lambda: blk()
    )
    return None


@pp.method("nest", block=True)
def nest(self: PPObject, blk: Block, indent: Value) -> Value:
    self.printer.indent += as_int(indent)
    try:
        return blk()
    finally:
        self.printer.indent -= as_int(indent)


@pp.method("pp")
def show(self: PPObject, blk: Block, value: Value) -> Value:
    self.printer.show(value)
    return None


@pp.method("seplist", block=True)
def seplist(self: PPObject, blk: Block, items: Value, separator: Value = None, iterator: Value = UNDEF) -> Value:
    first = True
    name = "each" if iterator is UNDEF else iterator.name

    def visit(*args: Any) -> Any:
        nonlocal first
        if not first:
            if separator is None:
                comma_breakable(self, None)
            else:
                send(separator, ":call")
        first = False
        return call_block(blk, args, None)

    send(items, ":" + name, visit)
    return None


@pp.method("object_group", block=True)
def object_group(self: PPObject, blk: Block, value: Value) -> Value:
    from ..model import class_of
    from .module import module_name

    self.printer.group(1, f"#<{module_name(class_of(value))}", ">", lambda: blk())
    return None


@pp.method("object_address_group", block=True)
def object_address_group(self: PPObject, blk: Block, value: Value) -> Value:
    from ..convert import any_to_s

    self.printer.group(1, any_to_s(value)[:-1], ">", lambda: blk())
    return None


@pp.method("pp_object")
def pp_object(self: PPObject, blk: Block, value: Value) -> Value:
    self.printer.show_variables(value, shown_variables(value))
    return None


@pp.method("pp_hash")
def pp_hash(self: PPObject, blk: Block, table: Value) -> Value:
    pairs = hash_items(as_hash(table))
    self.printer.group(1, "{", "}", lambda: self.printer.sequence(pairs, self.printer.show_pair))
    return None


@pp.method("fill_breakable")
def fill_breakable(self: PPObject, blk: Block, separator: Value = UNDEF, width: Value = UNDEF) -> Value:
    """Break here alone if what follows does not fit: a breakable with a group of its own."""
    self.printer.group(0, "", "", lambda: breakable(self, None, separator))
    return None
