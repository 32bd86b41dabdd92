"""Thread: the objects; the taking of turns is in scheduler.py. Locks and queues: thread_sync.py."""

from __future__ import annotations

from .. import model
from ..blocks import block_info
from ..builtin import NativeClass, builtin_class
from ..convert import address, as_float, as_name, inspect_str, to_s
from ..errors import Raised, error, new_exception
from ..lines import Killed
from ..model import class_of
from ..scheduler import SCHEDULER, Task
from ..values import FALSE, UNDEF, Array, Object, String, is_true, sym, truth
from .module import module_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value


class ThreadObject(Object):
    """`task` is its part in the scheduler. `locals` are those of `[]`, `variables` those of thread_variable_get."""

    __slots__ = ("task", "blk", "label", "locals", "variables", "report", "abort", "level", "group")
    mclass = None

    def prepare(self) -> None:
        self.task = Task(self)
        self.blk: Any = None
        self.label: Any = None
        self.locals: dict[str, Any] = {}
        self.variables: dict[str, Any] = {}
        self.report = SETTINGS.report
        self.abort = False
        self.level = 0
        self.group: Any = None


class Settings:
    """Thread.report_on_exception and Thread.abort_on_exception."""

    report = True
    abort = False


SETTINGS = Settings()
thread = NativeClass("Thread")
group = NativeClass("ThreadGroup")


def main_thread() -> ThreadObject:
    if SCHEDULER.main.thread is None:
        value: ThreadObject = model.allocate(thread.mod)
        value.task = SCHEDULER.main
        SCHEDULER.main.thread = value
    result: ThreadObject = SCHEDULER.main.thread
    return result


def current_thread() -> ThreadObject:
    task = SCHEDULER.current
    return main_thread() if task is SCHEDULER.main else task.thread


# --- making and ending ----------------------------------------------------------------------------------------------


@thread.private("initialize", block=True)
def initialize(self: ThreadObject, blk: Block, *args: Value, **keywords: Value) -> Value:
    if blk is None:
        raise error("ThreadError", "must be called with a block")
    self.blk = blk
    SCHEDULER.start(self.task, lambda: blk(*args, **keywords))
    return None


@thread.singleton("start", "fork", block=True)
def start(self: Any, blk: Block, *args: Value, **keywords: Value) -> Value:
    value = model.allocate(self)
    initialize(value, blk, *args, **keywords)
    return value


def after_failure(task: Task, exc: Any) -> None:
    """Report what ended a thread; the main thread ends too for SystemExit and abort_on_exception."""
    from ..warnings import write_error
    from .exception import full_text

    own: ThreadObject = task.thread
    leaving = model.kind_of(exc, builtin_class("SystemExit"))
    if own.report and not leaving:
        head = inspect_text(own, "run")
        write_error(f"{head} terminated with exception (report_on_exception is true):\n{full_text(exc, False)}")
    if leaving or own.abort or SETTINGS.abort:
        SCHEDULER.main.pending = Raised(exc)


def is_alive(target: ThreadObject) -> bool:
    return target.task.status in ("run", "sleep")


@thread.method("join")
def join(self: ThreadObject, blk: Block, limit: Value = None) -> Value:
    task = self.task
    if task is SCHEDULER.current:
        raise error("ThreadError", "Target thread must not be current thread")
    if task is SCHEDULER.main:
        raise error("ThreadError", "Target thread must not be main thread")
    timeout = None if limit is None else max(0.0, as_float(limit))
    if is_alive(self) and not SCHEDULER.wait(lambda: not is_alive(self), timeout):
        return None
    if task.failure is not None:
        raise Raised(task.failure)
    return self


@thread.method("value")
def value(self: ThreadObject, blk: Block) -> Value:
    join(self, None)
    return self.task.value


@thread.method("kill", "exit", "terminate")
def kill(self: ThreadObject, blk: Block) -> Value:
    if self.task is SCHEDULER.main:
        raise Raised(new_exception("SystemExit", "exit", status=0))
    if is_alive(self):
        SCHEDULER.interrupt(self.task, Killed())
    return self


