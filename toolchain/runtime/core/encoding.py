"""Encoding: the table of encodings, their objects and constants.

Every other file knows an encoding by its key, the class attribute `encoding` of the host classes of String: Ruby's
name, but "BINARY" for ASCII-8BIT. To add an encoding, add its row.
"""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_str
from ..errors import error
from ..model import singleton_class
from ..values import Array, Hash, Object, String, Symbol, truth
from .text import LONG_NAMES, host_of, joined_encoding, take_away

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

# key -> (Python codec, other names)
ENCODINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "BINARY": ("latin-1", ("ASCII-8BIT",)),
    "UTF-8": ("utf-8", ("CP65001",)),
    "US-ASCII": ("ascii", ("ASCII", "ANSI_X3.4-1968", "646")),
    "Big5": ("big5", ("CP950",)),
    "EUC-JP": ("euc_jp", ("eucJP",)),
    "EUC-KR": ("euc_kr", ("eucKR",)),
    "GB18030": ("gb18030", ()),
    "GBK": ("gbk", ("CP936",)),
    "IBM437": ("cp437", ("CP437",)),
    "IBM850": ("cp850", ("CP850",)),
    "IBM866": ("cp866", ("CP866",)),
    "ISO-2022-JP": ("iso2022_jp", ("ISO2022-JP",)),
    "ISO-8859-1": ("latin-1", ("ISO8859-1",)),
    "ISO-8859-2": ("iso8859-2", ("ISO8859-2",)),
    "ISO-8859-3": ("iso8859-3", ("ISO8859-3",)),
    "ISO-8859-4": ("iso8859-4", ("ISO8859-4",)),
    "ISO-8859-5": ("iso8859-5", ("ISO8859-5",)),
    "ISO-8859-6": ("iso8859-6", ("ISO8859-6",)),
    "ISO-8859-7": ("iso8859-7", ("ISO8859-7",)),
    "ISO-8859-8": ("iso8859-8", ("ISO8859-8",)),
    "ISO-8859-9": ("iso8859-9", ("ISO8859-9",)),
    "ISO-8859-10": ("iso8859-10", ("ISO8859-10",)),
    "ISO-8859-13": ("iso8859-13", ("ISO8859-13",)),
    "ISO-8859-14": ("iso8859-14", ("ISO8859-14",)),
    "ISO-8859-15": ("iso8859-15", ("ISO8859-15",)),
    "ISO-8859-16": ("iso8859-16", ("ISO8859-16",)),
    "KOI8-R": ("koi8-r", ("CP878",)),
    "KOI8-U": ("koi8-u", ()),
    "macRoman": ("mac-roman", ()),
    "Shift_JIS": ("shift_jis", ()),
    "UTF-16": ("utf-16-be", ()),
    "UTF-16BE": ("utf-16-be", ("UCS-2BE",)),
    "UTF-16LE": ("utf-16-le", ()),
    "UTF-32": ("utf-32-be", ()),
    "UTF-32BE": ("utf-32-be", ("UCS-4BE",)),
    "UTF-32LE": ("utf-32-le", ("UCS-4LE",)),
    "UTF-7": ("utf-7", ("CP65000",)),
    "Windows-1250": ("cp1250", ("CP1250",)),
    "Windows-1251": ("cp1251", ("CP1251",)),
    "Windows-1252": ("cp1252", ("CP1252",)),
    "Windows-1253": ("cp1253", ("CP1253",)),
    "Windows-1254": ("cp1254", ("CP1254",)),
    "Windows-1257": ("cp1257", ("CP1257",)),
    "Windows-31J": ("cp932", ("CP932", "csWindows31J", "SJIS", "PCK")),
}
DUMMIES = ("UTF-16", "UTF-32", "UTF-7", "ISO-2022-JP")
NOT_ASCII_COMPATIBLE = ("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", *DUMMIES)
# Names that stand for a default rather than for one encoding.
DEFAULT_NAMES = {"external": "UTF-8", "locale": "UTF-8", "filesystem": "UTF-8"}
DEFAULTS: dict[str, Any] = {"external": "UTF-8", "internal": None}


class Encoding(Object):
    """`key` is the key in ENCODINGS."""

    __slots__ = ("key",)
    mclass = None
    key: str


encoding = NativeClass("Encoding")
# There are those of the table only.
take_away(singleton_class(encoding.mod), "new", "allocate")

KEYS: dict[str, str] = {}
for _key, (_codec, _names) in ENCODINGS.items():
    for _name in (_key, *_names):
        KEYS[_name.lower()] = _key
VALUES: dict[str, Encoding] = {}


def encoding_value(key: str) -> Encoding:
    """Return the Encoding object of that key."""
    value = VALUES.get(key)
    if value is None:
        value = VALUES[key] = Encoding()
        value.key = key
    return value


def ruby_name(key: str) -> str:
    return "ASCII-8BIT" if key == "BINARY" else key


def codec_of(key: str) -> str:
    """Return the name of the Python codec."""
    return ENCODINGS[key][0]


