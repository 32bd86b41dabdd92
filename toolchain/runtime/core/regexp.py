"""Regexp. The patterns themselves are in ../regex; `$~` is in ../regexp_state.py.

Engines make literals with `make_regexp` and match with `regexp_match`.
"""

from __future__ import annotations

from ..builtin import NativeClass
from ..convert import as_int, as_str, to_s
from ..dispatch import respond_to, send
from ..errors import error, frozen_error
from ..hashing import wrapped_key
from ..later import later
from ..model import frozen_variant
from ..regex.literal import LiteralProgram, is_literal
from ..regexp_state import LAST
from ..values import FALSE, TRUE, UNDEF, Object, String, Symbol
from .match_data import MatchData, group_number, make_match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..errors import conversion_name
    from ..globals import get_global
    from ..regex.pattern import Program
    from ..values import Block, Value
    from .regexp_more import positive_timeout
    from .regexp_text import escape_slashes
    from .text import as_string
else:
    later(globals(), "..errors", "conversion_name")
    later(globals(), ".text", "as_string")
    later(globals(), "..globals", "get_global")
    later(globals(), ".regexp_more", "positive_timeout")
    later(globals(), ".regexp_text", "escape_slashes")

IGNORECASE, EXTENDED, MULTILINE, FIXED_ENCODING, NO_ENCODING = 1, 2, 4, 16, 32


class Regexp(Object):
    """`program` is the compiled pattern, None before `initialize`."""

    __slots__ = ("source", "flags", "program", "limit")
    mclass = None
    key_maker = wrapped_key

    source: str
    flags: int
    program: Any
    limit: Any

    def prepare(self) -> None:
        self.source = ""
        self.flags = 0
        self.program = None
        self.limit = None


regexp = NativeClass("Regexp")


# --- making ---------------------------------------------------------------------------------------------------------


def make_regexp(source: str, flags: int) -> Regexp:
    """Return the frozen Regexp of a literal. `flags`: 1 = i, 2 = x, 4 = m, 32 = n. RegexpError of the guest."""
    result: Regexp = FROZEN.__new__(FROZEN)
    set_source(result, source, flags)
    return result


def set_source(self: Regexp, source: str, flags: int) -> None:
    if is_literal(source, flags & 39):
        self.program = LiteralProgram(source)
    else:
        from ..regex.pattern import SyntaxProblem, compile_pattern

        try:
            self.program = compile_pattern(source, flags & 39)
        except SyntaxProblem as problem:
            raise error("RegexpError", f"{problem}: /{escape_slashes(source)}/")
    self.source = source
    self.flags = flags
    self.limit = None


FROZEN: Any = frozen_variant(Regexp)


def interpolated_source(parts: Any) -> str:
    """Return the source for the parts of an interpolated literal: Python text, or values, by their `to_s`."""
    return "".join([part if part.__class__ is str else to_s(part) for part in parts])


@regexp.private("initialize")
def initialize(self: Regexp, blk: Block, source: Value, options: Value = UNDEF, *, timeout: Value = UNDEF) -> Value:
    if self.program is not None:
        raise frozen_error(self) if self.is_frozen else error("TypeError", "already initialized regexp")
    if isinstance(source, Regexp):
        set_source(self, source.source, source.flags)
    else:
        set_source(self, as_str(source), read_flags(options))
    if timeout is not UNDEF and timeout is not None:
        self.limit = positive_timeout(timeout)
    return None


@regexp.private("initialize_copy")
def initialize_copy(self: Regexp, blk: Block, other: Value) -> Regexp:
    if not isinstance(other, Regexp):
        raise error("TypeError", "wrong argument type")
    self.source, self.flags, self.program, self.limit = other.source, other.flags, other.program, other.limit
    return self


def read_flags(options: Value) -> int:
    """Return the flags for the second argument of Regexp.new."""
    if options is UNDEF or options is None or options is FALSE:
        return 0
    if options.__class__ is int:
        return int(options) & 39
    if isinstance(options, String):
        flags = 0
        for letter in options.s:
            flag = {"i": IGNORECASE, "x": EXTENDED, "m": MULTILINE}.get(letter)
            if flag is None:
                raise error("ArgumentError", f"unknown regexp option: {options.s}")
            flags |= flag
        return flags
    return IGNORECASE


def new_regexp(source: str, flags: int) -> Regexp:
    result = Regexp()
    set_source(result, source, flags)
    return result


def as_regexp(value: Value) -> Regexp:
    """Return a pattern argument that is a Regexp or a String of a pattern's source. TypeError of the guest."""
    if isinstance(value, Regexp):
        return value
    if isinstance(value, String) or value.__class__ not in (int, float, Symbol) and respond_to(value, "to_str"):
        return new_regexp(as_str(value), 0)
    raise error("TypeError", f"wrong argument type {conversion_name(value)} (expected Regexp)")


@regexp.singleton("last_match")
def last_match(self: Value, blk: Block, which: Value = UNDEF) -> Value:
    match = LAST.match
    if which is UNDEF or match is None:
        return match
    return send(match, ":[]", None, which)


# --- matching -------------------------------------------------------------------------------------------------------


class Checked:
    """The text that was found valid last: repeated matches in one long text check it once."""

    text = ""


def check_subject(self: Regexp, subject: String) -> None:
    """Raise what Ruby raises for a text that is not ASCII: if it is not valid, or in another encoding than the
    pattern."""
    text = subject.s
    encoding = subject.encoding
    if encoding == "UTF-8":
        if text is not Checked.text:
            try:
                text.encode()
            except UnicodeEncodeError:
                raise error("ArgumentError", "invalid byte sequence in UTF-8")
            Checked.text = text
    elif not self.source.isascii():
        from .text import LONG_NAMES

        name = LONG_NAMES.get(encoding, encoding)
        raise error(
            "Encoding::CompatibilityError", f"incompatible encoding regexp match (UTF-8 regexp with {name} string)"
        )


