"""Calls: sends in the form that can go on after a failed lookup, self-calls, super, yield, indexing.

The usual send is two lines:

    try: t1 = x.':m'(None, y)
    except SEND: t1 = send_failed(context, self, x, ':m', None, (y,), flags)

x and y are simple, so only this one lookup (or this one binding of arguments) can fail here; `send_failed` looks at the
traceback to tell that from a failure inside, and then serves numbers and nil, method_missing and the call fallbacks.
Where the method is known to exist (self-calls of a class's own methods) the call is a plain expression.
"""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from . import elements, raising, templates, texts
from .exemplars import UNSEEN, attribute, has_attribute, kind, result
from .facts import PRIM_TESTS
from .lower import EFFECT, NIL, PURE, Expr, Lowerer, context, handles
from .results import DeclinedWhole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLOCKS = so.LITERAL_BLOCK | so.BLOCK_ARG
SPECIAL = so.SPLAT | so.KEYWORDS | so.LOCAL_CALLEE
OF_SELF = ("class", "respond_to?", "equal?")  # templates that serve calls on self, too
SENDING = ("send", "__send__", "public_send")


def take_block(low: Lowerer, flags: int) -> tuple[str, str]:
    """Make the block on top of the stack simple; return its text and the tag that `break` in it names."""
    if not flags & BLOCKS:
        return "None", ""
    expr = low.stack[-1]
    if flags & so.LITERAL_BLOCK:
        return expr.text, expr.extra[1] if expr.extra[:1] == ("closure",) else ""
    if expr.extra[:1] == ("block",):
        low.stack[-1] = Expr("blk", PURE, "", simple=True)
        return "blk", ""
    if expr.type == "nil":
        return "None", ""
    if expr.type == "sym":
        low.stack[-1] = symbol_block(low, expr)
        return low.stack[-1].text, ""
    expr = low.value(low.stack.pop())
    text = f"to_block({low.text(expr)})"
    low.stack.append(Expr(text, EFFECT, "", expr.reads, False, low.pc))
    low.simplify(1)
    return low.stack[-1].text, ""


def symbol_block(low: Lowerer, expr: Expr) -> Expr:
    """Return the block that `&` makes of a literal Symbol."""
    return Expr(low.host.translation.name("E:" + expr.extra[1]), PURE, "", simple=True)


def emit_call(low: Lowerer, lines: list[tuple[int, int, str]], temp: str, tag: str) -> None:
    """Emit the lines of a call; `tag`: the block that it is given may `break`."""
    if tag:
        pc = low.pc
        lines = [
            (0, pc, "try:"),
            *((depth + 1, at, text) for depth, at, text in lines),
            (0, pc, "except BreakJump as jump:"),
            (1, pc, f"if jump.args[0] is not {tag}: raise"),
            (1, pc, f"{temp} = jump.args[1]"),
            (0, pc, "finally:"),
            (1, pc, f"{tag}[0] = False"),
        ]
    low.line(lines)


# Native methods that set `$~`.
MATCHING = frozenset((
    "=~", "===", "!~", "match", "sub", "sub!", "gsub", "gsub!", "scan", "index", "rindex", "byteindex", "byterindex",
    "slice", "slice!", "[]", "[]=", "partition", "rpartition", "start_with?", "grep", "grep_v", "any?", "all?", "none?",
    "one?", "send", "__send__", "public_send", "call",
))  # fmt: skip


def keeps_match(low: Lowerer, name: str, flags: int) -> bool:
    """Return whether `$~`, which the function reads, must be kept over a call: it may find one of the program's
    methods, which has a `$~` of its own, or pass a block on that has."""
    translation = low.host.translation
    if not translation.reads_match:
        return False
    return not translation.assume("", name) or (flags & BLOCKS == so.BLOCK_ARG and name not in MATCHING)


