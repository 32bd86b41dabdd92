"""Operators: plain Python operators where they mean the same, class guards, else the runtime's operator functions.

A plain `a + b` or `a < b` is right for every value, because all host classes of guest objects inherit operator methods
that send the message (shims.py); numbers and nil, which have none, raise TypeErrors that `translate` in shims.py turns
into what the program expects. An operator that the program redefines for numbers (`plain` is false then) always goes
through its function, the global `O:NAME`.
"""

from __future__ import annotations

from ....format import chunk as ck
from . import texts
from .exemplars import kind
from .lower import EFFECT, FALSE_EXPR, PURE, STATE, TRUE_EXPR, Expr, Lowerer, at, handles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SYMBOLS = {
    "ADD": "+", "SUB": "-", "MUL": "*", "DIV": "/", "MOD": "%", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=",
    "EQ": "==", "NE": "!=", "BIT_AND": "&", "BIT_OR": "|", "BIT_XOR": "^", "SHL": "<<", "SHR": ">>",
}  # fmt: skip
NUMBERS = ("int", "float")
HUGE = ("huge",)  # `extra` of a power: perhaps an Integer beyond every Float, with which Python refuses to add one


def function(low: Lowerer, name: str) -> str:
    """Return the global for the operator function of an instruction."""
    return low.host.translation.name("O:" + name)


def combine(low: Lowerer, text: str, kind: int, type_: str, *operands: Expr) -> Expr:
    reads = frozenset().union(*(expr.reads for expr in operands))
    return Expr(text, max([kind, *(expr.kind for expr in operands)]), type_, reads, False, low.pc)


def call_function(low: Lowerer, name: str, operands: list[Expr]) -> None:
    text = ", ".join(low.text(expr) for expr in operands)
    low.push(combine(low, f"{function(low, name)}({text})", EFFECT, "", *operands))


@handles("ADD", "SUB", "MUL")
def arithmetic(low: Lowerer, operands: Any) -> None:
    name = low.scope.decoded.code[low.pc - low.scope.base][0]
    plain = low.host.translation.plain(name)
    if plain and (texts.join(low) if name == "ADD" else name == "MUL" and texts.repeat(low)):
        return
    a, b = low.pop_many(2)
    if not plain or HUGE in (a.extra, b.extra):
        call_function(low, name, [a, b])
        return
    text = f"({low.text(a)} {SYMBOLS[name]} {low.text(b)})"
    low.host.translation.ask("bare", name)
    if a.type in NUMBERS and b.type in NUMBERS:
        if a.type == b.type or small(a) or small(b):
            low.push(combine(low, text, PURE, "int" if a.type == b.type == "int" else "float", a, b))
        else:  # the Integer may be too big for a Float
            low.stack += [a, b]
            low.simplify(2)
            a, b = low.pop_many(2)
            text = f"{a.text} {SYMBOLS[name]} {b.text}"
            low.spill(EFFECT)
            temp = low.temp(a.reads | b.reads)
            low.lines(
                f"try: {temp} = {text}", f"except OverflowError: {temp} = {function(low, name)}({a.text}, {b.text})"
            )
            low.push(low.named(temp, "float"))
    else:
        low.push(combine(low, text, EFFECT, "", a, b))


CONVERTS = "-9007199254740992 < {} < 9007199254740992"  # an Integer that is exact as a Float


def small(expr: Expr) -> bool:
    """Return whether an operand is a literal Integer that every Float can be combined with."""
    return expr.extra[:1] == ("int",) and abs(expr.extra[1]) < 1 << 1000


@handles("LT", "LE", "GT", "GE")
def order(low: Lowerer, operands: Any) -> None:
    name = low.scope.decoded.code[low.pc - low.scope.base][0]
    plain = low.host.translation.plain(name)
    if plain and texts.order(low, SYMBOLS[name]):
        return
    a, b = low.pop_many(2)
    if not plain:
        call_function(low, name, [a, b])
        return
    text = f"({low.text(a)} {SYMBOLS[name]} {low.text(b)})"
    low.host.translation.ask("bare", name)
    if a.type in NUMBERS and b.type in NUMBERS:
        low.push(combine(low, text, PURE, "bool", a, b))
    else:
        low.push(combine(low, text, EFFECT, "cmp", a, b))


