"""The sizes that the verifier accepts; each keeps a small artifact from asking for large work or memory."""

from __future__ import annotations

MAX_LOCALS = 1 << 20  # slots of a frame
MAX_STACK = 1 << 20  # values on a frame's stack
MAX_NESTING = 256  # functions in functions; regions, rescue bodies and subjects open at one place
STEPS_PER_INSTRUCTION = 32  # work of the passes that repeat until nothing changes
