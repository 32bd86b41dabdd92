"""Constants, the operand stack, variables, control, and the marks of inlined blocks: instructions of a line or two."""

from __future__ import annotations

from ....format import chunk as ck
from ....format import stack_ops as so
from ...runtime.errors import LATE
from ...runtime.regex.literal import is_literal
from . import exemplars, inline_calls, iteration
from .exemplars import UNSEEN
from .lower import EFFECT, FALSE_EXPR, LOCAL, NIL, PURE, STATE, TRUE_EXPR, Expr, Lowerer, context, handles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


# --- constants, the stack -------------------------------------------------------------------------------------------


def constant(low: Lowerer, kind: int, payload: Any, index: int) -> Expr:
    """Return the expression for a constant of the pool."""
    name = low.host.translation.name
    if kind == ck.CONST_INT:
        text = repr(payload) if -(1 << 60) < payload < 1 << 60 else hex(payload)
        return Expr(f"({text})", PURE, "int", simple=True, extra=("int", payload))
    if kind == ck.CONST_FLOAT:
        if payload != payload or payload in (float("inf"), float("-inf")):
            text = "NAN" if payload != payload else "INF" if payload > 0 else "(-INF)"
        else:
            text = f"({payload!r})"
        return Expr(text, PURE, "float", simple=True, extra=("float", payload))
    if kind == ck.CONST_SYMBOL:
        return Expr(name("Y:" + payload), PURE, "sym", simple=True, extra=("sym", payload))
    if kind == ck.CONST_STRING:
        return Expr(f"String({payload!r})", PURE, "object", pc=low.pc, extra=("str", payload))
    if kind == ck.CONST_FROZEN:
        return Expr(name("Z:" + payload), PURE, "object", simple=True, extra=("str", payload))
    if kind == ck.CONST_REGEX:
        key = f"R:{low.scope.function.index}:{index}"
        if is_pattern(payload):
            return Expr(name(key), PURE, "object", simple=True, extra=("regex",))
        return Expr(f"regexp({low.host.translation.context(low.scope)}, {index})", EFFECT, "object", pc=low.pc)
    return Expr(name(f"N:{low.scope.function.index}:{index}"), PURE, "object", simple=True)


def is_pattern(payload: Any) -> bool:
    """Return whether the Regexp of a literal can be made; else its use raises the error.

    It is not made here: that would load the class, and translating must not change what the program finds loaded.
    """
    source, flags = payload
    if is_literal(source, flags & 39):
        return True
    from ...runtime.regex.syntax import SyntaxProblem, parse

    try:
        parse(source, flags & 39)
    except SyntaxProblem:
        return False
    return True


@handles("PUSH_CONST")
def push_const(low: Lowerer, operands: Any) -> None:
    kind, payload = low.scope.function.constants[operands[0]]
    low.push(constant(low, kind, payload, operands[0]))


@handles("PUSH_NIL")
def push_nil(low: Lowerer, operands: Any) -> None:
    low.push(NIL)


@handles("PUSH_TRUE")
def push_true(low: Lowerer, operands: Any) -> None:
    low.push(TRUE_EXPR)


@handles("PUSH_FALSE")
def push_false(low: Lowerer, operands: Any) -> None:
    low.push(FALSE_EXPR)


@handles("LOAD_SELF")
def load_self(low: Lowerer, operands: Any) -> None:
    me = low.scope.me
    like = low.host.translation.exemplars.get(me, UNSEEN)
    reads = frozenset() if me == "self" else frozenset((me,))
    low.push(Expr(me, LOCAL if reads else PURE, "", reads, simple=True, extra=("self",), like=like))


@handles("POP")
def pop(low: Lowerer, operands: Any) -> None:
    expr = low.pop_raw()
    if expr.kind == EFFECT:
        low.statement(expr.text, pc=expr.pc)


@handles("DUP")
def dup(low: Lowerer, operands: Any) -> None:
    if low.stack[-1].type not in ("bool", "cmp", "truth") or not low.keeps_value():
        low.simplify(1)
    low.push(low.stack[-1])


@handles("DUP_N")
def dup_n(low: Lowerer, operands: Any) -> None:
    low.simplify(operands[0])
    low.stack.extend(low.stack[-operands[0] :])