def is_a(low: Lowerer, expr: Expr, host: str, name: str) -> str:
    """Return the test that an operand is of a built-in class for which the instruction does what it always did."""
    return f"{expr.text}.__class__ is {low.host.translation.guard(host, name)}"


def is_int(low: Lowerer, expr: Expr, name: str) -> str:
    """Return the guard for an Integer operand, "" if it is known to be one."""
    return "" if expr.type == "int" else is_a(low, expr, "int", name)


def guarded(low: Lowerer, name: str, text: str, *guards: str) -> None:
    """Push `text` for two simple operands that pass the guards, else the operator function."""
    a, b = low.pop_many(2)
    tests = " and ".join(guard for guard in guards if guard)
    both = f"{function(low, name)}({a.text}, {b.text})"
    type_ = ""
    if a.type == "int" and b.type == "int" and name not in ("DIV", "MOD", "POW"):
        type_ = "int"
    if tests:
        low.push(combine(low, f"({text} if {tests} else {both})", EFFECT, type_, a, b))
    else:
        low.host.translation.ask("bare", name)
        low.push(combine(low, f"({text})", EFFECT if name in ("DIV", "MOD") else PURE, "int", a, b))


def parts(expr: Expr) -> tuple[str, dict[str, str], str, frozenset[str]] | None:
    """Return what `guarded_bits` combines: the text for Integers, guards by operand, the text for anything, and the
    instructions in these; None for other operands than simple ones and operations on bits."""
    if expr.extra[:1] == ("bits",):
        return expr.extra[1:]
    return (expr.text, {}, expr.text, frozenset()) if expr.simple else None


def guarded_bits(low: Lowerer, name: str, more: str = "") -> None:
    """Push an operation on bits; operands that are such operations share one set of guards with it: Integers give
    Integers. `more` guards the right operand, which is simple then."""
    a, b = low.stack[-2:]
    left, right = parts(a), parts(b)
    if left is None or right is None or more and not b.simple:
        low.simplify(2)
        a, b = low.stack[-2:]
        left, right = parts(a), parts(b)
        assert left is not None and right is not None
    low.pop_many(2)
    tests = {**left[1], **right[1]}
    nested = bool(tests)
    for expr in (a, b):
        if expr.simple and expr.type != "int":
            tests.setdefault(expr.text, is_a(low, expr, "int", name))
    if more:
        tests[more] = more
    names = left[3] | right[3] | {name}
    if nested or not tests:
        for each in sorted(names):
            low.host.translation.ask("bare", each)
    fast = f"{left[0]} {SYMBOLS[name]} {right[0]}"
    if not tests:
        low.push(combine(low, f"({fast})", PURE, "int", a, b))
        return
    slow = f"{function(low, name)}({placed(low, a, left[2])}, {placed(low, b, right[2])})"
    known = a.type == "int" and b.type == "int"
    text = f"({fast} if {' and '.join(tests.values())} else {slow})"
    low.push(combine(low, text, EFFECT, "int" if known else "", a, b))
    if len(slow) < LONG:
        low.stack[-1].extra = ("bits", f"({fast})", tests, slow, names)


LONG = 400  # characters, beyond which nothing more is put around an operation


def placed(low: Lowerer, expr: Expr, text: str) -> str:
    """Return a text on a line of its own if an error in it belongs to another place than this instruction's."""
    return text if expr.simple or expr.pc == low.pc else at(expr.pc, text)


