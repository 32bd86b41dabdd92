"""Compiling trees of programs: which files (discover.py), and bringing their artifacts up to date (build.py)."""
