# ruff: noqa: E501 (rows are wide)
"""A valid module and a broken one for each rule: one rule broken a case, at the instruction that the finding names."""

from __future__ import annotations

import pytest
from builder import module, offset_of
from metorex.format import chunk
from metorex.format.chunk import Module
from metorex.verifier.findings import VerifyError
from metorex.verifier.rules import RULES, rules_page
from metorex.verifier.verify import check, verify

# (rule, function, instruction, text); instruction -1 means that the finding is about the whole function.
BROKEN: list[tuple[str, int, int, str]] = [
    ("module", 0, -1, "method m\n  PUSH_NIL\n  RETURN"),
    ("module", 0, -1, "script parent=0\n  PUSH_NIL\n  RETURN"),
    ("module", 1, -1, "script\n  PUSH_NIL\n  RETURN\nscript other\n  PUSH_NIL\n  RETURN"),
    ("function-tree", 1, -1, "script\n  PUSH_NIL\n  RETURN\nmethod m parent=1\n  PUSH_NIL\n  RETURN"),
    ("function-tree", 1, -1, "script\n  PUSH_NIL\n  RETURN\nmethod m parent=-1\n  PUSH_NIL\n  RETURN"),
    ("function-reference", 0, 0, "script\n  BUILD_LAMBDA 0 lambda\n  RETURN"),
    ("function-reference", 0, 0, "script\n  BUILD_LAMBDA 7 lambda\n  RETURN"),
    ("function-reference", 0, 0, "script\n  DEFINE_FUNCTION m m\n  RETURN\nlambda m\n  PUSH_NIL\n  RETURN"),
    ("function-reference", 0, 0, "script\n  DEFINE_CLASS A 0 m\n  RETURN\nmodule m\n  PUSH_NIL\n  RETURN"),
    ("function-reference", 0, 0, "script\n  DEFINE_MODULE A 0 m\n  RETURN\nclass m\n  PUSH_NIL\n  RETURN"),
    ("function-reference", 0, 1, "script\n  LOAD_SELF\n  DEFINE_SINGLETON m\n  RETURN\nclass m\n  PUSH_NIL\n  RETURN"),
    ("function-reference", 0, 0, "script\n  BUILD_LAMBDA m lambda\n  RETURN\nblock m\n  PUSH_NIL\n  RETURN"),
    (
        "function-reference", 0, 2,
        "script\n  DEFINE_FUNCTION m m\n  POP\n  DEFINE_FUNCTION n m\n  RETURN\nmethod m\n  PUSH_NIL\n  RETURN",
    ),
    (
        "function-reference", 1, 0,
        "script\n  DEFINE_FUNCTION m m\n  RETURN\nmethod m\n  DEFINE_FUNCTION n n\n  RETURN\n"
        "method n parent=0\n  PUSH_NIL\n  RETURN",
    ),
    (
        "function-reference", 0, 0,
        "script locals=a\n  DEFINE_FUNCTION m m\n  RETURN\nmethod m upvalues=local:0\n  PUSH_NIL\n  RETURN",
    ),
    ("function-flags", 0, -1, "script flags=0x8000\n  PUSH_NIL\n  RETURN"),
    ("function-flags", 0, -1, "script flags=has-break-block\n  PUSH_NIL\n  RETURN"),
    ("function-flags", 1, -1, "script\n  PUSH_NIL\n  RETURN\nblock b flags=excess-comma params=2\n  PUSH_NIL\n  RETURN"),
    ("function-flags", 0, 1, 'script\n  PUSH_CONST "1"\n  EVAL_STRING 1\n  RETURN'),
    ("function-flags", 1, 0, "script\n  PUSH_NIL\n  RETURN\nmethod m\n  YIELD 0 0\n  RETURN"),
    ("function-flags", 1, 0, "script\n  PUSH_NIL\n  RETURN\nmethod m\n  BLOCK_GIVEN\n  RETURN"),
    ("function-flags", 1, 0, "script\n  PUSH_NIL\n  RETURN\nmethod m\n  LOAD_BLOCK\n  RETURN"),
    ("function-flags", 1, 1, "script\n  PUSH_NIL\n  RETURN\nblock b\n  PUSH_NIL\n  BREAK_BLOCK"),
    ("function-flags", 1, 1, "script\n  PUSH_NIL\n  RETURN\nblock b\n  PUSH_NIL\n  RETURN_METHOD"),
    ("parameters", 0, -1, "script params=1\n  PUSH_NIL\n  RETURN"),
    ("parameters", 1, -1, "script\n  PUSH_NIL\n  RETURN\nmethod m params=2 count=1\n  PUSH_NIL\n  RETURN"),
    ("parameters", 1, -1, "script\n  PUSH_NIL\n  RETURN\nmethod m params=1 pflags=0x40\n  PUSH_NIL\n  RETURN"),
    (
        "parameters", 1, -1,
        "script\n  PUSH_NIL\n  RETURN\nmethod m pflags=keyrest|no-keywords\n  PUSH_NIL\n  RETURN",
    ),
    ("parameters", 1, -1, "script\n  PUSH_NIL\n  RETURN\nmethod m keywords=a,a\n  PUSH_NIL\n  RETURN"),
    ("parameters", 1, -1, "script\n  PUSH_NIL\n  RETURN\nmethod m keywords=a-b\n  PUSH_NIL\n  RETURN"),
    ("limits", 0, -1, "script count=2000000\n  PUSH_NIL\n  RETURN"),
    ("limits", 0, -1, "script stack=2000000\n  PUSH_NIL\n  RETURN"),
    ("names", 0, -1, "script locals=a count=2\n  PUSH_NIL\n  RETURN"),
    ("upvalue-descriptor", 0, -1, "script upvalues=local:0\n  PUSH_NIL\n  RETURN"),
    ("upvalue-descriptor", 1, -1, "script\n  PUSH_NIL\n  RETURN\nblock b upvalues=local:0\n  PUSH_NIL\n  RETURN"),
    ("upvalue-descriptor", 1, -1, "script\n  PUSH_NIL\n  RETURN\nblock b upvalues=upvalue:0\n  PUSH_NIL\n  RETURN"),
    ("terminator", 0, 0, "script\n  PUSH_NIL"),
    ("terminator", 0, 1, "script\n  PUSH_NIL\nL1: JUMP_IF_FALSE L1"),
    ("reserved", 0, 0, 'script\n  LOAD_MODULE "a"\n  RETURN'),
    ("reserved", 0, 0, 'script\n  IMPORT "a" "b"\n  RETURN'),
    ("reserved", 0, 0, "script\n  EXPORT a\n  PUSH_NIL\n  RETURN"),
    ("const-index", 0, 0, "script\n  PUSH_CONST #3\n  RETURN"),
    ("const-index", 0, 0, "script\n  LOAD_CONST 3\n  RETURN"),
    ("const-index", 0, 1, "script\n  LOAD_SELF\n  CALL_METHOD 3 0 0\n  RETURN"),
    ("name-kind", 0, 1, 'script\n  PUSH_CONST "a"\n  CALL_METHOD 0 0 0\n  RETURN'),
    ("name-kind", 0, 1, 'script\n  PUSH_CONST "a"\n  STORE_GLOBAL 0\n  PUSH_NIL\n  RETURN'),
    ("name-shape", 0, 0, "script\n  LOAD_GLOBAL a\n  RETURN"),
    ("name-shape", 0, 0, "script\n  LOAD_GLOBAL $\n  RETURN"),
    ("name-shape", 0, 0, "script\n  LOAD_IVAR __class__\n  RETURN"),
    ("name-shape", 0, 0, "script\n  LOAD_IVAR @@a\n  RETURN"),
    ("name-shape", 0, 0, "script\n  LOAD_CVAR @a\n  RETURN"),
    ("name-shape", 0, 0, "script\n  LOAD_CONST a\n  RETURN"),
    ("name-shape", 0, 0, "script\n  ALIAS_GLOBAL $a b\n  PUSH_NIL\n  RETURN"),
    ("local-index", 0, 0, "script\n  LOAD_LOCAL 0\n  RETURN"),
    ("local-index", 0, 0, "script locals=a\n  LOAD_SOFT 1 x\n  RETURN"),
    ("upvalue-index", 0, 0, "script\n  GET_UPVALUE 0\n  RETURN"),
    ("operand", 0, 2, "script\n  PUSH_NIL\n  PUSH_NIL\n  BUILD_RANGE 2\n  RETURN"),
    ("operand", 0, 1, "script\n  PUSH_NIL\n  BUILD_REGEX 64\n  RETURN"),
    ("operand", 0, 1, "script\n  LOAD_SELF\n  CALL 0 1\n  RETURN"),
    ("operand", 0, 2, "script\n  LOAD_SELF\n  BUILD_ARRAY 0\n  CALL_METHOD a 0 splat\n  RETURN"),
    ("operand", 0, 1, "script\n  LOAD_SELF\n  CALL_METHOD a= 0 result-is-arg\n  RETURN"),
    ("operand", 0, 1, "script\n  LOAD_SELF\n  INDEX_SET 0 0\n  RETURN"),
    ("operand", 0, 0, "script\n  LOAD_GROUP 0\n  RETURN"),
    ("operand", 0, 0, "script\n  DUP_N 0\n  PUSH_NIL\n  RETURN"),
    ("operand", 0, 0, "script flags=uses-eval\n  EVAL_STRING 0\n  RETURN"),
    (
        "operand", 0, 1,
        "script\n  LOAD_SELF\n  DEFINE_CLASS A scoped|top-level c\n  RETURN\nclass c\n  PUSH_NIL\n  RETURN",
    ),
    (
        "operand", 0, 3,
        "script\n  LOAD_SELF\n  PUSH_NIL\n  BUILD_LAMBDA b block\n  CALL_METHOD a 1 literal-block|block-arg\n  RETURN\n"
        "block b\n  PUSH_NIL\n  RETURN",
    ),
    ("parameter-test", 0, 0, "script locals=a\n  JUMP_IF_GIVEN a L1\nL1: PUSH_NIL\n  RETURN"),
    ("capture", 0, 0, "script locals=a\n  CAPTURE_VAR local 0\n  PUSH_NIL\n  RETURN"),
    ("capture", 0, 0, "script locals=a\n  BUILD_LAMBDA f lambda\n  RETURN\nlambda f upvalues=local:0\n  PUSH_NIL\n  RETURN"),
    (
        "capture", 0, 0,
        "script locals=a,b\n  BUILD_LAMBDA f lambda\n  CAPTURE_VAR local 1\n  RETURN\n"
        "lambda f upvalues=local:0\n  PUSH_NIL\n  RETURN",
    ),
    (
        "capture", 0, 1,
        "script locals=a\n  PUSH_NIL\n  JUMP_IF_NIL L1\n  BUILD_LAMBDA f lambda\nL1: CAPTURE_VAR local 0\n  RETURN\n"
        "lambda f upvalues=local:0\n  PUSH_NIL\n  RETURN",
    ),
    ("close-upvalue", 0, 0, "script locals=a\n  CLOSE_UPVALUE a\n  PUSH_NIL\n  RETURN"),
    ("close-upvalue", 0, 0, "script locals=%a flags=uses-eval\n  CLOSE_UPVALUE %a\n  PUSH_NIL\n  RETURN"),
    (
        "soft-name", 0, 4,
        "script locals=x\n  PUSH_NIL\n  PUSH_CONST :x\n  PUSH_FALSE\n  MATCH_CASE SOFT x 0 L1\nL1: LOAD_LOCAL x\n  RETURN",
    ),
    (
        "soft-name", 1, 0,
        "script locals=x\n  LOAD_SOFT x x\n  POP\n  BUILD_LAMBDA f lambda\n  CAPTURE_VAR local 0\n  RETURN\n"
        "lambda f upvalues=local:0\n  GET_UPVALUE 0\n  RETURN",
    ),
    (
        "soft-name", 2, 0,
        "script locals=x\n  LOAD_SOFT x x\n  POP\n  BUILD_LAMBDA f lambda\n  CAPTURE_VAR local 0\n  RETURN\n"
        "lambda f upvalues=local:0\n  BUILD_LAMBDA g lambda\n  CAPTURE_VAR upvalue 0\n  RETURN\n"
        "lambda g parent=f upvalues=upvalue:0\n  GET_UPVALUE 0\n  RETURN",
    ),
    ("literal-block", 0, 2, "script\n  LOAD_SELF\n  PUSH_NIL\n  CALL_METHOD a 0 literal-block\n  RETURN"),
    ("literal-block", 0, 0, "script\n  BUILD_LAMBDA b block\n  RETURN\nblock b\n  PUSH_NIL\n  RETURN"),
    (
        "literal-block", 0, 1,
        "script\n  LOAD_SELF\n  BUILD_LAMBDA b thunk\n  CALL_METHOD a 0 block-arg\n  RETURN\nblock b\n  PUSH_NIL\n  RETURN",
    ),
    (
        "literal-block", 0, 3,
        "script\n  LOAD_SELF\n  PUSH_NIL\n  PUSH_TRUE\n  JUMP_IF_TRUE L1\n  POP\n  BUILD_LAMBDA b block\n"
        "L1: CALL_METHOD a 0 literal-block\n  RETURN\nblock b\n  PUSH_NIL\n  RETURN",
    ),
    ("block-exit", 0, 1, "script\n  PUSH_NIL\n  BREAK_BLOCK"),
    ("block-exit", 1, 1, "script\n  PUSH_NIL\n  RETURN\nlambda f\n  PUSH_NIL\n  RETURN_METHOD"),
    ("yield", 0, 0, "script\n  YIELD 0 0\n  RETURN"),
    ("yield", 1, 0, "script\n  PUSH_NIL\n  RETURN\nblock b\n  YIELD 0 0\n  RETURN"),
    # handlers
    ("handler", 0, 0, "script\n  END_TRY\n  PUSH_NIL\n  RETURN"),
    ("handler", 0, 0, "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  PUSH_NIL\n  RETURN\nL1: PUSH_NIL\n  RETURN"),
    (
        "handler-target", 0, 0,
        "script locals=%e,%f\n  BEGIN_TRY L1 rescue %e\n  PUSH_NIL\n  POP\nL1: PUSH_NIL\n  POP\n  END_TRY\n  PUSH_NIL\n  RETURN",
    ),
    (
        "handler-target", 0, 3,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  JUMP L2\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  JUMP L2\n"
        "L1: LEAVE_RESCUE\nL2: PUSH_NIL\n  RETURN",
    ),
    (
        "handler-target", 0, 0,
        "script locals=%e\n  BEGIN_TRY L1 ensure %e\n  END_TRY\nL1: PUSH_NIL\n  RETURN",
    ),
    ("handler-target", 0, 0, "script locals=%e\n  ENSURE_START %e\n  ENSURE_END %e\n  PUSH_NIL\n  RETURN"),
    (
        "handler-slot", 0, 0,
        "script locals=e\n  BEGIN_TRY L1 rescue e\n  END_TRY\n  JUMP L2\nL1: LEAVE_RESCUE\nL2: PUSH_NIL\n  RETURN",
    ),
    (
        "handler-slot", 0, 0,
        "script locals=%e\n  BEGIN_TRY L1 rescue 1\n  END_TRY\n  JUMP L2\nL1: LEAVE_RESCUE\nL2: PUSH_NIL\n  RETURN",
    ),
    (
        "handler-slot", 0, 0,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  BUILD_LAMBDA f lambda\n  CAPTURE_VAR local 0\n  RETURN\n"
        "L1: LEAVE_RESCUE\n  PUSH_NIL\n  RETURN\nlambda f upvalues=local:0\n  PUSH_NIL\n  RETURN",
    ),
    (
        "handler-slot", 0, 2,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  BEGIN_TRY L2 ensure %e\n  END_TRY\nL2: ENSURE_START %e\n"
        "  ENSURE_END %e\n  PUSH_NIL\n  RETURN\nL1: LEAVE_RESCUE\n  PUSH_NIL\n  RETURN",
    ),
    (
        "handler-slot", 0, 0,
        "script locals=%e\n  LOAD_LOCAL %e\n  POP\n  BEGIN_TRY L1 ensure %e\n  END_TRY\nL1: ENSURE_START %e\n"
        "  ENSURE_END %e\n  PUSH_NIL\n  RETURN",
    ),
    (
        "handler-slot", 0, 1,
        "script locals=%e\n  PUSH_NIL\n  STORE_LOCAL %e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\nL1: PUSH_NIL\n  RETURN",
    ),
    (
        "region-jump", 0, 1,
        "script locals=%e\n  PUSH_NIL\n  JUMP_IF_NIL L2\n  BEGIN_TRY L1 rescue %e\nL2: PUSH_NIL\n  POP\n  END_TRY\n"
        "  PUSH_NIL\n  RETURN\nL1: LEAVE_RESCUE\n  PUSH_NIL\n  RETURN",
    ),
    (
        "region-jump", 0, 1,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  JUMP L2\n  END_TRY\nL2: PUSH_NIL\n  RETURN\n"
        "L1: LEAVE_RESCUE\n  PUSH_NIL\n  RETURN",
    ),
    (
        "region-jump", 0, 0,
        "script locals=%e\n  BREAK L2 0\n  BEGIN_TRY L1 rescue %e\nL2: PUSH_NIL\n  POP\n  END_TRY\n  PUSH_NIL\n  RETURN\n"
        "L1: LEAVE_RESCUE\n  PUSH_NIL\n  RETURN",
    ),
    # data flow
    ("stack-underflow", 0, 0, "script stack=0\n  POP\n  PUSH_NIL\n  RETURN"),
    ("stack-underflow", 0, 1, "script\n  PUSH_NIL\n  ADD\n  RETURN"),
    ("stack-underflow", 0, 0, "script\n  DUP_N 2\n  PUSH_NIL\n  RETURN"),
    (
        "stack-underflow", 0, 2,
        "script locals=%e\n  PUSH_NIL\n  BEGIN_TRY L1 rescue %e depth=1\n  POP\n  PUSH_NIL\n  END_TRY\n  RETURN\n"
        "L1: LEAVE_RESCUE\n  RETURN",
    ),
    ("stack-depth", 0, 3, "script\n  PUSH_NIL\n  JUMP_IF_FALSE L1\n  PUSH_NIL\nL1: PUSH_NIL\n  RETURN"),
    ("stack-depth", 0, 0, "script stack=2\nL1: PUSH_NIL\n  JUMP L1"),
    ("stack-depth", 0, 0, "script stack=1\nL1: PUSH_NIL\n  CONTINUE L1 0"),
    (
        "stack-depth", 0, 2,
        "script locals=%e\n  BEGIN_TRY L1 ensure %e\n  PUSH_NIL\n  BREAK L2 0\n  END_TRY\nL1: ENSURE_START %e\n"
        "  ENSURE_END %e\n  PUSH_NIL\n  RETURN\nL2: PUSH_NIL\n  RETURN",
    ),
    ("max-stack", 0, -1, "script stack=2\n  PUSH_NIL\n  RETURN"),
    ("max-stack", 0, -1, "script stack=0\n  PUSH_NIL\n  RETURN"),
    (
        "handler-depth", 0, 0,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e depth=1\n  END_TRY\nL1: PUSH_NIL\n  RETURN",
    ),
    (
        "handler-depth", 0, 0,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e rescue_depth=1\n  END_TRY\nL1: PUSH_NIL\n  RETURN",
    ),
    (
        "handler-depth", 0, 4,
        "script locals=%e\n  BEGIN_TRY L1 ensure %e\n  END_TRY\nL1: ENSURE_START %e\n  PUSH_NIL\n  ENSURE_END %e\n  RETURN",
    ),
    ("context", 0, 0, "script\n  LEAVE_RESCUE\n  PUSH_NIL\n  RETURN"),
    (
        "context", 0, 2,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\nL1: LEAVE_RESCUE\n  PUSH_NIL\n  RETURN",
    ),
    (
        "context", 0, 5,
        "script locals=%e,%f\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  PUSH_NIL\n  RETURN\n"
        "L1: BEGIN_TRY L2 ensure %f rescue_depth=1\n  LEAVE_RESCUE\n  END_TRY\nL2: ENSURE_START %f\n  ENSURE_END %f\n"
        "  PUSH_NIL\n  RETURN",
    ),
    (
        "context", 0, 5,
        "script locals=%e\n  BEGIN_TRY L1 ensure %e\n  END_TRY\nL1: ENSURE_START %e\n  BEGIN_TRY L2 ensure %e\n  END_TRY\n"
        "L2: ENSURE_START %e\n  ENSURE_END %e\n  ENSURE_END %e\n  PUSH_NIL\n  RETURN",
    ),
    (
        "context", 0, 4,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  PUSH_NIL\n  RETURN\nL1: BREAK L2 2\nL2: PUSH_NIL\n  RETURN",
    ),
    (
        "context", 0, 4,
        "script locals=%e\nL0: BEGIN_TRY L1 rescue %e\n  END_TRY\n  PUSH_NIL\n  RETURN\nL1: CONTINUE L0 0",
    ),
    (
        "context", 0, 2,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  CONTINUE L1 0\nL1: LEAVE_RESCUE\n  PUSH_NIL\n  RETURN",
    ),
    ("raise", 0, 1, "script\n  PUSH_NIL\n  RAISE"),
    ("raise", 0, 1, "script locals=e\n  LOAD_LOCAL e\n  RAISE"),
    (
        "raise", 0, 4,
        "script locals=%e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  PUSH_NIL\n  PUSH_TRUE\n  JUMP_IF_TRUE L2\n  POP\n"
        "  LOAD_LOCAL %e\nL2: RAISE\nL1: PUSH_NIL\n  RETURN",
    ),
    ("match", 0, 0, "script locals=%s\n  MATCH_END %s\n  PUSH_NIL\n  RETURN"),
    (
        "match", 0, 4,
        "script locals=%s\n  PUSH_NIL\n  JUMP_IF_NIL L1\n  PUSH_NIL\n  MATCH_START %s\nL1: MATCH_END %s\n  PUSH_NIL\n  RETURN",
    ),
    ("match", 0, 3, "script locals=%s\n  PUSH_NIL\n  MATCH_START %s\n  MATCH_END %s\n  MATCH_END %s\n  PUSH_NIL\n  RETURN"),
    ("unassigned", 1, 0, "script\n  PUSH_NIL\n  RETURN\nmethod m optional=1\n  LOAD_LOCAL 0\n  RETURN"),
    ("unassigned", 1, 0, "script\n  PUSH_NIL\n  RETURN\nmethod m keywords=a,b?\n  LOAD_LOCAL 1\n  RETURN"),
    (
        "unassigned", 1, 3,
        "script\n  PUSH_NIL\n  RETURN\nmethod m optional=2 locals=a,b\n  JUMP_IF_GIVEN a L1\n  PUSH_NIL\n  STORE_LOCAL a\n"
        "L1: LOAD_LOCAL b\n  RETURN",
    ),
    (
        "unassigned", 1, 1,
        "script\n  PUSH_NIL\n  RETURN\nmethod m optional=1\n  BUILD_LAMBDA f lambda\n  CAPTURE_VAR local 0\n  RETURN\n"
        "lambda f parent=m upvalues=local:0\n  PUSH_NIL\n  RETURN",
    ),
    ("value-kind", 0, 2, "script\n  PUSH_NIL\n  PUSH_NIL\n  ARRAY_PUSH\n  RETURN"),
    ("value-kind", 0, 3, "script\n  PUSH_NIL\n  PUSH_NIL\n  PUSH_NIL\n  DICT_SET\n  RETURN"),
    ("value-kind", 0, 1, "script\n  PUSH_NIL\n  BUILD_SYMBOL\n  RETURN"),
    ("value-kind", 0, 2, "script\n  LOAD_SELF\n  PUSH_NIL\n  CALL_METHOD a 1 splat\n  RETURN"),
    ("value-kind", 0, 3, "script\n  LOAD_SELF\n  PUSH_NIL\n  PUSH_NIL\n  CALL_METHOD a 0 keywords|block-arg\n  RETURN"),
    ("value-kind", 0, 2, "script\n  PUSH_NIL\n  PUSH_NIL\n  RESCUE list\n  RETURN"),
    ("value-kind", 0, 1, "script\n  PUSH_NIL\n  MATCH_CASE SIZE 0 0 L1\nL1: PUSH_NIL\n  RETURN"),
    (
        "value-kind", 0, 6,
        "script\n  PUSH_NIL\n  JUMP_IF_NIL L1\n  BUILD_ARRAY 0\n  JUMP L2\nL1: PUSH_NIL\nL2: LOAD_SELF\n  ARRAY_PUSH\n  RETURN",
    ),
    (
        "value-kind", 0, 6,
        "script locals=a\n  BUILD_ARRAY 0\n  STORE_LOCAL a\nL1: LOAD_SELF\n  LOAD_LOCAL a\n  PUSH_NIL\n  STORE_LOCAL a\n"
        "  CALL_METHOD b 1 splat\n  JUMP_IF_TRUE L1\n  PUSH_NIL\n  RETURN",
    ),
    (
        "irreducible", 0, 4,
        "script\n  PUSH_NIL\n  JUMP_IF_NIL L2\nL1: PUSH_NIL\n  POP\nL2: PUSH_NIL\n  JUMP_IF_NIL L1\n  PUSH_NIL\n  RETURN",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "function", "instruction", "text"), BROKEN)
