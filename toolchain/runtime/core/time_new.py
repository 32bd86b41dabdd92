"""Time: now, at, new, utc, local; offsets and months as a program gives them."""

from __future__ import annotations

import time as host

from ..builtin import NativeClass
from ..convert import as_int, as_str, inspect_str
from ..dispatch import respond_to, send
from ..errors import error
from ..model import class_of
from ..values import UNDEF, String
from .civil import MONTHS, days_from_civil, days_in_month
from .time import BILLION, TimeObject, exact, local_offset, make_time, ratio, rational_parts, set_zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..values import Block, Value

time = NativeClass("Time")


# --- offsets --------------------------------------------------------------------------------------------------------


def zone_offset(where: Value) -> tuple[int | None, bool, str | None]:
    """Return (offset, is UTC, zone name) for an offset such as "+09:00", "UTC", "Z", "A" or a number of seconds."""
    if isinstance(where, String):
        return text_offset(where.s)
    if where.__class__ is int or where.__class__ is float or rational_parts(where) is not None:
        seconds = exact(where) // BILLION
        if not -86400 < seconds < 86400:
            raise error("ArgumentError", "utc_offset out of range")
        return int(seconds), False, None
    if respond_to(where, "to_str"):
        return zone_offset(String(as_str(where)))
    raise error("TypeError", f"can't convert {class_of(where).name} into an exact number")


def text_offset(text: str) -> tuple[int | None, bool, str | None]:
    if text in ("UTC", "Z", "-00:00"):
        return None, True, None
    if len(text) == 1 and "A" <= text <= "Z" and text != "J":
        letter = ord(text) - ord("A")
        if text <= "I":
            hours = letter + 1
        elif text <= "M":
            hours = letter
        else:
            hours = ord("M") - ord(text)
        return hours * 3600, False, None
    digits = text[1:]
    parts = digits.split(":") if ":" in digits else [digits[i : i + 2] for i in range(0, len(digits), 2)]
    well_formed = all(len(part) == 2 and part.isdigit() for part in parts) and all(part < "60" for part in parts[1:])
    if text[:1] not in ("+", "-") or not 1 <= len(parts) <= 3 or not well_formed:
        raise error("ArgumentError", f'"+HH:MM", "-HH:MM", "UTC" or "A".."I","K".."Z" expected for utc_offset: {text}')
    hours, minutes, seconds = (int(part) for part in [*parts, "0", "0"][:3])
    if hours > 23:
        raise error("ArgumentError", "utc_offset out of range")
    offset = hours * 3600 + minutes * 60 + seconds
    return (-offset if text[0] == "-" else offset), False, None


# --- now and at -----------------------------------------------------------------------------------------------------


def option_in(options: dict[str, Any]) -> Value:
    """Return the keyword `in:`, UNDEF without it. ArgumentError of the guest for other keywords."""
    where = options.pop("in", UNDEF)
    if options:
        names = ", ".join(":" + name for name in options)
        raise error("ArgumentError", f"unknown keyword{'s' if len(options) > 1 else ''}: {names}")
    return where


@time.singleton("now")
def now(self: Any, blk: Block, **options: Value) -> Value:
    result = make_time(host.time_ns(), cls=self)
    where = option_in(options) if options else UNDEF
    if where is not UNDEF:
        set_zone(result, where)
    return result


UNITS = {"millisecond": 1_000_000, "usec": 1000, "microsecond": 1000, "nsec": 1, "nanosecond": 1}


@time.singleton("at")
def at(self: Any, blk: Block, seconds: Value, fraction: Value = UNDEF, unit: Value = UNDEF, **options: Value) -> Value:
    where = option_in(options)
    if isinstance(seconds, TimeObject):
        result = make_time(seconds.ns, seconds.offset, seconds.utc, seconds.zone, self)
    else:
        result = make_time(exact(seconds), cls=self)
    if fraction is not UNDEF:
        name = "microsecond" if unit is UNDEF else getattr(unit, "name", "")
        if name not in UNITS:
            raise error("ArgumentError", f"unexpected unit: {name or inspect_str(unit)}")
        scaled = exact(fraction) * UNITS[name]
        result.ns += ratio(int(scaled.numerator), int(scaled.denominator) * BILLION)
    if where is not UNDEF:
        set_zone(result, where)
    return result


# --- from dates -----------------------------------------------------------------------------------------------------


def month_number(value: Value) -> int:
    """Return a month given as a number or by its English name."""
    if isinstance(value, String):
        for index, name in enumerate(MONTHS):
            if value.s.lower() == name[:3].lower():
                return index + 1
    return number(value, "mon", 15, 1, 12)


def number(value: Value, name: str, most: int, low: int, high: int) -> int:
    """Return a part of a date. ArgumentError of the guest outside of its range; numbers outside of 0..most are
    refused without the part's name."""
    result = as_year(value) if isinstance(value, String) else whole(value)
    if not 0 <= result <= most:
        raise error("ArgumentError", "argument out of range")
    if not low <= result <= high:
        raise error("ArgumentError", f"{name} out of range")
    return result


