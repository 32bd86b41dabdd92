"""`x[i]` and `x[i] = v`, in place for Arrays, Hashes and Strings; slices stand in texts.py.

Lists and dicts are read behind a test of the class; what is out of range or special goes to the operator's function.
"""

from __future__ import annotations

from . import texts
from .exemplars import element, kind
from .lists import guards
from .lower import EFFECT, STATE, Expr, Lowerer, context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def send_lines(low: Lowerer, temp: str, recv: str, attr: str, blk: str, args: list[str], flags: int) -> list[Any]:
    from . import sends

    return sends.send_lines(low, temp, recv, attr, blk, args, flags)


TESTS = ("DUP", "JUMP_IF_FALSE", "JUMP_IF_TRUE", "NOT")


def index_get(low: Lowerer) -> None:
    """`x[i]`: lists and hashes are read in place; what is out of range or special goes to the function."""
    translation = low.host.translation
    array, at = low.stack[-2:]
    if at.extra[:1] == ("int",) and array.text in low.host.matched and array.type == "array":
        low.pop_many(2)  # an array pattern has seen to it that there are so many
        low.push(Expr(f"{array.text}.a[{at.extra[1]}]", STATE, "", array.reads, False, low.pc))
        return
    function = translation.name("O:INDEX_GET")
    if not translation.plain("INDEX_GET"):
        a, b = low.pop_many(2)
        text = f"{function}({low.text(a)}, {low.text(b)})"
        low.push(Expr(text, EFFECT, "", a.reads | b.reads, False, low.pc))
        return
    if texts.part_between(low):
        return
    compared = texts.comparison_behind(low)
    key = low.stack[-1]
    literal = key.extra[1] if key.extra[:1] == ("str",) else None
    seen = kind(low.stack[-2].like)
    if seen == "object" and low.stack[-2].extra[:1] != ("self",):
        from .sends import send

        send(low, "[]", 1, 0)
        return
    if literal is None and index_by_numbers(low, function, seen):
        return
    if literal is None and compared is None and index_literal(low, function):
        return
    kept = low.host.lists.get(low.stack[-2].text, "")
    if seen == "Array" and translation.guesses and literal is None and key.type != "sym":
        index_array(low, function, kept)
        return
    if literal is not None:
        key = low.stack.pop()
        low.simplify(1)
        low.stack.append(key)
    else:
        low.simplify(2)
    x, i = low.pop_many(2)
    low.spill(STATE)
    temp = low.temp(x.reads | i.reads)
    pc = low.pc
    lines: list[tuple[int, int, str]] = []
    test, items = guards(low.host, x, "Array#[]")
    in_list = [
        (0, pc, f"try: {temp} = {items}[{i.text}]"),
        (0, pc, f"except INDEX: {temp} = {function}({x.text}, {i.text})"),
    ]
    if not test:
        low.line(in_list)
        low.push(low.named(temp, "", element(x.like)))
        return
    word = "if"
    if seen == "String" and compared is None and i.type != "sym" and literal is None:
        low.line(
            [
                (0, pc, f"if {texts.is_text(low, x.text, 'String#[]')}:"),
                *char_lines(temp, x, i, function, pc),
                (0, pc, f"else: {temp} = {function}({x.text}, {i.text})"),
            ]
        )
        low.push(low.named(temp))
        return
    if i.type != "sym" and literal is None:
        lines += [(0, pc, f"if {test}:"), *((1, at, text) for _, at, text in in_list)]
        word = "elif"
    one_char = [
        (0, pc, f"elif {texts.is_text(low, x.text, 'String#[]')}:"),
        *char_lines(temp, x, i, function, pc),
    ]
    if i.type == "int":
        lines += one_char
    lines += [
        (0, pc, f"{word} {x.text}.__class__ is {translation.guard('Hash', 'Hash#[]')}:"),
        *(
            (
                (1, pc, f"try: {temp} = {x.text}.d[{key_text(i, literal)}]"),
                (1, pc, f"except MISSING: {temp} = {function}({x.text}, {i.text})"),
            )
            if (i.type == "sym" or literal is not None) and not may_miss(low, x)
            else (
                (1, pc, f"{temp} = {x.text}.d.get({key_text(i, literal)}, {x.text}.fallback)"),
                (1, pc, f"if {temp} is UNDEF: {temp} = {function}({x.text}, {i.text})"),
            )
        ),
        *(one_char if i.type == "" and literal is None else ()),
        (0, pc, "else:"),
        *other_element(low, temp, x, i, function),
    ]
    if compared is not None and i.type != "sym" and literal is None:
        texts.compare_item(low, compared, x, i, temp, lines)
        return
    low.line(lines)
    low.push(low.named(temp, "", element(x.like)))


