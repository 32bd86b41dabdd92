"""How a function takes its arguments: the header of its `def`, and the lines that sort out what Python cannot.

Lines before the function counts as entered (backtraces do not show it) stand at the position UNENTERED: they hand calls
that do not fit to the stack engine, which knows all rules of binding arguments.
"""

from __future__ import annotations

from ....format import chunk as ck
from .scope import stored_slots

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .function import HostFunction
    from .nodes import Lines

UNENTERED = -1


def signature(host: HostFunction) -> tuple[str, Lines, set[str]]:
    """Return the header line, the prologue, and the variables that are set behind it."""
    scope = host.scope
    kind = scope.kind
    function = scope.function
    names = scope.names
    bound = set(names[: function.parameters.slot_count()])
    if kind == ck.METHOD:
        header, prologue = method_signature(host)
    elif kind == ck.BLOCK:
        header, prologue = block_signature(host)
    elif kind == ck.LAMBDA:
        header, prologue = lambda_signature(host)
    else:
        header, prologue = f"def {host.name}(self, blk, frame):", []
    return header, prologue, bound


def method_signature(host: HostFunction) -> tuple[str, Lines]:
    function = host.scope.function
    parameters, flags = function.parameters, function.parameters.flags
    names = host.scope.names
    if (
        parameters.post and flags == ck.REST and not parameters.optional and not parameters.keywords
    ):  # fmt: skip
        return post_signature(host)
    if parameters.post or flags & ck.NO_KEYWORDS:
        given = ", ".join(["blk", *names[: parameters.slot_count()]])
        context = host.translation.context(host.scope)
        return (
            f"def {host.name}(self, blk, *args, **keywords):",
            [(1, UNENTERED, f"{given} = bind_method({context}, self, blk, args, keywords)")],
        )
    texts, prologue = positional(host, ["self", "blk"])
    return f"def {host.name}({', '.join(texts)}):", prologue


def post_signature(host: HostFunction) -> tuple[str, Lines]:
    """Return header and prologue of `def m(a, *b, c)`: Python's rest takes the last parameters apart itself."""
    parameters = host.scope.function.parameters
    names = host.scope.names
    leading = names[: parameters.required]
    rest = names[parameters.required]
    last = names[parameters.required + 1 : parameters.required + 1 + parameters.post]
    context = host.translation.context(host.scope)
    header = ", ".join(["self", "blk", *(f"{name}=UNDEF" for name in leading), "*" + rest])
    given = "".join(name + ", " for name in leading)
    start = host.scope.base
    prologue = [
        (1, UNENTERED, f"if len({rest}) < {len(last)}:"),
        (2, UNENTERED, f"return misfit({context}, self, blk, ({given}*{rest}), {{}})"),
        (1, start, f"*{rest}, {', '.join(last)} = {rest}"),
        (1, start, f"{rest} = Array({rest})"),
    ]
    return f"def {host.name}({header}):", prologue


