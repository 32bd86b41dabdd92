"""Calls that pass more than plain arguments: splats, keywords, names that are only known at run time.

What a splat or a keyword Hash consists of is kept with its expression (`extra`): ("pieces", [(is splat, value)]) and
("dict", [(keyword or None for `**`, value)]). A call passes the pieces on as Python's own `*` and `**`, without the
Array or Hash; where something comes between, the expression is saved in a temporary and that is passed.

Keywords go to Python's keywords where some method of the name takes any. Where none does, the Hash of literal keywords
is an argument; where that cannot be known (natives), `call_keywords` asks the function that is called.
"""

from __future__ import annotations

from keyword import iskeyword

from ....format import stack_ops as so
from . import sends
from .lower import EFFECT, NIL, PURE, Expr, Lowerer, context, handles
from .sends import BLOCKS, emit_call, take_block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Lines = list[tuple[int, int, str]]

TAKEN = frozenset(("self", "blk", "extra", "frame", "args", "keywords", "more"))


# --- splats and Hashes being built ----------------------------------------------------------------------------------


def star(value: Expr) -> str:
    """Return a Python list or tuple of what `*value` passes; `value` is simple."""
    if value.extra[:1] == ("raw",):
        return value.text
    return f"({value.text}.a if {value.text}.__class__ is Array else splat_list({value.text}))"


def push_pieces(low: Lowerer, pieces: list[tuple[bool, Expr]]) -> None:
    text = ", ".join("*" + star(value) if starred else value.text for starred, value in pieces)
    reads = frozenset().union(*(value.reads for _, value in pieces))
    low.push(Expr(f"Array([{text}])", EFFECT, "object", reads, False, low.pc, ("pieces", pieces)))


def build_on(low: Lowerer, starred: bool) -> None:
    """Add the value on top of the stack to the Array below."""
    array, value = low.stack[-2:]
    quiet = value.kind < EFFECT and value.type not in ("bool", "cmp")
    if array.extra[:1] == ("pieces",) and quiet and all(piece.kind < EFFECT for _, piece in array.extra[1]):
        # Nothing of it can change what stands before it, so all may be read when the call is made.
        value = low.stack.pop()
        low.pop_raw()
        low.stack.append(value)
        if starred:
            low.simplify(1)
        push_pieces(low, [*array.extra[1], (starred, low.pop())])
        return
    low.simplify(1)
    array, value = low.pop_many(2)
    if starred:
        text = f"array_extend({array.text}, {star(value)})"
    else:
        text = f"array_push({array.text}, {value.text})"
    low.push(Expr(text, EFFECT, "object", array.reads | value.reads, False, low.pc))


@handles("SPLAT")
def splat(low: Lowerer, operands: Any) -> None:
    if low.stack[-1].extra[:1] == ("pieces",):
        return  # `*[a, b]`: the Array is a new one already
    low.simplify(1)
    push_pieces(low, [(True, low.pop())])


@handles("ARRAY_PUSH")
def array_push(low: Lowerer, operands: Any) -> None:
    build_on(low, False)


@handles("ARRAY_CONCAT")
def array_concat(low: Lowerer, operands: Any) -> None:
    build_on(low, True)


@handles("DICT_SET")
def dict_set(low: Lowerer, operands: Any) -> None:
    key = low.stack[-2]
    low.settle(2)
    table, _, value = low.stack[-3:]
    pairs = [*table.extra[1], (key.extra[1], value)] if table.extra[:1] == ("dict",) and key.type == "sym" else None
    table, key, value = low.pop_many(3)
    text = f"dict_set({table.text}, {key.text}, {value.text})"
    extra = ("dict", pairs) if pairs is not None else ()
    low.push(Expr(text, EFFECT, "object", table.reads | key.reads | value.reads, False, low.pc, extra))


