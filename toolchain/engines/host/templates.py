"""What is done in place for built-in classes, behind a test of the class. Indexing stands in elements.py.

A guard `x.__class__ is Array` means: an Array that is not frozen, of no subclass and without singleton methods. Each
template names the built-in method it stands for, and is used only while that is not redefined (`Translation.assume`).
A template takes receiver and arguments from the stack and returns True, or returns False and leaves them.
"""

from __future__ import annotations

from ...runtime.core.index import INDEX
from ...runtime.values import LONG
from . import texts
from .exemplars import A_HASH, AN_ARRAY, kind
from .lists import guards
from .lower import EFFECT, PURE, STATE, Expr, Lowerer, context
from .types import READS, SIZES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Template = Callable[[Lowerer], bool]


GENERAL = frozenset(("to_s", "inspect"))
OF_NIL = frozenset(("to_s", "inspect", "to_a", "to_i", "to_f"))
# Methods of all objects that Integers are asked for, too.
ASKED = frozenset((
    "class", "hash", "instance_of?", "is_a?", "kind_of?", "respond_to?", "itself", "then", "yield_self", "tap",
    "frozen?", "object_id", "eql?", "===", "dup", "clone", "freeze", "send", "public_send", "__send__", "method",
))  # fmt: skip


def number_owners(name: str) -> list[str]:
    """Return for which of Integer and Float a call of `name` tests: both for what they have and objects in general do
    not, Integer for what it is often asked."""
    found = OWNERS.get(name)
    if found is None and name in OF_NIL:
        found = OWNERS[name] = [owner for owner in ("Integer", "Float", "NilClass") if has(owner, name)]
    if found is None and name in ASKED:
        found = OWNERS[name] = ["Integer"]
    if (
        found is None
        and name not in GENERAL
        and any(name in names.split() for cls in ("Kernel", "Object") for names in INDEX.get(cls, {}).values())
    ):
        found = OWNERS[name] = []
    if found is None:
        found = OWNERS[name] = [owner for owner in ("Integer", "Float") if has(owner, name)]
    return found


OWNERS: dict[str, list[str]] = {}


def has(owner: str, name: str) -> bool:
    for cls in (owner, "Numeric", "Comparable"):
        for names in INDEX.get(cls, {}).values():
            if name in names.split():
                return True
    return False


# --- one guard, one expression, else the ordinary send --------------------------------------------------------------


def guarded_send(
    low: Lowerer, name: str, argc: int, ways: list[tuple[str, str, str]], type_: str = "", more: tuple[str, ...] = ()
) -> bool:
    """Emit `if guard: t = text` for each (owner, guard, text) of `ways`, else the ordinary send.

    {r} is the receiver, {a} the argument; `more` are further arguments of the ordinary send.
    """
    from .sends import access_lines, prim_lines, send_lines

    low.simplify(argc + 1)
    args = low.pop_many(argc)
    recv = low.pop()
    low.spill(STATE)
    temp = low.temp()
    pc = low.pc
    a = args[0].text if args else ""
    lines: list[Any] = []
    word = "if"
    if name in READS and not argc and ways[0][1] == IS_ARRAY:
        test, items = guards(low.host, recv, f"Array#{name}")
        if not test:
            low.push(Expr(ways[0][2].replace("{r}.a", items), STATE, "int" if name in SIZES else "", recv.reads, pc=pc))
            return True
        ways = [(o, test, t.replace("{r}.a", items)) if g == IS_ARRAY else (o, g, t) for o, g, t in ways]
    for owner, plain_guard, plain_text in ways:
        watching = watched(low, plain_guard, owner, name)
        guard, text = (part.format(r=recv.text, a=a, t=temp) for part in (watching, plain_text))
        lines.append((0, pc, f"{word} {guard}: {temp} = {text}" if text != temp else f"{word} {guard}: pass"))
        word = "elif"
    texts = [*(expr.text for expr in args), *more]
    prims = prim_lines(low, temp, recv, name, argc, texts) or [] if kind(recv.like) in ("", "int", "float") else []
    for depth, at, text in prims:
        lines.append((depth, at, "el" + text if text.startswith("if") else text))
    lines.append((0, pc, "else:"))
    if not argc and low.host.translation.ask("reads_attribute", name):
        plain = access_lines(low, recv.text, ":" + name, [], temp, 0)
    else:
        plain = send_lines(low, temp, recv.text, ":" + name, "None", texts, 0)
    lines += [(depth + 1, at, text) for depth, at, text in plain]
    low.line(lines)
    low.push(low.named(temp, type_))
    return True


