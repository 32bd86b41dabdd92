"""Random, rand and srand: the Mersenne Twister, with the same numbers as Ruby for the same seed.

The host's generator is the same algorithm; what is made of its 32-bit words follows Ruby here. Array#shuffle and
#sample use `random_below`, `shuffle_list` and `sample_list`.
"""

from __future__ import annotations

from _random import Random as Twister
from math import isfinite, isinf

from ..builtin import NativeClass
from ..convert import as_float, as_int, inspect_str, to_s
from ..dispatch import respond_to, send
from ..errors import error
from ..later import later
from ..model import allocate
from ..operators import op_add, op_sub
from ..values import FALSE, UNDEF, BinaryString, Object, Range, String, truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import urandom as host_bytes
    from typing import Any

    from ..errors import Raised
    from ..values import Block, Value
else:
    later(globals(), "os", host_bytes="urandom")


class RandomValue(Object):
    """`words` is the host's generator, None before `initialize`."""

    spare = ("i0", "i1", "i2", "i3")
    __slots__ = ("words", "seed", *spare)
    mclass = None

    words: Any
    seed: int

    def __init__(self) -> None:
        self.words = None
        self.seed = 0

    prepare = __init__


random = NativeClass("Random")
kernel = NativeClass("Kernel")


# --- words ----------------------------------------------------------------------------------------------------------


def new_words(seed: int) -> Any:
    """Return the host's generator in the state that Ruby seeds it to."""
    seed = abs(seed)
    words = Twister(seed)  # initialises by the array of the 32-bit words of the seed
    size = (seed.bit_length() + 31) // 32
    if size <= 1:
        words.setstate((*first_state(seed), 624))
    elif seed >> (32 * size - 32) == 1:  # a word that is 1 counts as a mark of the length and is left out
        words.setstate((*array_state([seed >> 32 * index & 0xFFFFFFFF for index in range(size - 1)]), 624))
    return words


def first_state(seed: int) -> list[int]:
    """Return the state for a seed of one word."""
    state = [seed]
    for index in range(1, 624):
        last = state[-1]
        state.append((1812433253 * (last ^ last >> 30) + index) & 0xFFFFFFFF)
    return state


def array_state(key: list[int]) -> list[int]:
    """Return the state for an array of words, which may end in zeros (the host's seeding drops those)."""
    state = first_state(19650218)
    place = 1
    for turn in range(max(624, len(key)) + 623):
        last = state[place - 1]
        mixed = last ^ last >> 30
        if turn < max(624, len(key)):
            index = turn % len(key)
            state[place] = ((state[place] ^ mixed * 1664525) + key[index] + index) & 0xFFFFFFFF
        else:
            state[place] = ((state[place] ^ mixed * 1566083941) - place) & 0xFFFFFFFF
        place += 1
        if place == 624:
            state[0] = state[623]
            place = 1
    state[0] = 0x80000000
    return state


def new_seed() -> int:
    """Return 128 bits from the operating system."""
    from os import urandom

    return int.from_bytes(urandom(16), "big")


def reseed(generator: RandomValue, seed: int) -> None:
    generator.seed = seed
    generator.words = new_words(seed)


DEFAULT: list[RandomValue] = []


def default_random() -> RandomValue:
    """Return the generator of `rand`, seeded at its first use."""
    if not DEFAULT:
        generator: RandomValue = allocate(random.mod)
        reseed(generator, new_seed())
        DEFAULT.append(generator)
    return DEFAULT[0]


def words_of(generator: RandomValue) -> Any:
    if generator.words is None:
        reseed(generator, new_seed())
    return generator.words


# --- numbers --------------------------------------------------------------------------------------------------------


def limited(words: Any, limit: int) -> int:
    """Return a number from 0 to `limit`, with as many words as it has, the highest first."""
    if not limit:
        return 0
    draw = words.getrandbits
    mask = (1 << limit.bit_length()) - 1
    if limit <= 0xFFFFFFFF:
        number: int = draw(32) & mask
        while number > limit:
            number = draw(32) & mask
        return number
    top = (limit.bit_length() - 1) // 32 * 32
    while True:
        number = 0
        for shift in range(top, -32, -32):
            number |= (draw(32) << shift) & mask
            if number >> shift > limit >> shift:
                break
        else:
            return number


