"""The standard library: every file loads, and its artifacts find a place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from metorex.loader.options import LoadOptions
from metorex.tests.play import play
from metorex.toolchain import session
from metorex.toolchain.runtime.library import FOLDER, NATIVES

FILES = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in Path(FOLDER).rglob("*.rb"))


@pytest.mark.parametrize("name", sorted({*FILES, *NATIVES}))
def test_library_loads_once(name: str, tmp_path: Path) -> None:
    program = tmp_path / "program.mx"
    program.write_text(f'p require("{name}"), require("{name}")\n')
    played = play(program)
    assert (played.out, played.err) == ("true\nfalse\n", "")


def test_unknown_library_is_a_load_error(tmp_path: Path) -> None:
    program = tmp_path / "program.mx"
    program.write_text('begin; require "no_such"; rescue LoadError => e; p e.message, e.path; end\n')
    assert play(program).out == '"cannot load such file -- no_such"\n"no_such"\n'


def test_load_path_goes_before_the_library(tmp_path: Path) -> None:
    (tmp_path / "json.rb").write_text("puts 'mine'\n")
    program = tmp_path / "program.mx"
    program.write_text('$LOAD_PATH << __dir__; require "json"; p defined?(JSON)\n')
    assert play(program).out == "mine\nnil\n"


def test_artifacts_go_to_the_user_where_the_library_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    source = os.path.join(FOLDER, "json.rb")
    options = LoadOptions()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert session.options_for(source, options).cache_dir == str(tmp_path / "metorex" / "library")
    assert session.options_for(str(tmp_path / "own.rb"), options) is options
    monkeypatch.setattr(os, "access", lambda path, mode: True)
    assert session.options_for(source, options) is options
    options.cache_dir = "elsewhere"
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert session.options_for(source, options) is options
