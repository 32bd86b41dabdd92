"""What pyproject.toml says of the package agrees with the files."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

from .test_architecture import FLOORS, ROOT, SOURCES

try:
    import tomllib
except ImportError:  # before Python 3.11, where pytest brings it along
    import tomli as tomllib  # type: ignore[no-redef]

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
# Files that only another package loads, as its plugins.
PLUGINS = {"toolchain/coverage.py": "coverage"}
# Modules of the host that `sys.stdlib_module_names` leaves out.
PYTHON_PARTS = {"__future__", "__pypy__", "pypyjit", "_typeshed"}


def test_packages_are_all_folders_of_the_floors() -> None:
    folders = [init.parent.relative_to(ROOT) for floor in FLOORS for init in (ROOT / floor).rglob("__init__.py")]
    assert sorted(SETUPTOOLS["packages"]) == sorted(["metorex", *(".".join(("metorex", *f.parts)) for f in folders)])


def test_python_files_are_in_packages() -> None:
    assert not [path for path in SOURCES if not (path.parent / "__init__.py").exists()]


def test_other_files_are_package_data() -> None:
    known: set[Path] = set()
    for package, patterns in SETUPTOOLS["package-data"].items():
        folder = ROOT.joinpath(*package.split(".")[1:])
        for pattern in patterns:
            found = set(folder.glob(pattern))
            assert found, f"nothing is {pattern} in {package}"
            known |= found
    sources = {path for floor in FLOORS for path in (ROOT / floor).rglob("*") if path.suffix in (".mx", ".rb")}
    assert sources <= known


def test_imported_packages_are_dependencies() -> None:
    declared = {text.split(">=")[0] for text in PROJECT["project"]["dependencies"]}
    imported = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                imported.add(node.module.split(".")[0])
        imported.discard(PLUGINS.get(path.relative_to(ROOT).as_posix(), ""))
    own = set(getattr(sys, "stdlib_module_names", ())) | PYTHON_PARTS
    if own > PYTHON_PARTS:  # Python 3.10 and newer know their own
        assert imported - own == declared


def test_script_is_executable() -> None:
    for script in SETUPTOOLS["script-files"]:
        assert (ROOT / script).stat().st_mode & 0o111
