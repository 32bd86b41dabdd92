"""Write the reference pages that come from tables in the code: `python docs/generate.py`.

Also brings the fingerprint of the instruction table in format/digest.py up to date. `--check` writes nothing and exits
with 1 if something is stale; a test does the same.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from metorex.format.reference import bytecode_page, format_page, table_fingerprint
from metorex.verifier.rules import rules_page

ROOT = Path(__file__).resolve().parent.parent


def outputs() -> dict[Path, str]:
    """Return the text that each generated file should have."""
    digest = ROOT / "format" / "digest.py"
    fingerprint = f"TABLE_FINGERPRINT = 0x{table_fingerprint():016X}"
    return {
        ROOT / "docs" / "mxc-format.md": format_page(),
        ROOT / "docs" / "bytecode-spec.md": bytecode_page(),
        ROOT / "docs" / "verifier-rules.md": rules_page(),
        digest: re.sub(r"(?m)^TABLE_FINGERPRINT = .*$", fingerprint, digest.read_text(encoding="utf-8")),
    }


def stale() -> list[Path]:
    """Return the generated files that are not up to date."""
    return [path for path, text in outputs().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main(arguments: list[str]) -> int:
    """Write what is stale; with --check only say so."""
    found = stale()
    for path in found:
        print(path.relative_to(ROOT))
    if "--check" in arguments:
        return 1 if found else 0
    texts = outputs()
    for path in found:
        path.write_text(texts[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