def one_way(owner: str, name: str, argc: int, guard: str, text: str) -> Template:
    return many_ways(name, argc, (owner, guard, text))


IS_INT = "{r}.__class__ is int"
IS_FLOAT = "{r}.__class__ is float"
MODERATE = "-1e300 < {r} < 1e300"  # neither infinite nor NaN
IS_ARRAY = "{r}.__class__ is Array"
IS_HASH = "{r}.__class__ is Hash"
IS_STRING = "({r}.__class__ is String or {r}.__class__ is FrozenString)"
IS_ASCII = IS_STRING + " and {r}.s.isascii()"
PADDING = "\0\t\n\v\f\r "  # what `strip` takes away


def watched(low: Lowerer, guard: str, owner: str, name: str) -> str:
    """Return a guard with a class that is taken away when the method is redefined while the code is running."""
    host = {"Integer": "int", "Float": "float"}.get(owner, owner)
    for each in (host, "FrozenString") if host == "String" else (host,):
        ident = low.host.translation.guard(each, f"{owner}#{name}")
        guard = guard.replace(f"{{r}}.__class__ is {each}", f"{{r}}.__class__ is {ident}")
    return guard


def many_ways(name: str, argc: int, *ways: tuple[str, str, str]) -> Template:
    """A template for several classes: rows (owner, guard, text)."""

    def template(low: Lowerer) -> bool:
        usable = [way for way in ways if low.host.translation.assume(way[0], name)]
        seen = kind(low.stack[-1 - argc].like)
        if seen:  # the others are for the ordinary send
            test = "{r}.__class__ is " + seen
            usable = [way for way in usable if way[1].lstrip("(").startswith(test)]
        if low.stack[-1 - argc].type == "array":
            usable = [way for way in usable if way[0] == "Array"]
        if not usable:
            return False
        return guarded_send(low, name, argc, usable)

    return template


def is_nil(low: Lowerer) -> bool:
    if not low.host.translation.assume("", "nil?"):
        return False
    expr = low.pop()
    if expr.extra[:1] == ("block",) and not expr.simple:
        expr.text = "blk"
    low.push(Expr(f"({low.text(expr)} is None)", expr.kind, "bool", expr.reads, False, low.pc))
    return True


def kind_test(name: str) -> Template:
    def template(low: Lowerer) -> bool:
        assume = low.host.translation.assume
        if not assume("", name):
            return False
        cls = low.stack[-1]
        if cls.extra[:1] != ("const",) or not low.host.translation.is_module(cls.extra[1]):
            return False
        low.simplify(2)
        value, cls = low.pop_many(2)
        from .arithmetic import kind_text

        low.push(kind_text(low, value, cls))
        return True

    return template


def class_of_value(low: Lowerer) -> bool:
    """`x.class`"""
    if not low.host.translation.assume("", "class"):
        return False
    low.simplify(1)
    x = low.pop()
    low.spill(STATE)
    temp = low.temp(x.reads)
    unless_changed(low, "class", temp, x, [], [f"{temp} = CLASSES[{x.text}.__class__]"])
    low.push(low.named(temp))
    return True


def unless_changed(low: Lowerer, name: str, temp: str, x: Expr, args: list[str], quick: list[str]) -> None:
    """Emit lines that stand for a method of all objects, and the send for when the program defines one."""
    from .sends import send_lines

    pc = low.pc
    low.line(
        [
            (0, pc, f"if {low.host.translation.changed('', name)}:"),
            *((depth + 1, at, text) for depth, at, text in send_lines(low, temp, x.text, ":" + name, "None", args, 0)),
            (0, pc, "else:"),
            *((1, pc, text) for text in quick),
        ]
    )


