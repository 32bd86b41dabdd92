"""JSON text to values: by the host's parser where that agrees with Ruby's, else by one of our own.

The host's parser knows no comments, options and error texts of Ruby's; whatever it refuses is read again by `Reader`.
Positions are indices of characters; messages count bytes.
"""

from __future__ import annotations

from json import loads

from ..convert import to_s
from ..dispatch import send
from ..errors import Raised
from ..hashing import hash_set
from ..model import allocate, freeze
from ..values import FALSE, TRUE, Array, Hash, String, sym

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Value

BLANKS = " \t\r\n"
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
HEX = "0123456789abcdefABCDEF"
FRAGMENT = 32  # bytes of the text that a message quotes


class ReadOptions:
    """Options of a parse; classes are None where the ordinary ones are meant."""

    __slots__ = (
        "symbolize", "freeze", "allow_nan", "trailing_comma", "control_characters", "max_nesting", "object_class",
        "array_class", "decimal_class", "create_id",
    )  # fmt: skip

    def __init__(self) -> None:
        self.symbolize = False
        self.freeze = False
        self.allow_nan = False
        self.trailing_comma = False
        self.control_characters = False
        self.max_nesting = 100
        self.object_class: Any = None
        self.array_class: Any = None
        self.decimal_class: Any = None
        self.create_id: str | None = None  # additions: the key that names the class

    def is_plain(self) -> bool:
        """Tell whether the host's parser may do the work."""
        return not (
            self.freeze or self.allow_nan or self.max_nesting != 100 or self.object_class or self.array_class
            or self.decimal_class or self.create_id is not None
        )  # fmt: skip


class Problem(Exception):  # noqa: N818 - becomes JSON::ParserError or JSON::NestingError
    """`text` is the message without its place; `position` None: without a place."""

    def __init__(self, text: str, position: int | None, nesting: bool = False) -> None:
        self.text = text
        self.position = position
        self.nesting = nesting


class TooDeep(Exception):  # noqa: N818
    """The fast way met more nesting than is allowed."""


def read(text: str, options: ReadOptions) -> Value:
    """Return the value of a JSON text. Raises Problem, and what the program's own classes raise."""
    if options.is_plain() and "\\ud" not in text and "\\uD" not in text:
        try:
            found = loads(text, parse_constant=refuse)
            return Converter(options.symbolize).value(found, 1)
        except (ValueError, RecursionError, TooDeep):
            pass
    return Reader(text, options).document()


def refuse(name: str) -> Any:
    raise ValueError(name)


class Converter:
    """Makes guest values of the host parser's, in place: its lists and dicts become those of Arrays and Hashes."""

    __slots__ = ("symbolize", "keys")

    def __init__(self, symbolize: bool) -> None:
        self.symbolize = symbolize
        self.keys: dict[str, String] = {}  # a frozen String a key, as texts repeat their keys

    def value(self, found: Any, depth: int) -> Value:
        cls = found.__class__
        if cls is str:
            return String(found)
        if cls is dict:
            return self.table(found, depth)
        if cls is list:
            if found and depth > 100:
                raise TooDeep
            for index, item in enumerate(found):
                cls = item.__class__
                if cls is str:
                    found[index] = String(item)
                elif cls is not int and cls is not float and item is not None:
                    found[index] = self.value(item, depth + 1)
            return Array(found)
        if cls is bool:
            return TRUE if found else FALSE
        return found

    def table(self, found: dict[Any, Any], depth: int) -> Hash:
        if found and depth > 100:
            raise TooDeep
        for key, item in found.items():
            cls = item.__class__
            if cls is str:
                found[key] = String(item)
            elif cls is not int and cls is not float and item is not None:
                found[key] = self.value(item, depth + 1)
        result = Hash()
        if self.symbolize:
            result.d = {sym(key): item for key, item in found.items()}
            return result
        result.d = found
        known = self.keys
        keys = result.keys
        for key in found:
            text = known.get(key)
            if text is None:
                text = known[key] = freeze(String(key))
            keys[key] = text
        return result


