"""The source lines that a report shows, with carets below what failed (language.md 4.4)."""

from __future__ import annotations

from .runtime.backtrace import Entry, position, raw
from .runtime.builtin import builtin_class
from .runtime.model import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .runtime.values import Exception_

MAX_WIDTH = 120  # columns of a source line that are shown; longer ones are cut around the caret
IDENTIFIER = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
OPERATOR = "+-*/%<>=!&|^~"
ARITY_MESSAGES = ("wrong number of arguments", "missing keyword", "unknown keyword", "no keywords accepted")


def source_snippet(exc: Exception_) -> str:
    """Return a blank line, the source line and the caret line, or nothing if the place is not known.

    For a wrong argument count the caller's line and the callee's.
    """
    found = raw(exc)
    trace = found if found.__class__ is list else []
    entries = [entry for entry in trace if isinstance(entry, Entry)]
    if not entries:
        return ""
    by_native = isinstance(trace[0], str)
    argument_error = kind_of(exc, builtin_class("ArgumentError"))
    if argument_error and (by_native or entries[0].pc < 0) and message_of(exc).startswith(ARITY_MESSAGES):
        return arity_snippet(entries, by_native)
    place = source_place(entries[0])
    if place is None:
        return ""
    text, start, offset = place
    start, end = caret_range(text, start)
    raised_here = text[start:end] in ("raise", "fail")
    if not raised_here and (argument_error or kind_of(exc, builtin_class("TypeError"))):
        reach = arguments_range(entries[0], offset)
        if reach is not None:
            source = entries[0].code.unit.module.source
            begin = source.rfind("\n", 0, reach[0]) + 1
            text = source[begin:].split("\n", 1)[0].rstrip("\r")
            return "\n" + underline(text, reach[0] - begin, min(reach[1] - begin, len(text)))
    name = getattr((exc.details or {}).get("name"), "name", "")
    return "\n" + underline(text, start, written_end(text, start, end, name))


def message_of(exc: Exception_) -> str:
    return getattr(exc.message, "s", "")


def source_place(entry: Entry) -> tuple[str, int, int] | None:
    """Return (source line, column counted from 0, offset in the source) of a guest entry, None if not known."""
    line, column = position(entry)
    source = entry.code.unit.module.source
    if not source or not line or not column:
        return None
    lines = source.split("\n")
    if line > len(lines):
        return None
    return lines[line - 1].rstrip("\r"), column - 1, sum(map(len, lines[: line - 1])) + line - 1 + column - 1


def arity_snippet(entries: list[Entry], by_native: bool) -> str:
    """Return the lines of the caller and, unless it is native, of the callee."""
    parts = ["\n"]
    caller = entries[0] if by_native else entries[1] if len(entries) > 1 else None
    if caller is not None:
        parts.append(f"    caller: {caller.code.path}:{position(caller)[0]}\n")
        place = source_place(caller)
        if place is not None:
            parts.append(quoted(place[0], *caret_range(place[0], place[1])))
    if not by_native:
        function = entries[0].code.function
        parts.append(f"    callee: {entries[0].code.path}:{function.line}\n")
        source = entries[0].code.unit.module.source
        reach = definition_name(source[function.span[0] : function.span[1]], function.name)
        if reach is not None:
            begin = source.rfind("\n", 0, function.span[0] + reach[0]) + 1
            text = source[begin:].split("\n", 1)[0].rstrip("\r")
            shift = function.span[0] - begin
            parts.append(quoted(text, reach[0] + shift, reach[1] + shift))
    return "".join(parts)


def definition_name(text: str, name: str) -> tuple[int, int] | None:
    """Return where the text of a definition has what is underlined: the name of a method, `->`, `do` or a brace."""
    if text.startswith("def"):
        start = text.find(name, 3)
        if start < 0 or not name:
            return None
        return start - (text[start - 1] == "."), start + len(name)
    for opener in ("->", "do", "{"):
        if text.startswith(opener):
            return 0, len(opener)
    return None


def quoted(text: str, start: int, end: int) -> str:
    """Return a line of source with carets, as one part of a snippet that has several."""
    line, _, carets = underline(text, start, end).partition("\n")
    return f"    | {line}\n      {carets}"


