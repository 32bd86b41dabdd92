"""The tree of a Metorex program: one class a node, one row a class.

A row lists the fields in constructor order; everything else (slots, constructor, comparison, children, dump, and the
field checks of the run-time `Metorex::AST` classes) is derived from it:

    name        a node                     name?       a node or None
    name[]      a list of nodes            name:str    a plain value of that kind (str, int, float, bool, text list…)
    name:str?   a plain value or None      ; x y       after the semicolon: slots that are not fields

Slots after the semicolon help error carets and the compiler. They take no part in comparison, and a tree built by hand
leaves them at their defaults (`None`; positions 0).

`pos` and `end_pos` are character offsets into the source, end exclusive; `LineMap` turns them into line and column.
(The end is not called `end`, because `Range` and `FlipFlop` have a field of that name.)

Conventions, where the field names do not say it all:

- Names have no sigil: `@a` is `InstanceVariable("a")`, `$1` is `GlobalVariable("1")`, `$~` is `GlobalVariable("~")`.
- Text that is not valid UTF-8 (`"\\xff"`) carries its bytes as surrogates (`str.encode("utf-8", "surrogateescape")`).
- Parts of `InterpolatedString`, `XString`, `RegexLiteral`, `InterpolatedSymbol` are `StringLiteral` (raw pattern text
  in a regexp), `BlockStatement` for `#{ }`, and variables for `#@x`.
- A receiver-less name that is no local and has no arguments is `Identifier(name, "call")`; with arguments, `()` or a
  block it is a `Call` whose callee is that Identifier (or a Constant). `Call.local`: the name is also a local in scope.
  A postfix call `f(1)(2)` is a `Call` whose callee is the `Call` node.
- Arguments: `Splat`, a trailing `Dictionary(braces=False)` for keywords (`KeywordSplat` entries among its entries),
  `BlockArg` last, `ForwardArgs` for `...`. A literal block is `trailing_block`, a `Lambda` of kind "block".
- `a.x = 1` is `Assignment(MethodCall)`, `a[0] = 1` is `Assignment(Index)`; the same targets serve `OpAssignment`
  (whose `op` has no `=`: `+`, `||`), `MultipleAssignment`, `For` and `RescueClause`. `MultipleAssignment.targets` holds
  targets, `Splat(target?)` and `MultipleTarget` for parentheses. Several right-hand sides are one `Array`; so is
  `return a, b`.
- `ClassDef.name` is the path as written ("A::B"); `path` is its node (`class_path` builds it for a tree made by hand).
- A body with `rescue`/`ensure` is a BlockStatement holding one `Begin`. `unless` guards are `UnaryOp("!", …)`.
- `|a,|` ends with `Parameter(None, "rest")` whose slot `excess` is true. Blocks that use `_1`/`it` have synthesised
  `req` parameters of these names; `Lambda.numbered` is the count of numbered parameters, -1 for `it`, 0 otherwise.
- `Lambda.captured_vars` is left empty by the parser; whoever resolves names may fill it.
- `case/when` items are patterns: `ValuePattern(expression)` (`ValuePattern(Splat)` for `*list`),
  `IdentifierPattern(name, soft)`, …; `ObjectPatternEntry.key` is a `Symbol` (that key only), a `StringLiteral` (String,
  then Symbol) or an `Identifier` for a label in `when` (Symbol, then String). Its pattern is always filled in.
- `Grouped(x)` is `(x)`; `()` and `(a; b)` group a BlockStatement.
- `Alias`/`Undef` names are strings (`$a` keeps its sigil there), or InterpolatedSymbol nodes.
"""

# ruff: noqa: E701  (a row a line reads best)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIMPLE_DEFAULTS = {"bool": "False"}


