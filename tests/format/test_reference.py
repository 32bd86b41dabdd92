"""Pages and numbers that come from tables are up to date, and digests depend on what they should."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest
from metorex.format import digest, reference
from metorex.format.digest import producer_digest
from metorex.format.stack_ops import STACK_OPS

GENERATE = Path(__file__).parents[2] / "docs" / "generate.py"


def test_generated_files_are_up_to_date() -> None:
    stale = runpy.run_path(str(GENERATE))["stale"]()
    assert not stale, "run `python docs/generate.py`"


def test_pages_have_every_row() -> None:
    page = reference.bytecode_page()
    assert all(f"| {op.name} |" in page for op in STACK_OPS.rows)
    assert "| 64 | 16 | content_hash |" in reference.format_page()


def test_the_producer_digest_depends_on_everything_that_changes_code(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = producer_digest()
    assert plain == producer_digest({}) and 0 <= plain < 1 << 64
    options = producer_digest({"a": "1", "b": "2"})
    assert options == producer_digest({"b": "2", "a": "1"})
    assert len({plain, options, producer_digest({"a": "1"}), producer_digest({"a": "2"})}) == 4
    for name in ("CODEGEN_VERSION", "TABLE_FINGERPRINT", "FORMAT_MINOR"):
        with monkeypatch.context() as patch:
            patch.setattr(digest, name, 99)
            assert producer_digest() != plain
    with monkeypatch.context() as patch:
        patch.setattr(digest, "toolchain_version", lambda: "9.9")
        assert producer_digest() != plain


def test_sources_are_known_by_their_xxh3() -> None:
    assert digest.source_hash(b"").hex() == "99aa06d3014798d86001c324468d497f"


def test_blake2b_without_its_own_module(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = digest.blake2b(b"a")
    monkeypatch.setitem(sys.modules, "_blake2", None)
    assert digest.blake2b(b"a") == expected and len(expected) == 32
