"""Listings of bytecode: as data (`describe`), as text (`listing`), as a graph (`graph`).

The data is made first and the text printed from it, so that both tell the same. A listing must be possible of code
that the verifier refuses, so nothing here trusts an index or a target; only code that does not decode ends the
listing of its function with a line that says why.

    == hello.mx  (metorex, stack, 1 function, 11 bytes)
    script hello  params=() locals=0 stack=2 upvalues=0
      constants
        0  string   "hi"
      code
        0000 | LOAD_SELF                                          | 1
        0001 | PUSH_CONST       0 "hi"                            | 1
"""

from __future__ import annotations

import json

from . import chunk
from .cfg import basic_blocks
from .encoding import decode
from .errors import FormatError
from .stack_ops import FLAG_NAMES, KIND_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .chunk import Function, Module
    from .encoding import Instruction

LANGUAGES = {1: "metorex", 2: "veld"}
INSTRUCTION_SETS = {1: "stack", 2: "register"}
_MNEMONIC_WIDTH = 20
_CODE_WIDTH = 58


def quoted(text: str) -> str:
    """Return `text` as a literal in double quotes that a terminal can show."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f").encode("utf-8", "backslashreplace").decode()


def printable(text: str) -> str:
    """Return a name as it is, or in quotes if a terminal cannot show it."""
    return text if text.isprintable() else quoted(text)


def constant_text(constant: tuple[int, Any]) -> str:
    """Return a constant as the source would write it."""
    kind, payload = constant
    if kind in (chunk.CONST_STRING, chunk.CONST_FROZEN):
        return quoted(payload)
    if kind == chunk.CONST_SYMBOL:
        plain = payload.isidentifier() or payload[:1] in ("$", "@") or not any(map(str.isalnum, payload))
        return f":{payload}" if plain and payload.isprintable() and " " not in payload else f":{quoted(payload)}"
    if kind == chunk.CONST_RATIONAL:
        return f"({integer_text(payload[0])}/{integer_text(payload[1])})"
    if kind == chunk.CONST_IMAGINARY:
        return f"{constant_text(payload)}i"
    if kind == chunk.CONST_REGEX:
        letters = "".join(letter for bit, letter in ((4, "m"), (1, "i"), (2, "x")) if payload[1] & bit)
        return f"/{quoted(payload[0])[1:-1]}/{letters}"
    return integer_text(payload) if kind == chunk.CONST_INT else repr(payload)


def integer_text(number: int) -> str:
    """Return an Integer in decimal, a long one in hexadecimal: the host limits and slows long decimal conversions."""
    return str(number) if -(10**100) < number < 10**100 else hex(number)


def describe(module: Module) -> dict[str, Any]:
    """Return everything a listing shows, as JSON-ready data, nested as the functions are."""
    described = [describe_function(module, function) for function in module.functions]
    roots: list[dict[str, Any]] = []
    for function, data in zip(module.functions, described):
        # A parent comes before its children in every module that may run; of others, nothing is hidden.
        inside = 0 <= function.parent < function.index < len(described)
        (described[function.parent]["functions"] if inside else roots).append(data)
    return {
        "name": module.name,
        "path": module.path,
        "language": LANGUAGES.get(module.language, "?"),
        "instruction_set": INSTRUCTION_SETS.get(module.isa, "?"),
        "code_bytes": sum(len(function.code) for function in module.functions),
        "function_count": len(module.functions),
        "functions": roots,
    }


def describe_function(module: Module, function: Function) -> dict[str, Any]:
    """Return one function as data; `functions` is left for those inside it."""
    instructions, error = _decoded(function)
    labels = _labels(function, instructions)
    positions = function.positions

    def text(name: str, kind: str, value: int) -> str:
        return f"-> {labels[value]}" if kind == "target" else _operand_text(module, function, name, kind, value)

    rows = []
    for number, (offset, op, operands) in enumerate(instructions):
        line, column = positions[number] if number < len(positions) else (0, 0)
        rows.append(
            {
                "offset": offset,
                "opcode": op.name,
                "operands": [
                    {"kind": kind, "value": value, "text": text(op.name, kind, value)}
                    for kind, value in zip(op.operands, operands)
                ],
                "line": line,
                "column": column,
                "label": labels.get(offset),
            }
        )
    return {
        "index": function.index,
        "name": printable(function.name),
        "kind": _name(chunk.FUNCTION_KINDS, function.kind),
        "flags": _bits(chunk.FLAG_NAMES, function.flags),
        "parameters": _parameters(function),
        "locals": function.local_count,
        "local_names": [printable(name) for name in function.local_names],
        "stack": function.max_stack,
        "upvalues": [{"kind": _name(("local", "upvalue"), kind), "index": index} for kind, index in function.upvalues],
        "instance_variables": [printable(name) for name in function.ivars],
        "constants": [
            {"index": index, "kind": _name(chunk.CONST_NAMES, constant[0]), "text": constant_text(constant)}
            for index, constant in enumerate(function.constants)
        ],
        "handlers": [
            {
                "kind": "ensure" if handler.kind == chunk.ENSURE_HANDLER else "rescue",
                "start": handler.start,
                "end": handler.end,
                "target": handler.target,
                "labels": [labels.get(place, str(place)) for place in (handler.start, handler.end, handler.target)],
                "slot": handler.slot,
                "depth": handler.depth,
                "rescue_depth": handler.rescue_depth,
            }
            for handler in function.handlers
        ],  # fmt: skip
        "instructions": rows,
        "error": error,
        "functions": [],
    }


def _decoded(function: Function) -> tuple[list[Instruction], str | None]:
    """Return the instructions as far as they decode, and what is wrong behind them."""
    try:
        return decode(function.code), None
    except FormatError as error:
        return decode(function.code[: error.offset]), str(error)


def _labels(function: Function, instructions: list[Instruction]) -> dict[int, str]:
    """Number the places that a jump or a handler names, in code order."""
    places = {operands[op.operands.index("target")] for _, op, operands in instructions if "target" in op.operands}
    for handler in function.handlers:
        places.update((handler.start, handler.end, handler.target))
    return {place: f"L{number}" for number, place in enumerate(sorted(places), 1)}


def _name(names: tuple[str, ...], index: int) -> str:
    return names[index] if 0 <= index < len(names) else f"?{index}"


def _bits(names: tuple[str | None, ...], bits: int) -> list[str]:
    found = [name or f"?{1 << bit}" for bit, name in enumerate(names) if bits >> bit & 1]
    rest = bits >> len(names) << len(names)
    return found + ([f"?{rest}"] if rest else [])


def _parameters(function: Function) -> list[str]:
    """Return the parameters as a signature shows them; a stripped function has numbers for names."""
    parameters = function.parameters
    count = parameters.slot_count()
    if count > 1000:  # no program has so many, but a damaged artifact may say so
        return [f"{count} parameters"]
    names = [printable(name) for name in function.local_names[:count]] + [""] * (count - len(function.local_names))
    slots = iter([name or f"_{slot}" for slot, name in enumerate(names)])
    shown = [next(slots) for _ in range(parameters.required)]
    shown += [next(slots) + " = ?" for _ in range(parameters.optional)]
    if parameters.flags & chunk.REST:
        shown.append("*" + next(slots).lstrip("*"))
    shown += [next(slots) for _ in range(parameters.post)]
    for name, required in parameters.keywords:
        next(slots)
        shown.append(printable(name) + (":" if required else ": ?"))
    if parameters.flags & chunk.KEYREST:
        shown.append("**" + next(slots).lstrip("*"))
    if parameters.flags & chunk.NO_KEYWORDS:
        shown.append("**nil")
    if parameters.flags & chunk.BLOCK_PARAM:
        shown.append("&" + next(slots).lstrip("&"))
    return shown


def _operand_text(module: Module, function: Function, op: str, kind: str, value: int) -> str:
    """Return how an operand is shown: the number, then what it stands for."""
    if kind in ("const", "name"):
        known = value < len(function.constants)
        return f"{value} {constant_text(function.constants[value])}" if known else f"{value} ?"
    if kind == "local":
        name = function.local_names[value] if value < len(function.local_names) else ""
        return f"{value} {printable(name)}".rstrip()
    if kind == "function":
        if value >= len(module.functions):
            return f"{value} ?"
        return f"{value} {printable(module.functions[value].name)}".rstrip()
    if kind == "kind":
        return _name(KIND_NAMES[op], value)
    if kind == "flags":
        return "|".join(_bits(FLAG_NAMES[op], value)) or "0"
    return f"argc {value}" if kind == "argc" else str(value)


def listing(module: Module, source: bool = False) -> str:
    """Return the listing of a whole module; with `source`, source lines stand above the code made from them."""
    data = describe(module)
    count = data["function_count"]
    title = printable(data["path"] or data["name"]) or "(no path)"
    lines = [
        f"== {title}  ({data['language']}, {data['instruction_set']}, {count} function{'s' if count != 1 else ''}, "
        f"{data['code_bytes']} bytes)"
    ]
    source_lines = [printable(line.strip()) for line in module.source.splitlines()] if source else []
    stack = [(function, 0) for function in reversed(data["functions"])]
    while stack:
        function, depth = stack.pop()
        lines.extend("  " * depth + line if line else line for line in _function_lines(function, source_lines))
        stack.extend((child, depth + 1) for child in reversed(function["functions"]))
    return "\n".join(lines) + "\n"


def function_listing(module: Module, index: int, source: bool = False) -> str:
    """Return the listing of one function alone."""
    data = describe_function(module, module.functions[index])
    source_lines = [printable(line.strip()) for line in module.source.splitlines()] if source else []
    return "\n".join(_function_lines(data, source_lines)) + "\n"


def _function_lines(data: dict[str, Any], source_lines: list[str]) -> Iterator[str]:
    flags = f" [{', '.join(data['flags'])}]" if data["flags"] else ""
    yield (
        f"{data['kind']} {data['name']}  params=({', '.join(data['parameters'])}) locals={data['locals']} "
        f"stack={data['stack']} upvalues={len(data['upvalues'])}{flags}"
    )
    if data["constants"]:
        yield "  constants"
        for constant in data["constants"]:
            yield f"    {constant['index']:<3} {constant['kind']:<9} {constant['text']}"
    if data["upvalues"]:
        yield "  upvalues"
        for number, upvalue in enumerate(data["upvalues"]):
            yield f"    {number:<3} {upvalue['kind']} {upvalue['index']} of the parent"
    if data["instance_variables"]:
        yield f"  instance variables {' '.join(data['instance_variables'])}"
    if data["handlers"]:
        yield "  handlers"
        for handler in data["handlers"]:
            start, end, target = handler["labels"]
            yield (
                f"    {start}..{end} {handler['kind']} -> {target}  slot {handler['slot']}, depth {handler['depth']}, "
                f"rescue depth {handler['rescue_depth']}"
            )
    yield "  code"
    shown_line = 0
    for row in data["instructions"]:
        line = row["line"]
        if line != shown_line and 0 < line <= len(source_lines):
            yield f"    {line:>4}: {source_lines[line - 1]}"
        shown_line = line
        if row["label"]:
            yield f"   {row['label']}:"
        yield f"    {_row_text(row, _MNEMONIC_WIDTH):<{_CODE_WIDTH}} | {line or ''}".rstrip()
    if data["error"]:
        yield f"    (the rest is no code: {data['error']})"


def _row_text(row: dict[str, Any], width: int) -> str:
    operands = ", ".join(operand["text"] for operand in row["operands"])
    return f"{row['offset']:04} | {row['opcode']:<{width}} {operands}".rstrip()


def graph(module: Module) -> str:
    """Return the control-flow graphs of all functions in DOT, a cluster each."""
    lines = ["digraph module {", '  node [shape=box, fontname="monospace"];']
    for function in module.functions:
        data = describe_function(module, function)
        instructions, _ = _decoded(function)
        lines.append(f"  subgraph cluster_{function.index} {{")
        lines.append(f"    label={quoted(data['kind'] + ' ' + data['name'])};")
        blocks = basic_blocks(instructions)
        prefix = f"f{function.index}b"
        for number, block in enumerate(blocks):
            rows = data["instructions"][block.first : block.last + 1]
            text = "".join(_dot(_row_text(row, 0)) + "\\l" for row in rows)
            lines.append(f'    {prefix}{number} [label="{text}"];')
        for number, block in enumerate(blocks):
            for successor, label in block.edges:
                style = ", style=dashed" if label == "handler" else ""
                shown = "" if label in ("next", "jump") else label
                lines.append(f'    {prefix}{number} -> {prefix}{successor} [label="{shown}"{style}];')
        lines.append("  }")
    lines.append("}")
    return "\n".join(lines) + "\n"


def _dot(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
