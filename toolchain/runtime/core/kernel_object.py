"""What every object answers: identity, equality, class, freezing, instance variables, send, to_s and inspect.

Copying is in kernel_copy.py, lists of methods in kernel_reflect.py, instance_eval in kernel_eval.py.
"""

from __future__ import annotations

from .. import model
from ..builtin import NativeClass
from ..convert import address, any_to_s, as_name, equal, inspect_str
from ..dispatch import MISSING, no_method, respond_to, send, send_keywords
from ..errors import Raised, error, frozen_error, new_exception
from ..model import PRIM_CLASSES, ModuleValue, class_of, dispatch_class, find_method, kind_of
from ..operators import OPERATORS
from ..values import FALSE, SYMBOLS, TRUE, UNDEF, Array, String, Symbol, is_true, sym, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

basic = NativeClass("BasicObject")
kernel = NativeClass("Kernel")


# --- identity and equality ------------------------------------------------------------------------------------------


@basic.method("!")
def not_(self: Value, blk: Block) -> Value:
    return TRUE if self is FALSE or self is None else FALSE


def same(a: Value, b: Value) -> bool:
    """Return whether a.equal?(b): one object, which equal Integers and equal Floats are."""
    return a is b or (a.__class__ is b.__class__ and (a.__class__ is int or a.__class__ is float) and a == b)


@basic.method("==")
def equal_value(self: Value, blk: Block, other: Value) -> Value:
    return TRUE if same(self, other) else FALSE


@basic.method("equal?")
def equal_identity(self: Value, blk: Block, other: Value) -> Value:
    if self is other:
        return TRUE
    if self.__class__ is int and not -(2**62) <= self < 2**62:  # big ones are objects of their own
        return FALSE
    return TRUE if same(self, other) else FALSE


@basic.method("!=")
def not_equal(self: Value, blk: Block, other: Value) -> Value:
    return FALSE if is_true(OPERATORS["EQ"](self, other)) else TRUE


@kernel.method("eql?")
def eql(self: Value, blk: Block, other: Value) -> Value:
    return TRUE if same(self, other) else FALSE


@kernel.method("===")
def case_equal(self: Value, blk: Block, other: Value) -> Value:
    return TRUE if same(self, other) or equal(self, other) else FALSE


@kernel.method("<=>")
def compare(self: Value, blk: Block, other: Value) -> Value:
    return 0 if same(self, other) or equal(self, other) else None


@kernel.method("!~")
def no_match(self: Value, blk: Block, other: Value) -> Value:
    return FALSE if is_true(send(self, ":=~", None, other)) else TRUE


@kernel.method("hash")
def hash_(self: Value, blk: Block) -> Value:
    return hash(("object", id(self))) if self.__class__ not in PRIM_CLASSES else hash((self.__class__, self))


class Ids:
    """Numbers that object_id answers: handed out on demand, forgotten with the object."""

    def __init__(self) -> None:
        self.last = 0
        self.numbers: dict[int, tuple[Any, int]] = {}

    def number(self, value: Any) -> int:
        import weakref

        key = id(value)
        found = self.numbers.get(key)
        if found is not None and found[0]() is value:
            return found[1]
        self.last += 8

        def forget(_: Any) -> None:
            self.numbers.pop(key, None)

        self.numbers[key] = (weakref.ref(value, forget), self.last)
        return self.last


IDS = Ids()


def object_number(value: Value) -> int:
    """Return `value.object_id`."""
    if value.__class__ is int:
        return 2 * int(value) + 1
    if value is None:
        return 8
    if value is TRUE:
        return 20
    if value is FALSE:
        return 0
    if value.__class__ is float:
        return hash(("float", value)) & 0x3FFFFFFFFFFFFFFE | 2
    return IDS.number(value)


@basic.method("__id__")
def id_(self: Value, blk: Block) -> Value:
    return object_number(self)


@kernel.method("object_id")
def object_id(self: Value, blk: Block) -> Value:
    return object_number(self)


# --- class ----------------------------------------------------------------------------------------------------------


@kernel.method("class")
def class_(self: Value, blk: Block) -> Value:
    return class_of(self)


@kernel.method("singleton_class")
def singleton_class(self: Value, blk: Block) -> Value:
    return model.singleton_class(self)


