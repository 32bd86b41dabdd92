"""GC and ObjectSpace: a view of the host's garbage collector; maps that do not keep their keys."""

from __future__ import annotations

import gc as host

from .. import model
from ..builtin import NativeClass
from ..capture import forget
from ..convert import as_name, inspect_str
from ..dispatch import block_proc, respond_to
from ..errors import error
from ..hashing import hash_key, make_hash
from ..model import CLASS, MODULE, ModuleValue, class_of, kind_of
from ..values import FALSE, TRUE, UNDEF, Array, BasicObject, Hash, Object, String, sym, truth
from .enumerator import make_enumerator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class EntriesObject(Object):
    """`entries`: id of the key (identity), or its normalised key -> (weak reference or value of the key, value)."""

    __slots__ = ("entries",)
    mclass = None

    def prepare(self) -> None:
        self.entries: dict[Any, tuple[Any, Any]] = {}


class WeakMapObject(EntriesObject):
    __slots__ = ()
    mclass = None


class WeakKeyMapObject(EntriesObject):
    __slots__ = ()
    mclass = None


gc = NativeClass("GC")
space = NativeClass("ObjectSpace")


# --- GC -------------------------------------------------------------------------------------------------------------


class Settings:
    stress: Any = FALSE


@gc.function("start", "garbage_collect")
def start(self: Value, blk: Block, **options: Value) -> Value:
    forget()
    host.collect()
    return None


@gc.singleton("enable")
def enable(self: Value, blk: Block) -> Value:
    was_off = not host.isenabled()
    host.enable()
    return truth(was_off)


@gc.singleton("disable")
def disable(self: Value, blk: Block) -> Value:
    was_off = not host.isenabled()
    host.disable()
    return truth(was_off)


@gc.singleton("stress")
def stress(self: Value, blk: Block) -> Value:
    return Settings.stress


@gc.singleton("stress=")
def set_stress(self: Value, blk: Block, flag: Value) -> Value:
    Settings.stress = flag
    return flag


def collections() -> int:
    """Return how often the host collected; unknown on some hosts."""
    stats = getattr(host, "get_stats", None)
    result = stats() if stats is not None else None
    return sum(row["collections"] for row in result) if isinstance(result, list) else 0


@gc.singleton("count")
def count(self: Value, blk: Block) -> Value:
    return collections()


@gc.singleton("stat")
def stat(self: Value, blk: Block, key: Value = UNDEF) -> Value:
    objects = len(host_objects())
    values = {
        "count": collections(), "time": 0, "heap_allocated_pages": 0, "heap_live_slots": objects, "heap_free_slots": 0,
        "total_allocated_objects": objects, "total_freed_objects": 0, "malloc_increase_bytes": 0,
        "minor_gc_count": collections(), "major_gc_count": 0,
    }  # fmt: skip
    if key is not UNDEF and not isinstance(key, Hash):
        name = as_name(key)
        if name not in values:
            raise error("ArgumentError", f"unknown key: {name}")
        return values[name]
    return make_hash((sym(name), number) for name, number in values.items())


@gc.singleton("compact")
def compact(self: Value, blk: Block) -> Value:
    forget()
    host.collect()
    return None


@gc.singleton("measure_total_time")
def measure_total_time(self: Value, blk: Block) -> Value:
    return TRUE


@gc.singleton("measure_total_time=")
def set_measure_total_time(self: Value, blk: Block, flag: Value) -> Value:
    return flag


@gc.singleton("total_time")
def total_time(self: Value, blk: Block) -> Value:
    return 0


@gc.singleton("config")
def config(self: Value, blk: Block, table: Value = UNDEF) -> Value:
    return make_hash([(sym("implementation"), String("host"))])


# --- ObjectSpace ----------------------------------------------------------------------------------------------------

space.function("garbage_collect")(start)


def host_objects() -> list[Any]:
    """Return the objects that the host's collector knows, those among them that are kept out of collections."""
    if hasattr(host, "unfreeze"):
        host.unfreeze()
    return host.get_objects()


@space.function("count_objects")
def count_objects(self: Value, blk: Block, table: Value = UNDEF) -> Value:
    values = [item for item in host_objects() if isinstance(item, BasicObject)]
    classes = sum(isinstance(item, ModuleValue) for item in values)
    rows = {"TOTAL": len(values), "FREE": 0, "T_OBJECT": len(values) - classes, "T_CLASS": classes}
    return make_hash((sym(name), number) for name, number in rows.items())


def living(kind: Value) -> list[Any]:
    """Return the objects of a class or module that the host knows."""
    if kind is CLASS or kind is MODULE or (isinstance(kind, ModuleValue) and kind.attached is not None):
        result = [item for item in host_objects() if isinstance(item, ModuleValue) and item.attached is None]
        if kind is CLASS:
            return [item for item in result if item.is_class]
        return result if kind is MODULE else [item for item in result if kind_of(item, kind)]
    return [
        item
        for item in host_objects()
        if isinstance(item, Object) and not (isinstance(item, ModuleValue) and item.attached is not None)
        and (kind is None or kind_of(item, kind))
    ]  # fmt: skip


@space.function("each_object", block=True)
def each_object(self: Value, blk: Block, kind: Value = None) -> Value:
    if blk is None:
        return make_enumerator(space.mod, "each_object", *([] if kind is None else [kind]))
    found = living(kind)
    for item in found:
        blk(item)
    return len(found)


FINALIZERS: dict[int, list[Any]] = {}


