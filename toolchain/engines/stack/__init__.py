"""The stack engine: fetch, decode, execute over the stack instruction set. The reference semantics of bytecode.

Start with code.py (a function decoded into tuples), then loop.py (the loop), calls.py (how functions become callables
and arguments reach slots) and define.py, match.py for the larger instructions.
"""