def written_end(text: str, start: int, end: int, name: str) -> int:
    """Return where the carets for the missing method `name` end: `x=` takes the `=`, `+` not the one of `+=`."""
    if name[-1:] == "=" and name not in KNOWN_OPERATORS:
        rest = text[end:]
        gap = len(rest) - len(rest.lstrip())
        if rest[gap : gap + 1] == "=" and rest[gap + 1 : gap + 2] not in ("=", "~", ">"):
            return end + gap + 1
    elif text[start:end] == name + "=":
        return end - 1
    return end


def call_place(node: Any) -> int:
    """Return the offset that stands for a call in backtraces."""
    from .syntax import ast

    if node.__class__ is ast.MethodCall:
        return node.name_pos or node.pos
    return node.bracket_pos if node.__class__ is ast.Index else node.pos


def arguments_range(entry: Entry, offset: int) -> tuple[int, int] | None:
    """Return the (start, end) offsets of the arguments of the call whose name (or operator, or bracket) is at `offset`,
    None if there are none."""
    from .syntax import ast
    from .syntax.errors import SyntaxErrors
    from .syntax.metorex import parse

    try:
        tree = parse(entry.code.unit.module.source, entry.code.path)
    except SyntaxErrors:  # an eval text, which sees variables that the parser does not know of
        return None
    for node in tree.walk():
        cls = node.__class__
        if isinstance(node, ast.BinaryOp) and node.op_pos == offset:
            values = [node.right]
        elif isinstance(node, ast.OpAssignment) and node.op_pos == offset:
            values = [node.value]
        elif cls is ast.Assignment and getattr(node.target, "bracket_pos", -1) == offset:
            values = [*node.target.arguments, node.value]
        elif isinstance(node, ast.Invocation) and call_place(node) == offset:
            values = node.arguments
        else:
            continue
        return (values[0].pos, values[-1].end_pos) if values else None
    return None


def underline(text: str, start: int, end: int) -> str:
    """Return a source line and the line of carets below it; long lines are cut around the carets."""
    if len(text) > MAX_WIDTH:
        left = max(0, min(start - MAX_WIDTH // 2, len(text) - MAX_WIDTH))
        right = left + MAX_WIDTH
        before, after = "..." if left else "", "..." if right < len(text) else ""
        shown = before + text[left:right] + after
        start, end = start - left + len(before), min(end, right) - left + len(before)
        text = shown
    indent = "".join(char if char == "\t" else " " for char in text[:start])
    return f"{text}\n{indent}{'^' * max(1, end - start)}\n"


def caret_range(text: str, start: int) -> tuple[int, int]:
    """Return the (start, end) columns, 0-based, of what stands at `start`: an operator, a name with the dot or colons
    before it, index brackets, or one character."""
    if start >= len(text):
        return start, start + 1
    char = text[start]
    end = start + 1
    if char in IDENTIFIER or ord(char) > 127 or char in "@$":
        while end < len(text) and (text[end] in IDENTIFIER or ord(text[end]) > 127):
            end += 1
        if end < len(text) and text[end] in "?!" and text[end + 1 : end + 2] != "=":
            end += 1
        if start >= 2 and text[start - 2 : start] in ("&.", "::"):
            start -= 2
        elif start >= 1 and text[start - 1] == ".":
            start -= 1
        return start, end
    if char == "[":
        depth = 0
        for position_, current in enumerate(text[start:], start):
            depth += (current == "[") - (current == "]")
            if depth == 0:
                return start, position_ + 1
        return start, len(text)
    if char in OPERATOR:
        while end < len(text) and text[end] in OPERATOR and end - start < 3:
            end += 1
        while end > start + 1 and text[start:end] not in KNOWN_OPERATORS:
            end -= 1
    return start, end


KNOWN_OPERATORS = {
    "+", "-", "*", "/", "%", "**", "==", "!=", "<", ">", "<=", ">=", "<=>", "===", "=~", "!~", "&", "|", "^", "<<",
    ">>", "!", "~", "+=", "-=", "*=", "/=", "||=", "&&=",
}  # fmt: skip
