"""Modules being run by this engine: lazy translation of their methods, and the globals of generated code.

All generated code of a `HostUnit` shares one dict of globals, the `__dict__` of a real module (PyPy folds those). Their
names say what they stand for, and `link` fills them in when code needs them (links.py). They are no identifiers: the
text is written with identifiers, and the names are put into the compiled code objects (generate.py).
"""

from __future__ import annotations

from marshal import loads
from types import CodeType, FunctionType, ModuleType

from ....format import chunk as ck
from ...runtime import exceptions, model
from ...runtime.core import class_new
from ...runtime.dispatch import call_function
from ...runtime.frames import Cref, code_key
from ...runtime.model import (
    OBJECT,
    WORLD,
    Method,
    ModuleValue,
    all_holders,
    find_method,
    find_super,
    install,
    is_lone,
)
from ...runtime.operators import CHANGED, OPERATORS
from ...runtime.values import UNDEF
from ..stack import blocks
from ..stack.arguments import needed_keywords
from ..stack.code import Unit
from . import attributes, shims, support
from .assumptions import DEPENDENTS, broken
from .contexts import Context
from .facts import Facts, peek, peek_lexical
from .line_table import moved
from .links import CONSTRUCTORS, LINKS, constructor
from .reader import Reader
from .results import TALLY, Declined, DeclinedNow, Generated, decline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..image import Image
    from .parts import Part


class Installed:
    """A translated method in its place; `retire` puts a stub there again, which translates anew."""

    __slots__ = ("unit", "index", "entry", "cref", "function")

    def __init__(self, unit: HostUnit, index: int, entry: Method, cref: Cref, function: Any) -> None:
        self.unit = unit
        self.index = index
        self.entry = entry
        self.cref = cref
        self.function = function

    def retire(self) -> None:
        entries = getattr(self.function, "entries", (self.entry,))
        if any(entry.fn is self.function for entry in entries):
            stub = self.unit.make_method(self.index, self.cref, self.entry)
            stub.entries = entries
            replace(entries, self.function, stub)


class Built:
    """A translated constructor; `retire` lets it be made anew."""

    __slots__ = ("cls",)

    def __init__(self, cls: ModuleValue) -> None:
        self.cls = cls

    def retire(self) -> None:
        CONSTRUCTORS.pop(self.cls, None)
        class_new.CONSTRUCTORS.pop(self.cls, None)
        relink(self.cls)


def relink(cls: ModuleValue) -> None:
    """Bind the constructor of a class again wherever it is used."""
    for unit in UNITS:
        for real, key in unit.constructors.items():
            if unit.globals.get(key) is cls:
                unit.link_constructor(real, key)


def replace(entries: Any, old: Any, function: Any) -> None:
    """Give all entries that share a function another one."""
    for entry in entries:
        if entry.fn is old:
            put(entry, function)


def put(entry: Method, function: Any) -> None:
    """Give a method table entry another function, everywhere it shows."""
    entry.fn = function
    name = entry.name
    for owner in tables_with(entry):
        for holder in all_holders(owner):
            if holder.py is not None:
                install(holder, name)
    for unit in UNITS:
        unit.refresh_functions(entry.name)


def tables_with(entry: Method) -> list[ModuleValue]:
    """Return the modules in whose tables an entry is: its owner's, or as an alias those of modules below that."""
    owner, name = entry.owner, entry.name
    if name == entry.original_name or owner.methods.get(name) is entry:
        return [owner] if owner.methods.get(name) is entry else []
    found = []
    work = [owner]
    while work:
        mod = work.pop()
        work += [*mod.subclasses, *mod.holders]
        if mod.methods.get(name) is entry and mod not in found:
            found.append(mod)
    return found


# Metorex methods of Object -> what numbers and nil have instead: the same translated without assuming that `self` has
# attributes. Methods of the script's top level are the common case; they are hardly ever sent to numbers.
VIEWS: dict[Method, Method] = {}
GENERAL: set[Any] = set()  # the values of VIEWS


