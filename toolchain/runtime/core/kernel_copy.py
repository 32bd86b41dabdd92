"""dup and clone."""

from __future__ import annotations

from .. import model
from ..builtin import NativeClass
from ..cloning import clone as cloned
from ..dispatch import send
from ..errors import error, frozen_error
from ..model import PRIM_CLASSES, WORLD, ModuleValue, class_of, dispatch_class, find_method
from ..values import FALSE, TRUE, UNDEF, Hash, String, Symbol
from .hash import duplicate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..model import Method
    from ..values import Block, Value

kernel = NativeClass("Kernel")

# Host class -> the fields of the runtime that a copy takes over (instance variables are not among them).
FIELDS: dict[type, list[str]] = {}


def host_fields(host: type) -> list[str]:
    """Return the names of the slots of `host` that hold the runtime's own data."""
    names = FIELDS.get(host)
    if names is None:
        names = []
        for base in host.__mro__:
            slots = base.__dict__.get("__slots__", ())
            names += [slot for slot in ((slots,) if isinstance(slots, str) else slots)
                      if slot not in ("extra", "__weakref__") and not is_ivar_slot(slot)]  # fmt: skip
        FIELDS[host] = names
    return names


def is_ivar_slot(slot: str) -> bool:
    """Return whether a slot holds an instance variable, which `layout` lists under its own name."""
    return slot[0] == "i" and slot[1:].isdigit()


def plain_host(host: Any) -> type:
    """Return the host class of unfrozen objects without a singleton class that `host` derives from."""
    while "frozen_of" in host.__dict__ or "singleton" in host.__dict__:
        host = host.__bases__[0]
    result: type = host
    return result


PLAIN_HOSTS: dict[type, Any] = {}  # host class -> what `plain_host` answers


def copy_object(source: Any) -> Any:
    """Return an unfrozen object with the same fields and instance variables; containers have lists of their own."""
    host: Any = PLAIN_HOSTS.get(source.__class__)
    if host is None:
        host = plain_host(source.__class__)
        if source.__class__.singleton is None:
            PLAIN_HOSTS[source.__class__] = host
    copy = host.__new__(host)
    for field in FIELDS.get(host) or host_fields(host):
        try:
            value = getattr(source, field)
        except AttributeError:
            continue
        setattr(copy, field, 0 if field == "iterating" else own(value))  # nobody walks over a copy yet
    for ivar in host.layout:
        try:
            setattr(copy, ivar, getattr(source, ivar))
        except AttributeError:
            pass
    try:
        extra = source.extra
    except AttributeError:
        return copy
    if extra:
        copy.extra = dict(extra)
    return copy


CONTAINERS = (list, dict, set, bytearray)
# Host classes of objects whose copies need no method called, with the version of methods that this was found for.
UNWATCHED: dict[type, int] = {}


def is_copied(entry: Method) -> bool:
    """Return whether an initializer does nothing that `copy_object` has not done."""
    return entry.owner is kernel.mod or (entry.native and entry.owner.name in ("Array", "Hash", "String", "Struct"))


def copy_watched(self: Any, copy: Any) -> None:
    """Call the program's or the class's own `initialize_dup` or `initialize_copy`, if there is one."""
    if not is_unwatched(self.__class__, copy):
        call_initializer(copy, self, "initialize_dup")


def is_unwatched(host: Any, copy: Any) -> bool:
    """Return whether copies of instances of a host class need no method called; `copy` is one."""
    if UNWATCHED.get(host) == WORLD.methods:
        return True
    cls = dispatch_class(copy)
    names = ("initialize_dup", "initialize_copy", "initialize_clone")
    if host.singleton is not None or not all(
        (entry := find_method(cls, name)) is None or is_copied(entry) for name in names
    ):
        return False
    UNWATCHED[host] = WORLD.methods
    return True


def is_immediate(value: Value) -> bool:
    """Return whether a copy of `value` is the value itself."""
    return value.__class__ in PRIM_CLASSES or value.__class__ is Symbol or value is TRUE or value is FALSE


def call_initializer(copy: Value, source: Value, hook: str, **keywords: Value) -> None:
    """Run initialize_dup or initialize_clone, and by it initialize_copy, as far as they are not Kernel's own."""
    cls = dispatch_class(copy)
    entry = find_method(cls, hook)
    if entry is not None and not entry.native:
        if keywords:
            from ..dispatch import call_function

            call_function(entry.fn, (copy, None, source), keywords)
        else:
            entry.fn(copy, None, source)
        return
    entry = find_method(cls, "initialize_copy")
    if entry is not None and entry.owner is not kernel.mod:
        entry.fn(copy, None, source)


def copy_text(self: String) -> String:
    return String(self.s)


# Plain objects without instance variables beside their slots are copied by these, while no method needs to be called.
# `note_copies` adds those of classes of the program.
COPIERS: dict[type, Any] = {Hash: duplicate, String: copy_text}


