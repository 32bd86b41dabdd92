"""What the String files share: encodings as host classes, bytes, arguments, index arithmetic.

The encoding of a String is its host class (values.py). Results of String methods have the encoding of the receiver,
`like(receiver, text)`; where two strings are joined, `joined_host` decides. Subclasses of String and strings with a
singleton class change their encoding by a variant of their own host class, as freezing does.
"""

from __future__ import annotations

from ..convert import as_int, as_str
from ..errors import error
from ..later import later
from ..model import Method, install
from ..values import AsciiString, BinaryString, Range, String

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..convert import inspect_str
    from ..dispatch import send
    from ..errors import Raised
    from ..model import ModuleValue
    from ..values import Value
    from .encoding import codec_of, decode_loosely
else:
    later(globals(), ".encoding", "codec_of", "decode_loosely")
    later(globals(), "..dispatch", "send")
    later(globals(), "..convert", "inspect_str")

# Encoding name, as `encoding` on the host class has it -> host class of plain strings.
HOSTS: dict[str, type[String]] = {"UTF-8": String, "BINARY": BinaryString, "US-ASCII": AsciiString}
# Encodings in which every byte below 128 is not the ASCII character (all others contain ASCII).
NOT_ASCII = ("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-16", "UTF-32")
# How IO and error messages call an encoding.
LONG_NAMES = {"BINARY": "BINARY (ASCII-8BIT)"}

WHITESPACE = "\t\n\v\f\r "
PADDING = "\0" + WHITESPACE


def take_away(mod: ModuleValue, *names: str) -> None:
    """Let `mod` not answer methods that it would inherit."""
    for name in names:
        entry = Method(name, None, mod)
        entry.native = True
        mod.methods[name] = entry
        mod.pending.pop(name, None)
        install(mod, name)


def host_of(encoding: str) -> type[String]:
    """Return the host class of plain strings in `encoding`."""
    host = HOSTS.get(encoding)
    if host is None:
        name = "".join(part.capitalize() for part in encoding.replace("-", "_").split("_"))
        host = HOSTS[encoding] = type(name + "String", (String,), {"__slots__": (), "encoding": encoding})
    return host


def like(model: String, text: str) -> String:
    """Return a new String of `text` in the encoding of `model`."""
    cls = model.__class__
    if cls is String or cls is String.frozen_py:
        return String(text)
    return host_of(model.encoding)(text)


def set_encoding(value: String, encoding: str) -> None:
    """Move `value`, which is not frozen, to `encoding`; its characters stay as they are."""
    host: Any = value.__class__
    if host.encoding == encoding:
        return
    plain = HOSTS.get(host.encoding)
    if host is plain:
        value.__class__ = host_of(encoding)
        return
    base = host.__dict__.get("encoding_of") or host
    if base.encoding != encoding:
        variants = base.__dict__.get("encoding_hosts")
        if variants is None:
            variants = base.encoding_hosts = {}
        host = variants.get(encoding)
        if host is None:
            members = {"__slots__": (), "encoding": encoding, "encoding_of": base}
            host = variants[encoding] = type(base.__name__, (base,), members)
        base = host
    value.__class__ = base


def text_bytes(value: String) -> bytes:
    """Return the bytes of `value`."""
    encoding = value.encoding
    if encoding == "BINARY":
        return value.s.encode("latin-1")
    if encoding == "UTF-8" or encoding == "US-ASCII":
        return value.s.encode("utf-8", "surrogateescape")
    return value.s.encode(codec_of(encoding), "surrogateescape")


def decode(data: bytes, encoding: str) -> str:
    """Return the characters of `data`, as the field `s` of a String in `encoding` has them."""
    if encoding == "BINARY":
        return data.decode("latin-1")
    if encoding == "UTF-8":
        return data.decode("utf-8", "surrogateescape")
    if encoding == "US-ASCII":
        return data.decode("ascii", "surrogateescape")
    return decode_loosely(data, codec_of(encoding))


def from_bytes(data: bytes, encoding: str = "BINARY") -> String:
    return host_of(encoding)(decode(data, encoding))


def healed(text: str) -> str:
    """Return `text` after a concatenation, with bytes that now make a character put together."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def is_valid(value: String) -> bool:
    """Return whether all bytes of `value` are characters."""
    text = value.s
    if text.isascii() or value.encoding == "BINARY":
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def need_valid(value: String) -> None:
    """Raise the guest's ArgumentError if some bytes of `value` are no characters."""
    if not value.s.isascii() and not is_valid(value):
        raise error("ArgumentError", f"invalid byte sequence in {value.encoding}")


def is_escape(char: str) -> bool:
    """Return whether the character stands for a byte that is not part of a valid one."""
    return "\udc80" <= char <= "\udcff"


def join_text(left: str, right: str) -> str:
    """Return `left + right` of strings in one encoding."""
    text = left + right
    if not right.isascii() and left and is_escape(left[-1]) and is_escape(right[0]):
        return healed(text)
    return text


def joined_host(left: String, right: String) -> type[String]:
    """Return the host class of a concatenation. Encoding::CompatibilityError of the guest if there is none."""
    encoding = joined_encoding(left, right)
    if encoding is None:
        raise incompatible(left.encoding, right.encoding)
    return host_of(encoding)


def joined_encoding(left: String, right: String) -> str | None:
    """Return the encoding that holds both strings (Encoding.compatible?), None if there is none."""
    first, second = left.encoding, right.encoding
    if first == second or not right.s:
        return first
    if not left.s:
        return first if first not in NOT_ASCII and right.s.isascii() and second not in NOT_ASCII else second
    if first in NOT_ASCII or second in NOT_ASCII:
        return None
    if right.s.isascii():
        return first
    if left.s.isascii():
        return second
    return None


def incompatible(first: str, second: str) -> Raised:
    names = [LONG_NAMES.get(name, name) for name in (first, second)]
    return error("Encoding::CompatibilityError", f"incompatible character encodings: {names[0]} and {names[1]}")


def check_compatible(left: String, right: String) -> None:
    if left.__class__ is not right.__class__ and joined_encoding(left, right) is None:
        raise incompatible(left.encoding, right.encoding)


def as_long(value: Value) -> int:
    """Return an Integer argument that counts or places something. RangeError of the guest if it is enormous."""
    number = value if value.__class__ is int else as_int(value)
    if -(2**63) <= number < 2**63:
        return number
    raise error("RangeError", "bignum too big to convert into 'long'")


def as_string(value: Value) -> String:
    """Return a String argument itself, or what `to_str` answers. TypeError of the guest."""
    if isinstance(value, String):
        return value
    as_str(value)  # raises, or to_str gives a String
    text: String = send(value, ":to_str")
    return text


def range_span(span: Range, length: int) -> tuple[int, int] | None:
    """Return (start, stop) of the elements that a Range selects from `length`, None if it starts outside."""
    start, stop = span.first, span.last
    if start.__class__ is not int:
        start = 0 if start is None else as_int(start)
    if stop.__class__ is not int:
        stop = -1 if stop is None else as_int(stop)
    if start < 0:
        start += length
    if start < 0 or start > length:
        return None
    if stop < 0:
        stop += length
    if not span.exclusive or span.last is None:
        stop += 1
    return start, min(max(stop, start), length)


def short_range(span: Range) -> str:
    """Return how RangeError shows a Range."""
    first = "" if span.first is None else inspect_str(span.first)
    last = "" if span.last is None else inspect_str(span.last)
    return f"{first}{'...' if span.exclusive else '..'}{last}"
