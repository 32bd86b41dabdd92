"""Strings in generated code: joining, appending, comparing, cutting and matching without a call where that is possible.

A guard `x.__class__ is String` means: UTF-8, not frozen, of no subclass and without singleton methods; `is_text`
accepts frozen ones too, as literals are in many files. What fails it goes the general way. A String that was just made
is on the symbolic stack as `String(text)`, with the Python text known (`text_of`), so what consumes it at once can do
without the object.

Two texts may be joined as they are unless bytes that are no characters could meet there and make one: `safe` says that
of literals, `isascii` of the rest.
"""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime.operators import IN_PLACE
from .lower import EFFECT, PURE, STATE, Expr, Lowerer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PATTERN = "regex"
HUGE = 1 << 62


def send_lines(low: Lowerer, temp: str, recv: str, attr: str, blk: str, args: list[str], flags: int) -> list[Any]:
    from .sends import send_lines as lines

    return lines(low, temp, recv, attr, blk, args, flags)


def is_text(low: Lowerer, x: str, key: str = "") -> str:
    """Return the test that a simple value is a plain String, frozen or not, for which what `key` names is as it was."""
    hosts = ["String", "FrozenString"]
    if key:
        hosts = [low.host.translation.guard(host, key) for host in hosts]
    return f"({x}.__class__ is {hosts[0]} or {x}.__class__ is {hosts[1]})"


def text_of(expr: Expr) -> str | None:
    """Return the Python text of a String that is a literal or was just made, else None."""
    if expr.extra[:1] == ("str",):
        return repr(expr.extra[1])
    if expr.extra[:1] == ("text",):
        return str(expr.extra[1])
    return None


def literal_of(expr: Expr) -> str | None:
    return expr.extra[1] if expr.extra[:1] == ("str",) else None


def safe(expr: Expr) -> bool:
    """Return whether an operand is a literal all of whose bytes are characters."""
    literal = literal_of(expr)
    return literal is not None and not any("\udc80" <= char <= "\udcff" for char in literal)


def made(text: str, kind: int, reads: frozenset[str], pc: int) -> Expr:
    """Return the expression for a new String of a Python text."""
    return Expr(f"String({text})", kind, "object", reads, False, pc, ("text", text))


def held_text(low: Lowerer, expr: Expr) -> tuple[str, frozenset[str]]:
    """Return a Python text that may be named twice for a popped `text_of` operand, and the variable it reads."""
    literal = literal_of(expr)
    if literal is not None:
        return repr(literal), frozenset()
    low.spill(STATE)
    temp = low.temp(expr.reads)
    low.line(f"{temp} = {expr.extra[1]}", expr.pc)
    low.held |= {temp}
    return temp, frozenset((temp,))


def pop_pair(low: Lowerer) -> tuple[Expr, Expr, str | None, str | None, frozenset[str]]:
    """Pop two operands, evaluated in order: simple, or with their Python text, which may be named twice."""
    b = low.stack.pop()
    a = low.stack.pop()
    text_b = text_of(b)
    reads: frozenset[str] = a.reads | b.reads
    low.held |= reads
    text_a: str | None = None
    if text_of(a) is not None:
        text_a, more = held_text(low, a)
        reads |= more
    elif text_b is not None:
        low.stack.append(a)
        low.simplify(1)
        if low.stack[-1].kind >= STATE and b.kind == EFFECT:
            low.spill_at(len(low.stack) - 1)
        a = low.pop()
    else:
        low.stack += [a, b]
        low.simplify(2)
        a, b = low.pop_many(2)
        return a, b, None, None, a.reads | b.reads
    if text_b is not None:
        low.held |= reads | a.reads
        text_b, more = held_text(low, b)
        reads |= more
    else:
        low.stack.append(b)
        low.held |= reads
        low.simplify(1)
        b = low.pop()
    return a, b, text_a, text_b, reads | a.reads | b.reads


# --- operators ------------------------------------------------------------------------------------------------------


