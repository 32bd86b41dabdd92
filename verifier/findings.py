"""What the verifier says: findings as data, and the error that carries them."""

from __future__ import annotations

from ..format import chunk
from ..format.errors import EX_DATAERR, MetorexError
from .limits import MAX_NESTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..format.chunk import Function, Module


class Finding:
    """One broken rule.

    `rule` is an id of `rules.RULES`, `function` the qualified name, `offset` that of the instruction in the function's
    code (0 where the finding is about the whole function), `detail` what was expected and found, `line` the source
    line or 0.
    """

    __slots__ = ("rule", "function", "offset", "detail", "line")

    def __init__(self, rule: str, function: str, offset: int, detail: str, line: int = 0) -> None:
        self.rule = rule
        self.function = function
        self.offset = offset
        self.detail = detail
        self.line = line

    def as_dict(self) -> dict[str, object]:
        """Return the finding as JSON-ready data."""
        return {slot: getattr(self, slot) for slot in self.__slots__}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self.as_dict() == other.as_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Finding{tuple(self.as_dict().values())!r}"

    def __str__(self) -> str:
        place = f", line {self.line}" if self.line else ""
        return f"{self.function}+{self.offset}{place}: {self.rule}: {self.detail}"


class VerifyError(MetorexError):
    """The module must not run; `findings` is never empty."""

    exit_code = EX_DATAERR

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))


def shown(text: str) -> str:
    """Return a name from an artifact as it may stand in a message: quoted, and short whatever it holds."""
    return ascii(text if len(text) <= 40 else text[:37] + "...")


def qualified_name(module: Module, function: Function) -> str:
    """Return "Point#move", "block in Point#move", "Point" or the like; parents that make no sense end the name."""
    blocks = 0
    names: list[str] = []
    separator = ""
    # A body knows its own name only, so the names around it are put in front.
    for _ in range(MAX_NESTING):
        kind = function.kind
        if kind in (chunk.BLOCK, chunk.LAMBDA) and not names:
            blocks += 1
        elif kind == chunk.METHOD and not names:
            names, separator = [function.name], "#"
        elif kind in (chunk.CLASS_BODY, chunk.MODULE_BODY):
            names = [function.name, separator, *names] if names else [function.name]
            separator = "::"
        elif not names:
            names = [function.name]
            break
        if not 0 <= function.parent < function.index:
            break
        function = module.functions[function.parent]
    name = "".join(names)
    return ("block in " * min(blocks, 1)) + (name if len(name) <= 120 else name[:117] + "...")
