"""require, require_relative and load: which file a name means, and that it runs once.

A name without extension is tried with `.mx`, `.rb` and `.mxc`, require_relative and load also take it as it is. A file
is known by its real path, an artifact by that of its source if there is one, so that no spelling runs it twice.
How a file is run is the command line's (`hooks.load_file`). The standard library is in library.py.
"""

from __future__ import annotations

import os

from . import hooks
from .errors import Raised, new_exception
from .values import FALSE, TRUE, Array, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .model import ModuleValue
    from .values import Value

EXTENSIONS = (".mx", ".rb", ".mxc")


class Loader:
    """`path` is `$LOAD_PATH`, `features` is `$LOADED_FEATURES`: the Arrays that the program sees and may change."""

    def __init__(self) -> None:
        self.path = Array([])
        self.features = Array([])
        self.running: set[str] = set()  # files whose first run has not ended
        self.libraries: set[str] = set()  # built-in libraries that were required

    # --- finding ----------------------------------------------------------------------------------------------------

    def candidates(self, name: str, as_is: bool) -> list[str]:
        """Return the file names that `name` may mean, in order."""
        if name.endswith(EXTENSIONS):
            return [name]
        tried = [name + extension for extension in EXTENSIONS]
        return [*tried, name] if as_is else tried

    def find(self, name: str, directories: list[str], as_is: bool) -> str | None:
        """Return the absolute path of the file that `name` means, None if there is none."""
        name = os.path.expanduser(name) if name.startswith("~") else name
        if os.path.isabs(name):
            directories = [""]
        for directory in directories:
            for candidate in self.candidates(name, as_is):
                path = os.path.join(directory, candidate)
                if os.path.isfile(path):
                    return os.path.abspath(path)
        return None

    def search_path(self) -> list[str]:
        """Return the directories of `$LOAD_PATH`."""
        from .convert import as_str

        return [as_str(item) for item in self.path.a]

    def feature(self, path: str) -> str:
        """Return by which path a file is known: the real one, of the source for an artifact that has one."""
        real = os.path.realpath(path)
        if real.endswith(".mxc"):
            for extension in EXTENSIONS[:2]:
                if os.path.isfile(real[:-4] + extension):
                    return real[:-4] + extension
        return real

    # --- loading ----------------------------------------------------------------------------------------------------

    def load_once(self, path: str) -> Value:
        """Run the file unless it was run; return whether it was run now."""
        feature = self.feature(path)
        if feature in self.running:
            return FALSE
        if any(isinstance(known, String) and known.s == feature for known in self.features.a):
            return FALSE
        self.running.add(feature)
        try:
            hooks.load_file(path, None)
        finally:
            self.running.discard(feature)
        self.features.a.append(String(feature))
        return TRUE

    def require(self, name: Value) -> Value:
        """Do `require name`. LoadError of the guest if there is no such file."""
        text = path_text(name)
        if text.startswith(("./", "../")):
            path = self.find(text, [os.getcwd()], as_is=False)
        else:
            path = self.find(text, self.search_path(), as_is=False)
        if path is not None:
            return self.load_once(path)
        return self.require_library(text)

    def require_library(self, name: str) -> Value:
        """Load a part of the standard library: its natives, then its file. LoadError of the guest if it is none."""
        from .library import FOLDER, NATIVES, PRESENT

        given = name
        name = name[:-3] if name.endswith((".rb", ".so")) else name
        if name in self.libraries or name in PRESENT:
            return FALSE
        path = self.find(name + ".rb", [FOLDER], as_is=False)
        if name not in NATIVES and (path is None or not path.startswith(FOLDER + os.sep)):
            raise load_error(given)
        part = NATIVES.get(name)
        if part:
            from .builtin import load_part

            load_part(part)
        if path is not None:
            return self.load_once(path)
        self.libraries.add(name)
        return TRUE

    def require_relative(self, name: Value, base: str) -> Value:
        """Do `require_relative name` in a file of the directory `base`."""
        text = path_text(name)
        path = self.find(text, [base], as_is=True)
        if path is None:
            raise load_error(os.path.normpath(os.path.join(base, text)))
        return self.load_once(path)

    def load(self, name: Value, wrap: ModuleValue | None) -> Value:
        """Do `load name`: run the file, each time."""
        text = path_text(name)
        path = self.find(text, [os.getcwd(), *self.search_path()], as_is=True)
        if path is None:
            raise load_error(text)
        hooks.load_file(path, wrap)
        return TRUE


def path_text(name: Value) -> str:
    """Return the text of a path argument: a String, or what `to_path` or `to_str` answers."""
    from .convert import as_str
    from .dispatch import respond_to, send

    if not isinstance(name, String) and name is not None and name.__class__ is not int and respond_to(name, "to_path"):
        name = send(name, ":to_path")
    return as_str(name)


def load_error(name: str) -> Raised:
    return Raised(new_exception("LoadError", f"cannot load such file -- {name}", path=String(name)))


LOADER = Loader()
