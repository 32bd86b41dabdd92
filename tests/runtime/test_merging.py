"""The merge sort against Python's own."""

from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metorex.toolchain.runtime.merging import RUN, merge_sort


def by_first(later: tuple[int, int], earlier: tuple[int, int]) -> int:
    return later[0] - earlier[0]


@given(st.lists(st.integers(0, 9), max_size=12 * RUN))
def test_it_sorts_as_python_does_and_keeps_equal_elements_in_order(keys: list[int]) -> None:
    values = [(key, place) for place, key in enumerate(keys)]
    before = list(values)
    assert merge_sort(values, by_first) == sorted(values, key=cmp_to_key(by_first))
    assert values == before


def test_what_the_comparison_raises_passes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        merge_sort([3, 0, 1], lambda later, earlier: 1 // earlier)