def responds(low: Lowerer) -> bool:
    """`x.respond_to?(:name)`"""
    translation = low.host.translation
    name = low.stack[-1]
    if name.type != "sym":
        return False
    text = name.extra[1]
    table = translation.name("W:" + text)
    low.pop()
    low.simplify(1)
    x = low.pop()
    low.spill(STATE)
    temp = low.temp(x.reads)
    low.lines(f"{temp} = {table}[{x.text}.__class__]", f"if {temp} is UNDEF: {temp} = responds({x.text}, {table})")
    low.push(low.named(temp))
    return True


def same_object(low: Lowerer) -> bool:
    if not low.host.translation.assume("", "equal?"):
        return False
    low.simplify(2)
    a, b = low.pop_many(2)
    if a.type in ("int", "float") or b.type in ("int", "float"):
        text = f"same({a.text}, {b.text})"
        low.push(Expr(text, EFFECT, "bool", a.reads | b.reads, False, low.pc))
        return True
    text = f"({a.text} is {b.text} or ({a.text}.__class__ in NUMBERS and same({a.text}, {b.text})))"
    low.push(Expr(text, EFFECT, "bool", a.reads | b.reads, False, low.pc))
    return True


def restore(low: Lowerer, *exprs: Expr) -> bool:
    low.stack.extend(exprs)
    return False


# Functions of Math -> where Python's answers as ours does, for a Float {x}. The root of -0.0 is 0.0, unlike in Python.
FINITE = "-1e300 < {x} < 1e300"
MATH = {
    "sqrt": "{x} > 0.0", "sin": FINITE, "cos": FINITE, "tan": FINITE, "atan": "", "exp": "{x} < 700.0",
    "log": "{x} > 0.0",
}  # fmt: skip


def math_function(name: str) -> Template:
    def template(low: Lowerer) -> bool:
        recv = low.stack[-2]
        if recv.extra[:1] != ("const",) or not low.host.translation.is_builtin(recv.extra[1], "Math"):
            return False
        if not low.host.translation.assume("Math.", name):
            return False
        low.simplify(1)
        arg = low.pop()
        recv = low.pop()
        translation = low.host.translation
        kind = "int" if arg.type == "int" else "float"
        tests = [f"{arg.text}.__class__ is {translation.guard(kind, f'Math.#{name}')}"]
        if kind == "int":
            tests.append(f"-9007199254740992 < {arg.text} < 9007199254740992")
        if kind == "float" or MATH[name] != FINITE:
            tests.append(MATH[name].format(x=arg.text))
        tests.append(f"not {translation.changed('constant', recv.extra[1])}")
        guard = " and ".join(test for test in tests if test)
        text = f"(math_{name}({arg.text}) if {guard} else send({recv.text}, ':{name}', None, {arg.text}))"
        low.push(Expr(text, EFFECT, "float" if arg.type in ("int", "float") else "", arg.reads, False, low.pc))
        return True

    return template


def new_builtin(low: Lowerer, argc: int, key: str) -> bool:
    """`Array.new`, `Array.new(n)`, `Array.new(n, value)`, `Hash.new`."""
    translation = low.host.translation
    if argc == 0:
        for name in ("Array", "Hash"):
            if translation.is_builtin(key, name) and translation.assume(name + ".", "new"):
                low.pop()
                text, like = ("Array([])", AN_ARRAY) if name == "Array" else ("Hash()", A_HASH)
                low.push(Expr(text, PURE, "object", pc=low.pc, like=like))
                return True
        return False
    if argc > 2 or not translation.is_builtin(key, "Array") or not translation.assume("Array.", "new"):
        return False
    if not translation.assume("Array", "initialize"):
        return False
    from .sends import send_lines

    low.simplify(argc)
    args = low.pop_many(argc)
    recv = low.pop()
    low.spill(STATE)
    temp = low.temp()
    n = args[0].text
    small = translation.guard("int", "Array.#new")
    fill = args[1].text if argc == 2 else "None"
    texts = [expr.text for expr in args]
    low.line(
        [
            (0, low.pc, f"if {n}.__class__ is {small} and 0 <= {n} < 1 << 32: {temp} = Array([{fill}] * {n})"),
            (0, low.pc, "else:"),
            *((depth + 1, at, text) for depth, at, text in send_lines(low, temp, recv.text, ":new", "None", texts, 0)),
        ]
    )
    low.push(low.named(temp, "", AN_ARRAY))
    return True