def test_broken(rule: str, function: int, instruction: int, text: str) -> None:
    broken = module(text)
    findings = verify(broken)
    assert {finding.rule for finding in findings} == {rule}, findings
    wanted = broken.functions[function]
    assert findings[0].offset == (offset_of(wanted, instruction) if instruction >= 0 else 0), findings
    with pytest.raises(VerifyError) as caught:
        check(broken)
    assert caught.value.exit_code == 65 and rule in str(caught.value)


def _change(**changes: object) -> Module:
    """Return a valid module with attributes of the function m changed."""
    result = module("script\n  DEFINE_CLASS C 0 m\n  RETURN\nclass m\n  PUSH_NIL\n  RETURN")
    for name, value in changes.items():
        setattr(result.functions[1], name, value)
    return result


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("function-tree", _change(kind=99)),
        ("function-tree", _change(index=5)),
        ("decode", _change(code=b"\x02\xff")),
        ("decode", _change(code=b"\x02\x01")),
        ("terminator", _change(code=b"", positions=[])),
        ("names", _change(positions=[(1, 1)])),
        ("names", _change(ivars=["a"])),
        ("names", _change(ivars=["@@a"])),
        ("names", _change(ivars=["@a", "@a"])),
        ("constants", _change(constants=[(chunk.CONST_INT, "1")])),
        ("constants", _change(constants=[(chunk.CONST_INT, True)])),
        ("constants", _change(constants=[(chunk.CONST_FLOAT, 1)])),
        ("constants", _change(constants=[(chunk.CONST_STRING, b"a")])),
        ("constants", _change(constants=[(chunk.CONST_RATIONAL, (1, 0))])),
        ("constants", _change(constants=[(chunk.CONST_RATIONAL, 1)])),
        ("constants", _change(constants=[(chunk.CONST_IMAGINARY, (chunk.CONST_IMAGINARY, (0, 1)))])),
        ("constants", _change(constants=[(chunk.CONST_REGEX, ("a", 64))])),
        ("constants", _change(constants=[(99, ("a", 0))])),
        ("jump-target", _change(code=b"\x02\x41\x01\x00\x00\x00\x02\x44", positions=[(1, 1)] * 4)),
        ("jump-target", _change(code=b"\x40\x40\x00\x00\x00", positions=[(1, 1)], max_stack=0)),
    ],
)
def test_broken_data(rule: str, broken: Module) -> None:
    assert {finding.rule for finding in verify(broken)} == {rule}


