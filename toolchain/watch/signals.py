"""When to look at the watched folders: file system events, or a clock where there are none."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_WAIT = 1.6  # seconds that a stream of events may put off a build


class Signals(FileSystemEventHandler):
    """Turns a burst of events into one signal: `wait` returns when it has been quiet for `quiet` seconds.

    `poll` is the interval in seconds of looking without events, 0 to use the event system. Where that gives out
    (no inotify watches left, a network file system), `say` is told once and looking goes on by the clock.
    """

    def __init__(self, paths: Sequence[str], quiet: float, poll: float, say: Callable[[str], None]) -> None:
        self.quiet = quiet
        self.poll = poll
        self.event = threading.Event()
        self.stopped = False
        self.observer: Any = None
        if not poll:
            self.start_observer(paths, say)

    def start_observer(self, paths: Sequence[str], say: Callable[[str], None]) -> None:
        from watchdog.observers import Observer

        observer = Observer()
        try:
            for folder in sorted({path if os.path.isdir(path) else os.path.dirname(path) or "." for path in paths}):
                observer.schedule(self, folder, recursive=os.path.isdir(folder))
            observer.start()
        except OSError as failure:
            self.poll = 1.0
            say(f"no file events ({failure.strerror or failure}): looking every second")
            return
        self.observer = observer

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("opened", "closed_no_write"):
            return
        if "__mxcache__" in os.fsdecode(event.src_path):
            return
        self.event.set()

    def stop(self) -> None:
        """Make `wait` return False, now and from now on."""
        self.stopped = True
        self.event.set()

    def wait(self) -> bool:
        """Wait for something to look at; False when stopped."""
        if self.poll:
            self.event.wait(self.poll)
            self.event.clear()
            return not self.stopped
        self.event.wait()
        deadline = time.monotonic() + MAX_WAIT
        while not self.stopped and time.monotonic() < deadline:
            self.event.clear()
            if not self.event.wait(self.quiet):
                break
        self.event.clear()
        return not self.stopped

    def close(self) -> None:
        """Stop the event system."""
        if self.observer is not None:
            self.observer.stop()
            self.observer.join()
