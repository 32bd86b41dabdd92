"""Every rule of the verifier, with the text that the reference page shows. A finding names one of these ids.

An engine may leave out a run-time check only where a rule here makes it unnecessary; each rule has a negative test.
Words: the *region* of a handler is its bytes start..end; the *context* of an instruction is what is open there, from
the outside to the inside: rescue bodies and ensure code.
"""

from __future__ import annotations

RULES = {
    # module and functions
    "module": "A module has functions; the first is a script or eval code without a parent, the others are neither.",
    "function-tree": "A function's index is its place in the module, its parent stands before it, and functions nest "
                     "at most 256 deep.",
    "function-reference": "An instruction that makes or runs a function names one that has this function as parent, "
                          "that nothing else names, and whose kind fits: blocks and lambdas for BUILD_LAMBDA, methods "
                          "for definitions, bodies for classes and modules. Upvalues only where CAPTURE_VARs follow.",
    "function-flags": "Flags are known and fit the kind: block flags on blocks and lambdas, USES_EVAL where "
                      "EVAL_STRING stands, HAS_BREAK_BLOCK where BREAK_BLOCK stands, HAS_RETURN_METHOD on the method, "
                      "lambda or script whose blocks hold RETURN_METHOD, USES_BLOCK on the method around a YIELD, "
                      "BLOCK_GIVEN or LOAD_BLOCK.",
    "parameters": "Parameters fit the locals; counts agree with flags; keywords are distinct local names; scripts and "
                  "bodies take none.",
    "limits": "At most 1,048,576 locals and as many values on the stack.",
    "names": "Local names are none or one a local; there is one position an instruction; instance variables are names "
             "with one @, of a class or module body.",
    "upvalue-descriptor": "An upvalue descriptor names an existing local or upvalue of the parent; only eval code "
                          "without a parent has free ones.",
    "constants": "A constant has a known kind and a payload of that kind.",
    # instructions, whether reachable or not
    "decode": "Code decodes exactly into known instructions.",
    "terminator": "The last instruction does not go on to the next.",
    "reserved": "LOAD_MODULE, IMPORT and EXPORT are reserved and cannot run.",
    "jump-target": "A target is the start of an instruction of the same function.",
    "const-index": "A constant operand is in the function's pool.",
    "name-kind": "A name operand is a symbol constant.",
    "name-shape": "Names have their marks: $ for globals, @ for instance variables, @@ for class variables, a capital "
                  "for constants.",
    "local-index": "A local operand is below the function's local count.",
    "upvalue-index": "An upvalue operand is below the function's upvalue count.",
    "operand": "Kinds, flags and counts say what their instruction allows: no unknown bits, one argument with SPLAT, "
               "not two blocks, an argument to return, a group from 1, at least one value to duplicate.",
    "parameter-test": "JUMP_IF_GIVEN names an optional parameter or an optional keyword.",
    "capture": "BUILD_LAMBDA and DEFINE_METHOD_RUNTIME are followed by the CAPTURE_VARs of their function's upvalues, "
               "which stand nowhere else; no jump goes between them.",
    "close-upvalue": "CLOSE_UPVALUE names a local that a closure holds, or a named one of a function with USES_EVAL.",
    "soft-name": "A local that a soft name may leave unbound is read by LOAD_SOFT only; a closure stores what it gets "
                 "of it in such a local of its own at once.",
    "literal-block": "A block or thunk of BUILD_LAMBDA goes straight into the next instruction, a call with "
                     "LITERAL_BLOCK, and such a call gets one from there.",
    "block-exit": "BREAK_BLOCK stands in a block, RETURN_METHOD in a block or eval code.",
    "yield": "YIELD stands in a method, in blocks and lambdas inside one, or in eval code.",
    # handlers
    "handler": "Each handler belongs to one BEGIN_TRY and one END_TRY: the region starts behind the first, ends before "
               "the second, and the target is that of BEGIN_TRY.",
    "handler-order": "Handlers of inner regions come first.",
    "handler-target": "A handler lies directly in the region that its own region lies in; no two regions share one; "
                      "an ensure handler is an ENSURE_START with the handler's slot, which is no other handler's.",
    "handler-slot": "A handler's slot is a hidden local, no parameter, captured by nothing. Of an ensure handler only "
                    "ENSURE_START and ENSURE_END name it, of a rescue handler only LOAD_LOCAL.",
    "region-jump": "Jumps stay in their region, except to its END_TRY; BREAK and CONTINUE may leave regions, and enter "
                   "none.",
    # data flow over reachable code
    "stack-underflow": "An instruction finds the values it takes, and takes none from below its region.",
    "stack-depth": "The stack has one depth at an instruction, however it is reached; BREAK and CONTINUE count too.",
    "max-stack": "The recorded stack size is the largest depth reached.",
    "handler-depth": "A handler records the depth and the number of rescue bodies at its BEGIN_TRY; ensure code ends "
                     "at the depth it started with.",
    "context": "An instruction has one context, however it is reached; LEAVE_RESCUE and ENSURE_END close what "
               "is innermost; a slot is not opened twice; BREAK and CONTINUE leave as many rescue bodies as they "
               "say.",
    "raise": "RAISE takes the exception of a rescue body that is open, by the LOAD_LOCAL just before it.",
    "match": "MATCH_END names the slot of a MATCH_START that came before it, however it is reached.",
    "unassigned": "A parameter that may not have been passed is not read or captured before it has a value.",
    "value-kind": "ARRAY_PUSH, DICT_SET, calls with SPLAT or KEYWORDS and the like find the Array, Hash, String or "
                  "Symbol that an instruction of this function made.",
    "irreducible": "Each loop has one head: the control-flow graph is reducible.",
    "budget": "The work of verifying stays within a fixed multiple of the module's size.",
}  # fmt: skip


def rules_page() -> str:
    """Return docs/verifier-rules.md (`docs/generate.py` writes it)."""
    lines = [
        "# The rules of the verifier",
        "",
        "<!-- Written by docs/generate.py from verifier/rules.py; change that. -->",
        "",
        "A module that breaks none of these can make an engine raise exceptions of the Metorex program only. Findings",
        "are data: rule, function, offset, detail, line.",
        "",
        "| rule | what must hold |",
        "|---|---|",
    ]
    return "\n".join(lines + [f"| {rule} | {text} |" for rule, text in RULES.items()]) + "\n"
