"""Method and UnboundMethod."""

from __future__ import annotations

from ....format import chunk as ck
from .. import hooks, model
from ..builtin import NativeClass
from ..convert import as_int, inspect_str
from ..dispatch import accepts_keywords, call_function, to_block
from ..errors import error
from ..hashing import make_hash, wrapped_key
from ..later import later
from ..model import PRIM_CLASSES, Method, ModuleValue, class_of, dispatch_class, find_super, kind_of
from ..reflection import method_arity, method_parameters, parameter_array
from ..values import UNDEF, Array, Object, String, sym, truth
from .kernel_control import lambda_proc
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..dispatch import no_method
    from ..values import Block, Value
    from .proc import as_callable, check_curry, compose, curried
else:
    later(globals(), "..dispatch", "no_method")
    later(globals(), ".proc", "check_curry", "curried", "as_callable", "compose")


class MethodObject(Object):
    """`entry` of `recv`, found in the lookup of `cls`. `missing`: there is no such method, method_missing takes it."""

    __slots__ = ("recv", "entry", "cls", "missing", "block")
    mclass = None
    key_maker = wrapped_key

    recv: Any
    entry: Method
    cls: ModuleValue
    missing: bool
    block: Any

    @staticmethod
    def make(recv: Any, entry: Method, cls: ModuleValue, missing: bool = False) -> MethodObject:
        result = MethodObject()
        result.recv, result.entry, result.cls, result.missing, result.block = recv, entry, cls, missing, None
        return result

    def prepare(self) -> None:
        refuse_new(self)


class UnboundMethodObject(Object):
    """`entry`, found in the lookup of `cls`."""

    __slots__ = ("entry", "cls")
    mclass = None
    key_maker = wrapped_key

    entry: Method
    cls: ModuleValue

    @staticmethod
    def make(entry: Method, cls: ModuleValue) -> UnboundMethodObject:
        result = UnboundMethodObject()
        result.entry, result.cls = entry, cls
        return result

    def prepare(self) -> None:
        refuse_new(self)


def refuse_new(value: Any) -> None:
    """Raise for `new`: these objects come from other methods only."""
    raise no_method(class_of(value), "new", ())


method = NativeClass("Method")
unbound = NativeClass("UnboundMethod")


# --- calling --------------------------------------------------------------------------------------------------------


def call_method(target: Any, blk: Block, args: Any, keywords: dict[str, Any]) -> Value:
    """Call a Method object."""
    entry = target.entry
    if target.missing:
        args = (sym(entry.name), *args)
    if keywords:
        return call_function(entry.fn, (target.recv, blk, *args), keywords)
    return entry.fn(target.recv, blk, *args)


@method.method("call", "()", "===", "[]", block=True)
def call(self: MethodObject, blk: Block, *args: Value, **keywords: Value) -> Value:
    if keywords or self.missing:
        return call_method(self, blk, args, keywords)
    fn = self.entry.fn
    return fn(self.recv, blk, args[0]) if len(args) == 1 else fn(self.recv, blk, *args)


@method.method("to_proc")
def to_proc(self: MethodObject, blk: Block) -> Value:
    if self.block is None:
        entry, recv = self.entry, self.recv

        def block(*args: Any) -> Any:
            return entry.fn(recv, None, *args)

        def with_keywords(*args: Any, **keywords: Any) -> Any:
            return call_method(self, None, args, keywords)

        self.block = lambda_proc(with_keywords if self.missing or takes_keywords(entry) else block, self)
    return self.block


def takes_keywords(entry: Method) -> bool:
    """Return whether a method has keyword parameters; else it gets keywords as a Hash."""
    if entry.code is None:
        return accepts_keywords(entry.fn)
    parameters = entry.code.function.parameters
    return bool(parameters.keywords or parameters.flags & ck.KEYREST)


@method.method("curry")
def curry(self: MethodObject, blk: Block, count: Value = UNDEF) -> Value:
    own = method_arity(self.entry)
    needed = (-own - 1 if own < 0 else own) if count is UNDEF else as_int(count)
    if count is not UNDEF:
        check_curry(own, needed)
    return curried(to_block(to_proc(self, None)), needed, (), True)


@method.method(">>")
def then(self: MethodObject, blk: Block, other: Value) -> Value:
    return compose(to_block(to_proc(self, None)), as_callable(other), True)


@method.method("<<")
def after(self: MethodObject, blk: Block, other: Value) -> Value:
    return compose(as_callable(other), to_block(to_proc(self, None)), True)


@method.method("unbind")
def unbind(self: MethodObject, blk: Block) -> Value:
    return UnboundMethodObject.make(self.entry, self.cls)


@method.method("receiver")
def receiver(self: MethodObject, blk: Block) -> Value:
    return self.recv


def check_bind(target: UnboundMethodObject, recv: Value) -> None:
    owner = target.entry.owner
    if owner.is_class and not kind_of(recv, owner):
        if owner.attached is not None:
            raise error("TypeError", "singleton method called for a different object")
        raise error("TypeError", f"bind argument must be an instance of {module_name(owner)}")


def bound_entry(target: UnboundMethodObject, recv: Value) -> Method:
    check_bind(target, recv)
    if recv.__class__ in PRIM_CLASSES and target.entry.code is not None:
        return model.prim_view(target.entry)
    return target.entry


