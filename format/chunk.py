"""The chunk model: what a compiler produces, an artifact stores and an engine runs.

A `Module` is one compilation unit, a list of `Function`s of which the first is the script itself. A `Function` is a
chunk: code bytes with its own constant pool, handlers, upvalue descriptors, parameters and positions. All of it is
plain data; equality is structural, so that "written and read again" can be compared.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Kinds of functions.
SCRIPT = 0  # a file, `-e` code
METHOD = 1  # def, also singleton methods and functions
BLOCK = 2  # literal block; proc semantics
LAMBDA = 3  # ->(){}, arrows, lambda literals
CLASS_BODY = 4
MODULE_BODY = 5
SINGLETON_BODY = 6
EVAL = 7  # code of eval: sees the locals of its binding as upvalues
FUNCTION_KINDS = ("script", "method", "block", "lambda", "class", "module", "singleton", "eval")

# Function flags.
USES_EVAL = 0x01  # eval or binding may see its locals: every local is kept by name and may be captured
USES_BLOCK = 0x02  # yield, block_given?, &block or bare super: a surplus callable argument may become the block
HAS_RETURN_METHOD = 0x04  # a block inside contains RETURN_METHOD, so calls must catch it
HAS_BREAK_BLOCK = 0x08  # (a block) contains BREAK_BLOCK
EXCESS_COMMA = 0x10  # (a block) `|a,|`: one parameter that still takes an Array apart
NUMBERED = 0x20  # (a block) its parameters are _1.. or it
RUN_ONCE = 0x40  # top level and class bodies
FLAG_NAMES = ("uses-eval", "uses-block", "has-return-method", "has-break-block", "excess-comma", "numbered", "run-once")

# Parameter flags.
REST = 0x01
KEYREST = 0x02
NO_KEYWORDS = 0x04  # **nil
BLOCK_PARAM = 0x08
PARAM_FLAG_NAMES = ("rest", "keyrest", "no-keywords", "block")

# Constant kinds: a constant is a pair (kind, payload), and equal constants of a pool share an index.
CONST_INT = 0  # int of any size
CONST_FLOAT = 1  # float; 0.0, -0.0 differ, NaNs are one
CONST_STRING = 2  # str; each use makes a new String. Bytes that are not UTF-8 are surrogate escapes
CONST_FROZEN = 3  # str; one frozen String
CONST_SYMBOL = 4  # str; also every name operand
CONST_RATIONAL = 5  # (numerator, denominator)
CONST_IMAGINARY = 6  # (constant kind, payload): the number before the i
CONST_REGEX = 7  # (source str, flags int)
CONST_NAMES = ("int", "float", "string", "frozen", "symbol", "rational", "imaginary", "regex")

# Handler kinds.
RESCUE_HANDLER = 0
ENSURE_HANDLER = 1


class Parameters:
    """How arguments reach the first slots of a frame.

    Slots, in order: `required` leading, `optional`, the rest Array (flag REST), `post` required trailing ones, one a
    keyword, the keyword rest Hash (KEYREST), the block as a Proc (BLOCK_PARAM). A destructuring parameter has one
    hidden slot, which code takes apart. An optional parameter that was not passed holds a mark that JUMP_IF_GIVEN
    tests before the code of its default; so does an optional keyword.
    """

    __slots__ = ("required", "optional", "post", "keywords", "flags")

    def __init__(
        self,
        required: int = 0,
        optional: int = 0,
        post: int = 0,
        keywords: tuple[tuple[str, bool], ...] = (),
        flags: int = 0,
    ) -> None:
        self.required = required
        self.optional = optional
        self.post = post
        self.keywords = keywords  # (name, is required)
        self.flags = flags

    def slot_count(self) -> int:
        """Return the number of frame slots that arguments fill."""
        flags = self.flags
        count = self.required + self.optional + self.post + len(self.keywords)
        return count + (flags & REST != 0) + (flags & KEYREST != 0) + (flags & BLOCK_PARAM != 0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parameters) and all(getattr(self, s) == getattr(other, s) for s in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Parameters(" + ", ".join(repr(getattr(self, s)) for s in self.__slots__) + ")"


class Handler:
    """One protected region: bytes start..end (end excluded) of the code, handled at `target`.

    `kind` is RESCUE_HANDLER or ENSURE_HANDLER, `slot` the local described at BEGIN_TRY's rows, `depth` the operand
    stack depth and `rescue_depth` the number of enclosing rescue bodies, both at the region. Inner regions come first.
    """

    __slots__ = ("start", "end", "target", "kind", "slot", "depth", "rescue_depth")

    def __init__(
        self, start: int, end: int, target: int, kind: int, slot: int, depth: int = 0, rescue_depth: int = 0
    ) -> None:
        self.start = start
        self.end = end
        self.target = target
        self.kind = kind
        self.slot = slot
        self.depth = depth
        self.rescue_depth = rescue_depth

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Handler) and all(getattr(self, s) == getattr(other, s) for s in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Handler(" + ", ".join(repr(getattr(self, s)) for s in self.__slots__) + ")"


class Function:
    """One chunk.

    `index` and `parent` (-1 for the script) are indices into the module's functions; `upvalues` are pairs
    (FROM_LOCAL | FROM_UPVALUE, index in the parent). `positions` holds a (line, column) an instruction, in code
    order; (0, 0) is unknown. `local_names` names the slots ("" for hidden ones) and is empty in a stripped artifact.
    `span` is the (start, end) character range of the definition in the source, (0, 0) if unknown; `line` is where it
    begins, 0 if unknown. `ivars` (of a class
    or module body) lists the instance variables named anywhere in it, methods and blocks included, with "@": those that
    its `initialize` assigns first, in order; the names of literal attr_* calls count. It decides the layout of
    instances, so it stays in a stripped artifact.
    """

    __slots__ = (
        "index", "name", "kind", "parent", "parameters", "local_count", "max_stack", "flags", "upvalues", "code",
        "constants", "handlers", "positions", "local_names", "span", "line", "ivars",
    )  # fmt: skip

    def __init__(self, index: int, name: str, kind: int, parent: int) -> None:
        self.index = index
        self.name = name
        self.kind = kind
        self.parent = parent
        self.parameters = Parameters()
        self.local_count = 0
        self.max_stack = 0
        self.flags = 0
        self.upvalues: list[tuple[int, int]] = []
        self.code = b""
        self.constants: list[tuple[int, Any]] = []
        self.handlers: list[Handler] = []
        self.positions: list[tuple[int, int]] = []
        self.local_names: list[str] = []
        self.span = (0, 0)
        self.line = 0
        self.ivars: list[str] = []

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Function):
            return NotImplemented
        return all(
            repr(getattr(self, slot)) == repr(getattr(other, slot)) if slot == "constants"  # -0.0 and NaN
            else getattr(self, slot) == getattr(other, slot)
            for slot in Function.__slots__
        )  # fmt: skip

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Function {self.index} {FUNCTION_KINDS[self.kind]} {self.name}>"


class Module:
    """One compilation unit. `functions[0]` is the script.

    `name` is the module name, `path` the source path relative to the root it was compiled from, `source` the source
    text ("" when stripped), `requires` the literal operands of require and require_relative found in it, `metadata`
    further keys and string values, `extra` unknown optional sections (kind, flags, raw size, stored bytes); both are
    kept as they are when an artifact is rewritten.
    """

    __slots__ = (
        "name", "module_id", "module_version", "path", "source", "functions", "requires", "dependencies", "exports",
        "metadata", "language", "isa", "extra",
    )  # fmt: skip

    def __init__(self, path: str = "", source: str = "") -> None:
        self.name = ""
        self.module_id = ""
        self.module_version = (0, 0, 0)
        self.path = path
        self.source = source
        self.functions: list[Function] = []
        self.requires: list[str] = []
        self.dependencies: list[tuple[str, bytes]] = []  # (path, XXH3-128 of its bytes)
        self.exports: list[str] = []
        self.metadata: dict[str, str] = {}
        self.language = 1  # 1 metorex, 2 veld
        self.isa = 1  # 1 stack, 2 register
        self.extra: list[tuple[int, int, int, bytes]] = []

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Module) and all(getattr(self, s) == getattr(other, s) for s in Module.__slots__)

    __hash__ = None  # type: ignore[assignment]


class ConstantPool:
    """Interns constants while a function is compiled: equal constants of one kind share an index."""

    __slots__ = ("constants", "index_by_key")

    def __init__(self) -> None:
        self.constants: list[tuple[int, Any]] = []
        self.index_by_key: dict[object, int] = {}

    def add(self, kind: int, payload: Any) -> int:
        """Return the index of the constant, adding it if it is new."""
        # repr tells -0.0 from 0.0 and makes NaNs equal, which == does not.
        key = (kind, repr(payload)) if kind in (CONST_FLOAT, CONST_IMAGINARY) else (kind, payload)
        index = self.index_by_key.get(key)
        if index is None:
            index = self.index_by_key[key] = len(self.constants)
            self.constants.append((kind, payload))
        return index

    def get(self, index: int) -> tuple[int, Any]:
        """Return constant `index`; IndexError names the pool's size when there is none."""
        if not 0 <= index < len(self.constants):
            raise IndexError(f"constant {index} of a pool of {len(self.constants)}")
        return self.constants[index]
