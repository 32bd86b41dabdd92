"""The natives of the library json: JSON.parse, generation and JSON::State. The rest is lib/json.rb."""

from __future__ import annotations

from ..convert import as_int, as_str
from ..dispatch import respond_to, send
from ..errors import conversion_name, error
from ..library import library_class
from ..model import ModuleValue, allocate
from ..values import FALSE, UNDEF, BinaryString, Hash, String, Symbol, is_true, truth
from .json_read import Problem, ReadOptions, guest_problem, read
from .json_write import StateObject, generate, generic, write_core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

json = library_class("JSON")
library_class("JSON::Ext")
library_class("JSON::Ext::Generator")
state = library_class("JSON::Ext::Generator::State", "Object", StateObject)
json.constant("State", state.mod)

TEXTS = ("indent", "space", "space_before", "object_nl", "array_nl")
FLAGS = ("allow_nan", "ascii_only", "script_safe", "strict")


# --- reading --------------------------------------------------------------------------------------------------------


def limit(value: Value) -> int:
    """Return a max_nesting: 0 for "none"."""
    return as_int(value) if is_true(value) else 0


def read_options(table: dict[str, Any]) -> ReadOptions:
    options = ReadOptions()
    for name, value in table.items():
        if name == "symbolize_names":
            options.symbolize = is_true(value)
        elif name == "freeze":
            options.freeze = is_true(value)
        elif name == "allow_nan":
            options.allow_nan = is_true(value)
        elif name == "allow_trailing_comma":
            options.trailing_comma = is_true(value)
        elif name == "allow_control_characters":
            options.control_characters = is_true(value)
        elif name == "max_nesting":
            options.max_nesting = limit(value)
        elif name == "object_class":
            options.object_class = plain_class(value, "Hash")
        elif name == "array_class":
            options.array_class = plain_class(value, "Array")
        elif name == "decimal_class":
            options.decimal_class = plain_class(value, "Float")
        elif name == "create_additions" and is_true(value):
            options.create_id = as_str(send(json.mod, ":create_id"))
    if options.create_id is not None and options.symbolize:
        raise error("ArgumentError", "options :symbolize_names and :create_additions cannot be  used in conjunction")
    return options


def plain_class(value: Value, name: str) -> Any:
    return None if isinstance(value, ModuleValue) and value.name == name else value


def named(table: Value) -> dict[str, Any]:
    """Return an options Hash by name; nil is none."""
    if table is None or table is UNDEF:
        return {}
    if not isinstance(table, Hash):
        for name in ("to_hash", "to_h"):
            if respond_to(table, name):
                table = send(table, f":{name}")
                break
        else:
            raise error("TypeError", f"wrong argument type {conversion_name(table)} (expected Hash)")
    return {key.name: value for key, value in table.d.items() if key.__class__ is Symbol}


@json.singleton("parse")
def parse(self: Value, blk: Block, source: Value, options: Value = None) -> Value:
    if isinstance(source, BinaryString):
        text = source.s.encode("latin-1").decode("utf-8", "surrogateescape")
    elif isinstance(source, String):
        text = source.s
    else:
        text = as_str(source)
    try:
        return read(text, read_options(named(options)))
    except Problem as problem:
        raise guest_problem(problem, text) from None


# --- writing --------------------------------------------------------------------------------------------------------


def configure(target: StateObject, table: dict[str, Any]) -> StateObject:
    for name, value in table.items():
        if name in TEXTS:
            setattr(target, name, as_str(value))
        elif name in FLAGS:
            setattr(target, name, is_true(value))
        elif name == "escape_slash":
            target.script_safe = is_true(value)
        elif name == "max_nesting":
            target.max_nesting = limit(value)
        elif name == "depth":
            target.depth = as_int(value)
        elif name == "as_json" and is_true(value):
            from ..dispatch import to_block

            target.as_json = to_block(value)
            target.strict = True
    target.settle()
    return target


def state_of(options: Value) -> StateObject:
    """Return a State for options: the one given, or a new one."""
    if isinstance(options, StateObject):
        return options
    table = named(options)
    target: StateObject = allocate(state.mod)
    return configure(target, table) if table else target


@json.singleton("generate", "unparse", "fast_generate", "fast_unparse")
def generate_(self: Value, blk: Block, value: Value, options: Value = None) -> Value:
    return generate(value, state_of(options))


@json.singleton("pretty_generate", "pretty_unparse")
def pretty_generate(self: Value, blk: Block, value: Value, options: Value = None) -> Value:
    if isinstance(options, StateObject):
        return generate(value, options)
    target: StateObject = allocate(state.mod)
    target.indent, target.space, target.object_nl, target.array_nl = "  ", " ", "\n", "\n"
    return generate(value, configure(target, named(options)))


@json.singleton("__to_json")
def to_json(self: Value, blk: Block, value: Value, options: Value) -> Value:
    """Do `value.to_json(options)` for a value of a core class or a class below it."""
    return generate(value, state_of(options), write_core)


@json.singleton("__to_s_json")
def to_s_json(self: Value, blk: Block, value: Value, options: Value) -> Value:
    """Do `value.to_json(options)` for any other object."""
    return generic(value, state_of(options))


# --- JSON::State ----------------------------------------------------------------------------------------------------


@state.private("initialize")
def initialize(self: StateObject, blk: Block, options: Value = None) -> Value:
    configure(self, named(options))
    return None


@state.singleton("from_state")
def from_state(self: Value, blk: Block, options: Value) -> Value:
    return state_of(options if isinstance(options, (StateObject, Hash)) else None)


@state.singleton("generate")
def state_generate(self: Value, blk: Block, value: Value, options: Value, io: Value = None) -> Value:
    text = generate(value, state_of(options))
    return text if io is None else send(io, ":write", None, text)


@state.method("generate")
def own_generate(self: StateObject, blk: Block, value: Value, io: Value = None) -> Value:
    text = generate(value, self)
    return text if io is None else send(io, ":write", None, text)


@state.method("configure", "merge")
def configure_(self: StateObject, blk: Block, options: Value) -> Value:
    return configure(self, named(options))


@state.method("to_h", "to_hash")
def to_h(self: StateObject, blk: Block) -> Value:
    from ..values import sym

    result = Hash()
    for name in TEXTS:
        result.d[sym(name)] = String(getattr(self, name))
    for name in FLAGS:
        result.d[sym(name)] = truth(getattr(self, name))
    result.d[sym("max_nesting")] = self.max_nesting
    result.d[sym("depth")] = self.depth
    return result


@state.method("[]")
def element(self: StateObject, blk: Block, name: Value) -> Value:
    from ..convert import as_name

    wanted = as_name(name)
    return send(self, ":" + wanted) if respond_to(self, wanted) else None


def declare_option(name: str) -> None:
    def read_option(self: StateObject, blk: Block) -> Value:
        value = getattr(self, name)
        return String(value) if value.__class__ is str else truth(value) if value.__class__ is bool else value

    def set_option(self: StateObject, blk: Block, value: Value) -> Value:
        configure(self, {name: value})
        return value

    state.method(name)(read_option)
    state.method(name + "=")(set_option)
    if name in FLAGS:
        state.method(name + "?")(read_option)


for _name in (*TEXTS, *FLAGS, "max_nesting", "depth"):
    declare_option(_name)


@state.method("check_circular?")
def checks_circular(self: StateObject, blk: Block) -> Value:
    return truth(self.max_nesting != 0) or FALSE
