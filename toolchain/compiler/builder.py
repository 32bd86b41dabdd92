"""One function being compiled: its names, what surrounds the current place, and the finished chunk.

Names. A builder maps the names visible in its own frame to slots (`locals`); every other name is an upvalue, found
by asking the enclosing builders up to a scope gate (`def`, `class`, a file). Parameters come first, then named locals
in order of first assignment, then temporaries. Hidden parameters (`*`, `**`, `&`) are entered under their sigils and
hidden variables under `%1`, which no identifier can clash with; their names do not reach the chunk.

Surroundings. `control` lists, outermost first, what encloses the current place within the function: loops, rescue
bodies, protected regions (REGION), ensure bodies (ENSURE_BODY) and tests of a match whose subject is kept (MATCH).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...format.chunk import (
    BLOCK,
    CLASS_BODY,
    EVAL,
    HAS_RETURN_METHOD,
    LAMBDA,
    METHOD,
    MODULE_BODY,
    RUN_ONCE,
    SCRIPT,
    SINGLETON_BODY,
    USES_BLOCK,
    USES_EVAL,
)
from ...format.stack_ops import FROM_LOCAL, FROM_UPVALUE
from .emitter import Emitter, Label
from .opcodes import (
    BUILD_LAMBDA,
    CAPTURE_VAR,
    CLOSE_UPVALUE,
    GET_UPVALUE,
    LOAD_LOCAL,
    PUSH_TRUE,
    RETURN,
    SET_LINE,
    SET_UPVALUE,
    STORE_LOCAL,
    WIDE,
)

if TYPE_CHECKING:
    from ...format.chunk import Function
    from .unit import Unit

REGION = "region"
ENSURE_BODY = "ensure body"
MATCH = "match"
_BODIES = (CLASS_BODY, MODULE_BODY, SINGLETON_BODY)


class Loop:
    """A `while` or `until`: `next` goes to `head`, `redo` to `body`, a break to `exit`, where the depth is `depth`.

    A break with a value, where the loop's value is wanted, stores it in `result` and goes to `valued_exit`.
    """

    __slots__ = ("head", "body", "exit", "valued_exit", "depth", "want", "result")

    def __init__(self, head: Label, depth: int, want: bool) -> None:
        self.head = head
        self.body: Label | None = None
        self.exit = Label()
        self.valued_exit = Label()
        self.depth = depth
        self.want = want
        self.result = -1


class RescueBody:
    """A rescue clause: `retry` goes to `retry`, the place before the region."""

    __slots__ = ("retry",)

    def __init__(self, retry: Label) -> None:
        self.retry = retry


class ClassShape:
    """The instance variables that a class body names: `initial` those that its `initialize` assigns, in order."""

    __slots__ = ("initial", "named")

    def __init__(self) -> None:
        self.initial: dict[str, None] = {}
        self.named: dict[str, None] = {}

    def names(self) -> list[str]:
        return [*self.initial, *(name for name in self.named if name not in self.initial)]


class Builder(Emitter):
    """Emitter with scope. `parent` is the lexically enclosing builder, None for a script or eval."""

    __slots__ = (
        "unit", "function", "parent", "kind", "gate", "transparent", "locals", "slot_names", "upvalues",
        "upvalue_index", "outer_names", "soft_flags", "control", "rescue_depth", "flags", "shape", "in_initialize",
        "ivar_loads", "ivar_stores", "body_start", "super_name", "super_parameters", "called_block",
        "discarded", "eval_context", "captured", "closings", "soft_slots", "defines", "own",
    )  # fmt: skip

    def __init__(self, unit: Unit, name: str, kind: int, parent: Builder | None) -> None:
        super().__init__(unit.wide_temps)
        self.unit = unit
        # What stands in dead code is compiled for its errors only, and stays out of the module.
        self.discarded: bool = parent is not None and (parent.dead or parent.discarded)
        parent_index = parent.function.index if parent is not None else -1
        self.function: Function = unit.add_function(name, kind, parent_index, self.discarded)
        self.parent = parent
        self.kind = kind
        self.gate = kind not in (BLOCK, LAMBDA)
        self.transparent = False  # the block of a `for`: its variables belong to the enclosing function
        self.locals: dict[str, int] = {}
        self.slot_names: list[str] = []
        self.upvalues: list[tuple[int, int]] = []
        self.upvalue_index: dict[str, int] = {}
        self.outer_names: dict[str, int] = {}  # of an EVAL: index of each visible local of the binding
        self.eval_context = "method"  # of an EVAL: what its binding stands in
        self.soft_flags: dict[str, str] = {}  # of soft names in clauses of several items: local telling if it is bound
        self.soft_slots: set[int] = set()  # slots that MATCH_SOFT sets
        self.captured: set[int] = set()  # slots that closures hold
        self.closings: list[tuple[int, int]] = []  # (offset, position) of the CLOSE_UPVALUEs
        self.control: list[Any] = []
        self.rescue_depth = 0
        self.flags = RUN_ONCE if kind in (SCRIPT, EVAL, *_BODIES) else 0
        self.ivar_loads: dict[str, int] = {}
        self.ivar_stores: dict[str, int] = {}
        self.body_start: Label | None = None
        self.super_name = ""
        self.super_parameters: list[tuple[str, str]] | None = None
        self.called_block = ""  # the block parameter that is only called
        self.defines: frozenset[str] = frozenset()  # of a body: names of EVAL_NAMES that it gives its instances
        self.own: frozenset[str] = frozenset()  # of a method and the blocks in it: those of the body around it
        self.shape: ClassShape | None = None
        self.in_initialize = False
        if kind in _BODIES:
            self.shape = ClassShape() if kind != SINGLETON_BODY else None
        elif parent is not None:
            self.shape = parent.shape if kind != METHOD or parent.kind != SINGLETON_BODY else None
            self.own = parent.defines if kind == METHOD else parent.own
            self.in_initialize = name == "initialize" if kind == METHOD else parent.in_initialize
            if kind != METHOD:
                self.super_name = parent.super_name
                self.super_parameters = parent.super_parameters

    # names

    def declare(self, name: str) -> int | None:
        """Enter a new named local; None if it went to the function around a `for`."""
        if self.transparent and self.parent is not None:
            self.parent.find_or_declare(name)
            return None
        slot = self.locals[name] = len(self.slot_names)
        self.slot_names.append("" if name[0] in "%*&" else name)
        return slot

    def find_or_declare(self, name: str) -> None:
        """Make `name` visible here, as a new local unless it is visible already."""
        if name not in self.locals and self.upvalue(name) is None:
            self.declare(name)

    def upvalue(self, name: str) -> int | None:
        """Return the upvalue index of a name of an enclosing function, None if no such name is visible."""
        index = self.upvalue_index.get(name)
        if index is not None:
            return index
        if self.gate or self.parent is None:
            outer = self.outer_names.get(name)
            if outer is None:
                return None
            descriptor = (FROM_LOCAL, outer)
        else:
            slot = self.parent.locals.get(name)
            if slot is not None:
                self.parent.captured.add(slot)
                descriptor = (FROM_LOCAL, slot)
            else:
                outer = self.parent.upvalue(name)
                if outer is None:
                    return None
                descriptor = (FROM_UPVALUE, outer)
        index = self.upvalue_index[name] = len(self.upvalues)
        self.upvalues.append(descriptor)
        return index

    def is_visible(self, name: str) -> bool:
        """Tell whether `name` means a local here, without making it an upvalue."""
        builder: Builder | None = self
        while builder is not None:
            if name in builder.locals or name in builder.outer_names:
                return True
            builder = None if builder.gate else builder.parent
        return False

    def load(self, name: str, pos: int) -> None:
        """Push the value of a local; one that is not known yet reads nil."""
        slot = self.locals.get(name)
        if slot is None:
            index = self.upvalue(name)
            if index is None:
                slot = self.declare(name)
                index = self.upvalue(name) if slot is None else None
            if index is not None:
                self.op_u16(GET_UPVALUE, index, pos)
                return
        self.op_u16(LOAD_LOCAL, slot, pos)  # type: ignore[arg-type]

    def store(self, name: str, pos: int) -> None:
        """Pop a value into a local, which is made if no such name is visible."""
        slot = self.locals.get(name)
        if slot is None:
            index = self.upvalue(name)
            if index is None:
                slot = self.declare(name)
                index = self.upvalue(name) if slot is None else None
            if index is not None:
                self.op_u16(SET_UPVALUE, index, pos)
                self._mark_bound(name, pos)
                return
        self.op_u16(STORE_LOCAL, slot, pos)  # type: ignore[arg-type]
        if self.soft_flags:
            self._mark_bound(name, pos)

    def soft_flag(self, name: str) -> str | None:
        """Return the local that tells whether the soft name is bound, if it has one."""
        builder: Builder | None = self
        while builder is not None:
            if name in builder.locals:
                return builder.soft_flags.get(name)
            builder = None if builder.gate else builder.parent
        return None

    def is_soft(self, name: str) -> bool:
        """Tell whether `name` means a soft name of a `when` arm here."""
        builder: Builder | None = self
        while builder is not None:
            slot = builder.locals.get(name)
            if slot is not None:
                return slot in builder.soft_slots
            builder = None if builder.gate else builder.parent
        return False

    def _mark_bound(self, name: str, pos: int) -> None:
        flag = self.soft_flag(name)
        if flag is not None:
            self.op(PUSH_TRUE, pos)
            self.store(flag, pos)

    def hidden_variable(self) -> str:
        """Return a hidden local of the function at the scope gate: it outlives the calls of a block."""
        builder = self
        while not builder.gate and builder.parent is not None:
            builder = builder.parent
        return builder.hidden_local()

    def hidden_local(self) -> str:
        """Return a new hidden local of this very function."""
        name = self.unit.hidden_name()
        self.locals[name] = len(self.slot_names)
        self.slot_names.append("")
        return name

    # constants that count for the layout of instances

    def ivar(self, name: str, storing: bool) -> int:
        """Return the name constant of an instance variable, noting it for its class."""
        cache = self.ivar_stores if storing else self.ivar_loads
        index = cache.get(name)
        if index is None:
            sigiled = "@" + name
            index = cache[name] = self.name(sigiled)
            if self.shape is not None and self.kind not in _BODIES:
                noted = self.shape.initial if storing and self.in_initialize else self.shape.named
                noted[sigiled] = None
        return index

    # surroundings

    def mark(self, flag: int, kinds: tuple[int, ...]) -> None:
        """Set a flag here and on the enclosing functions up to the first of one of `kinds`."""
        builder: Builder | None = self
        while builder is not None:
            builder.flags |= flag
            if builder.kind in kinds:
                return
            builder = builder.parent

    def uses_eval(self) -> None:
        """Note that code unknown here may name the locals of this function and of those around it, and may return."""
        self.returns_from_home()
        builder: Builder | None = self
        while builder is not None:
            builder.flags |= USES_EVAL
            builder = None if builder.gate else builder.parent

    def returns_from_home(self) -> None:
        """Note on the function that a `return` in this block or eval code leaves that it must catch it."""
        home = self
        while home.kind == BLOCK and home.parent is not None:
            home = home.parent
        home.flags |= HAS_RETURN_METHOD

    def uses_block(self) -> None:
        """Note that the method makes use of its block."""
        self.mark(USES_BLOCK, (METHOD, SCRIPT, EVAL, *_BODIES))

    def may_yield(self) -> bool:
        """True inside a `def`; eval code takes the block of its binding."""
        builder: Builder | None = self
        while builder is not None and builder.kind in (BLOCK, LAMBDA):
            builder = builder.parent
        if builder is None or builder.kind != EVAL:
            return builder is not None and builder.kind == METHOD
        return builder.eval_context == "method"

    def enclosing_method(self) -> Builder | None:
        """Return the `def` around this place, through blocks and lambdas."""
        builder: Builder | None = self
        while builder is not None and builder.kind in (BLOCK, LAMBDA):
            builder = builder.parent
        return builder if builder is not None and builder.kind == METHOD else None

    def close_upvalue(self, slot: int, pos: int) -> None:
        """Make the variable in `slot` a new one, if a closure turns out to hold it."""
        if not self.dead:
            self.closings.append((len(self.code), pos))
        self.op_u16(CLOSE_UPVALUE, slot, pos)

    def _settle_closings(self) -> None:
        """Make each CLOSE_UPVALUE of a variable that no closure holds a SET_LINE, which does nothing.

        That a closure mentions the name of a binder does not mean that it holds it: a parameter may be called the same.
        """
        code = self.code
        for offset, pos in self.closings:
            wide = code[offset] == WIDE
            width = 4 if wide else 2
            first = offset + 1 + wide
            slot = int.from_bytes(code[first : first + width], "little")
            if slot not in self.captured and not (self.flags & USES_EVAL and self.slot_names[slot]):
                line = min(self.unit.lines.line(pos), 0xFFFF)
                code[first - 1] = SET_LINE
                code[first : first + width] = line.to_bytes(width, "little")

    # the end

    def build_lambda(self, child: Builder, kind: int, pos: int) -> None:
        """Push the closure of a finished function of this one."""
        self.emit(BUILD_LAMBDA, (child.function.index, kind), pos)
        self.captures(child, pos)

    def captures(self, child: Builder, pos: int) -> None:
        for source, index in child.upvalues:
            self.emit(CAPTURE_VAR, (source, index), pos)

    def finish(self, pos: int, end_pos: int) -> Function:
        """End the code with the return of the value on the stack, and fill in the chunk."""
        self.op(RETURN, end_pos)
        self._settle_closings()
        base = len(self.slot_names)
        self.settle_temps(base)
        function = self.function
        function.local_count = base + self.temp_count
        function.local_names = self.slot_names + [""] * self.temp_count
        function.max_stack = self.max_stack
        function.flags = self.flags
        function.upvalues = self.upvalues
        function.code = bytes(self.code)
        function.constants = self.pool.constants
        function.handlers = self.handlers(base)
        function.positions = self.unit.place(self.positions)
        function.span = (pos, end_pos)
        function.line = self.unit.place([pos])[0][0]
        if self.kind in (CLASS_BODY, MODULE_BODY) and self.shape is not None:
            function.ivars = self.shape.names()
        return function