@handles("DICT_MERGE")
def dict_merge(low: Lowerer, operands: Any) -> None:
    value = low.stack.pop()
    if low.stack[-1].extra[:1] != ("dict",):
        low.stack.append(value)
        low.simplify(2)
        table, value = low.pop_many(2)
        pairs = None
    else:
        table = low.pop_raw()
        low.stack.append(value)
        low.simplify(1)
        value = low.pop()
        pairs = [*table.extra[1], (None, value)]
    merged = f"keywords_hash({value.text})" if value.extra[:1] == ("raw",) else value.text
    extra = ("dict", pairs) if pairs is not None else ()
    text = f"dict_merge({table.text}, {merged})"
    low.push(Expr(text, EFFECT, "object", table.reads | value.reads, False, low.pc, extra))


# --- calls ----------------------------------------------------------------------------------------------------------


class Call:
    """The values of one call, as texts that may be repeated.

    `args` are (is splat, text) rows. `pairs` are (keyword or None, value) rows or None; then `table` is the text of the
    Hash of keywords, "None" if there are none.
    """

    __slots__ = ("recv", "args", "pairs", "table", "blk", "tag", "callee", "reads")

    recv: Expr
    args: list[tuple[bool, str]]
    pairs: list[tuple[str | None, Expr]] | None
    table: str
    blk: str
    tag: str
    callee: str
    reads: frozenset[str]

    def given(self, first: int = 0) -> str:
        """Return the arguments as they stand in a call, behind the block."""
        return "".join(f", *{text}" if starred else f", {text}" for starred, text in self.args[first:])

    def packed(self, first: int = 0) -> str:
        """Return the arguments as one sequence."""
        args = self.args[first:]
        if len(args) == 1 and args[0][0]:
            return args[0][1]
        return "(" + "".join(f"*{text}, " if starred else f"{text}, " for starred, text in args) + ")"


def take_call(low: Lowerer, argc: int, flags: int) -> Call:
    """Take the values of a call from the stack, settled."""
    call = Call()
    stack = low.stack
    block = stack.pop() if flags & BLOCKS else NIL
    call.tag = block.extra[1] if block.extra[:1] == ("closure",) else ""
    if flags & so.BLOCK_ARG and block.type == "sym":
        block = sends.symbol_block(low, block)
    elif flags & so.BLOCK_ARG and block.extra[:1] != ("block",) and block.type != "nil":
        block = low.value(block)
        block = Expr(f"to_block({low.text(block)})", EFFECT, "", block.reads, False, low.pc)
    elif flags & so.BLOCK_ARG and block.type != "nil":
        block = Expr("blk", PURE, "", simple=True)
    table = stack[-1] if flags & so.KEYWORDS else None
    call.pairs, call.table = None, "None"
    count = 2 + argc + (flags & so.KEYWORDS != 0) + (flags & so.LOCAL_CALLEE != 0)
    reads: frozenset[str] = frozenset()
    if table is not None and table.extra[:1] == ("dict",) and usable_pairs(table.extra[1]):
        low.pop_raw()
        call.pairs = table.extra[1]
        reads |= table.reads
        count -= 1
    stars = [False] * argc
    if flags & so.SPLAT:
        at = len(stack) - 1 - (flags & so.KEYWORDS != 0 and call.pairs is None)
        array = stack[at]
        if array.extra[:1] == ("pieces",):
            pieces = []
            for starred, value in array.extra[1]:
                if starred and value.extra[:1] != ("raw",):
                    pieces.append(Expr(star(value), EFFECT, "object", value.reads, False, low.pc))
                else:
                    pieces.append(value)
            stars = [starred for starred, _ in array.extra[1]]
            stack[at : at + 1] = pieces
            count += len(pieces) - 1
        else:
            stars = [True]
    stack.append(block)
    low.settle(count)
    call.blk = low.pop().text
    if flags & so.KEYWORDS and call.pairs is None:
        call.table = low.pop().text
    values = low.pop_many(len(stars))
    call.args = []
    pieced = flags & so.SPLAT and array.extra[:1] == ("pieces",)
    for starred, value in zip(stars, values):
        text = value.text
        if starred and not pieced:
            text = f"{text}.a" if value.simple else f"({text}).a"
        call.args.append((starred, text))
    call.recv = low.pop()
    call.callee = low.pop().text if flags & so.LOCAL_CALLEE else "None"
    call.reads = reads.union(call.recv.reads, *(value.reads for value in values))
    return call


