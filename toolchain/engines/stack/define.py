"""Definitions: classes, modules, methods, aliases, class variables, `defined?`, and the regular expression globals."""

from __future__ import annotations

from ....format import operands as so
from ...runtime.constants import (
    bare_const_defined,
    const_defined,
    find_const,
    own_const,
    scoped_const_defined,
    set_const,
)
from ...runtime.dispatch import respond_to, send
from ...runtime.errors import error
from ...runtime.frames import Cref, Frame
from ...runtime.hooks import SINGLETON
from ...runtime.model import (
    OBJECT,
    PRIVATE,
    PUBLIC,
    Method,
    ModuleValue,
    add_dynamic_ivar,
    add_method,
    dispatch_class,
    find_method,
    find_super,
    new_class,
    new_module,
    singleton_class,
)
from ...runtime.values import UNDEF, String, sym
from . import blocks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .code import Code

ALWAYS_PRIVATE = ("initialize", "initialize_copy", "initialize_clone", "initialize_dup", "respond_to_missing?")


# --- classes and modules --------------------------------------------------------------------------------------------


def namespace(value: Any) -> ModuleValue:
    """Return `value` if it can hold constants. TypeError of the guest otherwise."""
    if isinstance(value, ModuleValue):
        return value
    from ...runtime.convert import inspect_str

    raise error("TypeError", f"{inspect_str(value)} is not a class/module")


def existing(frame: Frame, scope: ModuleValue | None, name: str) -> Any:
    """Return what a definition of `name` would reopen, UNDEF if nothing: the scope's own constant only (at top level
    and in Object also inherited ones)."""
    found = own_const(scope if scope is not None else frame.cref.module, name)
    if found is UNDEF and (scope is OBJECT or (scope is None and frame.cref.parent is None)):
        found = find_const(OBJECT, name)
    return found


def mismatch(parent: ModuleValue, name: str, wanted: str) -> BaseException:
    """Return the error for a definition whose constant holds something that is no `wanted`, "class" or "module"."""
    place = (parent.const_positions or OBJECT.const_positions or {}).get(name)
    where = f"\n{place[0]}:{place[1]}: previous definition of {name} was here" if place and place[0] else ""
    return error("TypeError", f"{name} is not a {wanted}{where}")


def take_scope(frame: Frame, stack: list[Any], flags: int) -> ModuleValue | None:
    if flags & so.SCOPED:
        return namespace(stack.pop())
    return OBJECT if flags & so.TOP_LEVEL else None


def define_class(frame: Frame, stack: list[Any], name: str, flags: int, index: int) -> Any:
    """DEFINE_CLASS: make or reopen a class and run its body."""
    superclass = stack.pop() if flags & so.HAS_SUPERCLASS else UNDEF
    scope = take_scope(frame, stack, flags)
    if superclass is not UNDEF and not (isinstance(superclass, ModuleValue) and superclass.is_class):
        from ...runtime.core.module import module_name
        from ...runtime.model import class_of

        place = module_name(class_of(superclass))
        raise error("TypeError", f"superclass must be an instance of Class (given an instance of {place})")
    found = existing(frame, scope, name)
    parent = scope if scope is not None else frame.cref.module
    if found is not UNDEF:
        cls = found
        if not isinstance(cls, ModuleValue) or not cls.is_class:
            raise mismatch(parent, name, "class")
        if superclass is not UNDEF and cls.superclass is not superclass:
            raise error("TypeError", f"superclass mismatch for class {name}")
    else:
        base = OBJECT if superclass is UNDEF else superclass
        if base.attached is not None:
            raise error("TypeError", "can't make subclass of singleton class")
        if base.name == "Class":
            raise error("TypeError", "can't make subclass of Class")
        cls = new_class(base, None, parent)
        set_const(parent, name, cls)
        notify(base, "inherited", cls)
    return run_body(frame, cls, index)


def define_module(frame: Frame, stack: list[Any], name: str, flags: int, index: int) -> Any:
    """DEFINE_MODULE: make or reopen a module and run its body."""
    scope = take_scope(frame, stack, flags)
    found = existing(frame, scope, name)
    if found is not UNDEF:
        mod = found
        if not isinstance(mod, ModuleValue) or mod.is_class:
            raise mismatch(scope if scope is not None else frame.cref.module, name, "module")
    else:
        parent = scope if scope is not None else frame.cref.module
        mod = new_module(None, parent)
        set_const(parent, name, mod)
    return run_body(frame, mod, index)


def define_singleton(frame: Frame, value: Any, index: int) -> Any:
    """DEFINE_SINGLETON: run the body of `class << value`."""
    return run_body(frame, singleton_class(value), index)


def run_body(frame: Frame, mod: ModuleValue, index: int) -> Any:
    from .loop import run

    code = frame.code.unit.code(index)
    note_ivars(mod, code.function.ivars)
    if code.instructions is None:
        code.decode()
    inner = Frame(code, mod, None, None, Cref(mod, frame.cref))
    slots: list[Any] = [None] * code.local_count
    for slot in code.cells:
        slots[slot] = [None]
    inner.locals = slots
    result = code.unit.run_body(inner)
    return run(inner, code, slots) if result is NotImplemented else result


def note_ivars(mod: ModuleValue, names: list[str]) -> None:
    """Let the layout of future instances of `mod` have slots for `names`; existing layouts get dynamic ones."""
    for name in names:
        if name not in mod.ivar_names:
            mod.ivar_names.append(name)
            if mod.py is not None and mod.is_class and mod.attached is None:
                add_dynamic_ivar(mod.py, name)


def notify(receiver: Any, hook: str, *args: Any) -> None:
    """Call a hook method such as `inherited` if the program defines it."""
    entry = find_method(dispatch_class(receiver), hook)
    if entry is not None and not entry.native:
        entry.fn(receiver, None, *args)


