"""Rules that every native method keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from metorex.toolchain.runtime import builtin, reindex
from metorex.toolchain.runtime.model import own_method


@pytest.fixture(scope="module")
def everything() -> str:
    """Load all core files; the index that results."""
    return reindex.render()


def test_the_index_is_up_to_date(everything: str) -> None:
    assert Path(reindex.path()).read_text(encoding="utf-8") == everything


def test_every_method_of_the_index_exists(everything: str) -> None:
    missing = []
    for owner, parts in builtin.INDEX.items():
        if owner.endswith(("::", ".")) or owner not in builtin.CLASSES and owner not in builtin.MADE:
            continue
        mod = builtin.builtin_class(owner)
        names = " ".join(parts.values()).split()
        missing += [f"{owner}#{name}" for name in names if own_method(mod, name) is None]
    assert missing == []


def test_native_functions_take_self_and_block_first(everything: str) -> None:
    wrong = []
    for mod in list(builtin.MADE.values()):
        for table in (mod, mod.__class__.__dict__.get("singleton")):
            for name, entry in getattr(table, "methods", {}).items():
                if entry.fn is not None and entry.native and not entry.accessor:
                    code = entry.fn.__code__
                    if code.co_argcount < 2 or code.co_varnames[0] == "blk":
                        wrong.append(f"{mod.name}: {name}")
    assert wrong == []
