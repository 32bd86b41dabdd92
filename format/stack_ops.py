# ruff: noqa: E501 (rows are wide)
"""The stack instruction set: one row an instruction, from which everything else about it is derived.

Reading order: the flag and kind constants (operands.py), the variable stack effects, the rows. How frames, regions and
closures work is told at the rows that need it. To add an instruction, add its row (and raise the format version once a
version has been released); whatever binds handlers then names what it lacks.

Conventions of the `meaning` texts: `before -- after`, top of the stack on the right.
"""

from __future__ import annotations

from .operands import (  # noqa: F401 - they belong to the instruction set
    BLOCK_ARG,
    DEFINED_CONST,
    DEFINED_CVAR,
    DEFINED_FUNCTION,
    DEFINED_GLOBAL,
    DEFINED_IVAR,
    DEFINED_KINDS,
    DEFINED_METHOD,
    DEFINED_SCOPED_CONST,
    DEFINED_SUPER,
    DEFINED_TOP_CONST,
    DEFINED_YIELD,
    FROM_LOCAL,
    FROM_UPVALUE,
    HAS_SUPERCLASS,
    IMPLICIT_SELF,
    KEYWORDS,
    LAMBDA_BLOCK,
    LAMBDA_STRICT,
    LAMBDA_THUNK,
    LITERAL_BLOCK,
    LOCAL_CALLEE,
    MATCH_ARRAY,
    MATCH_ARRAY_REST,
    MATCH_EITHER_KEY,
    MATCH_HASH,
    MATCH_KEY,
    MATCH_KINDS,
    MATCH_SIZE,
    MATCH_SOFT,
    MATCH_SPLAT,
    MATCH_STRICT_ARRAY,
    MATCH_STRICT_HASH,
    MATCH_VALUE,
    MATCH_VALUE_OR_EQ,
    MATCH_WILDCARD,
    RESULT_IS_ARG,
    SCOPED,
    SPECIAL_FILE,
    SPECIAL_KINDS,
    SPECIAL_LAST_GROUP,
    SPECIAL_LAST_MATCH,
    SPECIAL_MATCHED,
    SPECIAL_POST_MATCH,
    SPECIAL_PRE_MATCH,
    SPLAT,
    TOP_LEVEL,
    VARIABLE_LIKE,
)
from .optable import Op, OpTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def _call(operands: Sequence[int]) -> tuple[int, int]:
    argc, flags = operands[-2], operands[-1]
    extra = (flags & (LITERAL_BLOCK | BLOCK_ARG) != 0) + (flags & KEYWORDS != 0) + (flags & LOCAL_CALLEE != 0)
    return argc + extra, 0


def _define_class(operands: Sequence[int]) -> tuple[int, int]:
    flags = operands[1]
    return (flags & HAS_SUPERCLASS != 0) + (flags & SCOPED != 0), 0


EFFECTS = {
    "call": _call,
    "count": lambda operands: (operands[0], 0),
    "pairs": lambda operands: (2 * operands[0], 0),
    "pick": lambda operands: (operands[0], 2 * operands[0]),
    "class": _define_class,
    "expand": lambda operands: (0, operands[0] + (1 if operands[1] else 0) + operands[2]),
    "match": lambda operands: (MATCH_KINDS[operands[0]][1] if operands[0] < len(MATCH_KINDS) else 0, 0),
    "defined": lambda operands: (DEFINED_KINDS[operands[0]][1] if operands[0] < len(DEFINED_KINDS) else 0, 0),
}

