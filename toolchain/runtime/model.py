"""Classes, modules and methods: the object model behind every engine.

A Metorex class is a `ModuleValue`. Its method table is the truth; the host class `py` of its instances is a resolved
cache of it, which Python's attribute lookup reads: single inheritance follows the superclass chain, and the methods of
included and prepended modules are copied into each including class (`install`). The host class is made at the first
instance, when the instance variables of all bodies and mixins are known, so that they become slots.

Class objects have host classes as well (`meta`): one a class, following the superclass chain, so that singleton
methods are inherited. A singleton class of any object is a fresh host subclass that the object moves to.

Native methods live in `core/`, one file a class, and are loaded when first needed: until then a `Stub` stands in
their place (see builtin.py). Nothing here knows an engine.
"""

from __future__ import annotations

from .values import PLAIN_KEYS, BasicObject, Object, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .values import Value

PUBLIC, PRIVATE, PROTECTED = 0, 1, 2
VISIBILITIES = ("public", "private", "protected")


class Method:
    """One entry of a method table.

    `fn` is the host function `fn(self, blk, *args, **keywords)`, None for an undefined method (`undef`). `code` is the
    engine's description of a Metorex method (it has `function`, the chunk, and `path`), None for a native one.
    `accessor` is "reader" or "writer" for attr_* methods, whose instance variable is `ivar`. An engine that will put
    another function into its entries keeps the list of those that share one as its attribute `entries`.
    """

    __slots__ = (
        "name", "fn", "owner", "visibility", "code", "accessor", "ivar", "original_name", "native", "mutates",
        "takes_block",
    )  # fmt: skip

    def __init__(self, name: str, fn: Any, owner: ModuleValue, visibility: int = PUBLIC, code: Any = None) -> None:
        self.name = name
        self.fn = fn
        self.owner = owner
        self.visibility = visibility
        self.code = code
        self.accessor = ""
        self.ivar = ""
        self.original_name = name
        self.native = False
        self.mutates = False  # (native) changes its receiver: raises on frozen ones
        self.takes_block = False  # (native) documented to take a block

    def copy(self, owner: ModuleValue, name: str = "", visibility: int = -1) -> Method:
        """Return the same method under another owner, name or visibility."""
        entry = Method(name or self.name, self.fn, owner, self.visibility if visibility < 0 else visibility, self.code)
        entry.accessor, entry.ivar, entry.native, entry.mutates = self.accessor, self.ivar, self.native, self.mutates
        entry.original_name, entry.takes_block = self.original_name, self.takes_block
        shared = getattr(self.fn, "entries", None)
        if shared is not None:
            shared.append(entry)
        return entry


class World:
    """What changes globally. `methods`, `ancestry` and `constants` are versions: caches made under another one are
    void."""

    __slots__ = ("methods", "ancestry", "constants", "listeners", "constant_listeners")

    def __init__(self) -> None:
        self.methods = 0
        self.ancestry = 0  # of what has which ancestors
        self.constants = 0
        # Called with (module, name, entry or None) after each change of a method table once programs run.
        self.listeners: list[Callable[[ModuleValue, str, Method | None], None]] = []
        self.constant_listeners: list[Callable[[], None]] = []  # called after each change of constants


WORLD = World()


def constants_changed() -> None:
    """Void what is known of constants."""
    WORLD.constants += 1
    for listener in WORLD.constant_listeners:
        listener()


