"""Binding: a frame with its variables, as an object."""

from __future__ import annotations

from .. import hooks, variables
from ..builtin import NativeClass
from ..convert import as_name, inspect_str
from ..dispatch import MAIN
from ..errors import Raised, new_exception
from ..frames import TOP, Cref, Frame
from ..model import OBJECT
from ..values import UNDEF, Array, Object, String, sym, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class BindingObject(Object):
    """`frame`, and `names`: the variables that evals with this Binding added, name -> cell."""

    __slots__ = ("frame", "names", "place")
    mclass = None

    def __init__(self, frame: Frame, place: tuple[str, int] = ("", 0)) -> None:
        self.frame = frame
        self.names: dict[str, list[Any]] = {}
        self.place = place

    def prepare(self) -> None:
        from .method_object import refuse_new

        refuse_new(self)


binding = NativeClass("Binding")


def local_name(target: BindingObject, value: Value) -> str:
    """Return a local variable's name. NameError of the guest if it cannot be one."""
    text = as_name(value)
    if not text.isidentifier() or text[0].isupper():
        message = f"wrong local variable name '{text}' for {inspect_str(target)}"
        raise Raised(new_exception("NameError", message, name=sym(text), receiver=target))
    return text


def lookup(target: BindingObject, name: str) -> Value:
    cell = target.names.get(name)
    return variables.get(target.frame, name) if cell is None else cell[0]


@binding.method("local_variable_get")
def local_variable_get(self: BindingObject, blk: Block, name: Value) -> Value:
    text = local_name(self, name)
    value = lookup(self, text)
    if value is UNDEF:
        message = f"local variable '{text}' is not defined for {inspect_str(self)}"
        raise Raised(new_exception("NameError", message, name=sym(text), receiver=self))
    return value


@binding.method("local_variable_set")
def local_variable_set(self: BindingObject, blk: Block, name: Value, value: Value) -> Value:
    text = local_name(self, name)
    cell = self.names.get(text)
    if cell is not None:
        cell[0] = value
    elif not variables.put(self.frame, text, value):
        self.names[text] = [value]
    return value


@binding.method("local_variable_defined?")
def local_variable_defined(self: BindingObject, blk: Block, name: Value) -> Value:
    return truth(lookup(self, local_name(self, name)) is not UNDEF)


@binding.method("local_variables")
def local_variables(self: BindingObject, blk: Block) -> Value:
    names = dict.fromkeys([*self.names, *variables.names(self.frame)])
    return Array([sym(name) for name in names])


@binding.method("receiver")
def receiver(self: BindingObject, blk: Block) -> Value:
    return self.frame.self


@binding.method("source_location")
def source_location(self: BindingObject, blk: Block) -> Value:
    path, line = self.place
    if not path:
        path = self.frame.code.path
    return Array([String(path), line])


def eval_in(target: BindingObject, source: Value, args: Any) -> Value:
    """Run a text with the variables of a Binding."""
    from .module_eval import as_source, eval_place

    path, line = eval_place(args)
    return hooks.eval_string(as_source(source), target.frame, target.names, path, line)


@binding.method("eval")
def eval_(self: BindingObject, blk: Block, source: Value, path: Value = UNDEF, line: Value = UNDEF) -> Value:
    return eval_in(self, source, (path, line))


@binding.method("irb")
def irb(self: BindingObject, blk: Block) -> Value:
    return None


def top_level_binding() -> BindingObject:
    """Return the Binding of the main script's frame; before it starts (`-r`), of one without variables."""
    TOP.binding = BindingObject(TOP.frame or Frame(None, MAIN, None, None, Cref(OBJECT, None)))
    return TOP.binding


NativeClass("Object").constant("TOPLEVEL_BINDING", top_level_binding())
