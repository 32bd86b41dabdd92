"""Writes a pattern for Python's `re` that matches what the tree of a Ruby pattern matches.

Groups of Ruby keep no numbers there: a group that is called (`\\g<name>`) is written again at each call, and atomic
groups take a group of their own. `groups` maps a number of Ruby to the numbers in Python, the last written first.
"""

from __future__ import annotations

import sys

from .charset import complement, intersection
from .nodes import (
    Anchor,
    Atomic,
    Backref,
    Call,
    Choice,
    Conditional,
    Dot,
    Group,
    Keep,
    Literal,
    Look,
    Repeat,
    Sequence,
    Set,
    widths,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .nodes import Node
    from .syntax import Pattern

SPECIAL = frozenset("\\.^$*+?{}[]()|#&~- \t\n\r\v\f")
CLASS_SPECIAL = frozenset("\\]^-[&~|")
# From this number of ranges on, a set is cut to ASCII for texts in ASCII.
MANY = 16
NATIVE_POSSESSIVE = sys.version_info >= (3, 11)
# PyPy's `re` repeats the empty text for ever where as little as possible is to be matched, without limit.
ENDLESS_LAZY = sys.implementation.name == "pypy"


class Untranslatable(Exception):  # noqa: N818 - sends the pattern to our own matcher
    """Python's `re` cannot match this pattern."""


def escape(text: str) -> str:
    return "".join(["\\" + char if char in SPECIAL else char for char in text])


def class_char(code: int) -> str:
    char = chr(code)
    return "\\" + char if char in CLASS_SPECIAL else char


def class_text(ranges: list[tuple[int, int]]) -> str:
    parts = []
    for first, last in ranges:
        if first == last:
            parts.append(class_char(first))
        elif last == first + 1:
            parts.append(class_char(first) + class_char(last))
        else:
            parts.append(f"{class_char(first)}-{class_char(last)}")
    return "".join(parts)


def has_case(node: Node) -> bool:
    """Return whether a literal or reference below `node` matches without regard to case."""
    if isinstance(node, (Literal, Backref)):
        return node.icase
    if isinstance(node, (Sequence, Choice)):
        return any(has_case(item) for item in node.items)
    if isinstance(node, Conditional):
        return has_case(node.yes) or has_case(node.no)
    body = getattr(node, "body", None)
    return body is not None and has_case(body)


class Translation:
    """`text` and `flags` are for `re.compile`; `cut`: it serves ASCII texts only, there is a wider one."""

    def __init__(self, pattern: Pattern, ascii_only: bool) -> None:
        self.ascii_only = ascii_only
        self.cut = False
        self.count = 0
        self.groups: dict[int, list[int]] = {}
        self.keep = 0  # the empty group that marks where the match starts, 0 if there is no \K
        self.sticky = False  # matches only where the search starts (a leading \G)
        self.active: list[Group] = []
        tree = pattern.tree
        items: list[Node] = tree.items if isinstance(tree, Sequence) else [tree]
        if items and isinstance(items[0], Anchor) and items[0].kind == "G":
            self.sticky = True
            tree = Sequence(items[1:])
        # Case is ignored in the whole pattern or in single literals; sets have both cases in them.
        self.icase = has_case(tree)
        self.text = self.emit(tree, False)

    def plain(self) -> bool:
        """Return whether the groups have the same numbers in both patterns."""
        return not self.keep and all(numbers == [number] for number, numbers in self.groups.items())

    def emit(self, node: Node, follows: bool) -> str:
        """Return the pattern of `node`; `follows`: at least one character must match behind it."""
        if isinstance(node, Literal):
            return self.literal(node)
        if isinstance(node, Set):
            return self.set(node.ranges)
        if isinstance(node, Dot):
            return "(?s:.)" if node.newlines else "."
        if isinstance(node, Sequence):
            parts = []
            for item in reversed(node.items):
                parts.append((item, follows))
                follows = follows or widths(item)[0] > 0
            # In reverse, but groups are numbered in order.
            return "".join([self.closed(item, behind) for item, behind in reversed(parts)])
        if isinstance(node, Choice):
            return "|".join([self.emit(item, follows) for item in node.items])
        if isinstance(node, Group):
            return self.group(node, follows)
        if isinstance(node, Repeat):
            return self.repeat(node, follows)
        if isinstance(node, Look):
            return self.look(node)
        if isinstance(node, Atomic):
            return self.atomic(self.emit, node.body, False)
        if isinstance(node, Anchor):
            return self.anchor(node.kind, follows)
        if isinstance(node, Keep):
            self.count += 1
            self.keep = self.count
            return "()"
        if isinstance(node, Backref):
            return self.backref(node)
        if isinstance(node, Call):
            if node.group is None:
                raise Untranslatable
            return self.group(node.group, follows)
        if isinstance(node, Conditional):
            numbers = [number for group in node.numbers for number in self.groups.get(group, [])]
            if len(numbers) != 1:
                raise Untranslatable
            yes, no = self.closed(node.yes, False), self.closed(node.no, False)
            return f"(?({numbers[0]}){yes}|{no})"
        raise Untranslatable

    def closed(self, node: Node, follows: bool) -> str:
        """Return the pattern of `node` as a part of a sequence."""
        text = self.emit(node, follows)
        return f"(?:{text})" if isinstance(node, Choice) else text

    def literal(self, node: Literal) -> str:
        text = escape(node.text)
        if node.icase and ("i" in node.text or "I" in node.text):
            # To Python, i without a dot is another case of i.
            text = DOTTED.join([escape(part) for part in node.text.replace("I", "i").split("i")])
        if node.icase == self.icase or node.text.lower() == node.text.upper():
            return text
        return f"(?{'i' if node.icase else '-i'}:{text})"

    def set(self, ranges: list[tuple[int, int]]) -> str:
        rest = complement(ranges)
        if not rest:
            return "(?s:.)"
        sign = ""
        if len(rest) < len(ranges):
            ranges, sign = rest, "^"
        if len(ranges) > MANY:
            self.cut = True
            if self.ascii_only:
                ranges = intersection(ranges, [(0, 127)])
        if not ranges:
            return "(?s:.)" if sign else "(?!)"
        text = f"[{sign}{class_text(ranges)}]"
        return f"(?-i:{text})" if self.icase else text

    def group(self, group: Group, follows: bool) -> str:
        if any(active is group for active in self.active):
            raise Untranslatable  # recursion
        if not group.number:
            return f"(?:{self.emit(group.body, follows)})"
        self.count += 1
        self.groups.setdefault(group.number, []).insert(0, self.count)
        self.active.append(group)
        text = f"({self.emit(group.body, follows)})"
        self.active.pop()
        return text

    def repeat(self, node: Repeat, follows: bool) -> str:
        if node.mode == "possessive":
            single = isinstance(node.body, (Set, Dot)) or isinstance(node.body, Literal) and len(node.body.text) == 1
            if single and NATIVE_POSSESSIVE:
                return self.quantified(node, follows) + "+"
            return self.atomic(self.quantified_node, node, follows)
        if ENDLESS_LAZY and node.mode == "lazy" and node.high < 0 and widths(node.body)[0] == 0:
            raise Untranslatable
        return self.quantified(node, follows) + ("?" if node.mode == "lazy" else "")

    def quantified_node(self, node: Node, follows: bool) -> str:
        assert isinstance(node, Repeat)
        return self.quantified(node, follows)

    def quantified(self, node: Repeat, follows: bool) -> str:
        body = node.body
        text = self.emit(body, follows)
        # Behind a group, a set or one character a quantifier can stand as it is.
        if not (isinstance(body, (Set, Dot, Group)) or isinstance(body, Literal) and len(body.text) == 1):
            text = f"(?:{text})"
        low, high = node.low, node.high
        if (low, high) in QUANTIFIERS:
            return text + QUANTIFIERS[low, high]
        if low == high:
            return f"{text}{{{low}}}"
        return f"{text}{{{low},{'' if high < 0 else high}}}"

    def look(self, node: Look) -> str:
        sign = "!" if node.negative else "="
        if not node.behind:
            return f"(?{sign}{self.emit(node.body, False)})"
        # Each alternative has one width; Python wants that of the whole.
        choices = node.body.items if isinstance(node.body, Choice) else [node.body]
        texts = [f"(?<{sign}{self.emit(choice, False)})" for choice in choices]
        if node.negative or len(texts) == 1:
            return "".join(texts)
        return f"(?:{'|'.join(texts)})"

    def atomic(self, emit: object, body: Node, follows: bool) -> str:
        """A look-ahead is never tried again: what it has captured is then matched."""
        self.count += 1
        number = self.count
        text = emit(body, follows)  # type: ignore[operator]
        return f"(?:(?=({text}))\\{number})"

    def anchor(self, kind: str, follows: bool) -> str:
        if kind == "^":
            # Python's ^ matches behind a line feed at the very end as well.
            return "^" if follows else r"(?:^(?!\Z)|\A)"
        if kind == "G":
            raise Untranslatable
        # Python's \B does not match in an empty text.
        return {"$": "$", "A": r"\A", "z": r"\Z", "Z": r"(?=\n?\Z)", "b": r"\b", "B": r"(?!\b)"}[kind]

    def backref(self, node: Backref) -> str:
        if node.level is not None:
            raise Untranslatable
        numbers = sorted((n for group in node.numbers for n in self.groups.get(group, [])), reverse=True)
        if not numbers:
            raise Untranslatable
        text = "|".join(f"\\{number}" for number in numbers)
        if node.icase == self.icase:
            return f"(?:{text})"
        return f"(?{'i' if node.icase else '-i'}:{text})"


DOTTED = "(?-i:[Ii])"
QUANTIFIERS = {(0, -1): "*", (1, -1): "+", (0, 1): "?"}
