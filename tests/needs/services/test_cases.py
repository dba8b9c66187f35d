"""The officer's and the verifier's acts on a case: three different people, clocks, answers, traces."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation, register_person
from jiujinan.audit.models import AuditEntry
from jiujinan.audit.services import first_broken_entry
from jiujinan.outbox.models import OutboxEvent
from jiujinan.regions.calendar import is_working_day
from jiujinan.states import ForbiddenAct
from needs.models import CaseRecord
from needs.services.cases import NotReady, refuse, return_for_more, take_up, verify
from needs.states import CaseState, NeedState
from tests.town import NEXT_COUNTY, NOW, Town

LATER = NOW + timedelta(hours=1)


def told(case: CaseRecord) -> list[str]:
    """Return what the source of the case was told, in order."""
    events = OutboxEvent.objects.filter(stream__destination="case-record", stream__subject=f"case:{case.pk}")
    return list(events.order_by("seq").values_list("kind", flat=True))


def test_taking_up_makes_the_officer_the_owner_scores_the_need_and_starts_the_clock(town: Town) -> None:
    case = take_up(case=town.case(tier="critical"), by=town.lin, now=NOW)
    case.refresh_from_db()
    assert (case.state, case.officer, case.owner) == (CaseState.UNDER_VERIFICATION, town.lin, town.lin)
    assert case.due_at == NOW + timedelta(hours=8)
    assert case.need.score == sum(case.need.score_parts.values()) > 0
    assert told(case) == ["case.under_verification"]


@pytest.mark.parametrize("name", ["zhou", "wu", "chen", "luo"])
def test_only_a_case_officer_takes_up(town: Town, name: str) -> None:
    with pytest.raises(NotAllowed):
        take_up(case=town.case(), by=getattr(town, name), now=NOW)


def test_an_officer_of_another_county_does_not_take_up(town: Town) -> None:
    office = register_organisation(
        name="临溪县民政局",
        kind=OrganisationKind.CIVIL_AFFAIRS,
        region=NEXT_COUNTY,
        credit_code=None,
        by=town.lin,
        now=NOW,
    )
    neighbour = register_person(username="neighbour", full_name="邻", password=None)
    join(user=neighbour, organisation=office, role=Role.CASE_OFFICER)
    with pytest.raises(NotAllowed):
        take_up(case=town.case(), by=neighbour, now=NOW)
    assert take_up(case=town.case(region=NEXT_COUNTY), by=neighbour, now=NOW).officer == neighbour


def test_nobody_verifies_what_they_took_in_themselves(town: Town) -> None:
    join(user=town.lin, organisation=town.desk, role=Role.VERIFIER)
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    for act in (verify, lambda **facts: refuse(reason="无困难", **facts)):
        with pytest.raises(NotAllowed):
            act(case=case, by=town.lin, now=LATER)
    case.refresh_from_db()
    assert case.state == CaseState.UNDER_VERIFICATION
    assert verify(case=case, by=town.zhou, now=LATER).state == NeedState.VERIFIED


@pytest.mark.parametrize("pair", ["officer verifier", "officer publisher", "verifier publisher"])
def test_the_database_refuses_one_person_for_two_duties_of_a_case(town: Town, pair: str) -> None:
    case = town.case()
    with pytest.raises(IntegrityError, match="three_people_for_one_case"), transaction.atomic():
        CaseRecord.objects.filter(pk=case.pk).update(**dict.fromkeys(pair.split(), town.lin))


def test_a_verified_case_is_answered_and_its_clock_stops(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    need = verify(case=case, by=town.zhou, now=LATER)
    case.refresh_from_db()
    assert (case.state, case.verifier, case.due_at) == (CaseState.VERIFIED, town.zhou, None)
    assert (need.state, need.verified_at) == (NeedState.VERIFIED, LATER)
    assert told(case) == ["case.under_verification", "case.verified"]


@pytest.mark.parametrize(
    ("facts", "obstacles"),
    [
        ({"economic_check": "pending"}, ["economic_check_pending"]),
        ({"economic_check": "failed", "tier": "critical"}, ["economic_check_failed"]),
    ],
)
def test_a_case_that_is_not_ready_is_not_verified_and_says_why(
    town: Town, facts: dict[str, str], obstacles: list[str]
) -> None:
    case = take_up(case=town.case(**facts), by=town.lin, now=NOW)
    with pytest.raises(NotReady) as refusal:
        verify(case=case, by=town.zhou, now=LATER)
    assert refusal.value.obstacles == obstacles
    case.need.refresh_from_db()
    assert case.need.state == NeedState.DRAFT


def test_a_case_that_lacks_nothing_is_not_verified(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    case.need.items.all().delete()
    with pytest.raises(NotReady, match="nothing_lacking"):
        verify(case=case, by=town.zhou, now=LATER)


def test_the_critical_tier_is_helped_before_the_economic_check_is_back(town: Town) -> None:
    need = town.verified(tier="critical", economic_check="pending")
    assert need.state == NeedState.VERIFIED


def test_a_case_returned_for_more_keeps_its_owner_under_a_fresh_clock_and_comes_again(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    first_due = case.due_at
    case = return_for_more(case=case, reason="缺诊断证明", by=town.zhou, now=NOW + timedelta(days=7))
    assert (case.state, case.owner, case.state_reason) == (CaseState.RETURNED, town.lin, "缺诊断证明")
    assert case.due_at > first_due
    case = take_up(case=case, by=town.lin, now=NOW + timedelta(days=8))
    verify(case=case, by=town.zhou, now=NOW + timedelta(days=9))
    assert told(case) == [
        "case.under_verification", "case.returned", "case.under_verification", "case.verified",
    ]  # fmt: skip


@pytest.mark.parametrize("reason", ["", " \n\t"])
def test_a_case_is_neither_refused_nor_returned_without_a_reason(town: Town, reason: str) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    for act in (refuse, return_for_more):
        with pytest.raises(NotReady, match="reason_missing"):
            act(case=case, reason=reason, by=town.zhou, now=LATER)
    assert told(case) == ["case.under_verification"]


def test_a_reason_longer_than_its_field_is_refused_on_every_database(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    for act in (refuse, return_for_more):
        with pytest.raises(NotReady, match="reason_too_long"):
            act(case=case, reason="缺" * 301, by=town.zhou, now=LATER)
    assert refuse(case=case, reason="缺" * 300, by=town.zhou, now=LATER).state == CaseState.REFUSED


def test_a_refused_case_tells_its_reason_and_serves_nobody(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    case = refuse(case=case, reason="核对未通过", by=town.zhou, now=LATER)
    assert (case.state, case.due_at, case.verifier) == (CaseState.REFUSED, None, town.zhou)
    event = OutboxEvent.objects.get(kind="case.refused")
    assert event.payload == {
        "source": case.source,
        "number": case.number,
        "state": "refused",
        "reason": "核对未通过",
        "appeal_until": "2026-09-04",
    }
    assert case.appeal_until == date(2026, 9, 4)  # 60 days
    assert case.need.state == NeedState.DRAFT


def test_an_act_that_the_table_forbids_changes_and_tells_nothing(town: Town) -> None:
    case = town.case()
    for act in (verify, lambda **facts: refuse(reason="无困难", **facts)):
        with pytest.raises(ForbiddenAct):
            act(case=case, by=town.zhou, now=NOW)
    need = town.verified()
    with pytest.raises(ForbiddenAct):
        take_up(case=need.case, by=town.lin, now=LATER)
    case.refresh_from_db()
    assert (case.state, case.verifier, told(case)) == (CaseState.RECEIVED, None, [])


def test_two_rounds_of_one_case_at_the_same_moment_are_both_told(town: Town) -> None:
    case = town.case()
    for _ in range(2):
        case = take_up(case=case, by=town.lin, now=NOW)
        case = return_for_more(case=case, reason="缺材料", by=town.zhou, now=NOW)
    assert told(case) == ["case.under_verification", "case.returned"] * 2


def test_a_deadline_in_working_days_is_counted_in_local_days(town: Town) -> None:
    saturday = datetime(2026, 7, 10, 17, 0, tzinfo=UTC)  # Saturday, one o'clock in the morning in Beijing
    case = take_up(case=town.case(tier="joint"), by=town.lin, now=saturday)
    assert case.due_at == datetime(2026, 7, 30, 17, 0, tzinfo=UTC)  # fifteen working days: Friday the 31st
    assert is_working_day((case.due_at + timedelta(hours=8)).date())


def test_every_act_leaves_its_entry_in_the_cases_own_trail(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    case = return_for_more(case=case, reason="缺材料", by=town.zhou, now=LATER)
    case = take_up(case=case, by=town.lin, now=LATER + timedelta(hours=1))
    refuse(case=case, reason="核对未通过", by=town.zhou, now=LATER + timedelta(hours=2))
    trail = AuditEntry.objects.filter(stream=f"case:{case.pk}")
    assert list(trail.values_list("action", "by__username", "reason")) == [
        ("case.take_up", "lin", ""),
        ("case.return", "zhou", "缺材料"),
        ("case.take_up", "lin", ""),
        ("case.refuse", "zhou", "核对未通过"),
    ]
    assert first_broken_entry(stream=f"case:{case.pk}") is None