def call_proc(low: Lowerer, argc: int) -> bool:
    """`x.call(...)`: a Proc's function is called directly."""
    if not low.host.translation.assume("Proc", "call"):
        return False
    from .sends import send_lines

    if low.stack[-1 - argc].extra[:1] == ("block",):
        # The block itself, for which no Proc is needed.
        low.settle(argc)
        given = [expr.text for expr in low.pop_many(argc)]
        reads = low.pop_raw().reads.union(low.held)
        low.spill(STATE)
        temp = low.temp(reads)
        plain = send_lines(low, temp, "None", ":call", "None", given, 0)
        low.line(
            [
                (0, low.pc, f"if blk is not None: {temp} = blk({', '.join(given)})"),
                (0, low.pc, "else:"),
                *((depth + 1, at, text) for depth, at, text in plain),
            ]
        )
        low.push(low.named(temp))
        return True
    low.settle(argc + 1)
    position = len(low.stack) - argc - 1
    if not low.stack[position].simple:
        low.spill_at(position)
    args = low.pop_many(argc)
    recv = low.pop()
    low.spill(STATE)
    temp = low.temp(frozenset().union(recv.reads, *(expr.reads for expr in args)))
    texts = [expr.text for expr in args]
    passed = ", ".join(texts)
    proc = low.host.translation.guard("Proc", "Proc#call")
    low.line(
        [
            (0, low.pc, f"if {recv.text}.__class__ is {proc}: {temp} = {recv.text}.f({passed})"),
            (0, low.pc, "else:"),
            *((depth + 1, at, text) for depth, at, text in send_lines(low, temp, recv.text, ":call", "None", texts, 0)),
        ]
    )
    low.push(low.named(temp))
    return True


def copy_array(low: Lowerer) -> bool:
    names = ("dup", "initialize_dup", "initialize_copy")
    if not all(low.host.translation.assume("Array", name) for name in names):
        return False
    return guarded_send(low, "dup", 0, [("Array", IS_ARRAY, "Array({r}.a[:])")])


def extreme_of_literal(name: str, sign: str) -> Template:
    """`[a, b].max`: numbers are compared without the Array."""

    def template(low: Lowerer) -> bool:
        translation = low.host.translation
        recv = low.stack[-1]
        if recv.extra[:1] != ("items",) or not translation.assume("Array", name) or not translation.plain("CMP"):
            return False
        low.pop()
        given = recv.extra[1]
        low.stack += given
        low.simplify(len(given))
        given = low.pop_many(len(given))
        low.spill(STATE)
        temp = low.temp(frozenset().union(*(expr.reads for expr in given)))
        names = [expr.text for expr in given]
        x, y, *more = names
        steps = [f"{temp} = {x} if {x} {sign} {y} else {y}"]
        steps += [f"{temp} = {temp} if {temp} {sign} {z} else {z}" for z in more]
        choice = "; ".join(steps)
        tests = [f"{expr.text}.__class__ is int" for expr in given if expr.type != "int"]
        if not tests:
            low.line(choice)
            low.push(low.named(temp, "int"))
            return True
        floats = [f"{z}.__class__ is float" for z in names] + [f"{z} == {z}" for z in names]
        low.line(
            [
                (0, low.pc, f"if {' and '.join(tests)}: {choice}"),
                (0, low.pc, f"elif {' and '.join(floats)}:"),
                (1, low.pc, choice),
                (0, low.pc, f"else: {temp} = send(Array([{', '.join(names)}]), ':{name}')"),
            ]
        )
        low.push(low.named(temp))
        return True

    return template