def fraction(words: Any, exclusive: bool) -> float:
    """Return a Float from 0.0 to 1.0."""
    if exclusive:
        return float(words.random())
    number = words.getrandbits(32) << 32
    number |= words.getrandbits(32)
    return float(number * ((1 << 53) | 1) >> 64) / 9007199254740992.0


def domain_error() -> Raised:
    import errno

    return error("Errno::EDOM", "Domain error", errno=errno.EDOM)


def finite(value: Value) -> float:
    number = as_float(value)
    if not isfinite(number):
        raise domain_error()
    return number


def from_range(words: Any, span: Range) -> Value:
    """Return a number of a Range, None if it is empty. Errno::EDOM if it has no end, FALSE if it is not of numbers."""
    first, last = span.first, span.last
    if first is None or last is None:
        raise domain_error()
    if first.__class__ is int and last.__class__ is int:
        limit = last - first - (1 if span.exclusive else 0)
        return first + limited(words, limit) if limit >= 0 else None
    if not respond_to(last, "-") or isinstance(last, String):
        return FALSE
    size = op_sub(last, first)
    if size.__class__ is int:
        limit = size - (1 if span.exclusive else 0)
        return op_add(first, limited(words, limit)) if limit >= 0 else None
    return float_from_range(words, finite(first), finite(last), as_float(size), span.exclusive)


def float_from_range(words: Any, first: float, last: float, size: float, exclusive: bool) -> Value:
    if isinf(size):  # the difference is no Float: take it by halves
        low, high = first / 2.0, last / 2.0
        return (fraction(words, exclusive) - 0.5) * (high - low) * 2.0 + (high + low)
    if size > 0.0:
        return fraction(words, exclusive) * size + first
    return first if size == 0.0 and not exclusive else None


def from_method(generator: RandomValue, limit: Value) -> Value:
    """Return what `Random#rand(limit)` answers. ArgumentError, TypeError or Errno::EDOM of the guest."""
    words = words_of(generator)
    if limit is UNDEF:
        return words.random()
    number: Value = None
    if limit.__class__ is float:
        size = finite(limit)
        if size >= 0.0:
            value = words.random()
            return value * size if size else value
    elif isinstance(limit, Range):
        number = from_range(words, limit)
        if number is FALSE:
            raise error("TypeError", "no implicit conversion of Range into Integer")
    elif limit is not None:
        size = limit if limit.__class__ is int else as_int(limit)
        if size > 0:
            return limited(words, size - 1)
    if number is None:
        raise error("ArgumentError", f"invalid argument - {to_s(limit)}")
    return number


@kernel.function("rand")
def rand(self: Value, blk: Block, limit: Value = 0) -> Value:
    """Return a Float below 1.0, an Integer below the absolute value of `limit`, or a number of a Range."""
    words = words_of(default_random())
    if isinstance(limit, Range):
        number = from_range(words, limit)
        if number is not FALSE:
            return number
        raise error("TypeError", "no implicit conversion of Range into Integer")
    size = limit if limit.__class__ is int else 0 if limit is None else as_int(limit)
    return limited(words, abs(size) - 1) if size else words.random()


@kernel.function("srand")
def srand(self: Value, blk: Block, seed: Value = UNDEF) -> int:
    """Seed the generator of `rand` and return the previous seed."""
    number = new_seed() if seed is UNDEF else seed_of(seed)
    generator = default_random()
    old = generator.seed
    reseed(generator, number)
    return old


def seed_of(value: Value) -> int:
    if value is None:
        raise error("TypeError", "no implicit conversion of nil into Integer")
    return as_int(value)


# --- the class ------------------------------------------------------------------------------------------------------


@random.private("initialize")
def initialize(self: RandomValue, blk: Block, seed: Value = UNDEF) -> None:
    reseed(self, new_seed() if seed is UNDEF else seed_of(seed))


