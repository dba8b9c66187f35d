"""Overdue visits have a clock, absent colleagues a substitute, and a found case the channel that found it."""

from datetime import timedelta

from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from jiujinan.clocks.models import Clock, Notice
from jiujinan.codes import DiscoveryChannel
from needs.discovery.models import NeedReport, Visit, WatchEntry, WatchGroup
from needs.discovery.services import (
    add_by_hand,
    file,
    install_groups,
    record_visit,
    ring_for_visits,
    stand_in,
    take_in,
)
from needs.services.absences import plan_absence
from tests.needs.discovery.test_reports import word
from tests.town import COUNTY, NOW, Town

LATER = NOW + timedelta(days=2)


def watched(town: Town) -> WatchEntry:
    install_groups()
    return add_by_hand(
        household=town.case().household, group=WatchGroup.objects.earliest("pk"), reason="独居", by=town.lin,
        now=NOW,
    )  # fmt: skip


def visit_clocks() -> list[Clock]:
    return list(Clock.objects.filter(subject=f"visits:{COUNTY}", ended_at=None))


def test_overdue_visits_ring_until_the_last_is_made(town: Town) -> None:
    entry = watched(town)
    assert ring_for_visits(now=NOW) == 0
    assert [ring_for_visits(now=LATER) for _ in range(2)] == [1, 1]
    assert [(one.owner, one.label) for one in visit_clocks()] == [(town.lin, "× 1")]
    today = LATER.date()
    record_visit(entry=entry, on=today, found=Visit.Found.WELL, note="", by=town.lin, now=LATER)
    assert visit_clocks() == []


def test_who_stands_in_gets_the_reports_and_visits_of_an_absent_colleague(town: Town) -> None:
    sun = register_person(username="sun", full_name="Sun", password=None)
    join(user=sun, organisation=town.desk, role=Role.SUPERVISOR)
    watched(town)
    ring_for_visits(now=LATER)
    take_in(word=word(), origin="", now=LATER)
    assert stand_in(now=LATER) == 0
    plan_absence(
        user=town.lin, substitute=sun, starts_on=LATER.date(), ends_on=LATER.date() + timedelta(days=5),
        reason="病假", by=town.lin, now=LATER,
    )  # fmt: skip
    assert [stand_in(now=LATER) for _ in range(2)] == [2, 0]
    report = NeedReport.objects.get()
    assert report.owner == sun
    assert set(Clock.objects.filter(ended_at=None, case=None).values_list("owner", flat=True)) == {sun.pk}
    assert Notice.objects.filter(to=sun, kind="assigned", subject=f"report:{report.pk}").count() == 1
    take_in(word=word(), origin="", now=LATER)
    assert NeedReport.objects.filter(owner=sun).count() == 2


def test_a_case_takes_the_channel_of_a_report_that_came_before_it_only(town: Town) -> None:
    for hours, expected in ((-1, DiscoveryChannel.HOTLINE), (1, DiscoveryChannel.GRID_WORKER)):
        case, at = town.case(), NOW + timedelta(hours=hours)
        take_in(word=word(channel=DiscoveryChannel.HOTLINE), origin="", by=town.lin, now=at)
        file(report=NeedReport.objects.get(state="received"), case=case, by=town.lin, now=at)
        case.refresh_from_db()
        assert case.channel == expected
