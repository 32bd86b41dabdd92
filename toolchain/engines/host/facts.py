"""What a translation may take for granted about the program.

`Facts` answers the translator's questions for one function: what a constant is, whether a method of a class is known,
whether an instance variable is set. What makes an answer wrong later is the business of assumptions.py.
"""

from __future__ import annotations

import sys

from ....format import chunk as ck
from ...runtime import builtin, operators
from ...runtime import globals as guest_globals
from ...runtime.class_vars import cvar_owner, cvar_scope
from ...runtime.core.index import INDEX
from ...runtime.errors import Raised
from ...runtime.frames import Cref
from ...runtime.model import (
    BASIC_OBJECT,
    CLASS,
    MARK,
    OBJECT,
    PRIM_CLASSES,
    PROTECTED,
    Method,
    ModuleValue,
    ancestors,
    dispatch_class,
    ensure_py,
    find_method,
    find_super,
)
from ...runtime.values import UNDEF, Exception_
from . import careful
from .answers import TABLES, Supers
from .assumptions import (
    BASIC_NAMES,
    BLANK_OBJECTS,
    BROKEN,
    DEFINERS,
    GENERATION,
    GUEST_NAMES,
    KEYWORD_NAMES,
    KEYWORDS_ANYWHERE,
    LOOSE_IVARS,
    PREPENDED,
    keyworded,
)  # fmt: skip
from .attributes import activate, usable, wanted
from .initializers import set_by_initialize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .parts import Part
    from .units import HostUnit

_NATIVE: set[str] = set()


def is_watched() -> bool:
    """Return whether a debugger, profiler or coverage looks on: they see generated code only."""
    return sys.gettrace() is not None or sys.getprofile() is not None


def native_names() -> set[str]:
    """Return the names of all native methods."""
    if not _NATIVE:
        for parts in INDEX.values():
            for names in parts.values():
                _NATIVE.update(names.split())
    return _NATIVE


# Names of native methods none of which takes keywords.
TAKING_HASHES = frozenset(("merge", "merge!", "update", "push", "append", "unshift", "prepend", "add", "p", "puts"))

ROOT_CLASSES = (BASIC_OBJECT, OBJECT)
PRIM_TESTS = {"Integer": "{x}.__class__ is int", "Float": "{x}.__class__ is float", "NilClass": "{x} is None"}


def peek(module: ModuleValue, name: str) -> Any:
    """Return the constant of a module's own table if it is there and using it has no side effect, else UNDEF."""
    if module.deprecated is not None and name in module.deprecated:
        return UNDEF
    value = module.constants.get(name, UNDEF)
    if value is not UNDEF or module is not OBJECT or name not in builtin.CLASSES or name in builtin.MADE:
        return value
    if builtin.CLASSES[name][1].__class__ is str or not builtin.pending_constant(OBJECT, name):
        return UNDEF
    return module.constants[name]  # no more than the class object had to be made for that


def peek_lexical(cref: Cref, name: str) -> Any:
    """Return what the bare constant means now, UNDEF if it is not loaded."""
    scope: Cref | None = cref
    while scope is not None and scope.parent is not None:
        value = peek(scope.module, name)
        if value is not UNDEF:
            return value
        if pending(scope.module, name):
            return UNDEF
        scope = scope.parent
    order = ancestors(cref.module)
    for cls in order if cref.module.is_class else (*order, OBJECT):
        value = peek(cls, name)
        if value is not UNDEF:
            return value
        if pending(cls, name):
            return UNDEF
    return UNDEF


def pending(module: ModuleValue, name: str) -> bool:
    """Return whether a lookup in `module` would load something."""
    from ...runtime.constants import AUTOLOADS

    return bool(AUTOLOADS) and (module, name) in AUTOLOADS


