"""Time: a point in time, exact, seen at an offset from UTC.

Making times from dates and texts is in time_new.py, the forms of text in strftime.py, the calendar in civil.py.
"""

from __future__ import annotations

import time as host

from ..builtin import NativeClass
from ..convert import as_str, inspect_str
from ..dispatch import send
from ..errors import error
from ..hashing import wrapped_key
from ..later import later
from ..model import class_of
from ..values import Array, Hash, Object, String, is_true, sym, truth
from .civil import civil_from_days, day_of_year

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..convert import as_int, float_text
    from ..dispatch import respond_to
    from ..model import allocate
    from ..values import Block, Value
    from .rational import make_rational
    from .strftime import offset_text, strftime
    from .time_new import zone_offset
else:
    later(globals(), "..model", "allocate")
    later(globals(), "..dispatch", "respond_to")
    later(globals(), ".rational", "make_rational")
    later(globals(), "..convert", "as_int", "float_text")
    later(globals(), ".time_new", "zone_offset")
    later(globals(), ".strftime", "offset_text", "strftime")

BILLION = 1_000_000_000


class Fields:
    """A time taken apart, at its offset."""

    __slots__ = (
        "year", "month", "day", "hour", "min", "sec", "nsec", "wday", "yday", "zone", "offset", "epoch", "is_dst",
    )  # fmt: skip

    year: int
    month: int
    day: int
    hour: int
    min: int
    sec: int
    nsec: int
    wday: int
    yday: int
    zone: str | None
    offset: int
    epoch: int
    is_dst: bool


class TimeObject(Object):
    """`ns`: nanoseconds since 1970 (a Python int, or a Fraction where a Float gave more). `offset`: seconds east of
    UTC, None: local time. `utc`: shown as UTC. `zone`: the name to show, None for a bare offset."""

    __slots__ = ("ns", "offset", "utc", "zone", "fields")
    mclass = None
    key_maker = wrapped_key

    def prepare(self) -> None:
        self.ns: Any = 0
        self.offset: int | None = None
        self.utc = False
        self.zone: str | None = None
        self.fields: Fields | None = None


time = NativeClass("Time")


def make_time(ns: Any, offset: int | None = None, utc: bool = False, zone: str | None = None, cls: Any = None) -> Any:
    value = allocate(time.mod if cls is None else cls)
    value.ns, value.offset, value.utc, value.zone = ns, offset, utc, zone
    return value


def from_nanoseconds(ns: int) -> Any:
    """Return a local time."""
    return make_time(ns)


def local_offset(seconds: int) -> tuple[int, str, bool]:
    """Return (offset, zone, is_dst) of local time at a point in time."""
    try:
        parts = host.localtime(seconds)
    except (OverflowError, OSError, ValueError):
        parts = host.localtime(0)
    return parts.tm_gmtoff, parts.tm_zone, parts.tm_isdst > 0