def as_module(value: Value) -> ModuleValue:
    if not isinstance(value, ModuleValue):
        raise error("TypeError", "class or module required")
    return value


@kernel.method("is_a?", "kind_of?")
def is_a(self: Value, blk: Block, mod: Value) -> Value:
    return TRUE if kind_of(self, as_module(mod)) else FALSE


@kernel.method("instance_of?")
def instance_of(self: Value, blk: Block, mod: Value) -> Value:
    return TRUE if class_of(self) is as_module(mod) else FALSE


@kernel.method("nil?")
def is_nil(self: Value, blk: Block) -> Value:
    return TRUE if self is None else FALSE


@kernel.method("extend")
def extend(self: Value, blk: Block, *modules: Value) -> Value:
    from .module import mix_all

    if self.__class__ not in PRIM_CLASSES and self.__class__.is_frozen:
        raise frozen_error(self)
    mix_all(self, modules, "extend_object", "extended")
    return self


# --- freezing -------------------------------------------------------------------------------------------------------


@kernel.method("freeze")
def freeze(self: Value, blk: Block) -> Value:
    return model.freeze(self)


@kernel.method("frozen?")
def is_frozen(self: Value, blk: Block) -> Value:
    return TRUE if model.is_frozen(self) else FALSE


# --- sending --------------------------------------------------------------------------------------------------------


def method_attr(prefix: str, name: Value) -> str:
    """Return the attribute name of the method that `name` (Symbol or String) means."""
    if name.__class__ is String:  # most often there is a Symbol, whose strings Python's caches of attributes know
        name = SYMBOLS.get(name.s, name)
    if name.__class__ is Symbol:
        attr: str = name.own if prefix == ";" else name.public
        return attr
    if name is UNDEF:
        raise error("ArgumentError", "no method name given")
    return prefix + as_name(name)


@kernel.method("send", block=True)
def send_(self: Value, blk: Block, name: Value = UNDEF, *args: Value, **keywords: Value) -> Value:
    attr = method_attr(";", name)
    if keywords:
        return send_keywords(self, attr, blk, args, keywords)
    return send(self, attr, blk, *args)


basic.method("__send__", block=True)(send_)


@kernel.method("public_send", block=True)
def public_send(self: Value, blk: Block, name: Value = UNDEF, *args: Value, **keywords: Value) -> Value:
    attr = method_attr(":", name)
    if keywords:
        return send_keywords(self, attr, blk, args, keywords)
    return send(self, attr, blk, *args)


@kernel.method("respond_to?")
def responds(self: Value, blk: Block, name: Value, include_all: Value = FALSE) -> Value:
    text = name.name if name.__class__ is Symbol else as_name(name)
    return TRUE if respond_to(self, text, include_all is not FALSE and include_all is not None) else FALSE


@kernel.private("respond_to_missing?")
def respond_to_missing(self: Value, blk: Block, name: Value, include_all: Value) -> Value:
    return FALSE


@basic.private("method_missing")
def method_missing(self: Value, blk: Block, name: Value, *args: Value, **keywords: Value) -> Value:
    """Raise NoMethodError: what a `super` in a program's method_missing reaches."""
    text = as_name(name)
    entry = find_method(dispatch_class(self), text)
    variable_like = MISSING[2] and MISSING[0] is self and MISSING[1] == text
    raise no_method(self, text, args, entry, variable_like)


@basic.private("singleton_method_added", "singleton_method_removed", "singleton_method_undefined")
def ignore(self: Value, blk: Block, name: Value) -> Value:
    return None


# --- passing oneself on ---------------------------------------------------------------------------------------------


def no_block() -> Raised:
    return error("LocalJumpError", "no block given (yield)")


@kernel.method("itself")
def itself(self: Value, blk: Block) -> Value:
    return self


@kernel.method("tap", block=True)
def tap(self: Value, blk: Block) -> Value:
    if blk is None:
        raise no_block()
    blk(self)
    return self


@kernel.method("then", "yield_self", block=True)
def then(self: Value, blk: Block) -> Value:
    if blk is None:
        from .enumerator import make_enumerator

        return make_enumerator(self, "then", size=1)
    return blk(self)


# --- instance variables ---------------------------------------------------------------------------------------------


