"""Definitions other than functions: classes, modules, singleton classes, `alias`, `undef`, `BEGIN`, `END`."""

from __future__ import annotations

from ...format.chunk import BLOCK, CLASS_BODY, MODULE_BODY, SINGLETON_BODY
from ...format.stack_ops import (
    HAS_SUPERCLASS,
    IMPLICIT_SELF,
    LAMBDA_THUNK,
    LITERAL_BLOCK,
    SCOPED,
    TOP_LEVEL,
)
from ..syntax import ast
from .builder import Builder
from .dispatch import HANDLERS, handles, value
from .emitter import Label
from .literals import push_symbol
from .opcodes import (
    ALIAS,
    ALIAS_GLOBAL,
    DEFINE_CLASS,
    DEFINE_MODULE,
    DEFINE_SINGLETON,
    JUMP_IF_TRUE,
    LOAD_SELF,
    POP,
    PUSH_NIL,
    PUSH_TRUE,
    UNDEF,
)
from .variables import EVAL_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _compile_body(f: Builder, node: ast.Node, name: str, kind: int) -> int:
    """Compile the body of a class or module and return its function's number."""
    child = Builder(f.unit, name, kind, f)
    body = node.body
    if body.__class__ is ast.BlockStatement:
        child.defines = frozenset(_defined(body.statements)) & EVAL_NAMES
    HANDLERS[body.__class__](child, body, True)
    child.finish(node.pos, node.end_pos)
    return child.function.index


def _defined(statements: Sequence[ast.Node]) -> Iterator[str]:
    """Give the names of the methods that `def x` and `private def x` define for instances."""
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            if statement.singleton is None:
                yield statement.name
        elif isinstance(statement, ast.Call):
            yield from _defined(statement.arguments)


def _push_namespace(f: Builder, path: ast.Node) -> int:
    """Push the namespace of a definition's path, if it has one; return its flags."""
    if path.__class__ is ast.ScopeResolution:
        value(f, path.namespace)
        return SCOPED
    return TOP_LEVEL if path.__class__ is ast.TopLevelConstant else 0


@handles(ast.ClassDef)
def class_def(f: Builder, node: ast.ClassDef, want: bool) -> None:
    if f.enclosing_method() is not None:
        f.unit.error(node, "unexpected class definition in method body")
    path = ast.class_path(node)
    flags = _push_namespace(f, path)
    if node.superclass is not None:
        value(f, node.superclass)
        flags |= HAS_SUPERCLASS
    body = _compile_body(f, node, path.name, CLASS_BODY)
    f.emit(DEFINE_CLASS, (f.name(path.name), flags, body), node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.ModuleDef)
def module_def(f: Builder, node: ast.ModuleDef, want: bool) -> None:
    if f.enclosing_method() is not None:
        f.unit.error(node, "unexpected module definition in method body")
    path = ast.class_path(node)
    flags = _push_namespace(f, path)
    body = _compile_body(f, node, path.name, MODULE_BODY)
    f.emit(DEFINE_MODULE, (f.name(path.name), flags, body), node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.SingletonClass)
def singleton_class(f: Builder, node: ast.SingletonClass, want: bool) -> None:
    value(f, node.target)
    body = _compile_body(f, node, "singleton class", SINGLETON_BODY)
    f.emit(DEFINE_SINGLETON, (body,), node.pos)
    if not want:
        f.op(POP, node.pos)


@handles(ast.Alias)
def alias(f: Builder, node: ast.Alias, want: bool) -> None:
    new, old = node.new_name, node.old_name
    if isinstance(new, str) and isinstance(old, str):
        code = ALIAS_GLOBAL if new[0] == "$" else ALIAS
        f.emit(code, (f.name(new), f.name(old)), node.pos)
    else:
        f.op(LOAD_SELF, node.pos)
        for name in (new, old):
            _push_name(f, name, node.pos)
        f.send("alias_method", 2, IMPLICIT_SELF, node.pos)
        f.op(POP, node.pos)
    if want:
        f.op(PUSH_NIL, node.pos)


@handles(ast.Undef)
def undef(f: Builder, node: ast.Undef, want: bool) -> None:
    for name in node.names:
        if isinstance(name, str):
            f.emit(UNDEF, (f.name(name),), node.pos)
        else:
            f.op(LOAD_SELF, node.pos)
            _push_name(f, name, node.pos)
            f.send("undef_method", 1, IMPLICIT_SELF, node.pos)
            f.op(POP, node.pos)
    if want:
        f.op(PUSH_NIL, node.pos)


def _push_name(f: Builder, name: str | ast.Node, pos: int) -> None:
    if isinstance(name, str):
        push_symbol(f, name, pos)
    else:
        value(f, name)


@handles(ast.BeginBlock)
def begin_block(f: Builder, node: ast.BeginBlock, want: bool) -> None:
    """`BEGIN { }` has run already: the script hoists it."""
    if want:
        f.op(PUSH_NIL, node.pos)


@handles(ast.EndBlock)
def end_block(f: Builder, node: ast.EndBlock, want: bool) -> None:
    """`END { }` registers its body with at_exit, once."""
    pos = node.pos
    registered = f.hidden_variable()
    done = Label()
    f.load(registered, pos)
    f.jump(JUMP_IF_TRUE, done, pos)
    f.op(PUSH_TRUE, pos)
    f.store(registered, pos)
    f.op(LOAD_SELF, pos)
    thunk = Builder(f.unit, "", BLOCK, f)
    thunk.body_start = thunk.here()
    HANDLERS[node.body.__class__](thunk, node.body, True)
    thunk.finish(node.pos, node.end_pos)
    f.build_lambda(thunk, LAMBDA_THUNK, pos)
    f.send("at_exit", 0, IMPLICIT_SELF | LITERAL_BLOCK, pos)
    f.op(POP, pos)
    f.place(done)
    if want:
        f.op(PUSH_NIL, pos)
