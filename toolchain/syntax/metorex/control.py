"""Statements and control flow: statement lists, if, loops, begin, jumps, literals that are words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ast
from ..errors import MAX_ERRORS
from .cursor import Failure
from .expressions import condition
from .parameters import Parameters
from .tokens import (
    ARG,
    ARGUMENT_START,
    COMMAND_ARG,
    END_OF_INPUT,
    EXPRESSION,
    MAYBE_ARGUMENT,
    NEWLINE,
    OPERAND,
    OTHER,
    STAR,
    STATEMENT,
    STATEMENT_END,
    TERMINATORS,
    WORD,
)

if TYPE_CHECKING:
    from typing import NoReturn

_JUMP_WITHOUT_VALUE = TERMINATORS | frozenset(("if", "unless", "while", "until", "and", "or", "then", "do"))
_NO_JUMP_VALUE = frozenset(("\n", ";", "&&", "&.", "|", "||"))
_BLOCKS = ("block", "lambda")


class Control(Parameters):
    """Keywords. A keyword reader gets (start, end, min_bp) of its word and leaves the token after the construct."""

    if TYPE_CHECKING:

        def when_cases(self, patterns: bool, hard: bool) -> tuple[list[ast.Node], ast.Node | None]: ...
        def pattern_cases(self) -> tuple[list[ast.Node], ast.Node | None]: ...

    # ---- statement lists ---------------------------------------------------------------------------------------------

    def statements(self) -> ast.BlockStatement:
        """Read statements from `pos` up to a word or bracket that ends them, which becomes the current token.

        A statement that does not parse is noted and skipped.
        """
        source = self.source
        begin = pos = self.pos
        found: list[ast.Node] = []
        scope, soft = self.scope, self.soft
        while True:
            try:
                while True:
                    begin_statement = pos
                    m = OPERAND(source, pos)
                    kind = m.lastindex
                    if kind == WORD:
                        word = m[WORD]
                        if word in TERMINATORS:
                            self.tok = word
                            self.tpos, self.pos = m.span(WORD)
                            break
                    elif kind == NEWLINE:
                        pos = self.skip_newlines(m.start(NEWLINE))
                        continue
                    elif kind == OTHER:
                        char = m[OTHER]
                        if char == ";":
                            pos = m.end()
                            continue
                        if char in STATEMENT_END:
                            self.tok = char
                            self.tpos, self.pos = m.span(OTHER)
                            break
                    found.append(self.expression(STATEMENT, m))
                    tok = self.tok
                    if tok == "\n" or tok == ";":
                        pos = self.pos
                        continue
                    if tok in STATEMENT_END:
                        break
                    self.unexpected("the end of the statement")
            except Failure as failure:
                if self.speculating:
                    raise
                self.close_scope(scope)
                self.soft = soft
                pos = self.recover(failure, begin_statement)
                continue
            return ast.BlockStatement(found, found[0].pos if found else begin, found[-1].end_pos if found else begin)

    def recover(self, failure: Failure, begin: int) -> int:
        """Note an error in the statement at `begin`; return where to go on.

        Indentation decides: what is deeper than the statement, and an `end` or closing bracket as deep as it, belong to
        it. (Its own text cannot be trusted.)
        """
        error = failure.error
        if not (self.errors and error.incomplete):  # what an earlier error causes at the end of input says nothing
            self.errors.append(error)
        if error.incomplete or len(self.errors) >= MAX_ERRORS:
            return self.length
        self.no_do = self.no_brace = self.in_when = False
        source, length = self.source, self.length
        line_start = source.rfind("\n", 0, begin) + 1
        column = _column(source, line_start)
        pos = max(error.pos, begin)
        while True:
            newline = source.find("\n", pos, length)
            if newline < 0:
                return length
            pos = self.after_newline(newline)
            if pos >= length:
                return length
            if source[pos] in "\n#" or source.startswith("\r\n", pos):
                continue
            depth = _column(source, pos)
            if depth > column:
                continue
            text = pos + depth
            if depth == column and source.startswith(_CONTINUERS, text):
                continue
            return pos

    # ---- literals that are words -------------------------------------------------------------------------------------

    def nil_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.NilLiteral(start, end)

    def true_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.BoolLiteral(True, start, end)

    def false_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.BoolLiteral(False, start, end)

    def self_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.SelfExpr(start, end)

    def file_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.MagicFile(start, end)

    def line_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.MagicLine(start, end)

    def encoding_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.op(end)
        return ast.MagicEncoding(start, end)

    def dir_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        node = self.identifier("__dir__", start, end, min_bp)
        if type(node) is ast.Identifier and node.kind == "call":
            return ast.MagicDir(start, end)
        return node

    def misplaced_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """A keyword that cannot begin an expression."""
        self.unexpected_at(start, end, self.source[start:end], "an expression")

    def end_marker(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`__END__` inside an expression: where it ends the text, the text was cut off before parsing."""
        return self.identifier("__END__", start, end, min_bp)

    # ---- conditionals ------------------------------------------------------------------------------------------------

    def header(self, loop: bool) -> ast.Node:
        """Read a condition and its `then`, `do` or line end."""
        no_do, in_when = self.no_do, self.in_when
        self.no_do, self.in_when = loop or no_do, False
        test = self.expression(EXPRESSION, self.operand())
        self.no_do, self.in_when = no_do, in_when
        word = "do" if loop else "then"
        tok = self.tok
        if tok == "\n" or tok == ";":
            if not loop:
                m = OPERAND(self.source, self.skip_newlines(self.pos) if tok == ";" else self.pos)
                if m is not None and m.lastindex == WORD and m[WORD] == "then":
                    self.pos = m.end()
        elif tok != word:
            self.unexpected(f"a `{word}` or the end of the line")
        return condition(test)

    def nested(self) -> tuple[bool, bool, bool]:
        """Enter the body of a construct with an end of its own; returns the flags to restore."""
        saved = (self.no_do, self.no_brace, self.in_when)
        self.no_do = self.no_brace = self.in_when = False
        return saved

    def finish(self, saved: tuple[bool, bool, bool], opener: str) -> int:
        """Check for the `end` of a construct; reads the token after it and returns where it ends."""
        if self.tok != "end":
            self.missing_end(opener)
        self.no_do, self.no_brace, self.in_when = saved
        end = self.pos
        self.op(end)
        return end

    def missing_end(self, opener: str) -> NoReturn:
        what = f"`{opener}` statement" if opener not in ("do", "{", "lambda") else f"`{opener}` block"
        if self.tok in END_OF_INPUT:
            self.fail(f"expected an `end` to close the {what}", self.length, self.length)
        self.unexpected(f"an `end` to close the {what}")

    def if_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.pos = end
        saved = self.nested()
        test = self.header(False)
        then_branch = self.statements()
        branches: list[ast.Node] = []
        while self.tok == "elsif":
            branch_start = self.tpos
            branch_test = self.header(False)
            body = self.statements()
            branches.append(ast.ElsifBranch(branch_test, body, branch_start, body.end_pos))
        else_branch = self.statements() if self.tok == "else" else None
        close = self.finish(saved, "if")
        return ast.If(test, then_branch, branches, else_branch, "block", start, close)

    def unless_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.pos = end
        saved = self.nested()
        test = self.header(False)
        then_branch = self.statements()
        else_branch = self.statements() if self.tok == "else" else None
        close = self.finish(saved, "unless")
        return ast.Unless(test, then_branch, else_branch, "block", start, close)

    # ---- loops -------------------------------------------------------------------------------------------------------

    def while_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        test, body, close = self.loop(end, "while")
        return ast.While(test, body, False, "block", start, close)

    def until_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        test, body, close = self.loop(end, "until")
        return ast.Until(test, body, False, "block", start, close)

    def loop(self, pos: int, word: str) -> tuple[ast.Node, ast.Node, int]:
        self.pos = pos
        saved = self.nested()
        scope = self.scope
        scope.loops += 1
        test = self.header(True)
        body = self.statements()
        scope.loops -= 1
        return test, body, self.finish(saved, word)

    def for_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.pos = end
        saved = self.nested()
        targets: list[ast.Node] = []
        self.targets(targets)
        if self.tok != "in":
            self.unexpected("an `in` after the variable of a `for` statement")
        if len(targets) == 1 and type(targets[0]) is not ast.Splat and self.source[self.tpos - 1] != ",":
            variable = targets[0]
            if self.source[variable.end_pos : self.tpos].lstrip().startswith(","):
                variable = ast.MultipleTarget(targets, variable.pos, variable.end_pos)
        else:
            variable = ast.MultipleTarget(targets, targets[0].pos, targets[-1].end_pos)
        iterable = self.header_value()
        scope = self.scope
        scope.loops += 1
        body = self.statements()
        scope.loops -= 1
        close = self.finish(saved, "for")
        return ast.For(variable, iterable, body, start, close)

    def header_value(self) -> ast.Node:
        """Read what a `for` runs over, and its `do` or line end."""
        self.no_do = True
        value = self.expression(EXPRESSION, self.operand())
        self.no_do = False
        if self.tok not in ("do", "\n", ";"):
            self.unexpected("a `do` or the end of the line")
        return value

    # ---- begin -------------------------------------------------------------------------------------------------------

    def begin_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.pos = end
        saved = self.nested()
        body = self.statements()
        if self.tok == "end":
            node: ast.Node = ast.Begin(body, [], None, None, start)
        else:
            node = self.rescue_parts(body, start, "begin")
        node.end_pos = self.finish(saved, "begin")
        return node

    def body(self, opener: str, start: int) -> ast.BlockStatement:
        """Read the body of a def, class or do-block with its rescue clauses; ends with `end` as current token."""
        body = self.statements()
        if self.tok == "end":
            return body
        if self.tok not in ("rescue", "else", "ensure"):
            self.missing_end(opener)
        node = self.rescue_parts(body, body.pos, opener)
        if self.tok != "end":
            self.missing_end(opener)
        node.end_pos = self.tpos
        return ast.BlockStatement([node], node.pos, node.end_pos)

    def rescue_parts(self, body: ast.Node, start: int, opener: str) -> ast.Node:
        """Read `rescue … else … ensure …` after `body`."""
        clauses: list[ast.Node] = []
        scope = self.scope
        outer, scope.in_rescue = scope.in_rescue, True
        while self.tok == "rescue":
            clauses.append(self.rescue_clause())
        scope.in_rescue = outer
        else_clause = ensure_block = None
        if self.tok == "else":
            if not clauses:
                message = f"unexpected `else` in `{opener}` block; a `rescue` clause must precede `else`"
                self.report(message, self.tpos, self.pos)
            else_clause = self.statements()
        if self.tok == "ensure":
            ensure_block = self.statements()
        if self.tok != "end":
            self.missing_end(opener)
        return ast.Begin(body, clauses, else_clause, ensure_block, start, self.tpos)

    def rescue_clause(self) -> ast.Node:
        """Read `rescue A, *B => e` and its body; the current token is `rescue`."""
        start = self.tpos
        types: list[ast.Node] = []
        variable = None
        self.op(self.pos)
        if self.tok not in ("\n", ";", "then", "=>"):
            self.pos = self.tpos
            while True:
                m = self.operand()
                if m.lastindex == STAR and m[STAR] == "*":
                    types.append(self.splat_value(m))
                else:
                    types.append(self.expression(ARG, m))
                if self.tok != ",":
                    break
        if self.tok == "=>":
            self.pos = self.skip_newlines(self.pos)
            target = self.expression(80)
            if not self.is_target(target):
                self.refuse_target(target)
            variable = target if type(target) is ast.Constant else self.assignment_target(target)
        if self.tok == "\n":
            m = OPERAND(self.source, self.pos)
            if m.lastindex == WORD and m[WORD] == "then":
                self.pos = m.end()
        elif self.tok not in (";", "then"):
            self.unexpected("a `then` or the end of the line")
        body = self.statements()
        return ast.RescueClause(types, variable, body, start, body.end_pos)

    # ---- jumps -------------------------------------------------------------------------------------------------------

    def jump_value(self, end: int, min_bp: int) -> ast.Node | None:
        """Read the operands of return, break or next; several make an Array."""
        self.op(end)
        tok = self.tok
        if tok in _NO_JUMP_VALUE or tok in END_OF_INPUT:
            return None
        m = OPERAND(self.source, end)
        assert m is not None
        if m.lastindex == OTHER or (m.lastindex == WORD and m[WORD] in _JUMP_WITHOUT_VALUE):
            return None
        if not min_bp & 1:  # `a || return b` is no Ruby
            return None
        self.pos = end
        no_do = self.no_do
        arguments = self.arguments("", COMMAND_ARG)
        self.no_do = no_do
        if len(arguments) == 1 and type(arguments[0]) is not ast.Splat:
            value = arguments[0]
            if type(value) is ast.Dictionary and not value.braces:
                self.report("unexpected keyword arguments", value.pos, value.end_pos)
            if type(value) is ast.BlockArg:
                self.report("block argument should not be given", value.pos, value.end_pos)
            return value
        return ast.Array(arguments, arguments[0].pos, arguments[-1].end_pos)

    def return_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        scope = self.scope
        if scope.kind in ("class", "module", "sclass"):
            self.report("Invalid return in class/module body", start, end)
        value = self.jump_value(end, min_bp)
        return ast.Return(value, start, value.end_pos if value is not None else end)

    def loop_jump(self, start: int, end: int, word: str) -> None:
        """Report a `break`, `next` or `redo` outside of loops and blocks."""
        scope = self.scope
        if not scope.loops and scope.kind not in _BLOCKS and scope.kind != "eval":
            self.report(f"Invalid {word}", start, end)

    def break_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.loop_jump(start, end, "break")
        value = self.jump_value(end, min_bp)
        return ast.Break(value, start, value.end_pos if value is not None else end)

    def next_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.loop_jump(start, end, "next")
        value = self.jump_value(end, min_bp)
        return ast.Continue(value, "next", start, value.end_pos if value is not None else end)

    def redo_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        self.loop_jump(start, end, "redo")
        self.op(end)
        return ast.Redo(start, end)

    def retry_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        if not self.scope.in_rescue and self.scope.kind != "eval":
            self.report("Invalid retry without rescue", start, end)
        self.op(end)
        return ast.Retry(start, end)

    def yield_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        if self.gate().kind not in ("def", "eval"):
            self.report("Invalid yield", start, end)
        arguments: list[ast.Node] = []
        close = end
        if self.source[end] == "(":
            arguments = self.paren_arguments(end)
            close = self.last_end
        else:
            arguments = self.keyword_arguments(end, min_bp)
            if arguments:
                close = arguments[-1].end_pos
        if arguments and type(arguments[-1]) is ast.BlockArg:
            self.report("block argument should not be given", arguments[-1].pos, arguments[-1].end_pos)
        return ast.Yield(arguments, start, close)

    def super_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        if self.source[end] == "(":
            arguments = self.paren_arguments(end)
            return ast.Super(arguments, False, None, start, self.last_end)
        arguments = self.keyword_arguments(end, min_bp)
        if arguments:
            return ast.Super(arguments, False, None, start, arguments[-1].end_pos)
        return ast.Super([], True, None, start, end)

    def keyword_arguments(self, end: int, min_bp: int) -> list[ast.Node]:
        """Read the arguments of `yield` and `super` without parentheses, if there are any."""
        self.op(end)
        tok = self.tok
        if min_bp & 1 and (tok in ARGUMENT_START or (tok in MAYBE_ARGUMENT and self.spaced_argument())):
            return self.command_arguments()
        return []

    # ---- case --------------------------------------------------------------------------------------------------------

    def case_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        saved = self.nested()
        subject = None
        self.op(self.skip_separators(end))
        if self.tok != "when":
            self.pos = end
            subject = self.expression(EXPRESSION, self.operand())
        if self.tok == "\n" or self.tok == ";":
            self.pos = self.skip_separators(self.pos)
            m = OPERAND(self.source, self.pos)
            if m is not None and m.lastindex == WORD:
                self.tok = m[WORD]
                self.tpos, self.pos = m.span(WORD)
            else:
                self.op(self.pos)
        node: ast.Node
        if self.tok == "when":
            cases, else_case = self.when_cases(subject is not None, False)
            node = ast.Case(subject, cases, else_case, start)
        elif self.tok == "in" and subject is not None:
            cases, else_case = self.pattern_cases()
            node = ast.CaseIn(subject, cases, else_case, start)
        else:
            self.unexpected("a `when` or `in` clause after `case`")
        node.end_pos = self.finish(saved, "case")
        return node

    def skip_separators(self, pos: int) -> int:
        """Skip newlines, comments and semicolons."""
        while True:
            pos = self.skip_newlines(pos)
            if self.source[pos] != ";":
                return pos
            pos += 1

_CONTINUERS = ("end", "else", "elsif", "rescue", "ensure", "when ", "in ", "}", ")", "]")


def _column(source: str, pos: int) -> int:
    """Width of the indentation at `pos`, the start of a line."""
    column = 0
    while source[pos + column] in " \t":
        column += 1
    return column