class ModuleValue(Object):
    """A module or class object."""

    __slots__ = (
        "name", "is_class", "superclass", "methods", "constants", "includes", "prepends", "subclasses", "holders",
        "py", "attached", "cvars", "lexical_parent", "ivar_names", "pending", "ancestor_cache", "ancestor_version",
        "method_cache", "method_version", "private_constants", "temporary_name", "undefined_allocator", "deprecated",
        "class_set", "class_set_version", "const_positions",
    )  # fmt: skip

    name: str | None
    is_class: bool
    superclass: Any  # ModuleValue or None
    methods: dict[str, Method]
    constants: dict[str, Any]
    includes: list[ModuleValue]
    prepends: list[ModuleValue]
    subclasses: list[ModuleValue]
    holders: list[ModuleValue]
    py: Any
    attached: Any
    cvars: dict[str, Any]
    lexical_parent: ModuleValue | None
    ivar_names: list[str]
    pending: dict[str, str]
    ancestor_cache: Any
    ancestor_version: int
    method_cache: dict[Any, Method | None]
    method_version: int
    private_constants: set[str] | None
    temporary_name: str | None
    undefined_allocator: bool
    deprecated: set[str] | None
    class_set: Any
    class_set_version: int
    const_positions: dict[str, tuple[str, int]] | None

    def __repr__(self) -> str:
        return f"<{'class' if self.is_class else 'module'} {self.name}>"


def init_module(mod: ModuleValue, name: str | None, is_class: bool, superclass: ModuleValue | None) -> None:
    """Fill the fields of a new module object."""
    mod.name = name
    mod.is_class = is_class
    mod.superclass = superclass
    mod.methods = {}
    mod.constants = {}
    mod.includes = []  # modules, the last included first
    mod.prepends = []  # modules, the last prepended first
    mod.subclasses = []  # classes made below this one, in order
    mod.holders = []  # modules and classes that include or prepend this one
    mod.py = None  # host class of the instances, once there can be any
    mod.attached = None  # of a singleton class: its object
    mod.cvars = {}
    mod.lexical_parent = None
    mod.ivar_names = []  # instance variables known from bodies, in layout order
    mod.pending = {}  # native methods that are not loaded yet: name -> the core file that defines it
    mod.ancestor_cache = None
    mod.ancestor_version = -1
    mod.method_cache = {}
    mod.method_version = -1
    mod.private_constants = None
    mod.temporary_name = None
    mod.undefined_allocator = False
    mod.deprecated = None
    mod.class_set = None
    mod.class_set_version = -1
    mod.const_positions = None


def new_meta(super_meta: type) -> type:
    """Return a fresh host class for one module object."""
    return type("Meta", (super_meta,), {"__slots__": ()})


def load_pending(mod: ModuleValue, name: str) -> None:
    """Load the core file that defines the native `name` of `mod`; replaced by builtin.py, which knows where it is."""
    raise NotImplementedError


# --- lookup ---------------------------------------------------------------------------------------------------------


def layers(mod: ModuleValue) -> Iterator[ModuleValue]:
    """Yield `mod` with its prepended modules before and its included modules behind it, transitively."""
    for prepended in mod.prepends:
        yield from layers(prepended)
    yield mod
    for included in mod.includes:
        yield from layers(included)


def next_class(mod: ModuleValue) -> ModuleValue | None:
    """Return what follows the layers of class `mod` in the lookup: its superclass, or for a singleton class the
    singleton class or class that its object would have without it."""
    if mod.attached is None:
        return mod.superclass
    attached = mod.attached
    if isinstance(attached, ModuleValue) and attached.is_class and (attached.attached is None or attached.superclass):
        parent = attached.superclass
        while parent is not None:
            single = parent.__class__.__dict__.get("singleton")
            if single is not None:
                return single
            parent = parent.superclass
        return CLASS
    return mod.superclass


def ancestors(mod: ModuleValue) -> list[ModuleValue]:
    """Return the lookup order of `mod`: itself, mixins and superclasses. Do not change the list."""
    if mod.ancestor_version == WORLD.ancestry:
        return mod.ancestor_cache
    result: list[ModuleValue] = []
    seen: set[int] = set()
    cls: ModuleValue | None = mod
    while cls is not None:
        for layer in layers(cls):
            if id(layer) not in seen:
                seen.add(id(layer))
                result.append(layer)
        cls = next_class(cls) if cls.is_class else None
    mod.ancestor_cache = result
    mod.ancestor_version = WORLD.ancestry
    return result


def own_method(mod: ModuleValue, name: str) -> Method | None:
    """Return the entry of `mod`'s own table, loading the native part that holds it."""
    entry = mod.methods.get(name)
    if entry is None and name in mod.pending:
        load_pending(mod, name)
        entry = mod.methods.get(name)
    return entry


