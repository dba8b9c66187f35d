"""Answering a proposal: accepted, adjusted or declined. Accepting takes gap and resource in one transaction."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from donors.ledger.services import reserve
from donors.models import Fund, GoodsLot, ServiceOffer
from donors.services.holds import hold_supply
from jiujinan.accounts.evidence import require_valid_evidence
from jiujinan.accounts.models import Organisation, User
from jiujinan.accounts.predicates import NotAllowed, can_answer_referral, can_manage_fund
from jiujinan.audit.services import record
from jiujinan.clocks.rules import Step
from jiujinan.codes import Tier
from matching.clocks import begin_clock
from matching.eligibility import require_within_charter, require_within_pairing
from matching.models import Commitment, Proposal, Referral
from matching.rules import BACKSTOP, USE_WITHIN
from matching.states import PROPOSAL_ACTS, DeclineReason, ProposalState
from matching.telling import tell_commitment, tell_referral
from needs.models import NeedItem
from needs.services import coverage
from needs.services.coverage import GapExceeded


class AlreadyAnswered(Exception):
    """The proposal was answered otherwise, or its time is over; `state` says which."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class AmountOutOfRange(ValueError):
    """An answer may lower a proposal's amount, never raise it."""


@transaction.atomic
def accept_proposal(
    *, proposal: Proposal, by: User, now: datetime, amount: int | None = None
) -> Commitment | Referral:
    """Turn a proposal into a commitment (money, goods) or a referral (service), for the amount or less of it.

    Accepting again with the same amount returns what came of it the first time. Raises NotAllowed, AlreadyAnswered,
    AmountOutOfRange, EvidenceLapsed, needs' GapExceeded and NeedNotServed, OutsideCharter, and the supply
    side's own refusals.
    """
    proposal = _locked(proposal)
    _require_answerer(proposal, by)
    wanted = proposal.amount if amount is None else amount
    if not 0 < wanted <= proposal.amount:
        raise AmountOutOfRange(f"1 to {proposal.amount}")
    done = _outcome(proposal)
    if done is not None and _amount_of(done) == wanted:
        return done
    if proposal.state != ProposalState.PROPOSED or proposal.expires_at <= now:
        raise AlreadyAnswered(proposal.state)
    if wanted > proposal.item.gap:  # seen without a lock: whoever comes too late takes none
        raise GapExceeded(proposal.item.gap)
    require_valid_evidence(_owner(proposal), timezone.localdate(now))
    act = "accept" if wanted == proposal.amount else "adjust"
    _answer(proposal, act, by, now)
    outcome = _refer(proposal, wanted, by, now) if proposal.offer else _commit(proposal, wanted, by, now)
    _note(proposal, act, by, now, {"amount": wanted})
    _tell(outcome, now)
    return outcome


@transaction.atomic
def decline_proposal(*, proposal: Proposal, reason: DeclineReason, by: User, now: datetime) -> Proposal:
    """Decline with a reason; the next run offers the need to others."""
    proposal = _locked(proposal)
    _require_answerer(proposal, by)
    if proposal.state != ProposalState.PROPOSED:
        raise AlreadyAnswered(proposal.state)
    proposal.decline_reason = reason
    _answer(proposal, "decline", by, now)
    _note(proposal, "decline", by, now, {"reason": reason})
    return proposal


def _commit(proposal: Proposal, amount: int, by: User, now: datetime) -> Commitment:
    """Lock in the order that delivery takes too: the supply, the item, the trail, and last what is told of them."""
    fund, lot = proposal.fund, proposal.lot
    key = f"proposal:{proposal.pk}"
    expires_at = now + USE_WITHIN[Tier(proposal.item.need.tier)]
    backstop = expires_at + BACKSTOP
    if fund is not None:
        # The reservation takes the fund's lock, so that the caps below are counted by one acceptance at a time.
        hold = reserve(fund=fund, amount_fen=amount, key=key, by=by, now=now, expires_at=backstop).pk
    else:
        assert lot is not None, "an offer becomes a referral"
        hold = hold_supply(supply=lot, quantity=amount, key=key, by=by, now=now, expires_at=backstop).pk
    item = _locked_item(proposal.item_id)
    if fund is not None:
        require_within_charter(fund=fund, item=item, amount_fen=amount, today=timezone.localdate(now))
    else:
        require_within_pairing(
            owner_id=_owner(proposal).pk, place=item.need.case.region_id, today=timezone.localdate(now)
        )
    commitment = Commitment.objects.create(
        proposal=proposal,
        item=item,
        fund=fund,
        lot=lot,
        amount=amount,
        hold=hold,
        expires_at=expires_at,
        by=by,
        at=now,
    )
    commitment.item = coverage.commit(item=item, amount=amount, now=now)
    begin_clock(commitment, Step.PROMISE, item, now)
    return commitment