@handles("DIV")
def divide(low: Lowerer, operands: Any) -> None:
    a, b = low.stack[-2:]
    if not low.host.translation.plain("DIV"):
        call_function(low, "DIV", low.pop_many(2))
        return
    constant = b.extra[1] if b.extra and b.extra[0] in ("int", "float") else None
    if a.type == "float" and b.type == "float" and constant:
        a, b = low.pop_many(2)
        low.host.translation.ask("bare", "DIV")
        low.push(combine(low, f"({low.text(a)} / {low.text(b)})", PURE, "float", a, b))
        return
    low.simplify(2)
    a, b = low.stack[-2:]
    x, y = a.text, b.text
    if a.type == "int" and b.type == "int":
        low.pop_many(2)
        low.host.translation.ask("bare", "DIV")
        low.push(combine(low, f"({x} // {y})", PURE if constant else EFFECT, "int", a, b))
    elif a.type == "float" and b.type in NUMBERS or (a.type == "int" and b.type == "float"):
        low.pop_many(2)
        both = f"{function(low, 'DIV')}({x}, {y})"
        test = " and ".join([y, *(CONVERTS.format(e.text) for e in (a, b) if e.type == "int" and not small(e))])
        low.push(combine(low, f"({x} / {y} if {test} else {both})", EFFECT, "float", a, b))
    elif b.type == "int" and constant:
        guarded(low, "DIV", f"{x} // {y}", is_int(low, a, "DIV"))
    elif "float" in (a.type, b.type) and "" in (a.type, b.type):
        # Python's division is right wherever it answers.
        low.host.translation.ask("bare", "DIV")
        low.pop_many(2)
        low.spill(STATE)
        temp = low.temp(a.reads | b.reads)
        failed = f"division_failed({function(low, 'DIV')}, {x}, {y})"
        low.lines(f"try: {temp} = {x} / {y}", f"except DIVISION: {temp} = {failed}")
        low.push(low.named(temp))
    else:
        low.pop_many(2)
        floats = " and ".join(is_a(low, expr, "float", "DIV") for expr in (a, b) if expr.type != "float")
        ints = " and ".join(is_a(low, expr, "int", "DIV") for expr in (a, b) if expr.type != "int")
        text = f"{function(low, 'DIV')}({x}, {y})"
        if "int" not in (a.type, b.type):
            text = f"{x} / {y} if {floats + ' and ' if floats else ''}{y} else {text}"
        if "float" not in (a.type, b.type):
            text = f"{x} // {y} if {ints} and {y} else {text}"
        low.push(combine(low, f"({text})", EFFECT, "", a, b))


@handles("MOD")
def modulo(low: Lowerer, operands: Any) -> None:
    if not low.host.translation.plain("MOD"):
        call_function(low, "MOD", low.pop_many(2))
        return
    b = low.stack[-1]
    constant = b.extra[1] if b.extra and b.extra[0] == "int" else None
    low.simplify(2)
    a, b = low.stack[-2:]
    if a.type == "int" and b.type == "int":
        low.pop_many(2)
        low.host.translation.ask("bare", "MOD")
        low.push(combine(low, f"({a.text} % {b.text})", PURE if constant else EFFECT, "int", a, b))
    elif "float" in (a.type, b.type):
        call_function(low, "MOD", low.pop_many(2))
    else:
        guarded(
            low, "MOD", f"{a.text} % {b.text}", is_int(low, a, "MOD"), is_int(low, b, "MOD"), "" if constant else b.text
        )


@handles("BIT_AND", "BIT_OR", "BIT_XOR")
def bits(low: Lowerer, operands: Any) -> None:
    name = low.scope.decoded.code[low.pc - low.scope.base][0]
    if not low.host.translation.plain(name):
        call_function(low, name, low.pop_many(2))
        return
    guarded_bits(low, name)


@handles("SHL")
def shift_left(low: Lowerer, operands: Any) -> None:
    b = low.stack[-1]
    constant = b.extra[1] if b.extra and b.extra[0] == "int" else -1
    if not low.host.translation.plain("SHL"):
        call_function(low, "SHL", low.pop_many(2))
        return
    a, b = low.stack[-2:]
    if a.type != "int" and b.type not in ("int", "float", "sym"):
        texts.append(low, function(low, "SHL"))
        return
    if 0 <= constant < 4096:
        guarded_bits(low, "SHL")
        return
    low.simplify(2)
    a, b = low.stack[-2:]
    if a.type == "int":
        guarded_bits(low, "SHL", f"0 <= {b.text} < 4096")
        return
    low.pop_many(2)
    other = f"{function(low, 'SHL')}({a.text}, {b.text})"
    text = f"({a.text}.a.append({b.text}) or {a.text} if {is_a(low, a, 'Array', 'SHL')} else {other})"
    low.push(combine(low, text, EFFECT, "", a, b))


