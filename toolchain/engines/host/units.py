"""From translated text to functions: compiling, linking globals, lazy installation, and reading frames back.

A `HostUnit` is a module being run by this engine. All its generated code shares one dict of globals, the `__dict__` of
a real module (PyPy folds those). Their names say what they stand for, and `link` fills them in when code needs them:

    Y:name  Symbol    Z:text  frozen String    N:f:i  constant i of function f    F:v:f  Context of function f
    C:s:A::B  constant    H:key  host class of the class that constant is    X:key  constructor of the class that constant is    S:v:name  super method
    O:OP  operator function    Q:OP  the same as a Python condition    P:Integer#name  native method of numbers

They are no identifiers: the text is written with identifiers, and the names are put into the compiled code objects.
"""

from __future__ import annotations

from types import CodeType, FunctionType, ModuleType

from ....format import chunk as ck
from ...runtime import builtin, exceptions
from ...runtime.blocks import DESCRIBERS
from ...runtime.dispatch import send
from ...runtime.frames import EXPANDERS, READERS, Cref
from ...runtime.model import (
    OBJECT,
    WORLD,
    Method,
    ModuleValue,
    all_holders,
    ensure_py,
    find_method,
    find_super,
    install,
    own_method,
)
from ...runtime.operators import CHANGED, OPERATORS
from ...runtime.values import UNDEF, String, sym
from ..stack import blocks, calls
from ..stack.code import Unit, constant_value
from . import facts as facts_module
from . import shims, support
from .blocks import HostBlock
from .facts import DEPENDENTS, Facts, is_constructible, peek, peek_lexical
from .graph import Declined
from .shims import answer
from .translate import HostFunction, Translation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .structure import Lines


def assemble(lines: Lines) -> tuple[str, list[int]]:
    """Return the text of lines and, by physical line, the position that stands there."""
    out: list[str] = []
    table: list[int] = []
    for depth, pc, text in lines:
        pieces = text.split("\n")
        out.append(" " * depth + pieces[0])
        table.append(pc)
        for piece in pieces[1:]:
            at, _, rest = piece.partition("\0")
            out.append(rest)
            table.append(int(at))
    return "\n".join(out) + "\n", table


class Generated:
    """A compiled translation. `places` maps lines to positions, `scopes` are (base, function index, inlined) rows."""

    __slots__ = ("code", "places", "scopes", "defaults", "kwdefaults", "relied")

    def __init__(self, code: CodeType, places: list[int], scopes: list[Any], relied: set[Any]) -> None:
        self.code = code
        self.places = places
        self.scopes = scopes
        self.relied = relied


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
        self.consts: dict[str, Any] = {}        # key -> (cref, name) or (key of the module, name)
        self.supers: dict[str, Any] = {}        # key -> (owner, name)
        self.constructors: dict[str, str] = {}  # X: key -> C: key
        self.entries: dict[int, Method | None] = {}  # function -> the entry that was last made of it
        self.crefs: dict[int, Cref] = {}
        self.versions: dict[Method, Any] = {}   # methods as the stack engine runs them, for calls that do not fit
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
                return calls.call_function(made, (self, blk, *args), keywords)
            return made(self, blk, *args)

        support.PASSING.add(stub.__code__)
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
            last = bool(parameters.required) and not parameters.flags & ck.BLOCK_PARAM
            exact = not (parameters.post or parameters.flags & ck.NO_KEYWORDS)
            if parameters.post and result.__code__.co_argcount == 2 + parameters.required:
                result.__defaults__ = (UNDEF,) * parameters.required or None
            if exact:
                result.__defaults__ = (UNDEF,) * (last + parameters.optional + extra) or None
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


REPORT = [False]


def generate(unit: HostUnit, index: int, facts: Facts) -> Generated:
    """Translate and compile one function. Raises Declined."""
    translation = Translation(facts, unit.module.functions[index])
    function = unit.module.functions[index]
    scope = translation.scope(unit, function, None, None)
    host = HostFunction(translation, scope, None)
    lines = host.define()
    text, places = assemble(lines)
    try:
        compiled = compile(text, f"<generated from {unit.path}>", "exec", dont_inherit=True)
    except (SyntaxError, RecursionError, MemoryError, ValueError) as failure:
        if REPORT[0]:
            print(text)
        raise Declined(f"the host compiler: {failure}") from None
    if REPORT[0]:
        print(text)
    code = next(constant for constant in compiled.co_consts if constant.__class__ is CodeType)
    scopes = [(s.base, s.function.index, inlined_at(s) if s.inlined is not None else captured(s)) for s in translation.scopes]
    labels = {s.host.name: s for s in translation.scopes if s.inlined is None and s.host is not None}
    code = rename(code, translation.renames, labels, unit)
    return Generated(code, places, scopes, facts.relied)


