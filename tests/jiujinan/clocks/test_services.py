"""Clocks ring: a reminder before, the levels one after another, each once, and nothing without somebody hearing."""

from datetime import datetime, timedelta

import pytest

from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.roles import Role
from jiujinan.clocks.evidence import tell_ending_evidence
from jiujinan.clocks.models import Absence, Clock, ClockRule, Notice
from jiujinan.clocks.queries import substitute_of
from jiujinan.clocks.rules import Level, Step
from jiujinan.clocks.services import mark_read, notify, ring, start, stop
from jiujinan.outbox.models import OutboxEvent
from tests.people import office, person
from tests.town import COUNTY, NOW, PREFECTURE, PROVINCE, Town

HOUR = timedelta(hours=1)


def supervisor(town: Town, name: str, region: str, *, is_township: bool = False) -> User:
    return person(name, office(town, region, is_township=is_township), Role.SUPERVISOR)


@pytest.fixture
def clock(town: Town) -> Clock:
    """A critical case of the county, owned by an officer of its township, due in eight hours."""
    officer = person("xiang", office(town, COUNTY, is_township=True), Role.CASE_OFFICER)
    return start(
        subject="case:1", step=Step.VERIFY, label="T1", region=COUNTY, tier="critical", owner=officer, now=NOW
    )


def heard() -> list[tuple[str, str, str]]:
    return list(Notice.objects.order_by("pk").values_list("to__username", "kind", "level"))


def test_a_reminder_comes_before_the_end_and_only_once(clock: Clock) -> None:
    assert ring(now=clock.due_at - 3 * HOUR).reminders == 0
    assert ring(now=clock.due_at - 2 * HOUR).reminders == 1
    assert ring(now=clock.due_at - HOUR).reminders == 0
    assert heard() == [("xiang", "reminder", "")]


def test_a_late_answer_climbs_from_the_township_to_the_province_each_level_once(
    town: Town, clock: Clock
) -> None:
    for name, region in (("county", COUNTY), ("pref", PREFECTURE), ("prov", PROVINCE)):
        supervisor(town, name, region)
    supervisor(town, "town", COUNTY, is_township=True)
    moment: datetime = clock.due_at
    for _ in range(12):
        ring(now=moment)
        ring(now=moment)  # beat may start it twice
        moment += HOUR
    assert heard() == [
        ("xiang", "overdue", ""),
        ("town", "escalated", "township"),
        ("county", "escalated", "county"),
        ("pref", "escalated", "prefecture"),
        ("prov", "escalated", "province"),
    ]
    clock.refresh_from_db()
    assert (clock.heard, clock.rings_at, clock.ended_at) == (list(Level), None, None)
    told = OutboxEvent.objects.filter(stream__destination="desk")
    assert told.count() == 5
    assert told.filter(kind="notice.escalated").count() == 4


def test_a_level_without_anybody_is_passed_over_at_once(town: Town, clock: Clock) -> None:
    supervisor(town, "pref", PREFECTURE)
    ring(now=clock.due_at)
    assert heard() == [("xiang", "overdue", ""), ("pref", "escalated", "prefecture")]


def test_where_nobody_watches_the_owner_hears_and_the_log_says_so(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    ring(now=clock.due_at)
    assert heard() == [("xiang", "overdue", "")]
    assert "nobody watches over region 990121" in caplog.text


def test_a_clock_that_was_stopped_rings_no_more(clock: Clock) -> None:
    stop(subject="case:1", now=clock.due_at - HOUR)
    ring(now=clock.due_at + HOUR)
    clock.refresh_from_db()
    assert (heard(), clock.outcome) == ([], "met")


def test_an_answer_after_the_end_is_kept_as_late(clock: Clock) -> None:
    stop(subject="case:1", now=clock.due_at + HOUR)
    clock.refresh_from_db()
    assert clock.outcome == "late"


def test_a_step_has_one_running_clock(clock: Clock, town: Town) -> None:
    again = start(subject="case:1", step=Step.VERIFY, region=COUNTY, tier="joint", owner=town.lin, now=NOW)
    assert list(Clock.objects.filter(ended_at=None)) == [again]
    clock.refresh_from_db()
    assert clock.outcome == "replaced"


def test_a_regions_own_limit_comes_before_the_shipped_one(town: Town) -> None:
    ClockRule.objects.create(
        region_id=COUNTY, step="verify", tier="critical", amount=4, unit="hours", remind_before=1,
        escalate_every=1, valid_from=NOW.date(), source="测试县规定", by=town.lin, at=NOW,
    )  # fmt: skip
    made = start(subject="case:2", step=Step.VERIFY, region=COUNTY, tier="critical", owner=town.lin, now=NOW)
    other = start(
        subject="case:3", step=Step.VERIFY, region="990122", tier="critical", owner=town.lin, now=NOW
    )
    assert (made.due_at - NOW, other.due_at - NOW) == (4 * HOUR, 8 * HOUR)


def test_the_end_of_the_time_to_appeal_is_told_and_climbs_nowhere(town: Town) -> None:
    supervisor(town, "county", COUNTY)
    window = start(
        subject="case:4", step=Step.APPEAL_WINDOW, region=COUNTY, tier="joint", owner=town.lin, now=NOW
    )
    assert ring(now=window.due_at).ended == 1
    assert heard() == [("lin", "ended", "")]


def test_a_notice_with_a_known_key_is_not_told_again(town: Town) -> None:
    for _ in range(2):
        notify(to=town.lin, kind="told", subject="case:1", key="once", now=NOW)
    assert Notice.objects.count() == OutboxEvent.objects.filter(stream__destination="desk").count() == 1
    notice = Notice.objects.get()
    assert mark_read(user=town.zhou, notices=[notice.pk], now=NOW) == 0
    assert mark_read(user=town.lin, notices=[notice.pk], now=NOW) == 1


def test_a_substitute_who_is_away_has_one_too_and_a_circle_ends(town: Town) -> None:
    def away(user: User, substitute: User) -> None:
        Absence.objects.create(
            user=user, substitute=substitute, starts_on=NOW.date(), ends_on=NOW.date(), reason="出差",
            by=user, at=NOW, begun_at=NOW,
        )  # fmt: skip

    assert substitute_of(town.lin, NOW) == town.lin
    away(town.lin, town.zhou)
    away(town.zhou, town.wu)
    assert substitute_of(town.lin, NOW) == town.wu
    away(town.wu, town.lin)
    assert substitute_of(town.lin, NOW) == town.wu


def test_papers_that_end_are_told_before_and_after_each_once(town: Town) -> None:
    watcher = supervisor(town, "pref", PREFECTURE)
    end = NOW.date() + timedelta(days=20)
    Organisation.objects.filter(pk=town.agency.pk).update(evidence_expires_on=end)
    assert tell_ending_evidence(now=NOW - timedelta(days=20)) == 0
    for _ in range(2):
        tell_ending_evidence(now=NOW)
    assert {name for name, _, _ in heard()} == {"luo", "lin", watcher.username}
    tell_ending_evidence(now=NOW + timedelta(days=21))
    assert Notice.objects.filter(kind="overdue").count() == 3
