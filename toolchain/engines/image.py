"""What engines found out about a module, kept from run to run: decoded functions, host code, summaries of bytecode.

An `Image` belongs to one artifact. It begins with what an earlier run left (loader/hostcode.py says which files may be
trusted), is added to while the program runs, and `save_all` writes what is new when the program has ended. Everything
in it follows from the bytecode alone, or names the answers that it follows from (`variants`), so a wrong guess about
the program costs time, never a wrong result.

Parts are marshalled one by one and unpacked when they are first used:

    decoded     index of the function -> Code.row() of the stack engine
    variants    (index of the function, place) -> [(answers, outcome)]: what was answered to the questions of the host
                engine's translator, ((question, answer), ...), and what came of it: Generated.row(), or why it declined
    summaries   (kind, index of the function) -> value, see host/summaries.py
    texts       digest of a text that the program evaluated and of the place -> (summaries, decoded, variants) of it
"""

from __future__ import annotations

import os
import sys
from marshal import dumps, loads

from ...format.digest import blake2b, toolchain_version
from ...loader import hostcode
from ..runtime import hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .stack.code import Unit

    Answers = tuple[tuple[tuple[Any, ...], Any], ...]

MAX_VARIANTS = 8  # of one function in one place
MAX_PLACES = 64  # of one function, such as the classes whose constructor an `initialize` is
MAX_TEXTS = 64  # that a program evaluated
UNMARSHALLABLE = (ValueError, EOFError, TypeError, KeyError, RuntimeError, MemoryError)


class Image:
    """What is known of one module. Without a `digest` nothing is read or written."""

    __slots__ = (
        "digest", "tag", "readonly", "units", "summaries", "decoded", "variants", "fresh", "read_summaries", "refused",
        "unkept", "texts", "evaluated", "outer",
    )  # fmt: skip

    def __init__(self, digest: bytes = b"") -> None:
        self.digest = digest
        self.tag = digest.hex()[:8]
        self.readonly = True
        self.units: list[Unit] = []
        self.summaries: dict[tuple[str, int], Any] = {}
        self.decoded: dict[int, bytes] = {}
        self.variants: dict[tuple[int, str], bytes] = {}
        self.fresh: dict[tuple[int, str], list[tuple[Answers, Any]]] = {}  # outcomes of this run
        self.read_summaries = 0
        self.refused = ""  # why the file that was there was not used
        self.unkept = ""  # why it was not written
        self.texts: dict[bytes, bytes] = {}
        self.evaluated: dict[bytes, Image] = {}  # in this run
        self.outer: Image | None = None  # of an evaluated text: the file's

    def read(self) -> None:
        """Take over what an earlier run left, if anything."""
        payload, self.refused = hostcode.read(self.file_name(), version_key(self.digest))
        if payload:
            try:
                self.summaries, self.decoded, self.variants, self.texts = loads(payload)
            except UNMARSHALLABLE:
                self.refused = hostcode.DAMAGED
            self.read_summaries = len(self.summaries)

    def of_text(self, key: str) -> Image:
        """Return the image of an evaluated text; `key` is the text and all that its compilation depends on."""
        if self.outer is not None:  # of a text that evaluates texts
            return self.outer.of_text(self.tag + key)
        digest = blake2b(key.encode("utf-8", "surrogatepass"), 16)
        found = self.evaluated.get(digest)
        if found is None:
            found = Image()
            found.outer = self
            found.tag = f"{self.tag}e{digest.hex()[:8]}"
            found.readonly = False
            packed = self.texts.get(digest)
            if packed is not None:
                found.summaries, found.decoded, found.variants = loads(packed)
                found.read_summaries = len(found.summaries)
            if not self.readonly:
                self.evaluated[digest] = found
        return found

    def file_name(self) -> str:
        return hostcode.file_name(self.digest, host())

    def decoded_code(self, index: int) -> Any:
        """Return the row of a function that an earlier run decoded, else None."""
        packed = self.decoded.get(index)
        return None if packed is None else loads(packed)

    def outcomes(self, index: int, place: str) -> list[tuple[Answers, bytes]]:
        """Return what earlier runs made of a function in a place, and of which answers."""
        packed = self.variants.get((index, place))
        return [] if packed is None else loads(packed)

    def keep(self, index: int, place: str, answers: dict[tuple[Any, ...], Any], outcome: Any) -> None:
        """Note what the translator made of a function."""
        if not self.readonly:
            found = self.fresh.setdefault((index, place), [])
            if len(found) < MAX_VARIANTS:
                found.append((tuple(answers.items()), outcome))

    def save(self) -> None:
        """Write what this run added, together with what is in the file by now."""
        if self.readonly or not (self.has_news() or any(image.has_news() for image in self.evaluated.values())):
            return
        now = Image(self.digest)
        now.read()  # another process may have written it since
        self.add_to(now)
        for digest, image in self.evaluated.items():
            if image.has_news():
                image.add_to(image)
                now.texts.pop(digest, None)
                now.texts[digest] = dumps((image.summaries, image.decoded, image.variants))
        for digest in list(now.texts)[:-MAX_TEXTS]:
            del now.texts[digest]
        payload = dumps((now.summaries, now.decoded, now.variants, now.texts))
        self.unkept = hostcode.write(self.file_name(), version_key(self.digest), payload)
        self.decoded, self.variants, self.read_summaries = now.decoded, now.variants, len(self.summaries)
        self.fresh.clear()

    def has_news(self) -> bool:
        """Return whether this run added something."""
        return bool(self.fresh or len(self.summaries) > self.read_summaries or self._new_decoded())

    def add_to(self, now: Image) -> None:
        """Add what is new to an image."""
        now.summaries.update(self.summaries)
        now.decoded.update(self._new_decoded())
        for (index, place), found in self.fresh.items():
            rows = [(answers, dumps(outcome)) for answers, outcome in found]
            known = {answers for answers, _ in rows}
            rows += [row for row in now.outcomes(index, place) if row[0] not in known]
            now.variants.pop((index, place), None)  # it goes to the end: the first are the oldest
            now.variants[index, place] = dumps(rows[:MAX_VARIANTS])
        now.drop_places()

    def drop_places(self) -> None:
        """Keep the number of places in bounds: programs may call their classes otherwise in each run."""
        places: dict[int, list[str]] = {}
        for index, place in self.variants:
            places.setdefault(index, []).append(place)
        for index, labels in places.items():
            for place in labels[:-MAX_PLACES]:
                del self.variants[index, place]

    def _new_decoded(self) -> dict[int, bytes]:
        """Return the functions that the stack engine decoded in this run."""
        found: dict[int, bytes] = {}
        for unit in self.units:
            for code in unit.codes:
                if code is not None and code.instructions is not None and code.function.index not in self.decoded:
                    try:
                        found[code.function.index] = dumps(code.row())
                    except UNMARSHALLABLE:
                        continue
        return found