def find_method(mod: ModuleValue, name: str) -> Method | None:
    """Return the entry that instances of `mod` answer `name` with, or None (also if it was undefined)."""
    if mod.method_version != WORLD.methods:
        mod.method_cache = {}
        mod.method_version = WORLD.methods
    elif name in mod.method_cache:
        return mod.method_cache[name]
    found: Method | None = None
    for cls in ancestors(mod):
        entry = own_method(cls, name)
        if entry is not None:
            found = entry if entry.fn is not None else None
            break
    if found is not None and found.code is not None and mod in PRIM_CLASSES.values():
        found = prim_view(found)
    if mod.method_version == WORLD.methods:  # loading a part may have changed it
        mod.method_cache[name] = found
    return found


def _same(entry: Method) -> Method:
    return entry


# Engine's: the entry that numbers and nil answer with instead of `entry`, a Metorex method that they inherit.
prim_view: Callable[[Method], Method] = _same

MARK = "\x01"  # behind the name of a call that refinements may answer (compiler/refinements.py)
INTERPOLATED = "%to_s"  # such a call, of what is interpolated: `to_s` unless that is a String
# Refinement -> the class that it refines, whose own methods `super` in it calls.
REFINED: dict[ModuleValue, ModuleValue] = {}


def find_super(mod: ModuleValue, owner: ModuleValue, name: str) -> Method | None:
    """Return the entry behind `owner` in the lookup of instances of `mod`."""
    key = (owner, name)
    if mod.method_version != WORLD.methods:
        mod.method_cache = {}
        mod.method_version = WORLD.methods
    elif key in mod.method_cache:
        return mod.method_cache[key]
    order = ancestors(mod)
    found: Method | None = None
    try:
        start = order.index(owner) + 1
    except ValueError:
        refined = REFINED.get(owner)
        start = order.index(refined) if refined in order else len(order)
    for cls in order[start:]:
        entry = own_method(cls, name)
        if entry is not None:
            found = entry if entry.fn is not None else None
            break
    if found is not None and found.code is not None and owner in PRIM_CLASSES.values():
        found = prim_view(found)
    if mod.method_version == WORLD.methods:
        mod.method_cache[key] = found
    return found


def dispatch_class(value: Value) -> ModuleValue:
    """Return the singleton class of `value` if it has one, else its class."""
    host = value.__class__
    prim = PRIM_CLASSES.get(host)
    if prim is not None:
        return prim
    return host.singleton or host.mclass or materialise(host)


def class_of(value: Value) -> ModuleValue:
    """Return the class of `value`, as `Object#class` does."""
    host = value.__class__
    prim = PRIM_CLASSES.get(host)
    if prim is not None:
        return prim
    return host.mclass or materialise(host)


def kind_of(value: Value, mod: ModuleValue) -> bool:
    """Return whether `value` is an instance of `mod` or of something below it."""
    cls = dispatch_class(value)
    return mod in (cls.class_set if cls.class_set_version == WORLD.methods else ancestor_set(cls))


def ancestor_set(mod: ModuleValue) -> set[ModuleValue]:
    """Return the set of `ancestors(mod)`. Do not change it."""
    if mod.class_set_version != WORLD.methods:
        mod.class_set = set(ancestors(mod))
        mod.class_set_version = WORLD.methods
    found: set[ModuleValue] = mod.class_set
    return found


def materialise(host: type) -> ModuleValue:
    """Make the class object of built-in values that has not been needed yet; replaced by builtin.py."""
    raise NotImplementedError


PRIM_CLASSES: dict[type, ModuleValue] = {}


# --- the host cache -------------------------------------------------------------------------------------------------


class Blocked:
    """Stands under `:m` for a private or protected method: the lookup fails, and dispatch.py finds out why."""

    __slots__ = ()

    def __get__(self, obj: object, owner: type | None = None) -> Any:
        raise AttributeError

    def __set_name__(self, owner: type, name: str) -> None:
        pass


BLOCKED = Blocked()


class Undefinition(Blocked):
    """Stands under both names of an undefined method."""

    __slots__ = ()


