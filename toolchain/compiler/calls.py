"""Calls: methods, functions, values, `super`, `yield`, indexing, and the calls that have instructions of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...format.chunk import BLOCK, CLASS_BODY, CONST_STRING, LAMBDA, MODULE_BODY
from ...format.stack_ops import (
    IMPLICIT_SELF,
    KEYWORDS,
    LAMBDA_BLOCK,
    LAMBDA_STRICT,
    LITERAL_BLOCK,
    LOCAL_CALLEE,
    SPLAT,
)
from ..syntax import ast
from .arguments import push_arguments
from .dispatch import handles, value
from .emitter import Label
from .functions import compile_lambda
from .literals import push_constant, push_elements, push_symbol
from .opcodes import (
    BUILD_DICT,
    CALL,
    CALL_BLOCK,
    CALL_SUPER,
    DEFINE_METHOD_RUNTIME,
    DICT_MERGE,
    DICT_SET,
    DUP,
    EVAL_STRING,
    GET_CLASS_AST,
    GET_METHOD_AST,
    INDEX_GET,
    JUMP_IF_NIL,
    LOAD_SELF,
    LOAD_TOP_CONST,
    NEW_INSTANCE,
    POP,
    REMOVE_METHOD,
    SET_METHOD_AST,
    YIELD,
)
from .operators import BINARY
from .variables import EVAL_NAMES, call_name, load_block, push_callee

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .builder import Builder

CALL_CLASSES = (ast.Call, *ast.CALL_VIEWS.values())
_PATHS = frozenset((ast.Constant, ast.ScopeResolution, ast.TopLevelConstant))
_SPECIAL = frozenset((ast.Splat, ast.BlockArg, ast.ForwardArgs, ast.Dictionary))
_STRING_EVALS = frozenset(("instance_eval", "class_eval", "module_eval"))


def push_block(f: Builder, block: ast.Lambda, kind: int = LAMBDA_BLOCK) -> None:
    """Push the closure of a literal block."""
    f.build_lambda(compile_lambda(f, block), kind, block.pos)


# Receiver-less calls


@handles(*CALL_CLASSES)
def call(f: Builder, node: ast.Call, want: bool) -> None:
    callee = node.callee
    if callee.__class__ is not ast.Identifier and callee.__class__ is not ast.Constant:
        _call_value(f, node)
    else:
        special = _SPECIAL_CALLS.get(callee.name)
        if special is None or not special(f, node):
            _call_function(f, node, callee.name)
    if not want:
        f.op(POP, node.pos)


def _call_function(f: Builder, node: ast.Call, name: str) -> None:
    pos = node.pos
    flags = IMPLICIT_SELF
    if node.local:
        push_callee(f, name, pos)
        flags |= LOCAL_CALLEE
    f.op(LOAD_SELF, pos)
    argc, more = push_arguments(f, node.arguments, pos)
    flags |= more
    if node.trailing_block is not None:
        push_block(f, node.trailing_block)
        flags |= LITERAL_BLOCK
    f.send(name, argc, flags, pos)


def _call_value(f: Builder, node: ast.Call) -> None:
    """`f(1)(2)`, `@hook(3)`: call whatever the callee is."""
    value(f, node.callee)
    argc, flags = push_arguments(f, node.arguments, node.pos)
    if node.trailing_block is not None:
        push_block(f, node.trailing_block)
        flags |= LITERAL_BLOCK
    f.emit(CALL, (argc, flags), node.paren_pos or node.pos)


def _plain(arguments: Sequence[ast.Node]) -> bool:
    """True if every argument is one positional value."""
    return not any(argument.__class__ in _SPECIAL for argument in arguments)


def _call_lambda(f: Builder, node: ast.Call) -> bool:
    """`lambda { }` is a lambda literal."""
    block = node.trailing_block
    if block is None or node.arguments or node.local:
        return False
    f.build_lambda(compile_lambda(f, block, LAMBDA), LAMBDA_STRICT, block.pos)
    return True


def _call_block_given(f: Builder, node: ast.Call) -> bool:
    if node.arguments or node.trailing_block is not None:
        return False
    call_name(f, "block_given?", node.pos)
    return True


def _call_define_method(f: Builder, node: ast.Call) -> bool:
    """`define_method(:name) { }`."""
    block = node.trailing_block
    name = _literal_name(node.arguments)
    if block is None or name is None:
        return False
    child = compile_lambda(f, block, LAMBDA, name)
    f.emit(DEFINE_METHOD_RUNTIME, (f.name(name), child.function.index), node.pos)
    f.captures(child, node.pos)
    return True


def _call_eval(f: Builder, node: ast.Call) -> bool:
    if "eval" in f.own:
        return False
    f.uses_eval()
    arguments = node.arguments
    if not 1 <= len(arguments) <= 4 or node.trailing_block is not None or node.local or not _plain(arguments):
        return False
    for argument in arguments:
        value(f, argument)
    f.emit(EVAL_STRING, (len(arguments),), node.pos)
    return True


def _notes_eval(f: Builder, node: ast.Call) -> bool:
    """Calls of these names may name locals, unless they are the class's own methods."""
    if node.callee.name not in f.own and not _is_block_eval(node.callee.name, node.arguments):
        f.uses_eval()
    return False


