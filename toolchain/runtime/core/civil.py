"""The calendar: days and civil dates of the proleptic Gregorian calendar, for years of any size."""

from __future__ import annotations

MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else MONTH_LENGTHS[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Return the number of days since 1970-01-01."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Return (year, month, day) of a number of days since 1970-01-01."""
    days += 719468
    era = days // 146097
    day_of_era = days - era * 146097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def day_of_year(year: int, month: int, day: int) -> int:
    """Return the number of a day in its year, from 1."""
    return days_from_civil(year, month, day) - days_from_civil(year, 1, 1) + 1


def iso_week(year: int, yday: int, wday: int) -> tuple[int, int]:
    """Return (year, week) by ISO 8601: weeks start on Monday, the first one has the year's first Thursday."""
    monday_based = (wday + 6) % 7
    week = (yday - 1 - monday_based + 10) // 7
    if week < 1:
        previous = year - 1
        last = 366 if is_leap(previous) else 365
        return previous, iso_week(previous, yday + last, wday)[1]
    length = 366 if is_leap(year) else 365
    if week == 53 and yday - monday_based + 3 > length:
        return year + 1, 1
    return year, week
