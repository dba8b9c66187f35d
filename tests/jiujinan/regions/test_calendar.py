"""Working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.regions import calendar

days = st.dates(date(2004, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 2), True),
        (date(2026, 3, 1), False),
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2026, 2, 14), True),  # a Saturday that was shifted
        (date(2035, 10, 1), False),  # no calendar yet: a fixed holiday
        (date(2035, 10, 8), True),  # no calendar yet: a weekday
        (date(2035, 10, 7), False),
    ],
)
def test_holidays_shifted_weekends_and_years_without_a_calendar(day: date, works: bool) -> None:
    assert calendar.is_working_day(day) is works


def test_the_table_of_the_caller_goes_first() -> None:
    day = date(2035, 2, 8)
    assert calendar.is_working_day(day)
    assert not calendar.is_working_day(day, table={day: False})


@given(days, st.integers(0, 40))
def test_adding_and_counting_working_days_undo_each_other(start: date, count: int) -> None:
    end = calendar.add_working_days(start, count)
    assert calendar.working_days_between(start, end) == count
    assert count == 0 or calendar.is_working_day(end)


@given(days)
def test_the_next_working_day_is_the_first_that_is_one(day: date) -> None:
    found = calendar.next_working_day(day)
    between = [day + timedelta(days=i) for i in range((found - day).days)]
    assert calendar.is_working_day(found)
    assert not any(calendar.is_working_day(other) for other in between)


def test_days_to_add_are_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        calendar.add_working_days(date(2026, 1, 1), -1)
