"""What a warm run imports: start-up time is a feature, so the set of modules is a committed list.

`BLESS=1 pytest tests/test_startup.py` rewrites tests/warm_modules.txt; review the difference.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("warm_modules.txt")
HEAVY = {
    "click", "construct", "watchdog", "rich", "pathspec", "typing", "pathlib", "dataclasses", "enum", "re", "json",
    "contextlib", "tempfile", "logging", "argparse", "importlib.metadata", "struct", "functools", "collections",
}  # fmt: skip
PROGRAM = """
import sys
before = set(sys.modules)
from metorex.toolchain.entry import main
status = main(["run", "hello.mx"])
sys.stdout.flush()
print("\\n".join(sorted(set(sys.modules) - before)), file=sys.stderr)
sys.exit(status)
"""


def warm_modules(folder: Path) -> set[str]:
    (folder / "hello.mx").write_text('puts "Hello, world"\n')
    os.utime(folder / "hello.mx", (1_700_000_000, 1_700_000_000))
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "xdg")}
    environment.pop("METOREX_CACHE_DIR", None)
    environment.pop("METOREX_ENGINE", None)
    (folder / "lib").mkdir()
    (folder / "lib" / "metorex").symlink_to(LIST.parent.parent)  # an editable install is found by hooks of site
    paths = [str(folder / "lib"), *sys.path]
    for _ in range(2):
        # -I and -S keep what site and the environment import out of the comparison; the paths are given explicitly.
        code = f"import sys; sys.path[:] = {paths!r}\n{PROGRAM}"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code], cwd=folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == "Hello, world\n"
    return set(done.stderr.split())


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="PyPy imports other modules of its own")
def test_warm_run_imports_the_committed_modules(tmp_path: Path) -> None:
    modules = warm_modules(tmp_path)
    assert not modules & HEAVY
    assert not any(name.startswith(("metorex.toolchain.compiler", "metorex.toolchain.syntax")) for name in modules)
    assert not any(name.startswith("metorex.verifier") for name in modules)
    ours = sorted(name for name in modules if name.split(".")[0] == "metorex")
    others = sorted(name for name in modules if name.split(".")[0] != "metorex")
    text = "\n".join([*ours, "", *others]) + "\n"
    if os.environ.get("BLESS"):
        LIST.write_text(text)
    assert text == LIST.read_text()
