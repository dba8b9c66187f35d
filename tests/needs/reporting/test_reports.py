"""The week, the scorecard and the time to help, from cases with names."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiujinan.codes import Tier
from needs.discovery.models import NeedReport
from needs.discovery.rules import Whose
from needs.discovery.services import FirstWord, contact, take_in
from needs.models import Delivery
from needs.reporting.measures import measures
from needs.reporting.periods import Week
from needs.reporting.timing import time_to_help
from needs.reporting.weekly import weekly_report
from needs.services import coverage
from needs.services.cases import refuse, take_up
from tests.town import COUNTY, NEXT_COUNTY, NOW, PREFECTURE, Town

WEEK = Week.of(NOW.date())
SINCE, UNTIL = (NOW - timedelta(days=100)).date(), NOW.date()


def helped(town: Town, *, after: timedelta = timedelta(), **facts: object) -> None:
    """Have a new need get all it lacks."""
    (item,) = town.verified(yuan=100, **facts).items.all()
    coverage.commit(item=item, amount=10_000, now=NOW)
    coverage.deliver(item=item, amount=10_000, now=NOW + after)


def test_a_week_tells_what_came_in_was_decided_and_arrived(town: Town) -> None:
    helped(town)
    refuse(
        case=take_up(case=town.case(region=NEXT_COUNTY), by=town.lin, now=NOW),
        reason="不符合条件",
        by=town.zhou,
        now=NOW,
    )
    own, here, there = weekly_report(region=PREFECTURE, week=WEEK)
    assert (own.code, here.code, there.code) == (PREFECTURE, COUNTY, NEXT_COUNTY)
    assert own.figures["received"] == 2
    assert (here.figures["verified"], here.figures["fen"], here.figures["households"]) == (1, 10_000, 1)
    assert (there.figures["refused"], there.figures["waiting"]) == (1, 0)
    assert not weekly_report(region=PREFECTURE, week=WEEK.before())[0].figures


def test_what_waits_at_the_end_of_a_week_is_counted_and_what_is_late(town: Town) -> None:
    case = town.case()
    (own, _here) = weekly_report(region=PREFECTURE, week=WEEK)
    assert own.figures["waiting"] == 1
    type(case).objects.filter(pk=case.pk).update(due_at=NOW)
    assert weekly_report(region=PREFECTURE, week=WEEK)[0].figures["late"] == 1


def test_the_number_of_queries_does_not_grow(town: Town) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            weekly_report(region=PREFECTURE, week=WEEK)
            measures(region=PREFECTURE, since=SINCE, until=UNTIL, now=NOW)
        return len(asked)

    helped(town)
    one = queries()
    for _ in range(4):
        helped(town)
    assert queries() == one


def test_the_first_delivery_ends_the_time_that_the_first_word_began(town: Town) -> None:
    helped(town, tier="critical", after=timedelta(hours=6))
    town.verified(tier="critical")
    lines = {
        (line.code, line.tier): line.timing
        for line in time_to_help(region=PREFECTURE, since=SINCE, until=UNTIL)
    }
    timing = lines[COUNTY, Tier.CRITICAL]
    assert (timing.helped, timing.waiting) == (1, 1)
    assert timing.median_hours == timing.p90_hours == pytest.approx(24 * 16 + 16, abs=0.01)
    assert lines[PREFECTURE, ""] == timing


def test_two_deliveries_of_one_item_count_from_the_first(town: Town) -> None:
    (item,) = town.verified(yuan=100).items.all()
    coverage.commit(item=item, amount=10_000, now=NOW)
    for days in (3, 1, 2):
        coverage.deliver(item=item, amount=1_000, now=NOW + timedelta(days=days))
    assert Delivery.objects.count() == 3
    (own, *_) = time_to_help(region=PREFECTURE, since=SINCE, until=UNTIL)
    assert own.timing.median_hours == pytest.approx(24 * 17 + 10, abs=0.01)


def test_a_scorecard_measures_what_happened(town: Town) -> None:
    helped(town)
    town.verified(yuan=100)
    told = measures(region=PREFECTURE, since=SINCE, until=UNTIL, now=NOW)
    assert told["covered_share"] == 0.5
    assert told["delivered_share"] == 1
    assert told["found_share"] == 1
    assert told["checked_share"] == 1
    assert told["reached_share"] is None
    later = measures(region=PREFECTURE, since=SINCE, until=UNTIL, now=NOW + timedelta(days=31))
    assert later["reached_share"] == 0.5


def test_an_empty_division_is_not_rated(town: Town) -> None:
    assert set(measures(region=NEXT_COUNTY, since=SINCE, until=UNTIL, now=NOW).values()) == {None}


def test_a_report_that_was_answered_late_stays_late_and_only_its_own_time_counts(town: Town) -> None:
    def in_time(now: datetime, since: date = SINCE, until: date = UNTIL) -> float | None:
        return measures(region=PREFECTURE, since=since, until=until, now=now)["reports_in_time"]

    assert in_time(NOW) is None
    word = FirstWord(token="one", whose=Whose.OTHER, region=COUNTY, story="摔伤无人照料", tier=Tier.CRITICAL)
    take_in(word=word, origin="", now=NOW)
    assert in_time(NOW) == 1
    contact(report=NeedReport.objects.get(), by=town.lin, now=NOW + timedelta(hours=3))  # two are allowed
    assert in_time(NOW + timedelta(hours=3)) == 0.5
    assert in_time(NOW + timedelta(hours=3), until=SINCE) is None
