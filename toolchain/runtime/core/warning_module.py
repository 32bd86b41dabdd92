"""Warning: what warnings go through, and which categories of them are on."""

from __future__ import annotations

from ..builtin import NativeClass
from ..errors import error
from ..model import class_of
from ..values import UNDEF, Array, String, Symbol, is_true, sym, truth
from ..warnings import CATEGORIES, write_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

warning = NativeClass("Warning")


def category_name(value: Value) -> str:
    if value.__class__ is not Symbol:
        raise error("TypeError", f"wrong argument type {class_of(value).name} (expected Symbol)")
    if value.name not in CATEGORIES:
        raise error("ArgumentError", f"unknown category: {value.name}")
    return str(value.name)


@warning.singleton("[]")
def get(self: Value, blk: Block, category: Value) -> Value:
    return truth(CATEGORIES[category_name(category)])


@warning.singleton("[]=")
def put(self: Value, blk: Block, category: Value, flag: Value) -> Value:
    CATEGORIES[category_name(category)] = is_true(flag)
    return flag


@warning.singleton("categories")
def categories(self: Value, blk: Block) -> Value:
    return Array([sym(name) for name in CATEGORIES])


@warning.function("warn")
def warn(self: Value, blk: Block, message: Value, *, category: Value = UNDEF) -> Value:
    if category is not UNDEF and category is not None and not CATEGORIES[category_name(category)]:
        return None
    if not isinstance(message, String):
        raise error("TypeError", f"wrong argument type {class_of(message).name} (expected String)")
    write_error(message.s)
    return None
