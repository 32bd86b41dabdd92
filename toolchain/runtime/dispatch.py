"""Sending messages: the one way by which native code and engines call methods.

Fast path: the host attribute `:name` (or `;name` on self). Everything else goes through `slow_send`: prims, natives
that are not loaded, method_missing, visibility errors, and the error when there is no such method.
"""

from __future__ import annotations

from . import hashing
from .cloning import clone
from .errors import Fresh, Raised, class_text, frozen_error, new_exception
from .frames import SYMBOL_BLOCKS, code_key
from .hashing import hash_set
from .model import (
    BASIC_OBJECT,
    OBJECT,
    PRIM_CLASSES,
    PRIVATE,
    PROTECTED,
    PUBLIC,
    WORLD,
    ModuleValue,
    class_of,
    dispatch_class,
    find_method,
    kind_of,
)
from .values import FALSE, SYMBOLS, TRUE, UNDEF, Array, Hash, Proc, String, Symbol, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .model import Method
    from .values import Value


def send(recv: Value, attr: str, blk: Any = None, *args: Any) -> Any:
    """Call the method `attr` (":name" as with an explicit receiver, ";name" as on self) with positional arguments."""
    if recv.__class__ in PRIM_CLASSES:
        entry = find_method(PRIM_CLASSES[recv.__class__], attr[1:])
        if entry is not None and entry.visibility == PUBLIC:
            return entry.fn(recv, blk, *args)
        return slow_send(recv, attr, blk, args, None)
    f = getattr(recv, attr, None)
    return slow_send(recv, attr, blk, args, None) if f is None else f(blk, *args)


hashing.send = send


def send_keywords(recv: Value, attr: str, blk: Any, args: Any, keywords: dict[str, Any]) -> Any:
    """Call a method with keyword arguments."""
    if not keywords:
        return send(recv, attr, blk, *args)
    entry = find_method(dispatch_class(recv), attr[1:])
    if entry is not None and (entry.visibility == PUBLIC or attr[0] == ";") and not entry.mutates:
        return call_function(entry.fn, (recv, blk, *args), keywords)
    return slow_send(recv, attr, blk, args, keywords)


def accepts_keywords(fn: Any) -> bool:
    """Return whether the host function takes keyword arguments; else they go to it as a trailing Hash."""
    code = fn.__code__
    return bool(code.co_kwonlyargcount or code.co_flags & 8)


