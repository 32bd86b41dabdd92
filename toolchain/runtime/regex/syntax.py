"""Reads Ruby's regular expression syntax into the tree of nodes.py.

`parse` raises `SyntaxProblem` with Ruby's words; the source is added where the guest's RegexpError is made.
"""

from __future__ import annotations

from .charset import ALL, ESCAPES, complement, fold, intersection, named_set, posix_set, union
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
    from .nodes import Node

IGNORECASE, EXTENDED, MULTILINE, NO_ENCODING = 1, 2, 4, 32
MAX_REPEAT = 100000
CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
OCTAL = frozenset("01234567")
HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
NEWLINES = [(10, 13), (0x85, 0x85), (0x2028, 0x2029)]


class SyntaxProblem(Exception):  # noqa: N818 - becomes a RegexpError of the guest
    """The pattern is not well formed; the message is Ruby's, without the source."""


class Pattern:
    """What a source says: the tree, the capturing groups in order, and whether there are named ones."""

    __slots__ = ("tree", "groups", "names")

    def __init__(self, tree: Node, groups: list[Group], names: dict[str, list[int]]) -> None:
        self.tree = tree
        self.groups = groups
        self.names = names


def parse(source: str, flags: int) -> Pattern:
    """Return the pattern of `source`. Raises SyntaxProblem."""
    return Parser(source, flags).pattern()


