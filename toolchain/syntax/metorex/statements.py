"""Lists of statements, and how to go on behind one that does not parse."""

from __future__ import annotations

from .. import ast
from ..errors import MAX_ERRORS
from .cursor import Failure
from .parameters import Parameters
from .tokens import (
    NEWLINE,
    OPERAND,
    OTHER,
    STATEMENT,
    STATEMENT_END,
    TERMINATORS,
    WORD,
)

_CONTINUERS = ("end", "else", "elsif", "rescue", "ensure", "when ", "in ", "}", ")", "]")


class Statements(Parameters):
    """The bodies of everything."""

    def statements(self) -> ast.BlockStatement:
        """Read statements from `pos` up to a word or bracket that ends them, which becomes the current token.

        A statement that does not parse is noted and skipped.
        """
        source = self.source
        begin = pos = self.pos
        found: list[ast.Node] = []
        scope, soft, depth = self.scope, self.soft, self.depth
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
                self.depth = depth
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


def _column(source: str, pos: int) -> int:
    """Width of the indentation at `pos`, the start of a line."""
    column = 0
    while source[pos + column] in " \t":
        column += 1
    return column