UNDEFINED = Undefinition()


def set_attr(host: type, name: str, value: object) -> None:
    """Set a class attribute so that PyPy's JIT still folds it (a fresh key, never an overwritten one)."""
    if name in host.__dict__:
        delattr(host, name)
    setattr(host, name, value)


class Stub:
    """Stands under `:m` or `;m` for a native method that is not loaded: the first lookup loads it."""

    __slots__ = ("mod", "name", "attr")

    def __init__(self, mod: ModuleValue, name: str, attr: str) -> None:
        self.mod = mod
        self.name = name
        self.attr = attr

    def __get__(self, obj: object, owner: type | None = None) -> Any:
        load_pending(self.mod, self.name)
        return getattr(owner if obj is None else obj, self.attr)


def hides(host: type, name: str) -> bool:
    """Return whether a host class above `host` answers `name`, so that `host` needs a stub for its own pending one."""
    own = ";" + name
    return any(own in base.__dict__ for base in host.__mro__[1:])


def reveal(host: type, name: str) -> None:
    """Keep a method just put on `host` from hiding pending natives of classes below it; replaced by builtin.py."""


# Called with (host class, name, entry or None) after an attribute pair was set; shims of operators hang here.
install_hooks: list[Callable[[type, str, Method | None], None]] = []


def install(cls: ModuleValue, name: str) -> None:
    """Bring the attributes of `name` on the host class of `cls` in step with the tables of its layers."""
    host = cls.py
    if host is None:
        return
    entry: Method | None = None
    waiting: ModuleValue | None = None
    for layer in layers(cls):
        entry = layer.methods.get(name)
        if entry is not None:
            break
        if name in layer.pending:
            waiting = layer
            break
    public, own = ":" + name, ";" + name
    if waiting is not None:
        set_attr(host, public, Stub(waiting, name, public))
        set_attr(host, own, Stub(waiting, name, own))
    elif entry is None:
        for attr in (public, own):
            if attr in host.__dict__:
                delattr(host, attr)
    elif entry.fn is None:
        set_attr(host, public, UNDEFINED)
        set_attr(host, own, UNDEFINED)
    else:
        set_attr(host, own, entry.fn)
        set_attr(host, public, entry.fn if entry.visibility == PUBLIC else BLOCKED)
    if name in ("eql?", "hash") and entry is not None and not entry.native:
        host.own_equality = True
        host.key_maker = own_key
        PLAIN_KEYS.difference_update([plain for plain in PLAIN_KEYS if issubclass(plain, host)])
    elif name == "method_missing" and entry is not None and not entry.native:
        host.own_missing = True
    frozen = host.__dict__.get("frozen_py")
    if frozen is not None:
        seal(frozen, name, entry)
    if host.__subclasses__():
        reveal(host, name)
    for hook in install_hooks:
        hook(host, name, entry)


def own_key(value: Value) -> Any:
    """Return the normalised key of an object with an `eql?` or `hash` of its own; replaced by hashing.py."""
    raise NotImplementedError


def all_holders(mod: ModuleValue) -> Iterator[ModuleValue]:
    """Yield `mod` and everything that has its methods among its own layers."""
    yield mod
    for holder in mod.holders:
        yield from all_holders(holder)


def add_method(mod: ModuleValue, entry: Method) -> None:
    """Put `entry` into the table of `mod` and into every host class that shows it."""
    name = entry.name
    if name in mod.pending:
        load_pending(mod, name)
    mod.methods[name] = entry
    changed(mod, name, entry)


def delete_method(mod: ModuleValue, name: str) -> None:
    """Take the entry of `name` out of the table of `mod`, where it must be."""
    del mod.methods[name]
    changed(mod, name, None)


def is_lone(mod: ModuleValue) -> bool:
    """Return whether `mod` is the singleton class of an object that is no module: nothing inherits from it."""
    return mod.attached is not None and not isinstance(mod.attached, ModuleValue) and not mod.subclasses


