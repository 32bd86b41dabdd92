"""How native iterators and block functions fit together.

A block function takes what is yielded and sorts it out itself, so `blk(Array([key, value]))` is always right where
Ruby yields one pair. Making that Array costs more than the call: where a block is known to take it apart, an iterator
passes the two values. An engine says so by attributes of the block function:

    `params_count`   of a block: how many positional parameters it takes apart one Array into, 0 or 1 if it does not;
                     of a lambda: the negative number of its positional parameters

Generated functions need no attribute, `co_argcount` says the same: a block has a rest parameter for what is too
much, a lambda has none.
"""

from __future__ import annotations

from .later import later
from .model import PRIM_CLASSES, PUBLIC, find_method
from .values import Array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .core.enumerator import make_enumerator
    from .values import Block, Function, Symbol, Value
else:
    later(globals(), ".core.enumerator", "make_enumerator")


# Code object of a generated closure, by its key (frames.py) -> (function -> what its attribute `info` would be).
DESCRIBERS: dict[int, Any] = {}


# Code object (code_key) of a generated closure -> (function, self) -> the same closure with another self, or None if it
# takes more than that (its description's `rebind` knows).
SWAPS: dict[int, Any] = {}


def block_info(blk: Block) -> Any:
    """Return the engine's description of a block function (hooks.py), None for native ones."""
    info = getattr(blk, "info", None)
    if info is None and blk is not None:
        describe = DESCRIBERS.get(id(getattr(blk, "__code__", None)))
        if describe is not None:
            info = blk.info = describe(blk)
    return info


def params_count(blk: Block) -> int:
    """Return how many values `blk` takes one Array apart into; negative for a lambda."""
    try:
        return int(blk.params_count)
    except AttributeError:
        pass
    code = getattr(blk, "__code__", None)
    if code is None:
        return 0
    count = int(code.co_argcount)
    return count if code.co_flags & 4 else -count


def takes_two(blk: Block) -> bool:
    """Return whether `blk(a, b)` means the same as `blk(Array([a, b]))`: a block, not a lambda, of two or more."""
    return params_count(blk) >= 2


def spreads(blk: Block) -> bool:
    """Return whether an Array of two is passed on as two arguments by those methods that spread it for lambdas too."""
    count = params_count(blk)
    return count >= 2 or count <= -2


def pack(args: tuple[Any, ...]) -> Value:
    """Return the one value for what `each` yielded: nil for nothing, an Array for several."""
    if len(args) == 1:
        return args[0]
    return Array(list(args)) if args else None


MANY = 6  # elements for which it pays to look for the method first


def answers(blk: Block, items: list[Any]) -> list[Any]:
    """Return what the block answers for each element."""
    symbol = getattr(blk, "symbol", None) if len(items) >= MANY else None
    if symbol is not None:
        kind = items[0].__class__
        function = method_of(kind, symbol)
        every = BATCHES.get(function)
        if every is not None and len(set(map(type, items))) == 1:
            found: list[Any] = every(items)
            return found
        if function is not None:
            return [function(item, None) if item.__class__ is kind else blk(item) for item in items]
    return [blk(item) for item in items]


# Native method without arguments -> what does the same for a list of receivers of one host class.
BATCHES: dict[Any, Callable[[list[Any]], list[Any]]] = {}


def method_of(host: type, symbol: Symbol) -> Any:
    """Return the function of the public method that all instances of a host class answer `&symbol` with, None if there
    is no such function."""
    cls = PRIM_CLASSES.get(host)
    if cls is None:
        function = getattr(host, symbol.public, None)
        return function if function.__class__ is FUNCTION else None
    entry = find_method(cls, symbol.name)
    return entry.fn if entry is not None and entry.visibility == PUBLIC else None


FUNCTION = method_of.__class__


def enum_for(receiver: Value, method: str, *args: Value, size: Any = None) -> Value:
    """Return the Enumerator for an iterator that got no block (core/enumerator.py, loaded when first needed)."""
    return make_enumerator(receiver, method, *args, size=size)


def renamed(fn: Function, old: str, new: str) -> Function:
    """Return a copy of the iterator `fn` whose Enumerator says `new`: Ruby's `collect` and `map` are two methods."""
    code = fn.__code__
    consts = tuple([new if const == old and const.__class__ is str else const for const in code.co_consts])
    function: Any = fn.__class__
    copy: Function = function(code.replace(co_consts=consts), fn.__globals__, new, fn.__defaults__, fn.__closure__)
    copy.__kwdefaults__ = fn.__kwdefaults__
    return copy
