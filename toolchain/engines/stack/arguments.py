"""How arguments reach the slots of an activation: strictly for methods and lambdas, with tolerance for blocks."""

from __future__ import annotations

from ....format import chunk as ck
from ...runtime import hooks
from ...runtime.convert import try_ary
from ...runtime.dispatch import (
    block_proc,
    keyword_key,
    keywords_hash,
    to_block,
)
from ...runtime.errors import arity_text, error
from ...runtime.frames import ASKED, READERS, Frame, code_key
from ...runtime.model import (
    class_of,
)
from ...runtime.values import UNDEF, Array, Proc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .code import Code


def bind(code: Code, frame: Frame, args: Any, keywords: dict[str, Any], blk: Any) -> list[Any]:
    """Return the slots of an activation with strict arity (methods and lambdas).

    ArgumentError of the guest when the arguments do not fit, after the binding fallbacks of language.md 1.6 and 1.10.4.
    """
    parameters = code.function.parameters
    try:
        return place(code, args, keywords, blk)
    except ArityMismatch as mismatch:
        low = parameters.required + parameters.post
        if blk is not None and not parameters.flags & ck.BLOCK_PARAM and len(args) == low - 1:
            try:  # B1: the block is the last positional argument
                return place(code, (*args, block_proc(blk)), keywords, blk)
            except ArityMismatch:
                pass
        elif blk is None and args and code.flags & ck.USES_BLOCK and is_callable(args[-1]):
            high = low + parameters.optional
            if not parameters.flags & ck.REST and len(args) == high + 1:
                inner = to_block(args[-1])  # B2: the last positional argument is the block
                try:
                    slots = place(code, args[:-1], keywords, inner)
                except ArityMismatch:
                    pass
                else:
                    if frame.parent is None:  # in a lambda `yield` goes on meaning the block of its method
                        frame.blk = inner
                    return slots
        if args and not keywords and parameters.keywords and len(args) > low + parameters.optional:
            filled = annotated_keywords(code, len(args) - low - parameters.optional)
            if filled:
                count = len(args) - len(filled)
                try:
                    return place(code, args[:count], dict(zip(filled, args[count:])), blk)
                except ArityMismatch:
                    pass
        raise error("ArgumentError", mismatch.args[0]) from None


def is_callable(value: Any) -> bool:
    return isinstance(value, Proc) or class_of(value).name == "Method"


class ArityMismatch(Exception):  # noqa: N818 - internal: becomes an ArgumentError of the guest
    """The arguments do not fit; its argument is the message."""


def needed_keywords(function: ck.Function) -> str:
    """Return what a message about the number of arguments says of keywords that must be given, even if they were."""
    names = [name for name, needed in function.parameters.keywords if needed]
    return f"; required keyword{'s' if len(names) > 1 else ''}: {', '.join(names)}" if names else ""


def place(code: Code, args: Any, keywords: dict[str, Any], blk: Any) -> list[Any]:
    """Distribute arguments to slots, in the order that chunk.Parameters describes. Raises ArityMismatch."""
    parameters = code.function.parameters
    flags = parameters.flags
    required, optional, post = parameters.required, parameters.optional, parameters.post
    wants = parameters.keywords
    takes_keywords = wants or flags & ck.KEYREST
    if keywords and not takes_keywords:
        if flags & ck.NO_KEYWORDS:
            raise ArityMismatch("no keywords accepted")
        args = (*args, keywords_hash(keywords))
    count = len(args)
    low = required + post
    if count < low or (count > low + optional and not flags & ck.REST):
        text = arity_text(count, low, -1 if flags & ck.REST else low + optional)
        raise ArityMismatch(f"{text[:-1]}{needed_keywords(code.function)})")
    slots: list[Any] = list(args[:required])
    extra = count - low
    filled = min(extra, optional)
    slots.extend(args[required : required + filled])
    slots.extend([UNDEF] * (optional - filled))
    if flags & ck.REST:
        slots.append(Array(list(args[required + filled : count - post])))
    if post:
        slots.extend(args[count - post :])
    if takes_keywords:
        missing = []
        for name, needed in wants:
            if name in keywords:
                slots.append(keywords[name])
            elif needed:
                missing.append(name)
                slots.append(UNDEF)
            else:
                slots.append(UNDEF)
        if missing:
            raise ArityMismatch(
                f"missing keyword{'s' if len(missing) > 1 else ''}: " + ", ".join(":" + name for name in missing)
            )
        known = {name for name, _ in wants}
        surplus = [name for name in keywords if name not in known]
        if flags & ck.KEYREST:
            slots.append(keywords_hash({name: keywords[name] for name in surplus}))
        elif surplus:
            from ...runtime.convert import inspect_str

            raise ArityMismatch(
                f"unknown keyword{'s' if len(surplus) > 1 else ''}: "
                + ", ".join(inspect_str(keyword_key(name)) for name in surplus)
            )
    if flags & ck.BLOCK_PARAM:
        slots.append(block_proc(blk))
    slots.extend([None] * (code.local_count - len(slots)))
    return slots


def place_block(code: Code, args: Any, keywords: dict[str, Any], blk: Any = None) -> list[Any]:
    """Distribute arguments with the tolerance of procs: an Array is taken apart, missing are nil, surplus dropped."""
    parameters = code.function.parameters
    flags = parameters.flags
    required, optional, post = parameters.required, parameters.optional, parameters.post
    positional = required + optional + post
    takes_keywords = parameters.keywords or flags & ck.KEYREST
    if keywords and not takes_keywords:
        args = (*args, keywords_hash(keywords))
        keywords = {}
    if len(args) == 1 and (
        positional > 1 or (flags & ck.REST and positional > 0) or code.flags & ck.EXCESS_COMMA
        or (takes_keywords and positional + (flags & ck.REST) > 1)
    ):  # fmt: skip
        items = try_ary(args[0])
        if items is not None:
            args = tuple(items)
    low = required + post
    if len(args) < low:
        missing = low - len(args)
        args = (*args, *([None] * missing))
    elif len(args) > low + optional and not flags & ck.REST:
        args = args[: low + optional]
    try:
        return place(code, args, keywords, blk)
    except ArityMismatch as mismatch:
        raise error("ArgumentError", mismatch.args[0]) from None


def _read_bind(python: Any, at: int = -1) -> tuple[Frame, Code, int]:
    """An activation whose arguments do not fit stands in backtraces at the line of its definition."""
    variables = python.f_locals
    return variables["frame"], variables["code"], -1


def annotated_keywords(code: Code, surplus: int) -> list[str]:
    """Return the keyword parameters that `surplus` positional arguments fill because they look annotated (1.10.4)."""
    if code.function.parameters.flags & ck.REST:
        return []
    names = hooks.types_of(code)[1]
    return names[:surplus] if surplus <= len(names) else []


BINDING = code_key(bind.__code__)
READERS[BINDING] = _read_bind
ASKED.add(BINDING)