@kernel.method("dup")
def dup(self: Value, blk: Block) -> Value:
    host = self.__class__
    copier = COPIERS.get(host)
    if copier is not None and UNWATCHED.get(host) == WORLD.methods and getattr(self, "extra", None) is None:
        return copier(self)
    if is_immediate(self):
        return self
    if isinstance(self, ModuleValue):
        copy: Any = copy_module(self)
        call_initializer(copy, self, "initialize_dup")
    else:
        copy = copy_object(self)
        copy_watched(self, copy)
        if self.__class__ in UNWATCHED:
            note_copies(self.__class__)
    return copy


# Host class -> how often instances were copied.
COPIES: dict[type, int] = {}
MANY_COPIES = 16


def note_copies(host: Any) -> None:
    """Count a copy of an object that needs no method called; after many, its class gets a function for that."""
    COPIES[host] = count = COPIES.get(host, 0) + 1
    if count < MANY_COPIES or host in COPIERS:
        return
    plain: Any = plain_host(host)
    if any(base.__dict__.get("spare") for base in plain.__mro__):
        return  # more variables may follow
    names = [*host_fields(plain), *plain.layout]
    lines = ["def copier(source):", " copy = new(host)"]
    for number, name in enumerate(names):
        value = "0" if name == "iterating" else f"source.f{number}"
        if name not in plain.layout:
            value = f"own({value})"
        lines += [f" try: copy.f{number} = {value}", " except AttributeError: pass"]
    lines.append(" return copy")
    space: dict[str, Any] = {"new": plain.__new__, "host": plain, "own": own}
    exec("\n".join(lines), space)
    COPIERS[host] = cloned(space["copier"], {f"f{number}": name for number, name in enumerate(names)})


def own(value: Any) -> Any:
    """Return what a copy has of a field: containers have copies."""
    return value.copy() if value.__class__ in CONTAINERS else value


@kernel.method("clone")
def clone(self: Value, blk: Block, *, freeze: Value = UNDEF) -> Value:
    if freeze is UNDEF:
        freeze = None
        host = self.__class__
        usual = host in COPIERS and UNWATCHED.get(host) == WORLD.methods and not host.is_frozen
        if usual and getattr(self, "extra", None) is None:
            return COPIERS[host](self)
    elif freeze is not TRUE and freeze is not FALSE and freeze is not None:
        raise error("ArgumentError", f"unexpected value for freeze: {class_of(freeze).name}")
    if is_immediate(self):
        if freeze is FALSE:
            raise error("ArgumentError", f"can't unfreeze {class_of(self).name}")
        return self
    if isinstance(self, ModuleValue):
        copy: Any = copy_module(self)
    else:
        copy = copy_object(self)
        copy_singleton(self, copy)
    if freeze is None:
        call_initializer(copy, self, "initialize_clone")
    else:
        call_initializer(copy, self, "initialize_clone", freeze=freeze)
    if not isinstance(self, ModuleValue) and is_unwatched(self.__class__, copy):
        note_copies(self.__class__)
    if freeze is TRUE or (freeze is None and model.is_frozen(self)):
        model.freeze(copy)
    return copy


def copy_singleton(source: Any, copy: Any) -> None:
    """Give `copy` the singleton methods and extensions of `source`."""
    single = source.__class__.singleton
    if single is None or single.attached is not source:
        return
    copy_contents(single, model.singleton_class(copy))


def copy_contents(source: ModuleValue, copy: ModuleValue) -> None:
    """Give a new module the methods, constants and mixins of another one."""
    for mixin in reversed(source.includes):
        model.mix_in(copy, mixin)
    for mixin in reversed(source.prepends):
        model.mix_in(copy, mixin, prepend=True)
    for name in list(source.pending):
        model.own_method(source, name)
    for entry in source.methods.values():
        model.add_method(copy, entry.copy(copy))
    copy.constants.update(source.constants)
    copy.cvars.update(source.cvars)
    if source.private_constants:
        copy.private_constants = set(source.private_constants)
    copy.ivar_names.extend(name for name in source.ivar_names if name not in copy.ivar_names)


def copy_module(source: ModuleValue) -> ModuleValue:
    """Return an anonymous module or class with the same contents, singleton methods included."""
    if source.attached is not None:
        raise error("TypeError", "can't create instance of singleton class")
    if source.is_class:
        if source.superclass is None:
            raise error("TypeError", "can't copy BasicObject")
        copy = model.new_class(source.superclass)
    else:
        copy = model.new_module()
    copy_contents(source, copy)
    single = source.__class__.__dict__.get("singleton")
    if single is not None:
        copy_contents(single, model.singleton_class(copy))
    extra = getattr(source, "extra", None)
    if extra:
        for name, value in extra.items():
            model.set_ivar(copy, name, value)
    return copy


@kernel.private("initialize_copy")
def initialize_copy(self: Value, blk: Block, source: Value) -> Value:
    if self is source:
        return self
    if model.is_frozen(self):
        raise frozen_error(self)
    if class_of(self) is not class_of(source):
        raise error("TypeError", "initialize_copy should take same class object")
    return self


@kernel.private("initialize_dup")
def initialize_dup(self: Value, blk: Block, source: Value) -> Value:
    send(self, ";initialize_copy", None, source)
    return self


@kernel.private("initialize_clone")
def initialize_clone(self: Value, blk: Block, source: Value, *, freeze: Value = UNDEF) -> Value:
    send(self, ";initialize_copy", None, source)
    return self