# --- the images of a process ----------------------------------------------------------------------------------------

IMAGES: dict[bytes, Image] = {}


def image_of(digest: bytes, read: bool, readonly: bool) -> Image:
    """Return the image of the artifact with this BLAKE2b-256 digest; with an empty one, a new image."""
    image = IMAGES.get(digest)
    if image is None:
        image = Image(digest)
        if digest:
            IMAGES[digest] = image
            if read:
                image.read()
            image.readonly = readonly
            hooks.finish = save_all
    return image


def save_all() -> None:
    """Write the images to which this run added something. Nothing that goes wrong here is the program's concern."""
    for image in IMAGES.values():
        try:
            image.save()
        except (*UNMARSHALLABLE, OSError, KeyboardInterrupt) as failure:
            image.unkept = str(failure)


def host() -> str:
    """Return the name of this Python, as in the names of its own cached files."""
    return f"{sys.implementation.cache_tag}{'-o' + str(sys.flags.optimize) if sys.flags.optimize else ''}"


_VERSION: list[bytes] = []
# What decides about the text of translations and the rows of decoded functions, below toolchain/.
_FOLDERS = (("engines", "host"), ("engines", "stack"))
_FILES = (("engines", "image.py"), ("runtime", "core", "index.py"))


def version_key(digest: bytes) -> bytes:
    """Return the key of an artifact's file: the artifact, this toolchain and this Python."""
    if not _VERSION:
        # importlib.util, which offers the same, takes 2 ms to import.
        from _frozen_importlib_external import MAGIC_NUMBER

        text = f"{toolchain_version()} {host()} {MAGIC_NUMBER.hex()} {sys.version}\0{source_state()}"
        _VERSION.append(text.encode())
    return blake2b(digest + _VERSION[0], hostcode.KEY_SIZE)


def source_state() -> str:
    """Return sizes and dates of the sources that make host code: a change there makes it stale without a release."""
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    rows = []
    try:
        for parts in _FOLDERS:
            with os.scandir(os.path.join(top, *parts)) as entries:
                for entry in entries:
                    if entry.name.endswith(".py"):
                        status = entry.stat()
                        rows.append(f"{entry.name} {status.st_size} {status.st_mtime_ns}")
        for file in _FILES:
            status = os.stat(os.path.join(top, *file))
            rows.append(f"{file[-1]} {status.st_size} {status.st_mtime_ns}")
    except OSError:  # sources are not where they were compiled: a zip archive, an installation without them
        return ""
    return "\n".join(sorted(rows))