@handles("SHR")
def shift_right(low: Lowerer, operands: Any) -> None:
    b = low.stack[-1]
    constant = b.extra[1] if b.extra and b.extra[0] == "int" else -1
    if not low.host.translation.plain("SHR"):
        call_function(low, "SHR", low.pop_many(2))
        return
    if 0 <= constant < 4096:
        guarded_bits(low, "SHR")
        return
    low.simplify(1)
    guarded_bits(low, "SHR", f"0 <= {low.stack[-1].text} < 4096")


@handles("POW")
def power(low: Lowerer, operands: Any) -> None:
    b = low.stack[-1]
    if low.host.translation.plain("POW") and b.extra and b.extra[0] == "int" and 0 <= b.extra[1] <= 8:
        low.simplify(2)
        a, b = low.pop_many(2)
        plain = f"{a.text} ** {b.text}"
        if a.type == "int":
            low.push(combine(low, f"({plain})", PURE, "int", a, b))
        else:
            other = f"{function(low, 'POW')}({a.text}, {b.text})"
            low.push(combine(low, f"({plain} if {is_a(low, a, 'int', 'POW')} else {other})", EFFECT, "", a, b))
        return
    call_function(low, "POW", low.pop_many(2))
    low.stack[-1].extra = HUGE


@handles("NEG", "POS", "BIT_NOT")
def unary(low: Lowerer, operands: Any) -> None:
    name = low.scope.decoded.code[low.pc - low.scope.base][0]
    expr = low.pop()
    literal = texts.literal_of(expr)
    if literal is not None and name == "POS" and low.host.translation.assume("String", "+@"):
        low.push(texts.made(repr(literal), PURE, frozenset(), low.pc))
        return
    if not low.host.translation.plain(name):
        call_function(low, name, [expr])
        return
    low.host.translation.ask("bare", name)
    sign = {"NEG": "-", "POS": "+", "BIT_NOT": "~"}[name]
    text = f"({sign}{low.text(expr)})"
    if expr.type == "int" or (expr.type == "float" and name != "BIT_NOT"):
        low.push(combine(low, text, PURE, expr.type, expr))
    else:
        low.push(combine(low, text, EFFECT, "", expr))


@handles("CMP")
def compare(low: Lowerer, operands: Any) -> None:
    if not low.host.translation.plain("CMP"):
        call_function(low, "CMP", low.pop_many(2))
        return
    low.simplify(2)
    a, b = low.stack[-2:]
    guarded(low, "CMP", f"({a.text} > {b.text}) - ({a.text} < {b.text})", is_int(low, a, "CMP"), is_int(low, b, "CMP"))


@handles("MATCH_OP", "NOT_MATCH_OP")
def match(low: Lowerer, operands: Any) -> None:
    name = low.scope.decoded.code[low.pc - low.scope.base][0]
    if name == "MATCH_OP" and texts.matches(low):
        return
    call_function(low, name, low.pop_many(2))


# --- equality -------------------------------------------------------------------------------------------------------