def usable_pairs(pairs: list[tuple[str | None, Expr]]) -> bool:
    """Return whether keywords may be passed without a Hash."""
    names = [name for name, _ in pairs if name is not None]
    return len(set(names)) == len(names)


def literal(name: str | None) -> bool:
    """Return whether a keyword can be written in a Python call."""
    return name is not None and name.isidentifier() and not iskeyword(name) and name not in TAKEN and name.isascii()


def settle_receiver(low: Lowerer, call: Call) -> str:
    """Make the receiver simple, save what the call could change, and return the temporary for the result."""
    if not call.recv.simple:
        low.push(call.recv)
        low.spill_at(len(low.stack) - 1)
        call.recv = low.pop()
        call.reads |= call.recv.reads
    low.spill(2)
    return low.temp(call.reads)


def general_call(low: Lowerer, attr: str, argc: int, flags: int) -> None:
    """A call with a splat, keywords, or a local of the callee's name."""
    if flags & so.LOCAL_CALLEE or (flags & so.RESULT_IS_ARG and flags & so.SPLAT):
        helper_call(low, attr, argc, flags)
        return
    if flags & so.RESULT_IS_ARG:
        low.simplify(1)
    call = take_call(low, argc, flags)
    temp = settle_receiver(low, call)
    lines = call_lines(low, temp, call, f".{low.host.translation.name(attr)}", repr(attr), attr[1:], flags)
    emit_call(low, keep_match(low, lines, temp, attr[1:], flags), temp, call.tag)
    low.push(low.named(temp))


def forwarding(low: Lowerer, called: str, given: str, keywords: str = "") -> str:
    """Return the text of a call that begins with `called`. Where a rest parameter is passed on as Python made it, none
    and one are most often what is in it, and passed on without Python's `*`, which takes three times as long."""
    raw = low.host.raw
    whole = f"{called}{given}{', **' + keywords if keywords else ''})"
    rest = [name for name in raw if raw[name] == "tuple" and f", *{name}" in given]
    if not rest and keywords in raw:
        return f"{called}{given}) if not {keywords} else {whole}"
    if len(rest) != 1 or given.count("*") != 1 or not (given + ",").count(f", *{rest[0]},"):
        return whole
    more = "" if keywords in raw else f", **{keywords}" if keywords else ""
    also = f" and not {keywords}" if keywords in raw else ""
    few = [f"{called}{given.replace(f', *{rest[0]}', text)}{more})" for text in ("", f", {rest[0]}[0]")]
    return f"{few[0]} if not {rest[0]}{also} else {few[1]} if len({rest[0]}) == 1{also} else {whole}"