# --- methods --------------------------------------------------------------------------------------------------------


def definee_of(frame: Frame) -> ModuleValue:
    """Return where `def` defines; in instance_eval that is self's singleton class, made now."""
    if frame.definee is SINGLETON:
        frame.definee = singleton_class(frame.self)
    return frame.definee


def define_method(frame: Frame, name: str, index: int) -> Any:
    """DEFINE_METHOD, DEFINE_FUNCTION: `def name` with the frame's definee and default visibility."""
    definee = definee_of(frame)
    visibility = frame.visibility
    if name in ALWAYS_PRIVATE:
        visibility = PRIVATE
    if definee.is_frozen:
        from ...runtime.errors import frozen_error

        raise frozen_error(definee)
    entry = Method(name, None, definee, visibility)
    entry.fn = frame.code.unit.make_method(index, frame.cref, entry)
    add_method(definee, entry)
    if frame.module_function:
        single = singleton_class(definee)
        add_method(single, entry.copy(single, visibility=PUBLIC))
    if definee.attached is not None:
        notify(definee.attached, "singleton_method_added", sym(name))
    else:
        notify(definee, "method_added", sym(name))
    return sym(name)


def define_singleton_method(frame: Frame, target: Any, name: str, index: int) -> Any:
    """DEFINE_SINGLETON_METHOD: `def target.name`."""
    if getattr(target.__class__, "is_frozen", True) and target is not None:
        from ...runtime.errors import frozen_error

        raise (
            frozen_error(target)
            if target.__class__ not in (int, float)
            else error("TypeError", "can't define singleton")
        )
    definee = singleton_class(target)
    entry = Method(name, None, definee, PUBLIC)
    entry.fn = frame.code.unit.make_method(index, frame.cref, entry)
    add_method(definee, entry)
    notify(target, "singleton_method_added", sym(name))
    return sym(name)


def define_runtime(
    frame: Frame, code: Code, slots: list[Any], upvalues: list[list[Any]], pc: int, name: str, index: int
) -> Any:
    """DEFINE_METHOD_RUNTIME: `define_method(:name) { ... }`, by way of the method, which may have been redefined."""
    block = blocks.build_block(frame, code, slots, upvalues, pc, index, so.LAMBDA_BLOCK)
    return send(frame.self, ";define_method", block, sym(name))


def alias_method(frame: Frame, new: str, old: str) -> None:
    """ALIAS: another name for a method of the definee."""
    send(definee_of(frame), ";alias_method", None, sym(new), sym(old))


def undef_method(frame: Frame, name: str) -> None:
    """UNDEF: the definee's instances no longer answer `name`."""
    send(definee_of(frame), ";undef_method", None, sym(name))


def get_class_variable(frame: Frame, name: str) -> Any:
    from ...runtime.class_vars import lookup_class_variable

    return lookup_class_variable(frame.cref, name)


def set_class_variable(frame: Frame, name: str, value: Any) -> None:
    from ...runtime.class_vars import set_class_variable as assign

    assign(frame.cref, name, value)


# --- defined? -------------------------------------------------------------------------------------------------------


def defined(frame: Frame, stack: list[Any], kind: int, name: str) -> Any:
    """DEFINED: what `defined?` answers for the simple forms, nil if undefined."""
    if kind == so.DEFINED_IVAR:
        return describe("instance-variable", hasattr(frame.self, name))
    if kind == so.DEFINED_GLOBAL:
        from ...runtime.globals import global_defined

        return describe("global-variable", global_defined(name))
    if kind == so.DEFINED_CVAR:
        from ...runtime.class_vars import class_variable_defined

        return describe("class variable", class_variable_defined(frame.cref, name))
    if kind == so.DEFINED_CONST:
        return describe("constant", bare_const_defined(frame.cref, name))
    if kind == so.DEFINED_TOP_CONST:
        return describe("constant", const_defined(OBJECT, name))
    if kind == so.DEFINED_SCOPED_CONST:
        return describe("constant", scoped_const_defined(stack.pop(), name))
    if kind == so.DEFINED_FUNCTION:
        return describe("method", respond_to(frame.self, name, True))
    if kind == so.DEFINED_METHOD:
        return describe("method", respond_to(stack.pop(), name))
    if kind == so.DEFINED_YIELD:
        return describe("yield", frame.blk is not None)
    method = frame.method
    return describe(
        "super", method is not None and find_super(dispatch_class(frame.self), method.owner, method.name) is not None
    )


def describe(text: str, condition: bool) -> Any:
    return String(text) if condition else None


# --- regular expressions, special values ----------------------------------------------------------------------------


def make_regexp(source: str, flags: int) -> Any:
    from ...runtime.core.regexp import make_regexp as make

    return make(source, flags)


def special(code: Code, kind: int) -> Any:
    """LOAD_SPECIAL."""
    if kind == so.SPECIAL_FILE:
        return String(code.path)
    from ...runtime.globals import get_global

    return get_global(so.SPECIAL_KINDS[kind])


def match_group(number: int) -> Any:
    """LOAD_GROUP: `$1`, `$2`, ..."""
    from ...runtime.globals import get_global

    return get_global(f"${number}")


def own_ast(code: Code) -> Any:
    """GET_AST: the tree of the running function."""
    raise error("NotImplementedError", "GET_AST is reserved for code as object")


def breakpoint_hook(frame: Frame, code: Code, pc: int) -> None:
    """BREAKPOINT: hand over to `breakpoint_handler` if a debugger has set one."""
    if breakpoint_handler is not None:
        breakpoint_handler(frame, code, pc)


breakpoint_handler: Any = None
