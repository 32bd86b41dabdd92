"""The whole artifact declared in Construct, a text a field; `docs/mxc-format.md` is printed from it.

All numbers are little endian. Construct is slow and much too kind to hostile bytes, so programs are loaded by the
hand-written reader; `metorex inspect` and the tests use this file (by way of `schema_reader.py`).
"""

from __future__ import annotations

from construct import (  # type: ignore[import-untyped]
    Array,
    Bytes,
    Check,
    Const,
    GreedyBytes,
    GreedyRange,
    Int8ul,
    Int16ul,
    Int32sl,
    Int32ul,
    Int64sl,
    Int64ul,
    OneOf,
    Struct,
    Terminated,
    this,
)

from . import layout
from .chunk import CONST_NAMES, FLAG_NAMES, FUNCTION_KINDS, PARAM_FLAG_NAMES


def _numbered(names: tuple[str, ...]) -> str:
    return ", ".join(f"{number} {name}" for number, name in enumerate(names))


def _bits(names: tuple[str, ...]) -> str:
    return ", ".join(f"{1 << bit:#x} {name}" for bit, name in enumerate(names))


Header = Struct(
    "magic" / Const(layout.MAGIC)
    * "fixed; a byte that is not ASCII, CR LF, SUB and LF show a 7-bit or text-mode copy",
    "major" / OneOf(Int16ul, [layout.FORMAT_MAJOR]) * "format version; another major version is refused",
    "minor" / Int16ul * "a newer minor version may have more optional sections",
    "isa" / OneOf(Int8ul, list(layout.ISA_LETTERS)) * "instruction set: 1 stack, 2 register",
    "language" / OneOf(Int8ul, [layout.LANGUAGE_METOREX, layout.LANGUAGE_VELD]) * "1 metorex, 2 veld",
    "mode" / OneOf(Int8ul, [0, 1, 2]) * f"invalidation mode: {_numbered(layout.MODE_NAMES)}",
    "flags" / OneOf(Int8ul, [0, layout.STRIPPED]) * "0x1: stripped, without SOURCE and NAMES",
    "section_count" / Int32ul * f"entries of the section directory, at most {layout.MAX_SECTIONS}",
    Check(this.section_count <= layout.MAX_SECTIONS),
    "reserved" / Const(0, Int32ul) * "zero",
    "producer_digest" / Int64ul
    * "of toolchain version, code generator version and the options that change code; another one is stale",
    "source_mtime_ns" / Int64sl * "modification time of the source, in nanoseconds; 0 in the hash modes",
    "source_size" / Int64ul * "size of the source in bytes",
    "source_hash" / Bytes(16) * "XXH3-128 of the bytes of the source",
    "content_hash" / Bytes(16) * "XXH3-128 of the header before this field and of everything behind the header",
)  # fmt: skip

DirectoryEntry = Struct(
    "kind" / Int16ul * ", ".join(f"{kind} {name}" for kind, name in enumerate(layout.SECTION_NAMES) if kind),
    "flags" / OneOf(Int16ul, range(layout.KNOWN_SECTION_FLAGS + 1))
    * "0x1 optional: a reader that does not know the section may ignore it; 0x2 compressed: a zlib stream",
    "reserved" / Const(0, Int32ul) * "zero",
    "offset" / Int64ul
    * "from the start of the file; a section follows the one before it at the next multiple of 8",
    "stored_size" / Int64ul * "bytes in the file",
    "raw_size" / Int64ul * "bytes after decompression; the same as stored if it is not compressed",
)  # fmt: skip

MetaEntry = Struct(
    "key" / Int32ul
    * "string; name, id, version, path, toolchain once at most, require, dependency, export any number of times",
    "value" / Int32ul * "string; a version is 1.2.3, a dependency 32 hexadecimal digits, a space and a path",
)  # fmt: skip

Strings = Struct(
    "count" / Int32ul * "number of strings",
    "offsets" / Array(this.count + 1, Int32ul)
    * "where each starts in the blob, then the end of the last; the top bit marks raw bytes: a long whole number "
    "(two's complement, little endian), or text with surrogates for bytes that are not UTF-8, each in three bytes",
    "blob" / GreedyBytes * "the strings, in UTF-8",
)  # fmt: skip

Constant = Struct(
    "kind" / Int8ul * _numbered(CONST_NAMES),
    "form" / Int8ul
    * "0: the payload itself; 1: numbers among the strings (long Integers, both parts of a Rational), or a keyword "
    "that must be passed",
    "inner" / Int8ul * "kind of the number before the i of an imaginary one, else zero",
    "zero" / Int8ul * "zero",
    "payload" / Bytes(8)
    * "an Integer of 64 bits, a Float, a string (u32, then zero), a string and flags (of a regex), two strings (of a "
    "Rational)",
)  # fmt: skip