def call_lines(
    low: Lowerer, temp: str, call: Call, access: str, attr: str, name: str, flags: int, first: int = 0,
    caller: str = "self",
) -> Lines:  # fmt: skip
    """Return the lines of a call of `recv access` (an attribute) whose real name is the text `attr`; `name` is the
    method if that is known, else ""."""
    recv, blk, pc = call.recv.text, call.blk, low.pc
    function = recv + access if access.startswith(".") else access
    given, packed = call.given(first), call.packed(first)
    about = f"{context(low)}, {caller}, {recv}, {attr}, {blk}"
    keep = flags & so.RESULT_IS_ARG
    plain = [
        (0, pc, f"try: {temp} = {forwarding(low, f'{function}({blk}', given)}"),
        (0, pc, f"except SEND: {temp} = send_failed({about}, {packed}, {flags})"),
    ]
    if keep:
        plain.append((0, pc, f"{temp} = {call.args[-1][1]}"))
    pairs = call.pairs
    if pairs is None and call.table == "None":
        return plain
    if pairs is None:
        helper = f"call_general({about}, {packed}, {call.table}, {flags & ~so.SPLAT}, None)"
        return [(0, pc, f"{temp} = {helper}")]
    named = named_dict(pairs)
    all_literal = all(literal(key) for key, _ in pairs)
    known = bool(name) and low.host.translation.takes_keywords(name)
    if pairs and all_literal and known:
        texts = "".join(f", {key}={value.text}" for key, value in pairs)
        failed = f"keywords_failed({about}, {packed}, {named}, {flags})"
        return [
            (0, pc, f"try: {temp} = {function}({blk}{given}{texts})"),
            (0, pc, f"except SEND: {temp} = {failed}"),
        ]
    if pairs and all_literal and name == "call" and low.host.translation.assume("Proc", "call"):
        texts = "".join(f", {key}={value.text}" for key, value in pairs)
        proc = low.host.translation.guard("Proc", "Proc#call")
        return [
            (0, pc, f"if {recv}.__class__ is {proc}:"),
            (1, pc, f"try: {temp} = {recv}.f({(given + texts)[2:]})"),
            (1, pc, f"except SEND: {temp} = keywords_failed({about}, {packed}, {named}, {flags})"),
            (0, pc, f"else: {temp} = call_keywords({about}, {packed}, {named}, {flags})"),
        ]
    if pairs and all(key is not None for key, _ in pairs) and name and low.host.translation.takes_hash(name):
        items = ", ".join(f"{low.host.translation.name('Y:' + str(key))}: {value.text}" for key, value in pairs)
        table = low.temp(call.reads | {temp})
        args = f"({packed[1:-1]}{table},)" if packed.startswith("(") else f"(*{packed}, {table})"
        return [
            (0, pc, f"{table} = plain_table({{{items}}})"),
            (0, pc, f"try: {temp} = {function}({blk}{given}, {table})"),
            (0, pc, f"except SEND: {temp} = send_failed({about}, {args}, {flags})"),
        ]
    lines: Lines = []
    if named.isidentifier():
        table = named
    else:
        table = low.temp(call.reads | {temp})
        text = names_of(pairs[0][1]) if len(pairs) == 1 and pairs[0][0] is None else named
        lines.append((0, pc, f"{table} = {text}"))
    if known:
        return [
            *lines,
            (0, pc, f"try: {temp} = {forwarding(low, f'{function}({blk}', given, table)}"),
            (0, pc, f"except SEND: {temp} = keywords_failed({about}, {packed}, {table}, {flags})"),
        ]
    passing = f"{temp} = call_keywords({about}, {packed}, {table}, {flags})"
    if any(key is not None for key, _ in pairs):
        return [*lines, (0, pc, passing)]
    return [
        *lines,
        (0, pc, f"if {table}: {passing}"),
        (0, pc, "else:"),
        *((depth + 1, at, text) for depth, at, text in plain),
    ]


def new_with(low: Lowerer, argc: int, flags: int) -> bool:
    """`X.new` with a splat or keywords, where the constructor of the class takes them."""
    recv = low.stack[len(low.stack) - 1 - argc - (flags & so.KEYWORDS != 0)]
    if flags & ~(so.SPLAT | so.KEYWORDS) or recv.extra[:1] != ("const",):
        return False
    translation = low.host.translation
    ident = translation.constructor(recv.extra[1])
    if not ident or (flags & so.KEYWORDS and not translation.ask("constructor_takes", recv.extra[1])):
        return False
    call = take_call(low, argc, flags)
    temp = settle_receiver(low, call)
    given, packed = call.given(), call.packed()
    pc = low.pc
    about = f"{context(low)}, self, {call.recv.text}"
    if call.pairs is None and call.table != "None":
        general = f"call_general({about}, ':new', None, {packed}, {call.table}, {flags & ~so.SPLAT}, None)"
        lines = [(0, pc, f"{temp} = {general}")]
    else:
        pairs = call.pairs or []
        texts = "".join(f", {key}={value.text}" for key, value in pairs)
        called = f"{ident}(None"
        literals = all(literal(key) for key, _ in pairs) and pairs
        called = (
            f"{called}{given}{texts})"
            if literals
            else forwarding(low, called, given, named_dict(pairs) if pairs else "")
        )
        failed = f"new_failed({about}, {ident}, {packed}{', ' + named_dict(pairs) if pairs else ''})"
        lines = [
            (0, pc, f"try: {temp} = {called}"),
            (0, pc, f"except TypeError: {temp} = {failed}"),
        ]
    if translation.reads_match:
        lines = sends.kept(low, lines, temp, "", "", 0)
    low.line(lines)
    low.push(low.named(temp, "", translation.instance(recv.extra[1])))
    return True