def decode_loosely(data: bytes, codec: str) -> str:
    """Decode, with bytes that are no character as surrogate escapes, also where the codec does not offer that."""
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        pass
    parts = []
    at = 0
    while at < len(data):
        try:
            parts.append(data[at:].decode(codec))
            break
        except UnicodeDecodeError as exc:
            parts.append(data[at : at + exc.start].decode(codec))
            stop = at + max(exc.end, exc.start + 1)
            bad = data[at + exc.start : stop]
            parts.append("".join(chr(0xDC00 + byte) if byte > 127 else chr(byte) for byte in bad))
            at = stop
    return "".join(parts)


def find_encoding(name: str) -> str:
    """Return the key of the encoding called `name` in any case. ArgumentError of the guest if there is none."""
    key = KEYS.get(name.lower()) or DEFAULT_NAMES.get(name.lower())
    if key is None:
        raise error("ArgumentError", f"unknown encoding name - {name}")
    return key


def as_encoding(value: Value) -> str:
    """Return the key for an Encoding or the name of one."""
    if isinstance(value, Encoding):
        return value.key
    return find_encoding(as_str(value))


# --- the class ------------------------------------------------------------------------------------------------------


@encoding.singleton("find")
def find(self: Value, blk: Block, name: Value) -> Value:
    if not isinstance(name, Encoding) and as_str(name).lower() == "internal":
        return default_internal(self, None)
    return encoding_value(as_encoding(name))


@encoding.singleton("list")
def list_all(self: Value, blk: Block) -> Array:
    return Array([encoding_value(key) for key in ENCODINGS])


@encoding.singleton("name_list")
def name_list(self: Value, blk: Block) -> Array:
    names = [name for key, (_, others) in ENCODINGS.items() for name in (key, *others)]
    return Array([String(name) for name in [*names, *DEFAULT_NAMES]])


@encoding.singleton("aliases")
def aliases(self: Value, blk: Block) -> Hash:
    from ..hashing import make_hash

    pairs = []
    for key, (_, others) in ENCODINGS.items():
        names = ("BINARY",) if key == "BINARY" else others
        pairs += [(String(name), String(ruby_name(key))) for name in names]
    return make_hash(pairs)


@encoding.singleton("compatible?")
def compatible(self: Value, blk: Block, first: Value, second: Value) -> Value:
    """Return the encoding of a concatenation of both, nil if they do not go together."""
    strings = [text_like(first), text_like(second)]
    if strings[0] is None or strings[1] is None:
        return None
    key = joined_encoding(strings[0], strings[1])
    return None if key is None else encoding_value(key)


def text_like(value: Value) -> Any:
    """Return a String that stands for a String, Symbol or Regexp, or for any text in an Encoding; else None."""
    if isinstance(value, String):
        return value
    if value.__class__ is Symbol:
        return String(value.name) if not value.name.isascii() else host_of("US-ASCII")(value.name)
    if isinstance(value, Encoding):
        return host_of(value.key)("\udcff" if value.key != "US-ASCII" else "a")
    return text_like_pattern(value)


def text_like_pattern(value: Value) -> Any:
    from .regexp import Regexp

    return String(value.source) if isinstance(value, Regexp) else None


@encoding.singleton("default_external")
def default_external(self: Value, blk: Block) -> Value:
    return encoding_value(DEFAULTS["external"])


@encoding.singleton("default_external=")
def set_default_external(self: Value, blk: Block, value: Value) -> Value:
    if value is None:
        raise error("ArgumentError", "default external can not be nil")
    DEFAULTS["external"] = as_encoding(value)
    return value


@encoding.singleton("default_internal")
def default_internal(self: Value, blk: Block) -> Value:
    key = DEFAULTS["internal"]
    return None if key is None else encoding_value(key)


@encoding.singleton("default_internal=")
def set_default_internal(self: Value, blk: Block, value: Value) -> Value:
    DEFAULTS["internal"] = None if value is None else as_encoding(value)
    return value


@encoding.singleton("locale_charmap")
def locale_charmap(self: Value, blk: Block) -> String:
    return String("UTF-8")


# --- one encoding ---------------------------------------------------------------------------------------------------


@encoding.method("name", "to_s")
def name(self: Encoding, blk: Block) -> String:
    return String(ruby_name(self.key))


@encoding.method("names")
def names(self: Encoding, blk: Block) -> Array:
    if self.key == "BINARY":
        return Array([String("ASCII-8BIT"), String("BINARY")])
    others = [name for name, key in DEFAULT_NAMES.items() if key == self.key]
    return Array([String(name) for name in (self.key, *ENCODINGS[self.key][1], *others)])


@encoding.method("inspect")
def inspect(self: Encoding, blk: Block) -> String:
    dummy = " (dummy)" if self.key in DUMMIES else ""
    return String(f"#<Encoding:{LONG_NAMES.get(self.key, self.key)}{dummy}>")


@encoding.method("ascii_compatible?")
def ascii_compatible(self: Encoding, blk: Block) -> Value:
    return truth(self.key not in NOT_ASCII_COMPATIBLE)


@encoding.method("dummy?")
def dummy(self: Encoding, blk: Block) -> Value:
    return truth(self.key in DUMMIES)


def declare_constants() -> None:
    """Declare a constant for every name, in the spellings that can be constants."""
    for key, (_, others) in ENCODINGS.items():
        for one in (key, *others):
            spelling = one.replace("-", "_").replace(".", "_")
            if spelling[0].isdigit():
                continue
            for constant in {spelling[0].upper() + spelling[1:], spelling.upper()}:
                encoding.constant(constant, encoding_value(key))


declare_constants()