@space.function("define_finalizer", block=True)
def define_finalizer(self: Value, blk: Block, value: Any, callable_: Value = UNDEF) -> Value:
    import weakref

    from .kernel_object import object_number

    action = block_proc(blk) if callable_ is UNDEF else callable_
    if not respond_to(action, "call"):
        raise error("ArgumentError", f"wrong type argument {class_of(action).name} (should be callable)")
    if model.is_frozen(value):
        from ..errors import frozen_error

        raise frozen_error(value)
    from ..dispatch import send

    number = object_number(value)
    finalizer = weakref.finalize(value, lambda: send(action, ":call", None, number))
    FINALIZERS.setdefault(number, []).append(finalizer)
    return Array([0, action])


@space.function("undefine_finalizer")
def undefine_finalizer(self: Value, blk: Block, value: Value) -> Value:
    from .kernel_object import object_number

    for finalizer in FINALIZERS.pop(object_number(value), []):
        finalizer.detach()
    return value


@space.singleton("_id2ref")
def id2ref(self: Value, blk: Block, number: Value) -> Value:
    from ..places import caller_place
    from ..warnings import warn
    from .kernel_object import IDS

    warn("ObjectSpace._id2ref is deprecated", caller_place(), "deprecated")
    if number.__class__ is int and number & 1:
        return number >> 1
    for reference, known in IDS.numbers.values():
        if known == number and reference() is not None:
            return reference()
    raise error("RangeError", f"{inspect_str(number)} is not an id value")


# --- maps -----------------------------------------------------------------------------------------------------------

weak_map = NativeClass("ObjectSpace::WeakMap")
weak_key_map = NativeClass("ObjectSpace::WeakKeyMap")


def hold(value: Any, forget: Any) -> Any:
    """Return a function that answers the value while it lives."""
    import weakref

    try:
        return weakref.ref(value, forget)
    except TypeError:  # numbers and nil
        return lambda: value


def identity(value: Value) -> Any:
    return ("n", value) if value.__class__ in (int, float) else id(value)


def put(target: EntriesObject, key: Any, position: Any, new: Any) -> None:
    entries = target.entries

    def forget(_: Any) -> None:
        entries.pop(position, None)

    entries[position] = (hold(key, forget), new)


@weak_map.method("[]=")
def map_put(self: EntriesObject, blk: Block, key: Value, new: Value) -> Value:
    put(self, key, identity(key), hold(new, None))
    return new


@weak_map.method("[]")
def map_get(self: EntriesObject, blk: Block, key: Value) -> Value:
    entry = self.entries.get(identity(key))
    return None if entry is None else entry[1]()


def live(target: EntriesObject) -> list[tuple[Any, Any]]:
    """Return the (key, value) pairs of a WeakMap whose both parts live."""
    pairs = [(key(), kept()) for key, kept in list(target.entries.values())]
    return [pair for pair in pairs if pair[0] is not None and pair[1] is not None]


@weak_map.method("key?", "include?", "member?")
def map_has(self: EntriesObject, blk: Block, key: Value) -> Value:
    return truth(identity(key) in self.entries)


@weak_map.method("delete", block=True)
def map_delete(self: EntriesObject, blk: Block, key: Value) -> Value:
    entry = self.entries.pop(identity(key), None)
    if entry is None:
        return None if blk is None else blk(key)
    return entry[1]()


@weak_map.method("size", "length")
def map_size(self: EntriesObject, blk: Block) -> Value:
    return len(live(self))


@weak_map.method("keys")
def map_keys(self: EntriesObject, blk: Block) -> Value:
    return Array([key for key, _ in live(self)])


@weak_map.method("values")
def map_values(self: EntriesObject, blk: Block) -> Value:
    return Array([kept for _, kept in live(self)])


@weak_map.method("each", "each_pair", block=True)
def map_each(self: EntriesObject, blk: Block) -> Value:
    for key, kept in live(self):
        blk(key, kept)
    return self


@weak_map.method("inspect")
def map_inspect(self: EntriesObject, blk: Block) -> Value:
    from ..convert import any_to_s

    pairs = ", ".join(f"{inspect_str(key)} => {inspect_str(kept)}" for key, kept in live(self))
    return String(any_to_s(self)[:-1] + (f": {pairs}>" if pairs else ">"))


@weak_key_map.method("[]=")
def key_put(self: EntriesObject, blk: Block, key: Value, new: Value) -> Value:
    position = hash_key(key)
    if position in self.entries:
        self.entries[position] = (self.entries[position][0], new)
    else:
        put(self, key, position, new)
    return new


@weak_key_map.method("[]")
def key_get(self: EntriesObject, blk: Block, key: Value) -> Value:
    entry = self.entries.get(hash_key(key))
    return None if entry is None else entry[1]


@weak_key_map.method("getkey")
def getkey(self: EntriesObject, blk: Block, key: Value) -> Value:
    entry = self.entries.get(hash_key(key))
    return None if entry is None else entry[0]()


@weak_key_map.method("key?")
def key_has(self: EntriesObject, blk: Block, key: Value) -> Value:
    return truth(hash_key(key) in self.entries)


@weak_key_map.method("delete", block=True)
def key_delete(self: EntriesObject, blk: Block, key: Value) -> Value:
    entry = self.entries.pop(hash_key(key), None)
    if entry is None:
        return None if blk is None else blk(key)
    return entry[1]


@weak_key_map.method("clear")
def key_clear(self: EntriesObject, blk: Block) -> Value:
    self.entries.clear()
    return self


@weak_key_map.method("inspect")
def key_inspect(self: EntriesObject, blk: Block) -> Value:
    from ..convert import any_to_s

    return String(any_to_s(self)[:-1] + f" size={len(self.entries)}>")