def equality_text(low: Lowerer, a: Expr, b: Expr) -> Expr:
    """Return `a == b` as a condition, for simple operands (a String literal may be one).

    Python's `==` serves numbers only: guest objects keep Python's identity, on which natives rely.
    """
    x, y = a.text, b.text
    translation = low.host.translation
    literal = b.extra[1] if b.extra and b.extra[0] == "str" else None
    other = f"{translation.name('Q:EQ')}({x}, {y})"
    if literal is not None:
        test = texts.is_text(low, x, "EQ")
        return combine(low, f"({x}.s == {literal!r} if {test} else {other})", EFFECT, "cmp", a)
    if a.type in NUMBERS and b.type in NUMBERS:
        return combine(low, f"({x} == {y})", PURE, "bool", a, b)
    if {a.type, b.type} & set(NUMBERS) and {a.type, b.type} & set(IDENTICAL):
        return Expr("False", PURE, "bool", pc=low.pc)
    if a.type in IDENTICAL:
        return combine(low, f"({x} is {y})", PURE, "bool", a, b)
    if b.type in IDENTICAL:
        if translation.assume("", "=="):  # the built-in classes know nothing equal to these but themselves
            other = f"{translation.changed('', '==')} and {other}"
        return combine(low, f"({x} is {y} or {other})", EFFECT, "cmp", a, b)
    numbers = [expr for expr in (a, b) if expr.type in NUMBERS]
    if plain_equality(low):
        # Without a `==` of the program, Python's is right where one operand is a number.
        if numbers:
            other = f"{translation.changed('', '==')} and {other}"
            return combine(low, f"({x} == {y} or {other})", EFFECT, "cmp", a, b)
        seen = kind(a.like) or kind(b.like)
        host = "float" if seen == "float" else "int"
        ways = [f"{x} == {y} if {is_a(low, a, host, '#==')}"]
    else:
        seen = kind(a.like) or kind(b.like)
        tests = [is_a(low, expr, "int", "EQ") for expr in (a, b) if expr.type not in NUMBERS]
        ways = [f"{x} == {y} if {' and '.join(tests)}"]
    if not numbers:
        same_text = f"{x}.s == {y}.s if {texts.is_text(low, x)} and {texts.is_text(low, y)}"
        ways.append(same_text)
        same = f"{x} is {y} if {x}.__class__ in SAME"
        if seen in ("object", "Symbol"):
            ways = [same]  # the function knows the others
        elif seen == "String":
            ways = [same_text]
        elif not seen:
            ways.insert(1, same)
    return combine(low, f"({' else '.join([*ways, other])})", EFFECT, "cmp", a, b)


def plain_equality(low: Lowerer) -> bool:
    """Return whether no class of the program has a `==`. Code that defines or loads some while it runs cannot tell."""
    translation = low.host.translation
    if translation.function.kind not in (ck.METHOD, ck.BLOCK, ck.LAMBDA):
        return False
    return translation.assume("", "==") and translation.assume("", "<=>")  # Comparable's is made of that


IDENTICAL = ("nil", "true", "false", "sym")  # equal to nothing but themselves


def simplify_operands(low: Lowerer) -> None:
    """Make the top two operands simple, but leave a String literal on the right as it is."""
    if low.stack[-1].extra[:1] == ("str",):
        literal = low.stack.pop()
        low.simplify(1)
        low.stack.append(literal)
    else:
        low.simplify(2)


@handles("EQ")
def equal(low: Lowerer, operands: Any) -> None:
    if not low.host.translation.plain("EQ"):
        call_function(low, "EQ", low.pop_many(2))
        return
    simplify_operands(low)
    a, b = low.pop_many(2)
    low.push(equality_text(low, a, b))


@handles("NE")
def not_equal(low: Lowerer, operands: Any) -> None:
    if not low.host.translation.plain("NE"):
        call_function(low, "NE", low.pop_many(2))
        return
    simplify_operands(low)
    a, b = low.pop_many(2)
    same = equality_text(low, a, b)
    if same.kind == EFFECT:  # not only numbers or what compares by identity
        translation = low.host.translation
        text = (
            f"({translation.name('Q:NE')}({a.text}, {b.text}) if {translation.changed('', '!=')} else not {same.text})"
        )
        low.push(Expr(text, EFFECT, "cmp", same.reads, False, low.pc))
        return
    low.push(Expr(f"not {same.text}", same.kind, "bool", same.reads, False, low.pc))


@handles("CASE_EQ")
def case_equal(low: Lowerer, operands: Any) -> None:
    low.push(case_text(low))


