"""The translation of one function, with its closures and inlined blocks, to Python text.

A `Translation` holds what is common: names, scopes, and what was assumed about the program (`facts.py` answers).
"""

from __future__ import annotations

from ....format import chunk as ck
from .exemplars import Instance
from .results import Declined
from .scope import Scope, reads_match, tidy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .facts import Facts
    from .function import HostFunction

MAX_INSTRUCTIONS = 6000  # of one function with its closures


class Translation:
    """One function being translated."""

    def __init__(self, facts: Facts, function: ck.Function) -> None:
        # Whatever a translation wants to know of the program besides its bytecode it must ask, so that it is known what
        # the translation depends on.
        self.ask = facts.ask
        self.value = facts.value  # for exemplars only
        self.unit = facts.unit
        self.part = facts.part
        self.variant = facts.ask("place")[1]
        self.function = function
        self.idents: dict[str, str] = {}  # real global or attribute name -> identifier
        self.renames: dict[str, str] = {}  # identifier -> real name
        self.scopes: list[Scope] = []
        self.next_base = 0
        self.lazy_blocks: set[str] = set()  # block parameters that are made a Proc where they are used
        self.fresh_blocks: set[str] = set()  # those of them that are used at one place, once
        self.reads_match = reads_match(facts.unit, function)
        self.size = 0
        self.counter = 0
        self.exemplars: dict[str, Any] = {}  # variable -> a value that it had, see exemplars.py
        self.guesses = True  # may what is not certain to be an Array be read as one?
        self.declined: list[tuple[int, str]] = []  # closures left to the stack engine, and why

    # names

    def name(self, real: str) -> str:
        """Return the identifier that stands for a name which may be no identifier."""
        ident = self.idents.get(real)
        if ident is None:
            ident = self.idents[real] = f"G{len(self.idents)}{tidy(real[1:].lstrip(':'))}"
            self.renames[ident] = real
        return ident

    def parameter(self, keyword: str) -> str:
        """Return an identifier for a keyword parameter, which must have the keyword's name in the end."""
        self.counter += 1
        ident = f"k{self.counter}_{tidy(keyword)}"
        self.renames[ident] = keyword
        return ident

    def context(self, scope: Scope) -> str:
        while scope.function.index < 0:
            scope = scope.parent  # type: ignore[assignment]
        return self.name(f"F:{self.variant}:{scope.function.index}")

    def scope(self, unit: Any, function: ck.Function, parent: Scope | None, host: HostFunction | None) -> Scope:
        self.size += len(function.code)
        if self.size > 12 * MAX_INSTRUCTIONS:
            raise Declined("size")
        scope = Scope(len(self.scopes), unit, function, parent, host, self.next_base)
        self.next_base += len(scope.decoded.code) + 1
        self.scopes.append(scope)
        return scope

    def mark(self) -> tuple[int, int, int, int]:
        """Return how far the translation is, for `reset`."""
        return len(self.scopes), self.next_base, self.size, len(self.declined)

    def reset(self, mark: tuple[int, int, int, int]) -> None:
        """Forget the scopes made since `mark`."""
        scopes, self.next_base, self.size, declined = mark
        del self.scopes[scopes:], self.declined[declined:]

    def begin(self, scope: Scope) -> None:
        """Let the values that variables have when the part begins be exemplars."""
        if self.part is not None:
            self.exemplars = {scope.var(slot): self.part.value(slot) for slot in self.part.loads}

    def number(self) -> int:
        self.counter += 1
        return self.counter

    # what is known of the program

    def assume(self, owner: str, name: str) -> bool:
        return self.ask("assume", owner, name)

    def guard(self, host: str, key: str) -> str:
        """Return the global that is a Python class as long as what `key` names does what it always did."""
        return self.name(f"G:{host}:{key}")

    def changed(self, owner: str, name: str) -> str:
        """Return the global that is false until the program redefines a method."""
        return self.name(f"D:{self.ask('generation')}:{owner}#{name}")

    def plain(self, operator: str) -> bool:
        return self.ask("plain", operator)

    def about(self, scope: Scope, *question: Any) -> Any:
        """Ask what depends on whose code it is: the function's own, or that of an inlined method."""
        around = scope.activation()
        return self.ask("within", around.function.index, *question) if around.called else self.ask(*question)

    def constant(self, name: str, scope: Scope) -> tuple[str, bool]:
        found: tuple[str, bool] = self.about(scope, "constant", name)
        return found

    def scoped_constant(self, key: str, name: str) -> str | None:
        return self.ask("scoped_constant", key, name)

    def is_plain_class(self, key: str) -> bool:
        return self.ask("is_plain_class", key)

    def is_module(self, key: str) -> bool:
        return self.ask("is_module", key)

    def host_test(self, key: str) -> str:
        return self.ask("host_test", key)

    def is_attribute(self, name: str, of_program: bool = False, seen: bool = False) -> bool:
        return self.ask("is_attribute", name, of_program, seen)

    def takes_keywords(self, name: str) -> bool:
        return self.ask("takes_keywords", name)

    def takes_hash(self, name: str) -> bool:
        return self.ask("takes_hash", name)

    def usual(self, name: str) -> bool:
        return self.ask("usual", name)

    def holds_module(self, key: str) -> bool:
        return self.ask("holds_module", key)

    def is_builtin(self, key: str, name: str) -> bool:
        return self.ask("is_builtin", key, name)

    def makes_arrays(self) -> bool:
        """Return whether `Array.new` is the built-in method of the built-in class here."""
        key, known = self.ask("constant", "Array")
        return known and self.is_builtin(key, "Array") and self.assume("Array.", "new")

    def class_method(self, key: str, name: str, argc: int) -> bool:
        return self.ask("class_method", key, name, argc)

    def self_method(self, scope: Scope, name: str, argc: int) -> bool:
        return self.in_method(scope) and self.about(scope, "self_method", name, argc)

    def small_method(self, scope: Scope, name: str, argc: int) -> int:
        return self.about(scope, "small_method", name, argc) if self.in_method(scope) else -1

    @staticmethod
    def in_method(scope: Scope) -> bool:
        """Return whether self is what the facts about a method say."""
        return scope.activation().kind == ck.METHOD

    def protects(self, scope: Scope, name: str) -> str:
        if not self.in_method(scope) or name[-1:] in "=?!" or scope.function.index < 0:
            return ""
        return self.about(scope, "protects", name)

    def super_name(self, scope: Scope) -> str:
        if scope.home().kind != ck.METHOD:
            return ""
        return self.ask("super_name")

    def super_table(self, scope: Scope) -> str:
        if scope.home().kind != ck.METHOD:
            return ""
        return self.ask("super_table")

    def constructor(self, key: str) -> str:
        real = self.ask("constructor", key)
        return self.name(real) if real else ""

    def instance(self, key: str) -> Any:
        """Return the exemplar of an instance of the class that a constant is."""
        return Instance(self.value(key))

    def has_kernel(self) -> bool:
        return self.ask("has_kernel")

    def ivar_is_set(self, scope: Scope, name: str) -> bool:
        return self.in_method(scope) and self.about(scope, "ivar_is_set", name)

    def ivar_has_slot(self, scope: Scope, name: str) -> bool:
        return self.in_method(scope) and self.about(scope, "ivar_has_slot", name)
