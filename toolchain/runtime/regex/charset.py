"""Sets of characters as sorted lists of disjoint ranges of code points, and the named sets of Ruby's syntax.

The letters of escapes (`\\d \\w \\s \\h`) mean ASCII only; POSIX brackets and properties mean Unicode.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

LAST = 0x10FFFF
ALL = [(0, LAST)]

DIGIT = [(48, 57)]
WORD = [(48, 57), (65, 90), (95, 95), (97, 122)]
SPACE = [(9, 13), (32, 32)]
HEX = [(48, 57), (65, 70), (97, 102)]
ESCAPES: dict[str, list[tuple[int, int]]] = {"d": DIGIT, "w": WORD, "s": SPACE, "h": HEX}

# What [[:punct:]] has in addition to \\p{Punct}.
ASCII_SYMBOLS = [(ord(char), ord(char)) for char in "$+<=>^`|~"]
WHITE_SPACE = [
    (9, 13), (32, 32), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
]  # fmt: skip
SURROGATES = [(0xD800, 0xDFFF)]

POSIX = (
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
)  # fmt: skip

# Sets that are unions of other sets. Values name keys of unicode_data.RANGES or of this table.
UNIONS = {
    "alpha": "alphabetic",
    "alnum": "alphabetic nd",
    "lower": "lowercase",
    "upper": "uppercase",
    "digit": "nd",
    "cntrl": "cc",
    "word": "alphabetic mn mc me nd pc joincontrol",
    "punct": "p",
    "c": "cc cf cn co cs",
    "l": "lu ll lt lm lo",
    "lc": "lu ll lt",
    "m": "mn mc me",
    "n": "nd nl no",
    "p": "pc pd ps pe pi pf po",
    "s": "sm sc sk so",
    "z": "zs zl zp",
    "other": "c", "control": "cc", "format": "cf", "unassigned": "cn", "privateuse": "co", "surrogate": "cs",
    "letter": "l", "casedletter": "lc", "uppercaseletter": "lu", "lowercaseletter": "ll", "titlecaseletter": "lt",
    "modifierletter": "lm", "otherletter": "lo",
    "mark": "m", "combiningmark": "m", "nonspacingmark": "mn", "spacingmark": "mc", "enclosingmark": "me",
    "number": "n", "decimalnumber": "nd", "letternumber": "nl", "othernumber": "no",
    "punctuation": "p", "connectorpunctuation": "pc", "dashpunctuation": "pd", "openpunctuation": "ps",
    "closepunctuation": "pe", "initialpunctuation": "pi", "finalpunctuation": "pf", "otherpunctuation": "po",
    "symbol": "s", "mathsymbol": "sm", "currencysymbol": "sc", "modifiersymbol": "sk", "othersymbol": "so",
    "separator": "z", "spaceseparator": "zs", "lineseparator": "zl", "paragraphseparator": "zp",
    "arab": "arabic", "armn": "armenian", "cyrl": "cyrillic", "deva": "devanagari", "geor": "georgian",
    "grek": "greek", "hang": "hangul", "hani": "han", "hebr": "hebrew", "hira": "hiragana", "kana": "katakana",
    "latn": "latin", "zyyy": "common", "zinh": "inherited", "qaai": "inherited", "thaa": "thaana",
    "graphemeclusterbreak=prepend": "gcb=prepend", "graphemeclusterbreak=extend": "gcb=extend",
    "graphemeclusterbreak=spacingmark": "gcb=spacingmark", "graphemeclusterbreak=control": "gcb=control",
    "graphemeclusterbreak=l": "gcb=l", "graphemeclusterbreak=v": "gcb=v", "graphemeclusterbreak=t": "gcb=t",
}  # fmt: skip

CACHE: dict[str, list[tuple[int, int]]] = {}


def union(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return any ranges as a set: sorted, with touching ones joined."""
    result: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if result and first <= result[-1][1] + 1:
            if last > result[-1][1]:
                result[-1] = (result[-1][0], last)
        else:
            result.append((first, last))
    return result