def test_names_on_a_method() -> None:
    broken = module("script\n  DEFINE_FUNCTION m m\n  RETURN\nmethod m\n  PUSH_NIL\n  RETURN")
    broken.functions[1].ivars = ["@a"]
    assert [finding.rule for finding in verify(broken)] == ["names"]


def test_unknown_instruction_set() -> None:
    other = _change()
    other.isa = 2
    assert [finding.rule for finding in verify(other)] == ["module"]


def test_no_functions() -> None:
    assert [finding.rule for finding in verify(Module())] == ["module"]


def _handled() -> Module:
    return module(
        "script locals=%e,%f\n  BEGIN_TRY L2 ensure %f\n  BEGIN_TRY L1 rescue %e\n  END_TRY\n  JUMP L3\n"
        "L1: LEAVE_RESCUE\nL3: END_TRY\nL2: ENSURE_START %f\n  ENSURE_END %f\n  PUSH_NIL\n  RETURN"
    )


def test_handlers_that_tell_another_story_than_the_code() -> None:
    assert verify(_handled()) == []
    for change, rule in [
        (lambda handlers: handlers.reverse(), "handler-order"),
        (lambda handlers: handlers.pop(0), "handler"),
        (lambda handlers: handlers.append(handlers[0]), "handler"),
        (lambda handlers: setattr(handlers[0], "kind", 7), "handler"),
        (lambda handlers: setattr(handlers[0], "start", 11), "handler"),
        (lambda handlers: setattr(handlers[0], "end", 11), "handler"),
        (lambda handlers: setattr(handlers[0], "target", 11), "handler"),
        (lambda handlers: setattr(handlers[1], "slot", 0), "handler-target"),
    ]:
        broken = _handled()
        change(broken.functions[0].handlers)
        assert rule in {finding.rule for finding in verify(broken)}, rule


