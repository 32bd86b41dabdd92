"""String#inspect, dump and undump: strings as literals."""

from __future__ import annotations

from ..builtin import NativeClass
from ..errors import error
from ..later import later
from ..values import String
from .text import NOT_ASCII, from_bytes, is_escape, like, text_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from unicodedata import category

    from ..values import Block
    from .encoding import find_encoding
else:
    later(globals(), "unicodedata", "category")
    later(globals(), ".encoding", "find_encoding")

string = NativeClass("String")

NOT_DUMPED = 'invalid dumped string; not wrapped with \'"\' nor \'"...".force_encoding("...")\' form'

ESCAPES = {
    "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\v": "\\v", "\b": "\\b", "\a": "\\a", "\x1b": "\\e",
    '"': '\\"', "\\": "\\\\",
}  # fmt: skip


def is_printable(char: str) -> bool:
    """Return whether a character above ASCII is shown as itself: it is assigned and neither control nor line break.

    Host Unicode tables older than Ruby's do not know the newest characters, which are escaped then.
    """
    if char.isprintable():
        return True
    return category(char) not in ("Cc", "Cn", "Cs", "Zl", "Zp")


def quoted(value: String) -> str:
    """Return the literal of `value` in double quotes, in characters where they are printable."""
    text = value.s
    encoding = value.encoding
    unicode = encoding == "UTF-8" or encoding.startswith("UTF-")
    parts = ['"']
    for index, char in enumerate(text):
        if char in ESCAPES:
            parts.append(ESCAPES[char])
        elif char == "#":
            parts.append("\\#" if text[index + 1 : index + 2] in ("{", "$", "@") and index + 1 < len(text) else "#")
        elif " " <= char <= "~":
            parts.append(char)
        elif encoding == "BINARY":
            parts.append(f"\\x{ord(char):02X}")
        elif is_escape(char):
            parts.append(f"\\x{ord(char) - 0xDC00:02X}")
        elif encoding == "UTF-8" and is_printable(char):
            parts.append(char)
        elif unicode:
            code = ord(char)
            parts.append(f"\\u{{{code:X}}}" if code > 0xFFFF else f"\\u{code:04X}")
        else:
            data = text_bytes(like(value, char)).hex().upper()
            parts.append(f"\\x{data}" if len(data) == 2 else f"\\x{{{data}}}")
    parts.append('"')
    return "".join(parts)


@string.method("dump")
def dump(self: String, blk: Block) -> String:
    """Return an ASCII literal from which `undump` makes the same string."""
    text = self.s
    if self.encoding in NOT_ASCII:  # byte by byte, as they would be in ASCII
        text = text_bytes(self).decode("latin-1")
    parts = ['"']
    for index, char in enumerate(text):
        if char in ESCAPES:
            parts.append(ESCAPES[char])
        elif char == "#":
            parts.append("\\#" if text[index + 1 : index + 2] in ("{", "$", "@") and index + 1 < len(text) else "#")
        elif " " <= char <= "~":
            parts.append(char)
        elif self.encoding in NOT_ASCII:
            parts.append(f"\\x{ord(char):02X}")
        elif self.encoding == "UTF-8" and char > "\x7f" and not is_escape(char):
            code = ord(char)
            parts.append(f"\\u{{{code:X}}}" if code > 0xFFFF else f"\\u{code:04X}")
        else:
            parts.extend(f"\\x{byte:02X}" for byte in text_bytes(like(self, char)))
    parts.append('"')
    if self.encoding in NOT_ASCII:
        parts.append(f'.dup.force_encoding("{self.encoding}")')
        return String("".join(parts))
    return like(self, "".join(parts))


UNESCAPES = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11, "b": 8, "a": 7, "e": 27}


@string.method("undump")
def undump(self: String, blk: Block) -> String:
    """Return the string whose `dump` this is. RuntimeError if it is not of that form."""
    text = self.s
    if len(text) < 2 or text[0] != '"':
        raise error("RuntimeError", NOT_DUMPED)
    data = bytearray()
    at = 1
    while True:
        if at >= len(text):
            raise error("RuntimeError", "unterminated dumped string")
        char = text[at]
        at += 1
        if char == '"':
            break
        if char != "\\":
            data += text_bytes(like(self, char))
            continue
        if at >= len(text):
            raise error("RuntimeError", "invalid escape")
        char = text[at]
        at += 1
        if char == "x":
            digits = text[at : at + 2]
            at += 2
            data.append(hex_number(digits, "invalid hex escape"))
        elif char == "u" and text[at : at + 1] == "{":
            stop = text.find("}", at)
            if stop < 0:
                raise error("RuntimeError", "unterminated Unicode escape")
            for digits in text[at + 1 : stop].split():
                data += chr(hex_number(digits, "invalid Unicode codepoint")).encode()
            at = stop + 1
        elif char == "u":
            data += chr(hex_number(text[at : at + 4], "invalid Unicode escape")).encode("utf-8", "surrogatepass")
            at += 4
        elif char in UNESCAPES:
            data.append(UNESCAPES[char])
        else:
            data += text_bytes(like(self, char))
    rest = text[at:]
    encoding = self.encoding
    if rest.startswith('.force_encoding("') and rest.endswith('")'):
        encoding = find_encoding(rest[17:-2])
    elif rest.startswith('.dup.force_encoding("') and rest.endswith('")'):
        encoding = find_encoding(rest[21:-2])
    elif rest:
        raise error("RuntimeError", NOT_DUMPED)
    return from_bytes(bytes(data), encoding)


def hex_number(digits: str, message: str) -> int:
    try:
        return int(digits, 16)
    except ValueError:
        raise error("RuntimeError", message)
