"""Host code: what an engine keeps of a module from run to run, in a file of the user's private folder.

The file holds Python code objects, which can do whatever the user can, and unmarshalling bytes that `marshal` did not
write may crash Python. So a file counts only if this user wrote it where nobody else could: the folder is private
(userdir.py), the file is a regular one of this user's that nobody else may touch, and its BLAKE2b-256 is right. None of
it ever comes from a package or lies beside a source.

    magic 8 | key 32 | BLAKE2b-256 of magic, key and payload 32 | payload

The name of the file says which artifact and host it is for; the key says the same and which toolchain wrote it. A file
that does not fit is no error: what it would have saved is done anew.
"""

from __future__ import annotations

import os

from ..format.digest import blake2b
from . import userdir

FOLDER = "host"
SUFFIX = ".host"
MAGIC = b"\x8dMXH\r\n\x1a\n"
KEY_SIZE = 32
_DIGEST_AT = len(MAGIC) + KEY_SIZE
_PAYLOAD_AT = _DIGEST_AT + 32
MAX_BYTES = 64 << 20  # of one file
MAX_FOLDER_BYTES = 512 << 20
# Files used since have a younger date than this, so that the least recently used go first.
REDATE_SECONDS = 7 * 24 * 3600
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

FOREIGN, DAMAGED, STALE = "not private to this user", "damaged", "of another version"


def file_name(digest: bytes, host: str) -> str:
    """Return the name of the file for an artifact (BLAKE2b-256 of its bytes) and a host, such as "cpython-311"."""
    return f"{digest.hex()}.{host}{SUFFIX}"


def read(name: str, key: bytes) -> tuple[bytes, str]:
    """Return the payload of a file and ""; b"" and why a file is not used; two times nothing where there is none."""
    folder = userdir.folder(FOLDER)
    if not folder:
        return b"", ""
    try:
        descriptor = os.open(os.path.join(folder, name), _READ)
    except FileNotFoundError:
        return b"", ""
    except OSError:  # a symbolic link, a file that may not be read
        return b"", FOREIGN
    try:
        status = os.fstat(descriptor)
        if not is_private(status):
            return b"", FOREIGN
        if status.st_size > MAX_BYTES:
            return b"", DAMAGED
        with open(descriptor, "rb", closefd=False, buffering=0) as file:
            data = file.read()
    except OSError:
        return b"", DAMAGED
    finally:
        os.close(descriptor)
    if len(data) < _PAYLOAD_AT or data[: len(MAGIC)] != MAGIC:
        return b"", DAMAGED
    payload = data[_PAYLOAD_AT:]
    if data[_DIGEST_AT:_PAYLOAD_AT] != blake2b(data[:_DIGEST_AT] + payload):
        return b"", DAMAGED
    if data[len(MAGIC) : _DIGEST_AT] != key:
        return b"", STALE
    _redate(os.path.join(folder, name), status)
    return payload, ""


def is_private(status: os.stat_result) -> bool:
    """Tell whether an open file is a regular one that this user owns and nobody else may read or write."""
    if status.st_mode & 0o170000 != 0o100000:
        return False
    if not hasattr(os, "geteuid"):  # a host whose folders of a user are private anyway
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o077


def _redate(path: str, status: os.stat_result) -> None:
    """Date a file that is in use, once a week."""
    import time

    if time.time() - status.st_mtime > REDATE_SECONDS:
        try:
            os.utime(path)
        except OSError:
            pass


def write(name: str, key: bytes, payload: bytes) -> str:
    """Write a file, replacing what is there; return "" or why that was not possible."""
    from . import atomic

    if len(payload) + _PAYLOAD_AT > MAX_BYTES:
        return "too large"
    folder = userdir.folder(FOLDER, create=True)
    if not folder:
        return "no private folder"
    head = MAGIC + key
    try:
        atomic.write_file(os.path.join(folder, name), head + blake2b(head + payload) + payload, mode=0o600)
    except OSError as error:
        return error.strerror or str(error)
    if key[0] & 31 == os.getpid() & 31:  # now and then
        prune(folder)
    return ""


def prune(folder: str, max_bytes: int = MAX_FOLDER_BYTES) -> int:
    """Remove the least recently used files of the folder beyond `max_bytes`; return how many those were."""
    files = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                files.append((status.st_mtime_ns, status.st_size, entry.path))
    except OSError:
        return 0
    total = sum(size for _, size, _ in files)
    removed = 0
    for _, size, path in sorted(files):
        if total <= max_bytes:
            break
        try:
            os.unlink(path)
        except OSError:
            continue
        total -= size
        removed += 1
    return removed
