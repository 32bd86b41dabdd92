"""Time#strftime."""

from __future__ import annotations

from ..errors import error
from .civil import DAYS, MONTHS, iso_week

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .time import Fields

# Directives that stand for others.
COMPOUND = {
    "c": "%a %b %e %H:%M:%S %Y", "D": "%m/%d/%y", "F": "%Y-%m-%d", "v": "%e-%^b-%Y", "x": "%m/%d/%y",
    "X": "%H:%M:%S", "r": "%I:%M:%S %p", "R": "%H:%M", "T": "%H:%M:%S",
}  # fmt: skip
# Numeric directives: width and padding, and how the value is read.
NUMBERS = {
    "m": (2, "0"), "d": (2, "0"), "e": (2, " "), "j": (3, "0"), "H": (2, "0"), "k": (2, " "), "I": (2, "0"),
    "l": (2, " "), "M": (2, "0"), "S": (2, "0"), "y": (2, "0"), "C": (2, "0"), "u": (1, "0"), "w": (1, "0"),
    "G": (4, "0"), "g": (2, "0"), "V": (2, "0"), "U": (2, "0"), "W": (2, "0"), "s": (1, "0"), "Y": (4, "0"),
}  # fmt: skip


def number(letter: str, f: Fields) -> int:
    """Return the value of a numeric directive."""
    if letter in "mdejHkMSYs":
        return {
            "m": f.month, "d": f.day, "e": f.day, "j": f.yday, "H": f.hour, "k": f.hour, "M": f.min, "S": f.sec,
            "Y": f.year, "s": f.epoch,
        }[letter]  # fmt: skip
    if letter in "Il":
        return f.hour % 12 or 12
    if letter == "y":
        return f.year % 100
    if letter == "C":
        return f.year // 100
    if letter == "u":
        return f.wday or 7
    if letter == "w":
        return f.wday
    if letter == "U":
        return (f.yday - 1 + 7 - f.wday) // 7
    if letter == "W":
        return (f.yday - 1 + 7 - (f.wday + 6) % 7) // 7
    year, week = iso_week(f.year, f.yday, f.wday)
    return week if letter == "V" else year if letter == "G" else year % 100


def text(letter: str, f: Fields) -> str | None:
    """Return the text of a directive that names something, None if it is no such one."""
    if letter == "A":
        return DAYS[f.wday]
    if letter == "a":
        return DAYS[f.wday][:3]
    if letter == "B":
        return MONTHS[f.month - 1]
    if letter in "bh":
        return MONTHS[f.month - 1][:3]
    if letter == "p":
        return "PM" if f.hour >= 12 else "AM"
    if letter == "P":
        return "pm" if f.hour >= 12 else "am"
    if letter == "Z":
        return f.zone or ""
    return {"n": "\n", "t": "\t", "%": "%"}.get(letter)


def offset_text(offset: int, colons: int, flags: str, width: int, utc: bool = False) -> str:
    """Return %z: +hhmm, +hh:mm, +hh:mm:ss or the shortest. With the flag "-", UTC gives -0000."""
    sign = "-" if offset < 0 or (utc and "-" in flags) else "+"
    hours, rest = divmod(abs(offset), 3600)
    minutes, seconds = divmod(rest, 60)
    if colons == 0:
        tail = f"{minutes:02d}"
    elif colons == 1:
        tail = f":{minutes:02d}"
    elif colons == 2:
        tail = f":{minutes:02d}:{seconds:02d}"
    else:
        tail = f":{minutes:02d}:{seconds:02d}" if seconds else f":{minutes:02d}" if minutes else ""
    room = max(width - len(tail) - 1, 2)
    if "_" in flags:
        return (sign + str(hours)).rjust(room + 1) + tail
    return f"{sign}{str(hours).rjust(room, '0')}{tail}"


def strftime(template: str, f: Fields) -> str:
    """Return the text of a time in the form of `template`; what is no directive stays."""
    result = []
    index = 0
    length = len(template)
    while index < length:
        letter = template[index]
        if letter != "%":
            result.append(letter)
            index += 1
            continue
        start = index
        index += 1
        flags = ""
        width = ""
        colons = 0
        while index < length and template[index] in "-0^#_":
            flags += template[index]
            index += 1
        while index < length and template[index].isdigit():
            width += template[index]
            index += 1
        while index < length and template[index] == ":":
            colons += 1
            index += 1
        if index < length and template[index] in "EO":
            index += 1
        if index >= length and template[index - 1] in ":EO":
            result.append(template[start:])
            break
        if index >= length:
            raise error("ArgumentError", f"invalid format: {template}")
        letter = template[index]
        index += 1
        shown = directive(letter, f, flags, int(width) if width else -1, colons)
        result.append(template[start:index] if shown is None else shown)
    return "".join(result)


def directive(letter: str, f: Fields, flags: str, width: int, colons: int) -> str | None:
    """Return the text of one directive, None if there is no such one."""
    if colons and letter != "z":
        return None
    if letter == "z":
        return offset_text(f.offset, colons, flags, width, f.zone == "UTC")
    if letter in "LN":
        digits = width if width > 0 else 3 if letter == "L" else 9
        shown = f"{f.nsec:09d}"
        return shown[:digits].ljust(digits, "0")
    if letter in NUMBERS:
        value = number(letter, f)
        default_width, pad = NUMBERS[letter]
        for flag in flags:
            if flag == "0":
                pad = "0"
            elif flag == "_":
                pad = " "
        if "-" in flags:
            return str(value)
        room = width if width >= 0 else default_width
        if letter == "Y" and value < 0 and width < 0:
            room = 5
        if pad == "0":
            return "-" + str(-value).rjust(room - 1, "0") if value < 0 else str(value).rjust(room, "0")
        return str(value).rjust(room)
    plain = text(letter, f)
    if plain is None:
        if letter not in COMPOUND:
            return None
        plain = strftime(COMPOUND[letter], f)
    if "^" in flags:
        plain = plain.upper()
    if "#" in flags:
        plain = plain.lower() if letter in "pZ" else plain.upper()
    if width >= 0:
        plain = plain.rjust(width, "0" if "0" in flags else " ")
    return plain
