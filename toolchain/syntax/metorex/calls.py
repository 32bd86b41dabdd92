"""Names and calls: identifiers, constants, method calls, indexes, arguments with and without parentheses, blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import ast
from ..ast import CALL_VIEWS, Call, Constant, Identifier, MethodCall
from .assignments import Assignments
from .expressions import WORDS
from .tokens import (
    ARGUMENT_START,
    ASSIGN,
    CHARACTER,
    COLON3,
    CONST,
    DOTS,
    DQ,
    HEREDOC_START,
    LIST_ARG,
    LIST_COMMAND,
    MAYBE_ARGUMENT,
    METHOD_NAME,
    NEWLINE,
    ONE_ARGUMENT,
    OPERAND,
    OPERATOR_METHOD,
    OTHER,
    QUOTE,
    SQ,
    STAR,
    STATEMENT,
    TERMINATORS,
    UNICODE,
    WORD,
)

if TYPE_CHECKING:
    from .tokens import Lexeme

_word_handler = WORDS.get
_view_of = CALL_VIEWS.get
_BARS = re.compile(r"[ \t]*\|").match
_NO_VALUE = TERMINATORS | frozenset(("then", "and", "or"))
_STRING_KINDS = frozenset((DQ, SQ, QUOTE))
_BLOCK_TAKERS = frozenset(
    (Identifier, Constant, Call, MethodCall, ast.Super, ast.Index, *CALL_VIEWS.values())
)
_LABELS = (ast.StringLiteral, ast.InterpolatedString)
_NAMES = frozenset((WORD, CONST, UNICODE))
_BLOCK_WORDS = frozenset(("BEGIN", "END"))
_VARIABLES = frozenset((ast.InstanceVariable, ast.ClassVariable, ast.GlobalVariable))
_NO_POSTFIX = frozenset(
    (ast.StringLiteral, ast.InterpolatedString, ast.XString, ast.Symbol, ast.InterpolatedSymbol, ast.RegexLiteral)
)


class Calls(Assignments):
    """Everything that may be a call."""

    if TYPE_CHECKING:

        def body(self, opener: str, start: int) -> ast.BlockStatement: ...
        def block_parameters(self) -> list[ast.Node]: ...
        def arrow_or_command(self, name: str, start: int, end: int, min_bp: int) -> ast.Node: ...
        def annotation_follows(self) -> bool: ...
        def is_stabby(self, start: int) -> bool: ...

    # ---- names -------------------------------------------------------------------------------------------------------

    def word(self, m: Lexeme, min_bp: int) -> ast.Node:
        """A lower-case word: a keyword, a local variable or a call."""
        name = m[1]
        start, end = m.span(1)
        handler = _word_handler(name)
        if handler is not None:
            return handler(self, start, end, min_bp)
        return self.identifier(name, start, end, min_bp)

    def unicode_word(self, m: Lexeme, min_bp: int) -> ast.Node:
        name = m[UNICODE]
        start, end = m.span(UNICODE)
        if name[0].isupper():
            return self.constant_name(name, start, end, min_bp)
        return self.identifier(name, start, end, min_bp)

    def identifier(self, name: str, start: int, end: int, min_bp: int) -> ast.Node:
        """Read a name that is no keyword, with its arguments if there are any."""
        if self.source[end] == "(":
            local = name in self.locals or name in self.soft
            arguments = self.paren_arguments(end)
            close = self.last_end
            callee = Identifier(name, "call", start, end)
            return _view_of(name, Call)(callee, arguments, None, local, True, start, close, end)
        self.op(end)
        tok = self.tok
        if name in self.locals:
            if tok in MAYBE_ARGUMENT and self.local_takes_argument(min_bp):
                if tok == "->":
                    return self.arrow_or_command(name, start, end, min_bp)
                callee = Identifier(name, "call", start, end)
                return self.command_call(callee, name, start, True, min_bp == ONE_ARGUMENT)
            return Identifier(name, "local", start, end)
        if tok in MAYBE_ARGUMENT and (tok in ARGUMENT_START or self.spaced_argument()):
            if tok == "->":
                return self.arrow_or_command(name, start, end, min_bp)
            if min_bp & 1 and not (tok == ":" and min_bp == STATEMENT and self.annotation_follows()):
                callee = Identifier(name, "call", start, end)
                return self.command_call(callee, name, start, name in self.soft, min_bp == ONE_ARGUMENT)
        return Identifier(name, "soft" if name in self.soft else "call", start, end)

    def constant(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(CONST)
        return self.constant_name(m[CONST], start, end, min_bp)

    def constant_name(self, name: str, start: int, end: int, min_bp: int) -> ast.Node:
        if name in _BLOCK_WORDS:
            return WORDS[name](self, start, end, min_bp)
        if self.source[end] == "(":
            arguments = self.paren_arguments(end)
            return Call(self.constant_callee(name, start, end), arguments, None, False, True, start, self.last_end, end)
        self.op(end)
        tok = self.tok
        if tok in MAYBE_ARGUMENT and (tok in ARGUMENT_START or self.spaced_argument()):
            if tok == "->" and not self.is_stabby(self.tpos):
                self.fail("arrow lambda parameters must be identifiers", start, end)
            if min_bp & 1 and not (tok == ":" and min_bp == STATEMENT and self.annotation_follows()):
                callee = self.constant_callee(name, start, end)
                return self.command_call(callee, name, start, False, min_bp == ONE_ARGUMENT)
        if name[-1] in "?!":
            return Identifier(name, "call", start, end)
        return Constant(name, start, end)

    def constant_callee(self, name: str, start: int, end: int) -> ast.Node:
        return Identifier(name, "call", start, end) if name[-1] in "?!" else Constant(name, start, end)

    def top_level_constant(self, m: Lexeme, min_bp: int) -> ast.Node:
        start, end = m.span(COLON3)
        name = METHOD_NAME(self.source, end)
        if name is None or not name[1][0].isupper():
            self.fail("unexpected '::'; expected an expression", start, end)
        self.op(name.end())
        return ast.TopLevelConstant(name[1], start, name.end(), name.start(1))

    # ---- commands ----------------------------------------------------------------------------------------------------

    def spaced_argument(self) -> bool:
        """Does the current token, an operator after a method name, rather begin an argument? (`foo -1`, `foo [1]`)"""
        source = self.source
        tok, tpos = self.tok, self.tpos
        if tok == ":":
            return source[self.pos] not in " \t\r\n\f\v" and self.pos < self.length
        if source[tpos - 1] not in " \t\r\f\v":
            return False
        if tok == "[" or tok == "(" or tok == "::":
            return True
        if tok == "<<":
            return HEREDOC_START(source, tpos) is not None
        if tok == "?":
            return CHARACTER(source, tpos) is not None
        return source[self.pos] not in " \t\r\n\f\v"

    def local_takes_argument(self, min_bp: int) -> bool:
        """After a local variable only what can be no operator begins an argument."""
        tok = self.tok
        if tok == "->":
            return True
        return bool(min_bp & 1) and (
            tok in ARGUMENT_START or (tok == "(" and self.source[self.tpos - 1] in " \t")
        )

    def command_call(self, callee: ast.Node, name: str, start: int, local: bool, one: bool) -> ast.Node:
        """Read the arguments of a receiver-less call without parentheses, from the current token on."""
        arguments = self.command_arguments(one)
        return _view_of(name, Call)(callee, arguments, None, local, False, start, arguments[-1].end_pos)

    def command_arguments(self, one: bool = False) -> list[ast.Node]:
        """Read arguments without parentheses (`one`: exactly one); the current token begins the first."""
        self.pos = self.tpos
        no_do = self.no_do
        self.no_do = True
        arguments = self.arguments("", LIST_COMMAND, one)
        self.no_do = no_do
        return arguments

    # ---- arguments ---------------------------------------------------------------------------------------------------

    def paren_arguments(self, opening: int) -> list[ast.Node]:
        """Read `(…)` at `opening`, then the next token. `last_end` is where the parenthesis ends."""
        if self.source[opening + 1] == ")":
            self.last_end = opening + 2
            self.op(opening + 2)
            return []
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        self.pos = opening + 1
        arguments = self.arguments(")", LIST_COMMAND)
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        self.last_end = close = self.pos
        self.op(close)
        return arguments

    last_end = 0

    def arguments(self, closer: str, first_bp: int, one: bool = False) -> list[ast.Node]:
        """Read arguments or array elements up to `closer`; none ("") for a command call (with `one` argument).

        Ends with the closer, or the token after a command call's last argument, as current token.
        """
        source = self.source
        found: list[ast.Node] = []
        entries: list[ast.Node] | None = None
        min_bp = first_bp
        while True:
            m = OPERAND(source, self.pos)
            kind = m.lastindex
            if kind == NEWLINE:
                m = self.operand()
                kind = m.lastindex
            entry = None
            if kind in _NAMES:
                end = m.end()
                if source[end] == ":" and source[end + 1] != ":":
                    entry = self.label_entry(m[kind], m.start(kind), end)
            elif kind == STAR:
                node = self.starred(m, closer)
                if type(node) is ast.KeywordSplat:
                    entry = node
                else:
                    if entries is not None and type(node) is ast.Splat:
                        self.report("unexpected `*` splat argument after keyword arguments", node.pos, node.end_pos)
                    found.append(node)
                    if self.tok != ",":
                        break
                    min_bp = LIST_ARG
                    if type(node) is ast.BlockArg and not (closer and self.trailing_comma(closer)):
                        self.report("unexpected argument after a block argument", node.pos, node.end_pos)
                    continue
            elif kind == OTHER and m[OTHER] == closer and source[m.start(OTHER)] == closer:
                self.tok = closer
                self.tpos, self.pos = m.span(OTHER)
                return found
            elif kind == DOTS and m[DOTS] == "..." and self.forwards_all(m):
                start, end = m.span(DOTS)
                found.append(ast.ForwardArgs(start, end))
                break
            if entry is None:
                node = self.expression(min_bp, m)
                tok = self.tok
                if tok == "=>":
                    entry = self.pair(node)
                elif tok == ":" and kind in _STRING_KINDS and type(node) in _LABELS and self.tpos == node.end_pos:
                    entry = self.string_label(node)
                else:
                    found.append(node)
            if entry is not None:
                if entries is None:
                    entries = []
                    found.append(ast.Dictionary(entries, False, entry.pos, entry.end_pos))
                entries.append(entry)
                found[-1].end_pos = entry.end_pos
            elif entries is not None:
                self.report("unexpected argument after keyword arguments", node.pos, node.end_pos)
            if self.tok != "," or one:
                break
            min_bp = LIST_ARG
        if closer and not self.closed_by(closer):
            self.unexpected(f"a `,` or a `{closer}` after an argument")
        return found

    def trailing_comma(self, closer: str) -> bool:
        """Does `closer` follow the comma that has just been read?"""
        return self.source.startswith(closer, self.skip_newlines(self.pos))

    def forwards_all(self, m: Lexeme) -> bool:
        """Is this `...` the argument of `f(...)`? Then read the token after it."""
        end = m.end()
        following = OPERAND(self.source, end)
        if following is not None and following.lastindex == OTHER and following[OTHER] in ")]":
            if "..." not in self.scope.forwards:
                self.report("unexpected ... when the parent method is not forwarding", m.start(DOTS), end)
            self.op(end)
            return True
        return False

    def label_entry(self, name: str, start: int, end: int) -> ast.Node:
        """Read `name: value` or `name:`; `end` is where the colon stands."""
        key = ast.Symbol(name, start, end + 1)
        m = self.entry_value(end + 1)
        if m is None:
            if name[-1] in "?!":
                self.fail("identifier expected", start, end)
            return ast.DictionaryEntry(key, self.name_value(name, start, end), True, start, end + 1)
        value = self.expression(LIST_ARG, m)
        return ast.DictionaryEntry(key, value, False, start, value.end_pos)

    def entry_value(self, pos: int) -> Lexeme | None:
        """Match the value after a label that ends at `pos`; None if it is omitted, with the next token read."""
        self.pos = pos
        m = self.operand()
        kind = m.lastindex
        if kind == OTHER or (kind == WORD and (m[WORD] in _NO_VALUE or (m[WORD] == "do" and self.no_do))):
            self.op(pos)
            return None
        return m

    def name_value(self, name: str, start: int, end: int) -> ast.Node:
        """The value that `{name:}` stands for."""
        if name[0].isupper():
            return Constant(name, start, end)
        kind = "local" if name in self.locals else "soft" if name in self.soft else "call"
        return Identifier(name, kind, start, end)

    def pair(self, key: ast.Node) -> ast.Node:
        """Read `=> value` after `key`."""
        self.pos = self.skip_newlines(self.pos)
        value = self.expression(LIST_ARG)
        return ast.DictionaryEntry(key, value, False, key.pos, value.end_pos)

    def string_label(self, node: ast.Node) -> ast.Node:
        """Read `"text": value`; the current token is the colon."""
        key: ast.Node
        if type(node) is ast.StringLiteral:
            key = ast.Symbol(node.value, node.pos, self.pos)
        else:
            key = ast.InterpolatedSymbol(node.parts, node.pos, self.pos)
        m = self.entry_value(self.pos)
        if m is None:
            if type(node) is not ast.StringLiteral:
                self.unexpected("a value")
            value = self.name_value(node.value or "?", node.pos, node.end_pos)
            return ast.DictionaryEntry(key, value, True, node.pos, key.end_pos)
        value = self.expression(LIST_ARG, m)
        return ast.DictionaryEntry(key, value, False, node.pos, value.end_pos)

    def starred(self, m: Lexeme, closer: str) -> ast.Node:
        """Read `*x`, `**x`, `&x`, or the anonymous forms in a method that has such parameters."""
        operator = m[STAR]
        start, end = m.span(STAR)
        node_class = {"*": ast.Splat, "**": ast.KeywordSplat, "&": ast.BlockArg}[operator]
        following = OPERAND(self.source, end)
        assert following is not None
        if following.lastindex == NEWLINE:
            self.pos = end
            following = self.operand()
        if following.lastindex == OTHER or (following.lastindex == WORD and following[WORD] in TERMINATORS):
            if operator not in self.scope.forwards:
                what = {"*": "rest", "**": "keyword rest", "&": "block"}[operator]
                self.report(f"no anonymous {what} parameter", start, end)
            self.op(end)
            return node_class(None, start, end)
        value = self.expression(LIST_ARG, following)
        return node_class(value, start, value.end_pos)

    def hash_entries(self) -> list[ast.Node]:
        """Read the entries of a `{ }` literal; ends with `}` as current token."""
        source = self.source
        entries: list[ast.Node] = []
        while True:
            m = self.operand()
            kind = m.lastindex
            end = m.end()
            if kind in _NAMES and source[end] == ":" and source[end + 1] != ":":
                entries.append(self.label_entry(m[kind], m.start(kind), end))
            elif kind == OTHER and m[OTHER] == "}":
                self.tok = "}"
                self.tpos, self.pos = m.span(OTHER)
                return entries
            elif kind == STAR and m[STAR] == "**":
                entries.append(self.starred(m, "}"))
            else:
                node = self.expression(LIST_ARG, m)
                if self.tok == "=>":
                    entries.append(self.pair(node))
                elif self.tok == ":" and kind in _STRING_KINDS and type(node) in _LABELS and self.tpos == node.end_pos:
                    entries.append(self.string_label(node))
                else:
                    self.unexpected("a `=>` between the key and the value")
            if self.tok != ",":
                if not self.closed_by("}"):
                    self.unexpected("a `}` to close the hash literal")
                return entries

    # ---- calls on a receiver -----------------------------------------------------------------------------------------

    def method_call(self, left: ast.Node, min_bp: int) -> ast.Node:
        """Read `.name`, `&.name`, `.()` and the arguments after `left`."""
        safe = self.tok == "&."
        source = self.source
        m = METHOD_NAME(source, self.pos)
        if m is None:
            return self.odd_method_call(left, min_bp, safe)
        return self.named_call(left, m[1], m.start(1), m.end(), min_bp, safe)

    def named_call(self, left: ast.Node, name: str, start: int, end: int, min_bp: int, safe: bool) -> ast.Node:
        if self.source[end] == "(":
            arguments = self.paren_arguments(end)
            return MethodCall(left, name, arguments, None, safe, left.pos, self.last_end, start, True)
        self.op(end)
        tok = self.tok
        if tok in MAYBE_ARGUMENT and (tok in ARGUMENT_START or self.spaced_argument()):
            if tok == "->" and not self.is_stabby(self.tpos):
                self.fail("arrow lambda parameters must be identifiers", left.pos, end)
            if min_bp & 1 and not (tok == ":" and min_bp == STATEMENT and self.annotation_follows()):
                arguments = self.command_arguments(min_bp == ONE_ARGUMENT)
                return MethodCall(left, name, arguments, None, safe, left.pos, arguments[-1].end_pos, start)
        return MethodCall(left, name, [], None, safe, left.pos, end, start)

    def odd_method_call(self, left: ast.Node, min_bp: int, safe: bool) -> ast.Node:
        """The name is on the next line, or an operator, or missing (`f.()`)."""
        source = self.source
        pos = self.skip_newlines(self.pos)
        if source[pos] == "(":
            arguments = self.paren_arguments(pos)
            return MethodCall(left, "call", arguments, None, safe, left.pos, self.last_end, pos, True)
        m = METHOD_NAME(source, pos) or OPERATOR_METHOD(source, pos)
        if m is None:
            self.op(pos)
            self.unexpected("a method name")
        return self.named_call(left, m[1], m.start(1), m.end(), min_bp, safe)

    def scope_resolution(self, left: ast.Node, min_bp: int) -> ast.Node:
        """Read `::Name` or `::method`."""
        source = self.source
        m = METHOD_NAME(source, self.pos) or METHOD_NAME(source, self.skip_newlines(self.pos))
        if m is None:
            return self.odd_method_call(left, min_bp, False)
        name, start, end = m[1], m.start(1), m.end()
        if not name[0].isupper() or name[-1] in "?!" or source[end] == "(":
            return self.named_call(left, name, start, end, min_bp, False)
        self.op(end)
        tok = self.tok
        if min_bp & 1 and tok in MAYBE_ARGUMENT and (tok in ARGUMENT_START or self.spaced_argument()):
            return self.named_call(left, name, start, end, min_bp, False)
        return ast.ScopeResolution(left, name, left.pos, end, start)

    def index(self, left: ast.Node, min_bp: int) -> ast.Node:
        """Read `[…]` after `left`."""
        bracket = self.tpos
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        arguments = self.arguments("]", LIST_COMMAND)
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        close = self.pos
        self.op(close)
        return ast.Index(left, arguments, left.pos, close, bracket)

    def postfix_call(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        """The dialect's call of any value: `f(1)(2)`, `table[0](5)`, `@hook(3)`."""
        opening = self.tpos
        before = self.source[opening - 1]
        kind = type(left)
        if before in ")]}":
            if kind in _NO_POSTFIX or (kind is ast.Array and self.source[left.pos] == "%"):
                return None
        elif kind not in _VARIABLES or left.end_pos != opening:
            return None
        arguments = self.paren_arguments(opening)
        return Call(left, arguments, None, False, True, left.pos, self.last_end, opening)

    # ---- blocks ------------------------------------------------------------------------------------------------------

    def brace_block(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        if self.no_brace or type(left) not in _BLOCK_TAKERS:
            return None
        return self.with_block(left, "}")

    def do_block(self, left: ast.Node, min_bp: int) -> ast.Node | None:
        if self.no_do or type(left) not in _BLOCK_TAKERS:
            return None
        return self.with_block(left, "end")

    def with_block(self, left: ast.Node, closer: str) -> ast.Node | None:
        """Read the block that begins at the current token and give it to the call `left`."""
        kind = type(left)
        if kind is Identifier or kind is Constant:
            local = left.name in self.locals or left.name in self.soft
            block = self.block(closer)
            name = left.name
            if kind is Identifier:
                left.kind = "call"
            return _view_of(name, Call)(left, [], block, local, False, left.pos, block.end_pos)
        if kind is ast.Index:
            block = self.block(closer)
            return MethodCall(left.array, "[]", left.arguments, block, False, left.pos, block.end_pos, left.bracket_pos)
        if left.trailing_block is not None:
            return None
        block = self.block(closer)
        if left.arguments and type(left.arguments[-1]) is ast.BlockArg:
            self.report("both block arg and actual block given; only one block is allowed", block.pos, block.end_pos)
        left.trailing_block = block
        left.end_pos = block.end_pos
        return left

    def block(self, closer: str, opener: str = "do") -> ast.Node:
        """Read a block from its `{` or `do`, the current token, to its end, and the token after it."""
        start = self.tpos
        no_do, no_brace, in_when = self.no_do, self.no_brace, self.in_when
        self.no_do = self.no_brace = self.in_when = False
        outer = self.open_scope("block")
        source = self.source
        char = source[self.pos]
        if char == "\n" or (char == " " and source[self.pos + 1] in "\n# "):
            self.pos = self.skip_newlines(self.pos)
        m = _BARS(source, self.pos)
        parameters: list[ast.Node] = []
        if m is not None:
            self.scope.explicit = True
            self.pos = m.end()
            parameters = self.block_parameters()
        if closer == "}":
            body = self.statements()
            if self.tok != "}":
                self.missing_closer("}", start)
        else:
            body = self.body(opener, start)
        implicit = self.scope.implicit
        if implicit:
            parameters = self.implicit_parameters(implicit, start)
        self.close_scope(outer)
        self.no_do, self.no_brace, self.in_when = no_do, no_brace, in_when
        end = self.pos
        self.op(end)
        return ast.Lambda(parameters, body, "block", [], start, end, implicit)

    def implicit_parameters(self, implicit: int, pos: int) -> list[ast.Node]:
        """The parameters that `it` (-1) or `_1` … `_n` declare."""
        names = ["it"] if implicit < 0 else [f"_{number}" for number in range(1, implicit + 1)]
        return [ast.Parameter(name, "req", None, None, [], pos, pos) for name in names]

    def it_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`it`: the parameter of a block without parameters, if it looks like a variable."""
        node = self.identifier("it", start, end, min_bp)
        scope = self.scope
        if (
            type(node) is Identifier
            and node.kind == "call"
            and scope.kind in ("block", "lambda")
            and not scope.explicit
            and self.tok != "="
            and not (min_bp == ASSIGN or (min_bp == STATEMENT and self.tok == ","))
            and not (self.tok == "{" or (self.tok == "do" and not self.no_do))
        ):
            if scope.implicit > 0:
                self.report("'it' is not allowed when a numbered parameter is already used", start, end)
            scope.implicit = -1
            node.kind = "local"
        return node

    def numbered_word(self, start: int, end: int, min_bp: int) -> ast.Node:
        """`_1` … `_9`."""
        name = self.source[start:end]
        scope = self.scope
        if scope.kind not in ("block", "lambda") or name in self.locals:
            return self.identifier(name, start, end, min_bp)
        if scope.explicit:
            message = "numbered parameter reference not allowed when an ordinary parameter is defined"
            self.report(message, start, end)
        elif scope.implicit < 0:
            self.report("numbered parameters are not allowed when 'it' is already used", start, end)
        outer = scope.parent
        while outer is not None and outer.kind in ("block", "lambda"):
            if outer.implicit > 0:
                self.report("numbered parameter is already used in outer block", start, end)
            outer = outer.parent
        scope.implicit = max(scope.implicit, int(name[1]))
        self.op(end)
        if self.tok in MAYBE_ARGUMENT and self.local_takes_argument(min_bp):
            return self.command_call(Identifier(name, "call", start, end), name, start, True, min_bp == ONE_ARGUMENT)
        return Identifier(name, "local", start, end)
