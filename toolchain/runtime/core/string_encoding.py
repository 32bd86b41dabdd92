"""Encodings and bytes of a String: force_encoding, encode, scrub, byte access, code points, unicode_normalize."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_name
from ..errors import error
from ..later import later
from ..values import UNDEF, Array, String, truth
from .encoding import as_encoding, encoding_value
from .text import (
    as_string,
    decode,
    from_bytes,
    host_of,
    is_escape,
    is_valid,
    like,
    set_encoding,
    text_bytes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from unicodedata import normalize

    from ..values import Block, Value
    from .encoding import ruby_name
    from .enumerator import make_enumerator
    from .string_inspect import quoted
    from .transcode import transcode
else:
    later(globals(), ".transcode", "transcode")
    later(globals(), "unicodedata", "normalize")
    later(globals(), ".string_inspect", "quoted")
    later(globals(), ".enumerator", "make_enumerator")
    later(globals(), ".encoding", "ruby_name")

string = NativeClass("String")


@string.method("encoding")
def encoding(self: String, blk: Block) -> Value:
    return encoding_value(self.encoding)


@string.method("force_encoding", mutates=True)
def force_encoding(self: String, blk: Block, wanted: Value) -> String:
    """Read the same bytes as text in another encoding."""
    key = as_encoding(wanted)
    if key != self.encoding:
        if not (self.s.isascii() and key in PLAIN_ASCII and self.encoding in PLAIN_ASCII):
            self.s = decode(text_bytes(self), key)
        set_encoding(self, key)
    return self


PLAIN_ASCII = ("UTF-8", "BINARY", "US-ASCII")


@string.method("b")
def binary(self: String, blk: Block) -> String:
    return host_of("BINARY")(text_bytes(self).decode("latin-1"))


@string.method("ascii_only?")
def is_ascii_only(self: String, blk: Block) -> Value:
    return truth(self.s.isascii() and not self.encoding.startswith(("UTF-16", "UTF-32")))


@string.method("valid_encoding?")
def is_valid_encoding(self: String, blk: Block) -> Value:
    return truth(is_valid(self))


def check_valid_symbol(value: String) -> str:
    """Return the name of a Symbol. EncodingError of the guest if it is not text."""
    if value.encoding == "BINARY":
        return text_bytes(value).decode("utf-8", "surrogateescape")
    if not is_valid(value):
        raise error("EncodingError", f"invalid symbol in encoding {value.encoding} :{quoted(value)}")
    return value.s


# --- characters -----------------------------------------------------------------------------------------------------


def invalid_sequence(value: String) -> Any:
    return error("ArgumentError", f"invalid byte sequence in {value.encoding}")


def code_point(value: String, char: str) -> int:
    if char > "\x7f":
        if is_escape(char) and value.encoding != "BINARY":
            raise invalid_sequence(value)
        if value.encoding not in ("UTF-8", "BINARY") and not value.encoding.startswith("UTF-"):
            return int.from_bytes(text_bytes(like(value, char)), "big")
    return ord(char)


@string.method("ord")
def ord_of(self: String, blk: Block) -> int:
    text = self.s
    if self.__class__ is String and "\0" <= text[:1] < "\x80":
        return ord(text[0])
    if not text:
        raise error("ArgumentError", "empty string")
    return code_point(self, self.s[0])


@string.method("chr")
def chr_of(self: String, blk: Block) -> String:
    return like(self, self.s[:1])


@string.method("codepoints", block=True)
def codepoints(self: String, blk: Block) -> Value:
    if blk is not None:
        return each_codepoint(self, blk)
    return Array([code_point(self, char) for char in self.s])


@string.method("each_codepoint", block=True)
def each_codepoint(self: String, blk: Block) -> Value:
    if blk is None:
        return make_enumerator(self, "each_codepoint", size=lambda: len(self.s))
    for char in self.s:
        blk(code_point(self, char))
    return self


def code_point_string(code: int, model: String) -> String:
    """Return the String of one character that `<<` appends for an Integer. RangeError of the guest."""
    key = model.encoding
    if key == "BINARY" or key == "US-ASCII":
        if not 0 <= code <= 255:
            raise error("RangeError", f"{code} out of char range")
        # A byte that is not ASCII makes an ASCII string a binary one.
        return host_of(key)(chr(code)) if code < 128 else host_of("BINARY")(chr(code))
    if code < 0 or code > 0x10FFFF and key.startswith("UTF-"):
        raise error("RangeError", f"{code} out of char range")
    if 0xD800 <= code <= 0xDFFF:
        raise error("RangeError", f"invalid codepoint 0x{code:X} in {key}")
    if key.startswith("UTF-"):
        return host_of(key)(chr(code))
    data = code.to_bytes((code.bit_length() + 7) // 8 or 1, "big")
    text = decode(data, key)
    if len(text) != 1 or is_escape(text):
        raise error("RangeError", f"invalid codepoint 0x{code:X} in {key}")
    return host_of(key)(text)


# --- conversion -----------------------------------------------------------------------------------------------------


@string.method("encode")
def encode(self: String, blk: Block, *encodings: Value, **options: Value) -> String:
    """Return the text in another encoding."""
    return transcode(self, encodings, options)


@string.method("encode!", mutates=True)
def encode_bang(self: String, blk: Block, *encodings: Value, **options: Value) -> String:
    new = transcode(self, encodings, options)
    self.s = new.s
    set_encoding(self, new.encoding)
    return self


def scrubbed(self: String, blk: Block, replacement: Value) -> str:
    """Return the text with bytes that are no characters replaced, each run that could begin one by one replacement."""
    if is_valid(self):
        return self.s
    fill = "?" if not self.encoding.startswith("UTF-") else "\ufffd"
    if replacement is not UNDEF and replacement is not None:
        fill = as_string(replacement).s
    data = text_bytes(self)
    if self.encoding == "UTF-8":
        parts = []
        at = 0
        while at < len(data):
            try:
                parts.append(data[at:].decode())
                break
            except UnicodeDecodeError as exc:
                parts.append(data[at : at + exc.start].decode())
                bad = data[at + exc.start : at + exc.end]
                parts.append(fill if blk is None else as_string(blk(from_bytes(bad, "UTF-8"))).s)
                at += exc.end
        return "".join(parts)
    parts = []
    for char in self.s:
        if not is_escape(char):
            parts.append(char)
        else:
            parts.append(fill if blk is None else as_string(blk(like(self, char))).s)
    return "".join(parts)


@string.method("scrub", block=True)
def scrub(self: String, blk: Block, replacement: Value = UNDEF) -> String:
    return like(self, scrubbed(self, blk, replacement))


@string.method("scrub!", mutates=True, block=True)
def scrub_bang(self: String, blk: Block, replacement: Value = UNDEF) -> String:
    self.s = scrubbed(self, blk, replacement)
    return self


def normalized(self: String, form: Value) -> str:
    name = as_name(form) if form is not UNDEF else "nfc"
    if name not in ("nfc", "nfd", "nfkc", "nfkd"):
        raise error("ArgumentError", f"Invalid normalization form {name}.")
    if self.encoding == "US-ASCII":
        return self.s
    if not self.encoding.startswith("UTF-"):
        raise error(
            "Encoding::CompatibilityError", f"Unicode Normalization not appropriate for {ruby_name(self.encoding)}"
        )
    if self.s.isascii():
        return self.s
    if not is_valid(self):
        raise invalid_sequence(self)
    form_name: Any = name.upper()
    return normalize(form_name, self.s)


@string.method("unicode_normalize")
def unicode_normalize(self: String, blk: Block, form: Value = UNDEF) -> String:
    return like(self, normalized(self, form))


@string.method("unicode_normalize!", mutates=True)
def unicode_normalize_bang(self: String, blk: Block, form: Value = UNDEF) -> String:
    self.s = normalized(self, form)
    return self


@string.method("unicode_normalized?")
def is_unicode_normalized(self: String, blk: Block, form: Value = UNDEF) -> Value:
    return truth(normalized(self, form) == self.s)
