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
    from .scope import Scope

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
            f"def {host.name}(self, blk, /, *args, **keywords):",
            [(1, UNENTERED, f"{given} = bind_method({context}, self, blk, args, keywords)")],
        )
    texts, prologue = positional(host, ["blk"] if host.builds else ["self", "blk"])
    if host.builds:
        cls = host.translation.name(host.translation.ask("built"))
        prologue.insert(0, (1, host.scope.base, f"self = {cls}()"))
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
        (2, UNENTERED, f"return misfit({context}, self, blk, ({given}*{rest},), {{}})"),
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
    # A constructor takes no surplus argument for the block: calls that have one go the ordinary way.
    takes_block = function.flags & ck.USES_BLOCK and is_method and not host.builds
    misfit_at = len(prologue)
    if is_method and (parameters.keywords or flags & ck.KEYREST):
        texts.append("/")  # so that keywords may have the names of the hidden parameters
    checked = is_method and not host.builds  # calls of a constructor that Python refuses go the ordinary way
    if flags & ck.REST:
        texts.append("*" + names[slot])
        rest_parameter(host, slot, prologue)
        slot += 1
    elif parameters.keywords and is_method:
        texts.append("*more" if checked else "*")
    elif takes_block:
        texts.append("extra=UNDEF")
        given = "".join(name + ", " for name in names[: parameters.required + parameters.optional])
        prologue += [
            (1, UNENTERED, "if extra is not UNDEF:"),
            (2, UNENTERED, "if blk is None and is_callable(extra): blk = to_block(extra)"),
            (2, UNENTERED, f"else: return misfit({context}, self, blk, ({given}extra,), {{}})"),
        ]
    passed = []
    missing = []
    copies: Lines = []
    for keyword, required in parameters.keywords:
        ident = keyword_parameter(host, slot, keyword, copies)
        passed.append(f"{keyword!r}: {ident}")
        texts.append(ident if required and not checked else f"{ident}=UNDEF")
        if required:
            missing.append(f"{ident} is UNDEF")
        slot += 1
    prologue += copies
    if flags & ck.KEYREST:
        texts.append("**" + names[slot])
        if slot in host.passed_on:
            host.raw[names[slot]] = "dict"
        else:
            prologue.append((1, start, f"{names[slot]} = keywords_hash({names[slot]})"))
        slot += 1
    if flags & ck.BLOCK_PARAM:
        block_parameter(host, slot, prologue)
    if passed and checked:
        every = f"{{{', '.join(passed)}{', **' + names[slot - 1] if flags & ck.KEYREST else ''}}}"
        for index in range(misfit_at):
            depth, at, text = prologue[index]
            prologue[index] = (depth, at, text.replace(", {})", f", {every})"))
        if not flags & ck.REST:
            missing.insert(0, "more")
        if missing:
            count = parameters.required + parameters.optional
            given = "".join(name + ", " for name in names[:count])
            given += "*more," if not flags & ck.REST else f"*{names[count]},"
            line = f"if {' or '.join(missing)}: return misfit({context}, self, blk, ({given}), {every})"
            prologue.insert(0, (1, UNENTERED, line))
    return texts, prologue


def keyword_parameter(host: HostFunction, slot: int, keyword: str, prologue: Lines) -> str:
    """Return the identifier of a keyword parameter, whose name in the code object is the keyword."""
    name = host.scope.names[slot]
    if slot not in host.scope.captured:
        host.translation.renames[name] = keyword
        return name
    # A variable of closures keeps its name: Python matches those names with the ones of their cells.
    ident = host.translation.parameter(keyword)
    prologue.append((1, host.scope.base, f"{name} = {ident}"))
    return ident


def rest_parameter(host: HostFunction, slot: int, prologue: Lines) -> None:
    """Make an Array of the rest parameter, if it is used for more than to pass the arguments on."""
    name = host.scope.names[slot]
    if slot in host.passed_on:
        host.raw[name] = "tuple"
    else:
        start = host.scope.base
        prologue.append((1, start, f"t1 = new_object(Array); t1.a = [*{name}]; {name} = t1"))


def block_parameter(host: HostFunction, slot: int, prologue: Lines) -> None:
    name = host.scope.names[slot]
    if host.scope.kind != ck.METHOD:
        prologue.append((1, host.scope.base, f"{name} = None"))
    elif host.evals or slot in stored_slots(host.translation.unit, host.scope.function):
        prologue.append((1, host.scope.base, f"{name} = block_proc(blk)"))
    else:
        host.translation.lazy_blocks.add(name)
        if used_once(host.scope, slot):
            host.translation.fresh_blocks.add(name)


def used_once(scope: Scope, slot: int) -> bool:
    """Return whether a variable is read at one place of its function, which has no loops."""
    code = scope.decoded.code
    loops = any(
        name.startswith("JUMP") and operands and operands[-1] <= index for index, (name, operands) in enumerate(code)
    )
    reads = sum(name == "LOAD_LOCAL" and operands[0] == slot for name, operands in code)
    return reads == 1 and not loops and slot not in scope.captured


