"""Conferences, flags, the beneficiary, and what is late or committed."""

from datetime import date, timedelta

import pytest

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.audit.models import AuditEntry
from jiujinan.clocks.models import Notice
from jiujinan.clocks.services import ring
from needs.models import CaseRecord, IntegrityFlag, IntegrityRule, Need, Person
from needs.services import conferences, coverage, facts, flags
from needs.services.cases import take_up, verify
from needs.services.refusals import NotReady
from tests.people import running
from tests.town import NOW, PREFECTURE, Town

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


def held(town: Town, case: CaseRecord, decision: str, people: list[User]) -> object:
    return conferences.hold_conference(
        case=case, held_on=NOW.date(), participants=people, guests="医保局", minutes="讨论纪要", decision=decision,
        reason="支出过大", by=town.lin, now=LATER,
    )  # fmt: skip


def test_a_conference_of_three_decides_and_its_decision_is_carried_out_in_time(
    town: Town, zheng: User
) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    with pytest.raises(NotReady, match="too_few"):
        held(town, case, "hard_case", [town.lin, town.zhou, town.lin])
    with pytest.raises(NotReady, match="another_region"):
        held(town, case, "hard_case", [town.lin, town.zhou, town.chen])
    conference = held(town, case, "hard_case", [town.lin, town.zhou, zheng])
    assert running(case) == {"verify", "conference"}
    with pytest.raises(NotReady, match="conference_decided"):
        verify(case=case, by=town.zhou, now=LATER)
    with pytest.raises(NotAllowed):
        conferences.apply_conference(conference=conference, by=town.lin, now=LATER)  # type: ignore[arg-type]
    conferences.apply_conference(conference=conference, by=town.zhou, now=LATER)  # type: ignore[arg-type]
    case.refresh_from_db()
    assert (case.is_hard_case, running(case)) == (True, {"verify"})
    assert b"\xe8\xae\xa8" not in bytes(case.conferences.get().minutes.blob)


@pytest.mark.parametrize(
    ("decision", "state"),
    [("verify", "verified"), ("refuse", "refused"), ("return", "returned"), ("raise_tier", "under_verification")],
)  # fmt: skip
def test_what_a_conference_decided_happens(town: Town, zheng: User, decision: str, state: str) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    conference = held(town, case, decision, [town.lin, town.zhou, zheng])
    conferences.apply_conference(conference=conference, by=town.zhou, now=LATER)  # type: ignore[arg-type]
    case.refresh_from_db()
    assert case.state == state
    assert (case.tier == "critical") is (decision == "raise_tier")


def test_a_flag_warns_or_stops_as_the_region_says_and_ends_by_its_clock(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    IntegrityRule.objects.create(
        region_id=PREFECTURE, kind="false_statement", effect="blocks", months=6, valid_from=NOW.date(),
        source="市惩戒办法", by=town.lin, at=NOW,
    )  # fmt: skip

    def flag(kind: str, by: User) -> IntegrityFlag:
        return flags.raise_flag(
            case=case, kind=kind, evidence="银行流水", decision_number="1号", by=by, now=NOW
        )

    with pytest.raises(NotAllowed):
        flag("false_statement", town.lin)
    warns, blocks = flag("misused_help", town.zhou), flag("false_statement", town.zhou)
    assert (warns.effect, blocks.effect, blocks.expires_on) == ("warns", "blocks", date(2027, 1, 6))
    with pytest.raises(NotReady, match="integrity_flag"):
        verify(case=case, by=town.zhou, now=LATER)
    assert flags.expire_flags(now=NOW + 30 * DAY) == 0
    assert [flags.expire_flags(now=NOW + 190 * DAY) for _ in range(2)] == [1, 0]
    assert Notice.objects.filter(to=town.lin, step="integrity", kind="ended").count() == 1
    verify(case=case, by=town.zhou, now=NOW + 190 * DAY)


def test_no_flag_keeps_help_from_the_critical_tier(town: Town) -> None:
    case = take_up(case=town.case(tier="critical"), by=town.lin, now=NOW)
    IntegrityRule.objects.create(
        region_id=PREFECTURE, kind="false_statement", effect="blocks", months=6, valid_from=NOW.date(),
        source="市惩戒办法", by=town.lin, at=NOW,
    )  # fmt: skip
    flags.raise_flag(
        case=case, kind="false_statement", evidence="流水", decision_number="1号", by=town.zhou, now=NOW
    )
    assert verify(case=case, by=town.zhou, now=LATER).state == "verified"


def test_the_beneficiary_is_of_the_household_alone(town: Town) -> None:
    case, stranger = town.case(), town.case()
    outside = Person.objects.get(household=stranger.household_id)
    with pytest.raises(NotReady, match="not_of_the_household"):
        facts.set_beneficiary(case=case, person=outside, reason="助学", by=town.lin, now=LATER)
    inside = Person.objects.get(household=case.household_id)
    facts.set_beneficiary(case=case, person=inside, reason="助学", by=town.lin, now=LATER)
    case.refresh_from_db()
    assert case.beneficiary == inside


def test_a_late_case_climbs_and_its_trail_says_so(town: Town, zheng: User) -> None:
    case = town.case(tier="critical")
    ring(now=NOW + timedelta(hours=3))
    assert Notice.objects.filter(to=zheng, kind="escalated", level="prefecture").count() == 1
    assert AuditEntry.objects.filter(stream=f"case:{case.pk}", action="clock.escalate").count() == 1


def test_more_than_is_committed_cannot_be_taken_away_from_an_item(town: Town) -> None:
    need: Need = town.verified()
    item = need.items.get()
    coverage.commit(item=item, amount=200_000, now=LATER)
    with pytest.raises(coverage.GapExceeded):
        facts.revise_item(
            item=item,
            required=300_000,
            government=150_000,
            insurance=0,
            reason="报销",
            by=town.lin,
            now=LATER,
        )
    revised = facts.revise_item(
        item=item, required=300_000, government=100_000, insurance=0, reason="报销", by=town.lin, now=LATER
    )
    assert revised.gap == 0