@handles("SWAP")
def swap(low: Lowerer, operands: Any) -> None:
    stack = low.stack
    if stack[-1].kind >= STATE or stack[-2].kind >= STATE:
        low.simplify(2)
        low.spill(STATE)
    stack[-1], stack[-2] = stack[-2], stack[-1]


# --- variables ------------------------------------------------------------------------------------------------------


def variable(low: Lowerer, name: str) -> Expr:
    if name in low.host.translation.lazy_blocks:
        function = "fresh_proc" if name in low.host.translation.fresh_blocks else "block_proc"
        return Expr(f"{function}(blk)", PURE, "", pc=low.pc, extra=("block",))
    alias = low.aliases.get(name)
    if alias is not None:
        return Expr(alias.text, alias.kind, alias.type, alias.reads, True, low.pc, alias.extra, alias.like)
    if name in low.host.raw:
        return Expr(name, LOCAL, "", frozenset((name,)), True, low.pc, ("raw", low.host.raw[name]))
    kind = STATE if name in low.host.shared or name not in low.host.owned else LOCAL
    like = low.host.translation.exemplars.get(name, UNSEEN)
    return Expr(name, kind, low.host.types.get(name, ""), frozenset((name,)), True, low.pc, (), like)


@handles("LOAD_LOCAL")
def load_local(low: Lowerer, operands: Any) -> None:
    expr = low.scope.fixed.get(operands[0]) or variable(low, low.scope.var(operands[0]))
    if operands[0] in low.scope.decoded.rescue_slots:
        if only_tested(low) or (LATE and only_asked(low)):
            expr.extra = ("handled",)
        else:
            expr = Expr(f"settled({expr.text})", EFFECT, "object", expr.reads, False, low.pc)
    low.push(expr)


def only_tested(low: Lowerer) -> bool:
    """Return whether the exception just loaded is for a rescue clause to test, or to go on when none took it, or gets
    a name that shows nobody its backtrace."""
    code = low.scope.decoded.code
    index = low.pc - low.scope.base + 1
    if code[index][0] == "RAISE":
        return True
    if code[index][0] == "STORE_LOCAL":
        return shows_no_trace(low, code[index][1][0])
    while code[index][0] in ("LOAD_CONST", "LOAD_TOP_CONST", "LOAD_SCOPED_CONST"):
        index += 1
    return code[index][0] == "RESCUE" and not code[index][1][0]


# Methods of exceptions, and of all objects, that neither tell a backtrace nor pass the exception on.
SILENT = frozenset(("message", "class", "key", "receiver", "result", "errno"))


def shows_no_trace(low: Lowerer, slot: int) -> bool:
    """Return whether a variable that an exception is put into is only asked for its message, class or attributes."""
    scope = low.scope
    if slot in scope.captured:
        return False
    translation = low.host.translation
    code = scope.decoded.code
    for index, (name, operands) in enumerate(code):
        if operands and operands[0] == slot and name in ("LOAD_SOFT", "MATCH_BIND", "LOAD_LOCAL"):
            if name != "LOAD_LOCAL":
                return False
            following, given = code[index + 1]
            if following == "CALL_METHOD" and given[1] == 0 and given[2] == 0:
                method = given[0]
                if translation.usual(method) if method in SILENT else translation.ask("reads_attribute", method):
                    continue
            elif following == "POP":
                continue
            return False
    return True


# Methods that return their receiver, or something that has a trace like it.
RETURNING_SELF = ("clone", "dup", "exception", "freeze", "itself")


def only_asked(low: Lowerer) -> bool:
    """Return whether the exception just loaded is for a variable with which the program does nothing in the whole
    function but call methods without arguments and raise it again, before the rescue body ends."""
    decoded = low.scope.decoded
    code = decoded.code
    name, operands = code[low.pc - low.scope.base + 1]
    if name != "STORE_LOCAL" or operands[0] in low.scope.captured:
        return False
    inside = False
    for index, instruction in enumerate(code):
        if instruction[0] == "LEAVE_RESCUE":
            inside = False
        elif instruction[1][:1] != operands[:1]:
            continue
        elif instruction[0] == "STORE_LOCAL":
            before = code[index - 1]
            if before[0] != "LOAD_LOCAL" or before[1][0] not in decoded.rescue_slots:
                return False
            inside = True
        elif instruction[0] == "LOAD_SOFT":
            return False
        elif instruction[0] == "LOAD_LOCAL":
            called, what = code[index + 1]
            if not inside or called != "CALL_METHOD" or not is_harmless(*what):
                return False
    return True


