"""Definitions: def, class, module, alias, undef, BEGIN, END, and lambda literals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from .control import Control
from .parameters import Typing
from .tokens import (
    ASSIGN,
    BRACE,
    COMMAND_ARG,
    CVAR,
    DEF_NAME,
    DSYM,
    EXPRESSION,
    GVAR,
    IVAR,
    NO_OPERATORS,
    OPERAND,
    SPACES,
    STATEMENT,
    SYM,
)

_SINGLETON_DOT = re.compile(r"[ \t]*(?:\.|::)").match
_PATHS = frozenset((ast.Constant, ast.ScopeResolution, ast.TopLevelConstant))


class Definitions(Control):
    """Readers of the defining keywords."""

    if TYPE_CHECKING:

        def return_annotation(self) -> ast.Node: ...

    # ---- methods -----------------------------------------------------------------------------------------------------

    def def_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        name, name_pos, singleton, pos = self.def_name(end)
        in_class = singleton is not None or self.enclosing("class", "module", "sclass") is not None
        saved = self.nested()
        outer = self.open_scope("def")
        typing, self.typing = self.typing, Typing()
        source = self.source
        pos = SPACES(source, pos).end()
        if source[pos] == "(":
            self.pos = pos + 1
            parameters = self.parameter_list(")", "def")
            if not self.closed_by(")"):
                self.unexpected("a `)` after the parameters")
            self.op(self.pos)
        else:
            self.op(pos)
            if self.tok in ("\n", ";", "=", ":", "->"):
                parameters = []
            else:
                self.pos = pos
                parameters = self.parameter_list("\n", "def")
                if self.tok not in ("\n", ";", "=", ":", "->"):
                    self.unexpected("the end of the line after the parameters")
        annotation = self.return_annotation() if self.tok == ":" or self.tok == "->" else None
        self.settle(parameters, annotation is not None)
        self.typing = typing
        node_class = ast.MethodDef if in_class else ast.FunctionDef
        if self.tok == "=":
            if name[-1] == "=" and name not in ("==", "===", "!=", "<=", ">="):
                self.report("setter method cannot be defined in an endless method definition", name_pos, pos)
            self.no_do, self.no_brace, self.in_when = saved
            body = self.endless_body()
            self.close_scope(outer)
            stop = body.end_pos
            return node_class(name, parameters, body, singleton, annotation, True, False, start, stop, name_pos)
        if self.tok != "\n" and self.tok != ";":
            self.pos = self.tpos
        body = self.body("def", start)
        self.close_scope(outer)
        stop = self.finish(saved, "def")
        return node_class(name, parameters, body, singleton, annotation, False, False, start, stop, name_pos)

    def endless_body(self) -> ast.BlockStatement:
        """Read the body after `=`."""
        self.pos = self.skip_newlines(self.pos)
        value = self.expression(COMMAND_ARG)
        if self.tok == "rescue":
            value = self.rescued(value, COMMAND_ARG)
        return ast.BlockStatement([value], value.pos, value.end_pos)

    def def_name(self, pos: int) -> tuple[str, int, ast.Node | None, int]:
        """Read `name`, `self.name`, `(expr).name`, …: the name, its position, the singleton, the position after it."""
        source = self.source
        pos = self.skip_newlines(pos)
        singleton: ast.Node | None = None
        if source[pos] == "(":
            self.pos = pos + 1
            singleton = self.expression(EXPRESSION, self.operand())
            if not self.closed_by(")"):
                self.unexpected("a `)` after the receiver of the definition")
            pos = self.singleton_dot(self.pos)
        elif source[pos] in "@$":
            m = OPERAND(source, pos)
            if m.lastindex not in (IVAR, CVAR, GVAR):
                self.unexpected_at(pos, m.end(), m[0], "a method name")
            singleton = self.expression(NO_OPERATORS, m)
            pos = self.singleton_dot(m.end())
        name, start, end = self.method_name(pos)
        if singleton is None:
            base = name[:-1] if name[-1] == "=" and name[0].isalnum() else name
            dot = _SINGLETON_DOT(source, start + len(base))
            if dot is not None and (base[0].isalpha() or base[0] == "_" or base[0] > "\x7f"):
                singleton = self.singleton_name(base, start, start + len(base))
                name, start, end = self.method_name(dot.end())
        return name[0] if name in ("!@", "~@") else name, start, singleton, end

    def singleton_dot(self, pos: int) -> int:
        """Return the position after the `.` behind the receiver of a definition."""
        dot = _SINGLETON_DOT(self.source, pos)
        if dot is None:
            self.op(pos)
            self.unexpected("a `.` and a method name")
        return dot.end()

    def method_name(self, pos: int) -> tuple[str, int, int]:
        """Read the name of a definition; returns it with its start and end."""
        m = DEF_NAME(self.source, self.skip_newlines(pos))
        if m is None:
            self.op(pos)
            self.unexpected("a method name")
        return m[1], m.start(1), m.end()

    def singleton_name(self, name: str, start: int, end: int) -> ast.Node:
        """The receiver of `def name.method`."""
        if name == "self":
            return ast.SelfExpr(start, end)
        if name[0].isupper():
            return ast.Constant(name, start, end)
        if name in ("nil", "true", "false"):
            return ast.NilLiteral(start, end) if name == "nil" else ast.BoolLiteral(name == "true", start, end)
        return self.name_value(name, start, end)

    # ---- lambda literals ---------------------------------------------------------------------------------------------

    def stabby(self, start: int) -> ast.Node:
        """Read Ruby's `-> (a, b) { … }` at `start` (arrows.py has made sure that it is one)."""
        saved = self.nested()
        outer = self.open_scope("lambda")
        parameters = self.stabby_parameters(start)
        if self.tok == "{":
            body = self.statements()
            if self.tok != "}":
                self.missing_closer("}", start)
        else:
            body = self.body("do", start)
        implicit = self.scope.implicit
        if implicit:
            parameters = self.implicit_parameters(implicit, start)
        self.close_scope(outer)
        self.no_do, self.no_brace, self.in_when = saved
        end = self.pos
        self.op(end)
        return ast.Lambda(parameters, body, "stabby", [], start, end, implicit)

    def stabby_parameters(self, start: int) -> list[ast.Node]:
        """Read the parameters after `->`; the token after them becomes the current one."""
        self.no_do = self.no_brace = True
        pos = SPACES(self.source, start + 2).end()
        if self.source[pos] == "(":
            parameters = self.lambda_parameters(pos)
            self.scope.explicit = True
            self.op(self.pos)
        else:
            self.pos = pos
            parameters = self.typed_list("", "lambda")
            if self.tok == ";":
                self.block_locals(parameters, "")
            self.scope.explicit = bool(parameters)
        self.no_do = self.no_brace = False
        return parameters

    def lambda_parameters(self, opening: int) -> list[ast.Node]:
        """Read `(a, b = 1; local)`; ends with `)` as current token."""
        no_do, no_brace = self.no_do, self.no_brace
        self.no_do = self.no_brace = False
        self.pos = opening + 1
        parameters = self.typed_list(")", "lambda")
        if self.tok == ";" or self.tok == "\n":
            self.block_locals(parameters, ")")
        if not self.closed_by(")"):
            self.unexpected("a `)` after the lambda parameters")
        self.no_do, self.no_brace = no_do, no_brace
        return parameters

    def label_follows(self, pos: int) -> bool:
        """Does a label (`name:` or `"text":`) begin at or after `pos`?"""
        return _LABEL(self.source, self.skip_newlines(pos)) is not None

    # ---- classes -----------------------------------------------------------------------------------------------------

    def class_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        saved = self.nested()
        source = self.source
        pos = SPACES(source, end).end()
        if source.startswith("<<", pos):
            self.pos = pos + 2
            target = self.expression(EXPRESSION, self.operand())
            body, stop = self.class_body("sclass", "class", saved, start)
            return ast.SingletonClass(target, body, start, stop)
        path = self.definition_path(pos)
        superclass = None
        if self.tok == "<":
            self.pos = self.skip_newlines(self.pos)
            superclass = self.expression(EXPRESSION)
            if self.tok not in ("\n", ";"):
                self.unexpected("the end of the line after the superclass")
        self.check_definition_place("Class", start, end)
        body, stop = self.class_body("class", "class", saved, start)
        name = "".join(source[path.pos : path.end_pos].split())
        return ast.ClassDef(name, superclass, body, False, start, stop, path)

    def module_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        saved = self.nested()
        path = self.definition_path(end)
        self.check_definition_place("Module", start, end)
        body, stop = self.class_body("module", "module", saved, start)
        name = "".join(self.source[path.pos : path.end_pos].split())
        return ast.ModuleDef(name, body, start, stop, path)

    def definition_path(self, pos: int) -> ast.Node:
        """Read the constant path that is defined."""
        self.pos = pos
        path = self.expression(ASSIGN, self.operand())
        if type(path) not in _PATHS:
            self.fail("unexpected constant path; class/module name must be CONSTANT", path.pos, path.end_pos)
        return path

    def check_definition_place(self, what: str, start: int, end: int) -> None:
        if self.gate().kind == "def":
            self.report(f"{what} definition in method body", start, end)

    def class_body(
        self, kind: str, opener: str, saved: tuple[bool, bool, bool], start: int
    ) -> tuple[ast.BlockStatement, int]:
        """Read the body of a class or module from the current token to its `end`."""
        if self.tok != "\n" and self.tok != ";":
            self.pos = self.tpos
        outer = self.open_scope(kind)
        body = self.body(opener, start)
        self.close_scope(outer)
        return body, self.finish(saved, opener)

    # ---- alias, undef, BEGIN, END ------------------------------------------------------------------------------------

    def alias_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.statement_only(start, end, min_bp)
        new_name, pos = self.method_name_item(end, True)
        old_name, pos = self.method_name_item(pos, True)
        if (str(new_name)[:1] == "$") != (str(old_name)[:1] == "$"):
            self.report("invalid argument being passed to `alias`", start, pos)
        self.op(pos)
        return ast.Alias(new_name, old_name, start, pos)

    def statement_only(self, start: int, end: int, min_bp: int) -> None:
        """Report `alias`, `undef` or `END` inside an expression."""
        if min_bp != STATEMENT:
            word = self.source[start:end]
            self.report(f"unexpected '{word}'; it must be a statement of its own", start, end)

    def undef_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.statement_only(start, end, min_bp)
        names = []
        pos = end
        while True:
            name, pos = self.method_name_item(pos, False)
            names.append(name)
            self.op(pos)
            if self.tok != ",":
                return ast.Undef(names, start, pos)
            pos = self.pos

    def method_name_item(self, pos: int, globals_too: bool) -> tuple[str | ast.Node, int]:
        """Read a method name or symbol at `pos` (or a global variable, with its sigil)."""
        source = self.source
        pos = self.skip_newlines(pos)
        m = OPERAND(source, pos)
        assert m is not None
        if m.lastindex == SYM:
            return m[SYM][1:], m.end()
        if m.lastindex == DSYM:
            node = self.symbol(m, 0)
            value: str | ast.Node = node.value if type(node) is ast.Symbol else node
            return value, node.end_pos
        if m.lastindex == GVAR and globals_too:
            return m[GVAR], m.end()
        name = DEF_NAME(source, pos)
        if name is None:
            self.op(pos)
            self.unexpected("a method name")
        return name[1], name.end()

    def begin_block_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        if self.scope.kind not in ("main", "eval") or min_bp != STATEMENT:
            self.report("BEGIN is permitted only at toplevel", start, end)
        body, stop = self.braced_body(end, "BEGIN")
        return ast.BeginBlock(body, start, stop)

    def end_block_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.statement_only(start, end, min_bp)
        body, stop = self.braced_body(end, "END")
        return ast.EndBlock(body, start, stop)

    def braced_body(self, pos: int, word: str) -> tuple[ast.BlockStatement, int]:
        """Read `{ … }` after BEGIN or END."""
        m = OPERAND(self.source, pos)
        if m is None or m.lastindex != BRACE:
            self.op(pos)
            self.unexpected(f"a `{{` after `{word}`")
        saved = self.nested()
        self.pos = m.end()
        body = self.statements()
        if self.tok != "}":
            self.missing_closer("}", pos)
        self.no_do, self.no_brace, self.in_when = saved
        end = self.pos
        self.op(end)
        return body, end


_LABEL = re.compile(
    r"(?:(?:[A-Za-z_]|[^\x00-\x7f])\w*[?!]?|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'):(?!:)", re.DOTALL
).match
