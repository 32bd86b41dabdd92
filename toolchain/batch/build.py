"""Bringing artifacts up to date: one file (`build_file`), and many, in parallel where that pays (`build_all`)."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from ...format.errors import EX_CANTCREAT, MetorexError
from ...loader import atomic, cache, verified
from ...loader.freshness import Source
from ...loader.load import build, examine
from ...loader.options import LoadOptions, from_environment
from ..session import compile_text
from ..syntax.errors import SyntaxErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COMPILED, FRESH, STALE, FAILED = "compiled", "fresh", "stale", "failed"

# Starting a worker process costs about as much as compiling this many bytes of source.
WORKER_COST_BYTES = 200_000


class Job(NamedTuple):
    """One source file: its path, the root that its noted path starts from, and where its artifact goes ("" : cache)."""

    path: str
    root: str
    artifact: str


class Result(NamedTuple):
    """What became of a job. `text` is the error of a failed one, the reasons of a compiled or stale one."""

    path: str
    outcome: str
    text: str
    lines: int
    seconds: float
    status: int = 0  # exit status that it means


class BuildOptions:
    """What to build and how; picklable, because workers get it."""

    def __init__(self) -> None:
        self.mode = ""  # "timestamp", "checked-hash", "unchecked-hash"; "" leaves it to the environment
        self.strip = False
        self.force = False
        self.check = False  # write nothing, find out only
        self.sync = False  # wait for the disk: trees for distribution

    def load_options(self, root: str) -> LoadOptions:
        """Return the loader's options for a source below `root`."""
        options = from_environment()
        if self.mode:
            options.mode = ("timestamp", "checked-hash", "unchecked-hash").index(self.mode)
        options.strip = self.strip
        options.root = root
        return options


def output_path(path: str, root: str, folder: str, strip_prefix: str = "", prepend_prefix: str = "") -> str:
    """Return where the artifact of `path` goes in a tree for distribution: under the name that `require` looks for."""
    relative = os.path.relpath(path, strip_prefix or root)
    base, suffix = os.path.splitext(relative)
    if suffix != ".mx" and os.path.exists(os.path.splitext(path)[0] + ".mx"):
        base = relative  # a.mx and a.rb lie side by side
    return os.path.join(folder, prepend_prefix, base + cache.SUFFIX)


def build_file(job: Job, settings: BuildOptions) -> Result:
    """Bring one artifact up to date. Errors of the source or of the disk are results, not exceptions."""
    started = time.perf_counter()

    def result(outcome: str, text: str = "", lines: int = 0, status: int = 0) -> Result:
        return Result(job.path, outcome, text, lines, time.perf_counter() - started, status)

    options = settings.load_options(job.root if job.artifact else os.path.dirname(job.path) or ".")
    try:
        reasons = [] if settings.force else examine(job.path, options, job.artifact)
        if not reasons and not settings.force:
            return result(FRESH)
        text = "forced" if settings.force else "; ".join(map(str, reasons))
        if settings.check:
            return result(STALE, text, status=1)
        begun = time.time_ns()
        source = Source(job.path)
        source.data()
        module, data = build(source, compile_text, options)
        mtime = source.mtime_ns if source.is_young(begun) else None
        if job.artifact:
            os.makedirs(os.path.dirname(job.artifact) or ".", exist_ok=True)
            atomic.write_file(job.artifact, data, sync=settings.sync, mtime_ns=mtime)
        else:
            cache.store(cache.entry_path(job.path, options), data, options, mtime)
        from ...format.digest import blake2b

        verified.mark(blake2b(data))
        return result(COMPILED, text, module.source.count("\n"))
    except SyntaxErrors as failure:
        from ..program import syntax_report

        failure.path = job.path
        return result(FAILED, syntax_report(failure), status=1)
    except MetorexError as failure:
        return result(FAILED, f"metorex: {failure}\n", status=failure.exit_code)
    except OSError as failure:
        text = f"metorex: cannot write the artifact of {job.path}: {failure.strerror}\n"
        return result(FAILED, text, status=EX_CANTCREAT)


def available_cpus() -> int:
    """Return how many CPUs this process may use, by its affinity and its cgroup's quota."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            quota, period = file.read().split()
        if quota != "max":
            count = min(count, max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass
    return max(1, count)


def size_of(job: Job) -> int:
    try:
        return os.stat(job.path).st_size
    except OSError:
        return 0


def build_all(jobs: Iterable[Job], settings: BuildOptions, workers: int = 0) -> Iterator[Result]:
    """Build every job and yield results as they come; `workers` 0 means as many as there are CPUs."""
    todo = list(jobs)
    count = min(workers or available_cpus(), len(todo))
    if count > 1:
        stale = [job for job in todo if settings.force or is_stale(job, settings)]
        fresh = set(todo) - set(stale)
        if sum(map(size_of, stale)) > WORKER_COST_BYTES * 2:
            for job in todo:
                if job in fresh:
                    yield Result(job.path, FRESH, "", 0, 0.0)
            yield from build_parallel(sorted(stale, key=size_of, reverse=True), settings, min(count, len(stale)))
            return
    for job in todo:
        yield build_file(job, settings)


def is_stale(job: Job, settings: BuildOptions) -> bool:
    options = settings.load_options(job.root if job.artifact else os.path.dirname(job.path) or ".")
    try:
        return bool(examine(job.path, options, job.artifact))
    except MetorexError:
        return True


def build_parallel(jobs: list[Job], settings: BuildOptions, count: int) -> Iterator[Result]:
    """Build in `count` worker processes, the biggest files first."""
    from concurrent.futures import ProcessPoolExecutor, as_completed

    with ProcessPoolExecutor(count) as pool:
        futures = [pool.submit(build_file, job, settings) for job in jobs]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
