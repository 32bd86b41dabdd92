"""Values to JSON text."""

from __future__ import annotations

from json.encoder import encode_basestring, encode_basestring_ascii

from ..convert import float_text, inspect_str, int_text, to_s
from ..dispatch import respond_to, send
from ..errors import Raised, conversion_name, error
from ..hashing import hash_items
from ..model import allocate
from ..values import FALSE, TRUE, Array, BinaryString, Hash, Object, String, Symbol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Value


class StateObject(Object):
    """JSON::State: how a text is laid out, and how deep we are in it."""

    __slots__ = (
        "indent", "space", "space_before", "object_nl", "array_nl", "max_nesting", "allow_nan", "ascii_only",
        "script_safe", "strict", "depth", "as_json", "quote",
    )  # fmt: skip
    mclass = None

    def prepare(self) -> None:
        self.indent = self.space = self.space_before = self.object_nl = self.array_nl = ""
        self.max_nesting = 100
        self.allow_nan = self.ascii_only = self.script_safe = self.strict = False
        self.depth = 0
        self.as_json: Any = None  # a block function, called for what JSON does not know
        self.quote: Any = encode_basestring

    def settle(self) -> None:
        """Choose how texts are quoted, after options changed."""
        plain = encode_basestring_ascii if self.ascii_only else encode_basestring
        if not self.script_safe:
            self.quote = plain
            return

        def quote(text: str) -> str:
            shown: str = plain(text).replace("/", "\\/")
            return shown.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

        self.quote = quote


def problem(text: str, value: Value, name: str = "GeneratorError") -> Raised:
    """Return the guest's JSON::GeneratorError (or NestingError)."""
    from ..builtin import builtin_class
    from ..model import set_ivar

    exc = allocate(builtin_class("JSON").constants[name])
    exc.message = String(text)
    if name == "GeneratorError":
        set_ivar(exc, "@invalid_object", value)
    return Raised(exc)


def text_of(value: String) -> str:
    """Return the characters of a String. GeneratorError of the guest if it is not valid."""
    text = value.s
    if text.isascii():
        return text
    if value.__class__ is not String and isinstance(value, BinaryString):
        try:
            return text.encode("latin-1").decode("utf-8")  # counts as UTF-8 where it is that
        except UnicodeDecodeError as failure:
            byte = failure.object[failure.start]
            raise problem(f'"\\x{byte:02X}" from ASCII-8BIT to UTF-8', value) from None
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise problem("source sequence is illegal/malformed utf-8", value) from None
    return text


def float_json(number: float, state: StateObject) -> str:
    """Return a Float: in plain digits from 1e-9 to below 1e15, else with an exponent."""
    if number != number or number in (float("inf"), float("-inf")):
        if not state.allow_nan:
            raise problem(f"{float_text(number)} not allowed in JSON", number)
        return float_text(number)
    text = repr(number)
    size = abs(number)
    if (size < 1e15 or "." in text and not text.endswith(".0")) and "e" not in text:
        return text
    from decimal import Decimal

    sign, digits, exact = Decimal(text).normalize().as_tuple()
    scale = int(exact)
    shown = "".join(map(str, digits))
    exponent = scale + len(shown) - 1
    minus = "-" if sign else ""
    if scale < 0 and -10 < exponent < 0:
        return f"{minus}0.{'0' * (-exponent - 1)}{shown}"
    mantissa = shown[0] + ("." + shown[1:] if len(shown) > 1 else "")
    return f"{minus}{mantissa}e{exponent:+03d}"


def key_text(key: Value) -> str:
    if isinstance(key, String):
        return text_of(key)
    if key.__class__ is Symbol:
        return str(key.name)
    text = send(key, ":to_s")
    if not isinstance(text, String):
        raise error("TypeError", f"wrong argument type {conversion_name(text)} (expected String)")
    return text_of(text)


def deeper(state: StateObject, value: Value) -> int:
    depth = state.depth + 1
    if state.max_nesting and depth > state.max_nesting:
        raise problem(
            f"nesting of {depth - 1} is too deep. Did you try to serialize objects with circular references?",
            value,
            "NestingError",
        )
    state.depth = depth
    return depth


def write(value: Value, state: StateObject, out: list[str]) -> None:
    """Add the text of a value."""
    cls = value.__class__
    if cls is String:
        text = value.s
        out.append(state.quote(text if text.isascii() else text_of(value)))
    elif cls is int:
        out.append(int_text(value))
    elif value is None:
        out.append("null")
    elif value is TRUE:
        out.append("true")
    elif value is FALSE:
        out.append("false")
    elif cls is Hash or isinstance(value, Hash) and is_plain(value):
        write_hash(value, state, out)
    elif cls is Array or isinstance(value, Array) and is_plain(value):
        write_array(value, state, out)
    elif cls is float:
        out.append(float_json(value, state))
    elif isinstance(value, String) and is_plain(value):
        out.append(state.quote(text_of(value)))
    elif cls is Symbol and state.strict:
        out.append(state.quote(value.name))
    else:
        write_other(value, state, out)


def is_plain(value: Value) -> bool:
    """Tell whether a String, Array or Hash is an instance of that very class: frozen, or in another encoding."""
    from ..builtin import MADE
    from ..model import class_of

    cls = class_of(value)
    return cls is MADE.get("String") or cls is MADE.get("Array") or cls is MADE.get("Hash")


def write_core(value: Value, state: StateObject, out: list[str]) -> None:
    """Add the text of a value of a core class, also of a class below it."""
    if isinstance(value, Hash):
        write_hash(value, state, out)
    elif isinstance(value, Array):
        write_array(value, state, out)
    elif isinstance(value, String):
        out.append(state.quote(text_of(value)))
    else:
        write(value, state, out)


def write_hash(value: Hash, state: StateObject, out: list[str]) -> None:
    depth = deeper(state, value)
    if not value.d:
        out.append("{}")
        state.depth = depth - 1
        return
    quote = state.quote
    before = state.object_nl + state.indent * depth
    colon = f"{state.space_before}:{state.space}"
    mark = "{" + before
    for key, item in hash_items(value):
        out.append(mark)
        out.append(quote(key.s if key.__class__ is String and key.s.isascii() else key_text(key)))
        out.append(colon)
        write(item, state, out)
        mark = "," + before
    depth -= 1
    state.depth = depth
    out.append(state.object_nl + state.indent * depth + "}" if state.object_nl else "}")


def write_array(value: Array, state: StateObject, out: list[str]) -> None:
    depth = deeper(state, value)
    if not value.a:
        out.append("[]")
        state.depth = depth - 1
        return
    before = state.array_nl + state.indent * depth
    mark = "[" + before
    for item in value.a:
        out.append(mark)
        write(item, state, out)
        mark = "," + before
    depth -= 1
    state.depth = depth
    out.append(state.array_nl + state.indent * depth + "]" if state.array_nl else "]")


def write_other(value: Value, state: StateObject, out: list[str]) -> None:
    """Add what the `to_json` of an object answers."""
    if state.as_json is not None:
        converted = state.as_json(value, FALSE)
        if converted is value or not isinstance(converted, (String, Array, Hash, Symbol)) and not is_scalar(converted):
            raise not_allowed(value)
        write(converted, state, out)
        return
    if state.strict:
        raise not_allowed(value)
    if not respond_to(value, "to_json"):
        out.append(state.quote(text_of(send(value, ":to_s"))))
        return
    depth = state.depth
    text = send(value, ":to_json", None, state)
    state.depth = depth
    if not isinstance(text, String):
        raise error("TypeError", f"wrong argument type {conversion_name(text)} (expected String)")
    out.append(text_of(text))


def is_scalar(value: Value) -> bool:
    return value is None or value is TRUE or value is FALSE or value.__class__ in (int, float)


def not_allowed(value: Value) -> Raised:
    from ..model import ModuleValue

    shown = f"#<Class:{inspect_str(value)}>" if isinstance(value, ModuleValue) else conversion_name(value)
    return problem(f"{shown} not allowed in JSON", value)


def generate(value: Value, state: StateObject, writer: Any = write) -> String:
    """Return the JSON text of a value."""
    out: list[str] = []
    depth = state.depth
    try:
        writer(value, state, out)
    finally:
        state.depth = depth
    return String("".join(out))


def generic(value: Value, state: StateObject) -> String:
    """Return the text of an object without a `to_json` of its own: its `to_s`, quoted."""
    return String(state.quote(to_s(value)))
