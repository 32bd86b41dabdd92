"""Time.new from a text: `2000-12-31 23:59:59.5 +0900`."""

from __future__ import annotations

from ..convert import inspect_str
from ..errors import error
from ..values import String
from .civil import days_in_month
from .time_new import from_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Value


class Scanner:
    """Reads fixed-width numbers and single characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.index = 0

    def digits(self) -> str:
        start = self.index
        while self.index < len(self.text) and self.text[self.index].isdigit():
            self.index += 1
        return self.text[start : self.index]

    def accept(self, letters: str) -> bool:
        if self.index < len(self.text) and self.text[self.index] in letters:
            self.index += 1
            return True
        return False

    def rest(self) -> str:
        return self.text[self.index :]


def two_digits(scanner: Scanner, name: str, before: str) -> int:
    start = scanner.index
    digits = scanner.digits()
    if len(digits) != 2:
        context = scanner.text[max(0, start - 1) : start + 10]
        place = "" if before == " " else f" after '{before}'"
        raise error("ArgumentError", f"two digits {name} is expected{place}: {context}")
    return int(digits)


def parse_new(cls: Any, text: str, where: Value, precision: int) -> Value:
    """Return the time that a text gives. ArgumentError of the guest if it is not complete or not right."""
    scanner = Scanner(text)
    if text.strip() != text:
        raise error("ArgumentError", f"can't parse: {inspect_str(String(text))}")
    year = scanner.digits()
    if not year:
        raise error("ArgumentError", f"can't parse: {inspect_str(String(text))}")
    if not scanner.rest():
        return from_parts(cls, (int(year),), where)
    if len(year) < 4:
        raise error("ArgumentError", f"year must be 4 or more digits: {year}")
    if not scanner.accept("-"):
        raise error("ArgumentError", f"can't parse: {inspect_str(String(text))}")
    month = two_digits(scanner, "mon", "-")
    if not scanner.accept("-"):
        raise error("ArgumentError", "no time information")
    day = two_digits(scanner, "mday", "-")
    if not scanner.accept("T "):
        raise error("ArgumentError", "no time information")
    hour = two_digits(scanner, "hour", " ")
    if not scanner.accept(":"):
        raise error("ArgumentError", f"missing min part: {hour:02d}")
    minute = two_digits(scanner, "min", ":")
    if not scanner.accept(":"):
        raise error("ArgumentError", f"missing sec part: {hour:02d}:{minute:02d}")
    second = two_digits(scanner, "sec", ":")
    fraction = 0
    if scanner.accept("."):
        digits = scanner.digits()
        if not digits:
            raise error("ArgumentError", f"subsecond expected after dot: {hour:02d}:{minute:02d}:{second:02d}.")
        fraction = int(digits[:9].ljust(9, "0")[:precision].ljust(9, "0"))
    zone = scanner.rest().strip(" ")
    check_range(month, day, hour, minute, second, int(year))
    if zone:
        where = String(zone)
    made = from_parts(cls, (int(year), month, day, hour, minute, second), where)
    made.ns += fraction
    return made


def check_range(month: int, day: int, hour: int, minute: int, second: int, year: int) -> None:
    for value, name, low, high in (
        (month, "mon", 1, 12),
        (day, "mday", 1, 31 if not 1 <= month <= 12 else max(days_in_month(year, month), 31)),
        (hour, "hour", 0, 24),
        (minute, "min", 0, 59),
        (second, "sec", 0, 60),
    ):
        if not low <= value <= high:
            raise error("ArgumentError", f"{name} out of range")
