"""What the classes below Exception add: names, receivers, keys, results. All of it is in `Exception_.details`."""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_int, as_str, inspect_str, to_s
from ..errors import error
from ..values import FALSE, TRUE, UNDEF, Array, Exception_, String, is_true, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


def detail(exc: Exception_, name: str, default: Any = None) -> Any:
    """Return one detail, `default` if the exception has it not."""
    details = exc.details
    return default if details is None else details.get(name, default)


def note(exc: Exception_, **details: Any) -> None:
    """Keep the details that were given."""
    known = {name: value for name, value in details.items() if value is not UNDEF}
    if known:
        exc.details = {**(exc.details or {}), **known}


def required(exc: Exception_, name: str) -> Any:
    value = detail(exc, name, UNDEF)
    if value is UNDEF:
        raise error("ArgumentError", f"no {name} is available")
    return value


# --- NameError, NoMethodError ---------------------------------------------------------------------------------------

name_error = NativeClass("NameError")
no_method_error = NativeClass("NoMethodError")


@name_error.private("initialize")
def initialize_name(
    self: Exception_, blk: Block, message: Value = UNDEF, name: Value = None, *, receiver: Value = UNDEF
) -> Value:
    self.message = message
    note(self, name=name, receiver=receiver)
    return None


@name_error.method("name")
def name(self: Exception_, blk: Block) -> Value:
    return detail(self, "name")


@name_error.method("receiver")
def receiver(self: Exception_, blk: Block) -> Value:
    return required(self, "receiver")


@name_error.method("local_variables")
def local_variables(self: Exception_, blk: Block) -> Value:
    return Array([])


@no_method_error.private("initialize")
def initialize_no_method(
    self: Exception_,
    blk: Block,
    message: Value = UNDEF,
    name: Value = None,
    args: Value = UNDEF,
    private_call: Value = FALSE,
    *,
    receiver: Value = UNDEF,
) -> Value:
    self.message = message
    note(self, name=name, receiver=receiver, args=args, private_call=private_call)
    return None


@no_method_error.method("args")
def args(self: Exception_, blk: Block) -> Value:
    return detail(self, "args")


@no_method_error.method("private_call?")
def private_call(self: Exception_, blk: Block) -> Value:
    return truth(is_true(detail(self, "private_call", FALSE)))


# --- KeyError, FrozenError, NoMatchingPatternKeyError ---------------------------------------------------------------

key_error = NativeClass("KeyError")


@key_error.private("initialize")
def initialize_key(
    self: Exception_, blk: Block, message: Value = UNDEF, *, receiver: Value = UNDEF, key: Value = UNDEF
) -> Value:
    self.message = message
    note(self, receiver=receiver, key=key)
    return None


@key_error.method("key")
def key(self: Exception_, blk: Block) -> Value:
    return required(self, "key")


key_error.method("receiver")(receiver)

frozen_error = NativeClass("FrozenError")


@frozen_error.private("initialize")
def initialize_frozen(self: Exception_, blk: Block, message: Value = UNDEF, *, receiver: Value = UNDEF) -> Value:
    self.message = message
    note(self, receiver=receiver)
    return None


frozen_error.method("receiver")(receiver)

no_matching_key = NativeClass("NoMatchingPatternKeyError")


@no_matching_key.private("initialize")
def initialize_matching(
    self: Exception_, blk: Block, message: Value = UNDEF, *, matchee: Value = UNDEF, key: Value = UNDEF
) -> Value:
    self.message = message
    note(self, matchee=matchee, key=key)
    return None


no_matching_key.method("key")(key)


@no_matching_key.method("matchee")
def matchee(self: Exception_, blk: Block) -> Value:
    return required(self, "matchee")


# --- StopIteration, LocalJumpError, UncaughtThrowError --------------------------------------------------------------


@NativeClass("StopIteration").method("result")
def result(self: Exception_, blk: Block) -> Value:
    return detail(self, "result")


local_jump = NativeClass("LocalJumpError")


@local_jump.method("reason")
def reason(self: Exception_, blk: Block) -> Value:
    from ..values import sym

    return detail(self, "reason", sym("noreason"))


@local_jump.method("exit_value")
def exit_value(self: Exception_, blk: Block) -> Value:
    return detail(self, "exit_value")


uncaught = NativeClass("UncaughtThrowError")


@uncaught.private("initialize")
def initialize_uncaught(self: Exception_, blk: Block, tag: Value, value: Value, message: Value = UNDEF) -> Value:
    self.message = message
    note(self, tag=tag, value=value)
    return None


@uncaught.method("tag")
def tag(self: Exception_, blk: Block) -> Value:
    return detail(self, "tag")


@uncaught.method("value")
def value(self: Exception_, blk: Block) -> Value:
    return detail(self, "value")


@uncaught.method("to_s")
def uncaught_text(self: Exception_, blk: Block) -> Value:
    if self.message is not UNDEF:
        return String(to_s(self.message).replace("%p", inspect_str(detail(self, "tag"))))
    return String(f"uncaught throw {inspect_str(detail(self, 'tag'))}")


# --- SystemExit, signals --------------------------------------------------------------------------------------------

system_exit = NativeClass("SystemExit")


def exit_status(value: Value) -> int:
    """Return the process status of `exit(value)`."""
    if value is TRUE:
        return 0
    return 1 if value is FALSE else as_int(value)


@system_exit.private("initialize")
def initialize_exit(self: Exception_, blk: Block, *args: Value) -> Value:
    rest = list(args)
    status = 0
    if rest and (rest[0] is TRUE or rest[0] is FALSE or rest[0].__class__ is int):
        status = exit_status(rest.pop(0))
    self.message = rest[0] if rest else UNDEF
    note(self, status=status)
    return None


@system_exit.method("status")
def status(self: Exception_, blk: Block) -> Value:
    return detail(self, "status", 0)


@system_exit.method("success?")
def success(self: Exception_, blk: Block) -> Value:
    return truth(detail(self, "status", 0) == 0)


signal_exception = NativeClass("SignalException")


@signal_exception.private("initialize")
def initialize_signal(self: Exception_, blk: Block, signal: Value, text: Value = UNDEF) -> Value:
    from .signal_module import signal_name, signal_number

    if signal.__class__ is int:
        label = signal_name(signal)
        if label is None:
            raise error("ArgumentError", f"invalid signal number ({signal})")
        self.message = String("SIG" + label) if text is UNDEF else text
        note(self, signo=signal)
    else:
        number = signal_number(signal)
        self.message = String("SIG" + (signal_name(number) or ""))
        note(self, signo=number)
    return None


@signal_exception.method("signo")
def signo(self: Exception_, blk: Block) -> Value:
    return detail(self, "signo")


@signal_exception.method("signm")
def signm(self: Exception_, blk: Block) -> Value:
    return String(to_s(self.message))


@NativeClass("Interrupt").private("initialize")
def initialize_interrupt(self: Exception_, blk: Block, message: Value = UNDEF) -> Value:
    self.message = String("Interrupt") if message is UNDEF else message
    note(self, signo=2)
    return None


# --- LoadError, SyntaxError -----------------------------------------------------------------------------------------


@NativeClass("LoadError").method("path")
def load_path(self: Exception_, blk: Block) -> Value:
    return detail(self, "path")


@NativeClass("SyntaxError").method("path")
def syntax_path(self: Exception_, blk: Block) -> Value:
    return detail(self, "path")


@NativeClass("SyntaxError").private("initialize")
def initialize_syntax(self: Exception_, blk: Block, message: Value = UNDEF) -> Value:
    self.message = String("compile error") if message is UNDEF else message
    return None


# --- SystemCallError and Errno --------------------------------------------------------------------------------------

system_call = NativeClass("SystemCallError")


@system_call.private("initialize")
def initialize_system_call(self: Exception_, blk: Block, *args: Value) -> Value:
    import os

    from ..model import class_of
    from .errno import number_of

    number: int | None = number_of(class_of(self))
    rest = list(args)
    if number is None:
        if len(rest) == 1 and rest[0].__class__ is int:
            number = rest.pop()
        elif len(rest) > 1 and rest[1] is not None:
            number = as_int(rest.pop(1))
    text = "unknown error" if number is None else os.strerror(number)
    if len(rest) > 1 and rest[1] is not None:
        text += " @ " + as_str(rest[1])
    if rest and rest[0] is not None:
        text += " - " + as_str(rest[0])
    self.message = String(text)
    note(self, errno=number)
    return None


@system_call.singleton("new")
def new_system_call(self: Any, blk: Block, *args: Value) -> Value:
    """Make the instance of the Errno class that a number stands for, if SystemCallError itself is asked."""
    from ..dispatch import send
    from .class_new import new
    from .errno import class_for

    if self is system_call.mod and args:
        number = args[-1] if args[-1].__class__ is int and len(args) <= 2 else None
        special = None if number is None else class_for(number)
        if special is not None:
            return send(special, ":new", None, *args[:-1])
    return new(self, blk, *args)


@system_call.singleton("===")
def matches(self: Any, blk: Block, value: Value) -> Value:
    from ..model import class_of, kind_of
    from .errno import number_of

    if kind_of(value, self):
        return TRUE
    if not kind_of(value, system_call.mod) or self is system_call.mod:
        return FALSE
    number = number_of(self)
    return truth(number is not None and detail(value, "errno", number_of(class_of(value))) == number)


@system_call.method("errno")
def errno_(self: Exception_, blk: Block) -> Value:
    return detail(self, "errno")
