"""The core classes: one file a class, or a few where a class is large. See builtin.py for how they are loaded."""
