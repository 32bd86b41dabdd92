"""Closures, collections, pattern tests and definitions: instructions that build something or run a helper."""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from . import arithmetic, texts
from .exemplars import A_HASH, AN_ARRAY
from .lower import EFFECT, LOCAL, PURE, STATE, Expr, Lowerer, context, handles
from .results import Declined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def helper(low: Lowerer, function: str, count: int, *more: str, kind: int = EFFECT, type_: str = "") -> None:
    """Push the result of a support function called with the top `count` values, then `more`."""
    args = low.pop_many(count)
    text = ", ".join([*(low.text(expr) for expr in args), *more])
    reads = frozenset().union(*(expr.reads for expr in args))
    level = max([kind, *(expr.kind for expr in args)])
    low.push(Expr(f"{function}({text})", level, type_, reads, False, low.pc))


# --- closures -------------------------------------------------------------------------------------------------------


@handles("BUILD_LAMBDA")
def build_lambda(low: Lowerer, operands: Any) -> None:
    index, kind = operands
    name, tag = low.host.closure(low, index, kind)
    if kind == so.LAMBDA_STRICT:
        low.push(Expr(f"Proc({name}, True)", PURE, "object", pc=low.pc))
    else:
        low.push(Expr(name, PURE, "", simple=True, extra=("closure", tag)))


@handles("DEFINE_METHOD_RUNTIME")
def define_runtime(low: Lowerer, operands: Any) -> None:
    name, index = operands
    block, _ = low.host.closure(low, index, so.LAMBDA_BLOCK)
    symbol = low.host.translation.name("Y:" + name)
    low.push(Expr(f"send(self, ';define_method', {block}, {symbol})", EFFECT, pc=low.pc))


# --- collections ----------------------------------------------------------------------------------------------------


EXTREMES = (("CALL_METHOD", ("max", 0, 0)), ("CALL_METHOD", ("min", 0, 0)))  # `[a, b].max`: see templates.py


@handles("BUILD_ARRAY")
def build_array(low: Lowerer, operands: Any) -> None:
    index = low.pc - low.scope.base + 1
    code = low.scope.decoded.code
    if index < len(code) and code[index] == ("EXPAND", (operands[0], 0, 0)) and index not in low.scope.decoded.leaders:
        # `a[i], a[j] = a[j], a[i]`: no Array is needed between.
        for position in range(len(low.stack)):
            if low.stack[position].kind >= LOCAL:
                low.spill_at(position)
        parts = low.pop_many(operands[0])
        low.push(Expr("None", PURE, "", extra=("parts", parts)))
        return
    few = 2 <= operands[0] <= 4
    if few and index < len(code) and code[index] in EXTREMES and index not in low.scope.decoded.leaders:
        low.simplify(operands[0])
        args = low.pop_many(operands[0])
        reads = frozenset().union(*(expr.reads for expr in args))
        text = ", ".join(expr.text for expr in args)
        low.push(Expr(f"Array([{text}])", STATE, "object", reads, extra=("items", args)))
        return
    args = low.pop_many(operands[0])
    text = ", ".join(low.text(expr) for expr in args)
    level = max([PURE, *(expr.kind for expr in args)])
    extra = ("pieces", [(False, expr) for expr in args])
    reads = frozenset().union(*(expr.reads for expr in args))
    low.push(Expr(f"Array([{text}])", level, "object", reads, False, low.pc, extra, AN_ARRAY))


@handles("BUILD_DICT")
def build_dict(low: Lowerer, operands: Any) -> None:
    if not operands[0]:
        low.push(Expr("Hash()", PURE, "object", pc=low.pc, extra=("dict", []), like=A_HASH))
        return
    count = operands[0]
    keys = low.stack[len(low.stack) - 2 * count :: 2]
    if count <= 8 and all(key.type == "sym" for key in keys):
        # Perhaps the keywords of a call.
        low.settle(2 * count)
        pairs = [(key.extra[1], value) for key, value in zip(keys, low.stack[len(low.stack) - 2 * count + 1 :: 2])]
        literal_hash(low, count)
        low.stack[-1].kind = EFFECT
        low.stack[-1].extra = ("dict", pairs)
    elif all(key.type in ("sym", "int") or key.extra[:1] == ("str",) for key in keys):
        literal_hash(low, count)
    else:
        helper(low, "build_hash", 2 * count, type_="object")