@random.method("rand", "random_number")
def rand_method(self: RandomValue, blk: Block, limit: Value = UNDEF) -> Value:
    return from_method(self, limit)


@random.method("bytes")
def bytes_(self: RandomValue, blk: Block, count: Value) -> BinaryString:
    """Return a binary String of random bytes."""
    size = as_int(count)
    if size < 0:
        raise error("ArgumentError", "negative string size (or size too big)")
    draw = words_of(self).getrandbits
    data = b"".join([draw(32).to_bytes(4, "little") for _ in range((size + 3) // 4)])
    return BinaryString(data[:size].decode("latin-1"))


@random.method("seed")
def seed_value(self: RandomValue, blk: Block) -> int:
    return self.seed


@random.method("==")
def equals(self: RandomValue, blk: Block, other: Value) -> Value:
    """Return whether both are in the same state."""
    if not isinstance(other, RandomValue):
        return FALSE
    return truth(self.seed == other.seed and words_of(self).getstate() == words_of(other).getstate())


@random.private("initialize_copy")
def initialize_copy(self: RandomValue, blk: Block, source: Value) -> RandomValue:
    if not isinstance(source, RandomValue):
        raise error("TypeError", f"wrong argument type: {inspect_str(source)}")
    self.seed = source.seed
    self.words = Twister()
    self.words.setstate(words_of(source).getstate())
    return self


@random.singleton("rand", "random_number")
def rand_default(self: Value, blk: Block, limit: Value = UNDEF) -> Value:
    return from_method(default_random(), limit)


@random.singleton("srand")
def srand_default(self: Value, blk: Block, seed: Value = UNDEF) -> int:
    return srand(self, None, seed)


@random.singleton("seed")
def seed_default(self: Value, blk: Block) -> int:
    return default_random().seed


@random.singleton("bytes")
def bytes_default(self: Value, blk: Block, count: Value) -> BinaryString:
    return bytes_(default_random(), None, count)


@random.singleton("new_seed")
def new_seed_value(self: Value, blk: Block) -> int:
    return new_seed()


@random.singleton("urandom")
def urandom(self: Value, blk: Block, count: Value) -> BinaryString:
    """Return bytes from the operating system."""
    size = as_int(count)
    if size < 0:
        raise error("ArgumentError", "negative string size (or size too big)")
    return BinaryString(host_bytes(size).decode("latin-1"))


# --- for Array ------------------------------------------------------------------------------------------------------


def random_below(count: int, source: Value) -> int:
    """Return a number from 0 to below `count`, from `source` (nil: the default generator), or by its method `rand`."""
    if source is None or source is random.mod:
        return limited(words_of(default_random()), count - 1)
    if source.__class__ is RandomValue:
        return limited(words_of(source), count - 1)
    number = as_int(send(source, ":rand", None, count))
    if not 0 <= number < count:
        raise error("RangeError", f"random number too {'small' if number < 0 else 'big'} {number}")
    return number


def shuffle_list(values: list[Any], source: Value) -> None:
    """Shuffle in place, from the end on."""
    for index in range(len(values) - 1, 0, -1):
        other = random_below(index + 1, source)
        values[index], values[other] = values[other], values[index]


SMALL_SAMPLE = 10


def sample_list(values: list[Any], count: int, source: Value) -> list[Any]:
    """Return `count` different elements (all, if there are no more) as Array#sample chooses them."""
    size = len(values)
    count = min(count, size)
    if count > SMALL_SAMPLE:
        rest = list(values)
        for index in range(count):
            other = index + random_below(size - index, source)
            rest[index], rest[other] = rest[other], rest[index]
        return rest[:count]
    chosen: list[int] = []
    taken: list[int] = []  # the same, sorted
    for number in [random_below(size - index, source) for index in range(count)]:
        place = 0
        while place < len(taken) and number >= taken[place]:
            number += 1
            place += 1
        taken.insert(place, number)
        chosen.append(number)
    return [values[index] for index in chosen]
