"""Metorex: a Ruby-like language with code as object, compiled to verified and cached bytecode.

The floors, from the bottom: `format` (what an artifact is), `verifier` (may it run), `loader` (from a path to a
verified module), `toolchain` (languages, compilers, runtime, engines, command line).
"""

__version__ = "0.1.0"
