"""Bytes in a source text that are no UTF-8. They are errors, but for comments, regular expressions, and texts that name
another encoding.

Such bytes are surrogates in the text (`bytes.decode("utf-8", "surrogateescape")`), which the parser takes for letters.
This looks at its result, so that texts in order pay nothing.
"""

from __future__ import annotations

import re
from itertools import islice

from .. import ast
from ..errors import MAX_ERRORS, Error

_INVALID = re.compile("[\udc80-\udcff]")
_ENCODING = re.compile(r"(?:#!.*\n)?[ \t]*#.*?coding[:=][ \t]*(?!utf-?8)", re.IGNORECASE).match
_COMMENT_BLOCK = re.compile(r"^=begin\b.*?^=end\b", re.MULTILINE | re.DOTALL).finditer
_TEXTS = (ast.StringLiteral, ast.InterpolatedString, ast.XString, ast.Symbol, ast.InterpolatedSymbol)


def invalid_bytes(source: str, block: ast.Node) -> list[Error]:
    """Return errors for the first invalid bytes of a source text, of which `block` is the tree."""
    if source.isascii() or _INVALID.search(source) is None or _ENCODING(source) is not None:
        return []
    texts: list[tuple[int, int, bool]] = []  # from, to, of a regular expression
    for node in block.walk():
        if node.__class__ is ast.RegexLiteral or node.__class__ in _TEXTS:
            texts.append((node.pos, node.end_pos, node.__class__ is ast.RegexLiteral))
    comments = [match.span() for match in _COMMENT_BLOCK(source)]
    places = (match.start() for match in _INVALID.finditer(source))
    refused = (at for at in places if not _is_allowed(source, at, texts, comments))
    return [
        Error(at, at + 1, f"invalid multibyte character 0x{ord(source[at]) - 0xDC00:02X}")
        for at in islice(refused, MAX_ERRORS)
    ]


def _is_allowed(source: str, at: int, texts: list[tuple[int, int, bool]], comments: list[tuple[int, int]]) -> bool:
    around = [regexp for start, end, regexp in texts if start <= at < end]
    if around:
        return any(around)
    if any(start <= at < end for start, end in comments):
        return True
    mark = source.find("#", source.rfind("\n", 0, at) + 1, at)
    while mark >= 0 and any(start <= mark < end for start, end, _ in texts):
        mark = source.find("#", mark + 1, at)
    return mark >= 0
