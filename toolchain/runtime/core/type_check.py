"""The check that `--check-types` makes of a type annotation (language.md 1.10.5)."""

from __future__ import annotations

import re

from ..builtin import NativeClass, builtin_class
from ..convert import as_str
from ..errors import error
from ..frames import caller_frame
from ..hashing import hash_items
from ..model import ModuleValue, class_of, kind_of
from ..values import FALSE, TRUE, UNDEF, Array, Hash, is_true
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

metorex = NativeClass("Metorex")

BUILTIN = {
    "Int": ("Integer",), "int": ("Integer",), "Float": ("Float", "Integer"), "float": ("Float", "Integer"),
    "Str": ("String",), "str": ("String",), "string": ("String",), "Bool": ("TrueClass", "FalseClass"),
    "bool": ("TrueClass", "FalseClass"), "List": ("Array",), "list": ("Array",), "Dict": ("Hash",), "dict": ("Hash",),
    "none": ("NilClass",), "nil": ("NilClass",),
}  # fmt: skip
TOKENS = re.compile(r"[A-Za-z_:][\w:]*|[<>\[\](),|?]").findall
PARSED: dict[str, Any] = {}


@metorex.singleton("__check_type__")
def check_type(self: Value, blk: Block, value: Value, wanted: Value, what: Value) -> Value:
    """Return `value`; TypeError of the guest if it is not of the type that an annotation names."""
    text = as_str(wanted)
    parsed = PARSED.get(text)
    if parsed is None:
        tokens = TOKENS(text)
        tokens.reverse()
        parsed = PARSED[text] = union(tokens)
    if not fits(value, parsed):
        raise error("TypeError", f"expected {text} for {as_str(what)}, got {module_name(class_of(value))}")
    return value


# A type is ("name", its name, arguments) or ("or", types).


def union(tokens: list[str]) -> Any:
    """Read `A | B` from the reversed tokens."""
    parts = [single(tokens)]
    while tokens and tokens[-1] == "|":
        tokens.pop()
        parts.append(single(tokens))
    return parts[0] if len(parts) == 1 else ("or", parts)


def single(tokens: list[str]) -> Any:
    """Read one type with its arguments and its `?`."""
    token = tokens.pop()
    if token == "(":
        found: Any = union(tokens)
        tokens.pop()
    else:
        arguments = []
        if tokens and tokens[-1] in "<[":
            while tokens.pop() in "<[,":
                arguments.append(union(tokens))
        found = ("name", token, arguments)
    if tokens and tokens[-1] == "?":
        tokens.pop()
        found = ("or", [found, ("name", "nil", [])])
    return found


def fits(value: Value, wanted: Any) -> bool:
    if wanted[0] == "or":
        return any(fits(value, part) for part in wanted[1])
    _, name, arguments = wanted
    if name in BUILTIN:
        if not any(kind_of(value, builtin_class(each)) for each in BUILTIN[name]):
            return False
    elif name == "self":
        frame = caller_frame()
        return frame is None or kind_of(value, class_of(frame.self))
    elif not fits_constant(value, name):
        return False
    if isinstance(value, Array) and len(arguments) == 1:
        return all(fits(item, arguments[0]) for item in value.a)
    if isinstance(value, Hash) and len(arguments) == 2:
        return all(fits(key, arguments[0]) and fits(item, arguments[1]) for key, item in hash_items(value))
    return True


def fits_constant(value: Value, path: str) -> bool:
    """Test by `===`; a name that means nothing where the check stands fits everything."""
    from ..constants import find_const, own_const
    from ..dispatch import send
    from ..model import OBJECT

    first, *rest = path.lstrip(":").split("::")
    found: Any = UNDEF
    frame = caller_frame()
    cref = frame.cref if frame is not None and path[0] != ":" else None
    scope = cref
    while scope is not None and scope.parent is not None and found is UNDEF:
        found = own_const(scope.module, first)
        scope = scope.parent
    if found is UNDEF:
        found = find_const(cref.module if cref is not None else OBJECT, first, True, True)
    for name in rest:
        found = find_const(found, name) if isinstance(found, ModuleValue) else UNDEF
    if found is UNDEF:
        return True
    answer = send(found, ":===", None, value)
    return answer is TRUE or (answer is not FALSE and is_true(answer))