def literal_hash(low: Lowerer, count: int) -> None:
    """Build a Hash whose keys are known to be Symbols, Integers or literal Strings."""
    args = low.pop_many(2 * count)
    pairs = []
    originals = []
    for key, value in zip(args[::2], args[1::2]):
        if key.extra[:1] == ("str",):
            text = repr(key.extra[1])
            originals.append(f"{text}: {low.host.translation.name('Z:' + key.extra[1])}")
        else:
            text = key.text
        pairs.append(f"{text}: {low.text(value)}")
    reads = frozenset().union(*(expr.reads for expr in args))
    level = max([PURE, *(expr.kind for expr in args)])
    text = f"{{{', '.join(pairs)}}}"
    made = f"literal_hash({text}, {{{', '.join(originals)}}})" if originals else f"plain_table({text})"
    low.push(Expr(made, level, "object", reads, False, low.pc, (), A_HASH))


@handles("BUILD_RANGE")
def build_range(low: Lowerer, operands: Any) -> None:
    first, last = low.stack[-2:]
    if texts.literal_of(first) is None or texts.literal_of(last) is None:
        low.simplify(2)
    first, last = low.pop_many(2)
    reads = first.reads | last.reads
    if first.extra[:1] == ("str",) and last.extra[:1] == ("str",):
        text, level = f"build_range({first.text}, {last.text}, {operands[0]})", PURE
    elif first.type == "int" and last.type in ("int", "nil"):
        text, level = f"Range({first.text}, {last.text}, {bool(operands[0])})", max(first.kind, last.kind)
    else:
        text, level = f"build_range({first.text}, {last.text}, {operands[0]})", EFFECT
    low.push(Expr(text, level, "object", reads, False, low.pc, ("range", first, last, operands[0])))


@handles("BUILD_STRING")
def build_string(low: Lowerer, operands: Any) -> None:
    texts.interpolate(low, operands[0])


