"""The watch loop: build what changed, drop what is gone, run the program after a good build."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from ...loader import cache
from ..batch.build import COMPILED, FAILED, BuildOptions, Job, Result, build_file
from .snapshot import Changes, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..batch.discover import Sources
    from .signals import Signals


class Watcher:
    """Keeps the artifacts of `sources` fresh. `command` (None: nothing) runs after each good build.

    `say(text, good)` shows a line: `good` is True, False or None for neither.
    """

    def __init__(
        self,
        sources: Sources,
        signals: Signals,
        say: Callable[[str, bool | None], None],
        command: list[str] | None = None,
        settings: BuildOptions | None = None,
    ) -> None:
        self.sources = sources
        self.signals = signals
        self.say = say
        self.command = command
        self.settings = settings or BuildOptions()
        self.broken: set[str] = set()  # sources whose last build failed
        self.child: subprocess.Popen[Any] | None = None

    def loop(self) -> None:
        """Build everything, then what changes, until the signals stop."""
        snapshot = Snapshot(self.sources)
        self.act(Changes(list(snapshot.stamps), []), first=True)
        while self.signals.wait():
            current = Snapshot(self.sources)
            changes = current.since(snapshot)
            snapshot = current
            if changes.changed or changes.removed:
                self.act(changes, first=False)
        self.end_child()

    def act(self, changes: Changes, first: bool) -> None:
        """Bring the artifacts in step with some changes, then run the command if all is well."""
        results = [build_file(Job(path, root, ""), self.settings) for path, root in changes.changed]
        for path, _ in changes.removed:
            self.drop(path)
        compiled = [result for result in results if result.outcome == COMPILED]
        failed = [result for result in results if result.outcome == FAILED]
        repaired = self.broken & {result.path for result in compiled}
        self.broken.difference_update(result.path for result in results)
        self.broken.update(result.path for result in failed)
        for result in failed:
            self.say(result.text.rstrip("\n"), False)
        if first:
            self.say(f"watching {len(results)} files, {len(compiled)} compiled, {len(failed)} failed", None)
        else:
            self.tell(compiled, repaired)
        if self.command is not None and not self.broken and (first or compiled or changes.removed):
            self.run()

    def tell(self, compiled: list[Result], repaired: set[str]) -> None:
        """Say what was compiled, with the time from the save to the fresh artifact."""
        for result in compiled:
            word = "repaired" if result.path in repaired else "compiled"
            self.say(f"{result.path}: {word} {latency_ms(result.path):.0f} ms after the save", True)

    def drop(self, path: str) -> None:
        """Remove the cache entry of a source that is gone."""
        self.broken.discard(path)
        options = self.settings.load_options(os.path.dirname(path) or ".")
        try:
            os.unlink(cache.entry_path(path, options))
        except OSError:
            return  # there was none
        self.say(f"{path}: gone, its artifact was removed", None)

    def run(self) -> None:
        """Run the command and wait for it; changes meanwhile are looked at afterwards."""
        assert self.command is not None
        self.child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        status = self.child.wait()
        self.child = None
        if status:
            self.say(f"{' '.join(self.command[-2:])} ended with status {status}", False)

    def end_child(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()


def latency_ms(path: str) -> float:
    """Return the milliseconds since `path` was saved."""
    try:
        return max(0.0, (time.time_ns() - os.stat(path).st_mtime_ns) / 1e6)
    except OSError:
        return 0.0


def run_command(file: str, arguments: list[str]) -> list[str]:
    """Return the command line that runs a program with this very toolchain."""
    return [sys.executable, "-m", __package__.split(".", 1)[0], "run", file, *arguments]
