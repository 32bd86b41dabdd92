"""Which artifacts this toolchain has verified on this machine, so that a warm run does it no more.

A marker is an empty file in a private folder, named by the BLAKE2b-256 of the artifact's bytes and the version of
toolchain and verifier. The hash is collision resistant, so equal names mean equal bytes: a marked artifact needs
neither its content hash checked nor the verifier. Without a trustworthy folder everything is verified every time.
"""

from __future__ import annotations

import os

from ..format.digest import VERIFIER_VERSION, toolchain_version
from . import userdir

FOLDER = "verified"
MAX_MARKERS = 8192


def _name(digest: bytes) -> str:
    return f"{digest.hex()}.{toolchain_version()}.{VERIFIER_VERSION}"


def is_marked(digest: bytes) -> bool:
    """Tell whether the artifact with this BLAKE2b-256 digest has passed before."""
    folder = userdir.folder(FOLDER)
    if not folder:
        return False
    try:
        os.lstat(os.path.join(folder, _name(digest)))
    except OSError:
        return False
    return True


def mark(digest: bytes) -> None:
    """Note that the artifact with this digest has passed. Where that is not possible, nothing happens."""
    folder = userdir.folder(FOLDER, create=True)
    if not folder:
        return
    try:
        os.close(os.open(os.path.join(folder, _name(digest)), os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError:
        return
    if digest[0] == 0:  # one time in 256
        prune(folder)


def prune(folder: str, keep: int = MAX_MARKERS) -> int:
    """Remove the oldest markers beyond `keep`, and return how many those were."""
    ages = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                ages.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.path))
            except OSError:
                continue
    ages.sort()
    removed = 0
    for _, path in ages[: max(0, len(ages) - keep)]:
        try:
            os.unlink(path)
            removed += 1
        except OSError:
            continue
    return removed
