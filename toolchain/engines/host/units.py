"""Modules being run by this engine: lazy translation of their methods, and the globals of generated code.

All generated code of a `HostUnit` shares one dict of globals, the `__dict__` of a real module (PyPy folds those). Their
names say what they stand for, and `link` fills them in when code needs them (links.py). They are no identifiers: the
text is written with identifiers, and the names are put into the compiled code objects (generate.py).
"""

from __future__ import annotations

from types import CodeType, FunctionType, ModuleType

from ....format import chunk as ck
from ...runtime.dispatch import call_function
from ...runtime.frames import Cref, code_key
from ...runtime.model import OBJECT, WORLD, Method, ModuleValue, all_holders, find_super, install
from ...runtime.operators import CHANGED, OPERATORS
from ...runtime.values import UNDEF
from ..stack import blocks
from ..stack.code import Unit
from . import facts as facts_module
from . import support
from .facts import DEPENDENTS, Facts, peek, peek_lexical
from .generate import REPORT, Generated, generate
from .graph import Declined
from .links import LINKS, constructor
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
        if self.entry.fn is self.function:
            put(self.entry, self.unit.make_method(self.index, self.cref, self.entry))


def put(entry: Method, function: Any) -> None:
    """Give a method table entry another function, everywhere it shows."""
    old = entry.fn
    entry.fn = function
    owner = entry.owner
    if owner.methods.get(entry.name) is entry:
        for holder in all_holders(owner):
            if holder.py is not None:
                install(holder, entry.name)
    for unit in UNITS:
        unit.refresh_functions(entry.name)
    del old


UNITS: list[HostUnit] = []
_SHARED: dict[str, Any] = {}