def either_text(low: Lowerer) -> bool:
    """Return whether one of the top two operands is a literal or a new String."""
    a, b = low.stack[-2:]
    return (text_of(a) is not None or text_of(b) is not None) and "cmp" not in (a.type, b.type)


def join(low: Lowerer) -> bool:
    """`a + b` with a String that was just made."""
    if not either_text(low):
        return False
    a, b = low.stack[-2:]
    if text_of(a) is not None and text_of(b) is not None and (safe(a) or safe(b)):
        b, a = low.stack.pop(), low.stack.pop()
        text = f"{text_of(a)} + {text_of(b)}"
        low.push(made(text, max(a.kind, b.kind), a.reads | b.reads, low.pc))
        return True
    a, b, text_a, text_b, reads = pop_pair(low)
    if text_b is not None:
        left = text_a if text_a is not None else f"{a.text}.s"
        tests = [] if text_a is not None else [is_text(low, a.text)]
        if not safe(b):
            tests.append(f"{text_b}.isascii()")
        whole_a = f"String({text_a})" if text_a is not None else a.text
        other = f"({whole_a} + String({text_b}))"
        text = f"(String({left} + {text_b}) if {' and '.join(tests)} else {other})"
    else:
        test = is_text(low, b.text)
        if not safe(a):
            test += f" and {b.text}.s.isascii()"
        text = f"(String({text_a} + {b.text}.s) if {test} else (String({text_a}) + {b.text}))"
    low.push(Expr(text, EFFECT, "", reads, False, low.pc))
    return True


def order(low: Lowerer, symbol: str) -> bool:
    """`a < b` with a String that was just made on one side."""
    if not either_text(low):
        return False
    a, b, text_a, text_b, reads = pop_pair(low)
    x = f"{a.text}.s" if text_a is None else text_a
    y = f"{b.text}.s" if text_b is None else text_b
    plain = f"({x} {symbol} {y})"
    if text_a is not None and text_b is not None:
        low.push(Expr(plain, EFFECT, "bool", reads, False, low.pc))
        return True
    known = b if text_b is None else a
    whole_a = a.text if text_a is None else f"String({text_a})"
    whole_b = b.text if text_b is None else f"String({text_b})"
    text = f"({plain} if {is_text(low, known.text)} else ({whole_a} {symbol} {whole_b}))"
    low.push(Expr(text, EFFECT, "cmp", reads, False, low.pc))
    return True


def repeat(low: Lowerer) -> bool:
    """`"-" * n` with a literal."""
    a, b = low.stack[-2:]
    if literal_of(a) is None or len(a.extra[1]) > 256 or a.extra[1] == "":
        return False
    low.simplify(1)
    b = low.pop()
    a = low.pop()
    test = f"0 <= {b.text} < 4294967296"
    if b.type != "int":
        test = f"{b.text}.__class__ is int and {test}"
    text = f"(String({text_of(a)} * {b.text}) if {test} else (String({text_of(a)}) * {b.text}))"
    low.push(Expr(text, EFFECT, "", b.reads, False, low.pc))
    return True


# --- interpolation and appending ------------------------------------------------------------------------------------


def part(low: Lowerer, expr: Expr) -> str:
    """Return the Python text that interpolation makes of a simple value."""
    text = text_of(expr)
    x = expr.text
    if text is not None:
        return text
    ints = low.host.translation.assume("Integer", "to_s")
    if expr.type == "int" and ints:
        return f"str({x})"
    if expr.type != "":
        return f"tos({x})"
    if ints:
        guard = low.host.translation.guard("int", "Integer#to_s")
        numbers = f"{x}.s if {x}.__class__ is String else str({x}) if {x}.__class__ is {guard}"
        return f"{numbers} else {x}.s if {x}.__class__ is FrozenString else tos({x})"
    return f"{x}.s if {is_text(low, x)} else tos({x})"