def positional(host: HostFunction, texts: list[str]) -> tuple[list[str], Lines]:
    """Return parameter texts and prologue for a strict parameter list that Python can express."""
    function = host.scope.function
    parameters, flags = function.parameters, function.parameters.flags
    names = host.scope.names
    start = host.scope.base
    prologue: Lines = []
    slot = parameters.required
    texts += names[:slot]
    is_method = host.scope.kind == ck.METHOD
    context = host.translation.context(host.scope) if is_method else ""
    for _ in range(parameters.optional):
        texts.append(f"{names[slot]}=UNDEF")
        slot += 1
    takes_block = function.flags & ck.USES_BLOCK and is_method
    misfit_at = len(prologue)
    if flags & ck.REST:
        texts.append("*" + names[slot])
        prologue.append((1, start, f"{names[slot]} = Array(list({names[slot]}))"))
        slot += 1
    elif parameters.keywords and is_method:
        texts.append("*more")
    elif takes_block:
        texts.append("extra=UNDEF")
        given = "".join(name + ", " for name in names[: parameters.required + parameters.optional])
        prologue += [
            (1, UNENTERED, "if extra is not UNDEF:"),
            (2, UNENTERED, "if blk is None and is_callable(extra): blk = to_block(extra)"),
            (2, UNENTERED, f"else: return misfit({context}, self, blk, ({given}extra,), {{}})"),
        ]
    if parameters.keywords and not flags & ck.REST and not is_method:
        texts.append("*")
    passed = []
    for keyword, required in parameters.keywords:
        ident = host.translation.parameter(keyword)
        passed.append(f"{keyword!r}: {ident}")
        texts.append(ident if required else f"{ident}=UNDEF")
        prologue.append((1, start, f"{names[slot]} = {ident}"))
        slot += 1
    if flags & ck.KEYREST:
        texts.append("**" + names[slot])
        prologue.append((1, start, f"{names[slot]} = keywords_hash({names[slot]})"))
        slot += 1
    if flags & ck.BLOCK_PARAM:
        block_parameter(host, slot, prologue)
    if passed and is_method:
        every = f"{{{', '.join(passed)}{', **' + names[slot - 1] if flags & ck.KEYREST else ''}}}"
        for index in range(misfit_at):
            depth, at, text = prologue[index]
            prologue[index] = (depth, at, text.replace(", {})", f", {every})"))
        if not flags & ck.REST:
            given = "".join(name + ", " for name in names[: parameters.required + parameters.optional])
            line = f"if more: return misfit({context}, self, blk, ({given}*more), {every})"
            prologue.insert(0, (1, UNENTERED, line))
    return texts, prologue


def block_parameter(host: HostFunction, slot: int, prologue: Lines) -> None:
    name = host.scope.names[slot]
    if host.scope.kind != ck.METHOD:
        prologue.append((1, host.scope.base, f"{name} = None"))
    elif slot in stored_slots(host.translation.unit, host.scope.function):
        prologue.append((1, host.scope.base, f"{name} = block_proc(blk)"))
    else:
        host.translation.lazy_blocks.add(name)


def block_signature(host: HostFunction) -> tuple[str, Lines]:
    function = host.scope.function
    parameters = function.parameters
    names = host.scope.names
    start = host.scope.base
    count = parameters.required
    if parameters.optional == 1 and parameters.slot_count() == 1 and not function.flags & ck.EXCESS_COMMA:
        return f"def {host.name}({names[0]}=UNDEF, *_):", []  # the one case that does not take an Array apart
    if (
        parameters.optional or parameters.post or parameters.keywords or parameters.flags
        or function.flags & ck.EXCESS_COMMA
    ):  # fmt: skip
        given = ", ".join(names[: parameters.slot_count()])
        context = host.translation.context(host.scope)
        target = given + "," if given else "_"
        return (
            f"def {host.name}(*args, **keywords):",
            [(1, start, f"{target} = bind_block({context}, args, keywords)")],
        )
    if count == 0:
        return f"def {host.name}(*_):", []
    if count == 1:
        return f"def {host.name}({names[0]}=None, *_):", []
    texts = [f"{names[0]}=None", f"{names[1]}=UNDEF", *(f"{name}=None" for name in names[2:count]), "*_"]
    every = ", ".join(names[:count])
    line = f"if {names[1]} is UNDEF: {every} = spread({names[0]}, {count})"
    return f"def {host.name}({', '.join(texts)}):", [(1, start, line)]


def lambda_signature(host: HostFunction) -> tuple[str, Lines]:
    function = host.scope.function
    parameters = function.parameters
    if (
        parameters.post or parameters.keywords or parameters.optional or parameters.flags
        or function.flags & (ck.EXCESS_COMMA | ck.USES_BLOCK)
    ):  # fmt: skip
        given = ", ".join(host.scope.names[: parameters.slot_count()])
        context = host.translation.context(host.scope)
        return (
            f"def {host.name}(*args, **keywords):",
            [(1, UNENTERED, f"{given + ', =' if given else '_ ='} bind_lambda({context}, args, keywords)")],
        )
    texts, prologue = positional(host, [])
    return f"def {host.name}({', '.join(texts)}):", prologue
