"""Reading what a command was given: a source file, an artifact, standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ...format.errors import EX_NOINPUT, MetorexError

if TYPE_CHECKING:
    from ...format.chunk import Module


class NoInput(MetorexError):
    """A file that cannot be read."""

    exit_code = EX_NOINPUT


def read_bytes(path: str) -> bytes:
    """Return the bytes of a file. Raises NoInput."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as failure:
        raise NoInput(f"cannot read {path}: {failure.strerror}")


def read_input(path: str) -> tuple[str, str]:
    """Return (text, path) of a source file, "-" being standard input. Raises NoInput."""
    data = sys.stdin.buffer.read() if path == "-" else read_bytes(path)
    try:
        return data.decode("utf-8-sig"), path
    except UnicodeDecodeError as failure:
        raise NoInput(f"{path} is not UTF-8: byte {failure.start} is {data[failure.start]:#04x}")


def load_module(path: str) -> Module:
    """Return the module in a source file or artifact, not verified. Raises NoInput, FormatError, SyntaxErrors."""
    from ..compiler import compile_source

    if path.endswith(".mxc"):
        from ...format.header import check_content_hash, read_header
        from ...format.reader import decode_all, read_module

        data = read_bytes(path)
        check_content_hash(data, read_header(data))
        module = read_module(data)
        decode_all(module)
        return module
    source, name = read_input(path)
    return compile_source(source, name)
