"""From a path to a verified module.

    source path ── entry of the cache fresh? ── yes ── marked as verified? ── yes ──> module, decoded as it is used
                        │                                   └ no: content hash, decode, verify, mark ──> module
                        └ no: compile, verify, store, mark ──> module
    .mxc path ── the same from "marked as verified?" on, without a look at any source

The compiler is a callable that the caller passes in: (source text, relative path) -> Module. This file imports next to
nothing on the way of a warm run; what is only needed to compile, verify or report is imported there.
"""

from __future__ import annotations

import os
import time

from ..format.digest import blake2b
from ..format.errors import FormatError
from ..format.header import Header, read_header
from ..format.reader import LazyModule, read_module
from . import cache, userdir, verified
from .freshness import Reason, Source, judge_header, judge_module, judge_source
from .options import LoadOptions, from_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..format.chunk import Module
    from .errors import LoadError

    Compile = Callable[[str, str], Module]

# Where a module came from.
FROM_CACHE, COMPILED, FROM_ARTIFACT = "cache", "compiled", "artifact"


class Loaded:
    """A module that may run.

    `origin` is FROM_CACHE, COMPILED or FROM_ARTIFACT; `reasons` say why a source was compiled; `source_path` is the
    source ("" for an artifact alone), `artifact_path` the file read or written ("" for none), `store_error` why it was
    not written. `digest` is the BLAKE2b-256 of the artifact's bytes (b"" without one): the key for whatever else is
    kept about these very bytes, such as host code.
    """

    __slots__ = ("module", "origin", "reasons", "source_path", "artifact_path", "store_error", "digest")

    def __init__(self, module: Module, origin: str, source_path: str, artifact_path: str, digest: bytes) -> None:
        self.module = module
        self.origin = origin
        self.reasons: list[Reason] = []
        self.source_path = source_path
        self.artifact_path = artifact_path
        self.store_error = ""
        self.digest = digest


def load_path(path: str, compile_source: Compile, options: LoadOptions | None = None) -> Loaded:
    """Return the module of a source or an artifact.

    Raises LoadError (with `exit_code`) for a file that cannot be loaded, and whatever the compiler raises.
    """
    if options is None:
        options = from_environment()
    if path.endswith(cache.SUFFIX):
        return _load_artifact(path, compile_source, options)
    try:
        source = Source(path)
    except OSError as error:
        raise _no_input(path, error) from None
    entry = cache.entry_path(path, options)
    reasons: list[Reason] = []
    if not options.cache:
        reasons.append(Reason("no-cache"))
    elif options.force:
        reasons.append(Reason("forced"))
    else:
        loaded = _load_entry(entry, source, options, reasons)
        if loaded is not None:
            userdir.count("hits")
            return loaded
        userdir.count("misses")
    return _compile(source, entry if options.cache and not options.readonly else "", compile_source, options, reasons)


def load_text(text: str, path: str, compile_source: Compile, options: LoadOptions | None = None) -> Loaded:
    """Return the module of a source that is no file: `-e`, standard input."""
    module = compile_source(text, path)
    _verify_compiled(module, path, options or LoadOptions())
    return Loaded(module, COMPILED, path, "", b"")


def relative_path(path: str, options: LoadOptions) -> str:
    """Return the path that an artifact keeps of its source: relative to the root, with slashes on every host."""
    name = os.path.basename(path) if options.root is None else os.path.relpath(path, options.root)
    return name.replace(os.sep, "/")


def examine(path: str, options: LoadOptions, artifact: str = "") -> list[Reason]:
    """Return why the artifact of a source is not fresh; nothing is compiled or written.

    `artifact` is where the artifact lies if not in the cache. Raises LoadError if there is no such source.
    """
    reasons: list[Reason] = []
    try:
        source = Source(path)
    except OSError as error:
        raise _no_input(path, error) from None
    found = _fresh_entry(artifact or cache.entry_path(path, options), source, options, reasons)
    if found is not None:
        from ..format.header import check_content_hash

        try:
            check_content_hash(found[0], found[1])
        except FormatError as error:
            reasons.append(Reason("damaged", str(error)))
    return reasons


def build(source: Source, compile_source: Compile, options: LoadOptions) -> tuple[Module, bytes]:
    """Compile and verify a source; returns its module and the bytes of its artifact."""
    from ..format.writer import write_module

    data = source.data()
    path = relative_path(source.path, options)
    module = compile_source(data.decode("utf-8", "surrogateescape"), path)
    module.path = path
    _verify_compiled(module, source.path, options)
    artifact = write_module(
        module,
        invalidation_mode=options.mode,
        source_mtime_ns=source.mtime_ns if options.mode == 0 else 0,
        source_size=source.size,
        source_hash=source.hash(),
        producer_digest=options.producer(),
        strip=options.strip,
    )
    return module, artifact


def _no_input(path: str, error: OSError) -> LoadError:
    from .errors import NoInputError

    return NoInputError(path, error.strerror or str(error))


def _verify_compiled(module: Module, path: str, options: LoadOptions) -> None:
    if not options.verify:
        return
    from ..verifier.verify import verify

    findings = verify(module)
    if findings:
        from .errors import CompilerFault

        raise CompilerFault(path, "\n".join(["the compiler made code that must not run", *map(str, findings)]))


def _compile(
    source: Source, entry: str, compile_source: Compile, options: LoadOptions, reasons: list[Reason]
) -> Loaded:
    """Compile a source and keep the artifact as `entry`, if that is not ""; failing to keep it is no error."""
    begun = time.time_ns()
    try:
        source.data()
    except OSError as error:
        raise _no_input(source.path, error) from None
    module, data = build(source, compile_source, options)
    loaded = Loaded(module, COMPILED, source.path, entry, blake2b(data))
    loaded.reasons = reasons
    if entry:
        # A source so new that it may change within its tick gives its time to the entry too: see `Source.is_young`.
        mtime = source.mtime_ns if source.is_young(begun) else None
        try:
            cache.store(entry, data, options, mtime)
        except OSError as error:
            loaded.store_error = str(error)
            loaded.artifact_path = ""
        else:
            if options.verify:
                verified.mark(loaded.digest)
    return loaded