def interpolate(low: Lowerer, count: int) -> None:
    """`"a#{b}c"`"""
    stack = low.stack
    first = len(stack) - count
    last = -1
    for at in range(first, len(stack)):
        if not is_piece(stack[at]):
            last = at
    for at in range(last + 1):
        expr = stack[at]
        if (at >= first and not is_piece(expr)) or expr.kind >= STATE:
            if at >= first and expr.extra[:1] == ("text",):
                temp = low.temp(expr.reads)
                low.line(f"{temp} = {expr.extra[1]}", expr.pc)
                stack[at] = Expr(temp, PURE, "object", frozenset((temp,)), True, expr.pc, ("text", temp))
            else:
                low.spill_at(at)
    args = low.pop_many(count)
    reads = frozenset().union(*(expr.reads for expr in args))
    known = all(text_of(expr) is not None or expr.type == "int" for expr in args)
    pieces = []
    for expr in args:
        literal = literal_of(expr)
        pieces.append(braced(literal) if literal is not None else "{" + part(low, expr) + "}")
    low.push(made("f'" + "".join(pieces) + "'", PURE if known else EFFECT, reads, low.pc))


def is_piece(expr: Expr) -> bool:
    """Return whether an operand may stand in a Python f'...' as it is."""
    return literal_of(expr) is not None or expr.simple and expr.type not in ("bool", "cmp")


def braced(literal: str) -> str:
    """Return a literal as it stands in a Python f'...'."""
    text = repr('"' + literal)  # the quote makes repr choose apostrophes
    return text[2:-1].replace("{", "{{").replace("}", "}}")


def append(low: Lowerer, function: str) -> None:
    """`a << b` where `a` is not known to be an Integer."""
    b = low.stack[-1]
    if text_of(low.stack[-2]) is not None:
        low.spill_at(len(low.stack) - 2)
    if text_of(b) is None:
        low.simplify(2)
        a, b = low.pop_many(2)
        low.spill(STATE)
        more = low.temp(a.reads | b.reads)
        low.held |= {more}
        x, whole = a.text, b.text
        test = f"{is_text(low, whole)} and ({more} := {whole}.s).isascii()"
    else:
        a, b, _, held, _ = pop_pair(low)
        low.spill(STATE)
        assert held is not None
        x, more, whole = a.text, held, f"String({held})"
        test = "" if safe(b) else f"{held}.isascii()"
    if not IN_PLACE:
        test = f"len({x}.s) < 256" + (" and " + test if test else "")
    pc = low.pc
    reads = a.reads | b.reads | low.held
    temp = low.temp(reads)
    result = low.temp(reads | {temp})
    low.line(
        [
            (0, pc, f"if {x}.__class__ is Array:"),
            (1, pc, f"{x}.a.append({whole})"),
            (1, pc, f"{result} = {x}"),
            (0, pc, f"elif {x}.__class__ is String{' and ' + test if test else ''}:"),
            (1, pc, f"{temp} = {x}.s"),
            (1, pc, f"{x}.s = ''"),  # now the host may extend the text in place: only one variable refers to it
            (1, pc, f"{temp} += {more}"),
            (1, pc, f"{x}.s = {temp}"),
            (1, pc, f"{result} = {x}"),
            (0, pc, f"else: {result} = {function}({x}, {whole})"),
        ]
    )
    low.push(low.named(result))


OF_SYMBOLS = ("start_with?", "end_with?")


def asks(name: str, answer: str) -> Any:
    """Return the template of a method of String that takes a String: {r} and {a} are their Python texts."""

    def template(low: Lowerer) -> bool:
        if not low.host.translation.assume("String", name):
            return False
        literal = literal_of(low.stack[-1])
        if literal is None:
            low.simplify(2)
            recv, given = low.pop_many(2)
            argument, test = f"{given.text}.s", f" and {is_text(low, given.text)}"
        else:
            given = low.stack.pop()
            low.simplify(1)
            recv = low.pop()
            argument, test = repr(literal), ""
        low.spill(STATE)
        temp = low.temp(recv.reads)
        pc = low.pc
        quick = answer.format(r=f"{recv.text}.s", a=argument, t=temp)
        plain = send_lines(low, temp, recv.text, ":" + name, "None", [given.text], 0)
        lines = [(0, pc, f"if {is_text(low, recv.text)}{test}: {temp} = {quick}")]
        if name in OF_SYMBOLS and low.host.translation.assume("Symbol", name):
            quick = answer.format(r=f"{recv.text}.name", a=argument, t=temp)
            lines.append((0, pc, f"elif {recv.text}.__class__ is Symbol{test}: {temp} = {quick}"))
        lines.append((0, pc, "else:"))
        low.line(lines + [(depth + 1, at, text) for depth, at, text in plain])
        low.push(low.named(temp))
        return True

    return template


