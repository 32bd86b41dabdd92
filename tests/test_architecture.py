"""The floors of the house: an import may only go to the same floor or one below it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the lowest to the highest; a folder may import from itself and from those before it.
FLOORS = ["format", "verifier", "loader", "toolchain"]
ROOMS = ["runtime", "syntax", "compiler", "engines", "batch", "watch", "cli"]

SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def imported_packages(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    """Return (line, package path below the root) for every import of our own modules in a file."""
    package = path.relative_to(ROOT).with_suffix("").parts
    if package[-1] == "__init__":
        package = package[:-1]
        base = package
    else:
        base = package[:-1]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            module = tuple((node.module or "").split(".")) if node.module else ()
            if node.level:
                start = base[: len(base) - (node.level - 1)]
                target = start + module
            elif module[:1] == ("metorex",):
                target = module[1:]
            else:
                continue
            found.append((node.lineno, target or tuple(alias.name for alias in node.names[:1])))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                parts = tuple(alias.name.split("."))
                if parts[0] == "metorex":
                    found.append((node.lineno, parts[1:]))
    return found


def rank(parts: tuple[str, ...]) -> tuple[int, int] | None:
    """Return (floor, room) of a package path; room -1 for modules directly in a floor, None outside the floors."""
    if not parts or parts[0] not in FLOORS:
        return None
    room = ROOMS.index(parts[1]) if parts[0] == "toolchain" and len(parts) > 1 and parts[1] in ROOMS else -1
    return FLOORS.index(parts[0]), room


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards(path: Path) -> None:
    own = rank(path.relative_to(ROOT).with_suffix("").parts)
    assert own is not None
    for line, target in imported_packages(path):
        other = rank(target)
        if other is None:
            continue
        place = f"{path.relative_to(ROOT)}:{line} imports {'.'.join(target)}"
        assert other[0] <= own[0], f"{place}, a floor above its own"
        if other[0] == own[0] == FLOORS.index("toolchain") and own[1] >= 0 and other[1] >= 0:
            assert other[1] <= own[1], f"{place}, a room above its own"


def test_the_check_can_fail() -> None:
    assert rank(("format", "chunk")) < rank(("loader", "load"))  # type: ignore[operator]
    assert rank(("toolchain", "runtime", "core", "array")) < rank(("toolchain", "cli", "main"))  # type: ignore[operator]