class Facts:
    """What one translation knows of the program: it `ask`s questions, which are the methods below.

    A translation is a pure function of the bytecode and of the answers. `answers` collects them, as text and numbers
    only, so that a later run can tell whether the same translation would come out; `relied` collects what must stay as
    it is. Asking a question again has the effects of the first time: what it relies on, which globals it links.
    """

    __slots__ = (
        "unit", "index", "cref", "owner", "method", "scope", "variant", "made", "answers", "relied",
        "_knows_self", "call", "part", "inner",
    )  # fmt: skip

    def __init__(
        self,
        unit: HostUnit,
        index: int,
        cref: Cref,
        owner: ModuleValue | None,
        method: str,
        general: bool,
        made: ModuleValue | None = None,
        part: Part | None = None,
    ) -> None:
        self.part = part  # of code that runs once
        self.made = made  # the class whose constructor is translated (`built`)
        self.unit = unit
        self.index = index
        self.cref = cref
        self.owner = owner
        self.method = method
        self.scope = unit.scope_label(cref)
        self.variant = unit.variant_label(cref, owner, general, made)
        if part is not None:
            self.variant += f"@{part.start}"
        self.answers: dict[tuple[Any, ...], Any] = {}
        self.relied: set[tuple[Any, ...]] = set()
        self.call: tuple[Any, tuple[Any, ...]] | None = None  # self and arguments of a first call, as hints
        self._knows_self: bool | None = False if general else None
        self.inner: dict[int, Facts] = {}  # what is known of the places of inlined methods

    def ask(self, *question: Any) -> Any:
        """Return the answer to (name of a method, arguments)."""
        answers = self.answers
        if question in answers:
            return answers[question]
        answer = answers[question] = getattr(self, question[0])(*question[1:])
        return answer

    def agrees(self, answers: Iterable[tuple[tuple[Any, ...], Any]]) -> bool:
        """Return whether the questions of an earlier translation have the same answers now."""
        self.forget()
        return all(getattr(self, question[0])(*question[1:]) == answer for question, answer in answers)

    def forget(self) -> None:
        """Begin anew."""
        self.answers.clear()
        self.relied.clear()

    @property
    def knows_self(self) -> bool:
        """Is `self` an instance of `owner`, neither number nor nil (which have another view of Object's methods)?"""
        known = self._knows_self
        if known is None:
            owner = self.owner
            known = self._knows_self = (
                owner is not None
                and owner.is_class
                and (owner is OBJECT or not any(owner in ancestors(prim) for prim in PRIM_CLASSES.values()))
            )
        return known

    # --- questions ---

    def place(self) -> tuple[str, str]:
        """What are the lexical scope and the variant called?"""
        return self.scope, self.variant

    def kind_at_start(self, slot: int) -> str:
        """What is in a variable of the part when it begins: "int", "float", "array", or "" for anything else?"""
        return self.part.kind(slot) if self.part is not None else ""

    def is_shared(self, slot: int) -> bool:
        """Do closures hold the variable already when the part begins?"""
        return self.part is not None and self.part.is_shared(slot)

    def built(self) -> str:
        """Which global holds the host class whose instances the function makes? "" if it makes none."""
        if self.made is None:
            return ""
        key = f"A:{self.variant}"
        self.unit.globals[key] = ensure_py(self.made)
        return key

    def assume(self, owner: str, name: str) -> bool:
        """May the built-in method `name` of `owner` ("": of all classes) be taken for what it was?"""
        if careful.CAREFUL:
            return False
        self.relied.add((owner, name))
        if name in PREPENDED:
            return False
        if not owner:
            return name not in GUEST_NAMES and (name in BASIC_NAMES or not BLANK_OBJECTS[0])
        return (owner, name) not in BROKEN and (owner, "*") not in BROKEN

    def usual(self, name: str) -> bool:
        """Is the method `name` of Object and Kernel what it was?"""
        if careful.CAREFUL:
            return False
        self.relied.add(("", name))
        return name not in GUEST_NAMES

    def generation(self) -> int:
        """How many changes did guards hear of?"""
        return GENERATION[0]

    def bare(self, operator: str) -> bool:
        """Note that the operator is used without a guard."""
        self.relied.add(("bare", operator))
        return True

    def plain(self, operator: str) -> bool:
        if careful.CAREFUL:
            return False
        self.relied.add(("operator", operator))
        if operator == "NE" and "!=" in GUEST_NAMES:
            return False
        return operator not in operators.REDEFINED

    def surprising(self, index: int) -> bool:
        """Were values seen where function `index` stands often not like those of its first call?"""
        return index in self.unit.surprising

    # inlined methods

    def watched(self) -> bool:
        """Does a profiler or debugger want to see each call?"""
        return is_watched()

    def within(self, index: int, *question: Any) -> Any:
        """What is the answer for the method that function `index` is?"""
        inner = self.inner.get(index)
        if inner is None:
            entry = self.unit.entries.get(index)
            if entry is None:
                return None
            inner = self.inner[index] = Facts(self.unit, index, self.unit.crefs[index], entry.owner, entry.name, False)
            inner.relied = self.relied
        return getattr(inner, question[0])(*question[1:])

    def small_method(self, name: str, argc: int) -> int:
        """Which function does a call of `name` on self run, if it is small? -1 if it is not, or nobody can tell."""
        owner = self.owner
        if name not in DEFINERS or not self.knows_self or owner is None:
            return -1
        entry = find_method(owner, name)
        if entry is None or not self.is_small(entry, name, argc):
            return -1
        for other in DEFINERS.get(name, ()):
            if other is not entry.owner and (not other.is_class or owner in ancestors(other)):
                return -1
        return int(entry.code.function.index)

    def small_method_of(self, index: int, name: str, argc: int) -> bool:
        """Do instances of the class that function `index` belongs to run it for `name`, and is it small?"""
        entry = self.unit.entries.get(index)
        if entry is None or entry.visibility or not self.is_small(entry, name, argc):
            return False
        owner = entry.owner
        if not owner.is_class or owner.attached is not None or owner in ROOT_CLASSES:
            return False
        return find_method(owner, name) is entry

    def sole_method(self, name: str, argc: int) -> int:
        """Which function does `name` mean, if one class only has such a method? -1 if nobody can tell."""
        found = DEFINERS.get(name, ())
        if careful.CAREFUL or len(found) != 1 or found[0].subclasses or name in native_names():
            return -1
        entry = found[0].methods.get(name)
        if entry is None or entry.code is None or entry.code.unit is not self.unit:
            return -1
        index = int(entry.code.function.index)
        return index if self.small_method_of(index, name, argc) else -1

    def is_small(self, entry: Method, name: str, argc: int) -> bool:
        """May the method be inlined, as far as it is concerned?"""
        if careful.CAREFUL or entry.native or entry.code is None or entry.code.unit is not self.unit:
            return False
        function = entry.code.function
        parameters = function.parameters
        self.relied.add(("inlined", name))
        return bool(
            entry.name == name and self.unit.entries.get(function.index) is entry and function.kind == ck.METHOD
            and parameters.required == argc == parameters.slot_count() and not parameters.flags
            and self.unit.summary("small", function.index)
        )  # fmt: skip

    # constants

    def constant(self, name: str) -> tuple[str, bool]:
        if name in builtin.CLASSES and peek_lexical(self.cref, name) is UNDEF:
            builtin.builtin_class(name)  # which is made when somebody names it: now
        key = f"C:{self.scope}:{name}"
        return key, self.unit.link_constant(key, self.cref, name)

    def scoped_constant(self, key: str, name: str) -> str | None:
        base = self.unit.globals.get(key) if key else OBJECT
        if isinstance(base, ModuleValue) and base is not OBJECT and builtin.MADE.get(base.name or "") is base:
            builtin.pending_constant(base, name)  # its file is loaded when somebody names it: now
        if not isinstance(base, ModuleValue) or peek(base, name) is UNDEF or base.private_constants:
            return None
        full = f"{key or 'C:'}::{name}"
        self.unit.link_scoped(full, key, name)
        return full

    def value(self, key: str) -> Any:
        return self.unit.globals.get(key, UNDEF)

    def is_module(self, key: str) -> bool:
        self.relied.add(("constant", key))
        return isinstance(self.value(key), ModuleValue)

    def holds_module(self, key: str) -> bool:
        """Return whether the constant is a class or module at the moment."""
        return isinstance(self.value(key), ModuleValue)

    def is_plain_class(self, key: str) -> bool:
        value = self.value(key)
        if not isinstance(value, ModuleValue):
            return False
        self.relied.add(("constant", key))
        self.relied.add(("", "==="))
        entry = find_method(dispatch_class(value), "===")
        return entry is not None and entry.native

    def host_test(self, key: str) -> str:
        """Return the Python test for instances of a class or module, "" if there is none.

        {x} is the value, {h} the host class, {k} the table of what is an instance."""
        value = self.value(key)
        if not isinstance(value, ModuleValue):
            return ""
        if not value.is_class or value.attached is not None:
            return "{k}[{x}.__class__]"
        if value.name in PRIM_TESTS and builtin.MADE.get(value.name) is value:
            return PRIM_TESTS[value.name]
        if value in (BASIC_OBJECT, OBJECT) or value.name == "Numeric":
            return "{k}[{x}.__class__]"
        ensure_py(value)
        return "isinstance({x}, {h})"

    def is_builtin(self, key: str, name: str) -> bool:
        self.relied.add(("constant", key))
        return self.value(key) is builtin.MADE.get(name, UNDEF)

    # methods

    def is_attribute(self, name: str, of_program: bool, seen: bool) -> bool:
        """May calls of `name` be attribute accesses? See attributes.usable."""
        return usable(name, of_program, seen)

    def reads_attribute(self, name: str) -> bool:
        """May calls of `name`, where no built-in class answers, be attribute accesses? Then they are."""
        if wanted(name):
            activate(name)
        return wanted(name)

    def is_of_program(self, name: str) -> bool:
        """Does the program define methods of that name?"""
        return name in GUEST_NAMES

    def is_special(self, name: str) -> bool:
        """May a global variable not be in the table of plain ones?"""
        return name in guest_globals.GETTERS or name in guest_globals.ALIASES or not name[1:2].isalpha()

    def takes_keywords(self, name: str) -> bool:
        return name in KEYWORD_NAMES

    def class_method(self, key: str, name: str, argc: int) -> bool:
        value = self.value(key)
        if not isinstance(value, ModuleValue):
            return False
        entry = find_method(dispatch_class(value), name)
        if entry is None or entry.native or entry.visibility or entry.code is None:
            return False
        self.relied.add(("constant", key))
        return fits(entry, argc)

    def takes_hash(self, name: str) -> bool:
        """Does no method `name` take keywords, so that they are a Hash to whatever is called?

        Only asked for methods that load nothing: what is defined while the code runs could make the answer wrong.
        """
        if (
            self.owner is None
            or self.unit.summary("loads", self.index)
            or (name not in GUEST_NAMES and name not in TAKING_HASHES)
            or name[:1].isupper()
        ):
            return False
        if KEYWORDS_ANYWHERE[0] or name in KEYWORD_NAMES or "method_missing" in KEYWORD_NAMES:
            return False
        if (name in native_names() and name not in TAKING_HASHES) or name[-1:] == MARK:
            return False
        self.relied.add(("keywords", name))
        self.relied.add(("keywords", "method_missing"))
        self.relied.add(("keywords", "*"))
        return True

    def self_method(self, name: str, argc: int) -> bool:
        if not self.knows_self or self.owner is None:
            return False
        entry = find_method(self.owner, name)
        if entry is None or entry.native and not entry.accessor:
            return False
        return bool(entry.accessor) and argc == 0 or entry.code is not None and fits(entry, argc)

    def protects(self, name: str) -> str:
        """Return the global for the host class whose instances have the protected method `name`, which the function may
        call; "" if it is none that its class has."""
        owner = self.owner
        if not self.knows_self or owner is None or name not in GUEST_NAMES:
            return ""
        entry = find_method(owner, name)
        if entry is None or entry.visibility != PROTECTED or not entry.owner.is_class:
            return ""
        key = f"A:{self.variant}:{name}"
        self.relied.add(("protected", name))
        self.unit.globals[key] = ensure_py(entry.owner)
        return key

    def class_variables(self, name: str) -> str:
        """Return the global for the module that has the class variable, "" if there is none yet."""
        self.relied.add(("cvars", name))
        try:
            owner = cvar_owner(cvar_scope(self.cref), name)
        except Raised:
            return ""
        if owner is None:
            return ""
        key = f"V:{self.scope}:{name}"
        self.unit.globals[key] = owner
        return key

    def super_name(self) -> str:
        owner = self.owner
        if owner is None or not owner.is_class or owner.attached is not None or not self.method:
            return ""
        if find_super(owner, owner, self.method) is None:
            return ""
        key = f"S:{self.variant}:{self.method}"
        self.unit.link_super(key, owner, self.method)
        return key

    def super_table(self) -> str:
        """Return the global for the table of the methods that `super` calls by the class of self."""
        owner = self.owner
        if owner is None or not self.method:
            return ""
        key = f"U:{self.variant}:{self.method}"
        table = self.unit.globals[key] = Supers(owner, self.method)
        TABLES.append(table)
        return key

    def constructor(self, key: str) -> str:
        value = self.value(key)
        if not is_constructible(value):
            return ""
        real = "X:" + key
        self.unit.link_constructor(real, key)
        return real

    def constructor_takes(self, key: str) -> bool:
        """Does the `initialize` behind a constructor take keywords? If that changes, calls fail and go another way."""
        entry = find_method(self.value(key), "initialize")
        return entry is not None and entry.code is not None and keyworded(entry.code.function)

    def has_kernel(self) -> bool:
        """Does `self` certainly have the methods of Kernel?"""
        owner = self.owner
        return owner is None or (owner.is_class and builtin.builtin_class("Kernel") in ancestors(owner))

    def own_class(self) -> str:
        """Return the global for the class whose singleton method is being translated, "" if there is none."""
        cls = self.owner.attached if self.owner is not None else None
        if not isinstance(cls, ModuleValue) or not cls.is_class:
            return ""
        key = f"T:{self.variant}"
        self.unit.globals[key] = cls
        return key

    # instance variables

    def ivar_has_slot(self, name: str) -> bool:
        owner = self.owner
        return self.knows_self and owner is not None and owner.attached is None and hasattr(owner.py, name)

    def ivar_is_set(self, name: str) -> bool:
        """Is the variable certainly set in every instance that methods of the owner can see?"""
        owner = self.owner
        if not self.ivar_has_slot(name) or LOOSE_IVARS[0] or self.method == "initialize" or owner is None:
            return False
        if owner.py.prepare not in (None, Exception_.prepare):
            return False  # natives make instances, too
        self.relied.add(("ivars", owner))
        return name in set_by_initialize(owner)


