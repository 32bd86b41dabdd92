# ruff: noqa: E501 (facts of a function stand in one line)
"""What the verifier must let pass: one program a feature, in the shapes that compilers make."""

from __future__ import annotations

import pytest
from builder import module
from metorex.verifier.verify import analyse, check, verify

SOUND = {
    "every way around a region": """
        script locals=%e,%f,%v,a
        L0: BEGIN_TRY L2 ensure %f
            BEGIN_TRY L1 rescue %e
            LOAD_LOCAL a
            JUMP_IF_TRUE L3
            BREAK L9 0
        L3: PUSH_NIL
            STORE_LOCAL %v
            END_TRY
            JUMP L4
        L1: LOAD_LOCAL %e
            LOAD_CONST StandardError
            RESCUE 0
            JUMP_IF_TRUE L5
            LOAD_LOCAL %e
            RAISE
        L5: LOAD_LOCAL a
            JUMP_IF_TRUE L6
            CONTINUE L0 1
        L6: LOAD_LOCAL a
            JUMP_IF_NIL L7
            BREAK L9 1
        L7: LEAVE_RESCUE
            JUMP L4
        L4: END_TRY
        L2: ENSURE_START %f
            LOAD_SELF
            CALL_METHOD puts 0 implicit-self
            POP
            ENSURE_END %f
        L9: LOAD_LOCAL %v
            RETURN
    """,
    "a test that has no use for its slot, which is a handler's": """
        script locals=%e,a
            BEGIN_TRY L1 rescue %e
            LOAD_LOCAL a
            PUSH_NIL
            MATCH_CASE VALUE %e 0 L2
        L2: END_TRY
            JUMP L3
        L1: LEAVE_RESCUE
        L3: PUSH_NIL
            RETURN
    """,
    "a loop that only break leaves, inside ensure code": """
        script locals=%f,%g
            BEGIN_TRY L1 ensure %f
            END_TRY
        L1: ENSURE_START %f
        L2: BEGIN_TRY L3 ensure %g
            BREAK L4 0
            END_TRY
        L3: ENSURE_START %g
            BREAK L4 0
            ENSURE_END %g
            JUMP L2
        L4: ENSURE_END %f
            PUSH_NIL
            RETURN
    """,
    "a loop in a rescue body that another rescue body leaves": """
        script locals=%e,%f
            BEGIN_TRY L1 rescue %e
            END_TRY
            JUMP L9
        L1: SET_LINE 1
        L2: BEGIN_TRY L3 rescue %f rescue_depth=1
            END_TRY
            JUMP L2
        L3: BREAK L4 1
        L4: LEAVE_RESCUE
        L9: PUSH_NIL
            RETURN
    """,
    "break out of ensure code that ends before the target": """
        script locals=%f
        L0: BEGIN_TRY L1 ensure %f
            END_TRY
        L1: ENSURE_START %f
            BREAK L4 0
            ENSURE_END %f
            JUMP L0
        L4: PUSH_NIL
            RETURN
    """,
    "break to the end of the own region": """
        script locals=%f
            BEGIN_TRY L1 ensure %f
            BREAK L2 0
        L2: END_TRY
        L1: ENSURE_START %f
            ENSURE_END %f
            PUSH_NIL
            RETURN
    """,
    "a region with values below it": """
        script locals=%e
            PUSH_CONST 1
            BEGIN_TRY L1 rescue %e depth=1
            PUSH_CONST 2
            END_TRY
            JUMP L2
        L1: LEAVE_RESCUE
            PUSH_NIL
        L2: ADD
            RETURN
    """,
    "calls with everything": """
        script locals=a
            LOAD_SELF
            BUILD_ARRAY 0
            LOAD_LOCAL a
            SPLAT
            ARRAY_CONCAT
            BUILD_DICT 0
            LOAD_LOCAL a
            DICT_MERGE
            PUSH_CONST :k
            LOAD_LOCAL a
            DICT_SET
            BUILD_LAMBDA b block
            CAPTURE_VAR local 0
            CALL_METHOD each 1 implicit-self|splat|keywords|literal-block
            RETURN
        block b upvalues=local:0 flags=has-break-block params=1
            GET_UPVALUE 0
            JUMP_IF_NIL L1
            LOAD_LOCAL 0
            SET_UPVALUE 0
            PUSH_NIL
            BREAK_BLOCK
        L1: LOAD_LOCAL 0
            RETURN
    """,
    "rest parameters passed on, and a return from a block": """
        script
            DEFINE_FUNCTION m m
            RETURN
        method m params=1 optional=1 post=1 keywords=k,o? pflags=rest|keyrest|block locals=a,b,r,p,k,o,kr,blk flags=uses-block|has-return-method
            JUMP_IF_GIVEN b L1
            PUSH_NIL
            STORE_LOCAL b
        L1: JUMP_IF_GIVEN o L2
            PUSH_NIL
            STORE_LOCAL o
        L2: LOAD_LOCAL r
            LOAD_LOCAL kr
            LOAD_LOCAL blk
            CALL_SUPER m 1 splat|keywords|block-arg
            POP
            YIELD 0 0
            BUILD_LAMBDA b thunk
            CALL_SUPER m 0 literal-block
            POP
            BUILD_LAMBDA l lambda
            RETURN
        block b parent=m
            BLOCK_GIVEN
            RETURN_METHOD
        lambda l parent=m flags=has-return-method
            LOAD_SELF
            BUILD_LAMBDA c block
            CALL_METHOD tap 0 literal-block
            RETURN
        block c parent=l
            YIELD 0 0
            RETURN_METHOD
    """,
    "patterns": """
        script locals=%s,%t,%k,n,x
            PUSH_NIL
            MATCH_START %s
            LOAD_LOCAL %s
            MATCH_CASE ARRAY %t 2 L1
            LOAD_LOCAL %t
            SPLAT
            EXPAND 1 rest 1
            POP
            SWAP
            POP
            LOAD_SELF
            ARRAY_PUSH
            STORE_LOCAL n
            JUMP L9
        L1: LOAD_LOCAL %s
            PUSH_NIL
            MATCH_CASE HASH %t 0 L2
            LOAD_LOCAL %t
            PUSH_CONST :k
            MATCH_CASE EITHER_KEY %k 0 L2
            LOAD_LOCAL %t
            MATCH_CASE SIZE 0 1 L2
            LOAD_LOCAL %k
            MATCH_BIND n
            JUMP L9
        L2: LOAD_LOCAL %s
            PUSH_CONST :x
            PUSH_FALSE
            MATCH_CASE SOFT x 0 L3
            LOAD_SOFT x x
            POP
            BUILD_LAMBDA l lambda
            CAPTURE_VAR local 4
            POP
            JUMP L9
        L3: LOAD_LOCAL %s
            LOAD_LOCAL n
            SPLAT
            MATCH_CASE SPLAT 0 0 L4
            JUMP L9
        L4: LOAD_LOCAL %s
            MATCH_FAIL clauses
        L9: MATCH_END %s
            PUSH_NIL
            RETURN
        lambda l upvalues=local:4 locals=%t
            GET_UPVALUE 0
            STORE_LOCAL %t
            LOAD_SOFT %t x
            RETURN
    """,
    "loops": """
        script locals=a
        L1: LOAD_LOCAL a
            JUMP_IF_FALSE L9
        L2: LOAD_LOCAL a
            JUMP_IF_TRUE L3
            JUMP L1
        L3: LOAD_LOCAL a
            JUMP_IF_NIL L2
            CONTINUE L1 0
        L9: PUSH_NIL
            RETURN
    """,
    "a loop entered at its condition, and code that nothing reaches": """
        script locals=a
            JUMP L2
        L1: LOAD_LOCAL a
            POP
        L2: LOAD_LOCAL a
            JUMP_IF_TRUE L1
            PUSH_NIL
            RETURN
            POP
            POP
            PUSH_NIL
            RETURN
    """,
    "eval code": """
        eval upvalues=local:7 flags=has-return-method
            GET_UPVALUE 0
            JUMP_IF_NIL L1
            YIELD 0 0
            RETURN_METHOD
        L1: PUSH_NIL
            RETURN
    """,
    "closures over variables made anew": """
        script locals=a,b flags=uses-eval
        L1: CLOSE_UPVALUE a
            CLOSE_UPVALUE b
            BUILD_LAMBDA l lambda
            CAPTURE_VAR local 0
            POP
            LOAD_LOCAL a
            JUMP_IF_TRUE L1
            PUSH_CONST "1"
            EVAL_STRING 1
            RETURN
        lambda l upvalues=local:0
            BUILD_LAMBDA m lambda
            CAPTURE_VAR upvalue 0
            RETURN
        lambda m parent=l upvalues=upvalue:0
            GET_UPVALUE 0
            RETURN
    """,
    "definitions": """
        script
            LOAD_SELF
            LOAD_SELF
            DEFINE_CLASS A scoped|superclass c
            POP
            DEFINE_MODULE B top-level m
            POP
            LOAD_SELF
            DEFINE_SINGLETON s
            POP
            LOAD_SELF
            DEFINE_SINGLETON_METHOD x x
            POP
            DEFINE_METHOD_RUNTIME y y
            RETURN
        class c
            DEFINE_METHOD z z
            RETURN
        module m
            PUSH_NIL
            RETURN
        singleton s
            PUSH_NIL
            RETURN
        method x
            PUSH_NIL
            RETURN
        block y flags=numbered params=1
            PUSH_NIL
            RETURN
        method z parent=c
            PUSH_NIL
            RETURN
    """,
    "values duplicated and taken apart": """
        script locals=a,b
            BUILD_ARRAY 0
            LOAD_SELF
            DUP_N 2
            ARRAY_PUSH
            POP
            POP
            POP
            BUILD_ARRAY 0
            DUP
            STORE_LOCAL a
            LOAD_SELF
            SWAP
            SWAP
            ARRAY_PUSH
            POP
            LOAD_SELF
            LOAD_LOCAL a
            CALL_METHOD x 1 splat
            RETURN
    """,
    "an array built around a conditional, in a loop": """
        script locals=a
        L0: BUILD_ARRAY 0
            LOAD_LOCAL a
            JUMP_IF_TRUE L1
            PUSH_NIL
            JUMP L2
        L1: PUSH_CONST 1
        L2: ARRAY_PUSH
            JUMP_IF_TRUE L0
            PUSH_NIL
            RETURN
    """,
    "locals that eval may change are not relied on": """
        script locals=a,%b flags=uses-eval
            BUILD_ARRAY 0
            STORE_LOCAL a
            BUILD_ARRAY 0
            STORE_LOCAL %b
            LOAD_SELF
            LOAD_LOCAL %b
            CALL_METHOD x 1 splat
            RETURN
    """,
    "ensure code runs on the way of a jump": """
        script locals=%f,a
            BEGIN_TRY L1 ensure %f
            BUILD_ARRAY 0
            STORE_LOCAL a
            BREAK L2 0
            END_TRY
        L1: ENSURE_START %f
            PUSH_NIL
            STORE_LOCAL a
            ENSURE_END %f
        L2: LOAD_LOCAL a
            SPLAT
            PUSH_NIL
            ARRAY_PUSH
            RETURN
    """,
    "a protected region around an array": """
        script locals=%e,a
            BUILD_ARRAY 0
            BEGIN_TRY L1 rescue %e depth=1
            PUSH_NIL
            END_TRY
            ARRAY_PUSH
            JUMP L2
        L1: LEAVE_RESCUE
            PUSH_TRUE
            ARRAY_PUSH
            JUMP L2
        L2: PUSH_NIL
            ARRAY_PUSH
            RETURN
    """,
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_sound(text: str) -> None:
    indent = min(len(line) - len(line.lstrip()) for line in text.splitlines() if line.strip())
    sound = module("\n".join(line[indent:] for line in text.splitlines()))
    assert verify(sound) == []
    check(sound)


def test_stripped_locals_of_eval_are_not_relied_on() -> None:
    text = "script {} flags=uses-eval\n  BUILD_ARRAY 0\n  STORE_LOCAL 0\n  LOAD_SELF\n  LOAD_LOCAL 0\n"
    text += "  CALL_METHOD x 1 splat\n  RETURN"
    assert verify(module(text.format("locals=%a"))) == []
    assert [finding.rule for finding in verify(module(text.format("count=1")))] == ["value-kind"]


def test_depths_are_left_for_checking_engines() -> None:
    _, (subject,) = analyse(module("script\n  PUSH_NIL\n  DUP\n  POP\n  RETURN\n  PUSH_NIL\n  RETURN"))
    assert subject.depths == [0, 1, 2, 1, -1, -1]
