"""Templates of pack and unpack: which directives there are, and how a template is read."""

from __future__ import annotations

from ..errors import error

# Directive -> (bytes, signed) for integers in the machine's order, which is little-endian here.
INTEGERS = {
    "c": (1, True), "C": (1, False), "s": (2, True), "S": (2, False), "i": (4, True), "I": (4, False),
    "l": (4, True), "L": (4, False), "q": (8, True), "Q": (8, False), "j": (8, True), "J": (8, False),
}  # fmt: skip
# Directive -> (bytes, byte order) for integers with an order of their own, which have no sign.
ORDERED = {"n": (2, "big"), "N": (4, "big"), "v": (2, "little"), "V": (4, "little")}
# Directive -> format of the struct module.
FLOATS = {"d": "<d", "D": "<d", "f": "<f", "F": "<f", "e": "<f", "E": "<d", "g": ">f", "G": ">d"}
OTHERS = "aAZbBhHUwmMux@X"
NATIVE_LONG = 8  # bytes of `l!`
STAR = -1


class Directive:
    """One item of a template. `count` is 1 without a number (`given` is false then) and STAR for `*`."""

    __slots__ = ("type", "count", "given", "size", "signed", "order")

    def __init__(self, type_: str) -> None:
        self.type = type_
        self.count = 1
        self.given = False
        self.size, self.signed = INTEGERS.get(type_, (0, False))
        self.order = "little"
        if type_ in ORDERED:
            self.size, self.order = ORDERED[type_]


TEMPLATES: dict[tuple[str, str], list[Directive]] = {}


def read_template(text: str, action: str) -> list[Directive]:
    """Return the directives of a template, which is read once. ArgumentError of the guest."""
    key = (text, action)
    found = TEMPLATES.get(key)
    if found is None:
        if len(TEMPLATES) >= 256:
            TEMPLATES.clear()
        found = TEMPLATES[key] = parse_template(text, action)
    return found


def parse_template(text: str, action: str) -> list[Directive]:
    """Read the directives; blanks and comments are skipped. `action`: pack or unpack."""
    result = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char.isspace() or char == "\0":
            continue
        if char == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end + 1
            continue
        if char not in INTEGERS and char not in ORDERED and char not in FLOATS and char not in OTHERS:
            raise error("ArgumentError", f"unknown {action} directive '{char}' in '{text}'")
        directive = Directive(char)
        while at < len(text) and text[at] in "_!<>":
            modifier = text[at]
            if char not in "sSiIlLqQjJ":
                raise error("ArgumentError", f"'{modifier}' allowed only after types sSiIlLqQjJ")
            if modifier in "_!" and char in "lL":
                directive.size = NATIVE_LONG
            elif modifier == ">":
                directive.order = "big"
            at += 1
        if text[at : at + 1] == "*":
            directive.count = STAR
            directive.given = True
            at += 1
        else:
            end = at
            while end < len(text) and text[end].isdigit():
                end += 1
            if end > at:
                directive.count = int(text[at:end])
                directive.given = True
                at = end
        result.append(directive)
    return result
