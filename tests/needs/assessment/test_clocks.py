"""Until when an answer is due."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.codes import Tier
from jiujinan.regions.calendar import is_working_day, working_days_between
from needs.assessment.clocks import ANSWER_LIMITS, VERIFY_LIMITS, Limit, due

BEIJING = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(BEIJING))


@pytest.mark.parametrize("limits", [VERIFY_LIMITS, ANSWER_LIMITS])
def test_every_tier_has_a_limit_with_its_source_and_harder_tiers_have_less_time(
    limits: dict[Tier, Limit],
) -> None:
    assert set(limits) == set(Tier)
    assert all(limit.source for limit in limits.values())
    since = datetime(2026, 7, 6, 9, 0, tzinfo=BEIJING)
    ends = [due(limits[tier], since=since) for tier in (Tier.CRITICAL, Tier.JOINT, Tier.DEPARTMENTAL)]
    assert ends == sorted(ends)


@given(MOMENTS)
def test_the_critical_tier_counts_real_hours_through_nights_and_holidays(since: datetime) -> None:
    assert due(VERIFY_LIMITS[Tier.CRITICAL], since=since) - since == timedelta(hours=8)
    assert due(ANSWER_LIMITS[Tier.CRITICAL], since=since) - since == timedelta(hours=4)


def test_a_night_before_the_spring_festival_gives_the_critical_tier_no_more_time() -> None:
    since = datetime(2026, 2, 15, 23, 0, tzinfo=BEIJING)
    assert due(VERIFY_LIMITS[Tier.CRITICAL], since=since) == datetime(2026, 2, 16, 7, 0, tzinfo=BEIJING)


@given(MOMENTS, st.integers(1, 40))
def test_other_tiers_end_on_a_working_day_at_the_same_hour_after_so_many(since: datetime, days: int) -> None:
    end = due(Limit(working_days=days), since=since)
    assert is_working_day(end.date())
    assert working_days_between(since.date(), end.date()) == days
    assert end.timetz() == since.timetz()


def test_weekends_and_the_national_holiday_are_no_working_days() -> None:
    friday = datetime(2026, 7, 3, 15, 30, tzinfo=BEIJING)
    assert due(Limit(working_days=1), since=friday) == datetime(2026, 7, 6, 15, 30, tzinfo=BEIJING)
    before_holiday = datetime(2026, 9, 30, 15, 30, tzinfo=BEIJING)
    assert due(Limit(working_days=1), since=before_holiday).date() > date(2026, 10, 3)


def test_the_deadline_keeps_the_zone_of_the_moment() -> None:
    assert due(Limit(working_days=1), since=datetime(2026, 7, 6, 2, 0, tzinfo=UTC)).tzinfo is UTC