@thread.singleton("kill")
def kill_other(self: Value, blk: Block, other: Any) -> Value:
    return kill(other, None)


@thread.singleton("exit")
def exit_current(self: Value, blk: Block) -> Value:
    return kill(current_thread(), None)


@thread.method("raise")
def raise_(self: ThreadObject, blk: Block, *args: Value, **keywords: Value) -> Value:
    from ..raising import prepared

    if is_alive(self):
        failure = prepared(args or (String("unhandled exception"),), keywords.get("cause", UNDEF))
        SCHEDULER.interrupt(self.task, Raised(failure))
    return None


# --- turns ----------------------------------------------------------------------------------------------------------


@thread.singleton("pass")
def pass_(self: Value, blk: Block) -> Value:
    SCHEDULER.pass_turn()
    return None


@thread.singleton("stop")
def stop(self: Value, blk: Block) -> Value:
    SCHEDULER.sleep(None)
    return None


@thread.method("wakeup", "run")
def wakeup(self: ThreadObject, blk: Block) -> Value:
    if not is_alive(self):
        raise error("ThreadError", "killed thread")
    self.task.wakened = True
    return self


@thread.singleton("handle_interrupt", block=True)
def handle_interrupt(self: Value, blk: Block, *masks: Value, **options: Value) -> Value:
    if blk is None:
        raise error("ArgumentError", "block is needed.")
    return blk()


@thread.singleton("pending_interrupt?")
def pending_interrupt(self: Value, blk: Block, *classes: Value) -> Value:
    return truth(SCHEDULER.current.pending is not None)


# --- questions ------------------------------------------------------------------------------------------------------


@thread.singleton("current")
def current(self: Value, blk: Block) -> Value:
    return current_thread()


@thread.singleton("main")
def main(self: Value, blk: Block) -> Value:
    return main_thread()


@thread.singleton("list")
def list_(self: Value, blk: Block) -> Value:
    return Array([main_thread(), *[task.thread for task in SCHEDULER.tasks]])


@thread.method("alive?")
def alive(self: ThreadObject, blk: Block) -> Value:
    SCHEDULER.pass_turn()
    return truth(is_alive(self))


@thread.method("stop?")
def is_stopped(self: ThreadObject, blk: Block) -> Value:
    SCHEDULER.pass_turn()
    return truth(self.task.status != "run")


def status_text(target: ThreadObject) -> str:
    """Return run, sleep, aborting or dead, as `inspect` shows it."""
    task = target.task
    if is_alive(target) and isinstance(task.pending, Killed):
        return "aborting"
    if task.status == "run" and task is not SCHEDULER.current and task.ready is None:
        return "run"
    return "dead" if task.status == "failed" else task.status


@thread.method("status")
def status(self: ThreadObject, blk: Block) -> Value:
    SCHEDULER.pass_turn()
    if self.task.status == "failed":
        return None
    if self.task.status == "dead":
        return FALSE
    return String(status_text(self))


@thread.method("name")
def name(self: ThreadObject, blk: Block) -> Value:
    return self.label


@thread.method("name=")
def set_name(self: ThreadObject, blk: Block, text: Value) -> Value:
    self.label = None if text is None else model.freeze(String(to_s(text)))
    return text


def inspect_text(target: ThreadObject, state: str) -> str:
    text = f"#<{module_name(class_of(target))}:{address(target)}"
    if target.label is not None:
        text += "@" + to_s(target.label)
    info = block_info(target.blk)
    if info is not None:
        text += f" {info.path}:{info.line}"
    return f"{text} {state}>"


@thread.method("inspect", "to_s")
def inspect(self: ThreadObject, blk: Block) -> Value:
    return String(inspect_text(self, status_text(self)))


@thread.method("priority")
def priority(self: ThreadObject, blk: Block) -> Value:
    return self.level


@thread.method("priority=")
def set_priority(self: ThreadObject, blk: Block, level: Value) -> Value:
    self.level = level
    return level


@thread.method("native_thread_id")
def native_thread_id(self: ThreadObject, blk: Block) -> Value:
    import os

    return os.getpid()