def padded(name: str) -> Template:
    """`text.rjust(width, ".")` with a literal of one character."""

    def template(low: Lowerer) -> bool:
        fill = texts.literal_of(low.stack[-1])
        if fill is None or len(fill) != 1 or not low.host.translation.assume("String", name):
            return False
        pad = low.stack.pop()
        written = repr(fill).replace("{", "{{").replace("}", "}}")
        way = ("String", IS_STRING + COUNT, f"String({{r}}.s.{name}({{a}}, {written}))")
        return guarded_send(low, name, 1, [way], more=(pad.text,))

    return template


def includes(low: Lowerer) -> bool:
    if low.stack[-1].extra[:1] == ("str",):
        return bool(texts.asks("include?", "TRUE if {a} in {r} else FALSE")(low))
    if among_texts(low):
        return True
    texts_guard = IS_STRING + " and " + IS_STRING.replace("{r}", "{a}")
    return many_ways(
        "include?", 1, ("Hash", IS_HASH + KEYED, HAS_KEY), ("String", texts_guard, "TRUE if {a}.s in {r}.s else FALSE")
    )(low)


def among_texts(low: Lowerer) -> bool:
    """`["a", "b"].include?(x)` with literals alone: no Array is made to look for a String."""
    whole = low.stack[-2].extra
    if whole[:1] != ("pieces",) or not low.host.translation.assume("Array", "include?"):
        return False
    literals = [None if splat else texts.literal_of(expr) for splat, expr in whole[1]]
    if None in literals or not literals or not low.host.translation.plain("EQ"):
        return False
    low.simplify(1)
    x = low.pop()
    recv = low.pop()
    other = f"send({recv.text}, ':include?', None, {x.text}) is TRUE"
    found = f"{x.text}.s in {tuple(literals)!r}"
    low.push(Expr(f"({found} if {texts.is_text(low, x.text, 'EQ')} else {other})", EFFECT, "bool", x.reads, pc=low.pc))
    return True


COUNT = " and {a}.__class__ is int and 0 <= {a} < MOST"
KEYED = " and not {r}.identity"
NORMAL = (
    "{a}.s if {a}.__class__ is String else {a} if {a}.__class__ in PLAIN_KEYS"
    " else {a}.s if {a}.__class__ is FrozenString else hash_key({a})"
)
HAS_KEY = "TRUE if (" + NORMAL + ") in {r}.d else FALSE"