def kept(low: Lowerer, lines: list[Any], temp: str, given: str, name: str, flags: int) -> list[Any]:
    """Return the lines of a call for which `keeps_match` holds. `given`: what `keeping_match` must be passed."""
    pc = low.pc
    translation = low.host.translation
    if name in MATCHING or flags & so.LITERAL_BLOCK:  # native methods that match, or run a block that does, set it
        return [(0, pc, f"{temp} = {translation.name('M:keeping_match')}({context(low)}, self, {given}, {flags})")]
    last = translation.name("M:LAST") + ".raw"
    return [(0, pc, f"last = {last}"), *lines, (0, pc, f"{last} = last")]


def about(low: Lowerer) -> str:
    """Return the texts for the function that calls and its `self`, which a Symbol's block has none of."""
    return f"{context(low)}, {low.scope.me if low.scope.function.index >= 0 else 'None'}"


def send_lines(low: Lowerer, temp: str, recv: str, attr: str, blk: str, args: list[str], flags: int) -> list[Any]:
    """Return the lines of a send that can go on after a failed lookup."""
    name = low.host.translation.name(attr)
    pc = low.pc
    given = ", ".join([blk, *args])
    packed = f"({', '.join(args)},)" if args else "()"
    return [
        (0, pc, f"try: {temp} = {recv}.{name}({given})"),
        (0, pc, f"except SEND: {temp} = send_failed({about(low)}, {recv}, {attr!r}, {blk}, {packed}, {flags})"),
    ]


@handles("CALL_METHOD")
def call_method(low: Lowerer, operands: Any) -> None:
    name, argc, flags = operands
    if not argc and not flags and name in rest.ASKED and rest.raw_read(low, 0, name):
        return
    if name in SENDING and passing.send_by_name(low, name, argc, flags):
        return
    if flags & so.LOCAL_CALLEE and flags & so.IMPLICIT_SELF and low.host.translation.self_method(low.scope, name, argc):
        # The local variable of that name would only count if there was no such method.
        del low.stack[-2 - argc - (flags & so.KEYWORDS != 0) - (flags & BLOCKS != 0)]
        flags &= ~so.LOCAL_CALLEE
    if flags & SPECIAL:
        general_call(low, (";" if flags & so.IMPLICIT_SELF else ":") + name, argc, flags)
        return
    if flags == so.IMPLICIT_SELF and name in raising.NAMES and raising.raise_(low, name, argc):
        return
    if not flags & ~so.RESULT_IS_ARG or flags == so.BLOCK_ARG or name in OF_SELF:
        template = templates.TEMPLATES.get((name, argc)) if not flags or name in OF_SELF else None
        if template is not None and template(low):
            return
    if not argc and flags & so.LITERAL_BLOCK and name == "proc" and proc_of_block(low, name, flags):
        return
    if name == "__method__" and not argc and method_name(low, flags):
        return
    if name == "new" and not flags & ~so.IMPLICIT_SELF and new_of_self(low, argc, flags):
        return
    send(low, name, argc, flags)


def method_name(low: Lowerer, flags: int) -> bool:
    """`__method__` in a method that has its name from `def`."""
    translation = low.host.translation
    function = low.scope.home().function
    if flags & ~so.VARIABLE_LIKE != so.IMPLICIT_SELF or function.kind != ck.METHOD:
        return False
    if not translation.has_kernel() or not translation.assume("", "__method__"):
        return False
    low.pop()
    low.push(Expr(translation.name("Y:" + function.name), PURE, "sym", simple=True, extra=("sym", function.name)))
    return True


