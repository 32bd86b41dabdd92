"""The methods of `main`: what a class body can do, for the top level of a program, where it is about Object."""

from __future__ import annotations

from ..builtin import NativeClass
from ..dispatch import send
from ..model import OBJECT, PRIVATE, PUBLIC
from ..values import UNDEF, String
from .module import change_visibility

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

main = NativeClass("main.")


@main.method("to_s", "inspect")
def to_s(self: Value, blk: Block) -> Value:
    return String("main")


@main.private("public")
def public(self: Value, blk: Block, *names: Value) -> Value:
    return change_visibility(OBJECT, names, PUBLIC)


@main.private("private")
def private(self: Value, blk: Block, *names: Value) -> Value:
    return change_visibility(OBJECT, names, PRIVATE)


@main.private("include")
def include(self: Value, blk: Block, *modules: Value) -> Value:
    return send(OBJECT, ":include", None, *modules)


@main.private("using")
def using(self: Value, blk: Block, refinement: Value) -> Value:
    send(OBJECT, ";using", None, refinement)
    return self


@main.private("define_method", block=True)
def define_method(self: Value, blk: Block, name: Value, body: Value = UNDEF) -> Value:
    if body is UNDEF:
        return send(OBJECT, ":define_method", blk, name)
    return send(OBJECT, ":define_method", blk, name, body)
