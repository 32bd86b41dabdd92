"""What the passes know about the function they look at; each pass adds what the later ones need."""

from __future__ import annotations

from ..format.stack_ops import FROM_LOCAL
from .findings import Finding, qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..format.chunk import Function, Module
    from ..format.encoding import Instruction
    from .regions import Region


class ModuleFacts:
    """What holds for the module as a whole while its functions are verified."""

    __slots__ = ("module", "findings", "referrer", "captured")

    def __init__(self, module: Module) -> None:
        self.module = module
        self.findings: list[Finding] = []
        self.referrer: dict[int, int] = {}  # function -> the function whose instruction names it
        self.captured: dict[int, set[int]] = {}  # function -> its locals that closures hold
        for function in module.functions:
            for kind, index in function.upvalues:
                if kind == FROM_LOCAL:
                    self.captured.setdefault(function.parent, set()).add(index)

    def report_module(self, detail: str) -> None:
        """Add a finding about the module itself."""
        self.findings.append(Finding("module", "(module)", 0, detail))


class Subject:
    """One function under verification.

    `index_at` maps offsets to instruction indices, `targets` lists (instruction, target's index) of jumps and
    BEGIN_TRYs, `regions` the protected regions by handler number, `region_of` the innermost one that an instruction
    lies in (-1: none; the list is None for a function without regions). `depths` is the stack depth before each
    instruction, -1 where it cannot be reached.
    """

    __slots__ = (
        "facts", "module", "function", "instructions", "index_at", "targets", "regions", "region_of", "depths", "name",
        "broken", "soft_slots", "soft_upvalues", "used",
    )  # fmt: skip

    def __init__(self, facts: ModuleFacts, function: Function) -> None:
        self.facts = facts
        self.module = facts.module
        self.function = function
        self.instructions: list[Instruction] = []
        self.index_at: dict[int, int] = {}
        self.targets: list[tuple[int, int]] = []
        self.regions: list[Region] = []
        self.region_of: list[int] | None = None
        self.depths: list[int] = []
        self.name = ""
        self.broken = False
        self.used: set[str] = set()  # names of the instructions that occur
        self.soft_slots: set[int] = set()  # locals that may hold the mark of an unbound soft name
        self.soft_upvalues: set[int] = set()  # upvalues that are such locals of an enclosing function

    def forget(self) -> None:
        """Give up what was found out about single instructions."""
        self.instructions = []
        self.index_at = {}
        self.targets = []
        self.regions = []
        self.region_of = None
        self.depths = []

    def report(self, rule: str, index: int, detail: str) -> None:
        """Add a finding about instruction `index` (-1: about the function)."""
        if not self.name:
            self.name = qualified_name(self.module, self.function)
        offset = line = 0
        if index >= 0:
            offset = self.instructions[index][0]
            positions = self.function.positions
            line = positions[index][0] if index < len(positions) else 0
        self.report_at(rule, offset, detail, line)

    def report_at(self, rule: str, offset: int, detail: str, line: int = 0) -> None:
        """Add a finding about byte `offset` of the code."""
        self.broken = True
        name = self.name or qualified_name(self.module, self.function)
        self.facts.findings.append(Finding(rule, name, offset, detail, line))
