"""Which file a name means to require, require_relative and load."""

from __future__ import annotations

from pathlib import Path

import pytest
from metorex.toolchain.runtime import hooks
from metorex.toolchain.runtime.errors import Raised
from metorex.toolchain.runtime.loading import Loader
from metorex.toolchain.runtime.values import FALSE, TRUE, String


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that ran, in order."""
    names: list[str] = []
    monkeypatch.setattr(hooks, "load_file", lambda path, wrap: names.append(Path(path).name))
    return names


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("")


def test_extensions_are_tried_in_order(tmp_path: Path, loaded: list[str]) -> None:
    make(tmp_path, "a.mxc", "a.rb", "a.mx", "b.rb", "b.mxc", "plain")
    loader = Loader()
    for name in ("a", "b", "plain"):
        loader.require_relative(String(name), str(tmp_path))
    assert loaded == ["a.mx", "b.rb", "plain"]


def test_a_file_runs_once_under_any_spelling(tmp_path: Path, loaded: list[str]) -> None:
    make(tmp_path, "a.rb", "a.mxc")
    (tmp_path / "link.rb").symlink_to(tmp_path / "a.rb")
    loader = Loader()
    answers = [
        loader.require_relative(String(name), str(tmp_path))
        for name in ("a", "a.rb", "./a", "../" + tmp_path.name + "/a", "a.mxc", "link")
    ]
    assert answers == [TRUE, FALSE, FALSE, FALSE, FALSE, FALSE]
    assert loaded == ["a.rb"]
    assert [feature.s for feature in loader.features.a] == [str((tmp_path / "a.rb").resolve())]


def test_require_searches_the_load_path(tmp_path: Path, loaded: list[str]) -> None:
    make(tmp_path, "lib.rb")
    loader = Loader()
    with pytest.raises(Raised) as caught:
        loader.require(String("lib"))
    assert caught.value.value.message.s == "cannot load such file -- lib"
    loader.path.a.append(String(str(tmp_path)))
    assert loader.require(String("lib")) is TRUE
    assert loader.load(String("lib"), None) is TRUE
    assert loaded == ["lib.rb", "lib.rb"]


def test_a_file_that_requires_itself_runs_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.rb")
    loader = Loader()
    answers = []
    monkeypatch.setattr(
        hooks, "load_file", lambda path, wrap: answers.append(loader.require_relative(String("a"), str(tmp_path)))
    )
    assert loader.require_relative(String("a"), str(tmp_path)) is TRUE
    assert answers == [FALSE]


def test_a_file_that_fails_may_be_required_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.rb")
    loader = Loader()
    runs = []

    def fail(path: str, wrap: object) -> None:
        runs.append(path)
        if len(runs) == 1:
            raise ValueError

    monkeypatch.setattr(hooks, "load_file", fail)
    with pytest.raises(ValueError):
        loader.require_relative(String("a"), str(tmp_path))
    assert loader.require_relative(String("a"), str(tmp_path)) is TRUE
    assert len(runs) == 2
