"""The native of the library digest: hashing by the host."""

from __future__ import annotations

import hashlib

from ..convert import as_str
from ..library import library_class
from ..values import BinaryString, String
from .text import text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..values import Block, Value

digest = library_class("Digest")


@digest.singleton("__digest")
def hashed(self: Value, blk: Block, name: Value, data: Value) -> Value:
    """Return the bytes of the hash that `name` says."""
    text = data if isinstance(data, String) else String(as_str(data))
    return BinaryString(hashlib.new(as_str(name), text_bytes(text)).digest().decode("latin-1"))
