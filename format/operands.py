# ruff: noqa: E501 (rows are wide)
"""What the flags and kinds among the operands of the stack instructions mean; the instructions are in stack_ops.py."""

from __future__ import annotations

# Flags of CALL, CALL_METHOD, CALL_SUPER, NEW_INSTANCE, YIELD. Order on the stack: positional arguments, then the
# keyword Hash, then the block.
IMPLICIT_SELF = 0x01  # written without a receiver (the receiver on the stack is self): private methods are visible
LITERAL_BLOCK = 0x02  # the top of the stack is the block that BUILD_LAMBDA made for this call: `break` ends the call
BLOCK_ARG = 0x04  # the top of the stack is the value of `&value`
SPLAT = 0x08  # argc is 1: an Array of all positional arguments
KEYWORDS = 0x10  # a Hash of keyword arguments lies above the positional ones
RESULT_IS_ARG = 0x20  # an assignment (`x.a = v`): the result is the last positional argument, not the method's
VARIABLE_LIKE = 0x40  # a bare identifier: a failing lookup is "undefined local variable or method"
LOCAL_CALLEE = 0x80  # a local of that name is in scope; CALL_METHOD has its value pushed below the receiver

# DEFINE_CLASS / DEFINE_MODULE flags.
HAS_SUPERCLASS = 0x01  # the superclass is on the stack
SCOPED = 0x02  # `class A::B`: the namespace is on the stack, below the superclass
TOP_LEVEL = 0x04  # `class ::B`

# BUILD_LAMBDA kinds.
LAMBDA_BLOCK = 0  # a bare block function for the next call
LAMBDA_STRICT = 1  # a Proc with lambda? == true
LAMBDA_THUNK = 2  # a bare block function that at_exit keeps for `END { }`

# CAPTURE_VAR kinds, also of upvalue descriptors.
FROM_LOCAL = 0
FROM_UPVALUE = 1

# MATCH_CASE kinds. Each takes its values from the stack, falls through on success and jumps on failure; `slot` is a
# local that the successful test sets (unused where not mentioned), `count` a length.
MATCH_VALUE = 0  # subject pattern --        pattern === subject
MATCH_VALUE_OR_EQ = 1  # subject pattern --        pattern == subject or pattern === subject
MATCH_ARRAY = 2  # subject --                an Array or `deconstruct` of exactly count elements; slot: the Array
MATCH_ARRAY_REST = 3  # subject --                the same with at least count elements
MATCH_STRICT_ARRAY = 4  # subject --                a real Array of exactly count elements (no deconstruct); slot: it
MATCH_HASH = (
    5  # subject keys --           a Hash or `deconstruct_keys(keys)`, nil for keys if count is 1; slot: the Hash
)
MATCH_STRICT_HASH = 6  # subject --                a real Hash; slot: it
MATCH_KEY = 7  # hash key --               the Hash has the key; slot: its value
MATCH_EITHER_KEY = 8  # hash key --               the Symbol key, then the String key of that spelling (or v.v.)
MATCH_SIZE = 9  # hash --                   a Hash of exactly count entries
MATCH_SOFT = 10  # subject name element --   language.md 1.8.3: test the value of a soft name, or bind slot;
#                                                  element: true inside an array or object pattern (== or ===)
MATCH_WILDCARD = 11  # subject --                always succeeds
MATCH_SPLAT = 12  # subject array --          any element of the Array === subject (`when *list`)
MATCH_KINDS = (
    # name, values taken
    ("VALUE", 2),
    ("VALUE_OR_EQ", 2),
    ("ARRAY", 1),
    ("ARRAY_REST", 1),
    ("STRICT_ARRAY", 1),
    ("HASH", 2),
    ("STRICT_HASH", 1),
    ("KEY", 2),
    ("EITHER_KEY", 2),
    ("SIZE", 1),
    ("SOFT", 3),
    ("WILDCARD", 1),
    ("SPLAT", 2),
)

# DEFINED kinds, with the number of values each takes from the stack.
DEFINED_IVAR, DEFINED_GLOBAL, DEFINED_CVAR, DEFINED_CONST, DEFINED_SCOPED_CONST = 0, 1, 2, 3, 4
DEFINED_FUNCTION, DEFINED_METHOD, DEFINED_YIELD, DEFINED_SUPER, DEFINED_TOP_CONST = 5, 6, 7, 8, 9
DEFINED_KINDS = (
    ("ivar", 0),
    ("global", 0),
    ("cvar", 0),
    ("const", 0),
    ("scoped-const", 1),
    ("function", 0),
    ("method", 1),
    ("yield", 0),
    ("super", 0),
    ("top-const", 0),
)

# LOAD_SPECIAL kinds: the regular expression globals; the path that the running file was given as (artifacts are
# relocatable, so it is no constant).
SPECIAL_LAST_MATCH, SPECIAL_MATCHED, SPECIAL_PRE_MATCH, SPECIAL_POST_MATCH, SPECIAL_LAST_GROUP = 0, 1, 2, 3, 4
SPECIAL_FILE = 5
SPECIAL_KINDS = ("$~", "$&", "$`", "$'", "$+", "__FILE__")
