"""Statements that make an Array, with the work of its constructor in place: a fifth of the time of a call saved.

`t1 = Array([...])` becomes `t1 = new_object(Array); t1.a = [...]`. The elements are computed after the name is bound,
so they must not use it; and only a temporary may be bound if computing them may raise.
"""

from __future__ import annotations

import re

MADE = re.compile(r"(.*: |)(?:(\w+) =|return) Array\((.*)\)", re.DOTALL)
TEMPORARY = re.compile(r"[tsm]\d+").fullmatch
PLAIN = re.compile(r"(?:[\w\s,\[\]]|\(\d+\))*").fullmatch  # names and numbers


def unfolded(text: str) -> str:
    """Return the text of a statement, perhaps behind `if ...: `, in the longer form if it makes an Array."""
    if "Array(" not in text:
        return text
    found = MADE.fullmatch(text)
    if found is None or not is_whole(found[3]):
        return text
    before, name, items = found.groups()
    if "'" in before or '"' in before:  # what was found may be part of a literal
        return text
    if name is None:
        return f"{before}made = new_object(Array); made.a = {items}; return made"
    if re.search(rf"\b{name}\b", items) or not (TEMPORARY(name) or PLAIN(items)):
        return text
    return f"{before}{name} = new_object(Array); {name}.a = {items}"


def is_whole(text: str) -> bool:
    """Return whether the parentheses of a text pair up, so that it is the one argument of the call around it.

    Those in literals count too: then the answer may be no, or they pair up as well.
    """
    depth = 0
    for char in text:
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth < 0:
                return False
        elif char == "," and not depth:
            return False
    return depth == 0
