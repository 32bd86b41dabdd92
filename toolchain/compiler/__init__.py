"""From syntax tree to stack chunks.

`compile_source` and `compile_program` make the module of a file, `compile_eval_source` and `compile_eval` that of eval
code, from its text or its tree. Reading order: `emitter` (bytes, depth, labels), `builder` (scope), `dispatch` (node
classes to handlers), then a file a subject: literals, variables, operators, calls, assignments, multiple (assignment),
control, exceptions, functions, definitions, patterns, cases, defined.
"""

from __future__ import annotations

from .options import DEFAULT, Options
from .program import compile_eval, compile_eval_source, compile_program, compile_source

__all__ = ["DEFAULT", "Options", "compile_eval", "compile_eval_source", "compile_program", "compile_source"]