class Reader:
    """Reads with Ruby's rules and error texts."""

    def __init__(self, text: str, options: ReadOptions) -> None:
        self.text = text
        self.options = options
        self.index = 0
        self.depth = 0

    # --- errors -----------------------------------------------------------------------------------------------------

    def fragment(self, position: int) -> str:
        """Return the text from a position on that a message quotes: up to a blank, at most FRAGMENT bytes."""
        end = position + 1
        text = self.text
        while end < len(text) and end - position < FRAGMENT and text[end] not in BLANKS:
            end += 1
        data = text[position:end].encode("utf-8", "surrogateescape")[:FRAGMENT]
        while data and data[-1] >= 0x80:
            data = data[:-1]
        return data.partition(b"\0")[0].decode("utf-8", "surrogateescape")

    def problem(self, text: str, position: int | None = None) -> Problem:
        return Problem(text, self.index if position is None else position)

    def quoted(self, text: str, position: int | None = None) -> Problem:
        position = self.index if position is None else position
        return Problem(f"{text} '{self.fragment(position)}'", position)

    def place(self, position: int) -> tuple[int, int]:
        """Return (line, column) as Ruby counts them: the last line end before the place does not count."""
        line_end = self.text.rfind("\n", 0, position + 1)
        line = 1 + self.text.count("\n", 0, max(line_end, 0))
        before = self.text[line_end + 1 : position].encode("utf-8", "surrogateescape")
        return line, 0 if line_end == position else len(before) + 1

    # --- the grammar ------------------------------------------------------------------------------------------------

    def document(self) -> Value:
        value = self.value()
        self.skip()
        if self.index < len(self.text):
            raise self.quoted("unexpected token at end of stream")
        return value

    def skip(self) -> None:
        """Go on to the next character that is no blank and in no comment."""
        text, length = self.text, len(self.text)
        while self.index < length:
            letter = text[self.index]
            if letter in BLANKS:
                self.index += 1
            elif letter == "/":
                start = self.index
                mark = text[start + 1 : start + 2]
                if mark == "/":
                    end = text.find("\n", start)
                    self.index = length if end < 0 else end + 1
                elif mark == "*":
                    end = text.find("*/", start + 2)
                    if end < 0:
                        raise self.problem("unterminated comment, expected closing '*/'", start)
                    self.index = end + 2
                else:
                    raise self.quoted("unexpected token")
            else:
                return

    def peek(self) -> str:
        return self.text[self.index : self.index + 1]

    def value(self) -> Value:
        self.skip()
        letter = self.peek()
        if letter == "":
            raise self.problem("unexpected end of input")
        if letter == '"':
            return self.finished(String(self.string()))
        if letter == "{":
            return self.object()
        if letter == "[":
            return self.array()
        if letter == "-" or letter in "0123456789":
            return self.number()
        for word, value in (("null", None), ("true", TRUE), ("false", FALSE)):
            if letter == word[0]:
                return self.word(word, value)
        if letter == "N":
            return self.special("NaN", float("nan"))
        if letter == "I":
            return self.special("Infinity", float("inf"))
        raise self.quoted("unexpected character:")

    def word(self, word: str, value: Value) -> Value:
        if not self.text.startswith(word, self.index):
            raise self.quoted("unexpected token")
        self.index += len(word)
        return value

    def special(self, word: str, value: float) -> Value:
        """Read NaN or an infinity."""
        if not self.options.allow_nan:
            raise self.quoted("unexpected token")
        return self.word(word, value)

    def finished(self, value: Value) -> Value:
        return freeze(value) if self.options.freeze else value

    def enter(self) -> None:
        self.depth += 1
        limit = self.options.max_nesting
        if limit and self.depth > limit:
            raise Problem(f"nesting of {self.depth} is too deep", None, nesting=True)

    def array(self) -> Value:
        options = self.options
        self.index += 1
        self.skip()
        cls = options.array_class
        result: Any = Array([]) if cls is None else send(cls, ":new")
        if self.peek() == "]":
            self.index += 1
            return self.finished(result)
        self.enter()
        while True:
            item = self.value()
            if cls is None:
                result.a.append(item)
            else:
                send(result, ":<<", None, item)
            self.skip()
            letter = self.peek()
            if letter == ",":
                self.index += 1
                if options.trailing_comma:
                    self.skip()
                    letter = self.peek()
            if letter == "]":
                self.index += 1
                break
            if letter != "," and not (options.trailing_comma and self.text[self.index - 1] in BLANKS + ",/"):
                raise self.problem("expected ',' or ']' after array value")
        self.depth -= 1
        return self.finished(result)

    def object(self) -> Value:
        options = self.options
        self.index += 1
        self.skip()
        cls = options.object_class
        result: Any = Hash() if cls is None else send(cls, ":new")
        if self.peek() == "}":
            self.index += 1
            return self.finished(result)
        self.enter()
        first = True
        while True:
            self.skip()
            letter = self.peek()
            if letter != '"':
                if letter == "}" and options.trailing_comma and not first:
                    self.index += 1
                    break
                comma = "," if first else ","
                if letter == "":
                    raise self.problem(f"expected object key{comma} got{'' if first else ':'} EOF")
                raise self.quoted(f"expected object key{comma} got{'' if first else ':'}")
            name = self.string()
            self.skip()
            if self.peek() != ":":
                raise self.problem("expected ':' after object key")
            self.index += 1
            item = self.value()
            key = sym(name) if options.symbolize else String(name)
            if cls is None:
                hash_set(result, key, item)
            else:
                send(result, ":[]=", None, key, item)
            first = False
            self.skip()
            letter = self.peek()
            if letter == ",":
                self.index += 1
            elif letter == "}":
                self.index += 1
                break
            elif letter == "":
                raise self.problem("expected ',' or '}' after object value, got: EOF")
            else:
                raise self.quoted("expected ',' or '}' after object value, got:")
        self.depth -= 1
        if options.create_id is not None:
            result = self.created(result)
        return self.finished(result)

    def created(self, table: Any) -> Value:
        """Return what the class that a Hash names makes of it."""
        from ..dispatch import respond_to
        from ..hashing import hash_get

        name = hash_get(table, String(self.options.create_id or "")) if isinstance(table, Hash) else None
        if name is None:
            return table
        from ..builtin import builtin_class

        cls = send(builtin_class("Object"), ":const_get", None, name)
        return send(cls, ":json_create", None, table) if respond_to(cls, "json_create") else table

    # --- texts and numbers ------------------------------------------------------------------------------------------

    def string(self) -> str:
        text = self.text
        length = len(text)
        index = start = self.index + 1
        parts: list[str] = []
        while True:
            if index >= length:
                raise self.problem('unexpected end of input, expected closing "', length)
            letter = text[index]
            if letter == '"':
                parts.append(text[start:index])
                self.index = index + 1
                return "".join(parts)
            if letter < " " and not self.options.control_characters:
                raise self.problem(f"invalid ASCII control character in string: {self.fragment(index)}", index)
            if letter != "\\":
                index += 1
                continue
            parts.append(text[start:index])
            mark = text[index + 1 : index + 2]
            if mark == "u":
                character, index = self.escape(index)
                parts.append(character)
            elif mark in ESCAPES:
                parts.append(ESCAPES[mark])
                index += 2
            elif mark == "":
                raise self.problem('unexpected end of input, expected closing "', length)
            else:
                raise self.quoted("invalid escape character in string:", index)
            start = index

    def escape(self, index: int) -> tuple[str, int]:
        r"""Return the character of the escape \uXXXX (or of a pair of them) at `index`, and the index behind."""
        code = self.hex(index)
        if code is None:
            raise self.quoted("incomplete unicode character escape sequence at", index)
        if 0xD800 <= code < 0xDC00:
            low = self.hex(index + 6) if self.text.startswith("\\u", index + 6) else None
            if low is None:
                raise self.quoted("incomplete surrogate pair at", index)
            if not 0xDC00 <= low < 0xE000:
                raise self.quoted("invalid surrogate pair at", index)
            return chr(0x10000 + ((code & 0x3FF) << 10) + (low & 0x3FF)), index + 12
        if 0xDC00 <= code < 0xE000:
            return chr(code).encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"), index + 6
        return chr(code), index + 6

    def hex(self, index: int) -> int | None:
        digits = self.text[index + 2 : index + 6]
        if len(digits) < 4 or any(digit not in HEX for digit in digits):
            return None
        return int(digits, 16)

    def digits(self) -> str:
        start = self.index
        while self.peek() and self.peek() in "0123456789":
            self.index += 1
        return self.text[start : self.index]

    def number(self) -> Value:
        start = self.index
        if self.peek() == "-":
            if self.text.startswith("Infinity", start + 1):
                if not self.options.allow_nan:
                    raise self.quoted("unexpected token")
                self.index += 9
                return float("-inf")
            self.index += 1
        whole = self.digits()
        is_float = False
        valid = whole != "" and (whole == "0" or whole[0] != "0")
        if valid and self.peek() == ".":
            is_float = True
            self.index += 1
            valid = self.digits() != ""
        if valid and self.peek() in ("e", "E"):
            is_float = True
            self.index += 1
            if self.peek() in ("+", "-"):
                self.index += 1
            valid = self.digits() != ""
        if not valid:
            raise self.quoted("invalid number:", start)
        text = self.text[start : self.index]
        if is_float:
            return self.decimal(text)
        return send(String(text), ":to_i") if len(text) > 4000 else int(text)

    def decimal(self, text: str) -> Value:
        cls = self.options.decimal_class
        if cls is None:
            return float(text)
        from ..dispatch import MAIN, respond_to

        for name in ("try_convert", "new"):
            if respond_to(cls, name):
                return send(cls, f":{name}", None, String(text))
        return send(MAIN, ";" + to_s(cls), None, String(text))


def guest_problem(problem: Problem, text: str) -> Raised:
    """Return the guest exception for a Problem."""
    from ..builtin import builtin_class
    from ..model import set_ivar

    cls = builtin_class("JSON").constants["NestingError" if problem.nesting else "ParserError"]
    exc = allocate(cls)
    message = problem.text
    if problem.position is not None:
        line, column = Reader(text, ReadOptions()).place(problem.position)
        message += f" at line {line} column {column}"
        set_ivar(exc, "@line", line)
        set_ivar(exc, "@column", column)
    exc.message = String(message)
    return Raised(exc)
