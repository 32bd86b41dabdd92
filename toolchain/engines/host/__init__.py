"""The host engine: verified stack bytecode becomes Python functions, translated lazily, one at a time.

`machine.py` runs scripts; `translate.py` is the way of one function: `graph.py` (bytecode to basic blocks, inlined
blocks joined in), `types.py` (which variables are numbers), `lower.py` (a block's instructions to Python text),
`structure.py` (the graph to loops, conditionals and `try`), `units.py` (compiled text to functions). Generated code
calls `support.py`. What the translator declines runs on the stack engine, function by function.
"""