def whole(value: Value) -> int:
    if value is None:
        raise error("TypeError", "no implicit conversion of nil into Integer")
    return as_int(value)


def seconds_ns(value: Value) -> Any:
    """Return the seconds of a date, with their fraction, in nanoseconds."""
    ns = as_year(value) * BILLION if isinstance(value, String) else exact(value)
    if not 0 <= ns < 64 * BILLION:
        raise error("ArgumentError", "argument out of range")
    if ns >= 61 * BILLION:
        raise error("ArgumentError", "sec out of range")
    return ns


def civil_ns(parts: Any) -> Any:
    """Return the nanoseconds of (year, month, day, hour, minute, second) as if they were in UTC."""
    year, month, day, hour, minute, second = [*parts, *[None] * 6][:6]
    y = as_year(year) if isinstance(year, String) else whole(year)
    m = 1 if month is None else month_number(month)
    d = 1 if day is None else number(day, "mday", 31, 1, 31)
    h = 0 if hour is None else number(hour, "hour", 31, 0, 24)
    mi = 0 if minute is None else number(minute, "min", 63, 0, 0 if h == 24 else 59)
    ns = 0 if second is None else seconds_ns(second)
    if h == 24 and ns:
        raise error("ArgumentError", "sec out of range")
    if d > days_in_month(y, m):
        d, m = d - days_in_month(y, m), m + 1
    return (days_from_civil(y, m, d) * 86400 + h * 3600 + mi * 60) * BILLION + ns


def as_year(value: String) -> int:
    try:
        return int(value.s)
    except ValueError:
        raise error("ArgumentError", f"invalid value for Integer(): {inspect_str(value)}")


def local_ns(ns: Any) -> Any:
    """Return the point in time at which local clocks show what UTC's show at `ns`: the later one if they show it twice,
    as if the clocks had not been put forward yet if they never do."""
    seconds = int(ns // BILLION)
    before, after = local_offset(seconds - 86400)[0], local_offset(seconds + 86400)[0]
    offset = after if local_offset(seconds - after)[0] == after else before
    return ns - offset * BILLION


def from_parts(cls: Any, parts: Any, where: Value) -> Value:
    """Return the time that clocks at `where` (UNDEF or nil: local ones) show as `parts`."""
    ns = civil_ns(parts)
    if where is UNDEF or where is None:
        return make_time(local_ns(ns), cls=cls)
    offset, utc, zone = zone_offset(where)
    return make_time(ns if utc else ns - (offset or 0) * BILLION, offset, utc, zone, cls)


@time.singleton("new")
def new(self: Any, blk: Block, *parts: Value, **options: Value) -> Value:
    precision = options.pop("precision", 9)
    where = option_in(options)
    if len(parts) > 7:
        from ..errors import arity_error

        raise arity_error(len(parts), 0, 7)
    if len(parts) == 7:
        if where is not UNDEF:
            raise error("ArgumentError", "timezone argument given as positional and keyword arguments")
        where = parts[6]
    own = send_initialize(self)
    if own is not None:
        return own(parts, where)
    if not parts or (parts[0] is None and len(parts) == 1):
        result = make_time(host.time_ns(), cls=self)
        if where is not UNDEF and where is not None:
            set_zone(result, where)
        return result
    if len(parts) == 1 and isinstance(parts[0], String):
        from .time_text import parse_new

        return parse_new(self, parts[0].s, where, as_int(precision))
    return from_parts(self, parts[:6], where)


def send_initialize(cls: Any) -> Any:
    """Return how to make an instance of a subclass that has an `initialize` of its own, None for others."""
    from ..model import find_method

    entry = find_method(cls, "initialize")
    if entry is None or entry.native:
        return None

    def make(parts: Any, where: Value) -> Value:
        value = make_time(host.time_ns(), cls=cls)
        send(value, ";initialize", None, *parts)
        return value

    return make


@time.private("initialize")
def initialize(self: TimeObject, blk: Block, *parts: Value, **options: Value) -> Value:
    made: Any = new(time.mod, None, *parts, **options)
    self.ns, self.offset, self.utc, self.zone, self.fields = made.ns, made.offset, made.utc, made.zone, None
    return None


def civil_args(args: Any) -> Any:
    """Return (parts, microseconds) of utc and local; ten arguments come in the order of to_a."""
    if len(args) == 10:
        return (args[5], args[4], args[3], args[2], args[1], args[0]), None
    if not 1 <= len(args) <= 8:
        from ..errors import arity_error

        raise arity_error(len(args), 1, 8)
    return args[:6], args[6] if len(args) > 6 else None


@time.singleton("utc", "gm")
def utc(self: Any, blk: Block, *args: Value) -> Value:
    parts, micro = civil_args(args)
    extra = 0 if micro is None else exact(micro) // 1_000_000
    return make_time(civil_ns(parts) + int(extra), utc=True, cls=self)


@time.singleton("local", "mktime")
def local(self: Any, blk: Block, *args: Value) -> Value:
    parts, micro = civil_args(args)
    extra = 0 if micro is None else exact(micro) // 1_000_000
    return make_time(local_ns(civil_ns(parts)) + int(extra), cls=self)