@unbound.method("bind")
def bind(self: UnboundMethodObject, blk: Block, recv: Value) -> Value:
    return MethodObject.make(recv, bound_entry(self, recv), dispatch_class(recv))


@unbound.method("bind_call", block=True)
def bind_call(self: UnboundMethodObject, blk: Block, recv: Value, *args: Value, **keywords: Value) -> Value:
    entry = bound_entry(self, recv)
    if keywords:
        return call_function(entry.fn, (recv, blk, *args), keywords)
    return entry.fn(recv, blk, *args)


# --- what both answer -----------------------------------------------------------------------------------------------


def name(self: Any, blk: Block) -> Value:
    return sym(self.entry.name)


def original_name(self: Any, blk: Block) -> Value:
    return sym(self.entry.original_name)


def owner(self: Any, blk: Block) -> Value:
    return self.entry.owner


def arity(self: Any, blk: Block) -> Value:
    return -1 if getattr(self, "missing", False) else method_arity(self.entry)


def parameters(self: Any, blk: Block) -> Value:
    if getattr(self, "missing", False):
        return parameter_array([("rest", "")])
    return parameter_array(method_parameters(self.entry))


def source_location(self: Any, blk: Block) -> Value:
    code = self.entry.code
    return None if code is None else Array([String(code.path), code.line])


def annotations_(self: Any, blk: Block) -> Value:
    return annotation_hash(self.entry.code)


def annotation_hash(code: Any) -> Value:
    """Return what `annotations` answers for a method or Proc with an engine's code, None for a native one."""
    types = {} if code is None else hooks.types_of(code)[0]
    return make_hash([(sym(name), String(text)) for name, text in types.items()])


def super_method(self: Any, blk: Block) -> Value:
    entry = find_super(self.cls, self.entry.owner, self.entry.name)
    if entry is None:
        return None
    if isinstance(self, MethodObject):
        return MethodObject.make(self.recv, entry, self.cls)
    return UnboundMethodObject.make(entry, self.cls)


def same_entry(a: Method, b: Method) -> bool:
    """Return whether two entries are one method: the same body defined in the same place, aliases included."""
    return a is b or (a.fn is b.fn and a.owner is b.owner)


def equals(self: Any, blk: Block, other: Value) -> Value:
    if other.__class__ is not self.__class__ and not isinstance(other, (MethodObject, UnboundMethodObject)):
        return truth(False)
    if isinstance(self, MethodObject):
        return truth(isinstance(other, MethodObject) and self.recv is other.recv
                     and same_entry(self.entry, other.entry))  # fmt: skip
    return truth(isinstance(other, UnboundMethodObject) and same_entry(self.entry, other.entry))


def hash_(self: Any, blk: Block) -> Value:
    return hash(("method", id(getattr(self, "recv", None)), id(self.entry.fn)))


def parameter_text(entry: Method) -> str:
    """Return the parameter list that `inspect` shows."""
    parts = []
    kinds = [("rest", "")] if entry.fn is None else method_parameters(entry)
    for kind, text in kinds:
        if kind == "req":
            parts.append(text or "_")
        elif kind == "opt":
            parts.append((text or "_") + "=...")
        elif kind == "rest":
            parts.append("*" + (text if text != "*" else ""))
        elif kind == "keyreq":
            parts.append(text + ":")
        elif kind == "key":
            parts.append(text + ": ...")
        elif kind == "keyrest":
            parts.append("**" + (text if text != "**" else ""))
        elif kind == "nokey":
            parts.append("**nil")
        elif kind == "block":
            parts.append("&" + (text if text != "&" else ""))
    if parts[-3:] == ["*", "**", "&"]:
        parts[-3:] = ["..."]
    return ", ".join(parts)


def inspect(self: Any, blk: Block) -> Value:
    entry = self.entry
    kind = module_name(class_of(self))
    holder = entry.owner
    if isinstance(self, MethodObject):
        cls = class_of(self.recv)
        if holder.attached is not None and holder.attached is self.recv:
            place = inspect_str(self.recv) + "."
        elif holder.attached is not None:
            place = f"{inspect_str(self.recv)}.{entry.name}({module_name(holder.attached)})."
            return String(f"#<{kind}: {inspect_str(self.recv)}.{entry.name}({parameter_text(entry)}){where(entry)}>")
        elif cls is holder:
            place = module_name(cls) + "#"
        else:
            place = f"{module_name(cls)}({module_name(holder)})#"
    else:
        place = module_name(holder) + "#"
    shown = entry.name
    if entry.original_name != entry.name:
        shown += f"({entry.original_name})"
    return String(f"#<{kind}: {place}{shown}({parameter_text(entry)}){where(entry)}>")


def where(entry: Method) -> str:
    return "" if entry.code is None else f" {entry.code.path}:{entry.code.line}"


for _names, _fn in (
    (("name",), name),
    (("original_name",), original_name),
    (("owner",), owner),
    (("arity",), arity),
    (("parameters",), parameters),
    (("source_location",), source_location),
    (("super_method",), super_method),
    (("annotations",), annotations_),
    (("==", "eql?"), equals),
    (("hash",), hash_),
    (("inspect", "to_s"), inspect),
):
    method.method(*_names)(_fn)
    unbound.method(*_names)(_fn)
