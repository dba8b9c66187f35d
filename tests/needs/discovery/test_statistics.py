"""What each channel brings: every case and report in one line, and the parts make the whole."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jiujinan.codes import DiscoveryChannel
from jiujinan.codes.cases import PROACTIVE_CHANNELS
from needs.discovery.statistics import channel_figures, tally
from needs.models import CaseRecord, NeedItem
from tests.town import COUNTY, NEXT_COUNTY, Town

CHANNELS = st.sampled_from([str(channel) for channel in DiscoveryChannel])
# One case: its channel, whether it was verified, and whether help reached it, which needs the other.
CASES = st.lists(st.tuples(CHANNELS, st.sampled_from(["came", "verified", "helped"])), max_size=40)
COLUMNS = ("reports", "cases", "verified", "helped")


def counted(cases: list[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Count the cases as the database does."""
    found: dict[str, dict[str, int]] = {}
    for channel, became in cases:
        line = found.setdefault(channel, {"cases": 0, "verified": 0, "helped": 0})
        line["cases"] += 1
        line["verified"] += became != "came"
        line["helped"] += became == "helped"
    return found


@given(CASES, st.lists(CHANNELS, max_size=40))
def test_every_case_and_report_is_counted_once(cases: list[tuple[str, str]], reports: list[str]) -> None:
    found = tally(counted(cases), Counter(reports))
    assert sorted(row.channel for row in found.rows) == sorted(DiscoveryChannel)
    assert [found.total(name) for name in COLUMNS] == [
        len(reports),
        len(cases),
        sum(became != "came" for _, became in cases),
        sum(became == "helped" for _, became in cases),
    ]
    assert all(row.helped <= row.verified <= row.cases for row in found.rows)
    brought = [row.cases for row in found.rows]
    assert brought == sorted(brought, reverse=True)


@given(CASES)
def test_the_found_share_is_of_those_who_were_helped(cases: list[tuple[str, str]]) -> None:
    share = tally(counted(cases), {}).proactive_percent
    helped = [channel for channel, became in cases if became == "helped"]
    if not helped:
        assert share is None
        return
    found = sum(channel in PROACTIVE_CHANNELS for channel in helped)
    assert share is not None
    assert abs(share - 100 * found / len(helped)) <= 0.5


@given(CASES, CASES)
def test_two_periods_together_are_the_sum_of_both(
    one: list[tuple[str, str]], two: list[tuple[str, str]]
) -> None:
    both = tally(counted([*one, *two]), {})
    parts = [tally(counted(cases), {}) for cases in (one, two)]
    for name in COLUMNS:
        assert both.total(name) == sum(part.total(name) for part in parts)


def test_a_prefectures_figures_are_the_sum_of_its_counties(town: Town) -> None:
    for region, count in ((COUNTY, 2), (NEXT_COUNTY, 3)):
        for place in range(count):
            need = town.verified(region=region)
            channel = "home_visit" if place else "application"
            CaseRecord.objects.filter(pk=need.case_id).update(channel=channel)
            if not place:
                NeedItem.objects.filter(need=need).update(committed=100, fulfilled=100)

    def figures(region: str) -> list[int]:
        found = channel_figures(region=region, since=date(2026, 1, 1), until=date(2026, 12, 31))
        return [found.total(name) for name in COLUMNS]

    assert figures("9901") == [0, 5, 5, 2]
    assert [sum(pair) for pair in zip(figures(COUNTY), figures(NEXT_COUNTY), strict=True)] == figures("9901")
    assert figures("37") == [0, 0, 0, 0]
