"""Control flow with a body: if, unless, while, until, for, begin, case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import ast
from .expressions import condition
from .tokens import (
    ARG,
    END_OF_INPUT,
    EXPRESSION,
    OPERAND,
    STAR,
    WORD,
)
from .words import Words

if TYPE_CHECKING:
    from typing import NoReturn


class Control(Words):
    """Readers of words that open a body."""

    if TYPE_CHECKING:

        def when_cases(self, patterns: bool, hard: bool) -> tuple[list[ast.Node], ast.Node | None]: ...
        def pattern_cases(self) -> tuple[list[ast.Node], ast.Node | None]: ...

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
