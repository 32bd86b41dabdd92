"""Statements that make an Array, a String or a Range, with the work of its constructor in place: a fifth of the time
of a call saved.

`t1 = Array([...])` becomes `t1 = new_object(Array); t1.a = [...]`, and `t1 = String(...)` the same with `s`. What is
put in is computed after the name is bound, so it must not use the name, and only a temporary may be bound if that may
raise. Ranges are the values of literal ones that were walked: their ends are variables.
"""

from __future__ import annotations

import re

MADE = re.compile(r"(.*: |)(?:(\w+) =|return) (Array|String)\((.*)\)", re.DOTALL)
RANGE = re.compile(r"(?:(\w+) =|return) Range\((\w+), (\w+), (True|False)\)")
LITERAL = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
TEMPORARY = re.compile(r"[tsm]\d+").fullmatch
PLAIN = re.compile(r"(?:[\w\s,\[\]]|\(\d+\))*").fullmatch  # names and numbers


def unfolded(text: str) -> str:
    """Return the text of a statement, perhaps behind `if ...: `, in the longer form if it makes an object."""
    if "Array(" not in text and "String(" not in text:
        return range_unfolded(text) if "Range(" in text else text
    found = MADE.fullmatch(text)
    if found is None or not is_whole(LITERAL.sub("", found[4])):
        return text
    before, name, host, items = found.groups()
    slot = "a" if host == "Array" else "s"
    if "'" in before or '"' in before:  # what was found may be part of a literal
        return text
    if name is None:
        return f"{before}made = new_object({host}); made.{slot} = {items}; return made"
    if re.search(rf"\b{name}\b", items) or not (TEMPORARY(name) or PLAIN(items)):
        return f"{before}made = new_object({host}); made.{slot} = {items}; {name} = made"
    return f"{before}{name} = new_object({host}); {name}.{slot} = {items}"


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
    """Return whether the parentheses of a text, which has no literals, pair up: it is all of what is in the call's."""
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