def is_harmless(name: str, argc: int, flags: int) -> bool:
    """Return whether a call certainly keeps no exception that is its receiver or its only argument."""
    if argc == 0:
        return not flags and name not in RETURNING_SELF
    return argc == 1 and flags == so.IMPLICIT_SELF and name in ("raise", "fail")


@handles("GET_UPVALUE")
def get_upvalue(low: Lowerer, operands: Any) -> None:
    low.push(variable(low, low.scope.upvalue(operands[0])))


@handles("STORE_LOCAL", "MATCH_START", "MATCH_BIND")
def store_local(low: Lowerer, operands: Any) -> None:
    low.store(low.scope.var(operands[0]), low.pop())


@handles("SET_UPVALUE")
def set_upvalue(low: Lowerer, operands: Any) -> None:
    low.store(low.scope.upvalue(operands[0]), low.pop())


@handles("LOAD_IVAR")
def load_ivar(low: Lowerer, operands: Any) -> None:
    name = operands[0]
    attr = low.host.translation.name(name)
    like = exemplars.variable(low.host.translation.exemplars.get(low.scope.me, UNSEEN), name)
    if name in low.known_ivars or low.host.translation.ivar_is_set(low.scope, name):
        reads = frozenset() if low.scope.me == "self" else frozenset((low.scope.me,))
        low.push(Expr(f"{low.scope.me}.{attr}", STATE, "", reads, pc=low.pc, extra=("ivar",), like=like))
        return
    low.spill(EFFECT)
    temp = low.temp()
    low.lines(f"try: {temp} = {low.scope.me}.{attr}", f"except AttributeError: {temp} = None")
    low.push(low.named(temp, "", like))


@handles("STORE_IVAR")
def store_ivar(low: Lowerer, operands: Any) -> None:
    name = operands[0]
    attr = low.host.translation.name(name)
    if low.host.translation.ivar_has_slot(low.scope, name):
        expr = low.pop()
        low.spill(STATE)
        low.line(f"{low.scope.me}.{attr} = {low.text(expr)}")
    else:
        low.simplify(1)
        expr = low.pop()
        low.spill(STATE)
        low.lines(
            f"try: {low.scope.me}.{attr} = {expr.text}",
            f"except AttributeError: set_ivar({low.scope.me}, {name!r}, {expr.text})",
        )
    low.known_ivars.add(name)


@handles("LOAD_GLOBAL")
def load_global(low: Lowerer, operands: Any) -> None:
    name = operands[0]
    if low.host.translation.ask("is_special", name):
        low.push(Expr(f"get_global({name!r})", EFFECT, pc=low.pc))
        return
    low.spill(EFFECT)
    temp = low.temp()
    low.lines(f"try: {temp} = GLOBALS[{name!r}]", f"except KeyError: {temp} = get_global({name!r})")
    low.push(low.named(temp))


@handles("STORE_GLOBAL")
def store_global(low: Lowerer, operands: Any) -> None:
    name = operands[0]
    translation = low.host.translation
    if translation.ask("is_special", name) or not translation.assume("globals", "plain"):
        expr = low.pop()
        low.statement(f"set_global({name!r}, {low.text(expr)})")
        return
    low.simplify(1)
    expr = low.pop()
    low.spill(STATE)
    low.lines(
        f"if not {translation.changed('globals', 'plain')}: GLOBALS[{name!r}] = {expr.text}",
        f"else: set_global({name!r}, {expr.text})",
    )


@handles("LOAD_CVAR")
def load_cvar(low: Lowerer, operands: Any) -> None:
    name = operands[0]
    place = low.host.translation.ask("class_variables", name)
    slow = f"get_cvar({context(low)}, {name!r})"
    if not place:
        low.push(Expr(slow, EFFECT, pc=low.pc))
        return
    low.spill(STATE)
    temp = low.temp()
    low.lines(f"try: {temp} = {low.host.translation.name(place)}.cvars[{name!r}]", f"except KeyError: {temp} = {slow}")
    low.push(low.named(temp))


