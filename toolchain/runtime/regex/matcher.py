r"""Matches a tree by backtracking, for patterns beyond Python's `re`: recursion (`\g<name>`), absence, `\G` inside.

Every node becomes a function `m(at, next)`: it tries to match at position `at` and returns whether `next`, called with
the position behind, succeeded. Captures are put back when that fails.
"""

from __future__ import annotations

from .charset import WORD, contains, named_set
from .nodes import (
    Absent,
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
    from collections.abc import Callable
    from typing import Any

    from .nodes import Node
    from .syntax import Pattern

    Next = Callable[[int], bool]
    Match = Callable[[int, Next], bool]


class Spans:
    """A match: where each group matched, (-1, -1) for groups that did not."""

    __slots__ = ("spans",)

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans

    def span(self, number: int = 0) -> tuple[int, int]:
        return self.spans[number]

    def start(self, number: int = 0) -> int:
        return self.spans[number][0]

    def end(self, number: int = 0) -> int:
        return self.spans[number][1]


UNSET = (-1, -1)


class Matcher:
    """Compiled pattern; also holds the state of the match that is going on."""

    def __init__(self, pattern: Pattern) -> None:
        self.text = ""
        self.start = 0  # where the search began: \G
        self.keep = -1
        self.captures = [UNSET] * (len(pattern.groups) + 1)
        self.level = 0  # how many calls of groups we are in
        self.by_level: dict[tuple[int, int], tuple[int, int]] = {}  # (group, level) -> its last capture there
        self.bodies: dict[int, Match] = {}
        self.tree = pattern.tree
        self.program = self.compile(pattern.tree)

    def match(self, text: str, at: int) -> Spans | None:
        """Match at `at` only."""
        self.text, self.start, self.keep = text, at, -1
        return self.match_at(at)

    def search(self, text: str, at: int) -> Spans | None:
        """Return the first match at or behind `at`."""
        self.text, self.start = text, at
        for position in range(at, len(text) + 1):
            found = self.match_at(position)
            if found is not None:
                return found
        return None

    def match_at(self, at: int) -> Spans | None:
        self.captures = [UNSET] * len(self.captures)
        self.keep = -1
        self.level = 0
        self.by_level.clear()
        if not self.program(at, self.finish):
            return None
        end = self.captures[0][1]
        spans = list(self.captures)
        spans[0] = (self.keep if self.keep >= 0 else at, end)
        return Spans(spans)

    def finish(self, at: int) -> bool:
        self.captures[0] = (0, at)
        return True

    # --- nodes ---

    def compile(self, node: Node) -> Match:
        kind: Any = HANDLERS[node.__class__]
        compiled: Match = kind(self, node)
        return compiled

    def literal(self, node: Literal) -> Match:
        wanted, size = node.text, len(node.text)
        if node.icase:
            folded = wanted.lower()

            def match_fold(at: int, then: Next) -> bool:
                return self.text[at : at + size].lower() == folded and then(at + size)

            return match_fold

        def match(at: int, then: Next) -> bool:
            return self.text.startswith(wanted, at) and then(at + size)

        return match

    def one(self, node: Node) -> Callable[[str], bool]:
        """Return the test of a node that matches exactly one character."""
        if isinstance(node, Set):
            ranges = node.ranges
            return lambda char: contains(ranges, ord(char))
        if isinstance(node, Dot):
            return (lambda char: True) if node.newlines else (lambda char: char != "\n")
        assert isinstance(node, Literal)
        wanted = node.text.lower() if node.icase else node.text
        if node.icase:
            return lambda char: char.lower() == wanted
        return lambda char: char == wanted

    def single(self, node: Node) -> Match:
        test = self.one(node)

        def match(at: int, then: Next) -> bool:
            return at < len(self.text) and test(self.text[at]) and then(at + 1)

        return match

    def sequence(self, node: Sequence) -> Match:
        parts = [self.compile(item) for item in node.items]
        if not parts:
            return lambda at, then: then(at)

        def chain(first: Match, rest: Match) -> Match:
            return lambda at, then: first(at, lambda behind: rest(behind, then))

        result = parts[-1]
        for part in reversed(parts[:-1]):
            result = chain(part, result)
        return result

    def choice(self, node: Choice) -> Match:
        parts = [self.compile(item) for item in node.items]
        return lambda at, then: any(part(at, then) for part in parts)

    def group(self, node: Group) -> Match:
        if not node.number:
            return self.compile(node.body)
        number = node.number
        # Registered before the body is compiled, which may call the group.
        self.bodies[number] = lambda at, then: capture(at, then)
        body = self.compile(node.body)

        def capture(at: int, then: Next) -> bool:
            def close(end: int) -> bool:
                key = number, self.level
                before, before_here = self.captures[number], self.by_level.get(key, UNSET)
                self.captures[number] = self.by_level[key] = (at, end)
                if then(end):
                    return True
                self.captures[number], self.by_level[key] = before, before_here
                return False

            return body(at, close)

        return capture

    def call(self, node: Call) -> Match:
        number = node.number

        def match(at: int, then: Next) -> bool:
            def leave(end: int) -> bool:
                self.level -= 1
                if then(end):
                    return True
                self.level += 1
                return False

            self.level += 1
            if (self.bodies[number] if number else self.program)(at, leave):
                return True
            self.level -= 1
            return False

        return match

    def repeat(self, node: Repeat) -> Match:
        low, high = node.low, node.high
        if node.mode == "possessive":
            return self.atomic(Atomic(Repeat(node.body, low, high, "greedy")))
        if isinstance(node.body, (Set, Dot)) or isinstance(node.body, Literal) and len(node.body.text) == 1:
            return self.repeat_single(node)
        body = self.compile(node.body)
        lazy = node.mode == "lazy"

        def attempt(at: int, count: int, then: Next) -> bool:
            def again(behind: int) -> bool:
                # An empty round would go on for ever.
                return behind != at and attempt(behind, count + 1, then) or behind == at and then(behind)

            if count < low:
                return body(at, lambda behind: attempt(behind, count + 1, then))
            if lazy:
                return then(at) or (high < 0 or count < high) and body(at, again)
            return (high < 0 or count < high) and body(at, again) or then(at)

        return lambda at, then: attempt(at, 0, then)

    def repeat_single(self, node: Repeat) -> Match:
        test, low, high = self.one(node.body), node.low, node.high

        def greedy(at: int, then: Next) -> bool:
            text = self.text
            limit = len(text) if high < 0 else min(len(text), at + high)
            end = at
            while end < limit and test(text[end]):
                end += 1
            return any(then(position) for position in range(end, at + low - 1, -1))

        def lazy(at: int, then: Next) -> bool:
            text = self.text
            limit = len(text) if high < 0 else min(len(text), at + high)
            end = at
            while True:
                if end >= at + low and then(end):
                    return True
                if end >= limit or not test(text[end]):
                    return False
                end += 1

        return lazy if node.mode == "lazy" else greedy

    def once(self, body: Match, at: int) -> int:
        """Return the end of the first way in which `body` matches, -1 if it does not. Captures stay."""
        end = -1

        def stop(behind: int) -> bool:
            nonlocal end
            end = behind
            return True

        return end if body(at, stop) else -1

    def look(self, node: Look) -> Match:
        negative = node.negative
        choices = node.body.items if node.behind and isinstance(node.body, Choice) else [node.body]
        parts = [(self.compile(choice), widths(choice)[0] if node.behind else 0) for choice in choices]

        def match(at: int, then: Next) -> bool:
            saved = list(self.captures)
            found = any(width <= at and self.once(body, at - width) >= 0 for body, width in parts)
            if found == negative:
                self.captures[:] = saved
                return False
            if negative:
                self.captures[:] = saved
            if then(at):
                return True
            self.captures[:] = saved
            return False

        return match

    def atomic(self, node: Atomic) -> Match:
        body = self.compile(node.body)

        def match(at: int, then: Next) -> bool:
            saved = list(self.captures)
            end = self.once(body, at)
            if end >= 0 and then(end):
                return True
            self.captures[:] = saved
            return False

        return match

    def absent(self, node: Absent) -> Match:
        body = self.compile(node.body)

        def limit(at: int) -> int:
            """Return the end of the longest text from `at` on that has no match of the body in it."""
            nearest = len(self.text) + 1

            def note(end: int) -> bool:
                nonlocal nearest
                nearest = min(nearest, end)
                return False

            start = at
            while start < nearest and start <= len(self.text):
                body(start, note)
                start += 1
            return nearest - 1

        def match(at: int, then: Next) -> bool:
            return any(then(end) for end in range(limit(at), at - 1, -1))

        return match

    def keep_here(self, node: Keep) -> Match:
        def match(at: int, then: Next) -> bool:
            before = self.keep
            self.keep = at
            if then(at):
                return True
            self.keep = before
            return False

        return match

    def backref(self, node: Backref) -> Match:
        def match(at: int, then: Next) -> bool:
            for number in reversed(node.numbers):
                if node.level is None:
                    start, end = self.captures[number]
                else:
                    start, end = self.by_level.get((number, self.level + node.level), UNSET)
                if start < 0:
                    continue
                wanted = self.text[start:end]
                found = self.text[at : at + end - start]
                if found == wanted or node.icase and found.lower() == wanted.lower():
                    return then(at + end - start)
            return False

        return match

    def conditional(self, node: Conditional) -> Match:
        yes, no = self.compile(node.yes), self.compile(node.no)

        def match(at: int, then: Next) -> bool:
            matched = any(self.captures[number][0] >= 0 for number in node.numbers)
            return (yes if matched else no)(at, then)

        return match

    def anchor(self, node: Anchor) -> Match:
        test = getattr(self, "at_" + ANCHORS[node.kind])
        wanted = node.kind != "B"
        return lambda at, then: test(at) is wanted and then(at)

    def at_line_start(self, at: int) -> bool:
        return at == 0 or self.text[at - 1] == "\n" and at < len(self.text)

    def at_line_end(self, at: int) -> bool:
        return at == len(self.text) or self.text[at] == "\n"

    def at_start(self, at: int) -> bool:
        return at == 0

    def at_end(self, at: int) -> bool:
        return at == len(self.text)

    def at_last_line_end(self, at: int) -> bool:
        return at == len(self.text) or at == len(self.text) - 1 and self.text[at] == "\n"

    def at_search_start(self, at: int) -> bool:
        return at == self.start

    def at_word_edge(self, at: int) -> bool:
        before = at > 0 and is_word(self.text[at - 1])
        return before is not (at < len(self.text) and is_word(self.text[at]))


def is_word(char: str) -> bool:
    if char < "\x80":
        return contains(WORD, ord(char))
    return contains(named_set("word") or [], ord(char))


ANCHORS = {
    "^": "line_start", "$": "line_end", "A": "start", "z": "end", "Z": "last_line_end", "G": "search_start",
    "b": "word_edge", "B": "word_edge",
}  # fmt: skip

HANDLERS = {
    Literal: Matcher.literal,
    Set: Matcher.single,
    Dot: Matcher.single,
    Sequence: Matcher.sequence,
    Choice: Matcher.choice,
    Group: Matcher.group,
    Repeat: Matcher.repeat,
    Look: Matcher.look,
    Atomic: Matcher.atomic,
    Anchor: Matcher.anchor,
    Keep: Matcher.keep_here,
    Backref: Matcher.backref,
    Call: Matcher.call,
    Conditional: Matcher.conditional,
    Absent: Matcher.absent,
}
