"""What the text between quotes means: escape sequences of strings, and what a regexp literal keeps."""

from __future__ import annotations

import re

_CONTROLLED = r"((?:C-|c|M-)(?:\\(?:C-|c|M-))*(?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|.)|.))"
_CONTROL_ESCAPE = r"\\" + _CONTROLLED
_ESCAPE = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u\{([^}]*)\}|u([0-9a-fA-F]{4})|" + _CONTROLLED + r"|(\r?\n)|(.))",
    re.DOTALL,
)
_NAMED = {"n": "\n", "t": "\t", "s": " ", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_REGEXP_META = frozenset("$*+.?^|)]}>([{<\\-#")
_REGEXP_ESCAPE = re.compile(_CONTROL_ESCAPE + r"|\\(.)", re.DOTALL)
_SINGLE_QUOTED = re.compile(r"\\(.)", re.DOTALL)


class EscapeError(ValueError):
    """A malformed escape; `offset` counts characters from the start of the text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def unescape(text: str) -> str:
    """Return the value of double-quoted `text`. Bytes that make no UTF-8 become surrogates. Raises EscapeError."""
    has_bytes = False

    def replace(m: re.Match[str]) -> str:
        nonlocal has_bytes
        octal, hexadecimal, points, point, control, newline, char = m.groups()
        if char is not None:
            if char in _NAMED:
                return _NAMED[char]
            if char == "x":
                raise EscapeError("invalid hex escape", m.start())
            if char == "u":
                raise EscapeError("invalid Unicode escape", m.start())
            if char in "cCM":
                raise EscapeError("Invalid escape character syntax", m.start())
            return char
        if newline is not None:
            return ""
        if points is not None:
            try:
                return "".join(_character(int(item, 16)) for item in points.split())
            except ValueError as error:
                raise EscapeError(str(error) if "codepoint" in str(error) else "invalid Unicode escape", m.start())
        if point is not None:
            try:
                return _character(int(point, 16))
            except ValueError as error:
                raise EscapeError(str(error), m.start())
        if octal is not None:
            byte = int(octal, 8) & 0xFF
        elif hexadecimal is not None:
            byte = int(hexadecimal, 16)
        else:
            byte = _control(control, m.start())
        if byte < 0x80:
            return chr(byte)
        has_bytes = True
        return chr(0xDC00 + byte)

    value = _ESCAPE.sub(replace, text)
    if has_bytes:  # bytes written one by one may make up characters
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return value


def _character(code: int) -> str:
    if code > 0x10FFFF:
        raise ValueError("invalid Unicode codepoint (too large)")
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError("invalid Unicode codepoint")
    return chr(code)


def _control(text: str, offset: int) -> int:
    """Return the byte of `C-x`, `M-\\C-x`, …"""
    control = meta = False
    while True:
        if text.startswith(("C-", "M-")):
            control, meta = control or text[0] == "C", meta or text[0] == "M"
            text = text[2:]
        elif text.startswith("c") and len(text) > 1:
            control = True
            text = text[1:]
        else:
            break
        if text.startswith(("\\C-", "\\M-", "\\c")):
            text = text[1:]
        else:
            break
    value = unescape(text) if text.startswith("\\") else text
    byte = ord(value) & 0xFF if len(value) == 1 else -1
    if byte < 0 or (ord(value) > 0xFF and not 0xDC80 <= ord(value) <= 0xDCFF):
        raise EscapeError("Invalid escape character syntax", offset)
    if control:
        byte = 0x7F if value == "?" else byte & 0x9F
    return byte | 0x80 if meta else byte


def unescape_single(text: str, opener: str, closer: str) -> str:
    """Return the value of single-quoted `text`: only the backslash and the delimiters can be escaped."""
    known = {"\\", opener, closer}
    return _SINGLE_QUOTED.sub(lambda m: m[1] if m[1] in known else m[0], text)


def regexp_text(text: str, opener: str, closer: str) -> str:
    """Return the pattern written as `text`: escapes stay, but for escaped delimiters, line ends and `\\C-x`."""
    known = {closer, opener} - _REGEXP_META

    def replace(m: re.Match[str]) -> str:
        if m[1] is not None:
            try:
                return f"\\x{_control(m[1], m.start()):02X}"
            except EscapeError:
                return m[0]
        return m[2] if m[2] in known else "" if m[2] == "\n" else m[0]

    return _REGEXP_ESCAPE.sub(replace, text)