def _refer(proposal: Proposal, amount: int, by: User, now: datetime) -> Referral:
    offer = proposal.offer
    assert offer is not None, "called for offers only"
    county = proposal.item.need.case.region_id
    require_within_pairing(owner_id=offer.organisation_id, place=county, today=timezone.localdate(now))
    hold = hold_supply(supply=offer, quantity=amount, key=f"proposal:{proposal.pk}", by=by, now=now)
    item = coverage.commit(item=proposal.item, amount=amount, now=now)
    referral = Referral(
        proposal=proposal,
        item=item,
        offer=offer,
        quantity=amount,
        hold=hold.pk,
        requested_at=now,
    )
    referral.answer_due_at = begin_clock(referral, Step.REFERRAL, item, now).due_at
    referral.save(force_insert=True)
    return referral


def _tell(outcome: Commitment | Referral, now: datetime) -> None:
    if isinstance(outcome, Commitment):
        tell_commitment(outcome, outcome.item, now)
    else:
        tell_referral(outcome, outcome.item, now)


def _locked_item(item_id: UUID) -> NeedItem:
    return (
        NeedItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("need__case")
        .get(pk=item_id)
    )


def _locked(proposal: Proposal) -> Proposal:
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("fund__holder", "offer__organisation", "lot__station", "item__need__case")
        .get(pk=proposal.pk)
    )


def _require_answerer(proposal: Proposal, by: User) -> None:
    if not may_answer(proposal.resource, by):
        raise NotAllowed("only somebody who answers for the resource does")


def may_answer(resource: object, user: User) -> bool:
    """Return whether the user answers proposals for this fund, offer or lot."""
    if isinstance(resource, Fund):
        return can_manage_fund(user, organisation_ids=[resource.holder_id, resource.named_for_id])
    if isinstance(resource, ServiceOffer):
        return can_answer_referral(user, organisation_id=resource.organisation_id)
    return isinstance(resource, GoodsLot) and can_answer_referral(user, organisation_id=resource.station_id)


def _owner(proposal: Proposal) -> Organisation:
    """Return the organisation that would promise: the fund's holder, the agency, the station."""
    if proposal.fund is not None:
        return proposal.fund.holder
    if proposal.offer is not None:
        return proposal.offer.organisation
    assert proposal.lot is not None, "a proposal names one resource"
    return proposal.lot.station


def _outcome(proposal: Proposal) -> Commitment | Referral | None:
    return (
        Commitment.objects.filter(proposal=proposal).first()
        or Referral.objects.filter(proposal=proposal).first()
    )


def _amount_of(outcome: Commitment | Referral) -> int:
    return outcome.amount if isinstance(outcome, Commitment) else outcome.quantity


def _answer(proposal: Proposal, act: str, by: User, now: datetime) -> None:
    proposal.state = PROPOSAL_ACTS[act].apply(proposal.state)
    proposal.answered_by, proposal.answered_at = by, now
    proposal.save(update_fields=["state", "answered_by", "answered_at", "decline_reason"])


def _note(proposal: Proposal, act: str, by: User, now: datetime, data: dict[str, object]) -> None:
    record(
        stream=f"need:{proposal.item.need_id}",
        action=f"proposal.{act}",
        by=by,
        subject=f"proposal:{proposal.pk}",
        data=data,
        now=now,
    )
