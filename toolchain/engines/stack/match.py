"""Pattern matching and rescue tests."""

from __future__ import annotations

from ....format import operands as so
from ...runtime.convert import equal, inspect_str
from ...runtime.dispatch import respond_to, send
from ...runtime.errors import error
from ...runtime.hashing import hash_get
from ...runtime.model import PRIM_CLASSES, PUBLIC, WORLD, ModuleValue, dispatch_class, ensure_py, find_method, kind_of
from ...runtime.operators import OPERATORS
from ...runtime.values import FALSE, TRUE, UNDEF, Array, Hash, String, Symbol, sym, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...runtime.frames import Frame

GUARD = 2  # of MATCH_FAIL: the guard of the only clause failed

# Why the last test failed: (kind, subject, pattern or key), for the message of a one-clause form.
last_failure: tuple[int, Any, Any] = (0, None, None)
last_keys: Any = None  # the keys of the last object pattern


def case_eq(pattern: Any, subject: Any) -> bool:
    """Return whether pattern === subject."""
    answer = OPERATORS["CASE_EQ"](pattern, subject)
    return answer is not FALSE and answer is not None


def test(frame: Frame, slots: list[Any], stack: list[Any], what: tuple[int, int, bool], count: int) -> bool:
    """MATCH_CASE: perform the test of a kind, its values taken from the stack; a success may set the slot."""
    global last_failure, last_keys
    kind, slot, captured = what
    if kind == so.MATCH_VALUE:
        pattern = stack.pop()
        subject = stack.pop()
        if case_eq(pattern, subject):
            return True
        last_failure = (kind, subject, pattern)
        return False
    if kind == so.MATCH_VALUE_OR_EQ:
        pattern = stack.pop()
        subject = stack.pop()
        return equal(pattern, subject) or case_eq(pattern, subject)
    if kind == so.MATCH_WILDCARD:
        stack.pop()
        return True
    if kind == so.MATCH_SPLAT:
        patterns = stack.pop().a
        subject = stack.pop()
        return any(case_eq(pattern, subject) for pattern in patterns)
    if kind in (so.MATCH_ARRAY, so.MATCH_ARRAY_REST):
        subject = stack.pop()
        array = deconstruct(subject)
        if array is None or (len(array.a) < count if kind == so.MATCH_ARRAY_REST else len(array.a) != count):
            last_failure = (kind, subject, count)
            return False
        return put(slots, slot, captured, array)
    if kind == so.MATCH_STRICT_ARRAY:
        subject = stack.pop()
        if not isinstance(subject, Array) or len(subject.a) != count:
            return False
        return put(slots, slot, captured, subject)
    if kind == so.MATCH_HASH:
        keys = stack.pop()
        subject = stack.pop()
        table = deconstruct_keys(subject, None if count else keys)
        if table is None:
            last_failure = (kind, subject, None)
            return False
        last_keys = keys
        return put(slots, slot, captured, table)
    if kind == so.MATCH_STRICT_HASH:
        subject = stack.pop()
        return isinstance(subject, Hash) and put(slots, slot, captured, subject)
    if kind == so.MATCH_KEY or kind == so.MATCH_EITHER_KEY:
        key = stack.pop()
        table = stack.pop()
        value = hash_get(table, key, UNDEF)
        if value is UNDEF and kind == so.MATCH_EITHER_KEY:
            value = hash_get(table, String(key.name) if isinstance(key, Symbol) else sym(key.s), UNDEF)
        if value is UNDEF:
            last_failure = (so.MATCH_KEY, table, key)
            return False
        return put(slots, slot, captured, value)
    if kind == so.MATCH_SIZE:
        table = stack.pop()
        if len(table.d) == count:
            return True
        last_failure = (kind, table, last_keys)
        return False
    element = stack.pop()  # MATCH_SOFT
    name = stack.pop().name
    subject = stack.pop()
    pattern = soft_value(frame, name)
    if pattern is UNDEF:
        return put(slots, slot, captured, subject)
    put(slots, slot, captured, UNDEF)
    return case_eq(pattern, subject) or (element is TRUE and equal(pattern, subject))


def put(slots: list[Any], slot: int, captured: bool, value: Any) -> bool:
    if captured:
        slots[slot][0] = value
    else:
        slots[slot] = value
    return True


def soft_value(frame: Frame, name: str) -> Any:
    """Return the value of a soft name (language.md 1.8.3), UNDEF if the name binds."""
    cls = dispatch_class(frame.self)
    entry = find_method(cls, name)
    if entry is not None and not (entry.native and entry.owner.name in ("BasicObject", "Kernel", "Object")):
        from ...runtime.reflection import method_arity

        if method_arity(entry) in (0, -1):
            return send(frame.self, ";" + name)
    missing = find_method(cls, "method_missing")
    if missing is not None and not missing.native:
        return missing.fn(frame.self, None, sym(name))
    return UNDEF