def test_regions_that_do_not_end_or_begin() -> None:
    broken = module("script locals=%e\n  BEGIN_TRY L1 rescue %e\n  END_TRY\nL1: PUSH_NIL\n  RETURN").functions[0]
    for change in (
        lambda: setattr(broken, "code", broken.code.replace(b"\x81", b"\xb1")),
        lambda: setattr(broken, "code", broken.code.replace(b"\x80\x06\0\0\0", b"\xb1" * 5)),
    ):
        before, positions = broken.code, broken.positions
        change()
        broken.positions = [(1, 1)] * (4 if b"\x80" in broken.code else 8)
        whole = Module()
        whole.functions = [broken]
        assert {finding.rule for finding in verify(whole)} == {"handler"}
        broken.code, broken.positions = before, positions
    broken.handlers.append(chunk.Handler(3, 4, 5, 0, 0))
    whole.functions = [broken]
    assert [finding.rule for finding in verify(whole)] == ["handler"]


def test_nesting_is_limited() -> None:
    lines = ["script\n  PUSH_NIL\n  RETURN"]
    lines += [f"method m{n} parent={n}\n  PUSH_NIL\n  RETURN" for n in range(300)]
    assert {finding.rule for finding in verify(module("\n".join(lines)))} == {"function-tree"}
    depth = 300
    code = "".join(f"  BEGIN_TRY L{n} ensure {n}\n" for n in range(depth))
    code += "".join(f"  END_TRY\nL{n}: ENSURE_START {n}\n  ENSURE_END {n}\n" for n in reversed(range(depth)))
    nested = module(f"script count={depth}\n{code}  PUSH_NIL\n  RETURN")
    assert [finding.rule for finding in verify(nested)] == ["handler"]