def fields(value: TimeObject) -> Fields:
    """Return the parts of a time; computed once."""
    known = value.fields
    if known is not None:
        return known
    f = Fields()
    whole = value.ns // 1
    f.epoch, f.nsec = int(whole // BILLION), int(whole % BILLION)
    if value.utc:
        f.offset, f.zone, f.is_dst = 0, "UTC", False
    elif value.offset is None:
        f.offset, f.zone, f.is_dst = local_offset(f.epoch)
    else:
        f.offset, f.zone, f.is_dst = value.offset, value.zone, False
    days, seconds = divmod(f.epoch + f.offset, 86400)
    f.year, f.month, f.day = civil_from_days(days)
    f.hour, rest = divmod(seconds, 3600)
    f.min, f.sec = divmod(rest, 60)
    f.wday = (days + 4) % 7
    f.yday = day_of_year(f.year, f.month, f.day)
    value.fields = f
    return f


# --- numbers --------------------------------------------------------------------------------------------------------


def exact(number: Value) -> Any:
    """Return seconds given as a number in nanoseconds, exactly. TypeError of the guest for what is none."""
    if number.__class__ is int:
        return number * BILLION
    if number.__class__ is float:
        if number != number or number in (float("inf"), float("-inf")):
            raise error("FloatDomainError", float_text(number))
        numerator, denominator = number.as_integer_ratio()
        return ratio(numerator * BILLION, denominator)
    parts = rational_parts(number)
    if parts is None:
        raise error("TypeError", f"can't convert {class_of(number).name} into an exact number")
    return ratio(parts[0] * BILLION, parts[1])


def ratio(numerator: int, denominator: int) -> Any:
    """Return an int if the division comes out even, else a Fraction."""
    if numerator % denominator == 0:
        return numerator // denominator
    from fractions import Fraction

    return Fraction(numerator, denominator)


def rational_parts(number: Value) -> tuple[int, int] | None:
    """Return (numerator, denominator) of a Rational or of what `to_r` answers, None if `number` has no such value."""
    if number is None or isinstance(number, String) or not respond_to(number, "to_r"):
        return None
    value = send(number, ":to_r")
    return send(value, ":numerator"), send(value, ":denominator")


def rational(number: Any) -> Value:
    """Return a Python int or Fraction as a guest Rational."""
    return make_rational(int(number.numerator), int(number.denominator))


def seconds_float(ns: Any) -> float:
    """Return nanoseconds as a Float of seconds."""
    if ns.__class__ is int:
        return ns / BILLION
    return float(ns / BILLION)


def moved(source: Any, ns: Any) -> Any:
    """Return another point in time at the same offset."""
    return make_time(ns, source.offset, source.utc, source.zone)


@time.method("+")
def plus(self: TimeObject, blk: Block, seconds: Value) -> Value:
    if isinstance(seconds, TimeObject):
        raise error("TypeError", "time + time?")
    return moved(self, self.ns + exact(seconds))


@time.method("-")
def minus(self: TimeObject, blk: Block, other: Value) -> Value:
    if isinstance(other, TimeObject):
        return seconds_float(self.ns - other.ns)
    return moved(self, self.ns - exact(other))


@time.method("<=>")
def compare(self: TimeObject, blk: Block, other: Value) -> Value:
    if isinstance(other, TimeObject):
        return (self.ns > other.ns) - (self.ns < other.ns)
    if other is None or other.__class__ in (int, float) or isinstance(other, String):
        return None
    answer = send(other, ":<=>", None, self)
    return None if answer is None else -answer if answer.__class__ is int else answer


@time.method("eql?")
def eql(self: TimeObject, blk: Block, other: Value) -> Value:
    return truth(isinstance(other, TimeObject) and self.ns == other.ns)


@time.method("hash")
def hash_(self: TimeObject, blk: Block) -> Value:
    return hash(("time", self.ns))


@time.method("to_i", "tv_sec")
def to_i(self: TimeObject, blk: Block) -> Value:
    return fields(self).epoch


@time.method("to_f")
def to_f(self: TimeObject, blk: Block) -> Value:
    return seconds_float(self.ns)


@time.method("to_r")
def to_r(self: TimeObject, blk: Block) -> Value:
    from fractions import Fraction

    return rational(Fraction(self.ns) / BILLION)


@time.method("subsec")
def subsec(self: TimeObject, blk: Block) -> Value:
    rest = self.ns % BILLION
    if rest == 0:
        return 0
    from fractions import Fraction

    return rational(Fraction(rest) / BILLION)


def round_to(value: TimeObject, digits: Value, mode: str) -> Value:
    """Return the time with that many decimal digits of the second."""
    count = as_int(digits)
    if count < 0:
        raise error("ArgumentError", "negative ndigits given")
    if count > 9 and value.ns.__class__ is int:
        return moved(value, value.ns)
    step = ratio(10**9, 10**count)
    quotient, rest = divmod(value.ns, step)
    if mode == "ceil" and rest or mode == "round" and rest * 2 >= step:
        quotient += 1
    return moved(value, plain(quotient * step))


def plain(number: Any) -> Any:
    """Return a Fraction that is whole as an int."""
    return int(number) if number.denominator == 1 else number


@time.method("round")
def round_(self: TimeObject, blk: Block, digits: Value = 0) -> Value:
    return round_to(self, digits, "round")


@time.method("floor")
def floor(self: TimeObject, blk: Block, digits: Value = 0) -> Value:
    return round_to(self, digits, "floor")


@time.method("ceil")
def ceil(self: TimeObject, blk: Block, digits: Value = 0) -> Value:
    return round_to(self, digits, "ceil")


# --- parts ----------------------------------------------------------------------------------------------------------


def declare_field(field: str, *names: str) -> None:
    def read(self: TimeObject, blk: Block) -> Value:
        return getattr(fields(self), field)

    time.method(*names)(read)


for _field, _names in {
    "year": "year", "month": "month mon", "day": "day mday", "hour": "hour", "min": "min", "sec": "sec",
    "nsec": "nsec tv_nsec", "wday": "wday", "yday": "yday", "offset": "utc_offset gmt_offset gmtoff",
}.items():  # fmt: skip
    declare_field(_field, *_names.split())


@time.method("usec", "tv_usec")
def usec(self: TimeObject, blk: Block) -> Value:
    return fields(self).nsec // 1000


@time.method("zone")
def zone(self: TimeObject, blk: Block) -> Value:
    name = fields(self).zone
    return None if name is None else String(name)


@time.method("dst?", "isdst")
def is_dst(self: TimeObject, blk: Block) -> Value:
    return truth(fields(self).is_dst)


def declare_weekday(name: str, number: int) -> None:
    def test(self: TimeObject, blk: Block) -> Value:
        return truth(fields(self).wday == number)

    time.method(name)(test)


for _number, _name in enumerate(["sunday?", "monday?", "tuesday?", "wednesday?", "thursday?", "friday?", "saturday?"]):
    declare_weekday(_name, _number)


@time.method("to_a")
def to_a(self: TimeObject, blk: Block) -> Value:
    f = fields(self)
    name = None if f.zone is None else String(f.zone)
    return Array([f.sec, f.min, f.hour, f.day, f.month, f.year, f.wday, f.yday, truth(f.is_dst), name])


@time.method("deconstruct_keys")
def deconstruct_keys(self: TimeObject, blk: Block, keys: Value) -> Value:
    f = fields(self)
    if keys is not None and not isinstance(keys, Array):
        raise error("TypeError", f"wrong argument type {class_of(keys).name} (expected Array or nil)")
    result = Hash()
    every = {
        "year": f.year, "month": f.month, "day": f.day, "yday": f.yday, "wday": f.wday, "hour": f.hour, "min": f.min,
        "sec": f.sec, "subsec": subsec(self, None), "dst": truth(f.is_dst), "zone": zone(self, None),
    }  # fmt: skip
    wanted = every if keys is None else [getattr(key, "name", "") for key in keys.a]
    result.d = {sym(name): every[name] for name in wanted if name in every}
    return result


# --- offsets --------------------------------------------------------------------------------------------------------


@time.method("utc?", "gmt?")
def is_utc(self: TimeObject, blk: Block) -> Value:
    return truth(self.utc)


@time.method("utc", "gmtime", mutates=True)
def utc(self: TimeObject, blk: Block) -> Value:
    self.utc, self.offset, self.zone, self.fields = True, None, None, None
    return self


@time.method("localtime", mutates=True)
def localtime(self: TimeObject, blk: Block, where: Value = None) -> Value:
    set_zone(self, where)
    return self


def set_zone(value: TimeObject, where: Value) -> None:
    """Let a time be shown at an offset: None for local time."""
    value.offset, value.utc, value.zone = (None, False, None) if where is None else zone_offset(where)
    value.fields = None


@time.method("getutc", "getgm")
def getutc(self: TimeObject, blk: Block) -> Value:
    return make_time(self.ns, utc=True, cls=class_of(self))


@time.method("getlocal")
def getlocal(self: TimeObject, blk: Block, where: Value = None) -> Value:
    result = make_time(self.ns, cls=class_of(self))
    set_zone(result, where)
    return result


# --- text -----------------------------------------------------------------------------------------------------------


def offset_label(value: TimeObject, f: Fields) -> str:
    if value.utc:
        return "UTC"
    return offset_text(f.offset, 0, "", -1) + (f"{abs(f.offset) % 60:02d}" if f.offset % 60 else "")


def year_text(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def civil_text(f: Fields) -> str:
    return f"{year_text(f.year)}-{f.month:02d}-{f.day:02d} {f.hour:02d}:{f.min:02d}:{f.sec:02d}"


@time.method("to_s")
def to_s(self: TimeObject, blk: Block) -> Value:
    f = fields(self)
    return String(f"{civil_text(f)} {offset_label(self, f)}")


@time.method("inspect")
def inspect(self: TimeObject, blk: Block) -> Value:
    f = fields(self)
    text = civil_text(f)
    if self.ns.__class__ is not int:
        text += " " + inspect_str(subsec(self, None))[1:-1]
    elif f.nsec:
        text += "." + f"{f.nsec:09d}".rstrip("0")
    return String(f"{text} {offset_label(self, f)}")


@time.method("ctime", "asctime")
def ctime(self: TimeObject, blk: Block) -> Value:
    return String(strftime("%a %b %e %H:%M:%S %Y", fields(self)))


@time.method("strftime")
def strftime_(self: TimeObject, blk: Block, template: Value) -> Value:
    f = fields(self)
    return String(strftime(as_str(template), f))


@time.method("iso8601", "xmlschema")
def iso8601(self: TimeObject, blk: Block, digits: Value = 0) -> Value:
    f = fields(self)
    text = f"{year_text(f.year)}-{f.month:02d}-{f.day:02d}T{f.hour:02d}:{f.min:02d}:{f.sec:02d}"
    count = as_int(digits)
    if count > 0:
        text += "." + f"{f.nsec:09d}"[:count].ljust(count, "0")
    return String(text + ("Z" if self.utc else offset_text(f.offset, 1, "", -1)))


@time.private("initialize_copy")
def initialize_copy(self: TimeObject, blk: Block, source: Any) -> Value:
    self.ns, self.offset, self.utc, self.zone = source.ns, source.offset, source.utc, source.zone
    self.fields = None
    return self


@time.private("marshal_dump")
def marshal_dump(self: TimeObject, blk: Block) -> Value:
    return Array(
        [self.ns if self.ns.__class__ is int else int(self.ns), self.offset, truth(self.utc), zone(self, None)]
    )


@time.private("marshal_load")
def marshal_load(self: TimeObject, blk: Block, parts: Any) -> Value:
    ns, offset, is_universal, name = parts.a
    self.ns, self.offset, self.utc = ns, offset, is_true(is_universal)
    self.zone = None if name is None or offset is None else name.s
    self.fields = None
    return self