def ivar_name(value: Value) -> str:
    """Return an instance variable's name, with its @. NameError of the guest if it is none."""
    if value in IVAR_NAMES:
        return IVAR_NAMES[value]
    text = as_name(value)
    if text[:1] != "@" or not text[1:].isidentifier():
        raise Raised(
            new_exception("NameError", f"'{text}' is not allowed as an instance variable name", name=sym(text))
        )
    if value.__class__ is Symbol:
        IVAR_NAMES[value] = text
    return text


IVAR_NAMES: dict[Any, str] = {}  # Symbols that were found to be some


@kernel.method("instance_variable_get")
def instance_variable_get(self: Value, blk: Block, name: Value) -> Value:
    return model.get_ivar(self, ivar_name(name))


@kernel.method("instance_variable_set")
def instance_variable_set(self: Value, blk: Block, name: Value, value: Value) -> Value:
    model.set_ivar(self, ivar_name(name), value)
    return value


@kernel.method("instance_variable_defined?")
def instance_variable_defined(self: Value, blk: Block, name: Value) -> Value:
    return truth(hasattr(self, ivar_name(name)))


@kernel.method("remove_instance_variable")
def remove_instance_variable(self: Value, blk: Block, name: Value) -> Value:
    ivar = ivar_name(name)
    if model.is_frozen(self):
        raise frozen_error(self)
    value = getattr(self, ivar, UNDEF)
    if value is UNDEF:
        text = f"instance variable {ivar} not defined"
        raise Raised(new_exception("NameError", text, name=sym(ivar), receiver=self))
    model.remove_ivar(self, ivar)
    return value


@kernel.method("instance_variables")
def instance_variables(self: Value, blk: Block) -> Value:
    host = self.__class__
    pairs = IVAR_SYMBOLS.get(host)
    if pairs is None or getattr(self, "extra", None) is not None:
        if host not in PRIM_CLASSES and host.singleton is None:
            IVAR_SYMBOLS[host] = [(ivar, sym(ivar)) for ivar in getattr(host, "layout", ())]
        return Array([sym(ivar) for ivar in model.ivar_names(self)])
    return Array([symbol for ivar, symbol in pairs if hasattr(self, ivar)])


# Host class -> its instance variables with slots, and their Symbols.
IVAR_SYMBOLS: dict[Any, list[tuple[str, Symbol]]] = {}


# --- text -----------------------------------------------------------------------------------------------------------


@kernel.method("to_s")
def to_s(self: Value, blk: Block) -> Value:
    return String(any_to_s(self))


@kernel.private("instance_variables_to_inspect")
def instance_variables_to_inspect(self: Value, blk: Block) -> Value:
    return None


# Objects whose `inspect` is running: an object inside of itself is shown by its class only.
INSPECTING: list[Any] = []


def inspected_names(value: Value) -> list[str]:
    """Return the instance variables that `inspect` shows."""
    names = model.ivar_names(value)
    if not names:
        return names
    hook = find_method(dispatch_class(value), "instance_variables_to_inspect")
    if hook is None or hook.native:
        return names
    wanted = hook.fn(value, None)
    if wanted is None:
        return names
    if not isinstance(wanted, Array):
        text = "Expected #instance_variables_to_inspect to return an Array or nil, but it returned "
        raise error("TypeError", text + (class_of(wanted).name or ""))
    allowed = {as_name(item) for item in wanted.a if item.__class__ is Symbol}
    return [name for name in names if name in allowed]


@kernel.method("inspect")
def inspect(self: Value, blk: Block) -> Value:
    names = inspected_names(self)
    if not names:
        return String(any_to_s(self))
    from .module import module_name

    head = f"#<{module_name(class_of(self))}:{address(self)}"
    if any(self is active for active in INSPECTING):
        return String(head + " ...>")
    INSPECTING.append(self)
    try:
        parts = [f"{name}={inspect_str(model.get_ivar(self, name))}" for name in names]
    finally:
        INSPECTING.pop()
    return String(f"{head} {', '.join(parts)}>")


@kernel.method("display")
def display(self: Value, blk: Block, port: Value = UNDEF) -> Value:
    from ..convert import to_s as text_of
    from .kernel_output import write

    if port is UNDEF:
        write(text_of(self))
    else:
        send(port, ":write", None, self)
    return None