def prim_view(entry: Method) -> Method:
    """See runtime/model.py."""
    unit = entry.code.unit
    if entry.owner is not OBJECT or not isinstance(unit, HostUnit) or entry.code.function.kind != ck.METHOD:
        return entry
    view = VIEWS.get(entry)
    if view is None:
        index = entry.code.function.index
        view = VIEWS[entry] = entry.copy(OBJECT)
        GENERAL.add(view)
        view.fn = unit.make_method(index, unit.crefs[index], view)
    return view


def module_label(mod: ModuleValue) -> str:
    attached = mod.attached
    if attached is not None:
        return f"<{module_label(attached)}>" if isinstance(attached, ModuleValue) else "<>"
    return mod.name or ""


UNITS: list[HostUnit] = []
_SHARED: dict[str, Any] = {}


MANY = 16  # places of a function (single objects, classes) for which it is translated when it is first called
PATIENCE = 32  # calls before it is translated for one more place


class HostUnit(Unit):
    """A module that runs on this engine."""

    __slots__ = (
        "tag", "decoded", "globals", "holder", "labels", "taken", "places", "consts", "supers", "constructors",
        "natives", "entries", "crefs", "versions", "surprising",
    )  # fmt: skip

    def __init__(
        self, module: ck.Module, path: str, absolute: str = "", required: bool = False, image: Image | None = None
    ) -> None:
        super().__init__(module, path, absolute, required, image)
        self.tag = self.image.tag or f"u{len(UNITS)}"  # part of the names of its functions
        self.decoded: dict[int, Any] = {}
        self.holder = ModuleType("metorex.generated")
        self.globals: dict[str, Any] = self.holder.__dict__
        if not _SHARED:
            _SHARED.update(support.namespace())
        self.globals.update(_SHARED)
        self.labels: dict[Any, str] = {}
        self.taken: dict[str, int] = {}  # labels -> the last number behind it
        # Function -> how often it became a method; -1 - function -> of how many classes' constructors it is part.
        self.places: dict[int, int] = {}
        self.consts: dict[str, Any] = {}  # key -> (cref, name) or (key of the module, name)
        self.supers: dict[str, Any] = {}  # key -> (owner, name)
        self.constructors: dict[str, str] = {}  # X: key -> C: key
        self.natives: dict[str, set[str]] = {}  # method of numbers -> its P: keys
        self.entries: dict[int, Method | None] = {}  # function -> the entry that was last made of it
        self.crefs: dict[int, Cref] = {}
        self.versions: dict[Method, Any] = {}  # methods as the stack engine runs them, for calls that do not fit
        self.surprising: set[int] = set()  # functions whose exemplars were none
        UNITS.append(self)

    # --- methods ---

    def without_exemplars(self, entry: Method) -> None:
        """Translate a method anew, without hints from one call."""
        index = entry.code.function.index
        self.surprising.add(index)
        Installed(self, index, entry, self.crefs[index], entry.fn).retire()

    def make_method(self, index: int, cref: Cref, entry: Method) -> Any:
        """Return the function of a method: a stub that translates at its first call, or the stack engine's."""
        code = self.code(index)
        entry.code = code
        if entry not in GENERAL:
            self.entries[index] = entry
        self.crefs[index] = cref
        number = self.places[index] = self.places.get(index, 0) + 1
        general: Any = None  # what performs the calls before the translation
        if number > MANY:
            general = blocks.make_method(self, index, cref, entry)
            if is_lone(entry.owner):  # a translation would outlive the object
                return general
        unit = self
        calls = 0
        made: Any = None
        entries = [entry]  # and its copies under other names, visibilities or owners

        def stub(self: Any, blk: Any, /, *args: Any, **keywords: Any) -> Any:
            nonlocal made, calls
            if made is None:
                if general is not None and calls < PATIENCE:
                    calls += 1
                    return general(self, blk, *args, **keywords)
                made = unit.translate_method(index, cref, entry, (self, args))
                made.entries = entries
                replace(entries, stub, made)
            if keywords:
                return call_function(made, (self, blk, *args), keywords)
            return made(self, blk, *args)

        attributes.PASSING.add(code_key(stub.__code__))
        stub.entries = entries  # type: ignore[attr-defined]
        return stub

    def patience(self, entry: Method) -> int:
        """Return how many calls of one more constructor with that `initialize` shall go by before it is translated."""
        index = -1 - entry.code.function.index
        number = self.places[index] = self.places.get(index, 0) + 1
        return PATIENCE if number > MANY else 0

    def run_body(self, frame: Any) -> Any:
        from .machine import run_body

        return run_body(frame)

    def translate_method(self, index: int, cref: Cref, entry: Method, call: Any) -> Any:
        """Return the method's function, from this engine or, if it declines, from the stack engine."""
        try:
            function, facts = self.translate(index, cref, entry.owner, entry, call=call)
        except Declined as reason:
            decline(entry.name, reason)
            return blocks.make_method(self, index, cref, entry)
        installed = Installed(self, index, entry, cref, function)
        for key in facts.relied:
            DEPENDENTS.setdefault(key, []).append(installed)
        return function

    def translate_constructor(self, entry: Method, cls: ModuleValue) -> Any:
        """Return `new(blk, ...)` for a class with the method `entry` as `initialize`: one function that does both.

        None if its parameters are of kinds that the ordinary way binds.
        """
        function = entry.code.function
        index, parameters = function.index, function.parameters
        odd = parameters.post or parameters.flags & ck.NO_KEYWORDS
        if odd or function.flags & ck.USES_EVAL or self.entries.get(index) is not entry:
            return None
        try:
            made, facts = self.translate(index, self.crefs[index], entry.owner, entry, cls)
        except Declined:
            return None
        for key in facts.relied:
            DEPENDENTS.setdefault(key, []).append(Built(cls))
        return made

    def translate(
        self,
        index: int,
        cref: Cref,
        owner: Any,
        entry: Method | None,
        made: ModuleValue | None = None,
        call: tuple[Any, Any] | None = None,
        part: Part | None = None,
        block: tuple[Any, ...] | None = None,
    ) -> tuple[Any, Facts]:
        """Return the function made of function `index` for its place, and what was asked for it. Raises Declined.

        `call`: what `self` and the arguments are in the call that it is made for, if in any.
        `made`: the class whose constructor is wanted, of which `index` is the `initialize`.
        `part`: of a function that runs once, what is wanted of it.
        `block`: the function is a block that became a method; the cells of its variables.
        """
        facts = Facts(self, index, cref, owner, entry.name if entry is not None else "", entry in GENERAL, made, part)
        if block is not None:
            facts.variant = self.block_label(facts.variant, facts.method)
        outcome = self.recall(index, facts)
        if outcome is None:
            facts.call = call
            outcome = self.generate(index, facts)
        if outcome.__class__ is str:
            TALLY.note(self, index, outcome)
            raise Declined(outcome)
        generated = Generated(*outcome)
        if generated.code.co_filename != self.absolute:  # the same file was elsewhere
            generated.code = moved(generated.code, self.absolute)
        for closure, reason in generated.declined:
            TALLY.note(self, closure, reason)
        return self.bind(generated, index, cref, entry, facts, block), facts

    def recall(self, index: int, facts: Facts) -> Any:
        """Return what an earlier translation of the function came to, if the same would come out now, else None."""
        for answers, outcome in self.image.fresh.get((index, facts.variant), ()):
            if facts.agrees(answers):
                return outcome
        for answers, outcome in self.image.outcomes(index, facts.variant):
            if facts.agrees(answers):
                TALLY.recalled += 1
                return loads(outcome)
        return None

    def generate(self, index: int, facts: Facts) -> Any:
        """Translate a function; return the row of a Generated, or why it is declined."""
        from .generate import generate  # a warm run need not import the translator

        facts.forget()
        outcome: Any
        try:
            outcome = generate(self, index, facts).row()
        except DeclinedNow as reason:
            return str(reason)
        except Declined as reason:
            outcome = str(reason)
        TALLY.translated += 1
        self.image.keep(index, facts.variant, facts.answers, outcome)
        return outcome

    def summary(self, kind: str, index: int) -> Any:
        """Return what a row of summaries.py says of function `index`."""
        known = self.image.summaries
        key = (kind, index)
        if key not in known:
            from .summaries import SUMMARIES

            known[key] = SUMMARIES[kind](self, index)
        return known[key]

    def bind(
        self,
        generated: Generated,
        index: int,
        cref: Cref,
        entry: Method | None,
        facts: Facts,
        block: tuple[Any, ...] | None = None,
    ) -> Any:
        """Link a translation and return its function."""
        function = self.module.functions[index]
        for name, (least, most, hidden, callee) in generated.signatures.items():
            needed = needed_keywords(self.module.functions[callee])
            exceptions.SIGNATURES[name] = (least, most, hidden, needed)
            shims.CALLEES[name] = (self, callee)
        contexts: dict[int, Context] = {}
        called = {row[1] for row in generated.scopes if row[3] is not None and not row[3][1]}
        for _, number, *_ in generated.scopes:
            if number not in contexts and number >= 0:
                contexts[number] = self.context(number, number in called, cref, entry)
                self.globals[f"F:{facts.variant}:{number}"] = contexts[number]
        reader = Reader(self, generated, contexts, facts.relied)
        self.link(generated.code, reader)
        code = generated.code
        cells = facts.part.cells(code.co_freevars) if facts.part is not None else None
        if block:
            cells = tuple([block[int(name[1:])] for name in code.co_freevars])
        # Named as its code is: the messages of PyPy show that. It takes no empty tuple of cells.
        result = FunctionType(code, self.globals, None, None, cells or None)
        parameters = function.parameters
        if function.kind == ck.METHOD or block is not None:
            code = result.__code__
            hidden = 1 if code.co_varnames[0] == "blk" else 2  # a constructor makes its self
            extra = max(code.co_argcount - hidden - parameters.required - parameters.optional, 0)
            exact = not (parameters.post or parameters.flags & ck.NO_KEYWORDS)
            if parameters.post and result.__code__.co_argcount == 2 + parameters.required:
                result.__defaults__ = (UNDEF,) * parameters.required or None
            if exact:
                result.__defaults__ = (UNDEF,) * (parameters.optional + extra) or None
                given = [name for name, required in parameters.keywords if not required or hidden == 2]
                result.__kwdefaults__ = dict.fromkeys(given, UNDEF) or None
        return result

    def context(self, number: int, called: bool, cref: Cref, entry: Method | None) -> Context:
        """Return what code of function `number` knows of it, in a translation for that place; `called`: it is a method
        inlined there."""
        if not called:
            return Context(self, self.code(number), cref, entry)
        found = Context(self, self.code(number), self.crefs[number], self.entries[number])
        found.keeper = entry
        return found

    def number_of(self, cls: ModuleValue, name: str) -> int:
        """Return the function that is the method `name` of the instances of a class, -1 if it is not of this module."""
        entry = find_method(cls, name)
        if entry is None or entry.native or entry.code is None or entry.code.unit is not self or entry.owner is not cls:
            return -1
        return int(entry.code.function.index)

    def link(self, code: CodeType, reader: Reader) -> None:
        """Fill in the globals that a code object and those inside it name, and register them for backtraces."""
        reader.register(code)
        names = self.globals
        for name in code.co_names:
            if ":" in name and name not in names and name[0] in LINKS and name[1] == ":":
                LINKS[name[0]](self, name)
        for constant in code.co_consts:
            if constant.__class__ is CodeType:
                self.link(constant, reader)

    # --- constants, super methods, constructors ---

    def scope_label(self, cref: Cref) -> str:
        """Return what a lexical scope is called in keys: the same for scopes of the same modules, and in every run."""
        modules = []
        scope = cref
        while scope.parent is not None:
            modules.append(scope.module)
            scope = scope.parent
        if scope.module is not OBJECT:
            modules.append(scope.module)
        key = tuple(modules)
        found = self.labels.get(key)
        return found if found is not None else self.add_label(key, ";".join(map(module_label, modules)))

    def variant_label(
        self, cref: Cref, owner: ModuleValue | None, general: bool = False, made: ModuleValue | None = None
    ) -> str:
        """Return what a place of methods is called: the scope, whose methods they are ("#": for numbers), what they
        make."""
        scope = self.scope_label(cref) + "#" * general
        key = (scope, owner, made)
        found = self.labels.get(key)
        if found is not None:
            return found
        text = scope + "|" + ("" if owner is None else module_label(owner))
        return self.add_label(key, text if made is None else f"{text}|{module_label(made)}")

    def block_label(self, variant: str, name: str) -> str:
        """Return what a block is called that became the method `name`: one block may become several."""
        key = (variant, name)
        found = self.labels.get(key)
        return found if found is not None else self.add_label(key, f"{variant}|{name}")

    def add_label(self, key: Any, text: str) -> str:
        """Call something new `text`, or nearly so where that is taken, say by another anonymous class."""
        label = text
        number = self.taken.get(text, 0)
        while label in self.taken:
            number += 1
            label = f"{text}~{number}"
        self.taken[text] = max(number, 1)
        self.taken[label] = 1
        self.labels[key] = label
        return label

    def link_constant(self, key: str, cref: Cref, name: str) -> bool:
        """Bind the global of a constant if the constant is there; return whether it is."""
        value = peek_lexical(cref, name)
        if key not in self.consts:
            self.consts[key] = (cref, name)
        if value is UNDEF:
            return False
        self.globals[key] = value
        return True

    def link_scoped(self, key: str, base: str, name: str) -> None:
        self.consts[key] = (base, name)
        module = self.globals[base] if base else OBJECT
        self.globals[key] = peek(module, name)

    def refresh_constants(self) -> None:
        """Look all constants up again."""
        for key, (where, name) in list(self.consts.items()):
            if isinstance(where, Cref):
                value = peek_lexical(where, name)
            else:
                module = self.globals.get(where) if where else OBJECT
                value = peek(module, name) if isinstance(module, ModuleValue) else UNDEF
            before = self.globals.get(key, UNDEF)
            if value is before:
                continue
            if value is UNDEF:
                del self.globals[key]
            else:
                self.globals[key] = value
            if before is not UNDEF:
                broken(("constant", key))
                for letter in "HK":
                    if f"{letter}:{key}" in self.globals:
                        LINKS[letter](self, f"{letter}:{key}")
                for real, of in self.constructors.items():
                    if of == key:
                        self.link_constructor(real, key)

    def link_super(self, key: str, owner: ModuleValue, name: str) -> None:
        self.supers[key] = (owner, name)
        found = find_super(owner, owner, name)
        self.globals[key] = None if found is None else found.fn  # a call of None fails, and super_failed looks again

    def link_constructor(self, real: str, key: str) -> None:
        self.constructors[real] = key
        self.globals[real] = constructor(self.globals.get(key))

    def refresh_functions(self, name: str) -> None:
        """A method `name` changed somewhere ("": anything may have)."""
        for key, (owner, method) in list(self.supers.items()):
            if not name or method == name:
                self.link_super(key, owner, method)
        for method in (name,) if name else list(self.natives):
            for key in self.natives.get(method, ()):
                LINKS["P"](self, key)
        if name in ("", "initialize", "new", "allocate"):
            for real, key in self.constructors.items():
                self.link_constructor(real, key)


def refresh() -> None:
    """Look up again what globals of generated code stand for, after a change of constants."""
    for unit in UNITS:
        unit.refresh_constants()


def method_changed(mod: ModuleValue, name: str, entry: Method | None) -> None:
    if is_lone(mod):
        return
    if name in ("", "initialize", "new", "allocate"):
        class_new.CONSTRUCTORS.clear()
    for unit in UNITS:
        unit.refresh_functions(name)


def operator_changed(instruction: str) -> None:
    for unit in UNITS:
        if "O:" + instruction in unit.globals:
            unit.globals["O:" + instruction] = OPERATORS[instruction]


def watch() -> None:
    """Begin to listen for changes."""
    model.prim_view = prim_view
    WORLD.listeners.append(method_changed)
    WORLD.constant_listeners.append(refresh)
    CHANGED.append(operator_changed)
