"""
Working days after the State Council's holiday calendar, with its shifted weekends.

Pure. Three sources, the first that knows a day decides: the caller's own table (a setting), the
installed calendar (`chinesecalendar`, which raises for years not yet announced), and lastly plain
weekdays without the holidays that fall on the same solar date every year.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import chinese_calendar

# Fixed by the State Council's holiday rules (全国年节及纪念日放假办法): month and day.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
NO_TABLE: Mapping[date, bool] = MappingProxyType({})
_SATURDAY = 5


def is_working_day(day: date, *, table: Mapping[date, bool] = NO_TABLE) -> bool:
    """Return whether offices work on that day; `table` overrides (True: a working day)."""
    return table[day] if day in table else _is_in_calendar(day)


def add_working_days(start: date, days: int, *, table: Mapping[date, bool] = NO_TABLE) -> date:
    """Return the last of `days` ≥ 0 working days after `start`; zero days give the start itself."""
    if days < 0:
        raise ValueError("days must not be negative")
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, table=table)
    return day


def next_working_day(day: date, *, table: Mapping[date, bool] = NO_TABLE) -> date:
    """Return the day itself if offices work then, else the first day after it on which they do."""
    while not is_working_day(day, table=table):
        day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date, *, table: Mapping[date, bool] = NO_TABLE) -> int:
    """Return how many working days lie after `start`, up to and including `end`; 0 if end ≤ start."""
    span = max(0, (end - start).days)
    days = (start + timedelta(days=offset) for offset in range(1, span + 1))
    return sum(is_working_day(day, table=table) for day in days)


@cache
def _is_in_calendar(day: date) -> bool:
    """Return what the installed calendar says, or plain weekdays where it says nothing; it is slow to ask."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS
