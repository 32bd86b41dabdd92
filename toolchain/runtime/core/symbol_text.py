"""How symbols are written: which names need quotes, as literals and as the keys of a Hash."""

from __future__ import annotations

OPERATORS = frozenset(
    [
        "!", "!=", "!~", "%", "&", "*", "**", "+", "+@", "-", "-@", "/", "<", "<<", "<=", "<=>", "==", "===", "=~",
        ">", ">=", ">>", "[]", "[]=", "^", "`", "|", "~",
    ]
)  # fmt: skip
SPECIAL_GLOBALS = frozenset("~*$?!@/\\;,.=:<>\"&`'+0_")
# A key written `name: ` must not end in one of these, which would read as an operator.
OPERATOR_ENDS = frozenset("+-*/`%^&|]<=>~@")


def is_identifier(name: str) -> bool:
    """Return whether `name` is spelled like a local variable or constant. Every character above ASCII is a letter."""
    if name.isascii():
        return name.isidentifier()
    return not name[:1].isdigit() and all(char.isalnum() or char == "_" or char > "\x7f" for char in name)


def is_plain_symbol(name: str) -> bool:
    """Return whether `:name` is how the literal is written."""
    if is_identifier(name):
        return name.isascii() or is_printable(name)
    if not name.isascii() and not is_printable(name):
        return False
    if name in OPERATORS:
        return True
    first = name[:1]
    if first == "@":
        return is_identifier(name[2:] if name.startswith("@@") else name[1:])
    if first == "$":
        rest = name[1:]
        return (
            is_identifier(rest)
            or rest in SPECIAL_GLOBALS and len(rest) == 1
            or rest.isdigit() and (rest[0] != "0" or len(rest) == 1)
            or len(rest) == 2 and rest[0] == "-" and (rest[1].isalnum() or rest[1] == "_")
        )  # fmt: skip
    return name[-1:] in ("?", "!", "=") and is_identifier(name[:-1])


def is_printable(name: str) -> bool:
    from .string_inspect import is_printable as printable

    return name.isprintable() or all(printable(char) for char in name)


def symbol_literal(name: str) -> str:
    """Return `:name`, or `:"name"` with the escapes that it needs."""
    if is_plain_symbol(name):
        return ":" + name
    return ":" + quoted_name(name)


def quoted_name(name: str) -> str:
    from ..values import String
    from .string_inspect import quoted

    return quoted(String(name))


def symbol_key_text(name: str) -> str:
    """Return how Hash#inspect writes a Symbol key, with its colon: `a:`, `"a b":`."""
    if name.isidentifier() and name.isascii():
        return name + ":"
    if name[:1] in ("@", "$", "!") or name[-1:] in OPERATOR_ENDS or not is_plain_symbol(name):
        return quoted_name(name) + ":"
    return name + ":"
