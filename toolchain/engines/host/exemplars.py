"""Exemplars: values seen where a function stands when it is first called, as hints for its translation.

A method is translated at its first call, when its receiver and arguments are at hand: so an expression like `@rows[i]`
has an exemplar, the value that it had then. It decides which of several right ways is tried first, never what is
right. An expression without an exemplar has UNSEEN; nil tells as little.
"""

from __future__ import annotations

from ...runtime import builtin
from ...runtime.model import OBJECT, PRIM_CLASSES, dispatch_class, find_method
from ...runtime.values import UNDEF, Array, BasicObject, Hash, Range, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNSEEN = UNDEF
AN_ARRAY, A_HASH, A_STRING, AN_INTEGER = Array([]), Hash(), String(""), 0  # where only the class is known
# What methods of built-in classes return, by their names.
RESULTS = {
    name: value
    for value, names in (
        (
            AN_ARRAY,
            "to_a map collect flat_map sort sort_by split chars bytes codepoints lines keys values flatten uniq",
        ),
        (AN_ARRAY, "uniq compact transpose zip scan take drop shuffle rotate"),
        (A_HASH, "tally group_by to_h transform_values"),
        (A_STRING, "to_s join upcase downcase strip chomp gsub sub tr ljust rjust format"),
        (AN_INTEGER, "size length to_i ord index"),
    )
    for name in names.split()
}
BUILT_IN = {Array: "Array", Hash: "Hash", String: "String", Symbol: "Symbol", Range: "Range"}


class Instance:
    """The exemplar of an instance of a class of which none was seen."""

    __slots__ = ("cls",)

    def __init__(self, cls: Any) -> None:
        self.cls = cls


def class_of(value: Any) -> Any:
    """Return the class that answers the messages to an exemplar."""
    return value.cls if value.__class__ is Instance else dispatch_class(value)


def kind(value: Any) -> str:
    """Return "Array", "Hash", "String", "Symbol", "Range", "int", "float", "object" for an object of a class of the
    program, or "" where the exemplar tells nothing."""
    host = value.__class__
    if value is UNSEEN or value is None:
        return ""
    if host is int or host is float:
        return str(host.__name__)
    found = "String" if host is String.frozen_py else BUILT_IN.get(host)
    if found is None and (host is Instance or isinstance(value, BasicObject)):
        cls = value.cls if host is Instance else host.mclass
        while cls is not None and builtin.MADE.get(cls.name) is not cls:
            cls = cls.superclass
        found = "object" if cls is OBJECT else ""
    return found or ""


def variable(value: Any, name: str) -> Any:
    """Return the exemplar of instance variable `name` of an object."""
    if value is UNSEEN or value.__class__ in PRIM_CLASSES:
        return UNSEEN
    return getattr(value, name, UNSEEN)


def element(value: Any) -> Any:
    """Return the exemplar of what an Array holds."""
    if value.__class__ is Array:
        return next((item for item in value.a[:8] if item is not None), UNSEEN)
    return UNSEEN


def result(name: str, receiver: Any) -> Any:
    """Return the exemplar of what method `name` of a receiver with this exemplar returns."""
    if name in ("dup", "clone", "freeze"):
        return receiver
    return UNSEEN if kind(receiver) == "object" else RESULTS.get(name, UNSEEN)


def has_attribute(value: Any, name: str) -> bool:
    """Return whether `name` is an attribute method of an object of the program."""
    entry = find_method(class_of(value), name)
    return entry is not None and bool(entry.accessor) and not entry.visibility


def attribute(value: Any, name: str) -> Any:
    """Return the exemplar of `value.name`, if that only reads an instance variable."""
    if value is UNSEEN or value.__class__ in PRIM_CLASSES:
        return UNSEEN
    entry = find_method(class_of(value), name)
    if entry is None or entry.accessor != "reader":
        return UNSEEN
    return variable(value, entry.ivar)
