"""Emission: bytes, positions, operand-stack depth, labels and protected regions of one chunk.

Code is encoded at once, in one pass: jumps have a fixed width and are patched in place, and whether an instruction
needs the WIDE prefix is known when it is emitted. Three things need a word:

- Dead code. Behind a jump or a return nothing is emitted until a label that something jumps to is placed (`dead`).
  Depths are counted on, so that the handlers of nodes need not care.
- Temporaries are slots behind the named locals, whose number is known only at the end. Until then a temporary is
  `TEMP + n`; the operands that name one are noted in `temp_sites` and filled in by `settle_temps`.
- Positions are character offsets here, one an instruction; the unit turns them into lines and columns.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Any

from ...format.chunk import CONST_SYMBOL, ConstantPool, Handler
from ...format.optable import OPERAND_WIDTHS
from ...format.stack_ops import STACK_OPS
from .opcodes import CALL_METHOD, END_TRY, JUMP, POP, PUSH_NIL, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...format.optable import Op

TEMP = 1 << 24

_NET = [0 if op is None else op.pushes - op.pops for op in STACK_OPS.by_code]
_ENDS = frozenset(op.code for op in STACK_OPS.rows if op.flow in ("end", "jump"))
_EFFECT: Any = STACK_OPS.effects
# Values that a call takes besides receiver and positional arguments, by flags.
_CALL_EXTRA = [_EFFECT["call"]((0, 0, flags))[0] for flags in range(256)]

_VARIABLE = [None if op is None or not op.variable else _EFFECT[op.variable] for op in STACK_OPS.by_code]
_LETTERS = {1: "B", 2: "H"}
# How to pack an instruction without a target, narrow.
_PACK: list[Callable[..., bytes] | None] = [
    None if op is None or "target" in op.operands
    else Struct("<B" + "".join(_LETTERS[OPERAND_WIDTHS[kind]] for kind in op.operands)).pack
    for op in STACK_OPS.by_code
]  # fmt: skip

_pack_u16: Callable[..., bytes] = Struct("<BH").pack
_pack_u8: Callable[..., bytes] = Struct("<BB").pack
_pack_send: Callable[..., bytes] = Struct("<BHBB").pack
_pack_jump: Callable[..., bytes] = Struct("<Bi").pack
_JUMP_SIZE = 5
_target = Struct("<i")
_u16 = Struct("<H")
_u32 = Struct("<I")


class Label:
    """A place in the code. Before it is placed, jumps to it wait in `refs` as (instruction, operand) offsets."""

    __slots__ = ("offset", "depth", "refs")

    def __init__(self) -> None:
        self.offset = -1
        self.depth = -1
        self.refs: list[tuple[int, int]] = []


class Region:
    """A protected region being emitted; `live` unless it stands in dead code, where it vanishes."""

    __slots__ = ("start", "handler", "kind", "slot", "depth", "rescue_depth", "live")

    def __init__(self, handler: Label, kind: int, slot: int, rescue_depth: int) -> None:
        self.handler = handler
        self.kind = kind
        self.slot = slot
        self.rescue_depth = rescue_depth
        self.start = 0
        self.depth = 0
        self.live = False


class Emitter:
    """Code and constants of one chunk."""

    __slots__ = (
        "code", "positions", "depth", "max_stack", "dead", "pool", "names", "temp_sites", "temp_count", "wide_temps",
        "live_temps", "free_temps", "kept_temps", "regions", "last_place",
    )  # fmt: skip

    def __init__(self, wide_temps: bool) -> None:
        self.code = bytearray()
        self.positions: list[int] = []
        self.depth = 0
        self.max_stack = 0
        self.dead = False
        self.pool = ConstantPool()
        self.names: dict[str, int] = {}
        self.temp_sites: list[tuple[int, bool]] = []  # (offset of the operand, whether it is wide)
        self.temp_count = 0
        self.live_temps: list[int] = []
        self.free_temps: list[int] = []
        self.kept_temps: set[int] = set()
        self.wide_temps = wide_temps
        self.last_place = -1  # offset of the label placed last
        self.regions: list[tuple[Region, int]] = []  # closed regions with their end, inner first

    # constants

    def name(self, name: str) -> int:
        """Return the index of the symbol constant `name`."""
        index = self.names.get(name)
        if index is None:
            index = self.names[name] = self.pool.add(CONST_SYMBOL, name)
        return index

    def temp(self) -> int:
        """Return a temporary for the current statement, which `release` makes free again."""
        slot = self.free_temps.pop() if self.free_temps else self.hidden_slot()
        self.live_temps.append(slot)
        return slot

    def hidden_slot(self) -> int:
        """Return a slot that nothing else uses."""
        self.temp_count += 1
        return TEMP + self.temp_count - 1

    def release(self, mark: int) -> None:
        """Free the temporaries taken since there were `mark` of them, but for those that a loop keeps."""
        taken = self.live_temps[mark:]
        del self.live_temps[mark:]
        for slot in taken:
            (self.live_temps if slot in self.kept_temps else self.free_temps).append(slot)

    # instructions of the common shapes

    def op(self, code: int, pos: int) -> None:
        """Emit an instruction without operands."""
        depth = self.depth = self.depth + _NET[code]
        if self.dead:
            return
        self.code.append(code)
        self.positions.append(pos)
        if depth > self.max_stack:
            self.max_stack = depth
        if code in _ENDS:
            self.dead = True

    def op_u16(self, code: int, operand: int, pos: int) -> None:
        """Emit an instruction of fixed stack effect whose one operand has two bytes."""
        depth = self.depth = self.depth + _NET[code]
        if self.dead:
            return
        if operand > 0xFFFF:
            self._encode(code, (operand,))
        else:
            self.code += _pack_u16(code, operand)
        self.positions.append(pos)
        if depth > self.max_stack:
            self.max_stack = depth

    def op_u8(self, code: int, operand: int, pos: int) -> None:
        """Emit an instruction of fixed stack effect whose one operand has one byte."""
        depth = self.depth = self.depth + _NET[code]
        if self.dead:
            return
        self.code += _pack_u8(code, operand)
        self.positions.append(pos)
        if depth > self.max_stack:
            self.max_stack = depth
        if code in _ENDS:
            self.dead = True

    def send(self, name: str, argc: int, flags: int, pos: int) -> None:
        """Emit CALL_METHOD."""
        self.depth -= argc + _CALL_EXTRA[flags]
        if self.dead:
            return
        index = self.names.get(name)
        if index is None:
            index = self.name(name)
        if index > 0xFFFF:
            self._encode(CALL_METHOD, (index, argc, flags))
        else:
            self.code += _pack_send(CALL_METHOD, index, argc, flags)
        self.positions.append(pos)
        if self.depth > self.max_stack:
            self.max_stack = self.depth

    def jump(self, code: int, label: Label, pos: int) -> None:
        """Emit a jump whose only operand is its target."""
        depth = self.depth = self.depth + _NET[code]
        if self.dead:
            return
        at = len(self.code)
        if label.offset >= 0:
            self._check_depth(label, depth)
            self.code += _pack_jump(code, label.offset - at)
        else:
            self.code += _pack_jump(code, 0)
            label.refs.append((at, at + 1))
            if label.depth < 0:
                label.depth = depth
            else:
                self._check_depth(label, depth)
        self.positions.append(pos)
        if code == JUMP:
            self.dead = True

    # every other instruction

    def emit(self, code: int, operands: Sequence[Any], pos: int) -> None:
        """Emit any instruction; the operand of kind `target` is a Label."""
        variable = _VARIABLE[code]
        depth = self.depth + _NET[code]
        if variable is not None:
            pops, pushes = variable(operands)
            depth += pushes - pops
        self.depth = depth
        if self.dead:
            return
        pack = _PACK[code]
        if pack is not None and max(operands) <= 0xFFFF:
            self.code += pack(code, *operands)
        else:
            self._encode(code, operands)
        self.positions.append(pos)
        if depth > self.max_stack:
            self.max_stack = depth
        if code in _ENDS:
            self.dead = True

    def _encode(self, code: int, operands: Sequence[Any]) -> None:
        op: Op = STACK_OPS.by_code[code]  # type: ignore[assignment]
        out = self.code
        start = len(out)
        wide = any(
            operand > 0xFFFF and (operand < TEMP or self.wide_temps) and OPERAND_WIDTHS[kind] == 2
            for kind, operand in zip(op.operands, operands)
            if not isinstance(operand, Label)
        )
        if wide:
            out.append(WIDE)
        out.append(code)
        for kind, operand in zip(op.operands, operands):
            width = OPERAND_WIDTHS[kind]
            if width == 1:
                out.append(operand)
            elif width == 4:
                self._encode_target(operand, start)
            else:
                if operand >= TEMP and kind == "local":
                    self.temp_sites.append((len(out), wide))
                    operand -= TEMP
                out += _u32.pack(operand) if wide else _u16.pack(operand)

    def _encode_target(self, label: Label, start: int) -> None:
        if label.offset >= 0:
            self._check_depth(label, self.depth)
            self.code += _target.pack(label.offset - start)
            return
        label.refs.append((start, len(self.code)))
        if label.depth < 0:
            label.depth = self.depth
        else:
            self._check_depth(label, self.depth)
        self.code += b"\0\0\0\0"

    @staticmethod
    def _check_depth(label: Label, depth: int) -> None:
        if label.depth != depth:
            raise AssertionError(f"stack depth {depth} at a jump to a label of depth {label.depth}")

    # labels

    def place(self, label: Label) -> None:
        """Let `label` be here. Code is live again if something jumps to it."""
        code = self.code
        offset = len(code)
        if label.refs:
            start = label.refs[-1][0]
            if start == offset - _JUMP_SIZE and code[start] == JUMP and self.last_place != offset:
                # A jump to the next instruction; only other labels at this offset could still need it.
                del code[start:]
                self.positions.pop()
                label.refs.pop()
                self.dead = False
                self.depth = label.depth
                offset = start
            if self.dead:
                self.dead = False
                self.depth = label.depth
            else:
                self._check_depth(label, self.depth)
            for start, operand in label.refs:
                _target.pack_into(code, operand, offset - start)
            if label.depth > self.max_stack:
                self.max_stack = label.depth
        else:
            label.depth = self.depth
        label.offset = self.last_place = offset

    def here(self) -> Label:
        """Return a label for this place, to jump back to."""
        label = Label()
        label.offset = self.last_place = len(self.code)
        label.depth = self.depth
        return label

    def pop_to(self, depth: int, pos: int) -> None:
        """Drop what lies above `depth`."""
        for _ in range(self.depth - depth):
            self.op(POP, pos)

    # protected regions

    def begin_region(self, code: int, region: Region, pos: int) -> None:
        """Emit BEGIN_TRY; the region starts behind it."""
        region.live = not self.dead
        region.depth = self.depth
        self.emit(code, (region.handler,), pos)
        region.start = len(self.code)

    def end_region(self, region: Region, pos: int) -> None:
        """Emit END_TRY, also behind dead code: it marks the end of the region."""
        if not region.live:
            return
        if len(self.code) == region.start:  # a region holds at least one instruction
            self.op(PUSH_NIL, pos)
            self.op(POP, pos)
        self.regions.append((region, len(self.code)))
        self.code.append(END_TRY)
        self.positions.append(pos)

    # the end

    def settle_temps(self, base: int) -> None:
        """Give the temporaries the slots from `base` on."""
        code = self.code
        for offset, wide in self.temp_sites:
            packer = _u32 if wide else _u16
            packer.pack_into(code, offset, packer.unpack_from(code, offset)[0] + base)

    def handlers(self, base: int) -> list[Handler]:
        """Return the handler records, inner regions first."""
        return [
            Handler(
                region.start,
                end,
                region.handler.offset,
                region.kind,
                region.slot - TEMP + base if region.slot >= TEMP else region.slot,
                region.depth,
                region.rescue_depth,
            )
            for region, end in self.regions
        ]
