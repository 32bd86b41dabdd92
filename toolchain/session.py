"""One run of a program: which engine, how files are found and loaded, what `require` and `load` do."""

from __future__ import annotations

import os

from ..format.errors import MetorexError
from ..loader import userdir
from ..loader.load import load_path, load_text
from .engines.image import IMAGES, image_of
from .runtime import globals as guest_globals
from .runtime import hooks
from .runtime.constants import set_const
from .runtime.depth import with_reserve
from .runtime.dispatch import MAIN, send
from .runtime.errors import error
from .runtime.model import OBJECT
from .runtime.values import TRUE, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..format.chunk import Module
    from ..loader.load import Loaded
    from ..loader.options import LoadOptions
    from .compiler.options import Options
    from .engines.image import Image
    from .program import RunOptions


DEFAULT_ENGINE = "host"
ENGINES = ("host", "stack", "checked")


class UnknownEngine(MetorexError):
    """METOREX_ENGINE names no engine."""

    exit_code = 2


def runs_straight(module: Module, image: Image) -> bool:
    """Return whether a program is one function without loops that requires no files."""
    if len(module.functions) > 1:
        return False
    known: bool | None = image.summaries.get(("straight", 0))
    if known is None:
        from ..format.encoding import decode

        known = image.summaries["straight", 0] = not module.requires and not any(
            op.name in JUMPS and operands[0] <= offset for offset, op, operands in decode(module.functions[0].code)
        )
    return known


JUMPS = ("JUMP", "CONTINUE", "JUMP_IF_TRUE", "JUMP_IF_FALSE", "JUMP_IF_NIL")


class NotSupported(MetorexError):
    """Input that a later version may take."""


def compile_checked(source: str, path: str) -> Module:
    """Compile the text of a file with checks of its annotations."""
    from .compiler.options import Options

    return compile_text(source, path, Options(check_types=True))


def compile_text(source: str, path: str, options: Options | None = None) -> Module:
    """Compile the text of a file; `path` is the one that the artifact notes. Raises SyntaxErrors."""
    import gc

    from .compiler import compile_source
    from .compiler.options import DEFAULT

    if path.endswith(".veld"):
        raise NotSupported(f"{path}: Veld programs are not supported yet")

    # Trees and chunks hold no garbage while they grow; looking for it costs a fifth of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return compile_source(source, path, options or DEFAULT)
    finally:
        if collecting:
            gc.enable()