def _is_block_eval(name: str, arguments: Sequence[ast.Node]) -> bool:
    """True for `instance_eval { }` and `instance_eval(&block)`, which name nothing by a string."""
    return name in _STRING_EVALS and (not arguments or arguments[0].__class__ is ast.BlockArg)


def _notes_require(f: Builder, node: ast.Call) -> bool:
    """List the literal paths that a file requires."""
    if len(node.arguments) == 1 and node.arguments[0].__class__ is ast.StringLiteral:
        path = node.arguments[0].value
        if path not in f.unit.requires:
            f.unit.requires.append(path)
    return False


def _notes_attributes(f: Builder, node: ast.Call) -> bool:
    """Attributes of a class body are instance variables of its instances."""
    if f.shape is not None and f.kind in (CLASS_BODY, MODULE_BODY):
        for argument in node.arguments:
            if argument.__class__ in (ast.Symbol, ast.StringLiteral):
                f.shape.named["@" + argument.value] = None
    return False


def _literal_name(arguments: Sequence[ast.Node]) -> str | None:
    """Return the name that the only argument spells literally."""
    if len(arguments) == 1 and arguments[0].__class__ in (ast.Symbol, ast.StringLiteral):
        return arguments[0].value
    return None


def _call_get_ast(f: Builder, node: ast.Call) -> bool:
    name = _literal_name(node.arguments)
    if name is None or node.trailing_block is not None or node.local:
        return False
    f.emit(GET_METHOD_AST, (f.name(name),), node.pos)
    return True


def _call_set_ast(f: Builder, node: ast.Call) -> bool:
    arguments = node.arguments
    name = _literal_name(arguments[:1])
    if name is None or len(arguments) != 2 or node.trailing_block is not None or node.local or not _plain(arguments):
        return False
    value(f, arguments[1])
    f.emit(SET_METHOD_AST, (f.name(name),), node.pos)
    return True


def _call_remove_method(f: Builder, node: ast.Call) -> bool:
    name = _literal_name(node.arguments)
    if name is None or f.kind not in (CLASS_BODY, MODULE_BODY) or node.trailing_block is not None or node.local:
        return False
    f.op(LOAD_SELF, node.pos)
    f.emit(REMOVE_METHOD, (f.name(name),), node.pos)
    return True


# Calls that are compiled or noted specially; one that returns False is an ordinary call after all.
_SPECIAL_CALLS: dict[str, Callable[[Builder, ast.Call], bool]] = {
    "lambda": _call_lambda,
    "block_given?": _call_block_given,
    "define_method": _call_define_method,
    "eval": _call_eval,
    "get_ast": _call_get_ast,
    "set_ast": _call_set_ast,
    "remove_method": _call_remove_method,
    "require": _notes_require,
    "require_relative": _notes_require,
    "attr_reader": _notes_attributes,
    "attr_writer": _notes_attributes,
    "attr_accessor": _notes_attributes,
    **{name: _notes_eval for name in EVAL_NAMES if name != "eval"},
}


