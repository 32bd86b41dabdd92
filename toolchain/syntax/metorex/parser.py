"""The Metorex parser: from source text to tree.

The parser is one class built up from parts, each on top of the one before:

    cursor                                   position, tokens after operands, scopes, speculation, errors
    numbers, strings, heredocs               literals
    expressions, assignments                 operators by precedence
    arguments, calls, blocks, parameters     everything that may be a call
    statements, words, control, definitions  statement lists and keywords
    patterns                                 Ruby's `case … in`
    arrows, dialect                          what Metorex adds to Ruby

Start reading at `Expressions.expression` and `Statements.statements`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...runtime.depth import with_frames
from .. import ast
from ..errors import MAX_ERRORS, Error, SyntaxErrors
from .cursor import Failure, Scope, TooDeep
from .dialect import Dialect
from .expressions import INFIX, PREFIX, WORDS
from .invalid_bytes import invalid_bytes
from .tokens import ASSIGNMENT_OPERATORS, END_OF_INPUT, RESERVED

if TYPE_CHECKING:
    from collections.abc import Sequence

_END_MARKER = re.compile(r"^__END__(?:\r?\n|\Z)", re.MULTILINE).search
_LEADING_COMMENTS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))*").match
_FROZEN = re.compile(
    r"^[ \t]*#.*?\bfrozen[_-]string[_-]literal[ \t]*:[ \t]*(true|false)\b", re.MULTILINE | re.IGNORECASE
)
_FRAMES = 10_000  # Python frames for MAX_DEPTH nested expressions


class Parser(Dialect):
    """A parse of one source text."""

    def __init__(self, source: str, path: str, kind: str, names: Sequence[str]) -> None:
        super().__init__(source, path)
        self.scope = Scope(kind, None, set(names), frozenset())
        self.locals = self.scope.locals
        self.prepare_arrows()

    def program(self) -> ast.BlockStatement:
        """Read the whole text. Errors are in `errors`."""
        self.pos = 1 if self.source[0] == "\ufeff" else 0
        self.pos = self.comment_blocks(self.pos)
        found: list[ast.Node] = []
        while True:
            block = self.statements()
            found += block.statements
            if self.tok in END_OF_INPUT:
                for pos in self.open_targets:
                    self.report("unexpected targets; a multiple assignment needs a `=`", pos, pos + 1)
                return ast.BlockStatement(found, 0, self.length)
            if not self.errors:
                reason = "; expected an expression" if self.tok in ")]}" else ", ignoring it"
                self.errors.append(Error(self.tpos, self.pos, f"unexpected '{self.tok}'{reason}"))


PREFIX += [
    Parser.unexpected_operand,  # index 0 is no kind
    Parser.word,
    Parser.constant,
    Parser.instance_variable,
    Parser.plain_integer,
    Parser.plain_double,
    Parser.plain_single,
    Parser.plain_symbol,
    Parser.group,
    Parser.array,
    Parser.hash,
    Parser.operand_below,
    Parser.arrow,
    Parser.unary,
    Parser.general_number,
    Parser.quoted,
    Parser.percent,
    Parser.regexp,
    Parser.character,
    Parser.heredoc,
    Parser.class_variable,
    Parser.global_variable,
    Parser.symbol,
    Parser.top_level_constant,
    Parser.beginless_range,
    Parser.splat_statement,
    Parser.unicode_word,
    Parser.unexpected_operand,
]

INFIX.update(
    {
        ",": Parser.comma,
        ":": Parser.annotated_assignment,
        "if": Parser.modifier,
        "unless": Parser.modifier,
        "while": Parser.modifier,
        "until": Parser.modifier,
        "rescue": Parser.rescue_modifier,
        "and": Parser.and_or,
        "or": Parser.and_or,
        "=>": Parser.match_required,
        "in": Parser.match_test,
        "?": Parser.ternary,
        "..": Parser.range,
        "...": Parser.range,
        "=": Parser.assignment,
        ".": Parser.method_call,
        "&.": Parser.method_call,
        "::": Parser.scope_resolution,
        "[": Parser.index,
        "(": Parser.postfix_call,
        "{": Parser.brace_block,
        "do": Parser.do_block,
        **dict.fromkeys(ASSIGNMENT_OPERATORS, Parser.operator_assignment),
    }
)

WORDS.update(dict.fromkeys(RESERVED, Parser.misplaced_word))
WORDS.update(
    {
        "nil": Parser.nil_word,
        "true": Parser.true_word,
        "false": Parser.false_word,
        "self": Parser.self_word,
        "__FILE__": Parser.file_word,
        "__LINE__": Parser.line_word,
        "__ENCODING__": Parser.encoding_word,
        "__dir__": Parser.dir_word,
        "not": Parser.not_word,
        "defined?": Parser.defined_word,
        "if": Parser.if_word,
        "unless": Parser.unless_word,
        "while": Parser.while_word,
        "until": Parser.until_word,
        "for": Parser.for_word,
        "case": Parser.case_word,
        "begin": Parser.begin_word,
        "return": Parser.return_word,
        "break": Parser.break_word,
        "next": Parser.next_word,
        "redo": Parser.redo_word,
        "retry": Parser.retry_word,
        "yield": Parser.yield_word,
        "super": Parser.super_word,
        "def": Parser.def_word,
        "class": Parser.class_word,
        "module": Parser.module_word,
        "alias": Parser.alias_word,
        "undef": Parser.undef_word,
        "do": Parser.do_word,
        "BEGIN": Parser.begin_block_word,
        "END": Parser.end_block_word,
        # Not reserved:
        "lambda": Parser.lambda_word,
        "match": Parser.match_word,
        "continue": Parser.continue_word,
        "it": Parser.it_word,
        **dict.fromkeys([f"_{number}" for number in range(1, 10)], Parser.numbered_word),
    }
)


def parse(source: str, path: str, *, line: int = 1, locals: Sequence[str] = (), kind: str = "main") -> ast.Root:
    """Return the tree of `source`. Raises SyntaxErrors.

    `line` is the number of the first line. `locals` are the names of existing local variables. With `kind` "eval" jumps
    and `yield` are not checked against the surroundings, which the parser does not see. `data_pos` of the tree counts
    in `source` as given, all other positions in the tree's own `source`, where line ends are plain newlines.
    """
    data_pos = None
    marker = _END_MARKER(source) if "__END__" in source else None
    if marker is not None:
        data_pos = marker.end()
    if "\r" in source:
        source = source.replace("\r\n", "\n")
        marker = _END_MARKER(source) if marker is not None else None
    text = source if marker is None else source[: marker.start()]
    block, errors = _parse(text, path, kind, locals)
    if errors and errors[0].incomplete and marker is not None:  # the marker may stand in a heredoc
        whole, other_errors = _parse(source, path, kind, locals)
        if not other_errors:
            block, errors, data_pos = whole, other_errors, None
    errors = invalid_bytes(text, block) or errors
    if errors:
        raise SyntaxErrors(source, path, errors, line)
    leading = _LEADING_COMMENTS(source)
    frozen = _FROZEN.search(leading[0]) if leading is not None else None
    return ast.Root(
        block.statements,
        0,
        len(text),
        source,
        path,
        line,
        frozen[1].lower() == "true" if frozen is not None else None,
        data_pos,
    )


def _parse(text: str, path: str, kind: str, names: Sequence[str]) -> tuple[ast.BlockStatement, list[Error]]:
    parser = Parser(text, path, kind, names)
    block = ast.BlockStatement([])
    try:
        block = with_frames(_FRAMES, parser.program)
    except (TooDeep, RecursionError):  # the latter for nested types, patterns and parameters
        parser.errors.append(Error(parser.tpos, parser.tpos + 1, "nesting too deep"))
    except Failure as failure:  # pragma: no cover - statement lists catch them
        parser.errors.append(failure.error)
    errors: list[Error] = []
    for error in sorted(parser.errors, key=lambda item: item.pos):
        if not errors or (error.pos, error.message) != (errors[-1].pos, errors[-1].message):
            errors.append(error)
    return block, errors[:MAX_ERRORS]