FunctionRecord = Struct(
    "name" / Int32ul * "string",
    "parent" / Int32sl * "index of the enclosing function, -1 for the first",
    "kind" / Int8ul * _numbered(FUNCTION_KINDS),
    "parameter_flags" / Int8ul * _bits(PARAM_FLAG_NAMES),
    "flags" / Int16ul * _bits(FLAG_NAMES),
    "required" / Int32ul * "leading required parameters",
    "optional" / Int32ul * "optional parameters",
    "post" / Int32ul * "required parameters behind them",
    "keyword_count" / Int32ul * "keyword parameters",
    "local_count" / Int32ul * "slots of a frame",
    "max_stack" / Int32ul * "largest depth of the stack (registers, in the register set)",
    "ivar_count" / Int32ul * "instance variables that a class body names",
    "constant_count" / Int32ul * "constants of the pool",
    "first_constant" / Int32ul
    * "their first record in CONSTANTS; records of keyword names and instance variables (symbols) follow the pool's",
    "code_offset" / Int32ul * "first byte in CODE",
    "code_size" / Int32ul * "bytes of code",
    "first_handler" / Int32ul * "first record in HANDLERS",
    "handler_count" / Int32ul * "protected regions",
    "first_upvalue" / Int32ul * "first record in UPVALUES",
    "upvalue_count" / Int32ul * "captured variables",
    "line_offset" / Int32ul * "first byte in LINES",
    "line_size" / Int32ul * "bytes there",
    "instruction_count" / Int32ul * "positions there, one an instruction",
    "first_line" / Int32ul * "line where the definition begins and the steps start from",
    "first_name" / Int32ul * "first record in NAMES",
    "name_count" / Int32ul * "named slots: all or, when stripped, none",
    "span_start" / Int32ul * "first character of the definition in the source",
    "span_end" / Int32ul * "the character behind it; both are 0 if unknown",
)  # fmt: skip

HandlerRecord = Struct(
    "start" / Int32ul * "offset of the first protected instruction in the function's code",
    "end" / Int32ul * "offset of its END_TRY",
    "target" / Int32ul * "offset of the handler",
    "kind" / Int32ul * "0 rescue, 1 ensure",
    "slot" / Int32ul * "local for the exception, or for what is pending",
    "depth" / Int32ul * "stack depth that the handler starts with",
    "rescue_depth" / Int32ul * "rescue bodies around the region",
)  # fmt: skip

UpvalueRecord = Struct(
    "kind" / Int32ul * "0: a local of the parent, 1: an upvalue of it",
    "index" / Int32ul * "its number there",
)  # fmt: skip

LineException = Struct(
    "instruction" / Int32ul * "number of the instruction; exceptions are in order",
    "line" / Int32ul * "its line, from which following steps go on",
    "column" / Int32ul * "its column",
)  # fmt: skip

# Sections that are a sequence of records. CODE, LINES and SOURCE are bytes, which FUNCTIONS divides.
RECORDS = {
    layout.META: MetaEntry,
    layout.CONSTANTS: Constant,
    layout.FUNCTIONS: FunctionRecord,
    layout.HANDLERS: HandlerRecord,
    layout.UPVALUES: UpvalueRecord,
    layout.NAMES: Int32ul,
}
SECTION_TEXTS = {
    layout.META: "What the module is called and was made from: pairs of strings. Unknown keys are kept.",
    layout.STRINGS: "All strings, numbered in the order of their first use.",
    layout.CONSTANTS: "The constant pools of the functions, one after the other; equal constants share a record.",
    layout.FUNCTIONS: "A record a function; the first is the script. Functions share out the other sections in order.",
    layout.CODE: "The instructions of all functions, see bytecode-spec.md.",
    layout.HANDLERS: "Protected regions, inner ones first.",
    layout.UPVALUES: "Where each captured variable comes from.",
    layout.LINES: "For each function a signed byte an instruction, the step to its line; a byte an instruction, its "
                  "column; then exceptions for what does not fit.",
    layout.NAMES: "The name of each local (a string), empty for hidden ones. Optional.",
    layout.SOURCE: "The source text in UTF-8, compressed, for error reports and for code as object. Optional.",
    layout.SIGNATURE: "Reserved: an Ed25519 signature over the BLAKE2b-256 of header and sections. Optional.",
}  # fmt: skip


def records(kind: int) -> Struct:
    """Return the parser of a section of records, which must be used up exactly."""
    return Struct("records" / GreedyRange(RECORDS[kind]), Terminated)


Artifact = Struct(
    "header" / Header,
    "directory" / Array(this.header.section_count, DirectoryEntry),
    "rest" / GreedyBytes * "the sections",
)
