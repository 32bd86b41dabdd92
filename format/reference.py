"""The reference pages of this floor, printed from schema and instruction table; `docs/generate.py` writes them.

A test compares the pages in `docs/` with what is printed here, so that they never tell what was true once.
"""

from __future__ import annotations

from construct import SizeofError  # type: ignore[import-untyped]

from . import layout, schema
from .digest import blake2b
from .optable import OPERAND_WIDTHS
from .stack_ops import DEFINED_KINDS, FLAG_NAMES, KIND_NAMES, MATCH_KINDS, RESERVED, STACK_OPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

GENERATED = "<!-- Written by docs/generate.py from the tables in the code; change those. -->\n"

_OPERAND_TEXTS = {
    "const": "index into the function's constants",
    "name": "index of a symbol constant",
    "local": "slot of the frame",
    "upvalue": "index into the function's upvalues",
    "function": "index into the module's functions",
    "count": "a number of values",
    "line": "a source line",
    "argc": "positional arguments on the stack (1 with splat: an Array of them)",
    "flags": "a set of bits, see below",
    "kind": "a small enumeration, see below",
    "target": "distance in bytes from the start of the instruction, signed",
}


def table_fingerprint() -> int:
    """Return 64 bits that change with the instruction table, for the producer digest."""
    rows = [(op.code, op.name, op.operands, op.pops, op.pushes, op.flow, op.variable) for op in STACK_OPS.rows]
    text = repr((rows, KIND_NAMES, FLAG_NAMES, MATCH_KINDS, DEFINED_KINDS, sorted(OPERAND_WIDTHS.items())))
    return int.from_bytes(blake2b(text.encode(), 8), "big")


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _fields(struct: Any) -> Iterator[str]:
    """Print the fields of a Construct struct with their texts."""
    rows: list[tuple[str, ...]] = []
    offset: int | None = 0
    for field in struct.subcons:
        if field.name is None:  # a check
            continue
        try:
            size: int | None = field.sizeof()
        except SizeofError:  # it depends on the file
            size = None
        rows.append(("" if offset is None else str(offset), "" if size is None else str(size), field.name, field.docs))
        offset = None if offset is None or size is None else offset + size
    yield from _table(("offset", "size", "field", "meaning"), rows)


def format_page() -> str:
    """Return docs/mxc-format.md."""
    lines = [
        "# The .mxc artifact",
        "",
        GENERATED,
        f"Format version {layout.FORMAT_MAJOR}.{layout.FORMAT_MINOR}, little endian. A file is a header, a section "
        "directory, and the sections in the order of the directory, each at a multiple of 8 bytes. The same "
        "source bytes, relative path, options and toolchain give the same file, whatever the host, folder, time or "
        "number of jobs.",
        "",
        "## Header",
        "",
        *_fields(schema.Header),
        "",
        "## Section directory",
        "",
        *_fields(schema.DirectoryEntry),
        "",
        f"Sections {', '.join(layout.SECTION_NAMES[kind] for kind in layout.MANDATORY)} are always there. A section of "
        "an unknown kind is ignored if it is optional, and kept when the artifact is written again; otherwise the "
        "artifact is refused.",
    ]
    for kind, text in schema.SECTION_TEXTS.items():
        lines += ["", f"## {layout.SECTION_NAMES[kind]}", "", text]
        struct = schema.Strings if kind == layout.STRINGS else schema.RECORDS.get(kind)
        if hasattr(struct, "subcons"):
            lines += ["", *_fields(struct)]
        if kind == layout.LINES:
            lines += ["", "An exception:", "", *_fields(schema.LineException)]
    return "\n".join(lines) + "\n"


def bytecode_page() -> str:
    """Return docs/bytecode-spec.md."""
    lines = [
        "# The stack instruction set",
        "",
        GENERATED,
        "An instruction is an opcode byte and its operands, little endian. `WIDE` in front of an instruction makes its "
        "operands of two bytes four bytes wide. The stack is shown before and after, its top on the right.",
        "",
        "## Operands",
        "",
        *_table(
            ("operand", "bytes", "meaning"),
            [(kind, str(width), _OPERAND_TEXTS[kind]) for kind, width in OPERAND_WIDTHS.items()],
        ),
        "",
        "## Instructions",
        "",
        "Flow: `jump` goes to the target, `branch` to the target or on, `end` leaves the function. "
        f"{', '.join(RESERVED)} are reserved for modules: they encode and disassemble, and cannot run.",
        "",
        *_table(
            ("byte", "name", "operands", "takes", "gives", "flow", "stack and meaning"),
            [
                (
                    f"{op.code:#04x}", op.name, " ".join(op.operands),
                    str(op.pops) + (f" + {op.variable}" if op.variable else ""), str(op.pushes),
                    "" if op.flow == "next" else op.flow, op.meaning,
                )
                for op in STACK_OPS.rows
            ],
        ),
        "",
        "## Kinds",
        "",
        *_table(
            ("instruction", "kinds, from 0"),
            [(name, ", ".join(f"`{kind}`" for kind in kinds)) for name, kinds in KIND_NAMES.items()],
        ),
        "",
        "## Flags",
        "",
        *_table(
            ("instruction", "bits"),
            [
                (name, ", ".join(f"{1 << bit:#04x} {flag}" for bit, flag in enumerate(flags) if flag))
                for name, flags in FLAG_NAMES.items()
            ],
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