# Calls with a receiver


@handles(ast.MethodCall)
def method_call(f: Builder, node: ast.MethodCall, want: bool) -> None:
    name = node.method
    pos = node.name_pos or node.pos
    receiver = node.receiver
    arguments = node.arguments
    block = node.trailing_block
    cls = receiver.__class__
    flags = 0
    if cls is ast.SelfExpr:
        flags = IMPLICIT_SELF
    elif name in _SPECIAL_METHODS and _special_method(f, node, name, pos):
        if not want:
            f.op(POP, pos)
        return
    value(f, receiver)
    skipped = None
    if node.safe:
        skipped = Label()
        f.op(DUP, pos)
        f.jump(JUMP_IF_NIL, skipped, pos)
    argc = 0
    if arguments:
        argc, more = push_arguments(f, arguments, pos)
        flags |= more
    if block is not None:
        push_block(f, block)
        flags |= LITERAL_BLOCK
    code = BINARY.get(name) if argc == 1 and not flags else None
    if code is not None and name != "!=":  # `a.+(b)`
        f.op(code, pos)
    else:
        f.send(name, argc, flags, pos)
    if skipped is not None:
        f.place(skipped)
    if not want:
        f.op(POP, pos)


def _may_see_locals(f: Builder, name: str, receiver: ast.Node) -> bool:
    """True if the method `name`, called on `receiver`, may name locals of the function that calls it.

    `node.eval(scope)` is mostly a method of the program's own. On objects other than Kernel, `eval` and
    `local_variable_get` see the variables of a Binding, so of a function that mentions `binding`, or of one with a
    block whose `binding` is asked for. That one is hardly in another file.
    """
    return name in _STRING_EVALS or receiver.__class__ in _PATHS or "binding" in f.unit.source


def _special_method(f: Builder, node: ast.MethodCall, name: str, pos: int) -> bool:
    """Compile the method calls that have instructions of their own; False if `node` is not one."""
    receiver, arguments, block = node.receiver, node.arguments, node.trailing_block
    if name in EVAL_NAMES:
        if not _is_block_eval(name, arguments) and _may_see_locals(f, name, receiver):
            f.uses_eval()
        return False
    if node.safe:
        return False
    if receiver.__class__ in _PATHS:
        return _constant_method(f, node, name, pos)
    if name == "call":
        is_block = receiver.__class__ is ast.Identifier and receiver.kind == "local" and f.called_block == receiver.name
        if not is_block and f.unit.source[pos : pos + 1] != "(":  # `x.(1)`, where there is no name to find
            return False
        if is_block:
            load_block(f, receiver.pos)
        else:
            value(f, receiver)
        argc, flags = push_arguments(f, arguments, pos)
        if block is not None:
            push_block(f, block)
            flags |= LITERAL_BLOCK
        f.emit(CALL_BLOCK if is_block else CALL, (argc, flags), pos)
        return True
    return False


def _constant_method(f: Builder, node: ast.MethodCall, name: str, pos: int) -> bool:
    """`Name.new(…)`, `Name.get_ast`, `Name.remove_method(:x)`."""
    arguments, block = node.arguments, node.trailing_block
    if name == "new":
        value(f, node.receiver)
        argc, flags = push_arguments(f, arguments, pos)
        if block is not None:
            push_block(f, block)
            flags |= LITERAL_BLOCK
        f.emit(NEW_INSTANCE, (argc, flags), pos)
        return True
    if block is not None:
        return False
    if name == "get_ast" and not arguments:
        receiver = node.receiver
        value(f, receiver)
        f.emit(GET_CLASS_AST, (f.name(receiver.name),), pos)
        return True
    literal = _literal_name(arguments)
    if name == "remove_method" and literal is not None:
        value(f, node.receiver)
        f.emit(REMOVE_METHOD, (f.name(literal),), pos)
        return True
    return False