def freeze(low: Lowerer) -> bool:
    """`"literal".freeze`: the same object each time."""
    literal = literal_of(low.stack[-1])
    translation = low.host.translation
    if literal is None or not translation.assume("String", "freeze"):
        return False
    expr = low.pop()
    if not expr.simple:
        expr = Expr(translation.name("Z:" + literal), PURE, "object", simple=True, extra=("str", literal))
    low.push(expr)
    return True


# --- parts ----------------------------------------------------------------------------------------------------------


def part_at(low: Lowerer) -> bool:
    """`x[first, count]` of an Array or String."""
    return low.host.translation.plain("INDEX_GET") and cut(low, ":[]", *CUTS)


def slice_at(low: Lowerer) -> bool:
    """`x.slice(first, count)` of an Array or String."""
    assume = low.host.translation.assume
    return assume("String", "slice") and assume("Array", "slice") and cut(low, ":slice", *CUTS)


def byte_slice(low: Lowerer) -> bool:
    """`x.byteslice(first, count)` of ASCII characters."""
    return low.host.translation.assume("String", "byteslice") and cut(low, ":byteslice", ("String", "s", ".isascii()"))


CUTS = (("String", "s", ""), ("Array", "a", ""))


def cut(low: Lowerer, attr: str, *ways: tuple[str, str, str]) -> bool:
    """Emit the part of a value from a place on and of a length: `ways` are (class, slot, what its text must be)."""
    low.simplify(3)
    x, i, n = low.pop_many(3)
    low.spill(STATE)
    temp = low.temp()
    pc = low.pc
    tests = [f"{expr.text}.__class__ is int" for expr in (i, n) if expr.type != "int"]
    if n.extra[:1] != ("int",) or not 0 <= n.extra[1] < HUGE:
        tests.append(f"0 <= {n.text} < {HUGE}")
    lines = []
    word = "if"
    for cls, slot, more in ways:
        items = f"{x.text}.{slot}"
        guard = is_text(low, x.text) if cls == "String" else f"{x.text}.__class__ is {cls}"
        inside = [guard, *([items + more] if more else ()), *tests, f"0 <= {i.text} <= len({items})"]
        lines.append((0, pc, f"{word} {' and '.join(inside)}: {temp} = {cls}({items}[{i.text}:{i.text} + {n.text}])"))
        word = "elif"
    lines.append((0, pc, "else:"))
    plain = send_lines(low, temp, x.text, attr, "None", [i.text, n.text], 0)
    low.line(lines + [(depth + 1, at, text) for depth, at, text in plain])
    low.push(low.named(temp))
    return True


