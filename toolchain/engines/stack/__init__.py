"""The stack engine: fetch, decode, execute over the stack instruction set. The reference semantics of bytecode.

Start with code.py (a function decoded into tuples), then loop.py (the loop). Around it: blocks.py (functions as
callables), arguments.py (how arguments reach slots), calls.py, define.py and match.py (the larger instructions),
machine.py (running scripts and eval code), checked.py (the loop held against the verifier's facts).
"""
