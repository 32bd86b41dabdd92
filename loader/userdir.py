"""The per-user cache folder: for what may be trusted because this user wrote it on this machine.

A folder in it is used only if it is a real directory that the user owns and nobody else may enter; whatever is odd
about it means "there is none", never an error.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTS = "counts"  # a file an event: its length is how often that happened


def base(environ: Mapping[str, str] | None = None) -> str:
    """Return the path of the per-user folder, whether it exists or not; "" if there is no place for one."""
    get = (os.environ if environ is None else environ).get
    cache = get("XDG_CACHE_HOME") or ""
    if not os.path.isabs(cache):
        home = get("HOME") or get("USERPROFILE") or ""
        if not os.path.isabs(home):
            return ""
        cache = os.path.join(home, ".cache")
    return os.path.join(cache, "metorex")


def trusted(path: str) -> bool:
    """Tell whether `path` is a folder of ours that nobody else may enter."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return False
    if status.st_mode & 0o170000 != 0o040000:
        return False
    if not hasattr(os, "geteuid"):  # a host whose folders of a user are private anyway
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o077


def folder(name: str, create: bool = False, environ: Mapping[str, str] | None = None) -> str:
    """Return the path of the private folder `name`, "" if there is none to be trusted."""
    top = base(environ)
    if not top:
        return ""
    path = os.path.join(top, name)
    if trusted(top) and trusted(path):
        return path
    if not create:
        return ""
    try:
        os.makedirs(os.path.dirname(top), mode=0o700, exist_ok=True)
        for part in (top, path):
            try:
                os.mkdir(part, 0o700)
            except FileExistsError:
                pass
    except OSError:
        return ""
    return path if trusted(top) and trusted(path) else ""


def count(event: str) -> None:
    """Count an event, such as a hit or a miss of the cache. Where that is not possible, nothing happens."""
    path = folder(COUNTS, create=event == "misses")  # the first run is a miss
    if path:
        try:
            descriptor = os.open(os.path.join(path, event), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            return
        try:
            os.write(descriptor, b".")
        except OSError:
            pass
        finally:
            os.close(descriptor)