# fmt: off
STACK_OPS = OpTable("stack", (
    #  code  name                operands                        pops pushes meaning
    Op(0x00, "WIDE",             (),                                0, 0, "-- ; doubles the two-byte operands of the next instruction"),

    # constants and the operand stack
    Op(0x01, "PUSH_CONST",       ("const",),                        0, 1, "-- value; a String constant is a new String each time"),
    Op(0x02, "PUSH_NIL",         (),                                0, 1, "-- nil"),
    Op(0x03, "PUSH_TRUE",        (),                                0, 1, "-- true"),
    Op(0x04, "PUSH_FALSE",       (),                                0, 1, "-- false"),
    Op(0x05, "POP",              (),                                1, 0, "a --"),
    Op(0x06, "DUP",              (),                                1, 2, "a -- a a"),
    Op(0x07, "SWAP",             (),                                2, 2, "a b -- b a"),
    Op(0x08, "DUP_N",            ("count",),                        0, 0, "a1..an -- a1..an a1..an", "next", "pick"),
    Op(0x09, "LOAD_SELF",        (),                                0, 1, "-- self"),

    # operators: a fast path for built-in classes, else the method of that name with one argument
    Op(0x10, "ADD",              (),                                2, 1, "a b -- a+b"),
    Op(0x11, "SUB",              (),                                2, 1, "a b -- a-b"),
    Op(0x12, "MUL",              (),                                2, 1, "a b -- a*b"),
    Op(0x13, "DIV",              (),                                2, 1, "a b -- a/b"),
    Op(0x14, "MOD",              (),                                2, 1, "a b -- a%b"),
    Op(0x15, "POW",              (),                                2, 1, "a b -- a**b"),
    Op(0x16, "NEG",              (),                                1, 1, "a -- -a"),
    Op(0x17, "NOT",              (),                                1, 1, "a -- !a; calls `!` of objects that define it"),
    Op(0x18, "EQ",               (),                                2, 1, "a b -- a==b"),
    Op(0x19, "NE",               (),                                2, 1, "a b -- a!=b"),
    Op(0x1A, "LT",               (),                                2, 1, "a b -- a<b"),
    Op(0x1B, "LE",               (),                                2, 1, "a b -- a<=b"),
    Op(0x1C, "GT",               (),                                2, 1, "a b -- a>b"),
    Op(0x1D, "GE",               (),                                2, 1, "a b -- a>=b"),
    Op(0x1E, "AND",              (),                                2, 1, "a b -- a and b; both already evaluated"),
    Op(0x1F, "OR",               (),                                2, 1, "a b -- a or b; both already evaluated"),
    Op(0x20, "CMP",              (),                                2, 1, "a b -- a<=>b"),
    Op(0x21, "CASE_EQ",          (),                                2, 1, "a b -- a===b"),
    Op(0x22, "BIT_AND",          (),                                2, 1, "a b -- a&b"),
    Op(0x23, "BIT_OR",           (),                                2, 1, "a b -- a|b"),
    Op(0x24, "BIT_XOR",          (),                                2, 1, "a b -- a^b"),
    Op(0x25, "BIT_NOT",          (),                                1, 1, "a -- ~a"),
    Op(0x26, "SHL",              (),                                2, 1, "a b -- a<<b"),
    Op(0x27, "SHR",              (),                                2, 1, "a b -- a>>b"),
    Op(0x28, "POS",              (),                                1, 1, "a -- +a"),
    Op(0x29, "MATCH_OP",         (),                                2, 1, "a b -- a=~b"),
    Op(0x2A, "NOT_MATCH_OP",     (),                                2, 1, "a b -- a!~b"),

    # variables; a slot that nothing has stored to reads nil
    Op(0x30, "LOAD_LOCAL",       ("local",),                        0, 1, "-- value"),
    Op(0x31, "STORE_LOCAL",      ("local",),                        1, 0, "value --"),
    Op(0x32, "LOAD_GLOBAL",      ("name",),                         0, 1, "-- value; the name includes the $"),
    Op(0x33, "STORE_GLOBAL",     ("name",),                         1, 0, "value --"),
    Op(0x34, "LOAD_IVAR",        ("name",),                         0, 1, "-- value; the name includes the @"),
    Op(0x35, "STORE_IVAR",       ("name",),                         1, 0, "value --"),
    Op(0x36, "LOAD_CVAR",        ("name",),                         0, 1, "-- value; the name includes the @@"),
    Op(0x37, "STORE_CVAR",       ("name",),                         1, 0, "value --"),
    Op(0x38, "LOAD_CONST",       ("name",),                         0, 1, "-- value; lexical scopes, ancestors, Object, const_missing"),
    Op(0x39, "LOAD_SCOPED_CONST", ("name",),                        1, 1, "module -- value; `A::B`"),
    Op(0x3A, "LOAD_TOP_CONST",   ("name",),                         0, 1, "-- value; `::A`"),
    Op(0x3B, "STORE_CONST",      ("name",),                         1, 0, "value --; in the innermost lexical module"),
    Op(0x3C, "STORE_SCOPED_CONST", ("name",),                       2, 0, "module value --"),
    Op(0x3D, "LOAD_SPECIAL",     ("kind",),                         0, 1, "-- value; see SPECIAL_KINDS"),
    Op(0x3E, "LOAD_GROUP",       ("count",),                        0, 1, "-- value; $1, $2 ..."),
    Op(0x3F, "JUMP_IF_GIVEN",    ("local", "target"),               0, 0, "-- ; to target if the optional parameter in the slot was passed", "branch"),

    # control flow. Jumps never enter a protected region nor leave one: BREAK, CONTINUE and RETURN leave regions and
    # run the ensure code on the way; `count` is the number of rescue bodies that are left (LEAVE_RESCUE for each).
    Op(0x40, "JUMP",             ("target",),                       0, 0, "--", "jump"),
    Op(0x41, "JUMP_IF_FALSE",    ("target",),                       1, 0, "condition --", "branch"),
    Op(0x42, "JUMP_IF_TRUE",     ("target",),                       1, 0, "condition --", "branch"),
    Op(0x43, "JUMP_IF_NIL",      ("target",),                       1, 0, "value --; for &.", "branch"),
    Op(0x44, "RETURN",           (),                                1, 0, "value --; leaves this function (in a block: `next`)", "end"),
    Op(0x45, "BREAK",            ("target", "count"),               0, 0, "--; to a loop's exit", "jump"),
    Op(0x46, "CONTINUE",         ("target", "count"),               0, 0, "--; to a loop's head, or `retry` to its region", "jump"),
    Op(0x47, "BREAK_BLOCK",      (),                                1, 0, "value --; ends the call that was given this block", "end"),
    Op(0x48, "RETURN_METHOD",    (),                                1, 0, "value --; in a block: leaves the defining method or lambda", "end"),

    # calls. Every one of them is an inline-cache site.
    Op(0x50, "CALL",             ("argc", "flags"),                 1, 1, "callable args -- result; `value.call(args)`", "next", "call"),
    Op(0x51, "CALL_METHOD",      ("name", "argc", "flags"),         1, 1, "receiver args -- result", "next", "call"),
    Op(0x52, "CALL_SUPER",       ("name", "argc", "flags"),         0, 1, "args -- result; IMPLICIT_SELF: written without arguments", "next", "call"),
    Op(0x53, "NEW_INSTANCE",     ("argc", "flags"),                 1, 1, "class args -- object; `Const.new(args)`", "next", "call"),
    Op(0x54, "YIELD",            ("argc", "flags"),                 0, 1, "args -- result; calls the method's block", "next", "call"),
    Op(0x55, "CALL_BLOCK",       ("argc", "flags"),                 1, 1, "block args -- result; a block parameter that is only called", "next", "call"),
    Op(0x56, "BLOCK_GIVEN",      (),                                0, 1, "-- bool"),
    Op(0x57, "LOAD_BLOCK",       (),                                0, 1, "-- proc; the method's block as a Proc, or nil"),

    # collections
    Op(0x60, "BUILD_ARRAY",      ("count",),                        0, 1, "values -- array", "next", "count"),
    Op(0x61, "BUILD_DICT",       ("count",),                        0, 1, "key value .. -- hash", "next", "pairs"),
    Op(0x62, "BUILD_RANGE",      ("kind",),                         2, 1, "first last -- range; kind 1 excludes the end"),
    Op(0x63, "BUILD_STRING",     ("count",),                        0, 1, "values -- string; to_s of each, joined", "next", "count"),
    Op(0x64, "BUILD_SYMBOL",     (),                                1, 1, "string -- symbol"),
    Op(0x65, "BUILD_REGEX",      ("flags",),                        1, 1, "string -- regexp"),
    Op(0x66, "INDEX_GET",        ("argc", "flags"),                 1, 1, "receiver args -- result", "next", "call"),
    Op(0x67, "INDEX_SET",        ("argc", "flags"),                 1, 1, "receiver args value -- value; argc counts value too", "next", "call"),
    Op(0x68, "SPLAT",            (),                                1, 1, "value -- array; a new Array by to_a, [value] without it"),
    Op(0x69, "ARRAY_PUSH",       (),                                2, 1, "array value -- array"),
    Op(0x6A, "ARRAY_CONCAT",     (),                                2, 1, "array value -- array; appends *value"),
    Op(0x6B, "DICT_SET",         (),                                3, 1, "hash key value -- hash"),
    Op(0x6C, "DICT_MERGE",       (),                                2, 1, "hash value -- hash; adds **value"),
    Op(0x6D, "EXPAND",           ("count", "kind", "count"),        1, 0, "value -- last .. first; multiple assignment: counts before and after, kind 1: a rest Array between", "next", "expand"),
    Op(0x6E, "BUILD_SHELL",      (),                                1, 1, "string -- output; backticks"),

    # definitions. A body function runs with the new module as self and its value is pushed.
    Op(0x70, "DEFINE_CLASS",     ("name", "flags", "function"),     0, 1, "[namespace] [superclass] -- value of the body", "next", "class"),
    Op(0x71, "DEFINE_MODULE",    ("name", "flags", "function"),     0, 1, "[namespace] -- value of the body", "next", "class"),
    Op(0x72, "DEFINE_SINGLETON", ("function",),                     1, 1, "object -- value of the body; `class << object`"),
    Op(0x73, "DEFINE_METHOD",    ("name", "function"),              0, 1, "-- symbol; `def` inside a class or module"),
    Op(0x74, "DEFINE_SINGLETON_METHOD", ("name", "function"),       1, 1, "object -- symbol; `def object.name`"),
    Op(0x75, "DEFINE_FUNCTION",  ("name", "function"),              0, 1, "-- symbol; `def` elsewhere: in the current definee, at top level private in Object"),
    Op(0x76, "ALIAS",            ("name", "name"),                  0, 0, "--; new name, old name"),
    Op(0x77, "ALIAS_GLOBAL",     ("name", "name"),                  0, 0, "--; new name, old name"),
    Op(0x78, "UNDEF",            ("name",),                         0, 0, "--"),
    Op(0x79, "DEFINED",          ("kind", "name"),                  0, 1, "[receiver] -- description or nil", "next", "defined"),

    # exceptions. HANDLERS is what counts; BEGIN_TRY and END_TRY mark the same region in the code. When a rescue
    # region fails, the exception goes to the handler's slot, becomes `$!`, and the code at the handler runs with the
    # stack cut to the region's depth; LEAVE_RESCUE gives `$!` back. An ensure handler is an ENSURE_START: entered from
    # above it notes "nothing pending" in its slot, entered from a failed or left region the slot holds what is
    # pending, which ENSURE_END then goes on with.
    Op(0x80, "BEGIN_TRY",        ("target",),                       0, 0, "--; region starts behind it, its handler is at target"),
    Op(0x81, "END_TRY",          (),                                0, 0, "--; the region ended before it"),
    Op(0x82, "RESCUE",           ("flags",),                        2, 1, "exception class -- bool; flag 1: an Array of classes"),
    Op(0x83, "RAISE",            (),                                1, 0, "exception --; raises it again as it is", "end"),
    Op(0x84, "LEAVE_RESCUE",     (),                                0, 0, "--; the innermost rescue body ends, $! is what it was before"),
    Op(0x85, "ENSURE_START",     ("local",),                        0, 0, "--; slot: what is pending"),
    Op(0x86, "ENSURE_END",       ("local",),                        0, 0, "--; goes on with what is pending in the slot"),

    # closures. BUILD_LAMBDA is followed by one CAPTURE_VAR for each upvalue of the function, repeating its descriptor.
    Op(0x90, "BUILD_LAMBDA",     ("function", "kind"),              0, 1, "-- block or lambda"),
    Op(0x91, "CAPTURE_VAR",      ("kind", "count"),                 0, 0, "--; kind 0: a local of this function, 1: an upvalue of it"),
    Op(0x92, "GET_UPVALUE",      ("upvalue",),                      0, 1, "-- value"),
    Op(0x93, "SET_UPVALUE",      ("upvalue",),                      1, 0, "value --"),
    Op(0x94, "CLOSE_UPVALUE",    ("local",),                        0, 0, "--; closures made before keep the old variable, the slot becomes a new one holding nil"),

    # code as object
    Op(0x98, "DEFINE_METHOD_RUNTIME", ("name", "function"),         0, 1, "-- symbol; `define_method(:name) { }`, followed by CAPTURE_VARs"),
    Op(0x99, "EVAL_STRING",      ("argc",),                         0, 1, "string [binding [file [line]]] -- value; `eval(...)`", "next", "count"),
    Op(0x9A, "GET_METHOD_AST",   ("name",),                         0, 1, "-- node; `get_ast(:name)`"),
    Op(0x9B, "GET_CLASS_AST",    ("name",),                         1, 1, "module -- node; `Name.get_ast`"),
    Op(0x9C, "SET_METHOD_AST",   ("name",),                         1, 1, "node -- symbol; `set_ast(:name, node)`"),
    Op(0x9D, "REMOVE_METHOD",    ("name",),                         1, 1, "module -- module; `Name.remove_method(:name)`"),
    Op(0x9E, "GET_AST",          (),                                0, 1, "-- node; the running function's tree"),

    # pattern matching. A subject lives in a local; a pattern is a sequence of tests, each jumping to the next arm.
    Op(0xA0, "MATCH_START",      ("local",),                        1, 0, "subject --; kept in the slot"),
    Op(0xA1, "MATCH_CASE",       ("kind", "local", "count", "target"), 0, 0, "values --; see MATCH_KINDS", "branch", "match"),
    Op(0xA2, "MATCH_BIND",       ("local",),                        1, 0, "value --; binds a variable of the arm"),
    Op(0xA3, "MATCH_END",        ("local",),                        0, 0, "--; drops the subject"),
    Op(0xA4, "MATCH_FAIL",       ("kind",),                         1, 0, "subject --; raises NoMatchingPatternError; kind 1: a one-clause form, whose message tells the test that failed; kind 2: its guard failed", "end"),
    Op(0xA5, "LOAD_SOFT",        ("local", "name"),                 0, 1, "-- value; a soft name: the slot if it was bound, else a call of the name"),

    # debugging
    Op(0xB0, "SET_LINE",         ("line",),                         0, 0, "--; an event for debuggers, emitted with --debug"),
    Op(0xB1, "BREAKPOINT",       (),                                0, 0, "--; calls the debugger hook"),

    # reserved for the module system (language.md 6.2)
    Op(0xF0, "LOAD_MODULE",      ("const",),                        0, 1, "-- module; reserved"),
    Op(0xF1, "IMPORT",           ("const", "const"),                0, 1, "-- value; reserved"),
    Op(0xF2, "EXPORT",           ("name",),                         0, 0, "--; reserved"),
), EFFECTS)
# fmt: on

