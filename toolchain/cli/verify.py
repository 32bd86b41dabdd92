"""`metorex verify`: run the verifier and print every finding."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import click

from ...format.errors import EX_DATAERR, FormatError
from ...verifier.verify import verify
from .source import NoInput, load_module


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON document.")
@click.option("--clock", is_flag=True, help="Print the time that verification took.")
@click.argument("files", nargs=-1, required=True)
def command(as_json: bool, clock: bool, files: tuple[str, ...]) -> int:
    """Verify FILES, sources or .mxc artifacts. The exit status is 65 if one of them must not run."""
    from ..program import syntax_report
    from ..syntax.errors import SyntaxErrors

    status = 0
    documents: list[dict[str, Any]] = []
    for path in files:
        document: dict[str, Any] = {"file": path, "findings": []}
        documents.append(document)
        try:
            module = load_module(path)
        except FormatError as failure:
            document["error"] = str(failure)
            status = EX_DATAERR
        except NoInput as failure:
            document["error"] = str(failure)
            status = status or failure.exit_code
        except SyntaxErrors as failure:
            document["error"] = syntax_report(failure)
            status = status or 1
        else:
            started = time.perf_counter()
            findings = verify(module)
            document["seconds"] = time.perf_counter() - started
            document["findings"] = [finding.as_dict() for finding in findings]
            if findings:
                status = EX_DATAERR
        if not as_json:
            show(document, clock)
    if as_json:
        click.echo(json.dumps(documents, indent=2))
    return status


def show(document: dict[str, Any], clock: bool) -> None:
    """Print one file's result as text."""
    path = document["file"]
    if "error" in document:
        text = document["error"].rstrip("\n")
        print(text if text.startswith(path) else f"{path}: {text}", file=sys.stderr)
        return
    for finding in document["findings"]:
        place = f"{finding['function']}+{finding['offset']}"
        print(f"{path}: {place}: {finding['rule']}: {finding['detail']}")
    timing = f" ({document['seconds'] * 1000:.1f} ms)" if clock else ""
    if not document["findings"]:
        print(f"{path}: verified{timing}")
    elif clock:
        print(f"{path}: {len(document['findings'])} findings{timing}")