def char_lines(temp: str, x: Expr, i: Expr, function: str, pc: int) -> list[tuple[int, int, str]]:
    """Return the lines of `x[i]` for a String."""
    return [
        (1, pc, f"try: {temp} = String({x.text}.s[{i.text}])"),
        (1, pc, f"except INDEX: {temp} = {function}({x.text}, {i.text})"),
    ]


def may_miss(low: Lowerer, x: Expr) -> bool:
    """Return whether the literal key whose value was just read may well not be there: the value is tested at once, or
    the Hash is an optional argument. Else it most often is, and reading it costs least where that need not be asked."""
    code = low.scope.decoded.code
    at = low.pc - low.scope.base + 1
    parameters = low.scope.function.parameters
    optional = low.scope.names[parameters.required : parameters.required + parameters.optional]
    return x.text in optional or (at < len(code) and code[at][0] in TESTS)


def index_array(low: Lowerer, function: str, kept: str) -> None:
    """`x[i]` where `x` was an Array when it was seen: no test, since only Arrays have `readable`, or a list `kept`."""
    x, i = low.stack[-2:]
    if i.simple and x.extra[:1] == ("ivar",):
        low.pop_many(2)  # the variable may be read twice
    else:
        low.simplify(2)
        x, i = low.pop_many(2)
    low.spill(STATE)
    temp = low.temp(x.reads | i.reads)
    if kept:
        low.host.translation.ask("bare", "Array#[]")
    low.lines(
        f"try: {temp} = {kept or x.text + '.readable'}[{i.text}]",
        f"except READ: {temp} = index_failed({context(low)}, {function}, {x.text}, {i.text})",
    )
    low.push(low.named(temp, "", element(x.like)))


def index_literal(low: Lowerer, function: str) -> bool:
    """`"..."[i]`: no String is made for the literal."""
    x, i = low.stack[-2:]
    if not texts.safe(x) or i.type not in ("", "int") or not low.host.translation.assume("String", "[]"):
        return False
    low.simplify(1)
    x, i = low.pop_many(2)
    low.spill(STATE)
    temp = low.temp(i.reads)
    literal = texts.literal_of(x)
    low.lines(
        f"try: {temp} = String({literal!r}[{i.text}])",
        f"except INDEX: {temp} = {function}(String({literal!r}), {i.text})",
    )
    low.push(low.named(temp))
    return True


def index_by_numbers(low: Lowerer, function: str, seen: str) -> bool:
    """`x[[i, j]]` where `x` may be a Hash: of Integers the key is made without the Array."""
    whole = low.stack[-1]
    if seen not in ("", "Hash") or whole.extra[:1] != ("pieces",) or not 1 < len(whole.extra[1]) < 5:
        return False
    if any(splat for splat, _ in whole.extra[1]):
        return False
    low.stack[-1:] = [piece for _, piece in whole.extra[1]]
    count = len(whole.extra[1])
    low.simplify(count + 1)
    x, *pieces = low.pop_many(count + 1)
    low.spill(STATE)
    temp = low.temp(x.reads.union(*(piece.reads for piece in pieces)))
    key = low.temp(x.reads.union({temp}, *(piece.reads for piece in pieces)))
    pc = low.pc
    names = ", ".join(piece.text for piece in pieces)
    tests = [f"{x.text}.__class__ is {low.host.translation.guard('Hash', 'Hash#[]')}"]
    tests += [f"{piece.text}.__class__ is int" for piece in pieces if piece.type != "int"]
    low.line(
        [
            (0, pc, f"if {' and '.join(tests)}:"),
            (1, pc, f"{temp} = {x.text}.d.get(('a', {names}), {x.text}.fallback)"),
            (1, pc, f"if {temp} is UNDEF: {temp} = {function}({x.text}, Array([{names}]))"),
            (0, pc, "else:"),
            (1, pc, f"{key} = Array([{names}])"),
            *other_element(low, temp, x, low.named(key), function),
        ]
    )
    low.push(low.named(temp, "", element(x.like)))
    return True