TEMPLATES: dict[tuple[str, int], Template] = {
    ("size", 0): many_ways(
        "size", 0, ("Array", IS_ARRAY, "len({r}.a)"), ("String", IS_STRING, "len({r}.s)"),
        ("Hash", IS_HASH, "len({r}.d)"),
    ),
    ("length", 0): many_ways(
        "length", 0, ("Array", IS_ARRAY, "len({r}.a)"), ("String", IS_STRING, "len({r}.s)"),
        ("Hash", IS_HASH, "len({r}.d)"),
    ),
    ("empty?", 0): many_ways(
        "empty?", 0, ("Array", IS_ARRAY, "FALSE if {r}.a else TRUE"), ("String", IS_STRING, "FALSE if {r}.s else TRUE"),
        ("Hash", IS_HASH, "FALSE if {r}.d else TRUE"),
    ),
    ("first", 0): one_way("Array", "first", 0, IS_ARRAY, "{r}.a[0] if {r}.a else None"),
    ("last", 0): one_way("Array", "last", 0, IS_ARRAY, "{r}.a[-1] if {r}.a else None"),
    ("sum", 0): one_way("Array", "sum", 0, IS_ARRAY, "sum_array({r}.a, 0)"),
    ("pop", 0): one_way("Array", "pop", 0, IS_ARRAY, "{r}.a.pop() if {r}.a else None"),
    ("push", 1): one_way("Array", "push", 1, IS_ARRAY, "{r}.a.append({a}) or {r}"),
    ("append", 1): one_way("Array", "append", 1, IS_ARRAY, "{r}.a.append({a}) or {r}"),
    ("shift", 0): one_way("Array", "shift", 0, IS_ARRAY + f" and 0 < len({{r}}.a) < {LONG}", "{r}.a.pop(0)"),
    ("unshift", 1): one_way("Array", "unshift", 1, IS_ARRAY, "{r}.a.insert(0, {a}) or {r}"),
    ("prepend", 1): one_way("Array", "prepend", 1, IS_ARRAY, "{r}.a.insert(0, {a}) or {r}"),
    ("concat", 1): one_way(
        "Array", "concat", 1, IS_ARRAY + " and {a}.__class__ is Array", "{r}.a.extend({a}.a) or {r}"
    ),
    ("first", 1): one_way("Array", "first", 1, IS_ARRAY + COUNT, "Array({r}.a[:{a}])"),
    ("take", 1): one_way("Array", "take", 1, IS_ARRAY + COUNT, "Array({r}.a[:{a}])"),
    ("drop", 1): one_way("Array", "drop", 1, IS_ARRAY + COUNT, "Array({r}.a[{a}:])"),
    ("dup", 0): copy_array,
    ("key?", 1): one_way("Hash", "key?", 1, IS_HASH + KEYED, HAS_KEY),
    ("has_key?", 1): one_way("Hash", "has_key?", 1, IS_HASH + KEYED, HAS_KEY),
    ("member?", 1): one_way("Hash", "member?", 1, IS_HASH + KEYED, HAS_KEY),
    ("fetch", 1): one_way(
        "Hash", "fetch", 1, IS_HASH + KEYED + " and ({t} := {r}.d.get(" + NORMAL + ", UNDEF)) is not UNDEF", "{t}"
    ),
    ("max", 0): extreme_of_literal("max", ">="),
    ("min", 0): extreme_of_literal("min", "<="),
    ("even?", 0): one_way("Integer", "even?", 0, IS_INT, "FALSE if {r} & 1 else TRUE"),
    ("odd?", 0): one_way("Integer", "odd?", 0, IS_INT, "TRUE if {r} & 1 else FALSE"),
    ("zero?", 0): one_way("Integer", "zero?", 0, IS_INT, "FALSE if {r} else TRUE"),
    ("succ", 0): one_way("Integer", "succ", 0, IS_INT, "{r} + 1"),
    ("next", 0): one_way("Integer", "next", 0, IS_INT, "{r} + 1"),
    ("pred", 0): one_way("Integer", "pred", 0, IS_INT, "{r} - 1"),
    ("positive?", 0): one_way("Integer", "positive?", 0, IS_INT, "TRUE if {r} > 0 else FALSE"),
    ("negative?", 0): one_way("Integer", "negative?", 0, IS_INT, "TRUE if {r} < 0 else FALSE"),
    ("bit_length", 0): one_way("Integer", "bit_length", 0, IS_INT + " and {r} >= 0", "{r}.bit_length()"),
    ("divmod", 1): one_way(
        "Integer", "divmod", 1, IS_INT + " and {a}.__class__ is int and {a}", "Array([{r} // {a}, {r} % {a}])"
    ),
    ("modulo", 1): one_way("Integer", "modulo", 1, IS_INT + " and {a}.__class__ is int and {a}", "{r} % {a}"),
    ("div", 1): one_way("Integer", "div", 1, IS_INT + " and {a}.__class__ is int and {a}", "{r} // {a}"),
    ("floor", 0): many_ways(
        "floor", 0, ("Float", IS_FLOAT + " and " + MODERATE, "int({r} // 1)"), ("Integer", IS_INT, "{r}"),
    ),
    ("ceil", 0): many_ways(
        "ceil", 0, ("Float", IS_FLOAT + " and " + MODERATE, "-int(-{r} // 1)"), ("Integer", IS_INT, "{r}"),
    ),
    ("truncate", 0): one_way("Float", "truncate", 0, IS_FLOAT + " and " + MODERATE, "int({r})"),
    ("round", 0): many_ways(
        "round", 0,
        (
            "Float", IS_FLOAT + " and -4e15 < {r} < 4e15",
            "{t} if -0.5 < {r} - ({t} := int({r})) < 0.5 else {t} + 1 if {r} > 0 else {t} - 1",
        ),
        ("Integer", IS_INT, "{r}"),
    ),
    ("to_f", 0): many_ways(
        "to_f", 0, ("Float", IS_FLOAT, "{r}"),
        ("Integer", IS_INT + " and -9007199254740992 < {r} < 9007199254740992", "float({r})"),
    ),
    ("to_i", 0): many_ways(
        "to_i", 0, ("Integer", IS_INT, "{r}"), ("Float", IS_FLOAT + " and " + MODERATE, "int({r})"),
        ("String", IS_STRING + " and {r}.s.isdigit() and len({r}.s) < 19 and {r}.s.isascii()", "int({r}.s)"),
    ),
    ("to_s", 0): many_ways(
        "to_s", 0, ("String", IS_STRING, "{r}"), ("Integer", IS_INT, "String(str({r}))"),
        ("Symbol", "{r}.__class__ is Symbol", "String({r}.name)"),
    ),
    ("abs", 0): many_ways(
        "abs", 0, ("Integer", IS_INT, "abs({r})"), ("Float", IS_FLOAT, "abs({r})"),
    ),
    ("nil?", 0): is_nil,
    ("class", 0): class_of_value,
    ("respond_to?", 1): responds,
    ("is_a?", 1): kind_test("is_a?"),
    ("kind_of?", 1): kind_test("kind_of?"),
    ("equal?", 1): same_object,
    **{(name, 1): math_function(name) for name in MATH},
    ("to_sym", 0): many_ways(
        "to_sym", 0, ("Symbol", "{r}.__class__ is Symbol", "{r}"), ("String", IS_ASCII, "sym({r}.s)"),
    ),
    ("ord", 0): one_way("String", "ord", 0, IS_STRING + " and len({r}.s) == 1 and {r}.s.isascii()", "ord({r}.s)"),
    ("chr", 0): one_way("Integer", "chr", 0, "{r}.__class__ is int and 0 <= {r} < 128", "AsciiString(chr({r}))"),
    ("getbyte", 1): one_way(
        "String", "getbyte", 1, IS_ASCII + " and {a}.__class__ is int and 0 <= {a} < len({r}.s)", "ord({r}.s[{a}])",
    ),
    ("bytesize", 0): one_way("String", "bytesize", 0, IS_ASCII, "len({r}.s)"),
    ("byteslice", 2): texts.byte_slice,
    ("slice", 2): texts.slice_at,
    ("upcase", 0): one_way("String", "upcase", 0, IS_ASCII, "String({r}.s.upper())"),
    ("downcase", 0): one_way("String", "downcase", 0, IS_ASCII, "String({r}.s.lower())"),
    ("reverse", 0): many_ways(
        "reverse", 0, ("Array", IS_ARRAY, "Array({r}.a[::-1])"), ("String", IS_STRING, "String({r}.s[::-1])"),
    ),
    ("capitalize", 0): one_way("String", "capitalize", 0, IS_ASCII, "String({r}.s.capitalize())"),
    ("ljust", 1): one_way("String", "ljust", 1, IS_STRING + COUNT, "String({r}.s.ljust({a}))"),
    ("rjust", 1): one_way("String", "rjust", 1, IS_STRING + COUNT, "String({r}.s.rjust({a}))"),
    ("ljust", 2): padded("ljust"),
    ("rjust", 2): padded("rjust"),
    ("strip", 0): one_way("String", "strip", 0, IS_STRING, f"String({{r}}.s.strip({PADDING!r}))"),
    ("include?", 1): includes,
    ("index", 1): texts.asks("index", "{t} if ({t} := {r}.find({a})) >= 0 else None"),
    ("delete_prefix", 1): texts.asks("delete_prefix", "String({r}.removeprefix({a}))"),
    ("delete_suffix", 1): texts.asks("delete_suffix", "String({r}.removesuffix({a}))"),
    ("start_with?", 1): texts.asks("start_with?", "TRUE if {r}.startswith({a}) else FALSE"),
    ("end_with?", 1): texts.asks("end_with?", "TRUE if {r}.endswith({a}) else FALSE"),
    ("match?", 1): texts.is_match,
    ("freeze", 0): texts.freeze,
    ("call", 0): lambda low: call_proc(low, 0),
    ("call", 1): lambda low: call_proc(low, 1),
    ("call", 2): lambda low: call_proc(low, 2),
    ("call", 3): lambda low: call_proc(low, 3),
}  # fmt: skip


__all__ = ["PURE", "context"]
