"""Parameters and arity of methods, blocks and native functions.

A guest function describes itself (`format.chunk.Parameters` and the names of its first slots). Of a native one only the
Python signature is known: required positional parameters, or "any" once one is optional, as for methods of Ruby that
are written in C.
"""

from __future__ import annotations

from .values import Array, Symbol, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .model import Method

REST, KEYREST, NO_KEYWORDS, BLOCK_PARAM = 1, 2, 4, 8  # as in format/chunk.py
NUMBERED = 0x20


def guest_parameters(function: Any, is_lambda: bool) -> list[tuple[str, str]]:
    """Return (kind, name) a parameter of a chunk, as `Method#parameters` lists them."""
    parameters = function.parameters
    names = list(function.local_names)
    flags = parameters.flags
    slot = 0

    def name() -> str:
        nonlocal slot
        text: str = names[slot] if slot < len(names) else ""
        slot += 1
        return text

    required = "req" if is_lambda else "opt"
    result = [(required, name()) for _ in range(parameters.required)]
    if function.flags & NUMBERED and parameters.required == 1 and result[0][1] in ("it", ""):
        result = [(required, "")]
    result += [("opt", name()) for _ in range(parameters.optional)]
    if flags & REST:
        result.append(("rest", name() or "*"))
    result += [(required, name()) for _ in range(parameters.post)]
    keywords = []
    for keyword, needed in parameters.keywords:
        slot += 1
        keywords.append(("keyreq" if needed else "key", keyword))
    keywords.sort(key=lambda pair: pair[0] == "key")
    result += keywords
    if flags & KEYREST:
        result.append(("keyrest", name() or "**"))
    elif flags & NO_KEYWORDS:
        result.append(("nokey", ""))
    if flags & BLOCK_PARAM:
        result.append(("block", name() or "&"))
    return result


def guest_arity(function: Any, is_lambda: bool) -> int:
    """Return the arity of a chunk. Blocks that are no lambdas may leave optional arguments out of the count."""
    parameters = function.parameters
    low: int = parameters.required + parameters.post
    high = low + parameters.optional + bool(parameters.keywords or parameters.flags & KEYREST)
    low += any(needed for _, needed in parameters.keywords)
    if parameters.flags & REST:
        return -low - 1
    return low if not is_lambda or low == high else -low - 1


def native_signature(fn: Any, hidden: int) -> tuple[int, bool]:
    """Return how many positional arguments a Python function needs and whether it takes more. `hidden` ones lead."""
    fn = getattr(fn, "__func__", fn)
    code = fn.__code__
    defaults = len(fn.__defaults__ or ())
    required = code.co_argcount - defaults - hidden
    more = bool(defaults or code.co_flags & 0x0C or code.co_kwonlyargcount)
    return required, more


def native_parameters(fn: Any, hidden: int) -> list[tuple[str, str]]:
    required, more = native_signature(fn, hidden)
    return [("rest", "")] if more else [("req", "")] * required


def native_arity(fn: Any, hidden: int) -> int:
    required, more = native_signature(fn, hidden)
    return -1 if more else required


def method_parameters(entry: Method) -> list[tuple[str, str]]:
    """Return the (kind, name) list of a method."""
    if entry.code is not None:
        return guest_parameters(entry.code.function, True)
    if entry.accessor:
        return [] if entry.accessor == "reader" else [("req", "_" if entry.native else "")]
    return native_parameters(entry.fn, 2)


def method_arity(entry: Method) -> int:
    if entry.code is not None:
        return guest_arity(entry.code.function, True)
    if entry.accessor:
        return 0 if entry.accessor == "reader" else 1
    return native_arity(entry.fn, 2)


def block_parameters(f: Any, info: Any, is_lambda: bool) -> list[tuple[str, str]]:
    """Return the (kind, name) list of a block function. `info`: its BlockInfo, a Symbol, a Method object or None."""
    if info.__class__ is Symbol:
        return [("req", ""), ("rest", "")]
    entry = getattr(info, "entry", None)
    if entry is not None:
        return method_parameters(entry)
    if info is not None:
        return guest_parameters(info.function, is_lambda)
    return native_parameters(f, 0)


def block_arity(f: Any, info: Any, is_lambda: bool) -> int:
    if info.__class__ is Symbol:
        return -2
    entry = getattr(info, "entry", None)
    if entry is not None:
        return method_arity(entry)
    if info is not None:
        return guest_arity(info.function, is_lambda)
    return native_arity(f, 0)


def parameter_array(kinds: list[tuple[str, str]]) -> Array:
    """Return the Array that `parameters` answers."""
    return Array([Array([sym(kind), sym(name)] if name else [sym(kind)]) for kind, name in kinds])