class Session:
    """Loads modules for one program and runs them on the engine that its options name."""

    def __init__(self, options: RunOptions) -> None:
        self.options = options
        self.engine_name = options.engine or os.environ.get("METOREX_ENGINE", "")
        if self.engine_name and self.engine_name not in ENGINES:
            raise UnknownEngine(f"METOREX_ENGINE: there is no engine {self.engine_name!r}, only {', '.join(ENGINES)}")
        self.engine: Any = None
        self.compile = compile_checked if options.check_types else compile_text
        hooks.load_file = self.load_file
        hooks.types_of = types_of

    def pick_engine(self, module: Module, image: Image) -> None:
        """Make the engine ready that runs the program, whose main module is `module`.

        An engine is a module with `install()` and `run_script(module, path, absolute, main, wrap, image)`; `image` is
        what is kept of the module from run to run. A program that runs straight through from its first line to its
        last gives the default engine nothing to translate.
        """
        name = self.engine_name or DEFAULT_ENGINE
        straight = not self.engine_name and runs_straight(module, image)
        if name == "host" and not straight:
            from .engines.host import machine as host

            self.engine = host
        elif name == "checked":
            from .engines.stack import checked

            self.engine = checked
        else:
            from .engines.stack import machine

            self.engine = machine
        self.engine.install()
        if straight:
            hooks.engine_name = lambda: name

    def start(self, path: str, arguments: Sequence[str]) -> Loaded:
        """Load the main program."""
        guest_globals.set_program(path, list(arguments))
        return self.load(path)

    def start_source(self, source: str, path: str, arguments: Sequence[str]) -> Loaded:
        """Compile a main program that has no file."""
        guest_globals.set_program(path, list(arguments))
        return load_text(source, path, self.compile, self.options.load)

    def load(self, path: str, options: LoadOptions | None = None) -> Loaded:
        """Load the verified module of a source or artifact. Raises MetorexError and SyntaxErrors."""
        loaded = load_path(path, self.compile, options or self.options.load)
        if self.options.explain is not None:
            self.options.explain(explanation(path, loaded))
        return loaded

    def image(self, loaded: Loaded) -> Image:
        """Return what is kept of a module from run to run."""
        options = self.options.load
        digest = loaded.digest if options.cache and options.verify else b""
        image = image_of(digest, not options.force, options.readonly)
        if image.refused and self.options.explain is not None:
            self.options.explain(f"{loaded.source_path or loaded.artifact_path}: host code: {image.refused}")
        return image

    def run_main(self, loaded: Loaded, path: str) -> Any:
        """Run the main program and return its last value."""
        module, image = loaded.module, self.image(loaded)
        self.pick_engine(module, image)
        search_path = [*self.options.search_path, *os.environ.get("METOREX_PATH", "").split(os.pathsep)]
        if any(search_path):
            from .runtime.loading import LOADER

            LOADER.path.a[:0] = [String(folder) for folder in search_path if folder]
        if self.options.warnings:
            guest_globals.set_global("$VERBOSE", TRUE)
        for name in self.options.requires:
            send(MAIN, ";require", None, String(name))
        if "data_pos" in module.metadata:
            set_const(OBJECT, "DATA", data_file(module, path))
        return self.engine.run_script(module, path, os.path.abspath(path), image=image)

    def explain_engine(self) -> None:
        """Tell, for --explain, what the engine made of the program."""
        if self.options.explain is None:
            return
        for line in self.engine.explain() if hasattr(self.engine, "explain") else ():
            self.options.explain(line)
        for reason in sorted({image.unkept for image in IMAGES.values() if image.unkept}):
            self.options.explain(f"host code: not kept: {reason}")

    def load_file(self, path: str, wrap: Any = None) -> Any:
        """Run a required or loaded file, see runtime/hooks.py."""
        from .syntax.errors import SyntaxErrors

        try:
            loaded = with_reserve(self.load, path, options_for(path, self.options.load))
        except SyntaxErrors as failure:
            raise error("SyntaxError", failure.report(), path=String(path)) from None
        except MetorexError as failure:
            raise error("LoadError", f"cannot load such file -- {path} ({failure})", path=String(path)) from None
        return self.engine.run_script(loaded.module, path, path, False, wrap, self.image(loaded))


def options_for(path: str, options: LoadOptions) -> LoadOptions:
    """Return how a file is loaded: artifacts of the standard library go to the user's own cache folder where the
    installed one cannot be written."""
    from .runtime.library import FOLDER

    if options.cache_dir or not path.startswith(FOLDER + os.sep) or os.access(FOLDER, os.W_OK):
        return options
    from copy import copy

    own = copy(options)
    own.cache_dir = userdir.folder("library", create=not options.readonly)
    own.cache = options.cache and own.cache_dir != ""
    return own


def types_of(code: Any) -> tuple[dict[str, str], list[str]]:
    """Return what the source says about the types of an engine's code, see annotations.py."""
    from .annotations import types_of

    return types_of(code)


def data_file(module: Module, path: str) -> Any:
    """Return what DATA is: the program's file, open behind `__END__`, or its text where there is no such file."""
    from .runtime.builtin import builtin_class, load_part

    position = int(module.metadata["data_pos"])
    if path.endswith(".mxc") or not os.path.isfile(path):
        load_part("stringio")
        return send(builtin_class("StringIO"), ":new", None, String(module.source[position:]))
    file = send(builtin_class("File"), ":open", None, String(path))
    send(file, ":seek", None, len(module.source[:position].encode("utf-8", "surrogateescape")))
    return file


def explanation(path: str, loaded: Loaded) -> str:
    """Return what --explain prints for a file: where its module came from, and all reasons for compiling it."""
    from ..loader.load import COMPILED

    if loaded.origin != COMPILED:
        return f"{path}: {loaded.origin}: {loaded.artifact_path}"
    reasons = "; ".join(str(reason) for reason in loaded.reasons)
    text = f"{path}: compiled ({reasons})" if reasons else f"{path}: compiled"
    if loaded.store_error:
        text += f"; not kept: {loaded.store_error}"
    return text