def complement(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result = []
    start = 0
    for first, last in ranges:
        if first > start:
            result.append((start, first - 1))
        start = last + 1
    if start <= LAST:
        result.append((start, LAST))
    return result


def intersection(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result = []
    i = j = 0
    while i < len(left) and j < len(right):
        first = max(left[i][0], right[j][0])
        last = min(left[i][1], right[j][1])
        if first <= last:
            result.append((first, last))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return result


def unpack(text: str) -> list[tuple[int, int]]:
    """Return the ranges of a row of unicode_data."""
    result = []
    at = 0
    for item in text.split():
        gap, _, length = item.partition(":")
        first = at + int(gap, 16)
        at = first + (int(length, 16) if length else 1)
        result.append((first, at - 1))
    return result


def named_set(name: str) -> list[tuple[int, int]] | None:
    """Return the set of a POSIX bracket or property in Ruby's spelling (case, spaces, - and _ do not matter)."""
    key = name.lower().replace("_", "").replace("-", "").replace(" ", "")
    ranges = CACHE.get(key)
    if ranges is None:
        ranges = compute(key)
        if ranges is not None:
            CACHE[key] = ranges
    return ranges


def posix_set(name: str) -> list[tuple[int, int]] | None:
    """Return the set of `[:name:]`."""
    if name not in POSIX:
        return None
    return union([*known("punct"), *ASCII_SYMBOLS]) if name == "punct" else known(name)


def known(key: str) -> list[tuple[int, int]]:
    ranges = named_set(key)
    assert ranges is not None, key
    return ranges


def compute(key: str) -> list[tuple[int, int]] | None:
    if key in UNIONS:
        return union([pair for part in UNIONS[key].split() for pair in known(part)])
    if key in ("space", "whitespace"):
        return WHITE_SPACE
    if key == "any":
        return ALL
    if key == "ascii":
        return [(0, 127)]
    if key == "xdigit" or key == "hexdigit":
        return HEX
    if key == "blank":
        return union([(9, 9), *known("zs")])
    if key == "joincontrol":
        return [(0x200C, 0x200D)]
    if key == "cs":
        return SURROGATES
    if key == "cn":
        from .unicode_data import RANGES

        categories = [text for name, text in RANGES.items() if len(name) == 2]
        return complement(union([*SURROGATES, *[pair for text in categories for pair in unpack(text)]]))
    if key == "assigned":
        return complement(known("cn"))
    if key == "graph":
        return complement(union([*WHITE_SPACE, *known("cc"), *known("cn"), *SURROGATES]))
    if key == "print":
        return union([*known("graph"), *known("zs")])
    from .unicode_data import RANGES

    text = RANGES.get(key)
    return None if text is None else unpack(text)


def fold(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the set with the other cases of its letters, as a class under /i matches them."""
    extra: list[tuple[int, int]] = []
    for first, last in ranges:
        low, high = max(first, 65), min(last, 90)
        if low <= high:
            extra.append((low + 32, high + 32))
        low, high = max(first, 97), min(last, 122)
        if low <= high:
            extra.append((low - 32, high - 32))
        for letter, other in ((75, 0x212A), (107, 0x212A), (83, 0x17F), (115, 0x17F)):
            if first <= letter <= last:
                extra.append((other, other))
        if last > 127 and last - first < 2000:
            for code in range(max(first, 128), last + 1):
                char = chr(code)
                for other_case in (char.lower(), char.upper()):
                    if len(other_case) == 1 and other_case != char:
                        extra.append((ord(other_case), ord(other_case)))
    return union([*ranges, *extra])


def contains(ranges: list[tuple[int, int]], code: int) -> bool:
    """Return whether the set has `code`, by bisection."""
    low, high = 0, len(ranges)
    while low < high:
        middle = (low + high) // 2
        if ranges[middle][1] < code:
            low = middle + 1
        else:
            high = middle
    return low < len(ranges) and ranges[low][0] <= code
