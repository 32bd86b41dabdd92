"""Statements that make an Array or a Range, with the work of its constructor in place: a fifth of the time of a call
saved.

`t1 = Array([...])` becomes `t1 = new_object(Array); t1.a = [...]`. The elements are computed after the name is bound,
so they must not use it; and only a temporary may be bound if computing them may raise. Ranges are the values of
literal ones that were walked: their ends are variables.
"""

from __future__ import annotations

import re

MADE = re.compile(r"(.*: |)(?:(\w+) =|return) Array\((.*)\)", re.DOTALL)
RANGE = re.compile(r"(?:(\w+) =|return) Range\((\w+), (\w+), (True|False)\)")
TEMPORARY = re.compile(r"[tsm]\d+").fullmatch
PLAIN = re.compile(r"(?:[\w\s,\[\]]|\(\d+\))*").fullmatch  # names and numbers


def unfolded(text: str) -> str:
    """Return the text of a statement, perhaps behind `if ...: `, in the longer form if it makes an Array or Range."""
    if "Array(" not in text:
        return range_unfolded(text) if "Range(" in text else text
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


def range_unfolded(text: str) -> str:
    """Return the text of a statement in the longer form if it does nothing but make a Range of variables."""
    found = RANGE.fullmatch(text)
    if found is None or found[1] in (found[2], found[3]):
        return text
    name = found[1] or "made"
    ends = f"{name}.first = {found[2]}; {name}.last = {found[3]}; {name}.exclusive = {found[4]}"
    made = f"{name} = new_object(Range); {ends}"
    return made if found[1] else f"{made}; return made"


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
