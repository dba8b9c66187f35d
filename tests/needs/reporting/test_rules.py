"""Weeks, roll-ups, percentiles and the scorecard."""

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needs.reporting.periods import NoSuchWeek, Week
from needs.reporting.rolling_up import NATION, roll_up
from needs.reporting.scorecard import rate, standards
from needs.reporting.timing import percentile

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAMES = {
    "990000": "华云省", "990100": "云川市", "990121": "青禾县", "990122": "临溪县",
    "990200": "海门市", "990221": "沙河县", "110000": "北京市", "110101": "东城区",
}  # fmt: skip
COUNTIES = ("990121", "990122", "990221", "110101")
tables = st.dictionaries(
    st.sampled_from(COUNTIES),
    st.dictionaries(st.sampled_from(["received", "verified"]), st.integers(1, 99)).map(Counter),
)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_the_week_that_its_label_names(day: date) -> None:
    week = Week.of(day)
    assert Week.named(week.label) == week
    assert week.first <= day <= week.last
    assert week.before().last == week.first - timedelta(days=1)


@given(st.dates(date(1995, 1, 1), date(2100, 1, 1)))
def test_weeks_follow_each_other_without_gap(day: date) -> None:
    week = Week.of(day)
    assert week.before().span(SHANGHAI)[1] == week.span(SHANGHAI)[0]


@pytest.mark.parametrize("label", ["", "2026", "2026-W54", "2026-W00", "W01-2026", "2026-13-01", "²026-W01"])
def test_what_names_no_week_is_refused(label: str) -> None:
    with pytest.raises(NoSuchWeek):
        Week.named(label)


@given(tables)
def test_the_lines_of_one_level_add_up_to_the_line_above(table: dict[str, Counter[str]]) -> None:
    lines = roll_up(table, region=NATION, names=NAMES)
    whole = lines[0].figures
    provinces = [line.figures for line in lines if line.depth == 1]
    assert sum(provinces, Counter()) == +whole


@given(tables, st.sampled_from(["990000", "990100", "990121", "110000"]))
def test_a_division_sees_nothing_from_outside(table: dict[str, Counter[str]], region: str) -> None:
    for line in roll_up(table, region=region, names=NAMES):
        assert line.code.startswith(region.rstrip("0"))


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_so_many_lie_below_it(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_the_scorecard_has_three_indicators_twelve_contents_and_sixteen_standards() -> None:
    every = standards()
    assert len({one.indicator for one in every}) == 3
    assert len({one.content for one in every}) == 12
    assert len(every) == 16
    assert sum(one.points for one in every) == 100
    assert all(one.source for one in every)


@given(st.dictionaries(st.sampled_from([one.measure for one in standards()]), st.none() | st.floats(0, 1000)))
def test_a_score_stays_between_0_and_100_and_what_is_unmeasured_counts_for_nobody(
    measured: dict[str, float | None],
) -> None:
    card = rate(measured)
    known = [one for one in card.rated if one.points is not None]
    assert (card.score is None) == (not known)
    assert card.score is None or 0 <= card.score <= 100
    assert all(0 <= one.points <= one.standard.points for one in known if one.points is not None)


@given(st.floats(0, 100), st.floats(0, 100))
def test_better_never_gives_fewer_points(one: float, two: float) -> None:
    for standard in standards():
        worse, better = sorted((one, two), reverse=standard.none_at > standard.full_at)
        assert (standard.points_for(worse) or 0) <= (standard.points_for(better) or 0)
