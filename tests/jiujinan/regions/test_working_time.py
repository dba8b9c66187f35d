"""Working hours against a walker that looks at every single minute."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jiujinan.regions.calendar import is_working_day
from jiujinan.regions.working_time import OfficeTime, add_working_minutes, working_minutes_between

BEIJING = ZoneInfo("Asia/Shanghai")
MINUTES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(BEIJING)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
OFFICE = OfficeTime()


def is_open(moment: datetime) -> bool:
    at = moment.time()
    return is_working_day(moment.date()) and any(opens <= at < closes for opens, closes in OFFICE.spans)


def walked(since: datetime, minutes: int) -> datetime:
    moment = since
    while minutes:
        minutes -= is_open(moment)
        moment += timedelta(minutes=1)
    return moment


@settings(max_examples=25, deadline=None)
@given(MINUTES, st.integers(1, 900))
@example(
    datetime(2026, 2, 13, 17, 0, tzinfo=BEIJING), 60
)  # over the Spring Festival with its shifted weekend
def test_working_minutes_pass_only_while_offices_are_open(since: datetime, minutes: int) -> None:
    assert add_working_minutes(since, minutes, OFFICE) == walked(since, minutes)


@given(MINUTES, st.integers(0, 3000), st.integers(0, 3000))
def test_minutes_add_up_and_are_counted_back(since: datetime, first: int, second: int) -> None:
    middle = add_working_minutes(since, first, OFFICE)
    end = add_working_minutes(middle, second, OFFICE)
    assert end == add_working_minutes(since, first + second, OFFICE)
    assert working_minutes_between(since, end, OFFICE) == first + second


def test_a_friday_evening_passes_no_working_minute() -> None:
    friday = datetime(2026, 7, 3, 17, 30, tzinfo=BEIJING)
    assert working_minutes_between(friday, datetime(2026, 7, 6, 8, 30, tzinfo=BEIJING), OFFICE) == 0
    assert add_working_minutes(friday, 1, OFFICE) == datetime(2026, 7, 6, 8, 31, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "spans",
    [(), ((time(9), time(9)),), ((time(12), time(9)),), ((time(8), time(12)), (time(11), time(15)))],
)
def test_office_hours_that_make_no_sense_are_refused(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="office hours"):
        OfficeTime(spans)


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_minutes(datetime(2026, 7, 3, tzinfo=BEIJING), -1, OFFICE)