def ancestry_changed(mod: ModuleValue | None = None) -> None:
    """Void what is known of ancestors, and of methods with it; of `mod` alone if it concerns no other."""
    if mod is not None and is_lone(mod):
        mod.ancestor_version = mod.class_set_version = -1
        mod.method_version = -1
    else:
        WORLD.ancestry += 1
        WORLD.methods += 1


def changed(mod: ModuleValue, name: str, entry: Method | None) -> None:
    if is_lone(mod):
        mod.method_version = -1
    else:
        WORLD.methods += 1
    for holder in all_holders(mod):
        if holder.py is not None:
            install(holder, name)
    for listener in WORLD.listeners:
        listener(mod, name, entry)


def mix_in(mod: ModuleValue, module: ModuleValue, prepend: bool = False) -> None:
    """Include or prepend `module`, unless `mod` has it among its ancestors already (include) or layers (prepend)."""
    if prepend:
        if module in list(layers(mod)):
            return
        mod.prepends.insert(0, module)
    else:
        if module in set(ancestors(mod)):
            return
        mod.includes.insert(0, module)
    module.holders.append(mod)
    ancestry_changed(mod)
    if not is_lone(mod) or any(layer.constants for layer in layers(module)):
        constants_changed()
    names: set[str] = set()
    for layer in layers(module):
        names.update(layer.methods)
        names.update(layer.pending)
    for holder in list(all_holders(mod)):
        if holder.py is not None:
            for ivar in module.ivar_names:
                add_dynamic_ivar(holder.py, ivar)
            for name in names:
                install(holder, name)
    for listener in WORLD.listeners:
        listener(mod, "", None)


def ensure_py(cls: ModuleValue, more: tuple[str, ...] = ()) -> type:
    """Return the host class of the instances of class `cls`, made now if there was no instance yet.

    `more` are slots that are no instance variables.
    """
    host: type | None = cls.py
    if host is not None:
        return host
    parent = ensure_py(cls.superclass) if cls.superclass is not None else BasicObject
    names: list[str] = list(cls.ivar_names)
    for layer in layers(cls):
        names.extend(layer.ivar_names)
    slots: dict[str, str] = {}
    for ivar in names:
        if ivar not in slots and not hasattr(parent, ivar):
            slots[ivar] = "i" + str(len(slots))
    host = type(cls.name or "Anonymous", (parent,), {"__slots__": (*slots.values(), *more), "mclass": cls})
    for ivar, slot in slots.items():
        setattr(host, ivar, host.__dict__[slot])
    host.layout = getattr(parent, "layout", ()) + tuple(slots)  # type: ignore[attr-defined]
    cls.py = host
    wanted: set[str] = set()
    for layer in layers(cls):
        wanted.update(layer.methods)
        wanted.update(layer.pending)
    for name in wanted:
        install(cls, name)
    return host


def add_dynamic_ivar(host: type, ivar: str) -> None:
    """Let instances of `host`, which has no slot for `ivar`, keep it in a spare one or in their `extra` dict."""
    if hasattr(host, ivar):
        return
    if host.__dict__.get("spare"):
        take_spare(host, ivar)
        return

    def get(self: Any) -> Any:
        try:
            return self.extra[ivar]
        except KeyError:
            raise AttributeError(ivar)

    def put(self: Any, value: Any) -> None:
        if self.is_frozen:
            from .errors import frozen_error

            raise frozen_error(self)
        try:
            self.extra[ivar] = value
        except AttributeError:
            self.extra = {ivar: value}

    def remove(self: Any) -> None:
        try:
            del self.extra[ivar]
        except KeyError:
            raise AttributeError(ivar)

    setattr(host, ivar, property(get, put, remove))


def take_spare(host: Any, ivar: str) -> None:
    """Give the next spare slot of `host` to `ivar`."""
    slot = host.__dict__[host.spare[0]]
    host.spare = host.spare[1:]
    setattr(host, ivar, slot)
    for below in hosts_below(host):
        if getattr(below, ivar) is slot and ivar not in below.layout:  # it may be that of the class above
            below.layout = (*below.layout, ivar)
            if "frozen_of" in below.__dict__:
                setattr(below, ivar, frozen_ivar(slot))