def _load_entry(entry: str, source: Source, options: LoadOptions, reasons: list[Reason]) -> Loaded | None:
    """Return the module of a cache entry if it is fresh and sound; else None, and `reasons` say why."""
    found = _fresh_entry(entry, source, options, reasons)
    if found is None:
        return None
    data, header, module, written = found
    digest = blake2b(data)
    known = verified.is_marked(digest)
    if not known:
        reasons.extend(_unsound(data, header, module, options))
        if reasons:
            return None
        if options.verify and not options.readonly:
            verified.mark(digest)
    loaded = Loaded(module, FROM_CACHE, source.path, entry, digest)
    if source.was_read() and not options.readonly:
        _refresh(loaded, data, header, source, written, options)
    return loaded


def _fresh_entry(
    entry: str, source: Source, options: LoadOptions, reasons: list[Reason]
) -> tuple[bytes, Header, LazyModule, int] | None:
    """Return an entry's bytes, header, module and time if it is fresh; else None, and `reasons` say why."""
    try:
        with open(entry, "rb") as file:
            status = os.fstat(file.fileno())
            data = file.read()
    except FileNotFoundError:
        reasons.append(Reason("missing"))
        return None
    except (OSError, ValueError) as error:
        reasons.append(Reason("unreadable", str(error)))
        return None
    if not _is_own(status, source.path):
        reasons.append(Reason("owner"))
        return None
    try:
        header = read_header(data)
        reasons.extend(judge_header(header, options))
        reasons.extend(judge_source(header, source, status.st_mtime_ns, options))
        module = read_module(data)
        reasons.extend(judge_module(module, relative_path(source.path, options), os.path.dirname(source.path)))
    except FormatError as error:
        reasons.append(Reason("version" if error.offset == 8 and error.section == "header" else "damaged", str(error)))
    except OSError as error:  # the source
        raise _no_input(source.path, error) from None
    return None if reasons else (data, header, module, status.st_mtime_ns)


def _is_own(status: os.stat_result, source: str) -> bool:
    """Tell whether an entry was written by us, by root, or by whoever owns the source and so commands us anyway."""
    if not hasattr(os, "geteuid") or status.st_uid in (os.geteuid(), 0):
        return True
    return status.st_uid == os.stat(source).st_uid


def _unsound(data: bytes, header: Header, module: LazyModule, options: LoadOptions) -> list[Reason]:
    """Check everything about an artifact that its source does not matter for; returns what is wrong."""
    from ..format.header import check_content_hash
    from ..format.reader import decode_all

    try:
        check_content_hash(data, header)
        decode_all(module)
    except FormatError as error:
        return [Reason("damaged", str(error))]
    if options.verify:
        from ..verifier.verify import verify

        return [Reason("rejected", str(finding)) for finding in verify(module)]
    return []


def _refresh(loaded: Loaded, data: bytes, header: Header, source: Source, written: int, options: LoadOptions) -> None:
    """Date an entry anew whose source had to be read to find it fresh, so that the next run need not."""
    now = time.time_ns()
    try:
        if header.mode == 0 and header.source_mtime_ns != source.mtime_ns:
            from ..format.writer import redate

            data = redate(data, source.mtime_ns)
            cache.store(loaded.artifact_path, data, options, source.mtime_ns if source.is_young(now) else None)
            known = verified.is_marked(loaded.digest)
            loaded.digest = blake2b(data)
            if known:
                verified.mark(loaded.digest)
        elif source.is_young(written) and not source.is_young(now):
            os.utime(loaded.artifact_path, ns=(now, now))
    except OSError as error:
        loaded.store_error = str(error)


def _load_artifact(path: str, compile_source: Compile, options: LoadOptions) -> Loaded:
    """Load an artifact that a user placed: without its source, unless it is damaged and the source lies beside it."""
    from .errors import LoadError

    if not options.allow_artifacts:
        raise LoadError(path, "artifacts are not allowed here", "Run the source instead.")
    if cache.is_entry(path, options):
        raise LoadError(
            path, "this is an entry of the cache, which does not run without its source",
            "Run the source; `metorex compile -o DIR` makes artifacts to give away.",
        )  # fmt: skip
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise _no_input(path, error) from None
    reasons: list[Reason] = []
    digest = blake2b(data)
    try:
        header = read_header(data)
        module = read_module(data)
        if not verified.is_marked(digest):
            reasons = _unsound(data, header, module, options)
            if not reasons and options.verify and not options.readonly:
                verified.mark(digest)
    except FormatError as error:
        reasons = [Reason("version" if error.offset == 8 and error.section == "header" else "damaged", str(error))]
    if not reasons:
        return Loaded(module, FROM_ARTIFACT, "", path, digest)
    beside = _source_beside(path)
    if not beside:
        raise LoadError(
            path, "\n".join(map(str, reasons)), "Compile it again from its source: metorex compile -o DIR SOURCE"
        )
    target = path if options.cache and not options.readonly else ""
    return _compile(Source(beside), target, compile_source, options, reasons)


def _source_beside(path: str) -> str:
    """Return the source of an artifact if it lies in the same folder, else ""."""
    for suffix in cache.SOURCE_SUFFIXES:
        source = path[: -len(cache.SUFFIX)] + suffix
        if os.path.isfile(source):
            return source
    return ""
