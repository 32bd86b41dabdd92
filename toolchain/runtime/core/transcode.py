"""String#encode: conversion between encodings, and the options that say what to do about characters that are lost."""

from __future__ import annotations

from ..dispatch import respond_to, send
from ..errors import error
from ..hashing import hash_get
from ..values import Hash, String, Symbol, is_true
from .encoding import DEFAULTS, KEYS, Encoding, codec_of, ruby_name
from .text import as_string, decode, host_of, is_escape, like, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..errors import Raised
    from ..values import Value

XML_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
XML_ATTRIBUTE = {**XML_TEXT, '"': "&quot;"}
# Encodings in which bytes above 127 can be no character at all; in the others they are characters without a meaning.
MULTIBYTE = ("UTF-8", "US-ASCII", "EUC-JP", "EUC-KR", "Shift_JIS", "Windows-31J", "Big5", "GBK", "GB18030")
UNICODE = ("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE")


class Lost:
    """What happens to characters that the target lacks, and to bytes that are none in the source."""

    __slots__ = ("invalid", "undefined", "replacement", "fallback", "xml")

    def __init__(self, options: dict[str, Any]) -> None:
        self.invalid = option_name(options, "invalid") == "replace"
        self.undefined = option_name(options, "undef") == "replace"
        replacement = options.get("replace")
        self.replacement = None if replacement is None else as_string(replacement).s
        self.fallback = options.get("fallback")
        self.xml = option_name(options, "xml")


def option_name(options: dict[str, Any], name: str) -> str:
    value = options.get(name)
    return value.name if value.__class__ is Symbol else ""


def encoding_name(value: Value) -> str:
    """Return the name for an encoding argument, as given."""
    return value.key if isinstance(value, Encoding) else as_string(value).s


def transcode(self: String, encodings: tuple[Any, ...], options: dict[str, Any]) -> String:
    """Return the text in the encoding `encodings[0]`, its bytes read as `encodings[1]` if that is given."""
    if len(encodings) > 2:
        from ..errors import arity_error

        raise arity_error(len(encodings), 0, 2)
    default = DEFAULTS["internal"]
    wanted = encoding_name(encodings[0]) if encodings else default or self.encoding
    given = encoding_name(encodings[1]) if len(encodings) > 1 else self.encoding
    target, source = KEYS.get(wanted.lower()), KEYS.get(given.lower())
    if target is None or source is None:
        raise error(
            "Encoding::ConverterNotFoundError",
            f"code converter not found ({ruby_name(source) if source else given} to"
            f" {ruby_name(target) if target else wanted})",
        )
    lost = Lost(options)
    text = self.s if source == self.encoding else decode(text_bytes(self), source)
    if source in ("UTF-16", "UTF-32") and text.startswith("\ufeff"):
        text = text[1:]
    if target == source and not (lost.invalid or lost.xml or newline_options(options)):
        return like(self, self.s) if target == self.encoding else host_of(target)(text)
    if lost.xml or not text.isascii() or target not in ("UTF-8", "US-ASCII", "BINARY"):
        text = convert(text, source, target, lost)
    text = decorate(text, options, lost)
    if target == "UTF-16" or target == "UTF-32":
        text = "\ufeff" + text
    return host_of(target)(text)


def newline_options(options: dict[str, Any]) -> bool:
    names = ("universal_newline", "crlf_newline", "cr_newline", "lf_newline", "newline")
    return any(is_true(options.get(name)) for name in names)


def decorate(text: str, options: dict[str, Any], lost: Lost) -> str:
    """Apply the options for newlines and XML."""
    newline = option_name(options, "newline")
    universal = is_true(options.get("universal_newline")) or is_true(options.get("lf_newline"))
    if universal or newline in ("universal", "lf"):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    elif is_true(options.get("crlf_newline")) or newline == "crlf":
        text = text.replace("\n", "\r\n")
    elif is_true(options.get("cr_newline")) or newline == "cr":
        text = text.replace("\n", "\r")
    if lost.xml == "attr":
        return '"' + text + '"'
    return text


def convert(text: str, source: str, target: str, lost: Lost) -> str:
    """Return the characters as the target's strings hold them. UndefinedConversionError and the like of the guest."""
    codec = codec_of(target)
    fill = lost.replacement
    if fill is None:
        fill = "\ufffd" if target in UNICODE else "?"
    if lost.invalid and source == "UTF-8":
        from .string_encoding import scrubbed

        text = scrubbed(String(text), None, String(fill))
    parts = []
    for char in text:
        if lost.xml and char in XML_ATTRIBUTE:
            parts.append((XML_ATTRIBUTE if lost.xml == "attr" else XML_TEXT).get(char, char))
        elif char <= "\x7f":
            parts.append(char)
        elif is_escape(char) and source in MULTIBYTE:
            if not lost.invalid:
                raise invalid_bytes(text, source)
            parts.append(fill)
        elif source != "BINARY" and can_encode(char, codec if target != "BINARY" else "ascii"):
            parts.append(char)
        else:
            parts.append(substitute(char, source, target, lost, fill))
    return "".join(parts)


def can_encode(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def substitute(char: str, source: str, target: str, lost: Lost, fill: str) -> str:
    """Return what stands for a character that the target lacks."""
    if lost.fallback is not None:
        key = like(host_of(source)(""), char)
        if isinstance(lost.fallback, Hash):
            new = hash_get(lost.fallback, key)
            if new is None and lost.fallback.default_proc is not None:
                new = send(lost.fallback, ":[]", None, key)
        elif respond_to(lost.fallback, "call"):
            new = send(lost.fallback, ":call", None, key)
        else:
            new = send(lost.fallback, ":[]", None, key)
        if new is not None:
            return as_string(new).s
    if lost.xml:
        return f"&#x{ord(char):X};"
    if lost.undefined:
        return fill
    raise undefined(char, source, target)


def undefined(char: str, source: str, target: str) -> Raised:
    """Return UndefinedConversionError. Conversions go by UTF-8, which the message tells."""
    names = ruby_name(source), ruby_name(target)
    if source == "BINARY":
        text = f'"\\x{ord(char):02X}" from {names[0]} to {names[1]}'
    elif is_escape(char):
        text = f'"\\x{ord(char) - 0xDC00:02X}" to UTF-8 in conversion from {names[0]} to UTF-8'
    elif source == "UTF-8":
        text = f"U+{ord(char):04X} from {names[0]} to {names[1]}"
    else:
        text = f"U+{ord(char):04X} to {names[1]} in conversion from {names[0]} to UTF-8 to {names[1]}"
    return error("Encoding::UndefinedConversionError", text)


def invalid_bytes(text: str, source: str) -> Raised:
    """Return InvalidByteSequenceError for the first bytes of `text` that are no character."""
    data = text_bytes(host_of(source)(text))
    try:
        data.decode(codec_of(source))
    except UnicodeDecodeError as exc:
        bad = shown(data[exc.start : exc.end])
        if source == "UTF-8" and exc.reason == "unexpected end of data":
            detail = f"incomplete {bad}"
        elif source == "UTF-8" and exc.reason == "invalid continuation byte":
            detail = f"{bad} followed by {shown(data[exc.end : exc.end + 1])}"
        else:
            detail = bad
        return error("Encoding::InvalidByteSequenceError", f"{detail} on {source}")
    return error("Encoding::InvalidByteSequenceError", f"invalid bytes on {source}")


def shown(data: bytes) -> str:
    from .string_inspect import quoted

    return quoted(host_of("BINARY")(data.decode("latin-1")))
