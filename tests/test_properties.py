"""Properties of the whole: engines agree on random programs; compiled programs verify and survive writing."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from metorex.format.reader import decode_all, read_module
from metorex.format.writer import write_module
from metorex.toolchain.session import compile_text
from metorex.verifier.verify import verify

from . import tasks
from .play import ENGINES, forked
from .programs import programs
from .rich_programs import rich_programs

SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SETTINGS
@given(st.one_of(programs(), rich_programs()))
def test_engines_agree(source: str) -> None:
    expected = forked(tasks.run_text, source, "checked")
    assert "InternalError" not in expected.err
    assert "Traceback" not in expected.err
    for engine in ENGINES:
        assert forked(tasks.run_text, source, engine) == expected


@SETTINGS
@given(st.one_of(programs(), rich_programs()))
def test_compiled_programs_verify_and_survive_writing(source: str) -> None:
    module = compile_text(source, "random.mx")
    assert verify(module) == []
    again = read_module(write_module(module))
    decode_all(again)
    assert again == module
