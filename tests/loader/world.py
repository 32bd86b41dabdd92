"""A small world for the loader: a folder, a compiler that counts, and a clock that files can be dated by."""

from __future__ import annotations

import os
from pathlib import Path

from metorex.format import chunk
from metorex.format.chunk import Function, Module
from metorex.loader.load import Loaded, load_path
from metorex.loader.options import LoadOptions

OLD_NS = 1_000_000_000_123_456_789
SECOND = 1_000_000_000


class Compiler:
    """Compiles a source to a script whose value is the source text; `calls` lists what was compiled."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.dependencies: list[tuple[str, bytes]] = []
        self.code = b"\x01\x00\x00\x44"

    def __call__(self, text: str, path: str) -> Module:
        self.calls.append((text, path))
        if "syntax error" in text:
            raise SyntaxError(text)
        module = Module(path, text)
        script = Function(0, "", chunk.SCRIPT, -1)
        script.constants = [(chunk.CONST_STRING, text)]
        script.code = self.code
        script.positions = [(1, 1), (1, 1)]
        script.max_stack = 1
        module.functions = [script]
        module.dependencies = self.dependencies
        return module


class World:
    """`source` is the path of a source file that is a long time old."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = str(folder / "hello.mx")
        self.entry = str(folder / "__mxcache__" / "hello.mx1s.mxc")
        self.options = LoadOptions()
        self.compiler = Compiler()
        self.write("one")

    def write(self, text: str, mtime_ns: int = OLD_NS) -> None:
        with open(self.source, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.utime(self.source, ns=(mtime_ns, mtime_ns))

    def load(self, path: str = "") -> Loaded:
        """Load the source (or another path), counting compilations from zero."""
        self.compiler.calls.clear()
        return load_path(path or self.source, self.compiler, self.options)

    def reasons(self) -> list[str]:
        """Load the source and return the codes of the reasons to compile it; none if it came from the cache."""
        loaded = self.load()
        assert (loaded.origin == "compiled") == bool(self.compiler.calls)
        assert value(loaded) == Path(self.source).read_text(encoding="utf-8"), "stale code would run"
        return [reason.code for reason in loaded.reasons]

    def artifact(self) -> bytes:
        return Path(self.entry).read_bytes()

    def change_artifact(self, data: bytes, mtime_ns: int | None = None) -> None:
        Path(self.entry).write_bytes(data)
        if mtime_ns is not None:
            os.utime(self.entry, ns=(mtime_ns, mtime_ns))


def value(loaded: Loaded) -> str:
    """Return the value that the script of a loaded module would have."""
    payload: str = loaded.module.functions[0].constants[0][1]
    return payload