def call_function(fn: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Call a host function with all its arguments (hidden ones included) and Metorex keywords."""
    if not keywords:
        return fn(*args)
    if not accepts_keywords(fn):
        return fn(*args, keywords_hash(keywords))
    try:
        return fn(*args, **keywords)
    except TypeError as failure:
        if REBINDERS and failure.__traceback__.tb_next is None:  # type: ignore[union-attr]
            rebound = REBINDERS[0](fn)
            if rebound is not None:
                return rebound(*args, **keywords)
        raise


# What an engine offers for functions that refused keywords: function -> the same method by all rules, or None.
REBINDERS: list[Any] = []


def plain_table(pairs: dict[Any, Any]) -> Hash:
    """Return a new Hash over a dict that nobody else has, whose keys (Symbols, Integers) stand for themselves."""
    table = new_object(Hash)
    table.d = pairs
    table.keys = {}
    table.default = table.default_proc = table.fallback = None
    table.identity = False
    table.iterating = 0
    return table


new_object: Any = object.__new__


def keywords_hash(keywords: dict[str, Any]) -> Hash:
    """Return the Hash of keyword arguments that a callee without keyword parameters receives."""
    table = new_object(Hash)
    pairs = table.d = {}
    table.keys = {}
    table.default = table.default_proc = table.fallback = None
    table.identity = False
    table.iterating = 0
    try:
        for name in keywords:
            pairs[SYMBOLS[name]] = keywords[name]
    except KeyError:  # an odd one, or the first of its name
        pairs.clear()
        for name, value in keywords.items():
            if name[:1] == ODD_KEYWORD:
                hash_set(table, keyword_key(name), value)
            else:
                pairs[SYMBOLS.get(name) or sym(name)] = value
    return table


# Python's keyword names are strings. A key that is a String or an Integer (`f("a" => 1)`) travels under a name that
# starts with this mark; other keys that are no Symbols make the whole Hash a positional argument.
ODD_KEYWORD = "\0"


def keyword_name(key: Value) -> str | None:
    """Return the Python keyword name for a key of a keyword Hash, None if it cannot be one."""
    if key.__class__ is Symbol:
        return str(key.name)
    if isinstance(key, String):
        return f"{ODD_KEYWORD}s{key.s}"
    if key.__class__ is int:
        return f"{ODD_KEYWORD}i{key}"
    return None


ODD_KEYS: dict[str, Any] = {}


def odd_keyword(key: Value) -> str:
    """Return a Python keyword name for a key of `**hash` that `keyword_name` has none for; the key stays alive."""
    name = f"{ODD_KEYWORD}o{hashing.hash_code(key)}:{id(key)}"
    ODD_KEYS[name] = key
    return name


def keyword_key(name: str) -> Value:
    """Return the key for a Python keyword name."""
    if name[:1] != ODD_KEYWORD:
        return sym(name)
    if name[1] == "o":
        return ODD_KEYS[name]
    return String(name[2:]) if name[1] == "s" else int(name[2:])


def call_block(blk: Any, args: Any, keywords: dict[str, Any] | None) -> Any:
    """Call a bare block function."""
    if keywords:
        return call_function(blk, tuple(args), keywords)
    return blk(*args)


# The last call that a program's method_missing was given: receiver, name, whether it was a bare identifier. A `super`
# in method_missing raises by it.
MISSING: list[Any] = [None, "", False]


def slow_send(
    recv: Value,
    attr: str,
    blk: Any,
    args: Any,
    keywords: dict[str, Any] | None,
    caller: Any = UNDEF,
    variable_like: bool = False,
) -> Any:
    """Send when the host attribute was not there. `caller` is the sender's self, for protected methods."""
    name = attr[1:]
    cls = dispatch_class(recv)
    entry = find_method(cls, name)
    if entry is not None:
        visible = entry.visibility == PUBLIC or attr[0] == ";"
        if not visible and entry.visibility == PROTECTED and caller is not UNDEF:
            visible = kind_of(caller, entry.owner)
        if visible:
            if entry.mutates and entry.native and recv.__class__ not in PRIM_CLASSES and recv.is_frozen:
                raise frozen_error(recv)
            if keywords:
                return call_function(entry.fn, (recv, blk, *args), keywords)
            return entry.fn(recv, blk, *args)
    missing = find_method(cls, "method_missing")
    if missing is not None and missing.owner is not BASIC_OBJECT:
        MISSING[:] = (recv, name, variable_like)
        if keywords:
            return call_function(missing.fn, (recv, blk, sym(name), *args), keywords)
        return missing.fn(recv, blk, sym(name), *args)
    raise no_method(recv, name, args, entry, variable_like)


def no_method(recv: Value, name: str, args: Any, entry: Method | None = None, variable_like: bool = False) -> Raised:
    """Return NoMethodError (or NameError for a bare identifier) for a failed call; `entry` is what is not visible."""
    place = receiver_text(recv)
    if entry is not None and entry.visibility == PRIVATE:
        text = f"private method '{name}' called for {place}"
    elif entry is not None and entry.visibility == PROTECTED:
        text = f"protected method '{name}' called for {place}"
    elif variable_like:
        exc = new_exception(
            "NameError", f"undefined local variable or method '{name}' for {place}", name=sym(name), receiver=recv
        )
        return Fresh(exc)
    else:
        text = f"undefined method '{name}' for {place}"
    return Fresh(new_exception("NoMethodError", text, name=sym(name), receiver=recv, args=Array(list(args))))


def receiver_text(value: Value) -> str:
    """Return how NoMethodError calls a receiver."""
    if value is None:
        return "nil"
    if value is TRUE:
        return "true"
    if value is FALSE:
        return "false"
    if isinstance(value, ModuleValue):
        from .core.module import module_name

        return ("class " if value.is_class else "module ") + module_name(value)
    if value is MAIN:
        return "main"
    if value.__class__ not in PRIM_CLASSES and value.__class__.singleton is not None:
        from .convert import any_to_s

        return any_to_s(value)
    return "an instance of " + (class_of(value).name or class_text(value))


def respond_to(value: Value, name: str, include_private: bool = False) -> bool:
    """Return whether `value` answers `name`, as `respond_to?` without overridden hooks of its own does."""
    cls = dispatch_class(value)
    entry = find_method(cls, name)
    if entry is not None:
        return entry.visibility == PUBLIC or include_private
    hook = find_method(cls, "respond_to_missing?")
    if hook is not None and not hook.native:
        answer = hook.fn(value, None, sym(name), TRUE if include_private else FALSE)
        return answer is not FALSE and answer is not None
    return False


# --- blocks and Procs -----------------------------------------------------------------------------------------------


def block_proc(blk: Any) -> Any:
    """Return the Proc for a bare block function, always the same one; nil for None."""
    if blk is None:
        return None
    proc = getattr(blk, "proc", None)
    if proc is None:
        proc = blk.proc = Proc(blk)
    return proc


def fresh_proc(blk: Any) -> Any:
    """Return the Proc for a bare block function that only one place wants as a value; nil for None.

    The function does not know its Proc unless it did so before, or until it is passed on: see `bare`.
    """
    if blk is None:
        return None
    known = getattr(blk, "proc", None)
    return Proc(blk) if known is None else known


def bare(proc: Proc) -> Any:
    """Return the function of a Proc that is passed as a block: whoever makes it a Proc again gets this one.

    Only from here on does the function know its Proc: the two would be garbage for the collector only.
    """
    function = proc.f
    if getattr(function, "proc", None) is None:
        function.proc = proc
    return function


def to_block(value: Value) -> Any:
    """Return the bare block function for the value of `&value`. TypeError of the guest if it is not convertible."""
    host = value.__class__
    if host is Proc:
        return bare(value)
    if host is Symbol:
        proc = value.proc
        return symbol_block(value) if proc is None else proc.f
    if value is None:
        return None
    if isinstance(value, Proc):
        return bare(value)
    if respond_to(value, "to_proc"):
        proc = send(value, ":to_proc")
        if isinstance(proc, Proc):
            return bare(proc)
        raise Raised(
            new_exception(
                "TypeError",
                f"can't convert {class_of(value).name} to Proc ({class_of(value).name}#to_proc gives"
                f" {class_of(proc).name})",
            )
        )
    raise Raised(new_exception("TypeError", f"no implicit conversion of {class_of(value).name} into Proc"))


def symbol_block(symbol: Symbol) -> Any:
    """Return the block function of `&:name`."""
    proc = symbol.proc
    if proc is None:
        attr, name = symbol.public, symbol.name
        known: dict[Any, Any] = {}  # class of numbers and nil -> the native function that answers
        version = -1

        def call(recv: Any = UNDEF, *args: Any, **keywords: Any) -> Any:
            if args or keywords or recv.__class__ in PRIM_CLASSES:
                return general(recv, args, keywords)
            try:
                return recv.METHOD(None)
            except AttributeError:
                if getattr(recv, attr, None) is not None:
                    raise
                return general(recv, args, keywords)

        def general(recv: Any, args: Any, keywords: Any) -> Any:
            nonlocal version
            if recv is UNDEF:
                raise Raised(new_exception("ArgumentError", "no receiver given"))
            if keywords:
                return send_keywords(recv, attr, None, args, keywords)
            host = recv.__class__
            if host in PRIM_CLASSES:
                if version != WORLD.methods:
                    version = WORLD.methods
                    known.clear()
                f = known.get(host)
                if f is None:
                    entry = find_method(PRIM_CLASSES[host], name)
                    if entry is None or entry.visibility != PUBLIC:
                        return slow_send(recv, attr, None, args, None)
                    f = known[host] = entry.fn
                return f(recv, None, *args)
            f = getattr(recv, attr, None)
            return slow_send(recv, attr, None, args, None) if f is None else f(None, *args)

        function = clone(call, {"METHOD": attr})
        SYMBOL_BLOCKS.add(code_key(function.__code__))
        proc = symbol.proc = function.proc = Proc(function, True, symbol)
        function.symbol = symbol
    return proc.f


# The object `main`; boot of the object class sets its to_s. Nobody knows its instance variables when its host class is
# made, so it has slots for some. (A dict of its own would make all calls of methods of the script take longer.)
_SLOTS = tuple(f"i{number}" for number in range(12))
MAIN = type("Object", (OBJECT.py,), {"__slots__": _SLOTS, "spare": _SLOTS})()
