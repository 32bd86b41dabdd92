"""What the command line and the environment say about loading."""

from __future__ import annotations

import os

from ..format.digest import producer_digest
from ..format.layout import CHECKED_HASH, ISA_STACK, TIMESTAMP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class LoadOptions:
    """Options of a load; `from_environment` makes them as the environment variables say.

    `root` is the folder that relative paths in artifacts start from (None: the source's own folder), `check_hashes`
    is "default", "always" or "never" as Python's --check-hash-based-pycs, `codegen` the options that change generated
    code, by name.
    """

    __slots__ = (
        "cache", "readonly", "force", "allow_artifacts", "verify", "check_hashes", "mode", "strip", "isa", "root",
        "cache_dir", "codegen", "_producer",
    )  # fmt: skip

    def __init__(self) -> None:
        self.cache = True  # read and write artifacts (--no-cache, METOREX_NO_CACHE)
        self.readonly = False  # read them only (METOREX_CACHE_READONLY)
        self.force = False  # compile although the artifact is fresh (--force, METOREX_RECACHE)
        self.allow_artifacts = True  # run .mxc files (--no-artifacts)
        self.verify = True  # --no-verify
        self.check_hashes = "default"
        self.mode = TIMESTAMP  # invalidation mode of artifacts to be written
        self.strip = False
        self.isa = ISA_STACK
        self.root: str | None = None
        self.cache_dir = ""  # prefix of the whole cache (METOREX_CACHE_DIR)
        self.codegen: Mapping[str, str] = {}
        self._producer = -1

    def producer(self) -> int:
        """Return the digest that an artifact of this toolchain and these options carries."""
        if self._producer < 0:
            self._producer = producer_digest(self.codegen)
        return self._producer


def from_environment(environ: Mapping[str, str] | None = None) -> LoadOptions:
    """Return the options that the environment asks for."""
    get = (os.environ if environ is None else environ).get
    options = LoadOptions()
    options.cache = not get("METOREX_NO_CACHE")
    options.readonly = bool(get("METOREX_CACHE_READONLY"))
    options.force = bool(get("METOREX_RECACHE"))
    options.cache_dir = get("METOREX_CACHE_DIR") or ""
    if get("SOURCE_DATE_EPOCH"):
        options.mode = CHECKED_HASH
    return options
