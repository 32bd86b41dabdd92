"""Lexical tables of Metorex: what may stand where an operand is expected, what may follow one, and how tight it binds.

Ruby's grammar is ambiguous without a parser's help: `/`, `-`, `[`, `(`, `?`, `%`, `<<`, `{` and `:` mean one thing
where an operand is expected and another after one. The parser always knows which it is, so there are two regular
expressions instead of one tokenizer: `OPERAND` and `OPERATOR`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Lexeme(Protocol):
        """A match of a pattern that matches anything; `lastindex` is the kind of the token."""

        @property
        def lastindex(self) -> int: ...
        def __getitem__(self, group: int) -> str: ...
        def start(self, group: int = 0) -> int: ...
        def end(self, group: int = 0) -> int: ...
        def span(self, group: int = 0) -> tuple[int, int]: ...

    Scanner = Callable[[str, int], Lexeme]
    Matcher = Callable[[str, int], "re.Match[str] | None"]

_TAIL = r"\w*(?:[^\x00-\x7f]\w*)*"
_WORD = r"[a-z_]" + _TAIL
_MARK = r"(?:[?!](?!=)|\?(?==[=~>])|!(?==[~>]))?"  # foo? foo! but foo != x
_NAME = r"(?:[A-Za-z_]|[^\x00-\x7f])" + _TAIL
_SETTER = r"(?:=(?:(?![~>=])|(?==>)))"
OPERATOR_NAMES = r"\[\]=?|\*\*|[+\-!~]@|<=>|===?|=~|!=|!~|!|<<|<=?|>>|>=?|[+\-*/%&|^`~]"

# ---- operands -------------------------------------------------------------------------------------------------------

_OPERANDS = (
    ("WORD", _WORD + _MARK),
    ("CONST", r"[A-Z]" + _TAIL + _MARK),
    ("IVAR", r"@" + _NAME),
    ("INT", r"(?:0|[1-9][0-9]*)(?![\w.])"),
    ("DQ", r'"[^"\\#\n]*"'),  # a plain string: nothing to unescape or interpolate
    ("SQ", r"'[^'\\\n]*'"),
    ("SYM", r":(?:@@?|\$)?" + _NAME + r"(?:[?!](?!=)|\?(?==[=~>])|!(?==[~>])|" + _SETTER + r")?"),
    ("PAREN", r"\("),
    ("BRACKET", r"\["),
    ("BRACE", r"\{"),
    ("NEWLINE", r"\n|#[^\n]*|\\\r?\n"),
    ("ARROW", r"->"),
    ("UNARY", r"[-!+~]"),
    ("NUMBER", r"[0-9]"),
    ("QUOTE", r"[\"'`]"),
    ("PERCENT", r"%"),
    ("SLASH", r"/"),
    ("QUESTION", r"\?"),
    ("HEREDOC", r"<<[~\-]?(?:[\"'`]|[A-Za-z_]|[^\x00-\x7f])"),
    ("CVAR", r"@@" + _NAME),
    ("GVAR", r"\$(?:" + _NAME + r"|[1-9][0-9]*|0\w*|-\w|[~*$?!@/\\;,.=:_\"<>&`'+])"),
    ("DSYM", r":(?:[\"']|" + OPERATOR_NAMES + r"|\$(?:-\w|[^\s\w\0]|[0-9]+))"),
    ("COLON3", r"::"),
    ("DOTS", r"\.\.\.?"),
    ("STAR", r"\*\*|\*|&"),
    ("UNICODE", r"[^\x00-\x7f]" + _TAIL + _MARK),
    ("OTHER", r"."),
)
OPERAND: Scanner = re.compile(
    r"[ \t\r\f\v]*(?:" + "|".join(f"({pattern})" for _, pattern in _OPERANDS) + ")", re.DOTALL
).match  # type: ignore[assignment]

OPERAND_KINDS = tuple(name for name, _ in _OPERANDS)
(
    WORD,
    CONST,
    IVAR,
    INT,
    DQ,
    SQ,
    SYM,
    PAREN,
    BRACKET,
    BRACE,
    NEWLINE,
    ARROW,
    UNARY,
    NUMBER,
    QUOTE,
    PERCENT,
    SLASH,
    QUESTION,
    HEREDOC,
    CVAR,
    GVAR,
    DSYM,
    COLON3,
    DOTS,
    STAR,
    UNICODE,
    OTHER,
) = range(1, len(_OPERANDS) + 1)

# ---- what follows an operand ----------------------------------------------------------------------------------------

_OPERATOR_WORDS = (
    "if|unless|while|until|rescue|and|or|then|do|end|in|else|elsif|when|ensure"  # (?!…) keeps `ends`, `do?` and `if: 1`
)
OPERATOR: Scanner = re.compile(
    r"[ \t\r\f\v]*(?:#[^\n]*)?(?:"
    r"(\n|,|=>|=~|===?|=|\)|\]|\}|\{|\[|\(|&&=?|&\.|&=?|\|\|=?|\|=?|\+=?|->|-=?|\*\*=?|\*=?|/=?|%=?|\?"
    r"|<=>|<<=?|<=?|>>=?|>=?|!=|!~|!|\.\.\.?|\.|::|:|;|\^=?|~|\"|'|`|@|\$|\\\r?\n|\x00|\x04|\x1a"
    rf"|(?:{_OPERATOR_WORDS})(?![\w?!]|:\s|[^\x00-\x7f]))"
    r"|([A-Za-z_]|[^\x00-\x7f])|([0-9])|(.))",
    re.DOTALL,
).match  # type: ignore[assignment]

# Blank and comment lines, then (if that continues the statement) the operator that begins the next line.
NEXT_LINE: Scanner = re.compile(
    r"(?:[ \t\r\f\v]*(?:#[^\n]*)?\n)*[ \t\r\f\v]*(\.(?!\.)|&\.|&&|\|\||(?:and|or)(?![\w?!:]|[^\x00-\x7f]))?"
).match  # type: ignore[assignment]
BLANK: Scanner = re.compile(r"(?:[ \t\r\f\v]*(?:#[^\n]*)?\n)*[ \t\r\f\v]*").match  # type: ignore[assignment]
SPACES: Scanner = re.compile(r"[ \t]*").match  # type: ignore[assignment]
COMMENT_BLOCK_END = re.compile(r"^=end(?:[ \t\r\0][^\n]*)?$", re.MULTILINE).search

METHOD_NAME = re.compile(r"[ \t]*((?:[A-Za-z_]|[^\x00-\x7f])" + _TAIL + _MARK + r")").match
OPERATOR_METHOD = re.compile(r"[ \t]*(" + OPERATOR_NAMES + r")").match
DEF_NAME = re.compile(
    r"[ \t]*((?:[A-Za-z_]|[^\x00-\x7f])" + _TAIL + r"(?:[?!](?!=)|\?(?==[=~>])|" + _SETTER + rf")?|{OPERATOR_NAMES})"
).match
IDENTIFIER = re.compile(r"[ \t]*((?:[a-z_]|[^\x00-\x7f])" + _TAIL + r")").match
LABEL_END = re.compile(r":(?!:)").match
HEREDOC_START = re.compile(r"<<[~\-]?(?:[\"'`]|[A-Za-z_]|[^\x00-\x7f])").match
CHARACTER = re.compile(r"\?(?:\\|[^\s\w]|\w(?!\w))").match

DIGITS = frozenset("0123456789")
END_OF_INPUT = frozenset("\0\4\x1a")

# ---- binding powers -------------------------------------------------------------------------------------------------
# An operator binds if its power is greater than the caller's minimum. Powers are multiples of four, which leaves two
# bits of a minimum to say what may stand there: a command call (arguments without parentheses) if it is odd; IN_LIST
# says that a comma after the expression belongs to an outer list. ONE_ARGUMENT, the body of an arrow in such a list,
# allows a command call with exactly one argument.

STATEMENT = 1  # a whole statement: modifiers, multiple assignment
COMMA = 2
MODIFIER = 4
EXPRESSION = 5  # an operand of `if`, a modifier, …
AND_OR = 8
NOT = 13
MATCH = 16
ARG = 16
COMMAND_ARG = 17
IN_LIST = 2
LIST_ARG = 18
LIST_COMMAND = 19
ONE_ARGUMENT = 21
DEFINED = 20
TERNARY = 24
RANGE = 28
NEGATE = 68
POWER = 72
PREFIX_OPERATOR = 76
ASSIGN = 80
POSTFIX = 84
BLOCK_DEFAULT = ASSIGN | IN_LIST  # a default between bars: what `.` and `[` bind to, and no operators
NO_OPERATORS = 200  # the bare operand

_LEVELS = (
    (32, "||"),
    (36, "&&"),
    (40, "<=> == === != =~ !~"),
    (44, "< <= > >="),
    (48, "| ^"),
    (52, "&"),
    (56, "<< >>"),
    (60, "+ -"),
    (64, "* / %"),
)
# Operators that make a BinaryOp of two operands: operator -> minimum for the right operand.
BINARY = {operator: power for power, operators in _LEVELS for operator in operators.split()}
BINARY["**"] = POWER - 4  # groups to the right
EQUALITY = frozenset(("<=>", "==", "===", "!=", "=~", "!~"))

ASSIGNMENT_OPERATORS = {f"{op}=": op for op in ["+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", "&&", "||"]}

POWER_OF = {operator: power for power, operators in _LEVELS for operator in operators.split()}
POWER_OF["**"] = POWER
POWER_OF.update(dict.fromkeys((",", ":"), COMMA))
POWER_OF.update(dict.fromkeys(("if", "unless", "while", "until", "rescue"), MODIFIER))
POWER_OF.update(dict.fromkeys(("and", "or"), AND_OR))
POWER_OF.update(dict.fromkeys(("=>", "in"), MATCH))
POWER_OF.update({"?": TERNARY, "..": RANGE, "...": RANGE, "=": ASSIGN})
POWER_OF.update(dict.fromkeys(ASSIGNMENT_OPERATORS, ASSIGN))
POWER_OF.update(dict.fromkeys((".", "&.", "::", "[", "(", "{", "do"), POSTFIX))

MAX_DEPTH = 1000  # expressions within each other

# ---- command calls --------------------------------------------------------------------------------------------------
# Tokens that begin an argument after a method name, always or depending on the spaces around them.
ARGUMENT_START = frozenset(("word", "number", '"', "'", "`", "@", "$", "!", "~", "->"))
SPACED_ARGUMENT_START = frozenset(("[", "(", "-", "+", "*", "&", "**", "%", "/", "::", ":", "<<", "?"))
MAYBE_ARGUMENT = ARGUMENT_START | SPACED_ARGUMENT_START

# Words that end a list of statements.
TERMINATORS = frozenset(("end", "else", "elsif", "when", "in", "rescue", "ensure"))
STATEMENT_END = TERMINATORS | frozenset(")}]") | END_OF_INPUT

RESERVED = frozenset(
    (
        "__ENCODING__",
        "__LINE__",
        "__FILE__",
        "BEGIN",
        "END",
        "alias",
        "and",
        "begin",
        "break",
        "case",
        "class",
        "def",
        "defined?",
        "do",
        "else",
        "elsif",
        "end",
        "ensure",
        "false",
        "for",
        "if",
        "in",
        "module",
        "next",
        "nil",
        "not",
        "or",
        "redo",
        "rescue",
        "retry",
        "return",
        "self",
        "super",
        "then",
        "true",
        "undef",
        "unless",
        "until",
        "when",
        "while",
        "yield",
    )
)
