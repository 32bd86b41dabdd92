"""What the watched sources look like at a moment, and what differs between two moments.

File events only say when to look; a comparison of snapshots says what happened. So editors may save in whatever way
they like (rename, backup, probe files), and a branch switch is one change.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..batch.discover import Sources

# size, mtime_ns, ctime_ns, inode: a write within the clock's tick that keeps the size still changes one of them, or
# the next look finds the artifact stale by its hash.
Stamp = tuple[int, int, int, int]


class Changes(NamedTuple):
    """Paths with their roots that are new or different, and paths that are gone."""

    changed: list[tuple[str, str]]
    removed: list[tuple[str, str]]


class Snapshot:
    """The stamps of all sources: (path, root) -> Stamp."""

    def __init__(self, sources: Sources) -> None:
        self.stamps: dict[tuple[str, str], Stamp] = {}
        for path, root in sources:
            try:
                status = os.stat(path)
            except OSError:
                continue  # gone since it was listed
            self.stamps[path, root] = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    def since(self, before: Snapshot) -> Changes:
        """Return what changed from `before` to this snapshot."""
        changed = [key for key, stamp in self.stamps.items() if before.stamps.get(key) != stamp]
        removed = [key for key in before.stamps if key not in self.stamps]
        return Changes(changed, removed)