def part_between(low: Lowerer) -> bool:
    """`x[first..last]` of an Array or String, with a Range that is written there."""
    translation = low.host.translation
    span = low.stack[-1].extra
    if span[:1] != ("range",) or len(span) < 4:
        return False
    first, last, exclusive = span[1:]
    if not (is_bound(first) and is_bound(last)) or not translation.assume("Range", "first"):
        return False
    whole = low.stack.pop()
    low.simplify(1)
    if low.stack[-1].kind >= STATE:
        low.spill_at(len(low.stack) - 1)
    x = low.pop()
    low.held |= whole.reads
    low.spill(STATE)
    temp = low.temp(whole.reads)
    pc = low.pc
    tests = [f"{e.text}.__class__ is int" for e in (first, last) if e.type not in ("int", "nil")]
    start = "" if first.type == "nil" else first.text
    stop = stop_text(last, exclusive)
    if stop is None:
        tests.append(f"{last.text} >= 0")
        stop = last.text if exclusive else f"{last.text} + 1"
    inside = [f"0 <= {start} <= len({x.text}.{{slot}})"] if start and start != "(0)" else []
    slow = f"{translation.name('O:INDEX_GET')}({x.text}, {whole.text})"
    lines = []
    word = "if"
    for host, cls, slot in (("String", "String", "s"), ("Array", "Array", "a"), ("Symbol", "String", "name")):
        is_one = is_text(low, x.text) if host == "String" else f"{x.text}.__class__ is {host}"
        guard = " and ".join([is_one, *tests, *(test.format(slot=slot) for test in inside)])
        lines.append((0, pc, f"{word} {guard}: {temp} = {cls}({x.text}.{slot}[{start}:{stop}])"))
        word = "elif"
    low.line([*lines, (0, pc, f"else: {temp} = {slow}")])
    low.push(low.named(temp))
    return True


def is_bound(expr: Expr) -> bool:
    return expr.simple and (expr.type in ("int", "nil") or expr.type == "" and expr.kind < STATE)


def stop_text(last: Expr, exclusive: Any) -> str | None:
    """Return the end of a Python slice for the end of a Range, None if that must be looked at when it runs."""
    if last.type == "nil":
        return ""
    if last.extra[:1] != ("int",):
        return None
    number = last.extra[1] if exclusive else last.extra[1] + 1
    if number == 0 and not exclusive:
        return ""
    return str(number)


# --- a character that is only compared ------------------------------------------------------------------------------

