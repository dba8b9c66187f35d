"""What happens on the way to a decision: questions, levels, checks, consents, appeals."""

from datetime import date, timedelta

import pytest

from jiujinan.accounts.models import User
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.accounts.roles import Role
from jiujinan.clocks.services import ring
from jiujinan.outbox.models import OutboxEvent
from needs.models import ApprovalRule, CaseRecord
from needs.services import appeals, checks, coverage
from needs.services.cases import refuse, return_for_more, take_up, verify
from needs.services.help_first import suspend_overdue_files
from needs.services.refusals import NotReady
from needs.services.returns import answer
from needs.states import CaseState
from tests.people import office, person, running
from tests.town import COUNTY, NOW, PREFECTURE, Town

LATER = NOW + timedelta(hours=1)
DAY = timedelta(days=1)


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