class HostUnit(Unit):
    """A module that runs on this engine."""

    __slots__ = (
        "decoded", "globals", "holder", "variants", "scope_numbers", "consts", "supers", "constructors", "entries",
        "crefs", "versions",
    )  # fmt: skip

    def __init__(self, module: ck.Module, path: str, absolute: str = "", required: bool = False) -> None:
        super().__init__(module, path, absolute, required)
        self.decoded: dict[int, Any] = {}
        self.holder = ModuleType("metorex.generated")
        self.globals: dict[str, Any] = self.holder.__dict__
        if not _SHARED:
            _SHARED.update(support.namespace())
        self.globals.update(_SHARED)
        self.variants: dict[Any, int] = {}
        self.scope_numbers: dict[Any, int] = {}
        self.consts: dict[str, Any] = {}  # key -> (cref, name) or (key of the module, name)
        self.supers: dict[str, Any] = {}  # key -> (owner, name)
        self.constructors: dict[str, str] = {}  # X: key -> C: key
        self.entries: dict[int, Method | None] = {}  # function -> the entry that was last made of it
        self.crefs: dict[int, Cref] = {}
        self.versions: dict[Method, Any] = {}  # methods as the stack engine runs them, for calls that do not fit
        UNITS.append(self)

    # --- methods ---

    def make_method(self, index: int, cref: Cref, entry: Method) -> Any:
        """Return the function of a method: a stub that translates at its first call, or the stack engine's."""
        function = self.module.functions[index]
        code = self.code(index)
        entry.code = code
        self.entries[index] = entry
        self.crefs[index] = cref
        if function.flags & ck.USES_EVAL:
            return blocks.make_method(self, index, cref, entry)
        unit = self
        made: Any = None

        def stub(self: Any, blk: Any, *args: Any, **keywords: Any) -> Any:
            nonlocal made
            if made is None:
                made = unit.translate_method(index, cref, entry)
                if entry.fn is stub:
                    put(entry, made)
            if keywords:
                return call_function(made, (self, blk, *args), keywords)
            return made(self, blk, *args)

        support.PASSING.add(code_key(stub.__code__))
        return stub

    def run_body(self, frame: Any) -> Any:
        from .machine import run_body

        return run_body(frame)

    def translate_method(self, index: int, cref: Cref, entry: Method) -> Any:
        """Return the method's function, from this engine or, if it declines, from the stack engine."""
        try:
            function, generated = self.translate(index, cref, entry.owner, entry)
        except Declined as reason:
            if REPORT[0]:
                print(f"declined {entry.name}: {reason}")
            return blocks.make_method(self, index, cref, entry)
        installed = Installed(self, index, entry, cref, function)
        for key in generated.relied:
            DEPENDENTS.setdefault(key, []).append(installed)
        return function

    def translate(self, index: int, cref: Cref, owner: Any, entry: Method | None) -> tuple[Any, Generated]:
        """Translate function `index` for its place. Raises Declined."""
        key = (self.scope_number(cref), owner)
        variant = self.variants.setdefault(key, len(self.variants))
        facts = Facts(self, cref, owner, entry.name if entry is not None else "", variant)
        generated = generate(self, index, facts)
        return self.bind(generated, index, cref, entry, variant), generated

    def bind(self, generated: Generated, index: int, cref: Cref, entry: Method | None, variant: int) -> Any:
        """Link a translation and return its function."""
        function = self.module.functions[index]
        contexts: dict[int, support.Context] = {}
        for _, number, _ in generated.scopes:
            if number not in contexts:
                contexts[number] = support.Context(self, self.code(number), cref, entry)
                self.globals[f"F:{variant}:{number}"] = contexts[number]
        reader = Reader(self, generated, contexts)
        self.link(generated.code, reader)
        result = FunctionType(generated.code, self.globals, function.name or "main")
        parameters = function.parameters
        if function.kind == ck.METHOD:
            extra = bool(function.flags & ck.USES_BLOCK) and not parameters.flags & ck.REST and not parameters.keywords
            exact = not (parameters.post or parameters.flags & ck.NO_KEYWORDS)
            if parameters.post and result.__code__.co_argcount == 2 + parameters.required:
                result.__defaults__ = (UNDEF,) * parameters.required or None
            if exact:
                result.__defaults__ = (UNDEF,) * (parameters.optional + extra) or None
                optional = {name: UNDEF for name, required in parameters.keywords if not required}
                result.__kwdefaults__ = optional or None
        return result

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

    def scope_number(self, cref: Cref) -> int:
        """Return a number for a lexical scope, the same for scopes of the same modules."""
        modules = []
        scope: Cref | None = cref
        while scope is not None:
            modules.append(scope.module)
            scope = scope.parent
        return self.scope_numbers.setdefault(tuple(modules), len(self.scope_numbers))

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
                facts_module.broken(("constant", key))
                for real, of in self.constructors.items():
                    if of == key:
                        self.link_constructor(real, key)

    def link_super(self, key: str, owner: ModuleValue, name: str) -> None:
        self.supers[key] = (owner, name)
        found = find_super(owner, owner, name)
        if found is not None:
            self.globals[key] = found.fn
        else:
            self.globals.pop(key, None)

    def link_constructor(self, real: str, key: str) -> None:
        self.constructors[real] = key
        self.globals[real] = constructor(self.globals.get(key))

    def refresh_functions(self, name: str) -> None:
        """A method `name` changed somewhere ("": anything may have)."""
        for key, (owner, method) in list(self.supers.items()):
            if not name or method == name:
                self.link_super(key, owner, method)
        if name in ("", "initialize", "new", "allocate"):
            for real, key in self.constructors.items():
                self.link_constructor(real, key)


def refresh() -> None:
    """Look up again what globals of generated code stand for, after a change of constants."""
    for unit in UNITS:
        unit.refresh_constants()


def method_changed(mod: ModuleValue, name: str, entry: Method | None) -> None:
    for unit in UNITS:
        unit.refresh_functions(name)


def operator_changed(instruction: str) -> None:
    for unit in UNITS:
        if "O:" + instruction in unit.globals:
            unit.globals["O:" + instruction] = OPERATORS[instruction]


def watch() -> None:
    """Begin to listen for changes."""
    WORLD.listeners.append(method_changed)
    WORLD.constant_listeners.append(refresh)
    CHANGED.append(operator_changed)