@thread.method("backtrace")
def backtrace(self: ThreadObject, blk: Block) -> Value:
    from ..backtrace import lines, running

    if self.task is not SCHEDULER.current:
        return Array([]) if is_alive(self) else None
    return Array([String(line) for line in lines(running())])


# --- settings -------------------------------------------------------------------------------------------------------


@thread.singleton("abort_on_exception")
def abort_all(self: Value, blk: Block) -> Value:
    return truth(SETTINGS.abort)


@thread.singleton("abort_on_exception=")
def set_abort_all(self: Value, blk: Block, flag: Value) -> Value:
    SETTINGS.abort = is_true(flag)
    return flag


@thread.singleton("report_on_exception")
def report_all(self: Value, blk: Block) -> Value:
    return truth(SETTINGS.report)


@thread.singleton("report_on_exception=")
def set_report_all(self: Value, blk: Block, flag: Value) -> Value:
    SETTINGS.report = is_true(flag)
    return flag


@thread.method("abort_on_exception")
def abort(self: ThreadObject, blk: Block) -> Value:
    return truth(self.abort)


@thread.method("abort_on_exception=")
def set_abort(self: ThreadObject, blk: Block, flag: Value) -> Value:
    self.abort = is_true(flag)
    return flag


@thread.method("report_on_exception")
def report(self: ThreadObject, blk: Block) -> Value:
    return truth(self.report)


@thread.method("report_on_exception=")
def set_report(self: ThreadObject, blk: Block, flag: Value) -> Value:
    self.report = is_true(flag)
    return flag


# --- variables ------------------------------------------------------------------------------------------------------


@thread.method("[]")
def get(self: ThreadObject, blk: Block, key: Value) -> Value:
    return self.locals.get(as_name(key))


@thread.method("[]=")
def put(self: ThreadObject, blk: Block, key: Value, new: Value) -> Value:
    if new is None:
        self.locals.pop(as_name(key), None)
    else:
        self.locals[as_name(key)] = new
    return new


@thread.method("key?")
def has_key(self: ThreadObject, blk: Block, key: Value) -> Value:
    return truth(as_name(key) in self.locals)


@thread.method("keys")
def keys(self: ThreadObject, blk: Block) -> Value:
    return Array([sym(text) for text in self.locals])


@thread.method("fetch", block=True)
def fetch(self: ThreadObject, blk: Block, key: Value, *default: Value) -> Value:
    text = as_name(key)
    if text in self.locals:
        return self.locals[text]
    if blk is not None:
        return blk(key)
    if default:
        return default[0]
    raise error("KeyError", f"key not found: {inspect_str(sym(text))}", receiver=self, key=key)


@thread.method("thread_variable_get")
def variable_get(self: ThreadObject, blk: Block, key: Value) -> Value:
    return self.variables.get(as_name(key))


@thread.method("thread_variable_set")
def variable_set(self: ThreadObject, blk: Block, key: Value, new: Value) -> Value:
    if new is None:
        self.variables.pop(as_name(key), None)
    else:
        self.variables[as_name(key)] = new
    return new


@thread.method("thread_variable?")
def has_variable(self: ThreadObject, blk: Block, key: Value) -> Value:
    return truth(as_name(key) in self.variables)


@thread.method("thread_variables")
def variables(self: ThreadObject, blk: Block) -> Value:
    return Array([sym(text) for text in self.variables])


# --- ThreadGroup ----------------------------------------------------------------------------------------------------


class Groups:
    default: Any = None


def default_group() -> Any:
    if Groups.default is None:
        Groups.default = model.allocate(group.mod)
    return Groups.default


@thread.method("group")
def group_of(self: ThreadObject, blk: Block) -> Value:
    return (self.group or default_group()) if is_alive(self) else None


@group.method("add")
def add(self: Value, blk: Block, member: Any) -> Value:
    member.group = self
    return self


@group.method("list")
def members(self: Value, blk: Block) -> Value:
    threads = [main_thread(), *[task.thread for task in SCHEDULER.tasks]]
    return Array([member for member in threads if (member.group or default_group()) is self])


group.constant("Default", default_group())
