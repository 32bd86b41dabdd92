"""Extended grapheme clusters (Unicode Annex 29): what a reader takes as one character."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The rules as an extended pattern of ours, in the order of the annex.
CLUSTER = r"""
\r\n | [\r\n] | \p{GCB=Control} |
\p{GCB=Prepend}*
(?: \p{GCB=L}* (?: [\p{GCB=V}\u{AC00}-\u{D7A3}] \p{GCB=V}* \p{GCB=T}* ) | \p{GCB=L}+ | \p{GCB=T}+
  | \p{Regional_Indicator}{2}
  | \p{Extended_Pictographic} (?: \p{GCB=Extend}* \u200d \p{Extended_Pictographic} )*
  | \p{InCB=Consonant} (?: [\p{InCB=Extend}\p{InCB=Linker}]* \p{InCB=Linker} [\p{InCB=Extend}\p{InCB=Linker}]*
    \p{InCB=Consonant} )+
  | [^\p{GCB=Control}\r\n] )
[\p{GCB=Extend}\u200d\p{GCB=SpacingMark}]*
| [\p{GCB=Extend}\p{GCB=Prepend}\u200d\p{GCB=SpacingMark}]+ | (?m:.)
"""

PROGRAM: Any = None


def clusters(text: str) -> list[str]:
    """Return the grapheme clusters of `text`."""
    global PROGRAM
    if text.isascii() and "\r" not in text:
        return list(text)
    if PROGRAM is None:
        from .pattern import compile_pattern

        PROGRAM = compile_pattern(r"\X", 0)
    result = []
    at = 0
    while at < len(text):
        match = PROGRAM.match(text, at)
        end = match.end() if match is not None else at + 1
        result.append(text[at:end])
        at = end
    return result