def fits(entry: Method, argc: int) -> bool:
    """Return whether a Metorex method certainly takes that many arguments and no keywords."""
    parameters = entry.code.function.parameters
    if parameters.post or any(required for _, required in parameters.keywords):
        return False
    low = parameters.required
    return low <= argc and (argc <= low + parameters.optional or bool(parameters.flags & ck.REST))


def is_constructible(value: Any) -> bool:
    """Return whether `value` is a class whose `new` does the usual: make an object, call `initialize`."""
    if not isinstance(value, ModuleValue) or not value.is_class or value.attached is not None:
        return False
    entry = find_method(dispatch_class(value), "new")
    if entry is None or not entry.native or entry.visibility or value is CLASS:
        return False
    if entry.owner is not CLASS:  # a Struct or Data class, perhaps
        host = ensure_py(value)
        return hasattr(host, "constructor") and host.constructor(value) is not None
    if value.undefined_allocator or value in builtin.MADE.values() and not is_reopened(value):
        return False
    if any(prim in ancestors(value) for prim in PRIM_CLASSES.values()):
        return False
    own: Any = ensure_py(value)
    return own.prepare in (None, own.__init__) and not isinstance(own, ModuleValue)


def is_reopened(cls: ModuleValue) -> bool:
    """Return whether a built-in class has an `initialize` of the program."""
    entry = find_method(cls, "initialize")
    return cls is not OBJECT and entry is not None and entry.code is not None