def block_signature(host: HostFunction) -> tuple[str, Lines]:
    function = host.scope.function
    parameters, flags = function.parameters, function.parameters.flags
    names = host.scope.names
    count = parameters.required
    if parameters.post or flags & ck.NO_KEYWORDS:
        return bound_signature(host, "bind_block")
    if parameters.optional or parameters.keywords or flags or function.flags & ck.EXCESS_COMMA:
        return loose_signature(host, "bind_block")
    if count == 0:
        return f"def {host.name}(*_):", []
    if count == 1:
        return f"def {host.name}({names[0]}=None, *_):", []
    texts = [f"{names[0]}=None", f"{names[1]}=UNDEF", *(f"{name}=None" for name in names[2:count]), "*_"]
    every = ", ".join(names[:count])
    line = f"if {names[1]} is UNDEF: {every} = spread({names[0]}, {count})"
    return f"def {host.name}({', '.join(texts)}):", [(1, host.scope.base, line)]


def lambda_signature(host: HostFunction) -> tuple[str, Lines]:
    function = host.scope.function
    parameters, flags = function.parameters, function.parameters.flags
    if parameters.post or flags & ck.NO_KEYWORDS or function.flags & (ck.EXCESS_COMMA | ck.USES_BLOCK):
        return bound_signature(host, "bind_lambda")
    if parameters.keywords or flags & ck.KEYREST:
        return loose_signature(host, "bind_lambda")
    texts, prologue = positional(host, [])
    return f"def {host.name}({', '.join(texts)}):", prologue


def loose_signature(host: HostFunction, binder: str) -> tuple[str, Lines]:
    """Return header and prologue of a block with any parameters but `post`, or of a lambda with keywords: the header
    takes all calls, the prologue hands those that need more than Python's rules to `binder`."""
    function = host.scope.function
    parameters, flags = function.parameters, function.parameters.flags
    names = host.scope.names
    start = host.scope.base
    required = parameters.required
    count = required + parameters.optional
    is_block = binder == "bind_block"
    # A block must tell one argument, which may be an Array to take apart, from several; a lambda, too few.
    marked = 1 if is_block else required - 1
    texts = [
        f"{name}={'None' if index < required and index != marked else 'UNDEF'}"
        for index, name in enumerate(names[:count])
    ]
    slot = count
    rest = "others"
    if flags & ck.REST:
        rest = names[slot]
        slot += 1
    steps: Lines = []
    if is_block and (count > 1 or (count and (flags & ck.REST or function.flags & ck.EXCESS_COMMA))):
        alone = f"{names[1]} is UNDEF" if count > 1 else f"not {rest}"
        targets = ", ".join(names[:slot]) + ("," if slot == 1 else "")
        given = f"{names[0]}, {required}, {parameters.optional}, {bool(flags & ck.REST)}"
        steps.append((1, start, f"if {alone}: {targets} = spread_block({given})"))
    if flags & ck.REST:
        steps.append((1, start, f"{rest} = Array([*{rest}])"))
    texts.append("*" + rest)
    passed: list[str] = []
    odd: list[str] = []
    if not is_block:
        if not flags & ck.REST:
            odd.append(rest)
        if required:
            odd.append(f"{names[required - 1]} is UNDEF")
    for keyword, needed in parameters.keywords:
        ident = keyword_parameter(host, slot, keyword, steps)
        texts.append(ident)
        host.keywords.append(keyword)
        passed.append(f"{keyword!r}: {ident}")
        if needed:
            odd.append(f"{ident} is UNDEF")
        slot += 1
    if parameters.keywords or flags & ck.KEYREST:
        more = names[slot] if flags & ck.KEYREST else "more"
        texts.append("**" + more)
        passed.append("**" + more)
        if flags & ck.KEYREST:
            steps.append((1, start, f"{more} = keywords_hash({more})"))
            slot += 1
        else:
            odd.append(more)
    if flags & ck.BLOCK_PARAM:
        block_parameter(host, slot, steps)
        slot += 1
    if odd:
        context = host.translation.context(host.scope)
        targets = "".join(name + ", " for name in names[:slot]) or "_ "
        given = "".join(name + ", " for name in names[:count])
        call = f"{binder}({context}, ({given}*{rest},), {{{', '.join(passed)}}})"
        steps = [
            (1, UNENTERED, f"if {' or '.join(odd)}: {targets}= {call}"),
            *([(1, start, "else:")] if steps else []),
            *((depth + 1, at, text) for depth, at, text in steps),
        ]
    return f"def {host.name}({', '.join(texts)}):", steps


def bound_signature(host: HostFunction, binder: str) -> tuple[str, Lines]:
    """Return header and prologue of a function whose arguments the rules of the stack engine distribute."""
    given = "".join(name + ", " for name in host.scope.names[: host.scope.function.parameters.slot_count()])
    context = host.translation.context(host.scope)
    position = UNENTERED if binder == "bind_lambda" else host.scope.base
    line = f"{given or '_ '}= {binder}({context}, args, keywords)"
    return f"def {host.name}(*args, **keywords):", [(1, position, line)]