def proc_of_block(low: Lowerer, name: str, flags: int) -> bool:
    """`proc { }` and `Proc.new { }` of a block without `break`, which would look for this call."""
    translation = low.host.translation
    recv, block = low.stack[-2:]
    if block.extra[:1] != ("closure",) or block.extra[1]:
        return False
    if name == "proc":
        if flags != so.LITERAL_BLOCK | so.IMPLICIT_SELF or not translation.has_kernel():
            return False
        if not translation.assume("", "proc"):
            return False
    elif (
        flags != so.LITERAL_BLOCK or recv.extra[:1] != ("const",)
        or not translation.is_builtin(recv.extra[1], "Proc") or not translation.assume("Proc.", "new")
    ):  # fmt: skip
        return False
    block = low.pop()
    low.pop()
    low.push(Expr(f"Proc({block.text})", PURE, "object", pc=low.pc))
    return True


@handles("EVAL_STRING")
def eval_string(low: Lowerer, operands: Any) -> None:
    at = len(low.stack) - operands[0]
    low.stack.insert(at, Expr("self", PURE, "", simple=True, extra=("self",)))
    send(low, "eval", operands[0], so.IMPLICIT_SELF)


def send(low: Lowerer, name: str, argc: int, flags: int) -> None:
    """Emit an ordinary send."""
    translation = low.host.translation
    own = flags & so.IMPLICIT_SELF
    attr = (";" if own else ":") + name
    blk, tag = take_block(low, flags)
    more = 1 if flags & BLOCKS else 0
    stack = low.stack
    keep = flags & so.RESULT_IS_ARG
    recv = stack[len(stack) - more - argc - 1]
    known = (
        translation.self_method(low.scope, name, argc) if own and recv is stack[len(stack) - more - argc - 1]
        else translation.class_method(recv.extra[1], name, argc) if recv.extra[:1] == ("const",) else False
    )  # fmt: skip
    keeping = keeps_match(low, name, flags)
    seen = kind(recv.like)
    ours = seen == "object"
    has = ours and has_attribute(recv.like, name)
    simple = not more and not keep and not keeping
    if known and simple and not (argc == 0 and translation.is_attribute(name, ours, has)):
        args = low.pop_many(argc)
        low.pop()
        text = ", ".join(["None", *(low.text(expr) for expr in args)])
        reads = frozenset().union(recv.reads, *(expr.reads for expr in args))
        low.push(Expr(f"{recv.text}.{translation.name(attr)}({text})", EFFECT, "", reads, False, low.pc))
        return
    if keep:
        low.simplify(1)
    low.settle(argc + 1 + more)
    at = len(stack) - more - argc - 1
    if not stack[at].simple:
        low.spill_at(at)
    if more:
        stack.pop()
    args = low.pop_many(argc)
    receiver = low.pop()
    low.spill(2)
    avoid = frozenset().union(receiver.reads, *(expr.reads for expr in args)) if tag or keep else frozenset()
    temp = low.temp(avoid)
    texts = [expr.text for expr in args]
    accessing = not more and flags & ~so.RESULT_IS_ARG & ~so.IMPLICIT_SELF & ~so.VARIABLE_LIKE == 0
    if accessing and (argc == 0 or (keep and argc == 1)) and translation.is_attribute(name, ours, has):
        low.line(access_lines(low, receiver.text, attr, texts, temp, flags))
        low.push(args[-1] if keep else low.named(temp, "", attribute(receiver.like, name)))
        return
    numbers = not own and seen in ("", "int", "float")
    lines = prim_lines(low, temp, receiver, name, argc, texts, blk) if numbers else None
    plain = send_lines(low, temp, receiver.text, attr, blk, texts, flags)
    shield = "" if own or receiver.extra[:1] == ("self",) else translation.protects(low.scope, name)
    if shield:
        inner = send_lines(low, temp, receiver.text, ";" + name, blk, texts, flags)
        test = f"isinstance({receiver.text}, {translation.name(shield)})"
        plain = [
            (0, low.pc, f"if {test}:"), *((depth + 1, pc, text) for depth, pc, text in inner),
            (0, low.pc, "else:"), *((depth + 1, pc, text) for depth, pc, text in plain),
        ]  # fmt: skip
    if lines is None:
        lines = plain
    elif plain:
        lines = [*lines, (0, low.pc, "else:"), *((depth + 1, pc, text) for depth, pc, text in plain)]
    if keeping:
        packed = f"({', '.join(texts)},)" if texts else "()"
        lines = kept(low, lines, temp, f"{receiver.text}, {attr!r}, {blk}, {packed}, None", name, flags)
    emit_call(low, lines, temp, tag)
    low.push(args[-1] if keep else low.named(temp, "", UNSEEN if own else result(name, receiver.like)))