def case_text(low: Lowerer) -> Expr:
    """Pop pattern and subject of `pattern === subject` and return the condition."""
    translation = low.host.translation
    pattern, subject = low.stack[-2:]
    if not translation.plain("CASE_EQ"):
        a, b = low.pop_many(2)
        return combine(low, f"{function(low, 'CASE_EQ')}({low.text(a)}, {low.text(b)})", EFFECT, "", a, b)
    if pattern.extra[:1] == ("str",) and pattern.type == "object":
        literal = pattern.extra[1]
        low.simplify(1)
        a, b = low.pop_many(2)
        other = f"{translation.name('Q:CASE_EQ')}({a.text}, {b.text})"
        test = texts.is_text(low, b.text, "CASE_EQ")
        return combine(low, f"({b.text}.s == {literal!r} if {test} else {other})", EFFECT, "cmp", b)
    if pattern.extra[:1] == ("range",) and pattern.kind == PURE and not pattern.simple:
        low.simplify(1)
        pattern, subject = low.stack[-2:]
        found = texts.in_range(low, pattern, subject)
        if found is not None:
            low.pop_many(2)
            return found
    if texts.is_pattern(pattern) and translation.assume("Regexp", "==="):
        low.simplify(1)
        a, b = low.pop_many(2)
        return combine(low, f"{translation.name('M:case_match')}({a.text}, {b.text})", EFFECT, "bool", b)
    low.simplify(2)
    a, b = low.pop_many(2)
    if a.type in IDENTICAL and b.type in NUMBERS:
        return Expr("False", PURE, "bool", pc=low.pc)
    if a.type in IDENTICAL:
        return combine(low, f"({b.text} is {a.text})", PURE, "bool", a, b)
    if a.type in NUMBERS and b.type not in NUMBERS and plain_equality(low):
        other = f"{translation.changed('', '==')} and {translation.name('Q:CASE_EQ')}({a.text}, {b.text})"
        return combine(low, f"({a.text} == {b.text} or {other})", EFFECT, "cmp", a, b)
    if a.type in NUMBERS:
        other = f"{translation.name('Q:CASE_EQ')}({a.text}, {b.text})"
        return combine(
            low, f"({a.text} == {b.text} if {is_a(low, b, 'int', 'CASE_EQ')} else {other})", EFFECT, "cmp", a, b
        )
    if a.extra[:1] == ("const",) and translation.is_plain_class(a.extra[1]):
        return kind_text(low, b, a)
    return combine(low, f"{translation.name('Q:CASE_EQ')}({a.text}, {b.text})", EFFECT, "cmp", a, b)


def kind_text(low: Lowerer, value: Expr, cls: Expr) -> Expr:
    """Return whether a simple value is an instance of the class or module that a constant is, as a condition."""
    key = cls.extra[1]
    test = low.host.translation.host_test(key)
    if test:
        if "{h}" in test:
            table, host = "", low.host.translation.name("H:" + key)
        else:
            table, host = low.host.translation.name("K:" + key), ""
        text = test.format(x=value.text, h=host, k=table)
        return combine(low, f"({text})", PURE, "bool", value)
    return combine(low, f"is_a({value.text}, {cls.text})", EFFECT, "bool", value, cls)


@handles("NOT")
def not_(low: Lowerer, operands: Any) -> None:
    if not low.host.translation.assume("", "!"):
        call_function(low, "NOT", low.pop_many(1))
        return
    expr = low.pop_raw()
    if expr.type == "nil" or expr.type == "false":
        low.push(TRUE_EXPR)
    elif expr.type == "true":
        low.push(FALSE_EXPR)
    elif expr.simple and expr.type not in ("bool", "cmp", "truth"):
        low.push(combine(low, f"({expr.text} is FALSE or {expr.text} is None)", expr.kind, "bool", expr))
    else:
        text = low.condition(expr)
        expr.reads |= low.assigned
        if expr.kind == EFFECT and expr.pc != low.pc:
            text = f"(\n{expr.pc}\0{text})"
        if text.startswith("not "):
            low.push(Expr(text[4:], expr.kind, "bool", expr.reads, False, expr.pc))
        else:
            low.push(Expr(f"not {text}", expr.kind, "bool", expr.reads, False, expr.pc))


@handles("AND", "OR")
def logic(low: Lowerer, operands: Any) -> None:
    name = low.scope.decoded.code[low.pc - low.scope.base][0]
    low.simplify(2)
    a, b = low.pop_many(2)
    test = low.condition(a)
    text = f"({b.text} if {test} else {a.text})" if name == "AND" else f"({a.text} if {test} else {b.text})"
    low.push(combine(low, text, PURE, "", a, b))