class Parser:
    def __init__(self, source: str, flags: int) -> None:
        self.source = source
        self.size = len(source)
        self.at = 0
        self.icase = bool(flags & IGNORECASE)
        self.extended = bool(flags & EXTENDED)
        self.newlines = bool(flags & MULTILINE)
        self.bytes = bool(flags & NO_ENCODING)
        self.groups: list[Group] = []
        self.references: list[Backref | Call | Conditional] = []

    def pattern(self) -> Pattern:
        tree = self.alternatives()
        if self.at < self.size:
            raise SyntaxProblem("unmatched close parenthesis")
        names: dict[str, list[int]] = {}
        groups = self.groups
        if any(group.name for group in groups):
            groups = [group for group in groups if group.name]
            for group in self.groups:
                group.number = 0
            for number, group in enumerate(groups, 1):
                group.number = number
                names.setdefault(group.name or "", []).append(number)
        self.resolve(groups, names)
        return Pattern(tree, groups, names)

    def resolve(self, groups: list[Group], names: dict[str, list[int]]) -> None:
        """Give references the numbers of their groups."""
        for reference in self.references:
            if reference.name is not None:
                numbers = names.get(reference.name)
                if numbers is None:
                    raise SyntaxProblem(f"undefined name <{reference.name}> reference")
            elif names and not (isinstance(reference, Call) and reference.number == 0):
                raise SyntaxProblem("numbered backref/call is not allowed. (use name)")
            else:
                numbers = [reference.number] if isinstance(reference, Call) else reference.numbers
                if not 0 <= numbers[0] <= len(groups) or numbers[0] == 0 and not isinstance(reference, Call):
                    undefined = f"undefined group <{numbers[0]}> reference"
                    raise SyntaxProblem(undefined if isinstance(reference, Call) else "invalid backref number/name")
            if isinstance(reference, Call):
                if len(numbers) > 1:
                    raise SyntaxProblem(f"multiplex definition name <{reference.name}> call")
                reference.number = numbers[0]
                reference.group = groups[numbers[0] - 1] if numbers[0] else None
            else:
                reference.numbers = numbers

    # --- structure ---

    def peek(self, text: str) -> bool:
        return self.source.startswith(text, self.at)

    def alternatives(self) -> Node:
        """Read up to a closing parenthesis or the end."""
        choices = [self.sequence()]
        while self.at < self.size and self.source[self.at] == "|":
            self.at += 1
            choices.append(self.sequence())
        return choices[0] if len(choices) == 1 else Choice(choices)

    def sequence(self) -> Node:
        items: list[Node] = []
        while self.at < self.size:
            char = self.source[self.at]
            if char == "|" or char == ")":
                break
            if self.extended and self.skip_blanks():
                continue
            if self.peek("(?#"):
                self.skip_comment()
                continue
            atom = self.quantified(self.atom(char))
            last = items[-1] if items else None
            if isinstance(atom, Literal) and isinstance(last, Literal) and last.icase == atom.icase:
                items[-1] = Literal(last.text + atom.text, atom.icase)
            else:
                items.append(atom)
        return items[0] if len(items) == 1 else Sequence(items)

    def skip_blanks(self) -> bool:
        """Skip blanks and comments of an extended pattern; return whether there were any."""
        start = self.at
        while self.at < self.size:
            char = self.source[self.at]
            if char in " \t\n\r\f\v":
                self.at += 1
            elif char == "#":
                end = self.source.find("\n", self.at)
                self.at = self.size if end < 0 else end + 1
            else:
                break
        return self.at > start

    def skip_comment(self) -> None:
        at = self.at + 3
        while at < self.size and self.source[at] != ")":
            at += 2 if self.source[at] == "\\" else 1
        if at >= self.size:
            raise SyntaxProblem("end pattern in group")
        self.at = at + 1

    def quantified(self, atom: Node) -> Node:
        """Read the quantifiers behind an atom."""
        while self.at < self.size:
            if self.extended:
                self.skip_blanks()
            if self.peek("(?#"):
                self.skip_comment()
                continue
            if self.at >= self.size:
                break
            char = self.source[self.at]
            if char == "{":
                interval = self.interval()
                if interval is None:
                    break
                low, high, fixed = interval
                mode = "greedy"
                if self.peek("?"):
                    self.at += 1
                    if fixed:  # `x{2}?` is not lazy but optional
                        atom, low, high = Repeat(atom, low, high, "greedy"), 0, 1
                    else:
                        mode = "lazy"
            elif char in "*+?":
                self.at += 1
                low, high = {"*": (0, -1), "+": (1, -1), "?": (0, 1)}[char]
                mode = "greedy"
                if self.at < self.size and self.source[self.at] in "?+":
                    mode = "lazy" if self.source[self.at] == "?" else "possessive"
                    self.at += 1
            else:
                break
            atom = Repeat(atom, low, high, mode)
        return atom

    def interval(self) -> tuple[int, int, bool] | None:
        """Read `{n}`, `{n,}`, `{,m}` or `{n,m}` as (low, high, is it {n}); None, reading nothing, for other braces."""
        end = self.source.find("}", self.at)
        if end < 0:
            return None
        low, comma, high = self.source[self.at + 1 : end].partition(",")
        if not (low or high) or not all(part == "" or part.isdigit() and part.isascii() for part in (low, high)):
            return None
        least = int(low) if low else 0
        most = int(high) if high else -1 if comma else least
        if least > MAX_REPEAT or most > MAX_REPEAT:
            raise SyntaxProblem("too big number for repeat range")
        if 0 <= most < least:
            raise SyntaxProblem("upper is smaller than lower in repeat range")
        self.at = end + 1
        return least, most, not comma

    # --- atoms ---

    def atom(self, char: str) -> Node:
        if char == "(":
            return self.group()
        if char == "[":
            self.at += 1
            return Set(self.char_class())
        if char == "\\":
            return self.escape()
        if char in "*+?" or char == "{" and self.interval() is not None:
            raise SyntaxProblem("target of repeat operator is not specified")
        self.at += 1
        if char == ".":
            return Dot(self.newlines)
        if char == "^" or char == "$":
            return Anchor(char)
        return Literal(char, self.icase)

    def group(self) -> Node:
        source = self.source
        if not self.peek("(?"):
            self.at += 1
            return self.capture(None)
        self.at += 2
        if self.at >= self.size:
            raise SyntaxProblem("end pattern in group")
        char = source[self.at]
        self.at += 1
        if char == ":":
            return self.closed()
        if char == "=" or char == "!":
            return Look(self.closed(), False, char == "!")
        if char == ">":
            return Atomic(self.closed())
        if char == "~":
            return Absent(self.closed())
        if char == "<" and source[self.at : self.at + 1] in ("=", "!") and self.at < self.size:
            negative = source[self.at] == "!"
            self.at += 1
            return self.look_behind(negative)
        if char == "<" or char == "'":
            return self.capture(self.group_name(">" if char == "<" else "'"))
        if char == "(":
            return self.conditional()
        self.at -= 1
        return self.options()

    def closed(self) -> Node:
        """Read the rest of a group. Options set inside end with it."""
        options = self.icase, self.extended, self.newlines
        body = self.alternatives()
        if self.at >= self.size:
            raise SyntaxProblem("end pattern with unmatched parenthesis")
        self.at += 1
        self.icase, self.extended, self.newlines = options
        return body

    def capture(self, name: str | None) -> Group:
        group = Group(len(self.groups) + 1, name)
        self.groups.append(group)
        group.body = self.closed()
        return group

    def look_behind(self, negative: bool) -> Look:
        """Alternatives may differ in length at the top, nothing else may."""
        captures = len(self.groups)
        body = self.closed()
        for choice in body.items if isinstance(body, Choice) else [body]:
            low, high = widths(choice)
            if low != high:
                raise SyntaxProblem("invalid pattern in look-behind")
        if negative and len(self.groups) > captures:
            raise SyntaxProblem("invalid pattern in look-behind")
        return Look(body, True, negative)

    def group_name(self, close: str) -> str:
        end = self.source.find(close, self.at)
        name = self.source[self.at : end if end >= 0 else self.size]
        if not name:
            raise SyntaxProblem("group name is empty")
        if end < 0 or name[0].isdigit() or not (name[0].isalpha() or name[0] == "_"):
            raise SyntaxProblem(f"invalid group name <{name}>")
        self.at = end + 1
        return name

    def reference_name(self) -> tuple[str | None, int]:
        """Read the <name>, <number> or <-relative> of a reference, as (name, 0) or (None, number)."""
        close = ">" if self.source[self.at] == "<" else "'"
        end = self.source.find(close, self.at + 1)
        name = self.source[self.at + 1 : end if end >= 0 else self.size]
        if not name:
            raise SyntaxProblem("group name is empty")
        if end < 0:
            raise SyntaxProblem(f"invalid group name <{name}>")
        self.at = end + 1
        digits = name[1:] if name[0] in "+-" else name
        if digits.isdigit():
            number = int(digits)
            if name[0] == "-":
                number = len(self.groups) + 1 - number
                if number < 1:
                    raise SyntaxProblem("invalid backref number/name")
            elif name[0] == "+":
                number += len(self.groups)
            return None, number
        return name, 0

    def conditional(self) -> Conditional:
        close = self.source.find(")", self.at)
        test = self.source[self.at : close if close >= 0 else self.size]
        name: str | None = None
        number = 0
        if test[:1] in ("<", "'") and test:
            name, number = self.reference_name()
        elif test.isdigit():
            number = int(test)
            self.at = close
        else:
            raise SyntaxProblem("invalid conditional pattern")
        if not self.peek(")"):
            raise SyntaxProblem("invalid conditional pattern")
        self.at += 1
        body = self.closed()
        choices = body.items if isinstance(body, Choice) else [body]
        if len(choices) > 2:
            raise SyntaxProblem("invalid conditional pattern")
        result = Conditional([number], name, choices[0], choices[1] if len(choices) > 1 else Sequence([]))
        self.references.append(result)
        return result

    def options(self) -> Node:
        """Read `(?imx-imx)` or `(?imx-imx:...)` behind `(?`. Without a colon they hold up to the end of the group."""
        saved = self.icase, self.extended, self.newlines
        on = True
        while True:
            if self.at >= self.size:
                raise SyntaxProblem("end pattern in group")
            char = self.source[self.at]
            self.at += 1
            if char == "-":
                on = False
            elif char == "i":
                self.icase = on
            elif char == "x":
                self.extended = on
            elif char == "m":
                self.newlines = on
            elif char in "adu" and on:
                pass
            elif char == ")":
                # The alternatives that follow belong to it: a(?i)b|c is a(?i:b|c).
                body = self.alternatives()
                self.icase, self.extended, self.newlines = saved
                return body
            elif char == ":":
                body = self.closed()
                self.icase, self.extended, self.newlines = saved
                return body
            else:
                raise SyntaxProblem("undefined group option")

    # --- escapes ---

    def escape(self) -> Node:
        source = self.source
        if self.at + 1 >= self.size:
            raise SyntaxProblem("too short escape sequence")
        char = source[self.at + 1]
        following = source[self.at + 2 : self.at + 3]
        if char in "AzZbBG":
            self.at += 2
            return Anchor(char)
        if char in "dDwWsShH":
            self.at += 2
            ranges = ESCAPES[char.lower()]
            return Set(complement(ranges) if char.isupper() else ranges)
        if char == "R":
            self.at += 2
            return Atomic(Choice([Literal("\r\n", False), Set(NEWLINES)]))
        if char == "X":
            from .graphemes import CLUSTER

            self.at += 2
            return Atomic(parse(CLUSTER, EXTENDED).tree)
        if char == "K":
            self.at += 2
            return Keep()
        if char in "pP" and following == "{":
            return Set(self.property())
        if char == "k" and following in ("<", "'") and following:
            self.at += 2
            name, number = self.reference_name()
            level = None
            if name is not None and name.rstrip("0123456789")[-1:] in ("+", "-"):
                stem = name.rstrip("0123456789")
                level = int(name[len(stem) - 1 :])
                name = stem[:-1]
            reference = Backref([number], name, self.icase, level)
            self.references.append(reference)
            return reference
        if char == "g" and following in ("<", "'") and following:
            self.at += 2
            name, number = self.reference_name()
            call = Call(number, name)
            self.references.append(call)
            return call
        if char in "123456789":
            return self.numbered()
        return Literal(self.escaped_char(), self.icase)

    def numbered(self) -> Node:
        r"""Read `\n`: a reference, or from 10 on an octal escape if there are not so many groups."""
        end = self.at + 1
        while end < self.size and self.source[end].isdigit() and self.source[end].isascii():
            end += 1
        number = int(self.source[self.at + 1 : end])
        if number > 9 and number > self.source.count("("):
            if self.source[self.at + 1] in OCTAL:
                return Literal(self.escaped_char(), self.icase)
            self.at += 2
            return Literal(self.source[self.at - 1], self.icase)
        self.at = end
        reference = Backref([number], None, self.icase)
        self.references.append(reference)
        return reference

    def escaped_char(self) -> str:
        r"""Read an escape that stands for characters: \n \x41 \u{61 62} \cA \101, or any other character itself."""
        source = self.source
        self.at += 1
        if self.at >= self.size:
            raise SyntaxProblem("too short escape sequence")
        char = source[self.at]
        self.at += 1
        if char in CONTROL:
            return CONTROL[char]
        if char == "x":
            return self.bytes_escape()
        if char == "u":
            return self.unicode_escape()
        if char == "c" or char == "C" and self.peek("-"):
            if char == "C":
                self.at += 1
            if self.at >= self.size:
                raise SyntaxProblem("too short control escape")
            if source[self.at] == "\\":
                return chr(ord(self.escaped_char()[0]) & 0x1F)
            self.at += 1
            return "\x7f" if source[self.at - 1] == "?" else chr(ord(source[self.at - 1]) & 0x1F)
        if char == "M" and self.peek("-"):
            self.at += 1
            if self.at >= self.size:
                raise SyntaxProblem("too short meta escape")
            if source[self.at] == "\\":
                return self.byte_char((ord(self.escaped_char()[0]) & 0xFF) | 0x80)
            self.at += 1
            return self.byte_char(ord(source[self.at - 1]) & 0xFF | 0x80)
        if char in OCTAL:
            end = self.at
            while end < self.size and end < self.at + 2 and source[end] in OCTAL:
                end += 1
            code = int(source[self.at - 1 : end], 8)
            self.at = end
            return self.byte_char(code & 0xFF)
        return char

    def byte_char(self, code: int) -> str:
        return chr(code) if code < 128 or self.bytes else chr(0xDC00 + code)

    def bytes_escape(self) -> str:
        r"""Read the digits of `\x`, and of those behind it where several bytes make one character."""
        data = bytearray()
        at = self.at
        while True:
            end = at
            while end < self.size and end < at + 2 and self.source[end] in HEX_DIGITS:
                end += 1
            if end == at:
                if not data:
                    raise SyntaxProblem("invalid hex escape")
                break
            data.append(int(self.source[at:end], 16))
            self.at = end
            if data[0] < 0x80 or self.bytes or not self.source.startswith("\\x", end):
                break
            at = end + 2
            text = data.decode("utf-8", "surrogateescape")
            if len(text) == 1 and not "\udc80" <= text <= "\udcff":
                break
        if self.bytes:
            return data.decode("latin-1")
        return data.decode("utf-8", "surrogateescape")

    def unicode_escape(self) -> str:
        source = self.source
        if self.peek("{"):
            end = source.find("}", self.at)
            items = source[self.at + 1 : end if end >= 0 else self.size].split()
            if end < 0 or not items or not all(HEX_DIGITS.issuperset(item) for item in items):
                raise SyntaxProblem("invalid Unicode escape")
            codes = [int(item, 16) for item in items]
            self.at = end + 1
        else:
            digits = source[self.at : self.at + 4]
            if len(digits) < 4 or not HEX_DIGITS.issuperset(digits):
                raise SyntaxProblem("invalid Unicode escape")
            codes = [int(digits, 16)]
            self.at += 4
        if any(code > 0x10FFFF or 0xD800 <= code <= 0xDFFF for code in codes):
            raise SyntaxProblem("invalid Unicode range")
        return "".join(map(chr, codes))

    def property(self) -> list[tuple[int, int]]:
        r"""Read `\p{name}`, `\p{^name}` or `\P{name}`."""
        negated = self.source[self.at + 1] == "P"
        end = self.source.find("}", self.at)
        if end < 0:
            raise SyntaxProblem(f"invalid character property name {{{self.source[self.at + 3 :][:-1]}}}")
        name = self.source[self.at + 3 : end]
        if name.startswith("^"):
            negated = not negated
        ranges = named_set(name.lstrip("^"))
        if ranges is None:
            raise SyntaxProblem(f"invalid character property name {{{name}}}")
        self.at = end + 1
        return complement(ranges) if negated else ranges

    # --- character classes ---

    def char_class(self) -> list[tuple[int, int]]:
        """Read a class behind its `[`."""
        source = self.source
        negated = self.peek("^")
        if negated:
            self.at += 1
        if self.peek("]") and source.find("]", self.at + 1) < 0:
            raise SyntaxProblem("empty char-class")
        ranges: list[tuple[int, int]] = []
        others = ALL  # what `&&` on the left leaves
        first = True
        while True:
            if self.at >= self.size:
                raise SyntaxProblem("premature end of char-class")
            char = source[self.at]
            if char == "]" and not first:
                self.at += 1
                break
            first = False
            if self.peek("&&"):
                self.at += 2
                others = intersection(others, union(ranges))
                ranges = []
                continue
            ranges += self.class_item(char)
        result = intersection(others, union(ranges))
        return complement(result) if negated else result

    def class_item(self, char: str) -> list[tuple[int, int]]:
        """Read a character, a range, an escape or a nested class."""
        if char == "[":
            if self.peek("[:"):
                posix = self.posix()
                if posix is not None:
                    return posix
            self.at += 1
            return self.char_class()
        start = self.class_char(char)
        if not isinstance(start, str):
            if self.peek("-") and self.source[self.at + 1 : self.at + 2] not in ("]", ""):
                raise SyntaxProblem("unmatched range specifier in char-class")
            return start
        follows = self.source[self.at + 1 : self.at + 2]
        if not self.peek("-") or follows == "]" or not follows or self.source.startswith("-&&", self.at):
            return self.chars_set(start)
        if follows == "[":
            return self.chars_set(start)
        self.at += 1
        stop = self.class_char(follows)
        if not isinstance(stop, str):
            raise SyntaxProblem("char-class value at end of range")
        if ord(stop[0]) < ord(start[-1]):
            raise SyntaxProblem("empty range in char class")
        chars = [(ord(char), ord(char)) for char in start[:-1] + stop[1:]]
        ranges = union([*chars, (ord(start[-1]), ord(stop[0]))])
        return fold(ranges) if self.icase else ranges

    def chars_set(self, chars: str) -> list[tuple[int, int]]:
        ranges = [(ord(char), ord(char)) for char in chars]
        return fold(ranges) if self.icase else ranges

    def class_char(self, char: str) -> str | list[tuple[int, int]]:
        """Read a character (or several: `\\u{61 62}`) of a class, or the set of an escape."""
        if char != "\\":
            self.at += 1
            return char
        if self.at + 1 >= self.size:
            raise SyntaxProblem("too short escape sequence")
        letter = self.source[self.at + 1]
        if letter in "dDwWsShH":
            self.at += 2
            ranges = ESCAPES[letter.lower()]
            return complement(ranges) if letter.isupper() else ranges
        if letter in "pP" and self.source[self.at + 2 : self.at + 3] == "{":
            return self.property()
        if letter == "b":
            self.at += 2
            return "\b"
        if letter == "R":
            self.at += 2
            return "R"
        return self.escaped_char()

    def posix(self) -> list[tuple[int, int]] | None:
        """Read `[:name:]` or `[:^name:]`; None, reading nothing, if it is not of that form."""
        end = self.source.find(":]", self.at + 2)
        if end < 0:
            return None
        name = self.source[self.at + 2 : end]
        negated = name.startswith("^")
        if negated:
            name = name[1:]
        if not name.isalpha():
            return None
        ranges = posix_set(name)
        if ranges is None:
            raise SyntaxProblem("invalid POSIX bracket type")
        self.at = end + 2
        return complement(ranges) if negated else fold(ranges) if self.icase else ranges
