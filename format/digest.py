"""What made an artifact, in 64 bits: an artifact whose producer digest differs is stale.

Raise CODEGEN_VERSION whenever the same source may compile to other bytes (a fix or an improvement of code generation),
so that old artifacts are compiled again although their format did not change.
"""

from __future__ import annotations

from .layout import FORMAT_MAJOR, FORMAT_MINOR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

CODEGEN_VERSION = 2
# Raise VERIFIER_VERSION whenever the verifier refuses something that it let pass, so that everything is verified again.
VERIFIER_VERSION = 1
# Fingerprint of the instruction table; a test recomputes it (see `reference.py`), as a warm start has no time to.
TABLE_FINGERPRINT = 0xBE09C9A2A2F7D338


def toolchain_version() -> str:
    """Return the version of this toolchain."""
    from .. import __version__

    return __version__


def producer_digest(options: Mapping[str, str] | None = None) -> int:
    """Return the digest of this toolchain with the options that change generated code, by name."""
    text = f"metorex {toolchain_version()} {FORMAT_MAJOR}.{FORMAT_MINOR} {CODEGEN_VERSION} {TABLE_FINGERPRINT:016x}"
    for name, value in sorted((options or {}).items()):
        text += f"\0{name}={value}"
    return int.from_bytes(blake2b(text.encode(), 8), "little")


def blake2b(data: bytes, size: int = 32) -> bytes:
    """Return the BLAKE2b digest of `data`; hashlib, which offers it too, takes ten times as long to import."""
    try:
        from _blake2 import blake2b as implementation
    except ImportError:  # a host that keeps it elsewhere
        from hashlib import blake2b as implementation
    return implementation(data, digest_size=size).digest()


def source_hash(data: bytes) -> bytes:
    """Return the 16 bytes by which a source or dependency is recognised: XXH3-128."""
    import xxhash

    return xxhash.xxh3_128_digest(data)
