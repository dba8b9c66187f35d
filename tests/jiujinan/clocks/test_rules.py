"""Until when an answer is due, when it is reminded of, and which level hears of it next."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujinan.clocks.queries import shipped_limits
from jiujinan.clocks.rules import LEVELS, Limit, Limits, OfficeRow, Step, Unit, climb, later
from jiujinan.codes import Tier
from jiujinan.regions.calendar import is_working_day, working_days_between
from jiujinan.regions.working_time import OfficeTime

BEIJING = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(BEIJING))
SHIPPED = Limits(shipped_limits())
COUNTY = "990121"


def due(step: Step, tier: str, since: datetime) -> datetime:
    return SHIPPED.timing(step, tier=tier, region=COUNTY, since=since).due_at


@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_a_limit_with_its_source_and_harder_tiers_have_no_more_time(step: Step) -> None:
    since = datetime(2026, 7, 6, 9, 0, tzinfo=BEIJING)
    ends = [due(step, tier, since) for tier in (Tier.CRITICAL, Tier.JOINT, Tier.DEPARTMENTAL)]
    assert ends == sorted(ends)
    assert all(limit.source for limit in shipped_limits())


@given(MOMENTS)
def test_the_critical_tier_counts_real_hours_through_nights_and_holidays(since: datetime) -> None:
    assert due(Step.VERIFY, Tier.CRITICAL, since) - since == timedelta(hours=8)


def test_a_night_before_the_spring_festival_gives_the_critical_tier_no_more_time() -> None:
    since = datetime(2026, 2, 15, 23, 0, tzinfo=BEIJING)
    assert due(Step.VERIFY, Tier.CRITICAL, since) == datetime(2026, 2, 16, 7, 0, tzinfo=BEIJING)


@given(MOMENTS, st.integers(1, 40))
def test_working_days_end_on_a_working_day_at_the_same_hour_after_so_many(since: datetime, days: int) -> None:
    end = later(since, days, Unit.WORKING_DAYS, OfficeTime())
    assert is_working_day(end.date())
    assert working_days_between(since.date(), end.date()) == days
    assert end.timetz() == since.timetz()


def test_weekends_and_the_national_holiday_are_no_working_days() -> None:
    friday = datetime(2026, 7, 3, 15, 30, tzinfo=BEIJING)
    assert later(friday, 1, Unit.WORKING_DAYS, OfficeTime()) == datetime(2026, 7, 6, 15, 30, tzinfo=BEIJING)
    before_holiday = datetime(2026, 9, 30, 15, 30, tzinfo=BEIJING)
    assert later(before_holiday, 1, Unit.WORKING_DAYS, OfficeTime()).date() > date(2026, 10, 3)


@given(MOMENTS, st.integers(0, 60), st.integers(0, 60), st.sampled_from(Unit))
def test_more_units_are_never_over_sooner(since: datetime, few: int, more: int, unit: Unit) -> None:
    office = OfficeTime()
    assert later(since, few, unit, office) <= later(since, few + more, unit, office)
    assert later(since, 0, unit, office) == since


@given(MOMENTS, st.sampled_from(shipped_limits()))
def test_a_reminder_comes_after_the_start_and_before_the_end(since: datetime, limit: Limit) -> None:
    timing = SHIPPED.timing(limit.step, tier=limit.tier, region=COUNTY, since=since)
    assert since < timing.due_at
    if timing.remind_at is not None:
        assert since < timing.remind_at < timing.due_at
    further = SHIPPED.next_escalation(limit.step, tier=limit.tier, region=COUNTY, since=timing.due_at)
    assert further > timing.due_at


def row(amount: int, *, place: str = "", tier: str = "", day: str = "2026-01-01") -> Limit:
    return Limit(
        Step.VERIFY, tier, amount, Unit.HOURS, 0, 1, place, date.fromisoformat(day), "invented for the test"
    )


@pytest.mark.parametrize(
    ("region", "tier", "on", "hours"),
    [
        ("370116", "joint", "2026-07-01", 1),
        ("370116", "critical", "2026-07-01", 2),
        (
            "990222",
            "critical",
            "2026-07-01",
            3,
        ),  # the region's row for any tier comes before the nation's own
        ("990121", "joint", "2026-07-01", 4),
        ("990121", "joint", "2026-08-01", 5),
        ("990121", "critical", "2026-08-01", 6),
    ],
)
def test_the_nearest_region_decides_then_the_tier_then_the_date(
    region: str, tier: str, on: str, hours: int
) -> None:
    table = Limits(
        (
            row(1),
            row(2, tier="critical"),
            row(3, place="990000"),
            row(4, place="990100"),
            row(5, place="990100", day="2026-08-01"),
            row(6, place="990121", tier="critical"),
        )
    )
    assert table.limit(Step.VERIFY, tier=tier, region=region, on=date.fromisoformat(on)).amount == hours


def test_a_step_without_any_limit_says_so() -> None:
    with pytest.raises(LookupError, match="verify"):
        Limits(()).limit(Step.VERIFY, tier="joint", region=COUNTY, on=date(2026, 7, 1))


def test_a_days_table_overrides_the_calendar() -> None:
    friday = datetime(2026, 7, 3, 9, 0, tzinfo=BEIJING)
    closed = Limits(shipped_limits(), days={date(2026, 7, 6): False})
    assert due(Step.TAKE_UP, "joint", friday).date() == date(2026, 7, 6)
    assert closed.timing(Step.TAKE_UP, tier="joint", region=COUNTY, since=friday).due_at.date() == date(
        2026, 7, 7
    )


def test_a_regions_office_hours_decide_its_working_hours() -> None:
    early = OfficeTime(((time(6), time(10)), (time(11), time(15))))
    limits = Limits(
        (replace(row(2, place="990121"), unit=Unit.WORKING_HOURS), replace(row(2), unit=Unit.WORKING_HOURS)),
        (OfficeRow(early, "990121", date(2026, 1, 1)),),
    )
    since = datetime(2026, 7, 6, 9, 0, tzinfo=BEIJING)
    there = limits.timing(Step.VERIFY, tier="joint", region="990121", since=since).due_at
    elsewhere = limits.timing(Step.VERIFY, tier="joint", region="990122", since=since).due_at
    assert (there.hour, elsewhere.hour) == (12, 11)


@given(st.lists(st.sampled_from(LEVELS)), st.sets(st.sampled_from(LEVELS)), st.sampled_from(LEVELS))
def test_a_late_answer_climbs_to_the_lowest_level_that_has_somebody_and_was_not_told(
    heard: list[str], staffed: set[str], starts_at: str
) -> None:
    found = climb(heard=heard, staffed=staffed, starts_at=starts_at)
    open_levels = [
        level for level in LEVELS
        if level in staffed and level not in heard and LEVELS.index(level) >= LEVELS.index(starts_at)
    ]  # fmt: skip
    assert found == (open_levels[0] if open_levels else None)


def test_the_moment_keeps_its_zone() -> None:
    since = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
    assert later(since, 1, Unit.WORKING_DAYS, OfficeTime()).tzinfo is UTC