def access_lines(low: Lowerer, recv: str, attr: str, args: list[str], temp: str, flags: int) -> list[Any]:
    """Return the lines of a call of an attribute method by the attribute protocol."""
    ident = low.host.translation.name("." + attr[1:])
    if args:
        failed = f"send_failed({about(low)}, {recv}, {attr!r}, None, ({args[0]},), {flags})"
        return [(0, low.pc, f"try: {recv}.{ident} = {args[0]}"), (0, low.pc, f"except SEND: {failed}")]
    failed = f"send_failed({about(low)}, {recv}, {attr!r}, None, (), {flags})"
    return [(0, low.pc, f"try: {temp} = {recv}.{ident}"), (0, low.pc, f"except SEND: {temp} = {failed}")]


def prim_lines(
    low: Lowerer, temp: str, recv: Expr, name: str, argc: int, args: list[str], blk: str = "None"
) -> list[Any] | None:
    """Return the guarded direct calls of a method that numbers have, None if they have none of that name."""
    owners = templates.number_owners(name)
    if not owners or recv.extra[:1] in (("self",), ("const",)):
        return None
    given = ", ".join([recv.text, blk, *args])
    word = "if"
    lines = []
    for owner in owners:
        if owner == "NilClass" and recv.type not in ("", "nil"):
            continue
        test = PRIM_TESTS[owner].format(x=recv.text)
        function = low.host.translation.name(f"P:{owner}#{name}")
        pc = low.pc
        packed = f"({', '.join(args)},)" if args else "()"
        failed = f"send_failed({about(low)}, {recv.text}, {':' + name!r}, {blk}, {packed}, 0)"
        lines += [
            (0, pc, f"{word} {test}:"),
            (1, pc, f"try: {temp} = {function}({given})"),
            (1, pc, f"except TypeError: {temp} = {failed}"),
        ]
        word = "elif"
    return lines or None


@handles("CALL")
def call_value(low: Lowerer, operands: Any) -> None:
    argc, flags = operands
    if flags:
        general_call(low, ":call", argc, flags)
    elif not templates.call_proc(low, argc):
        send(low, "call", argc, 0)


@handles("CALL_BLOCK")
def call_block(low: Lowerer, operands: Any) -> None:
    argc, flags = operands
    callee = low.stack[len(low.stack) - 1 - argc - bool(flags & so.KEYWORDS) - bool(flags & BLOCKS)]
    if flags or callee.extra[:1] != ("block",):
        general_call(low, ":call", argc, flags) if flags else send(low, "call", argc, 0)
        return
    args = low.pop_many(argc)
    low.pop()
    text = ", ".join(low.text(expr) for expr in args)
    low.push(Expr(f"blk({text})", EFFECT, "", frozenset().union(*(expr.reads for expr in args)), False, low.pc))


@handles("YIELD")
def yield_(low: Lowerer, operands: Any) -> None:
    yield_values(low, operands)
    if low.host.translation.reads_match:
        expr = low.pop()
        low.spill(2)
        temp = low.temp(expr.reads)
        low.line(kept(low, [(0, low.pc, f"{temp} = {low.text(expr)}")], temp, "", "", 0))
        low.push(low.named(temp))


