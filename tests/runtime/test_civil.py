"""The calendar behind Time."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st
from metorex.toolchain.runtime.core.civil import civil_from_days, day_of_year, days_from_civil, days_in_month, iso_week

EPOCH = datetime.date(1970, 1, 1).toordinal()


@given(st.integers(-(10**9), 10**9))
def test_dates_and_days_are_inverse(days: int) -> None:
    year, month, day = civil_from_days(days)
    assert 1 <= month <= 12
    assert 1 <= day <= days_in_month(year, month)
    assert days_from_civil(year, month, day) == days


@given(st.dates())
def test_agrees_with_the_host_where_the_host_has_dates(date: datetime.date) -> None:
    days = date.toordinal() - EPOCH
    assert civil_from_days(days) == (date.year, date.month, date.day)
    yday = day_of_year(date.year, date.month, date.day)
    assert yday == date.timetuple().tm_yday
    assert iso_week(date.year, yday, (days + 4) % 7) == tuple(date.isocalendar())[:2]
