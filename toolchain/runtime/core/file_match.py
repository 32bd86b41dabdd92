"""Patterns of file names: `*`, `?`, `[a-z]`, `{a,b}`, `**/` (File.fnmatch, Dir.glob)."""

from __future__ import annotations

NOESCAPE, PATHNAME, DOTMATCH, CASEFOLD, EXTGLOB = 1, 2, 4, 8, 16


def alternatives(pattern: str, escape: bool = True) -> list[str]:
    """Return the patterns that the braces of `pattern` stand for, in order."""
    depth = 0
    start = -1
    index = 0
    cuts: list[int] = []
    while index < len(pattern):
        letter = pattern[index]
        if letter == "\\" and escape:
            index += 1
        elif letter == "{":
            if depth == 0:
                start = index
                cuts = [index]
            depth += 1
        elif letter == "," and depth == 1:
            cuts.append(index)
        elif letter == "}" and depth:
            depth -= 1
            if depth == 0:
                cuts.append(index)
                head, tail = pattern[:start], pattern[index + 1 :]
                result = []
                for left, right in zip(cuts, cuts[1:]):
                    result += alternatives(head + pattern[left + 1 : right] + tail, escape)
                return result
        index += 1
    return [pattern]


def fnmatch(pattern: str, path: str, flags: int) -> bool:
    """Return whether a path matches, as File.fnmatch has it."""
    patterns = alternatives(pattern, not flags & NOESCAPE) if flags & EXTGLOB else [pattern]
    return any(match_path(single, path, flags) for single in patterns)


def match_path(pattern: str, path: str, flags: int) -> bool:
    if not flags & PATHNAME:
        return match(pattern, path, flags)
    return match_parts(pattern.split("/"), path.split("/"), flags)


def match_parts(patterns: list[str], parts: list[str], flags: int) -> bool:
    """Match part by part; `**` stands for any number of directories, hidden ones only with DOTMATCH."""
    if not patterns:
        return not parts
    if patterns[0] == "**" and len(patterns) > 1:
        if match_parts(patterns[1:], parts, flags):
            return True
        hidden = bool(parts) and parts[0].startswith(".") and not flags & DOTMATCH
        return len(parts) > 1 and not hidden and match_parts(patterns, parts[1:], flags)
    return bool(parts) and match(patterns[0], parts[0], flags) and match_parts(patterns[1:], parts[1:], flags)


def match(pattern: str, text: str, flags: int) -> bool:
    """Match one name. A leading dot is matched by a dot only, unless DOTMATCH."""
    if flags & CASEFOLD:
        pattern, text = pattern.lower(), text.lower()
    if text.startswith(".") and not flags & DOTMATCH and pattern[:1] in ("*", "?", "["):
        return False
    return match_from(pattern, 0, text, 0, not flags & NOESCAPE)


def match_from(pattern: str, p: int, text: str, t: int, escape: bool) -> bool:
    while p < len(pattern):
        letter = pattern[p]
        if letter == "*":
            while p < len(pattern) and pattern[p] == "*":
                p += 1
            if p == len(pattern):
                return True
            return any(match_from(pattern, p, text, start, escape) for start in range(t, len(text) + 1))
        if t >= len(text):
            return False
        if letter == "?":
            p += 1
        elif letter == "[":
            end, matched = match_set(pattern, p, text[t], escape)
            if not matched:
                return False
            p = end
        else:
            if letter == "\\" and escape and p + 1 < len(pattern):
                p += 1
                letter = pattern[p]
            if letter != text[t]:
                return False
            p += 1
        t += 1
    return t == len(text)


def match_set(pattern: str, p: int, letter: str, escape: bool) -> tuple[int, bool]:
    """Match `[...]` at `p`; return (index behind it, whether `letter` is in it). An open set matches nothing."""
    p += 1
    negated = p < len(pattern) and pattern[p] in "!^"
    if negated:
        p += 1
    found = False
    first = True
    while p < len(pattern) and (pattern[p] != "]" or first):
        first = False
        low = pattern[p]
        if low == "\\" and escape and p + 1 < len(pattern):
            p += 1
            low = pattern[p]
        p += 1
        high = low
        if p + 1 < len(pattern) and pattern[p] == "-" and pattern[p + 1] != "]":
            high = pattern[p + 1]
            p += 2
            if high == "\\" and escape and p < len(pattern):
                high = pattern[p]
                p += 1
        found = found or low <= letter <= high
    if p >= len(pattern):
        return p, False
    return p + 1, found != negated
