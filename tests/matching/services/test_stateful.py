"""Any order of runs, answers, deliveries and releases on a small town: nothing is ever served or spent twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from donors.errors import DonorsError
from donors.ledger.errors import LedgerError
from donors.ledger.services import expire_reservations
from donors.services.holds import expire_holds
from jiujinan.states import ForbiddenAct
from matching.eligibility import OutsideCharter
from matching.models import Commitment, Proposal, Referral
from matching.services.delivery import deliver_commitment, expire_commitments, release_commitment
from matching.services.expiring import expire_proposals
from matching.services.proposals import accept_proposal, decline_proposal
from matching.services.referrals import advance_referral, expire_referrals, give_sessions
from matching.services.runs import replay, run_matching
from matching.states import (
    REFERRAL_ACTS,
    STANDING_COMMITMENTS,
    WAITING_REFERRALS,
    DeclineReason,
    ProposalState,
)
from needs.models import NeedItem
from needs.services import crowd
from needs.services.coverage import GapExceeded
from needs.services.gate import decide
from tests.matching.invariants import everything_holds, open_after, trails_hold
from tests.town import NOW, Town

ITEMS: list[dict[str, Any]] = [
    {"kind": "cash", "category": "medical", "unit": "fen", "required": 300_000, "government": 50_000},
    {"kind": "goods", "category": "food", "unit": "piece", "required": 3},
    {"kind": "service", "category": "counselling", "unit": "session", "required": 6},
]
REFUSALS = (OutsideCharter, GapExceeded, LedgerError, DonorsError)
places = st.integers(0, 30)


class Matching(RuleBasedStateMachine):
    """Everybody of the town, in any order; `town` is set by the test that runs this."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.now, self.keys = NOW, 0
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        """Check what is dear to check, and leave the town as it was."""
        try:
            trails_hold()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def key(self) -> str:
        """Return a key that nobody used."""
        self.keys += 1
        return f"key-{self.keys}"

    @rule(hours=st.integers(0, 100))
    def match(self, hours: int) -> None:
        """Run the matching, some time later; proposals that waited too long are over."""
        self.now += timedelta(hours=hours)
        run = run_matching(by=self.town.chen, now=self.now)
        assert replay(run=run).digest() == run.outcome_digest
        left = open_after(run)
        for item in NeedItem.objects.filter(need__state="published"):
            held = item.proposals.filter(state="proposed").aggregate(total=Sum("amount"))["total"] or 0
            assert held + left.get(item.pk, 0) == item.gap

    @precondition(lambda self: self.proposals())
    @rule(place=places, share=st.sampled_from([1, 10, 50, 100, 100, 100]))
    def accept(self, place: int, share: int) -> None:
        """Accept a proposal, whole or in part; a refusal leaves it open."""
        one = self.pick(self.proposals(), place)
        amount = max(1, one.amount * share // 100)
        try:
            done = accept_proposal(proposal=one, by=self.answerer(one), now=self.now, amount=amount)
        except REFUSALS:
            assert Proposal.objects.get(pk=one.pk).state == ProposalState.PROPOSED
        else:
            again = accept_proposal(proposal=one, by=self.answerer(one), now=self.now, amount=amount)
            assert again == done

    @precondition(lambda self: self.proposals())
    @rule(place=places)
    def decline(self, place: int) -> None:
        """Decline a proposal."""
        one = self.pick(self.proposals(), place)
        decline_proposal(proposal=one, reason=DeclineReason.NOT_NOW, by=self.answerer(one), now=self.now)

    @precondition(lambda self: self.standing())
    @rule(place=places, share=st.sampled_from([1, 30, 100, 130]))
    def deliver(self, place: int, share: int) -> None:
        """Pay or hand over a part, or the rest; never more."""
        one = self.pick(self.standing(), place)
        left = one.amount - one.disbursed
        amount = max(1, left * share // 100)
        facts = {
            "commitment": one,
            "amount": amount,
            "key": self.key(),
            "payer": self.town.he if one.fund_id else self.town.liang,
            "bank_line": "B1" if one.fund_id else "",
            "approver": self.town.gao if one.fund_id else None,
            "now": self.now,
        }
        if amount > left:
            with pytest.raises(ValueError, match="not yet disbursed"):
                deliver_commitment(**facts)
        else:
            assert deliver_commitment(**facts) == deliver_commitment(**facts)

    @precondition(lambda self: self.standing())
    @rule(place=places)
    def release(self, place: int) -> None:
        """Give back what was not disbursed; a second time there is nothing to give."""
        one = self.pick(self.standing(), place)
        by = self.town.chen if one.fund_id else self.town.liang
        release_commitment(commitment=one, reason="另有安排", by=by, now=self.now)
        with pytest.raises(ForbiddenAct):
            release_commitment(commitment=one, reason="另有安排", by=by, now=self.now)

    @precondition(lambda self: Referral.objects.exists())
    @rule(place=places, act=st.sampled_from(sorted(REFERRAL_ACTS)))
    def advance(self, place: int, act: str) -> None:
        """Do any act to a referral; the table decides."""
        one = self.pick(list(Referral.objects.order_by("requested_at", "pk")), place)
        facts = {"referral": one, "act": act, "by": self.town.luo, "now": self.now, "outcome": "已记录"}
        if one.state in REFERRAL_ACTS[act].sources:
            advance_referral(**facts)
        else:
            with pytest.raises(ForbiddenAct):
                advance_referral(**facts)

    @precondition(lambda self: Referral.objects.filter(state="in_progress").exists())
    @rule(place=places, sessions=st.integers(1, 4))
    def give(self, place: int, sessions: int) -> None:
        """Give sessions, twice told; more than were asked for are refused."""
        one = self.pick(list(Referral.objects.filter(state="in_progress").order_by("pk")), place)
        facts = {
            "referral": one,
            "sessions": sessions,
            "key": self.key(),
            "by": self.town.luo,
            "now": self.now,
        }
        if sessions > one.quantity - one.given:
            with pytest.raises(DonorsError):
                give_sessions(**facts)
        else:
            assert give_sessions(**facts).given == give_sessions(**facts).given == one.given + sessions

    @rule(days=st.sampled_from([1, 4, 8, 31, 75]))
    def clocks(self, days: int) -> None:
        """Let time pass and every clock ring: what nobody answered or used in time goes back."""
        self.now += timedelta(days=days)
        for clock in (
            expire_proposals,
            expire_referrals,
            expire_commitments,
            expire_reservations,
            expire_holds,
        ):
            clock(now=self.now)
        assert not Commitment.objects.filter(
            state__in=STANDING_COMMITMENTS, expires_at__lte=self.now
        ).exists()
        assert not Referral.objects.filter(state__in=WAITING_REFERRALS, answer_due_at__lte=self.now).exists()

    @invariant()
    def nothing_is_served_or_spent_twice(self) -> None:
        """Hold every invariant after every step."""
        everything_holds()

    def proposals(self) -> list[Proposal]:
        """Return what waits for an answer."""
        waiting = Proposal.objects.filter(state="proposed", expires_at__gt=self.now)
        return list(waiting.order_by("expires_at", "amount", "pk"))

    def standing(self) -> list[Commitment]:
        """Return what is promised and not yet delivered whole."""
        return list(Commitment.objects.filter(state__in=STANDING_COMMITMENTS).order_by("at", "amount", "pk"))

    def pick(self, things: list[Any], place: int) -> Any:
        """Return one of the things."""
        return things[place % len(things)]

    def answerer(self, one: Proposal) -> Any:
        """Return who answers for the resource."""
        return self.town.chen if one.fund_id else (self.town.luo if one.offer_id else self.town.liang)


def test_any_order_of_acts_keeps_needs_funds_and_supplies_in_step(town: Town) -> None:
    needs = [town.verified(items=ITEMS) for _ in range(24)]
    plan = crowd.plan(now=NOW)
    for need in needs[:3]:
        assert decide(need=need, by=town.wu, now=NOW, plan=plan).outcome == "published"
    town.fund(yuan=4000, per_case_cap_fen=200_000)
    town.fund(yuan=3000, minimum_grant_fen=100_000, second_approval_above_fen=150_000)
    town.offer(sessions=10)
    town.lot(pieces=5)
    town.lot(pieces=2)
    Matching.town = town
    run_state_machine_as_test(
        Matching,
        settings=settings(
            max_examples=5,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