class Inlined:
    """Where an inlined block stands: the position of the call and the label of the iterator."""

    __slots__ = ("position", "label")

    def __init__(self, position: int, label: str) -> None:
        self.position = position
        self.label = label


def inlined_at(scope: Any) -> Inlined:
    plan = scope.inlined
    owner = plan.row.owner
    if plan.form == "range":
        owner = "Range"
    if owner == "Array.":
        return Inlined(plan.caller.base + plan.call_index, "Array#initialize")
    return Inlined(plan.caller.base + plan.call_index, f"{owner}#{plan.row.name}")


def captured(scope: Any) -> tuple[str, ...]:
    """Return the variables behind the upvalues of a closure."""
    if scope.parent is None:
        return ()
    return tuple(scope.upvalue(index) for index in range(len(scope.function.upvalues)))


def rename(code: CodeType, renames: dict[str, str], labels: dict[str, Any], unit: HostUnit) -> CodeType:
    """Return the code object with real names for identifiers that stand for them."""

    def real(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple([renames.get(name, name) for name in names])

    constants = tuple(
        rename(constant, renames, labels, unit) if constant.__class__ is CodeType else constant
        for constant in code.co_consts
    )
    scope = labels.get(code.co_name)
    changes: dict[str, Any] = {}
    if scope is not None:
        name = f"{scope.function.name or 'block'}#{len(exceptions.SIGNATURES)}"
        parameters = scope.function.parameters
        low = parameters.required + parameters.post
        high = -1 if parameters.flags & ck.REST else low + parameters.optional
        exceptions.SIGNATURES[name] = (low, high, 2 if scope.kind == ck.METHOD else 0)
        shims.CALLEES[name] = (unit, scope.function.index)
        changes["co_name"] = name
        if hasattr(code, "co_qualname"):
            changes["co_qualname"] = name
    return code.replace(
        co_names=real(code.co_names), co_varnames=real(code.co_varnames), co_consts=constants, **changes
    )


# --- linking --------------------------------------------------------------------------------------------------------


def _symbol(unit: HostUnit, name: str) -> None:
    unit.globals[name] = sym(name[2:])


def _frozen(unit: HostUnit, name: str) -> None:
    from ...runtime.model import freeze

    unit.globals[name] = freeze(String(name[2:]))


def _number(unit: HostUnit, name: str) -> None:
    _, function, index = name.split(":")
    kind, payload = unit.module.functions[int(function)].constants[int(index)]
    unit.globals[name] = constant_value(kind, payload)


def _operator(unit: HostUnit, name: str) -> None:
    unit.globals[name] = OPERATORS[name[2:]]


def _condition(unit: HostUnit, name: str) -> None:
    unit.globals[name] = answer(name[2:])


def _native(unit: HostUnit, name: str) -> None:
    """`P:Integer#name`: the native function, loaded when it is first called."""
    path = name[2:]
    if path == "Math.sqrt":
        module = builtin.builtin_class("Math")
        unit.globals["Math"] = module
        entry = own_method(module.__class__.singleton, "sqrt")
        assert entry is not None
        unit.globals[name] = entry.fn
        return
    owner, _, method = path.partition("#")
    names = unit.globals

    def native(self: Any, blk: Any, *args: Any) -> Any:
        entry = find_method(builtin.builtin_class(owner), method)
        if entry is None or entry.visibility:
            return send(self, ":" + method, blk, *args)
        if entry.native:
            names[name] = entry.fn
        return entry.fn(self, blk, *args)

    support.PASSING.add(native.__code__)
    names[name] = native


def _host(unit: HostUnit, name: str) -> None:
    unit.globals[name] = ensure_py(unit.globals[name[2:]])


def _class(unit: HostUnit, name: str) -> None:
    unit.globals[name] = builtin.builtin_class(name[2:])


def _nothing(unit: HostUnit, name: str) -> None:
    """Constants and the like that translation has bound, or that are looked up when they are first read."""


LINKS = {
    "Y": _symbol, "Z": _frozen, "N": _number, "O": _operator, "Q": _condition, "P": _native, "C": _nothing, "H": _host, "B": _class,
    "F": _nothing, "S": _nothing, "X": _nothing,
}  # fmt: skip


def constructor(cls: Any) -> Any:
    """Return `new(blk, ...)` for a class object: made for it if its `new` is the usual one."""
    if cls is None or not is_constructible(cls):
        return lambda blk, *args: send(cls, ":new", blk, *args)
    host = ensure_py(cls)
    entry = find_method(cls, "initialize")
    init = getattr(host, ";initialize")
    if entry is not None and entry.native and entry.owner.name == "BasicObject":

        def new(blk: Any) -> Any:
            return host()

        return new
    function = entry.code.function if entry is not None and entry.code is not None else None
    if function is not None:
        parameters = function.parameters
        if not (parameters.optional or parameters.post or parameters.keywords or parameters.flags or parameters.required > 4):
            return (_new0, _new1, _new2, _new3, _new4)[parameters.required](host, init)

    def new(blk: Any, *args: Any) -> Any:  # type: ignore[misc]
        obj = host()
        init(obj, blk, *args)
        return obj

    return new


def _new0(host: Any, init: Any) -> Any:
    def new(blk: Any) -> Any:
        obj = host()
        init(obj, blk)
        return obj

    return new


def _new1(host: Any, init: Any) -> Any:
    def new(blk: Any, a: Any) -> Any:
        obj = host()
        init(obj, blk, a)
        return obj

    return new


def _new2(host: Any, init: Any) -> Any:
    def new(blk: Any, a: Any, b: Any) -> Any:
        obj = host()
        init(obj, blk, a, b)
        return obj

    return new


def _new3(host: Any, init: Any) -> Any:
    def new(blk: Any, a: Any, b: Any, c: Any) -> Any:
        obj = host()
        init(obj, blk, a, b, c)
        return obj

    return new


def _new4(host: Any, init: Any) -> Any:
    def new(blk: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
        obj = host()
        init(obj, blk, a, b, c, d)
        return obj

    return new


# --- frames ---------------------------------------------------------------------------------------------------------


class Reader:
    """Reads guest activations from the Python frames of one translation."""

    __slots__ = ("unit", "generated", "contexts", "bases", "entries")

    def __init__(self, unit: HostUnit, generated: Generated, contexts: dict[int, support.Context]) -> None:
        self.unit = unit
        self.generated = generated
        self.contexts = contexts
        self.bases = [row[0] for row in generated.scopes]
        self.entries: dict[int, list[Any]] = {}

    def register(self, code: CodeType) -> None:
        READERS[code] = self.read
        EXPANDERS[code] = self.expand
        _, function, names = self.row(max(self.generated.places[code.co_firstlineno - 1], 0))
        if self.unit.module.functions[function].kind in (ck.BLOCK, ck.LAMBDA):
            DESCRIBERS[code] = lambda fn: self.describe(fn, function, names)

    def describe(self, fn: Any, function: int, names: tuple[str, ...]) -> HostBlock:
        """Return the description of a closure of this translation."""
        context = self.contexts[function]
        parent_index = self.unit.module.functions[function].parent
        entry = context.entry
        parent = support.Context(self.unit, self.unit.code(parent_index), context.cref, entry)
        return HostBlock(fn, context, entry.owner if entry is not None else None, parent, names)

    def position(self, python: FrameType, line: int) -> int:
        at = line or python.f_lineno or 1
        places = self.generated.places
        return places[at - 1] if 0 < at <= len(places) else 0

    def row(self, position: int) -> tuple[int, int, Any]:
        """Return the scope that a position is in."""
        from bisect import bisect_right

        found: tuple[int, int, Any] = self.generated.scopes[bisect_right(self.bases, position) - 1]
        return found

    def read(self, python: FrameType, line: int = 0) -> tuple[Any, Any, int]:
        """Return the innermost activation."""
        position = self.position(python, line)
        base, function, _ = self.row(max(position, 0))
        variables = python.f_locals
        frame = variables.get("frame")
        context = self.contexts[function]
        if frame is None or frame.code is not context.code:
            frame = context.frame(variables.get("self"), variables.get("blk"))
        return frame, context.code, position - base if position >= 0 else -1

    def expand(self, python: FrameType, line: int = 0) -> list[Any]:
        """Return the backtrace entries of all activations, with the labels of inlined iterators between them."""
        found = self.entries.get(line)
        if found is None:
            found = self.entries[line] = self.make_entries(self.position(python, line))
        return found

    def make_entries(self, position: int) -> list[Any]:
        from ...runtime.backtrace import Entry

        if position < 0:
            return []  # its arguments are being sorted out
        base, function, inlined = self.row(position)
        context = self.contexts[function]
        found: list[Any] = [Entry(context.entry, context.code, position - base, None, None)]
        while inlined.__class__ is Inlined:
            position = inlined.position
            found.append(inlined.label)
            base, function, inlined = self.row(position)
            context = self.contexts[function]
            found.append(Entry(context.entry, context.code, position - base, None, None))
        return found


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