def hosts_below(host: type) -> list[Any]:
    """Return `host` and the host classes that derive from it, those above first."""
    result = [host]
    for each in result:
        result.extend(each.__subclasses__())
    return result


def get_ivar(value: Any, ivar: str) -> Any:
    """Return the instance variable `ivar` (with its @), nil if it is not set."""
    try:
        return getattr(value, ivar)
    except AttributeError:
        return None


def set_ivar(value: Any, ivar: str, new: Any) -> None:
    """Set the instance variable `ivar`. Frozen receivers raise FrozenError."""
    host = value.__class__
    if host in PRIM_CLASSES or host.is_frozen:
        from .errors import frozen_error

        raise frozen_error(value)
    try:
        setattr(value, ivar, new)
    except AttributeError:
        base = host
        while base.__dict__.get("frozen_of") is not None or "singleton" in base.__dict__:
            base = base.__bases__[0]
        add_dynamic_ivar(base, ivar)
        setattr(value, ivar, new)


def ivar_names(value: Any) -> list[str]:
    """Return the names of the instance variables that are set, slots in layout order, then the others."""
    names = [ivar for ivar in getattr(value, "layout", ()) if hasattr(value, ivar)]
    try:
        extra = value.extra
    except AttributeError:
        return names
    return names + [ivar for ivar in extra if ivar not in names]


def remove_ivar(value: Any, ivar: str) -> None:
    """Unset an instance variable that is set."""
    delattr(value, ivar)


# --- making classes -------------------------------------------------------------------------------------------------


def new_class(superclass: ModuleValue, name: str | None = None, parent: ModuleValue | None = None) -> ModuleValue:
    """Return a new class object below `superclass`; the constant and the hooks are the caller's."""
    cls: ModuleValue = new_meta(superclass.__class__)()
    init_module(cls, name, True, superclass)
    cls.lexical_parent = parent
    superclass.subclasses.append(cls)
    if superclass is BASIC_OBJECT:
        for listener in WORLD.listeners:
            listener(cls, "", None)
    return cls


def new_module(name: str | None = None, parent: ModuleValue | None = None) -> ModuleValue:
    """Return a new module object."""
    mod: ModuleValue = new_meta(MODULE.py)()
    init_module(mod, name, False, None)
    mod.lexical_parent = parent
    return mod


def allocate(cls: ModuleValue) -> Any:
    """Return a new instance of `cls` whose `initialize` has not run."""
    host: Any = cls.py or ensure_py(cls)
    obj = host.__new__(host)
    if host.prepare is not None:
        host.prepare(obj)
    return obj


# The host class of singleton classes of objects that are no modules, until one of them has a singleton class itself.
LONE_META: list[Any] = []


def singleton_class(value: Any) -> ModuleValue:
    """Return the singleton class of `value`, made now if need be. TypeError of the guest for prims and Symbols."""
    host = value.__class__
    if host in PRIM_CLASSES or host is Symbol:
        if value is None:
            return PRIM_CLASSES[host]
        from .errors import error

        raise error("TypeError", "can't define singleton")
    if host.is_frozen and host.__name__ in ("TrueValue", "FalseValue"):
        return class_of(value)
    own = host.__dict__.get("singleton")
    if own is None and host.is_frozen and "frozen_of" in host.__dict__:
        own = host.__bases__[0].__dict__.get("singleton")
    if own is not None and own.attached is value:
        return own
    single: ModuleValue = LONE_META[0]() if not isinstance(value, ModuleValue) else new_meta(CLASS.py)()
    init_module(single, None, True, class_of(value))
    single.attached = value
    if isinstance(value, ModuleValue):
        # Its meta class is its own already: methods go there.
        if host is LONE_META[0]:
            host = value.__class__ = new_meta(CLASS.py)
        single.py = host
        host.singleton = single
        host.mclass = class_of(value)
    else:
        frozen = host.is_frozen and "frozen_of" in host.__dict__
        base = host.__bases__[0] if frozen else host
        swapped = type(base.__name__, (base,), {"__slots__": (), "singleton": single, "mclass": class_of(value)})
        single.py = swapped
        value.__class__ = frozen_variant(swapped) if frozen else swapped
    ancestry_changed(single)
    return single