def yield_values(low: Lowerer, operands: Any) -> None:
    argc, flags = operands
    if flags & so.KEYWORDS:
        low.settle(argc + 1)
        table = low.pop()
        args = low.pop_many(argc)
        packed = f"{args[0].text}.a" if flags & so.SPLAT else f"({''.join(expr.text + ', ' for expr in args)})"
        low.push(Expr(f"yield_keywords(blk, {packed}, {table.text})", EFFECT, pc=low.pc))
        return
    args = low.pop_many(argc)
    if flags & so.SPLAT:
        text = f"*{low.text(args[0])}.a"
    else:
        text = ", ".join(low.text(expr) for expr in args)
    low.push(Expr(f"blk({text})", EFFECT, "", frozenset().union(*(expr.reads for expr in args)), False, low.pc))


@handles("BLOCK_GIVEN")
def block_given(low: Lowerer, operands: Any) -> None:
    low.push(Expr("(blk is not None)", PURE, "bool", pc=low.pc))


@handles("LOAD_BLOCK")
def load_block(low: Lowerer, operands: Any) -> None:
    low.push(Expr("block_proc(blk)", PURE, "", pc=low.pc, extra=("block",)))


def super_function(low: Lowerer) -> str:
    """Return the text of the function that `super` calls, "" if only the helper can tell."""
    translation = low.host.translation
    static = translation.super_name(low.scope)
    if static:
        return translation.name(static)
    table = translation.super_table(low.scope)
    return f"{translation.name(table)}[self.__class__].fn" if table else ""


@handles("CALL_SUPER")
def call_super(low: Lowerer, operands: Any) -> None:
    name, argc, flags = operands
    if low.host.translation.function.kind == ck.EVAL:
        raise DeclinedWhole("super in eval code")
    function = super_function(low)
    if function and flags & (so.SPLAT | so.KEYWORDS):
        passing.super_with(low, function, operands)
        return
    blk, tag = take_block(low, flags)
    if not flags & BLOCKS:
        blk = "blk"
    more = (flags & so.KEYWORDS != 0) + (flags & BLOCKS != 0)
    low.settle(argc + more)
    if flags & BLOCKS:
        low.stack.pop()
    table = low.pop().text if flags & so.KEYWORDS else ""
    args = low.pop_many(argc)
    low.spill(2)
    reads = frozenset().union(*(expr.reads for expr in args))
    temp = low.temp(reads)
    texts = [expr.text for expr in args]
    if function:
        given = ", ".join(["self", blk, *texts])
        packed = f"({', '.join(texts)},)" if texts else "()"
        lines = [
            (0, low.pc, f"try: {temp} = {function}({given})"),
            (0, low.pc, f"except TypeError: {temp} = super_failed({context(low)}, self, {blk}, {packed})"),
        ]
    else:
        packed = f"{texts[0]}.a" if flags & so.SPLAT else f"({', '.join(texts)},)" if texts else "()"
        lines = [
            (0, low.pc, f"{temp} = call_super({context(low)}, self, {blk}, {packed}, {table or 'None'})"),
        ]
    if low.host.translation.reads_match and not flags & so.LITERAL_BLOCK:
        lines = kept(low, lines, temp, "", "", 0)
    emit_call(low, lines, temp, tag)
    low.push(low.named(temp))


def new_of_self(low: Lowerer, argc: int, flags: int) -> bool:
    """`new` in a singleton method of a class: most often that class is self."""
    position = len(low.stack) - argc - 1
    if low.stack[position].extra[:1] != ("self",) or low.scope.home().kind != ck.METHOD:
        return False
    translation = low.host.translation
    key = translation.ask("own_class")
    ident = translation.constructor(key) if key else ""
    if not ident:
        return False
    low.settle(argc)
    args = low.pop_many(argc)
    low.pop()
    low.spill(2)
    texts = [expr.text for expr in args]
    temp = low.temp(frozenset().union(*(expr.reads for expr in args)))
    attr = (";" if flags & so.IMPLICIT_SELF else ":") + "new"
    pc = low.pc
    packed = f"({', '.join(texts)},)" if texts else "()"
    failed = f"new_failed({context(low)}, self, self, {ident}, {packed})"
    low.line(
        [
            (0, pc, f"if self is {translation.name(key)}:"),
            (1, pc, f"try: {temp} = {ident}({', '.join(['None', *texts])})"),
            (1, pc, f"except TypeError: {temp} = {failed}"),
            (0, pc, "else:"),
            *((depth + 1, at, text) for depth, at, text in send_lines(low, temp, "self", attr, "None", texts, flags)),
        ]
    )
    low.push(low.named(temp))
    return True


