"""The tree of a regular expression: what syntax.py makes, and translate.py and matcher.py read."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

    Node = Union[
        "Literal", "Set", "Dot", "Sequence", "Choice", "Group", "Repeat", "Look", "Atomic", "Anchor", "Keep",
        "Backref", "Call", "Conditional", "Absent",
    ]  # fmt: skip


class Literal:
    """Characters as they are; `icase`: in any case."""

    __slots__ = ("text", "icase")

    def __init__(self, text: str, icase: bool) -> None:
        self.text = text
        self.icase = icase


class Set:
    """One character of `ranges`, which has all cases in it under /i."""

    __slots__ = ("ranges",)

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self.ranges = ranges


class Dot:
    """Any character; without `newlines` any but a line feed."""

    __slots__ = ("newlines",)

    def __init__(self, newlines: bool) -> None:
        self.newlines = newlines


class Sequence:
    __slots__ = ("items",)

    def __init__(self, items: list[Node]) -> None:
        self.items = items


class Choice:
    __slots__ = ("items",)

    def __init__(self, items: list[Node]) -> None:
        self.items = items


class Group:
    """A capturing group. `number` is 0 where named groups make it a plain one."""

    __slots__ = ("number", "name", "body")

    def __init__(self, number: int, name: str | None) -> None:
        self.number = number
        self.name = name
        self.body: Node = Sequence([])


class Repeat:
    """`body` at least `low` times and at most `high` (-1: any number); `mode` is greedy, lazy or possessive."""

    __slots__ = ("body", "low", "high", "mode")

    def __init__(self, body: Node, low: int, high: int, mode: str) -> None:
        self.body = body
        self.low = low
        self.high = high
        self.mode = mode


class Look:
    """Look-ahead or (`behind`) look-behind, `negative` or not."""

    __slots__ = ("body", "behind", "negative")

    def __init__(self, body: Node, behind: bool, negative: bool) -> None:
        self.body = body
        self.behind = behind
        self.negative = negative


class Atomic:
    __slots__ = ("body",)

    def __init__(self, body: Node) -> None:
        self.body = body


class Anchor:
    """A place: `^ $ A z Z b B G`, named by its letter."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Keep:
    r"""`\K`: the match starts here."""

    __slots__ = ()


class Backref:
    """What a group has matched; of several groups (one name), the last that has matched.

    `level`: what it has matched so many calls (`\\g`) further in, from `\\k<name+level>`; None: last of all.
    """

    __slots__ = ("numbers", "name", "icase", "level")

    def __init__(self, numbers: list[int], name: str | None, icase: bool, level: int | None = None) -> None:
        self.numbers = numbers
        self.name = name
        self.icase = icase
        self.level = level


class Call:
    r"""`\g<name>`: match the pattern of a group here; number 0 is the whole pattern."""

    __slots__ = ("number", "name", "group")

    def __init__(self, number: int, name: str | None) -> None:
        self.number = number
        self.name = name
        self.group: Group | None = None


class Conditional:
    """`(?(n)yes|no)`."""

    __slots__ = ("numbers", "name", "yes", "no")

    def __init__(self, numbers: list[int], name: str | None, yes: Node, no: Node) -> None:
        self.numbers = numbers
        self.name = name
        self.yes = yes
        self.no = no


class Absent:
    """`(?~x)`: the longest text that has no match of x in it, or a shorter one."""

    __slots__ = ("body",)

    def __init__(self, body: Node) -> None:
        self.body = body


def widths(node: Node) -> tuple[int, int]:
    """Return the least and the largest number of characters that `node` can match, -1 for no limit."""
    if isinstance(node, Literal):
        return len(node.text), len(node.text)
    if isinstance(node, (Set, Dot)):
        return 1, 1
    if isinstance(node, Sequence):
        low, high = 0, 0
        for item in node.items:
            least, most = widths(item)
            low += least
            high = -1 if high < 0 or most < 0 else high + most
        return low, high
    if isinstance(node, Choice):
        pairs = [widths(item) for item in node.items]
        return min(low for low, _ in pairs), -1 if any(high < 0 for _, high in pairs) else max(h for _, h in pairs)
    if isinstance(node, (Group, Atomic)):
        return widths(node.body)
    if isinstance(node, Repeat):
        low, high = widths(node.body)
        return low * node.low, 0 if high == 0 else -1 if node.high < 0 or high < 0 else high * node.high
    if isinstance(node, Conditional):
        return widths(Choice([node.yes, node.no]))
    if isinstance(node, (Backref, Call, Absent)):
        return 0, -1
    return 0, 0
