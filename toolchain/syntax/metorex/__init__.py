"""The Metorex front end: `parse`."""

from __future__ import annotations

from .parser import parse

__all__ = ["parse"]
