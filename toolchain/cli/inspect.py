"""`metorex inspect`: an artifact as its schema sees it."""

from __future__ import annotations

import json
from typing import Any

import click

from ...format import schema_reader
from ...format.errors import FormatError
from ...format.header import content_hash, read_header
from ...format.layout import ISA_LETTERS, MODE_NAMES, SECTION_NAMES
from .source import read_bytes

LANGUAGES = {1: "metorex", 2: "veld"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.argument("file")
def command(as_json: bool, file: str) -> int:
    """Show the header, sections, metadata and functions of FILE, an .mxc artifact."""
    data = read_bytes(file)
    try:
        read_header(data)  # which has words for what is no artifact at all
        document = describe(data)
    except FormatError as failure:
        click.echo(f"metorex: {file}: {failure}", err=True)
        return failure.exit_code
    if as_json:
        click.echo(json.dumps(document, indent=2))
    else:
        for line in text(document):
            click.echo(line)
    return 0


def describe(data: bytes) -> dict[str, Any]:
    """Return what is known of an artifact as JSON-ready data. Raises FormatError."""
    parsed = schema_reader.parse(data)
    module = schema_reader.module(data)
    header = {
        key: value.hex() if isinstance(value, bytes) else int(value)
        for key, value in parsed.header.items()
        if not key.startswith("_")
    }
    header["content_hash_matches"] = content_hash(data) == bytes.fromhex(str(header["content_hash"]))
    return {
        "size": len(data),
        "header": header,
        "sections": [
            {
                "kind": section_name(int(entry.kind)),
                "offset": int(entry.offset),
                "stored": int(entry.stored_size),
                "raw": int(entry.raw_size),
            }
            for entry in parsed.directory
        ],
        "module": {
            "name": module.name,
            "module_id": module.module_id,
            "module_version": ".".join(map(str, module.module_version)),
            "path": module.path,
            "requires": module.requires,
            "dependencies": [path for path, _ in module.dependencies],
            "exports": module.exports,
            "metadata": module.metadata,
        },
        "functions": [
            {
                "name": function.name or f"({index})",
                "bytes": len(function.code),
                "constants": len(function.constants),
                "locals": function.local_count,
                "stack": function.max_stack,
            }
            for index, function in enumerate(module.functions)
        ],
    }


def section_name(kind: int) -> str:
    return SECTION_NAMES[kind] if kind < len(SECTION_NAMES) else f"unknown {kind}"


def text(document: dict[str, Any]) -> list[str]:
    """Return the description as lines for people."""
    header = document["header"]
    lines = [f"artifact of {document['size']:,} bytes", "", "header"]
    names = {"instruction_set": ISA_LETTERS, "language": LANGUAGES, "mode": MODE_NAMES, "invalidation_mode": MODE_NAMES}
    for key, value in header.items():
        meaning = ""
        if key in names:
            table = names[key]
            try:
                meaning = f" ({table[value]})"  # type: ignore[index]
            except (KeyError, IndexError):
                meaning = " (unknown)"
        lines.append(f"  {key:<22} {value}{meaning}")
    lines += ["", "sections", f"  {'kind':<12} {'offset':>9} {'stored':>9} {'raw':>9}"]
    for entry in document["sections"]:
        lines.append(f"  {entry['kind']:<12} {entry['offset']:>9,} {entry['stored']:>9,} {entry['raw']:>9,}")
    lines += ["", "module"]
    for key, value in document["module"].items():
        if value:
            lines.append(f"  {key:<22} {value}")
    lines += ["", "functions", f"  {'name':<30} {'bytes':>7} {'constants':>9} {'locals':>7} {'stack':>6}"]
    for function in document["functions"]:
        lines.append(
            f"  {function['name']:<30} {function['bytes']:>7,} {function['constants']:>9,}"
            f" {function['locals']:>7,} {function['stack']:>6,}"
        )
    return lines