@handles("NEW_INSTANCE")
def new_instance(low: Lowerer, operands: Any) -> None:
    argc, flags = operands
    if flags & SPECIAL:
        if not passing.new_with(low, argc, flags):
            general_call(low, ":new", argc, flags)
        return
    if not argc and flags == so.LITERAL_BLOCK and proc_of_block(low, "new", flags):
        return
    recv = low.stack[len(low.stack) - 1 - argc - bool(flags & BLOCKS)]
    if not flags and recv.extra[:1] == ("const",) and templates.new_builtin(low, argc, recv.extra[1]):
        return
    if not flags and recv.extra[:1] == ("const",):
        ident = low.host.translation.constructor(recv.extra[1])
        if ident:
            low.settle(argc)
            args = low.pop_many(argc)
            low.pop()
            low.spill(2)
            texts = [expr.text for expr in args]
            temp = low.temp()
            given = ", ".join(["None", *texts])
            packed = f"({', '.join(texts)},)" if texts else "()"
            failed = f"new_failed({context(low)}, {low.scope.me}, {recv.text}, {ident}, {packed})"
            lines = [
                (0, low.pc, f"try: {temp} = {ident}({given})"),
                (0, low.pc, f"except TypeError: {temp} = {failed}"),
            ]
            if low.host.translation.reads_match:
                lines = kept(low, lines, temp, "", "", 0)
            low.line(lines)
            low.push(low.named(temp, "", low.host.translation.instance(recv.extra[1])))
            return
    send(low, "new", argc, flags)


# --- indexing -------------------------------------------------------------------------------------------------------


@handles("INDEX_GET")
def index_get(low: Lowerer, operands: Any) -> None:
    argc, flags = operands
    if argc == 2 and not flags and texts.part_at(low):
        return
    if argc == 1 and not flags and rest.raw_read(low, 1):
        return
    if argc != 1 or flags & ~so.IMPLICIT_SELF:
        attr = ";[]" if flags & so.IMPLICIT_SELF else ":[]"
        if flags & SPECIAL:
            general_call(low, attr, argc, flags)
        else:
            send(low, "[]", argc, flags)
        return
    if flags and of_program(low):
        send(low, "[]", argc, flags)
        return
    elements.index_get(low)


@handles("INDEX_SET")
def index_set(low: Lowerer, operands: Any) -> None:
    argc, flags = operands
    if argc != 2 or flags & ~(so.IMPLICIT_SELF | so.RESULT_IS_ARG):
        attr = ";[]=" if flags & so.IMPLICIT_SELF else ":[]="
        if flags & SPECIAL:
            general_call(low, attr, argc, flags | so.RESULT_IS_ARG)
        else:
            send(low, "[]=", argc, flags | so.RESULT_IS_ARG)
        return
    if flags & so.IMPLICIT_SELF and of_program(low):
        send(low, "[]=", argc, flags | so.RESULT_IS_ARG)
        return
    elements.index_set(low)


def of_program(low: Lowerer) -> bool:
    """Return whether self is no plain Array, Hash or String, as far as is known: `self[i]` calls a method then."""
    return kind(low.host.translation.exemplars.get("self", UNSEEN)) in ("", "object")


from . import passing, rest  # noqa: E402 - it needs what stands above
from .passing import general_call  # noqa: E402

__all__ = ["NIL", "ck"]