class Answers(dict):
    """Host class -> the entry of the method by which its instances are taken apart, None if they have none. Good for
    one state of all methods; nothing is kept of objects with a singleton class, or where a hook of the program decides.
    """

    __slots__ = ("name", "version")

    def __init__(self, name: str) -> None:
        self.name = name
        self.version = -1

    def entry(self, subject: Any) -> Any:
        """Return the entry for the subject of a pattern, UNDEF if an ordinary send shall find it."""
        if self.version != WORLD.methods:
            self.clear()
            self.version = WORLD.methods
        found = self.get(subject.__class__, UNDEF)
        return found if found is not UNDEF else self.find(subject)

    def find(self, subject: Any) -> Any:
        host, cls = subject.__class__, dispatch_class(subject)
        entry = find_method(cls, self.name)
        if entry is None or entry.visibility != PUBLIC:
            hook = find_method(cls, "respond_to_missing?")
            if hook is not None and not hook.native:
                return UNDEF if respond_to(subject, self.name) else None
            entry = None
        if host in PRIM_CLASSES or host.singleton is None:
            self[host] = entry
        return entry


ARRAYS = Answers("deconstruct")
HASHES = Answers("deconstruct_keys")


def deconstruct(subject: Any) -> Array | None:
    """Return the Array of an array pattern's subject, None if it has none."""
    if isinstance(subject, Array):
        return subject
    entry = ARRAYS.entry(subject)
    if entry is None:
        return None
    array = send(subject, ":deconstruct") if entry is UNDEF else entry.fn(subject, None)
    if not isinstance(array, Array):
        raise error("TypeError", "deconstruct must return Array")
    return array


def deconstruct_keys(subject: Any, keys: Any) -> Hash | None:
    """Return the Hash of an object pattern's subject, None if it has none."""
    if isinstance(subject, Hash):
        return subject
    entry = HASHES.entry(subject)
    if entry is None:
        return None
    table = send(subject, ":deconstruct_keys", None, keys) if entry is UNDEF else entry.fn(subject, None, keys)
    if not isinstance(table, Hash):
        raise error("TypeError", "deconstruct_keys must return Hash")
    return table


def fail(subject: Any, one_clause: int) -> None:
    """MATCH_FAIL: raise NoMatchingPatternError."""
    text = inspect_str(subject)
    if one_clause == GUARD:
        text += ": guard clause does not return true"
    elif one_clause:
        kind, tested, pattern = last_failure
        if kind == so.MATCH_KEY:
            key = inspect_str(pattern)
            raise error("NoMatchingPatternKeyError", f"{text}: key not found: {key}", key=pattern, matchee=tested)
        if kind == so.MATCH_VALUE:
            text += f": {inspect_str(pattern)} === {inspect_str(tested)} does not return true"
        elif kind in (so.MATCH_ARRAY, so.MATCH_ARRAY_REST):
            tested = deconstruct(tested) or tested
            if isinstance(tested, Array):
                plus = "+" if kind == so.MATCH_ARRAY_REST else ""
                text += f": {inspect_str(tested)} length mismatch (given {len(tested.a)}, expected {pattern}{plus})"
            else:
                text += f": {inspect_str(tested)} does not respond to #deconstruct"
        elif kind == so.MATCH_HASH:
            text += f": {inspect_str(tested)} does not respond to #deconstruct_keys"
        elif kind == so.MATCH_SIZE:
            rest = send(tested, ":except", None, *pattern.a) if isinstance(pattern, Array) else tested
            whole = not isinstance(pattern, Array) or not pattern.a
            text += f": {inspect_str(rest)} is not empty" if whole else f": rest of {inspect_str(rest)} is not empty"
    raise error("NoMatchingPatternError", text)


# Classes in rescue clauses whose `===` is the usual one -> host class of their instances.
TESTED: dict[Any, type] = {}


def forget_tested(mod: ModuleValue, name: str, entry: Any) -> None:
    """Listen to changes of method tables."""
    if name in ("", "==="):
        TESTED.clear()


WORLD.listeners.append(forget_tested)


def rescues(exc: Any, classes: Any, many: int) -> Any:
    """RESCUE: whether a rescue clause takes the exception."""
    for cls in classes.a if many else (classes,):
        host = TESTED.get(cls)
        if host is not None:
            if isinstance(exc, host):
                return TRUE
            continue
        if not isinstance(cls, ModuleValue):
            raise error("TypeError", "class or module required for rescue clause")
        entry = find_method(dispatch_class(cls), "===")
        if entry is None or entry.native:
            if cls.is_class and cls.attached is None:
                TESTED[cls] = ensure_py(cls)
            if kind_of(exc, cls):
                return TRUE
        elif truth(entry.fn(cls, None, exc) not in (FALSE, None)) is TRUE:
            return TRUE
    return FALSE
