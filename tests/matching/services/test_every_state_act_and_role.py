"""Each state × each act × each role of proposals, commitments and referrals; and no referral ends in silence."""

from datetime import timedelta
from typing import Any

from jiujinan.accounts.roles import Role
from jiujinan.clocks.models import Clock, Notice
from jiujinan.outbox.models import OutboxEvent
from jiujinan.states import ForbiddenAct
from matching.models import Commitment, Proposal, Referral
from matching.services.delivery import deliver_commitment, release_commitment
from matching.services.expiring import expire_proposals
from matching.services.proposals import AlreadyAnswered, accept_proposal, decline_proposal
from matching.services.referrals import advance_referral, expire_referrals
from matching.states import (
    COMMITMENT_ACTS,
    PROPOSAL_ACTS,
    REFERRAL_ACTS,
    CommitmentState,
    DeclineReason,
    ProposalState,
    ReferralState,
)
from tests.cms.conftest import propose
from tests.needs.services.test_every_state_act_and_role import Act, check
from tests.town import Town

COUNSELLING = [{"kind": "service", "category": "counselling", "unit": "session", "required": 4}]
NOT_POSSIBLE = (ForbiddenAct, AlreadyAnswered, ValueError)


def proposed(town: Town) -> Proposal:
    return propose(town, town.verified().items.get(), 300_000, fund=town.fund(yuan=3000))


def referred(town: Town) -> Referral:
    need = town.verified(items=COUNSELLING)
    proposal = propose(town, need.items.get(), 4, offer=town.offer(sessions=4))
    outcome = accept_proposal(proposal=proposal, by=town.luo, now=proposal.run.at)
    assert isinstance(outcome, Referral)
    return outcome


def test_proposals(town: Town) -> None:
    def prepare(state: ProposalState) -> Proposal:
        proposal = proposed(town)
        Proposal.objects.filter(pk=proposal.pk).update(state=state)
        return proposal

    acts = {
        "accept": Act(
            PROPOSAL_ACTS["accept"].sources,
            {Role.FUND_MANAGER},
            lambda one, by: accept_proposal(proposal=one, by=by, now=one.run.at),
        ),
        "adjust": Act(
            PROPOSAL_ACTS["adjust"].sources,
            {Role.FUND_MANAGER},
            lambda one, by: accept_proposal(proposal=one, by=by, now=one.run.at, amount=100),
        ),
        "decline": Act(
            PROPOSAL_ACTS["decline"].sources,
            {Role.FUND_MANAGER},
            lambda one, by: decline_proposal(
                proposal=one, reason=DeclineReason.NOT_NOW, by=by, now=one.run.at
            ),
        ),
    }
    assert set(PROPOSAL_ACTS) - set(acts) == {"expire"}  # the clock's own
    check(acts, ProposalState, town, prepare, NOT_POSSIBLE)


def test_commitments(town: Town) -> None:
    def prepare(state: CommitmentState) -> Commitment:
        proposal = proposed(town)
        outcome = accept_proposal(proposal=proposal, by=town.chen, now=proposal.run.at)
        Commitment.objects.filter(pk=outcome.pk).update(state=state)
        return Commitment.objects.get(pk=outcome.pk)

    def deliver(commitment: Commitment, by: Any, amount: int) -> object:
        return deliver_commitment(
            commitment=commitment, amount=amount, key=f"k:{commitment.pk}:{by.pk}", payer=by, approver=None,
            now=commitment.at, bank_line="B1",
        )  # fmt: skip

    acts = {
        "disburse_part": Act(
            COMMITMENT_ACTS["disburse_part"].sources, {Role.PAYER}, lambda one, by: deliver(one, by, 100)
        ),
        "complete": Act(
            COMMITMENT_ACTS["complete"].sources, {Role.PAYER}, lambda one, by: deliver(one, by, one.amount)
        ),
        "release": Act(
            COMMITMENT_ACTS["release"].sources,
            {Role.FUND_MANAGER},
            lambda one, by: release_commitment(commitment=one, reason="收回", by=by, now=one.at),
        ),
    }
    assert set(acts) == set(COMMITMENT_ACTS)
    check(acts, CommitmentState, town, prepare, NOT_POSSIBLE)


def test_referrals(town: Town) -> None:
    def prepare(state: ReferralState) -> Referral:
        referral = referred(town)
        Referral.objects.filter(pk=referral.pk).update(state=state)
        return referral

    acts = {
        name: Act(
            REFERRAL_ACTS[name].sources,
            {Role.AGENCY_WORKER},
            lambda one, by, name=name: advance_referral(  # type: ignore[misc]
                referral=one, act=name, by=by, now=one.requested_at, outcome="结果"
            ),
        )
        for name in REFERRAL_ACTS
    }
    check(acts, ReferralState, town, prepare, NOT_POSSIBLE)


def test_a_referral_nobody_answers_ends_gives_everything_back_and_tells(town: Town) -> None:
    referral = referred(town)
    item = referral.item
    assert Clock.objects.filter(subject=f"referral:{referral.pk}", ended_at=None).count() == 1
    assert expire_referrals(now=referral.answer_due_at - timedelta(minutes=1)) == 0
    assert [expire_referrals(now=referral.answer_due_at) for _ in range(2)] == [1, 0]
    referral.refresh_from_db()
    item.refresh_from_db()
    referral.offer.refresh_from_db()
    assert (referral.state, item.gap, referral.offer.reserved) == (ReferralState.EXPIRED, 4, 0)
    assert Notice.objects.get(kind="ended").to == item.need.case.owner
    assert OutboxEvent.objects.filter(kind="referral.expired").count() == 1
    assert not Clock.objects.filter(subject=f"referral:{referral.pk}", ended_at=None).exists()


def test_an_answered_referral_stops_its_clock_and_does_not_expire(town: Town) -> None:
    referral = referred(town)
    advance_referral(referral=referral, act="accept", by=town.luo, now=referral.requested_at)
    assert not Clock.objects.filter(subject=f"referral:{referral.pk}", ended_at=None).exists()
    assert expire_referrals(now=referral.answer_due_at + timedelta(days=9)) == 0


def test_proposals_that_expire_tell_the_owner_and_who_holds_the_resource_once(town: Town) -> None:
    fund = town.fund(yuan=3000)
    need = town.verified()
    proposals = [propose(town, need.items.get(), 1000, fund=fund) for _ in range(3)]
    later = max(one.expires_at for one in proposals)
    assert [expire_proposals(now=later) for _ in range(2)] == [3, 0]
    assert Notice.objects.get(step="proposal").to == need.case.owner
    assert len(OutboxEvent.objects.get(kind="proposals.expired").payload["proposals"]) == 3
