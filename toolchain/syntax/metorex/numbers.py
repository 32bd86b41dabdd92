"""Number literals."""

from __future__ import annotations

import re

from .. import ast
from .cursor import Cursor

_RADIX = {"x": (16, "0-9a-fA-F"), "b": (2, "01"), "o": (8, "0-7"), "d": (10, "0-9")}
_RADIX_PREFIX = re.compile(r"0([xXbBoOdD])(\w*)").match
_OCTAL = re.compile(r"0_?([0-9][0-9_]*)(?![.0-9]*[eE.][0-9])").match
_DECIMAL = re.compile(r"([0-9]+(?:_[0-9]+)*)(\.[0-9]+(?:_[0-9]+)*)?([eE][+-]?[0-9]+(?:_[0-9]+)*)?").match
_SUFFIX = re.compile(r"(r?i?)(?!\w)").match
_DIGITS = {letter: re.compile(rf"[{digits}]+(?:_[{digits}]+)*").match for letter, (_, digits) in _RADIX.items()}
_WORD = re.compile(r"\w*").match


class Numbers(Cursor):
    """Integer, float, rational and imaginary literals."""

    def number(self, pos: int) -> ast.Node:
        """Read the number at `pos` (without sign). Leaves the token after it."""
        source = self.source
        value: int | float
        fraction: tuple[int, int] | None = None
        if source[pos] == "0" and (m := _RADIX_PREFIX(source, pos)):
            letter = m[1].lower()
            digits = _DIGITS[letter](source, pos + 2)
            if digits is None:
                self.fail("numeric literal without digits", pos, m.end())
            value = int(digits[0].replace("_", ""), _RADIX[letter][0])
            end = digits.end()
        elif source[pos] == "0" and (m := _OCTAL(source, pos)):
            octal = m[1]
            if "8" in octal or "9" in octal:
                self.fail("Invalid octal digit", pos, m.end())
            if octal.endswith("_") or "__" in octal:
                self.fail("trailing '_' in number", pos, m.end())
            value = int(octal.replace("_", ""), 8)
            end = m.end()
        else:
            m = _DECIMAL(source, pos)
            assert m is not None
            whole, decimals, exponent = m[1].replace("_", ""), m[2], m[3]
            end = m.end()
            if decimals is None and exponent is None:
                value = _integer(whole)
            else:
                digits_after = (decimals or ".")[1:].replace("_", "")
                value = float(m[0].replace("_", ""))
                if exponent is None:
                    fraction = _reduced(_integer(whole + digits_after), 10 ** len(digits_after))
        suffix = ""
        if source[end].isalpha() and (s := _SUFFIX(source, end)):
            suffix = s[1]
            end = s.end()
        if source[end].isalnum() or source[end] == "_":
            rest = _WORD(source, end)
            assert rest is not None
            if source[end] == "_":
                self.fail("trailing '_' in number", pos, rest.end())
        self.op(end)
        if not suffix:
            if isinstance(value, int):
                return ast.IntLiteral(value, pos, end)
            return ast.FloatLiteral(value, pos, end)
        number: int | float | tuple[int, int] = value
        if "r" in suffix:
            if isinstance(value, float) and fraction is None:
                self.fail("a rational literal has no exponent", pos, end)
            number = fraction or (int(value), 1)
        if "i" in suffix:
            return ast.ImaginaryLiteral(number, pos, end)
        return ast.RationalLiteral(number, pos, end)

    def negated(self, node: ast.Node, pos: int) -> ast.Node:
        """Make the number literal `node` negative; its sign is at `pos`."""
        value = node.value
        node.value = (-value[0], value[1]) if isinstance(value, tuple) else -value
        node.pos = pos
        return node


def _integer(digits: str) -> int:
    """int() without Python's limit on the number of digits."""
    if len(digits) <= 4000:
        return int(digits)
    half = len(digits) // 2
    return _integer(digits[:-half]) * 10**half + _integer(digits[-half:])


def _reduced(numerator: int, denominator: int) -> tuple[int, int]:
    from math import gcd

    divisor = gcd(numerator, denominator)
    return numerator // divisor, denominator // divisor
