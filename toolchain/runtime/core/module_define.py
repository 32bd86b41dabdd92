"""Module: methods that define, rename and remove methods."""

from __future__ import annotations

from .. import hooks
from ..builtin import NativeClass
from ..convert import as_name
from ..dispatch import block_proc, send
from ..errors import Raised, error, new_exception
from ..model import Method, ModuleValue, add_method, class_of, delete_method, own_method
from ..values import UNDEF, Proc, Symbol, sym
from .module import (
    check_frozen,
    default_visibility,
    hook_method,
    method_added,
    module_name,
    searched,
    undefined_method,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

module = NativeClass("Module")


# --- define_method --------------------------------------------------------------------------------------------------


@module.method("define_method", block=True)
def define_method(self: ModuleValue, blk: Block, name: Value, body: Value = UNDEF) -> Value:
    text = as_name(name)
    if body is UNDEF:
        if blk is None:
            raise error("ArgumentError", "tried to create Proc object without a block")
        body = block_proc(blk)
    entry = method_from(self, text, body)
    entry.visibility = default_visibility(self)
    put_method(self, entry)
    return sym(text)


def put_method(mod: ModuleValue, entry: Method) -> None:
    """Add a method that a program defined, and call the hook."""
    check_frozen(mod)
    if entry.name in ("initialize", "initialize_copy", "initialize_clone", "initialize_dup", "respond_to_missing?"):
        entry.visibility = 1
    add_method(mod, entry)
    method_added(mod, entry.name)


def method_from(mod: ModuleValue, name: str, body: Value) -> Method:
    """Return the method of `mod` with the body of a Proc, Method or UnboundMethod."""
    if isinstance(body, Proc):
        return method_from_proc(mod, name, body)
    from .method_object import MethodObject, UnboundMethodObject

    if isinstance(body, (MethodObject, UnboundMethodObject)):
        source = body.entry
        owner = source.owner
        if owner.is_class and mod is not owner and not is_below(mod, owner):
            if owner.attached is not None:
                raise error("TypeError", "can't bind singleton method to a different class")
            raise error("TypeError", f"bind argument must be a subclass of {module_name(owner)}")
        entry = source.copy(mod, name)
        entry.original_name = name
        if isinstance(body, MethodObject) and body.missing:
            recv, missing_name = body.recv, sym(body.entry.name)
            fn = body.entry.fn
            entry.fn = lambda self, blk, *args: fn(recv, blk, missing_name, *args)
        return entry
    made = method_from_node(mod, name, body)
    if made is not None:
        return made
    raise error("TypeError", f"wrong argument type {module_name(class_of(body))} (expected Proc/Method/UnboundMethod)")


def method_from_node(mod: ModuleValue, name: str, body: Value) -> Method | None:
    """Return the method that a syntax tree node describes, None if `body` is none."""
    make = getattr(hooks, "make_method_from_node", None)
    return None if make is None else make(body, name, mod)


def is_below(mod: ModuleValue, owner: ModuleValue) -> bool:
    from ..model import ancestors

    return owner in ancestors(mod)


def method_from_proc(mod: ModuleValue, name: str, body: Proc) -> Method:
    """Return the method with the body of a Proc: a block of the program is bound to the receiver at each call."""
    from .proc import block_info

    info = block_info(body)
    entry = Method(name, None, mod)
    if hasattr(info, "rebind"):
        entry.fn = hooks.make_method_from_block(info, name, mod)
        entry.code = getattr(info, "code", None)
        shared = getattr(entry.fn, "entries", None)
        if shared is not None:
            shared.append(entry)
        return entry
    f = body.f
    if info.__class__ is Symbol:
        attr = info.public

        def call_symbol(self: Any, blk: Any, *args: Any) -> Any:
            return send(self, attr, blk, *args)

        entry.fn = call_symbol
        return entry

    def call_native(self: Any, blk: Any, *args: Any) -> Any:
        return f(*args)

    entry.fn = call_native
    return entry


# --- alias, remove, undefine ----------------------------------------------------------------------------------------


@module.method("alias_method")
def alias_method(self: ModuleValue, blk: Block, new: Value, old: Value) -> Value:
    new_text, old_text = as_name(new), as_name(old)
    check_frozen(self)
    source = searched(self, old_text)
    # The owner stays: `super` in the body goes on from where the method was written.
    entry = source.copy(source.owner, new_text)
    add_method(self, entry)
    method_added(self, new_text)
    return sym(new_text)


@module.method("remove_method")
def remove_method(self: ModuleValue, blk: Block, *names: Value) -> Value:
    for name in names:
        text = as_name(name)
        check_frozen(self)
        entry = own_method(self, text)
        if entry is None or entry.fn is None:
            message = f"method '{text}' not defined in {module_name(self)}"
            raise Raised(new_exception("NameError", message, name=sym(text), receiver=self))
        delete_method(self, text)
        hook_method(self, text, "method_removed", "singleton_method_removed")
    return self


@module.method("undef_method")
def undef_method(self: ModuleValue, blk: Block, *names: Value) -> Value:
    for name in names:
        text = as_name(name)
        check_frozen(self)
        try:
            searched(self, text)
        except Raised:
            raise undefined_method(self, text) from None
        add_method(self, Method(text, None, self))
        hook_method(self, text, "method_undefined", "singleton_method_undefined")
    return self


@module.private("ruby2_keywords")
def ruby2_keywords(self: ModuleValue, blk: Block, *names: Value) -> Value:
    return None


@module.private("refine", block=True)
def refine(self: ModuleValue, blk: Block, target: Value) -> Value:
    from ..refinements import refinement_of
    from .module_eval import run_block

    if blk is None:
        raise error("ArgumentError", "no block given")
    if not isinstance(target, ModuleValue):
        name = module_name(class_of(target))
        raise error("TypeError", f"wrong argument type {name} (expected Class or Module)")
    refinement = refinement_of(self, target)
    run_block(blk, refinement, refinement, ())
    return refinement


@module.private("using")
def using(self: ModuleValue, blk: Block, maker: Value) -> Value:
    from ..frames import caller_frame
    from ..refinements import use

    if not isinstance(maker, ModuleValue) or maker.is_class:
        raise error("TypeError", f"wrong argument type {module_name(class_of(maker))} (expected Module)")
    frame = caller_frame()
    if frame is not None:
        use(frame, maker)
    return self


@module.private("import_methods")
def import_methods(self: ModuleValue, blk: Block, *modules: Value) -> Value:
    for mod in modules:
        for name, entry in mod.methods.items():
            add_method(self, entry.copy(self, name))
    return self
