"""Files that appear whole or not at all: written beside their place, then renamed.

`tempfile` would do the first half, at 10 ms of imports.
"""

from __future__ import annotations

import os

TEMPORARY_SUFFIX = ".tmp"
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def write_file(path: str, data: bytes, mode: int = 0o666, sync: bool = False, mtime_ns: int | None = None) -> None:
    """Write `data` as the file `path`, replacing what is there. Raises OSError and leaves no temporary file.

    `mode` is subject to the umask; `sync` waits for the disk; `mtime_ns` dates the file.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.{os.urandom(4).hex()}{TEMPORARY_SUFFIX}")
    descriptor = os.open(temporary, _FLAGS, mode)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if mtime_ns is not None:
            os.utime(temporary, ns=(mtime_ns, mtime_ns))
        os.replace(temporary, path)
    except BaseException:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise
