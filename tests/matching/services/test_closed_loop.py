"""From a match to the household and back to those who are told, on a small town."""

from datetime import timedelta

import pytest

from donors.ledger.models import FundBalance
from jiujinan.accounts.predicates import NotAllowed
from jiujinan.outbox.models import OutboxEvent
from matching.eligibility import OutsideCharter
from matching.explaining import rule_names
from matching.main_job.telling import write_backs
from matching.models import Commitment, Proposal, Referral
from matching.queries import why_item, why_supply
from matching.services.delivery import (
    KeyReused,
    SecondApprovalMissing,
    deliver_commitment,
    release_commitment,
)
from matching.services.proposals import AlreadyAnswered, accept_proposal, decline_proposal
from matching.services.referrals import OutcomeMissing, advance_referral, give_sessions
from matching.services.runs import replay, run_matching
from matching.states import DeclineReason, ProposalState, ReferralState
from needs.models import Need, NeedItem
from needs.services import crowd
from needs.services.gate import decide
from tests.town import NOW, Town


def published(town: Town, **facts: object) -> Need:
    """Return one published need among a crowd that was published with it."""
    need = town.verified(**facts)
    town.crowd(24, **facts)
    assert decide(need=need, by=town.wu, now=NOW, plan=crowd.plan(now=NOW)).outcome == "published"
    return need


def test_money_goes_from_the_fund_to_the_household_and_everyone_is_told(town: Town, tmp_path: object) -> None:
    need = published(town, yuan=3000)
    fund = town.fund(yuan=10_000)
    run = run_matching(by=town.chen, now=NOW)
    proposal = Proposal.objects.get(run=run)
    assert (proposal.fund, proposal.amount) == (fund, 300_000)
    assert "region" in rule_names(proposal.rules_passed)

    commitment = accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert isinstance(commitment, Commitment)
    item = NeedItem.objects.get(need=need)
    balance = FundBalance.objects.get(fund=fund)
    assert (item.gap, balance.available_fen, balance.reserved_fen) == (0, 700_000, 300_000)

    paid = deliver_commitment(
        commitment=commitment, amount=300_000, key="p1", payer=town.he, approver=None, now=NOW, bank_line="B1"
    )
    balance.refresh_from_db()
    item.refresh_from_db()
    assert (balance.reserved_fen, balance.disbursed_fen, item.fulfilled) == (0, 300_000, 300_000)
    assert paid.receipt
    lines = write_backs(tmp_path / "out.jsonl", now=NOW)  # type: ignore[operator]
    kinds = list(
        OutboxEvent.objects.filter(stream__subject=f"case:{need.case_id}").values_list("kind", flat=True)
    )
    assert kinds[-3:] == ["need.published", "help.committed", "help.delivered"]
    assert lines >= len(kinds)


def test_accepting_twice_has_one_effect(town: Town) -> None:
    published(town)
    town.fund()
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    first = accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert accept_proposal(proposal=proposal, by=town.chen, now=NOW) == first
    with pytest.raises(AlreadyAnswered):
        accept_proposal(proposal=proposal, by=town.chen, now=NOW, amount=1)


def test_only_those_who_answer_for_a_fund_answer_its_proposals(town: Town) -> None:
    published(town)
    town.fund()
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    for stranger in (town.qian, town.lin, town.he):
        with pytest.raises(NotAllowed):
            accept_proposal(proposal=proposal, by=stranger, now=NOW)


def test_a_declined_proposal_is_offered_again_by_the_next_run(town: Town) -> None:
    published(town)
    town.fund()
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    decline_proposal(proposal=proposal, reason=DeclineReason.NOT_NOW, by=town.chen, now=NOW)
    again = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    assert (again.item, again.state) == (proposal.item, ProposalState.PROPOSED)


def test_an_open_proposal_holds_its_money_and_gap_against_the_next_run(town: Town) -> None:
    published(town)
    town.fund()
    run_matching(by=town.chen, now=NOW)
    assert not Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)).exists()


def test_a_proposal_past_its_time_is_not_accepted(town: Town) -> None:
    published(town)
    town.fund()
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    with pytest.raises(AlreadyAnswered):
        accept_proposal(proposal=proposal, by=town.chen, now=NOW + timedelta(days=60))


def test_a_cap_for_each_case_holds_over_all_its_items(town: Town) -> None:
    items = [
        {"kind": "cash", "category": category, "unit": "fen", "required": 200_000}
        for category in ("medical", "living")
    ]
    published(town, items=items)
    fund = town.fund(per_case_cap_fen=250_000)
    for proposal in Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)):
        accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert FundBalance.objects.get(fund=fund).reserved_fen == 250_000


def test_a_charter_amended_after_the_run_is_asked_again(town: Town) -> None:
    from donors.services import amend_charter

    published(town)
    fund = town.fund()
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    amend_charter(
        fund=fund,
        changes={"regions": ["990122"]},
        by=town.chen,
        now=NOW,
        reason="限定临溪县",
        donor_consent="信函 1",
        donor_consent_on=NOW.date(),
    )
    with pytest.raises(OutsideCharter):
        accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert FundBalance.objects.get(fund=fund).reserved_fen == 0


def test_a_released_commitment_gives_gap_and_money_back(town: Town) -> None:
    need = published(town)
    fund = town.fund()
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    commitment = accept_proposal(proposal=proposal, by=town.chen, now=NOW)
    assert isinstance(commitment, Commitment)
    release_commitment(commitment=commitment, reason="另有安排", by=town.chen, now=NOW)
    assert NeedItem.objects.get(need=need).gap == 300_000
    assert FundBalance.objects.get(fund=fund).available_fen == 1_000_000


def test_payer_and_approver_are_two_people_with_their_roles(town: Town) -> None:
    published(town)
    town.fund(second_approval_above_fen=100_000)
    commitment = accept_proposal(
        proposal=Proposal.objects.get(run=run_matching(by=town.chen, now=NOW)), by=town.chen, now=NOW
    )
    assert isinstance(commitment, Commitment)
    with pytest.raises(SecondApprovalMissing):
        deliver_commitment(
            commitment=commitment,
            amount=300_000,
            key="k",
            payer=town.he,
            approver=None,
            now=NOW,
            bank_line="B1",
        )
    for payer, approver in ((town.he, town.he), (town.chen, town.gao), (town.he, town.qian)):
        with pytest.raises(NotAllowed):
            deliver_commitment(
                commitment=commitment,
                amount=300_000,
                key="k",
                payer=payer,
                approver=approver,
                now=NOW,
                bank_line="B1",
            )
    deliver_commitment(
        commitment=commitment,
        amount=300_000,
        key="k",
        payer=town.he,
        approver=town.gao,
        now=NOW,
        bank_line="B1",
    )


def test_one_payment_key_has_one_effect_and_another_body_is_refused(town: Town) -> None:
    published(town)
    town.fund()
    commitment = accept_proposal(
        proposal=Proposal.objects.get(run=run_matching(by=town.chen, now=NOW)), by=town.chen, now=NOW
    )
    assert isinstance(commitment, Commitment)
    pay = {
        "commitment": commitment,
        "key": "k",
        "payer": town.he,
        "approver": None,
        "now": NOW,
        "bank_line": "B",
    }
    first = deliver_commitment(amount=100_000, **pay)
    assert deliver_commitment(amount=100_000, **pay) == first
    with pytest.raises(KeyReused):
        deliver_commitment(amount=200_000, **pay)


def test_a_referral_is_answered_given_and_ended_with_what_was_not_given_returned(town: Town) -> None:
    need = published(
        town, items=[{"kind": "service", "category": "counselling", "unit": "session", "required": 6}]
    )
    offer = town.offer(sessions=10)
    referral = accept_proposal(
        proposal=Proposal.objects.get(run=run_matching(by=town.chen, now=NOW)), by=town.luo, now=NOW
    )
    assert isinstance(referral, Referral)
    advance_referral(referral=referral, act="accept", by=town.luo, now=NOW)
    advance_referral(referral=referral, act="start", by=town.luo, now=NOW)
    give_sessions(referral=referral, sessions=4, key="s1", by=town.luo, now=NOW)
    give_sessions(referral=referral, sessions=4, key="s1", by=town.luo, now=NOW)
    with pytest.raises(OutcomeMissing):
        advance_referral(referral=referral, act="complete", by=town.luo, now=NOW)
    done = advance_referral(referral=referral, act="complete", by=town.luo, now=NOW, outcome="情绪已平稳")
    item = NeedItem.objects.get(need=need)
    offer.refresh_from_db()
    assert (done.state, done.given) == (ReferralState.COMPLETED, 4)
    assert (item.committed, item.fulfilled, item.gap) == (4, 4, 2)
    assert (offer.reserved, offer.used) == (0, 4)


def test_goods_are_held_and_handed_over_by_the_station(town: Town) -> None:
    need = published(town, items=[{"kind": "goods", "category": "food", "unit": "piece", "required": 3}])
    lot = town.lot(pieces=5)
    commitment = accept_proposal(
        proposal=Proposal.objects.get(run=run_matching(by=town.chen, now=NOW)), by=town.liang, now=NOW
    )
    assert isinstance(commitment, Commitment)
    deliver_commitment(commitment=commitment, amount=3, key="g1", payer=town.liang, approver=None, now=NOW)
    lot.refresh_from_db()
    assert (lot.reserved, lot.used, NeedItem.objects.get(need=need).fulfilled) == (0, 3, 3)


def test_every_item_left_and_every_resource_left_has_its_reason(town: Town) -> None:
    need = published(town, yuan=3000)
    fund = town.fund(yuan=1000, categories=["living"])
    run = run_matching(by=town.chen, now=NOW)
    item = NeedItem.objects.get(need__state="published", need=need)
    why = why_item(kind="cash", item=item.pk, run=run)
    assert why is not None
    assert why.reasons.failed == ("category",)
    assert why.nearest == fund.pk
    other = why_supply(kind="fund", supply=fund.pk, run=run)
    assert other is not None
    assert other.reasons.outcome == "not_eligible"


def test_a_run_can_be_repeated_to_the_bit(town: Town) -> None:
    published(town)
    town.fund(yuan=1000)
    run = run_matching(by=town.chen, now=NOW)
    assert replay(run=run).digest() == run.outcome_digest


def test_a_need_that_the_gate_holds_is_not_offered_around(town: Town) -> None:
    decide(need=town.verified(), by=town.wu, now=NOW)
    town.fund()
    assert not Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)).exists()


def test_an_answer_may_not_fall_below_the_smallest_grant(town: Town) -> None:
    published(town)
    town.fund(minimum_grant_fen=100_000)
    proposal = Proposal.objects.get(run=run_matching(by=town.chen, now=NOW))
    with pytest.raises(OutsideCharter):
        accept_proposal(proposal=proposal, by=town.chen, now=NOW, amount=99_999)
    accept_proposal(proposal=proposal, by=town.chen, now=NOW, amount=100_000)


def test_a_need_that_is_only_called_public_is_not_offered(town: Town) -> None:
    need = town.verified()
    Need.objects.filter(pk=need.pk).update(state="published")
    town.fund()
    assert not Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)).exists()
    town.let_through(need)
    assert Proposal.objects.filter(run=run_matching(by=town.chen, now=NOW)).exists()