_SPECIAL_METHODS = frozenset(("new", "call", "get_ast", "remove_method", *EVAL_NAMES))


@handles(ast.Index)
def index(f: Builder, node: ast.Index, want: bool) -> None:
    pos = node.bracket_pos or node.pos
    value(f, node.array)
    argc, flags = push_arguments(f, node.arguments, pos)
    if node.array.__class__ is ast.SelfExpr:
        flags |= IMPLICIT_SELF
    f.emit(INDEX_GET, (argc, flags), pos)
    if not want:
        f.op(POP, pos)


# yield and super


@handles(ast.Yield)
def yield_expression(f: Builder, node: ast.Yield, want: bool) -> None:
    if not f.may_yield():
        f.unit.error(node, "Invalid yield")
    f.uses_block()
    argc, flags = push_arguments(f, node.arguments, node.pos)
    f.emit(YIELD, (argc, flags), node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.Super)
def super_call(f: Builder, node: ast.Super, want: bool) -> None:
    pos = node.pos
    if not node.forward_args:
        argc, flags = push_arguments(f, node.arguments, pos)
    elif f.super_parameters is None:
        _refuse_bare_super(f, pos)
        if not want:
            f.op(POP, pos)
        return
    else:
        argc, flags = _push_parameters(f, f.super_parameters, pos)
        flags |= IMPLICIT_SELF
    f.uses_block()
    if node.trailing_block is not None:
        push_block(f, node.trailing_block)
        flags |= LITERAL_BLOCK
    f.emit(CALL_SUPER, (f.name(f.super_name), argc, flags), pos)
    if not want:
        f.op(POP, pos)


def _refuse_bare_super(f: Builder, pos: int) -> None:
    """Outside of a `def` the parameters to pass on are unknown: an error of run time."""
    if f.kind in (BLOCK, LAMBDA):
        message = (
            "implicit argument passing of super from method defined by define_method() is not supported. "
            "Specify all arguments explicitly."
        )
    else:
        message = "super called outside of method"
    f.op(LOAD_SELF, pos)
    f.op_u16(LOAD_TOP_CONST, f.name("RuntimeError"), pos)
    push_constant(f, CONST_STRING, message, pos)
    f.send("raise", 2, IMPLICIT_SELF, pos)


def _push_parameters(f: Builder, parameters: Sequence[tuple[str, str]], pos: int) -> tuple[int, int]:
    """Push the current values of a method's parameters, (kind, name) each, as the arguments of its `super`."""
    leading: list[ast.Node] = []
    keys: list[str] = []
    flags = 0
    for kind, name in parameters:
        if kind in ("req", "opt"):
            leading.append(ast.Identifier(name, "local", pos, pos))
        elif kind == "rest":
            leading.append(ast.Splat(ast.Identifier(name, "local", pos, pos), pos, pos))
            flags |= SPLAT
        elif kind in ("key", "keyrest"):
            keys.append(kind)
    if flags:
        push_elements(f, leading, pos)
        argc = 1
    else:
        for node in leading:
            f.load(node.name, pos)
        argc = len(leading)
    if keys:
        _push_keywords(f, parameters, pos)
        flags |= KEYWORDS
    return argc, flags


def _push_keywords(f: Builder, parameters: Sequence[tuple[str, str]], pos: int) -> None:
    """The keyword rest comes first, so that its order is kept, then the named keywords."""
    f.emit(BUILD_DICT, (0,), pos)
    for kind, name in parameters:
        if kind == "keyrest":
            f.load(name, pos)
            f.op(DICT_MERGE, pos)
    for kind, name in parameters:
        if kind == "key":
            push_symbol(f, name, pos)
            f.load(name, pos)
            f.op(DICT_SET, pos)


# Parts of calls that have no value of their own; met only in trees made by hand.


@handles(ast.BlockArg, ast.ForwardArgs)
def stray_argument(f: Builder, node: ast.Node, want: bool) -> None:
    f.unit.error(node, f"unexpected {node.type} outside of an argument list")