def super_with(low: Lowerer, function: str, operands: Any) -> None:
    """`super` with a splat or keywords, where the function that it calls is known."""
    name, argc, flags = operands
    pc = low.pc
    more = (flags & so.KEYWORDS != 0) + (flags & BLOCKS != 0)
    low.stack.insert(len(low.stack) - argc - more, Expr("self", PURE, "", simple=True, extra=("self",)))
    call = take_call(low, argc, flags)
    blk = call.blk if flags & BLOCKS else "blk"
    temp = settle_receiver(low, call)
    given, packed = call.given(), call.packed()
    about = f"{context(low)}, self, {blk}, {packed}"
    pairs = call.pairs
    known = low.host.translation.takes_keywords("new" if name == "initialize" else name)
    if pairs is None and call.table == "None":
        lines = [
            (0, pc, f"try: {temp} = {forwarding(low, f'{function}(self, {blk}', given)}"),
            (0, pc, f"except TypeError: {temp} = super_failed({about})"),
        ]
    elif pairs is None:
        lines = [(0, pc, f"{temp} = call_super({about}, {call.table})")]
    elif not known:
        lines = [(0, pc, f"{temp} = super_keywords({about}, {named_dict(pairs)})")]
    else:
        literals = pairs and all(literal(key) for key, _ in pairs)
        texts = "".join(f", {key}={value.text}" for key, value in pairs)
        called = f"{function}(self, {blk}"
        called = f"{called}{given}{texts})" if literals else forwarding(low, called, given, named_dict(pairs))
        lines = [
            (0, pc, f"try: {temp} = {called}"),
            (0, pc, f"except TypeError: {temp} = super_keywords_failed({about}, {named_dict(pairs)})"),
        ]
    if low.host.translation.reads_match and not flags & so.LITERAL_BLOCK:
        lines = sends.kept(low, lines, temp, "", "", 0)
    emit_call(low, lines, temp, call.tag)
    low.push(low.named(temp))


def named_dict(pairs: list[tuple[str | None, Expr]]) -> str:
    """Return a Python dict of the keywords of a call."""
    if len(pairs) == 1 and pairs[0][0] is None and pairs[0][1].extra[:1] == ("raw",):
        return pairs[0][1].text
    every = ", ".join(f"**{names_of(value)}" if key is None else f"{key!r}: {value.text}" for key, value in pairs)
    return f"{{{every}}}"


def keep_match(low: Lowerer, lines: Lines, temp: str, name: str, flags: int) -> Lines:
    """Return the lines of a call so that `$~` is what it was behind it, if the function reads that."""
    if not sends.keeps_match(low, name, flags) or name in sends.MATCHING or flags & so.LITERAL_BLOCK:
        return lines
    return sends.kept(low, lines, temp, "", "", 0)


def names_of(value: Expr) -> str:
    """Return a Python dict of what `**value` passes."""
    return value.text if value.extra[:1] == ("raw",) else f"keyword_names({value.text})"


def helper_call(low: Lowerer, attr: str, argc: int, flags: int) -> None:
    """A call by way of a helper that knows all flags."""
    if flags & so.RESULT_IS_ARG and not flags & so.SPLAT:
        low.simplify(1)
    blk, tag = take_block(low, flags)
    count = argc + 1 + (flags & so.KEYWORDS != 0) + (flags & BLOCKS != 0) + (flags & so.LOCAL_CALLEE != 0)
    low.settle(count)
    stack = low.stack
    if flags & BLOCKS:
        stack.pop()
    table = low.pop().text if flags & so.KEYWORDS else "None"
    args = low.pop_many(argc)
    recv = low.pop()
    callee = low.pop().text if flags & so.LOCAL_CALLEE else "None"
    low.spill(2)
    reads = frozenset().union(recv.reads, *(expr.reads for expr in args))
    if flags & so.SPLAT:
        packed = f"{args[0].text}.a" if args[0].simple else f"({args[0].text}).a"
    else:
        packed = f"({', '.join(expr.text for expr in args)},)" if args else "()"
    temp = low.temp(reads)
    given = f"{context(low)}, self, {recv.text}, {attr!r}, {blk}, {packed}, {table}, {flags}, {callee}"
    lines = [(0, low.pc, f"{temp} = call_general({given})")]
    emit_call(low, keep_match(low, lines, temp, attr[1:], flags), temp, tag)
    low.push(low.named(temp))