def test_rescue_bodies_nest_only_so_deep() -> None:
    depth = 300
    code = "".join(
        f"  BEGIN_TRY L{n} rescue {n} rescue_depth={n}\n  END_TRY\n  PUSH_NIL\n  RETURN\nL{n}: SET_LINE 1\n"
        for n in range(depth)
    )
    deep = module(f"script count={depth}\n{code}  PUSH_NIL\n  RETURN")
    assert {finding.rule for finding in verify(deep)} == {"context"}


def test_findings_tell_where() -> None:
    broken = module(
        "script\n  DEFINE_CLASS Outer 0 Outer\n  RETURN\nclass Outer\n  DEFINE_CLASS Point 0 Point\n  RETURN\n"
        "class Point parent=Outer\n  DEFINE_METHOD move move\n  RETURN\n"
        "method move parent=Point\n  BUILD_LAMBDA b lambda\n  RETURN\nlambda b parent=move\n  PUSH_NIL\n  POP\n  POP\n  RETURN"
    )
    (finding,) = verify(broken)
    assert finding.function == "block in Outer::Point#move"
    assert (finding.line, finding.offset) == (3, 2)
    assert str(finding) == (
        "block in Outer::Point#move+2, line 3: stack-underflow: POP takes 1 values, the stack holds 0"
    )
    assert finding.as_dict()["rule"] == "stack-underflow"
    assert finding == finding and finding != 1 and "move" in repr(finding)


def test_every_rule_has_a_negative_test() -> None:
    tested = {rule for rule, *_ in BROKEN} | {
        "decode", "constants", "jump-target", "handler-order", "budget",
    }  # fmt: skip
    assert tested == set(RULES)
    assert all(f"| {rule} |" in rules_page() for rule in RULES)
