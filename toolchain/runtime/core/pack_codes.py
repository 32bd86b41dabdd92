"""The text encodings of pack and unpack: base64 (m), quoted-printable (M), uuencode (u)."""

from __future__ import annotations

import binascii

from ..errors import error


def base64(data: bytes, count: int) -> bytes:
    """Encode in lines of `count` bytes (to a multiple of 3); 0: in one line without line feeds."""
    if count == 0:
        return binascii.b2a_base64(data, newline=False)
    width = 45 if count <= 2 else count // 3 * 3
    lines = [data[at : at + width] for at in range(0, len(data), width)]
    return b"".join([binascii.b2a_base64(line) for line in lines])


BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def decode_base64(data: bytes, strict: bool) -> bytes:
    if strict:
        body = data.rstrip(b"=")
        if len(data) % 4 or len(data) - len(body) > 2 or not BASE64.issuperset(body):
            raise error("ArgumentError", "invalid base64")
        return binascii.a2b_base64(data)
    kept = bytearray()
    for byte in data:
        if byte in BASE64:
            kept.append(byte)
        elif byte == 61 and len(kept) % 4 >= 2:
            break
    if len(kept) % 4 == 1:
        del kept[-1:]
    return binascii.a2b_base64(bytes(kept) + b"=" * (-len(kept) % 4))


def quoted_printable(data: bytes, width: int) -> bytes:
    """Encode with soft line breaks behind `width` characters."""
    result = bytearray()
    column = 0
    limit = 72 if width <= 1 else width
    for index, byte in enumerate(data):
        if byte > 126 or byte < 32 and byte not in (9, 10) or byte == 61:
            result += b"=%02X" % byte
            column += 3
        elif byte == 10:
            if index and data[index - 1] in (9, 32):
                result += b"=\n"
            result.append(10)
            column = 0
            continue
        else:
            result.append(byte)
            column += 1
        if column > limit:
            result += b"=\n"
            column = 0
    if column > 0:
        result += b"=\n"
    return bytes(result)


def decode_quoted_printable(data: bytes) -> bytes:
    result = bytearray()
    at = 0
    while at < len(data):
        if data[at] != 61:
            result.append(data[at])
            at += 1
        elif data[at + 1 : at + 2] == b"\n":
            at += 2
        elif data[at + 1 : at + 3] == b"\r\n":
            at += 3
        else:
            digits = data[at + 1 : at + 3]
            try:
                result.append(int(digits, 16) if len(digits) == 2 else 256)
            except ValueError:
                result += data[at:]
                break
            at += 3
    return bytes(result)


def uuencode(data: bytes, count: int) -> bytes:
    width = 45 if count <= 2 else min(count // 3 * 3, 63)
    lines = [data[at : at + width] for at in range(0, len(data), width)]
    return b"".join([uu_line(line) for line in lines])


def uu_line(line: bytes) -> bytes:
    parts = bytearray([32 + len(line)])
    padded = line + bytes(-len(line) % 3)
    for at in range(0, len(padded), 3):
        group = int.from_bytes(padded[at : at + 3], "big")
        for shift in (18, 12, 6, 0):
            parts.append((group >> shift & 63) + 32 if group >> shift & 63 else 96)
    return bytes(parts) + b"\n"


def decode_uu(data: bytes) -> bytes:
    result = bytearray()
    for line in data.split(b"\n"):
        if not line or not 32 < line[0] < 97:
            break
        size = line[0] - 32 & 63
        out = bytearray()
        for at in range(1, len(line), 4):
            group = 0
            for byte in line[at : at + 4].ljust(4, b"`"):
                group = group << 6 | byte - 32 & 63
            out += group.to_bytes(3, "big")
        result += out[:size]
    return bytes(result)