def program_of(self: Regexp, subject: String) -> Program:
    """Return the program for matching `subject`, which it checks."""
    program: Program | None = self.program
    if program is None:
        raise error("TypeError", "uninitialized Regexp")
    if not program.literal and not subject.s.isascii():
        check_subject(self, subject)
    return program


def regexp_match(self: Regexp, subject: String, at: int = 0) -> MatchData | None:
    """Return the first match at or behind `at`, and make it the last match."""
    match = program_of(self, subject).search(subject.s, at)
    if match is None:
        LAST.match = None
        return None
    result = LAST.match = make_match(self, subject, match)
    return result


def note_match(self: Regexp, subject: String, at: int = 0) -> Any:
    """Return the first match of the pattern's program at or behind `at`, or None, and note it as the last match.

    No MatchData is made until somebody asks for one.
    """
    text = subject.s
    program = self.program
    search = program.fast if program is not None and text.isascii() else None
    if search is None:
        match = program_of(self, subject).search(text, at)
    else:
        match = search(text, at)
    LAST.raw = None if match is None else (self, text, subject.encoding, match)
    return match


def regexp_prefix(self: Regexp, subject: String, at: int = 0) -> MatchData | None:
    """Return the match that starts at `at`, and make it the last match."""
    match = program_of(self, subject).match(subject.s, at)
    if match is None:
        LAST.match = None
        return None
    result = LAST.match = make_match(self, subject, match)
    return result


def capture_span(match: MatchData, capture: Value) -> tuple[int, int] | None:
    """Return (start, stop) of a capture given by number or name, None if there is none or it has not matched."""
    if capture.__class__ is int:
        count = match.regexp.program.count
        number = capture + count + 1 if capture < 0 else capture
        if not 0 <= number <= count:
            return None
    else:
        number = group_number(match, capture)
    span: tuple[int, int] = match.match.span(number)
    return None if span[0] < 0 else span


def replaced_span(self: Regexp, subject: String, capture: Value) -> tuple[int, int]:
    """Return what `string[regexp, capture] = x` replaces. IndexError of the guest if there is no such part."""
    match = regexp_match(self, subject)
    if match is None:
        raise error("IndexError", "regexp not matched")
    if capture.__class__ is Symbol or isinstance(capture, String):
        number = group_number(match, capture)
    else:
        number = as_int(capture)
        count = match.regexp.program.count
        if number > count or number < 0 and -number > count:
            raise error("IndexError", f"index {number} out of regexp")
        if number < 0:
            number += count + 1
    span: tuple[int, int] = match.match.span(number)
    if span[0] < 0:
        raise error("IndexError", f"regexp group {number} not matched")
    return span


def subject_of(value: Value) -> String:
    """Return the String that a match argument stands for. TypeError of the guest."""
    if isinstance(value, String):
        return value
    if value.__class__ is Symbol:
        return String(value.name)
    return as_string(value)


@regexp.method("=~")
def match_operator(self: Regexp, blk: Block, value: Value) -> Value:
    if value is None:
        LAST.match = None
        return None
    match = note_match(self, value if value.__class__ is String else subject_of(value))
    return None if match is None else match.start()


@regexp.method("===")
def case_equals(self: Regexp, blk: Block, value: Value) -> Value:
    if not isinstance(value, String):
        if value.__class__ is not Symbol and (value is None or not respond_to(value, "to_str")):
            LAST.match = None
            return FALSE
        value = subject_of(value)
    return FALSE if note_match(self, value) is None else TRUE


@regexp.method("~")
def match_line(self: Regexp, blk: Block) -> Value:
    """Match `$_`, the last line read."""
    return match_operator(self, None, get_global("$_"))


def start_of(at: Value, subject: String) -> int | None:
    """Return the character at which a match with a position argument starts, None if it is outside."""
    start = 0 if at is UNDEF else as_int(at)
    if start < 0:
        start += len(subject.s)
    return start if 0 <= start <= len(subject.s) else None


@regexp.method("match", block=True)
def match(self: Regexp, blk: Block, value: Value, at: Value = UNDEF) -> Value:
    """Return the MatchData of the first match at or behind `at`, or what the block makes of it."""
    if value is None:
        LAST.match = None
        return None
    subject = subject_of(value)
    start = start_of(at, subject)
    if start is None:
        LAST.match = None
        return None
    found = regexp_match(self, subject, start)
    return blk(found) if found is not None and blk is not None else found


def is_found(self: Regexp, subject: String) -> bool:
    """Return whether there is a match; the last match stays what it was."""
    text = subject.s
    program = self.program
    if program.__class__ is LiteralProgram and text.isascii():
        return bool(program.wanted in text)
    search = program.fast if program is not None and text.isascii() else None
    return (program_of(self, subject).search(text) if search is None else search(text)) is not None


@regexp.method("match?")
def is_match(self: Regexp, blk: Block, value: Value, at: Value = UNDEF) -> Value:
    if value.__class__ is String and at is UNDEF:
        return TRUE if is_found(self, value) else FALSE
    if value is None:
        return FALSE
    subject = subject_of(value)
    start = start_of(at, subject)
    if start is None:
        return FALSE
    return FALSE if program_of(self, subject).search(subject.s, start) is None else TRUE


for _name, _flag in (("IGNORECASE", 1), ("EXTENDED", 2), ("MULTILINE", 4), ("FIXEDENCODING", 16), ("NOENCODING", 32)):
    regexp.constant(_name, _flag)