COMPARISONS = {"EQ": "==", "NE": "!=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}


def comparison_behind(low: Lowerer) -> tuple[str, Expr | None, int] | None:
    """Return the comparison that takes what the current instruction, `x[i]`, pushes, None if there is none: its name,
    the other operand if that is a literal behind it, and how many instructions it takes."""
    code = low.block.code[low.at + 1 : low.at + 3]
    if code and code[0][2] in ("EQ", "NE") and len(low.stack) > 2 and low.host.translation.plain(code[0][2]):
        other = low.stack[-3]
        if other.simple and other.kind < STATE and other.type == "" and not other.extra:
            return code[0][2], None, 1
    if len(code) == 2 and code[0][2] == "PUSH_CONST" and code[1][2] in COMPARISONS:
        scope, _, _, operands = code[0]
        kind, payload = scope.function.constants[operands[0]]
        if kind in (ck.CONST_STRING, ck.CONST_FROZEN) and len(payload) == 1 and low.host.translation.plain(code[1][2]):
            return code[1][2], Expr(f"String({payload!r})", PURE, "object", extra=("str", payload)), 2
    return None


def compare_item(
    low: Lowerer, compared: tuple[str, Expr | None, int], x: Expr, i: Expr, temp: str, lines: list[Any]
) -> None:
    """Compare `x[i]`, which `lines` put into `temp`; of a String the character itself, without an object for it."""
    from .arithmetic import equality_text

    name, literal, low.skip = compared
    pc = low.pc
    item = low.named(temp)
    if literal is not None:
        low.held |= {temp}
        other, test = repr(literal.extra[1]), ""
        operands = (item, literal)
        quick = f"{x.text}.s[{i.text}] {COMPARISONS[name]} {other}"
    else:
        left = low.pop()
        low.held |= {temp}
        test = f" and {is_text(low, left.text)}"
        operands = (left, item)
        quick = f"{left.text}.s {COMPARISONS[name]} {x.text}.s[{i.text}]"
    result = low.temp(x.reads | i.reads)
    if name in ("EQ", "NE"):
        same = equality_text(low, *operands).text
        general = same if name == "EQ" else f"not {same}"
    else:
        symbol = COMPARISONS[name]
        general = f"({temp}.s {symbol} {other} if {is_text(low, temp)} else ({temp} {symbol} String({other})))"
    slow = f"{temp} = {low.host.translation.name('O:INDEX_GET')}({x.text}, {i.text})"
    low.line(
        [
            (0, pc, f"if {is_text(low, x.text)}{test}:"),
            (1, pc, f"try: {result} = {quick}"),
            (1, pc, "except INDEX:"),
            (2, pc, slow),
            (2, pc, f"{result} = {general}"),
            (0, pc, "else:"),
            *((depth + 1, at, text) for depth, at, text in lines),
            (1, pc, f"{result} = {general}"),
        ]
    )
    kind = "bool" if name == "NE" else "cmp"
    low.push(Expr(result, PURE, kind, frozenset((result,)), False, pc))


# --- case -----------------------------------------------------------------------------------------------------------


def in_range(low: Lowerer, pattern: Expr, subject: Expr) -> Expr | None:
    """Return the condition `range === x` for a Range of literals and a simple subject, None if it is none."""
    translation = low.host.translation
    if pattern.extra[:1] != ("range",) or len(pattern.extra) < 4:
        return None
    first, last, exclusive = pattern.extra[1:]
    if not (translation.assume("Range", "===") and translation.plain("LE") and translation.plain("CMP")):
        return None
    x = subject.text
    other = f"{translation.name('Q:CASE_EQ')}({pattern.text}, {x})"
    before = "<" if exclusive else "<="
    if literal_of(first) is not None and literal_of(last) is not None:
        inside = f"{first.extra[1]!r} <= {x}.s {before} {last.extra[1]!r}"
        text = f"({inside} if {is_text(low, x)} else {other})"
    elif first.extra[:1] == ("int",) and (last.extra[:1] == ("int",) or last.type == "nil"):
        inside = f"{first.text} <= {x}" + ("" if last.type == "nil" else f" {before} {last.text}")
        if subject.type == "int":
            return Expr(f"({inside})", PURE, "bool", subject.reads, False, low.pc)
        text = f"({inside} if {x}.__class__ is int else {other})"
    else:
        return None
    return Expr(text, EFFECT, "cmp", subject.reads, False, low.pc)


def is_pattern(expr: Expr) -> bool:
    """Return whether an operand is a literal Regexp."""
    return expr.extra[:1] == (PATTERN,)


def matches(low: Lowerer) -> bool:
    """`a =~ b` with a literal Regexp on one side."""
    a, b = low.stack[-2:]
    translation = low.host.translation
    if not (is_pattern(a) or is_pattern(b)):
        return False
    if not (translation.assume("Regexp", "=~") and translation.assume("String", "=~")):
        return False
    low.simplify(2)
    a, b = low.pop_many(2)
    pattern, subject = (a, b) if is_pattern(a) else (b, a)
    other = f"{translation.name('O:MATCH_OP')}({a.text}, {b.text})"
    test = is_text(low, subject.text)
    text = f"({translation.name('M:match_at')}({pattern.text}, {subject.text}) if {test} else {other})"
    low.push(Expr(text, EFFECT, "", subject.reads, False, low.pc))
    return True


def is_match(low: Lowerer) -> bool:
    """`string.match?(/pattern/)`, `/pattern/.match?(string)`."""
    a, b = low.stack[-2:]
    translation = low.host.translation
    if is_pattern(a) == is_pattern(b):
        return False
    if not (translation.assume("Regexp", "match?") and translation.assume("String", "match?")):
        return False
    low.simplify(2)
    a, b = low.pop_many(2)
    low.spill(STATE)
    pattern, subject = (a, b) if is_pattern(a) else (b, a)
    temp = low.temp()
    pc = low.pc
    function = translation.name("M:is_found")
    found = f"{temp} = TRUE if {function}({pattern.text}, {subject.text}) else FALSE"
    plain = send_lines(low, temp, a.text, ":match?", "None", [b.text], 0)
    lines = [(0, pc, f"if {is_text(low, subject.text)}: {found}"), (0, pc, "else:")]
    low.line(lines + [(depth + 1, at, text) for depth, at, text in plain])
    low.push(low.named(temp))
    return True