# --- freezing -------------------------------------------------------------------------------------------------------


def raise_frozen(self: Any, blk: Any = None, *args: Any, **keywords: Any) -> Any:
    from .errors import frozen_error

    raise frozen_error(self)


def seal(frozen: type, name: str, entry: Method | None) -> None:
    """Let the frozen host class raise for `name` if the native entry behind it changes its receiver."""
    for attr in (":" + name, ";" + name):
        if attr in frozen.__dict__:
            delattr(frozen, attr)
        if entry is not None and entry.native and entry.mutates:
            setattr(frozen, attr, raise_frozen)


def frozen_ivar(slot: Any) -> property:
    """Return what stands for an instance variable in frozen objects: it reads, and refuses to be written."""

    def refuse(self: Any, value: Any = None) -> None:
        from .errors import frozen_error

        raise frozen_error(self)

    return property(slot.__get__, refuse, refuse)


def frozen_variant(host: type) -> type:
    """Return the host class of frozen instances of `host`."""
    frozen: type | None = host.__dict__.get("frozen_py")
    if frozen is not None:
        return frozen
    frozen = type("Frozen" + host.__name__, (host,), {"__slots__": (), "is_frozen": True, "frozen_of": host})
    host.frozen_py = frozen  # type: ignore[attr-defined]
    if hasattr(host, "writable"):
        frozen.writable = None  # type: ignore[attr-defined]
    for ivar in getattr(host, "layout", ()):
        setattr(frozen, ivar, frozen_ivar(getattr(host, ivar)))
    for base in host.__mro__:
        for attr in base.__dict__:
            # Of the attribute protocol of the host engine; a property calls a method, which knows by itself.
            if attr[0] == "." and attr[-1] == "=" and not isinstance(base.__dict__[attr], property):
                setattr(frozen, attr, frozen_ivar(base.__dict__[attr]))
    cls = host.__dict__.get("singleton") or host.mclass or materialise(host)  # type: ignore[attr-defined]
    for mod in reversed(ancestors(cls)):
        for name, entry in mod.methods.items():  # pending ones are sealed when they are loaded
            if entry.native and entry.mutates:
                seal(frozen, name, entry)
            elif (":" + name) in frozen.__dict__:
                seal(frozen, name, None)
    return frozen


def freeze(value: Any) -> Any:
    """Freeze `value` in place and return it."""
    host = value.__class__
    if host not in PRIM_CLASSES and not host.is_frozen:
        value.__class__ = host.__dict__.get("frozen_py") or frozen_variant(host)
    return value


def is_frozen(value: Any) -> bool:
    host = value.__class__
    return host in PRIM_CLASSES or host.is_frozen


# --- the root classes -----------------------------------------------------------------------------------------------


def _bootstrap() -> tuple[ModuleValue, ModuleValue, ModuleValue, ModuleValue]:
    """Make BasicObject, Object, Module and Class, whose definitions refer to each other."""

    class ClassValue(ModuleValue):
        __slots__ = ()

    metas: list[ModuleValue] = []
    meta: type = ClassValue
    parent: ModuleValue | None = None
    hosts = {"BasicObject": BasicObject, "Object": Object, "Module": ModuleValue, "Class": ClassValue}
    for name, host in hosts.items():
        meta = new_meta(meta)
        cls: ModuleValue = meta()
        init_module(cls, name, True, parent)
        cls.py = host
        host.mclass = cls
        if parent is not None:
            parent.subclasses.append(cls)
        parent = cls
        metas.append(cls)
    ClassValue.mclass = metas[3]
    return metas[0], metas[1], metas[2], metas[3]


BASIC_OBJECT, OBJECT, MODULE, CLASS = _bootstrap()
# The class of the class objects: their metas derive from Class's host class.
LONE_META.append(new_meta(CLASS.py))
for _cls in (BASIC_OBJECT, OBJECT, MODULE, CLASS):
    OBJECT.constants[str(_cls.name)] = _cls