def other_element(low: Lowerer, temp: str, x: Expr, i: Expr, function: str) -> list[tuple[int, int, str]]:
    """Return the lines of `x[i]` for what is no Array and no Hash: most often an object with a method of that name."""
    if x.extra[:1] == ("self",):
        return [(1, low.pc, f"{temp} = {function}({x.text}, {i.text})")]
    found, failed = send_lines(low, temp, x.text, ":[]", "None", [i.text], 0)
    bit = f"{x.text}.__class__ is {low.host.translation.guard('int', 'Integer#[]')}"
    if i.type != "int":
        bit += f" and {i.text}.__class__ is int"
    bit = f"{x.text} >> {i.text} & 1 if {bit} and 0 <= {i.text} < 64 else {function}({x.text}, {i.text})"
    return [(1, low.pc, f"{found[2]} if {x.text}.__class__ is not int else {bit}"), (1, low.pc, failed[2])]


def key_text(i: Expr, literal: str | None) -> str:
    """Return the text of the normalised key (runtime/hashing.py) of a simple value."""
    if literal is not None:
        return repr(literal)
    if i.type in ("sym", "int"):
        return i.text
    k = i.text
    if kind(i.like) in ("object", "Symbol", "int"):
        return f"{k} if {k}.__class__ in PLAIN_KEYS else hash_key({k})"
    text = f"{k}.s if {k}.__class__ is String else {k} if {k}.__class__ in PLAIN_KEYS"
    return f"{text} else {k}.s if {k}.__class__ is FrozenString else hash_key({k})"


def index_set(low: Lowerer) -> None:
    """`x[i] = v`; the value stays on the stack."""
    translation = low.host.translation
    function = translation.name("O:INDEX_SET")
    x, i, v = low.stack[-3:]
    kept = low.host.lists.get(x.text)
    seen = x.type == "array" or kind(x.like) == "Array" and translation.guesses
    span = i.extra[:1] == ("range",)
    if not span and i.type != "sym" and translation.plain("INDEX_SET") and (kept or seen):
        set_in_array(low, function, kept)
        return
    low.simplify(3)
    x, i, v = low.pop_many(3)
    low.spill(STATE)
    pc = low.pc
    slow = f"{function}({x.text}, {i.text}, {v.text})"
    if span or not translation.plain("INDEX_SET"):
        low.line(slow)
    else:
        word = "if"
        lines: list[tuple[int, int, str]] = []
        if i.type != "sym":
            lines += [
                (0, pc, f"if {x.text}.__class__ is {translation.guard('Array', 'Array#[]=')}:"),
                (1, pc, f"try: {x.text}.a[{i.text}] = {v.text}"),
                (1, pc, f"except INDEX: {slow}"),
            ]
            word = "elif"
        in_hash = f"{x.text}.__class__ is {translation.guard('Hash', 'Hash#[]=')}"
        lines.append((0, pc, f"{word} {in_hash}: hash_set({x.text}, {i.text}, {v.text})"))
        lines.append((0, pc, "else:"))
        if x.extra[:1] == ("self",):
            lines.append((1, pc, slow))
        else:  # most often an object with a method of that name
            plain = send_lines(low, low.temp(x.reads | i.reads | v.reads), x.text, ":[]=", "None", [i.text, v.text], 0)
            lines += [(1, at, text) for _, at, text in plain]
        low.line(lines)
    low.push(v)


def set_in_array(low: Lowerer, function: str, kept: str | None) -> None:
    """`x[i] = v` where `x` was an Array when it was seen, or where it is known to be one if `kept` is a list."""
    x, i, v = low.stack[-3:]
    if not (x.extra[:1] == ("ivar",) and i.simple and v.simple):  # the variable may be read twice
        low.simplify(3)
    x, i, v = low.pop_many(3)
    low.spill(STATE)
    failed = f"index_set_failed({context(low)}, {function}, {x.text}, {i.text}, {v.text})"
    lines: list[tuple[int, int, str]] = [
        (0, low.pc, f"try: {x.text}.writable[{i.text}] = {v.text}"),
        (0, low.pc, f"except READ: {failed}"),
    ]
    if kept and x.type != "array" and not (kind(x.like) == "Array" and low.host.translation.guesses):
        lines = [(0, low.pc, f"if {kept} is not None:"), *((1, pc, text) for _, pc, text in lines)]
        in_hash = f"{x.text}.__class__ is {low.host.translation.guard('Hash', 'Hash#[]=')}"
        lines.append((0, low.pc, f"elif {in_hash}: hash_set({x.text}, {i.text}, {v.text})"))
        lines.append((0, low.pc, f"else: {function}({x.text}, {i.text}, {v.text})"))
    low.line(lines)
    low.push(v)