# --- send and its kin -----------------------------------------------------------------------------------------------


def send_by_name(low: Lowerer, sender: str, argc: int, flags: int) -> bool:
    """Emit `x.send(:name, ...)` as a call of that method; behind a test that `x` has the usual `send`."""
    translation = low.host.translation
    if flags & ~(so.SPLAT | so.KEYWORDS | BLOCKS | so.IMPLICIT_SELF) or translation.reads_match:
        return False  # what is called may set `$~`, or have one of its own
    if not translation.usual(sender):
        return False
    more = (1 if flags & BLOCKS else 0) + (flags & so.KEYWORDS != 0)
    first = low.stack[len(low.stack) - more - argc] if argc else None
    if first is None:
        return False
    if flags & so.SPLAT:
        if first.extra[:1] != ("pieces",) or not first.extra[1] or first.extra[1][0][0]:
            return False
        first = first.extra[1][0][1]
    public = sender == "public_send"
    own_attr = (";" if flags & so.IMPLICIT_SELF else ":") + sender
    call = take_call(low, argc, flags)
    temp = settle_receiver(low, call)
    recv, pc = call.recv.text, low.pc
    caller = "None" if public else "self"
    literal = first.extra[:1] == ("str",) and first.extra[1].rstrip("?!=").isidentifier()
    if first.type == "sym" or literal:
        name = first.extra[1]
        attr = (":" if public else ";") + name
        access, real = "." + translation.name(attr), repr(attr)
        guard = f"isinstance({recv}, Object)"
    else:
        symbol = call.args[0][1]
        if not symbol.isidentifier():
            # Evaluated once: it may name a method only after its class is known.
            name_temp = low.temp(call.reads | {temp})
            low.line(f"{name_temp} = {symbol}")
            call.args[0] = (False, name_temp)
            call.reads |= {name_temp}
            symbol = name_temp
        name = ""
        real = f"{symbol}.{'public' if public else 'own'}"
        access = f"getattr({recv}, {real})"
        guard = f"{symbol}.__class__ is Symbol and isinstance({recv}, Object)"
    flags &= ~(so.IMPLICIT_SELF | BLOCKS)
    direct = call_lines(low, temp, call, access, real, name, flags, 1, caller)
    usual = call_lines(low, temp, call, "." + translation.name(own_attr), repr(own_attr), sender, flags)
    lines: Lines = [(0, pc, f"if {guard}:"), *((depth + 1, at, text) for depth, at, text in direct)]
    if name and not flags and call.blk == "None":
        args = [text for _, text in call.args[1:]]
        for depth, at, text in sends.prim_lines(low, temp, call.recv, name, argc - 1, args) or []:
            lines.append((depth, at, "el" + text if text.startswith("if ") and depth == 0 else text))
    if not name and not flags and call.pairs is None and call.table == "None":
        lines += [
            (0, pc, f"elif {recv}.__class__ is int and {symbol}.__class__ is Symbol:"),
            (1, pc, f"try: {temp} = send({recv}, {real}, {call.blk}{call.given(1)})"),
            (1, pc, f"except TypeError: {temp} = send_failed({context(low)}, self, {recv}, {real}, {call.blk},"
                    f" {call.packed(1)}, {flags})"),
        ]  # fmt: skip
    lines += [(0, pc, "else:"), *((depth + 1, at, text) for depth, at, text in usual)]
    emit_call(low, lines, temp, call.tag)
    low.push(low.named(temp))
    return True