@handles("STORE_CVAR")
def store_cvar(low: Lowerer, operands: Any) -> None:
    low.simplify(1)
    expr = low.pop()
    name, value = operands[0], expr.text
    place = low.host.translation.ask("class_variables", name)
    slow = f"set_cvar({context(low)}, {name!r}, {value})"
    low.spill(STATE)
    if not place:
        low.lines(slow)
        return
    module = low.host.translation.name(place)
    low.lines(f"if {module}.is_frozen: {slow}", f"else: {module}.cvars[{name!r}] = {value}")


def known_constant(low: Lowerer, key: str) -> Expr:
    """Return the value of a known constant. Classes and modules are not saved before calls: their names stay bound."""
    translation = low.host.translation
    kind = PURE if translation.holds_module(key) else STATE
    return Expr(translation.name(key), kind, "", simple=True, pc=low.pc, extra=("const", key))


@handles("LOAD_CONST")
def load_const(low: Lowerer, operands: Any) -> None:
    key, known = low.host.translation.constant(operands[0], low.scope)
    if known:
        low.push(known_constant(low, key))
        return
    low.spill(STATE)
    temp = low.temp()
    ident = low.host.translation.name(key)
    low.lines(f"try: {temp} = {ident}", f"except NameError: {temp} = load_const({context(low)}, {key!r})")
    low.push(low.named(temp))


@handles("LOAD_SCOPED_CONST")
def load_scoped(low: Lowerer, operands: Any) -> None:
    module = low.stack[-1]
    if module.extra and module.extra[0] == "const":
        key = low.host.translation.scoped_constant(module.extra[1], operands[0])
        if key is not None:
            low.pop()
            low.push(known_constant(low, key))
            return
    expr = low.pop()
    low.push(Expr(f"lookup_scoped({low.text(expr)}, {operands[0]!r})", EFFECT, reads=expr.reads, pc=low.pc))


@handles("LOAD_TOP_CONST")
def load_top(low: Lowerer, operands: Any) -> None:
    key = low.host.translation.scoped_constant("", operands[0])
    if key is not None:
        low.push(known_constant(low, key))
    else:
        low.push(Expr(f"lookup_top({operands[0]!r})", EFFECT, pc=low.pc))