@handles("BUILD_SYMBOL")
def build_symbol(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    low.push(Expr(f"sym({texts.text_of(expr) or f'tos({low.text(expr)})'})", EFFECT, "", expr.reads, False, low.pc))


@handles("BUILD_REGEX")
def build_regex(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    source = texts.text_of(expr) or f"{low.text(expr)}.s"
    low.push(Expr(f"make_regexp({source}, {operands[0]})", EFFECT, "object", expr.reads, False, low.pc))


@handles("BUILD_SHELL")
def build_shell(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    low.push(Expr(f"send(self, ';`', None, {low.text(expr)})", EFFECT, "", expr.reads, False, low.pc))


@handles("EXPAND")
def expand(low: Lowerer, operands: Any) -> None:
    before, rest, after = operands
    if low.stack[-1].extra[:1] == ("parts",):
        for part in reversed(low.pop().extra[1]):
            low.push(part)
        return
    count = before + (1 if rest else 0) + after
    low.simplify(1)
    expr = low.pop()
    low.spill(STATE)
    names: list[str] = []
    for _ in range(count):
        name = low.temp(expr.reads | frozenset(names))
        names.append(name)
    if not names:
        return
    target = ", ".join(names) + ("," if count == 1 else "")
    if rest:
        x, last = expr.text, len(names) - after
        parts = [f"{x}.a[{position - count if position >= last else position}]" for position in range(count)]
        parts[before] = f"Array({x}.a[{before}:{-after or ''}])"
        low.lines(
            f"if {x}.__class__ is Array and len({x}.a) >= {count - 1}: {target} = {', '.join(parts)}",
            f"else: {target} = expand({x}, {before}, {rest}, {after})",
        )
    elif count == 1:
        low.line(f"{target} = expand({expr.text}, {before}, {rest}, {after})")
    else:
        x = expr.text
        test = f"{x}.__class__ is Array and len({x}.a) == {count}"
        low.line(f"{target} = {x}.a if {test} else expand({x}, {count}, 0, 0)")
    for name in reversed(names):
        low.push(low.named(name))


# --- patterns and rescue --------------------------------------------------------------------------------------------


@handles("MATCH_CASE")
def match_case(low: Lowerer, operands: Any) -> None:
    kind, slot, count, _ = operands
    explains = low.host.explains_failures(low.scope)
    if kind == so.MATCH_VALUE:
        if low.stack[-1].kind != PURE or explains:
            low.simplify(2)
        subject, pattern = low.stack[-2:]
        why = missed(kind, subject.text, pattern.text) if explains else ""
        low.stack[-1], low.stack[-2] = low.stack[-2], low.stack[-1]
        test = low.condition(arithmetic.case_text(low))
        low.tested = f"(not {test}{why})" if why else f"not {test}"
        return
    if simple_match(low, kind, low.scope.var(slot), count, explains):
        return
    taken = so.MATCH_KINDS[kind][1]
    low.settle(taken)
    args = low.pop_many(taken)
    low.spill(STATE)
    temp = low.temp()
    given = ", ".join(expr.text for expr in args)
    low.line(f"{temp} = match_case({context(low)}, self, {kind}, {count}, {given})")
    if kind in (so.MATCH_VALUE, so.MATCH_VALUE_OR_EQ, so.MATCH_WILDCARD, so.MATCH_SPLAT, so.MATCH_SIZE):
        low.tested = f"{temp} is None"
    else:
        name = low.scope.var(slot)
        low.host.stored.add(name)
        low.line(f"if {temp} is not None: {name} = {temp}[0]")
        low.tested = f"{temp} is None"


def missed(kind: int, subject: str, pattern: str) -> str:
    """Return what follows a test that failed, so that MATCH_FAIL can tell which it was."""
    return f" and missed({kind}, {subject}, {pattern})"


def simple_match(low: Lowerer, kind: int, slot: str, count: int, explains: bool) -> bool:
    """Make the test of a pattern an expression; False for the kinds that have none."""
    temp = why = ""
    if (
        explains
        and kind in (so.MATCH_HASH, so.MATCH_SIZE)
        and any(name == "MATCH_CASE" and operands[0] == so.MATCH_SIZE for name, operands in low.scope.decoded.code)
    ):
        return False  # the message shows the keys of the pattern
    if kind == so.MATCH_VALUE_OR_EQ:
        pattern = low.stack[-1]
        if pattern.type not in ("nil", "true", "false", "sym", "int", "float") and pattern.extra[:1] != ("str",):
            return False
        low.stack[-1], low.stack[-2] = low.stack[-2], low.stack[-1]
        low.tested = f"not {low.condition(arithmetic.case_text(low))}"
        return True
    if kind == so.MATCH_WILDCARD:
        low.simplify(1)
        low.pop()
        low.tested = "False"
        return True
    if kind == so.MATCH_HASH:
        if low.stack[-1].kind != PURE:
            return False
        keys = low.pop()
        low.simplify(1)
        x = low.pop()
        temp = low.temp()
        other = f"match_hash({x.text}, {'None' if count else keys.text})"
        found = f"({temp} := {x.text} if {x.text}.__class__ is Hash else {other}) is not None"
        why = missed(kind, x.text, "None")
    elif kind in (so.MATCH_ARRAY, so.MATCH_ARRAY_REST):
        low.simplify(1)
        x = low.pop()
        temp = low.temp()
        size = ">=" if kind == so.MATCH_ARRAY_REST else "=="
        found = (
            f"({temp} := {x.text} if {x.text}.__class__ is Array else match_array({x.text})) is not None"
            f" and len({temp}.a) {size} {count}"
        )
        why = missed(kind, x.text, str(count))
        low.host.matched.add(slot)
    elif kind == so.MATCH_STRICT_ARRAY:
        low.simplify(1)
        temp = low.pop().text
        found = f"isinstance({temp}, Array) and len({temp}.a) == {count}"
    elif kind == so.MATCH_STRICT_HASH:
        low.simplify(1)
        temp = low.pop().text
        found = f"isinstance({temp}, Hash)"
    elif kind == so.MATCH_KEY:
        low.simplify(2)
        table, key = low.pop_many(2)
        temp = low.temp()
        read = f"hash_get({table.text}, {key.text}, UNDEF)"
        if key.type == "sym":
            read = f"{table.text}.d.get({key.text}, UNDEF)"
        found = f"({temp} := {read}) is not UNDEF"
        why = missed(kind, table.text, key.text)
    elif kind == so.MATCH_SIZE:
        low.simplify(1)
        low.tested = f"len({low.pop().text}.d) != {count}"
        return True
    else:
        return False
    low.host.stored.add(slot)
    low.spill(STATE)
    low.tested = f"not ({found} and ({slot} := {temp}) is not UNDEF)"
    if explains and why:
        low.tested = f"({low.tested}{why})"
    return True


@handles("LOAD_SOFT")
def load_soft(low: Lowerer, operands: Any) -> None:
    slot, name = operands
    var = low.scope.var(slot)
    low.push(
        Expr(f"(send(self, {';' + name!r}) if {var} is UNDEF else {var})", EFFECT, "", frozenset((var,)), pc=low.pc)
    )


@handles("MATCH_FAIL")
def match_fail(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    low.statement(f"match_fail({low.text(expr)}, {operands[0]})")


@handles("RESCUE")
def rescue(low: Lowerer, operands: Any) -> None:
    cls = low.stack[-1]
    if not operands[0] and cls.extra[:1] == ("const",) and low.host.translation.is_plain_class(cls.extra[1]):
        low.pop_raw()
        low.push(arithmetic.kind_text(low, low.pop(), cls))
    else:
        exc = low.stack[-2]
        low.stack[-2] = Expr(f"settled({exc.text})", EFFECT, "object", exc.reads, False, low.pc)
        helper(low, "rescues", 2, str(operands[0]), type_="truth")


# --- definitions ----------------------------------------------------------------------------------------------------


def frame(low: Lowerer) -> str:
    """Return the text for the Frame that a definition belongs to."""
    host = low.host
    if host.scope.kind not in (ck.METHOD, ck.BLOCK, ck.LAMBDA):
        return "frame"
    if any(name == "CALL_METHOD" and operands[0] in SECTIONS for name, operands in low.scope.decoded.code):
        raise Declined("a definition behind private")
    while host.parent is not None:
        host = host.parent
    if host.scope.kind not in (ck.METHOD, ck.BLOCK, ck.LAMBDA):
        return f"{context(low)}.frame(self, blk, frame)"
    return f"{context(low)}.frame(self, blk)"


SECTIONS = ("private", "public", "protected", "module_function")  # without arguments, they change the frame


@handles("DEFINE_CLASS", "DEFINE_MODULE")
def define_module(low: Lowerer, operands: Any) -> None:
    name, flags, index = operands
    opcode = low.scope.decoded.code[low.pc - low.scope.base][0].lower()
    count = (opcode == "define_class" and flags & so.HAS_SUPERCLASS != 0) + (flags & so.SCOPED != 0)
    args = low.pop_many(count)
    text = ", ".join(low.text(expr) for expr in args)
    call = f"{opcode}({frame(low)}, [{text}], {name!r}, {flags}, {index})"
    low.push(Expr(call, EFFECT, "", frozenset().union(*(e.reads for e in args)), False, low.pc))


@handles("DEFINE_SINGLETON")
def define_singleton(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    low.push(Expr(f"define_singleton({frame(low)}, {low.text(expr)}, {operands[0]})", EFFECT, pc=low.pc))


@handles("DEFINE_METHOD", "DEFINE_FUNCTION")
def define_method(low: Lowerer, operands: Any) -> None:
    low.push(Expr(f"define_method({frame(low)}, {operands[0]!r}, {operands[1]})", EFFECT, pc=low.pc))


@handles("DEFINE_SINGLETON_METHOD")
def define_singleton_method(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    text = f"define_singleton_method({frame(low)}, {low.text(expr)}, {operands[0]!r}, {operands[1]})"
    low.push(Expr(text, EFFECT, "", expr.reads, False, low.pc))


@handles("ALIAS")
def alias(low: Lowerer, operands: Any) -> None:
    low.statement(f"alias_method({frame(low)}, {operands[0]!r}, {operands[1]!r})")


@handles("ALIAS_GLOBAL")
def alias_global(low: Lowerer, operands: Any) -> None:
    low.statement(f"alias_global({operands[0]!r}, {operands[1]!r})")


@handles("UNDEF")
def undef(low: Lowerer, operands: Any) -> None:
    low.statement(f"undef_method({frame(low)}, {operands[0]!r})")


def either(low: Lowerer, text: str, test: str, kind: int) -> None:
    """Push a String or nil, of which most often only the test is wanted."""
    low.push(Expr(f"(String({text!r}) if {test} else None)", kind, "", pc=low.pc, extra=("either", test)))


@handles("DEFINED")
def defined(low: Lowerer, operands: Any) -> None:
    kind, name = operands
    if kind == so.DEFINED_IVAR:
        either(low, "instance-variable", f"hasattr(self, {name!r})", STATE)
        return
    if kind == so.DEFINED_YIELD:
        either(low, "yield", "(blk is not None)" if low.host.has_block() else "False", PURE)
        return
    helper_args = so.DEFINED_KINDS[kind][1]
    args = low.pop_many(helper_args)
    text = ", ".join([context(low), "self", "blk" if low.host.has_block() else "None", str(kind), repr(name),
                      *(low.text(expr) for expr in args)])  # fmt: skip
    low.push(Expr(f"defined({text})", EFFECT, pc=low.pc))


# --- code as object -------------------------------------------------------------------------------------------------


@handles("GET_METHOD_AST")
def get_method_ast(low: Lowerer, operands: Any) -> None:
    symbol = low.host.translation.name("Y:" + operands[0])
    low.push(Expr(f"send(self, ';get_ast', None, {symbol})", EFFECT, pc=low.pc))


@handles("GET_CLASS_AST")
def get_class_ast(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    low.push(Expr(f"send({low.text(expr)}, ':get_ast')", EFFECT, "", expr.reads, False, low.pc))


@handles("SET_METHOD_AST")
def set_method_ast(low: Lowerer, operands: Any) -> None:
    symbol = low.host.translation.name("Y:" + operands[0])
    expr = low.pop()
    low.push(Expr(f"send(self, ';set_ast', None, {symbol}, {low.text(expr)})", EFFECT, "", expr.reads, False, low.pc))


@handles("REMOVE_METHOD")
def remove_method(low: Lowerer, operands: Any) -> None:
    symbol = low.host.translation.name("Y:" + operands[0])
    expr = low.pop()
    low.push(Expr(f"send({low.text(expr)}, ';remove_method', None, {symbol})", EFFECT, "", expr.reads, False, low.pc))
