"""What happens on the way to a decision: questions, levels, checks, consents, conferences, appeals, flags, clocks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import OrganisationKind, Role
from jiujinan.accounts.services import join, register_organisation, register_person
from jiujinan.audit.models import AuditEntry
from jiujinan.clocks.models import Clock, Duty, Notice
from jiujinan.clocks.services import ring
from jiujinan.outbox.models import OutboxEvent
from needs.models import ApprovalRule, CaseRecord, IntegrityFlag, IntegrityRule, Need, Person
from needs.services import appeals, checks, conferences, coverage, facts, flags, owners
from needs.services.absences import end_absence, move_absences, plan_absence
from needs.services.cases import refuse, return_for_more, take_up, verify
from needs.services.help_first import suspend_overdue_files
from needs.services.refusals import NotReady
from needs.services.returns import answer
from needs.states import CaseState
from tests.town import COUNTY, NEXT_COUNTY, NOW, PREFECTURE, Town

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


def person(name: str, place: Organisation, *roles: Role) -> User:
    user = register_person(username=name, full_name=name, password=None)
    for role in roles:
        join(user=user, organisation=place, role=role)
    return user


def office(town: Town, region: str, *, is_township: bool = False) -> Organisation:
    unit = register_organisation(
        name=f"{region}-{is_township}", kind=OrganisationKind.CIVIL_AFFAIRS, region=region, credit_code=None,
        by=town.lin, now=NOW,
    )  # fmt: skip
    Organisation.objects.filter(pk=unit.pk).update(is_township=is_township)
    unit.refresh_from_db()
    return unit


@pytest.fixture
def zheng(town: Town) -> User:
    return person("zheng", town.desk, Role.SUPERVISOR)


def running(case: CaseRecord) -> set[str]:
    return set(Clock.objects.filter(case=case.pk, ended_at=None).values_list("step", flat=True))


# --- one owner from the first minute -----------------------------------------------------------------


def test_a_new_case_belongs_to_the_least_burdened_officer_of_the_nearest_unit(town: Town) -> None:
    county = office(town, COUNTY)
    tang, song = person("tang", county, Role.CASE_OFFICER), person("song", county, Role.CASE_OFFICER)
    assert [town.case().owner for _ in range(3)] == [tang, song, tang]
    assert town.case(region=NEXT_COUNTY).owner == town.lin
    assert Notice.objects.filter(to=song, kind="assigned").count() == 1


def test_the_regions_duty_comes_before_the_nearest_unit_and_an_absent_one_is_stood_in_for(
    town: Town, zheng: User
) -> None:
    person("tang", office(town, COUNTY), Role.CASE_OFFICER)
    Duty.objects.create(
        region_id=PREFECTURE, user=town.lin, valid_from=NOW.date(), source="值班表", by=zheng, at=NOW
    )
    assert town.case().owner == town.lin
    plan_absence(
        user=town.lin, substitute=zheng, starts_on=NOW.date(), ends_on=NOW.date(), reason="病假", by=zheng, now=NOW
    )  # fmt: skip
    assert town.case().owner == zheng


def test_where_no_unit_has_an_officer_whoever_brings_the_case_owns_it(town: Town) -> None:
    town.lin.memberships.all().delete()
    case = CaseRecord(region_id=COUNTY, tier="joint", number="X")
    owners.receive(cases=[case], by=town.wu, now=NOW)
    assert case.owner == town.wu


def test_the_database_takes_no_case_without_an_owner(town: Town) -> None:
    case = town.case()
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseRecord.objects.filter(pk=case.pk).update(owner=None)


def test_each_step_has_its_clock_and_no_other_runs(town: Town) -> None:
    case = town.case()
    assert running(case) == {"take_up"}
    case = take_up(case=case, by=town.lin, now=NOW)
    assert running(case) == {"verify"}
    case = return_for_more(case=case, reason="缺材料", by=town.zhou, now=LATER)
    assert running(case) == {"complete"}
    case = take_up(case=case, by=town.lin, now=LATER)
    refuse(case=case, reason="不符合", by=town.zhou, now=LATER)
    assert running(case) == {"appeal_window"}
    assert Clock.objects.get(case=case.pk, ended_at=None).owner == town.lin


def test_a_case_passes_on_with_its_clocks_by_its_owner_or_a_supervisor(town: Town, zheng: User) -> None:
    song = person("song", town.desk, Role.CASE_OFFICER)
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    for by, to in ((song, song), (town.zhou, song), (town.lin, town.zhou)):
        with pytest.raises(NotAllowed):
            owners.reassign(case=case, to=to, reason="调岗", by=by, now=LATER)
    owners.reassign(case=case, to=song, reason="调岗", by=town.lin, now=LATER)
    owners.reassign(case=case, to=town.lin, reason="调回", by=zheng, now=LATER)
    owners.reassign(case=case, to=song, reason="再调", by=zheng, now=LATER)
    case.refresh_from_db()
    assert case.owner == Clock.objects.get(case=case.pk, ended_at=None).owner == song
    assert Notice.objects.filter(to=song, kind="assigned").count() == 2


def test_an_absence_hands_over_on_its_first_day_and_gives_back_what_is_left(town: Town, zheng: User) -> None:
    song = person("song", town.desk, Role.CASE_OFFICER)
    kept, passed = town.case(), town.case()
    CaseRecord.objects.update(owner=town.lin)
    monday = NOW.date() + DAY
    absence = plan_absence(
        user=town.lin, substitute=song, starts_on=monday, ends_on=monday + DAY, reason="培训", by=town.lin, now=NOW
    )  # fmt: skip
    assert CaseRecord.objects.filter(owner=town.lin).count() == 2
    assert move_absences(now=NOW + DAY) == (1, 0)
    assert CaseRecord.objects.filter(owner=song).count() == 2
    owners.reassign(case=passed, to=zheng, reason="接手", by=zheng, now=NOW + DAY)
    assert move_absences(now=NOW + DAY) == (0, 0)
    assert move_absences(now=NOW + 3 * DAY) == (0, 1)
    kept.refresh_from_db()
    passed.refresh_from_db()
    assert (kept.owner, passed.owner) == (town.lin, zheng)
    assert end_absence(absence=absence, by=None, now=NOW + 4 * DAY) == 0
    assert set(Notice.objects.filter(step="absence").values_list("to__username", "kind")) == {
        ("song", "handed_over"), ("lin", "returned"),
    }  # fmt: skip


def test_what_a_substitute_may_not_have_stays_and_is_told(town: Town, zheng: User) -> None:
    tang = person("tang", office(town, COUNTY), Role.CASE_OFFICER)
    mine, theirs = town.case(region=COUNTY), town.case(region=NEXT_COUNTY)
    CaseRecord.objects.update(owner=town.lin)
    plan_absence(
        user=town.lin, substitute=tang, starts_on=NOW.date(), ends_on=NOW.date(), reason="病假", by=zheng, now=NOW
    )  # fmt: skip
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.owner, theirs.owner) == (tang, town.lin)
    assert Notice.objects.filter(to=zheng, kind="told").exists()


# --- levels, single items, three people ---------------------------------------------------------------


def test_the_amount_and_the_tier_decide_which_level_verifies(town: Town) -> None:
    for level, up_to in (("township", 200_000), ("county", 1_000_000), ("prefecture", None)):
        ApprovalRule.objects.create(
            region_id=PREFECTURE, level=level, up_to_fen=up_to, valid_from=NOW.date(), source="市办法", by=town.lin,
            at=NOW,
        )  # fmt: skip
    township = person("xiang", office(town, COUNTY, is_township=True), Role.VERIFIER)
    county = person("xian", office(town, COUNTY), Role.VERIFIER)

    def case(yuan: int) -> CaseRecord:
        return take_up(case=town.case(yuan=yuan), by=town.lin, now=NOW)

    verify(case=case(2_000), by=township, now=LATER)
    for by, yuan, level in ((township, 2_001, "county"), (county, 10_001, "prefecture")):
        with pytest.raises(NotReady, match=f"level_{level}"):
            verify(case=case(yuan), by=by, now=LATER)
    verify(case=case(10_000), by=county, now=LATER)
    verify(case=case(10_001), by=town.zhou, now=LATER)


def test_one_item_is_asked_about_and_its_answer_brings_the_case_back(town: Town) -> None:
    items = [
        {"kind": "cash", "category": "medical", "unit": "fen", "required": 100_000},
        {"kind": "cash", "category": "schooling", "unit": "fen", "required": 50_000},
    ]
    case = take_up(case=town.case(items=items), by=town.lin, now=NOW)
    asked, other = case.need.items.all()
    with pytest.raises(NotReady, match="item_unknown"):
        return_for_more(
            case=case, reason="缺票", questions={town.case().need.items.get().pk: "?"}, by=town.zhou, now=NOW
        )
    return_for_more(case=case, reason="缺票", questions={asked.pk: "缺发票"}, by=town.zhou, now=LATER)
    question = case.item_returns.get()
    assert (question.item, case.item_returns.filter(item=other).exists()) == (asked, False)
    with pytest.raises(NotAllowed):
        answer(question=question, text="已补", by=town.zhou, now=LATER)
    back = answer(question=question, text="已补", by=town.lin, now=LATER)
    assert (back.state, running(back)) == (CaseState.UNDER_VERIFICATION, {"verify"})
    with pytest.raises(NotReady, match="already_answered"):
        answer(question=question, text="又补", by=town.lin, now=LATER)
    verify(case=back, by=town.zhou, now=LATER)


def test_an_open_question_stops_verifying_even_when_the_case_was_taken_up_again(town: Town) -> None:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    item = case.need.items.get()
    return_for_more(case=case, reason="缺票", questions={item.pk: "缺发票"}, by=town.zhou, now=LATER)
    case = take_up(case=case, by=town.lin, now=LATER)
    with pytest.raises(NotReady, match="item_returned"):
        verify(case=case, by=town.zhou, now=LATER)
    answer(question=case.item_returns.get(), text="已补", by=town.lin, now=LATER)
    verify(case=case, by=town.zhou, now=LATER)


# --- refusal and appeal ---------------------------------------------------------------------------------


def refused(town: Town) -> CaseRecord:
    case = take_up(case=town.case(), by=town.lin, now=NOW)
    return refuse(case=case, reason="核对未通过", by=town.zhou, now=NOW)


def test_an_appeal_is_decided_by_another_person_under_a_clock(town: Town, zheng: User) -> None:
    case = refused(town)
    appeal = appeals.file_appeal(case=case, grounds="收入有误", filed_on=NOW.date(), by=town.lin, now=LATER)
    assert running(case) == {"appeal"}
    for by in (town.zhou, town.lin, town.wu):
        with pytest.raises(NotAllowed):
            appeals.decide_appeal(appeal=appeal, outcome="overturned", reason="属实", by=by, now=LATER)
    case = appeals.decide_appeal(appeal=appeal, outcome="overturned", reason="属实", by=zheng, now=LATER)
    assert (case.state, case.verifier, running(case)) == (CaseState.UNDER_VERIFICATION, None, {"verify"})
    with pytest.raises(NotAllowed):
        verify(case=case, by=town.zhou, now=LATER)  # who refused does not decide again
    verify(case=case, by=person("new", town.desk, Role.VERIFIER), now=LATER)
    kinds = OutboxEvent.objects.filter(stream__subject=f"case:{case.pk}", stream__destination="case-record")
    assert list(kinds.order_by("seq").values_list("kind", flat=True))[-3:] == [
        "case.appealed", "appeal.overturned", "case.verified",
    ]  # fmt: skip


def test_an_appeal_that_fails_leaves_the_refusal_and_is_answered(town: Town, zheng: User) -> None:
    case = refused(town)
    appeal = appeals.file_appeal(case=case, grounds="不服", filed_on=NOW.date(), by=town.lin, now=LATER)
    with pytest.raises(NotReady, match="appeal_open"):
        appeals.file_appeal(case=case, grounds="不服", filed_on=NOW.date(), by=town.lin, now=LATER)
    case = appeals.decide_appeal(appeal=appeal, outcome="upheld", reason="收入属实", by=zheng, now=LATER)
    assert (case.state, case.due_at, running(case)) == (CaseState.REFUSED, None, set())
    with pytest.raises(NotReady, match="already_decided"):
        appeals.decide_appeal(appeal=appeal, outcome="overturned", reason="改判", by=zheng, now=LATER)


def test_an_appeal_comes_too_late_after_its_time_whose_end_is_told(town: Town) -> None:
    case = refused(town)
    assert case.appeal_until is not None
    with pytest.raises(NotReady, match="appeal_too_late"):
        appeals.file_appeal(
            case=case, grounds="不服", filed_on=case.appeal_until + DAY, by=town.lin, now=NOW + 61 * DAY
        )
    assert ring(now=NOW + 61 * DAY).ended == 1


# --- check, consent, help first ------------------------------------------------------------------------


def checked(case: CaseRecord, by: User, result: str) -> None:
    checks.record_check(
        case=case, result=result, scope=["income", "deposits"], checked_on=NOW.date(), authority="核对中心",
        reference="", by=by, now=LATER,
    )  # fmt: skip


def consent(case: CaseRecord, by: User, kind: str) -> None:
    checks.give_consent(case=case, kind=kind, scope="", given_by="self", given_on=NOW.date(), by=by, now=NOW)


def test_a_check_needs_consent_and_a_scope_and_stands_on_the_record(town: Town) -> None:
    case = take_up(case=town.case(economic_check="pending"), by=town.lin, now=NOW)
    with pytest.raises(NotReady, match="check_consent_missing"):
        checked(case, town.lin, "passed")
    consent(case, town.lin, "economic_check")
    with pytest.raises(NotReady, match="consent_stands"):
        consent(case, town.lin, "economic_check")
    with pytest.raises(NotReady, match="economic_check_pending"):
        verify(case=case, by=town.zhou, now=LATER)
    checked(case, town.lin, "passed")
    verify(case=case, by=town.zhou, now=LATER)
    assert case.checks.get().scope == ["deposits", "income"]


def test_help_first_starts_the_clock_of_its_file_and_suspends_further_help_when_it_is_late(
    town: Town,
) -> None:
    need = town.verified(tier="critical", economic_check="pending")
    case = CaseRecord.objects.get(pk=need.case_id)
    assert case.file_due_at is not None
    assert running(case) == {"file"}
    coverage.commit(item=need.items.get(), amount=1000, now=LATER)
    assert suspend_overdue_files(now=case.file_due_at - DAY) == 0
    assert [suspend_overdue_files(now=case.file_due_at) for _ in range(2)] == [1, 0]
    with pytest.raises(coverage.NeedNotServed, match="file_overdue"):
        coverage.commit(item=need.items.get(), amount=1000, now=LATER)
    assert ring(now=case.file_due_at).escalations == 1
    consent(case, town.lin, "economic_check")
    checked(case, town.lin, "passed")
    case.refresh_from_db()
    assert case.file_completed_at == LATER
    assert running(case) == set()
    coverage.commit(item=need.items.get(), amount=1000, now=LATER)
    kinds = OutboxEvent.objects.filter(stream__subject=f"case:{case.pk}").values_list("kind", flat=True)
    assert {"case.file_overdue", "case.file_completed"} <= set(kinds)


def test_a_check_that_fails_after_help_first_suspends_what_is_still_to_come(town: Town) -> None:
    need = town.verified(tier="critical", economic_check="pending")
    case = CaseRecord.objects.get(pk=need.case_id)
    consent(case, town.lin, "economic_check")
    checked(case, town.lin, "failed")
    with pytest.raises(coverage.NeedNotServed, match="economic_check_failed"):
        coverage.commit(item=need.items.get(), amount=1000, now=LATER)


def test_withdrawing_consent_needs_one_and_is_told_to_the_gate(town: Town) -> None:
    case = town.case(consent_on=None)
    with pytest.raises(NotReady, match="consent_missing"):
        checks.withdraw_consent(
            case=case, kind="publication", withdrawn_on=NOW.date(), reason="本人要求", by=town.lin, now=LATER
        )
    consent(case, town.lin, "publication")
    with pytest.raises(NotReady, match="withdrawn_before_given"):
        checks.withdraw_consent(
            case=case, kind="publication", withdrawn_on=date(2020, 1, 1), reason="本人要求", by=town.lin, now=LATER
        )  # fmt: skip
    case = checks.withdraw_consent(
        case=case, kind="publication", withdrawn_on=NOW.date(), reason="本人要求", by=town.lin, now=LATER
    )
    assert (case.consent_on, case.consent_withdrawn_on) == (NOW.date(), NOW.date())


# --- conference, flags, beneficiary --------------------------------------------------------------------


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