@handles("STORE_CONST")
def store_const(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    low.statement(f"set_const({context(low)}.cref.module, {operands[0]!r}, {low.text(expr)})")


@handles("STORE_SCOPED_CONST")
def store_scoped(low: Lowerer, operands: Any) -> None:
    low.settle(2)
    module, expr = low.pop_many(2)
    low.statement(f"set_const(namespace({module.text}), {operands[0]!r}, {expr.text})")


@handles("LOAD_SPECIAL")
def load_special(low: Lowerer, operands: Any) -> None:
    if operands[0] == so.SPECIAL_FILE:
        low.push(Expr(f"String({context(low)}.path)", PURE, "object", pc=low.pc))
    else:
        if so.SPECIAL_KINDS[operands[0]] == "$~":
            low.push(Expr(low.host.translation.name("M:LAST") + ".match", STATE, pc=low.pc))
            return
        low.push(Expr(f"get_global({so.SPECIAL_KINDS[operands[0]]!r})", EFFECT, pc=low.pc))


@handles("LOAD_GROUP")
def load_group(low: Lowerer, operands: Any) -> None:
    low.push(Expr(f"{low.host.translation.name('M:nth_match')}({operands[0]})", EFFECT, pc=low.pc))


# --- control --------------------------------------------------------------------------------------------------------


@handles("JUMP_IF_FALSE", "JUMP_IF_TRUE")
def jump_if(low: Lowerer, operands: Any) -> None:
    """The condition stays on the stack for the terminator."""
    expr = low.stack[-1]
    if expr.kind == EFFECT or expr.type == "cmp":
        low.spill(STATE, len(low.stack) - (2 if low.block in low.host.kept else 1))


@handles("JUMP_IF_NIL")
def jump_if_nil(low: Lowerer, operands: Any) -> None:
    low.simplify(1)
    expr = low.pop()
    low.tested = f"{expr.text} is None"


@handles("JUMP_IF_GIVEN")
def jump_if_given(low: Lowerer, operands: Any) -> None:
    name = low.scope.var(operands[0])
    low.tested = f"{name} is not UNDEF"


@handles("RETURN")
def return_(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    low.spill(EFFECT)
    if low.host.builds:
        if expr.kind == EFFECT:
            low.line(expr.text, expr.pc)
        low.line("return self")
    elif not low.retarget(expr, "return "):
        low.line(f"return {expr.text}", expr.pc if expr.kind == EFFECT else None)


@handles("RAISE")
def raise_(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    function = "raised_on" if expr.extra[:1] == ("handled",) else "Raised"
    low.statement(f"raise {function}({low.text(expr)})")


@handles("RETURN_METHOD")
def return_method(low: Lowerer, operands: Any) -> None:
    if low.scope.home().kind not in (ck.BLOCK, ck.EVAL):
        return_(low, operands)
        return
    expr = low.pop()
    if low.host.returns_from_eval():
        low.statement(f"return_method(frame, {low.text(expr)})")
    else:
        low.statement(f"raise return_from({low.host.return_tag()}, {low.text(expr)})")


@handles("BREAK_BLOCK")
def break_block(low: Lowerer, operands: Any) -> None:
    if low.scope.home().kind == ck.LAMBDA:
        return_(low, operands)
        return
    expr = low.pop()
    low.statement(f"raise break_from({low.host.break_tag(low.scope)}, {low.text(expr)})")


@handles(
    "BEGIN_TRY", "END_TRY", "ENSURE_START", "ENSURE_END", "LEAVE_RESCUE", "MATCH_END", "CAPTURE_VAR", "SET_LINE",
    "WIDE", "JUMP", "BREAK", "CONTINUE",
)  # fmt: skip
def nothing(low: Lowerer, operands: Any) -> None:
    """What structuring has dealt with, and marks."""


@handles("LEAVE_PART")
def leave_part(low: Lowerer, operands: Any) -> None:
    """What is given back depends on the whole part: HostFunction puts it before this line."""
    low.line("return SUSPENDED")


# --- inlined blocks -------------------------------------------------------------------------------------------------


@handles("INLINE_BEGIN")
def inline_begin(low: Lowerer, operands: Any) -> None:
    iteration.begin(low, operands[0])


@handles("ENTER_METHOD")
def enter_method(low: Lowerer, operands: Any) -> None:
    inline_calls.enter(low, operands[0])


@handles("INLINE_ITEM")
def inline_item(low: Lowerer, operands: Any) -> None:
    iteration.bind_item(low.host, low, operands[0])


@handles("INLINE_NEVER")
def inline_never(low: Lowerer, operands: Any) -> None:
    low.tested = "False"


@handles("INLINE_RESULT")
def inline_result(low: Lowerer, operands: Any) -> None:
    low.push(iteration.outcome(low, operands[0], operands[0].row.result))


@handles("INLINE_FOUND")
def inline_found(low: Lowerer, operands: Any) -> None:
    low.push(iteration.outcome(low, operands[0], operands[0].row.found))


@handles("INLINE_BROKEN")
def inline_broken(low: Lowerer, operands: Any) -> None:
    low.push(low.named(operands[0].result))


@handles("LEAVE_INLINED_RETURN")
def leave_inlined(low: Lowerer, operands: Any) -> None:
    plan = operands[0]
    if plan.folds:
        low.store(plan.folds, low.pop())
        return
    step = plan.row.step
    if not step:
        raw = low.pop_raw()
        if raw.kind == EFFECT:
            low.statement(raw.text, pc=raw.pc)
        return
    low.spill(STATE, len(low.stack) - 1)
    if ("{c}" in step and "{v}" in step) or step.count("{v}") > 1:
        low.simplify(1)
    raw = low.pop_raw()
    if "{c}" in step:
        value = raw.text if "{v}" in step else ""
        low.line(plan.text(step, c=low.condition(raw), v=value), raw.pc)
    else:
        expr = low.value(raw)
        text = low.text(expr)  # has line breaks of its own, with positions behind them
        low.line([(0, expr.pc, plan.text(line, v=text)) for line in step.split("\n")], expr.pc)


@handles("LEAVE_INLINED_TEST")
def leave_tested(low: Lowerer, operands: Any) -> None:
    """The block's value decides whether the loop goes on."""
    low.spill(STATE, len(low.stack) - 1)
    test = low.condition(low.pop_raw())
    low.tested = test if operands[0].row.leave == "if" else f"not {test}"


@handles("LEAVE_INLINED_BREAK_BLOCK")
def break_inlined(low: Lowerer, operands: Any) -> None:
    expr = low.pop()
    low.statement(f"{operands[0].result} = {expr.text}", pc=expr.pc)