RESERVED = ("LOAD_MODULE", "IMPORT", "EXPORT")

# What the small operands of an instruction may say: the names of its `kind` values in order, and of its `flags` bits
# from the lowest (None: not for this instruction). The verifier refuses everything else, the disassembler prints them.
CALL_FLAG_NAMES = (
    "implicit-self", "literal-block", "block-arg", "splat", "keywords", "result-is-arg", "variable-like",
    "local-callee",
)  # fmt: skip


def _flag_names(bits: int) -> tuple[str | None, ...]:
    return tuple(name if bits >> bit & 1 else None for bit, name in enumerate(CALL_FLAG_NAMES))


_ARGUMENTS = SPLAT | KEYWORDS
_BLOCKS = LITERAL_BLOCK | BLOCK_ARG
KIND_NAMES: dict[str, tuple[str, ...]] = {
    "LOAD_SPECIAL": SPECIAL_KINDS,
    "BUILD_RANGE": ("inclusive", "exclusive"),
    "EXPAND": ("exact", "rest"),
    "DEFINED": tuple(name for name, _ in DEFINED_KINDS),
    "BUILD_LAMBDA": ("block", "lambda", "thunk"),
    "CAPTURE_VAR": ("local", "upvalue"),
    "MATCH_CASE": tuple(name for name, _ in MATCH_KINDS),
    "MATCH_FAIL": ("clauses", "one-clause", "guard"),
}
FLAG_NAMES: dict[str, tuple[str | None, ...]] = {
    "CALL": _flag_names(_ARGUMENTS | _BLOCKS),
    "CALL_METHOD": CALL_FLAG_NAMES,
    "CALL_SUPER": _flag_names(_ARGUMENTS | _BLOCKS | IMPLICIT_SELF),
    "NEW_INSTANCE": _flag_names(_ARGUMENTS | _BLOCKS),
    "YIELD": _flag_names(_ARGUMENTS),
    "CALL_BLOCK": _flag_names(_ARGUMENTS | _BLOCKS),
    "INDEX_GET": _flag_names(_ARGUMENTS | _BLOCKS | IMPLICIT_SELF),
    "INDEX_SET": _flag_names(_ARGUMENTS | _BLOCKS | IMPLICIT_SELF | RESULT_IS_ARG),
    "DEFINE_CLASS": ("superclass", "scoped", "top-level"),
    "DEFINE_MODULE": (None, "scoped", "top-level"),
    "RESCUE": ("list",),
    "BUILD_REGEX": ("ignore-case", "extended", "multi-line", "once", "fixed-encoding", "no-encoding"),
}
