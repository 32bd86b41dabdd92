"""What the constructs compile to, as listings: one line an instruction, functions separated by a line of dashes."""

from __future__ import annotations

import pytest
from listing import listing
from metorex.format.chunk import ENSURE_HANDLER, RESCUE_HANDLER
from metorex.toolchain.compiler import compile_source

CASES = {
    "op-assign of a local": (
        "a = 1\na += 2\np a",
        """
PUSH_CONST 1
STORE_LOCAL 0
LOAD_LOCAL 0
PUSH_CONST 2
ADD
STORE_LOCAL 0
LOAD_SELF
LOAD_LOCAL 0
CALL_METHOD p 1 1
RETURN
""",
    ),
    "a value that is wanted twice": (
        "x = y = 3",
        """
PUSH_CONST 3
DUP
STORE_LOCAL 1
DUP
STORE_LOCAL 0
RETURN
""",
    ),
    "logic as a value": (
        "p a && b || c",
        """
LOAD_SELF
LOAD_SELF
CALL_METHOD a 0 65
DUP
JUMP_IF_FALSE L1
POP
LOAD_SELF
CALL_METHOD b 0 65
L1: DUP
JUMP_IF_TRUE L2
POP
LOAD_SELF
CALL_METHOD c 0 65
L2: CALL_METHOD p 1 1
RETURN
""",
    ),
    "logic as a condition": (
        "puts 1 if a && !b || c\nnil",
        """
LOAD_SELF
CALL_METHOD a 0 65
JUMP_IF_FALSE L1
LOAD_SELF
CALL_METHOD b 0 65
JUMP_IF_FALSE L2
L1: LOAD_SELF
CALL_METHOD c 0 65
JUMP_IF_FALSE L3
L2: LOAD_SELF
PUSH_CONST 1
CALL_METHOD puts 1 1
POP
L3: PUSH_NIL
RETURN
""",
    ),
    "safe navigation skips the arguments": (
        "a&.b(c)",
        """
LOAD_SELF
CALL_METHOD a 0 65
DUP
JUMP_IF_NIL L1
LOAD_SELF
CALL_METHOD c 0 65
CALL_METHOD b 1 0
L1: RETURN
""",
    ),
    "index ||=": (
        "a[1] ||= 2\nnil",
        """
LOAD_SELF
CALL_METHOD a 0 65
PUSH_CONST 1
DUP_N 2
INDEX_GET 1 0
DUP
JUMP_IF_TRUE L1
POP
PUSH_CONST 2
INDEX_SET 2 0
JUMP L2
L1: STORE_LOCAL 0
POP
POP
LOAD_LOCAL 0
L2: POP
PUSH_NIL
RETURN
""",
    ),
    "attribute of self": (
        "self.x += 1",
        """
LOAD_SELF
DUP
CALL_METHOD x 0 1
PUSH_CONST 1
ADD
CALL_METHOD x= 1 33
RETURN
""",
    ),
    "swap": (
        "a, b = b, a\nnil",
        """
LOAD_LOCAL 1
LOAD_LOCAL 0
STORE_LOCAL 1
STORE_LOCAL 0
PUSH_NIL
RETURN
""",
    ),
    "multiple assignment evaluates receivers first": (
        "x.y, z[0] = 1, 2\nnil",
        """
LOAD_SELF
CALL_METHOD x 0 65
STORE_LOCAL 0
LOAD_SELF
CALL_METHOD z 0 65
STORE_LOCAL 1
PUSH_CONST 0
STORE_LOCAL 2
PUSH_CONST 1
PUSH_CONST 2
BUILD_ARRAY 2
EXPAND 2 0 0
STORE_LOCAL 3
LOAD_LOCAL 0
LOAD_LOCAL 3
CALL_METHOD y= 1 32
POP
STORE_LOCAL 4
LOAD_LOCAL 1
LOAD_LOCAL 2
LOAD_LOCAL 4
INDEX_SET 2 0
POP
PUSH_NIL
RETURN
""",
    ),
    "nested targets": (
        "a, (b, *c) = x\nnil",
        """
LOAD_SELF
CALL_METHOD x 0 65
EXPAND 2 0 0
STORE_LOCAL 0
EXPAND 1 1 0
STORE_LOCAL 1
STORE_LOCAL 2
PUSH_NIL
RETURN
""",
    ),
    "while with a conditional break": (
        "while a do b; break if c; end\nnil",
        """
L1: LOAD_SELF
CALL_METHOD a 0 65
JUMP_IF_FALSE L2
LOAD_SELF
CALL_METHOD b 0 65
POP
LOAD_SELF
CALL_METHOD c 0 65
JUMP_IF_TRUE L2
JUMP L1
L2: PUSH_NIL
RETURN
""",
    ),
    "the value of a loop": (
        "x = while a do break 1 end",
        """
LOAD_SELF
CALL_METHOD a 0 65
JUMP_IF_FALSE L1
PUSH_CONST 1
STORE_LOCAL 1
JUMP L2
L1: PUSH_NIL
STORE_LOCAL 1
L2: LOAD_LOCAL 1
DUP
STORE_LOCAL 0
RETURN
""",
    ),
    "break from a deeper stack": (
        "while a do p(1, (break if b)) end\nnil",
        """
L1: LOAD_SELF
CALL_METHOD a 0 65
JUMP_IF_FALSE L3
LOAD_SELF
PUSH_CONST 1
LOAD_SELF
CALL_METHOD b 0 65
JUMP_IF_FALSE L2
POP
POP
JUMP L3
L2: PUSH_NIL
CALL_METHOD p 2 1
POP
JUMP L1
L3: PUSH_NIL
RETURN
""",
    ),
    "a break through ensure": (
        "while a\n  begin\n    break\n  ensure\n    b\n  end\nend\nnil",
        """
L1: LOAD_SELF
CALL_METHOD a 0 65
JUMP_IF_FALSE L3
BEGIN_TRY L2
BREAK L3 0
END_TRY
L2: ENSURE_START 0
LOAD_SELF
CALL_METHOD b 0 65
POP
ENSURE_END 0
JUMP L1
L3: PUSH_NIL
RETURN
""",
    ),
    "rescue, else, ensure": (
        "begin; a; rescue B => e; c; else; d; ensure; f; end\nnil",
        """
BEGIN_TRY L4
BEGIN_TRY L1
LOAD_SELF
CALL_METHOD a 0 65
POP
END_TRY
LOAD_SELF
CALL_METHOD d 0 65
POP
JUMP L3
L1: LOAD_LOCAL 2
LOAD_CONST B
RESCUE 0
JUMP_IF_TRUE L2
LOAD_LOCAL 2
RAISE
L2: LOAD_LOCAL 2
STORE_LOCAL 0
LOAD_SELF
CALL_METHOD c 0 65
POP
LEAVE_RESCUE
L3: END_TRY
L4: ENSURE_START 1
LOAD_SELF
CALL_METHOD f 0 65
POP
ENSURE_END 1
PUSH_NIL
RETURN
""",
    ),
    "rescue modifier": (
        "x = (a rescue b)",
        """
BEGIN_TRY L1
LOAD_SELF
CALL_METHOD a 0 65
STORE_LOCAL 1
END_TRY
JUMP L3
L1: LOAD_LOCAL 2
LOAD_TOP_CONST StandardError
RESCUE 0
JUMP_IF_TRUE L2
LOAD_LOCAL 2
RAISE
L2: LOAD_SELF
CALL_METHOD b 0 65
STORE_LOCAL 1
LEAVE_RESCUE
L3: LOAD_LOCAL 1
DUP
STORE_LOCAL 0
RETURN
""",
    ),
    "retry": (
        "begin; a; rescue; retry; end\nnil",
        """
L1: BEGIN_TRY L2
LOAD_SELF
CALL_METHOD a 0 65
POP
END_TRY
JUMP L4
L2: LOAD_LOCAL 0
LOAD_TOP_CONST StandardError
RESCUE 0
JUMP_IF_TRUE L3
LOAD_LOCAL 0
RAISE
L3: CONTINUE L1 1
L4: PUSH_NIL
RETURN
""",
    ),
    "jumps out of a rescue body": (
        "while a\n  begin; b; rescue; next; end\nend\nnil",
        """
L1: LOAD_SELF
CALL_METHOD a 0 65
JUMP_IF_FALSE L5
BEGIN_TRY L2
LOAD_SELF
CALL_METHOD b 0 65
POP
END_TRY
JUMP L4
L2: LOAD_LOCAL 0
LOAD_TOP_CONST StandardError
RESCUE 0
JUMP_IF_TRUE L3
LOAD_LOCAL 0
RAISE
L3: CONTINUE L1 1
L4: JUMP L1
L5: PUSH_NIL
RETURN
""",
    ),
    "case": (
        "case a\nwhen 1, 2 then b\nelse c\nend",
        """
LOAD_SELF
CALL_METHOD a 0 65
MATCH_START 0
PUSH_CONST 1
LOAD_LOCAL 0
CASE_EQ
JUMP_IF_TRUE L1
PUSH_CONST 2
LOAD_LOCAL 0
CASE_EQ
JUMP_IF_FALSE L2
L1: MATCH_END 0
LOAD_SELF
CALL_METHOD b 0 65
JUMP L3
L2: MATCH_END 0
LOAD_SELF
CALL_METHOD c 0 65
L3: RETURN
""",
    ),
    "when with patterns": (
        "case a\nwhen [x, ...y] then x\nend",
        """
LOAD_SELF
CALL_METHOD a 0 65
MATCH_START 2
LOAD_LOCAL 2
MATCH_CASE ARRAY_REST 3 1 L1
LOAD_LOCAL 3
PUSH_CONST 0
INDEX_GET 1 0
PUSH_CONST 'x'
PUSH_TRUE
MATCH_CASE SOFT 1 0 L1
LOAD_LOCAL 3
PUSH_CONST 1
LOAD_LOCAL 3
CALL_METHOD size 0 0
PUSH_CONST 1
SUB
INDEX_GET 2 0
MATCH_BIND 0
MATCH_END 2
LOAD_SOFT 1 x
JUMP L2
L1: MATCH_END 2
PUSH_NIL
L2: RETURN
""",
    ),
    "case/in": (
        "case a\nin {k: Integer => x} if x then x\nend",
        """
LOAD_SELF
CALL_METHOD a 0 65
MATCH_START 1
LOAD_LOCAL 1
PUSH_CONST 'k'
BUILD_ARRAY 1
MATCH_CASE HASH 2 0 L1
LOAD_LOCAL 2
PUSH_CONST 'k'
MATCH_CASE KEY 3 0 L1
LOAD_LOCAL 3
LOAD_CONST Integer
MATCH_CASE VALUE 0 0 L1
LOAD_LOCAL 3
STORE_LOCAL 0
LOAD_LOCAL 0
JUMP_IF_FALSE L2
MATCH_END 1
LOAD_LOCAL 0
JUMP L3
L1: LOAD_LOCAL 1
MATCH_FAIL 1
L2: LOAD_LOCAL 1
MATCH_FAIL 2
L3: RETURN
""",
    ),
    "a pattern of one line": (
        "a => [b]\nnil",
        """
LOAD_SELF
CALL_METHOD a 0 65
MATCH_START 1
LOAD_LOCAL 1
MATCH_CASE ARRAY 2 1 L1
LOAD_LOCAL 2
PUSH_CONST 0
INDEX_GET 1 0
STORE_LOCAL 0
MATCH_END 1
JUMP L2
L1: LOAD_LOCAL 1
MATCH_FAIL 1
L2: PUSH_NIL
RETURN
""",
    ),
    "defaults and a block that is only called": (
        "def f(a, b = a, *c, k: 1, &d) = d.call(a)",
        """
DEFINE_FUNCTION f 1
RETURN
---
JUMP_IF_GIVEN 1 L1
LOAD_LOCAL 0
STORE_LOCAL 1
L1: JUMP_IF_GIVEN 3 L2
PUSH_CONST 1
STORE_LOCAL 3
L2: LOAD_BLOCK
LOAD_LOCAL 0
CALL_BLOCK 1 0
RETURN
""",
    ),
    "break from a block": (
        "[1].each { |x| break x }",
        """
PUSH_CONST 1
BUILD_ARRAY 1
BUILD_LAMBDA 1 0
CALL_METHOD each 0 2
RETURN
---
LOAD_LOCAL 0
BREAK_BLOCK
""",
    ),
    "return from a block": (
        "def f = [1].each { |x| return x }",
        """
DEFINE_FUNCTION f 1
RETURN
---
PUSH_CONST 1
BUILD_ARRAY 1
BUILD_LAMBDA 2 0
CALL_METHOD each 0 2
RETURN
---
LOAD_LOCAL 0
RETURN_METHOD
""",
    ),
    "a closure over a closure": (
        "n = 0\n-> { -> { n += 1 } }",
        """
PUSH_CONST 0
STORE_LOCAL 0
BUILD_LAMBDA 1 1
CAPTURE_VAR 0 0
RETURN
---
BUILD_LAMBDA 2 1
CAPTURE_VAR 1 0
RETURN
---
GET_UPVALUE 0
PUSH_CONST 1
ADD
DUP
SET_UPVALUE 0
RETURN
""",
    ),
    "bare super": (
        "def f(a, *b, k:, **o) = super",
        """
DEFINE_FUNCTION f 1
RETURN
---
LOAD_LOCAL 0
BUILD_ARRAY 1
LOAD_LOCAL 1
ARRAY_CONCAT
BUILD_DICT 0
LOAD_LOCAL 3
DICT_MERGE
PUSH_CONST 'k'
LOAD_LOCAL 2
DICT_SET
CALL_SUPER f 1 25
RETURN
""",
    ),
    "a class": (
        "class A < B; def initialize; @x = 1; end; end",
        """
LOAD_CONST B
DEFINE_CLASS A 1 1
RETURN
---
DEFINE_METHOD initialize 2
RETURN
---
PUSH_CONST 1
DUP
STORE_IVAR @x
RETURN
""",
    ),
    "all kinds of arguments": (
        "foo(*a, 1, k: 2, **h, &b)",
        """
LOAD_SELF
BUILD_ARRAY 0
LOAD_SELF
CALL_METHOD a 0 65
ARRAY_CONCAT
PUSH_CONST 1
ARRAY_PUSH
PUSH_CONST 'k'
PUSH_CONST 2
BUILD_DICT 1
LOAD_SELF
CALL_METHOD h 0 65
DICT_MERGE
LOAD_SELF
CALL_METHOD b 0 65
CALL_METHOD foo 1 29
RETURN
""",
    ),
    "a literal block": (
        "foo(1) { }",
        """
LOAD_SELF
PUSH_CONST 1
BUILD_LAMBDA 1 0
CALL_METHOD foo 1 3
RETURN
---
PUSH_NIL
RETURN
""",
    ),
    "new": (
        "A::B.new(1)",
        """
LOAD_CONST A
LOAD_SCOPED_CONST B
PUSH_CONST 1
NEW_INSTANCE 1 0
RETURN
""",
    ),
    "calling a value": (
        "f(1)(2)",
        """
LOAD_SELF
PUSH_CONST 1
CALL_METHOD f 1 1
PUSH_CONST 2
CALL 1 0
RETURN
""",
    ),
    "calling a local": (
        "g = 1; g(2)",
        """
PUSH_CONST 1
STORE_LOCAL 0
LOAD_LOCAL 0
LOAD_SELF
PUSH_CONST 2
CALL_METHOD g 1 129
RETURN
""",
    ),
    "folded strings": (
        '"a#{b}c" "d"',
        """
PUSH_CONST 'a'
LOAD_SELF
CALL_METHOD b 0 65
PUSH_CONST 'cd'
BUILD_STRING 3
RETURN
""",
    ),
    "defined?": (
        "p defined?(@a), defined?(a.b)",
        """
LOAD_SELF
DEFINED 0 @a
BEGIN_TRY L3
DEFINED 5 a
JUMP_IF_FALSE L1
LOAD_SELF
CALL_METHOD a 0 65
DEFINED 6 b
STORE_LOCAL 0
JUMP L2
L1: PUSH_NIL
STORE_LOCAL 0
L2: END_TRY
JUMP L4
L3: PUSH_NIL
STORE_LOCAL 0
LEAVE_RESCUE
L4: LOAD_LOCAL 0
CALL_METHOD p 2 1
RETURN
""",
    ),
    "for": (
        "for i in a do i end\nnil",
        """
LOAD_SELF
CALL_METHOD a 0 65
BUILD_LAMBDA 1 0
CAPTURE_VAR 0 0
CALL_METHOD each 0 2
POP
PUSH_NIL
RETURN
---
LOAD_LOCAL 0
SET_UPVALUE 0
GET_UPVALUE 0
RETURN
""",
    ),
    "define_method": (
        "define_method(:a) { |x| return x }",
        """
DEFINE_METHOD_RUNTIME a 1
RETURN
---
LOAD_LOCAL 0
RETURN
""",
    ),
    "an endless loop has no end": (
        "p 1 while true",
        """
L1: LOAD_SELF
PUSH_CONST 1
CALL_METHOD p 1 1
POP
JUMP L1
""",
    ),
    "constant ||=": (
        "A ||= 1\nnil",
        """
DEFINED 3 A
JUMP_IF_FALSE L1
LOAD_CONST A
JUMP_IF_TRUE L2
L1: PUSH_CONST 1
STORE_CONST A
L2: PUSH_NIL
RETURN
""",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_listing(name: str) -> None:
    source, expected = CASES[name]
    module = compile_source(source + "\n", "listing.mx")
    found = "\n---\n".join("\n".join(listing(function)) for function in module.functions)
    assert found == expected.strip()


def test_handlers() -> None:
    """Inner regions come first; a region in a rescue body knows how many are around it."""
    module = compile_source("begin; a; rescue; p(1, begin; b; ensure; c; end); end\n", "handlers.mx")
    handlers = module.functions[0].handlers
    assert [(handler.kind, handler.depth, handler.rescue_depth) for handler in handlers] == [
        (RESCUE_HANDLER, 0, 0),
        (ENSURE_HANDLER, 2, 1),
    ]
    assert len({handler.slot for handler in handlers}) == 2