class _NodeType(type):
    """Derive slots and constructor of a node class from its `row`."""

    def __new__(mcs, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> _NodeType:
        row: str | None = space.get("row")
        if not row:
            space.setdefault("__slots__", ())
            space.setdefault("type", name)
            return super().__new__(mcs, name, bases, space)
        fields_part, _, extras_part = row.partition(";")
        fields: list[str] = []
        kinds: dict[str, str] = {}
        for item in fields_part.split():
            field, kind = _split_item(item)
            fields.append(field)
            kinds[field] = kind
        extras = tuple(extras_part.split())
        space.update(fields=tuple(fields), kinds=kinds, extras=extras, __slots__=(*fields, *extras))
        space.setdefault("type", name)
        space["__init__"] = _constructor(fields, kinds, extras)
        return super().__new__(mcs, name, bases, space)


def _split_item(item: str) -> tuple[str, str]:
    """`left` -> node, `left?` -> node?, `args[]` -> node[], `name:str?` -> str?."""
    if ":" in item:
        field, _, kind = item.partition(":")
        return field, kind
    for suffix in ("[]", "?"):
        if item.endswith(suffix):
            return item[: -len(suffix)], "node" + suffix
    return item, "node"


def _constructor(fields: list[str], kinds: dict[str, str], extras: tuple[str, ...]) -> Any:
    """Compile `def __init__(self, f1, f2=None, ..., pos=0, end_pos=0, extra=None)`.

    Only a trailing run of optional and bool fields gets defaults, as Python demands.
    """
    parameters: list[str] = []
    defaulting = True
    for field in reversed(fields):
        kind = kinds[field]
        default = "None" if kind.endswith("?") else _SIMPLE_DEFAULTS.get(kind)
        defaulting = defaulting and default is not None
        parameters.append(f"{field}={default}" if defaulting else field)
    parameters.reverse()
    parameters += ["pos=0", "end_pos=0"]
    parameters += [f"{extra}={0 if extra.endswith('_pos') else None}" for extra in extras]
    lines = [f"def __init__(self, {', '.join(parameters)}):"]
    lines += [f" self.{name} = {name}" for name in (*fields, "pos", "end_pos", *extras)]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    return scope["__init__"]


class Node(metaclass=_NodeType):
    """Base of all nodes. Python's `==` is identity; `equals` compares structure."""

    __slots__ = ("pos", "end_pos")

    row = ""
    type = "Node"
    fields: tuple[str, ...] = ()
    kinds: dict[str, str] = {}
    extras: tuple[str, ...] = ()

    if TYPE_CHECKING:
        pos: int
        end_pos: int

        def __init__(self, *values: Any, **named: Any) -> None: ...
        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...

    def children(self) -> list[Node]:
        """Return the child nodes in field order (source order but for modifiers and `do_while`)."""
        found: list[Node] = []
        for field in self.fields:
            value = getattr(self, field)
            if isinstance(value, Node):
                found.append(value)
            elif isinstance(value, list):
                found.extend(item for item in value if isinstance(item, Node))
        return found

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, parents first."""
        pending: list[Node] = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children()))

    def equals(self, other: object) -> bool:
        """Compare structure and values; positions and the slots that are not fields are ignored."""
        pending: list[tuple[Any, Any]] = [(self, other)]
        while pending:
            left, right = pending.pop()
            if isinstance(left, Node):
                if not isinstance(right, Node) or left.type_key != right.type_key:
                    return False
                pending.extend((getattr(left, field), getattr(right, field)) for field in left.fields)
            elif isinstance(left, list):
                if not isinstance(right, list) or len(left) != len(right):
                    return False
                pending.extend(zip(left, right))
            elif type(left) is not type(right) or left != right:
                return False
        return True

    @property
    def type_key(self) -> str:
        """The name under which nodes compare: a MethodDef equals a FunctionDef with the same fields."""
        return self.type

    def dump(self) -> str:
        """Return the tree as one S-expression: `(BinaryOp + (Identifier a call) (IntLiteral 1))`."""
        return "(" + " ".join([self.type, *(_dump_value(getattr(self, field)) for field in self.fields)]) + ")"

    def __repr__(self) -> str:
        return f"<{self.dump()}>"


def _dump_value(value: Any) -> str:
    if isinstance(value, Node):
        return value.dump()
    if isinstance(value, list):
        return "[" + " ".join(map(_dump_value, value)) + "]"
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = value.isprintable() and value and not any(char in value for char in " ()[]\"'")
        return value if plain else ascii(value)
    if isinstance(value, tuple):
        return "/".join(map(str, value))
    return str(value)


# Groups, for the questions of the node protocol (`literal?`, `pattern?`, …).
class Literal(Node): ...


class Name(Node): ...


class Operator(Node): ...


class Invocation(Node): ...


class Definition(Node): ...


class Assigning(Node): ...


class Control(Node): ...


class Pattern(Node): ...


# fmt: off


# Literals
class IntLiteral(Literal): row = "value:int"
class FloatLiteral(Literal): row = "value:float"
class RationalLiteral(Literal): row = "value:rational"          # (numerator, denominator)
class ImaginaryLiteral(Literal): row = "value:number"           # int, float or (numerator, denominator)
class StringLiteral(Literal): row = "value:str"
class InterpolatedString(Literal): row = "parts[]"
class XString(Literal): row = "parts[]"
class Symbol(Literal): row = "value:str"
class InterpolatedSymbol(Literal): row = "parts[]"
class RegexLiteral(Literal): row = "parts[] flags:str"
class BoolLiteral(Literal): row = "value:bool"
class NilLiteral(Literal): row = " "
class Array(Literal): row = "elements[]"
class Dictionary(Literal): row = "entries[] braces:bool"
class DictionaryEntry(Node): row = "key value shorthand:bool"
class Range(Literal): row = "start? end? exclusive:bool ; op_pos"
class MagicFile(Literal): row = " "
class MagicLine(Literal): row = " "
class MagicDir(Literal): row = " "
class MagicEncoding(Literal): row = " "


# Names
class Identifier(Name): row = "name:str kind:str"               # kind: local, call or soft
class InstanceVariable(Name): row = "name:str"
class ClassVariable(Name): row = "name:str"
class GlobalVariable(Name): row = "name:str"
class Constant(Name): row = "name:str"
class ScopeResolution(Name): row = "namespace name:str ; name_pos"
class TopLevelConstant(Name): row = "name:str ; name_pos"
class SelfExpr(Name): row = " "


# Operators
class BinaryOp(Operator): row = "op:str left right ; op_pos locals"   # locals: names that `/(?<name>)/ =~ x` assigns
class UnaryOp(Operator): row = "op:str operand"
class Defined(Operator): row = "expression"
class Grouped(Node): row = "expression"
class FlipFlop(Operator): row = "start end exclusive:bool"


# Calls
class Call(Invocation): row = "callee arguments[] trailing_block? local:bool parens:bool ; paren_pos"
class MethodCall(Invocation): row = "receiver method:str arguments[] trailing_block? safe:bool ; name_pos parens"
class Index(Invocation): row = "array arguments[] ; bracket_pos"
class Super(Invocation): row = "arguments[] forward_args:bool trailing_block?"
class Yield(Invocation): row = "arguments[]"
class Splat(Node): row = "expression?"
class KeywordSplat(Node): row = "expression?"
class BlockArg(Node): row = "expression?"
class ForwardArgs(Node): row = " "
# fmt: on


class _AttributeCall(Call):
    """A receiver-less `attr_*` call."""

    @property
    def attributes(self) -> list[Node]:
        return self.arguments


class _MixinCall(Call):
    """A receiver-less `include`, `extend` or `prepend`."""

    @property
    def modules(self) -> list[Node]:
        return self.arguments


class AttrReader(_AttributeCall): ...


class AttrWriter(_AttributeCall): ...


class AttrAccessor(_AttributeCall): ...


class Include(_MixinCall): ...


class Extend(_MixinCall): ...


class Prepend(_MixinCall): ...


class Raise(Call):
    """A receiver-less `raise`."""

    @property
    def exception(self) -> Node | None:
        return self.arguments[0] if self.arguments else None


CALL_VIEWS = {
    "attr_reader": AttrReader,
    "attr_writer": AttrWriter,
    "attr_accessor": AttrAccessor,
    "include": Include,
    "extend": Extend,
    "prepend": Prepend,
    "raise": Raise,
}


# fmt: off
# Functions
class Lambda(Node): row = "parameters[] body kind:str captured_vars:names ; numbered"


class Parameter(Node):
    row = "name:str? kind:str default_value? annotation? parameters[] ; excess"

    is_variadic = property(lambda self: self.kind in ("rest", "keyrest", "forward"))
    is_keyword = property(lambda self: self.kind in ("key", "keyreq", "keyrest"))
    is_block = property(lambda self: self.kind == "block")


class FunctionDef(Definition):
    row = "name:str parameters[] body singleton? return_annotation? endless:bool dynamic:bool ; name_pos"

    @property
    def type_key(self) -> str:
        return "def"


class MethodDef(FunctionDef): ...
class TypeAnnotation(Node): row = "source:str"


# Definitions
class ClassDef(Definition): row = "name:str? superclass? body reopened:bool ; path"
class ModuleDef(Definition): row = "name:str? body ; path"
class SingletonClass(Definition): row = "target body"
class Alias(Definition): row = "new_name:name old_name:name"
class Undef(Definition): row = "names:names"
class BeginBlock(Definition): row = "body"
class EndBlock(Definition): row = "body"


# Assignment
class Assignment(Assigning): row = "target value annotation? ; op_pos"
class OpAssignment(Assigning): row = "target op:str value ; op_pos"
class MultipleAssignment(Assigning): row = "targets[] value"
class MultipleTarget(Node): row = "targets[]"


# Control
class BlockStatement(Control): row = "statements[]"
class If(Control): row = "condition then_branch elsif_branches[] else_branch? form:str"
class ElsifBranch(Control): row = "condition body"
class Unless(Control): row = "condition then_branch else_branch? form:str"
class While(Control): row = "condition body do_while:bool form:str"
class Until(Control): row = "condition body do_while:bool form:str"
class For(Control): row = "variable iterable body"
class Return(Control): row = "value?"
class Break(Control): row = "value?"
class Continue(Control): row = "value? keyword:str"
class Redo(Control): row = " "
class Retry(Control): row = " "
class Begin(Control): row = "body rescue_clauses[] else_clause? ensure_block?"
class RescueClause(Control): row = "exception_types[] variable? body"
class RescueModifier(Control): row = "body rescue_value"


# Matching
class Case(Control): row = "expression? cases[] else_case?"
class Match(Control): row = "expression cases[] else_case?"
class CaseIn(Control): row = "expression cases[] else_case?"
class MatchCase(Control): row = "patterns[] guard? body"
class PatternTest(Control): row = "value pattern refuses:bool"


# Patterns
class ValuePattern(Pattern): row = "expression"
class WildcardPattern(Pattern): row = " "
class IdentifierPattern(Pattern): row = "name:str soft:bool"
class RestPattern(Pattern): row = "name:str?"
class PinnedPattern(Pattern): row = "expression"
class ArrayPattern(Pattern): row = "constant? prefix[] rest? suffix[]"
class FindPattern(Pattern): row = "constant? before? middle[] after?"
class ObjectPattern(Pattern): row = "constant? entries[] rest?"
class ObjectPatternEntry(Pattern): row = "key pattern?"
class AlternativePattern(Pattern): row = "patterns[]"
class BindPattern(Pattern): row = "pattern name:str"
class NilRestPattern(Pattern): row = " "
# fmt: on


class Root(BlockStatement):
    """The BlockStatement of a whole source text, with what only the text knows."""

    row = "statements[] ; source path line frozen_string_literal data_pos"
    type = "BlockStatement"


def class_path(node: Node) -> Node:
    """Return the constant path of a ClassDef or ModuleDef as Constant, ScopeResolution or TopLevelConstant."""
    if node.path is not None:
        return node.path
    first, *rest = node.name.split("::")
    path: Node
    if first:
        path = SelfExpr() if first == "self" else Constant(first)
    else:
        path = TopLevelConstant(rest.pop(0))
    for name in rest:
        path = ScopeResolution(path, name)
    return path


def node_classes() -> dict[str, type[Node]]:
    """Return all concrete node classes by name (`Metorex::AST` offers exactly these)."""
    return {
        name: value
        for name, value in globals().items()
        if isinstance(value, type) and issubclass(value, Node) and value.row and value is not Root and name[0] != "_"
    }
